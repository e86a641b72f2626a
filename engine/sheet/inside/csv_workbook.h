// Comma-separated text: one sheet, every cell a text.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sheet/sheet.h"

namespace tenglong::sheet {

enum class Encoding { Utf8, Gb18030, Utf16LittleEndian, Utf16BigEndian };

struct CsvShape {
  Encoding encoding = Encoding::Utf8;
  bool has_bom = false;
  char separator = ',';
  bool has_separator_line = false;  // "sep=;", as Excel understands it
  std::string line_end = "\r\n";
};
// UTF-8 if every byte agrees, else GB18030, which is what Excel and WPS write in Chinese.
CsvShape csv_shape(std::string_view bytes);

// Hands over UTF-8, piece by piece; false from `each` stops. Returns the count of bytes that belong to no
// character, and in `first_bad_line` where the first is.
using Utf8Piece = bool (*)(void* context, std::string_view piece);
int decode(std::string_view bytes, const CsvShape& shape, void* context, Utf8Piece each, int& first_bad_line);
std::string decoded(std::string_view bytes, const CsvShape& shape);
std::string encoded(std::string_view utf8, const CsvShape& shape);

class CsvWorkbook final : public Workbook {
 public:
  CsvWorkbook(std::string file_name, std::string bytes, const Limits& limits);
  Format format() const override { return Format::Csv; }
  const std::string& file_name() const override { return file_name_; }
  const std::vector<Sheet>& sheets() const override { return sheets_; }
  Diagnostics read(int sheet, RowSink& sink, Merged merged) const override;
  const std::vector<MergedRange>& merges(int) const override { return no_merges_; }
  std::int64_t likely_rows(int) const override;
  const CsvShape& shape() const { return shape_; }
  std::string_view bytes() const { return bytes_; }

 private:
  std::string file_name_;
  std::string bytes_;
  Limits limits_;
  CsvShape shape_;
  std::vector<Sheet> sheets_;
  std::vector<MergedRange> no_merges_;
};

// Begins, behind any apostrophes, with what makes a program run it. The writer puts one apostrophe before
// such a text, as a person does to keep a program from it, and the reader takes one away.
bool may_be_run(std::string_view text);

// Splits UTF-8 text into records; a quote opens a field only at its beginning, "" is a quote inside one.
class CsvParser {
 public:
  struct Setting {
    char separator = ',';
    const Limits* limits = nullptr;
  };
  CsvParser(Setting setting, RowSink& sink) : setting_(setting), sink_(sink) {}
  // False: stop.
  bool feed(std::string_view piece);
  bool finish();

  bool is_in_quotes() const { return state_ == State::Quoted; }
  int quote_line() const { return quote_line_; }  // where the open quote began
  bool is_too_large() const { return is_too_large_; }
  bool has_direction_marks() const { return !direction_mark_cell_.empty(); }
  const std::string& direction_mark_cell() const { return direction_mark_cell_; }

 private:
  enum class State { FieldStart, Plain, Quoted, QuoteInQuoted, AfterReturn };
  bool take(char c);
  void end_field();
  bool end_record();

  Setting setting_;
  RowSink& sink_;
  State state_ = State::FieldStart;
  std::string field_;
  std::vector<Cell> cells_;
  std::size_t count_ = 0;
  int column_ = 1;
  int record_ = 1;  // rows as a spreadsheet program numbers them: a line break in quotes does not count
  int line_ = 1;
  int quote_line_ = 0;
  bool was_quoted_ = false;
  bool is_too_large_ = false;
  std::string direction_mark_cell_;
};

}  // namespace tenglong::sheet
