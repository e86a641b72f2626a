// What holds of every forecast, and how often the interval has held what came: the back-test of
// docs/forecast.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "campaign/target/forecast.h"
#include "tests/golden/golden.h"

namespace tenglong::target {
namespace {

using quantity::Decimal;
using Series = std::vector<Decimal>;

const ForecastRule kRule{Decimal(80), 12};
const quantity::Rounding kFine{20, quantity::RoundingMode::HalfEven};

// The same everywhere: no library decides what is drawn.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed * 2654435761u + 1) {}
  std::int64_t below(std::int64_t bound) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::int64_t>((state_ >> 33) % static_cast<std::uint64_t>(bound));
  }
  // Bell-like around 0, from -6 to 6 spreads of a quarter each.
  std::int64_t around(std::int64_t spread) {
    std::int64_t sum = 0;
    for (int i = 0; i < 12; ++i) sum += below(2 * spread + 1) - spread;
    return sum / 2;
  }

 private:
  std::uint64_t state_;
};

struct Kind {
  const char* name;
  std::function<std::int64_t(Draw&, std::int64_t month)> increment;  // month from 1
};
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"平稳", [](Draw& draw, std::int64_t) { return std::max<std::int64_t>(0, 330 + draw.around(120)); }},
      {"零散",
       [](Draw& draw, std::int64_t) {
         std::int64_t sum = 0;
         for (int i = 0; i < 10; ++i)
           if (draw.below(10) == 0) sum += 50 + draw.below(500);
         return sum;
       }},
      {"年底集中",
       [](Draw& draw, std::int64_t month) {
         const std::int64_t at = (month - 1) % 12;
         return std::max<std::int64_t>(0, (at < 9 ? 200 : at < 11 ? 600 : 900) + draw.around(100));
       }},
      {"渐慢",
       [](Draw& draw, std::int64_t month) {
         return std::max<std::int64_t>(0, 800 - 20 * month + draw.around(60));
       }},
      {"渐快",
       [](Draw& draw, std::int64_t month) {
         return std::max<std::int64_t>(0, 100 + 15 * month + draw.around(80));
       }},
      {"有升有降", [](Draw& draw, std::int64_t) { return 5 + draw.around(50); }}};
  return all;
}
Series drawn(const Kind& kind, std::uint64_t seed, std::size_t length) {
  Draw draw(seed);
  Series out{Decimal(0)};
  for (std::size_t month = 1; month < length; ++month)
    out.push_back(out.back() + Decimal(kind.increment(draw, static_cast<std::int64_t>(month))));
  return out;
}

TEST(ForecastLaws, AShiftShiftsAndAScaleScales) {
  for (const Kind& kind : kinds())
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Series series = drawn(kind, seed, 20 + seed);
      Series shifted, scaled;
      for (const Decimal& each : series) {
        shifted.push_back(each + Decimal(777));
        scaled.push_back(each * Decimal(100));
      }
      const Forecast own = *outlook(series, 12, 3, kRule, kFine).forecast;
      const Forecast moved = *outlook(shifted, 12, 3, kRule, kFine).forecast;
      const Forecast larger = *outlook(scaled, 12, 3, kRule, {18, kFine.mode}).forecast;
      EXPECT_EQ(moved.expected, own.expected + Decimal(777)) << kind.name;
      EXPECT_EQ(moved.low, own.low + Decimal(777));
      EXPECT_EQ(moved.high, own.high + Decimal(777));
      EXPECT_EQ(larger.expected, own.expected * Decimal(100)) << kind.name;
      EXPECT_EQ(larger.low, own.low * Decimal(100));
      EXPECT_EQ(larger.high, own.high * Decimal(100));
      EXPECT_TRUE(own.low <= own.expected && own.expected <= own.high);
    }
}

TEST(ForecastLaws, AConstantSeriesIsItsOwnForecast) {
  for (const std::size_t season : {1u, 4u, 12u}) {
    const Forecast own = *outlook(Series(30, Decimal(42)), season, 6, kRule, kFine).forecast;
    EXPECT_EQ(own.expected, Decimal(42));
    EXPECT_EQ(own.low, Decimal(42));
    EXPECT_EQ(own.high, Decimal(42));
  }
}

TEST(ForecastLaws, ALineGoesOnWithoutWidth) {
  Series line;
  for (int i = 0; i < 30; ++i) line.push_back(Decimal(7 * i));
  const Forecast own = *outlook(line, 12, 5, kRule, kFine).forecast;
  EXPECT_EQ(own.expected, Decimal(7 * 34));
  EXPECT_EQ(own.low, own.high);
}

TEST(ForecastLaws, WhatOnlyAddsUpNeverFallsBelowWhatThereIs) {
  for (const Kind& kind : kinds()) {
    if (kind.name == std::string("有升有降")) continue;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
      const Series series = drawn(kind, seed, 24);
      EXPECT_GE(outlook(series, 12, 12, kRule, kFine).forecast->low, series.back());
    }
  }
}

TEST(ForecastLaws, FewerPeriodsThanWantedAreNoForecast) {
  for (std::size_t length = 0; length <= 40; ++length)
    for (const std::size_t ahead : {1u, 3u, 12u}) {
      const Outlook got = outlook(Series(length, Decimal(1)), 12, ahead, kRule, kFine);
      EXPECT_EQ(got.forecast.has_value(), length >= got.wants) << length << " " << ahead;
      EXPECT_GE(got.wants, kRule.least_periods);
      EXPECT_EQ(got.has, length);
    }
}

// The ways that were weighed. Only the last is kept in the code; the others are here to be measured against
// it.
Decimal by_mean(const Series& series, std::size_t count, std::size_t ahead) {
  return series[count - 1] +
         *divide((series[count - 1] - series[0]) * Decimal(static_cast<std::int64_t>(ahead)),
                 Decimal(static_cast<std::int64_t>(count - 1)));
}
Decimal by_last_year(const Series& series, std::size_t count, std::size_t ahead) {
  const std::size_t back = std::min<std::size_t>(12, count - 1);
  return series[count - 1] +
         *divide((series[count - 1] - series[count - 1 - back]) * Decimal(static_cast<std::int64_t>(ahead)),
                 Decimal(static_cast<std::int64_t>(back)));
}
// Damped trend: smoothing of the level 0.5, of the trend 0.3, damped by 0.9.
Decimal by_damped_trend(const Series& series, std::size_t count, std::size_t ahead) {
  const Decimal alpha = *Decimal::parse("0.5"), beta = *Decimal::parse("0.3"), phi = *Decimal::parse("0.9");
  Decimal level = series[0], trend = series[1] - series[0];
  for (std::size_t i = 1; i < count; ++i) {
    const Decimal next = alpha * series[i] + (Decimal(1) - alpha) * (level + phi * trend);
    trend = beta * (next - level) + (Decimal(1) - beta) * phi * trend;
    level = next;
  }
  Decimal factor = 1, sum = 0;
  for (std::size_t i = 0; i < ahead; ++i) factor = factor * phi, sum = sum + factor;
  return level + sum * trend;
}
struct Score {
  std::int64_t held = 0, of = 0;
  Decimal error = 0, width = 0;
  void add(const Series& series, Decimal expected, Decimal low, Decimal high) {
    ++of;
    held += low <= series.back() && series.back() <= high ? 1 : 0;
    error = error + (series.back() - expected).abs();
    width = width + (high - low);
  }
  std::string text() const {
    const auto mean = [&](Decimal sum) {
      return divide(sum, Decimal(of))->rounded(0, quantity::RoundingMode::HalfUp).to_string();
    };
    return std::to_string(held * 100 / of) + "% | " + mean(error) + " | " + mean(width);
  }
};
void weigh(Score& score, const Series& series, std::size_t known, std::size_t ahead,
           const std::function<Decimal(const Series&, std::size_t, std::size_t)>& way) {
  Series errors;
  for (std::size_t count = 2; count + ahead <= known; ++count)
    errors.push_back((series[count + ahead - 1] - way(series, count, ahead)).abs());
  std::sort(errors.begin(), errors.end(), [](Decimal a, Decimal b) { return a < b; });
  const std::size_t rank = ((errors.size() + 1) * 8 + 9) / 10;
  const Decimal expected = way(series, known, ahead), reach = errors.at(rank - 1);
  Decimal low = expected - reach;
  if (std::is_sorted(series.begin(), series.begin() + static_cast<std::ptrdiff_t>(known),
                     [](Decimal a, Decimal b) { return a < b; }) &&
      low < series[known - 1])
    low = series[known - 1];
  score.add(series, expected, low, expected + reach);
}

TEST(ForecastLaws, TheBackTestIsAsDocumented) {
  constexpr std::uint64_t kSeries = 200;
  std::string table =
      "| 期数 | 往前 | 序列 | 办法 | 落在区间里 | 平均误差 | 平均宽度 |\n|---|---|---|---|---|---|---|\n";
  for (const auto& [known, ahead] :
       std::vector<std::pair<std::size_t, std::size_t>>{{24, 12}, {30, 6}, {33, 3}, {35, 1}})
    for (const Kind& kind : kinds()) {
      Score mean, last, damped, own;
      for (std::uint64_t seed = 1; seed <= kSeries; ++seed) {
        const Series series = drawn(kind, seed, known + ahead);
        weigh(mean, series, known, ahead, by_mean);
        weigh(last, series, known, ahead, by_last_year);
        weigh(damped, series, known, ahead, by_damped_trend);
        const Series before(series.begin(), series.begin() + static_cast<std::ptrdiff_t>(known));
        const Forecast kept = *outlook(before, 12, ahead, kRule, kFine).forecast;
        own.add(series, kept.expected, kept.low, kept.high);
      }
      const std::string head =
          "| " + std::to_string(known) + " | " + std::to_string(ahead) + " | " + kind.name + " | ";
      table += head + "全程平均 | " + mean.text() + " |\n" + head + "近一年平均 | " + last.text() + " |\n";
      table += head + "阻尼趋势 | " + damped.text() + " |\n" + head + "**上年同月** | " + own.text() + " |\n";
      // Where the pace itself keeps changing no method here follows; everything else is held about as often
      // as it says.
      if (kind.name != std::string("渐快") && kind.name != std::string("渐慢"))
        EXPECT_GE(own.held * 100 / own.of, 70) << kind.name << known;
    }
  EXPECT_TRUE(golden::matches("campaign/target/golden/backtest.md", table));
}

TEST(Series, IsWhatEachMonthOfTheStretchBroughtAddedUp) {
  const calendar::Date from{2021, 11, 15};
  const std::vector<Dated> amounts = {{{2022, 1, 31}, Decimal(4)},
                                      {{2021, 11, 1}, Decimal(1)},
                                      {{2021, 10, 31}, Decimal(9)},
                                      {{2022, 1, 1}, Decimal(2)},
                                      {{2022, 3, 1}, Decimal(9)}};
  const Series brought = brought_by_month(amounts, from, months_of({2022, 2, 1}));
  EXPECT_EQ(brought, (Series{Decimal(1), Decimal(0), Decimal(6), Decimal(0)}));
  EXPECT_EQ(added_up(brought), (Series{Decimal(1), Decimal(1), Decimal(7), Decimal(7)}));
  EXPECT_EQ(brought_by_month(amounts, from, months_of({2021, 11, 1})), Series{Decimal(1)});
  EXPECT_TRUE(added_up(brought_by_month(amounts, from, months_of({2021, 10, 1}))).empty());
  EXPECT_EQ(month_name(months_of(from)), "2021-11");
  EXPECT_EQ(month_name(months_of({2022, 1, 31})), "2022-01");
}

TEST(ForecastRule, IsThePacksOrThereIsNone) {
  pack::Pack pack;
  const calendar::Date on{2023, 6, 30};
  EXPECT_FALSE(forecast_rule(pack, on));
  const auto give = [&](std::string_view id, int value) {
    pack::Parameter one;
    one.id = id;
    one.rows.push_back({.value = feel::Value(Decimal(value))});
    pack.parameters.push_back(one);
  };
  give(kForecastConfidence, 80);
  EXPECT_FALSE(forecast_rule(pack, on)) << "half a rule is none";
  give(kForecastPeriods, 12);
  ASSERT_TRUE(forecast_rule(pack, on));
  EXPECT_EQ(forecast_rule(pack, on)->least_periods, 12u);
  pack.parameters[0].rows[0].value = feel::Value(Decimal(120));
  EXPECT_FALSE(forecast_rule(pack, on)) << "120 % is no confidence";
}

}  // namespace
}  // namespace tenglong::target
