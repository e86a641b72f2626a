// Many at once: whatever was acknowledged is there afterwards, whoever else wrote at that moment.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "server/in_force.h"
#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

class AtOnce : public testing::Test {
 protected:
  // Each sender does `deed` with a client of its own: by its number.
  void by_many(int senders, const std::function<void(TestClient&, int)>& deed) {
    std::vector<std::thread> threads;
    for (int i = 0; i < senders; ++i)
      threads.emplace_back([&, i] {
        TestClient own(sample.server->port());
        deed(own, i);
      });
    for (std::thread& each : threads) each.join();
  }
  Received send(TestClient& client, const std::string& to, const std::string& body, const std::string& role,
                const std::string& tag = {}) {
    std::map<std::string, std::string> headers = {{"X-Role", role},
                                                  {"Idempotency-Key", "at-once-" + std::to_string(++key)}};
    if (!tag.empty()) headers["If-Match"] = tag;
    return client.ask("POST", to, body, headers);
  }
  // The list of this name, as the analyst sees it.
  std::vector<Json> list(const std::string& from, const char* name) {
    TestClient client(sample.server->port());
    const Json got = read_json(client.ask("GET", from, "", {{"X-Role", "analyst"}}).body).value;
    return got.find(name)->items;
  }
  std::vector<std::string> open_numbers() {
    std::vector<std::string> out;
    for (const Json& one : list("/api/pack/gaps", "gaps"))
      if (one.text_of("state") == "open" &&
          sample.district->pack().parameter(one.text_of("parameter"))->type.kind == feel::Kind::Number)
        out.push_back(one.text_of("id"));
    return out;
  }
  static std::string fill(int i) {
    return R"({"value":"3.5","document":"定政发〔2024〕)" + std::to_string(i) +
           R"(号","effective":"2024-02-01"})";
  }
  SampleDistrict sample;
  std::atomic<int> key = 10000;
};

TEST_F(AtOnce, ValuesThatWereEntered) {
  const std::vector<std::string> gaps = open_numbers();
  const int count = std::min<int>(8, static_cast<int>(gaps.size()));
  ASSERT_GE(count, 3);
  std::atomic<int> kept = 0;
  by_many(count, [&](TestClient& client, int i) {
    kept +=
        send(client, "/api/pack/gaps/" + gaps[static_cast<std::size_t>(i)], fill(i), "analyst").status == 201;
  });
  EXPECT_EQ(kept, count);
  int proposed = 0;
  for (const Json& one : list("/api/pack/gaps", "gaps")) proposed += one.text_of("state") == "proposed";
  EXPECT_EQ(proposed, count);
}

TEST_F(AtOnce, DraftsOfRulesHaveNumbersOfTheirOwnAndOneEditWins) {
  const std::string scheme = sample.district->pack().schemes[0].id;
  constexpr int kSenders = 8;
  std::vector<std::string> numbers(kSenders);
  by_many(kSenders, [&](TestClient& client, int i) {
    const Received got = send(client, "/api/revisions",
                              R"({"name":"第)" + std::to_string(i) +
                                  R"(稿","blocks":[{"kind":"scheme","id":")" + scheme + R"("}]})",
                              "analyst");
    EXPECT_EQ(got.status, 201) << got.body;
    numbers[static_cast<std::size_t>(i)] = read_json(got.body).value.text_of("id");
  });
  EXPECT_EQ(std::set<std::string>(numbers.begin(), numbers.end()).size(), numbers.size());
  EXPECT_EQ(list("/api/revisions", "revisions").size(), numbers.size());
  const std::string one = "/api/revisions/" + numbers[0];
  TestClient reader(sample.server->port());
  const std::string tag = reader.ask("GET", one, "", {{"X-Role", "analyst"}}).headers.at("etag");
  std::atomic<int> won = 0, late = 0;
  by_many(kSenders, [&](TestClient& client, int i) {
    const int status = client
                           .ask("PUT", one + "/name", R"({"name":"名称 )" + std::to_string(i) + "\"}",
                                {{"X-Role", "analyst"}, {"If-Match", tag}})
                           .status;
    won += status == 200;
    late += status == 412;
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ(late, kSenders - 1);
}

// What takes force rests on both: neither may take it on a reading from before the other.
TEST_F(AtOnce, AFilledValueAndARevisionAreBothInForce) {
  const std::vector<std::string> gaps = open_numbers();
  ASSERT_GE(gaps.size(), 2u);
  TestClient client(sample.server->port());
  const pack::Scheme& scheme = sample.district->pack().schemes[0];
  Received draft =
      send(client, "/api/revisions",
           R"({"name":"改名","blocks":[{"kind":"scheme","id":")" + scheme.id + R"("}]})", "analyst");
  ASSERT_EQ(draft.status, 201) << draft.body;
  const std::string path = "/api/revisions/" + read_json(draft.body).value.text_of("id");
  // Two weights change places in part: their sum stays.
  for (const auto& [at, weight] : {std::pair("0", "28"), std::pair("1", "22")}) {
    draft = client.ask("PUT", path + "/blocks/scheme/" + scheme.id + "/value",
                       std::string(R"({"path":"/items/)") + at + R"(/weight","value":")" + weight + R"("})",
                       {{"X-Role", "analyst"}, {"If-Match", draft.headers.at("etag")}});
    ASSERT_EQ(draft.status, 200) << draft.body;
  }
  draft = send(client, path + "/send", "{}", "analyst", draft.headers.at("etag"));
  ASSERT_EQ(draft.status, 200) << draft.body;
  for (int i = 0; i < 2; ++i)
    ASSERT_EQ(send(client, "/api/pack/gaps/" + gaps[static_cast<std::size_t>(i)], fill(i), "analyst").status,
              201);
  std::atomic<int> done = 0;
  by_many(3, [&](TestClient& own, int i) {
    const Received got =
        i == 2 ? send(own, path + "/approve", R"({"document":"定政发〔2025〕9号","effective":"2025-01-01"})",
                      "chief", draft.headers.at("etag"))
               : send(own, "/api/pack/gaps/" + gaps[static_cast<std::size_t>(i)] + "/approve", "{}", "chief");
    EXPECT_EQ(got.status, 200) << got.body;
    done += got.status == 200;
  });
  ASSERT_EQ(done, 3);
  const auto in_force = sample.district->in_force();
  ASSERT_EQ(in_force.size(), 2u);
  const std::vector<std::string> still = open_numbers();
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(std::count(still.begin(), still.end(), gaps[static_cast<std::size_t>(i)]), 0);
  // As after a restart: what is kept says the same as what is in force.
  const std::vector<std::string> now = {in_force[0].pack->fingerprint, in_force[1].pack->fingerprint};
  take_in_force(*sample.district);
  const auto again = sample.district->in_force();
  ASSERT_EQ(again.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(again[i].pack->fingerprint, now[i]) << i;
}

// A year is locked once, a value has one open correction, and a correction one end.
TEST_F(AtOnce, ADecisionOnWhatWasCollectedIsTakenOnce) {
  constexpr int kSenders = 8;
  std::string exceptions;
  for (const Json& item : list("/api/items?period=2022", "items"))
    exceptions +=
        (exceptions.empty() ? "" : ",") + (R"({"item":")" + item.text_of("id")) + R"(","reason":"样例"})";
  const auto counted = [&](const std::function<int(TestClient&, int)>& deed, int wanted) {
    std::atomic<int> out = 0;
    by_many(kSenders, [&](TestClient& client, int i) { out += deed(client, i) == wanted; });
    return out.load();
  };
  EXPECT_EQ(counted(
                [&](TestClient& client, int) {
                  return send(client, "/api/periods/2022/lock", "{\"exceptions\":[" + exceptions + "]}",
                              "chief")
                      .status;
                },
                201),
            1);
  const std::string wish =
      R"({"register":"enterprise_year","key":")" + sample.callers->firm +
      R"(","period":"2022","field":"tax_paid","value":"5","reason":"漏票","evidence":"票据"})";
  EXPECT_EQ(counted([&](TestClient& client,
                        int) { return send(client, "/api/corrections", wish, "analyst").status; },
                    201),
            1);
  const std::vector<Json> open = list("/api/corrections", "corrections");
  ASSERT_EQ(open.size(), 1u);
  const std::string path = "/api/corrections/" + open[0].text_of("id");
  const std::size_t batches = sample.district->store().registers().batches().size();
  EXPECT_EQ(counted(
                [&](TestClient& client, int i) {
                  return i % 2 == 0   ? send(client, path + "/approve", "{}", "chief").status
                         : i % 4 == 1 ? send(client, path + "/reject", R"({"reason":"不符"})", "chief").status
                                      : send(client, path + "/withdraw", "{}", "analyst").status;
                },
                200),
            1);
  const bool is_approved = list("/api/corrections", "corrections")[0].text_of("stage") == "approved";
  EXPECT_EQ(sample.district->store().registers().batches().size(), batches + (is_approved ? 1 : 0));
}

TEST_F(AtOnce, WhatIfsEndWhereTheyEndAndADeletedOneStaysAway) {
  for (int i = 0; i < 497; ++i)
    sample.district->store().set(store::kSimulationSetting + std::to_string(i), R"({"name":"x"})");
  const pack::Scheme& scheme = sample.district->pack().schemes[0];
  const std::string body = R"({"name":"甲","set":[{"what":")" + scheme.name + "." +
                           scheme.items[0].indicator + R"(.权重","value":"50"}]})";
  std::atomic<int> kept = 0, full = 0;
  std::mutex mutex;
  std::string last;
  by_many(8, [&](TestClient& client, int) {
    const Received got = send(client, "/api/simulations", body, "analyst");
    kept += got.status == 201;
    full += got.status == 409;
    if (got.status != 201) return;
    const std::lock_guard lock(mutex);
    last = read_json(got.body).value.text_of("id");
  });
  EXPECT_EQ(kept, 3);
  EXPECT_EQ(full, 5);
  const std::string path = "/api/simulations/" + last;
  std::atomic<int> deleted = 0;
  by_many(6, [&](TestClient& client, int i) {
    if (i == 0)
      deleted = client.ask("DELETE", path, "", {{"X-Role", "analyst"}}).status;
    else
      send(client, path + "/again", "", "analyst");
  });
  EXPECT_EQ(deleted, 204);
  for (const Json& one : list("/api/simulations", "simulations")) EXPECT_NE(one.text_of("id"), last);
}

}  // namespace
}  // namespace tenglong::server
