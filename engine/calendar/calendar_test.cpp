#include <gtest/gtest.h>

#include <cmath>

#include "engine/calendar/date.h"
#include "engine/calendar/moment.h"
#include "engine/calendar/period.h"

namespace tenglong::calendar {
namespace {

struct ReadCase {
  const char* what;
  const char* written;
  const char* expected;  // canonical; nullptr: refused
};

template <class Read>
void expect_reads(const ReadCase& c, const Read& read) {
  const auto value = read(c.written);
  EXPECT_EQ(value ? value->to_string() : "refused", c.expected != nullptr ? c.expected : "refused")
      << c.what << ": " << c.written;
}

const ReadCase kStrictDates[] = {
    {"ordinary", "2023-03-01", "2023-03-01"},       {"a leap day", "2024-02-29", "2024-02-29"},
    {"no leap day in 2023", "2023-02-29", nullptr}, {"1900 was no leap year", "1900-02-29", nullptr},
    {"2000 was", "2000-02-29", "2000-02-29"},       {"five digits of year", "12023-01-01", "12023-01-01"},
    {"padded year", "02023-01-01", nullptr},        {"before the era", "-0044-03-15", "-0044-03-15"},
    {"one-digit month", "2023-3-01", nullptr},      {"month 13", "2023-13-01", nullptr},
    {"a blank behind", "2023-03-01 ", nullptr},     {"nothing", "", nullptr},
};
TEST(Date, ParseTakesOnlyTheXmlForm) {
  for (const ReadCase& c : kStrictDates) expect_reads(c, Date::parse);
}

const ReadCase kLooseDates[] = {
    {"iso", "2023-03-01", "2023-03-01"},
    {"short", "2023-3-1", "2023-03-01"},
    {"slashes", "2023/3/1", "2023-03-01"},
    {"points", "2023.3.1", "2023-03-01"},
    {"Chinese", "2023年3月1日", "2023-03-01"},
    {"号", "2023年3月1号", "2023-03-01"},
    {"Chinese without 日", "2023年3月1", "2023-03-01"},
    {"blanks between", " 2023 年 3 月 1 日 ", "2023-03-01"},
    {"full-width digits", "２０２３年３月１日", "2023-03-01"},
    {"full-width marks", "２０２３－３／１", "2023-03-01"},
    {"eight digits", "20230301", "2023-03-01"},
    {"a midnight behind", "2023-03-01 00:00:00", "2023-03-01"},
    {"an XML midnight", "2023-03-01T00:00:00", "2023-03-01"},
    {"another time would be lost", "2023-03-01 08:30:00", nullptr},
    {"half typed", "2023-3-", nullptr},
    {"a mark too many", "2023-3-1-", nullptr},
    {"two marks", "2023--3-1", nullptr},
    {"no day", "2023年3月", nullptr},
    {"two-digit year", "23-3-1", nullptr},
    {"a year that nobody means", "0023-3-1", nullptr},
    {"nor with eight digits", "00230301", nullptr},
    {"digits apart", "2023 0301", nullptr},
    {"no such day", "2023年2月30日", nullptr},
    {"eight digits, no such month", "20231301", nullptr},
    {"words", "去年三月", nullptr},
    {"nothing", "", nullptr},
};
TEST(Date, ParseLooselyTakesWhatPeopleType) {
  for (const ReadCase& c : kLooseDates) expect_reads(c, Date::parse_loosely);
}

TEST(Date, DaysCountThroughFourCenturiesWithoutAGap) {
  Date expected{1800, 1, 1};
  for (std::int64_t day = expected.days(); expected.year < 2210; ++day) {
    const Date date = Date::from_days(day);
    ASSERT_EQ(date, expected) << day;
    ASSERT_EQ(date.days(), day);
    if (++expected.day <= days_in_month(expected.year, expected.month)) continue;
    expected.day = 1;
    if (++expected.month <= 12) continue;
    expected.month = 1;
    ++expected.year;
  }
}

TEST(Date, KnownDaysAndWeekdays) {
  EXPECT_EQ((Date{1970, 1, 1}.days()), 0);
  EXPECT_EQ((Date{2000, 3, 1}.days()), 11017);
  EXPECT_EQ((Date{1970, 1, 1}.weekday()), 4);
  EXPECT_EQ((Date{2023, 3, 1}.weekday()), 3);
  EXPECT_EQ((Date{1969, 12, 28}.weekday()), 7);
}

TEST(Date, MonthsClipToTheLastDay) {
  EXPECT_EQ((Date{2023, 1, 31}.plus_months(1).to_string()), "2023-02-28");
  EXPECT_EQ((Date{2024, 1, 31}.plus_months(1).to_string()), "2024-02-29");
  EXPECT_EQ((Date{2024, 2, 29}.plus_months(-12).to_string()), "2023-02-28");
  EXPECT_EQ((Date{2023, 1, 15}.plus_months(-1).to_string()), "2022-12-15");
  EXPECT_EQ((Date{2023, 12, 15}.plus_months(13).to_string()), "2025-01-15");
  EXPECT_EQ((Date{1, 1, 15}.plus_months(-13).to_string()), "-0001-12-15");
}

TEST(Date, MovesBeyondTheCalendarHaveNoValue) {
  EXPECT_EQ(shifted_by_days({999999999, 12, 30}, 1)->to_string(), "999999999-12-31");
  EXPECT_FALSE(shifted_by_days({999999999, 12, 31}, 1));
  EXPECT_FALSE(shifted_by_days({2023, 1, 1}, INT64_MAX));
  EXPECT_EQ(shifted_by_months({-999999999, 2, 1}, -1)->to_string(), "-999999999-01-01");
  EXPECT_FALSE(shifted_by_months({-999999999, 1, 1}, -1));
  EXPECT_FALSE(shifted_by_months({2023, 1, 1}, INT64_MIN));
}

struct SerialCase {
  const char* what;
  double serial;
  SpreadsheetEpoch epoch;
  const char* expected;
};
const SerialCase kSerials[] = {
    {"ordinary", 44986, SpreadsheetEpoch::From1900, "2023-03-01"},
    {"the time of day drops", 44986.99, SpreadsheetEpoch::From1900, "2023-03-01"},
    {"the same day, 1904", 43524, SpreadsheetEpoch::From1904, "2023-03-01"},
    {"first day", 1, SpreadsheetEpoch::From1900, "1900-01-01"},
    {"before the false day", 59, SpreadsheetEpoch::From1900, "1900-02-28"},
    {"the day that never was", 60, SpreadsheetEpoch::From1900, nullptr},
    {"after the false day", 61, SpreadsheetEpoch::From1900, "1900-03-01"},
    {"day 0 is a bare time", 0.5, SpreadsheetEpoch::From1900, nullptr},
    {"day 0 of 1904", 0, SpreadsheetEpoch::From1904, "1904-01-01"},
    {"last day", 2958465.5, SpreadsheetEpoch::From1900, "9999-12-31"},
    {"after the last day", 2958466, SpreadsheetEpoch::From1900, nullptr},
    {"last day of 1904", 2957003, SpreadsheetEpoch::From1904, "9999-12-31"},
    {"after it", 2957004, SpreadsheetEpoch::From1904, nullptr},
    {"negative", -1, SpreadsheetEpoch::From1900, nullptr},
    {"no number", NAN, SpreadsheetEpoch::From1900, nullptr},
};
TEST(Date, SpreadsheetSerials) {
  for (const SerialCase& c : kSerials) {
    const auto date = from_spreadsheet(c.serial, c.epoch);
    EXPECT_EQ(date ? date->to_string() : "refused", c.expected != nullptr ? c.expected : "refused") << c.what;
  }
}

const ReadCase kPeriods[] = {
    {"a year", "2023", "2023"},
    {"a quarter", "2023-Q1", "2023-Q1"},
    {"a month", "2023-03", "2023-03"},
    {"three years", "2021-2023", "2021-2023"},
    {"from day to day", "2021-01-15..2023-12-31", "2021-01-15..2023-12-31"},
    {"whole years of five digits", "12021-01-01..12023-12-31", "12021-01-01..12023-12-31"},
    {"whole years of long ago", "0044-01-01..0045-12-31", "0044-01-01..0045-12-31"},
    {"a serial number is no year", "0002", nullptr},
    {"nor are two of them several years", "0002-0003", nullptr},
    {"nor is it the year of a month", "0002-03", nullptr},
    {"年", "2023年", "2023"},
    {"年度", "2023年度", "2023"},
    {"full width", "２０２３年", "2023"},
    {"一季度", "2023年一季度", "2023-Q1"},
    {"第1季度", "2023年第1季度", "2023-Q1"},
    {"第四季度, blanks", "2023 年 第四季度", "2023-Q4"},
    {"no dash", "2023Q2", "2023-Q2"},
    {"月", "2023年3月", "2023-03"},
    {"月份", "2023年03月份", "2023-03"},
    {"slash", "2023/3", "2023-03"},
    {"six digits", "202312", "2023-12"},
    {"a point and two digits", "2023.10", "2023-10"},
    {"a spreadsheet's 2023.10?", "2023.1", nullptr},
    {"half a year", "2023年上半年", "2023-01-01..2023-06-30"},
    {"months", "2023年1-5月", "2023-01-01..2023-05-31"},
    {"months that are a quarter", "2023年4—6月", "2023-Q2"},
    {"months that are a year", "2023年1月-12月", "2023"},
    {"the plan's own three years", "2021—2023年", "2021-2023"},
    {"with 年 twice", "2021年-2023年", "2021-2023"},
    {"a long dash", "2021——2023", "2021-2023"},
    {"至", "2021年至2023年", "2021-2023"},
    {"backwards", "2023-2021", nullptr},
    {"months backwards", "2023年6-1月", nullptr},
    {"quarter 5", "2023-Q5", nullptr},
    {"month 13", "2023年13月", nullptr},
    {"two-digit year", "23年", nullptr},
    {"an open end", "2023-", nullptr},
    {"year alone with a tail", "2023年底", nullptr},
    {"nothing", "", nullptr},
};
TEST(Period, ReadsItsCanonicalFormAndWhatPeopleType) {
  for (const ReadCase& c : kPeriods) expect_reads(c, Period::parse);
}

TEST(Period, ItsCanonicalFormReadsBack) {
  for (const ReadCase& c : kPeriods) {
    if (c.expected == nullptr) continue;
    EXPECT_EQ(*Period::parse(c.expected), *Period::parse(c.written)) << c.what;
  }
}

const ReadCase kPrevious[] = {
    {"year", "2023", "2022"},
    {"first quarter", "2023-Q1", "2022-Q4"},
    {"January", "2023-01", "2022-12"},
    {"March", "2023-03", "2023-02"},
    {"three years", "2021-2023", "2018-2020"},
    {"half a year", "2023-07-01..2023-12-31", "2023-01-01..2023-06-30"},
};
TEST(Period, ThePreviousOneEndsTheDayBefore) {
  for (const ReadCase& c : kPrevious) {
    const Period period = *Period::parse(c.written);
    EXPECT_EQ(period.previous().to_string(), c.expected) << c.what;
    EXPECT_EQ(period.previous().to.plus_days(1), period.from) << c.what;
  }
}

TEST(Period, ContainsBothEnds) {
  const Period quarter = *Period::parse("2024-Q1");
  EXPECT_TRUE(quarter.contains(Date{2024, 1, 1}));
  EXPECT_TRUE(quarter.contains(Date{2024, 3, 31}));
  EXPECT_FALSE(quarter.contains(Date{2024, 4, 1}));
  EXPECT_FALSE(quarter.contains(Date{2023, 12, 31}));
  EXPECT_TRUE(Period::year(2024).contains(quarter));
  EXPECT_FALSE(quarter.contains(Period::year(2024)));
  EXPECT_TRUE(quarter.contains(*Period::month(2024, 2)));
}

struct MomentCase {
  const char* what;
  const char* written;
  std::int64_t seconds;  // since 1970, UTC; -1: refused
};
const MomentCase kMoments[] = {
    {"as batches are stamped", "2023-05-06T09:10:11+08:00", 1683335411},
    {"the same moment elsewhere", "2023-05-06T01:10:11Z", 1683335411},
    {"west of Greenwich", "2023-05-05T19:40:11-05:30", 1683335411},
    {"no offset is China's time", "2023-05-06 09:10:11", 1683335411},
    {"no seconds", "2023-05-06T09:10", 1683335400},
    {"fractions are dropped", "2023-05-06T09:10:11.75+08:00", 1683335411},
    {"a day is its beginning", "2023-05-06", 1683302400},
    {"no such day", "2023-02-30T09:10:11", -1},
    {"no such hour", "2023-05-06T24:00:00", -1},
    {"half an offset", "2023-05-06T09:10:11+08", -1},
    {"a word behind", "2023-05-06T09:10:11 上午", -1},
    {"a point and no digits", "2023-05-06T09:10:11.", -1},
    {"nothing", "", -1},
};
TEST(Moment, ReadsWhatIsStamped) {
  for (const MomentCase& c : kMoments) {
    const auto read = Moment::parse(c.written);
    EXPECT_EQ(read ? read->seconds : -1, c.seconds) << c.what;
  }
  EXPECT_EQ(Moment::parse_through("2023-05-06")->seconds, 1683302400 + 86399);
  EXPECT_EQ(Moment::parse_through("2023-05-06T09:10")->seconds, 1683335400);
  EXPECT_EQ(Moment::parse("2023-05-06T23:59:59+08:00")->day().to_string(), "2023-05-06");
  EXPECT_EQ(Moment::parse("1969-12-31T23:00:00+08:00")->day().to_string(), "1969-12-31");
}

}  // namespace
}  // namespace tenglong::calendar
