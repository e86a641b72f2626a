#include "engine/sheet/inside/csv_workbook.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>

#include "engine/sheet/inside/refusal.h"
#include "engine/sheet/inside/shared_strings.h"
#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::sheet {
namespace {

constexpr std::string_view kUtf8Bom = "\xEF\xBB\xBF";

const char* icu_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::Utf8:
      return "UTF-8";
    case Encoding::Gb18030:
      return "GB18030";
    case Encoding::Utf16LittleEndian:
      return "UTF-16LE";
    case Encoding::Utf16BigEndian:
      return "UTF-16BE";
  }
  report_bug("an encoding", std::source_location::current());
}
std::size_t bom_size(const CsvShape& shape) {
  return !shape.has_bom ? 0 : shape.encoding == Encoding::Utf8 ? 3 : 2;
}

struct Converter {
  explicit Converter(Encoding encoding) {
    UErrorCode error = U_ZERO_ERROR;
    icu = ucnv_open(icu_name(encoding), &error);
    ensure(U_SUCCESS(error), "ICU knows the encodings of this room");
  }
  ~Converter() { ucnv_close(icu); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  UConverter* icu;
};

// How often each candidate separates fields in the first lines. The one that gives most lines the same number
// of fields wins, because titles and notes contain commas by chance and rows by rule.
char likely_separator(std::string_view head) {
  constexpr std::string_view kCandidates = ",\t;";
  char best = ',';
  int best_score = 0;
  for (const char candidate : kCandidates) {
    std::vector<int> counts;
    int count = 0;
    bool is_quoted = false;
    for (const char c : head) {
      if (c == '"') is_quoted = !is_quoted;
      if (is_quoted) continue;
      if (c == candidate) ++count;
      if (c != '\n') continue;
      counts.push_back(count);
      count = 0;
      if (counts.size() == 50) break;
    }
    if (count > 0) counts.push_back(count);
    int score = 0;
    for (const int value : counts)
      if (value > 0)
        score = std::max(score, static_cast<int>(std::count(counts.begin(), counts.end(), value)));
    if (score > best_score) {
      best_score = score;
      best = candidate;
    }
  }
  return best;
}

Diagnostic unclosed_quote(const std::string& file_name, int line) {
  return refusal("E-SHEET-115", {.file = file_name, .line = line},
                 {"从第 " + std::to_string(line) + " 行起的双引号没有配对，其后的内容都被当成了一格。",
                  "The quotation mark that opens in line " + std::to_string(line) +
                      " is never closed; all that follows was taken for one cell."},
                 {"请在该行补上或删去双引号；或用 Excel、WPS 打开核对后另存为 xlsx。",
                  "Close or remove the quotation mark in that line, or save the file as xlsx."});
}

std::string stem(const std::string& file_name) {
  const std::size_t slash = file_name.find_last_of("/\\");
  const std::string name = slash == std::string::npos ? file_name : file_name.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

}  // namespace

CsvShape csv_shape(std::string_view bytes) {
  CsvShape shape;
  if (bytes.starts_with(kUtf8Bom)) {
    shape.has_bom = true;
  } else if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    shape.encoding = bytes[0] == '\xFF' ? Encoding::Utf16LittleEndian : Encoding::Utf16BigEndian;
    shape.has_bom = true;
  } else if (!text::is_utf8(bytes)) {
    shape.encoding = Encoding::Gb18030;
  }
  std::string head = decoded(bytes.substr(0, 64 << 10), shape);
  if (head.starts_with("sep=") && head.size() > 4) {
    shape.separator = head[4];
    shape.has_separator_line = true;
  } else {
    shape.separator = likely_separator(head);
  }
  const std::size_t newline = head.find('\n');
  if (newline != std::string::npos)
    shape.line_end = newline > 0 && head[newline - 1] == '\r' ? "\r\n" : "\n";
  else if (head.find('\r') != std::string::npos)
    shape.line_end = "\r";
  return shape;
}

int decode(std::string_view bytes, const CsvShape& shape, void* context, Utf8Piece each,
           int& first_bad_line) {
  bytes.remove_prefix(std::min(bom_size(shape), bytes.size()));
  first_bad_line = 0;
  if (shape.encoding == Encoding::Utf8 && text::is_utf8(bytes)) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 64 << 10)))
      if (!each(context, bytes.substr(0, 64 << 10))) return 0;
    return 0;
  }
  const Converter from(shape.encoding), to(Encoding::Utf8);
  std::array<UChar, 16 << 10> pivot;
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  std::array<char, 64 << 10> out;
  const char* source = bytes.data();
  const char* const source_end = bytes.data() + bytes.size();
  int bad = 0, line = 1;
  for (bool is_first = true;; is_first = false) {
    char* target = out.data();
    UErrorCode error = U_ZERO_ERROR;
    ucnv_convertEx(to.icu, from.icu, &target, out.data() + out.size(), &source, source_end, pivot.data(),
                   &pivot_source, &pivot_target, pivot.data() + pivot.size(), is_first, true, &error);
    const std::string_view piece(out.data(), static_cast<std::size_t>(target - out.data()));
    // ICU puts U+FFFD where bytes belong to no character.
    for (std::size_t at = 0; at < piece.size(); ++at) {
      if (piece[at] == '\n') ++line;
      if (piece.substr(at, 3) != "\xEF\xBF\xBD") continue;
      if (bad++ == 0) first_bad_line = line;
    }
    if (!piece.empty() && !each(context, piece)) return bad;
    if (error != U_BUFFER_OVERFLOW_ERROR) return bad;
  }
}

std::string decoded(std::string_view bytes, const CsvShape& shape) {
  std::string out;
  int line = 0;
  decode(
      bytes, shape, &out,
      [](void* context, std::string_view piece) {
        *static_cast<std::string*>(context) += piece;
        return true;
      },
      line);
  return out;
}

std::string encoded(std::string_view utf8, const CsvShape& shape) {
  if (shape.encoding == Encoding::Utf8) return std::string(utf8);
  std::string out;
  UErrorCode error = U_ZERO_ERROR;
  const Converter to(shape.encoding), from(Encoding::Utf8);
  std::array<UChar, 4 << 10> pivot;
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* source = utf8.data();
  std::array<char, 16 << 10> piece;
  for (bool is_first = true;; is_first = false) {
    error = U_ZERO_ERROR;
    char* target = piece.data();
    ucnv_convertEx(to.icu, from.icu, &target, piece.data() + piece.size(), &source, utf8.data() + utf8.size(),
                   pivot.data(), &pivot_source, &pivot_target, pivot.data() + pivot.size(), is_first, true,
                   &error);
    out.append(piece.data(), target);
    if (error != U_BUFFER_OVERFLOW_ERROR) return out;
  }
}

bool may_be_run(std::string_view text) {
  const std::size_t first = text.find_first_not_of('\'');
  return first != std::string_view::npos &&
         std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos;
}

bool CsvParser::feed(std::string_view piece) {
  while (!piece.empty()) {
    // Runs of ordinary characters are most of a file.
    if (state_ == State::Plain || state_ == State::Quoted) {
      std::size_t run = 0;
      if (state_ == State::Quoted)
        while (run < piece.size() && piece[run] != '"' && piece[run] != '\n') ++run;
      else
        while (run < piece.size() && piece[run] != setting_.separator && piece[run] != '\n' &&
               piece[run] != '\r')
          ++run;
      field_ += piece.substr(0, run);
      piece.remove_prefix(run);
      if (field_.size() > setting_.limits->cell_bytes * 4) {
        is_too_large_ = true;
        return false;
      }
      if (piece.empty()) break;
    }
    const char c = piece.front();
    piece.remove_prefix(1);
    if (!take(c)) return false;
  }
  return true;
}

bool CsvParser::take(char c) {
  if (c == '\n') ++line_;
  if (state_ == State::AfterReturn) {
    state_ = State::FieldStart;
    if (c == '\n') return true;
  }
  if (state_ == State::Quoted) {
    if (c == '"')
      state_ = State::QuoteInQuoted;
    else
      field_ += c;
    return true;
  }
  if (state_ == State::QuoteInQuoted) {
    if (c == '"') {
      field_ += c;
      state_ = State::Quoted;
      return true;
    }
    state_ = State::Plain;
  }
  if (c == '"' && state_ == State::FieldStart) {
    state_ = State::Quoted;
    was_quoted_ = true;
    quote_line_ = line_;
    return true;
  }
  if (c == setting_.separator) {
    end_field();
    state_ = State::FieldStart;
    if (column_ <= setting_.limits->columns) return true;
    is_too_large_ = true;
    return false;
  }
  if (c == '\n' || c == '\r') {
    state_ = c == '\r' ? State::AfterReturn : State::FieldStart;
    return end_record();
  }
  field_ += c;
  state_ = State::Plain;
  return true;
}

void CsvParser::end_field() {
  // ="00123" is how exports keep the zeros of a code from Excel.
  if (field_.starts_with("=\"") && field_.size() >= 3 && field_.ends_with('"'))
    field_ = field_.substr(2, field_.size() - 3);
  else if (field_.starts_with('\'') && may_be_run(field_))
    field_.erase(0, 1);
  if (!field_.empty()) {
    if (count_ == cells_.size()) cells_.emplace_back();
    Cell& cell = cells_[count_++];
    cell.row = record_;
    cell.column = column_;
    cell.kind = CellKind::Text;
    cell.text.swap(field_);
    if (direction_mark_cell_.empty() && sheet::has_direction_marks(cell.text))
      direction_mark_cell_ = cell_name(record_, column_);
  }
  field_.clear();
  was_quoted_ = false;
  ++column_;
}

bool CsvParser::end_record() {
  end_field();
  const bool goes_on = count_ == 0 || sink_.row(record_, {cells_.data(), count_});
  count_ = 0;
  column_ = 1;
  ++record_;
  return goes_on;
}

bool CsvParser::finish() {
  if (state_ == State::FieldStart && column_ == 1) return true;
  if (state_ == State::AfterReturn) return true;
  return end_record();
}

CsvWorkbook::CsvWorkbook(std::string file_name, std::string bytes, const Limits& limits)
    : file_name_(std::move(file_name)), bytes_(std::move(bytes)), limits_(limits), shape_(csv_shape(bytes_)) {
  sheets_.push_back({.name = stem(file_name_)});
}

std::int64_t CsvWorkbook::likely_rows(int) const {
  return std::count(bytes_.begin(), bytes_.end(), shape_.line_end.back()) + 1;
}

Diagnostics CsvWorkbook::read(int sheet, RowSink& sink, Merged) const {
  ensure(sheet == 0, "a .csv has one sheet");
  const Place place{.file = file_name_, .sheet = sheets_[0].name};
  Diagnostics diagnostics;
  struct Reading {
    CsvParser parser;
    bool has_separator_line;
    bool has_stopped = false;
  } reading{CsvParser({shape_.separator, &limits_}, sink), shape_.has_separator_line};
  // A program does not show the line "sep=;", so it is no row.
  int first_bad_line = 0;
  const int bad = decode(
      bytes_, shape_, &reading,
      [](void* context, std::string_view piece) {
        Reading& now = *static_cast<Reading*>(context);
        if (now.has_separator_line) {
          now.has_separator_line = false;
          piece.remove_prefix(
              std::min(piece.find('\n') == std::string_view::npos ? piece.size() : piece.find('\n') + 1,
                       piece.size()));
        }
        now.has_stopped = !now.parser.feed(piece);
        return !now.has_stopped;
      },
      first_bad_line);
  if (bad > 0)
    diagnostics.push_back(
        refusal("E-SHEET-114", {.file = file_name_, .line = first_bad_line},
                {"文字编码有误：既不是 UTF-8 也不是 GB18030，从第 " + std::to_string(first_bad_line) +
                     " 行起有 " + std::to_string(bad) + " 处读不出的字节。",
                 "The text is neither UTF-8 nor GB18030: " + std::to_string(bad) +
                     " unreadable places, the first in line " + std::to_string(first_bad_line) + "."},
                {"请用 Excel 或 WPS 打开核对文字，另存为 xlsx 再传。",
                 "Open it in Excel or WPS, check the text and save it as xlsx."}));
  if (!reading.has_stopped) {
    if (reading.parser.is_in_quotes())
      diagnostics.push_back(unclosed_quote(file_name_, reading.parser.quote_line()));
    reading.parser.finish();
  } else if (reading.parser.is_too_large()) {
    diagnostics.push_back(
        reading.parser.is_in_quotes()
            ? unclosed_quote(file_name_, reading.parser.quote_line())
            : too_large(place, {"一格的文字或一行的列数", "the text of one cell or the number of columns"},
                        std::to_string(limits_.cell_bytes * 4 >> 10) + " KiB / " +
                            std::to_string(limits_.columns)));
  }
  if (reading.parser.has_direction_marks()) {
    Place at = place;
    at.cell = reading.parser.direction_mark_cell();
    diagnostics.push_back(
        refusal("W-SHEET-117", at,
                {"文字里有看不见的方向控制符，显示的顺序与实际内容可能不同。",
                 "The text has invisible direction marks; it may not read in the order it is stored."},
                {"请删去单元格内容，重新手工键入。", "Clear the cell and type its content again by hand."},
                Severity::Warning));
  }
  return diagnostics;
}

}  // namespace tenglong::sheet
