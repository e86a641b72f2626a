// Decision tables: which rules match, and what the hit policy makes of them.
#include <algorithm>

#include "engine/dmn/inside/run.h"

namespace tenglong::dmn {

using feel::Kind;
using feel::List;
using feel::Value;

namespace {

// sum(list) and the like, as FEEL means them.
Value by_builtin(const char* function, const List& list, const feel::Clock& clock) {
  static const feel::NameSet kNames({"list"});
  const feel::Parsed parsed = feel::parse(std::string(function) + "(list)", kNames);
  feel::Context context;
  context.put("list", Value(list));
  return feel::evaluate(*parsed.tree, feel::ContextEnvironment(std::move(context)), clock).value;
}

const char* builtin_of(Aggregator aggregator) {
  switch (aggregator) {
    case Aggregator::Sum:
      return "sum";
    case Aggregator::Min:
      return "min";
    case Aggregator::Max:
      return "max";
    case Aggregator::Count:
    case Aggregator::None:
      break;
  }
  return "count";
}

}  // namespace

Value Run::output(const Code& code, const TableCode::Rule& rule, const EnvironmentPtr& environment) {
  const DecisionTable& source = *code.source->table;
  const TableCode& table = *code.table;
  feel::Context all;
  for (std::size_t i = 0; i < table.outputs.size(); ++i) {
    const Text& text = rule.outputs[i].text;
    Value value = fitted(evaluate(rule.outputs[i], environment), table.outputs[i].type, text.place);
    if (!value.is_null() && table.outputs[i].is_limited &&
        !test(table.outputs[i].allowed, value, environment).is_true())
      value = null(text.place, "结论不在这一列允许的值之中。",
                   "The conclusion is not among the values of its column.");
    if (table.outputs.size() == 1) return value;
    all.put(source.outputs[i].name, std::move(value));
  }
  return Value(std::move(all));
}

Value Run::defaults(const Code& code, const EnvironmentPtr& environment) {
  const DecisionTable& source = *code.source->table;
  const TableCode& table = *code.table;
  feel::Context all;
  bool has_any = false;
  for (std::size_t i = 0; i < table.outputs.size(); ++i) {
    Value value;
    if (table.outputs[i].has_otherwise) {
      has_any = true;
      value = fitted(evaluate(table.outputs[i].otherwise, environment), table.outputs[i].type,
                     code.source->place);
    }
    if (table.outputs.size() == 1) return value;
    all.put(source.outputs[i].name, std::move(value));
  }
  return has_any ? Value(std::move(all)) : Value{};
}

// Where an output stands in its columns' lists of values, first column first.
std::vector<std::size_t> Run::ranks(const Code& code, const Value& output,
                                    const EnvironmentPtr& environment) {
  const DecisionTable& source = *code.source->table;
  const TableCode& table = *code.table;
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < table.outputs.size(); ++i) {
    const feel::NodePtr& tree = table.outputs[i].allowed.tree;
    if (!tree) continue;
    const Value* value = &output;
    if (table.outputs.size() > 1)
      value = output.kind() == Kind::Context ? output.context().find(source.outputs[i].name) : nullptr;
    std::size_t rank = 0;
    const std::size_t count = tree->kind == feel::NodeKind::TestList ? tree->children.size() : 1;
    for (; value && rank < count; ++rank) {
      const feel::Node& test = tree->kind == feel::NodeKind::TestList ? *tree->children[rank] : *tree;
      if (feel::evaluate_tests(test, *value, *environment, clock).value.is_true()) break;
    }
    out.push_back(rank);
  }
  return out;
}

Value Run::aggregated(const Code& code, const List& outputs) {
  const DecisionTable& source = *code.source->table;
  if (source.aggregator == Aggregator::Count) return Value(static_cast<int>(outputs.size()));
  if (outputs.empty()) return {};
  const char* function = builtin_of(source.aggregator);
  if (source.outputs.size() == 1) return by_builtin(function, outputs, clock);
  feel::Context all;
  for (const DecisionTable::Output& each : source.outputs) {
    List column;
    for (const Value& row : outputs)
      if (const Value* value = row.context().find(each.name)) column.push_back(*value);
    all.put(each.name, by_builtin(function, column, clock));
  }
  return Value(std::move(all));
}

Value Run::decide(const Code& code, const EnvironmentPtr& environment) {
  const DecisionTable& source = *code.source->table;
  const TableCode& table = *code.table;
  List inputs;
  for (const TableCode::Column& each : table.inputs) {
    const Place& place = each.expression.text.place;
    const Value value = evaluate(each.expression, environment);
    Value input = fitted(value, each.type, place);
    if (input.is_null() && !value.is_null()) return {};
    if (!input.is_null() && each.is_limited && !test(each.allowed, input, environment).is_true())
      return null(place, "输入不在这一列允许的值之中。",
                  "The input is not among the values allowed in its column.");
    inputs.push_back(std::move(input));
  }

  std::vector<const TableCode::Rule*> matching;
  for (const TableCode::Rule& rule : table.rules) {
    bool does_match = true;
    for (std::size_t i = 0; does_match && i < inputs.size(); ++i)
      does_match = test(rule.inputs[i], inputs[i], environment).is_true();
    if (!does_match) continue;
    matching.push_back(&rule);
    if (source.hit_policy == HitPolicy::First) break;
  }

  const Place& place = code.source->place;
  if (matching.empty()) {
    Value value = defaults(code, environment);
    if (!value.is_null()) return value;
    for (const TableCode::OutputColumn& each : table.outputs)
      if (each.has_otherwise) return value;
    if (source.hit_policy == HitPolicy::Collect) {
      if (source.aggregator == Aggregator::None) return Value(List{});
      if (source.aggregator == Aggregator::Count) return Value(0);
    }
    return null(place, "没有一条规则适用，表也没有写默认结论。",
                "No rule applies, and the table has no default.");
  }
  if (source.hit_policy == HitPolicy::Unique && matching.size() > 1)
    return null(place, "UNIQUE 表有 " + std::to_string(matching.size()) + " 条规则同时适用。",
                std::to_string(matching.size()) + " rules of a UNIQUE table apply at once.");
  if (source.hit_policy == HitPolicy::Collect && source.aggregator == Aggregator::Count)
    return Value(static_cast<int>(matching.size()));

  List outputs;
  for (const TableCode::Rule* each : matching) outputs.push_back(output(code, *each, environment));

  switch (source.hit_policy) {
    case HitPolicy::Unique:
    case HitPolicy::First:
      return outputs.front();
    case HitPolicy::Any:
      for (const Value& each : outputs)
        if (feel::equal(each, outputs.front()) != true)
          return null(place, "ANY 表同时适用的规则结论不同。",
                      "Rules of an ANY table apply with different conclusions.");
      return outputs.front();
    case HitPolicy::Priority:
    case HitPolicy::OutputOrder: {
      std::vector<std::pair<std::vector<std::size_t>, Value>> ranked;
      for (Value& each : outputs) {
        std::vector<std::size_t> rank = ranks(code, each, environment);
        ranked.emplace_back(std::move(rank), std::move(each));
      }
      std::stable_sort(ranked.begin(), ranked.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      if (source.hit_policy == HitPolicy::Priority) return ranked.front().second;
      List sorted;
      for (auto& each : ranked) sorted.push_back(std::move(each.second));
      return Value(std::move(sorted));
    }
    case HitPolicy::RuleOrder:
      return Value(std::move(outputs));
    case HitPolicy::Collect:
      return source.aggregator == Aggregator::None ? Value(std::move(outputs)) : aggregated(code, outputs);
  }
  return {};
}

}  // namespace tenglong::dmn
