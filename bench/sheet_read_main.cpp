// Writes 100,000 x 30 cells, reads them back and says how long each took and how much memory reading needed.
// bench_sheet_read <file> reads that file instead.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <functional>

#include "engine/sheet/sheet.h"
#include "engine/sheet/writer.h"

namespace {

using namespace tenglong::sheet;

class CountingSink final : public RowSink {
 public:
  long rows = 0, cells = 0, bytes = 0;
  bool row(int, std::span<const Cell> row_cells) override {
    ++rows;
    cells += static_cast<long>(row_cells.size());
    for (const Cell& cell : row_cells) bytes += static_cast<long>(cell.text.size());
    return true;
  }
};

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

constexpr int kRows = 100000, kColumns = 30;

std::string made_workbook() {
  WorkbookWriter writer;
  OutSheet sheet{.name = "样例", .mark = "样例数据"};
  for (int column = 0; column < kColumns; ++column)
    sheet.columns.push_back({.header = {"第" + std::to_string(column) + "列"}});
  writer.begin_sheet(sheet);
  std::vector<OutCell> cells(kColumns);
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      OutCell& cell = cells[static_cast<std::size_t>(column)];
      if (column % 10 == 0)
        cell = OutCell::of_text("样例企业" + std::to_string(row * kColumns + column));
      else if (column % 10 == 1)
        cell = OutCell::of_text("金塘镇");
      else
        cell = OutCell::of_number(std::to_string(row * 31 + column) + "." + std::to_string(column + 11));
    }
    writer.row(cells);
  }
  return writer.finish();
}

void read_all(const Opened& opened) {
  for (const auto& one : opened.diagnostics) std::printf("%s %s\n", one.code.c_str(), one.message.zh.c_str());
  if (!opened.workbook) return;
  CountingSink sink;
  for (int sheet = 0; sheet < static_cast<int>(opened.workbook->sheets().size()); ++sheet)
    for (const auto& one : opened.workbook->read(sheet, sink))
      std::printf("%s %s\n", one.code.c_str(), one.message.zh.c_str());
  std::printf("%ld rows, %ld cells, %ld bytes of text\n", sink.rows, sink.cells, sink.bytes);
}

long peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  std::string bytes;
  if (argc < 2) std::printf("write %.2f s\n", seconds_of([&] { bytes = made_workbook(); }));
  const long before = peak_mebibytes();
  const double seconds =
      seconds_of([&] { read_all(argc < 2 ? open_bytes("bench.xlsx", std::move(bytes)) : open(argv[1])); });
  std::printf("read %.2f s (bar 1.5 s), %ld MiB at most (bar 60 MiB), %ld MiB before\n", seconds,
              peak_mebibytes(), before);
}
