// Five times more than the server can do: what it does not take it says so plainly and at once, it is as
// before when the crowd has gone, and everything that it acknowledged is there, after it was started again
// too.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "server/api.h"
#include "server/inside/test_client.h"
#include "server/inside/test_district.h"
#include "server/service.h"

namespace tenglong::server {
namespace {

using namespace std::chrono_literals;

struct AsAnalyst final : Callers {
  explicit AsAnalyst(District& district) {
    who.is_signed_in = true;
    who.account = {.id = "analyst", .unit = "区税务局", .roles = {"analyst", "department"}};
    who.scope = district.policy().scope_of(who.account, {}, district.options().today());
  }
  std::shared_ptr<const Caller> caller(const Request&) override {
    return std::make_shared<const Caller>(who);
  }
  std::string forgery_word(const Request&) override { return {}; }
  Caller who;
};

// A slow reading and a real writing, over a store on the disk.
Routes crowded(TestDistrict& at) {
  Routes out = {};
  out.add({Method::Get,
           "/api/slow",
           "slow",
           Summary("慢", "slow"),
           Right::signed_in(),
           Repeat::Reads,
           Runs::OnWorker,
           {},
           Input::none(),
           Output::json(Shape::any()),
           [](const Call&) {
             std::this_thread::sleep_for(10ms);
             return Answer{.body = "{}"};
           }});
  out.add({Method::Post,
           "/api/say",
           "say",
           Summary("说", "say"),
           Right::signed_in(),
           Repeat::Keyed,
           Runs::OnWorker,
           {},
           Input::of(Shape::object("Said", {{"value", Shape::decimal(), ""}})),
           Output::json(Shape::any(), 201),
           [&at](const Call& call) {
             const schema::Register& target = *at.read.pack->schema.find("enterprise_year");
             const auto edition = at.district->edition();
             const column::Table& table = *edition->snapshot->find(target.id);
             const registers::Batch batch{.register_id = target.id,
                                          .provider = "区税务局",
                                          .submitter = call.caller.account.id,
                                          .received_at = at.district->options().now(),
                                          .source = registers::Source::Form};
             const auto writer = at.store->registers().write(batch);
             writer->add({.register_id = target.id,
                          .record_key = table.key[0],
                          .period = table.period[0],
                          .batch = writer->batch(),
                          .sheet = call.body.text_of("value"),
                          .values = {{.field = target.field_index("tax_paid"),
                                      .value = *quantity::Decimal::parse(call.body.text_of("value"))}}});
             writer->commit(batch);
             at.district->renew(writer->batch(), {{target.id, table.key[0]}});
             return Answer{.status = 201, .body = "{}"};
           }});
  return out;
}

TEST(Overload, ShedsPlainlyRecoversAndLosesNothing) {
  TestDistrict at("tenglong_overload");
  AsAnalyst callers(*at.district);
  const auto kept = kept_in_memory();
  const Assets assets("");
  Log log("");
  std::set<std::string> acknowledged;
  std::map<int, int> statuses;
  {
    Service service(crowded(at), callers, *kept, assets, log);
    // Two at a time, 10 ms each: 200 a second, and eight may wait. Forty ask without a pause.
    HttpServer server(service, {.port = 18640, .workers = 2, .limits = {.longest_queue = 8}});
    std::thread thread([&] { server.run(false); });
    std::mutex mutex;
    std::atomic<bool> ends = false;
    std::vector<std::thread> crowd;
    for (int who = 0; who < 40; ++who)
      crowd.emplace_back([&, who] {
        TestClient client(server.port());
        for (int i = 0; !ends; ++i) {
          const bool writes = who % 4 == 0;
          const std::string value = std::to_string(who * 10000 + i + 1);
          const Received got = writes ? client.ask("POST", "/api/say", "{\"value\":\"" + value + "\"}",
                                                   {{"Content-Type", "application/json"},
                                                    {"Idempotency-Key", "of-the-crowd-" + value}})
                                      : client.ask("GET", "/api/slow");
          const std::lock_guard lock(mutex);
          ++statuses[got.status];
          if (got.status == 201) acknowledged.insert(value);
          if (got.status == 503) {
            EXPECT_EQ(got.headers.at("retry-after"), "1");
            EXPECT_EQ(got.headers.at("content-type").substr(0, 24), "application/problem+json");
            EXPECT_NE(got.body.find("E-SERVER-108"), std::string::npos);
          }
        }
      });
    std::this_thread::sleep_for(2s);
    ends = true;
    for (std::thread& each : crowd) each.join();
    EXPECT_GT(statuses[503], 0);
    EXPECT_GT(statuses[200], 0);
    EXPECT_GT(acknowledged.size(), 0u);
    for (const auto& [status, count] : statuses)
      EXPECT_TRUE(status == 200 || status == 201 || status == 503) << status << ": " << count;
    const auto over = std::chrono::steady_clock::now();
    TestClient client(server.port());
    int well = 0;
    while (well < 5 && std::chrono::steady_clock::now() - over < 10s)
      well = client.ask("GET", "/api/slow").status == 200 ? well + 1 : 0;
    EXPECT_EQ(well, 5) << "it did not recover within ten seconds";
    server.stop();
    thread.join();
  }
  at.close();
  at.open();
  std::set<std::string> there;
  at.store->registers().read("enterprise_year", std::nullopt,
                             [&](registers::Statement&& said) { there.insert(said.sheet); });
  for (const std::string& value : acknowledged) EXPECT_TRUE(there.contains(value)) << value;
}

}  // namespace
}  // namespace tenglong::server
