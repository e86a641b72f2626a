#include "campaign/roster/roster.h"

#include <gtest/gtest.h>

namespace tenglong::roster {
namespace {

using Place = result::RosterEntry::Place;

TEST(Roster, CountsMustAgree) {
  const struct {
    const char* what;
    Roster roster;
    bool agree;
  } cases[] = {
      {"nobody was due", {}, true},
      {"every place counts", {.due = 10, .listed = 4, .exempt = 3, .not_listed = 2, .unknown = 1}, true},
      {"one is lost", {.due = 10, .listed = 4, .exempt = 3, .not_listed = 2}, false},
      {"one is counted twice", {.due = 9, .listed = 4, .exempt = 3, .not_listed = 2, .unknown = 1}, false},
  };
  for (const auto& c : cases) EXPECT_EQ(c.roster.counts_agree(), c.agree) << c.what;
}

TEST(Roster, EveryPlaceHasItsWord) {
  EXPECT_STREQ(to_chinese(Place::Listed), "入列");
  EXPECT_STREQ(to_chinese(Place::Exempt), "免列");
  EXPECT_STREQ(to_chinese(Place::NotListed), "不入列");
  EXPECT_STREQ(to_chinese(Place::Unknown), "待核（缺数据）");
}

}  // namespace
}  // namespace tenglong::roster
