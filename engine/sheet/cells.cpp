#include <algorithm>
#include <charconv>

#include "engine/sheet/sheet.h"
#include "engine/text/ensure.h"
#include "engine/text/json_writer.h"

namespace tenglong::sheet {
namespace {

constexpr int kLastRow = 1048576;
constexpr int kLastColumn = 16384;

class KeepingSink final : public RowSink {
 public:
  explicit KeepingSink(std::size_t count) : count_(count) {}
  bool row(int row_number, std::span<const Cell> cells) override {
    rows.push_back({row_number, {cells.begin(), cells.end()}});
    return rows.size() < count_;
  }
  std::vector<Row> rows;

 private:
  std::size_t count_;
};

class RenderingSink final : public RowSink {
 public:
  std::string out;
  bool row(int, std::span<const Cell> cells) override {
    for (const Cell& cell : cells) {
      out += cell_name(cell.row, cell.column) + " " + to_code(cell.kind) + " ";
      out += cell.kind == CellKind::Text ? text::json_quoted(cell.text) : cell.text;
      if (cell.kind == CellKind::Date) out += cell.date ? " " + cell.date->to_string() : " (no day)";
      if (cell.is_formula) out += " formula";
      if (cell.is_filled) out += " filled";
      out += '\n';
    }
    return true;
  }
};

}  // namespace

const char* to_code(CellKind kind) {
  switch (kind) {
    case CellKind::Empty:
      return "empty";
    case CellKind::Text:
      return "text";
    case CellKind::Number:
      return "number";
    case CellKind::Boolean:
      return "boolean";
    case CellKind::Date:
      return "date";
    case CellKind::Error:
      return "error";
  }
  report_bug("a cell kind", std::source_location::current());
}

std::string column_letter(int column) {
  std::string letters;
  for (; column > 0; column = (column - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
  return letters;
}

std::string cell_name(int row, int column) { return column_letter(column) + std::to_string(row); }

std::optional<Position> parse_cell_name(std::string_view name) {
  std::size_t at = 0;
  const auto skip_dollar = [&] {
    if (at < name.size() && name[at] == '$') ++at;
  };
  Position position;
  skip_dollar();
  for (; at < name.size(); ++at) {
    const char letter = static_cast<char>(name[at] & ~0x20);
    if (letter < 'A' || letter > 'Z') break;
    position.column = position.column * 26 + (letter - 'A' + 1);
    if (position.column > kLastColumn) return std::nullopt;
  }
  skip_dollar();
  const std::size_t first_digit = at;
  for (; at < name.size() && name[at] >= '0' && name[at] <= '9'; ++at) {
    position.row = position.row * 10 + (name[at] - '0');
    if (position.row > kLastRow) return std::nullopt;
  }
  if (position.column == 0 || position.row == 0 || at == first_digit || at != name.size())
    return std::nullopt;
  return position;
}

std::string typed_number(std::string_view stored) {
  int digits = 0;
  bool is_fraction = false;
  for (const char c : stored) {
    if (c == 'E' || c == 'e') break;
    if (c == '.') is_fraction = true;
    // Zeros before the first other digit say nothing.
    if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) ++digits;
  }
  const bool has_exponent = stored.find_first_of("eE") != std::string_view::npos;
  double value = 0;
  if (digits <= 15 || (!is_fraction && !has_exponent)) return std::string(stored);
  if (std::from_chars(stored.data(), stored.data() + stored.size(), value).ec != std::errc())
    return std::string(stored);
  char shown[64];
  const auto end = std::to_chars(shown, shown + sizeof shown, value, std::chars_format::general, 15).ptr;
  return std::string(shown, end);
}

std::vector<Row> first_rows(const Workbook& workbook, int sheet, std::size_t count, Merged merged,
                            Diagnostics& diagnostics) {
  KeepingSink sink(count);
  const Diagnostics found = workbook.read(sheet, sink, merged);
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  return std::move(sink.rows);
}

int Workbook::last_used_column(int) const { return 0; }

std::int64_t Workbook::likely_rows(int sheet) const {
  const std::string& claimed = sheets()[static_cast<std::size_t>(sheet)].dimension;
  const std::size_t colon = claimed.find(':');
  const auto last = colon == std::string::npos ? std::nullopt : parse_cell_name(claimed.substr(colon + 1));
  return last ? last->row : 0;
}

std::string render_cells(const Workbook& workbook, int sheet, Merged merged) {
  RenderingSink sink;
  workbook.read(sheet, sink, merged);
  return std::move(sink.out);
}

}  // namespace tenglong::sheet
