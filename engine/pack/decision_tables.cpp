// Decision tables and cuts, as engine/feel/table_analysis.h judges them.
#include <algorithm>

#include "engine/feel/table_analysis.h"
#include "engine/pack/inside/draft.h"
#include "engine/pack/inside/expression_checks.h"

namespace tenglong::pack {
namespace {

using feel::Kind;
using feel::Node;
using feel::NodeKind;
using feel::TableFinding;
using feel::TablePolicy;
using feel::Value;

std::string row(std::size_t rule) { return std::to_string(rule + 1); }

TablePolicy policy_of(HitPolicy hit) {
  switch (hit) {
    case HitPolicy::Unique:
      return TablePolicy::Unique;
    case HitPolicy::Any:
      return TablePolicy::Any;
    case HitPolicy::First:
      return TablePolicy::First;
    case HitPolicy::Priority:
      return TablePolicy::Priority;
    case HitPolicy::CollectSum:
    case HitPolicy::CollectCount:
      return TablePolicy::Adds;
    default:
      return TablePolicy::Others;
  }
}

class TableCheck {
 public:
  TableCheck(Draft& draft, const Decision& decision) : draft_(draft), pack_(draft.pack), decision_(decision) {
    for (const Expression& input : decision.inputs) {
      names_.push_back(input.text);
      inputs_.push_back(table_input(input));
    }
    for (const DecisionRule& rule : decision.rules) {
      feel::TableRule out{.tests = rule.tests};
      for (const auto& output : rule.outputs) out.outputs.push_back(output.present() ? output.tree : nullptr);
      rules_.push_back(std::move(out));
    }
  }

  // The grades of cuts by score are rows of a table with one input, the total: no two may hold, one must.
  void check_cuts(const Scheme& scheme) {
    for (const TableFinding& each : analyse_table(inputs_, rules_, TablePolicy::Unique, true).findings) {
      if (each.what == TableFinding::What::Overlap)
        draft_.findings.add(
            "E-PACK-211", decision_.rules[each.rule].place,
            {scheme.cuts[each.other].grade + " 档和 " + scheme.cuts[each.rule].grade +
                 " 档会同时成立。例如：" + example(each) + "。",
             "The grades " + scheme.cuts[each.other].grade + " and " + scheme.cuts[each.rule].grade +
                 " both hold. For example: " + example(each) + "."},
            {"改窄其中一档。", "Narrow one of them."});
      else if (each.what == TableFinding::What::Gap)
        draft_.findings.add(
            "E-PACK-211", decision_.rules.back().place,
            {"得分线有漏，这种得分没有档：" + example(each) + "。",
             "The cuts leave a hole; no grade holds for: " + example(each) + "."},
            {"把相邻两档接上，如 >= 60 与 < 60。", "Join the neighbours, as >= 60 and < 60."});
    }
  }

  void check() {
    if (std::any_of(decision_.inputs.begin(), decision_.inputs.end(),
                    [](const Expression& each) { return !each.present(); }))
      return;
    const HitPolicy hit = decision_.hit;
    const bool must_cover = !decision_.otherwise && (hit == HitPolicy::Unique || hit == HitPolicy::Any ||
                                                     hit == HitPolicy::First || hit == HitPolicy::Priority);
    for (const TableFinding& each : analyse_table(inputs_, rules_, policy_of(hit), must_cover).findings)
      tell(each);
  }

 private:
  const schema::Field* field_behind(const Expression& input) const {
    const schema::Register* one = pack_.schema.find(decision_.of);
    if (one == nullptr || !input.tree) return nullptr;
    const Node& node = *input.tree;
    if (node.kind == NodeKind::Name) return one->find_by_name(node.text);
    if (node.kind == NodeKind::Path && node.children[0]->kind == NodeKind::Name) {
      const schema::Register* parent = pack_.schema.find(one->of);
      if (parent != nullptr && parent->name == node.children[0]->text) return parent->find_by_name(node.text);
    }
    return nullptr;
  }

  feel::TableInput table_input(const Expression& input) const {
    feel::TableInput out{.kind = input.type.kind};
    const schema::Field* field = field_behind(input);
    if (field == nullptr) return out;
    out.minimum = field->minimum;
    out.maximum = field->maximum;
    if (const schema::Codes* codes = field->codes.empty() ? nullptr : pack_.schema.find_codes(field->codes))
      for (const schema::CodeEntry& entry : codes->entries) out.listed.push_back(Value(entry.code));
    return out;
  }

  std::string example(const TableFinding& finding) const {
    const std::string out = feel::example_text(finding, names_);
    return out.empty() ? "任何情形" : out;
  }

  void add(const TableFinding& each, const char* code, text::Words message, text::Words advice,
           bool is_pair) {
    diagnostic::Diagnostic& found =
        draft_.findings.add(code, decision_.rules[each.rule].place, std::move(message), std::move(advice));
    if (is_pair)
      found.related.push_back(
          {decision_.rules[each.other].place, {"第 " + row(each.other) + " 行", "row " + row(each.other)}});
  }

  void tell(const TableFinding& each) {
    const std::string rule = row(each.rule), other = row(each.other), shown = example(each);
    const text::Words narrow = {"改窄其中一行，或换成 hit: first。",
                                "Narrow one of the rows, or use hit: first."};
    const text::Words remove = {"删去这一行，或核对它的条件。", "Remove the row, or check its tests."};
    switch (each.what) {
      case TableFinding::What::Never:  // a code that does not exist is told by resolve.cpp
        return add(each, "W-PACK-303",
                   {"第 " + rule + " 行永远不会命中：它的条件不可能成立。",
                    "Row " + rule + " can never match: its tests cannot hold."},
                   {"核对数值和字段的 min、max。", "Check the numbers, and min and max of the field."},
                   false);
      case TableFinding::What::Overlap:
        return add(
            each, "E-PACK-301",
            {"第 " + other + " 行和第 " + rule + " 行会同时命中，而 unique 只许一行。例如：" + shown + "。",
             "Rows " + other + " and " + rule +
                 " both match, but unique allows one row only. For example: " + shown + "."},
            narrow, true);
      case TableFinding::What::Different:
        return add(each, "E-PACK-304",
                   {"第 " + other + " 行和第 " + rule + " 行会同时命中而结果不同。例如：" + shown + "。",
                    "Rows " + other + " and " + rule +
                        " both match with different outputs. For example: " + shown + "."},
                   narrow, true);
      case TableFinding::What::Masked:
        return add(each, "W-PACK-303",
                   {"第 " + rule + " 行永远轮不到：前面各行已经盖住它的全部情形。",
                    "Row " + rule + " is never reached: the rows before it cover all of its cases."},
                   {"把它移到前面，或删去。", "Move it up, or remove it."}, false);
      case TableFinding::What::Twin:
        return add(
            each, "W-PACK-306",
            {"第 " + rule + " 行与第 " + other + " 行完全一样，会算两次。例如：" + shown + "。",
             "Row " + rule + " is row " + other + " again and counts twice. For example: " + shown + "."},
            remove, true);
      case TableFinding::What::Needless:
        return add(each, "W-PACK-306",
                   {"第 " + rule + " 行是多余的：第 " + other + " 行盖住它的全部情形，结果相同。例如：" +
                        shown + "。",
                    "Row " + rule + " is needless: row " + other +
                        " covers all of its cases with the same outputs. For example: " + shown + "."},
                   remove, true);
      case TableFinding::What::Gap:
        draft_.findings.add(
            "W-PACK-302", place_of_key(draft_, decision_.place, "hit"),
            {"表里没有一行管这种情形：" + shown + "。", "No row covers this case: " + shown + "."},
            {"补一行，或写 otherwise:。", "Add a row, or otherwise:."});
    }
  }

  Draft& draft_;
  const Pack& pack_;
  const Decision& decision_;
  std::vector<std::string> names_;
  std::vector<feel::TableInput> inputs_;
  std::vector<feel::TableRule> rules_;
};

void check_score_cuts(Draft& draft, const Scheme& scheme) {
  if (scheme.cuts.empty()) return;
  Decision table;
  auto total = std::make_shared<Node>();
  total->kind = NodeKind::Name;
  total->text = "总分";
  table.inputs.push_back({.text = "总分", .tree = total, .type = feel::Type::number({})});
  for (const Cut& cut : scheme.cuts) {
    if (!cut.score_test) return;
    DecisionRule rule;
    rule.tests.push_back(cut.score_test);
    rule.place = feel::place_of(cut.score_origin, cut.score_text, cut.score_test->span);
    table.rules.push_back(std::move(rule));
  }
  TableCheck(draft, table).check_cuts(scheme);
}

// The policies that order or add up their outputs need outputs that can be ordered or added.
void check_outputs(Draft& draft, const Decision& decision) {
  Findings& findings = draft.findings;
  const HitPolicy hit = decision.hit;
  const bool adds = hit == HitPolicy::CollectSum;
  const bool by_codes = hit == HitPolicy::CollectWorst || hit == HitPolicy::CollectBest;
  const bool ranks = by_codes || hit == HitPolicy::Priority || hit == HitPolicy::OutputOrder;
  for (const DecisionOutput& output : decision.outputs) {
    const schema::Codes* codes = output.codes.empty() ? nullptr : draft.pack.schema.find_codes(output.codes);
    if (adds && output.type.kind && *output.type.kind != Kind::Number)
      findings.add("E-PACK-208", place_of_key(draft, decision.place, "hit"),
                   {"collect_sum 要把“" + output.name + "”相加，它应是数。",
                    "collect_sum adds \"" + output.name + "\", which must be a number."},
                   {"把输出的 type 改为 number。", "Make the output's type number."});
    if (ranks && output.codes.empty())
      findings.add("E-PACK-305", place_of_key(draft, decision.place, "hit"),
                   {"这种 hit 要按代码表排先后，“" + output.name + "”没有写 codes。",
                    "This hit policy orders outputs by a code table; \"" + output.name + "\" has no codes."},
                   {"给输出补写 codes:。", "Add codes: to the output."});
    if (by_codes && codes != nullptr && codes->order == schema::CodeOrder::None)
      findings.add("E-PACK-305", place_of_key(draft, decision.place, "hit"),
                   {"代码表“" + codes->name + "”没有写 order，不知道哪头是好。",
                    "The code table \"" + codes->name + "\" has no order: which end is best?"},
                   {"在代码表里写 order: best_first 或 worst_first。",
                    "Add order: best_first or worst_first to the code table."});
  }
}

}  // namespace

void check_decision_tables(Draft& draft) {
  for (const Decision& decision : draft.pack.decisions) {
    draft.findings.clause = decision.clause;
    check_outputs(draft, decision);
    TableCheck(draft, decision).check();
  }
  for (const Scheme& scheme : draft.pack.schemes) {
    draft.findings.clause = scheme.clause;
    check_score_cuts(draft, scheme);
  }
  draft.findings.clause.clear();
}

}  // namespace tenglong::pack
