// What two records may not share: unique values and days, within a file and against what is held.
#include <gtest/gtest.h>

#include "engine/intake/intake.h"
#include "engine/register/memory_store.h"

namespace tenglong::intake {
namespace {

schema::Schema land() {
  schema::Schema schema;
  schema::Register parcel{.id = "parcel", .name = "宗地", .key = {"code"}};
  parcel.fields = {{.id = "code", .name = "编号", .required = true},
                   {.id = "deed", .name = "权证号", .unique = schema::Unique::InRegister},
                   {.id = "area", .name = "面积", .type = schema::FieldType::Number}};
  schema::Register use{.id = "use", .name = "占用", .key = {"parcel", "used_from"}};
  use.fields = {{.id = "parcel", .name = "宗地", .required = true},
                {.id = "used_from", .name = "起用日期", .type = schema::FieldType::Date, .required = true},
                {.id = "used_to", .name = "止用日期", .type = schema::FieldType::Date},
                {.id = "purpose", .name = "用途"}};
  use.span = schema::Span{.from = "used_from", .to = "used_to"};
  schema::Register year{
      .id = "parcel_year", .name = "宗地年度", .of = "parcel", .period = schema::PeriodKey::Year};
  year.fields = {{.id = "licence", .name = "许可证号", .unique = schema::Unique::InPeriod},
                 {.id = "amount", .name = "金额", .type = schema::FieldType::Number}};
  schema.registers = {parcel, use, year};
  return schema;
}

class Exclusive : public ::testing::Test {
 protected:
  Intake import(const std::string& text, const std::string& file = "来.csv") {
    return import_bytes(file, text, schema_, store_,
                        {.provider = "资源局", .received_at = "2024-05-06T09:00:00+08:00"});
  }
  // "E-INTAKE-325 B2;", in order of place.
  static std::string told(const Intake& intake) {
    std::string out;
    for (const diagnostic::Diagnostic& each : intake.diagnostics)
      if (each.severity == diagnostic::Severity::Error) out += each.code + " " + each.place.cell + ";";
    return out;
  }

  schema::Schema schema_ = land();
  registers::MemoryStore store_;
};

struct ExclusiveCase {
  const char* what;
  const char* held;  // a file that is in; "" for none
  const char* sent;
  const char* expected;
};

const ExclusiveCase kDeeds[] = {
    {"two rows with one deed, neither goes in", "", "编号,权证号\n甲,1\n乙,1\n丙,2\n",
     "E-INTAKE-325 B2;E-INTAKE-325 B3;"},
    {"no deed is no deed in common", "", "编号,权证号,面积\n甲,,1\n乙,,2\n丙,缺报,3\n", ""},
    {"width does not make another text", "编号,权证号\n甲,1\n", "编号,权证号\n乙,1\n", "E-INTAKE-325 B2;"},
    {"the record itself may say it again", "编号,权证号\n甲,1\n", "编号,权证号,面积\n甲,1,5\n", ""},
    {"a deed that moves within one file", "编号,权证号\n甲,1\n", "编号,权证号\n甲,2\n乙,1\n", ""},
    {"one that only seems to: the owner is silent", "编号,权证号\n甲,1\n", "编号,权证号,面积\n甲,,3\n乙,1,\n",
     "E-INTAKE-325 B3;"},
    {"a file without the column", "编号,权证号\n甲,1\n", "编号,面积\n甲,3\n乙,4\n", ""},
};
TEST_F(Exclusive, AUniqueValueBelongsToOneRecord) {
  for (const ExclusiveCase& c : kDeeds) {
    store_ = registers::MemoryStore();
    EXPECT_EQ(import(c.held, "先.csv").stored, *c.held != '\0') << c.what;
    EXPECT_EQ(told(import(c.sent)), c.expected) << c.what;
  }
}

const ExclusiveCase kSpans[] = {
    {"two rows of one parcel overlap", "",
     "宗地,起用日期,止用日期\n甲,2022-01-01,2022-06-30\n甲,2022-06-30,2022-12-31\n",
     "E-INTAKE-326 B2;E-INTAKE-326 B3;"},
    {"the day after is free", "",
     "宗地,起用日期,止用日期\n甲,2022-01-01,2022-06-30\n甲,2022-07-01,\n乙,2022-01-01,\n", ""},
    {"one that has no end meets whatever comes", "",
     "宗地,起用日期,止用日期\n甲,2022-01-01,\n甲,2023-01-01,\n", "E-INTAKE-326 B2;E-INTAKE-326 B3;"},
    {"one that is held and open", "宗地,起用日期,止用日期\n甲,2022-01-01,\n",
     "宗地,起用日期,止用日期\n甲,2023-01-01,\n", "E-INTAKE-326 B2;"},
    {"its end comes in the same file", "宗地,起用日期,止用日期\n甲,2022-01-01,\n",
     "宗地,起用日期,止用日期\n甲,2022-01-01,2022-12-31\n甲,2023-01-01,\n", ""},
    {"one that is held begins within", "宗地,起用日期,止用日期\n甲,2023-01-01,2023-02-01\n",
     "宗地,起用日期,止用日期\n甲,2022-01-01,2023-12-31\n", "E-INTAKE-326 B2;"},
    {"a file that is silent about the end leaves the end that is held",
     "宗地,起用日期,止用日期\n甲,2022-01-01,2022-12-31\n甲,2023-01-01,\n",
     "宗地,起用日期,用途\n甲,2022-01-01,厂房\n", ""},
    {"it ends before it begins", "", "宗地,起用日期,止用日期\n甲,2022-06-30,2022-01-01\n",
     "E-INTAKE-327 C2;"},
};
TEST_F(Exclusive, OneDayBelongsToOneSpan) {
  for (const ExclusiveCase& c : kSpans) {
    store_ = registers::MemoryStore();
    EXPECT_EQ(import(c.held, "先.csv").stored, *c.held != '\0') << c.what;
    EXPECT_EQ(told(import(c.sent)), c.expected) << c.what;
  }
}

TEST_F(Exclusive, AValueThatIsUniqueInAPeriodMayComeAgainInTheNext) {
  EXPECT_EQ(told(import("编号,年度,许可证号\n甲,2022,1\n乙,2023,1\n")), "");
  EXPECT_EQ(told(import("编号,年度,许可证号\n丙,2022,1\n丙,2023,2\n", "又.csv")), "E-INTAKE-325 C2;");
}

TEST_F(Exclusive, SaysWhoHasItAndWhereThatCameFrom) {
  import("编号,权证号\n甲,1\n", "先.csv");
  const Intake late = import("编号,权证号\n乙,1\n");
  ASSERT_EQ(late.diagnostics.size(), 1u);
  EXPECT_EQ(late.diagnostics[0].message.zh, "“权证号”的“1”也是已有的宗地 甲的，不能有两条记录相同。");
  ASSERT_EQ(late.diagnostics[0].related.size(), 1u);
  EXPECT_EQ(late.diagnostics[0].related[0].place.file, "先.csv");
  EXPECT_EQ(late.diagnostics[0].related[0].place.cell, "B2");
  EXPECT_FALSE(late.stored);
}

TEST_F(Exclusive, WhatIsInAlreadyIsNotRefusedWhenItComesAgain) {
  const std::string rows = "编号,权证号\n甲,1\n";
  import(rows, "先.csv");
  // Two records that have been in with one deed since before anybody looked.
  registers::Batch batch{
      .register_id = "parcel", .provider = "资源局", .received_at = "2024-05-06T10:00:00+08:00"};
  const auto writer = store_.write(batch);
  writer->add(
      {.register_id = "parcel",
       .record_key = "乙",
       .batch = writer->batch(),
       .row = 2,
       .values = {{.field = 0, .value = std::string("乙")}, {.field = 1, .value = std::string("1")}}});
  writer->commit(batch);
  EXPECT_EQ(told(import("编号,权证号\n甲,1\n乙,1\n", "又.csv")), "");
}

}  // namespace
}  // namespace tenglong::intake
