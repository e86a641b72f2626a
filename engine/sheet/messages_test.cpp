// What senders read, in both languages, as one page to proofread.
#include <gtest/gtest.h>

#include "engine/sheet/annotate.h"
#include "engine/sheet/inside/made_package.h"
#include "engine/sheet/sheet.h"
#include "engine/sheet/table.h"
#include "tests/golden/golden.h"

namespace tenglong::sheet {
namespace {

class IgnoringSink final : public RowSink {
 public:
  bool row(int, std::span<const Cell>) override { return true; }
};
Diagnostics told(const std::string& name, const std::string& bytes, const Limits& limits = {}) {
  Opened opened = open_bytes(name, bytes, limits);
  if (!opened.workbook) return opened.diagnostics;
  IgnoringSink sink;
  Diagnostics found = opened.workbook->read(0, sink);
  for (auto& one : find_table(*opened.workbook, 0).diagnostics) found.push_back(std::move(one));
  return found;
}
std::string sheet_of(const std::string& rows) {
  return made_workbook({.sheet = "<sheetData>" + rows + "</sheetData>"});
}

TEST(Messages, AsSendersReadThem) {
  const std::string compound("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
  Parts doctype = made_parts({});
  doctype.back().second = "<!DOCTYPE x><worksheet/>";
  Parts no_sheets = made_parts({});
  no_sheets[2].second = "<workbook><sheets/></workbook>";
  Limits few_blanks;
  few_blanks.blank_elements = 2;
  Limits few_entries;
  few_entries.entries = 3;
  std::string encrypted = compound;
  for (const char c : std::string("EncryptedPackage")) (encrypted += c) += '\0';
  const std::string text_cell = "<c t='str'><v>";
  std::string out;
  const auto page = [&](const char* what, const Diagnostics& diagnostics) {
    out += std::string("# ") + what + "\n";
    EXPECT_FALSE(diagnostics.empty()) << what;
    for (const auto& one : diagnostics)
      out += one.code + " " + to_string(one.place) + "\n  " + one.message.zh + "\n  建议：" + one.advice.zh +
             "\n  " + one.message.en + "\n  " + one.advice.en + "\n";
  };
  page("没有的文件", open("没有/税收.xlsx").diagnostics);
  page("文件夹", open("/").diagnostics);
  page("空文件", told("税收.xlsx", ""));
  page("PDF", told("税收.xlsx", "%PDF-1.7"));
  page("网页", told("税收.xls", "<html><table>"));
  page("加密", told("税收.xlsx", encrypted));
  page("et", told("税收.et", compound + "x"));
  page("ods", told("税收.ods", made_package({{"mimetype", "x"}, {"content.xml", "<x/>"}})));
  page("截断", told("税收.xlsx", sheet_of("").substr(0, 200)));
  page("XML 有误", told("税收.xlsx", sheet_of("<row>")));
  page("DTD", told("税收.xlsx", made_package(doctype)));
  page("太多", told("税收.xlsx", sheet_of(""), few_entries));
  page("没有工作表", told("税收.xlsx", made_package(no_sheets)));
  page("乱序", told("税收.xlsx", sheet_of("<row r='1'>" + text_cell + "企业</v></c></row><row r='1'/>")));
  page("文字丢失",
       told("税收.xlsx", sheet_of("<row>" + text_cell + "企业</v></c><c t='s'><v>7</v></c></row>")));
  page("空白",
       told("税收.xlsx", sheet_of("<row>" + text_cell + "企业</v></c></row><row/><row/><row/>"), few_blanks));
  page("编码", told("税收.csv", "\xC6\xF3\xD2\xB5,a\n\xFF\xFF,1\n"));
  page("引号", told("税收.csv", "企业,税收\n\"甲,1\n"));
  page("方向", told("税收.csv", "企业,税收\n甲\xE2\x80\xAE,1\n"));
  page("公式", told("税收.xlsx",
                    sheet_of("<row>" + text_cell +
                             "企业</v></c></row><row><c><f>A1</f></c></row><row><c><f>A1</f></c></row>")));
  page("没有表头", told("税收.csv", "1,2\n3,4\n"));
  page("重名与无名", told("税收.csv", "企业,税收,税收\n甲,120,75,多余\n"));
  page("xls 的副本", annotate("税收.xls", golden::read("engine/sheet/golden/old.xls"), {}).diagnostics);
  EXPECT_TRUE(golden::matches("engine/sheet/golden/messages.txt", out));
}

}  // namespace
}  // namespace tenglong::sheet
