// The districts that the other tests of this room run on.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "engine/run/trial.h"

namespace tenglong::run::trial {
namespace {

using quantity::Decimal;
using quantity::State;
using registers::Record;
using registers::Resolved;

const char* const kHead = R"(# 试验

```yaml pack
id: trial
name: 试验政策
document: 试验〔2022〕1号
area: "330902"
valid_from: 2021-01-01
valid_to: 2023-12-31
rounding: {places: 4, mode: half_up}
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
| "D" | 限制发展 |

```yaml register
id: enterprise
name: 企业
key: [number]
fields:
  - {id: number, name: 编号, type: text}
  - {id: industry, name: 行业, type: text}
  - {id: town, name: 镇街, type: text}
```

```yaml register
id: enterprise_year
name: 企业年度
of: enterprise
period: year
fields:
  - {id: above_scale, name: 规上, type: boolean}
  - {id: tax, name: 实缴税收, type: number, unit: 万元}
  - {id: added, name: 工业增加值, type: number, unit: 万元}
  - {id: land, name: 用地面积, type: number, unit: 亩}
  - {id: energy, name: 综合能耗, type: number, unit: 吨标准煤}
  - {id: group, name: 行业组, type: text}
  - {id: accident, name: 事故, type: boolean}
  - {id: founded, name: 成立日期, type: date}
```

```yaml register
id: enterprise_quarter
name: 企业季度
of: enterprise
period: quarter
fields:
  - {id: power, name: 用电量, type: number, unit: 万千瓦时}
  - {id: stopped, name: 停产, type: boolean}
```

```yaml register
id: plot
name: 占用
key: [plot_number]
fields:
  - {id: plot_number, name: 占用编号, type: text}
  - {id: user, name: 使用企业, type: reference, to: enterprise}
  - {id: sharers, name: 合用企业, type: references, to: enterprise}
  - {id: plot_area, name: 占用面积, type: number, unit: 亩}
  - {id: rent, name: 租金, type: number, unit: 万元}
  - {id: used_from, name: 起用日期, type: date}
```

```yaml parameter
id: base_tax
name: 税收基准
unit: 万元/亩
source: 建 试验
keys: [行业]
```

| 行业 | 值 | 出处 |
|---|---|---|
| "13" | 12.37 | 建 试验 |
| "14" | 8 | 建 试验 |
| "15" | 0.3 | 建 试验 |
| "16" | 24.097 | 建 试验 |

```yaml parameter
id: line
name: 低效线
unit: 万元/亩
source: 建 试验
keys: [范围, 年度]
```

| 范围 | 年度 | 值 | 出处 |
|---|---|---|---|
| "规上" | 2022 | 5 | 建 试验 |
| "规下" | 2022 | 3.3 | 建 试验 |
| "规上" | 2021 | 未公布 | 建 试验 |

```yaml indicator
id: tax_per_mu
name: 亩均税收
of: enterprise_year
unit: 万元/亩
formula: 实缴税收 / 用地面积
not_applicable_if: 用地面积 = 0
source: 建 试验
```

```yaml indicator
id: added_per_mu
name: 亩均增加值
of: enterprise_year
unit: 万元/亩
formula: 工业增加值 / 用地面积
source: 建 试验
```

```yaml indicator
id: added_per_energy
name: 单位能耗增加值
of: enterprise_year
unit: 万元/吨标准煤
formula: 工业增加值 / 综合能耗
rounding: {places: 2, mode: half_up}
source: 建 试验
```

```yaml indicator
id: growth
name: 税收增长
of: enterprise_year
unit: 万元
formula: 实缴税收 - 上期.实缴税收
source: 建 试验
```

```yaml indicator
id: district_tax
name: 全区亩均税收
over: enterprise_year
where: 规上
unit: 万元/亩
formula: sum(实缴税收) / sum(用地面积)
by: [区县, 行业组]
source: 建 试验
```

```yaml indicator
id: mean_tax
name: 平均亩均税收
over: enterprise_year
unit: 万元/亩
formula: mean(亩均税收)
by: [镇街]
source: 建 试验
```

```yaml decision
id: bonus
name: 加分项
of: enterprise_year
hit: collect_sum
inputs: [亩均税收, 税收增长]
output: {name: 分值, type: number}
source: 建 试验
```

| 亩均税收 | 税收增长 | 分值 |
|---|---|---|
| >= 5 | - | 3 |
| [2..5) | > 0 | 1.5 |
| - | >= 0 | 0.1 |
| < 0 | - | -2.25 |

```yaml decision
id: veto
name: 一票否决
of: enterprise_year
hit: collect_worst
inputs: [事故, 亩均税收]
output: {name: 最高可评, type: code, codes: grade}
source: 建 试验
```

| 事故 | 亩均税收 | 最高可评 |
|---|---|---|
| true | - | "C" |
| true | < 1 | "D" |
| - | < 0 | "B" |

```yaml decision
id: shelter
name: 保护清单
of: enterprise_year
hit: first
inputs: [成立日期]
output: {name: 最低可评, type: code, codes: grade}
source: 建 试验
```

| 成立日期 | 最低可评 |
|---|---|
| >= date("2021-06-01") | "B" |
| >= date("2020-01-01") | "C" |

```yaml indicator
id: taxed
name: 规下缴税面
over: enterprise_year
where: not(规上) and 成立日期.year >= 2012
formula: 'sum(for x in 实缴税收 return if x > 2 then 1 else 0) / count(记录)'
by: [区县, 镇街, 行业组]
source: 建 试验
```

```yaml indicator
id: large_tax
name: 大户税收
over: enterprise_year
where: '企业.行业 != "16" or 事故'
unit: 万元
formula: 'sum(实缴税收[item > 3]) - sum(记录[规上 = true].实缴税收) / 2'
by: [行业组]
source: 建 试验
```

```yaml indicator
id: middle_tax
name: 税收中位数
over: enterprise_year
unit: 万元
formula: 'median(实缴税收) + max(实缴税收) - min(税收增长)'
by: [镇街]
source: 建 试验
```

```yaml indicator
id: grown
name: 增税户
over: enterprise_year
formula: 'count(税收增长[item > 0]) + count(for r in 记录 return r.实缴税收)'
source: 建 试验
```

```yaml target
id: P01
name: 大户亩均税收
unit: 万元/亩
at_least: 5
period: {to: 2022-12-31, kind: at_date}
over: enterprise_year
where: 规上 and 成立日期 in 期间
formula: 'sum(实缴税收) / sum(用地面积)'
by: [区县, 镇街]
lead: 试验
source: 建 试验
```

```yaml target
id: P02
name: 三年税收
unit: 万元
at_least: 5
period: {from: 2021-01-01, to: 2022-12-31, kind: cumulative}
over: enterprise_year
where: '年度 > 2020 and 亩均税收 >= 1 and (企业.行业 != "15" or 年度 = 2021)'
formula: 'sum(实缴税收) + sum(税收增长)'
by: [行业组, 企业.镇街]
lead: 试验
source: 建 试验
```
)";

Decimal short_number(Random& random, int digits, int places) {
  std::int64_t coefficient = 0;
  for (int i = 0; i < digits; ++i)
    coefficient = coefficient * 10 + static_cast<std::int64_t>(random.below(10));
  return Decimal::scaled(coefficient, -places);
}

Decimal number_of(Random& random, Data data) {
  const auto negative = [&](Decimal value) { return random.one_in(12) ? -value : value; };
  switch (data) {
    case Data::Ordinary:
      return negative(short_number(random, 7, 4));
    case Data::OneDigit:
      return negative(Decimal(static_cast<std::int64_t>(random.below(10))));
    case Data::OnLines:
      return Decimal::scaled(static_cast<std::int64_t>(random.below(40)) * 5, -1);
    case Data::Cancelling: {
      // A large number and a trace of a difference, of either sign, within 15 digits and beyond.
      const int digits = 9 + static_cast<int>(random.below(3)) * 8;  // 9, 17, 25 before the trace
      __int128 large = 1;
      for (int i = 0; i < digits; ++i) large = large * 10 + (i % 7);
      const auto trace = static_cast<std::int64_t>(random.below(5)) - 2;
      const Decimal value = Decimal::scaled(large * 1000 + trace, -static_cast<int>(random.below(2) * 4) - 2);
      return random.one_in(2) ? -value : value;
    }
    case Data::Extreme:
      break;
  }
  switch (random.below(6)) {
    case 0:
      return negative(Decimal::scaled(static_cast<std::int64_t>(random.below(1000)),
                                      static_cast<int>(random.below(40)) - 20));
    case 1:
      return negative(Decimal::scaled(static_cast<std::int64_t>(random.below(1000)),
                                      static_cast<int>(random.below(700)) - 350));
    case 2: {  // 34 digits
      __int128 coefficient = 0;
      for (int i = 0; i < 34; ++i) coefficient = coefficient * 10 + static_cast<int>(random.below(10));
      return negative(Decimal::scaled(coefficient, -30 + static_cast<int>(random.below(6))));
    }
    case 3:
      return 0;
    case 4:
      return Decimal::scaled(
          static_cast<std::int64_t>(99999999999999999ll - static_cast<std::int64_t>(random.below(3))), -10);
    default:
      return negative(short_number(random, 3, 1));
  }
}

Resolved cell(registers::Scalar value) { return {.state = State::Known, .value = std::move(value)}; }
Resolved absent(Random& random) {
  const State kStates[] = {State::Missing, State::NotApplicable, State::Disputed};
  return {.state = kStates[random.below(3)]};
}

std::string choose(Random& random, const std::vector<std::string>& options) {
  return options[random.below(options.size())];
}

std::string quoted(Random& random, const std::vector<std::string>& options) {
  return "'" + choose(random, options) + "'";
}

}  // namespace

std::uint64_t Random::next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

pack::Pack read_policy(const std::string& text) {
  static int count = 0;
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) /
      ("tenglong-trial-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "pack.md") << text;
  pack::ReadPack read = pack::read_pack(folder.string());
  std::filesystem::remove_all(folder);
  // A divisor that may be 0 and cuts that leave some without a grade are mistakes in a policy; the engine
  // must do right by them all the same.
  std::erase_if(read.diagnostics, [](const diagnostic::Diagnostic& each) {
    return each.severity != diagnostic::Severity::Error || each.code == "E-PACK-203" ||
           each.code == "E-PACK-211";
  });
  if (diagnostic::has_errors(read.diagnostics) || !read.pack) {
    std::string words;
    for (const diagnostic::Diagnostic& each : read.diagnostics)
      words += to_string(each.place) + " " + each.code + " " + each.message.zh + "\n";
    throw std::runtime_error("the trial policy has mistakes:\n" + words);
  }
  return std::move(*read.pack);
}

namespace {

std::string random_standings(Random& random) {
  const std::vector<std::string> groups{"[]",          "[行业组]",         "[企业.镇街, 规上]",
                                        "[企业.行业]", "[单位能耗增加值]", "[一票否决]"};
  const std::vector<std::string> values{"实缴税收",           "亩均税收",
                                        "税收增长",           "实缴税收 / 工业增加值",
                                        "单位能耗增加值 * 3", "if 规上 then 实缴税收 else 工业增加值 - 1"};
  const auto among = [&](const char* id, const char* name, const std::string& as, bool is_share) {
    std::string text = std::string("\n```yaml indicator\nid: ") + id + "\nname: " + name +
                       "\nof: enterprise_year\nas: " + as + "\nwithin: " + choose(random, groups) + "\n";
    if (!random.one_in(3))
      text += "where: " +
              quoted(random, {"规上", "用地面积 > 0", "亩均税收 > 1", "成立日期.year >= 2012 or 规上",
                              "企业.行业 != \"16\"", "年度 = 2022 or 规上",
                              "亩均税收 < 低效线(范围: if 规上 then \"规上\" else \"规下\", 年度: 2022)",
                              "亩均税收 >= 全区亩均税收"}) +
              "\n";
    if (random.one_in(12)) text += "not_applicable_if: 用地面积 = 0\n";
    if (!is_share)
      text += "first: " + choose(random, {"highest", "lowest"}) +
              "\nties: " + choose(random, {"better", "worse"}) + "\n";
    if (random.one_in(3))
      text += "rounding: {places: " + choose(random, {"1", "6", "12"}) + ", mode: half_up}\n";
    if (as != "rank") text += "unit: \"%\"\n";
    return text + "formula: " + quoted(random, values) + "\nsource: 建 试验\n```\n";
  };
  const auto related = [&](const char* id, const char* name, const char* over, const std::string& rest) {
    return std::string("\n```yaml indicator\nid: ") + id + "\nname: " + name +
           "\nof: enterprise_year\nrelated: " + over + "\n" + rest + "source: 建 试验\n```\n";
  };
  std::string text = among("tax_share", "税收份额", "share", true) +
                     among("mu_rank", "亩均名次", "rank", false) +
                     among("place", "位次", "percentile", false);
  const std::string where = random.one_in(2)
                                ? "where: " +
                                      quoted(random, {"起用日期 in 期间", "占用面积 > 2 or 租金 < 1",
                                                      "占用编号 != \"P3\"", "租金 / 占用面积 > 1"}) +
                                      "\n"
                                : "";
  const auto through = [&] { return "through: " + choose(random, {"user", "sharers"}) + "\n" + where; };
  text += related("plots_area", "占用面积合计", "plot", through() + "unit: 亩\nformula: sum(占用面积)\n");
  text += related(
      "rent_per_mu", "租金单价", "plot",
      through() + "unit: 万元/亩\nformula: " +
          quoted(random, {"sum(租金) / sum(占用面积)", "mean(租金) / max(占用面积) + 税收基准(行业: \"13\")",
                          "if count(记录) = 0 then 税收基准(行业: \"14\") else sum(租金) / min(占用面积)",
                          "sum(for r in 记录 return r.租金 * 2) / sum(占用面积[item > 1])"}) +
          "\n");
  text += related("plots", "占用户次", "plot", through() + "formula: count(记录)\n");
  text += related("power_of_year", "季度用电", "enterprise_quarter",
                  "unit: 万千瓦时\n" +
                      std::string(random.one_in(3) ? "not_applicable_if: 用地面积 = 0\n" : "") + "formula: " +
                      quoted(random, {"sum(用电量)", "max(用电量) - min(用电量)", "median(用电量)"}) + "\n");
  text +=
      related("stopped_quarters", "停产季度", "enterprise_quarter", "where: 停产\nformula: count(记录)\n");
  text +=
      "\n```yaml indicator\nid: shares\nname: 份额合计\nover: enterprise_year\nunit: \"%\"\nformula: "
      "sum(税收份额)\n"
      "by: [行业组]\nsource: 建 试验\n```\n"
      "\n```yaml indicator\nid: firsts\nname: 第一名\nover: enterprise_year\nformula: "
      "'count(亩均名次[item = 1]) + count(占用户次[item > 1])'\nsource: 建 试验\n```\n";
  return text;
}

}  // namespace

std::string random_policy(Random& random) {
  const auto number = [&](int most, int places) { return short_number(random, most, places).to_string(); };
  std::string text = kHead;
  text += random_standings(random);
  text += "\n```yaml roster\nid: low\nname: 低效清单\nof: enterprise_year\ndue: " +
          quoted(random, {"true", "规上", "用地面积 > 0", "企业.镇街 = \"甲\" or 规上",
                          "行业组 in (\"一\", \"二\")"}) +
          "\nexempt:\n  - {when: '成立日期 >= date(\"2021-06-01\")', reason: 新办}\nenters_if: " +
          quoted(random, {"亩均税收 < 低效线(范围: if 规上 then \"规上\" else \"规下\", 年度: 年度)",
                          "亩均税收 < 低效线(范围: \"规下\", 年度: 年度)",
                          "亩均税收 < 5 and 单位能耗增加值 <= " + number(2, 1),
                          "税收增长 < 0 or not(亩均税收 >= " + number(2, 1) + ")",
                          "亩均税收 < 全区亩均税收",
                          "亩均税收 < 上期.亩均税收",
                          "实缴税收 / 用地面积 = 5 or 实缴税收 * 3 < 工业增加值",
                          "if 亩均税收 = null then 规上 else 亩均税收 in [1..5)",
                          "亩均税收 between 1 and 5",
                          "number(substring(企业.行业, 1, 2)) in [14..16) or 成立日期 < date(年度 - 6, 6, 1)",
                          "starts with(行业组, \"一\") and string length(企业.镇街) = 1",
                          "if number(企业.行业) > 14 then 实缴税收 / 工业增加值 < number(企业.行业) / 30 "
                          "else number(企业.行业) = 13",
                          "成立日期.year >= 2015",
                          "实缴税收 ** 2 > 100 or 规上",
                          "企业.行业 + 行业组 = \"13一\"",
                          "modulo(实缴税收, 3) < 1 and 成立日期 + duration(\"P3Y\") > date(\"2020-01-01\")",
                          "date(\"2022-12-31\") - 成立日期 > duration(\"P2000D\")",
                          "sqrt(亩均税收) > 2 and 成立日期.month in [3..9]",
                          "string length(企业.行业 + 行业组) = 3 and 规下缴税面 > 0.1",
                          "day of week(成立日期) = \"Friday\" or 实缴税收 < 税收中位数",
                          "实缴税收 between 税收中位数 and 大户税收",
                          "增税户 > 10 and 亩均税收 < 5",
                          "亩均名次 <= 3 or 占用面积合计 > 用地面积",
                          "税收份额 >= 12.5 and 亩均税收 < 5",
                          "位次 <= 20 or 税收份额 < 上期.税收份额",
                          "亩均名次 < 上期.亩均名次 and 租金单价 > 1",
                          "占用户次 > 1 and 季度用电 / 占用户次 <= 5",
                          "停产季度 > 0 or 份额合计 > 99",
                          "if 占用面积合计 = null then 亩均名次 = 1 else 季度用电 >= 5"}) +
          "\nsource: 建 试验\n```\n";
  text += "\n```yaml scheme\nid: overall\nname: 综合评价\nof: enterprise_year\ndue: " +
          quoted(random, {"true", "规上", "规上 = true", "用地面积 != null"}) + "\n";
  if (!random.one_in(3))
    text += "exempt:\n  - {when: " + quoted(random, {"成立日期 >= date(\"2021-06-01\")", "事故 and 规上"}) +
            ", reason: 新办}\n  - {when: '企业.行业 = \"16\"', reason: 公用工程}\n";
  if (random.one_in(2))
    text += "not_rated: " + quoted(random, {"用地面积 = null", "用地面积 <= 0", "综合能耗 < 0.5"}) + "\n";
  text += "rank_within: " + choose(random, {"[]", "[行业组]", "[规上]", "[企业.镇街, 规上]", "[占用户次]"}) +
          "\nitems:\n";
  text += "  - {indicator: 亩均税收, weight: " + number(2, 0) + ", base: " +
          quoted(random, {"税收基准(行业: 企业.行业)", "24.097", "全区亩均税收", "平均亩均税收", "0.7"}) +
          ", missing: " + quoted(random, {"not_rated", "group_mean", "0"}) + "}\n";
  text += "  - {indicator: 亩均增加值, weight: " + number(3, 1) +
          ", base: 136.16, missing: " + quoted(random, {"not_rated", "not_rated", "group_mean", "权重 / 3"}) +
          "}\n";
  if (random.one_in(2))
    text += "  - {indicator: 单位能耗增加值, weight: 20, base: " + quoted(random, {"2.694", "0.001", "3"}) +
            ", missing: group_mean}\n";
  if (random.one_in(3))
    text += "  - {indicator: " + choose(random, {"税收份额", "位次", "占用面积合计", "季度用电"}) +
            ", weight: 10, base: " + quoted(random, {"12.5", "3"}) +
            ", missing: " + quoted(random, {"not_rated", "group_mean", "0"}) + "}\n";
  text += "item_score: " +
          quoted(random, {"指标值 / 基准值 * 权重", "权重 * 指标值 / 基准值",
                          "if 指标值 < 基准值 then 指标值 / 基准值 * 权重 else 权重",
                          "(指标值 - 基准值) / 基准值 * 权重"}) +
          "\n";
  if (random.one_in(2)) text += "item_floor: 0\n";
  if (random.one_in(2)) text += "item_cap: 1.5 * 权重\n";
  if (random.one_in(2)) text += "adjust: [加分项]\n";
  text += "total: " +
          quoted(random, {"sum(各项得分) + 加减分", "sum(各项得分) + 加减分",
                          "(sum(各项得分) + 加减分) * 0.9", "min(100, sum(各项得分) + 加减分)"}) +
          "\n";
  text += "rounding: {places: " + choose(random, {"6", "2", "0", "4"}) +
          ", mode: " + choose(random, {"half_up", "half_up", "half_even", "down", "ceiling"}) + "}\n";
  text += choose(random, {"cuts: {A: 20, B: 65, C: 95, D: 100}", "cuts: {A: 33.3, B: 66.6, C: 99.9, D: 100}",
                          "cuts: {A: \">= 72.5\", B: \">= 30\", C: \">= 1\", D: \"-\"}",
                          "cuts: {A: 20, B: 60, C: 90}"}) +
          "\n";
  text += "ties: " + choose(random, {"better", "worse"}) + "\n";
  if (random.one_in(2)) text += "veto: 一票否决\n";
  if (random.one_in(2)) text += "protect: 保护清单\n";
  text += "source: 建 试验\n```\n";
  return text;
}

std::vector<std::vector<Record>> random_records(const pack::Pack& pack, Random& random, Data data,
                                                std::size_t firms) {
  std::vector<std::vector<Record>> all(pack.schema.registers.size());
  std::vector<Record>*enterprises = nullptr, *years = nullptr, *quarters = nullptr, *plots = nullptr;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (pack.schema.registers[i].id == "enterprise") enterprises = &all[i];
    if (pack.schema.registers[i].id == "enterprise_year") years = &all[i];
    if (pack.schema.registers[i].id == "enterprise_quarter") quarters = &all[i];
    if (pack.schema.registers[i].id == "plot") plots = &all[i];
  }
  const auto maybe = [&](registers::Scalar value) {
    return random.one_in(15) ? absent(random) : cell(std::move(value));
  };
  for (std::size_t firm = 0; firm < firms; ++firm) {
    const std::string key = "E" + std::to_string(1000 + firm);
    Record enterprise{.key = key};
    enterprise.fields = {cell(key), maybe(quoted(random, {"13", "14", "15", "16", "99"})),
                         maybe(quoted(random, {"甲", "乙", "丙"}))};
    if (!random.one_in(30)) enterprises->push_back(enterprise);
    for (int year = 2021; year <= 2022; ++year) {
      if (random.one_in(20)) continue;
      Record record{.key = key, .period = calendar::Period::year(year)};
      const bool founded_late = random.one_in(6);
      record.fields = {maybe(!random.one_in(4)),
                       maybe(number_of(random, data)),
                       maybe(number_of(random, data)),
                       maybe(number_of(random, data)),
                       maybe(number_of(random, data)),
                       maybe(quoted(random, {"一", "二"})),
                       maybe(random.one_in(6)),
                       maybe(calendar::Date{founded_late ? 2021 : 2010 + static_cast<int>(random.below(11)),
                                            1 + static_cast<int>(random.below(12)), 1})};
      years->push_back(record);
    }
  }
  if (quarters == nullptr || plots == nullptr) return all;
  const auto some_firm = [&] { return "E" + std::to_string(1000 + random.below(firms + 2)); };
  for (std::size_t firm = 0; firm < firms; ++firm)
    for (int quarter = 1; quarter <= 8; ++quarter) {
      if (!random.one_in(3)) continue;
      Record record{.key = "E" + std::to_string(1000 + firm),
                    .period = *calendar::Period::quarter(2021 + (quarter - 1) / 4, (quarter - 1) % 4 + 1)};
      record.fields = {maybe(number_of(random, data)), maybe(random.one_in(4))};
      quarters->push_back(record);
    }
  for (std::size_t plot = 0; plot < firms; ++plot) {
    Record record{.key = "P" + std::to_string(plot)};
    record.fields = {cell(record.key),
                     maybe(some_firm()),
                     maybe(some_firm() + std::string(1, schema::kListSeparator) + some_firm()),
                     maybe(number_of(random, data)),
                     maybe(number_of(random, data)),
                     maybe(calendar::Date{2019 + static_cast<int>(random.below(5)),
                                          1 + static_cast<int>(random.below(12)), 1})};
    plots->push_back(record);
  }
  return all;
}

column::Snapshot random_district(const pack::Pack& pack, Random& random, Data data, std::size_t firms) {
  return column::snapshot_of(pack.schema, random_records(pack, random, data, firms));
}

std::string first_difference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  std::size_t line_begin = 0, line = 1;
  for (std::size_t i = 0; i < a.size() && i < b.size() && a[i] == b[i]; ++i)
    if (a[i] == '\n') {
      line_begin = i + 1;
      ++line;
    }
  const auto rest = [&](const std::string& text) {
    return text.substr(line_begin, text.find('\n', line_begin) - line_begin);
  };
  return "line " + std::to_string(line) + "\n  " + rest(a) + "\n  " + rest(b);
}

TEST(trial, the_policy_reads_without_a_mistake_and_the_district_has_both_years) {
  Random random(7);
  const pack::Pack pack = read_policy(random_policy(random));
  const column::Snapshot snapshot = random_district(pack, random, Data::Ordinary, 40);
  EXPECT_EQ(pack.schemes.size(), 1u);
  EXPECT_EQ(snapshot.find("enterprise_year")->find("E1000", calendar::Period::year(2022)) >= 0 ||
                snapshot.find("enterprise_year")->find("E1001", calendar::Period::year(2022)) >= 0,
            true);
  EXPECT_EQ(first_difference("a\nb\nc", "a\nb\nc"), "");
  EXPECT_EQ(first_difference("a\nb\nc", "a\nx\nc"), "line 2\n  b\n  x");
}

}  // namespace tenglong::run::trial
