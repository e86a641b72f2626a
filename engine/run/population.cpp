// Values over a population: names are lists, sums and means are exact and rounded once, so row order never
// matters.
#include <algorithm>

#include "engine/run/inside/population_columns.h"
#include "engine/text/ensure.h"

namespace tenglong::run {
namespace {

constexpr std::string_view kRecords = "记录";
const char* const kAggregates[] = {"sum", "mean", "min", "max", "median", "stddev", "mode"};

// The names of a register as lists over some of its rows.
class PopulationScope : public feel::Environment {
 public:
  // `asking`: the formula whose names these are.
  PopulationScope(const Meaning& meaning, const pack::Expression& asking, int table,
                  const std::vector<std::uint32_t>& rows, const Period& period, const Extras* extras,
                  Gaps& gaps)
      : meaning_(meaning),
        asking_(asking.tree.get()),
        table_(table),
        rows_(rows),
        period_(period),
        extras_(extras),
        gaps_(gaps) {}

  std::optional<Value> find(std::string_view name) const override {
    if (extras_ != nullptr)
      for (const auto& [key, value] : *extras_)
        if (key == name) return value;
    const std::string key(name);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    std::optional<Value> value = compute(name);
    if (value && value->kind() == feel::Kind::List) known_[key] = *value;
    return value;
  }

  // 上期.<population indicator>: one value, not a list.
  std::optional<Value> previous_figure(std::string_view member) const {
    const Slot* slot = meaning_.slot(table_, member);
    if (slot == nullptr || slot->kind != Slot::Kind::Population) return std::nullopt;
    return figure(slot->index, period_.previous());
  }

 private:
  Value figure(int index, const Period& period) const {
    const Figure& figure =
        meaning_.population(meaning_.pack().indicators[static_cast<std::size_t>(index)], period);
    gaps_.insert(figure.gaps.begin(), figure.gaps.end());
    return figure.value;
  }

  template <typename ValueOf>
  Value list_of(ValueOf value_of) const {
    feel::List list;
    list.reserve(rows_.size());
    for (const std::uint32_t row : rows_) {
      const RecordMeaning record(meaning_, table_, row);
      list.push_back(value_of(record));
      gaps_.insert(record.gaps().begin(), record.gaps().end());
    }
    return Value(std::move(list));
  }

  std::optional<Value> compute(std::string_view name) const {
    if (name == kRecords)
      return list_of([&](const RecordMeaning& record) {
        feel::Context context;
        const schema::Register& target = meaning_.register_of(table_);
        const Meaning::Used& used = meaning_.used_by(asking_);
        const auto named = used.find(kRecords);
        for (std::size_t i = 0; i < target.fields.size(); ++i)
          context.put(target.fields[i].name, record.field(static_cast<int>(i)));
        for (const pack::Indicator& indicator : meaning_.pack().indicators)
          if (indicator.of == target.id && named != used.end() && named->second.count(indicator.name) != 0)
            context.put(indicator.name, record.indicator(indicator).value);
        return Value(std::move(context));
      });
    const Slot* slot = meaning_.slot(table_, name);
    if (slot == nullptr) return std::nullopt;
    switch (slot->kind) {
      case Slot::Kind::Population:
        return figure(slot->index, period_);
      case Slot::Kind::Parameter:
        return meaning_.parameter(meaning_.pack().parameters[static_cast<std::size_t>(slot->index)],
                                  period_.to, gaps_);
      case Slot::Kind::Year:
        return Value(period_.year_of_start());
      case Slot::Kind::Field: {
        feel::List list;
        list.reserve(rows_.size());
        for (const std::uint32_t row : rows_)
          list.push_back(
              column::value_of(meaning_.table(table_), static_cast<std::size_t>(slot->index), row));
        return Value(std::move(list));
      }
      default:
        return list_of([&](const RecordMeaning& record) {
          return record.find_for(asking_, name, Numbers::Unrounded).value_or(Value());
        });
    }
  }

  const Meaning& meaning_;
  const feel::Node* asking_;
  int table_;
  const std::vector<std::uint32_t>& rows_;
  Period period_;
  const Extras* extras_;
  Gaps& gaps_;
  mutable std::map<std::string, Value> known_;
};

Value exact_sum(const feel::List& numbers, bool mean) {
  quantity::ExactSum sum;
  for (const Value& each : numbers) {
    if (each.kind() != feel::Kind::Number) return {};
    sum.add(each.number());
  }
  if (numbers.empty()) return {};
  const auto total = sum.result();
  if (!total) return {};
  if (!mean) return Value(*total);
  const auto quotient = divide(*total, Decimal(sum.count()));
  return quotient ? Value(*quotient) : Value();
}

feel::NodePtr literal(const feel::Node& at, Value value) {
  auto node = std::make_shared<feel::Node>();
  node->kind = feel::NodeKind::Literal;
  node->span = at.span;
  node->value = std::move(value);
  return node;
}

bool is_aggregate_call(const feel::Node& node) {
  if (node.kind != feel::NodeKind::Call || node.children.size() != 2 ||
      node.children[0]->kind != feel::NodeKind::Name)
    return false;
  return std::any_of(std::begin(kAggregates), std::end(kAggregates),
                     [&](const char* name) { return node.children[0]->text == name; });
}

// Replaces population aggregates by what they come to. Everything else keeps FEEL's own meaning.
feel::NodePtr settle(const feel::NodePtr& tree, const PopulationScope& scope, const Meaning::Settled& known) {
  if (tree == nullptr) return tree;
  if (known)
    if (auto by_columns = known(*tree)) return *by_columns;
  if (tree->kind == feel::NodeKind::Path && tree->children[0]->kind == feel::NodeKind::Name &&
      tree->children[0]->text == "上期")
    if (auto figure = scope.previous_figure(tree->text)) return literal(*tree, *figure);
  if (tree->children.empty()) return tree;
  auto settled = std::make_shared<feel::Node>(*tree);
  for (feel::NodePtr& child : settled->children) child = settle(child, scope, known);
  if (!is_aggregate_call(*settled)) return settled;
  // Variables of a loop around the call are not in this scope: such a call is left to the interpreter.
  for (const auto& reference : feel::references(*settled->children[1]))
    if (!reference.empty() && !scope.find(reference[0])) return settled;
  const Value argument = feel::evaluate(*settled->children[1], scope).value;
  if (argument.kind() != feel::Kind::List) return settled;
  feel::List present;
  for (const Value& each : argument.list())
    if (!each.is_null()) present.push_back(each);
  const std::string& name = settled->children[0]->text;
  if (name == "sum" || name == "mean") return literal(*tree, exact_sum(present, name == "mean"));
  settled->children[1] = literal(*tree, Value(std::move(present)));
  settled->argument_names.clear();
  return settled;
}

}  // namespace

std::vector<std::uint32_t> Meaning::kept(int table_number, const std::vector<std::uint32_t>& candidates,
                                         const pack::Expression& where, const Extras* extras,
                                         Gaps& gaps) const {
  if (!where.present()) return candidates;
  std::vector<std::uint32_t> rows;
  for (const std::uint32_t row : candidates) {
    const RecordMeaning record(*this, table_number, row);
    if (record.evaluate(where, Numbers::Rounded, extras).is_true()) rows.push_back(row);
    gaps.insert(record.gaps().begin(), record.gaps().end());
  }
  return rows;
}

Figure Meaning::over_rows(int table_number, const std::vector<std::uint32_t>& rows,
                          const pack::Expression& formula, const quantity::Conversion& to_unit,
                          const Period& at, const Extras* extras, const Settled& settled) const {
  Figure figure;
  const PopulationScope scope(*this, formula, table_number, rows, at, extras, figure.gaps);
  figure.value = feel::evaluate(*settle(formula.tree, scope, settled), scope).value;
  if (figure.value.kind() == feel::Kind::Number) {
    const auto converted = quantity::convert(figure.value.number(), to_unit);
    figure.value = converted ? Value(*converted) : Value();
  }
  figure.state = figure.value.is_null() ? State::Missing : State::Known;
  return figure;
}

Value Meaning::given_by(const pack::Indicator& indicator, const feel::Node& call, std::uint32_t row,
                        const Period& at) const {
  Gaps gaps;
  const std::vector<std::uint32_t> rows{row};
  const PopulationScope scope(*this, indicator.formula, table_index(indicator.related), rows, at, nullptr,
                              gaps);
  const Value list = feel::evaluate(*call.children[1], scope).value;
  return list.kind() == feel::Kind::List && list.list().size() == 1 &&
                 list.list().front().kind() != feel::Kind::Context
             ? list.list().front()
             : Value();
}

void Meaning::give(const pack::Indicator& indicator, const Period& at, Value value) {
  Figure& figure = populations_[{&indicator, at}];
  figure.state = value.is_null() ? State::Missing : State::Known;
  figure.value = std::move(value);
}

const Figure& Meaning::population(const pack::Indicator& indicator, const Period& at) const {
  const std::pair<const pack::Indicator*, Period> key{&indicator, at};
  {
    const std::lock_guard<std::mutex> hold(populating_);
    if (const auto known = populations_.find(key); known != populations_.end()) return known->second;
    if (only_given_) {
      lacks_figure_ = true;
      return populations_[key];
    }
  }
  // Worked out without the lock: it may ask for others, from other threads too. Twice is the same.
  std::optional<Figure> figure;
  if (columns_) {
    const PopulationColumns columns(*this, plan::over_of(indicator, at), *columns_);
    if (!columns.left_to_interpreter()) figure = columns.over_all(nullptr);
  }
  if (!figure) {
    const int table_number = table_index(indicator.over);
    Gaps gaps;
    const auto rows = kept(table_number, rows_within(table_number, at), indicator.where, nullptr, gaps);
    figure = over_rows(table_number, rows, indicator.formula, indicator.to_unit, at);
    figure->gaps.insert(gaps.begin(), gaps.end());
  }
  const std::lock_guard<std::mutex> hold(populating_);
  return populations_.emplace(key, std::move(*figure)).first->second;
}

}  // namespace tenglong::run
