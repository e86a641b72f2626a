#include "engine/feel/inside/temporal_arithmetic.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>

#include <memory>

namespace tenglong::feel {

namespace {

using calendar::Date;
using quantity::Decimal;

constexpr std::int32_t kNanosecondsPerSecond = 1'000'000'000;

std::unique_ptr<icu::TimeZone> open_zone(std::string_view name) {
  const icu::UnicodeString id =
      icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  if (zone != nullptr && *zone == icu::TimeZone::getUnknown()) zone.reset();
  return zone;
}

DaysDuration normal(std::int64_t seconds, std::int64_t nanoseconds) {
  seconds += nanoseconds / kNanosecondsPerSecond;
  nanoseconds %= kNanosecondsPerSecond;
  if (seconds > 0 && nanoseconds < 0) --seconds, nanoseconds += kNanosecondsPerSecond;
  if (seconds < 0 && nanoseconds > 0) ++seconds, nanoseconds -= kNanosecondsPerSecond;
  return {seconds, static_cast<std::int32_t>(nanoseconds)};
}

std::optional<Date> plus_months(Date date, std::int64_t months) {
  const std::int64_t year = static_cast<std::int64_t>(date.year) + months / 12;
  if (year < -999999990 || year > 999999990) return std::nullopt;
  return date.plus_months(months);
}

std::optional<std::int64_t> time_instant(const Time& time) {
  const auto offset = offset_at(time.zone, {1970, 1, 1}, second_of_day(time));
  return offset ? std::optional(second_of_day(time) - *offset) : std::nullopt;
}

}  // namespace

bool is_zone_name(std::string_view name) { return !name.empty() && open_zone(name) != nullptr; }

std::optional<std::int32_t> offset_at(const Zone& zone, Date date, std::int64_t second) {
  if (zone.offset_seconds) return zone.offset_seconds;
  if (zone.name.empty()) return std::nullopt;
  const auto opened = open_zone(zone.name);
  if (opened == nullptr) return std::nullopt;
  std::int32_t raw = 0, saving = 0;
  UErrorCode error = U_ZERO_ERROR;
  const double local =
      (static_cast<double>(date.days()) * static_cast<double>(kSecondsPerDay) + static_cast<double>(second)) *
      1000.0;
  if (const auto* rules = dynamic_cast<const icu::BasicTimeZone*>(opened.get()))
    rules->getOffsetFromLocal(local, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, saving, error);
  else
    opened->getOffset(local, 1, raw, saving, error);
  return U_FAILURE(error) ? std::nullopt : std::optional((raw + saving) / 1000);
}

std::int64_t second_of_day(const Time& time) { return time.hour * 3600 + time.minute * 60 + time.second; }

std::int64_t instant(const DateTime& d) {
  const std::int64_t second = second_of_day(d.time);
  return d.date.days() * kSecondsPerDay + second - offset_at(d.time.zone, d.date, second).value_or(0);
}

std::optional<bool> same_time(const Time& a, const Time& b) {
  if (a.zone.is_none() != b.zone.is_none()) return false;
  if (a.zone.is_none()) return second_of_day(a) == second_of_day(b);
  return time_instant(a) == time_instant(b);
}

std::optional<bool> same_date_time(const DateTime& a, const DateTime& b) {
  if (a.time.zone.is_none() != b.time.zone.is_none()) return false;
  return instant(a) == instant(b);
}

std::optional<int> compare_times(const Time& a, const Time& b) {
  if (a.zone.is_none() != b.zone.is_none()) return std::nullopt;
  const std::int64_t x = time_instant(a).value_or(second_of_day(a)),
                     y = time_instant(b).value_or(second_of_day(b));
  if (x != y) return x < y ? -1 : 1;
  return a.nanosecond < b.nanosecond ? -1 : a.nanosecond > b.nanosecond ? 1 : 0;
}

std::optional<int> compare_date_times(const DateTime& a, const DateTime& b) {
  if (a.time.zone.is_none() != b.time.zone.is_none()) return std::nullopt;
  const std::int64_t x = instant(a), y = instant(b);
  if (x != y) return x < y ? -1 : 1;
  return a.time.nanosecond < b.time.nanosecond ? -1 : a.time.nanosecond > b.time.nanosecond ? 1 : 0;
}

bool is_same(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  const auto written = [](const Time& x, const Time& y) {
    const bool same_zone = x.zone == y.zone;
    return same_zone && x.hour == y.hour && x.minute == y.minute && x.second == y.second &&
           x.nanosecond == y.nanosecond;
  };
  switch (a.kind()) {
    case Kind::Time:
      return written(a.time(), b.time());
    case Kind::DateTime:
      return a.date_time().date == b.date_time().date && written(a.date_time().time, b.date_time().time);
    default:
      return equal(a, b) == true;
  }
}

DateTime midnight(Date date) { return {date, {0, 0, 0, 0, {.offset_seconds = 0}}}; }

namespace {

// By the clock on the wall.
std::optional<DateTime> moved(const DateTime& d, const DaysDuration& duration) {
  const std::int64_t nanoseconds = static_cast<std::int64_t>(d.time.nanosecond) + duration.nanoseconds;
  const std::int64_t carry = nanoseconds < 0 ? -1 : nanoseconds >= kNanosecondsPerSecond ? 1 : 0;
  std::int64_t seconds = 0;
  if (__builtin_add_overflow(second_of_day(d.time) + carry, duration.seconds, &seconds)) return std::nullopt;
  std::int64_t days = seconds / kSecondsPerDay;
  seconds %= kSecondsPerDay;
  if (seconds < 0) seconds += kSecondsPerDay, --days;
  if (days > 400'000'000'000 || days < -400'000'000'000) return std::nullopt;
  const std::int64_t day = d.date.days() + days;
  if (day > 365'241'780'000 || day < -365'243'200'000) return std::nullopt;
  DateTime out{Date::from_days(day), d.time};
  out.time.hour = static_cast<int>(seconds / 3600);
  out.time.minute = static_cast<int>(seconds / 60 % 60);
  out.time.second = static_cast<int>(seconds % 60);
  out.time.nanosecond = static_cast<std::int32_t>(nanoseconds - carry * kNanosecondsPerSecond);
  return out;
}

// Seconds east of UTC at an instant.
std::int32_t offset_then(std::string_view zone, std::int64_t instant) {
  const auto opened = open_zone(zone);
  std::int32_t raw = 0, saving = 0;
  UErrorCode error = U_ZERO_ERROR;
  if (opened != nullptr) opened->getOffset(static_cast<double>(instant) * 1000.0, 0, raw, saving, error);
  return U_FAILURE(error) ? 0 : (raw + saving) / 1000;
}

}  // namespace

// Along the instants: where the zone changes its clock in between, so does the result. Then (a + d) - a = d.
std::optional<DateTime> plus(const DateTime& d, const DaysDuration& duration) {
  auto out = moved(d, duration);
  if (!out || d.time.zone.name.empty()) return out;
  const std::int32_t before = offset_at(d.time.zone, d.date, second_of_day(d.time)).value_or(0);
  const std::int64_t instant_after = out->date.days() * kSecondsPerDay + second_of_day(out->time) - before;
  const std::int32_t after = offset_then(d.time.zone.name, instant_after);
  out->time.zone.offset_seconds.reset();
  out = moved(*out, {after - before, 0});
  if (out && offset_at(out->time.zone, out->date, second_of_day(out->time)) != after)
    out->time.zone.offset_seconds = after;  // the second of two
  return out;
}

std::optional<DateTime> plus(const DateTime& d, const MonthsDuration& duration) {
  const auto date = plus_months(d.date, duration.months);
  if (!date) return std::nullopt;
  DateTime out{*date, d.time};
  if (!out.time.zone.name.empty()) out.time.zone.offset_seconds.reset();
  return out;
}

Time plus(const Time& time, const DaysDuration& duration) {
  const auto moved = plus(DateTime{{1970, 1, 1}, time},
                          DaysDuration{duration.seconds % kSecondsPerDay, duration.nanoseconds});
  return moved ? moved->time : time;
}

std::optional<DaysDuration> plus(const DaysDuration& a, const DaysDuration& b) {
  const std::int64_t seconds = a.seconds + b.seconds;
  if (std::abs(seconds) > kMostSeconds) return std::nullopt;
  return normal(seconds, static_cast<std::int64_t>(a.nanoseconds) + b.nanoseconds);
}

std::optional<MonthsDuration> plus(const MonthsDuration& a, const MonthsDuration& b) {
  const std::int64_t months = a.months + b.months;
  return std::abs(months) > kMostMonths ? std::nullopt : std::optional(MonthsDuration{months});
}

DaysDuration negated(const DaysDuration& d) { return {-d.seconds, -d.nanoseconds}; }

std::optional<DaysDuration> difference(const DateTime& a, const DateTime& b) {
  if (a.time.zone.is_none() != b.time.zone.is_none()) return std::nullopt;
  return normal(instant(a) - instant(b), static_cast<std::int64_t>(a.time.nanosecond) - b.time.nanosecond);
}

std::optional<DaysDuration> difference(const Time& a, const Time& b) {
  if (a.zone.is_none() != b.zone.is_none()) return std::nullopt;
  const std::int64_t x = time_instant(a).value_or(second_of_day(a)),
                     y = time_instant(b).value_or(second_of_day(b));
  return normal(x - y, static_cast<std::int64_t>(a.nanosecond) - b.nanosecond);
}

Decimal total_seconds(const DaysDuration& d) {
  return Decimal(d.seconds) + Decimal::scaled(d.nanoseconds, -9);
}

std::optional<DaysDuration> from_total_seconds(Decimal seconds) {
  const auto whole = seconds.rounded(0, quantity::RoundingMode::Down).to_integer();
  if (!whole || *whole > kMostSeconds || *whole < -kMostSeconds) return std::nullopt;
  const Decimal rest = (seconds - Decimal(*whole)) * Decimal(kNanosecondsPerSecond);
  return normal(*whole, rest.rounded(0, quantity::RoundingMode::Down).to_integer().value_or(0));
}

std::int64_t months_between(Date a, Date b) {
  if (b < a) return -months_between(b, a);
  std::int64_t months = (static_cast<std::int64_t>(b.year) - a.year) * 12 + (b.month - a.month);
  if (b.day < a.day) --months;
  return months;
}

namespace {

bool is_date_like(const Value& v) { return v.kind() == Kind::Date || v.kind() == Kind::DateTime; }
DateTime as_date_time(const Value& v) { return v.kind() == Kind::Date ? midnight(v.date()) : v.date_time(); }

// Date (cut back to a date) or date and time, plus either duration.
std::optional<Value> shifted(const Value& base, const Value& duration, int sign) {
  std::optional<DateTime> moved;
  if (duration.kind() == Kind::DaysDuration)
    moved = plus(as_date_time(base), sign > 0 ? duration.days_duration() : negated(duration.days_duration()));
  else
    moved = plus(as_date_time(base), MonthsDuration{sign * duration.months_duration().months});
  if (!moved) return Value{};
  return base.kind() == Kind::Date ? Value(moved->date) : Value(*moved);
}

template <class T>
Value optional_value(const std::optional<T>& value) {
  return value ? Value(*value) : Value{};
}

bool is_duration(const Value& v) {
  return v.kind() == Kind::DaysDuration || v.kind() == Kind::MonthsDuration;
}

}  // namespace

std::optional<Value> add_temporal(const Value& a, const Value& b) {
  if (is_date_like(a) && is_duration(b)) return shifted(a, b, 1);
  if (is_duration(a) && is_date_like(b)) return shifted(b, a, 1);
  if (a.kind() == Kind::Time && b.kind() == Kind::DaysDuration)
    return Value(plus(a.time(), b.days_duration()));
  if (a.kind() == Kind::DaysDuration && b.kind() == Kind::Time)
    return Value(plus(b.time(), a.days_duration()));
  if (a.kind() == Kind::DaysDuration && b.kind() == Kind::DaysDuration) {
    const auto sum = plus(a.days_duration(), b.days_duration());
    return sum ? Value(*sum) : Value{};
  }
  if (a.kind() == Kind::MonthsDuration && b.kind() == Kind::MonthsDuration)
    return optional_value(plus(a.months_duration(), b.months_duration()));
  return std::nullopt;
}

std::optional<Value> subtract_temporal(const Value& a, const Value& b) {
  if (is_date_like(a) && is_duration(b)) return shifted(a, b, -1);
  if (is_date_like(a) && is_date_like(b)) {
    const auto between = difference(as_date_time(a), as_date_time(b));
    return between ? Value(*between) : Value{};
  }
  if (a.kind() == Kind::Time && b.kind() == Kind::Time) {
    const auto between = difference(a.time(), b.time());
    return between ? Value(*between) : Value{};
  }
  if (a.kind() == Kind::Time && b.kind() == Kind::DaysDuration)
    return Value(plus(a.time(), negated(b.days_duration())));
  if (a.kind() == Kind::DaysDuration && b.kind() == Kind::DaysDuration) {
    const auto rest = plus(a.days_duration(), negated(b.days_duration()));
    return rest ? Value(*rest) : Value{};
  }
  if (a.kind() == Kind::MonthsDuration && b.kind() == Kind::MonthsDuration)
    return optional_value(plus(a.months_duration(), MonthsDuration{-b.months_duration().months}));
  return std::nullopt;
}

std::optional<Value> multiply_temporal(const Value& a, const Value& b) {
  if (a.kind() == Kind::Number && is_duration(b)) return multiply_temporal(b, a);
  if (b.kind() != Kind::Number) return std::nullopt;
  if (a.kind() == Kind::DaysDuration) {
    const auto product = multiply(total_seconds(a.days_duration()), b.number());
    const auto duration = product ? from_total_seconds(*product) : std::nullopt;
    return duration ? Value(*duration) : Value{};
  }
  if (a.kind() == Kind::MonthsDuration) {
    const auto product = multiply(Decimal(a.months_duration().months), b.number());
    const auto months =
        product ? product->rounded(0, quantity::RoundingMode::Down).to_integer() : std::nullopt;
    return months && *months <= kMostMonths && *months >= -kMostMonths ? Value(MonthsDuration{*months})
                                                                       : Value{};
  }
  return std::nullopt;
}

std::optional<Value> divide_temporal(const Value& a, const Value& b) {
  if (a.kind() == Kind::DaysDuration && b.kind() == Kind::Number) {
    const auto quotient = divide(total_seconds(a.days_duration()), b.number());
    const auto duration = quotient ? from_total_seconds(*quotient) : std::nullopt;
    return duration ? Value(*duration) : Value{};
  }
  if (a.kind() == Kind::MonthsDuration && b.kind() == Kind::Number) {
    const auto quotient = divide(Decimal(a.months_duration().months), b.number());
    const auto months =
        quotient ? quotient->rounded(0, quantity::RoundingMode::Down).to_integer() : std::nullopt;
    return months && *months <= kMostMonths && *months >= -kMostMonths ? Value(MonthsDuration{*months})
                                                                       : Value{};
  }
  if (a.kind() == Kind::DaysDuration && b.kind() == Kind::DaysDuration) {
    const auto quotient = divide(total_seconds(a.days_duration()), total_seconds(b.days_duration()));
    return quotient ? Value(*quotient) : Value{};
  }
  if (a.kind() == Kind::MonthsDuration && b.kind() == Kind::MonthsDuration) {
    const auto quotient = divide(Decimal(a.months_duration().months), Decimal(b.months_duration().months));
    return quotient ? Value(*quotient) : Value{};
  }
  return std::nullopt;
}

std::optional<Value> temporal_property(const Value& value, std::string_view name) {
  const auto of_date = [&](Date date) -> std::optional<Value> {
    if (name == "year") return Value(Decimal(date.year));
    if (name == "month") return Value(Decimal(date.month));
    if (name == "day") return Value(Decimal(date.day));
    if (name == "weekday") return Value(Decimal(date.weekday()));
    return std::nullopt;
  };
  const auto of_time = [&](const Time& time, Date date) -> std::optional<Value> {
    if (name == "hour") return Value(Decimal(time.hour));
    if (name == "minute") return Value(Decimal(time.minute));
    if (name == "second") return Value(Decimal(time.second));
    if (name == "time offset") {
      const auto offset = offset_at(time.zone, date, second_of_day(time));
      return offset ? Value(DaysDuration{*offset, 0}) : Value{};
    }
    if (name == "timezone") return time.zone.name.empty() ? Value{} : Value(time.zone.name);
    return std::nullopt;
  };
  switch (value.kind()) {
    case Kind::Date: {
      if (auto found = of_date(value.date())) return found;
      return of_time(midnight(value.date()).time, value.date());
    }
    case Kind::DateTime: {
      if (auto found = of_date(value.date_time().date)) return found;
      return of_time(value.date_time().time, value.date_time().date);
    }
    case Kind::Time:
      return of_time(value.time(), {1970, 1, 1});
    case Kind::DaysDuration: {
      const std::int64_t seconds = value.days_duration().seconds;
      if (name == "days") return Value(Decimal(seconds / kSecondsPerDay));
      if (name == "hours") return Value(Decimal(seconds % kSecondsPerDay / 3600));
      if (name == "minutes") return Value(Decimal(seconds % 3600 / 60));
      if (name == "seconds")
        return Value(Decimal(seconds % 60) + Decimal::scaled(value.days_duration().nanoseconds, -9));
      return std::nullopt;
    }
    case Kind::MonthsDuration: {
      const std::int64_t months = value.months_duration().months;
      if (name == "years") return Value(Decimal(months / 12));
      if (name == "months") return Value(Decimal(months % 12));
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace tenglong::feel
