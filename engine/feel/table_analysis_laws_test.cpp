// What is said of a table is true of it: every example shows its finding, and where nothing is said a search
// finds nothing.
#include "engine/feel/table_analysis.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "engine/feel/evaluate.h"

namespace tenglong::feel {
namespace {

const char* const kNumberTests[] = {"-", "< 2",  "<= 2",   "> 2",      ">= 3",   "[1..3)", "(1..3]",
                                    "2", "2, 4", "not(2)", "not(< 2)", "[2..2]", "null"};
const char* const kTextTests[] = {
    "-", "\"甲\"", "\"乙\"", "\"甲\", \"乙\"", "not(\"甲\")", "not(\"甲\", \"丙\")"};
const char* const kTruthTests[] = {"-", "true", "false", "not(true)"};
const char* const kOutputs[] = {"1", "2"};

struct RandomTable {
  std::vector<TableInput> inputs = {{.kind = Kind::Number}, {.kind = Kind::String}, {.kind = Kind::Boolean}};
  std::vector<TableRule> rules;
  std::string text;
  bool speaks_of_null = false;
};

NodePtr parsed(const std::string& text, Grammar grammar) { return parse(text, NameSet{}, {}, grammar).tree; }

RandomTable random_table() {
  RandomTable out;
  const bool is_listed = *rc::gen::arbitrary<bool>();
  if (is_listed) out.inputs[1].listed = {Value("甲"), Value("乙"), Value("丙")};
  const int count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    TableRule rule;
    const std::string tests[] = {kNumberTests[*rc::gen::inRange<std::size_t>(0, std::size(kNumberTests))],
                                 kTextTests[*rc::gen::inRange<std::size_t>(0, std::size(kTextTests))],
                                 kTruthTests[*rc::gen::inRange<std::size_t>(0, std::size(kTruthTests))]};
    for (const std::string& each : tests) {
      rule.tests.push_back(parsed(each, Grammar::UnaryTests));
      out.text += each + " | ";
      out.speaks_of_null = out.speaks_of_null || each == "null";
    }
    const std::string output = kOutputs[*rc::gen::inRange<std::size_t>(0, std::size(kOutputs))];
    rule.outputs.push_back(parsed(output, Grammar::Expression));
    out.text += output + "\n";
    out.rules.push_back(std::move(rule));
  }
  return out;
}

using Case = std::vector<Value>;
bool matches(const TableRule& rule, const Case& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!evaluate_tests(*rule.tests[i], values[i], ContextEnvironment({})).value.is_true()) return false;
  return true;
}
bool same_output(const RandomTable& table, std::size_t a, std::size_t b) {
  return is_same_tree(*table.rules[a].outputs[0], *table.rules[b].outputs[0]);
}
Case case_of(const TableFinding& finding) {
  Case out;
  for (const auto& each : finding.example) out.push_back(each.value_or(Value{}));
  return out;
}
std::vector<Case> grid(const RandomTable& table) {
  std::vector<Value> numbers, texts = {Value("甲"), Value("乙"), Value("丙")};
  for (const char* each : {"0", "1", "1.5", "2", "2.5", "3", "3.5", "4", "5"})
    numbers.push_back(Value(*Decimal::parse(each)));
  if (table.speaks_of_null) numbers.push_back(Value{});
  if (table.inputs[1].listed.empty()) texts.push_back(Value("丁"));
  std::vector<Case> out;
  for (const Value& number : numbers)
    for (const Value& text : texts)
      for (const bool truth : {true, false}) out.push_back({number, text, Value(truth)});
  return out;
}

RC_GTEST_PROP(TableAnalysisLaws, EveryExampleShowsItsFindingAndSilenceIsProven, ()) {
  const RandomTable table = random_table();
  const auto policy =
      *rc::gen::element(TablePolicy::Unique, TablePolicy::Any, TablePolicy::First, TablePolicy::Adds);
  const TableAnalysis analysis = analyse_table(table.inputs, table.rules, policy, true);
  RC_ASSERT(analysis.is_decided);
  const auto told = [&](TableFinding::What what, std::size_t rule) {
    return std::any_of(analysis.findings.begin(), analysis.findings.end(),
                       [&](const TableFinding& each) { return each.what == what && each.rule == rule; });
  };
  for (const TableFinding& each : analysis.findings) {
    if (each.what == TableFinding::What::Never) continue;
    const Case values = case_of(each);
    switch (each.what) {
      case TableFinding::What::Overlap:
        RC_ASSERT(matches(table.rules[each.rule], values) && matches(table.rules[each.other], values));
        break;
      case TableFinding::What::Different:
        RC_ASSERT(matches(table.rules[each.rule], values) && matches(table.rules[each.other], values) &&
                  !same_output(table, each.rule, each.other));
        break;
      case TableFinding::What::Needless:
      case TableFinding::What::Twin:
        RC_ASSERT(matches(table.rules[each.rule], values) && matches(table.rules[each.other], values) &&
                  same_output(table, each.rule, each.other));
        break;
      case TableFinding::What::Masked:
        RC_ASSERT(matches(table.rules[each.rule], values));
        break;
      case TableFinding::What::Gap:
        RC_ASSERT(std::none_of(table.rules.begin(), table.rules.end(),
                               [&](const TableRule& rule) { return matches(rule, values); }));
        break;
      case TableFinding::What::Never:
        break;
    }
  }
  const std::vector<Case> cases = grid(table);
  bool is_covered = true;
  for (const Case& values : cases)
    is_covered = is_covered && std::any_of(table.rules.begin(), table.rules.end(),
                                           [&](const TableRule& rule) { return matches(rule, values); });
  RC_ASSERT(is_covered != told(TableFinding::What::Gap, 0));
  for (std::size_t r = 0; r < table.rules.size(); ++r) {
    const bool can_match = std::any_of(cases.begin(), cases.end(),
                                       [&](const Case& values) { return matches(table.rules[r], values); });
    RC_ASSERT(can_match != told(TableFinding::What::Never, r));
    bool has_overlap = false, has_different = false, is_masked = can_match;
    for (const Case& values : cases) {
      if (!matches(table.rules[r], values)) continue;
      bool is_before = false;
      for (std::size_t first = 0; first < r; ++first) {
        if (!matches(table.rules[first], values)) continue;
        is_before = true;
        has_overlap = true;
        has_different = has_different || !same_output(table, first, r);
      }
      is_masked = is_masked && is_before;
    }
    if (policy == TablePolicy::Unique) RC_ASSERT(has_overlap == told(TableFinding::What::Overlap, r));
    if (policy == TablePolicy::Any) RC_ASSERT(has_different == told(TableFinding::What::Different, r));
    if (policy == TablePolicy::First) RC_ASSERT(is_masked == told(TableFinding::What::Masked, r));
  }
  // A needless row may be dropped: the table means the same without it.
  for (const TableFinding& each : analysis.findings) {
    if (each.what != TableFinding::What::Needless || policy != TablePolicy::First) continue;
    for (const Case& values : cases) {
      const auto first_of = [&](std::size_t skipped) {
        for (std::size_t r = 0; r < table.rules.size(); ++r)
          if (r != skipped && matches(table.rules[r], values)) return static_cast<int>(r);
        return -1;
      };
      const int with = first_of(table.rules.size()), without = first_of(each.rule);
      RC_ASSERT((with < 0) == (without < 0));
      if (with >= 0)
        RC_ASSERT(same_output(table, static_cast<std::size_t>(with), static_cast<std::size_t>(without)));
    }
  }
}

TEST(TableAnalysis, SaysWhyATableIsLeftUndecided) {
  const struct {
    const char* what;
    const char* test;
    std::optional<Kind> kind;
    const char* why;
  } kRows[] = {
      {"another name", "> 线", Kind::Number, "Cell 1 of row 1 is not made of constants."},
      {"two kinds", "1, \"a\"", {}, "Column 1 holds values of several kinds."},
      {"a kind that is not analysed", "@\"P1D\"", Kind::DaysDuration,
       "Column 1 is a days and time duration."},
  };
  for (const auto& row : kRows) {
    TableRule rule;
    rule.tests.push_back(parse(row.test, NameSet({"线"}), {}, Grammar::UnaryTests).tree);
    const TableAnalysis analysis = analyse_table({{.kind = row.kind}}, {rule}, TablePolicy::Unique, true);
    EXPECT_FALSE(analysis.is_decided) << row.what;
    EXPECT_EQ(analysis.why_not.en, row.why) << row.what;
  }
  EXPECT_FALSE(analyse_table({}, {}, TablePolicy::Unique, true).is_decided);
}

}  // namespace
}  // namespace tenglong::feel
