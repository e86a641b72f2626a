// From a draft to what holds: who may take which step, and what the text says afterwards.
#include "campaign/revision/revision.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

#include "engine/pack/pack.h"
#include "engine/pack/written.h"

namespace tenglong::revision {
namespace {

namespace fs = std::filesystem;

const char* const kPack = SOURCE_DIR "/packs/dinghai-2021";
const Act kAnalyst = {"analyst", "2023-11-01T09:00:00+08:00"};
const Act kChief = {"chief", "2023-11-02T09:00:00+08:00"};

Part scheme_in_force() {
  const pack::ReadPack read = pack::read_pack(kPack);
  const pack::Scheme& scheme = read.pack->schemes.front();
  const std::string text = pack::written_at(scheme.place);
  return {"scheme", scheme.id, scheme.name, text, text};
}
Revision started() { return start("1", "2024年度评价办法", "f", {scheme_in_force()}, kAnalyst).revision; }
Revision changed() {
  Revision one = started();
  std::string text = pack::with_value(one.parts[0].text, "/items/0/weight", "28").text;
  text = pack::with_value(text, "/items/1/weight", "22").text;
  return write(one, "scheme", one.parts[0].id, text, kAnalyst).revision;
}
Revision sent() { return send(changed(), "请审", {}, kAnalyst).revision; }

std::string codes_of(const Decision& decision) {
  std::string out;
  for (const diagnostic::Diagnostic& one : decision.refused_because) {
    EXPECT_FALSE(one.message.zh.empty() || one.message.en.empty() || one.advice.zh.empty()) << one.code;
    out += (out.empty() ? "" : " ") + one.code;
  }
  return out;
}

struct Refusal {
  const char* what;
  Decision decision;
  const char* codes;
};

TEST(Revision, EveryStepSaysWhatStandsAgainstIt) {
  const Revision draft = started(), edited = changed(), waiting = sent();
  const std::string id = draft.parts[0].id;
  const Standing free = {.now = {scheme_in_force()}};
  Standing later = free;
  later.latest = calendar::Date{2025, 1, 1};
  later.published_to = calendar::Date{2024, 12, 31};
  Standing moved = free;
  moved.now[0].text += "\n";
  Standing wrong = free;
  wrong.findings = {{.code = "W-PACK-210", .message = {"和", "sum"}, .advice = {"改", "mend"}}};
  const Refusal kRefusals[] = {
      {"no name, no block", start("1", " ", "f", {}, kAnalyst), "E-REVISION-101 E-REVISION-102"},
      {"a name of two lines", rename(draft, "一\n二", kAnalyst), "E-REVISION-104"},
      {"writing what waits", write(waiting, "scheme", id, "x", kAnalyst), "E-REVISION-103"},
      {"an invisible character", write(draft, "scheme", id, "a\x1F", kAnalyst), "E-REVISION-104"},
      {"a block that is not in it", write(draft, "scheme", "none", "x", kAnalyst), "E-REVISION-105"},
      {"a block twice", take_in(draft, scheme_in_force(), kAnalyst), "E-REVISION-106"},
      {"the last block left out", leave_out(draft, "scheme", id, kAnalyst), "E-REVISION-102"},
      {"nothing changed", send(draft, "", {}, kAnalyst), "E-REVISION-107"},
      {"findings stand", send(edited, "", wrong.findings, kAnalyst), "W-PACK-210"},
      {"recalled by another", recall(waiting, kChief), "E-REVISION-108"},
      {"recalled before it is sent", recall(edited, kAnalyst), "E-REVISION-109"},
      {"approved by who wrote it", approve(waiting, "文〔2024〕1号", "2024-01-01", free, kAnalyst),
       "E-REVISION-110"},
      {"approved before it is sent", approve(edited, "文〔2024〕1号", "2024-01-01", free, kChief),
       "E-REVISION-109"},
      {"no document, no day", approve(waiting, "", "明年", free, kChief), "E-REVISION-111 E-REVISION-112"},
      {"before another, and into a published year", approve(waiting, "文", "2024-06-01", later, kChief),
       "E-REVISION-112 E-REVISION-112"},
      {"changed by another since", approve(waiting, "文", "2024-01-01", moved, kChief), "E-REVISION-113"},
      {"wrong since it was sent", approve(waiting, "文", "2024-01-01", wrong, kChief), "W-PACK-210"},
      {"given back without a reason", give_back(waiting, " ", kChief), "E-REVISION-114"},
      {"withdrawn while it waits", withdraw(waiting, kAnalyst), "E-REVISION-103"},
  };
  for (const Refusal& one : kRefusals) EXPECT_EQ(codes_of(one.decision), one.codes) << one.what;
}

TEST(Revision, IsKeptAndReadBack) {
  for (const Revision& one : {started(), changed(), sent(), give_back(sent(), "再议", kChief).revision}) {
    const auto again = revision_of(to_text(one));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(to_text(*again), to_text(one));
    EXPECT_EQ(again->stage, one.stage);
    EXPECT_EQ(again->parts[0].text, one.parts[0].text);
  }
  EXPECT_FALSE(revision_of("").has_value());
}

TEST(Revision, WhatIsGivenBackIsOpenAgain) {
  const Revision back = give_back(sent(), "权重再议", kChief).revision;
  EXPECT_TRUE(back.is_open());
  EXPECT_EQ(back.reason, "权重再议");
  EXPECT_TRUE(send(back, "", {}, kAnalyst).is_granted());
  EXPECT_TRUE(withdraw(back, kAnalyst).is_granted());
  EXPECT_EQ(recall(sent(), kAnalyst).revision.stage, Stage::Draft);
}

TEST(Revision, ChangesAreToldValueByValue) {
  const std::vector<Change> changes = changes_of(changed());
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].where, "亩均税收");
  EXPECT_EQ(changes[0].key, "weight");
  EXPECT_EQ(changes[0].before, "30");
  EXPECT_EQ(changes[0].after, "28");
  Revision one = started();
  one.parts[0].text = pack::without_row(one.parts[0].text, "/items", 2).text;
  for (const Change& each : changes_of(one)) {
    EXPECT_EQ(each.where, "单位能耗增加值");
    EXPECT_TRUE(each.after.empty());
  }
  EXPECT_TRUE(changes_of(started()).empty());
  one = started();
  one.parts[0].text.insert(one.parts[0].text.size() - 4, "# 说明\n");
  ASSERT_EQ(changes_of(one).size(), 1u) << "words between the values";
  EXPECT_EQ(changes_of(one)[0].after, "# 说明");
  // What no form shows is told as the line that it is.
  one = changed();
  one.parts[0].text.insert(one.parts[0].text.find("ties:"), "adjust: [甲、乙]\n");
  const std::vector<Change> all = changes_of(one);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[2].after, "adjust: [甲、乙]");
  EXPECT_TRUE(all[2].key.empty());
}

TEST(Revision, IsAnOverlayThatThePackReads) {
  const std::string folder =
      (fs::temp_directory_path() / ("tenglong_revision_" + std::to_string(getpid()))).string();
  fs::remove_all(folder);
  const std::string draft = keep_files(folder, changed(), "dinghai_2021");
  EXPECT_TRUE(approved_in(folder, "dinghai_2021").empty()) << "a draft holds nowhere";
  const pack::ReadPack tried = pack::read_pack(kPack, {draft});
  ASSERT_FALSE(diagnostic::has_errors(tried.diagnostics))
      << diagnostic::render(tried.diagnostics, diagnostic::source_lines_from_disk(), {});
  EXPECT_EQ(tried.pack->schemes.front().items[0].weight.text, "28");

  const Decision approved = approve(sent(), "样例文件〔2024〕1号", "2024-01-01", {}, kChief);
  ASSERT_TRUE(approved.is_granted()) << codes_of(approved);
  keep_files(folder, approved.revision, "dinghai_2021");
  const std::vector<Kept> kept = approved_in(folder, "dinghai_2021");
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].from, (calendar::Date{2024, 1, 1}));
  EXPECT_TRUE(approved_in(folder, "another").empty());
  const pack::ReadPack holds = pack::read_pack(kPack, {kept[0].folder});
  ASSERT_FALSE(diagnostic::has_errors(holds.diagnostics));
  EXPECT_EQ(holds.pack->schemes.front().source, "样例文件〔2024〕1号") << "what a document says rests on it";
  EXPECT_EQ(holds.pack->overlays.front().document, "样例文件〔2024〕1号");

  Part part = changed().parts[0];
  EXPECT_TRUE(strayed(part, "f").empty());
  part.text += "\n```yaml codes\nid: grade\nname: 评价等级\nsource: Q15\n```\n";
  EXPECT_EQ(strayed(part, "f").size(), 1u) << "a second block would take effect unseen";
  part.text = "写着别的\n";
  ASSERT_EQ(strayed(part, "f").size(), 1u);
  EXPECT_EQ(strayed(part, "f")[0].code, "E-REVISION-115");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace tenglong::revision
