#include "engine/sheet/table.h"

#include <algorithm>
#include <map>

#include "engine/quantity/unit.h"
#include "engine/sheet/inside/refusal.h"
#include "engine/sheet/inside/sheet_rows.h"
#include "engine/text/text.h"

namespace tenglong::sheet {
namespace {

constexpr std::size_t kPreviewRows = 60;
constexpr std::size_t kLongestLabel = 80;  // code points; longer is an instruction, not a label

bool is_ascii_word(char32_t c) { return c > ' ' && c < 0x80; }

// Without line breaks and blanks between Chinese characters; single blanks between words.
std::string tidy(std::string_view written) {
  std::string out;
  char32_t before = 0;
  bool has_blank = false;
  for (std::size_t at = 0; at < written.size();) {
    const char32_t c = text::next_code_point(written, at);
    if (c <= ' ' || c == 0xA0 || c == 0x3000 || c == 0xFEFF || c == 0x200B) {
      has_blank = before != 0;
      continue;
    }
    if (has_blank && is_ascii_word(before) && is_ascii_word(c)) out += ' ';
    has_blank = false;
    text::append_code_point(out, c);
    before = c;
  }
  return out;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}
bool has_colon(std::string_view text) { return contains(text, "：") || contains(text, ":"); }

bool is_number_like(std::string_view written) {
  std::string plain = text::to_half_width(text::trim(written));
  std::erase_if(plain, [](char c) { return c == ',' || c == ' '; });
  if (plain.ends_with('%')) plain.pop_back();
  return is_stored_number(plain);
}
bool is_year(std::string_view written) {
  const std::string plain = text::to_half_width(text::trim(written));
  return plain.size() == 4 && (plain.starts_with("19") || plain.starts_with("20")) && is_stored_number(plain);
}
// What stands in data and not in headers: numbers other than years, dates, codes with many digits.
bool is_value(const Cell& cell) {
  if (cell.kind == CellKind::Date || cell.kind == CellKind::Boolean || cell.kind == CellKind::Error)
    return true;
  if (is_year(cell.text)) return false;
  if (cell.kind == CellKind::Number || is_number_like(cell.text)) return true;
  const std::string plain = text::to_half_width(cell.text);
  return std::count_if(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; }) >= 8;
}

// "万元" of "万元", "单位：万元", "人民币万元"; empty if it is no unit.
std::string unit_in(std::string_view written) {
  std::string plain = tidy(written);
  for (std::string_view prefix : {"计量单位", "金额单位", "单位", "：", ":", "人民币"})
    if (plain.starts_with(prefix)) plain.erase(0, prefix.size());
  if (plain.empty()) return "";
  const auto unit = quantity::Unit::parse(plain);
  return unit && !unit->is_bare() ? plain : "";
}

// Takes the unit off the end of a header text: 实缴税金（万元）, 实缴税金(单位:万元), 实缴税金，万元.
std::string take_unit(std::string& label) {
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"（", "）"},
                                    {"(", ")"},
                                    {"（", ")"},
                                    {"(", "）"},
                                    {"[", "]"},
                                    {"【", "】"}}) {
    if (!label.ends_with(close)) continue;
    const std::size_t at = label.rfind(open);
    if (at == std::string::npos || at == 0) continue;
    const std::size_t from = at + open.size();
    if (from + close.size() > label.size()) continue;
    const std::string unit =
        unit_in(std::string_view(label).substr(from, label.size() - close.size() - from));
    if (unit.empty()) continue;
    label.erase(at);
    return unit;
  }
  for (std::string_view comma : {"，", ","}) {
    const std::size_t at = label.rfind(comma);
    if (at == std::string::npos || at == 0) continue;
    const std::string unit = unit_in(std::string_view(label).substr(at + comma.size()));
    if (unit.empty()) continue;
    label.erase(at);
    return unit;
  }
  return "";
}

// The unit that a line like （单位：万元、亩） names; empty if it names none or several.
std::string unit_of_line(std::string_view line) {
  const std::string plain = tidy(line);
  for (std::string_view word : {"单位：", "单位:"}) {
    const std::size_t at = plain.rfind(word);
    if (at == std::string::npos) continue;
    std::string rest = plain.substr(at + word.size());
    for (std::string_view close : {"）", ")", "】"})
      if (const std::size_t end = rest.find(close); end != std::string::npos) rest.erase(end);
    return unit_in(rest);
  }
  return "";
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

// The line 甲 乙 1 2 3, or （1）（2）（3）, that statistical forms have under their header.
bool is_column_numbers(std::span<const Cell> cells) {
  int expected = 0, numbers = 0;
  for (const Cell& cell : cells) {
    std::string plain = text::to_half_width(tidy(cell.text));
    if (plain.size() > 2 && plain.front() == '(' && plain.back() == ')')
      plain = plain.substr(1, plain.size() - 2);
    if (numbers == 0 && starts_with_any(plain, {"甲", "乙", "丙", "丁", "栏次", "序号", "代码"}) &&
        plain.size() <= 6)
      continue;
    if (plain.empty() || plain.size() > 3 ||
        !std::all_of(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; }))
      return false;
    const int number = std::stoi(plain);
    if (numbers++ == 0 ? number > 2 : number != expected) return false;
    expected = number + 1;
  }
  return numbers >= 3;
}

bool is_dash(std::string_view text) { return text == "-" || text == "/" || text == "—" || text == "——"; }
bool is_blank(const Cell& cell) { return tidy(cell.text).empty(); }

// The first rows as a grid that knows its merged ranges.
class Grid {
 public:
  Grid(std::span<const Row> rows, std::span<const MergedRange> merges) : rows_(rows), merges_(merges) {
    for (const Row& row : rows) by_number_[row.number] = &row;
  }
  const Row* row(int number) const {
    const auto found = by_number_.find(number);
    return found == by_number_.end() ? nullptr : found->second;
  }
  const MergedRange* merge_at(int row, int column) const {
    for (const MergedRange& range : merges_) {
      if (range.first_row > row) break;
      if (range.contains(row, column)) return &range;
    }
    return nullptr;
  }
  std::string text_at(int row, int column) const {
    if (const MergedRange* range = merge_at(row, column)) {
      row = range->first_row;
      column = range->first_column;
    }
    return own_text(row, column);
  }
  std::string own_text(int number, int column) const {
    const Row* found = row(number);
    if (!found) return "";
    const auto cell = std::lower_bound(found->cells.begin(), found->cells.end(), column,
                                       [](const Cell& one, int wanted) { return one.column < wanted; });
    return cell != found->cells.end() && cell->column == column ? tidy(cell->text) : "";
  }
  bool has_merges() const { return !merges_.empty(); }
  // Columns that a row's cells cover, merged ranges counted in full.
  int covered(const Row& row) const {
    int count = 0;
    for (const Cell& cell : row.cells) {
      if (is_blank(cell)) continue;
      const MergedRange* range = merge_at(row.number, cell.column);
      count += range ? range->last_column - range->first_column + 1 : 1;
    }
    return count;
  }

 private:
  std::span<const Row> rows_;
  std::span<const MergedRange> merges_;
  std::map<int, const Row*> by_number_;
};

std::vector<const Cell*> filled_cells(const Row& row) {
  std::vector<const Cell*> cells;
  for (const Cell& cell : row.cells)
    if (!is_blank(cell)) cells.push_back(&cell);
  return cells;
}

bool is_header_row(const Grid& grid, const Row& row, int width) {
  const std::vector<const Cell*> cells = filled_cells(row);
  if (cells.size() < (width > 1 ? 2u : 1u) || grid.covered(row) * 3 < width) return false;
  std::size_t colons = 0;
  for (const Cell* cell : cells) {
    if (is_value(*cell) || text::code_point_count(tidy(cell->text)) > kLongestLabel) return false;
    if (has_colon(cell->text)) ++colons;
  }
  return colons * 2 <= cells.size() &&
         !std::all_of(cells.begin(), cells.end(), [](const Cell* c) { return is_year(c->text); });
}

// Does the header that ends in `last` go on in the next row?
bool goes_on(const Grid& grid, int first, int last) {
  const int next = last + 1;
  const Row* below = grid.row(next);
  const Row* above = grid.row(last);
  if (!below || !above) return false;
  if (grid.has_merges()) {
    for (const Cell& cell : above->cells) {
      const MergedRange* range = grid.merge_at(last, cell.column);
      if (range && range->first_row >= first && range->last_row >= next && !is_blank(cell)) return true;
    }
    // A merged range begun further up may reach below without a cell of its own in `above`.
    for (int row = first; row < last; ++row)
      for (const Cell& cell : grid.row(row) ? grid.row(row)->cells : std::vector<Cell>{}) {
        const MergedRange* range = grid.merge_at(row, cell.column);
        if (range && !is_blank(cell) && range->last_row >= next) return true;
      }
  }
  // A group over several columns wants its members named below it; without merged ranges (.csv, .xls) a group
  // is a text with gaps to its right, and the columns that need no members are gaps in the row below.
  const std::vector<const Cell*> cells = filled_cells(*below);
  if (cells.empty() ||
      std::any_of(cells.begin(), cells.end(), [](const Cell* cell) { return is_value(*cell); }))
    return false;
  // A row of units: —｜亩｜万元.
  const auto is_unit_cell = [](const Cell* cell) {
    const std::string text = tidy(cell->text);
    return is_dash(text) || !unit_in(text).empty();
  };
  if (std::all_of(cells.begin(), cells.end(), is_unit_cell) &&
      std::any_of(cells.begin(), cells.end(), [](const Cell* cell) { return !unit_in(cell->text).empty(); }))
    return true;
  bool names_members = false;
  for (const Cell* cell : cells) {
    const MergedRange* over = grid.merge_at(last, cell->column);
    if (over && over->last_column > over->first_column && over->last_row == last) names_members = true;
    if (!grid.has_merges() && grid.own_text(last, cell->column).empty()) names_members = true;
  }
  if (!names_members) return false;
  if (grid.has_merges())
    return cells.front()->column != above->cells.front().column || grid.merge_at(last, cells.front()->column);
  return std::any_of(above->cells.begin(), above->cells.end(), [&](const Cell& cell) {
    return !is_blank(cell) && grid.own_text(next, cell.column).empty();
  });
}

std::vector<std::string> levels_of(const Grid& grid, const std::vector<int>& header_rows, int column,
                                   int first_column) {
  std::vector<std::string> levels;
  const MergedRange* before = nullptr;
  for (std::size_t i = 0; i < header_rows.size(); ++i) {
    const int row = header_rows[i];
    const MergedRange* range = grid.merge_at(row, column);
    if (range && range == before) continue;
    before = range;
    std::string text = grid.text_at(row, column);
    // Without merged ranges a group's name stands over its first member only.
    if (text.empty() && !grid.has_merges() && i + 1 < header_rows.size() &&
        !grid.own_text(header_rows[i + 1], column).empty()) {
      for (int left = column - 1; left >= first_column && text.empty(); --left) {
        if (grid.own_text(header_rows[i + 1], left).empty()) break;
        text = grid.own_text(row, left);
      }
    }
    if (!text.empty() && !is_dash(text)) levels.push_back(std::move(text));
  }
  return levels;
}

std::string joined(const std::vector<std::string>& levels) {
  std::string out;
  for (const std::string& level : levels) out += (out.empty() ? "" : "/") + level;
  return out;
}

TableColumn described(int column, std::vector<std::string> levels, const std::string& line_unit) {
  TableColumn described{
      .column = column, .letter = column_letter(column), .levels = levels, .label = joined(levels)};
  // 用电量 over 千瓦时: the last level is itself the unit.
  if (levels.size() > 1) described.unit = unit_in(levels.back());
  if (!described.unit.empty()) levels.pop_back();
  for (std::size_t i = levels.size(); i-- > 0 && described.unit.empty();)
    described.unit = take_unit(levels[i]);
  described.name = joined(levels);
  if (!described.unit.empty()) {
    described.unit_from = UnitFrom::Header;
  } else if (!line_unit.empty()) {
    described.unit = line_unit;
    described.unit_from = UnitFrom::UnitLine;
  }
  return described;
}

void read_lines_above(std::span<const Row> rows, int header_row, Table& table) {
  for (const Row& row : rows) {
    if (row.number >= header_row) break;
    for (const Cell& cell : row.cells) {
      std::string line = tidy(cell.text);
      if (contains(line, "样例数据")) table.mark = "样例数据";
      // 填报单位：区税务局 names no unit.
      if (!unit_of_line(line).empty() || line.starts_with("单位：") || line.starts_with("单位:")) {
        const std::size_t bracket = std::min(line.find("（"), line.find("("));
        const bool has_title =
            bracket != std::string::npos && bracket > 0 && contains(line.substr(bracket), "单位");
        table.unit_line = has_title ? line.substr(bracket) : line;
        line = has_title ? line.substr(0, bracket) : "";
      }
      if (table.title.empty() && !has_colon(line)) table.title = line;
    }
  }
}

void warn_about_labels(const Table& table, std::span<const Row> rows, const Place& place,
                       Diagnostics& diagnostics) {
  const int header_row = table.header_rows.back();
  std::map<std::string, const TableColumn*> first_of;
  for (const TableColumn& column : table.columns) {
    const auto [first, is_new] = first_of.emplace(column.label, &column);
    if (is_new) continue;
    Place at = place;
    at.cell = cell_name(header_row, column.column);
    diagnostics.push_back(refusal("W-SHEET-121", at,
                                  {"表头“" + column.label + "”出现两次（" + first->second->letter + " 列和 " +
                                       column.letter + " 列），分不清用哪一列。",
                                   "The heading \"" + column.label + "\" occurs twice (columns " +
                                       first->second->letter + " and " + column.letter + ")."},
                                  {"请改成不同的名称，或删去不需要的一列。",
                                   "Give them different names, or delete the one that is not needed."},
                                  Severity::Warning));
  }
  std::map<int, int> unnamed;  // column -> first row with a value
  for (const Row& row : rows) {
    if (row.number < table.first_data_row || role_of(table, row.cells) != RowRole::Data) continue;
    for (const Cell& cell : row.cells)
      if (!is_blank(cell) && !table.find(cell.column)) unnamed.emplace(cell.column, row.number);
  }
  for (const auto& [column, row] : unnamed) {
    Place at = place;
    at.cell = cell_name(row, column);
    diagnostics.push_back(refusal(
        "W-SHEET-122", at,
        {column_letter(column) + " 列有数据但没有表头，这一列不会导入。",
         "Column " + column_letter(column) + " has data but no heading; it will not be imported."},
        {"若是要报送的数据，请在第 " + std::to_string(header_row) + " 行补写表头；否则请删去。",
         "Add a heading in row " + std::to_string(header_row) + " if it is to be reported, or delete it."},
        Severity::Warning));
  }
}

}  // namespace

const TableColumn* Table::find(int column) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const TableColumn& one) { return one.column == column; });
  return found == columns.end() ? nullptr : &*found;
}

FoundTable find_table(std::span<const Row> rows, std::span<const MergedRange> merges, const Place& place) {
  FoundTable found;
  const Grid grid(rows, merges);
  int width = 0;
  for (const Row& row : rows) width = std::max(width, static_cast<int>(filled_cells(row).size()));
  const auto header =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return is_header_row(grid, row, width); });
  if (header == rows.end()) {
    Place at = place;
    found.diagnostics.push_back(refusal(
        "E-SHEET-120", at,
        rows.empty()
            ? Words{"工作表是空的，没有表头也没有数据。", "The sheet is empty: no header and no data."}
            : Words{"没有找到表头：前 " + std::to_string(rows.size()) + " 行里没有一行像列名。",
                    "No header was found: none of the first " + std::to_string(rows.size()) +
                        " rows looks like column names."},
        {"请在数据上面留一行列名（如“企业名称、用地面积（亩）”），每列一个，不要用数字。",
         "Put one row of column names above the data, one in each column, not numbers."}));
    return found;
  }
  Table table;
  table.header_rows.push_back(header->number);
  while (table.header_rows.size() < 8 && goes_on(grid, table.header_rows.front(), table.header_rows.back()))
    table.header_rows.push_back(table.header_rows.back() + 1);
  table.first_data_row = table.header_rows.back() + 1;
  if (const Row* numbers = grid.row(table.first_data_row); numbers && is_column_numbers(numbers->cells))
    ++table.first_data_row;
  read_lines_above(rows, header->number, table);

  int first_column = 1 << 20, last_column = 0;
  for (const int number : table.header_rows)
    for (const Cell& cell : grid.row(number) ? grid.row(number)->cells : std::vector<Cell>{}) {
      if (is_blank(cell)) continue;
      const MergedRange* range = grid.merge_at(number, cell.column);
      first_column = std::min(first_column, cell.column);
      last_column = std::max(last_column, range ? range->last_column : cell.column);
    }
  const std::string line_unit = unit_of_line(table.unit_line);
  for (int column = first_column; column <= last_column; ++column) {
    std::vector<std::string> levels = levels_of(grid, table.header_rows, column, first_column);
    if (!levels.empty()) table.columns.push_back(described(column, std::move(levels), line_unit));
  }
  warn_about_labels(table, rows, place, found.diagnostics);
  found.table = std::move(table);
  return found;
}

FoundTable find_table(const Workbook& workbook, int sheet) {
  Diagnostics said_when_read;  // the caller reads the sheet and hears of its trouble then
  const std::vector<Row> rows = first_rows(workbook, sheet, kPreviewRows, Merged::Keep, said_when_read);
  const std::vector<MergedRange>& merges = workbook.merges(sheet);
  // Ranges below the preview say nothing about the header.
  const int last_row = rows.empty() ? 0 : rows.back().number;
  const auto end = std::find_if(merges.begin(), merges.end(),
                                [&](const MergedRange& one) { return one.first_row > last_row; });
  return find_table(
      rows, {merges.begin(), end},
      {.file = workbook.file_name(), .sheet = workbook.sheets()[static_cast<std::size_t>(sheet)].name});
}

RowRole role_of(const Table& table, std::span<const Cell> cells) {
  std::vector<const Cell*> filled;
  for (const Cell& cell : cells)
    if (!cell.is_filled && !is_blank(cell)) filled.push_back(&cell);
  if (filled.empty()) return RowRole::Blank;
  const std::string first = tidy(filled.front()->text);
  if (filled.front()->kind == CellKind::Text) {
    if (starts_with_any(first, {"注：",       "注:",      "注1",    "注１",     "备注：",   "备注:",
                                "说明：",     "说明:",    "填表",   "填报人",   "填报日期", "填报说明",
                                "制表",       "审核人",   "审核：", "负责人：", "负责人:",  "单位负责人",
                                "统计负责人", "分管领导", "联系人", "联系电话", "报出日期"}))
      return RowRole::Note;
    if (filled.size() == 1 && table.columns.size() >= 3 &&
        (text::code_point_count(first) > 40 || contains(first, "。") || contains(first, "；")))
      return RowRole::Note;
  }
  // 合计 stands in one of the first columns: 序号 may be before it.
  for (std::size_t i = 0; i < std::min<std::size_t>(filled.size(), 3); ++i) {
    if (filled[i]->kind != CellKind::Text) continue;
    std::string word = tidy(filled[i]->text);
    for (std::string_view colon : {"：", ":"})
      if (word.ends_with(colon)) word.erase(word.size() - colon.size());
    for (std::string_view total : {"合计", "总计", "小计", "共计"})
      if (word.ends_with(total) && text::code_point_count(word) <= 8) return RowRole::Total;
  }
  if (filled.size() >= 2 && std::all_of(filled.begin(), filled.end(), [&](const Cell* cell) {
        const TableColumn* column = table.find(cell->column);
        return column && std::find(column->levels.begin(), column->levels.end(), tidy(cell->text)) !=
                             column->levels.end();
      }))
    return RowRole::Header;
  return is_column_numbers(cells) && cells.size() * 2 > table.columns.size() && cells.size() >= 4
             ? RowRole::ColumnNumbers
             : RowRole::Data;
}

std::string render_table(const Table& table) {
  std::string out;
  if (!table.title.empty()) out += "title " + table.title + "\n";
  if (!table.mark.empty()) out += "mark " + table.mark + "\n";
  if (!table.unit_line.empty()) out += "unit line " + table.unit_line + "\n";
  out += "header rows";
  for (const int row : table.header_rows) out += " " + std::to_string(row);
  out += ", data from row " + std::to_string(table.first_data_row) + "\n";
  for (const TableColumn& column : table.columns) {
    out += column.letter + " " + column.label;
    if (column.unit_from == UnitFrom::Header) out += " | " + column.name + " | " + column.unit;
    if (column.unit_from == UnitFrom::UnitLine) out += " | " + column.unit + " (unit line)";
    out += "\n";
  }
  return out;
}

}  // namespace tenglong::sheet
