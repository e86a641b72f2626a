#include "engine/sheet/annotate.h"

#include <zip.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>

#include "engine/quantity/decimal.h"
#include "engine/sheet/inside/csv_workbook.h"
#include "engine/sheet/inside/refusal.h"
#include "engine/sheet/inside/sheet_patch.h"
#include "engine/sheet/inside/xlsx_workbook.h"
#include "engine/sheet/writer.h"
#include "engine/text/ensure.h"

namespace tenglong::sheet {
namespace {

// What to write, by row: the heading and the remarks, those of one row joined.
std::map<int, std::string> texts_of(const SheetRemarks& sheet) {
  std::map<int, std::string> texts;
  if (sheet.header_row > 0) texts[sheet.header_row] = sheet.heading;
  for (const RowRemark& remark : sheet.remarks) {
    if (remark.row < 1 || remark.row > 1048576) continue;
    std::string& text = texts[remark.row];
    text += (text.empty() ? "" : "；") + remark.text;
  }
  return texts;
}

Diagnostic cannot_patch(const Place& place, const std::string& part) {
  return refusal("E-SHEET-130", place,
                 {"不能在原表上加“问题”列：文件内部（" + part + "）不是 UTF-8，或列已用满。",
                  "No column can be added to this file: its part " + part +
                      " is not UTF-8, or its columns are used up."},
                 {"请用 Excel 或 WPS 打开后另存为新的 xlsx，再传一次。",
                  "Open it in Excel or WPS, save it as a new xlsx, and send that."});
}

// One part, patched while the package is written.
struct PartPatch {
  std::string part;
  int column = 0;
  std::map<int, std::string> texts;
  const Package* package = nullptr;
  // While libzip reads:
  std::unique_ptr<ByteSource> source = {};
  std::unique_ptr<PatchedSheet> patched = {};
  bool has_failed = false;
};

zip_int64_t feed_patch(void* state, void* data, zip_uint64_t size, zip_source_cmd_t command) {
  PartPatch& patch = *static_cast<PartPatch*>(state);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                            ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    case ZIP_SOURCE_OPEN: {
      Diagnostics said_when_read;
      patch.source = patch.package->part(patch.part, said_when_read);
      if (!patch.source) return -1;
      patch.patched = std::make_unique<PatchedSheet>(*patch.source, patch.column, patch.texts);
      return 0;
    }
    case ZIP_SOURCE_READ: {
      const std::size_t count = patch.patched->read(static_cast<char*>(data), static_cast<std::size_t>(size));
      patch.has_failed = patch.patched->has_failed();
      return patch.has_failed ? -1 : static_cast<zip_int64_t>(count);
    }
    case ZIP_SOURCE_CLOSE:
      patch.patched.reset();
      patch.source.reset();
      return 0;
    case ZIP_SOURCE_STAT:
      zip_stat_init(static_cast<zip_stat_t*>(data));
      return sizeof(zip_stat_t);
    case ZIP_SOURCE_ERROR: {
      int* const errors = static_cast<int*>(data);
      errors[0] = ZIP_ER_INTERNAL;
      errors[1] = 0;
      return 2 * sizeof(int);
    }
    default:
      return 0;
  }
}

// The package that `zip` is, with its parts patched; the others are copied as they are packed. False if a
// part cannot be patched; throws if the package cannot be written.
bool write_patched(zip_t* zip, std::vector<PartPatch>& patches) {
  for (PartPatch& patch : patches) {
    const zip_int64_t index = zip_name_locate(zip, patch.part.c_str(), ZIP_FL_NOCASE);
    zip_source_t* source = zip_source_function(zip, feed_patch, &patch);
    if (index < 0 || !source || zip_file_replace(zip, static_cast<zip_uint64_t>(index), source, 0) != 0) {
      zip_source_free(source);
      zip_discard(zip);
      throw std::runtime_error("a part of a package cannot be replaced");
    }
    // Packing is most of the work on a hundred megabytes of XML, and libzip packs at level 9. It forgets a
    // level given together with the method that the part had, so the method is its default, which is the
    // same.
    zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), ZIP_CM_DEFAULT, 1);
  }
  if (zip_close(zip) == 0) return true;
  const std::string why = zip_strerror(zip);
  zip_discard(zip);
  for (const PartPatch& patch : patches)
    if (patch.has_failed) return false;
  throw std::runtime_error("a package cannot be written: " + why);
}

// Which part gets which cells in which column; nothing with a diagnostic if a part cannot be read.
std::optional<std::vector<PartPatch>> patches_of(const XlsxWorkbook& workbook,
                                                 std::span<const SheetRemarks> remarks,
                                                 Diagnostics& diagnostics) {
  std::vector<PartPatch> patches;
  for (const SheetRemarks& sheet : remarks) {
    std::map<int, std::string> texts = texts_of(sheet);
    if (texts.empty()) continue;
    const Place place{.file = workbook.file_name(),
                      .sheet = workbook.sheets()[static_cast<std::size_t>(sheet.sheet)].name};
    const std::string& part = workbook.part_of(sheet.sheet);
    std::optional<int> used = sheet.last_used_column;
    if (*used == 0) {
      const std::unique_ptr<ByteSource> xml = workbook.package().part(part, diagnostics);
      if (!xml) return std::nullopt;
      used = last_used_column(*xml, place, part, diagnostics);
      if (!used) return std::nullopt;
    }
    int column = *used + 1;
    // A cell inside a merged range would not show.
    for (const MergedRange& range : workbook.merges(sheet.sheet)) {
      const auto first = texts.lower_bound(range.first_row);
      if (first != texts.end() && first->first <= range.last_row && range.last_column < 1000)
        column = std::max(column, range.last_column + 1);
    }
    if (column > 16384) {
      diagnostics.push_back(cannot_patch(place, part));
      return std::nullopt;
    }
    patches.push_back({part, column, std::move(texts), &workbook.package()});
  }
  return patches;
}
Diagnostic failed_patch(const XlsxWorkbook& workbook, const std::vector<PartPatch>& patches) {
  for (const PartPatch& patch : patches)
    if (patch.has_failed) return cannot_patch({.file = workbook.file_name()}, patch.part);
  report_bug("a patch that failed", std::source_location::current());
}

Annotated annotate_xlsx(const XlsxWorkbook& workbook, const std::string& bytes,
                        std::span<const SheetRemarks> remarks) {
  Annotated result{.extension = ".xlsx"};
  auto patches = patches_of(workbook, remarks, result.diagnostics);
  if (!patches) return result;
  if (patches->empty()) {
    result.bytes = bytes;
    return result;
  }
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* memory = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_error_fini(&error);
  if (!memory) throw std::bad_alloc();
  zip_source_keep(memory);
  const std::unique_ptr<zip_source_t, void (*)(zip_source_t*)> owner(memory, zip_source_free);
  zip_t* zip = zip_open_from_source(memory, 0, nullptr);
  if (!zip) {
    zip_source_free(memory);
    throw std::runtime_error("a package that was read before cannot be opened");
  }
  if (!write_patched(zip, *patches)) {
    result.diagnostics.push_back(failed_patch(workbook, *patches));
    return result;
  }
  if (zip_source_open(memory) == 0) {
    zip_source_seek(memory, 0, SEEK_END);
    result.bytes.resize(static_cast<std::size_t>(std::max<zip_int64_t>(zip_source_tell(memory), 0)));
    zip_source_seek(memory, 0, SEEK_SET);
    zip_source_read(memory, result.bytes.data(), result.bytes.size());
    zip_source_close(memory);
  }
  return result;
}

Diagnostics annotate_xlsx_file(const XlsxWorkbook& workbook, const std::string& from, const std::string& to,
                               std::span<const SheetRemarks> remarks) {
  Diagnostics diagnostics;
  auto patches = patches_of(workbook, remarks, diagnostics);
  if (!patches) return diagnostics;
  const std::string beside = to + ".part";
  const auto give_up = [&] {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
  };
  try {
    std::filesystem::copy_file(from, beside, std::filesystem::copy_options::overwrite_existing);
    int error = 0;
    zip_t* zip = zip_open(beside.c_str(), 0, &error);
    if (!zip) throw std::runtime_error("a package that was read before cannot be opened");
    if (!write_patched(zip, *patches)) {
      give_up();
      diagnostics.push_back(failed_patch(workbook, *patches));
      return diagnostics;
    }
    std::filesystem::rename(beside, to);
  } catch (...) {
    give_up();
    throw;
  }
  return diagnostics;
}

// Walks over the records of a text as CsvParser does, with their places in it.
struct CsvRecord {
  std::size_t begin, end, next;  // content, and where the next record begins
  int fields;
};
std::vector<CsvRecord> records_of(std::string_view text, char separator) {
  std::vector<CsvRecord> records;
  CsvRecord record{0, 0, 0, 1};
  bool is_quoted = false, is_field_start = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_quoted) {
      if (c == '"') is_quoted = at + 1 < text.size() && text[at + 1] == '"' && ++at;
      continue;
    }
    if (c == '"' && is_field_start) {
      is_quoted = true;
      is_field_start = false;
    } else if (c == separator) {
      ++record.fields;
      is_field_start = true;
    } else if (c == '\n' || c == '\r') {
      record.end = at;
      if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n') ++at;
      record.next = at + 1;
      records.push_back(record);
      record = {at + 1, 0, 0, 1};
      is_field_start = true;
    } else {
      is_field_start = false;
    }
  }
  if (record.begin < text.size()) {
    record.end = record.next = text.size();
    records.push_back(record);
  }
  return records;
}

Annotated annotate_csv(const CsvWorkbook& workbook, const SheetRemarks& sheet) {
  Annotated result{.extension = ".csv"};
  class Ignoring final : public RowSink {
    bool row(int, std::span<const Cell>) override { return true; }
  } ignoring;
  for (Diagnostic& one : workbook.read(0, ignoring, Merged::Keep))
    if (one.severity == Severity::Error) result.diagnostics.push_back(std::move(one));
  if (!result.diagnostics.empty()) return result;

  const CsvShape& shape = workbook.shape();
  const std::string text = decoded(workbook.bytes(), shape);
  std::map<int, std::string> texts = texts_of(sheet);
  const std::size_t skipped = shape.has_separator_line ? std::min(text.find('\n'), text.size() - 1) + 1 : 0;
  const std::string_view body = std::string_view(text).substr(skipped);
  const std::vector<CsvRecord> records = records_of(body, shape.separator);
  int widest = 0;
  for (const CsvRecord& record : records) widest = std::max(widest, record.fields);
  std::string out = text.substr(0, skipped);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const CsvRecord& record = records[i];
    out += body.substr(record.begin, record.end - record.begin);
    if (const auto found = texts.find(static_cast<int>(i) + 1); found != texts.end()) {
      out.append(static_cast<std::size_t>(widest - record.fields + 1), shape.separator);
      out += '"';
      for (const char c : found->second) {
        if (c == '"') out += '"';
        out += c;
      }
      out += '"';
    }
    out += body.substr(record.end, record.next - record.end);
  }
  if (shape.has_bom)
    result.bytes = shape.encoding == Encoding::Utf8                ? "\xEF\xBB\xBF"
                   : shape.encoding == Encoding::Utf16LittleEndian ? "\xFF\xFE"
                                                                   : "\xFE\xFF";
  result.bytes += encoded(out, shape);
  return result;
}

OutCell copied(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::Number:
      return quantity::Decimal::parse(cell.text) ? OutCell::of_number(cell.text)
                                                 : OutCell::of_text(cell.text);
    case CellKind::Date:
      return cell.date ? OutCell::of_date(*cell.date) : OutCell::of_text(cell.text);
    case CellKind::Boolean:
      return OutCell::of_boolean(cell.text == "TRUE");
    default:
      return OutCell::of_text(cell.text);
  }
}

Annotated annotate_by_copy(const Workbook& workbook, std::span<const SheetRemarks> remarks) {
  Annotated result{.extension = ".xlsx"};
  class Widest final : public RowSink {
   public:
    int column = 0;
    bool row(int, std::span<const Cell> cells) override {
      column = std::max(column, cells.back().column);
      return true;
    }
  };
  class Copying final : public RowSink {
   public:
    Copying(WorkbookWriter& writer, const std::map<int, std::string>& texts, int column)
        : writer_(writer), texts_(texts), next_(texts.begin()), column_(column) {}
    bool row(int number, std::span<const Cell> cells) override {
      write_until(number);
      std::vector<OutCell> out(static_cast<std::size_t>(column_));
      for (const Cell& cell : cells) out[static_cast<std::size_t>(cell.column - 1)] = copied(cell);
      if (next_ != texts_.end() && next_->first == number) out.back() = OutCell::of_text((next_++)->second);
      writer_.row(out);
      return true;
    }
    // Blank rows, and rows that have nothing but a remark.
    void write_until(int number) {
      while (writer_.next_row() < number) {
        std::vector<OutCell> out;
        if (next_ != texts_.end() && next_->first == writer_.next_row()) {
          out.resize(static_cast<std::size_t>(column_));
          out.back() = OutCell::of_text((next_++)->second);
        }
        writer_.row(out);
      }
    }

   private:
    WorkbookWriter& writer_;
    const std::map<int, std::string>& texts_;
    std::map<int, std::string>::const_iterator next_;
    int column_;
  };
  WorkbookWriter writer;
  for (int index = 0; index < static_cast<int>(workbook.sheets().size()); ++index) {
    std::map<int, std::string> texts;
    for (const SheetRemarks& sheet : remarks)
      if (sheet.sheet == index) texts.merge(texts_of(sheet));
    Widest widest;
    workbook.read(index, widest);
    writer.begin_sheet({.name = workbook.sheets()[static_cast<std::size_t>(index)].name});
    Copying copying(writer, texts, widest.column + 1);
    workbook.read(index, copying);
    if (!texts.empty()) copying.write_until(std::prev(texts.end())->first + 1);
  }
  result.bytes = writer.finish();
  result.diagnostics.push_back(
      refusal("N-SHEET-131", {.file = workbook.file_name()},
              {"原文件是旧的 xls 格式，退回的是 xlsx 副本：只有数值和“问题”列，没有原来的格式和公式。",
               "The file was an old .xls; the copy is an .xlsx with its values and the new column, without "
               "formats or formulas."},
              {"可在副本上改正后直接报送。", "Correct the copy and send it."}, Severity::Note));
  return result;
}

// "17" or "C17": its row.
int row_of(const std::string& cell) {
  const std::size_t digit = cell.find_first_of("0123456789");
  if (digit == std::string::npos || cell.size() - digit > 7) return 0;
  return std::stoi(cell.substr(digit));
}
std::string without_full_stop(std::string sentence) {
  for (std::string_view stop : {"。", "."})
    if (sentence.ends_with(stop)) sentence.erase(sentence.size() - stop.size());
  return sentence;
}

}  // namespace

Annotated annotate(const std::string& file_name, std::string bytes, std::span<const SheetRemarks> remarks,
                   const Limits& limits) {
  const Opened opened = open_bytes(file_name, bytes, limits);
  if (!opened.workbook) return {.diagnostics = opened.diagnostics};
  for (const SheetRemarks& sheet : remarks)
    ensure(sheet.sheet >= 0 && sheet.sheet < static_cast<int>(opened.workbook->sheets().size()),
           "a sheet of this workbook");
  switch (opened.workbook->format()) {
    case Format::Xlsx:
      return annotate_xlsx(static_cast<const XlsxWorkbook&>(*opened.workbook), bytes, remarks);
    case Format::Csv:
      return annotate_csv(static_cast<const CsvWorkbook&>(*opened.workbook),
                          remarks.empty() ? SheetRemarks{} : remarks[0]);
    case Format::Xls:
      return annotate_by_copy(*opened.workbook, remarks);
  }
  report_bug("a format", std::source_location::current());
}

Diagnostics annotate_file(const std::string& path_in, const std::string& path_out,
                          std::span<const SheetRemarks> remarks, const Limits& limits) {
  {
    const Opened opened = open(path_in, limits);
    if (!opened.workbook) return opened.diagnostics;
    if (opened.workbook->format() == Format::Xlsx)
      return annotate_xlsx_file(static_cast<const XlsxWorkbook&>(*opened.workbook), path_in, path_out,
                                remarks);
  }
  std::string bytes;
  {
    std::ifstream in(path_in, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  const Annotated annotated = annotate(path_in, std::move(bytes), remarks, limits);
  if (annotated.bytes.empty()) return annotated.diagnostics;
  const std::string beside = path_out + ".part";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out.write(annotated.bytes.data(), static_cast<std::streamsize>(annotated.bytes.size()));
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(beside, path_out, failed);
  if (!out || failed) {
    std::filesystem::remove(beside, failed);
    throw std::runtime_error("cannot write " + path_out);
  }
  return annotated.diagnostics;
}

std::vector<RowRemark> remarks_of(std::span<const Diagnostic> diagnostics, const std::string& sheet_name,
                                  diagnostic::Language language) {
  std::vector<RowRemark> remarks;
  const bool is_english = language == diagnostic::Language::English;
  for (const Diagnostic& one : diagnostics) {
    const int row = one.place.sheet == sheet_name ? row_of(one.place.cell) : 0;
    if (row == 0) continue;
    const bool names_column = one.place.cell[0] > '9';
    std::string text = names_column ? one.place.cell + (is_english ? ": " : "：") : "";
    text += without_full_stop(text::in_language(one.message, language));
    const std::string& advice = text::in_language(one.advice, language);
    if (!advice.empty()) text += (is_english ? ". " : "。") + without_full_stop(advice);
    remarks.push_back({row, std::move(text)});
  }
  std::stable_sort(remarks.begin(), remarks.end(),
                   [](const RowRemark& a, const RowRemark& b) { return a.row < b.row; });
  return remarks;
}

}  // namespace tenglong::sheet
