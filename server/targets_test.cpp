// Targets over the wire: what the months of one brought adds up to what it has come to, in the list and on
// its page; what a place in a 清单 rests on says the same as the place.
#include <gtest/gtest.h>

#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

using quantity::Decimal;

struct OfTargets : testing::Test {
  OfTargets() { client.always["X-Role"] = "analyst"; }
  Json ask(const std::string& address) {
    const Received got = client.ask("GET", address);
    EXPECT_EQ(got.status, 200) << address << "\n" << got.body;
    return read_json(got.body).value;
  }
  static Decimal value(const Json& of, const char* figure) {
    return *Decimal::parse(of.find(figure)->text_of("value"));
  }
  SampleDistrict at;
  TestClient client{at.server->port()};
};

TEST_F(OfTargets, MonthsAddUpToWhatTheTargetHasComeTo) {
  std::size_t seen = 0;
  for (const std::string& year : at.district->years()) {
    const Json list = ask("/api/targets?period=" + year);
    for (const Json& line : list.find("targets")->items) {
      const Json* recent = line.find("recent");
      const Json page = ask("/api/targets/" + line.text_of("id") + "?period=" + year);
      const Json* months = page.find("months");
      ASSERT_EQ(recent == nullptr, months == nullptr) << line.text_of("id");
      if (recent == nullptr) continue;
      ++seen;
      EXPECT_EQ(line.text_of("kind"), "cumulative");
      ASSERT_FALSE(months->items.empty());
      Decimal sum = 0;
      for (const Json& month : months->items) {
        sum = sum + value(month, "added");
        EXPECT_EQ(value(month, "total"), sum);
      }
      // Of the year that is still running, what is dated after its last whole month is in the figure alone.
      if (list.text_of("as_of") == year + "-12-31") {
        EXPECT_EQ(sum, value(line, "now")) << year;
      }
      EXPECT_LE(sum, value(line, "now")) << line.text_of("id") << " " << year;
      const std::vector<Json>& each = recent->find("each")->items;
      ASSERT_EQ(each.size(), std::min<std::size_t>(12, months->items.size()));
      Decimal of_last = 0;
      for (std::size_t i = 0; i < each.size(); ++i) {
        const Json& month = months->items[months->items.size() - each.size() + i];
        EXPECT_EQ(each[i].text, month.find("added")->text_of("value"));
        of_last = of_last + *Decimal::parse(each[i].text);
      }
      EXPECT_EQ(value(*recent, "added"), of_last);
      EXPECT_EQ(recent->text_of("until"), months->items.back().text_of("period"));
      EXPECT_EQ(recent->text_of("from"), months->items[months->items.size() - each.size()].text_of("period"));
      EXPECT_LE(recent->text_of("until"), year + "-12");
    }
  }
  EXPECT_GT(seen, 2u);
}

// 低效: 亩均税收 ≤ 低效认定线, and nothing else but the exemptions.
TEST_F(OfTargets, WhatAListRestsOnSaysWhatItsPlaceSays) {
  const std::shared_ptr<const Edition> edition = at.district->edition();
  const result::RosterResult* roster = nullptr;
  for (const result::RosterResult& each : edition->result->rosters)
    if (each.id == "low_efficiency") roster = &each;
  ASSERT_NE(roster, nullptr);
  std::size_t listed = 0, others = 0;
  for (const result::RosterEntry& entry : roster->entries) {
    const Json page = ask("/api/enterprises/" + std::string(entry.key.str()));
    for (const Json& list : page.find("lists")->items) {
      if (list.text_of("roster") != "low_efficiency") continue;
      std::vector<Decimal> numbers;
      for (const Json& ground : list.find("rests_on")->items)
        if (const Json* figure = ground.find("figure");
            figure != nullptr && figure->find("value") != nullptr) {
          EXPECT_EQ(figure->text_of("unit"), "万元/亩") << ground.text_of("name");
          numbers.push_back(*Decimal::parse(figure->text_of("value")));
        }
      if (entry.place == result::RosterEntry::Place::Listed ||
          entry.place == result::RosterEntry::Place::NotListed) {
        ASSERT_EQ(numbers.size(), 2u) << entry.key.str();
        EXPECT_EQ(numbers[0] <= numbers[1], list.find("listed")->boolean) << entry.key.str();
        ++(list.find("listed")->boolean ? listed : others);
      }
    }
  }
  EXPECT_GT(listed, 0u);
  EXPECT_GT(others, 0u);
}

}  // namespace
}  // namespace tenglong::server
