// Gaps, overlaps and masked rules of decision tables, decided at load.
//
// Every input is cut into the elementary values that its tests can tell apart: true and false; the codes that
// are mentioned and one that is not; each end point of a number or date and each stretch between two of them.
// A rule is then a box of such values, and gaps and overlaps are boxes too, of which one point is shown. A
// table with a test that is not made of constants (a parameter, another field, a function) is left undecided
// and nothing is said of it.
#include <algorithm>
#include <cstdint>

#include "engine/feel/evaluate.h"
#include "engine/pack/inside/draft.h"
#include "engine/pack/inside/expression_checks.h"

namespace tenglong::pack {
namespace {

using feel::Kind;
using feel::Node;
using feel::NodeKind;
using feel::Value;
using quantity::Decimal;

using Cells = std::vector<bool>;  // which elementary values of one input
using Box = std::vector<Cells>;   // one Cells an input

// More boxes than this are not worth the wait; the table stays undecided.
constexpr std::size_t kMostBoxes = 4'000;

struct Axis {
  std::vector<Value> points;     // one value out of each elementary stretch
  std::vector<bool> is_written;  // an end point or code that stands in the table: the better example
};

bool any(const Cells& cells) { return std::find(cells.begin(), cells.end(), true) != cells.end(); }

Cells both(const Cells& a, const Cells& b) {
  Cells out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] && b[i];
  return out;
}

Cells only_first(const Cells& a, const Cells& b) {
  Cells out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] && !b[i];
  return out;
}

std::optional<Box> common(const Box& a, const Box& b) {
  Box out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    out.push_back(both(a[i], b[i]));
    if (!any(out.back())) return std::nullopt;
  }
  return out;
}

// What is left of the boxes without `taken`; false if there are too many.
bool subtract(std::vector<Box>& boxes, const Box& taken) {
  std::vector<Box> left;
  for (Box& box : boxes) {
    if (!common(box, taken)) {
      left.push_back(std::move(box));
      continue;
    }
    for (std::size_t i = 0; i < box.size(); ++i) {
      const Cells outside = only_first(box[i], taken[i]);
      if (any(outside)) {
        Box part = box;
        part[i] = outside;
        left.push_back(std::move(part));
      }
      box[i] = both(box[i], taken[i]);
    }
    if (left.size() > kMostBoxes) return false;
  }
  boxes = std::move(left);
  return true;
}

bool is_constant_test(const Node& node) {
  switch (node.kind) {
    case NodeKind::Literal:
    case NodeKind::Negate:
    case NodeKind::RangeLiteral:
    case NodeKind::ListLiteral:
    case NodeKind::TestAny:
    case NodeKind::TestCompare:
    case NodeKind::TestNot:
    case NodeKind::TestExpression:
    case NodeKind::TestList:
    case NodeKind::Comparison:
    case NodeKind::And:
    case NodeKind::Or:
    case NodeKind::Between:
    case NodeKind::In:
    case NodeKind::Wildcard:
      break;
    default:
      return false;
  }
  return std::all_of(node.children.begin(), node.children.end(),
                     [](const feel::NodePtr& child) { return !child || is_constant_test(*child); });
}

void collect_constants(const Node& node, std::vector<Value>& out) {
  if (node.kind == NodeKind::Negate && node.children[0]->kind == NodeKind::Literal &&
      node.children[0]->value.kind() == Kind::Number)
    out.push_back(Value(-node.children[0]->value.number()));
  else if (node.kind == NodeKind::Literal && node.value.kind() == Kind::Range)
    for (const Value& end : {node.value.range().low, node.value.range().high}) {
      if (!end.is_null()) out.push_back(end);
    }
  else if (node.kind == NodeKind::Literal && !node.value.is_null())
    out.push_back(node.value);
  else
    for (const feel::NodePtr& child : node.children)
      if (child) collect_constants(*child, out);
}

class TableCheck {
 public:
  TableCheck(Draft& draft, const Decision& decision)
      : draft_(draft), pack_(draft.pack), decision_(decision) {}

  // The grades of cuts by score are rows of a table with one input, the total: no two may hold, one must.
  void check_cuts(const Scheme& scheme) {
    if (!prepare()) return;
    for (std::size_t later = 1; later < boxes_.size(); ++later)
      for (std::size_t first = 0; first < later; ++first)
        if (const auto shared = common(boxes_[first], boxes_[later]))
          draft_.findings.add("E-PACK-211", decision_.rules[later].place,
                              {scheme.cuts[first].grade + " 档和 " + scheme.cuts[later].grade +
                                   " 档会同时成立。例如：" + example(*shared) + "。",
                               "The grades " + scheme.cuts[first].grade + " and " + scheme.cuts[later].grade +
                                   " both hold. For example: " + example(*shared) + "."},
                              {"改窄其中一档。", "Narrow one of them."});
    if (const auto open = gap())
      draft_.findings.add("E-PACK-211", decision_.rules.back().place,
                          {"得分线有漏，这种得分没有档：" + example(*open) + "。",
                           "The cuts leave a hole; no grade holds for: " + example(*open) + "."},
                          {"把相邻两档接上，如 >= 60 与 < 60。", "Join the neighbours, as >= 60 and < 60."});
  }

  void check() {
    if (!prepare()) return;
    report_never();
    report_overlaps();
    report_masked();
    report_needless();
    report_gap();
  }

 private:
  const schema::Field* field_behind(const Expression& input) const {
    const schema::Register* one = pack_.schema.find(decision_.of);
    const Node& node = *input.tree;
    if (one == nullptr) return nullptr;
    if (node.kind == NodeKind::Name) return one->find_by_name(node.text);
    if (node.kind == NodeKind::Path && node.children[0]->kind == NodeKind::Name) {
      const schema::Register* parent = pack_.schema.find(one->of);
      if (parent != nullptr && parent->name == node.children[0]->text) return parent->find_by_name(node.text);
    }
    return nullptr;
  }

  bool prepare() { return make_axes() && make_boxes(); }

  bool make_axes() {
    if (decision_.rules.empty()) return false;
    for (std::size_t i = 0; i < decision_.inputs.size(); ++i) {
      if (!decision_.inputs[i].present()) return false;
      std::vector<Value> constants;
      for (const DecisionRule& rule : decision_.rules) {
        if (i >= rule.tests.size() || !rule.tests[i] || !is_constant_test(*rule.tests[i])) return false;
        collect_constants(*rule.tests[i], constants);
      }
      std::optional<Axis> axis = make_axis(decision_.inputs[i], constants);
      if (axis && asks_for_null(i)) axis->points.push_back(Value()), axis->is_written.push_back(true);
      if (!axis || axis->points.empty()) return false;
      axes_.push_back(std::move(*axis));
    }
    return true;
  }

  // A missing value is a case of its own only where some rule speaks of it.
  bool asks_for_null(std::size_t input) const {
    bool found = false;
    for (const DecisionRule& rule : decision_.rules)
      walk(*rule.tests[input], [&](const Node& node) {
        found = found || (node.kind == NodeKind::Literal && node.value.is_null());
      });
    return found;
  }

  std::optional<Axis> make_axis(const Expression& input, const std::vector<Value>& constants) const {
    std::optional<Kind> kind = input.type.kind;
    if (!kind && !constants.empty()) kind = constants.front().kind();
    if (!kind || std::any_of(constants.begin(), constants.end(),
                             [&](const Value& one) { return one.kind() != *kind; })) {
      if (kind || !constants.empty()) return std::nullopt;
      return Axis{{Value()}, {false}};  // nothing but “-” is asked of it
    }
    switch (*kind) {
      case Kind::Boolean:
        return Axis{{Value(true), Value(false)}, {true, true}};
      case Kind::String:
        return code_axis(input, constants);
      case Kind::Number:
        return number_axis(input, constants);
      case Kind::Date:
        return date_axis(constants);
      default:
        return std::nullopt;
    }
  }

  Axis code_axis(const Expression& input, const std::vector<Value>& constants) const {
    Axis axis;
    auto has = [&](const std::string& code) {
      return std::any_of(axis.points.begin(), axis.points.end(),
                         [&](const Value& one) { return one.string() == code; });
    };
    const schema::Field* field = field_behind(input);
    const schema::Codes* codes =
        field == nullptr || field->codes.empty() ? nullptr : pack_.schema.find_codes(field->codes);
    for (const Value& one : constants)
      if (!has(one.string()) && (codes == nullptr || codes->find(one.string()) != nullptr))
        axis.points.push_back(one), axis.is_written.push_back(true);
    if (codes == nullptr) {
      axis.points.push_back(Value(std::string("其他")));
      axis.is_written.push_back(false);
      return axis;
    }
    for (const schema::CodeEntry& entry : codes->entries)
      if (!has(entry.code)) {
        axis.points.push_back(Value(entry.code));
        axis.is_written.push_back(false);
        break;
      }
    return axis;
  }

  Axis number_axis(const Expression& input, const std::vector<Value>& constants) const {
    std::vector<Decimal> ends;
    for (const Value& one : constants) ends.push_back(one.number());
    const schema::Field* field = field_behind(input);
    const auto least = field == nullptr ? std::nullopt : field->minimum;
    const auto most = field == nullptr ? std::nullopt : field->maximum;
    if (least) ends.push_back(*least);
    if (most) ends.push_back(*most);
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    Axis axis;
    auto add = [&](const Decimal& point, bool is_written) {
      if ((least && point < *least) || (most && point > *most)) return;
      axis.points.push_back(Value(point));
      axis.is_written.push_back(is_written);
    };
    if (ends.empty()) add(Decimal(0), false);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (i == 0) add(ends[i] - Decimal(1), false);
      add(ends[i], true);
      add(i + 1 < ends.size() ? (ends[i] + ends[i + 1]) * Decimal::scaled(5, -1) : ends[i] + Decimal(1),
          false);
    }
    return axis;
  }

  static Axis date_axis(const std::vector<Value>& constants) {
    std::vector<calendar::Date> ends;
    for (const Value& one : constants) ends.push_back(one.date());
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    Axis axis;
    auto add = [&](calendar::Date point, bool is_written) {
      axis.points.push_back(Value(point));
      axis.is_written.push_back(is_written);
    };
    if (ends.empty()) add(calendar::Date{}, false);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (i == 0) add(ends[i].plus_days(-1), false);
      add(ends[i], true);
      const calendar::Date next = ends[i].plus_days(1);
      if (i + 1 == ends.size() || next < ends[i + 1]) add(next, false);
    }
    return axis;
  }

  // Membership is asked of the interpreter itself, so that a table means here what it means in a run.
  bool make_boxes() {
    const feel::ContextEnvironment nothing{feel::Context{}};
    for (const DecisionRule& rule : decision_.rules) {
      Box box;
      for (std::size_t i = 0; i < axes_.size(); ++i) {
        Cells cells(axes_[i].points.size());
        for (std::size_t p = 0; p < cells.size(); ++p)
          cells[p] = rule.tests[i]->kind == NodeKind::TestAny ||
                     feel::evaluate_tests(*rule.tests[i], axes_[i].points[p], nothing).value.is_true();
        box.push_back(std::move(cells));
      }
      boxes_.push_back(std::move(box));
    }
    return true;
  }

  static bool is_empty(const Box& box) {
    return std::any_of(box.begin(), box.end(), [](const Cells& cells) { return !any(cells); });
  }

  // One point of a box; written values are preferred, they are what an official looks for.
  std::string example(const Box& box) const {
    std::string out;
    for (std::size_t i = 0; i < box.size(); ++i) {
      std::size_t chosen = box[i].size();
      for (std::size_t p = box[i].size(); p-- > 0;)
        if (box[i][p] && (chosen == box[i].size() || axes_[i].is_written[p] || !axes_[i].is_written[chosen]))
          chosen = p;
      const Value& point = axes_[i].points[chosen];
      if (point.is_null() && axes_[i].points.size() == 1) continue;  // whatever it is
      out += (out.empty() ? "" : "，") + decision_.inputs[i].text + " = " + point.to_feel();
    }
    return out.empty() ? "任何情形" : out;
  }

  static std::string row(std::size_t rule) { return std::to_string(rule + 1); }

  void report_never() {
    for (std::size_t r = 0; r < boxes_.size(); ++r)
      if (is_empty(boxes_[r]))  // a code that does not exist is told by resolve.cpp
        draft_.findings.add(
            "W-PACK-303", decision_.rules[r].place,
            {"第 " + row(r) + " 行永远不会命中：它的条件不可能成立。",
             "Row " + row(r) + " can never match: its tests cannot hold."},
            {"核对数值和字段的 min、max。", "Check the numbers, and min and max of the field."});
  }

  bool same_outputs(const DecisionRule& a, const DecisionRule& b) const {
    for (std::size_t o = 0; o < a.outputs.size(); ++o)
      if (!a.outputs[o].present() || !b.outputs[o].present() ||
          !same_tree(*a.outputs[o].tree, *b.outputs[o].tree))
        return false;
    return true;
  }

  void report_overlaps() {
    const bool unique = decision_.hit == HitPolicy::Unique;
    if (!unique && decision_.hit != HitPolicy::Any) return;
    for (std::size_t later = 1; later < boxes_.size(); ++later)
      for (std::size_t first = 0; first < later; ++first) {
        const auto shared = common(boxes_[first], boxes_[later]);
        if (!shared || (!unique && same_outputs(decision_.rules[first], decision_.rules[later]))) continue;
        const std::string rows_zh = "第 " + row(first) + " 行和第 " + row(later) + " 行";
        const std::string rows_en = "Rows " + row(first) + " and " + row(later);
        diagnostic::Diagnostic& found = draft_.findings.add(
            unique ? "E-PACK-301" : "E-PACK-304", decision_.rules[later].place,
            unique ? text::Words{rows_zh + "会同时命中，而 unique 只许一行。例如：" + example(*shared) + "。",
                                 rows_en + " both match, but unique allows one row only. For example: " +
                                     example(*shared) + "."}
                   : text::Words{rows_zh + "会同时命中而结果不同。例如：" + example(*shared) + "。",
                                 rows_en + " both match with different outputs. For example: " +
                                     example(*shared) + "."},
            {"改窄其中一行，或换成 hit: first。", "Narrow one of the rows, or use hit: first."});
        found.related.push_back(
            {decision_.rules[first].place, {"第 " + row(first) + " 行", "row " + row(first)}});
        break;  // one pair a row is enough to see what is wrong with it
      }
  }

  void report_masked() {
    if (decision_.hit != HitPolicy::First) return;
    for (std::size_t r = 1; r < boxes_.size(); ++r) {
      if (is_empty(boxes_[r])) continue;
      std::vector<Box> left = {boxes_[r]};
      for (std::size_t before = 0; before < r && !left.empty(); ++before)
        if (!subtract(left, boxes_[before])) return;
      if (left.empty())
        draft_.findings.add(
            "W-PACK-303", decision_.rules[r].place,
            {"第 " + row(r) + " 行永远轮不到：前面各行已经盖住它的全部情形。",
             "Row " + row(r) + " is never reached: the rows before it cover all of its cases."},
            {"把它移到前面，或删去。", "Move it up, or remove it."});
    }
  }

  static bool is_within(const Box& inner, const Box& outer) {
    for (std::size_t i = 0; i < inner.size(); ++i)
      if (any(only_first(inner[i], outer[i]))) return false;
    return true;
  }

  // A row whose cases another row covers with the same outputs changes nothing; where outputs are added up,
  // the same row twice counts twice.
  void report_needless() {
    const bool adds = decision_.hit == HitPolicy::CollectSum || decision_.hit == HitPolicy::CollectCount;
    const bool one_of = decision_.hit == HitPolicy::Any || decision_.hit == HitPolicy::First;
    if (!adds && !one_of) return;
    for (std::size_t r = 0; r < boxes_.size(); ++r) {
      if (is_empty(boxes_[r])) continue;
      for (std::size_t other = 0; other < boxes_.size(); ++other) {
        if (other == r || !same_outputs(decision_.rules[r], decision_.rules[other])) continue;
        if (!is_within(boxes_[r], boxes_[other])) continue;
        const bool is_twin = boxes_[r] == boxes_[other];
        if (adds ? !is_twin || other > r : is_twin && other > r) continue;
        // In a `first` table an earlier row is needless only if no row between takes its cases to another
        // output.
        if (decision_.hit == HitPolicy::First) {
          if (other < r) continue;  // that is W-PACK-303
          bool is_between = false;
          for (std::size_t k = r + 1; k < other; ++k)
            is_between = is_between || (common(boxes_[r], boxes_[k]) &&
                                        !same_outputs(decision_.rules[r], decision_.rules[k]));
          if (is_between) continue;
        }
        diagnostic::Diagnostic& found = draft_.findings.add(
            "W-PACK-306", decision_.rules[r].place,
            adds ? text::Words{"第 " + row(r) + " 行与第 " + row(other) + " 行完全一样，会算两次。例如：" +
                                   example(boxes_[r]) + "。",
                               "Row " + row(r) + " is row " + row(other) +
                                   " again and counts twice. For example: " + example(boxes_[r]) + "."}
                 : text::Words{"第 " + row(r) + " 行是多余的：第 " + row(other) +
                                   " 行盖住它的全部情形，结果相同。例如：" + example(boxes_[r]) + "。",
                               "Row " + row(r) + " is needless: row " + row(other) +
                                   " covers all of its cases with the same outputs. For example: " +
                                   example(boxes_[r]) + "."},
            {"删去这一行，或核对它的条件。", "Remove the row, or check its tests."});
        found.related.push_back(
            {decision_.rules[other].place, {"第 " + row(other) + " 行", "row " + row(other)}});
        break;
      }
    }
  }

  // A box that no rule covers, if that can be found out.
  std::optional<Box> gap() const {
    Box whole;
    for (const Axis& axis : axes_) whole.emplace_back(axis.points.size(), true);
    std::vector<Box> left = {whole};
    for (const Box& box : boxes_)
      if (!subtract(left, box)) return std::nullopt;
    if (left.empty()) return std::nullopt;
    return left.front();
  }

  void report_gap() {
    const HitPolicy hit = decision_.hit;
    const bool wants_all = hit == HitPolicy::Unique || hit == HitPolicy::Any || hit == HitPolicy::First ||
                           hit == HitPolicy::Priority;
    if (!wants_all || decision_.otherwise) return;
    const auto open = gap();
    if (!open) return;
    draft_.findings.add("W-PACK-302", place_of_key(draft_, decision_.place, "hit"),
                        {"表里没有一行管这种情形：" + example(*open) + "。",
                         "No row covers this case: " + example(*open) + "."},
                        {"补一行，或写 otherwise:。", "Add a row, or otherwise:."});
  }

  Draft& draft_;
  const Pack& pack_;
  const Decision& decision_;
  std::vector<Axis> axes_;
  std::vector<Box> boxes_;
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
