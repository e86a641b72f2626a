#include "campaign/target/report.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tenglong::target {
namespace {

using quantity::Decimal;

Line a_line(const char* id, const char* clause, const char* lead, Standing standing,
            std::optional<Decimal> goal = {}, std::optional<Decimal> gap = {}) {
  Line out{.id = id, .name = id, .clause = clause};
  out.lead = lead;
  out.standing = standing;
  out.goal = goal;
  out.gap = gap;
  return out;
}

std::vector<Line> some_lines() {
  return {a_line("P01", "二", "区经信局", Standing::OnTime, 10, -1),
          a_line("P02", "三(一)3", "区发改局", Standing::Behind, 200, 20),
          a_line("P03", "三(一)6", "区经信局", Standing::NotReached, 100, 1),
          a_line("P04", "三(二)1", "区发改局", Standing::Behind, 200, 100),
          a_line("P05", "三(二)2", "区科技局", Standing::Awaits),
          a_line("P06", "三(一)1", "区发改局", Standing::Behind, 0, 5),
          a_line("P09", "二", "区经信局", Standing::InForce, 5)};
}

TEST(TargetReport, WorstFirstWithWhatIsMissing) {
  const std::vector<Line> lines = some_lines();
  const Report report = report_of(lines);
  std::vector<std::string> ids;
  for (const std::size_t at : report.order) ids.push_back(lines[at].id);
  EXPECT_EQ(ids, (std::vector<std::string>{"P03", "P04", "P02", "P06", "P05", "P01", "P09"}));
  EXPECT_EQ(shortfall_of(lines[3])->to_string(), "50");
  EXPECT_FALSE(shortfall_of(lines[0])) << "what is on time lacks nothing";
  EXPECT_FALSE(shortfall_of(lines[5])) << "of a goal of nothing there is no share";
  EXPECT_FALSE(shortfall_of(lines[4])) << "without a figure nothing is known";
}

TEST(TargetReport, EveryLineIsCountedOnceInChapterAndUnit) {
  const std::vector<Line> lines = some_lines();
  const Report report = report_of(lines);
  for (const auto& groups : {report.chapters, report.leads}) {
    std::int64_t all = 0, lagging = 0;
    for (const Group& group : groups) {
      all += group.tally.all();
      lagging += static_cast<std::int64_t>(group.lagging.size());
      EXPECT_EQ(group.tally.lagging(), static_cast<std::int64_t>(group.lagging.size())) << group.name;
    }
    EXPECT_EQ(all, static_cast<std::int64_t>(lines.size()));
    EXPECT_EQ(lagging, report.tally.lagging());
  }
  EXPECT_EQ(report.tally.line, 1);
  ASSERT_EQ(report.chapters.size(), 3u);
  EXPECT_EQ(report.chapters[1].name, "三(一)");
  EXPECT_EQ(report.leads[0].name, "区发改局");
  EXPECT_EQ(lines[report.leads[0].lagging[0]].id, "P04") << "the worst of a unit first";
}

TEST(TargetReport, NothingIsAReportToo) {
  const Report report = report_of({});
  EXPECT_EQ(report.tally.all(), 0);
  EXPECT_TRUE(report.order.empty() && report.chapters.empty() && report.leads.empty());
}

TEST(TargetReport, WhatIsSupposedIsJudgedLikeWhatIs) {
  pack::Pack pack;
  pack::Target adds_up;
  adds_up.id = "P10";
  adds_up.kind = pack::TargetKind::Cumulative;
  adds_up.comparator = pack::Comparator::AtLeast;
  adds_up.from = calendar::Date{2021, 1, 1};
  adds_up.to = calendar::Date{2023, 12, 31};
  pack::Target level = adds_up;
  level.id = "P01";
  level.kind = pack::TargetKind::AtDate;
  pack.targets = {adds_up, level};
  Line line = a_line("P10", "二", "区经信局", Standing::Behind, 1200, 1000);
  line.value = Decimal(200);
  const calendar::Date on{2022, 12, 31};
  const Line less = *supposed(pack, line, Decimal(100), on);
  EXPECT_EQ(less.standing, Standing::Behind);
  EXPECT_EQ(less.gap, Decimal(900));
  EXPECT_EQ(less.share->to_string(), "25");
  EXPECT_EQ(supposed(pack, line, Decimal(1000), on)->standing, Standing::Reached);
  EXPECT_EQ(supposed(pack, line, Decimal(0), on)->value, line.value);
  line.id = "P01";
  EXPECT_FALSE(supposed(pack, line, Decimal(1), on)) << "a ratio is not added to";
}

}  // namespace
}  // namespace tenglong::target
