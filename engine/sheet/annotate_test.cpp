#include "engine/sheet/annotate.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/sheet/inside/csv_workbook.h"
#include "engine/sheet/inside/made_package.h"
#include "engine/sheet/inside/package.h"
#include "engine/sheet/inside/sheet_patch.h"
#include "engine/sheet/sheet.h"
#include "tests/golden/golden.h"

namespace tenglong::sheet {
namespace {

std::string part_of(const std::string& bytes, const std::string& part) {
  Diagnostics diagnostics;
  const auto package = Package::open("a.xlsx", "", bytes, {}, diagnostics);
  return package ? package->whole(part, diagnostics).value_or("no such part") : "no package";
}

struct PatchCase {
  const char* what;
  const char* xml;
  std::map<int, std::string> texts;
  const char* expected;
};
const PatchCase kPatches[] = {
    {"at the end of a row",
     "<worksheet><dimension ref=\"A1:B2\"/><sheetData><row r=\"1\" spans=\"1:2\" ht=\"20\"><c "
     "r=\"A1\"><v>1</v></c></row></sheetData><pageMargins/></worksheet>",
     {{1, "问题"}},
     "<worksheet><dimension ref=\"A1:C2\"/><sheetData><row r=\"1\"  ht=\"20\"><c r=\"A1\"><v>1</v></c>"
     "<c r=\"C1\" t=\"inlineStr\"><is><t "
     "xml:space=\"preserve\">问题</t></is></c></row></sheetData><pageMargins/></worksheet>"},
    {"an empty formatted cell gives way, the ones behind it stay",
     "<sheetData><row r='1'><c r='A1'/><c r='C1' s='3'/><c r='D1' s='4'></c></row></sheetData>",
     {{1, "x"}},
     "<sheetData><row r='1'><c r='A1'/><c r=\"C1\" t=\"inlineStr\"><is><t "
     "xml:space=\"preserve\">x</t></is></c><c r='D1' s='4'></c></row></sheetData>"},
    {"an empty cell with an end tag gives way",
     "<sheetData><row><c/><c/><c s='4'></c></row></sheetData>",
     {{1, "x"}},
     "<sheetData><row><c/><c/><c r=\"C1\" t=\"inlineStr\"><is><t "
     "xml:space=\"preserve\">x</t></is></c></row></sheetData>"},
    {"before cells further right",
     "<sheetData><row r='1'><c r='F1' s='3'/></row></sheetData>",
     {{1, "x"}},
     "<sheetData><row r='1'><c r=\"C1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">x</t></is></c><c "
     "r='F1' s='3'/></row></sheetData>"},
    {"rows that are not there, between and after",
     "<sheetData><row r='2'><c r='A2'/></row><row r='5'/></sheetData>",
     {{1, "一"}, {3, "三"}, {5, "五"}, {9, "九"}},
     "<sheetData><row r=\"1\"><c r=\"C1\" t=\"inlineStr\"><is><t "
     "xml:space=\"preserve\">一</t></is></c></row><row r='2'><c r='A2'/></row>"
     "<row r=\"3\"><c r=\"C3\" t=\"inlineStr\"><is><t xml:space=\"preserve\">三</t></is></c></row>"
     "<row r='5'><c r=\"C5\" t=\"inlineStr\"><is><t xml:space=\"preserve\">五</t></is></c></row>"
     "<row r=\"9\"><c r=\"C9\" t=\"inlineStr\"><is><t "
     "xml:space=\"preserve\">九</t></is></c></row></sheetData>"},
    {"an empty sheet",
     "<worksheet><sheetData/></worksheet>",
     {{1, "x"}},
     "<worksheet><sheetData><row r=\"1\"><c r=\"C1\" t=\"inlineStr\"><is><t "
     "xml:space=\"preserve\">x</t></is></c></row></sheetData></worksheet>"},
    {"the sender's prefix",
     "<x:worksheet xmlns:x='s'><x:sheetData><x:row r='1'><x:c r='A1'/></x:row></x:sheetData></x:worksheet>",
     {{1, "x"}},
     "<x:worksheet xmlns:x='s'><x:sheetData><x:row r='1'><x:c r='A1'/><x:c r=\"C1\" "
     "t=\"inlineStr\"><x:is><x:t "
     "xml:space=\"preserve\">x</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"},
    {"characters that XML keeps for itself",
     "<sheetData/>",
     {{1, "a<b>&\"c\"\n_x000D_"}},
     "<sheetData><row r=\"1\"><c r=\"C1\" t=\"inlineStr\"><is><t "
     "xml:space=\"preserve\">a&lt;b&gt;&amp;\"c\"&#10;_x005F_x000D_</t></is></c></row></sheetData>"},
};
// Gives `size` bytes at a time, so that a tag is cut anywhere.
class DrippingSource final : public ByteSource {
 public:
  DrippingSource(std::string_view bytes, std::size_t size) : rest_(bytes), size_(size) {}
  std::size_t read(char* into, std::size_t size) override {
    const std::size_t count = std::min({size, size_, rest_.size()});
    std::memcpy(into, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t size_;
};
std::string with_cells(std::string_view xml, int column, const std::map<int, std::string>& texts,
                       std::size_t piece) {
  DrippingSource source(xml, piece);
  PatchedSheet patched(source, column, texts);
  std::string out;
  char taken[5];
  while (const std::size_t count = patched.read(taken, sizeof taken)) out.append(taken, count);
  return patched.has_failed() ? "nothing" : out;
}

TEST(SheetPatch, OnlyTheCellsAreNew) {
  for (const PatchCase& one : kPatches)
    for (const std::size_t piece : {1, 7, 100000})
      EXPECT_EQ(with_cells(one.xml, 3, one.texts, piece), one.expected) << one.what;
}

TEST(Annotate, AWorkbookKeepsEveryOtherPart) {
  Parts parts = made_parts(
      {.sheet = "<sheetData><row r='1'><c r='A1' t='str'><v>企业</v></c></row><row r='2'><c r='A2' "
                "t='str'><v>甲</v></c>"
                "<c r='B2'><f>1+1</f></c></row></sheetData><mergeCells><mergeCell ref='A1:D1'/></mergeCells>",
       .styles = "<styleSheet><cellXfs/></styleSheet>"});
  parts.emplace_back("xl/theme/theme1.xml", std::string(5000, 't'));
  const std::string bytes = made_package(parts);
  const std::vector<SheetRemarks> remarks = {
      {.sheet = 0, .header_row = 1, .remarks = {{2, "没有用地面积"}, {2, "没有税收"}}}};
  const Annotated copy = annotate("税收.xlsx", bytes, remarks);
  ASSERT_TRUE(copy.diagnostics.empty());
  EXPECT_EQ(copy.extension, ".xlsx");
  for (const auto& [name, text] : parts) {
    if (name == "xl/worksheets/sheet1.xml") continue;
    EXPECT_EQ(part_of(copy.bytes, name), text) << name;
  }
  const Opened opened = open_bytes("a.xlsx", copy.bytes);
  ASSERT_TRUE(opened.workbook);
  // Right of the merged range, and of the formula without a value in B2.
  EXPECT_EQ(render_cells(*opened.workbook, 0),
            "A1 text \"企业\"\nE1 text \"问题\"\nA2 text \"甲\"\nE2 text \"没有用地面积；没有税收\"\n");
}

TEST(Annotate, AFileThatCannotBeReadIsNotAnnotated) {
  EXPECT_EQ(annotate("a.xlsx", "%PDF", {}).diagnostics.at(0).code, "E-SHEET-103");
  Parts parts = made_parts({});
  parts.back().second = "<?xml version='1.0' encoding='ISO-8859-1'?><worksheet><sheetData/></worksheet>";
  const std::vector<SheetRemarks> remarks = {{.header_row = 1}};
  const Annotated copy = annotate("a.xlsx", made_package(parts), remarks);
  ASSERT_EQ(copy.diagnostics.size(), 1u);
  EXPECT_EQ(copy.diagnostics[0].code, "E-SHEET-130");
  EXPECT_TRUE(copy.bytes.empty());
}

TEST(Annotate, CommaSeparatedTextKeepsItsEncodingAndItsQuotes) {
  const std::string text = "表\r\n企业,\"税,收\"\r\n\"甲\n乙\",1\r\n\r\n丙,2,\r\n";
  const std::vector<SheetRemarks> remarks = {
      {.header_row = 2, .remarks = {{3, "不是\"数\""}, {5, "多一列"}, {4, "空行"}}}};
  const std::string expected =
      "表\r\n企业,\"税,收\",,\"问题\"\r\n\"甲\n乙\",1,,\"不是\"\"数\"\"\"\r\n,,,\"空行\"\r\n丙,2,,"
      "\"多一列\"\r\n";
  EXPECT_EQ(annotate("a.csv", text, remarks).bytes, expected);
  EXPECT_EQ(annotate("a.csv", "\xEF\xBB\xBF" + text, remarks).bytes, "\xEF\xBB\xBF" + expected);
  const CsvShape gb{.encoding = Encoding::Gb18030};
  EXPECT_EQ(annotate("a.csv", encoded(text, gb), remarks).bytes, encoded(expected, gb));
  const CsvShape utf16{.encoding = Encoding::Utf16LittleEndian};
  EXPECT_EQ(annotate("a.csv", "\xFF\xFE" + encoded(text, utf16), remarks).bytes,
            "\xFF\xFE" + encoded(expected, utf16));
  EXPECT_EQ(annotate("a.csv", "sep=;\na;b\n1;2", {{{.header_row = 1, .remarks = {{2, "x"}}}}}).bytes,
            "sep=;\na;b;\"问题\"\n1;2;\"x\"");
}

TEST(Annotate, AnOldXlsComesBackAsXlsxWithItsValues) {
  const std::string bytes = golden::read("engine/sheet/golden/old.xls");
  const Opened old = open_bytes("old.xls", bytes);
  ASSERT_TRUE(old.workbook);
  EXPECT_EQ(old.workbook->format(), Format::Xls);
  const std::string values =
      "A1 text \"2023年税收情况表\"\nA2 text \"样例数据\"\nA3 text \"企业名称\"\nB3 text "
      "\"实缴税金（万元）\"\nC3 text \"日期\"\n"
      "A4 text \"样例企业甲\"\nB4 number 120.5\n";
  EXPECT_EQ(render_cells(*old.workbook, 0),
            values + "C4 date 2023-03-01 2023-03-01\nA5 text \"样例企业乙\"\nB5 number -0.1\n");
  const std::vector<SheetRemarks> remarks = {{.header_row = 3, .remarks = {{5, "税收为负"}, {7, "缺行"}}}};
  const Annotated copy = annotate("old.xls", bytes, remarks);
  EXPECT_EQ(copy.extension, ".xlsx");
  ASSERT_EQ(copy.diagnostics.size(), 1u);
  EXPECT_EQ(copy.diagnostics[0].code, "N-SHEET-131");
  const Opened opened = open_bytes("copy.xlsx", copy.bytes);
  ASSERT_TRUE(opened.workbook);
  EXPECT_EQ(opened.workbook->sheets()[0].name, "税收");
  EXPECT_EQ(render_cells(*opened.workbook, 0),
            "A1 text \"2023年税收情况表\"\nA2 text \"样例数据\"\nA3 text \"企业名称\"\nB3 text "
            "\"实缴税金（万元）\"\nC3 text \"日期\"\nD3 text \"问题\"\n"
            "A4 text \"样例企业甲\"\nB4 number 120.5\nC4 date 44986 2023-03-01\nA5 text \"样例企业乙\"\nB5 "
            "number -0.1\nD5 text \"税收为负\"\n"
            "D7 text \"缺行\"\n");
}

TEST(Annotate, RemarksOfDiagnostics) {
  const std::vector<diagnostic::Diagnostic> diagnostics = {
      {.code = "E",
       .place = {.sheet = "税收", .cell = "D17"},
       .message = {"不是数字。", "Not a number."},
       .advice = {"请改。", "Mend it."}},
      {.code = "E", .place = {.sheet = "税收", .cell = "9"}, .message = {"整行重复。", "Twice."}},
      {.code = "E", .place = {.sheet = "用地", .cell = "A1"}, .message = {"x", "x"}},
      {.code = "E", .place = {.file = "a"}, .message = {"x", "x"}}};
  const auto zh = remarks_of(diagnostics, "税收", diagnostic::Language::Chinese);
  ASSERT_EQ(zh.size(), 2u);
  EXPECT_EQ(zh[0].row, 9);
  EXPECT_EQ(zh[0].text, "整行重复");
  EXPECT_EQ(zh[1].text, "D17：不是数字。请改");
  EXPECT_EQ(remarks_of(diagnostics, "税收", diagnostic::Language::English)[1].text,
            "D17: Not a number. Mend it");
}

}  // namespace
}  // namespace tenglong::sheet
