#include "engine/run/inside/beside_scores.h"

#include <algorithm>
#include <cmath>

#include "engine/run/inside/batch.h"

namespace tenglong::run {

using plan::Op;
using plan::Shape;

bool is_scalar_op(Op op) {
  if (plan::is_arithmetic(op)) return true;
  switch (op) {
    case Op::OrZero:
    case Op::Compare:
    case Op::Equal:
    case Op::IsNull:
    case Op::IsTrue:
    case Op::And:
    case Op::Or:
    case Op::Not:
    case Op::If:
    case Op::Collect:
    case Op::CountOf:
    case Op::UniqueOf:
      return true;
    default:
      return false;
  }
}

// Everything above the scores must be arithmetic on columns, and nothing but scores may be reached.
BesideScores beside_scores(const plan::Plan& plan, const plan::SchemePlan& scheme, const Binding& binding,
                           const std::vector<std::uint8_t>& reached, const std::map<NodeId, Value>& scalars) {
  const std::size_t n = plan.nodes.size();
  std::vector<std::uint8_t> is_score(n, 0), above(n, 0);
  BesideScores out;
  const auto is_reached = [&](NodeId id) { return reached[static_cast<std::size_t>(id)] != 0; };
  for (std::size_t i = 0; i < scheme.items.size(); ++i) {
    is_score[static_cast<std::size_t>(scheme.items[i].score)] = 1;
    if (scheme.scheme->items[i].missing != pack::SchemeItem::Missing::GroupMean) continue;
    const NodeId value = scheme.items[i].value;
    if (is_reached(value) || binding.facts(value).is_uniform) return {};
    out.leaves.insert(value);
  }
  for (std::size_t id = 0; id < n; ++id) {
    above[id] = is_score[id];
    for (const NodeId input : plan.nodes[id].inputs)
      above[id] = static_cast<std::uint8_t>(above[id] | above[static_cast<std::size_t>(input)]);
  }
  std::set<NodeId> seen;
  std::vector<NodeId> open{scheme.total};
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    const plan::Node& node = plan.nodes[static_cast<std::size_t>(id)];
    if (is_score[static_cast<std::size_t>(id)] != 0) {
      if (binding.facts(id).is_uniform) return {};
      if (is_reached(id))
        out.moved.push_back(id);
      else
        out.leaves.insert(id);
      continue;
    }
    if (above[static_cast<std::size_t>(id)] != 0) {
      if (!is_scalar_op(node.op)) return {};
      open.insert(open.end(), node.inputs.begin(), node.inputs.end());
      continue;
    }
    if (node.op == Op::Constant || scalars.count(id) != 0 || binding.facts(id).is_uniform) continue;
    if (is_reached(id) || (node.shape != Shape::Number && node.shape != Shape::Boolean)) return {};
    out.leaves.insert(id);
  }
  // A mean that the total does not rest on has no place here.
  for (std::size_t i = 0; i < scheme.items.size(); ++i)
    if (scheme.scheme->items[i].missing == pack::SchemeItem::Missing::GroupMean &&
        seen.count(scheme.items[i].score) == 0)
      return {};
  out.by_columns = true;
  return out;
}

std::unique_ptr<KeptColumn> gathered(const KeptColumn& from, const std::vector<std::size_t>& rows) {
  auto to = std::make_unique<KeptColumn>();
  const std::size_t n = rows.size();
  const auto take = [&](const auto& all, auto& some) {
    if (all.empty()) return;
    some.resize(n);
    for (std::size_t i = 0; i < n; ++i) some[i] = all[rows[i]];
  };
  to->facts = from.facts;
  take(from.value, to->value);
  take(from.bound, to->bound);
  take(from.absent, to->absent);
  take(from.doubt, to->doubt);
  take(from.answer, to->answer);
  if (from.value.empty()) return to;
  if (to->bound.empty()) {
    to->bound.resize(n);
    spread_relative(to->value.data(), from.facts.relative, to->bound.data(), n);
  }
  to->absent.resize(n);
  to->doubt.resize(n);
  to->facts = {.needed = true};
  return to;
}

RoughMean rough_of(const Value& mean) {
  if (mean.kind() != feel::Kind::Number) return {};
  const double nearest = mean.number().to_double();
  return {true, nearest, std::fabs(nearest) * kUnitRoundoff * kInflate + kSmall};
}

std::optional<RoughMean> mean_within(const KeptColumn& score, const std::vector<std::size_t>& rows,
                                     const std::function<Value(std::size_t)>& exact_of) {
  double most = 0;
  for (const std::size_t i : rows) {
    if (score.doubt[i] != 0 || score.absent[i] != 0) continue;
    if (!std::isfinite(score.value[i]) || !std::isfinite(score.bound[i])) return std::nullopt;
    most = std::max(most, std::fabs(score.value[i]));
  }
  // Whole numbers of 2^-shift: each part loses less than one of them.
  int exponent = 0;
  std::frexp(most, &exponent);
  const int shift = 90 - exponent;
  __int128 sum = 0;
  double bounds = 0;
  std::int64_t count = 0;
  const auto add = [&](double value, double bound) {
    sum += static_cast<__int128>(std::ldexp(value, shift));
    bounds += bound;
    ++count;
  };
  for (const std::size_t i : rows) {
    if (score.doubt[i] == 0) {
      if (score.absent[i] == 0) add(score.value[i], score.bound[i]);
      continue;
    }
    const RoughMean one = rough_of(exact_of(i));
    if (!one.known) continue;
    if (!(std::fabs(one.value) <= 2 * most)) return std::nullopt;
    add(one.value, one.bound);
  }
  if (count == 0) return RoughMean{};
  const auto n = static_cast<double>(count);
  const double mean = std::ldexp(static_cast<double>(sum), -shift) / n;
  // Sums of up to 2^32 bounds in doubles err by less than 2^-20 of themselves.
  const double error =
      (bounds / n + std::ldexp(1.0, -shift)) * (1 + 0x1p-20) + 4 * kUnitRoundoff * std::fabs(mean) + kSmall;
  if (!std::isfinite(mean) || !std::isfinite(error)) return std::nullopt;
  return RoughMean{true, mean, error * kInflate};
}

std::vector<std::size_t> take_totals(Binding& binding, NodeId total, std::size_t batch_rows,
                                     const std::vector<std::size_t>& at, std::vector<std::int64_t>& totals) {
  const std::size_t n = at.size();
  const std::size_t capacity = std::max<std::size_t>(1, std::min(batch_rows, n));
  Batch batch(binding, capacity);
  std::vector<std::size_t> doubtful;
  for (std::size_t begin = 0; begin < n; begin += capacity) {
    const std::size_t count = std::min(capacity, n - begin);
    batch.evaluate(begin, count);
    const std::uint8_t* absent = batch.number(total).absent;
    for (std::size_t i = 0; i < count; ++i) {
      if (batch.doubt()[i] != 0 || (absent != nullptr && absent[i] != 0))
        doubtful.push_back(at[begin + i]);
      else
        totals[at[begin + i]] = batch.key(total)[i];
    }
  }
  return doubtful;
}

}  // namespace tenglong::run
