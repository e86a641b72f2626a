// One value for many records, over the wire: what is chosen, what is written, what is refused, what is
// withdrawn.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

class Bulk : public testing::Test {
 protected:
  Bulk() : client(sample.server->port()) { client.always["X-Role"] = "analyst"; }
  Received ask(const std::string& body) {
    return client.ask("POST", "/api/registers/enterprise/bulk", body,
                      {{"Idempotency-Key", "bulk-" + std::to_string(1000 + ++key)}});
  }
  Json ended(const std::string& id) {
    for (int i = 0; i < 600; ++i) {
      const Json job = read_json(client.ask("GET", "/api/bulk/" + id).body).value;
      if (job.text_of("state") != "running") return job;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return {};
  }
  Json done(const std::string& body) { return ended(read_json(ask(body).body).value.text_of("id")); }
  std::string keys(std::size_t count) {
    const Json list = read_json(client.ask("GET", "/api/registers/enterprise/records?size=50").body).value;
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
      out += (i == 0 ? "\"" : ",\"") + list.find("rows")->items.at(i).text_of("key") + "\"";
    return "[" + out + "]";
  }
  Received undo(const Json& job) {
    return client.ask("POST", "/api/bulk/" + job.text_of("id") + "/undo", "",
                      {{"Idempotency-Key", "bulk-" + std::to_string(1000 + ++key)}});
  }
  SampleDistrict sample;
  TestClient client;
  int key = 0;
};

TEST_F(Bulk, EachIsAnEventAndTheWholeIsWithdrawn) {
  const auto events = [&] { return sample.district->store().trail().size(); };
  const auto batches = [&] {
    return static_cast<std::int64_t>(sample.district->store().registers().batches().size());
  };
  const std::string five = keys(5), park = sample.district->pack().schema.find_codes("park")->entries[0].code;
  const std::string body = R"({"field":"park","value":")" + park + R"(","keys":)" + five;
  const std::int64_t before = events(), stated = batches();
  const Json trial = done(body + R"(,"trial":true})");
  EXPECT_EQ(trial.find("total")->text, "5");
  EXPECT_EQ(events(), before) << "a preview writes nothing";
  const std::int64_t count = std::stoll(trial.find("changed")->text);
  ASSERT_GT(count, 0);
  const Received moved = ask(body + R"(,"trial":false,"expected":6})");
  EXPECT_EQ(moved.status, 409);
  EXPECT_NE(moved.body.find("E-SERVER-522"), std::string::npos);
  const Json written = done(body + R"(,"trial":false,"expected":5})");
  EXPECT_EQ(written.find("changed")->text, std::to_string(count));
  EXPECT_EQ(batches(), stated + count) << "each a statement, and an event, of its own";
  EXPECT_GE(events(), before + count);
  EXPECT_NE(undo(trial).body.find("E-SERVER-525"), std::string::npos) << "a preview has nothing to withdraw";
  const Json back = ended(read_json(undo(written).body).value.text_of("id"));
  EXPECT_EQ(back.find("changed")->text, std::to_string(count));
  EXPECT_EQ(batches(), stated + 2 * count);
  EXPECT_GE(events(), before + 2 * count);
  EXPECT_NE(undo(written).body.find("E-SERVER-525"), std::string::npos) << "once only";
  client.always["X-Role"] = "chief";
  EXPECT_EQ(client.ask("GET", "/api/bulk/" + written.text_of("id")).status, 403) << "who may write nothing";
}

TEST_F(Bulk, WhatNoFormWouldTakeIsRefusedRowByRow) {
  const Json wrong = done(R"({"field":"registered_on","value":"去年","trial":false,"keys":)" + keys(3) + "}");
  EXPECT_EQ(wrong.find("refused")->text, "3");
  EXPECT_EQ(wrong.find("changed")->text, "0");
  EXPECT_FALSE(wrong.find("rows")->items.at(0).find("why")->text_of("zh").empty());
  const Json computed = done(R"({"field":"nothing","value":"1","trial":true,"keys":)" + keys(2) + "}");
  EXPECT_EQ(computed.find("refused")->text, "2");
  const Received file = client.ask("GET", "/api/bulk/" + wrong.text_of("id") + "/refused?format=csv");
  EXPECT_EQ(file.status, 200);
  EXPECT_NE(file.body.find("原因"), std::string::npos);
  EXPECT_EQ(ask(R"({"field":"park","value":"","trial":true,"where":"1 +"})").status, 400);
}

TEST_F(Bulk, WhatARankingKeepsIsChosenByItsFilter) {
  const pack::Scheme& scheme = sample.district->pack().schemes[1];
  const auto ranked = [&](const std::string& query) {
    return R"({"field":"park","value":"","trial":true,"ranked":{"kind":"schemes","id":")" + scheme.id +
           R"(","query":{)" + query + "}}}";
  };
  const std::string path = "/api/results/schemes/" + scheme.id + "?grade=B,C&size=1";
  const Json list = read_json(client.ask("GET", path).body).value;
  EXPECT_EQ(done(ranked(R"("grade":"B,C")")).find("total")->text, list.find("total")->text);
  EXPECT_EQ(ask(ranked(R"("total_below":"many")")).status, 400) << "as the list itself";
  EXPECT_EQ(ask(ranked(R"("period":"1066")")).status, 404);
}

TEST_F(Bulk, WhatCameOfItIsThereForAnotherDesk) {
  const Json wrong = done(R"({"field":"registered_on","value":"去年","trial":false,"keys":)" + keys(3) + "}");
  const std::string id = wrong.text_of("id");
  const std::map<std::string, std::string> path = {{"bulk", id}}, none;
  const Json nothing{};
  const Request request{.number = "1"};
  Caller caller{.is_signed_in = true, .account = sample.callers->account("analyst")};
  const Call call{request, path, none, nothing, caller};
  const auto routes = bulk_routes_within(*sample.district, {});
  const auto answer = [&](const std::string& route) {
    for (const Route& one : routes)
      if (one.id == route) return one.handler(call);
    return Answer{};
  };
  EXPECT_EQ(answer("get_bulk").body, client.ask("GET", "/api/bulk/" + id).body);
  EXPECT_EQ(answer("get_refused_rows").body.substr(0, 2), "PK");
  caller.account.id = "another";
  EXPECT_EQ(answer("get_bulk").status, 404) << "nobody else's";
}

TEST_F(Bulk, ThereIsAnEndToHowManyAndHowManyWait) {
  const std::map<std::string, std::string> path = {{"register", "enterprise"}}, none;
  const Json body = read_json(R"({"field":"park","value":"","trial":true})").value;
  const Request request{.number = "1"};
  Caller caller{.is_signed_in = true, .account = sample.callers->account("analyst")};
  caller.scope = sample.district->policy().scope_of(caller.account, {}, sample.district->options().today());
  const Call call{request, path, none, body, caller};
  const auto answer = [&](const BulkLimits& limits) {
    return bulk_routes_within(*sample.district, limits).at(0).handler(call).body;
  };
  EXPECT_NE(answer({.rows = 3}).find("E-SERVER-524"), std::string::npos);
  EXPECT_NE(answer({.waiting = 0}).find("E-SERVER-523"), std::string::npos);
}

}  // namespace
}  // namespace tenglong::server
