// Totals of records that get the mean of their group for a missing item, by columns: from the scores of the
// items on, with a bound where the mean is not exact (docs/exactness.md, over and over).
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/run/inside/kept.h"

namespace tenglong::run {

// Whether an operator gives a number or an answer from numbers and answers alone.
bool is_scalar_op(plan::Op op);

// Scores under one variant, all rows, with absolute bounds.
struct MovedScore {
  NodeId id = plan::kNone;
  KeptColumn column = {};
};

// What a total rests on from the scores on. False: something else is in the way.
struct BesideScores {
  bool by_columns = false;
  std::set<NodeId> leaves = {};    // that no change reaches: scores, values of items with a mean, the rest
  std::vector<NodeId> moved = {};  // scores that a change reaches
};
BesideScores beside_scores(const plan::Plan& plan, const plan::SchemePlan& scheme, const Binding& binding,
                           const std::vector<std::uint8_t>& reached, const std::map<NodeId, Value>& scalars);

// A column of some rows; of numbers with an absolute bound, absence and doubt for each.
std::unique_ptr<KeptColumn> gathered(const KeptColumn& from, const std::vector<std::size_t>& rows);

// A mean by doubles: |exact - value| <= bound. Unknown: nobody has a score.
struct RoughMean {
  bool known = false;
  double value = 0, bound = 0;
};
RoughMean rough_of(const Value& mean);
// Of the scores of these rows; a row in doubt is asked exactly. nullopt: doubles do not hold them.
std::optional<RoughMean> mean_within(const KeptColumn& score, const std::vector<std::size_t>& rows,
                                     const std::function<Value(std::size_t)>& exact_of);

// Puts decided totals of a binding's rows at `at` of `totals`; gives back those of `at` that are in doubt or
// absent.
std::vector<std::size_t> take_totals(Binding& binding, NodeId total, std::size_t batch_rows,
                                     const std::vector<std::size_t>& at, std::vector<std::int64_t>& totals);

}  // namespace tenglong::run
