// What moves with those who change grade, by town and industry, added up by hand.
#include <gtest/gtest.h>

#include <map>

#include "engine/run/trial.h"
#include "engine/simulate/resident.h"
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

```yaml simulation
id: trial
name: 试算口径
of: firm_year
measures: [税收, 用地面积, 职工人数]
by: [镇街, 行业]
bins: [50, 100]
source: 建 试验
```
)";

struct Firm {
  const char *key, *town, *industry;
  const char *tax, *land, *staff;  // "" Missing
};

// 亩均税收 12, 10, 8, 6, 5, 2: scores 120, 100, 80, 60, 50, 20.
const Firm kFirms[] = {
    {"F1", "金塘", "13", "120.5", "10", "30"}, {"F2", "金塘", "14", "100", "10", "20"},
    {"F3", "金塘", "13", "80.25", "10", ""},   {"F4", "白泉", "13", "60.75", "10", "7"},
    {"F5", "白泉", "14", "0.1", "0.02", "5"},  {"F6", "", "14", "40", "20", "9"},
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
    year.fields = {number(firm.tax), number(firm.land), number(firm.staff)};
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

}  // namespace
}  // namespace tenglong::simulate
