// What is inside an .xlsx, read without the zip around it, and whole files. The first byte says which.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "engine/sheet/annotate.h"
#include "engine/sheet/inside/made_package.h"
#include "engine/sheet/inside/sheet_patch.h"
#include "engine/sheet/inside/sheet_rows.h"
#include "engine/sheet/table.h"

namespace {

using namespace tenglong::sheet;

void require(bool claim) {
  if (!claim) std::abort();
}

class CheckingSink final : public RowSink {
 public:
  int last_row = 0;
  bool row(int row_number, std::span<const Cell> cells) override {
    require(row_number > last_row && !cells.empty());
    last_row = row_number;
    int last_column = 0;
    for (const Cell& cell : cells) {
      require(cell.row == row_number && cell.column > last_column && cell.kind != CellKind::Empty &&
              !cell.text.empty());
      last_column = cell.column;
    }
    return true;
  }
};

const SharedStrings& no_strings() {
  static const SharedStrings strings;
  return strings;
}

void sheet_xml(std::string_view xml) {
  const Limits limits;
  const Styles styles;
  const SheetSetting setting{no_strings(), styles, {}, limits, {}, "sheet1.xml"};
  Diagnostics diagnostics;
  MemorySource scanned(xml);
  const std::vector<MergedRange> merges = scan_merges(scanned, limits, {}, diagnostics);
  CheckingSink sink;
  FillingSink filling(merges, sink);
  MemorySource source(xml);
  read_sheet_rows(source, setting, filling, diagnostics);
}

// A patched sheet that could be read can be read again, and its other cells are the same.
void patch(std::string_view xml) {
  Diagnostics diagnostics;
  MemorySource first(xml), second(xml);
  if (!last_used_column(first, {}, "", diagnostics)) return;
  const std::map<int, std::string> texts = {{1, "问题"}, {7, "x<&"}};
  PatchedSheet patched(second, 9000, texts);
  std::string out(64 + xml.size(), '\0'), whole;
  while (const std::size_t count = patched.read(out.data(), out.size())) whole.append(out, 0, count);
  if (patched.has_failed()) return;
  MemorySource copy(whole);
  Diagnostics again;
  require(last_used_column(copy, {}, "", again).has_value());
}

void whole(std::string bytes) {
  // An .xls is read by another process, in a library that is not ours to fuzz.
  if (bytes.starts_with("\xD0\xCF\x11\xE0")) return;
  Limits limits;
  limits.unpacked_bytes = 8 << 20;
  const Opened opened = open_bytes("税收.xlsx", std::move(bytes), limits);
  require((opened.workbook == nullptr) == tenglong::diagnostic::has_errors(opened.diagnostics));
  if (!opened.workbook) return;
  for (int sheet = 0; sheet < static_cast<int>(std::min<std::size_t>(opened.workbook->sheets().size(), 3));
       ++sheet) {
    CheckingSink sink;
    opened.workbook->read(sheet, sink, Merged::Fill);
    find_table(*opened.workbook, sheet);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  Diagnostics diagnostics;
  MemorySource source(rest);
  switch (data[0] % 6) {
    case 0:
      sheet_xml(rest);
      break;
    case 1: {
      SharedStrings strings;
      read_shared_strings(source, {}, {}, "sharedStrings.xml", strings, diagnostics);
      for (std::size_t i = 0; i < strings.size(); ++i) require(strings[i].size() <= strings.byte_count());
      break;
    }
    case 2: {
      Styles styles;
      read_styles(source, {}, "styles.xml", styles, diagnostics);
      break;
    }
    case 3:
      patch(rest);
      break;
    case 4: {
      Parts parts = made_parts({});
      parts.back().second = rest;
      whole(made_package(parts));
      break;
    }
    default:
      whole(std::string(rest));
      break;
  }
  return 0;
}
