// Readings are kept once and added up in the database: what cannot be added is named, on both back ends.
#include "engine/meter/meter.h"

#include <gtest/gtest.h>

#include "store/store.h"
#include "tests/postgres/place.h"

namespace tenglong::store {
namespace {

using meter::Event;
using meter::Reading;

class MeterStoreTest : public testing::TestWithParam<const char*> {
 protected:
  meter::Arrival load(const std::vector<Reading>& readings) {
    const auto writer = store_->meters().write("电", "抄表.csv", "f");
    for (const Reading& each : readings) writer->add(each);
    return writer->commit();
  }
  meter::Tally tally(const char* period = "2023-05") {
    return store_->meters().tally("电", *calendar::Period::parse(period), 24);
  }
  // "key=amount/meters ..." in whole units, then "meter:trouble ...".
  static std::string told(const meter::Tally& tally) {
    std::string out;
    for (const meter::Sum& each : tally.sums)
      out += each.record_key + "=" + std::to_string(each.amount / meter::kDialScale) + "/" +
             std::to_string(each.meters) + " ";
    for (const meter::MeterTrouble& each : tally.troubles)
      out += each.meter + ":" + std::to_string(static_cast<int>(each.trouble)) + " ";
    return out;
  }
  static Reading at(const char* meter, const char* key, const char* when, std::int64_t dial,
                    Event event = Event::None, std::int64_t multiplier = 1) {
    return {meter, key, when, dial * meter::kDialScale, multiplier, event};
  }

  schema::Schema schema_;
  postgres::Place place_{GetParam()};
  std::unique_ptr<Store> store_ =
      open_store(place_.where(), "330902", schema_, access::Scope::whole_district("test"));
};
INSTANTIATE_TEST_SUITE_P(On, MeterStoreTest, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(MeterStoreTest, WhatMetersDidIsAddedUpOrNamed) {
  constexpr const char* kFirst = "2023-05-01T00:00:00";
  constexpr const char* kMiddle = "2023-05-15T00:00:00";
  constexpr const char* kLast = "2023-06-01T00:00:00";
  const struct {
    const char* what;
    std::vector<Reading> readings;
    const char* told;
  } kCases[] = {
      {"two boundaries", {at("m", "A", kFirst, 100), at("m", "A", kLast, 130)}, "A=30/1 "},
      {"within the grace, what lies between counts once",
       {at("m", "A", "2023-05-01T08:00:00", 100), at("m", "A", kMiddle, 110),
        at("m", "A", "2023-06-01T07:59:00", 130), at("m", "A", "2023-06-01T12:00:00", 131)},
       "A=30/1 "},
      {"before the boundary is not at it",
       {at("m", "A", "2023-04-30T23:59:59", 100), at("m", "A", kLast, 130)},
       "m:0 "},
      {"beyond the grace is not at it",
       {at("m", "A", "2023-05-02T00:00:00", 100), at("m", "A", kLast, 130)},
       "m:0 "},
      {"no last", {at("m", "A", kFirst, 100), at("m", "A", kMiddle, 130)}, "m:1 "},
      {"silent", {at("m", "A", "2023-04-01T00:00:00", 100)}, "m:2 "},
      {"taken down before", {at("m", "A", "2023-04-01T00:00:00", 100, Event::End)}, ""},
      {"put up after", {at("m", "A", kLast, 0, Event::Start)}, ""},
      {"fell", {at("m", "A", kFirst, 100), at("m", "A", kMiddle, 20), at("m", "A", kLast, 130)}, "m:3 "},
      {"changed and declared",
       {at("m", "A", kFirst, 100), at("m", "A", "2023-05-15T09:00:00", 120, Event::End),
        at("m", "A", "2023-05-15T10:00:00", 3, Event::Start), at("m", "A", kLast, 13)},
       "A=30/1 "},
      {"a start without an end",
       {at("m", "A", kFirst, 100), at("m", "A", kMiddle, 3, Event::Start), at("m", "A", kLast, 13)},
       "m:4 "},
      {"an end without a start",
       {at("m", "A", kFirst, 100), at("m", "A", kMiddle, 120, Event::End), at("m", "A", kLast, 130)},
       "m:4 "},
      {"a new meter", {at("m", "A", kMiddle, 5, Event::Start), at("m", "A", kLast, 9)}, "A=4/1 "},
      {"a removed meter", {at("m", "A", kFirst, 5), at("m", "A", kMiddle, 9, Event::End)}, "A=4/1 "},
      {"another enterprise", {at("m", "A", kFirst, 5), at("m", "B", kLast, 9)}, "m:5 "},
      {"handed over",
       {at("m", "A", kFirst, 5), at("m", "A", kMiddle, 9, Event::End),
        at("m", "B", "2023-05-15T01:00:00", 9, Event::Start), at("m", "B", kLast, 29)},
       "A=4/1 B=20/1 "},
      {"a multiplier",
       {at("m", "A", kFirst, 5, Event::None, 80), at("m", "A", kLast, 9, Event::None, 80)},
       "A=320/1 "},
      {"another multiplier",
       {at("m", "A", kFirst, 5, Event::None, 80), at("m", "A", kLast, 9, Event::None, 60)},
       "m:6 "},
      {"nothing used is 0 and not missing", {at("m", "A", kFirst, 5), at("m", "A", kLast, 5)}, "A=0/1 "},
      {"one bad meter takes its enterprise's figure, and no other's",
       {at("m", "A", kFirst, 5), at("m", "A", kLast, 9), at("n", "A", kFirst, 5), at("o", "B", kFirst, 1),
        at("o", "B", kLast, 2)},
       "B=1/1 n:1 "},
  };
  for (const auto& each : kCases) {
    const postgres::Place place(GetParam());
    store_ = open_store(place.where(), "330902", schema_, access::Scope::whole_district("test"));
    EXPECT_EQ(load(each.readings).added, static_cast<std::int64_t>(each.readings.size())) << each.what;
    EXPECT_EQ(told(tally()), each.told) << each.what;
    store_.reset();
  }
}

TEST_P(MeterStoreTest, TheSameReadingIsKeptOnceAndAnotherIsRefusedWhole) {
  const std::vector<Reading> readings = {at("m", "A", "2023-05-01T00:00:00", 1),
                                         at("m", "A", "2023-06-01T00:00:00", 5)};
  EXPECT_EQ(load(readings).added, 2);
  const std::int64_t events = store_->trail().size();
  const meter::Arrival again = load(readings);
  EXPECT_EQ(again.added, 0);
  EXPECT_EQ(again.known, 2);
  EXPECT_EQ(store_->trail().size(), events) << "nothing changed, and an event says so";
  const meter::Arrival other =
      load({at("n", "B", "2023-05-01T00:00:00", 1), at("m", "A", "2023-06-01T00:00:00", 6)});
  ASSERT_EQ(other.contradicted.size(), 1u);
  EXPECT_EQ(other.contradicted[0].meter, "m");
  EXPECT_EQ(told(tally()), "A=4/1 ") << "half of a contradicted file was kept";
  EXPECT_EQ(load({at("n", "B", "2023-05-01T00:00:00", 1), at("n", "B", "2023-05-01T00:00:00", 2)})
                .contradicted.size(),
            1u);
  load({at("n", "B", "2023-05-01T00:00:00", 1)});
  EXPECT_EQ(store_->trail().size(), events + 1);
}

}  // namespace
}  // namespace tenglong::store
