// Shares, ranks, percentiles and figures over related records, checked by hand; both ways of running.
#include <gtest/gtest.h>

#include "engine/run/row.h"
#include "engine/run/run.h"
#include "engine/run/trial.h"

namespace tenglong::run {
namespace {

const char* const kAmong = R"(# 手算

```yaml pack
id: among
name: 手算
document: 试验〔2022〕3号
area: "330902"
valid_from: 2021-01-01
valid_to: 2023-12-31
rounding: {places: 2, mode: half_up}
```

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
  - {id: group, name: 组, type: text}
  - {id: large, name: 规上, type: boolean}
  - {id: tax, name: 税收, type: number, unit: 万元}
```

```yaml register
id: firm_quarter
name: 企业季度
of: firm
period: quarter
fields:
  - {id: power, name: 用电量, type: number, unit: 万千瓦时}
```

```yaml register
id: plot
name: 宗地
key: [plot_number]
fields:
  - {id: plot_number, name: 宗地号, type: text}
  - {id: user, name: 使用企业, type: reference, to: firm}
  - {id: neighbours, name: 相邻企业, type: references, to: firm}
  - {id: area, name: 面积, type: number, unit: 亩}
  - {id: rent, name: 租金, type: number, unit: 万元}
  - {id: since, name: 起用, type: date}
```

INDICATORS
)";

std::string indicator(const std::string& name, const std::string& rest) {
  static int count = 0;
  return "\n```yaml indicator\nid: i" + std::to_string(++count) + "\nname: " + name + "\nof: firm_year\n" +
         rest + "source: 建 试验\n```\n";
}

registers::Resolved cell(const std::string& text) {
  if (text == "?") return {.state = quantity::State::Missing};
  if (text == "t" || text == "f") return {.state = quantity::State::Known, .value = text == "t"};
  if (const auto date = calendar::Date::parse(text); date && text.size() == 10)
    return {.state = quantity::State::Known, .value = *date};
  if (text.starts_with("'")) return {.state = quantity::State::Known, .value = text.substr(1)};
  return {.state = quantity::State::Known, .value = *quantity::Decimal::parse(text)};
}

registers::Record record(const std::string& key, std::optional<calendar::Period> period,
                         const std::vector<std::string>& cells) {
  registers::Record out{.key = key, .period = period};
  for (const std::string& each : cells) out.fields.push_back(cell(each));
  return out;
}

column::Snapshot district(const pack::Pack& pack) {
  const auto year = [](int y) { return std::optional(calendar::Period::year(y)); };
  std::vector<std::vector<registers::Record>> all(pack.schema.registers.size());
  for (const char* key : {"A", "B", "C", "D", "E", "F", "G"})
    all[0].push_back(record(key, std::nullopt, {std::string("'") + key}));
  all[1] = {record("A", year(2022), {"'一", "t", "30"}),     record("B", year(2022), {"'一", "t", "10"}),
            record("C", year(2022), {"'一", "t", "10.004"}), record("D", year(2022), {"'二", "t", "7"}),
            record("E", year(2022), {"'二", "t", "?"}),      record("F", year(2022), {"'一", "f", "50"}),
            record("G", year(2022), {"?", "t", "5"}),        record("A", year(2021), {"'一", "t", "1"}),
            record("B", year(2021), {"'一", "t", "3"})};
  const auto quarter = [](int y, int q) { return calendar::Period::quarter(y, q); };
  all[2] = {record("A", quarter(2021, 4), {"9"}), record("A", quarter(2022, 1), {"1.5"}),
            record("A", quarter(2022, 4), {"2.5"}), record("B", quarter(2022, 2), {"?"})};
  all[3] = {record("P1", std::nullopt,
                   {"'P1", "'A",
                    "'A\x1E"
                    "B",
                    "2", "4", "2022-03-01"}),
            record("P2", std::nullopt,
                   {"'P2", "'A",
                    "'B\x1E"
                    "B",
                    "3", "?", "2021-03-01"}),
            record("P3", std::nullopt, {"'P3", "'B", "?", "4", "1", "2022-12-31"}),
            record("P4", std::nullopt, {"'P4", "?", "'A", "5", "1", "2022-05-01"})};
  return column::snapshot_of(pack.schema, std::move(all));
}

// Values of one indicator for the firms of a year, "缺" and "不" where there is none, by both ways.
std::string values_of(const std::string& rest, int year = 2022) {
  std::string text = kAmong;
  text.replace(text.find("INDICATORS"), 10, indicator("所问", rest));
  const pack::Pack pack = trial::read_policy(text);
  const column::Snapshot snapshot = district(pack);
  const Options options{.period = calendar::Period::year(year)};
  std::string out;
  RowReader reader(pack, snapshot, options);
  for (std::size_t row = 0; row < snapshot.tables[1].size(); ++row) {
    if (*snapshot.tables[1].period[row] != options.period) continue;
    const RowView view = reader.read("firm_year", row);
    const IndicatorView& each = view.indicators.at(0);
    out += (out.empty() ? "" : " ") + std::string(snapshot.tables[1].key[row]) + ":" +
           (each.state == quantity::State::Known           ? each.rounded.to_text()
            : each.state == quantity::State::NotApplicable ? "不"
                                                           : "缺");
  }
  return out;
}

TEST(among, a_share_is_of_those_counted_in_the_group) {
  EXPECT_EQ(values_of("as: share\nwithin: [组]\nwhere: 规上\nunit: \"%\"\nformula: 税收\n"),
            "A:60 B:20 C:20.01 D:100 E:缺 F:不 G:缺");
  EXPECT_EQ(values_of("as: share\nunit: \"%\"\nformula: 税收 - 税收\n"), "A:不 B:不 C:不 D:不 E:缺 F:不 G:不")
      << "a sum of 0 leaves no share";
}

TEST(among, a_rank_compares_rounded_values_and_shares_places) {
  EXPECT_EQ(values_of("as: rank\nwithin: [组]\nwhere: 规上\nfirst: highest\nformula: 税收\n"),
            "A:1 B:2 C:2 D:1 E:缺 F:不 G:缺");
  EXPECT_EQ(values_of("as: rank\nwithin: [组]\nwhere: 规上\nfirst: highest\nties: worse\nformula: 税收\n"),
            "A:1 B:3 C:3 D:1 E:缺 F:不 G:缺");
  EXPECT_EQ(
      values_of(
          "as: rank\nwithin: [组]\nfirst: lowest\nrounding: {places: 3, mode: half_up}\nformula: 税收\n"),
      "A:3 B:1 C:2 D:1 E:缺 F:4 G:缺");
  EXPECT_EQ(values_of("as: rank\nfirst: highest\nformula: 税收\n", 2021), "A:2 B:1") << "of its own year";
}

TEST(among, a_percentile_is_the_rank_in_a_hundred_of_those_counted) {
  EXPECT_EQ(
      values_of("as: percentile\nwithin: [组]\nwhere: 规上\nfirst: highest\nunit: \"%\"\nformula: 税收\n"),
      "A:33.33 B:66.67 C:66.67 D:100 E:缺 F:不 G:缺");
}

TEST(among, related_records_belong_by_reference_by_list_and_by_of) {
  EXPECT_EQ(values_of("related: plot\nthrough: user\nunit: 亩\nformula: sum(面积)\n"),
            "A:5 B:4 C:不 D:不 E:不 F:不 G:不");
  EXPECT_EQ(values_of("related: plot\nthrough: neighbours\nformula: count(记录)\n"),
            "A:2 B:2 C:0 D:0 E:0 F:0 G:0")
      << "a firm named twice in a list counts once";
  EXPECT_EQ(values_of("related: plot\nthrough: user\nwhere: 起用 in 期间\nunit: 万元/亩\n"
                      "formula: sum(租金) / sum(面积)\n"),
            "A:2 B:0.25 C:不 D:不 E:不 F:不 G:不");
  EXPECT_EQ(values_of("related: plot\nthrough: user\nunit: 亩\n"
                      "formula: 'if count(记录) = 0 then 0 else sum(面积)'\n"),
            "A:5 B:4 C:0 D:0 E:0 F:0 G:0");
  EXPECT_EQ(values_of("related: firm_quarter\nunit: 万千瓦时\nformula: sum(用电量)\n"),
            "A:4 B:缺 C:不 D:不 E:不 F:不 G:不")
      << "quarters of the year, no others";
}

TEST(among, a_reason_names_the_group_the_neighbours_and_the_records) {
  std::string text = kAmong;
  text.replace(text.find("INDICATORS"), 10,
               indicator("名次", "as: rank\nwithin: [组]\nwhere: 规上\nfirst: highest\nformula: 税收\n") +
                   indicator("面积", "related: plot\nthrough: user\nunit: 亩\nformula: sum(面积)\n"));
  const pack::Pack pack = trial::read_policy(text);
  const column::Snapshot snapshot = district(pack);
  const std::int32_t row = snapshot.tables[1].find("A", calendar::Period::year(2022));
  const RowView view = evaluate_row(pack, snapshot, {.period = calendar::Period::year(2022)}, "firm_year",
                                    static_cast<std::size_t>(row));
  const StandingView& standing = *view.indicators.at(0).standing;
  EXPECT_EQ(standing.group, "一");
  EXPECT_EQ(standing.counted, 3);
  EXPECT_EQ(standing.rank, 1);
  ASSERT_EQ(standing.others.size(), 1u) << "nobody before the first";
  EXPECT_EQ(standing.others[0].key, "B");
  EXPECT_EQ(standing.others[0].rank, 2);
  const RelatedView& related = *view.indicators.at(1).related;
  EXPECT_EQ(related.records, 2);
  EXPECT_EQ(related.sums.at(0).call, "sum(面积)");
  EXPECT_EQ(related.sums.at(0).value.to_text(), "5");
  EXPECT_EQ(related.parts.at(1).key, "P2");
  EXPECT_EQ(related.parts.at(1).values.at(0).to_text(), "3");
}

}  // namespace
}  // namespace tenglong::run
