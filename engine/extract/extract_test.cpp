// What is written of a register, cell by cell, and what a filter keeps.
#include "engine/extract/extract.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/extract/columns.h"
#include "engine/register/memory_store.h"
#include "engine/sheet/sheet.h"

namespace tenglong::extract {
namespace {

using registers::FieldValue;
using registers::Scalar;
using schema::FieldType;

schema::Schema two_registers() {
  schema::Schema out;
  schema::Codes towns{.id = "town", .name = "镇街"};
  towns.entries = {{.code = "330902001", .name = "昌国街道"}, {.code = "330902101", .name = "金塘镇"}};
  towns.build_index();
  out.codes.push_back(towns);
  schema::Register firm{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  firm.fields = {{.id = "credit_code", .name = "统一社会信用代码", .type = FieldType::CreditCode},
                 {.id = "legal_name", .name = "企业名称", .type = FieldType::Text},
                 {.id = "town", .name = "镇街", .type = FieldType::Area, .codes = "town"}};
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {
      {.id = "tax", .name = "实缴税收", .type = FieldType::Number, .unit = *quantity::Unit::parse("万元")},
      {.id = "above_scale", .name = "规上", .type = FieldType::Boolean}};
  out.registers = {firm, year};
  return out;
}

void put(registers::MemoryStore& store, const std::string& register_id, const std::string& key,
         std::optional<calendar::Period> period, std::vector<FieldValue> values) {
  registers::Batch batch{.register_id = register_id, .provider = "专班"};
  auto writer = store.write(batch);
  writer->add({.register_id = register_id,
               .record_key = key,
               .period = period,
               .batch = writer->batch(),
               .sheet = "s",
               .row = 2,
               .values = std::move(values)});
  writer->commit(batch);
}

class Extract : public testing::Test {
 protected:
  void SetUp() override {
    folder = std::filesystem::temp_directory_path() / ("tenglong-extract-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto y2023 = calendar::Period::parse("2023");
    put(store, "enterprise", "91330902684307791B", {},
        {{0, {}, Scalar("91330902684307791B"), ""},
         {1, {}, Scalar("=cmd|' /C calc'!A0"), ""},
         {2, {}, Scalar("330902101"), ""}});
    put(store, "enterprise", "91330902748556330R", {},
        {{0, {}, Scalar("91330902748556330R"), ""}, {1, {}, Scalar("样例“乙”,有限公司"), ""}});
    put(store, "enterprise_year", "91330902684307791B", y2023,
        {{0, {}, Scalar(*quantity::Decimal::parse("12345678901234567.89")), ""}, {1, {}, Scalar(true), ""}});
    put(store, "enterprise_year", "91330902748556330R", y2023,
        {{0, quantity::State::Missing, {}, ""}, {1, {}, Scalar(false), ""}});
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  // Every record of a register, through the file.
  std::string csv(std::size_t number, std::vector<FileColumn> columns = {}) {
    const schema::Register& target = schema.registers[number];
    if (columns.empty())
      for (const schema::Field& each : target.fields) columns.push_back({&each});
    const std::string path = folder / "x.csv";
    TableFile file(schema, target, columns, std::nullopt, {}, path);
    registers::read_records(store, target, {}, [&](registers::Record&& record) {
      std::vector<FileCell> cells;
      for (const FileColumn& column : columns) {
        const registers::Resolved& each =
            record.fields[static_cast<std::size_t>(column.field - target.fields.data())];
        cells.push_back({.state = each.state, .value = each.value, .is_said = each.origin.row != 0});
      }
      file.row(record.key, record.period, cells);
    });
    EXPECT_FALSE(std::filesystem::exists(path)) << "whole or not at all";
    file.finish();
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    std::filesystem::remove(path);
    return out.str();
  }
  schema::Schema schema = two_registers();
  registers::MemoryStore store;
  std::filesystem::path folder;
};

TEST_F(Extract, WritesWhatThisSystemReadsBack) {
  EXPECT_EQ(csv(0),
            "\xEF\xBB\xBF统一社会信用代码,企业名称,镇街\r\n91330902684307791B,'=cmd|' /C calc'!A0,金塘镇\r\n"
            "91330902748556330R,\"样例“乙”,有限公司\",\r\n");
  EXPECT_EQ(csv(1),
            "\xEF\xBB\xBF统一社会信用代码,年度,实缴税收（万元）,规上\r\n91330902684307791B,2023,"
            "12345678901234567.89,是\r\n"
            "91330902748556330R,2023,缺报,否\r\n");
}

TEST_F(Extract, OnlyTheColumnsAskedForTheKeysFirst) {
  EXPECT_EQ(with_keys(schema.registers[0], {"镇街", "credit_code"}),
            (std::vector<std::string>{"credit_code", "town"}));
  EXPECT_EQ(with_keys(schema.registers[1], {}), (std::vector<std::string>{"tax", "above_scale"}));
  EXPECT_EQ(with_keys(schema.registers[1], {"没有的"}), (std::vector<std::string>{"没有的"}));
  EXPECT_EQ(csv(1, {{&schema.registers[1].fields[1]}}),
            "\xEF\xBB\xBF统一社会信用代码,年度,规上\r\n91330902684307791B,2023,是\r\n91330902748556330R,2023,"
            "否\r\n");
}

// What is computed, or not all for the eyes of who exports, says so and is not read back.
TEST_F(Extract, WhatDoesNotReadBackSaysSo) {
  const schema::Field& tax = schema.registers[1].fields[0];
  const std::string path = folder / "r.csv";
  TableFile file(schema, schema.registers[1], {{&tax, false}}, calendar::Period::parse("2023"), {}, path);
  const std::vector<FileCell> rows[] = {
      {{.state = quantity::State::Known, .value = *quantity::Decimal::parse("5"), .is_said = true}},
      {{.is_covered = true}},
      {{.state = quantity::State::Known, .value = std::string("1••"), .is_covered = true}}};
  for (const auto& cells : rows) file.row("k", calendar::Period::parse("2023"), cells);
  file.finish();
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  EXPECT_EQ(
      out.str(),
      "\xEF\xBB\xBF统一社会信用代码,年度,实缴税收（万元）（只读）\r\nk,2023,5\r\nk,2023,—\r\nk,2023,1••\r\n");
}

TEST_F(Extract, AFileThatIsNotFinishedIsNotThereAndAFullDiskIsTold) {
  {
    TableFile file(schema, schema.registers[0], {{&schema.registers[0].fields[1]}}, std::nullopt, {},
                   folder / "s.csv");
    for (int i = 0; i < 1200; ++i) file.row("k" + std::to_string(i), std::nullopt, std::vector<FileCell>(1));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  for (const char* name : {"x.xlsx", "x.csv"})
    EXPECT_THROW(
        {
          TableFile file(schema, schema.registers[0], {{&schema.registers[0].fields[1]}}, std::nullopt, {},
                         folder / "none" / name);
          file.finish();
        },
        std::runtime_error)
        << name;
  EXPECT_TRUE(is_file_name("a.csv") && is_file_name("a.xlsx") && !is_file_name("a.pdf"));
}

TEST_F(Extract, ATemplateHasDropDownsUnitsAndTheKnownKeys) {
  const std::string path = folder / "t.xlsx";
  write_template(schema, schema.registers[1], &store, {}, path);
  const sheet::Opened opened = sheet::open(path);
  ASSERT_TRUE(opened.workbook);
  diagnostic::Diagnostics ignored;
  std::string cells;
  for (const sheet::Row& row : sheet::first_rows(*opened.workbook, 0, 10, sheet::Merged::Keep, ignored))
    for (const sheet::Cell& cell : row.cells) cells += cell.text + "|";
  EXPECT_EQ(
      cells,
      "企业年度填报表|统一社会信用代码|年度|实缴税收（万元）|规上|91330902684307791B|91330902748556330R|");
  const sheet::OutColumn yes_no = layout(columns_of(schema, schema.registers[1])[3]);
  EXPECT_EQ(yes_no.choices, (std::vector<std::string>{"是", "否"}));
}

}  // namespace
}  // namespace tenglong::extract
