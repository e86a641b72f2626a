// What somebody's spreadsheet program stored, cell by cell, before anyone interprets it.
//
// In:    .xlsx (Excel, WPS, LibreOffice), .xls, .csv (UTF-8 or GB18030): a path, or the bytes of an upload.
// Out:   sheets, and their rows one after another; every cell as the very characters stored: "0.1",
// "9.13309E+17", "１２". Order: rows rising, cells of a row by rising column; blank rows and empty cells are
// not sent. Cost:  100,000 x 30 cells in about a second; memory is the shared strings and one row (.xls: the
// whole sheet). Never: turns a number into a double; evaluates a formula; follows a link; throws on what is
// in a file.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/diagnostic/diagnostic.h"

namespace tenglong::sheet {

using diagnostic::Diagnostics;

// Date: a number with a date style. Error: "#DIV/0!" and its kin.
enum class CellKind { Empty, Text, Number, Boolean, Date, Error };
const char* to_code(CellKind kind);  // "text" "number" ...

struct Cell {
  int row = 0;     // from 1
  int column = 0;  // from 1
  CellKind kind = CellKind::Empty;
  // Text as typed (no trimming); numbers and dates exactly the characters stored; booleans TRUE or FALSE.
  std::string text = {};
  std::optional<calendar::Date> date =
      {};                   // kind Date; nothing if the serial is no day (a time of day, a negative)
  bool is_formula = false;  // text is the value the program last computed
  bool is_percent = false;  // kind Number: the format shows 0.032 as 3.2 %
  bool is_filled = false;   // copied from the first cell of a merged range (Merged::Fill)
};

// "C", "AA"; 1 is A.
std::string column_letter(int column);
// "C17".
std::string cell_name(int row, int column);
struct Position {
  int row = 0, column = 0;
  friend bool operator==(const Position&, const Position&) = default;
};
// Of "C17" or "$C$17"; nullopt beyond XFD1048576.
std::optional<Position> parse_cell_name(std::string_view name);

// What a person typed or saw, of the characters stored: programs keep 8.2 as 8.1999999999999993 and show 15
// digits of it. Whole numbers without an exponent (codes, identity numbers) and all with at most 15 digits
// come back as they are.
std::string typed_number(std::string_view stored);

struct MergedRange {
  int first_row = 0, first_column = 0, last_row = 0, last_column = 0;
  bool contains(int row, int column) const {
    return first_row <= row && row <= last_row && first_column <= column && column <= last_column;
  }
  friend bool operator==(const MergedRange&, const MergedRange&) = default;
};

struct Sheet {
  std::string name;  // of a .csv: the file's name without extension
  bool is_hidden = false;
  std::string dimension = {};  // "A1:D20" as the program claims; may be wrong or empty
};

// Receives rows. The cells live until row() returns; copy what must be kept.
class RowSink {
 public:
  virtual ~RowSink() = default;
  // False: stop reading.
  virtual bool row(int row_number, std::span<const Cell> cells) = 0;
};

// Keep: only the first cell of a merged range has a value, as stored. Fill: every cell of the range has it.
enum class Merged { Keep, Fill };

// Beyond these a file is refused, with the reason, before it can hurt.
struct Limits {
  std::uint64_t file_bytes = 200ull << 20;
  std::uint64_t unpacked_bytes = 1024ull << 20;  // of one part of an .xlsx
  std::uint64_t packing_ratio = 250;             // unpacked / packed, for parts over 16 MiB
  std::uint64_t shared_string_bytes = 256ull << 20;
  int entries = 10000;
  int columns = 16384;
  int merged_ranges = 200000;
  std::uint64_t blank_elements = 4'000'000;  // styled but empty cells and rows
  std::size_t cell_bytes = 64 << 10;         // Excel itself allows 32,767 characters
};

enum class Format { Xlsx, Xls, Csv };

class Workbook {
 public:
  virtual ~Workbook() = default;
  virtual Format format() const = 0;
  virtual const std::string& file_name() const = 0;  // as given to open(), the `file` of every place
  virtual const std::vector<Sheet>& sheets() const = 0;
  // Index from 0 into sheets(). May be called again. Diagnostics: what could not be read of this sheet; rows
  // before the trouble have been sent.
  virtual Diagnostics read(int sheet, RowSink& sink, Merged merged = Merged::Keep) const = 0;
  // By first row, then column. Reads the sheet's part once more, without parsing it.
  virtual const std::vector<MergedRange>& merges(int sheet) const = 0;
  // The last column with a value or a formula, known once read() has come to the end of the sheet; else 0.
  virtual int last_used_column(int sheet) const;
  // How many rows there probably are, for progress; 0: nobody can say beforehand.
  virtual std::int64_t likely_rows(int sheet) const;
  virtual calendar::SpreadsheetEpoch epoch() const { return calendar::SpreadsheetEpoch::From1900; }
};

// `workbook` is null exactly if `diagnostics` has errors.
struct Opened {
  std::unique_ptr<Workbook> workbook = {};
  Diagnostics diagnostics = {};
};
// The content decides what a file is; its name is only mentioned. A missing file is a diagnostic too.
// `shown_name`: what findings and periods call an upload that lies under another name; empty: the path.
Opened open(const std::string& path, const Limits& limits = {}, const std::string& shown_name = {});
Opened open_bytes(std::string file_name, std::string bytes, const Limits& limits = {});

// The same as workbook.read(), with the file parsed on a thread of its own, a few thousand cells ahead of the
// sink, which is called on this one. For sinks that have work to do.
Diagnostics read_ahead(const Workbook& workbook, int sheet, RowSink& sink, Merged merged = Merged::Keep);

// A row kept: previews, headers, tests.
struct Row {
  int number = 0;
  std::vector<Cell> cells = {};
};
// At most `count` rows from the top of the sheet; what could not be read goes to `diagnostics`.
std::vector<Row> first_rows(const Workbook& workbook, int sheet, std::size_t count, Merged merged,
                            Diagnostics& diagnostics);

// The printed form of the cells, for goldens and `inspect`: one line a cell, "C17 number 9.13309E+17".
std::string render_cells(const Workbook& workbook, int sheet, Merged merged = Merged::Keep);

}  // namespace tenglong::sheet
