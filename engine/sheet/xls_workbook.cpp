#include "engine/sheet/inside/xls_workbook.h"

#include <freexl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

#include "engine/sheet/inside/refusal.h"
#include "engine/text/ensure.h"

namespace tenglong::sheet {
namespace {

// libfreexl opens files by name only; memory has one too.
class NamedMemory {
 public:
  explicit NamedMemory(const std::string& bytes) : descriptor_(memfd_create("xls", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("memfd_create failed");
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t count = write(descriptor_, bytes.data() + done, bytes.size() - done);
      if (count <= 0) {
        close(descriptor_);
        throw std::runtime_error("writing to memory failed");
      }
      done += static_cast<std::size_t>(count);
    }
  }
  ~NamedMemory() { close(descriptor_); }
  NamedMemory(const NamedMemory&) = delete;
  NamedMemory& operator=(const NamedMemory&) = delete;
  std::string name() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

// The shortest digits that give the stored double back: what the program shows when asked for all of them.
std::string shortest(double value) {
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  std::string text(digits, end);
  for (char& c : text)
    if (c == 'e') c = 'E';
  return text;
}

}  // namespace

XlsWorkbook::~XlsWorkbook() {
  if (handle_) freexl_close(handle_);
}

std::unique_ptr<XlsWorkbook> XlsWorkbook::open(std::string file_name, std::string bytes, const Limits&,
                                               Diagnostics& diagnostics) {
  std::unique_ptr<XlsWorkbook> workbook(new XlsWorkbook());
  workbook->file_name_ = std::move(file_name);
  const Place file{.file = workbook->file_name_};
  const NamedMemory memory(bytes);
  const int code = freexl_open(memory.name().c_str(), &workbook->handle_);
  unsigned int value = 0;
  const bool has_password =
      code == FREEXL_BIFF_OBFUSCATED ||
      (code == FREEXL_OK && freexl_get_info(workbook->handle_, FREEXL_BIFF_PASSWORD, &value) == FREEXL_OK &&
       value == FREEXL_BIFF_OBFUSCATED);
  if (has_password) {
    diagnostics.push_back(password_protected(file));
    return nullptr;
  }
  if (code != FREEXL_OK || freexl_get_info(workbook->handle_, FREEXL_BIFF_SHEET_COUNT, &value) != FREEXL_OK) {
    if (code != FREEXL_OK) workbook->handle_ = nullptr;
    diagnostics.push_back(damaged(file, "",
                                  {"内部结构不完整（" + std::to_string(code) + "）",
                                   "its structure is broken (" + std::to_string(code) + ")"}));
    return nullptr;
  }
  for (unsigned int index = 0; index < value; ++index) {
    const char* name = nullptr;
    if (freexl_get_worksheet_name(workbook->handle_, static_cast<unsigned short>(index), &name) != FREEXL_OK)
      break;
    workbook->sheets_.push_back({.name = name ? name : ""});
  }
  if (workbook->sheets_.empty()) {
    diagnostics.push_back(
        refusal("E-SHEET-110", file, {"文件里没有一张工作表。", "The file has no worksheet."},
                {"请确认传的是填好数据的表格文件。", "Check that this is the workbook with the data."}));
    return nullptr;
  }
  if (freexl_get_info(workbook->handle_, FREEXL_BIFF_DATEMODE, &value) == FREEXL_OK &&
      value == FREEXL_BIFF_DATEMODE_1904)
    workbook->epoch_ = calendar::SpreadsheetEpoch::From1904;
  return workbook;
}

Diagnostics XlsWorkbook::read(int sheet, RowSink& sink, Merged) const {
  ensure(sheet >= 0 && sheet < static_cast<int>(sheets_.size()), "a sheet of this workbook");
  const Place place{.file = file_name_, .sheet = sheets_[static_cast<std::size_t>(sheet)].name};
  unsigned int row_count = 0;
  unsigned short column_count = 0;
  if (freexl_select_active_worksheet(handle_, static_cast<unsigned short>(sheet)) != FREEXL_OK ||
      freexl_worksheet_dimensions(handle_, &row_count, &column_count) != FREEXL_OK)
    return {damaged(place, "", {"这张工作表的内部结构不完整", "the structure of this sheet is broken"})};
  Diagnostics diagnostics;
  std::vector<Cell> cells;
  for (unsigned int row = 0; row < row_count; ++row) {
    cells.clear();
    for (unsigned short column = 0; column < column_count; ++column) {
      FreeXL_CellValue value;
      if (freexl_get_cell_value(handle_, row, column, &value) != FREEXL_OK) continue;
      Cell cell{.row = static_cast<int>(row) + 1, .column = column + 1};
      switch (value.type) {
        case FREEXL_CELL_INT:
          cell.kind = CellKind::Number;
          cell.text = std::to_string(value.value.int_value);
          break;
        case FREEXL_CELL_DOUBLE:
          cell.kind = CellKind::Number;
          cell.text = shortest(value.value.double_value);
          break;
        case FREEXL_CELL_TEXT:
        case FREEXL_CELL_SST_TEXT:
          cell.kind = CellKind::Text;
          cell.text = value.value.text_value ? value.value.text_value : "";
          break;
        case FREEXL_CELL_DATE:
        case FREEXL_CELL_DATETIME:
        case FREEXL_CELL_TIME:
          cell.kind = CellKind::Date;
          cell.text = value.value.text_value;
          if (value.type != FREEXL_CELL_TIME)
            cell.date = calendar::Date::parse(std::string_view(cell.text).substr(0, 10));
          break;
        default:
          break;
      }
      if (!cell.text.empty()) cells.push_back(std::move(cell));
    }
    if (!cells.empty() && !sink.row(static_cast<int>(row) + 1, cells)) break;
  }
  return diagnostics;
}

}  // namespace tenglong::sheet
