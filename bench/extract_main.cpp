// Writes a register of 200,000 x 30 (or as many records as the command line says) out of SQLite as .xlsx and
// .csv, with progress, and says how long that took beside reading the records alone, and how far memory grew.
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "engine/extract/extract.h"
#include "engine/schema/credit_code.h"
#include "store/store.h"

namespace {

using namespace tenglong;

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
                           .unit = *quantity::Unit::parse("万元")});
  schema.registers.push_back(std::move(year));
  return schema;
}

void fill(registers::RegisterStore& store, int records) {
  registers::Batch batch{.register_id = "enterprise_year", .provider = "区税务局", .mark = "样例数据"};
  const auto writer = store.write(batch);
  for (int row = 0; row < records; ++row) {
    registers::Statement statement{
        .register_id = "enterprise_year",
        .record_key = schema::credit_code_from(static_cast<std::uint64_t>(row), "330902"),
        .period = calendar::Period::year(2023),
        .batch = writer->batch(),
        .sheet = "样例",
        .row = row + 2};
    statement.values.push_back({.field = 0, .value = statement.record_key, .cell = "A"});
    statement.values.push_back({.field = 1, .value = "样例企业" + std::to_string(row), .cell = "B"});
    statement.values.push_back(
        {.field = 2, .value = std::string(row % 2 ? "330902100" : "330902104"), .cell = "C"});
    statement.values.push_back({.field = 3, .value = row % 3 == 0, .cell = "D"});
    for (int i = 0; i < kNumbers; ++i)
      statement.values.push_back(
          {.field = 4 + i, .value = quantity::Decimal::scaled(row * 31LL + i * 7919 + 11, -2), .cell = "E"});
    writer->add(statement);
  }
  batch.rows_read = batch.rows_accepted = records;
  writer->commit(batch);
}

long resident_mib() {
  std::ifstream status("/proc/self/statm");
  long pages = 0, resident = 0;
  status >> pages >> resident;
  return resident * (sysconf(_SC_PAGESIZE) >> 10) / 1024;
}

void measured(const char* what, const std::function<void()>& work) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child != 0) {
    int status = 1;
    waitpid(child, &status, 0);
    if (status != 0) std::printf("%-24s FAILED\n", what);
    return;
  }
  const auto begin = std::chrono::steady_clock::now();
  const long before = resident_mib();
  work();
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const double processor = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  std::printf("%-24s %6.2f s, processor %6.2f s, memory grew by %ld MiB\n", what,
              std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), processor,
              used.ru_maxrss / 1024 - before);
  std::fflush(stdout);
  _exit(0);
}

}  // namespace

int main(int count, char** words) {
  const int records = count > 1 ? std::atoi(words[1]) : 200'000;
  const schema::Schema schema = made_schema();
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("bench_extract-" + std::to_string(getpid()))).string();
  measured("write the store", [&] {
    fill(store::open_store(folder, "330902", schema, access::Scope::whole_district("operator"))->registers(),
         records);
  });
  const auto extract_to = [&](const char* name) {
    const auto store = store::open_store(folder, "330902", schema, access::Scope::whole_district("operator"));
    struct ToFile : store::RowTaker {
      const schema::Schema& schema;
      std::string path;
      long rows = 0;
      std::unique_ptr<extract::TableFile> file = {};
      ToFile(const schema::Schema& of, std::string to) : schema(of), path(std::move(to)) {}
      void begin(const store::Listed& head) override {
        std::vector<extract::FileColumn> columns;
        for (const schema::Field* each : head.fields) columns.push_back({each});
        file = std::make_unique<extract::TableFile>(schema, schema.registers[0], columns, std::nullopt,
                                                    extract::Format{.mark = "样例数据"}, path);
      }
      bool row(const store::ListedRow& row) override {
        std::vector<extract::FileCell> cells;
        for (const store::ListedCell& each : row.cells)
          cells.push_back({.state = each.state, .value = each.value, .is_said = each.origin.has_value()});
        file->row(row.key, row.period, cells);
        ++rows;
        return true;
      }
    } to_file(schema, folder + name);
    store->lists().each({.register_id = "enterprise_year", .operation = access::Operation::ExportRecord},
                        store->scope(), to_file);
    to_file.file->finish();
    std::printf("  %ld rows\n", to_file.rows);
  };
  measured("read the records", [&] {
    const auto store = store::open_store(folder, "330902", schema, access::Scope::whole_district("operator"));
    long seen = 0;
    registers::read_records(store->registers(), schema.registers[0], {},
                            [&](registers::Record&&) { ++seen; });
  });
  measured(".xlsx", [&] { extract_to("/out.xlsx"); });
  measured(".csv", [&] { extract_to("/out.csv"); });
  std::filesystem::remove_all(folder);
}
