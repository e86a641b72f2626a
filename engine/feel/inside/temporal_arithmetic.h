// Zones, instants and the arithmetic of dates, times and durations (DMN 1.5, 10.3.2.3; feel.md section 10).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "engine/feel/temporal.h"
#include "engine/feel/value.h"

namespace tenglong::feel {

constexpr std::int64_t kSecondsPerDay = 86400;
// Durations stay within these, so that sums and negations of two cannot overflow.
constexpr std::int64_t kMostSeconds = std::int64_t{1} << 61;
constexpr std::int64_t kMostMonths = std::int64_t{1} << 61;

bool is_zone_name(std::string_view name);
// Seconds east of UTC at a local date and time; nullopt for local time.
std::optional<std::int32_t> offset_at(const Zone& zone, calendar::Date date, std::int64_t second_of_day);
std::int64_t second_of_day(const Time& time);
// Seconds since 1970-01-01T00:00:00 UTC; local times count as UTC.
std::int64_t instant(const DateTime& date_time);

std::optional<bool> same_time(const Time& a, const Time& b);
std::optional<bool> same_date_time(const DateTime& a, const DateTime& b);
std::optional<int> compare_times(const Time& a, const Time& b);
std::optional<int> compare_date_times(const DateTime& a, const DateTime& b);
// The written form: same kind, zone and fields.
bool is_same(const Value& a, const Value& b);

DateTime midnight(calendar::Date date);  // UTC
std::optional<DateTime> plus(const DateTime& date_time, const DaysDuration& duration);
std::optional<DateTime> plus(const DateTime& date_time, const MonthsDuration& duration);
Time plus(const Time& time, const DaysDuration& duration);
std::optional<DaysDuration> plus(const DaysDuration& a, const DaysDuration& b);
std::optional<MonthsDuration> plus(const MonthsDuration& a, const MonthsDuration& b);
DaysDuration negated(const DaysDuration& duration);
std::optional<DaysDuration> difference(const DateTime& a,
                                       const DateTime& b);  // nullopt: one has a zone, the other not
std::optional<DaysDuration> difference(const Time& a, const Time& b);
// Total seconds with fraction, exactly.
quantity::Decimal total_seconds(const DaysDuration& duration);
std::optional<DaysDuration> from_total_seconds(quantity::Decimal seconds);
// Whole months from a to b, toward zero.
std::int64_t months_between(calendar::Date a, calendar::Date b);

// + - of two values of which at least one is temporal; nullopt: not defined for these kinds.
std::optional<Value> add_temporal(const Value& a, const Value& b);
std::optional<Value> subtract_temporal(const Value& a, const Value& b);
std::optional<Value> multiply_temporal(const Value& a, const Value& b);
std::optional<Value> divide_temporal(const Value& a, const Value& b);
// .year .hour ...; nullopt: no such property.
std::optional<Value> temporal_property(const Value& value, std::string_view name);

}  // namespace tenglong::feel
