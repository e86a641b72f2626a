#include "engine/run/run.h"

#include <gtest/gtest.h>

#include <fstream>

#include "engine/plan/plan.h"
#include "engine/run/cases.h"
#include "engine/run/execution.h"
#include "engine/run/inside/trial.h"
#include "engine/run/row.h"

namespace tenglong::run {
namespace {

using quantity::literals::operator""_decimal;

const Options kYear2022{.period = calendar::Period::year(2022)};

// The laws are worth something only if the columns really did the work.
TEST(run, trial_policies_are_executed_by_columns_and_rate_many) {
  std::int64_t rated = 0, doubts = 0, rows = 0, left = 0, refused = 0, exempt = 0, not_rated = 0;
  int interpreted = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    trial::Random random(seed);
    const pack::Pack pack = trial::read_policy(trial::random_policy(random));
    const column::Snapshot snapshot = trial::random_district(pack, random, trial::Data::OneDigit, 40);
    const plan::Plan plan = plan::lower(pack, kYear2022.period);
    for (const plan::Node& node : plan.nodes) interpreted += node.op == plan::Op::Interpret;
    const SchemeColumns columns = execute(plan, plan.schemes[0], pack, snapshot, kYear2022);
    left += columns.left_to_interpreter;
    rows += static_cast<std::int64_t>(columns.rows.size());
    doubts += columns.rows_in_doubt;
    for (const result::Standing each : columns.standing) {
      rated += each == result::Standing::Rated;
      exempt += each == result::Standing::Exempt;
      not_rated += each == result::Standing::NotRated;
    }
    refused += static_cast<std::int64_t>(run(pack, snapshot, kYear2022).refusals.size());
  }
  std::printf(
      "rows %ld rated %ld exempt %ld not rated %ld in doubt %ld; schemes left %ld, interpret nodes %d, "
      "refusals %ld\n",
      static_cast<long>(rows), static_cast<long>(rated), static_cast<long>(exempt),
      static_cast<long>(not_rated), static_cast<long>(doubts), static_cast<long>(left), interpreted,
      static_cast<long>(refused));
  EXPECT_GT(rated * 4, rows);
  EXPECT_GT(exempt, 0);
  EXPECT_GT(not_rated, 0);
  EXPECT_GT(doubts, 0);
  EXPECT_LT(doubts * 2, rows);
  EXPECT_LT(left, 20);
}

}  // namespace
}  // namespace tenglong::run
