// Firms at the cap, exactly on a half: one evaluation in decimal128 for all of them.
#include <gtest/gtest.h>

#include "engine/run/execution.h"
#include "engine/run/trial.h"

namespace tenglong::run {
namespace {

// Two items of weight 27.5 and 0.15 with a cap of 1.5: 41.25 + 0.225 = 41.475 is a half of the third place.
const char* const kPolicy = R"(# 封顶

```yaml pack
id: capped
name: 封顶
document: 试政发〔2022〕1号
area: "330902"
valid_from: 2022-01-01
valid_to: 2022-12-31
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

```yaml register
id: firm
name: 企业
key: [number]
fields:
  - {id: number, name: 编号, type: text}
  - {id: tax, name: 税收, type: number, unit: 万元}
  - {id: land, name: 用地面积, type: number, unit: 亩, min: 0.01}
```

```yaml indicator
id: tax_per_mu
name: 亩均税收
of: firm
unit: 万元/亩
formula: 税收 / 用地面积
source: 建 试验
```

```yaml indicator
id: tax_over_land
name: 税收和用地
of: firm
unit: 万元/亩
formula: 税收 / 用地面积 * 1.1
source: 建 试验
```

```yaml scheme
id: capped
name: 综合评价
of: firm
due: "true"
items:
  - {indicator: 亩均税收, weight: 27.5, base: 3}
  - {indicator: 税收和用地, weight: 0.15, base: 3}
item_score: 指标值 / 基准值 * 权重
item_floor: 0
item_cap: 1.5 * 权重
total: sum(各项得分)
rounding: {places: 2, mode: half_up}
cuts: {A: ">= 41.48", B: "-"}
ties: better
source: 建 试验
```
)";

TEST(clamped, equal_values_are_recognised_and_not_worked_out_again) {
  const pack::Pack pack = trial::read_policy(kPolicy);
  const auto known = [](registers::Scalar value) {
    return registers::Resolved{.state = quantity::State::Known, .value = std::move(value)};
  };
  std::vector<std::vector<registers::Record>> records(pack.schema.registers.size());
  constexpr int kFirms = 600;
  for (int firm = 0; firm < kFirms; ++firm) {
    const std::string key = "F" + std::to_string(1000 + firm);
    // Every third stands below the cap, the others each at another height above it.
    const int tax = firm % 3 == 0 ? 2 : 90 + firm;
    records[0].push_back(
        {.key = key, .fields = {known(key), known(quantity::Decimal(tax)), known(quantity::Decimal(7))}});
  }
  const column::Snapshot snapshot = column::snapshot_of(pack.schema, records);
  const plan::Plan plan = plan::lower(pack, calendar::Period::year(2022));
  for (const std::size_t batch : {std::size_t{7}, std::size_t{2048}}) {
    Options options{.period = calendar::Period::year(2022), .batch_rows = batch};
    const SchemeColumns columns = execute(plan, plan.schemes[0], pack, snapshot, options);
    options.arithmetic = Arithmetic::Exact;
    const SchemeColumns exact = execute(plan, plan.schemes[0], pack, snapshot, options);
    ASSERT_FALSE(columns.left_to_interpreter);
    EXPECT_EQ(columns.total, exact.total);
    EXPECT_EQ(columns.grade, exact.grade);
    EXPECT_EQ(columns.total[1], 4148);
    EXPECT_EQ(columns.rows_in_doubt, kFirms * 2 / 3);
    EXPECT_EQ(columns.rows_recognised, kFirms * 2 / 3);
  }
}

}  // namespace
}  // namespace tenglong::run
