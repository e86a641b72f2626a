// 升档测算 over the wire: what a change of its own figures comes to is what a run of the whole with it says.
#include <gtest/gtest.h>

#include "engine/simulate/simulation.h"
#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

struct OfTrial : testing::Test {
  SampleDistrict at;
  TestClient client{at.server->port()};
  std::shared_ptr<const Edition> edition = at.district->edition();

  Json ask(const std::string& code, const pack::Scheme& scheme, const std::string& set) {
    const Received got = client.ask("GET", address(code, scheme, set));
    EXPECT_EQ(got.status, 200) << got.body;
    return read_json(got.body).value;
  }
  static std::string address(const std::string& code, const pack::Scheme& scheme, const std::string& set) {
    std::string escaped;
    for (const char each : set) {
      char code_of[4];
      std::snprintf(code_of, sizeof code_of, "%%%02X", static_cast<unsigned char>(each));
      escaped += code_of;
    }
    return "/api/enterprises/" + code + "/trial?scheme=" + scheme.id + "&set=" + escaped;
  }
};

TEST_F(OfTrial, EqualsARunOfTheWhole) {
  client.always["X-Role"] = "analyst";
  std::size_t asked = 0, moved = 0;
  for (const pack::Scheme& scheme : at.read.pack->schemes) {
    const result::SchemeResult& ran = *edition->result->scheme(scheme.name);
    simulate::Simulation simulation(*edition->pack, *edition->snapshot, {.period = *edition->period},
                                    *edition->result);
    for (std::size_t i = 0; i < ran.outcomes.size() && asked < 24; i += 2) {
      const result::Outcome& before = ran.outcomes[i];
      if (before.standing != result::Standing::Rated) continue;
      const std::vector<Json> fields = ask(before.key, scheme, "").find("fields")->items;
      ASSERT_GE(fields.size(), 2u);
      const auto field = [&](std::size_t n) { return fields[(asked + n) % fields.size()].text_of("name"); };
      std::string set = field(0) + "=2";
      if (asked % 2 != 0) set += ";" + field(1) + "=1";
      std::vector<simulate::Override> changes;
      for (const std::string_view each : text::split(set, ';')) {
        const auto read = simulate::read_override(before.key + "." + std::string(each), *edition->pack,
                                                  *edition->snapshot, *edition->period);
        ASSERT_TRUE(read.override) << each;
        changes.push_back(*read.override);
      }
      const result::Result whole = simulation.with(changes);
      const result::Outcome* found = whole.scheme(scheme.name)->find(before.key);
      const result::Outcome after = found == nullptr ? result::Outcome{} : *found;  // not due with it
      const Json told = ask(before.key, scheme, set);
      ASSERT_NE(told.find("now"), nullptr) << set;
      EXPECT_EQ(told.find("before")->text_of("grade"), before.grade);
      EXPECT_EQ(told.find("before")->find("total")->text_of("value"), (*before.total).to_string());
      EXPECT_EQ(told.find("now")->text_of("standing") == "not_due", found == nullptr)
          << before.key.str() << set;
      EXPECT_EQ(told.find("now")->text_of("grade"), after.grade) << before.key.str();
      EXPECT_EQ(told.find("now")->find("rank")->text, std::to_string(after.rank)) << before.key.str();
      EXPECT_EQ(told.find("now")->find("total")->text_of("value"),
                after.total ? (*after.total).to_string() : std::string())
          << before.key.str() << set;
      moved += after.grade != before.grade;
      ++asked;
      const Json again = ask(before.key, scheme, "");
      EXPECT_EQ(again.find("now")->find("total")->text_of("value"), (*before.total).to_string())
          << "nothing was changed by trying";
    }
  }
  EXPECT_GT(asked, 10u);
  EXPECT_GT(moved, 0u);
}

TEST_F(OfTrial, EveryMistakeIsToldAtItsField) {
  client.always["X-Role"] = "analyst";
  const pack::Scheme& scheme = at.read.pack->schemes[0];
  std::string code;
  for (const result::Outcome& each : edition->result->scheme(scheme.name)->outcomes)
    if (each.standing == result::Standing::Rated) code = each.key;
  const std::string first = ask(code, scheme, "").find("fields")->items[0].text_of("name");
  const Received got = client.ask("GET", address(code, scheme, first + "=很大;没有的数=1"));
  EXPECT_EQ(got.status, 422) << got.body;
  EXPECT_NE(got.body.find("\"pointer\":\"" + first), std::string::npos) << got.body;
  EXPECT_NE(got.body.find("没有的数"), std::string::npos);
}

TEST_F(OfTrial, IsOfOnesOwnOnly) {
  const pack::Scheme& scheme = at.read.pack->schemes[0];
  std::string stranger;
  for (const result::Outcome& each : edition->result->scheme(scheme.name)->outcomes)
    if (each.standing == result::Standing::Rated && each.key != at.callers->firm) stranger = each.key;
  EXPECT_EQ(client.ask("GET", address(stranger, scheme, ""), "", {{"X-Role", "enterprise"}}).status, 404);
  EXPECT_EQ(client.ask("GET", address("nobody", scheme, ""), "", {{"X-Role", "analyst"}}).status, 404);
}

// Who may read what was reported, and not the result yet, is told so; no zero stands for it.
TEST_F(OfTrial, AResultThatIsNotOpenIsSaidToBe) {
  const Received own =
      client.ask("GET", "/api/enterprises/" + at.callers->firm, "", {{"X-Role", "enterprise"}});
  ASSERT_EQ(own.status, 200) << own.body;
  const Json told = read_json(own.body).value;
  EXPECT_EQ(told.text_of("state"), "draft");
  EXPECT_FALSE(told.find("is_open")->boolean);
  EXPECT_TRUE(told.find("results")->items.empty());
  EXPECT_TRUE(told.find("lists")->items.empty());
  const Json summary =
      read_json(client.ask("GET", "/api/results", "", {{"X-Role", "department"}}).body).value;
  EXPECT_FALSE(summary.find("is_open")->boolean);
  EXPECT_FALSE(summary.find("may_publish")->boolean);
  EXPECT_TRUE(read_json(client.ask("GET", "/api/results", "", {{"X-Role", "chief"}}).body)
                  .value.find("may_publish")
                  ->boolean);
}

}  // namespace
}  // namespace tenglong::server
