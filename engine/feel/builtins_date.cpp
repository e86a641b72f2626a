#include <algorithm>

#include "engine/feel/inside/builtins.h"
#include "engine/feel/inside/temporal_arithmetic.h"

namespace tenglong::feel {

namespace {

std::optional<int> small_integer(const Value& v) {
  const auto whole = v.kind() == Kind::Number ? v.number().to_integer() : std::nullopt;
  return whole && *whole >= -999999999 && *whole <= 999999999 ? std::optional(static_cast<int>(*whole))
                                                              : std::nullopt;
}

std::optional<Date> date_of(const Value& v) {
  if (v.kind() == Kind::Date) return v.date();
  if (v.kind() == Kind::DateTime) return v.date_time().date;
  return std::nullopt;
}

constexpr const char* kWeekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                     "Friday", "Saturday", "Sunday"};
constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                   "July",    "August",   "September", "October", "November", "December"};

}  // namespace

Value date_function(Call& call, const List& a) {
  if (a.size() == 3) {
    const auto year = small_integer(a[0]), month = small_integer(a[1]), day = small_integer(a[2]);
    const auto date = year && month && day ? Date::of(*year, *month, *day) : std::nullopt;
    return date ? Value(*date) : call.null("没有这一天。", "There is no such day.");
  }
  if (a[0].kind() == Kind::String) {
    const auto date = Date::parse(a[0].string());
    return date ? Value(*date)
                : call.null("“" + a[0].string() + "”不是日期。", "“" + a[0].string() + "” is not a date.");
  }
  const auto date = date_of(a[0]);
  return date ? Value(*date)
              : wrong_argument(call, "date", a[0], "文字、日期或日期时间", "a string, date or date and time");
}

Value time_function(Call& call, const List& a) {
  if (a.size() >= 3) {
    const auto hour = small_integer(a[0]), minute = small_integer(a[1]);
    if (!hour || !minute || a[2].kind() != Kind::Number || *hour < 0 || *hour > 23 || *minute < 0 ||
        *minute > 59)
      return call.null("没有这个时刻。", "There is no such time.");
    const Decimal second = a[2].number();
    const auto whole = second.rounded(0, quantity::RoundingMode::Floor).to_integer();
    if (!whole || *whole < 0 || *whole > 59) return call.null("没有这个时刻。", "There is no such time.");
    Time time{*hour, *minute, static_cast<int>(*whole), 0, {}};
    time.nanosecond = static_cast<std::int32_t>(((second - Decimal(*whole)) * Decimal(1000000000))
                                                    .rounded(0, quantity::RoundingMode::Down)
                                                    .to_integer()
                                                    .value_or(0));
    if (a.size() == 4 && !a[3].is_null()) {
      if (a[3].kind() != Kind::DaysDuration || std::abs(a[3].days_duration().seconds) > 18 * 3600)
        return call.null("时差应是不超过 18 小时的时长。",
                         "The offset must be a duration of at most 18 hours.");
      time.zone.offset_seconds = static_cast<std::int32_t>(a[3].days_duration().seconds);
    }
    return time;
  }
  switch (a[0].kind()) {
    case Kind::String: {
      const auto time = parse_time(a[0].string());
      return time ? Value(*time)
                  : call.null("“" + a[0].string() + "”不是时刻。", "“" + a[0].string() + "” is not a time.");
    }
    case Kind::Time:
      return a[0];
    case Kind::DateTime: {
      Time time = a[0].date_time().time;
      if (!time.zone.name.empty()) time.zone.offset_seconds.reset();
      return time;
    }
    case Kind::Date:
      return midnight(a[0].date()).time;
    default:
      return wrong_argument(call, "time", a[0], "文字、时刻或日期时间", "a string, time or date and time");
  }
}

Value date_and_time(Call& call, const List& a) {
  if (a.size() == 2) {
    const auto date = date_of(a[0]);
    if (!date || a[1].kind() != Kind::Time)
      return wrong_argument(call, "date and time", date ? a[1] : a[0], "日期和时刻", "a date and a time");
    return DateTime{*date, a[1].time()};
  }
  switch (a[0].kind()) {
    case Kind::String: {
      const auto date_time = parse_date_time(a[0].string());
      return date_time ? Value(*date_time)
                       : call.null("“" + a[0].string() + "”不是日期时间。",
                                   "“" + a[0].string() + "” is not a date and time.");
    }
    case Kind::DateTime:
      return a[0];
    case Kind::Date:
      return midnight(a[0].date());
    default:
      return wrong_argument(call, "date and time", a[0], "文字或日期", "a string or date");
  }
}

Value duration_function(Call& call, const List& a) {
  if (a[0].kind() == Kind::DaysDuration || a[0].kind() == Kind::MonthsDuration) return a[0];
  if (a[0].kind() != Kind::String) return wrong_argument(call, "duration", a[0], "文字", "a string");
  if (const auto days = parse_days_duration(a[0].string())) return *days;
  if (const auto months = parse_months_duration(a[0].string())) return *months;
  return call.null("“" + a[0].string() + "”不是时长。", "“" + a[0].string() + "” is not a duration.");
}

Value years_and_months_duration(Call& call, const List& a) {
  const auto from = date_of(a[0]), to = date_of(a[1]);
  if (!from || !to)
    return wrong_argument(call, "years and months duration", from ? a[1] : a[0], "两个日期", "two dates");
  return MonthsDuration{months_between(*from, *to)};  // whole months of the dates; times of day do not count
}

Value now_function(Call& call, const List&) {
  return call.clock().now ? Value(*call.clock().now)
                          : call.null("没有给定现在的时刻。", "The present time was not given.");
}
Value today_function(Call& call, const List&) {
  return call.clock().now ? Value(call.clock().now->date)
                          : call.null("没有给定今天的日期。", "Today's date was not given.");
}

Value day_of_year(Call& call, const List& a) {
  const auto date = date_of(a[0]);
  if (!date) return wrong_argument(call, "day of year", a[0], "日期", "a date");
  return Decimal(date->days() - Date{date->year, 1, 1}.days() + 1);
}
Value day_of_week(Call& call, const List& a) {
  const auto date = date_of(a[0]);
  return date ? Value(kWeekdays[date->weekday() - 1])
              : wrong_argument(call, "day of week", a[0], "日期", "a date");
}
Value month_of_year(Call& call, const List& a) {
  const auto date = date_of(a[0]);
  return date ? Value(kMonths[date->month - 1])
              : wrong_argument(call, "month of year", a[0], "日期", "a date");
}

// ISO 8601: the week that holds the Thursday.
Value week_of_year(Call& call, const List& a) {
  const auto date = date_of(a[0]);
  if (!date) return wrong_argument(call, "week of year", a[0], "日期", "a date");
  const Date thursday = date->plus_days(4 - date->weekday());
  return Decimal((thursday.days() - Date{thursday.year, 1, 1}.days()) / 7 + 1);
}

}  // namespace tenglong::feel
