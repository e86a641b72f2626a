#include "engine/run/figure.h"

#include <algorithm>

#include "engine/run/inside/assemble.h"
#include "engine/run/inside/population_columns.h"

namespace tenglong::run {
namespace {

// The names of the formula that are one value: parameters, population values, the year.
std::vector<InputView> scalars_of(const Meaning& meaning, int table, const plan::Over& over, Gaps& gaps) {
  std::vector<InputView> views;
  for (const std::vector<std::string>& reference : feel::references(*over.formula->tree)) {
    const Slot* slot = reference.empty() ? nullptr : meaning.slot(table, reference[0]);
    if (slot == nullptr) continue;
    InputView view{.name = reference[0]};
    if (slot->kind == Slot::Kind::Parameter) {
      view.kind = InputView::Kind::Parameter;
      view.value = meaning.parameter(meaning.pack().parameters[static_cast<std::size_t>(slot->index)],
                                     over.period.to, gaps);
    } else if (slot->kind == Slot::Kind::Population) {
      view.kind = InputView::Kind::Population;
      const Figure& figure =
          meaning.population(meaning.pack().indicators[static_cast<std::size_t>(slot->index)], over.period);
      view.value = figure.value;
      view.state = figure.state;
    } else {
      continue;
    }
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace

struct FigureReader::Shared {
  Options options;
  Meaning meaning;
  std::map<const void*, std::unique_ptr<PopulationColumns>> columns;  // by indicator or target
  std::map<std::pair<const void*, std::string>,
           std::vector<std::pair<std::string, PopulationColumns::Positions>>>
      parts;  // by cut

  const PopulationColumns& columns_of(const void* block, const plan::Over& over) {
    std::unique_ptr<PopulationColumns>& known = columns[block];
    if (!known) known = std::make_unique<PopulationColumns>(meaning, over, options);
    return *known;
  }
};

FigureReader::FigureReader(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options)
    : shared_(new Shared{options, Meaning(pack, snapshot, options.period, &options), {}, {}}) {}
FigureReader::~FigureReader() = default;

std::optional<FigureView> FigureReader::read(std::string_view name, std::string_view cut, std::string_view of,
                                             std::size_t most) {
  const Meaning& meaning = shared_->meaning;
  const pack::Pack& pack = meaning.pack();
  FigureView view{.cut = std::string(cut), .of = std::string(of)};
  for (const pack::Indicator& each : pack.indicators)
    if (!each.over.empty() && (each.name == name || each.id == name)) view.indicator = &each;
  for (const pack::Target& each : pack.targets)
    if (view.indicator == nullptr && !each.over.empty() && each.formula.present() && each.awaits.empty() &&
        (each.id == name || each.name == name))
      view.target = &each;
  if (view.indicator == nullptr && view.target == nullptr) return std::nullopt;
  const void* block = view.indicator != nullptr ? static_cast<const void*>(view.indicator) : view.target;
  const plan::Over over = view.indicator != nullptr ? plan::over_of(*view.indicator, meaning.period())
                                                    : plan::over_of(*view.target, meaning.period());
  if (over.period.to < over.period.from) return std::nullopt;
  const bool is_cut = !cut.empty() && cut != kDistrict;
  const auto cut_at = std::find(over.by->begin(), over.by->end(), cut);
  if (is_cut && cut_at == over.by->end()) return std::nullopt;
  view.register_id = over.register_id;
  view.period = over.period;
  const int table_number = meaning.table_index(over.register_id);
  const PopulationColumns& columns = shared_->columns_of(block, over);
  if (columns.left_to_interpreter()) {
    view.left_to_interpreter = "有未公布的数值，或范围没有列形式";
    return view;
  }
  PopulationColumns::Positions everybody;
  const PopulationColumns::Positions* part = nullptr;
  if (is_cut) {
    auto [known, is_new] = shared_->parts.try_emplace({block, std::string(cut)});
    if (is_new) known->second = columns.parts(static_cast<std::size_t>(cut_at - over.by->begin()));
    for (const auto& [code, positions] : known->second)
      if (code == of) part = &positions;
    if (part == nullptr) return std::nullopt;
  } else {
    everybody.resize(columns.rows().size());
    for (std::size_t i = 0; i < everybody.size(); ++i) everybody[i] = static_cast<std::uint32_t>(i);
    part = &everybody;
  }
  const Extras extras{{"期间", range_of(over.period)}};
  const Figure figure = columns.over(*part, view.target != nullptr ? &extras : nullptr);
  Gaps gaps = figure.gaps;
  view.state = figure.state;
  view.value = figure.value;
  view.records = static_cast<std::int64_t>(part->size());
  if (figure.value.kind() == feel::Kind::Number)
    view.rounded = Value(figure.value.number().rounded(
        view.indicator != nullptr ? view.indicator->rounding.value_or(pack.head.rounding)
                                  : pack.head.rounding));
  const std::vector<PopulationColumns::ListView> lists = columns.lists();
  std::size_t first_sum = lists.size();
  for (std::size_t list = 0; list < lists.size(); ++list) {
    SumView& sum = view.sums.emplace_back();
    sum.call = lists[list].call;
    sum.function = lists[list].function;
    sum.value = columns.settled_value(list, *part);
    sum.records = columns.count(list, *part);
    if (first_sum == lists.size() && (sum.function == "sum" || sum.function == "mean")) first_sum = list;
  }
  // Largest first. The nearest doubles never put two decimals the wrong way round; where they are equal the
  // decimals decide, then the order of keys.
  std::vector<std::pair<double, std::uint32_t>> order;
  order.reserve(part->size());
  for (const std::uint32_t position : *part)
    order.emplace_back(first_sum < lists.size() ? columns.size(first_sum, position) : 0.0, position);
  const std::size_t shown = std::min(most, order.size());
  const auto exactly = [&](std::uint32_t position) {
    const Value value = columns.value(first_sum, position).value_or(Value());
    return value.kind() == feel::Kind::Number ? value.number().abs() : Decimal(0);
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&](const auto& a, const auto& b) {
                      if (a.first != b.first) return a.first > b.first;
                      if (first_sum == lists.size()) return a.second < b.second;
                      const auto by_value = exactly(a.second) <=> exactly(b.second);
                      return by_value != 0 ? by_value > 0 : a.second < b.second;
                    });
  const column::Table& table = meaning.table(table_number);
  const bool has_shares = first_sum < lists.size() && lists[first_sum].function == "sum" &&
                          view.sums[first_sum].value.kind() == feel::Kind::Number;
  for (std::size_t i = 0; i < shown; ++i) {
    PartView& each = view.parts.emplace_back();
    each.row = columns.rows()[order[i].second];
    each.key = table.key[each.row];
    for (std::size_t list = 0; list < lists.size(); ++list)
      each.values.push_back(columns.value(list, order[i].second).value_or(Value()));
    if (has_shares && each.values[first_sum].kind() == feel::Kind::Number)
      each.share = divide(each.values[first_sum].number(), view.sums[first_sum].value.number());
  }
  view.inputs = scalars_of(meaning, table_number, over, gaps);
  view.gaps = meaning.describe(gaps);
  return view;
}

}  // namespace tenglong::run
