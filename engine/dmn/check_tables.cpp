// The decision tables of a model, judged before any data.
#include <algorithm>
#include <functional>

#include "engine/dmn/inside/code.h"
#include "engine/dmn/inside/refusal.h"
#include "engine/dmn/inside/trimmed.h"
#include "engine/feel/table_analysis.h"

namespace tenglong::dmn {

namespace {

using feel::NodeKind;
using feel::NodePtr;
using feel::TableFinding;
using feel::TablePolicy;

TablePolicy policy_of(const DecisionTable& table) {
  switch (table.hit_policy) {
    case HitPolicy::Unique:
      return TablePolicy::Unique;
    case HitPolicy::Any:
      return TablePolicy::Any;
    case HitPolicy::First:
      return TablePolicy::First;
    case HitPolicy::Priority:
      return TablePolicy::Priority;
    case HitPolicy::Collect:
      return table.aggregator == Aggregator::Sum || table.aggregator == Aggregator::Count
                 ? TablePolicy::Adds
                 : TablePolicy::Others;
    case HitPolicy::RuleOrder:
    case HitPolicy::OutputOrder:
      break;
  }
  return TablePolicy::Others;
}

// The texts that a column allows, if it allows texts only.
std::vector<feel::Value> listed(const NodePtr& tests) {
  std::vector<feel::Value> out;
  if (!tests) return out;
  for (const NodePtr& test :
       tests->kind == NodeKind::TestList ? tests->children : std::vector<NodePtr>{tests}) {
    const feel::Node* at = test.get();
    if (at->kind == NodeKind::TestExpression && at->children.size() == 1) at = at->children[0].get();
    if (at->kind != NodeKind::Literal || at->value.kind() != feel::Kind::String) return {};
    out.push_back(at->value);
  }
  return out;
}

void judge(const DecisionTable& source, const TableCode& code, const Place& place, Diagnostics& diagnostics) {
  std::vector<feel::TableInput> inputs;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < code.inputs.size(); ++i) {
    const TableCode::Column& column = code.inputs[i];
    feel::TableInput input;
    if (column.type && column.type->form == feel::DeclaredType::Form::Simple) input.kind = column.type->kind;
    if (column.is_limited) input.listed = listed(column.allowed.tree);
    inputs.push_back(std::move(input));
    names.push_back(trimmed(source.inputs[i].expression.source));
  }
  std::vector<feel::TableRule> rules;
  for (const TableCode::Rule& each : code.rules) {
    feel::TableRule rule;
    for (const Formula& cell : each.inputs) rule.tests.push_back(cell.tree);
    for (const Formula& cell : each.outputs) rule.outputs.push_back(cell.tree);
    rules.push_back(std::move(rule));
  }
  const bool has_default = std::any_of(code.outputs.begin(), code.outputs.end(),
                                       [](const auto& each) { return each.has_otherwise; });
  const TablePolicy policy = policy_of(source);
  const bool must_cover = !has_default && policy != TablePolicy::Adds && policy != TablePolicy::Others;
  const feel::TableAnalysis analysis = analyse_table(inputs, rules, policy, must_cover);
  if (!analysis.is_decided) {
    diagnostic::Diagnostic note =
        refusal("N-DMN-306", place,
                {"这张表没有查重叠与漏：" + analysis.why_not.zh,
                 "This table is not checked for overlaps and gaps: " + analysis.why_not.en},
                {"写定的值才能在用之前查清。", "Only constants can be judged beforehand."});
    note.severity = diagnostic::Severity::Note;
    diagnostics.push_back(std::move(note));
    return;
  }
  for (const TableFinding& each : analysis.findings) {
    const std::string rule = std::to_string(each.rule + 1), other = std::to_string(each.other + 1);
    std::string shown = example_text(each, names);
    if (shown.empty()) shown = "任何情形";
    const Place& at = each.what == TableFinding::What::Gap ? place : source.rules[each.rule].place;
    const text::Words narrow = {"改窄其中一条，或换一种命中方式。",
                                "Narrow one of them, or choose another hit policy."};
    const text::Words remove = {"删去这一条，或核对它的条件。", "Remove the rule, or check its tests."};
    const auto tell = [&](const char* what, std::string zh, std::string en, const text::Words& advice) {
      diagnostics.push_back(refusal(what, at, {std::move(zh), std::move(en)}, advice));
    };
    switch (each.what) {
      case TableFinding::What::Gap:
        tell("W-DMN-302", "没有一条规则管这种情形：" + shown + "。",
             "No rule covers this case: " + shown + ".",
             {"补一条规则，或写默认结论。", "Add a rule, or a default output."});
        break;
      case TableFinding::What::Never:
        tell("W-DMN-303", "第 " + rule + " 条规则永远不会适用：条件不可能成立。",
             "Rule " + rule + " can never apply: its tests cannot hold.", remove);
        break;
      case TableFinding::What::Masked:
        tell("W-DMN-303",
             "第 " + rule + " 条规则永远轮不到：前面各条已经盖住它的全部情形。例如：" + shown + "。",
             "Rule " + rule + " is never reached: those before it cover all of its cases, such as " + shown +
                 ".",
             remove);
        break;
      case TableFinding::What::Overlap:
        tell("W-DMN-304",
             "第 " + other + " 条和第 " + rule + " 条会同时适用，而 UNIQUE 只许一条。例如：" + shown + "。",
             "Rules " + other + " and " + rule + " both apply, but UNIQUE allows one. For example: " + shown +
                 ".",
             narrow);
        break;
      case TableFinding::What::Different:
        tell("W-DMN-304",
             "第 " + other + " 条和第 " + rule + " 条会同时适用而结论不同。例如：" + shown + "。",
             "Rules " + other + " and " + rule +
                 " both apply with different conclusions. For example: " + shown + ".",
             narrow);
        break;
      case TableFinding::What::Needless:
        tell("W-DMN-305",
             "第 " + rule + " 条规则是多余的：第 " + other + " 条盖住它的全部情形，结论相同。例如：" + shown +
                 "。",
             "Rule " + rule + " is needless: rule " + other +
                 " covers all of its cases with the same conclusion, such as " + shown + ".",
             remove);
        break;
      case TableFinding::What::Twin:
        tell("W-DMN-305", "第 " + rule + " 条与第 " + other + " 条完全一样，会算两次。例如：" + shown + "。",
             "Rule " + rule + " is rule " + other + " again and counts twice. For example: " + shown + ".",
             remove);
        break;
    }
  }
}

void walk(const Code& code, Diagnostics& diagnostics) {
  if (code.table) judge(*code.source->table, *code.table, code.source->place, diagnostics);
  for (const auto& child : code.children) walk(*child, diagnostics);
}

}  // namespace

void Program::check_tables(Diagnostics& diagnostics) const {
  for (const Unit& unit : body_->units)
    if (unit.model == 0 && unit.code) walk(*unit.code, diagnostics);
}

}  // namespace tenglong::dmn
