// 催报 over the wire: seen before it is sent, one letter for a unit and a day, and each unit's own result.
#include <gtest/gtest.h>

#include "campaign/collection/collection.h"
#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

struct OfReminders : testing::Test {
  SampleDistrict at;
  TestClient client{at.server->port()};
  int key = 0;
  Json remind(const std::string& body, const char* role, int status = 200) {
    const Received got =
        client.ask("POST", "/api/reminders", body,
                   {{"Idempotency-Key", "remind-" + std::to_string(100 + ++key)}, {"X-Role", role}});
    EXPECT_EQ(got.status, status) << got.body;
    return read_json(got.body).value;
  }
  static std::int64_t count(const Json& told, const char* name) {
    return std::atoll(told.find(name)->text.c_str());
  }
};

TEST_F(OfReminders, ArePreviewedSentOnceADayAndKept) {
  const Json owing =
      read_json(client.ask("GET", "/api/items?period=2022", "", {{"X-Role", "analyst"}}).body).value;
  const std::vector<Json>& overdue = owing.find("overdue")->items;
  ASSERT_GT(overdue.size(), 1u);
  const Json seen = remind(R"({"period":"2022","trial":true})", "analyst");
  EXPECT_EQ(count(seen, "total"), static_cast<std::int64_t>(overdue.size()));
  EXPECT_EQ(count(seen, "would"), count(seen, "total"));
  for (std::size_t i = 0; i < overdue.size(); ++i)
    for (const char* name : {"unit", "items", "days", "text"})
      EXPECT_EQ(seen.find("rows")->items[i].find(name)->text, overdue[i].find(name)->text) << name;
  EXPECT_TRUE(at.store->collection().reminders().empty()) << "a preview sends nothing";

  const std::string first = overdue[0].text_of("unit");
  const std::string one = R"({"period":"2022","units":[")" + first + R"(","没有的单位"],)";
  remind(one + R"("expected":2})", "analyst", 409);
  EXPECT_TRUE(at.store->collection().reminders().empty()) << "not what was previewed";
  const Json sent = remind(one + R"("expected":1})", "analyst");
  EXPECT_EQ(count(sent, "sent"), 1);
  EXPECT_EQ(count(sent, "nothing"), 1);
  EXPECT_EQ(sent.find("rows")->items[0].text_of("result"), "sent");
  EXPECT_EQ(sent.find("rows")->items[1].text_of("result"), "nothing");
  const auto kept = at.store->collection().reminders();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].unit, first);
  EXPECT_EQ(kept[0].by, "analyst");
  EXPECT_EQ(kept[0].text, overdue[0].text_of("text"));

  const Json all = remind(R"({"period":"2022"})", "analyst");
  EXPECT_EQ(count(all, "already"), 1) << "no second letter on one day";
  EXPECT_EQ(count(all, "sent"), count(all, "total") - 1);
  EXPECT_EQ(at.store->collection().reminders().size(), overdue.size());
  EXPECT_EQ(count(remind(R"({"period":"2022"})", "analyst"), "sent"), 0);
}

TEST_F(OfReminders, GoNoFurtherThanWhoAsksMaySend) {
  at.callers->unit = "区税务局";
  const Json seen = remind(R"({"period":"2022","trial":true})", "department");
  for (const Json& row : seen.find("rows")->items)
    EXPECT_TRUE(row.text_of("unit") == "区税务局" || row.text_of("result") == "refused")
        << row.text_of("unit");
  const Received none =
      client.ask("POST", "/api/reminders", "{}", {{"Idempotency-Key", "remind-none"}, {"X-Role", "auditor"}});
  EXPECT_GE(none.status, 403) << none.body;
  EXPECT_TRUE(at.store->collection().reminders().empty());
}

}  // namespace
}  // namespace tenglong::server
