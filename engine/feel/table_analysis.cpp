#include "engine/feel/table_analysis.h"

#include <algorithm>
#include <functional>

#include "engine/feel/evaluate.h"

namespace tenglong::feel {

namespace {

using Cells = std::vector<bool>;  // which elementary values of one input
using Box = std::vector<Cells>;   // one Cells an input

// More than this is not worth the wait; the table stays undecided.
constexpr std::size_t kMostBoxes = 4'000;
constexpr std::size_t kMostTests = 400'000;

struct Axis {
  std::vector<Value> points;     // one value out of each elementary stretch
  std::vector<bool> is_written;  // an end point or text that stands in the table: the better example
  void add(Value point, bool written) {
    points.push_back(std::move(point));
    is_written.push_back(written);
  }
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
bool subtract_box(std::vector<Box>& boxes, const Box& taken) {
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

bool is_empty(const Box& box) {
  return std::any_of(box.begin(), box.end(), [](const Cells& cells) { return !any(cells); });
}
bool is_within(const Box& inner, const Box& outer) {
  for (std::size_t i = 0; i < inner.size(); ++i)
    if (any(only_first(inner[i], outer[i]))) return false;
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
                     [](const NodePtr& child) { return !child || is_constant_test(*child); });
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
    for (const NodePtr& child : node.children)
      if (child) collect_constants(*child, out);
}

bool asks_for_null(const Node& node) {
  return (node.kind == NodeKind::Literal && node.value.is_null()) ||
         std::any_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return child && asks_for_null(*child); });
}

template <typename Point>
void sort_unique(std::vector<Point>& points) {
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
}

Axis text_axis(const TableInput& input, const std::vector<Value>& constants) {
  Axis axis;
  const auto has = [&](const Value& wanted) {
    return std::any_of(axis.points.begin(), axis.points.end(),
                       [&](const Value& one) { return one.string() == wanted.string(); });
  };
  const auto is_listed = [&](const Value& wanted) {
    return input.listed.empty() ||
           std::any_of(input.listed.begin(), input.listed.end(), [&](const Value& one) {
             return one.kind() == Kind::String && one.string() == wanted.string();
           });
  };
  for (const Value& one : constants)
    if (!has(one) && is_listed(one)) axis.add(one, true);
  if (input.listed.empty()) {
    axis.add(Value(std::string("其他")), false);
    return axis;
  }
  for (const Value& one : input.listed)
    if (one.kind() == Kind::String && !has(one)) {
      axis.add(one, false);
      break;
    }
  return axis;
}

Axis number_axis(const TableInput& input, const std::vector<Value>& constants) {
  std::vector<Decimal> ends;
  for (const Value& one : constants) ends.push_back(one.number());
  if (input.minimum) ends.push_back(*input.minimum);
  if (input.maximum) ends.push_back(*input.maximum);
  sort_unique(ends);
  Axis axis;
  const auto add = [&](const Decimal& point, bool is_written) {
    if ((input.minimum && point < *input.minimum) || (input.maximum && point > *input.maximum)) return;
    axis.add(Value(point), is_written);
  };
  if (ends.empty()) add(Decimal(0), false);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (i == 0) add(ends[i] - Decimal(1), false);
    add(ends[i], true);
    add(i + 1 < ends.size() ? (ends[i] + ends[i + 1]) * Decimal::scaled(5, -1) : ends[i] + Decimal(1), false);
  }
  return axis;
}

Axis date_axis(const std::vector<Value>& constants) {
  std::vector<calendar::Date> ends;
  for (const Value& one : constants) ends.push_back(one.date());
  sort_unique(ends);
  Axis axis;
  if (ends.empty()) axis.add(Value(calendar::Date{}), false);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (i == 0) axis.add(Value(ends[i].plus_days(-1)), false);
    axis.add(Value(ends[i]), true);
    const calendar::Date next = ends[i].plus_days(1);
    if (i + 1 == ends.size() || next < ends[i + 1]) axis.add(Value(next), false);
  }
  return axis;
}

std::string number_of(std::size_t index) { return std::to_string(index + 1); }

class Analysis {
 public:
  Analysis(const std::vector<TableInput>& inputs, const std::vector<TableRule>& rules, TablePolicy policy)
      : inputs_(inputs), rules_(rules), policy_(policy) {}

  TableAnalysis run(bool must_cover) {
    out_.is_decided = prepare();
    if (!out_.is_decided) return std::move(out_);
    never();
    overlaps();
    masked();
    needless();
    if (must_cover) gap();
    return std::move(out_);
  }

 private:
  bool undecided(std::string zh, std::string en) {
    out_.why_not = {std::move(zh), std::move(en)};
    return false;
  }

  bool prepare() {
    if (rules_.empty()) return undecided("表里没有一行。", "The table has no row.");
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      if (!make_axis(i)) return false;
    std::size_t tests = 0;
    for (const Axis& axis : axes_) tests += axis.points.size() * rules_.size();
    if (tests > kMostTests) return undecided("行与取值太多。", "There are too many rows and values.");
    const ContextEnvironment nothing{Context{}};
    for (const TableRule& rule : rules_) {
      Box box;
      for (std::size_t i = 0; i < axes_.size(); ++i) {
        Cells cells(axes_[i].points.size());
        for (std::size_t p = 0; p < cells.size(); ++p)
          cells[p] = rule.tests[i]->kind == NodeKind::TestAny ||
                     evaluate_tests(*rule.tests[i], axes_[i].points[p], nothing).value.is_true();
        box.push_back(std::move(cells));
      }
      boxes_.push_back(std::move(box));
    }
    return true;
  }

  bool make_axis(std::size_t i) {
    std::vector<Value> constants;
    bool has_null = false;
    for (std::size_t r = 0; r < rules_.size(); ++r) {
      if (i >= rules_[r].tests.size() || !rules_[r].tests[i])
        return undecided("第 " + number_of(r) + " 行第 " + number_of(i) + " 格看不懂。",
                         "Row " + number_of(r) + " has a cell that is not understood.");
      const Node& test = *rules_[r].tests[i];
      if (!is_constant_test(test))
        return undecided("第 " + number_of(r) + " 行第 " + number_of(i) + " 格不全是写定的值。",
                         "Cell " + number_of(i) + " of row " + number_of(r) + " is not made of constants.");
      collect_constants(test, constants);
      has_null = has_null || asks_for_null(test);
    }
    std::optional<Kind> kind = inputs_[i].kind;
    if (!kind && !constants.empty()) kind = constants.front().kind();
    if (kind && std::any_of(constants.begin(), constants.end(),
                            [&](const Value& one) { return one.kind() != *kind; }))
      return undecided("第 " + number_of(i) + " 列里有不同类的值。",
                       "Column " + number_of(i) + " holds values of several kinds.");
    Axis axis;
    if (!kind) {
      axis.add(Value(), false);  // nothing but “-” is asked of it
    } else {
      switch (*kind) {
        case Kind::Boolean:
          axis.add(Value(true), true);
          axis.add(Value(false), true);
          break;
        case Kind::String:
          axis = text_axis(inputs_[i], constants);
          break;
        case Kind::Number:
          axis = number_axis(inputs_[i], constants);
          break;
        case Kind::Date:
          axis = date_axis(constants);
          break;
        default:
          if (!constants.empty())
            return undecided("第 " + number_of(i) + " 列是" + std::string(kind_name(*kind)) + "，不分析。",
                             std::string("Column ") + number_of(i) + " is a " + kind_name(*kind) + ".");
          axis.add(Value(), false);
      }
    }
    if (has_null && kind) axis.add(Value(), true);
    if (axis.points.empty())
      return undecided("第 " + number_of(i) + " 列没有可取的值。",
                       "Column " + number_of(i) + " has no possible value.");
    axes_.push_back(std::move(axis));
    return true;
  }

  // One point of a box; written values are preferred, they are what an official looks for.
  std::vector<std::optional<Value>> example(const Box& box) const {
    std::vector<std::optional<Value>> out;
    for (std::size_t i = 0; i < box.size(); ++i) {
      std::size_t chosen = box[i].size();
      for (std::size_t p = box[i].size(); p-- > 0;)
        if (box[i][p] && (chosen == box[i].size() || axes_[i].is_written[p] || !axes_[i].is_written[chosen]))
          chosen = p;
      const Value& point = axes_[i].points[chosen];
      const bool is_whatever = point.is_null() && axes_[i].points.size() == 1;
      out.push_back(is_whatever ? std::nullopt : std::optional(point));
    }
    return out;
  }
  void tell(TableFinding::What what, std::size_t rule, std::size_t other, const Box& box) {
    out_.findings.push_back({what, rule, other, example(box)});
  }

  bool same_outputs(std::size_t a, std::size_t b) const {
    for (std::size_t o = 0; o < rules_[a].outputs.size(); ++o) {
      const NodePtr& left = rules_[a].outputs[o];
      const NodePtr& right = rules_[b].outputs[o];
      if (!left || !right || !is_same_tree(*left, *right)) return false;
    }
    return true;
  }

  void never() {
    for (std::size_t r = 0; r < boxes_.size(); ++r)
      if (is_empty(boxes_[r])) out_.findings.push_back({TableFinding::What::Never, r, r, {}});
  }

  // One pair a row is enough to see what is wrong with it.
  void overlaps() {
    if (policy_ != TablePolicy::Unique && policy_ != TablePolicy::Any) return;
    for (std::size_t later = 1; later < boxes_.size(); ++later)
      for (std::size_t first = 0; first < later; ++first) {
        const auto shared = common(boxes_[first], boxes_[later]);
        if (!shared || (policy_ == TablePolicy::Any && same_outputs(first, later))) continue;
        tell(policy_ == TablePolicy::Unique ? TableFinding::What::Overlap : TableFinding::What::Different,
             later, first, *shared);
        break;
      }
  }

  void masked() {
    if (policy_ != TablePolicy::First) return;
    for (std::size_t r = 1; r < boxes_.size(); ++r) {
      if (is_empty(boxes_[r])) continue;
      std::vector<Box> left = {boxes_[r]};
      for (std::size_t before = 0; before < r && !left.empty(); ++before)
        if (!subtract_box(left, boxes_[before])) return;
      if (left.empty()) tell(TableFinding::What::Masked, r, r, boxes_[r]);
    }
  }

  // A row whose cases another row covers with the same outputs changes nothing; where outputs are added up,
  // the same row twice counts twice.
  void needless() {
    const bool adds = policy_ == TablePolicy::Adds;
    if (!adds && policy_ != TablePolicy::Any && policy_ != TablePolicy::First) return;
    for (std::size_t r = 0; r < boxes_.size(); ++r) {
      if (is_empty(boxes_[r])) continue;
      for (std::size_t other = 0; other < boxes_.size(); ++other) {
        if (other == r || !same_outputs(r, other) || !is_within(boxes_[r], boxes_[other])) continue;
        const bool is_twin = boxes_[r] == boxes_[other];
        if (adds ? !is_twin || other > r : is_twin && other > r) continue;
        if (policy_ == TablePolicy::First) {
          if (other < r) continue;  // that row is masked
          // Needless only if no row between takes its cases to another output.
          bool is_between = false;
          for (std::size_t k = r + 1; k < other; ++k)
            is_between = is_between || (common(boxes_[r], boxes_[k]) && !same_outputs(r, k));
          if (is_between) continue;
        }
        tell(adds ? TableFinding::What::Twin : TableFinding::What::Needless, r, other, boxes_[r]);
        break;
      }
    }
  }

  void gap() {
    Box whole;
    for (const Axis& axis : axes_) whole.emplace_back(axis.points.size(), true);
    std::vector<Box> left = {whole};
    for (const Box& box : boxes_)
      if (!subtract_box(left, box)) {
        out_.why_not = {"情形太多，没有查漏。", "There are too many cases to look for gaps."};
        return;
      }
    if (!left.empty()) tell(TableFinding::What::Gap, 0, 0, left.front());
  }

  const std::vector<TableInput>& inputs_;
  const std::vector<TableRule>& rules_;
  TablePolicy policy_;
  TableAnalysis out_;
  std::vector<Axis> axes_;
  std::vector<Box> boxes_;
};

}  // namespace

TableAnalysis analyse_table(const std::vector<TableInput>& inputs, const std::vector<TableRule>& rules,
                            TablePolicy policy, bool must_cover) {
  return Analysis(inputs, rules, policy).run(must_cover);
}

std::string example_text(const TableFinding& finding, const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < finding.example.size(); ++i)
    if (finding.example[i])
      out += (out.empty() ? "" : "，") + names[i] + " = " + finding.example[i]->to_feel();
  return out;
}

bool is_same_tree(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.children.size() != b.children.size() ||
      a.argument_names != b.argument_names)
    return false;
  if (a.kind == NodeKind::Literal && a.value.to_feel() != b.value.to_feel()) return false;
  for (std::size_t i = 0; i < a.children.size(); ++i)
    if (!is_same_tree(*a.children[i], *b.children[i])) return false;
  return true;
}

}  // namespace tenglong::feel
