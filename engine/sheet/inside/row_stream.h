// The rows of one sheet that is being written, as XML in a file without a name, until the workbook around
// them is there. libxlsxwriter makes the workbook and its headers; rows go past it, because formatting each
// number twice and packing at its level takes four times as long.
#pragma once
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/sheet/writer.h"

namespace tenglong::sheet {

class RowStream {
 public:
  // `style`: the number of a cell format in the workbook, 0 for none. `part`: xl/worksheets/sheet1.xml.
  struct Styles {
    std::vector<int> of_column = {};
    int text = 0, date = 0;
  };
  RowStream(const std::string& temporary_path, std::string part, Styles styles);
  ~RowStream();
  RowStream(const RowStream&) = delete;
  RowStream& operator=(const RowStream&) = delete;

  // `row` from 1, rising. Throws std::runtime_error if the disk is full.
  void row(int row, std::span<const OutCell> cells);
  bool is_empty() const { return last_row_ == 0; }
  int last_row() const { return last_row_; }
  int last_column() const { return last_column_; }

 private:
  friend void splice_rows(const std::string& path, std::span<const std::unique_ptr<RowStream>> sheets);
  void flush();

  std::FILE* file_ = nullptr;
  std::string part_;
  Styles styles_;
  std::string out_;
  std::vector<std::string> letters_;
  int last_row_ = 0, last_column_ = 0;
};

// Puts the rows into their sheets of the finished workbook at `path`, packed quickly, dated as the other
// parts.
void splice_rows(const std::string& path, std::span<const std::unique_ptr<RowStream>> sheets);

// A text as a cell of an .xlsx holds it: control characters and what looks like their escapes escaped, NUL
// and what is no character dropped, cut at what a program accepts in one cell.
std::string cell_text(std::string_view text);

}  // namespace tenglong::sheet
