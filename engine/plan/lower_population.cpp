// What a value over a population asks of each record: whether it counts, the values of the lists its formula
// adds up, the codes it is cut by.
#include <algorithm>

#include "engine/plan/inside/lowering.h"

namespace tenglong::plan {
namespace {

using feel::NodeKind;
using feel::NodePtr;
using feel::Value;

constexpr std::string_view kRecords = "记录";
constexpr std::string_view kItem = "item";
constexpr std::string_view kSpan = "期间";
constexpr std::string_view kDistrict = "区县";

// A list over the records: one value each, or the record itself; `keep` where a filter stands before it.
struct Element {
  NodeId value = kNone;
  bool is_record = false;
  NodeId keep = kNone;
};

class PopulationLowering {
 public:
  PopulationLowering(const pack::Pack& pack, const Over& over, const calendar::Period& of_records)
      : over_(over), of_records_(of_records), lowering_(pack, of_records) {
    register_index_ = lowering_.names().register_index(over.register_id);
  }

  PopulationPlan lower() {
    PopulationPlan plan;
    plan.graph.period = of_records_;
    plan.register_index = register_index_;
    if (over_.where != nullptr && over_.where->present()) {
      try {
        const Stand stand = lowering_.stand_on(register_index_, Numbers::Rounded);
        plan.where = lowering_.as(Shape::Boolean, lowering_.expression(*with_span(over_.where->tree), stand));
      } catch (const CannotLower& reason) {
        plan.where_left = reason.why;
      }
    }
    for (const std::string& cut : *over_.by) {
      if (cut == kDistrict) {
        plan.cuts.push_back(kNone);
        continue;
      }
      try {
        plan.cuts.push_back(lowering_.grouped_by(cut, lowering_.stand_on(register_index_, Numbers::Rounded)));
      } catch (const CannotLower& reason) {
        plan.cuts.push_back(kNone);
        plan.cuts_left = cut + "：" + reason.why;
      }
    }
    if (over_.formula != nullptr && over_.formula->present()) find_lists(over_.formula->tree, plan);
    plan.graph.nodes = lowering_.take();
    return plan;
  }

 private:
  // 期间 is a range of two dates, written in its place.
  NodePtr with_span(const NodePtr& tree) const {
    if (!over_.span) return tree;
    return replaced(tree, [&](const feel::Node& node) -> NodePtr {
      if (node.kind != NodeKind::Name || node.text != kSpan) return nullptr;
      auto range = std::make_shared<feel::Node>();
      range->kind = NodeKind::RangeLiteral;
      range->span = node.span;
      range->text = "[]";
      for (const calendar::Date& date : {over_.span->from, over_.span->to}) {
        auto end = std::make_shared<feel::Node>();
        end->span = node.span;
        end->value = Value(date);
        range->children.push_back(std::move(end));
      }
      return range;
    });
  }

  // Aggregate calls of the formula, outermost first. Inside a loop or a filter names may be bound: not looked
  // into.
  void find_lists(const NodePtr& tree, PopulationPlan& plan) {
    switch (tree->kind) {
      case NodeKind::For:
      case NodeKind::Some:
      case NodeKind::Every:
      case NodeKind::Filter:
      case NodeKind::FunctionLiteral:
      case NodeKind::ContextLiteral:
        return;
      default:
        break;
    }
    static const char* const kCalls[] = {"sum", "mean", "min", "max", "median", "stddev", "mode", "count"};
    const bool is_call = tree->kind == NodeKind::Call && tree->children.size() == 2 &&
                         tree->children[0]->kind == NodeKind::Name && tree->argument_names.empty() &&
                         std::any_of(std::begin(kCalls), std::end(kCalls),
                                     [&](const char* name) { return tree->children[0]->text == name; });
    if (!is_call) {
      for (const NodePtr& child : tree->children) find_lists(child, plan);
      return;
    }
    const std::string& name = tree->children[0]->text;
    if (is_scalar(*tree->children[1])) return;  // max(年度): one value, not a list
    try {
      const Element element = list(tree->children[1]);
      const bool adds = name == "sum" || name == "mean";
      if (name != "count" && element.is_record) throw CannotLower{name + " 的不是值"};
      if (adds && lowering_.at(element.value).shape != Shape::Number) throw CannotLower{name + " 的不是数"};
      plan.lists.push_back(
          {.call = tree.get(), .function = name, .value = element.value, .keep = element.keep});
    } catch (const CannotLower& reason) {
      plan.lists_left.push_back(name + "：" + reason.why);
    }
  }

  const Slot* slot_of(const feel::Node& tree) const {
    return tree.kind == NodeKind::Name ? lowering_.names().find(register_index_, tree.text) : nullptr;
  }
  bool is_scalar(const feel::Node& tree) const {
    const Slot* slot = slot_of(tree);
    return slot != nullptr && (slot->kind == Slot::Kind::Population || slot->kind == Slot::Kind::Parameter ||
                               slot->kind == Slot::Kind::Year);
  }

  Element list(const NodePtr& tree) {
    const Stand stand = lowering_.stand_on(register_index_, Numbers::Unrounded);
    switch (tree->kind) {
      case NodeKind::Name: {
        if (tree->text == kRecords) return {.is_record = true};
        const Slot* slot = slot_of(*tree);
        if (slot == nullptr || (slot->kind != Slot::Kind::Field && slot->kind != Slot::Kind::Indicator &&
                                slot->kind != Slot::Kind::Decision))
          throw CannotLower{"“" + tree->text + "”不是一列值"};
        return {.value = lowering_.named(tree->text, stand)};
      }
      case NodeKind::Path: {
        const feel::Node& head = *tree->children[0];
        if (const Slot* slot = slot_of(head);
            slot != nullptr && (slot->kind == Slot::Kind::Parent || slot->kind == Slot::Kind::Previous)) {
          const Slot* member = lowering_.names().find(register_index_, tree->text);
          if (slot->kind == Slot::Kind::Previous && member != nullptr &&
              member->kind == Slot::Kind::Population)
            throw CannotLower{"上期的总体值是一个数"};
          return {.value = lowering_.expression(*tree, stand)};
        }
        Element from = list(tree->children[0]);
        if (!from.is_record || !is_member(tree->text)) throw CannotLower{"“" + tree->text + "”的成员"};
        return {.value = lowering_.named(tree->text, stand), .keep = from.keep};
      }
      case NodeKind::For: {
        if (tree->children.size() != 2 || tree->argument_names.size() != 1)
          throw CannotLower{"多个变量的 for"};
        const std::string& variable = tree->argument_names[0];
        const Element from = list(tree->children[0]);
        const NodeId value = per_item(tree->children[1], variable, from, false);
        return {.value = value, .keep = from.keep};
      }
      case NodeKind::Filter: {
        Element from = list(tree->children[0]);
        const NodeId condition = per_item(tree->children[1], std::string(kItem), from, true);
        if (lowering_.at(condition).shape != Shape::Boolean) throw CannotLower{"筛选不是判断"};
        const NodeId keeps = lowering_.make(Op::IsTrue, Shape::Boolean, {condition});
        from.keep = from.keep == kNone ? keeps : lowering_.make(Op::And, Shape::Boolean, {from.keep, keeps});
        return from;
      }
      default:
        throw CannotLower{"这种列表没有列形式"};
    }
  }

  // What a context 记录 holds: fields and indicators of the record.
  bool is_member(const std::string& name) const {
    const Slot* slot = lowering_.names().find(register_index_, name);
    return slot != nullptr && (slot->kind == Slot::Kind::Field || slot->kind == Slot::Kind::Indicator);
  }

  // The body of a loop or a filter for one item. `members`: in a filter, members of a record are names.
  NodeId per_item(const NodePtr& body, const std::string& variable, const Element& item, bool members) {
    check_names(*body, variable, item, members);
    Stand stand = lowering_.stand_on(register_index_, Numbers::Unrounded);
    if (item.is_record) {
      const NodePtr open = replaced(body, [&](const feel::Node& node) -> NodePtr {
        const bool is_member_of_it = node.kind == NodeKind::Path &&
                                     node.children[0]->kind == NodeKind::Name &&
                                     node.children[0]->text == variable;
        return is_member_of_it ? name_node(node.text, node) : nullptr;
      });
      return lowering_.expression(*open, stand);
    }
    const std::map<std::string, NodeId> given{{variable, item.value}};
    stand.given = &given;
    return lowering_.expression(*body, stand);
  }

  // A loop's body may name its variable and what is one value for all; other names would be whole lists
  // there.
  void check_names(const feel::Node& tree, const std::string& variable, const Element& item, bool members) {
    switch (tree.kind) {
      case NodeKind::For:
      case NodeKind::Some:
      case NodeKind::Every:
      case NodeKind::Filter:
      case NodeKind::FunctionLiteral:
      case NodeKind::ContextLiteral:
        throw CannotLower{"循环里的循环"};
      case NodeKind::Path:
        if (tree.children[0]->kind == NodeKind::Name && tree.children[0]->text == variable) {
          if (item.is_record ? !is_member(tree.text) : true) throw CannotLower{"“" + tree.text + "”的成员"};
          return;
        }
        break;
      case NodeKind::Name: {
        if (tree.text == variable) {
          if (item.is_record) throw CannotLower{"记录整体使用"};
          return;
        }
        if (members && item.is_record && is_member(tree.text)) return;
        // One value for all records of the run's own period; of others it would be worked out for theirs.
        if (is_scalar(tree) && of_records_ == over_.period) return;
        throw CannotLower{"“" + tree.text + "”在循环里是一列"};
      }
      case NodeKind::Call: {
        const feel::Node& callee = *tree.children[0];
        if (callee.kind != NodeKind::Name) throw CannotLower{"函数不是名称"};
        if (slot_of(callee) != nullptr) check_names(callee, variable, item, members);
        for (std::size_t i = 1; i < tree.children.size(); ++i)
          check_names(*tree.children[i], variable, item, members);
        return;
      }
      default:
        break;
    }
    for (const NodePtr& child : tree.children) check_names(*child, variable, item, members);
  }

  const Over& over_;
  calendar::Period of_records_;
  Lowering lowering_;
  int register_index_ = -1;
};

}  // namespace

NodePtr name_node(std::string text, const feel::Node& at) {
  auto node = std::make_shared<feel::Node>();
  node->kind = NodeKind::Name;
  node->span = at.span;
  node->text = std::move(text);
  return node;
}

NodePtr replaced(const NodePtr& tree, const std::function<NodePtr(const feel::Node&)>& instead) {
  if (NodePtr other = instead(*tree)) return other;
  if (tree->children.empty()) return tree;
  auto copy = std::make_shared<feel::Node>(*tree);
  for (NodePtr& child : copy->children) child = replaced(child, instead);
  return copy;
}

Over over_of(const pack::Indicator& indicator, const calendar::Period& period) {
  if (!indicator.related.empty())
    return {.register_id = indicator.related,
            .where = &indicator.where,
            .formula = &indicator.formula,
            .by = &indicator.by,
            .to_unit = indicator.to_unit,
            .period = period,
            .span = period};
  return {.register_id = indicator.over,
          .where = &indicator.where,
          .formula = &indicator.formula,
          .by = &indicator.by,
          .to_unit = indicator.to_unit,
          .period = period};
}

calendar::Period period_of(const pack::Target& target, const calendar::Period& run) {
  if (target.kind != pack::TargetKind::Cumulative || !target.from || !target.to) return run;
  // What came after the year that is asked for is not in its figure; before its beginning it holds nothing.
  const calendar::Date to = std::min(*target.to, run.to);
  if (const auto year = calendar::Period::year(to.year); year.from == *target.from && year.to == to)
    return year;
  return calendar::Period::span(*target.from, to)
      .value_or(calendar::Period{.kind = calendar::PeriodKind::Span, .from = *target.from, .to = to});
}

Over over_of(const pack::Target& target, const calendar::Period& run) {
  const calendar::Period period = period_of(target, run);
  return {.register_id = target.over,
          .where = &target.where,
          .formula = &target.formula,
          .by = &target.by,
          .to_unit = target.to_unit,
          .period = period,
          .span = period};
}

PopulationPlan lower_population(const pack::Pack& pack, const Over& over,
                                const calendar::Period& of_records) {
  return PopulationLowering(pack, over, of_records).lower();
}

std::string PopulationPlan::left_to_interpreter() const {
  std::string left;
  const auto add = [&](const char* what, const std::string& why) {
    if (!why.empty()) left += (left.empty() ? "" : "；") + std::string(what) + why;
  };
  add("范围：", where_left);
  add("分组：", cuts_left);
  for (const std::string& each : lists_left) add("", each);
  return left;
}

}  // namespace tenglong::plan
