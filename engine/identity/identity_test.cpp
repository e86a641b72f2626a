#include "engine/identity/identity.h"

#include <gtest/gtest.h>

#include "engine/register/memory_store.h"
#include "engine/schema/credit_code.h"

namespace tenglong::identity {
namespace {

NameRules rules() {
  NameRules out{.register_id = "enterprise",
                .name_field = "legal_name",
                .near_fields = {"town"},
                .near_names = {"镇街"},
                .places = {"浙江省", "浙江", "舟山市", "舟山", "定海区", "定海"},
                .endings = {"有限责任公司", "股份有限公司", "有限公司", "厂"},
                .variants = {{U'龍', U'龙'}},
                .least = 45,
                .most = 5};
  out.scores = {90, 85, 75, 60, 65, 95, 90, 85, 85, 20};
  return out;
}

struct CoreCase {
  const char* what;
  const char* written;
  const char* core;
};
const CoreCase kCores[] = {
    {"places, brackets and the kind of company", "浙江舟山（定海）海龙机械有限公司", "海龙机械"},
    {"full width and blanks", "　海　龙ＭＡＣＨＩＮＥ　有限责任公司 ", "海龙MACHINE"},
    {"half-width brackets", "海龙机械(浙江)有限公司", "海龙机械"},
    {"what stands in brackets and is no place", "海龙（二期）机械厂", "海龙二期机械"},
    {"a traditional character of the table", "海龍机械有限公司", "海龙机械"},
    {"one that is not in the table", "海龙機械有限公司", "海龙機械"},
    {"a character beyond the BMP", "浙江𠮷祥食品有限公司", "𠮷祥食品"},
    {"nothing but a place and an ending stays", "定海有限公司", "定海"},
    {"an ending alone stays", "有限公司", "有限公司"},
    {"a bracket that nobody closed", "海龙机械（定海", "海龙机械定海"},
    {"nothing", "", ""},
};
TEST(Identity, TheCoreOfAName) {
  for (const CoreCase& c : kCores) {
    std::string out;
    for (const char32_t each : core_of(c.written, rules())) text::append_code_point(out, each);
    EXPECT_EQ(out, c.core) << c.what;
  }
}

const std::string kA = schema::credit_code_from(1, "330902"), kB = schema::credit_code_from(2, "330902"),
                  kC = schema::credit_code_from(3, "330902"), kD = schema::credit_code_from(4, "330902");

std::vector<Index::Enterprise> enterprises() {
  return {{kA, "浙江海龙机械有限公司", {"舟山海虎机械有限公司"}, {"330902100"}},
          {kB, "舟山海龙船舶修造有限公司", {}, {"330902101"}},
          {kC, "定海𠮷祥食品厂", {}, {"330902100"}},
          {kD, "浙江远洋水产加工有限公司", {}, {"330902102"}}};
}
Date on(const char* day) { return *Date::parse(day); }

// "code score grounds; ..." in words of the pack.
std::string told(const Answer& answer) {
  std::string out = answer.decided ? "定 " + *answer.decided + " " : "";
  for (const Candidate& each : answer.candidates) {
    out += each.code == kA ? "甲" : each.code == kB ? "乙" : each.code == kC ? "丙" : "丁";
    out += std::to_string(each.score);
    for (const Candidate::Ground& ground : each.grounds)
      out += std::string(" ") + schema::kLikenessNames[static_cast<std::size_t>(ground.kind)];
    out += ";";
  }
  return out;
}

std::string swapped(std::string code, std::size_t at) {
  std::swap(code[at], code[at + 1]);
  return code;
}
std::string replaced(std::string code, std::size_t at) {
  code[at] = code[at] == '7' ? '8' : '7';
  return code;
}
std::string first_swappable(const std::string& code) {
  for (std::size_t i = 0; i + 1 < code.size(); ++i)
    if (code[i] != code[i + 1]) return swapped(code, i);
  return code;
}

struct AskCase {
  const char* what;
  Query query;
  std::string expected;
};
TEST(Identity, CandidatesWithTheirGrounds) {
  const Index index(enterprises(), rules(),
                    {{.number = 1,
                      .kind = EventKind::Recode,
                      .on = on("2016-03-01"),
                      .from = {"330902000012345"},
                      .to = {kA}}},
                    {});
  const AskCase cases[] = {
      {"the name itself", {.name = "浙江海龙机械有限公司"}, "甲90 名称相同;"},
      {"width and blanks do not matter", {.name = "浙江 海龙机械 有限公司　"}, "甲90 名称相同;"},
      {"a former name", {.name = "舟山海虎机械有限公司"}, "甲85 曾用名;"},
      {"another place and kind of company", {.name = "海龙机械（舟山）厂"}, "甲75 主名相同;"},
      {"one character off", {.name = "海龙机戒有限公司"}, "甲60 差一字;"},
      {"two characters changed places", {.name = "海龙械机有限公司"}, "甲60 差一字;"},
      {"one character too many", {.name = "新海龙机械有限公司"}, "甲60 差一字;"},
      {"the place speaks for it too",
       {.name = "海龙机戒有限公司", .near = {"330902100"}},
       "甲68 差一字 同地;"},
      {"a place alone is nobody", {.name = "山外山", .near = {"330902100"}}, ""},
      {"a character beyond the BMP", {.name = "𠮷祥食品有限公司"}, "丙75 主名相同;"},
      {"alike: an extra word in the middle", {.name = "远洋水产品加工有限公司"}, "丁60 差一字;"},
      {"alike: a word more at the end", {.name = "远洋水产加工冷冻有限公司"}, "丁53 名称相近;"},
      {"neighbouring characters of the code", {.code = first_swappable(kB)}, "乙90 代码对调;"},
      {"a wrong character of the code", {.code = replaced(kB, 12)}, "乙85 代码差一位;"},
      {"a lost character", {.code = kB.substr(0, 5) + kB.substr(6)}, "乙85 代码差一位;"},
      {"one too many", {.code = kB.substr(0, 5) + "7" + kB.substr(5)}, "乙85 代码差一位;"},
      {"the organisation code", {.code = kB.substr(8, 8) + "-" + kB.substr(16, 1)}, "乙85 组织机构代码相同;"},
      {"the registration number of old", {.code = "330902000012345"}, "甲95 旧代码;"},
      {"name and code point to the same",
       {.name = "海龙机械厂", .code = replaced(kA, 12)},
       "甲96 代码差一位 主名相同;"},
      {"nobody", {.name = "山外山酒业", .code = "91999999MA00000000"}, ""},
      {"nothing written", {}, ""},
  };
  for (const AskCase& c : cases) EXPECT_EQ(told(index.ask(c.query, on("2023-06-01"))), c.expected) << c.what;
}

TEST(Identity, AReasonIsToldInWords) {
  const Index index(enterprises(), rules(), {}, {});
  const Answer answer = index.ask({.name = "海龙机戒有限公司", .near = {"330902100"}}, on("2023-06-01"));
  ASSERT_EQ(answer.candidates.size(), 1u);
  EXPECT_EQ(explain(answer.candidates[0]).zh,
            "浙江海龙机械有限公司（" + kA + "，68 分）：主名“海龙机械”只差一字；镇街同为 330902100");
  EXPECT_EQ(explain(answer.candidates[0]).en,
            "浙江海龙机械有限公司 (" + kA + ", 68): the core of the name is one character off; same 镇街");
}

TEST(Identity, WhatWasDecidedIsNotAskedAgain) {
  const Decision yes{.name = "海龙机械", .enterprise = kA, .by = "李", .at = "2022-05-01T09:00:00+08:00"};
  Decision no = yes;
  no.name = "海龙船舶";
  no.verdict = Verdict::Different;
  no.enterprise = kB;
  const Index index(
      enterprises(), rules(),
      {{.number = 1, .kind = EventKind::Merge, .on = on("2023-01-01"), .from = {kA, kD}, .to = {kD}}},
      {yes, no});
  EXPECT_EQ(index.ask({.name = " 海龙机械"}, on("2022-06-01")).decided, kA);
  EXPECT_EQ(index.ask({.name = "海龙机械"}, on("2023-06-01")).decided, kD) << "it merged since";
  EXPECT_EQ(index.ask({.name = "海龙机械", .code = "12345"}, on("2022-06-01")).decided, kA)
      << "the name was decided, whatever code stands beside it";
  const Answer rest = index.ask({.name = "海龙船舶"}, on("2022-06-01"));
  EXPECT_FALSE(rest.decided);
  for (const Candidate& each : rest.candidates) EXPECT_NE(each.code, kB);
}

TEST(Identity, ACandidateThatBecameAnotherSaysSo) {
  const Index index(
      enterprises(), rules(),
      {{.number = 1, .kind = EventKind::Merge, .on = on("2023-01-01"), .from = {kA, kD}, .to = {kD}}}, {});
  EXPECT_EQ(index.ask({.name = "海龙机械"}, on("2023-06-01")).candidates.at(0).now,
            std::vector<std::string>{kD});
  EXPECT_TRUE(index.ask({.name = "海龙机械"}, on("2022-12-31")).candidates.at(0).now.empty());
}

TEST(Identity, ContradictionsAreTold) {
  const Decision a{.name = "海龙", .enterprise = kA, .by = "李"};
  Decision b = a, c = a;
  b.enterprise = kB;
  b.by = "王";
  c.verdict = Verdict::Different;
  const auto codes = [](const diagnostic::Diagnostics& all) {
    std::string out;
    for (const auto& each : all) out += each.code + ";";
    return out;
  };
  EXPECT_EQ(codes(contradictions({a, b}, {})), "E-IDENTITY-201;");
  EXPECT_EQ(codes(contradictions({a, c}, {})), "E-IDENTITY-202;");
  EXPECT_EQ(codes(contradictions({a, b, c}, {})), "E-IDENTITY-201;E-IDENTITY-202;");
  const Event merged{.kind = EventKind::Merge, .on = on("2023-01-01"), .from = {kA, kB}, .to = {kB}};
  EXPECT_EQ(codes(contradictions({a, b}, {merged})), "") << "the two have become one";
  EXPECT_EQ(contradictions({a, b}, {})[0].related.size(), 2u);
}

struct EventCase {
  const char* what;
  Event event;
  const char* codes;
};
TEST(Identity, EventsThatCannotBe) {
  const std::vector<Event> known = {
      {.number = 1, .kind = EventKind::Close, .on = on("2022-06-01"), .from = {kD}},
      {.number = 2, .kind = EventKind::Recode, .on = on("2021-06-01"), .from = {kB}, .to = {kC}}};
  const Date day = on("2023-01-01");
  const EventCase cases[] = {
      {"a renaming", {.on = day, .from = {kA}, .before = "甲", .after = "乙"}, ""},
      {"to nothing", {.on = day, .from = {kA}, .before = "甲"}, "E-IDENTITY-102;"},
      {"of two", {.on = day, .from = {kA, kC}, .after = "乙"}, "E-IDENTITY-101;"},
      {"a merger of one", {.kind = EventKind::Merge, .on = day, .from = {kA}, .to = {kA}}, "E-IDENTITY-101;"},
      {"a code twice",
       {.kind = EventKind::Merge, .on = day, .from = {kA, kA}, .to = {kA}},
       "E-IDENTITY-103;"},
      {"into an old number",
       {.kind = EventKind::Recode, .on = day, .from = {kA}, .to = {"330902000012345"}},
       "E-IDENTITY-104;"},
      {"after it was closed", {.on = day, .from = {kD}, .after = "新"}, "E-IDENTITY-105;"},
      {"before it was closed", {.on = on("2022-05-31"), .from = {kD}, .after = "新"}, ""},
      {"a circle", {.kind = EventKind::Recode, .on = day, .from = {kC}, .to = {kB}}, "E-IDENTITY-106;"},
      {"everything at once",
       {.kind = EventKind::Recode, .on = day, .from = {kD, kD}, .to = {"x"}},
       "E-IDENTITY-101;E-IDENTITY-103;E-IDENTITY-104;E-IDENTITY-105;E-IDENTITY-105;"},
  };
  for (const EventCase& c : cases) {
    std::string codes;
    for (const auto& each : check(c.event, known)) codes += each.code + ";";
    EXPECT_EQ(codes, c.codes) << c.what;
  }
}

TEST(Identity, FollowingWhatHappened) {
  const std::vector<Event> events = {
      {.number = 4, .kind = EventKind::Close, .on = on("2024-01-01"), .from = {kD}},
      {.number = 1,
       .kind = EventKind::Recode,
       .on = on("2016-01-01"),
       .from = {"330902000012345"},
       .to = {kA}},
      {.number = 2, .kind = EventKind::Split, .on = on("2020-01-01"), .from = {kA}, .to = {kA, kB}},
      {.number = 3, .kind = EventKind::Merge, .on = on("2022-01-01"), .from = {kB, kC}, .to = {kD}}};
  const auto after = [&](const std::string& code, const char* day) {
    std::string out;
    for (const std::string& each : successor_of(code, on(day), events).codes)
      out += each == kA ? "甲" : each == kB ? "乙" : each == kC ? "丙" : each == kD ? "丁" : each;
    return out;
  };
  EXPECT_EQ(after("330902000012345", "2015-12-31"), "330902000012345");
  EXPECT_EQ(after("330902000012345", "2019-12-31"), "甲");
  EXPECT_EQ(after("330902000012345", "2021-01-01"), "甲乙");
  EXPECT_EQ(after("330902000012345", "2022-01-01"), "甲丁");
  EXPECT_EQ(after(kC, "2023-01-01"), "丁");
  EXPECT_EQ(after(kC, "2024-01-01"), "");
  EXPECT_EQ(successor_of("330902000012345", on("2023-01-01"), events).followed.size(), 3u);

  const std::vector<Event> renamings = {
      {.number = 2, .on = on("2022-05-01"), .from = {kA}, .before = "乙名", .after = "丙名"},
      {.number = 1, .on = on("2020-05-01"), .from = {kA}, .before = "甲名", .after = "乙名"}};
  std::string names;
  for (const Name& each : names_of(kA, "丙名", renamings))
    names += each.name + "[" + (each.from ? each.from->to_string() : "") + "," +
             (each.until ? each.until->to_string() : "") + ")";
  EXPECT_EQ(names, "甲名[,2020-05-01)乙名[2020-05-01,2022-05-01)丙名[2022-05-01,)");
}

TEST(Identity, TheRegisterItselfIsTheIndex) {
  schema::Schema schema;
  schema.registers.push_back({.id = "enterprise", .name = "企业", .key = {"credit_code"}});
  schema.registers[0].fields = {
      {.id = "credit_code", .name = "统一社会信用代码", .type = schema::FieldType::CreditCode},
      {.id = "legal_name", .name = "企业名称"},
      {.id = "town", .name = "镇街"}};
  registers::MemoryStore store;
  for (const char* name : {"舟山海虎机械有限公司", "浙江海龙机械有限公司"}) {
    const registers::Batch batch{.register_id = "enterprise", .provider = "局"};
    const auto writer = store.write(batch);
    writer->add({.register_id = "enterprise",
                 .record_key = kA,
                 .values = {{.field = 1, .value = std::string(name)},
                            {.field = 2, .value = std::string("330902100")}}});
    writer->commit(batch);
  }
  const Index index = index_of(schema, store, rules(), {}, {});
  EXPECT_EQ(told(index.ask({.name = "海虎机械", .near = {"330902100"}}, on("2023-01-01"))),
            "甲80 主名相同 同地;");
}

TEST(Identity, MemoryKeepsOneWordAWritingAndEnterprise) {
  MemoryIdentity kept;
  Decision decision{.name = "海龙", .enterprise = kA};
  kept.decide(decision);
  decision.verdict = Verdict::Different;
  kept.decide(decision);
  ASSERT_EQ(kept.decisions().size(), 1u);
  EXPECT_EQ(kept.decisions()[0].verdict, Verdict::Different);
  EXPECT_EQ(kept.add({.on = on("2023-01-01")}), 1);
  EXPECT_EQ(kept.add({.on = on("2022-01-01")}), 2);
  EXPECT_EQ(kept.events()[0].number, 2);
}

}  // namespace
}  // namespace tenglong::identity
