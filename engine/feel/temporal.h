// Times, date-times and durations of FEEL (DMN 1.5, 10.3.2.3); dates are calendar::Date.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/calendar/date.h"
#include "engine/quantity/decimal.h"

namespace tenglong::feel {

// None: local time. Offset: seconds east of UTC. Named: an IANA zone such as Asia/Shanghai. A local time that
// the clock of a zone shows twice is the first of the two; one that it skips is counted on from before the
// change. A sum that falls on the second of two keeps its offset beside the name (its text does not).
struct Zone {
  std::optional<std::int32_t> offset_seconds = {};
  std::string name = {};
  bool is_none() const { return !offset_seconds && name.empty(); }
  friend bool operator==(const Zone&, const Zone&) = default;
};

struct Time {
  int hour = 0, minute = 0, second = 0;
  std::int32_t nanosecond = 0;
  Zone zone = {};
};

struct DateTime {
  calendar::Date date = {};
  Time time = {};
};

struct DaysDuration {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;  // same sign as seconds
};

struct MonthsDuration {
  std::int64_t months = 0;
};

std::optional<Time> parse_time(std::string_view text);
std::optional<DateTime> parse_date_time(std::string_view text);
std::optional<DaysDuration> parse_days_duration(std::string_view text);
std::optional<MonthsDuration> parse_months_duration(std::string_view text);
std::string to_string(const Time& time);
std::string to_string(const DateTime& date_time);
std::string to_string(const DaysDuration& duration);
std::string to_string(const MonthsDuration& duration);

}  // namespace tenglong::feel
