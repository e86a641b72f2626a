// Unary tests and decision tables.
#include <algorithm>

#include "engine/plan/inside/lowering.h"

namespace tenglong::plan {
namespace {

using feel::NodeKind;
using feel::Value;

bool mentions_tested(const feel::Node& tree) {
  return tree.kind == NodeKind::Wildcard ||
         std::any_of(tree.children.begin(), tree.children.end(),
                     [](const feel::NodePtr& child) { return mentions_tested(*child); });
}

}  // namespace

NodeId Lowering::in_range(const feel::Node& range, const Stand& stand) {
  const NodeId low = expression(*range.children[0], stand), high = expression(*range.children[1], stand);
  const auto bounded = [&](NodeId id) { return at(id).shape == at(stand.tested).shape; };
  if (!bounded(low) || !bounded(high)) throw CannotLower{"区间的端点"};
  const NodeId above = comparison(range.text.front() == '[' ? ">=" : ">", stand.tested, low);
  const NodeId below = comparison(range.text.back() == ']' ? "<=" : "<", stand.tested, high);
  return make(Op::And, Shape::Boolean, {above, below});
}

NodeId Lowering::tests(const feel::Node& tree, const Stand& stand) {
  switch (tree.kind) {
    case NodeKind::TestAny:
      return constant(Value(true), Shape::Boolean);
    case NodeKind::TestList: {
      NodeId any = kNone;
      for (const feel::NodePtr& child : tree.children) {
        const NodeId each = tests(*child, stand);
        any = any == kNone ? each : make(Op::Or, Shape::Boolean, {any, each});
      }
      return any;
    }
    case NodeKind::TestNot: {
      NodeId any = kNone;
      for (const feel::NodePtr& child : tree.children) {
        const NodeId each = tests(*child, stand);
        any = any == kNone ? each : make(Op::Or, Shape::Boolean, {any, each});
      }
      return make(Op::Not, Shape::Boolean, {any});
    }
    case NodeKind::TestCompare:
      return comparison(tree.text, stand.tested, expression(*tree.children[0], stand));
    case NodeKind::RangeLiteral:
      return in_range(tree, stand);
    case NodeKind::TestExpression: {
      const feel::Node& inner = *tree.children[0];
      if (inner.kind == NodeKind::RangeLiteral) return in_range(inner, stand);
      if (mentions_tested(inner)) {
        const NodeId value = expression(inner, stand);
        if (at(value).shape != Shape::Boolean) throw CannotLower{"含 ? 的单元格不是判断"};
        return value;
      }
      if (inner.kind == NodeKind::ListLiteral) {
        NodeId any = kNone;
        for (const feel::NodePtr& child : inner.children) {
          if (child->kind == NodeKind::RangeLiteral || child->kind == NodeKind::ListLiteral)
            throw CannotLower{"列表里的列表"};
          const NodeId each = comparison("=", stand.tested, expression(*child, stand));
          any = any == kNone ? each : make(Op::Or, Shape::Boolean, {any, each});
        }
        if (any == kNone) throw CannotLower{"空列表"};
        return any;
      }
      return comparison("=", stand.tested, expression(inner, stand));
    }
    default:
      return comparison("=", stand.tested, expression(tree, stand));
  }
}

NodeId Lowering::decision(const pack::Decision& each, const Stand& stand) {
  using pack::HitPolicy;
  Stand inner = stand;
  inner.numbers = Numbers::Rounded;
  inner.given = nullptr;
  inner.given_lists = nullptr;
  inner.tested = kNone;
  const Shape shape = each.hit == HitPolicy::CollectCount ? Shape::Number
                      : each.outputs.size() == 1          ? shape_of(each.outputs[0].type)
                                                          : Shape::Null;
  try {
    if (shape == Shape::Null) throw CannotLower{"判定“" + each.name + "”的结果没有列形式"};
    std::vector<NodeId> matches, outputs;
    for (const pack::DecisionRule& rule : each.rules) {
      std::vector<NodeId> cells;
      for (std::size_t i = 0; i < each.inputs.size(); ++i) {
        Stand cell = inner;
        cell.tested = expression(*each.inputs[i].tree, inner);
        cells.push_back(make(Op::IsTrue, Shape::Boolean, {tests(*rule.tests[i], cell)}));
      }
      // 并列的真: constants drop out, so that an all-"-" rule is the constant true.
      std::vector<NodeId> open;
      for (const NodeId cell : cells)
        if (!(at(cell).op == Op::Constant && at(cell).constant.is_true())) open.push_back(cell);
      matches.push_back(all_of(open));
      if (each.hit != HitPolicy::CollectCount)
        outputs.push_back(as(shape, expression(*rule.outputs[0].tree, inner)));
    }
    if (each.hit == HitPolicy::CollectCount) return make(Op::CountOf, Shape::Number, matches);

    Value fallback = each.otherwise.value_or(Value());
    const NodeId otherwise = as(shape, constant(fallback, fallback.is_null() ? Shape::Null : shape));
    std::vector<NodeId> pairs;
    for (std::size_t i = 0; i < matches.size(); ++i) pairs.insert(pairs.end(), {matches[i], outputs[i]});
    const auto any = [&] {
      NodeId some = matches.empty() ? constant(Value(false), Shape::Boolean) : matches[0];
      for (std::size_t i = 1; i < matches.size(); ++i)
        some = make(Op::Or, Shape::Boolean, {some, matches[i]});
      return some;
    };
    const auto first_of = [&](const std::vector<std::size_t>& order) {
      NodeId result = otherwise;
      for (auto rule = order.rbegin(); rule != order.rend(); ++rule)
        result = make(Op::If, shape, {matches[*rule], outputs[*rule], result});
      return result;
    };
    std::vector<std::size_t> order(each.rules.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    switch (each.hit) {
      case HitPolicy::First:
        return first_of(order);
      case HitPolicy::Unique: {
        const NodeId unique = make(Op::UniqueOf, shape, pairs);
        return each.otherwise ? make(Op::If, shape, {any(), unique, otherwise}) : unique;
      }
      case HitPolicy::CollectSum:
      case HitPolicy::CollectMin:
      case HitPolicy::CollectMax: {
        if (shape != Shape::Number) throw CannotLower{"判定“" + each.name + "”汇总的不是数"};
        const NodeId collected = add({.op = Op::Collect, .shape = shape, .inputs = pairs, .hit = each.hit});
        return each.otherwise ? make(Op::If, shape, {any(), collected, otherwise}) : collected;
      }
      case HitPolicy::Priority:
      case HitPolicy::CollectWorst:
      case HitPolicy::CollectBest: {
        const schema::Codes* codes =
            each.outputs[0].codes.empty() ? nullptr : pack_.schema.find_codes(each.outputs[0].codes);
        const bool last_wins = each.hit == HitPolicy::CollectWorst
                                   ? codes == nullptr || codes->order != schema::CodeOrder::WorstFirst
                                   : each.hit == HitPolicy::CollectBest && codes != nullptr &&
                                         codes->order == schema::CodeOrder::WorstFirst;
        std::vector<int> place;
        for (const NodeId output : outputs) {
          if (at(output).op != Op::Constant || at(output).constant.kind() != feel::Kind::String)
            throw CannotLower{"判定“" + each.name + "”的结果不是代码"};
          place.push_back(codes != nullptr ? codes->position(at(output).constant.string()) : -1);
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
          if (place[a] < 0 || place[b] < 0) return place[a] >= 0 && place[b] < 0;
          return last_wins ? place[a] > place[b] : place[a] < place[b];
        });
        return first_of(order);
      }
      default:
        throw CannotLower{"命中规则没有列形式"};
    }
  } catch (const CannotLower& reason) {
    return interpret({.decision = &each, .why = reason.why}, shape, inner);
  }
}

}  // namespace tenglong::plan
