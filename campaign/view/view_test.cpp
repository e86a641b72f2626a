#include "campaign/view/view.h"

#include <gtest/gtest.h>

#include "tests/golden/golden.h"

namespace tenglong::view {
namespace {

using quantity::Decimal;
using result::Outcome;
using result::Standing;

pack::Pack a_pack() {
  pack::Pack pack;
  schema::Codes grades{.id = "grade", .name = "等级"};
  for (const char* code : {"A", "B", "C", "D"})
    grades.entries.push_back({.code = code, .name = std::string("等级") + code});
  schema::Codes towns{.id = "town", .name = "镇街", .level = "town"};
  towns.entries = {{.code = "1", .name = "金塘镇"}, {.code = "2", .name = "白泉镇"}};
  pack.schema.codes = {grades, towns};
  schema::Register enterprise{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  enterprise.fields = {
      {.id = "credit_code", .name = "代码", .type = schema::FieldType::CreditCode},
      {.id = "legal_name", .name = "企业名称", .type = schema::FieldType::Text, .required = true},
      {.id = "town", .name = "镇街", .type = schema::FieldType::Area, .codes = "town"}};
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {{.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number}};
  pack.schema.registers = {enterprise, year};
  pack::Scheme scheme;
  scheme.id = "s";
  scheme.name = "方案";
  scheme.of = "enterprise_year";
  scheme.clause = "三(一)1";
  scheme.source = "缺省，待确认";
  pack.schemes = {scheme};
  return pack;
}

column::Snapshot a_snapshot(const pack::Pack& pack) {
  const auto known = [](const char* text) {
    return registers::Resolved{.state = quantity::State::Known, .value = std::string(text)};
  };
  std::vector<registers::Record> enterprises, years;
  for (const auto& [key, name, town] : {std::tuple("a", "甲厂", "1"), std::tuple("b", "乙厂", "2"),
                                        std::tuple("c", "丙|厂", "1"), std::tuple("d", "丁厂", "")}) {
    enterprises.push_back(
        {.key = key, .fields = {known(key), known(name), *town != 0 ? known(town) : registers::Resolved{}}});
    years.push_back({.key = key, .period = calendar::Period::year(2023), .fields = {registers::Resolved{}}});
  }
  return column::snapshot_of(pack.schema, {enterprises, years});
}

result::SchemeResult a_result() {
  result::SchemeResult scheme{
      .scheme = "方案", .id = "s", .clause = "三(一)1", .mark = "缺省，待确认", .groups = {""}};
  const auto rated = [](std::uint32_t row, const char* key, const char* total, int rank, const char* grade) {
    return Outcome{.row = row,
                   .key = key,
                   .standing = Standing::Rated,
                   .total = Decimal::parse(total),
                   .group = 0,
                   .rank = rank,
                   .raw_grade = grade,
                   .grade = grade};
  };
  scheme.outcomes = {rated(0, "a", "90.5", 1, "A"), rated(1, "b", "80.25", 2, "B"),
                     rated(2, "c", "80.25", 2, "B"),
                     Outcome{.row = 3, .key = "d", .standing = Standing::NotRated, .why = "缺用地数据"}};
  scheme.balance = {.due = 4,
                    .rated = 3,
                    .exempt = 0,
                    .not_rated = 1,
                    .by_grade = {{"A", 1}, {"B", 2}, {"C", 0}, {"D", 0}}};
  return scheme;
}

TEST(View, TablesOfASchemeReadWellAndReconcile) {
  const pack::Pack pack = a_pack();
  const column::Snapshot snapshot = a_snapshot(pack);
  const Naming naming{&pack, &snapshot};
  const result::SchemeResult scheme = a_result();
  std::string out;
  for (const Table& table : {grades(pack, scheme), grades_by_town(naming, scheme),
                             nearest_to_a_line(naming, scheme, 10), enterprises(naming, scheme)})
    out +=
        render_terminal(table, Language::Chinese) + "\n" + render_markdown(table, Language::English) + "\n";
  EXPECT_TRUE(golden::matches("campaign/view/golden/scheme.txt", out));
}

TEST(View, TownsAddUpToTheDistrict) {
  const pack::Pack pack = a_pack();
  const column::Snapshot snapshot = a_snapshot(pack);
  const Table table = grades_by_town({&pack, &snapshot}, a_result());
  for (std::size_t column = 1; column < table.columns.size(); ++column) {
    int sum = 0;
    for (const auto& row : table.rows) sum += std::stoi(row[column]);
    EXPECT_EQ(std::to_string(sum), table.totals[column]) << table.columns[column].label.zh;
  }
}

TEST(View, AnUnbalancedResultSaysSo) {
  const pack::Pack pack = a_pack();
  result::SchemeResult scheme = a_result();
  scheme.balance.failures = {"参评 3 + 免评 0 + 不评 1 ≠ 应评 5"};
  EXPECT_NE(grades(pack, scheme).sentence.zh.find("没有对平"), std::string::npos);
  result::Result result;
  result.schemes = {scheme};
  EXPECT_NE(balance(pack, result).sentence.zh.find("不能公布"), std::string::npos);
}

TEST(View, NothingToShowIsStillATable) {
  const pack::Pack pack = a_pack();
  const column::Snapshot snapshot = a_snapshot(pack);
  result::SchemeResult none{.scheme = "方案"};
  EXPECT_TRUE(nearest_to_a_line({&pack, &snapshot}, none, 10).rows.empty());
  EXPECT_FALSE(render_terminal(enterprises({&pack, &snapshot}, none), Language::Chinese).empty());
}

}  // namespace
}  // namespace tenglong::view
