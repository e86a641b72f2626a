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
  std::string csv(const Query& query, Extracted* told = nullptr) {
    const std::string path = folder / "x.csv";
    const Extracted extracted = extract_to_file(schema, store, query, {}, path);
    if (told) *told = extracted;
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
  }
  schema::Schema schema = two_registers();
  registers::MemoryStore store;
  std::filesystem::path folder;
};

TEST_F(Extract, WritesWhatThisSystemReadsBack) {
  EXPECT_EQ(csv({.register_id = "enterprise"}),
            "\xEF\xBB\xBF统一社会信用代码,企业名称,镇街\r\n91330902684307791B,'=cmd|' /C calc'!A0,金塘镇\r\n"
            "91330902748556330R,\"样例“乙”,有限公司\",\r\n");
  EXPECT_EQ(csv({.register_id = "enterprise_year"}),
            "\xEF\xBB\xBF统一社会信用代码,年度,实缴税收（万元）,规上\r\n91330902684307791B,2023,"
            "12345678901234567.89,是\r\n"
            "91330902748556330R,2023,缺报,否\r\n");
}

TEST_F(Extract, AFilterThatIsNotKnownIsCountedApart) {
  Extracted told;
  EXPECT_EQ(csv({.register_id = "enterprise_year", .where = "实缴税收 > 5", .fields = {"规上"}}, &told),
            "\xEF\xBB\xBF统一社会信用代码,年度,规上\r\n91330902684307791B,2023,是\r\n");
  EXPECT_EQ(told.counts.written, 1);
  EXPECT_EQ(told.counts.unknown, 1);
  csv({.register_id = "enterprise_year", .where = "企业.镇街 = \"330902101\" and 年度 = 2023"}, &told);
  EXPECT_EQ(told.counts.written, 1);
  EXPECT_EQ(told.counts.left_out, 1);
  csv({.register_id = "enterprise_year", .period = calendar::Period::parse("2022")}, &told);
  EXPECT_EQ(told.counts.written, 0);
}

TEST_F(Extract, MistakesOfTheQueryAreToldAndNoFileIsWritten) {
  const struct {
    Query query;
    const char* code;
  } kRows[] = {
      {{.register_id = "enterprice"}, "E-EXTRACT-101"},
      {{.register_id = "enterprise", .fields = {"镇"}}, "E-EXTRACT-102"},
      {{.register_id = "enterprise", .where = "镇街"}, "E-EXTRACT-103"},
      {{.register_id = "enterprise", .where = "镇街 ="}, "E-FEEL-101"},
  };
  for (const auto& row : kRows) {
    const Extracted told = extract_to_file(schema, store, row.query, {}, folder / "no.csv");
    ASSERT_FALSE(told.diagnostics.empty()) << row.code;
    EXPECT_EQ(told.diagnostics[0].code, row.code);
    EXPECT_FALSE(std::filesystem::exists(folder / "no.csv"));
  }
  EXPECT_EQ(
      extract_to_file(schema, store, {.register_id = "enterprise"}, {}, folder / "x.pdf").diagnostics[0].code,
      "E-EXTRACT-104");
}

TEST_F(Extract, StoppedLeavesNoFileAndAFullDiskIsTold) {
  const auto y2023 = calendar::Period::parse("2023");
  for (int i = 0; i < 1200; ++i)
    put(store, "enterprise_year", "k" + std::to_string(i), y2023, {{1, {}, Scalar(true), ""}});
  const Extracted told = extract_to_file(schema, store, {.register_id = "enterprise_year"}, {},
                                         folder / "s.csv", [](const Counts&) { return false; });
  EXPECT_TRUE(told.stopped);
  EXPECT_FALSE(std::filesystem::exists(folder / "s.csv"));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  if (std::filesystem::exists("/dev/full")) {
    EXPECT_THROW(
        extract_to_file(schema, store, {.register_id = "enterprise"}, {}, folder / "none" / "x.xlsx"),
        std::runtime_error);
  }
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
