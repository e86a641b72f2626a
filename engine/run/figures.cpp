// Population indicators with their cuts, and the figures of targets.
#include <algorithm>

#include "engine/run/inside/assemble.h"

namespace tenglong::run {
namespace {

constexpr std::string_view kDistrict = "区县";

result::AggregateCell cell_of(const std::string& cut, const std::string& of, const Figure& figure,
                              std::size_t records, const quantity::Rounding& rounding) {
  result::AggregateCell cell;
  cell.cut = cut;
  cell.of = of;
  cell.state = figure.state;
  cell.records = static_cast<std::int64_t>(records);
  if (figure.value.kind() == feel::Kind::Number) cell.value = figure.value.number().rounded(rounding);
  return cell;
}

// The whole, then every cut with its codes in order. Rows without a code form the cell of "".
std::vector<result::AggregateCell> cells_of(
    const Meaning& meaning, int table, const std::vector<std::uint32_t>& rows,
    const pack::Expression& formula, const quantity::Conversion& to_unit, const quantity::Rounding& rounding,
    const std::vector<std::string>& cuts, const Period& period, const Extras* extras, Gaps& gaps) {
  const auto figure_over = [&](const std::vector<std::uint32_t>& part) {
    Figure figure = meaning.over_rows(table, part, formula, to_unit, period, extras);
    gaps.insert(figure.gaps.begin(), figure.gaps.end());
    return figure;
  };
  const Figure whole = figure_over(rows);
  std::vector<result::AggregateCell> cells{cell_of("", "", whole, rows.size(), rounding)};
  for (const std::string& cut : cuts) {
    if (cut == kDistrict) {
      cells.push_back(cell_of(cut, meaning.pack().head.area, whole, rows.size(), rounding));
      continue;
    }
    std::map<std::string, std::vector<std::uint32_t>> parts;
    for (const std::uint32_t row : rows) {
      const RecordMeaning record(meaning, table, row);
      const Value code = by_path(record, cut, Numbers::Rounded).value_or(Value());
      parts[code.is_null() ? std::string() : code.to_text()].push_back(row);
    }
    for (const auto& [code, part] : parts)
      cells.push_back(cell_of(cut, code, figure_over(part), part.size(), rounding));
  }
  return cells;
}

}  // namespace

Value range_of(const Period& period) {
  const std::string text =
      "[date(\"" + period.from.to_string() + "\")..date(\"" + period.to.to_string() + "\")]";
  const feel::Parsed parsed = feel::parse(text, feel::NameSet());
  return parsed.tree ? feel::evaluate(*parsed.tree, feel::ContextEnvironment({})).value : Value();
}

Period period_of(const pack::Target& target, const Period& asked) {
  if (target.kind == pack::TargetKind::Cumulative && target.from && target.to)
    return calendar::Period::span(*target.from, *target.to).value_or(asked);
  return asked;
}

void add_population(const Meaning& meaning, const pack::Indicator& indicator, result::Result& result) {
  const pack::Pack& pack = meaning.pack();
  if (indicator.over.empty()) return;
  const int table = meaning.table_index(indicator.over);
  Gaps gaps;
  const auto rows =
      meaning.kept(table, meaning.rows_within(table, meaning.period()), indicator.where, nullptr, gaps);
  result::AggregateResult aggregate{
      .indicator = indicator.name, .id = indicator.id, .clause = indicator.clause};
  aggregate.mark = mark_of(pack, indicator);
  aggregate.cells = cells_of(meaning, table, rows, indicator.formula, indicator.to_unit,
                             indicator.rounding.value_or(pack.head.rounding), indicator.by, meaning.period(),
                             nullptr, gaps);
  if (gaps.empty())
    result.aggregates.push_back(std::move(aggregate));
  else
    result.refusals.push_back(refusal(meaning, "indicator", indicator, gaps));
}

void add_target(const Meaning& meaning, const pack::Target& target, result::Result& result) {
  const pack::Pack& pack = meaning.pack();
  if (!target.formula.present() || !target.awaits.empty()) return;
  result::TargetValue figure{.target = target.id, .clause = target.clause};
  figure.period = period_of(target, meaning.period());
  figure.mark =
      mark_of(pack, target, {target.where.tree.get(), target.formula.tree.get(), target.goal.tree.get()});
  const Extras extras{{"期间", range_of(figure.period)}};
  Gaps gaps;
  const std::string over = target.over;
  if (over.empty()) return;  // a figure that other blocks give; the target room reads it there
  const int table = meaning.table_index(over);
  const auto rows =
      meaning.kept(table, meaning.rows_within(table, figure.period), target.where, &extras, gaps);
  figure.cells = cells_of(meaning, table, rows, target.formula, target.to_unit, pack.head.rounding, target.by,
                          figure.period, &extras, gaps);
  if (meaning.register_of(table).external_results)
    figure.external_records = static_cast<std::int64_t>(rows.size());
  if (gaps.empty())
    result.targets.push_back(std::move(figure));
  else
    result.refusals.push_back(refusal(meaning, "target", target, gaps));
}

void add_populations(const Meaning& meaning, result::Result& result) {
  for (const pack::Indicator& indicator : meaning.pack().indicators)
    add_population(meaning, indicator, result);
}

void add_targets(const Meaning& meaning, result::Result& result) {
  for (const pack::Target& target : meaning.pack().targets) add_target(meaning, target, result);
}

}  // namespace tenglong::run
