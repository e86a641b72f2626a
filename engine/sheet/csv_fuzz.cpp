// Any bytes as a .csv: read, find the table, and annotate; what was read before must be read again from the
// copy.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "engine/sheet/annotate.h"
#include "engine/sheet/inside/csv_workbook.h"
#include "engine/sheet/table.h"

namespace {

using namespace tenglong::sheet;

void require(bool claim) {
  if (!claim) std::abort();
}
class KeepingSink final : public RowSink {
 public:
  std::vector<Row> rows;
  bool row(int row_number, std::span<const Cell> cells) override {
    rows.push_back({row_number, {cells.begin(), cells.end()}});
    return true;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const CsvWorkbook workbook("a.csv", bytes, {});
  KeepingSink sink;
  workbook.read(0, sink, Merged::Keep);
  int last_row = 0;
  for (const Row& row : sink.rows) {
    require(row.number > last_row && !row.cells.empty());
    last_row = row.number;
  }
  find_table(workbook, 0);
  const std::vector<SheetRemarks> remarks = {{.header_row = 1, .remarks = {{3, "不是,数"}}}};
  annotate("a.csv", bytes, remarks);
  return 0;
}
