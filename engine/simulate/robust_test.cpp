#include "engine/simulate/robust.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/run/trial.h"
#include "engine/simulate/override.h"

namespace tenglong::simulate {
namespace {

using run::trial::Data;
using run::trial::Random;

const char* const kDrawn = R"(
```yaml parameter
id: random_weights_within
name: 随机权重幅度
unit: "%"
source: 建 试验
value: 40
```

```yaml parameter
id: random_weights_step
name: 随机权重步长
source: 建 试验
value: 0.01
```
)";

struct Small {
  explicit Small(std::uint64_t seed, const std::string& more)
      : random(seed),
        pack(run::trial::read_policy(run::trial::random_policy(random) + more)),
        snapshot(run::trial::random_district(pack, random, Data::Ordinary, 40)),
        resident(pack, snapshot, {.period = calendar::Period::year(2022)}) {}
  Random random;
  pack::Pack pack;
  column::Snapshot snapshot;
  Resident resident;
};

std::string codes_of(const diagnostic::Diagnostics& diagnostics) {
  std::string codes;
  for (const diagnostic::Diagnostic& each : diagnostics) codes += each.code + " ";
  return codes;
}

TEST(robust, vectors_keep_the_sum_and_stay_in_reach) {
  const RandomWeights around{.within = Decimal(20), .concentration = {}, .step = Decimal(1)};
  const RandomWeights dirichlet{.within = {}, .concentration = 100, .step = Decimal(1)};
  const std::vector<std::int64_t> weights{3000, 2000, 5000, 0};
  for (const RandomWeights& each : {around, dirichlet})
    for (const auto& vector : random_weights(each, weights, 200, 7)) {
      EXPECT_EQ(vector[0] + vector[1] + vector[2], 10000);
      EXPECT_EQ(vector[3], 0) << "what has no weight gets none";
      for (const std::int64_t weight : vector) EXPECT_GE(weight, 0);
      // Around: the others' sum moves too, by at most the same share.
      if (each.within) {
        EXPECT_NEAR(static_cast<double>(vector[0]), 3000, 3000 * 0.5);
      }
    }
}

TEST(robust, one_seed_is_one_set_of_vectors_everywhere) {
  const RandomWeights around{.within = Decimal(20), .concentration = {}, .step = Decimal(1)};
  EXPECT_EQ(random_weights(around, {30, 20, 50}, 3, 1), random_weights(around, {30, 20, 50}, 3, 1));
  EXPECT_NE(random_weights(around, {3000, 2000, 5000}, 3, 1),
            random_weights(around, {3000, 2000, 5000}, 3, 2));
}

TEST(robust, shares_add_up_and_threads_change_nothing) {
  int run = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Small small(seed, kDrawn);
    const RobustnessRead one = robustness(small.resident, 0, 60, seed, 1);
    const RobustnessRead three = robustness(small.resident, 0, 60, seed, 3);
    ASSERT_EQ(one.robustness.has_value(), three.robustness.has_value());
    if (!one.robustness) continue;
    ++run;
    EXPECT_EQ(one.robustness->times, three.robustness->times);
    EXPECT_EQ(one.robustness->mean_rank_change, three.robustness->mean_rank_change);
    for (std::size_t r = 0; r < one.robustness->rows.size(); ++r) {
      std::uint32_t sum = 0;
      for (std::size_t p = 0; p < one.robustness->places.size(); ++p) sum += one.robustness->times_of(r, p);
      EXPECT_EQ(sum, 60u);
    }
    for (std::size_t i = 0; i < one.robustness->influences.size(); ++i)
      EXPECT_EQ(one.robustness->influences[i].share_of_movers,
                three.robustness->influences[i].share_of_movers);
  }
  EXPECT_GT(run, 3);
}

TEST(robust, what_is_not_declared_is_told) {
  const Small small(3, "");
  EXPECT_NE(codes_of(robustness(small.resident, 0, 60, 1, 1).diagnostics).find("E-SIMULATE-109"),
            std::string::npos);
  const Small drawn(3, kDrawn);
  EXPECT_EQ(codes_of(robustness(drawn.resident, 0, 0, 1, 1).diagnostics), "E-SIMULATE-109 ") << "no vectors";
}

TEST(robust, a_point_of_a_weight_moves_whom_a_trial_moves) {
  Small small(2, kDrawn);
  ASSERT_NE(small.resident.base(0), nullptr);
  for (const PointMove& move : point_moves(small.resident, 0)) {
    const pack::Scheme& scheme = small.pack.schemes[0];
    std::size_t item = 0;
    while (scheme.items[item].indicator != move.indicator) ++item;
    const Decimal weight = scheme.items[item].weight.tree->value.number() + Decimal(move.points);
    const auto answer = small.resident.with({{.kind = Override::Kind::Weight,
                                              .block = scheme.name,
                                              .index = item,
                                              .value = feel::Value(weight)}});
    EXPECT_EQ(static_cast<std::int64_t>(answer.comparison.schemes[0].movers.size()), move.movers);
    EXPECT_EQ(move.movers, move.up + move.down);
  }
}

TEST(robust, who_stands_close_to_a_line_is_within_the_margin) {
  const Small small(2, kDrawn);
  const run::SchemeColumns* base = small.resident.base(0);
  ASSERT_NE(base, nullptr);
  for (const NearLine& line : near_lines(small.resident, 0, Decimal(1)))
    for (const bool above : {true, false})
      for (const std::uint32_t row : above ? line.above : line.below) {
        const auto i = static_cast<std::size_t>(std::find(base->rows.begin(), base->rows.end(), row) -
                                                base->rows.begin());
        const Decimal total = Decimal::scaled(base->total[i], -base->places);
        EXPECT_LE((total - line.line).abs(), Decimal(1));
        EXPECT_EQ(above, line.line <= total);
      }
}

}  // namespace
}  // namespace tenglong::simulate
