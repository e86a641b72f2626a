#include "engine/calendar/date.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::calendar {

namespace {

constexpr std::int64_t kGreatestYear = 999999999;

constexpr std::int64_t kLeastDay = -365243219162;    // -999999999-01-01
constexpr std::int64_t kGreatestDay = 365241780471;  // 999999999-12-31

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Days since 1970-01-01 of the first of March based civil calendar (Howard Hinnant's public-domain method,
// restated).
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// What people type, in plain characters: half width, one kind of separator, no blanks around it.
struct LooseDate {
  std::string part[3];  // year, month, day as written
  int parts = 0;
};

// A midnight that a database or a spreadsheet appended says nothing; any other time would be lost, so it is
// refused.
bool is_midnight(std::string_view time) {
  constexpr std::string_view kMidnights[] = {"0:00",     "00:00",      "0:00:00",
                                             "00:00:00", "00:00:00.0", "00:00:00.000"};
  return std::find(std::begin(kMidnights), std::end(kMidnights), time) != std::end(kMidnights);
}

std::string without_midnight(std::string text) {
  const std::size_t blank = text.find_last_of(" T");
  if (blank != std::string::npos && is_midnight(std::string_view(text).substr(blank + 1))) text.erase(blank);
  return text;
}

bool take(std::string_view& text, std::string_view mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(mark.size());
  return true;
}

// Each part but the last is followed by a separator; 日 or 号 may end the last.
std::optional<LooseDate> loose_parts(std::string_view text) {
  LooseDate out;
  while (out.parts < 3) {
    std::string& part = out.part[out.parts];
    while (take(text, " ")) {
    }
    while (!text.empty() && is_digit(text[0])) {
      part += text[0];
      text.remove_prefix(1);
    }
    if (part.empty() || part.size() > 8) return std::nullopt;
    ++out.parts;
    while (take(text, " ")) {
    }
    if (text.empty()) return out;
    const bool separated =
        out.parts == 1   ? take(text, "年") || take(text, "-") || take(text, "/") || take(text, ".")
        : out.parts == 2 ? take(text, "月") || take(text, "-") || take(text, "/") || take(text, ".")
                         : take(text, "日") || take(text, "号");
    if (!separated) return std::nullopt;
  }
  return text.empty() ? std::optional(out) : std::nullopt;
}

}  // namespace

bool is_leap_year(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(std::int64_t year, int month) {
  ensure(month >= 1 && month <= 12, "a month is 1 to 12");
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[month - 1];
}

std::optional<Date> Date::of(std::int64_t year, int month, int day) {
  if (year < -kGreatestYear || year > kGreatestYear || month < 1 || month > 12 || day < 1 ||
      day > days_in_month(year, month))
    return std::nullopt;
  return Date{static_cast<std::int32_t>(year), month, day};
}

Date Date::from_days(std::int64_t days) {
  ensure(days >= kLeastDay && days <= kGreatestDay, "a day within the years of the calendar");
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {static_cast<std::int32_t>(year_of_era + era * 400 + (month <= 2)), month, day};
}

std::optional<Date> Date::parse(std::string_view iso) {
  const bool negative = !iso.empty() && iso[0] == '-';
  const std::string_view digits = negative ? iso.substr(1) : iso;
  const std::size_t dash = digits.find('-');
  if (dash == std::string_view::npos || dash < 4 || dash > 9 || digits.size() != dash + 6 ||
      digits[dash + 3] != '-')
    return std::nullopt;
  if (dash > 4 && digits[0] == '0') return std::nullopt;
  for (std::size_t i = 0; i < digits.size(); ++i)
    if (i != dash && i != dash + 3 && !is_digit(digits[i])) return std::nullopt;
  std::int64_t year = 0;
  for (const char c : digits.substr(0, dash)) year = year * 10 + (c - '0');
  const int month = (digits[dash + 1] - '0') * 10 + (digits[dash + 2] - '0');
  const int day = (digits[dash + 4] - '0') * 10 + (digits[dash + 5] - '0');
  return of(negative ? -year : year, month, day);
}

std::optional<Date> Date::parse_loosely(std::string_view written) {
  const std::string plain = without_midnight(std::string(text::trim(text::to_half_width(written))));
  const auto loose = loose_parts(plain);
  if (!loose) return std::nullopt;
  const auto& [year, month, day] = loose->part;
  if (year[0] == '0') return std::nullopt;  // a serial number, or digits that slipped
  if (loose->parts == 1 && year.size() == 8)
    return of(std::stoi(year.substr(0, 4)), std::stoi(year.substr(4, 2)), std::stoi(year.substr(6, 2)));
  if (loose->parts != 3 || year.size() != 4 || month.size() > 2 || day.size() > 2) return std::nullopt;
  return of(std::stoi(year), std::stoi(month), std::stoi(day));
}

std::int64_t Date::days() const { return days_from_civil(year, month, day); }

int Date::weekday() const {
  const std::int64_t since_monday = (days() + 3) % 7;  // 1970-01-01 was a Thursday
  return static_cast<int>(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

std::string Date::to_string() const {
  std::string digits = std::to_string(year < 0 ? -static_cast<std::int64_t>(year) : year);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  const auto two = [](int n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  return (year < 0 ? "-" : "") + digits + "-" + two(month) + "-" + two(day);
}

Date Date::plus_days(std::int64_t more) const {
  const auto moved = shifted_by_days(*this, more);
  ensure(moved.has_value(), "days are added within the years of the calendar");
  return *moved;
}

Date Date::plus_months(std::int64_t months) const {
  const auto moved = shifted_by_months(*this, months);
  ensure(moved.has_value(), "months are added within the years of the calendar");
  return *moved;
}

std::optional<Date> shifted_by_days(Date date, std::int64_t days) {
  std::int64_t moved = 0;
  if (__builtin_add_overflow(date.days(), days, &moved) || moved < kLeastDay || moved > kGreatestDay)
    return std::nullopt;
  return Date::from_days(moved);
}

std::optional<Date> shifted_by_months(Date date, std::int64_t months) {
  std::int64_t all = 0;
  if (__builtin_add_overflow(static_cast<std::int64_t>(date.year) * 12 + (date.month - 1), months, &all))
    return std::nullopt;
  const std::int64_t year = all / 12 - (all % 12 < 0 ? 1 : 0);
  const int month = static_cast<int>(all - year * 12) + 1;
  if (year < -kGreatestYear || year > kGreatestYear) return std::nullopt;
  return Date::of(year, month, std::min(date.day, days_in_month(year, month)));
}

namespace {
// 9999-12-31, the last day that a spreadsheet knows.
constexpr std::int64_t kLastDayFrom1900 = 2958465;
constexpr std::int64_t kLastDayFrom1904 = 2957003;
}  // namespace

std::optional<Date> from_spreadsheet(double serial, SpreadsheetEpoch epoch) {
  if (!(serial >= 0) || serial >= kLastDayFrom1900 + 1) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(std::floor(serial));
  if (epoch == SpreadsheetEpoch::From1904)
    return whole <= kLastDayFrom1904 ? std::optional(Date{1904, 1, 1}.plus_days(whole)) : std::nullopt;
  // Day 60 of the 1900 system is a 29 February 1900 that never was; days before it are one later than they
  // say.
  if (whole == 0 || whole == 60) return std::nullopt;
  return Date{1899, 12, whole < 60 ? 31 : 30}.plus_days(whole);
}

}  // namespace tenglong::calendar
