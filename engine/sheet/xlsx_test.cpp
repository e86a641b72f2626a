#include <gtest/gtest.h>

#include "engine/sheet/inside/made_package.h"
#include "engine/sheet/inside/sheet_rows.h"
#include "engine/sheet/inside/styles.h"
#include "engine/sheet/inside/xlsx_workbook.h"
#include "engine/sheet/sheet.h"
#include "tests/golden/golden.h"

namespace tenglong::sheet {
namespace {

class CountingSink final : public RowSink {
 public:
  int rows = 0;
  bool row(int, std::span<const Cell>) override {
    ++rows;
    return true;
  }
};

std::string codes(const Diagnostics& diagnostics) {
  std::string out;
  for (const auto& one : diagnostics)
    out += (out.empty() ? "" : " ") + one.code + (one.place.cell.empty() ? "" : "@" + one.place.cell);
  return out;
}
std::string said(const std::string& name, std::string bytes, const Limits& limits = {}) {
  Opened opened = open_bytes(name, std::move(bytes), limits);
  if (!opened.workbook) return codes(opened.diagnostics);
  std::string out = codes(opened.diagnostics);
  for (int sheet = 0; sheet < static_cast<int>(opened.workbook->sheets().size()); ++sheet) {
    CountingSink sink;
    const std::string found = codes(opened.workbook->read(sheet, sink));
    if (!found.empty()) out += (out.empty() ? "" : " ") + found;
  }
  return out;
}
std::string cells_of(const std::string& bytes, Merged merged = Merged::Keep) {
  const Opened opened = open_bytes("a.xlsx", bytes);
  return opened.workbook ? render_cells(*opened.workbook, 0, merged) : codes(opened.diagnostics);
}

const char* const kStrings =
    "<sst><si><t>企业名称</t></si>"
    "<si><r><t>统一</t></r><r><t xml:space='preserve'> 社会</t></r><rPh sb='0' "
    "eb='1'><t>TONGYI</t></rPh></si>"
    "<si><t>a_x000D_b_x005F_x000D_</t></si><si/></sst>";
const char* const kStyles =
    "<styleSheet><numFmts><numFmt numFmtId='176' formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='176'/></cellXfs></styleSheet>";

struct CellCase {
  const char* what;
  const char* rows;
  const char* expected;
};
const CellCase kCellCases[] = {
    {"a number keeps the characters stored",
     "<row r='2'><c r='B2'><v>9.13309E+17</v></c><c r='C2'><v>0.1</v></c></row>",
     "B2 number 9.13309E+17\nC2 number 0.1\n"},
    {"a shared text", "<row r='1'><c r='A1' t='s'><v>0</v></c></row>", "A1 text \"企业名称\"\n"},
    {"rich text is joined, its reading left out", "<row r='1'><c r='A1' t='s'><v>1</v></c></row>",
     "A1 text \"统一 社会\"\n"},
    {"escaped control characters", "<row r='1'><c r='A1' t='s'><v>2</v></c></row>",
     "A1 text \"a\\rb_x000D_\"\n"},
    {"an empty text is no cell", "<row r='1'><c r='A1' t='s'><v>3</v></c><c r='B1'><v>1</v></c></row>",
     "B1 number 1\n"},
    {"inline text, its reading left out",
     "<row r='1'><c r='A1' "
     "t='inlineStr'><is><r><t>金</t></r><r><t>塘</t></r><rPh><t>x</t></rPh></is></c></row>",
     "A1 text \"金塘\"\n"},
    {"a formula's text, number, truth and error",
     "<row r='1'><c r='A1' t='str'><f>B1&amp;\"x\"</f><v>1x</v></c><c r='B1'><f>1+1</f><v>2</v></c>"
     "<c r='C1' t='b'><v>1</v></c><c r='D1' t='e'><f>1/0</f><v>#DIV/0!</v></c></row>",
     "A1 text \"1x\" formula\nB1 number 2 formula\nC1 boolean TRUE\nD1 error #DIV/0! formula\n"},
    {"dates by built-in and by own format",
     "<row r='1'><c r='A1' s='1'><v>44927</v></c><c r='B1' s='2'><v>44958.5</v></c></row>",
     "A1 date 44927 2023-01-01\nB1 date 44958.5 2023-02-01\n"},
    {"a time of day and a negative are no day",
     "<row r='1'><c r='A1' s='1'><v>0.5</v></c><c r='B1' s='1'><v>-3</v></c></row>",
     "A1 date 0.5 (no day)\nB1 date -3 (no day)\n"},
    {"a date of strict files", "<row r='1'><c r='A1' t='d'><v>2023-03-01T00:00:00</v></c></row>",
     "A1 date 2023-03-01T00:00:00 2023-03-01\n"},
    {"cells and rows without names count on",
     "<row><c><v>1</v></c><c><v>2</v></c></row><row r='5'><c "
     "r='C5'><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>",
     "A1 number 1\nB1 number 2\nC5 number 3\nD5 number 4\nA6 number 5\n"},
    {"numbers kept as text and full-width digits stay as typed",
     "<row r='1'><c r='A1' t='inlineStr'><is><t>００１２</t></is></c><c r='B1' t='str'><v> 12 </v></c></row>",
     "A1 text \"００１２\"\nB1 text \" 12 \"\n"},
    {"cells of one row in disorder are sorted",
     "<row r='1'><c r='C1'><v>3</v></c><c r='A1'><v>1</v></c></row>", "A1 number 1\nC1 number 3\n"},
    {"what is no number is text", "<row r='1'><c r='A1'><v>12a</v></c></row>", "A1 text \"12a\"\n"},
    {"empty and formatted cells are not sent",
     "<row r='1'><c r='A1' s='1'/><c r='B1'><v></v></c></row><row r='2'/>", ""},
};

TEST(Xlsx, EveryKindOfCell) {
  for (const CellCase& one : kCellCases)
    EXPECT_EQ(cells_of(made_workbook({.sheet = "<sheetData>" + std::string(one.rows) + "</sheetData>",
                                      .strings = kStrings,
                                      .styles = kStyles})),
              one.expected)
        << one.what;
}

TEST(Xlsx, WpsMayPrefixEveryElement) {
  Parts parts = made_parts({});
  parts.back().second =
      "<x:worksheet xmlns:x='http://s'><x:sheetData><x:row r='3'><x:c "
      "r='A3'><x:v>7</x:v></x:c></x:row></x:sheetData>"
      "<x:mergeCells><x:mergeCell ref='A3:B3'/></x:mergeCells></x:worksheet>";
  const Opened opened = open_bytes("a.xlsx", made_package(parts));
  ASSERT_TRUE(opened.workbook);
  EXPECT_EQ(render_cells(*opened.workbook, 0, Merged::Fill), "A3 number 7\nB3 number 7 filled\n");
}

TEST(Xlsx, The1904FlagMovesDates) {
  const std::string bytes =
      made_workbook({.sheet = "<sheetData><row r='1'><c r='A1' s='1'><v>43465</v></c></row></sheetData>",
                     .styles = kStyles,
                     .workbook_pr = "<workbookPr date1904='1'/>"});
  EXPECT_EQ(cells_of(bytes), "A1 date 43465 2023-01-01\n");
}

TEST(Xlsx, MergedRangesAreFoundBehindTheRowsAndFilledOnRequest) {
  const std::string bytes = made_workbook(
      {.sheet = "<sheetData><row r='1'><c r='A1'><v>1</v></c><c r='C1'><v>9</v></c></row><row r='2'><c "
                "r='C2'><v>8</v></c></row>"
                "<row r='4'><c r='A4'><v>4</v></c></row></sheetData>"
                "<mergeCells count='2'><mergeCell ref='A4:B5'/><mergeCell ref='A1:B2'/></mergeCells>"});
  const Opened opened = open_bytes("a.xlsx", bytes);
  ASSERT_TRUE(opened.workbook);
  EXPECT_EQ(opened.workbook->merges(0), (std::vector<MergedRange>{{1, 1, 2, 2}, {4, 1, 5, 2}}));
  EXPECT_EQ(
      render_cells(*opened.workbook, 0, Merged::Fill),
      "A1 number 1\nB1 number 1 filled\nC1 number 9\nA2 number 1 filled\nB2 number 1 filled\nC2 number 8\n"
      "A4 number 4\nB4 number 4 filled\n");
}

TEST(Xlsx, SheetsComeInTheirOrderWithNamesAndWhetherTheyShow) {
  Parts parts = {
      {"_rels/.rels",
       "<Relationships><Relationship Id='r1' Type='http://x/officeDocument' "
       "Target='/XL/Book.xml'/></Relationships>"},
      {"xl/book.xml",
       "<workbook xmlns:r='http://r'><sheets><sheet name='封面' r:id='r3' state='hidden'/><sheet name='图' "
       "r:id='r2'/>"
       "<sheet name='数据' r:id='r1'/></sheets></workbook>"},
      {"xl/_rels/book.xml.rels",
       "<Relationships><Relationship Id='r1' Type='http://x/worksheet' Target='/xl/worksheets/sheet2.xml'/>"
       "<Relationship Id='r2' Type='http://x/chartsheet' Target='chartsheets/sheet1.xml'/>"
       "<Relationship Id='r3' Type='http://x/worksheet' "
       "Target='sub/../worksheets/sheet1.xml'/></Relationships>"},
      {"xl/worksheets/sheet1.xml", "<worksheet><dimension ref='A1:D20'/><sheetData/></worksheet>"},
      {"xl/worksheets/sheet2.xml",
       "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"}};
  const Opened opened = open_bytes("a.xlsx", made_package(parts));
  ASSERT_TRUE(opened.workbook) << codes(opened.diagnostics);
  ASSERT_EQ(opened.workbook->sheets().size(), 2u);
  EXPECT_EQ(opened.workbook->sheets()[0].name, "封面");
  EXPECT_TRUE(opened.workbook->sheets()[0].is_hidden);
  EXPECT_EQ(opened.workbook->sheets()[0].dimension, "A1:D20");
  EXPECT_EQ(opened.workbook->sheets()[1].name, "数据");
  EXPECT_EQ(render_cells(*opened.workbook, 1), "A1 number 1\n");
}

struct TroubleCase {
  const char* what;
  const char* sheet;
  const char* expected;
};
const TroubleCase kTroubleCases[] = {
    {"a document type", "<!-- --></worksheet><!DOCTYPE x [<!ENTITY a 'b'>]>", "E-SHEET-107"},
    {"rows out of order",
     "<sheetData><row r='5'><c><v>1</v></c></row><row r='5'><c><v>1</v></c></row></sheetData>",
     "E-SHEET-111@5"},
    {"a cell of another row", "<sheetData><row r='5'><c r='A6'><v>1</v></c></row></sheetData>",
     "E-SHEET-111@A5"},
    {"a column beyond XFD", "<sheetData><row r='5'><c r='ZZZ5'><v>1</v></c></row></sheetData>",
     "E-SHEET-111@A5"},
    {"the same cell twice",
     "<sheetData><row r='5'><c r='B5'><v>1</v></c><c r='B5'><v>1</v></c></row></sheetData>",
     "E-SHEET-111@B5"},
    {"a text that is not there", "<sheetData><row r='5'><c r='B5' t='s'><v>77</v></c></row></sheetData>",
     "E-SHEET-112@B5"},
    {"a formula nobody computed", "<sheetData><row r='5'><c r='B5'><f>A1</f></c></row></sheetData>",
     "E-SHEET-119@B5"},
    {"direction marks",
     "<sheetData><row r='5'><c r='B5' t='str'><v>abc\xE2\x80\xAE"
     "321</v></c></row></sheetData>",
     "W-SHEET-117@B5"},
    {"an element left open", "<sheetData><row r='5'>", "E-SHEET-107"},
    {"a row number of letters", "<sheetData><row r='x'/></sheetData>", "E-SHEET-111"},
};
TEST(Xlsx, TroubleIsToldAtItsCell) {
  for (const TroubleCase& one : kTroubleCases)
    EXPECT_EQ(said("a.xlsx", made_workbook({.sheet = one.sheet})), one.expected) << one.what;
}

TEST(Xlsx, ADocumentTypeIsRefused) {
  Parts parts = made_parts({.sheet = "<sheetData/>"});
  parts.back().second = "<!DOCTYPE lolz [<!ENTITY lol 'lol'>]><worksheet>&lol;</worksheet>";
  EXPECT_EQ(said("a.xlsx", made_package(parts)), "E-SHEET-108");
}

TEST(Xlsx, SameTroubleInManyCellsIsOneDiagnosticWithItsCount) {
  std::string rows;
  for (int row = 1; row <= 40; ++row) rows += "<row><c><f>A1</f></c></row>";
  const Opened opened = open_bytes("a.xlsx", made_workbook({.sheet = "<sheetData>" + rows + "</sheetData>"}));
  CountingSink sink;
  const Diagnostics found = opened.workbook->read(0, sink);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].message.zh.find("40"), std::string::npos) << found[0].message.zh;
}

std::string with_stream_names(std::initializer_list<const char*> names) {
  std::string bytes("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
  bytes.append(1024, '\0');
  for (const char* name : names)
    for (; *name; ++name) (bytes += *name) += '\0';
  return bytes;
}

TEST(Open, WhatIsNoWorkbookIsNamedAndHowToSaveItAgain) {
  EXPECT_EQ(said("没有.xlsx", ""), "E-SHEET-102");
  EXPECT_EQ(said("a.xlsx", "%PDF-1.7"), "E-SHEET-103");
  EXPECT_EQ(said("a.xls", "<html><table><tr><td>1</td></tr></table></html>"), "E-SHEET-103");
  EXPECT_EQ(said("a.csv", std::string("a\0b,c\n", 6)), "E-SHEET-103");
  EXPECT_EQ(said("a.xlsx", made_package({{"word/document.xml", "<w/>"}})), "E-SHEET-103");
  EXPECT_EQ(said("a.zip", made_package({{"税收.xlsx", made_workbook({})}})), "E-SHEET-103");
  EXPECT_EQ(said("a.xlsx", with_stream_names({"EncryptionInfo", "EncryptedPackage"})), "E-SHEET-104");
  EXPECT_EQ(said("a.et", with_stream_names({"Workbook"})), "E-SHEET-105");
  EXPECT_EQ(said("a.xls", with_stream_names({"Workbook"})), "E-SHEET-106");
  EXPECT_EQ(said("a.xlsb", made_package({{"[Content_Types].xml", "<T/>"}, {"xl/workbook.bin", "x"}})),
            "E-SHEET-105");
  EXPECT_EQ(said("a.ods", made_package({{"mimetype", "application"}, {"content.xml", "<x/>"}})),
            "E-SHEET-105");
  EXPECT_EQ(
      said("a.xls", "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>"),
      "E-SHEET-105");
  Parts no_sheets = made_parts({});
  no_sheets[2].second = "<workbook><sheets/></workbook>";
  EXPECT_EQ(said("a.xlsx", made_package(no_sheets)), "E-SHEET-110");
  const Opened missing = open("/nowhere/税收.xlsx");
  EXPECT_EQ(codes(missing.diagnostics), "E-SHEET-101");
}

TEST(Open, AnXlsMadeToBreakItsReaderIsRefusedOrRead) {
  // Found by fuzzing: libfreexl reads before the beginning of a buffer.
  const std::string hostile = golden::read("engine/sheet/golden/hostile.xls");
  const std::string first = said("a.xls", hostile);
  EXPECT_TRUE(first == "E-SHEET-106" || first.empty()) << first;
  const std::string whole = golden::read("engine/sheet/golden/old.xls");
  EXPECT_EQ(said("a.xls", whole), "");
  for (std::size_t at = 512; at < whole.size(); at += 131) {
    std::string broken = whole;
    for (std::size_t i = at; i < std::min(at + 64, broken.size()); ++i)
      broken[i] = static_cast<char>(broken[i] ^ 0x5A);
    const Opened opened = open_bytes("a.xls", broken);
    EXPECT_EQ(opened.workbook == nullptr, diagnostic::has_errors(opened.diagnostics)) << at;
  }
}

TEST(Open, ATruncatedPackageIsRefusedWhereverItIsCut) {
  std::string rows;
  for (int row = 1; row <= 300; ++row) rows += "<row><c><v>" + std::to_string(row * 7919) + "</v></c></row>";
  const std::string whole = made_workbook({.sheet = "<sheetData>" + rows + "</sheetData>"});
  ASSERT_EQ(said("a.xlsx", whole), "");
  for (std::size_t size = 4; size < whole.size(); size += 97)
    EXPECT_EQ(said("a.xlsx", whole.substr(0, size)), "E-SHEET-106") << size;
}

TEST(Open, ABrokenByteOfAPartIsNoticed) {
  std::string rows;
  for (int row = 1; row <= 300; ++row) rows += "<row><c><v>" + std::to_string(row * 7919) + "</v></c></row>";
  std::string bytes = made_workbook({.sheet = "<sheetData>" + rows + "</sheetData>"});
  const std::size_t at = bytes.find("sheet1.xml") + 300;
  bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
  EXPECT_NE(said("a.xlsx", bytes), "");
}

TEST(Limits, BombsAreRefused) {
  const std::string blanks(64 << 20, ' ');
  EXPECT_EQ(said("a.xlsx", made_workbook({.sheet = blanks + "<sheetData/>"})), "E-SHEET-109")
      << "packing ratio";
  EXPECT_EQ(said("a.xlsx",
                 made_workbook({.sheet = "<sheetData/>",
                                .strings = "<sst><si><t>" + std::string(1 << 20, 'x') + "</t></si></sst>"})),
            "E-SHEET-109")
      << "one text";
  Limits few;
  few.entries = 4;
  EXPECT_EQ(said("a.xlsx", made_workbook({.sheet = "<sheetData/>"}), few), "E-SHEET-109") << "parts";
  Limits small;
  small.file_bytes = 100;
  EXPECT_EQ(said("a.xlsx", made_workbook({.sheet = "<sheetData/>"}), small), "E-SHEET-109") << "file";
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_EQ(said("a.xlsx", made_workbook({.sheet = deep})), "E-SHEET-107") << "depth";
  Limits blank;
  blank.blank_elements = 1000;
  std::string rows = "<row><c><v>1</v></c></row>";
  for (int i = 0; i < 1200; ++i) rows += "<row/>";
  EXPECT_EQ(said("a.xlsx", made_workbook({.sheet = "<sheetData>" + rows + "</sheetData>"}), blank),
            "W-SHEET-113@1002");
}

TEST(Limits, AMergedRangeCannotAskForBillionsOfCells) {
  std::string rows, merges;
  for (int row = 1; row <= 30000; ++row)
    rows += "<row><c r='A" + std::to_string(row) + "'><v>1</v></c></row>";
  const std::string bytes =
      made_workbook({.sheet = "<sheetData>" + rows +
                              "</sheetData><mergeCells><mergeCell ref='A1:ALL1048576'/></mergeCells>"});
  const Opened opened = open_bytes("a.xlsx", bytes);
  CountingSink sink;
  EXPECT_EQ(codes(opened.workbook->read(0, sink, Merged::Fill)), "E-SHEET-109");
}

TEST(Styles, WhichFormatsAreDates) {
  for (const char* date : {"yyyy-mm-dd", "yyyy\"年\"m\"月\"", "[$-804]yyyy\"年\"m\"月\"d\"日\";@", "m/d",
                           "[DBNum1]e\"年\"", "hh:mm", "mmm"})
    EXPECT_TRUE(is_date_format(date)) << date;
  for (const char* number : {"General", "0.00E+00", "#,##0.00\"元/d\"", "[h]:mm", "[Red]-0", "0_ ", "@",
                             "\"y\"0", "0\\d", "#,##0;yyyy", ""})
    EXPECT_FALSE(is_date_format(number)) << number;
  for (const int id : {14, 22, 27, 31, 36, 47, 57, 58}) EXPECT_TRUE(is_date_format_id(id)) << id;
  for (const int id : {0, 1, 9, 13, 23, 37, 44, 48, 49, 59, 176}) EXPECT_FALSE(is_date_format_id(id)) << id;
}

TEST(Cells, NamesOfCells) {
  EXPECT_EQ(column_letter(1), "A");
  EXPECT_EQ(column_letter(26), "Z");
  EXPECT_EQ(column_letter(27), "AA");
  EXPECT_EQ(column_letter(16384), "XFD");
  for (int column = 1; column <= 16384; ++column)
    ASSERT_EQ(parse_cell_name(cell_name(17, column)), (Position{17, column}));
  EXPECT_EQ(parse_cell_name("$C$17"), (Position{17, 3}));
  for (const char* bad : {"", "A", "17", "A0", "XFE1", "A1048577", "A1:B2", "A1 ", "甲1"})
    EXPECT_FALSE(parse_cell_name(bad)) << bad;
}

TEST(Cells, WhatIsStoredAsANumber) {
  for (const char* yes : {"1", "-1", "0.1", ".5", "5.", "1E5", "9.13309E+17", "1e-3"})
    EXPECT_TRUE(is_stored_number(yes)) << yes;
  for (const char* no : {"", "-", ".", "1e", "1e+", "nan", "0x1", "1,000", "1 "})
    EXPECT_FALSE(is_stored_number(no)) << no;
}

struct TypedCase {
  const char* what;
  const char* stored;
  const char* typed;
};
const TypedCase kTyped[] = {
    {"8.2 as Excel keeps it", "8.1999999999999993", "8.2"},
    {"the sum of 0.1 and 0.2", "0.30000000000000004", "0.3"},
    {"negative, with an exponent", "-1.2300000000000001E-5", "-1.23e-05"},
    {"fifteen digits", "123456789.123456", "123456789.123456"},
    {"leading zeros are no digits", "0.000123456789012345", "0.000123456789012345"},
    {"an identity number", "330902199001011234", "330902199001011234"},
    {"what is left of one", "9.13309E+17", "9.13309E+17"},
    {"a whole number with zeros", "120.50", "120.50"},
};
TEST(Cells, WhatAPersonTyped) {
  for (const TypedCase& one : kTyped) EXPECT_EQ(typed_number(one.stored), one.typed) << one.what;
}

TEST(Package, TargetsOfRelations) {
  EXPECT_EQ(resolve_target("xl/", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
  EXPECT_EQ(resolve_target("xl/", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
  EXPECT_EQ(resolve_target("xl/", "./worksheets\\sheet1.xml"), "xl/worksheets/sheet1.xml");
  EXPECT_EQ(resolve_target("xl/sub/", "../sheet1.xml"), "xl/sheet1.xml");
  EXPECT_EQ(resolve_target("", "../../x.xml"), "x.xml");
}

}  // namespace
}  // namespace tenglong::sheet
