// Dates of the proleptic Gregorian calendar. No clock, no zone: the caller says what day it is.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenglong::calendar {

struct Date {
  std::int32_t year = 1970;  // -999999999 .. 999999999 as in FEEL
  std::int32_t month = 1;
  std::int32_t day = 1;

  static std::optional<Date> of(std::int64_t year, int month, int day);  // nullopt if there is no such day
  static Date from_days(std::int64_t days_since_1970);
  // "2023-03-01" as XML Schema writes it; nothing else.
  static std::optional<Date> parse(std::string_view iso);
  // What people type: 2023-3-1, 2023/3/1, 2023.3.1, 2023年3月1日 (号), 20230301; full-width digits, blanks
  // around the parts, and a midnight behind it ("2023-03-01 00:00:00"). A year has four digits, the
  // first of them not 0; another time of day is refused.
  static std::optional<Date> parse_loosely(std::string_view written);

  std::int64_t days() const;  // since 1970-01-01
  int weekday() const;        // 1 = Monday .. 7
  std::string to_string() const;
  // ensure() beyond the years above: for days and months that come from us. See shifted_by_*() for a
  // person's.
  Date plus_days(std::int64_t days) const;
  Date plus_months(std::int64_t months) const;  // clips to the last day of the month

  friend auto operator<=>(const Date&, const Date&) = default;
};

// The same moves for an amount that a person wrote: nullopt beyond the years of the calendar.
std::optional<Date> shifted_by_days(Date date, std::int64_t days);
std::optional<Date> shifted_by_months(Date date, std::int64_t months);

bool is_leap_year(std::int64_t year);
int days_in_month(std::int64_t year, int month);
// Day n of 1900-system or 1904-system spreadsheets, its time of day dropped. nullopt for what is no day:
// below 0, after 9999-12-31, and in the 1900 system day 0 and its false 29 February 1900 (day 60).
enum class SpreadsheetEpoch { From1900, From1904 };
std::optional<Date> from_spreadsheet(double serial, SpreadsheetEpoch epoch);

}  // namespace tenglong::calendar
