// 通知 over the wire: who answers for a town or an enterprise receives its own records of it, and nobody
// else.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

struct OfNotices : testing::Test {
  SampleDistrict at;
  TestClient client{at.server->port()};
  int keys = 0;

  void SetUp() override {
    // Accounts as the callers of the tests are: one of a town, one of an enterprise.
    access::KeptAccount town, contact;
    town.id = "town-clerk";
    town.name = "镇上的人";
    town.roles = {"town"};
    town.towns = {at.callers->town};
    contact.id = "contact";
    contact.roles = {"enterprise"};
    contact.firms = {at.callers->firm};
    at.store->accounts().keep({town, contact});
  }
  Received send(const std::string& body, const char* role = "analyst") {
    return client.ask("POST", "/api/registers/enterprise/notices", body,
                      {{"X-Role", role}, {"Idempotency-Key", "notice-" + std::to_string(++keys)}});
  }
  Json list(const char* role) {
    return read_json(client.ask("GET", "/api/notices", "", {{"X-Role", role}}).body).value;
  }
  static std::int64_t count(const Json& of, const char* name) {
    return std::atoll(of.find(name)->text.c_str());
  }
};

TEST_F(OfNotices, APreviewSendsNothingAndSaysWhomItWouldReach) {
  const Received seen = send(R"({"text":"核对用地面积","to":"towns","trial":true})");
  ASSERT_EQ(seen.status, 200) << seen.body;
  const Json told = read_json(seen.body).value;
  EXPECT_EQ(count(told, "total"), count(told, "sent") + count(told, "refused"));
  EXPECT_GT(count(told, "sent"), 0);
  EXPECT_GT(count(told, "refused"), 0) << "other towns have no account";
  ASSERT_EQ(told.find("receivers")->items.size(), 1u);
  EXPECT_EQ(told.find("receivers")->items[0].text_of("place"), at.callers->town);
  EXPECT_TRUE(list("town").find("notices")->items.empty());
  EXPECT_TRUE(list("analyst").find("notices")->items.empty());
}

TEST_F(OfNotices, GoesToItsTownAndShowsOnlyItsOwnRecords) {
  const Json before = read_json(send(R"({"text":"核对用地面积","to":"towns","trial":true})").body).value;
  const Received done = send(R"({"text":"核对用地面积","to":"towns","trial":false,"expected":)" +
                             before.find("total")->text + "}");
  ASSERT_EQ(done.status, 201) << done.body;
  const Json sent = read_json(done.body).value;
  const Json town = list("town");
  ASSERT_EQ(town.find("notices")->items.size(), 1u);
  const Json& received = town.find("notices")->items[0];
  EXPECT_EQ(received.text_of("text"), "核对用地面积");
  EXPECT_EQ(count(received, "total"), count(sent, "sent"));
  EXPECT_FALSE(received.find("is_seen")->boolean);
  EXPECT_EQ(received.find("seen_by"), nullptr) << "who read it is told to the sender";
  const auto edition = at.district->edition();
  for (const Json& row : received.find("rows")->items) {
    const std::int32_t found = edition->snapshot->find("enterprise")->find(row.text_of("key"), std::nullopt);
    EXPECT_EQ(edition->naming().town("enterprise", static_cast<std::size_t>(found)), at.callers->town);
  }
  for (const char* role : {"enterprise", "leader", "department", "auditor"})
    EXPECT_TRUE(list(role).find("notices")->items.empty()) << role;
  // It waits until it is read, by whoever it is for.
  const auto waits = [&] {
    return client.ask("GET", "/api/waiting", "", {{"X-Role", "town"}}).body.find("\"notices\"") !=
           std::string::npos;
  };
  EXPECT_TRUE(waits());
  const std::string seen = "/api/notices/" + received.text_of("number") + "/seen";
  EXPECT_EQ(client.ask("POST", seen, "", {{"X-Role", "leader"}}).status, 404);
  EXPECT_EQ(client.ask("POST", seen, "", {{"X-Role", "town"}}).status, 204);
  EXPECT_FALSE(waits());
  const Json own = list("analyst");
  ASSERT_EQ(own.find("notices")->items.size(), 1u);
  EXPECT_EQ(count(own.find("notices")->items[0], "seen_by"), 1);
  EXPECT_EQ(count(own.find("notices")->items[0], "refused"), count(sent, "refused"));
  const std::string file = "/api/notices/" + received.text_of("number") + "/refused";
  EXPECT_EQ(client.ask("GET", file, "", {{"X-Role", "analyst"}}).body.substr(0, 2), "PK");
  EXPECT_EQ(client.ask("GET", file, "", {{"X-Role", "town"}}).status, 404);
}

TEST_F(OfNotices, GoesToAnEnterpriseOfItsOwn) {
  const Received done =
      send(R"({"text":"补报研发经费","to":"firms","trial":false,"keys":[")" + at.callers->firm + "\"]}");
  ASSERT_EQ(done.status, 201) << done.body;
  ASSERT_EQ(list("enterprise").find("notices")->items.size(), 1u);
  EXPECT_TRUE(list("town").find("notices")->items.empty());
  EXPECT_TRUE(list("outside_unit").find("notices")->items.empty());
}

TEST_F(OfNotices, ManyAtOnceAreAllKept) {
  constexpr int kSenders = 8, kEach = 4;
  std::vector<std::thread> senders;
  std::atomic<int> sent = 0;
  for (int i = 0; i < kSenders; ++i)
    senders.emplace_back([&, i] {
      TestClient own(at.server->port());
      for (int n = 0; n < kEach; ++n)
        sent += own.ask("POST", "/api/registers/enterprise/notices",
                        R"({"text":"甲","to":"firms","trial":false,"keys":[")" + at.callers->firm + "\"]}",
                        {{"X-Role", "analyst"},
                         {"Idempotency-Key", "many-" + std::to_string(i) + "-" + std::to_string(n) + "-x"}})
                    .status == 201;
    });
  for (std::thread& each : senders) each.join();
  EXPECT_EQ(sent, kSenders * kEach);
  EXPECT_EQ(list("analyst").find("notices")->items.size(), static_cast<std::size_t>(sent.load()));
}

TEST_F(OfNotices, NothingIsSentThatReachesNobodyOrWasNotPreviewed) {
  const Received nobody = send(R"({"text":"甲","to":"towns","trial":false,"keys":["nobody"]})");
  EXPECT_EQ(nobody.status, 422);
  EXPECT_NE(nobody.body.find("E-SERVER-526"), std::string::npos) << nobody.body;
  EXPECT_EQ(send(R"({"text":"甲","to":"towns","trial":false,"expected":1})").status, 409);
  EXPECT_EQ(send(R"({"text":"","to":"towns","trial":true})").status, 422);
  EXPECT_EQ(send(R"({"text":"甲","to":"everybody","trial":true})").status, 422);
  const int refused = send(R"({"text":"甲","to":"towns","trial":true})", "leader").status;
  EXPECT_EQ(refused, 403);
  EXPECT_TRUE(list("analyst").find("notices")->items.empty());
}

}  // namespace
}  // namespace tenglong::server
