#include "campaign/target/target.h"

#include <gtest/gtest.h>

namespace tenglong::target {
namespace {

using calendar::Date;
using pack::Comparator;
using pack::TargetKind;
using quantity::Decimal;

pack::Target a_target(const char* id, TargetKind kind, Comparator comparator, const char* goal) {
  pack::Target target;
  target.id = id;
  target.name = id;
  target.kind = kind;
  target.comparator = comparator;
  target.from = Date{2021, 1, 1};
  target.to = Date{2023, 12, 31};
  if (goal != nullptr) target.goal.tree = feel::parse(goal, feel::NameSet({"上期值"})).tree;
  target.formula.tree = feel::parse("1", feel::NameSet{}).tree;
  return target;
}

result::Result figures(std::vector<std::pair<const char*, std::optional<Decimal>>> values) {
  result::Result out;
  for (const auto& [id, value] : values) {
    result::TargetValue figure{.target = id, .period = calendar::Period::year(2022)};
    figure.cells.push_back(
        {.state = value ? quantity::State::Known : quantity::State::Missing, .value = value, .records = 1});
    out.targets.push_back(std::move(figure));
  }
  return out;
}

struct JudgeCase {
  const char* what;
  TargetKind kind;
  Comparator comparator;
  const char* goal;
  std::optional<Decimal> value;
  Date on;
  Standing standing;
};

TEST(Target, IsJudgedByItsDirectionAndTheTimePassed) {
  const Date half{2022, 7, 2}, end{2023, 12, 31};
  const JudgeCase cases[] = {
      {"exactly on the goal", TargetKind::AtDate, Comparator::AtLeast, "12", 12, end, Standing::Reached},
      {"below it at the end", TargetKind::AtDate, Comparator::AtLeast, "12", 11, end, Standing::NotReached},
      {"below it before the end", TargetKind::AtDate, Comparator::AtLeast, "12", 11, half, Standing::Behind},
      {"lower is better, on the goal", TargetKind::AtDate, Comparator::AtMost, "7", 7, end,
       Standing::Reached},
      {"lower is better, above it", TargetKind::AtDate, Comparator::AtMost, "7", 8, end,
       Standing::NotReached},
      {"above does not include the number", TargetKind::Trend, Comparator::Above, "0", 0, end,
       Standing::NotReached},
      {"half the time, half the sum", TargetKind::Cumulative, Comparator::AtLeast, "1200", 601, half,
       Standing::OnTime},
      {"half the time, less than half", TargetKind::Cumulative, Comparator::AtLeast, "1200", 599, half,
       Standing::Behind},
      {"the line of the document is applied", TargetKind::Threshold, Comparator::AtMost, "5", 5, end,
       Standing::InForce},
      {"another line is applied, whichever side", TargetKind::Threshold, Comparator::AtMost, "5", 4, half,
       Standing::Differs},
      {"no figure", TargetKind::AtDate, Comparator::AtLeast, "12", std::nullopt, end, Standing::NoFigure},
  };
  for (const JudgeCase& c : cases) {
    pack::Pack pack;
    pack.targets = {a_target("P01", c.kind, c.comparator, c.goal)};
    EXPECT_EQ(judge(pack, figures({{"P01", c.value}}), c.on).at(0).standing, c.standing) << c.what;
  }
}

TEST(Target, GapAndTimeShareAreExact) {
  pack::Pack pack;
  pack.targets = {a_target("P10", TargetKind::Cumulative, Comparator::AtLeast, "1200")};
  const Line line = judge(pack, figures({{"P10", Decimal(400)}}), Date{2021, 12, 31}).at(0);
  EXPECT_EQ(line.gap, Decimal(800));
  EXPECT_EQ(line.due_by_now->to_string(), "400");  // 365 of 1,095 days
  EXPECT_EQ(line.standing, Standing::OnTime);
}

TEST(Target, AThresholdIsNothingToComplete) {
  pack::Pack pack;
  pack.targets = {a_target("P09", TargetKind::Threshold, Comparator::AtMost, "5")};
  const Line line = judge(pack, figures({{"P09", Decimal(5)}}), Date{2022, 12, 31}).at(0);
  EXPECT_EQ(line.records, 1);
  EXPECT_FALSE(line.gap || line.share || line.pace || line.due_by_now);
}

TEST(Target, TheSameTargetUnderAnotherNumberShowsTheSameFigure) {
  pack::Pack pack;
  pack.targets = {a_target("P10", TargetKind::AtDate, Comparator::AtLeast, "1200"),
                  a_target("P19", TargetKind::AtDate, Comparator::AtLeast, "1200")};
  pack.targets[1].same_as = "P10";
  const auto lines = judge(pack, figures({{"P10", Decimal(1300)}}), Date{2023, 12, 31});
  EXPECT_EQ(lines[1].value, Decimal(1300));
  EXPECT_EQ(lines[1].standing, Standing::Reached);
}

TEST(Target, ATrendIsJudgedAgainstThePeriodBefore) {
  pack::Pack pack;
  pack.targets = {a_target("P28", TargetKind::Trend, Comparator::Above, nullptr)};
  const result::Result now = figures({{"P28", Decimal(110)}}), before = figures({{"P28", Decimal(100)}}),
                       same = figures({{"P28", Decimal(110)}});
  const Date end{2023, 12, 31};
  EXPECT_EQ(judge(pack, now, end, &before).at(0).standing, Standing::Reached);
  EXPECT_EQ(judge(pack, now, end, &same).at(0).standing, Standing::NotReached);
  EXPECT_EQ(judge(pack, now, end).at(0).standing, Standing::NoFigure);
}

TEST(Target, SaysWhatItWaitsForOrLacks) {
  pack::Pack pack;
  pack.targets = {a_target("P30", TargetKind::Yearly, Comparator::AtLeast, "5"),
                  a_target("P05", TargetKind::AtDate, Comparator::AtLeast, "15"),
                  a_target("P07", TargetKind::AtDate, Comparator::AtLeast, "1.5")};
  pack.targets[0].formula = {};
  pack.targets[0].awaits = {"R24"};
  result::Result result;
  result.refusals.push_back(
      {.kind = "target", .name = "P05", .clause = "二·P05", .gaps = {"工业投资基期值（Q02）"}});
  const auto lines = judge(pack, result, Date{2023, 12, 31});
  EXPECT_EQ(lines[0].standing, Standing::Awaits);
  EXPECT_EQ(lines[0].why, "等 R24");
  EXPECT_EQ(lines[1].standing, Standing::Refused);
  EXPECT_EQ(lines[1].why, "缺 工业投资基期值（Q02）");
  EXPECT_EQ(lines[2].standing, Standing::NoFigure);
  pack.targets = {a_target("P10", TargetKind::Cumulative, Comparator::AtLeast, "1200")};
  EXPECT_EQ(judge(pack, {}, Date{2020, 12, 31})[0].why, "从 2021-01-01 起算");
}

}  // namespace
}  // namespace tenglong::target
