#include "engine/calendar/date.h"

#include <array>
#include <algorithm>
#include <cmath>

namespace tenglong::calendar {

namespace {

constexpr std::int64_t kGreatestYear = 999999999;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Days since 1970-01-01 of the first of March based civil calendar (Howard Hinnant's public-domain method, restated).
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// Full-width digits, 年月日 and the usual separators to a plain "y-m-d"; nullopt if something else is in it.
std::optional<std::array<std::string, 3>> loose_parts(std::string_view written) {
  std::array<std::string, 3> parts;
  std::size_t part = 0;
  bool ended = false;
  for (std::size_t i = 0; i < written.size();) {
    const auto starts = [&](std::string_view mark) { return written.substr(i, mark.size()) == mark; };
    if (is_digit(written[i])) {
      if (ended || part > 2) return std::nullopt;
      parts[part] += written[i++];
    } else if (written.substr(i, 2) == "\xEF\xBC" && i + 2 < written.size() && static_cast<unsigned char>(written[i + 2]) >= 0x90 &&
               static_cast<unsigned char>(written[i + 2]) <= 0x99) {
      if (ended || part > 2) return std::nullopt;
      parts[part] += static_cast<char>('0' + (static_cast<unsigned char>(written[i + 2]) - 0x90));
      i += 3;
    } else if (starts("年") || starts("月")) {
      ++part;
      i += 3;
    } else if (starts("日") || starts("号")) {
      ended = true;
      i += 3;
    } else if (written[i] == '-' || written[i] == '/' || written[i] == '.') {
      ++part;
      ++i;
    } else if (written[i] == ' ') {
      ++i;
    } else if (starts("　") || starts("－") || starts("／")) {
      if (!starts("　")) ++part;
      i += 3;
    } else {
      return std::nullopt;
    }
  }
  return parts;
}

}  // namespace

bool is_leap_year(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(std::int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[month - 1];
}

std::optional<Date> Date::of(std::int64_t year, int month, int day) {
  if (year < -kGreatestYear || year > kGreatestYear || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
    return std::nullopt;
  return Date{static_cast<std::int32_t>(year), month, day};
}

Date Date::from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
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
  if (dash == std::string_view::npos || dash < 4 || dash > 9 || digits.size() != dash + 6 || digits[dash + 3] != '-')
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
  const auto parts = loose_parts(written);
  if (!parts) return std::nullopt;
  const auto& [year, month, day] = *parts;
  if (year.size() == 8 && month.empty() && day.empty())
    return of(std::stoi(year.substr(0, 4)), std::stoi(year.substr(4, 2)), std::stoi(year.substr(6, 2)));
  if (year.size() != 4 || month.empty() || month.size() > 2 || day.empty() || day.size() > 2) return std::nullopt;
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

Date Date::plus_days(std::int64_t more) const { return from_days(days() + more); }

Date Date::plus_months(std::int64_t months) const {
  const std::int64_t all = static_cast<std::int64_t>(year) * 12 + (month - 1) + months;
  const std::int64_t new_year = all >= 0 ? all / 12 : -((-all + 11) / 12);
  const int new_month = static_cast<int>(all - new_year * 12) + 1;
  return {static_cast<std::int32_t>(new_year), new_month, std::min(day, days_in_month(new_year, new_month))};
}

std::optional<Date> from_spreadsheet(double serial, SpreadsheetEpoch epoch) {
  if (!(serial >= 0) || serial > 2958465.999) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(std::floor(serial));
  if (epoch == SpreadsheetEpoch::From1904) return Date{1904, 1, 1}.plus_days(whole);
  // Day 60 of the 1900 system is a 29 February 1900 that never was; days before it are one later than they say.
  if (whole == 0 || whole == 60) return std::nullopt;
  return Date{1899, 12, whole < 60 ? 31 : 30}.plus_days(whole);
}

}  // namespace tenglong::calendar
