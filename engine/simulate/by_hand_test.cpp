// What moves with those who change grade, by town and industry, added up by hand.
#include <gtest/gtest.h>

#include <map>

#include "engine/run/trial.h"
#include "engine/simulate/resident.h"
#include "engine/simulate/seek.h"
#include "engine/simulate/simulation.h"

namespace tenglong::simulate {
namespace {

const char* const kTowns = R"(# 手算

```yaml pack
id: towns
name: 手算
document: 试验〔2022〕4号
area: "330902"
valid_from: 2021-01-01
valid_to: 2023-12-31
rounding: {places: 2, mode: half_up}
```

```yaml codes
id: grade
name: 评价等级
order: best_first
source: 建 试验
```

| 代码 | 名称 |
|---|---|
| "A" | 优先发展 |
| "B" | 支持发展 |
| "C" | 提升发展 |

```yaml register
id: firm
name: 企业
key: [number]
fields:
  - {id: number, name: 编号, type: text}
  - {id: town, name: 镇街, type: text}
  - {id: industry, name: 行业, type: text}
```

```yaml register
id: firm_year
name: 企业年度
of: firm
period: year
fields:
  - {id: tax, name: 税收, type: number, unit: 万元}
  - {id: land, name: 用地面积, type: number, unit: 亩}
  - {id: staff, name: 职工人数, type: number, unit: 人}
  - {id: power, name: 用电量, type: number, unit: 万千瓦时}
```

```yaml indicator
id: tax_per_mu
name: 亩均税收
of: firm_year
unit: 万元/亩
formula: 税收 / 用地面积
not_applicable_if: 用地面积 = 0
source: 建 试验
```

```yaml scheme
id: overall
name: 综合评价
of: firm_year
due: true
items:
  - {indicator: 亩均税收, weight: 100, base: 10}
item_score: 指标值 / 基准值 * 权重
rounding: {places: 1, mode: half_up}
cuts: {A: ">= 100", B: ">= 50", C: "-"}
source: 建 试验
```

```yaml parameter
id: power_rate
name: 用电加价标准
unit: 元/千瓦时
keys: [等级]
source: 建 试验
```

| 等级 | 值 |
|---|---|
| "A" | 0 |
| "B" | 0.1 |
| "C" | 未公布 |

```yaml simulation
id: trial
name: 试算口径
of: firm_year
measures: [税收, 用地面积, 职工人数]
by: [镇街, 行业]
bins: [50, 100]
prices:
  - {name: 用电加价, field: 用电量, rate: 用电加价标准, unit: 元}
source: 建 试验
```
)";

struct Firm {
  const char *key, *town, *industry;
  const char *tax, *land, *staff, *power;  // "" Missing
};

// 亩均税收 12, 10, 8, 6, 5, 2: scores 120, 100, 80, 60, 50, 20.
const Firm kFirms[] = {
    {"F1", "金塘", "13", "120.5", "10", "30", "50"}, {"F2", "金塘", "14", "100", "10", "20", ""},
    {"F3", "金塘", "13", "80.25", "10", "", "12.5"}, {"F4", "白泉", "13", "60.75", "10", "7", "8"},
    {"F5", "白泉", "14", "0.1", "0.02", "5", ""},    {"F6", "", "14", "40", "20", "9", "3"},
};

column::Snapshot towns(const pack::Pack& pack) {
  std::vector<std::vector<registers::Record>> records(pack.schema.registers.size());
  const auto text = [](const std::string& value) {
    return value.empty() ? registers::Resolved{.state = quantity::State::Missing}
                         : registers::Resolved{.state = quantity::State::Known, .value = value};
  };
  const auto number = [](const std::string& value) {
    return value.empty() ? registers::Resolved{.state = quantity::State::Missing}
                         : registers::Resolved{.state = quantity::State::Known,
                                               .value = *quantity::Decimal::parse(value)};
  };
  for (const Firm& firm : kFirms) {
    registers::Record of{.key = firm.key};
    of.fields = {text(firm.key), text(firm.town), text(firm.industry)};
    records[0].push_back(std::move(of));
    registers::Record year{.key = firm.key, .period = calendar::Period::year(2022)};
    year.fields = {number(firm.tax), number(firm.land), number(firm.staff), number(firm.power)};
    records[1].push_back(std::move(year));
  }
  return column::snapshot_of(pack.schema, std::move(records));
}

// "镇街 金塘 B→A: 1 家 80.25 10 0(1)": firms, money, land, staff, in brackets how many have no figure.
std::map<std::string, std::string> moved(const Comparison& comparison) {
  std::map<std::string, std::string> out;
  for (const SchemeComparison& scheme : comparison.schemes)
    for (const Moved& each : scheme.moved) {
      std::string words = std::to_string(each.records) + " 家";
      for (const Moved::Measure& measure : each.measures)
        words += " " + measure.sum.to_string() +
                 (measure.without == 0 ? "" : "(" + std::to_string(measure.without) + ")");
      out[each.cut + " " + each.of + " " + scheme.places[each.from] + "→" + scheme.places[each.to]] = words;
    }
  return out;
}

TEST(ByHand, MoneyLandAndStaffOfThoseWhoMoveByTownAndIndustry) {
  const pack::Pack pack = run::trial::read_policy(kTowns);
  const column::Snapshot snapshot = towns(pack);
  const run::Options options{.period = calendar::Period::year(2022)};
  std::vector<Override> overrides;
  for (const char* text : {"综合评价.A=>= 80", "综合评价.B=>= 60.5"}) {
    ReadOverride read = read_override(text, pack, snapshot, options.period);
    ASSERT_TRUE(read.override.has_value()) << text;
    overrides.push_back(std::move(*read.override));
  }
  // A from 80: F3 (80.3) rises. B from 60.5: F4 (60.8) stays B, F5 (50) falls to C.
  const std::map<std::string, std::string> expected = {
      {"  B→A", "1 家 80.25 10 0(1)"},         {"  B→C", "1 家 0.1 0.02 5"},
      {"镇街 金塘 B→A", "1 家 80.25 10 0(1)"}, {"镇街 白泉 B→C", "1 家 0.1 0.02 5"},
      {"行业 13 B→A", "1 家 80.25 10 0(1)"},   {"行业 14 B→C", "1 家 0.1 0.02 5"},
  };
  Simulation simulation(pack, snapshot, options);
  EXPECT_EQ(moved(simulation.compare_with(overrides)), expected) << "whole runs compared";
  Resident resident(pack, snapshot, options);
  EXPECT_EQ(moved(resident.with(overrides).comparison), expected) << "kept columns";
}

TEST(ByHand, SumsByTownAndIndustryAddUpToTheWhole) {
  const pack::Pack pack = run::trial::read_policy(kTowns);
  const column::Snapshot snapshot = towns(pack);
  const run::Options options{.period = calendar::Period::year(2022)};
  ReadOverride read = read_override("综合评价.A=>= 20", pack, snapshot, options.period);
  ASSERT_TRUE(read.override.has_value());
  // All but F1 and F2 rise to A: F3, F4, F5 from B, F6 (20) from C.
  const std::map<std::string, std::string> expected = {
      {"  B→A", "3 家 141.1 20.02 12(1)"},     {"  C→A", "1 家 40 20 9"},
      {"镇街 金塘 B→A", "1 家 80.25 10 0(1)"}, {"镇街 白泉 B→A", "2 家 60.85 10.02 12"},
      {"镇街  C→A", "1 家 40 20 9"},           {"行业 13 B→A", "2 家 141 20 7(1)"},
      {"行业 14 B→A", "1 家 0.1 0.02 5"},      {"行业 14 C→A", "1 家 40 20 9"},
  };
  Simulation simulation(pack, snapshot, options);
  EXPECT_EQ(moved(simulation.compare_with({*read.override})), expected);
  Resident resident(pack, snapshot, options);
  EXPECT_EQ(moved(resident.with({*read.override}).comparison), expected);
}

// "金塘: 12500/2(0) -> 0/2(0)": money/firms(of these without a quantity), before -> after; — where it waits.
std::map<std::string, std::string> charged(const Comparison& comparison) {
  std::map<std::string, std::string> out;
  const auto side = [](const PriceSum& sum) {
    return (sum.money ? sum.money->to_string() : "—") + "/" + std::to_string(sum.records) + "(" +
           std::to_string(sum.without) + ")";
  };
  for (const PriceMoved& price : comparison.schemes.at(0).prices)
    for (const PriceLine& line : price.lines)
      out[line.cut + " " + line.of] = side(line.before) + " -> " + side(line.after);
  return out;
}

TEST(ByHand, PricesByGradeTownAndIndustry) {
  const pack::Pack pack = run::trial::read_policy(kTowns);
  const column::Snapshot snapshot = towns(pack);
  const run::Options options{.period = calendar::Period::year(2022)};
  const auto read = [&](const char* text) {
    ReadOverride one = read_override(text, pack, snapshot, options.period);
    EXPECT_TRUE(one.override.has_value()) << text;
    return *one.override;
  };
  struct Row {
    const char* what;
    std::vector<const char*> changes;
    std::map<std::string, std::string> expected;
    std::vector<std::string> waits;
  };
  // A: F1 (50), F2 (none); B: F3 (12.5), F4 (8), F5 (none); C: F6 (3), whose rate is not published. 万千瓦时.
  const Row kRows[] = {
      {"as it stands",
       {},
       {{" ", "—/6(2) -> —/6(2)"},
        {"等级 A", "0/2(1) -> 0/2(1)"},
        {"等级 B", "20500/3(1) -> 20500/3(1)"},
        {"等级 C", "—/1(0) -> —/1(0)"},
        {"镇街 ", "—/1(0) -> —/1(0)"},
        {"镇街 金塘", "12500/3(1) -> 12500/3(1)"},
        {"镇街 白泉", "8000/2(1) -> 8000/2(1)"},
        {"行业 13", "20500/3(0) -> 20500/3(0)"},
        {"行业 14", "—/3(2) -> —/3(2)"}},
       {"用电加价标准（等级 C；建 试验）"}},
      {"the rate of C is tried",
       {"用电加价标准(C)=0.3"},
       {{" ", "—/6(2) -> 29500/6(2)"},
        {"等级 A", "0/2(1) -> 0/2(1)"},
        {"等级 B", "20500/3(1) -> 20500/3(1)"},
        {"等级 C", "—/1(0) -> 9000/1(0)"},
        {"镇街 ", "—/1(0) -> 9000/1(0)"},
        {"镇街 金塘", "12500/3(1) -> 12500/3(1)"},
        {"镇街 白泉", "8000/2(1) -> 8000/2(1)"},
        {"行业 13", "20500/3(0) -> 20500/3(0)"},
        {"行业 14", "—/3(2) -> 9000/3(2)"}},
       {}},
      {"F3 rises to A, F4 falls to C, and C is charged",
       {"综合评价.A=>= 80", "综合评价.B=>= 61", "用电加价标准(C)=0.3 元/千瓦时"},
       {{" ", "—/6(2) -> 33000/6(2)"},
        {"等级 A", "0/2(1) -> 0/3(1)"},
        {"等级 B", "20500/3(1) -> 0/0(0)"},
        {"等级 C", "—/1(0) -> 33000/3(1)"},
        {"镇街 ", "—/1(0) -> 9000/1(0)"},
        {"镇街 金塘", "12500/3(1) -> 0/3(1)"},
        {"镇街 白泉", "8000/2(1) -> 24000/2(1)"},
        {"行业 13", "20500/3(0) -> 24000/3(0)"},
        {"行业 14", "—/3(2) -> 9000/3(2)"}},
       {}},
      {"one quantity is stated anew",
       {"F5.用电量=0.0001"},
       {{" ", "—/6(2) -> —/6(1)"},
        {"等级 A", "0/2(1) -> 0/2(1)"},
        {"等级 B", "20500/3(1) -> 20500.1/3(0)"},
        {"等级 C", "—/1(0) -> —/1(0)"},
        {"镇街 ", "—/1(0) -> —/1(0)"},
        {"镇街 金塘", "12500/3(1) -> 12500/3(1)"},
        {"镇街 白泉", "8000/2(1) -> 8000.1/2(0)"},
        {"行业 13", "20500/3(0) -> 20500/3(0)"},
        {"行业 14", "—/3(2) -> —/3(1)"}},
       {"用电加价标准（等级 C；建 试验）"}},
  };
  for (const Row& row : kRows) {
    std::vector<Override> overrides;
    for (const char* text : row.changes) overrides.push_back(read(text));
    Simulation simulation(pack, snapshot, options);
    const Comparison whole = simulation.compare_with(overrides);
    EXPECT_EQ(charged(whole), row.expected) << row.what << ", whole runs";
    EXPECT_EQ(whole.schemes[0].prices[0].waits_after, row.waits) << row.what;
    const Resident resident(pack, snapshot, options);
    const Comparison kept = resident.with(overrides).comparison;
    EXPECT_EQ(charged(kept), row.expected) << row.what << ", kept columns";
    EXPECT_EQ(kept.schemes[0].prices[0].waits_after, row.waits) << row.what;
    if (overrides.size() == 1 && overrides[0].kind == Override::Kind::Field) {
      const Resident::Correction told = resident.correct(overrides[0]);
      EXPECT_FALSE(told.whole_run) << row.what;
      EXPECT_EQ(charged(told.comparison), row.expected) << row.what << ", by insertion";
    }
  }
}

TEST(ByHand, AGoalSpeaksOfWhatAPriceComesTo) {
  const pack::Pack pack = run::trial::read_policy(kTowns);
  const column::Snapshot snapshot = towns(pack);
  const run::Options options{.period = calendar::Period::year(2022)};
  Simulation simulation(pack, snapshot, options);
  const Resident resident(pack, snapshot, options);
  const ReadOverride rate = read_override("用电加价标准(C)=0", pack, snapshot, options.period);
  ASSERT_TRUE(rate.override.has_value());
  const feel::Context names = aggregates(pack, snapshot, options.period, simulation.base());
  const ReadGoal goal = read_goal("综合评价.用电加价 >= 23000 and 综合评价.B.用电加价 = 20500", names);
  ASSERT_TRUE(goal.tree != nullptr);
  const Grid grid{Decimal(0), *Decimal::parse("0.3"), *Decimal::parse("0.01")};
  // 20500 + 30000 x rate reaches 23000 at 0.0833...: 0.09, and 0.08 does not.
  for (const Resident* base : {&resident, static_cast<const Resident*>(nullptr)}) {
    const Sought sought = seek(simulation, *rate.override, grid, *goal.tree, Seek::Smallest, base);
    ASSERT_TRUE(sought.found.has_value());
    EXPECT_EQ(sought.steps[*sought.found].value.to_string(), "0.09");
    EXPECT_EQ(sought.steps[*sought.found - 1].reaches, false);
    ASSERT_EQ(sought.steps[*sought.found].figures.size(), 2u);
    EXPECT_EQ(sought.steps[*sought.found].figures[0].first, "综合评价.用电加价");
    EXPECT_EQ(sought.steps[*sought.found].figures[0].second.to_text(), "23200");
    EXPECT_EQ(sought.steps[*sought.found - 1].figures[0].second.to_text(), "22900");
  }
}

const char* const kAmong = R"(
```yaml indicator
id: tax_share
name: 税收占行业比重
of: firm_year
as: share
within: [企业.行业]
unit: "%"
formula: 税收
source: 建 试验
```

```yaml indicator
id: staff_rank
name: 职工人数名次
of: firm_year
as: rank
first: highest
formula: 职工人数
source: 建 试验
```

```yaml scheme
id: among
name: 比重评价
of: firm_year
due: true
items:
  - {indicator: 税收占行业比重, weight: 40, base: 10}
  - {indicator: 亩均税收, weight: 60, base: 10}
item_score: 指标值 / 基准值 * 权重
rounding: {places: 3, mode: half_up}
cuts: {A: 40, B: 80, C: 100}
source: 建 试验
```

```yaml roster
id: few_staff
name: 人少清单
of: firm_year
due: true
enters_if: 职工人数名次 >= 3 and 亩均税收 >= 4
source: 建 试验
```
)";

TEST(ByHand, ACorrectionBesideSharesAndRanksThatItDoesNotMove) {
  const pack::Pack pack = run::trial::read_policy(std::string(kTowns) + kAmong);
  const column::Snapshot snapshot = towns(pack);
  const run::Options options{.period = calendar::Period::year(2022)};
  const Resident resident(pack, snapshot, options);
  Simulation simulation(pack, snapshot, options);
  struct Row {
    const char *what, *change;
    bool whole;
  };
  const Row kRows[] = {
      {"land moves neither the share of tax nor the rank of staff", "F3.用地面积=4", false},
      {"land of one who leaves the list", "F5.用地面积=1", false},
      {"tax moves the shares of the whole industry", "F3.税收=90", true},
      {"staff moves the ranks of others", "F4.职工人数=25", true},
  };
  for (const Row& row : kRows) {
    const ReadOverride read = read_override(row.change, pack, snapshot, options.period);
    ASSERT_TRUE(read.override.has_value()) << row.what;
    const Resident::Correction told = resident.correct(*read.override);
    EXPECT_EQ(told.whole_run, row.whole) << row.what;
    const Comparison whole = simulation.compare_with({*read.override});
    ASSERT_EQ(told.comparison.schemes.size(), whole.schemes.size());
    for (std::size_t s = 0; s < whole.schemes.size(); ++s) {
      EXPECT_EQ(told.comparison.schemes[s].touched, whole.schemes[s].touched) << row.what;
      EXPECT_EQ(told.comparison.schemes[s].transitions, whole.schemes[s].transitions) << row.what;
    }
    ASSERT_EQ(told.comparison.rosters.size(), whole.rosters.size());
    EXPECT_EQ(told.comparison.rosters[0].changes.size(), whole.rosters[0].changes.size()) << row.what;
    EXPECT_FALSE(whole.schemes.back().touched.empty() && whole.rosters[0].changes.empty()) << row.what;
  }
}

}  // namespace
}  // namespace tenglong::simulate
