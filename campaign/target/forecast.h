// 预计: where a figure that is added up month by month will end, with an interval out of its own past errors.
//
// Method (docs/forecast.md has the formula and the back-test): what is still to come is what the same months
// of the year before brought; before there is a year of them, what a month brought so far. The interval
// reaches as far to each side as the errors that the same method would have made over the same number of
// months did, in the share that the pack wants (confidence).
//
// In:    the figure at the end of each period, oldest first, without a hole; how many periods are to come;
// the rule of the pack. Out: the expected figure, low and high, rounded as the pack says; or how many periods
// it has and wants. Laws: a shift of the series shifts it, a scale scales it; a constant series is its own
// forecast, without width. Cost: the square of the periods. Never: a forecast of fewer periods than wanted; a
// figure of things that only add up below what there is.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/pack/pack.h"
#include "engine/quantity/decimal.h"

namespace tenglong::target {

// By what ids a pack gives the rule; both are parameters without keys.
inline constexpr std::string_view kForecastConfidence = "forecast_confidence";  // %, from 50 to 99
inline constexpr std::string_view kForecastPeriods = "forecast_least_periods";  // at least 2

struct ForecastRule {
  quantity::Decimal confidence = 0;  // percent
  std::size_t least_periods = 0;
};
// Nothing: the pack does not give it, or gives what cannot be used.
std::optional<ForecastRule> forecast_rule(const pack::Pack& pack, calendar::Date on);

// Months are counted from year 0.
int months_of(calendar::Date day);
std::string month_name(int month);  // 2023-09
// What each month of a stretch brought, from the month of `from` to `last` (a month): of dated amounts in any
// order; those outside the stretch do not count.
struct Dated {
  calendar::Date on;
  quantity::Decimal amount;
};
std::vector<quantity::Decimal> brought_by_month(const std::vector<Dated>& amounts, calendar::Date from,
                                                int last);
// What had come by the end of each period, of what each brought.
std::vector<quantity::Decimal> added_up(std::vector<quantity::Decimal> brought);

struct Forecast {
  quantity::Decimal expected, low, high;
};
struct Outlook {
  std::size_t has = 0, wants = 0;  // periods
  std::size_t past_errors = 0;     // that the interval rests on
  std::optional<Forecast> forecast = {};
};
// `season`: periods of a year: 12, 4, 1. `ahead`: at least 1.
Outlook outlook(const std::vector<quantity::Decimal>& series, std::size_t season, std::size_t ahead,
                const ForecastRule& rule, const quantity::Rounding& rounding);

}  // namespace tenglong::target
