#include "engine/run/run.h"

#include <gtest/gtest.h>

#include "engine/plan/plan.h"
#include "engine/run/cases.h"
#include "engine/run/execution.h"
#include "engine/run/figure.h"
#include "engine/run/row.h"
#include "engine/run/trial.h"

namespace tenglong::run {
namespace {

using quantity::literals::operator""_decimal;

const Options kYear2022{.period = calendar::Period::year(2022)};

// The laws are worth something only if the columns really did the work.
TEST(run, trial_policies_are_executed_by_columns_and_rate_many) {
  std::int64_t rated = 0, doubts = 0, rows = 0, left = 0, refused = 0, exempt = 0, not_rated = 0;
  int interpreted = 0, among = 0, standings_left = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    trial::Random random(seed);
    const pack::Pack pack = trial::read_policy(trial::random_policy(random));
    const column::Snapshot snapshot = trial::random_district(pack, random, trial::Data::OneDigit, 40);
    const plan::Plan plan = plan::lower(pack, kYear2022.period);
    for (const plan::Node& node : plan.nodes) {
      interpreted += node.op == plan::Op::Interpret;
      among += node.op == plan::Op::Standing || node.op == plan::Op::Related;
    }
    for (const pack::Indicator& each : pack.indicators)
      standings_left += each.stands_among() &&
                        !plan::lower_standing(pack, each, kYear2022.period).left_to_interpreter.empty();
    const SchemeColumns columns = execute(plan, plan.schemes[0], pack, snapshot, kYear2022);
    left += columns.left_to_interpreter;
    rows += static_cast<std::int64_t>(columns.rows.size());
    doubts += columns.rows_in_doubt;
    for (const result::Standing each : columns.standing) {
      rated += each == result::Standing::Rated;
      exempt += each == result::Standing::Exempt;
      not_rated += each == result::Standing::NotRated;
    }
    refused += static_cast<std::int64_t>(run(pack, snapshot, kYear2022).refusals.size());
  }
  std::printf(
      "rows %ld rated %ld exempt %ld not rated %ld in doubt %ld; schemes left %ld, interpret nodes %d, "
      "refusals %ld\n",
      static_cast<long>(rows), static_cast<long>(rated), static_cast<long>(exempt),
      static_cast<long>(not_rated), static_cast<long>(doubts), static_cast<long>(left), interpreted,
      static_cast<long>(refused));
  EXPECT_GT(rated * 4, rows);
  EXPECT_GT(exempt, 0);
  EXPECT_GT(not_rated, 0);
  EXPECT_GT(doubts, 0);
  EXPECT_LT(doubts * 2, rows);
  EXPECT_LT(left, 20);
  EXPECT_GT(among, 20);
  EXPECT_EQ(standings_left, 0);
}

// --- A district small enough to check by hand ---

const char* const kByHand = R"(# 手算

```yaml pack
id: by_hand
name: 手算
document: 试验〔2022〕2号
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
| "D" | 限制发展 |

```yaml register
id: firm
name: 企业
key: [number]
fields:
  - {id: number, name: 编号, type: text}
```

```yaml register
id: firm_year
name: 企业年度
of: firm
period: year
fields:
  - {id: due, name: 应评, type: boolean}
  - {id: utility, name: 公用工程, type: boolean}
  - {id: tax, name: 税收, type: number, unit: 万元}
  - {id: land, name: 用地面积, type: number, unit: 亩}
  - {id: accident, name: 事故, type: boolean}
  - {id: sheltered, name: 保护, type: boolean}
```

```yaml parameter
id: line
name: 低效线
unit: 万元/亩
source: 建 试验
keys: [年度]
asked_of: 区经信局
```

| 年度 | 值 | 出处 |
|---|---|---|
| 2021 | 未公布 | Q01 |
| 2022 | 5 | 建 试验 |

```yaml question
id: Q01
name: 二〇二一年的线
asks: 2021 年的线是多少？
asked_of: 区经信局
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

```yaml indicator
id: whole
name: 全区亩均税收
over: firm_year
where: 应评
unit: 万元/亩
formula: sum(税收) / sum(用地面积)
source: 建 试验
```

```yaml decision
id: veto
name: 否决
of: firm_year
hit: first
inputs: [事故]
output: {name: 最高可评, type: code, codes: grade}
source: 建 试验
```

| 事故 | 最高可评 |
|---|---|
| true | "C" |

```yaml decision
id: shelter
name: 保护清单
of: firm_year
hit: first
inputs: [保护]
output: {name: 最低可评, type: code, codes: grade}
source: 建 试验
```

| 保护 | 最低可评 |
|---|---|
| true | "B" |

```yaml scheme
id: overall
name: 综合评价
of: firm_year
due: 应评
exempt: [{when: 公用工程 = true, reason: 公用工程}]
items:
  - {indicator: 亩均税收, weight: 100, base: 10}
item_score: 指标值 / 基准值 * 权重
item_floor: 0
item_cap: 1.5 * 权重
total: sum(各项得分)
rounding: {places: 1, mode: half_up}
cuts: {A: 20, B: 60, C: 80, D: 100}
ties: TIES
veto: 否决
protect: 保护清单
source: 建 试验
```

```yaml roster
id: low
name: 低效清单
of: firm_year
due: 应评
enters_if: '亩均税收 <= 低效线(年度: 年度)'
source: 建 试验
```
)";

struct Firm {
  const char* key;
  const char *due, *utility, *tax, *land, *accident,
      *sheltered;        // "?" Missing, "!" Disputed, "t" "f", or a number
  const char* expected;  // standing why | total rank raw final | place why
};

registers::Resolved cell_of(const std::string& text) {
  if (text == "?") return {.state = quantity::State::Missing};
  if (text == "!") return {.state = quantity::State::Disputed};
  if (text == "t" || text == "f") return {.state = quantity::State::Known, .value = text == "t"};
  return {.state = quantity::State::Known, .value = *quantity::Decimal::parse(text)};
}

column::Snapshot snapshot_of(const pack::Pack& pack, const std::vector<Firm>& firms) {
  std::vector<std::vector<registers::Record>> records(pack.schema.registers.size());
  for (const Firm& firm : firms) {
    registers::Record of{.key = firm.key};
    of.fields = {{.state = quantity::State::Known, .value = std::string(firm.key)}};
    for (const int year : {2021, 2022}) {
      registers::Record record{.key = firm.key, .period = calendar::Period::year(year)};
      for (const char* text : {firm.due, firm.utility, firm.tax, firm.land, firm.accident, firm.sheltered})
        record.fields.push_back(cell_of(text));
      records[1].push_back(record);
    }
    records[0].push_back(of);
  }
  return column::snapshot_of(pack.schema, std::move(records));
}

std::string words_of(const result::Result& result, const std::string& key) {
  std::string words;
  if (const result::Outcome* outcome = result.schemes.at(0).find(key)) {
    words = std::string(result::to_chinese(outcome->standing)) + outcome->why;
    if (outcome->total)
      words += " " + (*outcome->total).to_string() + " " + std::to_string(outcome->rank) + " " +
               outcome->raw_grade + outcome->grade;
  }
  words += " | ";
  for (const result::RosterEntry& entry : result.rosters.at(0).entries) {
    static const char* const kPlaces[] = {"入列", "免列", "不入列", "未知"};
    if (entry.key == key) words += kPlaces[static_cast<int>(entry.place)] + entry.why;
  }
  return words;
}

const std::vector<Firm> kFirms = {
    {"a above the cap", "t", "f", "900", "10", "f", "f", "参评 150 1 AA | 不入列"},
    {"b ties with a", "t", "f", "800", "10", "t", "t",
     "参评 150 1 AC | 不入列"},  // veto wins over protection
    {"c on the line", "t", "f", "50", "10", "?", "f", "参评 50 4 CC | 入列"},
    {"d on it when rounded", "t", "f", "50.04", "10", "f", "f", "参评 50 4 CC | 入列"},
    {"e just above it", "t", "f", "50.05", "10", "f", "f", "参评 50.1 3 BB | 不入列"},
    {"f a refund", "t", "f", "-3", "10", "f", "t", "参评 0 6 DB | 入列"},  // protected to B
    {"g utility", "t", "t", "1", "10", "f", "f", "免评公用工程 | 入列"},
    {"h no land", "t", "f", "1", "0", "f", "f",
     "不评缺少“亩均税收”（不适用） | 未知缺数据：亩均税收（不适用）"},
    {"i tax not reported", "t", "f", "?", "10", "f", "f",
     "不评缺少“亩均税收”（缺报） | 未知缺数据：亩均税收（缺报）"},
    {"j land in dispute", "t", "f", "1", "!", "f", "f",
     "不评缺少“亩均税收”（存疑） | 未知缺数据：亩均税收（存疑）"},
    {"k not due", "f", "f", "1", "10", "f", "f", " | "},
    {"l not known to be due", "?", "f", "1", "10", "f", "f",
     "不评缺数据：应评（缺报） | 未知缺数据：应评（缺报）"},
};

std::string by_hand(const char* ties) {
  std::string text = kByHand;
  text.replace(text.find("TIES"), 4, ties);
  return text;
}

TEST(run, says_of_every_firm_what_the_rules_say) {
  const pack::Pack pack = trial::read_policy(by_hand("better"));
  const column::Snapshot snapshot = snapshot_of(pack, kFirms);
  for (const result::Result& result :
       {run(pack, snapshot, kYear2022), run_by_interpreter(pack, snapshot, kYear2022),
        run(pack, snapshot, {.period = kYear2022.period, .arithmetic = Arithmetic::Exact})}) {
    for (const Firm& firm : kFirms) EXPECT_EQ(words_of(result, firm.key), firm.expected) << firm.key;
    const result::Balance& balance = result.schemes[0].balance;
    EXPECT_EQ(balance.due, 11);
    EXPECT_EQ(balance.rated, 6);
    EXPECT_EQ(balance.exempt, 1);
    EXPECT_EQ(balance.not_rated, 4);
    EXPECT_TRUE(balance.failures.empty());
    EXPECT_EQ(result.rosters[0].due, 11);
    EXPECT_EQ(result.rosters[0].listed, 4);
    EXPECT_EQ(result.rosters[0].unknown, 4);
    // 900 + 800 + 50 + 50.04 + 50.05 - 3 + 1 + 1 + 1 over 9 known areas that are due and not in dispute.
    ASSERT_EQ(result.aggregates.size(), 1u);
    EXPECT_EQ(result.aggregates[0].cells[0].value, "23.13"_decimal);
    EXPECT_EQ(result.aggregates[0].cells[0].records, 10);
  }
}

TEST(run, ties_share_the_worse_place_where_the_rule_says_so) {
  const pack::Pack pack = trial::read_policy(by_hand("worse"));
  const result::Result result = run(pack, snapshot_of(pack, kFirms), kYear2022);
  EXPECT_EQ(words_of(result, "a above the cap"), "参评 150 2 BB | 不入列");  // 2 of 6 is beyond 20 percent
  EXPECT_EQ(words_of(result, "c on the line"), "参评 50 5 DD | 入列");
}

TEST(run, a_gap_refuses_who_needs_it_and_nobody_else) {
  const pack::Pack pack = trial::read_policy(by_hand("better"));
  const result::Result result =
      run(pack, snapshot_of(pack, kFirms), {.period = calendar::Period::year(2021)});
  EXPECT_EQ(result.schemes.size(), 1u);
  EXPECT_EQ(result.aggregates.size(), 1u);
  EXPECT_TRUE(result.rosters.empty());
  ASSERT_EQ(result.refusals.size(), 1u);
  EXPECT_EQ(result.refusals[0].kind, "roster");
  EXPECT_EQ(result.refusals[0].name, "低效清单");
  EXPECT_EQ(result.refusals[0].gaps, std::vector<std::string>{"低效线（年度 2021；Q01）"});
}

TEST(run, what_adds_up_over_years_adds_up_to_the_year_that_is_asked_for) {
  const pack::Pack pack = trial::read_policy(by_hand("better") + R"(
```yaml target
id: P10
name: 三年用地
unit: 亩
at_least: 1200
period: {from: 2021-01-01, to: 2023-12-31, kind: cumulative}
over: firm_year
where: '应评 and date(年度, 12, 31) in 期间'
formula: sum(用地面积)
```
)");
  const column::Snapshot snapshot = snapshot_of(pack, kFirms);  // the same in 2021 and 2022
  struct AskedYear {
    int year;
    const char* value;  // null: nothing has begun
    const char* period;
  };
  for (const AskedYear& asked :
       {AskedYear{2020, nullptr, ""}, AskedYear{2021, "80", "2021"}, AskedYear{2022, "160", "2021-2022"},
        AskedYear{2023, "160", "2021-2023"}, AskedYear{2024, "160", "2021-2023"}}) {
    const Options options{.period = calendar::Period::year(asked.year)};
    for (const result::Result& result :
         {run(pack, snapshot, options), run_by_interpreter(pack, snapshot, options)}) {
      ASSERT_EQ(result.targets.size(), asked.value != nullptr ? 1u : 0u) << asked.year;
      if (asked.value == nullptr) continue;
      EXPECT_EQ(result.targets[0].cells[0].value->to_string(), asked.value) << asked.year;
      EXPECT_EQ(result.targets[0].period.to_string(), asked.period) << asked.year;
    }
    FigureReader reader(pack, snapshot, options);
    const auto view = reader.read("P10");
    ASSERT_EQ(view.has_value(), asked.value != nullptr) << asked.year;
    if (view) {
      EXPECT_EQ(view->rounded.number().to_string(), asked.value) << asked.year;
    }
  }
}

TEST(run, a_gap_that_only_another_formula_needs_of_the_same_record_refuses_nobody_else) {
  const pack::Pack pack = trial::read_policy(by_hand("better") + R"(
```yaml indicator
id: old_line
name: 老线
of: firm_year
unit: 万元/亩
formula: '低效线(年度: 2021)'
source: 建 试验
```

```yaml indicator
id: growth
name: 增长
of: firm_year
unit: 万元
formula: '税收 - 上期.税收'
source: 建 试验
```

```yaml indicator
id: line_of_last
name: 上年的线
of: firm_year
unit: 万元/亩
formula: '上期.老线'
source: 建 试验
```

```yaml indicator
id: growths
name: 增长合计
over: firm_year
unit: 万元
formula: 'sum(增长)'
source: 建 试验
```

```yaml indicator
id: lines
name: 线的合计
over: firm_year
unit: 万元/亩
formula: 'sum(上年的线)'
source: 建 试验
```
)");
  const column::Snapshot snapshot = snapshot_of(pack, kFirms);
  for (const result::Result& result :
       {run(pack, snapshot, kYear2022), run_by_interpreter(pack, snapshot, kYear2022)}) {
    ASSERT_EQ(result.refusals.size(), 1u);
    EXPECT_EQ(result.refusals[0].name, "线的合计");
    EXPECT_EQ(result.aggregates.size(), 2u);
  }
}

TEST(row, shows_the_steps_of_one_firm) {
  const pack::Pack pack = trial::read_policy(by_hand("better"));
  const column::Snapshot snapshot = snapshot_of(pack, kFirms);
  const column::Table& table = *snapshot.find("firm_year");
  const auto row = static_cast<std::size_t>(table.find("a above the cap", kYear2022.period));
  const RowView view = evaluate_row(pack, snapshot, kYear2022, "firm_year", row);
  ASSERT_EQ(view.indicators.size(), 1u);
  EXPECT_EQ(view.indicators[0].value.number(), 90);
  ASSERT_EQ(view.indicators[0].inputs.size(), 2u);
  EXPECT_EQ(view.indicators[0].inputs[0].name, "税收");
  EXPECT_EQ(view.indicators[0].inputs[0].row, static_cast<std::int32_t>(row));
  ASSERT_EQ(view.schemes.size(), 1u);
  const ItemView& item = view.schemes[0].items.at(0);
  EXPECT_EQ(item.score_before.number(), 900);
  EXPECT_TRUE(item.capped);
  EXPECT_FALSE(item.floored);
  EXPECT_EQ(item.score.number(), 150);
  EXPECT_EQ(view.schemes[0].group_size, 6);
  EXPECT_EQ(view.schemes[0].rank, 1);
  EXPECT_EQ(view.schemes[0].grade, "A");
}

}  // namespace
}  // namespace tenglong::run
