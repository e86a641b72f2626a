// Each kind of finding once, with what it says to people.
#include <gtest/gtest.h>

#include <map>

#include "engine/laws/laws.h"

namespace tenglong::laws {
namespace {

using quantity::Decimal;
using quantity::State;
using registers::Record;
using registers::Resolved;
using schema::FieldType;

Resolved known(registers::Scalar value) { return {.state = State::Known, .value = std::move(value)}; }

schema::Law own_law(const char* text) {
  const feel::Parsed read = feel::parse(text, feel::NameSet({"用地面积", "实缴税收"}));
  EXPECT_TRUE(read.tree) << text;
  return {.name = "用地为正", .source_text = text, .tree = read.tree};
}

// Firms of a year in towns of which one was merged into another in 2022 and one was never in the table.
Checked checked(const std::vector<std::vector<Resolved>>& rows) {
  schema::Schema schema;
  schema::Codes towns{.id = "town", .name = "镇街", .level = "town"};
  towns.entries = {{.code = "1", .name = "老镇", .until = Date{2022, 1, 1}, .successor = "2"},
                   {.code = "2", .name = "新镇"}};
  towns.build_index();
  schema.codes = {towns};
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .key = {"code"}, .period = schema::PeriodKey::Year};
  year.fields = {{.id = "code", .name = "代码", .type = FieldType::Text},
                 {.id = "town", .name = "镇街", .type = FieldType::Code, .codes = "town"},
                 {.id = "land", .name = "用地面积", .type = FieldType::Number}};
  year.laws = {own_law("用地面积 > 0")};
  schema.registers = {year};
  std::vector<Record> records;
  for (const auto& fields : rows) {
    Record record{.key = std::get<std::string>(fields[0].value), .period = calendar::Period::year(2023)};
    record.fields = fields;
    records.push_back(std::move(record));
  }
  const column::Snapshot snapshot = column::snapshot_of(schema, {records});
  return check(schema, snapshot);
}

TEST(Messages, EachKindOfFindingIsToldAtItsRecordAndField) {
  const Checked found = checked({
      {known(std::string("甲")), known(std::string("1")), known(Decimal(5))},
      {known(std::string("乙")), known(std::string("9")), known(Decimal(5))},
      {known(std::string("丙")), known(std::string("2")), known(Decimal(0))},
      {known(std::string("丁")), known(std::string("2")), Resolved{}},
  });
  std::map<std::string, const Finding*> by_code;
  for (const Finding& each : found.findings) by_code[each.code] = &each;
  ASSERT_EQ(found.findings.size(), 4u);
  ASSERT_TRUE(by_code.contains("W-LAWS-203"));
  EXPECT_NE(by_code["W-LAWS-203"]->message.zh.find("老镇"), std::string::npos);
  EXPECT_NE(by_code["W-LAWS-203"]->advice.zh.find("新镇"), std::string::npos)
      << "the cure names the successor";
  ASSERT_TRUE(by_code.contains("E-LAWS-109"));
  EXPECT_EQ(by_code["E-LAWS-109"]->field, 1);
  ASSERT_TRUE(by_code.contains("E-LAWS-107")) << "zero is a value, and it breaks the law";
  EXPECT_EQ(by_code["E-LAWS-107"]->law, 0);
  ASSERT_TRUE(by_code.contains("W-LAWS-201")) << "missing is neither kept nor broken";
  EXPECT_EQ(found.unknown, 1);
}

TEST(Messages, WhatKeepsEveryRuleIsSilent) {
  const Checked found = checked({{known(std::string("甲")), known(std::string("2")), known(Decimal(5))}});
  EXPECT_TRUE(found.findings.empty());
  EXPECT_EQ(found.unknown, 0);
}

}  // namespace
}  // namespace tenglong::laws
