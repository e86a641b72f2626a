// What an import looks at twice, and what it says of a header that is not last year's.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>

#include "engine/intake/inside/cell_reader.h"
#include "engine/intake/intake.h"
#include "engine/register/memory_store.h"
#include "engine/schema/credit_code.h"
#include "tests/golden/golden.h"

namespace tenglong::intake {
namespace {

using quantity::Decimal;
using schema::FieldType;

schema::Schema made_schema(bool refuses = false) {
  schema::Schema schema;
  schema::Codes industry{.id = "industry", .name = "行业"};
  industry.entries = {{.code = "35", .name = "专用设备制造业"},
                      {.code = "352", .name = "化工专用设备制造", .parent = "35"},
                      {.code = "356", .name = "电子专用设备制造", .parent = "35"},
                      {.code = "13", .name = "农副食品加工业"}};
  industry.build_index();
  schema.codes.push_back(industry);
  schema::Register firm{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  firm.fields = {
      {.id = "credit_code", .name = "统一社会信用代码", .type = FieldType::CreditCode, .required = true},
      {.id = "industry", .name = "行业", .type = FieldType::Code, .codes = "industry"}};
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {{.id = "tax_paid",
                  .name = "实缴税收",
                  .type = FieldType::Number,
                  .unit = *quantity::Unit::parse("万元"),
                  .aliases = {"实缴税金"}},
                 {.id = "land_used",
                  .name = "用地面积",
                  .type = FieldType::Number,
                  .unit = *quantity::Unit::parse("亩")},
                 {.id = "research_share",
                  .name = "研发占比",
                  .type = FieldType::Number,
                  .unit = *quantity::Unit::parse("%")}};
  schema.registers = {firm, year};
  schema.screenings = {{.id = "s",
                        .name = "审核",
                        .of = "enterprise_year",
                        .fields = {"tax_paid", "land_used"},
                        .group = "industry",
                        .group_of_parent = true,
                        .least = 10,
                        .jump = schema::Screening::Line{Decimal(6), Decimal(3)},
                        .outlier = schema::Screening::Line{Decimal(6), Decimal(10)},
                        .refuses = refuses}};
  return schema;
}
std::string firm(int i) { return schema::credit_code_from(static_cast<std::uint64_t>(i), "330902"); }
const Options kTax{.provider = "区税务局", .received_at = "2024-04-01T09:00:00+08:00"};

// Thirty firms: 0 to 19 in 352, 20 to 25 in 356, 26 to 29 in 13.
std::string firms() {
  std::string out = "统一社会信用代码,行业\n";
  for (int i = 0; i < 30; ++i) out += firm(i) + (i < 20 ? ",352\n" : i < 26 ? ",356\n" : ",13\n");
  return out;
}
// tax of firm i in the ordinary course: 100 to 158 万元; land 10 to 39 亩.
std::vector<std::string> ordinary(double growth) {
  std::vector<std::string> rows;
  for (int i = 0; i < 30; ++i) {
    char row[128];
    std::snprintf(row, sizeof row, "%s,%.2f,%d", firm(i).c_str(),
                  (100 + 2 * i) * growth * (1 + 0.01 * (i % 5)), 10 + i);
    rows.emplace_back(row);
  }
  return rows;
}
std::string file_of(const std::vector<std::string>& rows) {
  std::string out = "统一社会信用代码,实缴税收（万元）,用地面积（亩）\n";
  for (const std::string& row : rows) out += row + "\n";
  return out;
}
std::string told(const Intake& intake) {
  std::string out;
  for (const diagnostic::Diagnostic& one : intake.diagnostics)
    out += one.code + " " + one.place.sheet + "!" + one.place.cell + " " + one.message.zh + "\n    " +
           one.advice.zh + "\n";
  return out;
}
registers::MemoryStore& with_last_year(registers::MemoryStore& store, const schema::Schema& schema) {
  import_bytes("企业.csv", firms(), schema, store, {.provider = "区市监局"});
  import_bytes("2022年.csv", file_of(ordinary(1)), schema, store, kTax);
  return store;
}
std::vector<std::string> with_faults() {
  std::vector<std::string> rows = ordinary(1.05);
  rows[3] = firm(3) + ",1123500,13";     // in 元
  rows[4] = firm(4) + ",118,0.0209895";  // land in another unit: 14 亩 / 667
  rows[5] = firm(5) + ",缺报,15";        // missing is no jump
  rows[6] = firm(6) + ",0,16";           // nor is zero
  rows[21] = firm(21) + ",5200,31";      // far from its peers, and from last year
  rows.push_back(firm(99) + ",99,12");   // new: no last year, no industry
  return rows;
}

TEST(Screening, JumpsAndOutliersAreToldWithTheirNumbers) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  const Intake intake =
      import_bytes("2023年.csv", file_of(with_faults()), schema, with_last_year(store, schema), kTax);
  EXPECT_TRUE(intake.stored);
  EXPECT_EQ(intake.sheets[0].refused, 0);
  EXPECT_TRUE(golden::matches("engine/intake/golden/screening.txt", told(intake)));
}

TEST(Screening, OrdinaryFiguresAreNotTold) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  const Intake intake =
      import_bytes("2023年.csv", file_of(ordinary(1.2)), schema, with_last_year(store, schema), kTax);
  for (const diagnostic::Diagnostic& one : intake.diagnostics)
    EXPECT_EQ(one.code, "N-INTAKE-227") << one.message.zh;
}

TEST(Screening, WhereThePackRefusesTheRowStaysOutUntilSomebodyHasCheckedIt) {
  const schema::Schema schema = made_schema(true);
  registers::MemoryStore store;
  const Intake refused =
      import_bytes("2023年.csv", file_of(with_faults()), schema, with_last_year(store, schema), kTax);
  EXPECT_EQ(refused.sheets[0].refused, 3);
  EXPECT_NE(told(refused).find("E-INTAKE-224"), std::string::npos);
  EXPECT_NE(told(refused).find("E-INTAKE-225"), std::string::npos);
  Options checked = kTax;
  checked.accept_unusual = true;
  const Intake taken = import_bytes("2023年.csv", file_of(with_faults()), schema, store, checked);
  EXPECT_EQ(taken.sheets[0].refused, 0);
  EXPECT_EQ(taken.sheets[0].accepted, 3);
}

TEST(Screening, TheOrderOfRowsChangesNothing) {
  const schema::Schema schema = made_schema();
  std::multiset<std::string> seen[2];
  for (int turn = 0; turn < 2; ++turn) {
    registers::MemoryStore store;
    std::vector<std::string> rows = with_faults();
    if (turn == 1) std::reverse(rows.begin(), rows.end());
    for (const diagnostic::Diagnostic& one :
         import_bytes("2023年.csv", file_of(rows), schema, with_last_year(store, schema), kTax).diagnostics)
      seen[turn].insert(one.code + one.message.zh);
  }
  EXPECT_EQ(seen[0], seen[1]);
}

TEST(Screening, AFileWithTwoYearsBringsItsOwnLastYear) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  std::string file = "统一社会信用代码,年度,实缴税收（万元）\n";
  for (int i = 0; i < 30; ++i) {
    file += firm(i) + ",2022," + std::to_string(100 + i) + "\n";
    file += firm(i) + ",2023," + std::to_string(i == 7 ? 1070000 : 100 + i) + "\n";
  }
  const Intake intake = import_bytes("两年.csv", file, schema, store, kTax);
  EXPECT_EQ(std::count_if(intake.diagnostics.begin(), intake.diagnostics.end(),
                          [](const auto& one) { return one.code == "W-INTAKE-224"; }),
            1);
}

TEST(Template, WhatIsNewIsToldBeforeARowIsReadAndThenRemembered) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  const std::string first =
      "统一社会信用代码,实缴税收（万元）,用地面积（亩）,备注,联系人\n" + firm(1) + ",100,10,x,y\n";
  const std::string second =
      "联系人,统一社会信用代码,实缴税收（元）,所用地面积,从业人数\n甲," + firm(1) + ",1100000,11,5\n";
  import_bytes("2022年.csv", first, schema, store, kTax);
  Options preview = kTax;
  preview.preview = true;
  const Intake looked = import_bytes("2023年.csv", second, schema, store, preview);
  EXPECT_FALSE(looked.stored);
  EXPECT_EQ(looked.sheets[0].rows_read, 0);
  std::string out = told(looked);
  for (const HeaderChange& one : looked.sheets[0].changes)
    out += std::string(to_code(one.kind)) + " " + one.was_at + one.was + " -> " + one.at + one.is + " " +
           one.field + " " + one.was_unit + " " + one.unit + "\n";
  EXPECT_TRUE(golden::matches("engine/intake/golden/template.txt", out));

  Options decided = kTax;
  decided.decided = {{"所用地面积", "用地面积"}, {"A", ""}};
  const Intake taken = import_bytes("2023年.csv", second, schema, store, decided);
  EXPECT_TRUE(taken.stored);
  EXPECT_FALSE(taken.sheets[0].changes.empty());
  const Intake again =
      import_bytes("2023年再报.csv", second + firm(2) + ",1200000,12,6\n", schema, store, kTax);
  EXPECT_TRUE(again.sheets[0].changes.empty());
  EXPECT_EQ(again.sheets[0].columns[3].field, "land_used");
}

TEST(Template, AColumnMoreIsOnlyNoted) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  import_bytes("2022年.csv", "统一社会信用代码,实缴税收\n" + firm(1) + ",100\n", schema, store, kTax);
  const Intake next = import_bytes(
      "2023年.csv", "统一社会信用代码,实缴税收,用地面积\n" + firm(1) + ",100,10\n", schema, store, kTax);
  EXPECT_NE(told(next).find("N-INTAKE-121"), std::string::npos) << told(next);
}

TEST(Import, AFileThatChangesWhileItIsReadIsNotWritten) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  const std::string path = testing::TempDir() + std::to_string(getpid()) + "_2023年.csv";
  std::ofstream(path) << "统一社会信用代码,实缴税收\n" + firm(1) + ",100\n";
  Options watched = kTax;
  watched.watch = [&](const Progress&) {
    std::ofstream(path, std::ios::app) << firm(2) + ",200\n";
    return true;
  };
  const Intake intake = import_file(path, schema, store, watched);
  std::remove(path.c_str());
  EXPECT_FALSE(intake.stored);
  EXPECT_NE(told(intake).find("E-INTAKE-109"), std::string::npos) << told(intake);
}

TEST(Cell, APercentageIsReadByWhatIsStored) {
  const schema::Schema schema = made_schema();
  const schema::Register& year = schema.registers[1];
  sheet::Cell cell{.row = 2, .column = 3, .kind = sheet::CellKind::Number, .text = "0.032"};
  cell.is_percent = true;
  CellReader share(*year.find("research_share"), schema);
  const Reading first = share.read(cell), second = share.read(cell);
  EXPECT_EQ(registers::to_text(first.value), "3.2");
  ASSERT_TRUE(first.problem);
  EXPECT_EQ(first.problem->code, "N-INTAKE-218");
  EXPECT_FALSE(second.problem);  // once a column
  const schema::Field ratio{.id = "r", .name = "比值", .type = FieldType::Number};
  EXPECT_EQ(registers::to_text(CellReader(ratio, schema).read(cell).value), "0.032");
  EXPECT_EQ(CellReader(*year.find("tax_paid"), schema).read(cell).kind, Reading::Kind::Refused);
}

TEST(Template, ADecisionAboutNothingIsToldAndNothingIsRead) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  Options decided = kTax;
  decided.decided = {{"税金", "实缴税收"}, {"B", "实缴税受"}};
  const Intake intake =
      import_bytes("2023年.csv", "统一社会信用代码,实缴税收\n" + firm(1) + ",100\n", schema, store, decided);
  EXPECT_FALSE(intake.stored);
  EXPECT_TRUE(golden::matches("engine/intake/golden/decisions.txt", told(intake)));
}

TEST(Period, TitleAndFileThatDisagreeAreTold) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  const Intake intake = import_bytes(
      "2023年.csv", "2022年税收情况,,\n统一社会信用代码,实缴税收,用地面积\n" + firm(1) + ",100,10\n", schema,
      store, kTax);
  EXPECT_NE(told(intake).find("W-INTAKE-114"), std::string::npos) << told(intake);
}

TEST(Progress, StoppingWritesNothing) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  Options watched = kTax;
  int calls = 0;
  watched.watch = [&](const Progress&) { return ++calls < 3; };
  std::vector<std::string> rows;
  for (int i = 0; i < 9000; ++i) rows.push_back(firm(i) + ",100,10");
  const Intake stopped = import_bytes("2023年.csv", file_of(rows), schema, store, watched);
  EXPECT_TRUE(stopped.stopped);
  EXPECT_NE(told(stopped).find("N-INTAKE-191"), std::string::npos);
  EXPECT_EQ(store.statement_count("enterprise_year"), 0);
  const Intake whole = import_bytes("2023年.csv", file_of(rows), schema, store, kTax);
  EXPECT_EQ(whole.sheets[0].accepted, 9000);
}

}  // namespace
}  // namespace tenglong::intake
