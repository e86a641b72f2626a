#include "campaign/gap/gap.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace tenglong::gap {
namespace {

const std::string kPack = std::string(SOURCE_DIR) + "/packs/dinghai-2021";
const Act kClerk{"analyst", "2024-01-05T09:00:00+08:00"}, kChief{"chief", "2024-01-06T09:00:00+08:00"};

const std::vector<Open>& open() {
  static const pack::ReadPack read = pack::read_pack(kPack, {});
  static const std::vector<Open> out = open_gaps(*read.pack);
  return out;
}
const Open& gap_of(const std::string& parameter) {
  return *std::find_if(open().begin(), open().end(),
                       [&](const Open& one) { return one.gap.parameter == parameter; });
}
std::string codes(const Decision& decision) {
  std::string out;
  for (const auto& each : decision.refused_because) out += (out.empty() ? "" : " ") + each.code;
  return out;
}

TEST(Gap, EveryGapHasAnIdOfItsOwn) {
  ASSERT_GT(open().size(), 5u);
  std::vector<std::string> ids;
  for (const Open& one : open()) ids.push_back(one.id);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
}

TEST(Gap, OneEntersAnotherApprovesAndThePackHoldsIt) {
  const Open& line = gap_of("低效认定线");
  ASSERT_FALSE(line.row.empty());
  const Decision entered =
      propose(open(), {}, line.id, {" 3.5 ", "定政发〔2024〕1号", "2024-02-01", "补 2021 年"}, kClerk);
  ASSERT_TRUE(entered.is_granted()) << codes(entered);
  EXPECT_EQ(overlay_of("dinghai-2021", open(), entered.fills), "") << "what waits is not in force";
  EXPECT_EQ(codes(decide(entered.fills, line.id, Stage::Filled, "", kClerk)), "E-GAP-107");
  EXPECT_EQ(codes(decide(entered.fills, line.id, Stage::Rejected, " ", kChief)), "E-GAP-108");
  const Decision approved = decide(entered.fills, line.id, Stage::Filled, "", kChief);
  ASSERT_TRUE(approved.is_granted()) << codes(approved);
  EXPECT_EQ(codes(decide(approved.fills, line.id, Stage::Filled, "", kChief)), "E-GAP-106");
  EXPECT_EQ(to_text(fills_of(to_text(approved.fills))), to_text(approved.fills));

  const std::string folder =
      (std::filesystem::temp_directory_path() / ("tenglong_gap_" + std::to_string(getpid()))).string();
  keep_overlay(folder, overlay_of("dinghai-2021", open(), approved.fills));
  EXPECT_EQ(overlay_in(folder, "another"), "");
  const pack::ReadPack read = pack::read_pack(kPack, {overlay_in(folder, "dinghai-2021")});
  ASSERT_TRUE(read.diagnostics.empty()) << read.diagnostics[0].message.zh;
  const std::vector<Open> then = open_gaps(*read.pack);
  EXPECT_EQ(then.size(), open().size() - 1);
  EXPECT_TRUE(std::none_of(then.begin(), then.end(), [&](const Open& one) { return one.id == line.id; }));
  bool is_there = false;
  for (const pack::ParameterRow& row : read.pack->parameter("低效认定线")->rows)
    if (row.source == "定政发〔2024〕1号（2024-02-01 起）") {
      is_there = true;
      EXPECT_EQ(row.value->to_text(), "3.5");
      EXPECT_EQ(row.mark, "") << "published, not a sample";
    }
  EXPECT_TRUE(is_there);
  keep_overlay(folder, "");
  EXPECT_EQ(overlay_in(folder, "dinghai-2021"), "");
  EXPECT_EQ(overlay_of("dinghai-2021", then, approved.fills), "") << "a pack that publishes it itself has it";
  std::filesystem::remove_all(folder);
}

TEST(Gap, ASampleLeavesTheGapOpen) {
  const pack::ReadPack read = pack::read_pack(kPack, {std::string(SOURCE_DIR) + "/packs/sample-overlay"});
  const std::vector<Open> with_sample = open_gaps(*read.pack);
  ASSERT_EQ(with_sample.size(), open().size());
  for (std::size_t i = 0; i < open().size(); ++i) {
    EXPECT_EQ(with_sample[i].id, open()[i].id);
    EXPECT_EQ(with_sample[i].mark, "样例参数") << with_sample[i].gap.parameter;
    EXPECT_NE(with_sample[i].sample, "");
  }
}

TEST(Gap, WhatIsNotWholeIsAllTold) {
  const Open& line = gap_of("低效认定线");
  EXPECT_EQ(codes(propose(open(), {}, "nothing", {"1", "x", "2024-01-01", ""}, kClerk)), "E-GAP-101");
  EXPECT_EQ(codes(propose(open(), {}, line.id, {"", "", "去年", "一\n二"}, kClerk)),
            "E-GAP-103 E-GAP-104 E-GAP-104 E-GAP-105");
  const Decision first = propose(open(), {}, line.id, {"3", "x", "2024-01-01", ""}, kClerk);
  EXPECT_EQ(codes(propose(open(), first.fills, line.id, {"4", "x", "2024-01-01", ""}, kClerk)), "E-GAP-102");
  const Decision back = decide(first.fills, line.id, Stage::Rejected, "文号不对", kChief);
  ASSERT_TRUE(back.is_granted());
  EXPECT_TRUE(propose(open(), back.fills, line.id, {"4", "x", "2024-01-01", ""}, kClerk).is_granted());
}

}  // namespace
}  // namespace tenglong::gap
