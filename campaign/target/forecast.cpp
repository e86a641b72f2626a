#include "campaign/target/forecast.h"

#include <algorithm>

namespace tenglong::target {

using quantity::Decimal;

namespace {

// Of a parameter without keys; nothing if it is no plain number.
std::optional<Decimal> number_of(const pack::Pack& pack, std::string_view id, calendar::Date on) {
  const pack::Parameter* parameter = pack.parameter(id);
  if (parameter == nullptr || !parameter->keys.empty()) return std::nullopt;
  const pack::ParameterRow* row = pack::lookup(*parameter, {}, on);
  if (row == nullptr || !row->value || row->value->kind() != feel::Kind::Number) return std::nullopt;
  return row->value->number();
}

constexpr std::size_t kOrigin = 2;  // the least from which anything can be expected: one increment

// The first `count` figures as far as they go, expected `ahead` periods later.
Decimal expected_after(const std::vector<Decimal>& series, std::size_t count, std::size_t season,
                       std::size_t ahead) {
  const auto increment = [&](std::size_t at) { return series[at] - series[at - 1]; };  // at from 1
  Decimal out = series[count - 1];
  if (count > season) {
    for (std::size_t i = 0; i < ahead; ++i) out = out + increment(count - season + i % season);
    return out;
  }
  const Decimal all = (series[count - 1] - series[0]) * Decimal(static_cast<std::int64_t>(ahead));
  return out + *divide(all, Decimal(static_cast<std::int64_t>(count - 1)));
}

// Which of `count` errors, by size, the confidence asks for, from 1: (count + 1) times it, rounded up.
std::size_t rank_of(std::size_t count, Decimal confidence) {
  const Decimal share = *divide(Decimal(static_cast<std::int64_t>(count + 1)) * confidence, Decimal(100));
  const Decimal up = share.rounded(0, quantity::RoundingMode::Ceiling);
  return static_cast<std::size_t>(*up.to_integer());
}

// The least number of errors of which one has the rank that the confidence asks for.
std::size_t least_errors(Decimal confidence) {
  std::size_t count = 1;
  while (rank_of(count, confidence) > count) ++count;
  return count;
}

}  // namespace

std::optional<ForecastRule> forecast_rule(const pack::Pack& pack, calendar::Date on) {
  const auto confidence = number_of(pack, kForecastConfidence, on);
  const auto periods = number_of(pack, kForecastPeriods, on);
  if (!confidence || !periods || *confidence < Decimal(50) || *confidence > Decimal(99)) return std::nullopt;
  const auto least = periods->to_integer();
  if (!least || *least < 2 || *least > 1200) return std::nullopt;
  return ForecastRule{*confidence, static_cast<std::size_t>(*least)};
}

int months_of(calendar::Date day) { return day.year * 12 + day.month - 1; }

std::string month_name(int month) {
  return calendar::Date{month / 12, month % 12 + 1, 1}.to_string().substr(0, 7);
}

std::vector<Decimal> brought_by_month(const std::vector<Dated>& amounts, calendar::Date from, int last) {
  const int first = months_of(from);
  std::vector<Decimal> series(static_cast<std::size_t>(std::max(0, last - first + 1)));
  for (const Dated& each : amounts) {
    const int month = months_of(each.on) - first;
    if (month < 0 || month >= static_cast<int>(series.size())) continue;
    Decimal& brought = series[static_cast<std::size_t>(month)];
    brought = brought + each.amount;
  }
  return series;
}

std::vector<Decimal> added_up(std::vector<Decimal> brought) {
  for (std::size_t i = 1; i < brought.size(); ++i) brought[i] = brought[i] + brought[i - 1];
  return brought;
}

Outlook outlook(const std::vector<Decimal>& series, std::size_t season, std::size_t ahead,
                const ForecastRule& rule, const quantity::Rounding& rounding) {
  Outlook out{.has = series.size()};
  out.wants = std::max(rule.least_periods, kOrigin + ahead + least_errors(rule.confidence) - 1);
  if (out.has < out.wants) return out;
  std::vector<Decimal> errors;
  for (std::size_t count = kOrigin; count + ahead <= series.size(); ++count)
    errors.push_back((series[count + ahead - 1] - expected_after(series, count, season, ahead)).abs());
  std::sort(errors.begin(), errors.end(), [](Decimal a, Decimal b) { return a < b; });
  out.past_errors = errors.size();
  const Decimal reach = errors[rank_of(errors.size(), rule.confidence) - 1];
  const Decimal expected = expected_after(series, series.size(), season, ahead);
  Decimal low = expected - reach;
  const bool only_adds =
      std::is_sorted(series.begin(), series.end(), [](Decimal a, Decimal b) { return a < b; });
  if (only_adds && low < series.back()) low = series.back();
  out.forecast =
      Forecast{expected.rounded(rounding), low.rounded(rounding), (expected + reach).rounded(rounding)};
  return out;
}

}  // namespace tenglong::target
