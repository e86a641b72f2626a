// What-ifs that are kept under a name, over the wire: whose they are, on what they rest, how many there may
// be.
#include <gtest/gtest.h>

#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

class SavedSimulations : public testing::Test {
 protected:
  SavedSimulations() : client(sample.server->port()) { be("analyst"); }
  void be(const std::string& role) { client.always["X-Role"] = role; }
  std::string set() const {
    const pack::Scheme& scheme = sample.district->pack().schemes[0];
    return R"([{"what":")" + scheme.name + "." + scheme.items[0].indicator + R"(.权重","value":"50"}])";
  }
  Received save(const std::string& name, const std::string& set, const std::string& key) {
    return client.ask("POST", "/api/simulations", R"({"name":")" + name + R"(","set":)" + set + "}",
                      {{"Idempotency-Key", key}});
  }
  Json list() { return *read_json(client.ask("GET", "/api/simulations").body).value.find("simulations"); }
  SampleDistrict sample;
  TestClient client;
};

TEST_F(SavedSimulations, OneEventEachAndOnlyTheirAuthorChangesThem) {
  const std::int64_t events = sample.district->store().trail().size();
  const Received made = save("加重", set(), "saved-one");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(sample.district->store().trail().size(), events + 1);
  EXPECT_EQ(save("加重", set(), "saved-one").body, made.body) << "the same key is the same deed";
  EXPECT_EQ(sample.district->store().trail().size(), events + 1);
  const Json one = read_json(made.body).value;
  EXPECT_EQ(one.text_of("author"), "analyst");
  EXPECT_EQ(one.text_of("snapshot"), sample.district->sealed_edition_of("")->snapshot_fingerprint);
  EXPECT_EQ(one.text_of("pack"), sample.district->pack().fingerprint);
  EXPECT_FALSE(one.find("data_moved")->boolean || one.find("rules_moved")->boolean);
  EXPECT_FALSE(one.find("key")->items.empty());
  const std::string address = "/api/simulations/" + one.text_of("id");
  be("chief");
  ASSERT_EQ(list().items.size(), 1u);
  EXPECT_FALSE(list().items[0].find("is_own")->boolean);
  const Received refused = client.ask("DELETE", address);
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("E-SERVER-521"), std::string::npos);
  EXPECT_EQ(client.ask("POST", address + "/again", "", {{"Idempotency-Key", "again-chief"}}).status, 403);
  be("leader");
  EXPECT_EQ(client.ask("DELETE", address).status, 403);
  EXPECT_EQ(save("没有权的", set(), "saved-two").status, 403);
  be("bank");
  EXPECT_NE(client.ask("GET", "/api/simulations").status, 200);
  be("analyst");
  EXPECT_EQ(client.ask("POST", address + "/again", "", {{"Idempotency-Key", "again-one"}}).status, 200);
  EXPECT_EQ(sample.district->store().trail().size(), events + 2);
  EXPECT_EQ(client.ask("DELETE", address).status, 204);
  EXPECT_EQ(sample.district->store().trail().size(), events + 3);
  EXPECT_TRUE(list().items.empty());
  EXPECT_EQ(client.ask("DELETE", address).status, 404);
}

TEST_F(SavedSimulations, AMistakeIsToldAtItsPlaceAndNothingIsKept) {
  const Received wrong =
      save("错的", R"([{"what":"没有这个","value":"1"},{"what":"也没有","value":"2"}])", "wrong-one");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_NE(wrong.body.find("/set/0"), std::string::npos) << wrong.body;
  EXPECT_NE(wrong.body.find("/set/1"), std::string::npos) << "all of them at once";
  EXPECT_TRUE(list().items.empty());
}

TEST_F(SavedSimulations, ThereIsAnEndToThem) {
  for (int i = 0; i < 500; ++i)
    sample.district->store().set(store::kSimulationSetting + std::to_string(i), R"({"name":"x"})");
  const Received full = save("多一个", set(), "one-more");
  EXPECT_EQ(full.status, 409);
  EXPECT_NE(full.body.find("E-SERVER-520"), std::string::npos);
}

}  // namespace
}  // namespace tenglong::server
