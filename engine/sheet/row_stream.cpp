#include "engine/sheet/inside/row_stream.h"

#include <zip.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>

#include "engine/sheet/inside/shared_strings.h"
#include "engine/sheet/inside/sheet_patch.h"
#include "engine/sheet/inside/sheet_rows.h"
#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::sheet {
namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr std::size_t kLongestText = 32767;  // UTF-16 units that a program accepts in one cell
constexpr int kMostRows = 1048576;
constexpr int kSafeDigits = 15;  // of a number that a program keeps
constexpr int kSafeExponent = 300;

// Nothing to escape and nothing to cut.
bool is_plain(std::string_view text) {
  return text.size() <= kLongestText && std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) >= ' ' && static_cast<unsigned char>(c) < 0x80 && c != '_' &&
                  c != '&' && c != '<' && c != '>';
         });
}

// A number that survives a program: at most 15 digits, of a size that a double has.
bool is_safe_number(std::string_view text) {
  if (!is_stored_number(text)) return false;
  int digits = 0, zeros = 0;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != 'E' && text[at] != 'e'; ++at) {
    if (text[at] < '0' || text[at] > '9') continue;
    if (text[at] == '0') {
      zeros += digits > 0 ? 1 : 0;
    } else {
      digits += zeros + 1;
      zeros = 0;
    }
  }
  if (digits > kSafeDigits || text.size() > 320) return false;
  int exponent = 0;
  if (at < text.size()) {
    const char* from = text.data() + at + 1;
    if (*from == '+') ++from;
    if (std::from_chars(from, text.data() + text.size(), exponent).ec != std::errc()) return false;
  }
  return exponent > -kSafeExponent && exponent < kSafeExponent;
}

void append_xml_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
}

// Spreadsheets begin in 1900, and believe that it had a 29th of February.
std::optional<std::int64_t> serial_of(calendar::Date date) {
  if (date.year < 1900 || date.year > 9999) return std::nullopt;
  static const std::int64_t kDayZero = calendar::Date{1899, 12, 30}.days();
  static const std::int64_t kMarch = calendar::Date{1900, 3, 1}.days();
  return date.days() - kDayZero - (date.days() < kMarch ? 1 : 0);
}

void append_number(std::string& out, std::int64_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace

std::string cell_text(std::string_view text) {
  std::string out;
  std::size_t utf16_units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t c = text::next_code_point(text, at);
    utf16_units += c > 0xFFFF ? 2 : 1;
    if (utf16_units > kLongestText) break;
    if (c == 0 || c == 0xFFFE || c == 0xFFFF) continue;
    if (c < ' ' && c != '\n' && c != '\t') {
      static constexpr char kHex[] = "0123456789ABCDEF";
      out += "_x00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
      out += '_';
      continue;
    }
    // A text that looks like an escape is written so that it is not taken for one.
    if (c == '_' && is_escape(text.substr(from))) out += "_x005F";
    text::append_code_point(out, c);
  }
  return out;
}

RowStream::RowStream(const std::string& temporary_path, std::string part, Styles styles)
    : file_(std::fopen(temporary_path.c_str(), "w+bx")), part_(std::move(part)), styles_(std::move(styles)) {
  if (!file_) throw std::runtime_error("no temporary file can be made: " + temporary_path);
  std::remove(temporary_path.c_str());  // nothing is left behind, whatever happens
}
RowStream::~RowStream() { std::fclose(file_); }

void RowStream::flush() {
  if (std::fwrite(out_.data(), 1, out_.size(), file_) != out_.size())
    throw std::runtime_error("no space left for the rows of a workbook");
  out_.clear();
}

void RowStream::row(int number, std::span<const OutCell> cells) {
  ensure(number > last_row_, "rows are written from top to bottom");
  if (number > kMostRows) throw std::runtime_error("a sheet holds no more than 1048576 rows");
  last_row_ = number;
  out_ += "<row r=\"";
  append_number(out_, number);
  out_ += "\">";
  while (letters_.size() < cells.size())
    letters_.push_back(column_letter(static_cast<int>(letters_.size()) + 1));
  const auto begin_cell = [&](std::size_t column, int style) {
    out_ += "<c r=\"";
    out_ += letters_[column];
    append_number(out_, number);
    out_ += '"';
    if (style > 0) {
      out_ += " s=\"";
      append_number(out_, style);
      out_ += '"';
    }
    last_column_ = std::max(last_column_, static_cast<int>(column) + 1);
  };
  const auto text_cell = [&](std::size_t column, int style, std::string_view text) {
    begin_cell(column, style);
    const bool is_plain_text = is_plain(text);
    const bool keeps_blanks = text.front() == ' ' || text.back() == ' ' || !is_plain_text;
    out_ += keeps_blanks ? " t=\"inlineStr\"><is><t xml:space=\"preserve\">" : " t=\"inlineStr\"><is><t>";
    if (is_plain_text)
      out_ += text;
    else
      append_xml_text(out_, cell_text(text));
    out_ += "</t></is></c>";
  };
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const OutCell& cell = cells[i];
    const int style = i < styles_.of_column.size() ? styles_.of_column[i] : 0;
    switch (cell.kind) {
      case OutCell::Kind::Empty:
        break;
      case OutCell::Kind::Text:
        // An empty string would be written as a blank cell, which a reader takes for no answer; it is one.
        if (!cell.text.empty()) text_cell(i, style, cell.text);
        break;
      case OutCell::Kind::Number:
        if (is_safe_number(cell.text)) {
          begin_cell(i, style);
          out_ += "><v>";
          out_ += cell.text;
          out_ += "</v></c>";
        } else {
          text_cell(i, styles_.text, cell.text);
        }
        break;
      case OutCell::Kind::Date: {
        if (const auto serial = serial_of(cell.date)) {
          begin_cell(i, styles_.date);
          out_ += "><v>";
          append_number(out_, *serial);
          out_ += "</v></c>";
        } else {
          text_cell(i, style, cell.date.to_string());
        }
        break;
      }
      case OutCell::Kind::Boolean:
        begin_cell(i, style);
        out_ += cell.text == "TRUE" ? " t=\"b\"><v>1</v></c>" : " t=\"b\"><v>0</v></c>";
        break;
    }
  }
  out_ += "</row>";
  if (out_.size() >= kPiece) flush();
}

namespace {

// The sheet of the skeleton up to where rows go, the rows, the rest.
struct Splice {
  std::string head, tail;
  std::FILE* rows = nullptr;
  std::size_t head_done = 0, tail_done = 0;
};

std::size_t take(std::string_view from, std::size_t& done, char* into, std::size_t size) {
  const std::size_t count = std::min(size, from.size() - done);
  std::memcpy(into, from.data() + done, count);
  done += count;
  return count;
}

zip_int64_t feed_rows(void* state, void* data, zip_uint64_t size, zip_source_cmd_t command) {
  Splice& splice = *static_cast<Splice*>(state);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                            ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    case ZIP_SOURCE_OPEN:
      splice.head_done = splice.tail_done = 0;
      std::rewind(splice.rows);
      return 0;
    case ZIP_SOURCE_READ: {
      char* const into = static_cast<char*>(data);
      const auto wanted = static_cast<std::size_t>(size);
      std::size_t count = take(splice.head, splice.head_done, into, wanted);
      if (count == 0) count = std::fread(into, 1, wanted, splice.rows);
      if (count == 0 && std::ferror(splice.rows)) return -1;
      if (count == 0) count = take(splice.tail, splice.tail_done, into, wanted);
      return static_cast<zip_int64_t>(count);
    }
    case ZIP_SOURCE_STAT:
      zip_stat_init(static_cast<zip_stat_t*>(data));
      return sizeof(zip_stat_t);
    case ZIP_SOURCE_ERROR: {
      int* const errors = static_cast<int*>(data);
      errors[0] = ZIP_ER_READ;
      errors[1] = 0;
      return 2 * sizeof(int);
    }
    default:
      return 0;
  }
}

std::string whole_part(zip_t* zip, zip_uint64_t index) {
  std::string bytes;
  zip_file_t* file = zip_fopen_index(zip, index, 0);
  ensure(file != nullptr, "a workbook just written has its sheets");
  char piece[16 << 10];
  for (zip_int64_t count; (count = zip_fread(file, piece, sizeof piece)) > 0;)
    bytes.append(piece, static_cast<std::size_t>(count));
  zip_fclose(file);
  return bytes;
}

// "A1:AD3" -> down to the last row.
void grow_dimension(std::string& head, int last_row, int last_column) {
  constexpr std::string_view kTag = "<dimension ref=\"";
  const std::size_t at = head.find(kTag);
  if (at == std::string::npos) return;
  const std::size_t begin = at + kTag.size(), end = head.find('"', begin);
  const std::string ref = head.substr(begin, end - begin);
  const std::size_t colon = ref.find(':');
  const auto first = parse_cell_name(ref.substr(0, colon));
  const auto last = colon == std::string::npos ? first : parse_cell_name(ref.substr(colon + 1));
  if (!first || !last) return;
  head.replace(begin, end - begin,
               cell_name(first->row, first->column) + ":" +
                   cell_name(std::max(last->row, last_row), std::max(last->column, last_column)));
}

}  // namespace

void splice_rows(const std::string& path, std::span<const std::unique_ptr<RowStream>> sheets) {
  if (std::all_of(sheets.begin(), sheets.end(), [](const auto& one) { return one->is_empty(); })) return;
  int error = 0;
  zip_t* zip = zip_open(path.c_str(), 0, &error);
  if (!zip) throw std::runtime_error("a workbook just written cannot be opened");
  std::unique_ptr<zip_t, void (*)(zip_t*)> owner(zip, zip_discard);
  std::vector<std::unique_ptr<Splice>> splices;
  for (const std::unique_ptr<RowStream>& sheet : sheets) {
    if (sheet->is_empty()) continue;
    sheet->flush();
    const auto index = static_cast<zip_uint64_t>(zip_name_locate(zip, sheet->part_.c_str(), 0));
    std::string xml = whole_part(zip, index);
    auto splice = std::make_unique<Splice>();
    splice->rows = sheet->file_;
    constexpr std::string_view kEnd = "</sheetData>", kNone = "<sheetData/>";
    if (const std::size_t end = xml.find(kEnd); end != std::string::npos) {
      splice->head = xml.substr(0, end);
      splice->tail = xml.substr(end);
    } else {
      const std::size_t none = xml.find(kNone);
      ensure(none != std::string::npos, "a sheet has a place for its rows");
      splice->head = xml.substr(0, none) + "<sheetData>";
      splice->tail = std::string(kEnd) + xml.substr(none + kNone.size());
    }
    grow_dimension(splice->head, sheet->last_row(), sheet->last_column());
    zip_source_t* source = zip_source_function(zip, feed_rows, splice.get());
    if (!source || zip_file_replace(zip, index, source, 0) != 0) {
      zip_source_free(source);
      throw std::runtime_error("rows cannot be put into a workbook");
    }
    zip_set_file_compression(zip, index, ZIP_CM_DEFAULT, 1);
    // The same rows give the same bytes on any day: 1980-01-01, as the other parts have.
    zip_file_set_dostime(zip, index, 0, 1 << 5 | 1, 0);
    splices.push_back(std::move(splice));
  }
  if (zip_close(zip) != 0) throw std::runtime_error(std::string("writing a workbook: ") + zip_strerror(zip));
  owner.release();  // closed
}

}  // namespace tenglong::sheet
