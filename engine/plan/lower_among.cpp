// A record among others: its share, rank or percentile, and figures over the records that belong to it. Both
// are columns made for the run; what stands around them is ordinary arithmetic.
#include <algorithm>

#include "engine/plan/inside/lowering.h"

namespace tenglong::plan {
namespace {

using feel::NodeKind;
using feel::NodePtr;

// Outside its aggregates a formula over related records may use what is one value for all of them.
class OneValue {
 public:
  OneValue(const NameTable& names, int register_index) : names_(names), register_index_(register_index) {}

  void check(const feel::Node& tree, const std::map<const feel::Node*, std::string>& calls) const {
    if (calls.count(&tree) != 0) return;
    switch (tree.kind) {
      case NodeKind::For:
      case NodeKind::Some:
      case NodeKind::Every:
      case NodeKind::Filter:
      case NodeKind::FunctionLiteral:
      case NodeKind::ContextLiteral:
        throw CannotLower{"合计之外的列表"};
      case NodeKind::Name:
        if (!is_one_value(tree.text)) throw CannotLower{"“" + tree.text + "”在合计之外是一列"};
        return;
      case NodeKind::Path: {
        const feel::Node& head = *tree.children[0];
        const Slot* slot = head.kind == NodeKind::Name ? names_.find(register_index_, head.text) : nullptr;
        const Slot* member = names_.find(register_index_, tree.text);
        if (slot == nullptr || slot->kind != Slot::Kind::Previous || member == nullptr ||
            member->kind != Slot::Kind::Population)
          throw CannotLower{"“" + tree.text + "”的成员"};
        return;
      }
      case NodeKind::Call: {
        const feel::Node& callee = *tree.children[0];
        if (callee.kind != NodeKind::Name) throw CannotLower{"函数不是名称"};
        if (names_.find(register_index_, callee.text) != nullptr && !is_one_value(callee.text))
          throw CannotLower{"调用“" + callee.text + "”"};
        for (std::size_t i = 1; i < tree.children.size(); ++i) check(*tree.children[i], calls);
        return;
      }
      default:
        for (const NodePtr& child : tree.children) check(*child, calls);
    }
  }

 private:
  bool is_one_value(const std::string& name) const {
    const Slot* slot = names_.find(register_index_, name);
    return slot != nullptr && (slot->kind == Slot::Kind::Population || slot->kind == Slot::Kind::Parameter ||
                               slot->kind == Slot::Kind::Year);
  }
  const NameTable& names_;
  int register_index_;
};

}  // namespace

NodeId Lowering::standing(const pack::Indicator& each, const Stand& stand) {
  return add({.op = Op::Standing,
              .shape = Shape::Number,
              .hops = stand.hops,
              .register_index = stand.register_index,
              .period = stand.period,
              .indicator = &each});
}

NodeId Lowering::related(const pack::Indicator& each, const Stand& stand) {
  const PopulationPlan there = lower_population(pack_, over_of(each, stand.period), stand.period);
  std::map<const feel::Node*, std::string> calls;
  std::map<std::string, NodeId> given;
  for (const ListPlan& list : there.lists) {
    const bool gives_number =
        list.value == kNone || there.graph.nodes[static_cast<std::size_t>(list.value)].shape == Shape::Number;
    if (list.function == "mode" || (list.function != "count" && !gives_number)) continue;
    const std::string name = "合计" + std::to_string(calls.size() + 1);
    calls.emplace(list.call, name);
    given.emplace(name, add({.op = Op::Related,
                             .shape = Shape::Number,
                             .hops = stand.hops,
                             .register_index = stand.register_index,
                             .period = stand.period,
                             .indicator = &each,
                             .call = list.call}));
  }
  const int register_index = names_.register_index(each.related);
  OneValue(names_, register_index).check(*each.formula.tree, calls);
  const NodePtr open = replaced(each.formula.tree, [&](const feel::Node& node) -> NodePtr {
    const auto call = calls.find(&node);
    return call == calls.end() ? nullptr : name_node(call->second, node);
  });
  Stand scalars = stand_on(register_index, Numbers::Unrounded);
  scalars.period = stand.period;
  scalars.given = &given;
  return expression(*open, scalars);
}

StandingPlan lower_standing(const pack::Pack& pack, const pack::Indicator& each,
                            const calendar::Period& of_records) {
  StandingPlan plan;
  plan.graph.period = of_records;
  Lowering lowering(pack, of_records);
  plan.register_index = lowering.names().register_index(each.of);
  const Stand conditions = lowering.stand_on(plan.register_index, Numbers::Rounded);
  const bool is_share = each.as == pack::Indicator::As::Share;
  try {
    if (each.where.present()) plan.counted = lowering.block(each.where, Shape::Boolean, conditions);
    if (each.not_applicable_if.present()) {
      const NodeId applies = lowering.make(
          Op::Not, Shape::Boolean, {lowering.block(each.not_applicable_if, Shape::Boolean, conditions)});
      plan.counted =
          plan.counted == kNone ? applies : lowering.make(Op::And, Shape::Boolean, {plan.counted, applies});
    }
    plan.value =
        lowering.block(each.formula, Shape::Number,
                       is_share ? lowering.stand_on(plan.register_index, Numbers::Unrounded) : conditions);
    if (!is_share) plan.value = lowering.rounded(plan.value, each.rounding.value_or(pack.head.rounding));
    if (lowering.at(plan.value).op == Op::Constant) throw CannotLower{"各户的值相同"};
    for (const std::string& name : each.within) {
      const NodeId part = lowering.grouped_by(name, conditions);
      const Node& grouped = lowering.at(part);
      if (grouped.shape == Shape::Date || (grouped.shape == Shape::Number && grouped.op != Op::Round))
        throw CannotLower{"按“" + name + "”的值分组"};
      plan.group.push_back(part);
    }
  } catch (const CannotLower& reason) {
    plan.left_to_interpreter = reason.why;
  }
  plan.graph.nodes = lowering.take();
  return plan;
}

}  // namespace tenglong::plan
