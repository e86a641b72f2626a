// Imports a workbook of 400,000 x 30 cells (or as many rows as the command line says) with all checks, into a
// store that only counts and into SQLite, and says how long that took beside the bare reader, and the peak of
// memory. One row in twenty has a mistake. Each measurement runs in a process of its own, so that every peak
// is its own.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "engine/feel/syntax.h"
#include "engine/intake/intake.h"
#include "engine/register/memory_store.h"
#include "engine/schema/credit_code.h"
#include "engine/sheet/sheet.h"
#include "engine/sheet/writer.h"
#include "store/store.h"

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

constexpr int kNumbers = 26;

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
                           .usual_high = quantity::Decimal(50000000)});
  const auto parsed = feel::parse("not(规上) or 指标0 > 0", feel::NameSet({"规上", "指标0"}));
  year.laws.push_back({"规上有指标0", parsed.source, parsed.tree, {}});
  schema.registers.push_back(std::move(year));
  return schema;
}

// Firms have sizes of their own, and grow a little from year to year.
double figure(int row, int column, int year) {
  std::uint64_t mixed = static_cast<std::uint64_t>(row) * 0x9E3779B97F4A7C15u + static_cast<unsigned>(column);
  mixed ^= mixed >> 29;
  mixed *= 0xBF58476D1CE4E5B9u;
  mixed ^= mixed >> 32;
  const double growth = 1 + 0.05 * (year - 2022) + 0.001 * static_cast<double>((mixed >> 40) % 100);
  return static_cast<double>(100 + mixed % 9'999'900) / 10 * (year == 2022 ? 1 : growth);
}

void write_workbook(const std::string& path, int rows, int year) {
  sheet::WorkbookWriter writer;
  sheet::OutSheet out{.name = "样例", .title = std::to_string(year) + "年样例", .mark = "样例数据"};
  for (const char* header : {"统一社会信用代码", "企业名称", "镇街", "规上"})
    out.columns.push_back({.header = {header}});
  for (int i = 0; i < kNumbers; ++i)
    out.columns.push_back({.header = {"指标" + std::to_string(i) + (i % 2 ? "（元）" : "（万元）")}});
  writer.begin_sheet(out);
  std::vector<sheet::OutCell> cells;
  for (int row = 0; row < rows; ++row) {
    cells.clear();
    const bool is_wrong = row % 20 == 7;
    cells.push_back(
        sheet::OutCell::of_text(schema::credit_code_from(static_cast<std::uint64_t>(row), "330902")));
    cells.push_back(sheet::OutCell::of_text("样例企业" + std::to_string(row)));
    cells.push_back(sheet::OutCell::of_text(is_wrong && row % 3 == 0 ? "金堂镇"
                                            : row % 2                ? "金塘镇"
                                                                     : "白泉镇"));
    cells.push_back(sheet::OutCell::of_text(row % 3 ? "是" : "否"));
    for (int i = 0; i < kNumbers; ++i) {
      char digits[32];
      std::snprintf(digits, sizeof digits, "%.2f", figure(row, i, year) * (i % 2 ? 10000 : 1));
      cells.push_back(is_wrong && i == row % kNumbers ? sheet::OutCell::of_text("待核")
                                                      : sheet::OutCell::of_number(digits));
    }
    writer.row(cells);
  }
  writer.finish_to(path);
}

struct Measured {
  double seconds = 0, processor_seconds = 0;
  long peak_mib = 0;
  bool is_whole = false;
};
// In a child: what it leaves in memory is not the next one's.
Measured measured(const std::function<void()>& work) {
  std::fflush(stdout);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    work();
    std::fflush(stdout);
    _exit(0);
  }
  int status = 1;
  rusage used{};
  const bool is_whole = child > 0 && wait4(child, &status, 0, &used) == child && status == 0;
  const auto seconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
          seconds_of(used.ru_utime) + seconds_of(used.ru_stime), used.ru_maxrss / 1024, is_whole};
}
void print(const char* what, const Measured& one, double bare) {
  std::printf("%-44s %6.2f s, processor %6.2f s (%.2fx of the bare reader), peak %ld MiB%s\n", what,
              one.seconds, one.processor_seconds, one.processor_seconds / bare, one.peak_mib,
              one.is_whole ? "" : "  FAILED");
}

void import_and_return(const std::string& path, const std::string& returned, registers::RegisterStore& store,
                       const schema::Schema& schema) {
  const intake::Intake done = intake::import_file(path, schema, store, {.provider = "区税务局"});
  std::int64_t accepted = 0, refused = 0;
  for (const intake::SheetIntake& sheet : done.sheets) accepted += sheet.accepted, refused += sheet.refused;
  std::printf("  %lld rows in, %lld refused, %zu findings listed\n", static_cast<long long>(accepted),
              static_cast<long long>(refused), done.diagnostics.size());
  if (!returned.empty()) intake::write_problems(path, returned, done);
}

}  // namespace

int main(int count, char** words) {
  const int rows = count > 1 ? std::atoi(words[1]) : 400'000;
  const std::string only = count > 2 ? words[2] : "";
  const schema::Schema schema = made_schema();
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("bench_intake-" + std::to_string(getpid()))).string();
  std::filesystem::create_directories(folder);
  const std::string path = folder + "/2023.xlsx", last_year = folder + "/2022.xlsx",
                    returned = folder + "/back.xlsx";
  const auto wanted = [&](const char* name) { return only.empty() || only == name; };
  print("write the workbook", measured([&] { write_workbook(path, rows, 2023); }), 1);
  if (wanted("year")) measured([&] { write_workbook(last_year, rows, 2022); });
  std::printf("%d x 30, %.0f MiB packed\n", rows,
              static_cast<double>(std::filesystem::file_size(path)) / 1048576);
  const Measured bare = measured([&] {
    const sheet::Opened opened = sheet::open(path);
    CountingSink sink;
    if (opened.workbook) opened.workbook->read(0, sink);
  });
  const double reader = bare.processor_seconds;
  print("bare reader", bare, reader);
  if (wanted("count"))
    print("import, store counts", measured([&] {
            CountingStore store;
            import_and_return(path, "", store, schema);
          }),
          reader);
  if (wanted("report"))
    print("import, store counts, workbook of problems", measured([&] {
            CountingStore store;
            import_and_return(path, returned, store, schema);
          }),
          reader);
  if (wanted("sqlite"))
    print("import into SQLite, workbook of problems", measured([&] {
            const auto store = store::open_store(folder + "/data", "330902", schema,
                                                 access::Scope::whole_district("operator"));
            import_and_return(path, returned, store->registers(), schema);
          }),
          reader);
  if (wanted("year")) {
    print("import of 2022 into SQLite", measured([&] {
            const auto store = store::open_store(folder + "/data2", "330902", schema,
                                                 access::Scope::whole_district("operator"));
            import_and_return(last_year, "", store->registers(), schema);
          }),
          reader);
    print("import of 2023 beside it, workbook of problems", measured([&] {
            const auto store = store::open_store(folder + "/data2", "330902", schema,
                                                 access::Scope::whole_district("operator"));
            import_and_return(path, returned, store->registers(), schema);
          }),
          reader);
  }
  std::filesystem::remove_all(folder);
}
