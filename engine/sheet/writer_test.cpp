#include "engine/sheet/writer.h"

#include <gtest/gtest.h>

#include "engine/sheet/inside/package.h"
#include "engine/sheet/sheet.h"
#include "engine/sheet/table.h"

namespace tenglong::sheet {
namespace {

std::string part_of(const std::string& bytes, const std::string& part) {
  Diagnostics diagnostics;
  const auto package = Package::open("a.xlsx", "", bytes, {}, diagnostics);
  return package ? package->whole(part, diagnostics).value_or("no such part") : "no package";
}
bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

OutSheet tax_sheet() {
  return {.name = "税收",
          .title = "2023年税收情况表",
          .mark = "样例数据",
          .lines = {"单位：万元"},
          .columns = {{.header = {"统一社会信用代码"}, .number_format = "@", .is_required = true},
                      {.header = {"税收", "实缴税金"}, .number_format = "#,##0.00", .note = "含地方留存"},
                      {.header = {"税收", "其中", "增值税"}},
                      {.header = {"税收", "其中", "所得税"}},
                      {.header = {"核准日期"}},
                      {.header = {"档次"}, .choices = {"A", "B", "C", "D"}}}};
}

TEST(Writer, WhatIsWrittenReadsBackTheSame) {
  WorkbookWriter writer;
  writer.begin_sheet(tax_sheet());
  EXPECT_EQ(writer.next_row(), 7);
  writer.row(std::vector<OutCell>{OutCell::of_text("00123"), OutCell::of_number("120.50"),
                                  OutCell::of_number("-0.1"), OutCell::empty(),
                                  OutCell::of_date({2023, 3, 1}), OutCell::of_text("A")});
  writer.row(std::vector<OutCell>{OutCell::of_text("=1+1"), OutCell::of_number("12345678901234567.5"),
                                  OutCell::of_number("9.13309E+17"), OutCell::of_text("@x\r\n甲"),
                                  OutCell::of_date({1899, 1, 1}), OutCell::of_boolean(true)});
  const Opened opened = open_bytes("out.xlsx", writer.finish());
  ASSERT_TRUE(opened.workbook);
  EXPECT_EQ(
      render_cells(*opened.workbook, 0),
      "A1 text \"2023年税收情况表\"\nA2 text \"样例数据\"\nA3 text \"单位：万元\"\n"
      "A4 text \"统一社会信用代码\"\nB4 text \"税收\"\nE4 text \"核准日期\"\nF4 text \"档次\"\n"
      "B5 text \"实缴税金\"\nC5 text \"其中\"\nC6 text \"增值税\"\nD6 text \"所得税\"\n"
      "A7 text \"00123\"\nB7 number 120.50\nC7 number -0.1\nE7 date 44986 2023-03-01\nF7 text \"A\"\n"
      "A8 text \"=1+1\"\nB8 text \"12345678901234567.5\"\nC8 number 9.13309E+17\nD8 text \"@x\\r\\n甲\"\n"
      "E8 text \"1899-01-01\"\nF8 boolean TRUE\n");
  EXPECT_EQ(
      render_table(*find_table(*opened.workbook, 0).table),
      "title 2023年税收情况表\nmark 样例数据\nunit line 单位：万元\nheader rows 4 5 6, data from row 7\n"
      "A 统一社会信用代码 | 万元 (unit line)\nB 税收/实缴税金 | 万元 (unit line)\nC 税收/其中/增值税 | 万元 "
      "(unit line)\n"
      "D 税收/其中/所得税 | 万元 (unit line)\nE 核准日期 | 万元 (unit line)\nF 档次 | 万元 (unit line)\n");
}

TEST(Writer, SheetsCarryWhatProgramsNeedToHelpTheReader) {
  WorkbookWriter writer;
  writer.begin_sheet(tax_sheet());
  writer.row(std::vector<OutCell>{OutCell::of_text("=1+1")});
  const std::string bytes = writer.finish();
  const std::string sheet = part_of(bytes, "xl/worksheets/sheet1.xml");
  EXPECT_TRUE(contains(sheet, "state=\"frozen\"")) << sheet;
  EXPECT_TRUE(contains(sheet, "<autoFilter ref=\"A6:F7\"/>")) << sheet;
  EXPECT_TRUE(contains(sheet, "<mergeCell ref=\"A4:A6\"/>")) << sheet;
  EXPECT_TRUE(contains(sheet, "<mergeCell ref=\"B4:D4\"/>")) << sheet;
  EXPECT_TRUE(contains(sheet, "<mergeCell ref=\"B5:B6\"/>")) << sheet;
  EXPECT_TRUE(contains(sheet, "<mergeCell ref=\"C5:D5\"/>")) << sheet;
  EXPECT_TRUE(contains(sheet, "sqref=\"F7:F5006\"")) << sheet;
  EXPECT_FALSE(contains(sheet, "<f>")) << "no text becomes a formula";
  EXPECT_TRUE(contains(part_of(bytes, "xl/comments1.xml"), "含地方留存"));
}

TEST(Writer, LongListsOfChoicesStandInAHiddenSheet) {
  OutSheet sheet{.name = "行业", .columns = {{.header = {"行业"}}, {.header = {"镇街"}}}};
  for (int i = 0; i < 100; ++i) sheet.columns[0].choices.push_back("行业大类" + std::to_string(i));
  sheet.columns[1].choices = {"金塘镇, 舟山", "白泉镇"};
  WorkbookWriter writer;
  writer.begin_sheet(sheet);
  const std::string bytes = writer.finish();
  EXPECT_TRUE(contains(part_of(bytes, "xl/worksheets/sheet1.xml"), "'选项'!$A$1:$CV$1"));
  EXPECT_TRUE(contains(part_of(bytes, "xl/worksheets/sheet1.xml"), "'选项'!$A$2:$B$2"));
  const Opened opened = open_bytes("out.xlsx", bytes);
  ASSERT_EQ(opened.workbook->sheets().size(), 2u);
  EXPECT_FALSE(opened.workbook->sheets()[0].is_hidden);
  EXPECT_TRUE(opened.workbook->sheets()[1].is_hidden);
}

TEST(Writer, SheetNamesAreMadeLegalAndUnique) {
  WorkbookWriter writer;
  for (const char* name : {"税收/用地", "税收:用地", "", "Sheet",
                           "这是一个非常非常非常非常非常非常非常非常非常长的名字一二三四五"})
    writer.begin_sheet({.name = name, .columns = {{.header = {"企业"}}}});
  const Opened opened = open_bytes("out.xlsx", writer.finish());
  ASSERT_TRUE(opened.workbook);
  std::string names;
  for (const Sheet& sheet : opened.workbook->sheets()) names += sheet.name + "\n";
  EXPECT_EQ(names,
            "税收_用地\n税收_用地 (2)\nSheet\nSheet "
            "(2)\n这是一个非常非常非常非常非常非常非常非常非常长的名字一二三四五\n");
}

TEST(Writer, CommaSeparatedTextHasAMarkAndRunsNothing) {
  const std::vector<OutColumn> columns = {{.header = {"税收", "实缴"}}, {.header = {"备注"}}};
  CsvWriter writer(columns);
  writer.row(std::vector<OutCell>{OutCell::of_number("-1.5"), OutCell::of_text("=cmd|' /C calc'!A0")});
  writer.row(std::vector<OutCell>{OutCell::of_text("-12"), OutCell::of_text("甲,\"乙\"\n丙")});
  writer.row(std::vector<OutCell>{OutCell::of_date({2023, 3, 1}), OutCell::empty()});
  EXPECT_EQ(writer.finish(),
            "\xEF\xBB\xBF税收/实缴,备注\r\n-1.5,'=cmd|' /C "
            "calc'!A0\r\n-12,\"甲,\"\"乙\"\"\n丙\"\r\n2023-03-01,\r\n");
}

}  // namespace
}  // namespace tenglong::sheet
