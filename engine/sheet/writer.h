// Tables as files that a spreadsheet program opens: lists to download, templates to fill in, sample
// registers.
//
// In:    columns, then rows from top to bottom. Out: .xlsx, or .csv with a BOM, so that Excel shows its
// Chinese. Never: writes a formula: text is always a text cell, whatever it begins with; a number is never
// text. Cost:  100,000 x 30 in about 2 s; memory is one row, plus the texts of the sheet.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/calendar/date.h"

namespace tenglong::sheet {

// What to write in one cell.
struct OutCell {
  enum class Kind { Empty, Text, Number, Date, Boolean };
  Kind kind = Kind::Empty;
  std::string text = {};  // Number: a decimal as Decimal::to_string() gives it; Boolean: "TRUE" or "FALSE"
  calendar::Date date = {};

  static OutCell empty() { return {}; }
  static OutCell of_text(std::string text) { return {Kind::Text, std::move(text), {}}; }
  // More than 15 significant digits do not survive a spreadsheet program: written as text then, unharmed.
  static OutCell of_number(std::string decimal) { return {Kind::Number, std::move(decimal), {}}; }
  static OutCell of_date(calendar::Date date) { return {Kind::Date, {}, date}; }
  static OutCell of_boolean(bool value) { return {Kind::Boolean, value ? "TRUE" : "FALSE", {}}; }
};

struct OutColumn {
  // From top to bottom; {"税收", "实缴税金（万元）"} next to {"税收", "增值税（万元）"} share one merged 税收
  // cell.
  std::vector<std::string> header = {};
  std::string number_format = {};         // "#,##0.00"; empty: General, "@" for columns of codes
  std::vector<std::string> choices = {};  // a drop-down in every row below the header
  std::string note = {};                  // a comment on the header cell
  int width = 0;                          // in characters; 0: as wide as the header and the first rows need
  bool is_required = false;               // shown by a coloured header
};

struct OutSheet {
  std::string name;                     // illegal characters become "_", 31 characters at most, made unique
  std::string title = {};               // a merged line above the header
  std::string mark = {};                // 样例数据: a red line above the header
  std::vector<std::string> lines = {};  // further lines above the header: 单位：万元
  std::vector<OutColumn> columns = {};
  std::size_t choice_rows = 5000;  // rows that get drop-downs
};

class WorkbookWriter {
 public:
  WorkbookWriter();
  ~WorkbookWriter();
  WorkbookWriter(const WorkbookWriter&) = delete;
  WorkbookWriter& operator=(const WorkbookWriter&) = delete;

  // Rows that follow belong to this sheet.
  void begin_sheet(const OutSheet& sheet);
  void row(std::span<const OutCell> cells);
  // The number of the row that row() will write next.
  int next_row() const;
  // The finished .xlsx; nothing can be added afterwards. Throws std::runtime_error if the disk fails.
  std::string finish();
  // The same, straight into a file: no copy in memory. A file that is there is replaced whole or not at all.
  void finish_to(const std::string& path);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

// RFC 4180 with CRLF and a BOM. Text beginning with = + - @ or a tab gets a leading ' so that no program runs
// it.
class CsvWriter {
 public:
  explicit CsvWriter(std::span<const OutColumn> columns);
  void row(std::span<const OutCell> cells);
  std::string finish() { return std::move(out_); }
  // What was written since the last call, for files that need not fit into memory.
  std::string take() { return std::exchange(out_, {}); }

 private:
  std::string out_;
};

}  // namespace tenglong::sheet
