// Reads a workbook and says how long it took: sheet_bench <file> [write <rows> <columns>].
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
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

void write_file(const char* path, int rows, int columns) {
  WorkbookWriter writer;
  OutSheet sheet{.name = "样例", .mark = "样例数据"};
  for (int column = 0; column < columns; ++column)
    sheet.columns.push_back({.header = {"第" + std::to_string(column) + "列"}});
  writer.begin_sheet(sheet);
  std::vector<OutCell> cells(static_cast<std::size_t>(columns));
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      OutCell& cell = cells[static_cast<std::size_t>(column)];
      if (column % 10 == 0)
        cell = OutCell::of_text("样例企业" + std::to_string(row * columns + column));
      else if (column % 10 == 1)
        cell = OutCell::of_text("金塘镇");
      else
        cell = OutCell::of_number(std::to_string(row * 31 + column) + "." + std::to_string(column + 11));
    }
    writer.row(cells);
  }
  const std::string bytes = writer.finish();
  std::FILE* file = std::fopen(path, "wb");
  if (!file || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) std::exit(1);
  std::fclose(file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::strcmp(argv[2], "write") == 0) {
    std::printf("write %.2f s\n",
                seconds_of([&] { write_file(argv[1], std::atoi(argv[3]), std::atoi(argv[4])); }));
    return 0;
  }
  if (argc < 2) return 2;
  CountingSink sink;
  const double seconds = seconds_of([&] {
    const Opened opened = open(argv[1]);
    for (const auto& one : opened.diagnostics)
      std::printf("%s %s\n", one.code.c_str(), one.message.zh.c_str());
    if (!opened.workbook) return;
    for (int sheet = 0; sheet < static_cast<int>(opened.workbook->sheets().size()); ++sheet)
      for (const auto& one : opened.workbook->read(sheet, sink))
        std::printf("%s %s\n", one.code.c_str(), one.message.zh.c_str());
  });
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%ld rows, %ld cells, %ld bytes of text: %.2f s, %ld MB\n", sink.rows, sink.cells, sink.bytes,
              seconds, usage.ru_maxrss / 1024);
}
