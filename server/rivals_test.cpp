// Over the wire: two who differ side by side until one is chosen; what a correction moves, line by line.
#include <gtest/gtest.h>

#include "engine/intake/intake.h"
#include "server/impact.h"
#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

struct OfRivals : testing::Test {
  SampleDistrict at;
  // One says 环保, the other 欠税, of the same talk.
  void two_differ() {
    for (const auto& [provider, reason] : {std::pair{"区经信局", "环保"}, std::pair{"区税务局", "欠税"}})
      intake::import_bytes(
          std::string("约谈_") + provider + ".csv",
          "约谈企业代码,约谈日期,约谈事由\n" + at.callers->firm + ",2023-06-01," + reason + "\n",
          at.read.pack->schema, at.store->registers(),
          {.provider = provider,
           .submitter = "试",
           .received_at = "2023-06-02T09:00:00+08:00",
           .register_id = std::string("talk")});
    at.district->renew();
  }
  Json rivals(TestClient& client, const std::string& query = "") {
    const Received got = client.ask("GET", "/api/rivals" + query);
    EXPECT_EQ(got.status, 200) << got.body;
    return read_json(got.body).value;
  }
};

TEST_F(OfRivals, TwoWhoDifferStandSideBySideUntilOneIsChosen) {
  TestClient client(at.server->port());
  client.always["X-Role"] = "analyst";
  const std::size_t before = rivals(client).find("rivals")->items.size();
  two_differ();
  const Json told = rivals(client, "?period=2023");
  ASSERT_EQ(told.find("rivals")->items.size(), before + 1) << "a talk happens on a day of any period";
  EXPECT_EQ(told.find("total")->text, std::to_string(before + 1));
  const Json* found = nullptr;
  for (const Json& one : told.find("rivals")->items)
    if (one.text_of("register") == "talk") found = &one;
  ASSERT_NE(found, nullptr);
  ASSERT_EQ(found->find("values")->items.size(), 2u);
  std::map<std::string, std::string> by_text;
  for (const Json& value : found->find("values")->items) {
    by_text[value.text_of("text")] = value.text_of("provider");
    EXPECT_EQ(value.text_of("file"), "约谈_" + value.text_of("provider") + ".csv");
    EXPECT_NE(value.text_of("cell"), "");
  }
  EXPECT_EQ(by_text, (std::map<std::string, std::string>{{"环保", "区经信局"}, {"欠税", "区税务局"}}));
  const auto choose = [&](const std::string& chosen, const std::string& reason, const char* role,
                          const std::string& key) {
    text::JsonWriter out;
    out.begin_object().member("register", "talk").member("key", found->text_of("key"));
    out.member("field", found->text_of("field")).member("chosen", chosen).member("reason", reason);
    out.end_object();
    return client.ask("POST", "/api/rivals", out.take(), {{"Idempotency-Key", key}, {"X-Role", role}});
  };
  EXPECT_EQ(choose("环保", "", "analyst", "choose-001").status, 409) << "not without a reason";
  const Received other = choose("别的", "想当然", "analyst", "choose-002");
  EXPECT_EQ(other.status, 409) << "nobody said this: " << other.body;
  EXPECT_GE(choose("环保", "记录", "enterprise", "choose-003").status, 403);
  EXPECT_EQ(rivals(client).find("rivals")->items.size(), before + 1) << "nothing was chosen yet";
  const Received chosen = choose("环保", "以会议记录为准", "analyst", "choose-004");
  ASSERT_EQ(chosen.status, 201) << chosen.body;
  EXPECT_EQ(rivals(client).find("rivals")->items.size(), before);
  const Received record = client.ask("GET", "/api/registers/talk/records?size=50");
  EXPECT_NE(record.body.find("环保"), std::string::npos) << record.body;
  EXPECT_EQ(record.body.find("欠税"), std::string::npos);
}

TEST_F(OfRivals, AreShownToThoseAloneWhoMayChoose) {
  two_differ();
  TestClient client(at.server->port());
  for (const char* role : {"enterprise", "outside_unit"}) {
    client.always["X-Role"] = role;
    const Received got = client.ask("GET", "/api/rivals");
    EXPECT_TRUE(got.status >= 403 || got.body.find("欠税") == std::string::npos) << role << got.body;
  }
}

struct OfImpact : testing::Test {
  SampleDistrict at;
  std::vector<Json> foreseen(TestClient& client, const std::string& field, const std::string& value) {
    const Received got = client.ask(
        "GET", "/api/corrections/impact?register=enterprise_year&period=2022&key=" + at.callers->firm +
                   "&field=" + field + "&value=" + value);
    EXPECT_EQ(got.status, 200) << got.body;
    return read_json(got.body).value.find("impact")->items;
  }
  static std::size_t count_of(const std::vector<Json>& lines, const std::string& kind) {
    return static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(), [&](const Json& one) { return one.text_of("kind") == kind; }));
  }
};

TEST_F(OfImpact, ALineForEachThingThatMovesByName) {
  TestClient client(at.server->port());
  client.always["X-Role"] = "analyst";
  const std::vector<Json> lines = foreseen(client, "tax_paid", "999999");
  EXPECT_GT(count_of(lines, "target"), 0u) << "taxes are counted in a target";
  EXPECT_GT(count_of(lines, "grade") + count_of(lines, "touched"), 0u);
  EXPECT_EQ(count_of(lines, "nothing"), 0u);
  bool is_p01_told = false, is_a_town_told = false;
  for (const Json& line : lines) {
    EXPECT_TRUE(line.text_of("period") == "2022" || line.text_of("period") == "2023")
        << line.text_of("period");
    EXPECT_FALSE(line.find("words")->text_of("zh").empty());
    EXPECT_FALSE(line.find("words")->text_of("en").empty());
    if (line.text_of("kind") == "grade" || line.text_of("kind") == "target") {
      EXPECT_NE(line.text_of("from") + line.text_of("score_from"),
                line.text_of("to") + line.text_of("score_to"));
    }
    if (line.text_of("block") != "P01" || line.text_of("period") != "2022") continue;
    EXPECT_EQ(line.text_of("unit"), "万元/亩");
    EXPECT_EQ(line.text_of("block_name"), "规上工业亩均税收");
    is_p01_told = is_p01_told || line.text_of("of").empty();
    is_a_town_told = is_a_town_told || !line.text_of("of_name").empty();
  }
  EXPECT_TRUE(is_p01_told || count_of(lines, "target") > 0);
  const auto unchanged =
      client.ask("GET", "/api/registers/enterprise_year/records/" + at.callers->firm + "?period=2022");
  EXPECT_EQ(unchanged.body.find("999999"), std::string::npos) << "it only foresees";
}

TEST_F(OfImpact, WhatMovesNothingSaysSo) {
  TestClient client(at.server->port());
  client.always["X-Role"] = "analyst";
  const auto edition = at.district->edition_of("2022");
  const schema::Register& of = *at.read.pack->schema.find("enterprise_year");
  const column::Table& table = *edition->snapshot->find(of.id);
  const std::int32_t row = table.find(at.callers->firm, calendar::Period::year(2022));
  ASSERT_GE(row, 0);
  const auto tax = column::value_of(table, static_cast<std::size_t>(of.field_index("tax_paid")),
                                    static_cast<std::uint32_t>(row));
  ASSERT_EQ(tax.kind(), feel::Kind::Number);
  const std::vector<Json> lines = foreseen(client, "tax_paid", tax.number().to_string());
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].text_of("kind"), "nothing");
}

// As a correction keeps them: every part comes back; what was kept before as a sentence is shown as one.
TEST(Impact, LinesAreKeptByTheirParts) {
  const ImpactLine line{.kind = "grade",
                        .period = "2022",
                        .block = "overall",
                        .block_name = "综合评价",
                        .key = "A",
                        .name = "甲厂 \"一\"",
                        .of = "330902100",
                        .of_name = "金塘镇",
                        .from = "C",
                        .to = "B",
                        .score_from = "59.9",
                        .score_to = "60",
                        .unit = "分",
                        .count = 3};
  const ImpactLine back = decode_impact(encode(line));
  EXPECT_EQ(encode(back), encode(line));
  EXPECT_EQ(in_words(back), in_words(line));
  EXPECT_NE(in_words(line).zh.find("C → B"), std::string::npos) << in_words(line).zh;
  for (const char* kept : {"2022 甲厂 C → B", "", "{broken"}) {
    EXPECT_EQ(decode_impact(kept).kind, "text");
    EXPECT_EQ(in_words(decode_impact(kept)).zh, kept);
  }
}

}  // namespace
}  // namespace tenglong::server
