#include "engine/sheet/inside/sheet_rows.h"

#include <algorithm>
#include <charconv>

#include "engine/sheet/inside/refusal.h"

namespace tenglong::sheet {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

template <class Number>
bool to_number(std::string_view text, Number& value) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

// The same trouble in a thousand cells is one diagnostic at the first of them, with the count.
struct Tally {
  int count = 0;
  std::string first_cell;
  void add(int row, int column) {
    if (count++ == 0) first_cell = cell_name(row, column);
  }
  std::string cells_zh() const { return count == 1 ? "" : "（同类共 " + std::to_string(count) + " 格）"; }
  std::string cells_en() const { return count == 1 ? "" : " (" + std::to_string(count) + " cells like it)"; }
};

class SheetHandler final : public XmlHandler {
 public:
  SheetHandler(const SheetSetting& setting, RowSink& sink, Diagnostics& diagnostics)
      : setting_(setting), sink_(sink), diagnostics_(diagnostics) {}

  void start(std::string_view name, Attributes attributes) override {
    is_collecting_ = false;
    if (name == "c") {
      if (is_in_row_) start_cell(attributes);
    } else if (name == "v") {
      is_collecting_ = is_in_cell_;
      use_column();
    } else if (name == "t") {
      is_collecting_ = is_in_cell_ && is_in_inline_ && phonetic_depth_ == 0;
    } else if (name == "row") {
      if (is_in_data_) start_row(attributes);
    } else if (name == "f") {
      has_formula_ = true;
      use_column();
    } else if (name == "is") {
      is_in_inline_ = true;
      use_column();
    } else if (name == "rPh") {
      ++phonetic_depth_;
    } else if (name == "sheetData") {
      is_in_data_ = true;
    }
  }
  void end(std::string_view name) override {
    is_collecting_ = false;
    if (name == "c") {
      if (is_in_cell_) end_cell();
    } else if (name == "row") {
      if (is_in_row_) end_row();
    } else if (name == "is") {
      is_in_inline_ = false;
    } else if (name == "rPh") {
      --phonetic_depth_;
    } else if (name == "sheetData") {
      is_in_data_ = false;  // what follows is read only to know that the part is whole
    }
  }
  void characters(std::string_view piece) override {
    if (!is_collecting_) return;
    value_ += piece;
    if (value_.size() > setting_.limits.cell_bytes * 4) {
      diagnostics_.push_back(too_large(at_cell(), {"一格的文字", "the text of one cell"},
                                       std::to_string(setting_.limits.cell_bytes * 4 >> 10) + " KiB"));
      stop();
    }
  }

  int last_used_column() const { return last_used_column_; }
  void report_tallies() {
    if (bad_strings_.count > 0)
      diagnostics_.push_back(
          refusal("E-SHEET-112", at(bad_strings_.first_cell),
                  {"单元格指向的文字在文件里不存在" + bad_strings_.cells_zh() + "，内容已丢失。",
                   "The text this cell refers to is not in the file" + bad_strings_.cells_en() +
                       "; its content is lost."},
                  {"请用 Excel 或 WPS 打开核对这些单元格，补填后另存为新的 xlsx。",
                   "Open it in Excel or WPS, fill in these cells again and save it as a new xlsx."}));
    if (uncomputed_.count > 0)
      diagnostics_.push_back(refusal(
          "E-SHEET-119", at(uncomputed_.first_cell),
          {"公式还没有算出结果" + uncomputed_.cells_zh() + "，文件里只有公式、没有数值。",
           "The formula has no stored result" + uncomputed_.cells_en() + "; the file holds no value here."},
          {"请用 Excel 或 WPS 打开，等公式算完后保存；或复制后“选择性粘贴为数值”。",
           "Open it in Excel or WPS, let it calculate and save it; or paste the results as values."}));
    if (direction_marks_.count > 0)
      diagnostics_.push_back(refusal(
          "W-SHEET-117", at(direction_marks_.first_cell),
          {"文字里有看不见的方向控制符" + direction_marks_.cells_zh() + "，显示的顺序与实际内容可能不同。",
           "The text has invisible direction marks" + direction_marks_.cells_en() +
               "; it may not read in the order it is stored."},
          {"请删去单元格内容，重新手工键入。", "Clear the cell and type its content again by hand."},
          Severity::Warning));
  }

 private:
  Place at(const std::string& cell) const {
    Place place = setting_.place;
    place.cell = cell;
    return place;
  }
  void use_column() { last_used_column_ = std::max(last_used_column_, column_); }
  Place at_cell() const { return at(cell_name(row_, column_)); }

  void refuse_order(const std::string& where, const std::string& why_zh, const std::string& why_en) {
    diagnostics_.push_back(
        refusal("E-SHEET-111", at(where),
                {"工作表内部的次序有误：" + why_zh + "，后面的行没有读。",
                 "The sheet is out of order inside: " + why_en + "; the rows after it were not read."},
                {"请用 Excel 或 WPS 打开后另存为新的 xlsx 再传。",
                 "Open it in Excel or WPS and save it as a new xlsx."}));
    stop();
  }

  void start_row(Attributes attributes) {
    const std::string_view number = attribute(attributes, "r");
    int row = row_ + 1;
    if ((!number.empty() && !to_number(number, row)) || row < 1 || row > 1048576)
      return refuse_order("", "行号“" + std::string(number.substr(0, 20)) + "”不成立",
                          "row number \"" + std::string(number.substr(0, 20)) + "\" is not possible");
    if (row <= row_)
      return refuse_order(std::to_string(row),
                          "第 " + std::to_string(row) + " 行出现在第 " + std::to_string(row_) + " 行之后",
                          "row " + std::to_string(row) + " comes after row " + std::to_string(row_));
    row_ = row;
    column_ = 0;
    count_ = 0;
    is_sorted_ = true;
    is_in_row_ = true;
    count_blank();
  }

  void start_cell(Attributes attributes) {
    is_in_cell_ = true;
    value_.clear();
    has_formula_ = false;
    type_ = 'n';
    style_ = 0;
    int column = column_ + 1;
    for (Attributes at = attributes; *at; at += 2) {
      const std::string_view name(*at), value(at[1]);
      if (name == "r") {
        const std::optional<Position> position = parse_cell_name(value);
        if (!position || position->row != row_ || position->column > setting_.limits.columns)
          return refuse_order(cell_name(row_, std::max(column_, 1)),
                              "单元格名“" + std::string(value.substr(0, 20)) + "”不成立",
                              "cell name \"" + std::string(value.substr(0, 20)) + "\" is not possible here");
        column = position->column;
      } else if (name == "t") {
        // s(tring) n(umber) b(oolean) e(rror) d(ate) i(nline) f(ormula string, "str")
        type_ = value == "str" ? 'f' : value.empty() ? 'n' : value[0];
      } else if (name == "s") {
        to_number(value, style_);
      }
    }
    if (column > setting_.limits.columns)
      return refuse_order(cell_name(row_, 1), "列数超过 " + std::to_string(setting_.limits.columns),
                          "more than " + std::to_string(setting_.limits.columns) + " columns");
    if (column <= column_) is_sorted_ = false;
    column_ = column;
  }

  Cell& next_cell(CellKind kind) {
    if (count_ == cells_.size()) cells_.emplace_back();
    Cell& cell = cells_[count_++];
    cell.row = row_;
    cell.column = column_;
    cell.kind = kind;
    cell.text.clear();
    cell.date.reset();
    cell.is_formula = has_formula_;
    cell.is_percent = cell.is_filled = false;
    blanks_in_a_row_ = 0;
    return cell;
  }

  void end_cell() {
    is_in_cell_ = false;
    switch (type_) {
      case 's': {
        const std::string_view digits = trimmed(value_);
        if (digits.empty()) return count_blank();
        std::size_t index = 0;
        if (!to_number(digits, index) || index >= setting_.strings.size()) {
          bad_strings_.add(row_, column_);
          next_cell(CellKind::Error).text = "#REF!";
          return;
        }
        return text_cell(setting_.strings[index]);
      }
      case 'i':
      case 'f':
        if (has_escapes(value_)) value_ = without_escapes(value_);
        return text_cell(value_);
      case 'b': {
        const std::string_view value = trimmed(value_);
        if (value.empty()) return count_blank();
        next_cell(CellKind::Boolean).text = value == "1" || value == "true" ? "TRUE" : "FALSE";
        return;
      }
      case 'e':
        next_cell(CellKind::Error).text = trimmed(value_).empty() ? "#N/A" : std::string(trimmed(value_));
        return;
      case 'd': {
        const std::string_view value = trimmed(value_);
        if (value.empty()) return count_blank();
        Cell& cell = next_cell(CellKind::Date);
        cell.text = value;
        cell.date = calendar::Date::parse(value.substr(0, 10));
        return;
      }
      default:
        return number_cell();
    }
  }
  void text_cell(std::string_view text) {
    if (text.empty()) return count_blank();
    // One long text that a million cells point to is gigabytes for whoever reads them.
    text_bytes_ += text.size();
    if (text_bytes_ > setting_.limits.unpacked_bytes) {
      diagnostics_.push_back(too_large(at_cell(), {"各格文字合计", "the text of all cells"},
                                       std::to_string(setting_.limits.unpacked_bytes >> 20) + " MiB"));
      return stop();
    }
    if (text.find('\xE2') != std::string_view::npos && has_direction_marks(text))
      direction_marks_.add(row_, column_);
    next_cell(CellKind::Text).text = text;
  }
  void number_cell() {
    const std::string_view value = trimmed(value_);
    if (value.empty()) {
      if (has_formula_) uncomputed_.add(row_, column_);
      return count_blank();
    }
    if (!is_stored_number(value)) return text_cell(value);
    const bool is_date = setting_.styles.is_date(style_);
    Cell& cell = next_cell(is_date ? CellKind::Date : CellKind::Number);
    cell.text = value;
    cell.is_percent = !is_date && setting_.styles.is_percent(style_);
    if (!is_date) return;
    double serial = 0;
    // Below 1 it is a time of day.
    if (to_number(value, serial) &&
        serial >= (setting_.epoch == calendar::SpreadsheetEpoch::From1900 ? 1 : 0) && serial < 2958466)
      cell.date = calendar::from_spreadsheet(serial, setting_.epoch);
  }

  void end_row() {
    is_in_row_ = false;
    if (count_ == 0) return;
    const std::span<Cell> cells(cells_.data(), count_);
    if (!is_sorted_) {
      std::stable_sort(cells.begin(), cells.end(),
                       [](const Cell& a, const Cell& b) { return a.column < b.column; });
      const auto twice = std::adjacent_find(
          cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.column == b.column; });
      if (twice != cells.end())
        return refuse_order(cell_name(row_, twice->column), "同一格出现两次", "the same cell comes twice");
    }
    if (!sink_.row(row_, cells)) stop();
  }

  void count_blank() {
    if (++blanks_in_a_row_ <= setting_.limits.blank_elements) return;
    diagnostics_.push_back(refusal(
        "W-SHEET-113", at(std::to_string(row_)),
        {"这里往上已有几百万个只有格式、没有内容的单元格或行，从此行起不再往下读。",
         "Millions of cells or rows up to here are formatted but empty; nothing below this row was read."},
        {"若下面还有数据，请选中数据下方的空白行整行删除（不是清除内容）后另存再传。",
         "If there are data below, delete the blank rows above them (delete, not clear) and save it again."},
        Severity::Warning));
    stop();
  }

  const SheetSetting& setting_;
  RowSink& sink_;
  Diagnostics& diagnostics_;
  std::vector<Cell> cells_;  // reused from row to row, so that texts keep their memory
  std::size_t count_ = 0;
  std::string value_;
  std::size_t style_ = 0;
  int row_ = 0, column_ = 0, last_used_column_ = 0;
  char type_ = 'n';
  bool is_in_data_ = false, is_in_row_ = false, is_in_cell_ = false, is_in_inline_ = false;
  bool is_collecting_ = false, has_formula_ = false, is_sorted_ = true;
  int phonetic_depth_ = 0;
  std::uint64_t blanks_in_a_row_ = 0, text_bytes_ = 0;
  Tally bad_strings_, uncomputed_, direction_marks_;
};

}  // namespace

bool is_stored_number(std::string_view text) {
  std::size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  std::size_t digits = 0;
  const auto take_digits = [&] {
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) ++digits;
  };
  take_digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    take_digits();
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'E' || text[at] == 'e')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    digits = 0;
    take_digits();
    if (digits == 0) return false;
  }
  return at == text.size();
}

int read_sheet_rows(ByteSource& source, const SheetSetting& setting, RowSink& sink,
                    Diagnostics& diagnostics) {
  SheetHandler handler(setting, sink, diagnostics);
  const bool is_well_formed = parse_xml(source, handler, setting.place, setting.part, diagnostics);
  handler.report_tallies();
  return is_well_formed && !handler.has_stopped() ? handler.last_used_column() : 0;
}

}  // namespace tenglong::sheet
