#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/sheet/annotate.h"
#include "engine/sheet/inside/csv_workbook.h"
#include "engine/sheet/inside/sheet_patch.h"
#include "engine/sheet/sheet.h"
#include "engine/sheet/writer.h"

namespace tenglong::sheet {
namespace {

// Texts with everything that separates, quotes, escapes or widens.
rc::Gen<std::string> any_text() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                          "a", "1", "-", "=", "+", "@", ",", ";", "\t", "\"", "'", "\n", " ", "　", "金",
                          "塘", "１", "&", "<", ">", "]]>", "_x000D_", "😀")),
                      [](const std::vector<std::string>& pieces) {
                        std::string out;
                        for (const std::string& piece : pieces) out += piece;
                        return out;
                      });
}
rc::Gen<std::vector<std::vector<std::string>>> any_rows() {
  return rc::gen::scale(0.2, rc::gen::container<std::vector<std::vector<std::string>>>(
                                 rc::gen::container<std::vector<std::string>>(any_text())));
}

// "row column text" of every cell.
std::string listed(const Workbook& workbook) {
  class Listing final : public RowSink {
   public:
    std::string out;
    bool row(int, std::span<const Cell> cells) override {
      for (const Cell& cell : cells) out += cell_name(cell.row, cell.column) + " " + cell.text + "\x1F";
      return true;
    }
  } listing;
  workbook.read(0, listing);
  return listing.out;
}
std::string listed(const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t column = 0; column < rows[row].size(); ++column)
      if (!rows[row][column].empty())
        out += cell_name(static_cast<int>(row) + 1, static_cast<int>(column) + 1) + " " + rows[row][column] +
               "\x1F";
  return out;
}

RC_GTEST_PROP(SheetLaws, EveryTextSurvivesAnXlsx, ()) {
  const auto rows = *any_rows();
  WorkbookWriter writer;
  writer.begin_sheet({.name = "a"});
  for (const auto& row : rows) {
    std::vector<OutCell> cells;
    for (const std::string& text : row) cells.push_back(OutCell::of_text(text));
    writer.row(cells);
  }
  const Opened opened = open_bytes("a.xlsx", writer.finish());
  RC_ASSERT(opened.workbook != nullptr);
  RC_ASSERT(listed(*opened.workbook) == listed(rows));
}

RC_GTEST_PROP(SheetLaws, EveryTextSurvivesACsvInEachEncoding, ()) {
  const auto rows = *any_rows();
  std::string csv;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      csv += i > 0 ? ",\"" : "\"";
      // An apostrophe keeps a program from running what follows; the reader takes it away again.
      if (may_be_run(row[i])) csv += '\'';
      for (const char c : row[i]) csv += c == '"' ? std::string("\"\"") : std::string(1, c);
      csv += '"';
    }
    csv += "\r\n";
  }
  // Texts that are a formula of one text are meant as that text.
  RC_PRE(csv.find("\"=\"\"") == std::string::npos);
  class Listing final : public RowSink {
   public:
    std::string out;
    bool row(int, std::span<const Cell> cells) override {
      for (const Cell& cell : cells) out += cell_name(cell.row, cell.column) + " " + cell.text + "\x1F";
      return true;
    }
  };
  for (const Encoding encoding :
       {Encoding::Utf8, Encoding::Gb18030, Encoding::Utf16LittleEndian, Encoding::Utf16BigEndian}) {
    const CsvShape shape{.encoding = encoding, .has_bom = false};
    const std::string text = decoded(encoded(csv, shape), shape);
    // Fed in pieces of every size, as they come from a disk.
    const int size = *rc::gen::inRange(1, 9);
    const Limits limits;
    Listing listing;
    CsvParser parser({',', &limits}, listing);
    for (std::size_t at = 0; at < text.size(); at += static_cast<std::size_t>(size))
      parser.feed(std::string_view(text).substr(at, static_cast<std::size_t>(size)));
    parser.finish();
    RC_ASSERT(listing.out == listed(rows));
  }
}

RC_GTEST_PROP(SheetLaws, AnnotatingAnXlsxLeavesEveryCellAndAddsTheRemarks, ()) {
  auto rows = *any_rows();
  rows.insert(rows.begin(), {"企业", "税收"});
  WorkbookWriter writer;
  writer.begin_sheet({.name = "a"});
  for (const auto& row : rows) {
    std::vector<OutCell> cells;
    for (const std::string& text : row) cells.push_back(OutCell::of_text(text));
    writer.row(cells);
  }
  const int remarked = *rc::gen::inRange(2, 12);
  const std::string remark =
      *rc::gen::suchThat(any_text(), [](const std::string& text) { return !text.empty(); });
  const std::vector<SheetRemarks> remarks = {{.header_row = 1, .remarks = {{remarked, remark}}}};
  const Annotated copy = annotate("a.xlsx", writer.finish(), remarks);
  const Opened opened = open_bytes("a.xlsx", copy.bytes);
  RC_ASSERT(opened.workbook != nullptr);
  std::size_t width = 0;
  for (const auto& row : rows)
    for (std::size_t column = 0; column < row.size(); ++column)
      if (!row[column].empty()) width = std::max(width, column + 1);
  rows.resize(std::max(rows.size(), static_cast<std::size_t>(remarked)));
  for (const auto& [row, text] : {std::pair<int, std::string>{1, "问题"}, {remarked, remark}}) {
    rows[static_cast<std::size_t>(row) - 1].resize(width + 1);
    rows[static_cast<std::size_t>(row) - 1][width] = text;
  }
  RC_ASSERT(listed(*opened.workbook) == listed(rows));
}

RC_GTEST_PROP(SheetLaws, AnnotatingACsvLeavesEveryRowAsItBegan, ()) {
  const auto rows = *any_rows();
  std::vector<OutCell> header = {OutCell::of_text("企业"), OutCell::of_text("税收")};
  CsvWriter writer({});
  writer.row(header);
  for (const auto& row : rows) {
    std::vector<OutCell> cells;
    for (const std::string& text : row) cells.push_back(OutCell::of_text(text));
    writer.row(cells);
  }
  const std::string csv = writer.finish();
  const Opened before = open_bytes("a.csv", csv);
  const Annotated copy = annotate("a.csv", csv, {{{.header_row = 1}}});
  const Opened after = open_bytes("a.csv", copy.bytes);
  RC_ASSERT(before.workbook && after.workbook);
  // The separator is guessed from the text; a guess that the new column changes is another table.
  RC_PRE(static_cast<const CsvWorkbook&>(*before.workbook).shape().separator ==
         static_cast<const CsvWorkbook&>(*after.workbook).shape().separator);
  std::string found = listed(*after.workbook);
  const std::size_t added = found.find(" 问题\x1F");
  RC_ASSERT(added != std::string::npos);
  const std::size_t begin = found.rfind('\x1F', added) + 1;
  found.erase(begin, added + std::string(" 问题\x1F").size() - begin);
  RC_ASSERT(found == listed(*before.workbook));
}

}  // namespace
}  // namespace tenglong::sheet
