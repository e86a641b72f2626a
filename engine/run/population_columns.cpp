#include "engine/run/inside/population_columns.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/run/inside/in_parallel.h"

namespace tenglong::run {

using plan::Shape;

namespace {

constexpr int kPlaces = 4;
constexpr double kScale = 1e4;
constexpr double kMostScaled = 1e15 - 1;
constexpr std::size_t kRowsAtOnce = 4096;

// The decimal of at most 15 digits that `value` is the nearest double of, as a whole number of 10^-4, if it
// is one. docs/exactness.md, law 19.
bool as_scaled(double value, std::int64_t& scaled) {
  const double whole = std::rint(value * kScale);
  if (!(std::fabs(whole) <= kMostScaled) || whole / kScale != value) return false;
  scaled = static_cast<std::int64_t>(whole);
  return true;
}

}  // namespace

PopulationColumns::PopulationColumns(const Meaning& meaning, plan::Over over, const Options& options)
    : meaning_(meaning), over_(std::move(over)), options_(options) {
  table_ = meaning.table_index(over_.register_id);
  const column::Table& table = meaning.table(table_);
  // Rows by their period: what a record calls its year differs.
  const std::vector<std::uint32_t> candidates = meaning.rows_within(table_, over_.period);
  std::vector<std::vector<std::uint32_t>> by_period(table.period.distinct().size());
  for (const std::uint32_t row : candidates) by_period[table.period.code()[row]].push_back(row);
  std::vector<std::pair<std::size_t, std::size_t>> spans;  // of rows_, by segment
  for (std::size_t code = 0; code < by_period.size() && !left_; ++code) {
    if (by_period[code].empty()) continue;
    const calendar::Period of_records = table.period.distinct()[code].value_or(meaning.period());
    segments_.push_back({.plan = plan::lower_population(meaning.pack(), over_, of_records)});
    const std::size_t begin = rows_.size();
    keep(segments_.size() - 1, std::move(by_period[code]));
    spans.emplace_back(begin, rows_.size());
  }
  if (segments_.empty()) {  // nobody: the lists are empty all the same
    segments_.push_back({.plan = plan::lower_population(meaning.pack(), over_, over_.period)});
    keep(0, {});
    spans.emplace_back(0, 0);
  }
  if (left_) return;
  // Another period may lower more or less: only what every segment has is taken by columns.
  for (const plan::ListPlan& each : segments_[0].plan.lists) {
    bool everywhere = true;
    for (const Segment& segment : segments_)
      everywhere =
          everywhere && std::any_of(segment.plan.lists.begin(), segment.plan.lists.end(),
                                    [&](const plan::ListPlan& other) { return other.call == each.call; });
    if (everywhere) calls_.push_back(each);
  }
  lists_.resize(calls_.size());
  for (ListValues& list : lists_) {
    list.kind.assign(rows_.size(), Kind::Absent);
    list.scaled.assign(rows_.size(), 0);
  }
  cut_codes_.assign(over_.by->size(), std::vector<std::int32_t>(rows_.size(), -1));
  cut_texts_.resize(over_.by->size());
  for (std::size_t s = 0; s < segments_.size(); ++s) {
    for (std::size_t list = 0; list < calls_.size(); ++list) fill(s, list, spans[s].first, spans[s].second);
    for (std::size_t cut = 0; cut < cut_codes_.size(); ++cut) {
      if (segments_[s].plan.cuts[cut] != plan::kNone) fill_cut(s, cut, spans[s].first, spans[s].second);
    }
    if (segments_[s].binding->gap_touched) left_ = true;
  }
  if (segments_.size() == 1) return;
  // Rows in the table's order again, whatever their period.
  std::vector<std::uint32_t> order(rows_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return rows_[a] < rows_[b]; });
  const auto reorder = [&](auto& column) {
    auto moved = column;
    for (std::size_t i = 0; i < order.size(); ++i) moved[i] = column[order[i]];
    column = std::move(moved);
  };
  reorder(rows_);
  for (ListValues& list : lists_) {
    reorder(list.kind);
    reorder(list.scaled);
    std::unordered_map<std::uint32_t, Value> other;
    for (std::size_t i = 0; i < order.size(); ++i)
      if (list.kind[i] == Kind::Other) other.emplace(static_cast<std::uint32_t>(i), list.other.at(order[i]));
    list.other = std::move(other);
  }
  for (auto& codes : cut_codes_) reorder(codes);
}

void PopulationColumns::keep(std::size_t segment_number, std::vector<std::uint32_t> candidates) {
  Segment& segment = segments_[segment_number];
  const plan::PopulationPlan& plan = segment.plan;
  if (!plan.where_left.empty() || !plan.cuts_left.empty()) {
    left_ = true;
    return;
  }
  if (plan.where != plan::kNone) {
    Binding binding(plan.graph, meaning_, table_, std::move(candidates), {plan.where});
    if (!binding.gap_touched) {
      const Outputs outputs(binding, {plan.where}, options_);
      const std::vector<Tri>& answer = outputs.answer(plan.where);
      candidates.clear();
      for (std::size_t i = 0; i < answer.size(); ++i)
        if (answer[i] == kTrue) candidates.push_back(binding.rows()[i]);
    }
    if (binding.gap_touched) {
      left_ = true;
      return;
    }
  }
  std::vector<NodeId> wanted;
  for (const plan::ListPlan& list : plan.lists) wanted.insert(wanted.end(), {list.value, list.keep});
  wanted.insert(wanted.end(), plan.cuts.begin(), plan.cuts.end());
  rows_.insert(rows_.end(), candidates.begin(), candidates.end());
  segment.binding = std::make_unique<Binding>(plan.graph, meaning_, table_, std::move(candidates), wanted);
  if (segment.binding->gap_touched) left_ = true;
}

void PopulationColumns::fill(std::size_t segment_number, std::size_t list_number, std::size_t begin,
                             std::size_t end) {
  Segment& segment = segments_[segment_number];
  ListValues& list = lists_[list_number];
  const auto at =
      std::find_if(segment.plan.lists.begin(), segment.plan.lists.end(),
                   [&](const plan::ListPlan& each) { return each.call == calls_[list_number].call; });
  const bool counts = at->value == plan::kNone;
  const column::NumberColumn* field = nullptr;
  if (!counts) {
    const plan::Node& node = segment.binding->node(at->value);
    if (node.op == plan::Op::Field && node.hops.empty())
      field = std::get_if<column::NumberColumn>(&segment.binding->column_of(node));
  }
  std::vector<std::unordered_map<std::uint32_t, Value>> others(
      static_cast<std::size_t>(workers_for(options_.threads, (end - begin + kRowsAtOnce - 1) / kRowsAtOnce)));
  in_parallel(
      options_.threads, (end - begin + kRowsAtOnce - 1) / kRowsAtOnce, [&](int worker, std::size_t job) {
        std::unique_ptr<ExactRow> exact;
        const auto exactly = [&](std::size_t position, NodeId id) -> const Value& {
          if (!exact) exact = std::make_unique<ExactRow>(*segment.binding);
          exact->at(rows_[position]);
          return exact->value(id);
        };
        const std::size_t first = begin + job * kRowsAtOnce, last = std::min(end, first + kRowsAtOnce);
        for (std::size_t position = first; position < last; ++position) {
          if (at->keep != plan::kNone && !exactly(position, at->keep).is_true()) {
            list.kind[position] = Kind::NotInList;
            continue;
          }
          if (counts) continue;
          const std::uint32_t row = rows_[position];
          if (field != nullptr) {
            if (field->state[row] != State::Known) continue;
            if (as_scaled(field->value[row], list.scaled[position]) &&
                (field->exact_values.empty() || field->exact_values.count(row) == 0)) {
              list.kind[position] = Kind::Scaled;
              continue;
            }
          }
          const Value& value = exactly(position, at->value);
          if (value.is_null()) continue;
          list.kind[position] = Kind::Other;
          others[static_cast<std::size_t>(worker)].emplace(static_cast<std::uint32_t>(position), value);
        }
      });
  for (auto& each : others) list.other.merge(each);
}

void PopulationColumns::fill_cut(std::size_t segment_number, std::size_t cut, std::size_t begin,
                                 std::size_t end) {
  Segment& segment = segments_[segment_number];
  const NodeId id = segment.plan.cuts[cut];
  std::map<std::string, std::int32_t> known;
  for (std::size_t i = 0; i < cut_texts_[cut].size(); ++i)
    known.emplace(cut_texts_[cut][i], static_cast<std::int32_t>(i));
  const auto number_of = [&](const std::string& text) {
    const auto [at, is_new] = known.emplace(text, static_cast<std::int32_t>(cut_texts_[cut].size()));
    if (is_new) cut_texts_[cut].push_back(text);
    return at->second;
  };
  const plan::Node& node = segment.binding->node(id);
  if (node.op == plan::Op::Field && node.shape == Shape::Text) {
    const auto& texts = std::get<column::TextColumn>(segment.binding->column_of(node));
    std::vector<std::int32_t> numbers(texts.dictionary.size(), -1);
    for (std::size_t position = begin; position < end; ++position) {
      const std::int32_t row = follow(meaning_, table_, rows_[position], node.hops);
      const std::int32_t code = row < 0 ? -1 : texts.code[static_cast<std::size_t>(row)];
      if (code < 0) continue;
      std::int32_t& number = numbers[static_cast<std::size_t>(code)];
      if (number < 0) number = number_of(texts.dictionary[static_cast<std::size_t>(code)]);
      cut_codes_[cut][position] = number;
    }
    return;
  }
  ExactRow exact(*segment.binding);
  for (std::size_t position = begin; position < end; ++position) {
    exact.at(rows_[position]);
    const Value& value = exact.value(id);
    if (!value.is_null()) cut_codes_[cut][position] = number_of(value.to_text());
  }
}

template <typename Each>
void PopulationColumns::each_of(const Positions* part, Each each) const {
  if (part != nullptr)
    for (const std::uint32_t position : *part) each(position);
  else
    for (std::uint32_t position = 0; position < rows_.size(); ++position) each(position);
}

std::optional<feel::NodePtr> PopulationColumns::settled(const feel::Node& call, const Positions* part) const {
  const auto at = std::find_if(calls_.begin(), calls_.end(),
                               [&](const plan::ListPlan& each) { return each.call == &call; });
  if (at == calls_.end()) return std::nullopt;
  const ListValues& list = lists_[static_cast<std::size_t>(at - calls_.begin())];
  const auto literal = [&](Value value) {
    auto node = std::make_shared<feel::Node>();
    node->span = call.span;
    node->value = std::move(value);
    return feel::NodePtr(std::move(node));
  };
  if (at->function == "count") {
    std::int64_t count = 0;
    each_of(part, [&](std::uint32_t position) { count += list.kind[position] != Kind::NotInList; });
    return literal(Value(Decimal(count)));
  }
  if (at->function == "sum" || at->function == "mean") {
    __int128 scaled = 0;
    std::int64_t count = 0;
    quantity::ExactSum others;
    bool all_numbers = true;
    each_of(part, [&](std::uint32_t position) {
      if (list.kind[position] == Kind::Scaled) {
        scaled += list.scaled[position];
        ++count;
      } else if (list.kind[position] == Kind::Other) {
        const Value& value = list.other.at(position);
        all_numbers = all_numbers && value.kind() == feel::Kind::Number;
        if (value.kind() == feel::Kind::Number) others.add(value.number());
        ++count;
      }
    });
    if (count == 0 || !all_numbers) return literal({});
    if (scaled != 0) others.add(Decimal::scaled(scaled, -kPlaces));
    const auto total = others.result();
    if (!total) return literal({});
    if (at->function == "sum") return literal(Value(*total));
    const auto mean = divide(*total, Decimal(count));
    return literal(mean ? Value(*mean) : Value());
  }
  feel::List present;
  each_of(part, [&](std::uint32_t position) {
    if (list.kind[position] == Kind::Scaled)
      present.push_back(Value(Decimal::scaled(list.scaled[position], -kPlaces)));
    else if (list.kind[position] == Kind::Other)
      present.push_back(list.other.at(position));
  });
  auto node = std::make_shared<feel::Node>(call);
  node->children[1] = literal(Value(std::move(present)));
  return feel::NodePtr(std::move(node));
}

Figure PopulationColumns::figure(const Positions* part, const Extras* extras) const {
  // What is not settled by columns asks for the rows themselves.
  const auto rows_of_part = [&] {
    if (part == nullptr) return rows_;
    std::vector<std::uint32_t> rows;
    for (const std::uint32_t position : *part) rows.push_back(rows_[position]);
    return rows;
  };
  return meaning_.over_rows(table_, rows_of_part(), *over_.formula, over_.to_unit, over_.period, extras,
                            [&](const feel::Node& call) { return settled(call, part); });
}

Figure PopulationColumns::over_all(const Extras* extras) const { return figure(nullptr, extras); }
Figure PopulationColumns::over(const Positions& part, const Extras* extras) const {
  return figure(&part, extras);
}

std::vector<std::pair<std::string, PopulationColumns::Positions>> PopulationColumns::parts(
    std::size_t index) const {
  const std::vector<std::string>& texts = cut_texts_[index];
  std::vector<Positions> by_code(texts.size() + 1);
  for (std::size_t position = 0; position < rows_.size(); ++position)
    by_code[static_cast<std::size_t>(cut_codes_[index][position] + 1)].push_back(
        static_cast<std::uint32_t>(position));
  std::map<std::string, Positions> in_order;
  for (std::size_t i = 0; i < by_code.size(); ++i) {
    if (by_code[i].empty()) continue;
    Positions& part = in_order[i == 0 ? std::string() : texts[i - 1]];
    part.insert(part.end(), by_code[i].begin(), by_code[i].end());
    std::sort(part.begin(), part.end());
  }
  return {std::make_move_iterator(in_order.begin()), std::make_move_iterator(in_order.end())};
}

std::vector<PopulationColumns::ListView> PopulationColumns::lists() const {
  std::vector<ListView> views;
  for (const plan::ListPlan& each : calls_) {
    const feel::Span span = each.call->span;
    views.push_back({.call = over_.formula->text.substr(span.begin, span.end - span.begin),
                     .function = each.function,
                     .node = each.call});
  }
  return views;
}

std::optional<Value> PopulationColumns::value(std::size_t list, std::size_t position) const {
  const ListValues& values = lists_[list];
  switch (values.kind[position]) {
    case Kind::NotInList:
      return std::nullopt;
    case Kind::Absent:
      return Value();
    case Kind::Scaled:
      return Value(Decimal::scaled(values.scaled[position], -kPlaces));
    case Kind::Other:
      return values.other.at(static_cast<std::uint32_t>(position));
  }
  return std::nullopt;
}

double PopulationColumns::size(std::size_t list, std::size_t position) const {
  const ListValues& values = lists_[list];
  if (values.kind[position] == Kind::Scaled)
    return std::fabs(static_cast<double>(values.scaled[position]) / kScale);
  const std::optional<Value> value = this->value(list, position);
  return value && value->kind() == feel::Kind::Number ? std::fabs(value->number().to_double()) : 0.0;
}

Value PopulationColumns::settled_value(std::size_t list, const Positions& part) const {
  const std::optional<feel::NodePtr> node = settled(*calls_[list].call, &part);
  if (!node) return {};
  return (*node)->kind == feel::NodeKind::Literal
             ? (*node)->value
             : feel::evaluate(**node, feel::ContextEnvironment(feel::Context())).value;
}

std::int64_t PopulationColumns::count(std::size_t list, const Positions& part) const {
  const bool counts = calls_[list].function == "count";
  std::int64_t records = 0;
  for (const std::uint32_t position : part) {
    const Kind kind = lists_[list].kind[position];
    records += counts ? kind != Kind::NotInList : kind == Kind::Scaled || kind == Kind::Other;
  }
  return records;
}

}  // namespace tenglong::run
