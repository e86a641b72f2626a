// The steps of schemes and rosters as nodes. What the graph cannot carry leaves the whole scheme to the
// interpreter.
#include "engine/plan/inside/lowering.h"

namespace tenglong::plan {
namespace {

// True if `node` is null wherever `value` is.
bool is_null_with(const Lowering& lowering, NodeId node, NodeId value) {
  if (node == value) return true;
  if (!is_arithmetic(lowering.at(node).op)) return false;
  for (const NodeId input : lowering.at(node).inputs)
    if (is_null_with(lowering, input, value)) return true;
  return false;
}

NodeId item_score(Lowering& lowering, const pack::Scheme& scheme, const pack::SchemeItem& item, NodeId value,
                  const Stand& stand) {
  const NodeId weight = lowering.expression(*item.weight.tree, stand);
  const NodeId base = item.base.present() ? lowering.expression(*item.base.tree, stand)
                                          : lowering.constant({}, Shape::Number);
  const std::map<std::string, NodeId> given{{"指标值", value}, {"基准值", base}, {"权重", weight}};
  Stand inner = stand;
  inner.given = &given;
  const pack::Expression& formula = item.score.present() ? item.score : scheme.item_score;
  if (!formula.present()) throw CannotLower{"没有计分式"};
  NodeId score = lowering.as(Shape::Number, lowering.expression(*formula.tree, inner));
  if (scheme.item_floor.present())
    score = lowering.make(
        Op::Maximum, Shape::Number,
        {score, lowering.as(Shape::Number, lowering.expression(*scheme.item_floor.tree, inner))});
  if (scheme.item_cap.present())
    score =
        lowering.make(Op::Minimum, Shape::Number,
                      {score, lowering.as(Shape::Number, lowering.expression(*scheme.item_cap.tree, inner))});
  // A formula may give a number where there is no value; without a value only the missing rule counts.
  if (item.missing != pack::SchemeItem::Missing::Value && is_null_with(lowering, score, value)) return score;
  const NodeId absent = lowering.make(Op::IsNull, Shape::Boolean, {value});
  NodeId instead = lowering.constant({}, Shape::Number);
  if (item.missing == pack::SchemeItem::Missing::Value)
    instead = lowering.as(Shape::Number, lowering.expression(*item.when_missing.tree, inner));
  return lowering.make(Op::If, Shape::Number, {absent, instead, score});
}

// `written` is `sum` with the constant 0 of "no adjustment" added: null where sum is.
bool adds_zero(const Lowering& lowering, NodeId written, NodeId sum) {
  const Node& node = lowering.at(written);
  return node.op == Op::Add && node.inputs[0] == sum && lowering.at(node.inputs[1]).op == Op::Constant;
}

void lower_scheme(Lowering& lowering, SchemePlan& plan) {
  const pack::Scheme& scheme = *plan.scheme;
  const pack::Pack& pack = lowering.pack();
  const Stand conditions = lowering.stand_on(plan.register_index, Numbers::Rounded);
  const Stand numbers = lowering.stand_on(plan.register_index, Numbers::Unrounded);
  const auto condition = [&](const pack::Expression& each) {
    return lowering.block(each, Shape::Boolean, conditions);
  };

  plan.due = condition(scheme.due);
  for (const pack::Reasoned& each : scheme.exempt) plan.exempt.push_back(condition(each.when));
  for (const pack::Reasoned& each : scheme.not_rated) plan.not_rated.push_back(condition(each.when));

  std::vector<NodeId> scores;
  for (const pack::SchemeItem& item : scheme.items) {
    const pack::Indicator* indicator = pack.indicator(item.indicator);
    if (indicator == nullptr) throw CannotLower{"没有指标“" + item.indicator + "”"};
    ItemPlan& each = plan.items.emplace_back();
    each.value = lowering.as(Shape::Number, lowering.indicator(*indicator, numbers));
    each.score = item_score(lowering, scheme, item, each.value, numbers);
    each.shown = lowering.rounded(each.score, scheme.rounding);
    if (item.missing == pack::SchemeItem::Missing::GroupMean) {
      const NodeId waits = lowering.make(Op::IsNull, Shape::Boolean, {each.value});
      plan.waits = plan.waits == kNone ? waits : lowering.make(Op::Or, Shape::Boolean, {plan.waits, waits});
    }
    scores.push_back(each.score);
  }
  for (const std::string& name : scheme.rank_within) {
    const NodeId part = lowering.grouped_by(name, conditions);
    const Node& grouped = lowering.at(part);
    if (grouped.shape == Shape::Date || (grouped.shape == Shape::Number && grouped.op != Op::Round))
      throw CannotLower{"按“" + name + "”的值分组"};
    plan.group.push_back(part);
  }
  NodeId adjustment = kNone;
  for (const std::string& name : scheme.adjust) {
    const pack::Decision* decision = pack.decision(name);
    if (decision == nullptr) throw CannotLower{"没有判定“" + name + "”"};
    const NodeId points = lowering.make(
        Op::OrZero, Shape::Number, {lowering.as(Shape::Number, lowering.decision(*decision, conditions))});
    adjustment = adjustment == kNone ? points : lowering.make(Op::Add, Shape::Number, {adjustment, points});
  }
  const NodeId added = adjustment == kNone ? lowering.constant(feel::Value(0), Shape::Number) : adjustment;
  NodeId total = added;
  for (std::size_t i = 0; i < scores.size(); ++i)
    total = i == 0 ? scores[0] : lowering.make(Op::Add, Shape::Number, {total, scores[i]});
  if (adjustment != kNone && !scores.empty())
    total = lowering.make(Op::Add, Shape::Number, {total, adjustment});
  if (scheme.total.present()) {
    const std::map<std::string, NodeId> given{{"加减分", added}};
    const std::map<std::string, std::vector<NodeId>> lists{{"各项得分", scores}};
    Stand stand = numbers;
    stand.given = &given;
    stand.given_lists = &lists;
    const NodeId written = lowering.as(Shape::Number, lowering.expression(*scheme.total.tree, stand));
    // A formula that a missing score does not make null must not rate a record that lacks one.
    if (written != total && !adds_zero(lowering, written, total))
      for (const NodeId score : scores) {
        const NodeId absent = lowering.make(Op::IsNull, Shape::Boolean, {score});
        total = lowering.make(
            Op::If, Shape::Number,
            {absent, lowering.constant({}, Shape::Number), score == scores.front() ? written : total});
      }
    else
      total = written;
  }
  plan.total = lowering.rounded(total, scheme.rounding);
  if (adjustment != kNone) plan.adjustment = lowering.rounded(adjustment, scheme.rounding);
  const auto limit = [&](const std::string& name) {
    if (name.empty()) return kNone;
    const pack::Decision* decision = pack.decision(name);
    if (decision == nullptr) throw CannotLower{"没有判定“" + name + "”"};
    return lowering.as(Shape::Text, lowering.decision(*decision, conditions));
  };
  plan.veto = limit(scheme.veto);
  plan.protect = limit(scheme.protect);
  for (const pack::Cut& cut : scheme.cuts) {
    if (cut.score_test == nullptr) continue;
    Stand stand = conditions;
    stand.tested = plan.total;
    plan.score_cuts.push_back(lowering.tests(*cut.score_test, stand));
  }
}

void lower_roster(Lowering& lowering, RosterPlan& plan) {
  const Stand conditions = lowering.stand_on(plan.register_index, Numbers::Rounded);
  const auto condition = [&](const pack::Expression& each) {
    return lowering.block(each, Shape::Boolean, conditions);
  };
  plan.due = condition(plan.roster->due);
  for (const pack::Reasoned& each : plan.roster->exempt) plan.exempt.push_back(condition(each.when));
  plan.enters_if = condition(plan.roster->enters_if);
}

}  // namespace

NodeId Lowering::grouped_by(const std::string& name, const Stand& stand) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos && names_.find(stand.register_index, name) != nullptr)
    return named(name, stand);
  const schema::Register& own = pack_.schema.registers[static_cast<std::size_t>(stand.register_index)];
  const schema::Register* parent = own.of.empty() ? nullptr : pack_.schema.find(own.of);
  const std::string member = dot == std::string::npos ? name : name.substr(dot + 1);
  if (parent == nullptr || (dot != std::string::npos && parent->name != name.substr(0, dot)) ||
      parent->find_by_name(member) == nullptr || parent->period != schema::PeriodKey::None)
    throw CannotLower{"分组“" + name + "”"};
  Stand above = stand;
  above.hops = {Hop::Parent};
  above.register_index = names_.register_index(own.of);
  return named(member, above);
}

const SchemePlan* Plan::scheme(std::string_view name) const {
  for (const SchemePlan& each : schemes)
    if (each.scheme->name == name || each.scheme->id == name) return &each;
  return nullptr;
}

Plan lower(const pack::Pack& pack, const calendar::Period& period) {
  Plan plan{.period = period};
  Lowering lowering(pack, period);
  for (const pack::Scheme& scheme : pack.schemes) {
    SchemePlan& each = plan.schemes.emplace_back();
    each.scheme = &scheme;
    each.register_index = lowering.names().register_index(scheme.of);
    try {
      lower_scheme(lowering, each);
    } catch (const CannotLower& reason) {
      each.left_to_interpreter = reason.why;
    }
  }
  for (const pack::Roster& roster : pack.rosters) {
    RosterPlan& each = plan.rosters.emplace_back();
    each.roster = &roster;
    each.register_index = lowering.names().register_index(roster.of);
    try {
      lower_roster(lowering, each);
    } catch (const CannotLower& reason) {
      each.left_to_interpreter = reason.why;
    }
  }
  plan.nodes = lowering.take();
  return plan;
}

}  // namespace tenglong::plan
