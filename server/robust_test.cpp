// 稳健性 over the wire: what is drawn adds up, the same question has the same answer, nobody out of sight is
// in it.
#include <gtest/gtest.h>

#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

using quantity::Decimal;

struct OfRobustness : testing::Test {
  SampleDistrict at;
  static std::string address(const pack::Scheme& scheme) {
    return "/api/results/schemes/" + scheme.id + "/robustness";
  }
};

Decimal number_in(const Json& figure) { return *Decimal::parse(figure.text_of("value")); }
std::int64_t count_in(const Json& of, const char* name) { return std::atoll(of.find(name)->text.c_str()); }

TEST_F(OfRobustness, WhatIsToldAddsUp) {
  TestClient client(at.server->port());
  client.always["X-Role"] = "analyst";
  std::size_t unsettled = 0, lines = 0;
  for (const pack::Scheme& scheme : at.read.pack->schemes) {
    const Received got = client.ask("GET", address(scheme));
    ASSERT_EQ(got.status, 200) << got.body;
    const Json told = read_json(got.body).value;
    EXPECT_EQ(told.text_of("scheme"), scheme.id);
    EXPECT_GE(count_in(told, "vectors"), 100);
    EXPECT_TRUE(told.find("why_not")->items.empty());
    ASSERT_EQ(told.find("influences")->items.size(), scheme.items.size());
    for (std::size_t i = 0; i < scheme.items.size(); ++i)
      EXPECT_EQ(told.find("influences")->items[i].text_of("indicator"), scheme.items[i].indicator);
    const auto rated = at.district->edition()->result->scheme(scheme.name)->balance.rated;
    EXPECT_EQ(count_in(told, "rated"), rated) << "an analyst sees the whole district";
    const std::vector<Json>& firms = told.find("firms")->items;
    EXPECT_LE(count_in(told, "unsettled"), rated);
    EXPECT_EQ(static_cast<std::int64_t>(firms.size()),
              std::min<std::int64_t>(200, count_in(told, "unsettled")));
    Decimal least = 0;
    for (const Json& firm : firms) {
      Decimal sum = 0, most = 0;
      ASSERT_EQ(firm.find("shares")->items.size(), told.find("places")->items.size());
      for (const Json& share : firm.find("shares")->items) {
        sum = *quantity::add(sum, number_in(share));
        most = std::max(most, number_in(share));
      }
      EXPECT_EQ(sum, Decimal(100)) << firm.text_of("name");
      EXPECT_LT(most, Decimal(100)) << firm.text_of("name") << " is settled";
      EXPECT_GE(most, least) << "the least settled first";
      least = most;
    }
    unsettled += firms.size();
    for (const Json& line : told.find("lines")->items) {
      EXPECT_EQ(count_in(line, "above_count"), static_cast<std::int64_t>(line.find("above")->items.size()));
      EXPECT_EQ(count_in(line, "below_count"), static_cast<std::int64_t>(line.find("below")->items.size()));
      ++lines;
    }
    ASSERT_EQ(told.find("points")->items.size(), 2 * scheme.items.size());
    for (const Json& point : told.find("points")->items)
      EXPECT_EQ(count_in(point, "movers"), count_in(point, "up") + count_in(point, "down"));
    EXPECT_EQ(client.ask("GET", address(scheme)).body, got.body) << "one seed, one answer";
  }
  EXPECT_GT(unsettled, 0u);
  EXPECT_GT(lines, 0u);
}

TEST_F(OfRobustness, IsForThoseWhoMayTrySchemesAndOfTheYearAsked) {
  TestClient client(at.server->port());
  const pack::Scheme& scheme = at.read.pack->schemes[0];
  for (const char* role : {"town", "enterprise", "outside_unit"}) {
    const int status = client.ask("GET", address(scheme), "", {{"X-Role", role}}).status;
    EXPECT_TRUE(status == 403 || status == 404) << role << status;
  }
  client.always["X-Role"] = "analyst";
  EXPECT_EQ(client.ask("GET", "/api/results/schemes/nothing/robustness").status, 404);
  EXPECT_EQ(client.ask("GET", address(scheme) + "?period=1999").status, 404);
  const Received of_last = client.ask("GET", address(scheme) + "?period=2022");
  ASSERT_EQ(of_last.status, 200) << of_last.body;
  EXPECT_NE(of_last.body, client.ask("GET", address(scheme)).body);
}

}  // namespace
}  // namespace tenglong::server
