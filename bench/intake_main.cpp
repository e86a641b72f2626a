// Imports 100,000 x 30 cells with all checks and says how long that took beside the bare reader, and how much
// memory. The store only counts, so that what is measured is intake.
#include <sys/wait.h>
#include <unistd.h>

#include <sys/resource.h>
#include <filesystem>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "engine/feel/syntax.h"
#include "engine/intake/intake.h"
#include "engine/register/memory_store.h"
#include "engine/schema/credit_code.h"
#include "engine/sheet/sheet.h"
#include "engine/sheet/writer.h"

namespace {

using namespace tenglong;

class CountingStore final : public registers::MemoryStore {
 public:
  std::int64_t statements = 0, values = 0;
  std::unique_ptr<Writer> write(const registers::Batch&) override {
    return std::make_unique<CountingWriter>(*this);
  }

 private:
  class CountingWriter final : public Writer {
   public:
    explicit CountingWriter(CountingStore& store) : store_(store) {}
    registers::BatchId batch() const override { return {1}; }
    void add(const registers::Statement& statement) override {
      ++store_.statements;
      store_.values += static_cast<std::int64_t>(statement.values.size());
    }
    void commit(const registers::Batch&) override {}

   private:
    CountingStore& store_;
  };
};

class CountingSink final : public sheet::RowSink {
 public:
  long cells = 0;
  bool row(int, std::span<const sheet::Cell> row_cells) override {
    cells += static_cast<long>(row_cells.size());
    return true;
  }
};

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}
long peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

constexpr int kRows = 100000, kNumbers = 26;

schema::Schema made_schema() {
  schema::Schema schema;
  schema::Codes towns{.id = "town", .name = "镇街"};
  towns.entries.push_back({.code = "330902100", .name = "金塘镇"});
  towns.entries.push_back({.code = "330902104", .name = "白泉镇"});
  towns.build_index();
  schema.codes.push_back(std::move(towns));
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .key = {"credit_code"}, .period = schema::PeriodKey::Year};
  year.fields.push_back({.id = "credit_code",
                         .name = "统一社会信用代码",
                         .type = schema::FieldType::CreditCode,
                         .required = true});
  year.fields.push_back({.id = "legal_name", .name = "企业名称", .required = true});
  year.fields.push_back({.id = "town", .name = "镇街", .type = schema::FieldType::Area, .codes = "town"});
  year.fields.push_back({.id = "above_scale", .name = "规上", .type = schema::FieldType::Boolean});
  for (int i = 0; i < kNumbers; ++i)
    year.fields.push_back({.id = "figure_" + std::to_string(i),
                           .name = "指标" + std::to_string(i),
                           .type = schema::FieldType::Number,
                           .unit = *quantity::Unit::parse("万元"),
                           .minimum = quantity::Decimal(0),
                           .usual_low = quantity::Decimal(1),
                           .usual_high = quantity::Decimal(5000000)});
  const auto parsed = feel::parse("not(规上) or 指标0 > 0", feel::NameSet({"规上", "指标0"}));
  year.laws.push_back({"规上有指标0", parsed.source, parsed.tree, {}});
  schema.registers.push_back(std::move(year));
  return schema;
}

std::string made_workbook() {
  sheet::WorkbookWriter writer;
  sheet::OutSheet out{.name = "样例", .title = "2023年样例", .mark = "样例数据"};
  for (const char* header : {"统一社会信用代码", "企业名称", "镇街", "规上"})
    out.columns.push_back({.header = {header}});
  for (int i = 0; i < kNumbers; ++i)
    out.columns.push_back({.header = {"指标" + std::to_string(i) + (i % 2 ? "（元）" : "（万元）")}});
  writer.begin_sheet(out);
  for (int row = 0; row < kRows; ++row) {
    std::vector<sheet::OutCell> cells;
    cells.push_back(
        sheet::OutCell::of_text(schema::credit_code_from(static_cast<std::uint64_t>(row), "330902")));
    cells.push_back(sheet::OutCell::of_text("样例企业" + std::to_string(row)));
    cells.push_back(sheet::OutCell::of_text(row % 2 ? "金塘镇" : "白泉镇"));
    cells.push_back(sheet::OutCell::of_text(row % 3 ? "是" : "否"));
    for (int i = 0; i < kNumbers; ++i)
      cells.push_back(
          sheet::OutCell::of_number(std::to_string(row * 31 + i + 1) + "." + std::to_string(i + 11)));
    writer.row(cells);
  }
  return writer.finish();
}

}  // namespace

// A child writes the workbook, so that writing does not count in the peak.
bool write_in_a_child(const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    const std::string bytes = made_workbook();
    std::FILE* file = std::fopen(path.c_str(), "wb");
    const bool written = file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    _exit(written && std::fclose(file) == 0 ? 0 : 1);
  }
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main() {
  const schema::Schema schema = made_schema();
  const std::string path =
      (std::filesystem::temp_directory_path() / ("bench_intake-" + std::to_string(getpid()) + ".xlsx"))
          .string();
  if (!write_in_a_child(path)) {
    std::fprintf(stderr, "cannot write %s\n", path.c_str());
    return 1;
  }
  double bare = 1e9, whole = 1e9;
  for (int i = 0; i < 3; ++i)
    bare = std::min(bare, seconds_of([&] {
                      const sheet::Opened opened = sheet::open(path);
                      CountingSink sink;
                      if (opened.workbook) opened.workbook->read(0, sink);
                    }));
  for (int i = 0; i < 3; ++i)
    whole = std::min(whole, seconds_of([&] {
                       CountingStore store;
                       const intake::Intake intake =
                           intake::import_file(path, schema, store, {.provider = "区税务局"});
                       if (i == 0)
                         std::printf("%lld statements, %lld values, %zu findings\n",
                                     static_cast<long long>(store.statements),
                                     static_cast<long long>(store.values), intake.diagnostics.size());
                     }));
  std::printf("bare reader %.2f s, import with all checks %.2f s: %.2fx; peak %ld MiB\n", bare, whole,
              whole / bare, peak_mib());
  std::filesystem::remove(path);
  return 0;
}
