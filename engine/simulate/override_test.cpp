// What people write after --set: read, refused with the cure, applied.
#include "engine/simulate/override.h"

#include <gtest/gtest.h>

#include "engine/run/trial.h"
#include "engine/simulate/seek.h"
#include "engine/simulate/simulation.h"

namespace tenglong::simulate {
namespace {

using quantity::Decimal;

struct Trial {
  Trial() : random(7), pack(run::trial::read_policy(run::trial::random_policy(random))) {
    snapshot = run::trial::random_district(pack, random, run::trial::Data::Ordinary, 12);
    const column::Table& years = *snapshot.find("enterprise_year");
    for (std::size_t row = 0; row < years.size(); ++row)
      if (years.period[row] == period) key = years.key[row];
  }
  run::trial::Random random;
  pack::Pack pack;
  column::Snapshot snapshot;
  calendar::Period period = calendar::Period::year(2022);
  std::string key;  // of a record of 2022
  const std::string& scheme() const { return pack.schemes.front().name; }
};

const Trial& trial() {
  static const Trial one;
  return one;
}

ReadOverride read(const std::string& text) {
  return read_override(text, trial().pack, trial().snapshot, trial().period);
}

struct RefusedCase {
  const char* what;
  std::string text;
  const char* code;
  const char* says;  // in message or advice
};

TEST(Override, RefusesWithTheCure) {
  const std::string item = trial().pack.schemes.front().items.front().indicator;
  const RefusedCase cases[] = {
      {"no equals sign", "低效线", "E-SIMULATE-101", "名称=值"},
      {"no value", "低效线=", "E-SIMULATE-101", "缺值"},
      {"a parameter misspelt", "税收基线(13)=5", "E-SIMULATE-102", "是“税收基准”吗"},
      {"an indicator misspelt", trial().scheme() + ".亩均税.权重=5", "E-SIMULATE-102", "亩均税收"},
      {"a field misspelt", trial().key + ".用地面=5", "E-SIMULATE-102", "是“用地面积”吗"},
      {"no number", "税收基准(13)=多", "E-SIMULATE-103", "不是数"},
      {"a unit of another kind", "税收基准(13)=5 吨", "E-SIMULATE-103", "换算不成“万元/亩”"},
      {"a yes or no", trial().key + ".事故=也许", "E-SIMULATE-103", "是 或 否"},
      {"a weight below 0", trial().scheme() + "." + item + ".权重=-1", "E-SIMULATE-104", "不能小于 0"},
      {"a base of 0", trial().scheme() + "." + item + ".基准=0", "E-SIMULATE-104", "基准值为 0"},
      {"which row of a parameter", "税收基准=5", "E-SIMULATE-105", "税收基准(13)"},
  };
  for (const RefusedCase& each : cases) {
    const ReadOverride got = read(each.text);
    EXPECT_FALSE(got.override) << each.what;
    ASSERT_EQ(got.diagnostics.size(), 1u) << each.what;
    EXPECT_EQ(got.diagnostics[0].code, each.code) << each.what;
    EXPECT_NE((got.diagnostics[0].message.zh + got.diagnostics[0].advice.zh).find(each.says),
              std::string::npos)
        << each.what << ": " << got.diagnostics[0].message.zh << got.diagnostics[0].advice.zh;
    EXPECT_FALSE(got.diagnostics[0].message.en.empty()) << each.what;
  }
}

TEST(Override, AKeyOfARecordIsNotTried) {
  const column::Table& firms = *trial().snapshot.find("enterprise");
  const ReadOverride got = read(firms.key[0] + ".编号=甲");
  ASSERT_EQ(got.diagnostics.size(), 1u);
  EXPECT_EQ(got.diagnostics[0].code, "E-SIMULATE-106");
}

TEST(Override, ConvertsUnitsExactly) {
  const ReadOverride got = read("税收基准(13)=300000 元/亩");
  ASSERT_TRUE(got.override.has_value());
  EXPECT_EQ(got.override->value.to_feel(), "30");
  const pack::Pack after = changed(trial().pack, {*got.override});
  EXPECT_EQ(after.parameter("税收基准")->rows[0].value->to_feel(), "30");
  EXPECT_EQ(trial().pack.parameter("税收基准")->rows[0].value->to_feel(), "12.37") << "the pack itself stays";
}

TEST(Override, ACellIsPutBackAsItWas) {
  column::Snapshot copy = trial().snapshot;
  for (const std::string value : {"0.1", "1234567890123456789.5", "缺报"}) {
    const ReadOverride got = read(trial().key + ".实缴税收=" + value);
    ASSERT_TRUE(got.override.has_value()) << value;
    const feel::Value before = current(*got.override, trial().pack, copy);
    {
      const CellChange cell(copy, *got.override);
      const feel::Value now = current(*got.override, trial().pack, copy);
      EXPECT_EQ(now.is_null() ? "缺报" : now.to_feel(), value);
    }
    EXPECT_EQ(current(*got.override, trial().pack, copy).to_feel(), before.to_feel());
  }
}

TEST(Seek, AGridThatIsNotGivenIsRefused) {
  const Override of = *read("税收基准(13)=0").override;
  const ReadGrid none = grid_of(trial().pack, of, {}, {}, {});
  ASSERT_EQ(none.diagnostics.size(), 1u);
  EXPECT_EQ(none.diagnostics[0].code, "E-SIMULATE-108");
  EXPECT_FALSE(
      grid_of(trial().pack, of, Decimal(0), Decimal(1000000), Decimal::scaled(1, -2)).grid.has_value());
  const ReadGrid whole = grid_of(trial().pack, of, Decimal(1), Decimal(2), Decimal::scaled(3, -1));
  ASSERT_TRUE(whole.grid.has_value());
  EXPECT_EQ(values_of(*whole.grid).size(), 4u) << "1, 1.3, 1.6, 1.9";
}

TEST(Seek, AGoalWithAnUnknownNameIsRefused) {
  Simulation simulation(trial().pack, trial().snapshot, {.period = trial().period});
  const feel::Context names =
      aggregates(trial().pack, trial().snapshot, simulation.options().period, simulation.base());
  const ReadGoal bad = read_goal("低效清单1.入列 >= 3", names);
  ASSERT_EQ(bad.diagnostics.size(), 1u);
  EXPECT_EQ(bad.diagnostics[0].code, "E-SIMULATE-107");
  EXPECT_TRUE(read_goal("低效清单.入列 >= 3", names).tree != nullptr);
}

// The smallest is the smallest: every step before it misses the goal, and a full run agrees on both sides.
TEST(Seek, FindsTheFirstStepThatReachesTheGoal) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    run::trial::Random random(seed);
    const pack::Pack pack = run::trial::read_policy(run::trial::random_policy(random));
    const column::Snapshot snapshot =
        run::trial::random_district(pack, random, run::trial::Data::OneDigit, 25);
    const run::Options options{.period = calendar::Period::year(2022)};
    Simulation simulation(pack, snapshot, options);
    if (simulation.base().rosters.empty()) continue;
    const Override of = *read_override("低效线(规下,2022)=0", pack, snapshot, options.period).override;
    const ReadGoal goal = read_goal(
        "低效清单.入列 >= 6", aggregates(pack, snapshot, simulation.options().period, simulation.base()));
    ASSERT_TRUE(goal.tree != nullptr);
    const Sought sought =
        seek(simulation, of, {Decimal(0), Decimal(4), Decimal::scaled(5, -1)}, *goal.tree, Seek::Smallest);
    if (!sought.found) continue;
    ++found;
    const auto listed = [&](Decimal value) {
      return run::run_by_interpreter(changed(pack, {with_value(of, value)}), snapshot, options)
          .rosters[0]
          .listed;
    };
    EXPECT_GE(listed(sought.steps[*sought.found].value), 6);
    for (std::size_t i = 0; i < *sought.found; ++i) EXPECT_LT(listed(sought.steps[i].value), 6);
  }
  EXPECT_GT(found, 0) << "or this test says nothing";
}

}  // namespace
}  // namespace tenglong::simulate
