#include <gtest/gtest.h>

#include "engine/sheet/inside/csv_workbook.h"
#include "engine/sheet/sheet.h"

namespace tenglong::sheet {
namespace {

std::string cells_of(const std::string& bytes) {
  const Opened opened = open_bytes("镇街/税收.csv", bytes);
  return opened.workbook ? render_cells(*opened.workbook, 0) : opened.diagnostics[0].code;
}
class IgnoringSink final : public RowSink {
 public:
  bool row(int, std::span<const Cell>) override { return true; }
};
Diagnostics said(const std::string& bytes, const Limits& limits = {}) {
  const Opened opened = open_bytes("税收.csv", bytes, limits);
  IgnoringSink sink;
  return opened.workbook ? opened.workbook->read(0, sink) : opened.diagnostics;
}

// 企业,税收\r\n金塘,12\r\n in GB18030.
const std::string kGb18030 = "\xC6\xF3\xD2\xB5,\xCB\xB0\xCA\xD5\r\n\xBD\xF0\xCC\xC1,12\r\n";
const char* const kExpected = "A1 text \"企业\"\nB1 text \"税收\"\nA2 text \"金塘\"\nB2 text \"12\"\n";

struct CsvCase {
  const char* what;
  std::string bytes;
  const char* expected;
};
const CsvCase kCases[] = {
    {"UTF-8", "企业,税收\n金塘,12\n", kExpected},
    {"UTF-8 with a mark, as Excel saves it", "\xEF\xBB\xBF企业,税收\r\n金塘,12\r\n", kExpected},
    {"GB18030", kGb18030, kExpected},
    {"UTF-16, Excel's Unicode text",
     std::string("\xFF\xFE\x01\x4F\x1A\x4E\x09\x00\x0E\x7A\x36\x65\x0D\x00\x0A\x00", 16),
     "A1 text \"企业\"\nB1 text \"税收\"\n"},
    {"no line break at the end", "企业,税收\n金塘,12", kExpected},
    {"lines of an old Mac", "企业,税收\r金塘,12\r", kExpected},
    {"semicolons", "企业;税收\n金塘;12\n", kExpected},
    {"tabs", "企业\t税收\n金塘\t12\n", kExpected},
    {"a separator line", "sep=;\n企业;税收\n金塘;12\n", kExpected},
    {"a title with commas above a table with tabs", "表,一,二\n企业\t税收\n金塘\t12\n",
     "A1 text \"表,一,二\"\nA2 text \"企业\"\nB2 text \"税收\"\nA3 text \"金塘\"\nB3 text \"12\"\n"},
    {"quotes, doubled quotes, line breaks and separators inside",
     "\"甲\"\"乙\",\"1,2\"\n\"上\n下\",x\n丙,y\n",
     "A1 text \"甲\\\"乙\"\nB1 text \"1,2\"\nA2 text \"上\\n下\"\nB2 text \"x\"\nA3 text \"丙\"\nB3 text "
     "\"y\"\n"},
    {"a quote inside a field is a character", "5\" 管,1\n", "A1 text \"5\\\" 管\"\nB1 text \"1\"\n"},
    {"codes kept by a formula", "=\"00123\",x\n\"=\"\"007\"\"\",y\n",
     "A1 text \"00123\"\nB1 text \"x\"\nA2 text \"007\"\nB2 text \"y\"\n"},
    {"blank lines count as rows and are not sent", "a,b\n\n,,\nc,d\n",
     "A1 text \"a\"\nB1 text \"b\"\nA4 text \"c\"\nB4 text \"d\"\n"},
    {"full-width digits and blanks stay", " １２ ,3\n", "A1 text \" １２ \"\nB1 text \"3\"\n"},
};
TEST(Csv, ReadsWhatPeopleSend) {
  for (const CsvCase& one : kCases) EXPECT_EQ(cells_of(one.bytes), one.expected) << one.what;
}

TEST(Csv, TheSheetIsNamedAfterTheFile) {
  const Opened opened = open_bytes("镇街/税收.2023.csv", "a\n");
  ASSERT_TRUE(opened.workbook);
  EXPECT_EQ(opened.workbook->format(), Format::Csv);
  EXPECT_EQ(opened.workbook->sheets()[0].name, "税收.2023");
}

TEST(Csv, TroubleHasItsLine) {
  const Diagnostics encoding = said(kGb18030 + "\xFF\xFF,1\n");
  ASSERT_EQ(encoding.size(), 1u);
  EXPECT_EQ(encoding[0].code, "E-SHEET-114");
  EXPECT_EQ(encoding[0].place.line, 3);

  const Diagnostics quote = said("a,b\nc,\"d\ne,f\n");
  ASSERT_EQ(quote.size(), 1u);
  EXPECT_EQ(quote[0].code, "E-SHEET-115");
  EXPECT_EQ(quote[0].place.line, 2);

  const Diagnostics marks = said(
      "a,b\nc,x\xE2\x80\xAE"
      "1\n");
  ASSERT_EQ(marks.size(), 1u);
  EXPECT_EQ(marks[0].code, "W-SHEET-117");
  EXPECT_EQ(marks[0].place.cell, "B2");

  Limits narrow;
  narrow.columns = 3;
  ASSERT_EQ(said("a,b,c,d,e\n", narrow).size(), 1u);
  EXPECT_EQ(said("a,b,c,d,e\n", narrow)[0].code, "E-SHEET-109");
}

TEST(Csv, LongFilesSplitAnywhereReadTheSame) {
  // Longer than one piece of 64 KiB, so that quotes and characters fall on the seams.
  std::string utf8, expected_rows;
  for (int row = 0; row < 9000; ++row) utf8 += "\"金塘\"\"镇\"," + std::to_string(row) + "\r\n";
  const CsvShape gb{.encoding = Encoding::Gb18030};
  EXPECT_EQ(cells_of(encoded(utf8, gb)), cells_of(utf8));
  EXPECT_EQ(decoded(encoded(utf8, gb), gb), utf8);
}

}  // namespace
}  // namespace tenglong::sheet
