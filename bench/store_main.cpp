// What keeping costs: import, reading back, and adding up meter readings in the database, on SQLite and on
// PostgreSQL, each beside hand-written SQL over a plain table in the same run (or with fewer of both, as the
// command line says: records, readings). By hand there is no statement with its source, no trail, no column
// kept for lists.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "bench/measure.h"
#include "bench/plain_table.h"
#include "engine/schema/credit_code.h"
#include "store/store.h"
#include "tests/postgres/postgres.h"

namespace {

using namespace tenglong;

constexpr int kNumbers = 10;
constexpr std::uint64_t kReadingsOfAMeter = 13;  // the beginning of each month, and of the next year

std::string key_of(std::uint64_t firm) { return schema::credit_code_from(firm, "330902"); }
std::int64_t value_of(std::uint64_t firm, int field) {
  return static_cast<std::int64_t>((firm * 2654435761u + static_cast<std::uint64_t>(field) * 40503u) %
                                   1'000'000);
}
std::int64_t dial_of(std::uint64_t meter, std::uint64_t month) {
  return static_cast<std::int64_t>((meter % 997 + month * (meter % 89 + 1)) * meter::kDialScale);
}
std::string month_text(std::uint64_t month) {
  return meter::moment_text({2023 + static_cast<int>(month / 12), 1 + static_cast<int>(month % 12), 1});
}

schema::Schema one_register() {
  schema::Schema out;
  schema::Register firm{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  firm.fields = {{.id = "credit_code", .name = "代码", .type = schema::FieldType::CreditCode}};
  for (int i = 0; i < kNumbers; ++i)
    firm.fields.push_back(
        {.id = "n" + std::to_string(i), .name = "数" + std::to_string(i), .type = schema::FieldType::Number});
  out.registers = {firm};
  return out;
}

void print(const char* what, double ours, double by_hand) {
  std::printf("  %-34s %8.2f s   by hand %8.2f s   %.2fx\n", what, ours, by_hand, ours / by_hand);
  std::fflush(stdout);
}

bool measure(const char* name, const std::string& where, bench::PlainTable& plain, std::uint64_t records,
             std::uint64_t readings) {
  const schema::Schema schema = one_register();
  const auto store = store::open_store(where, "330902", schema, access::Scope::whole_district("operator"));
  std::printf("%s, %llu records x %d fields, %llu readings\n", name, static_cast<unsigned long long>(records),
              kNumbers + 1, static_cast<unsigned long long>(readings));
  const registers::Batch batch{.register_id = "enterprise", .provider = "专班"};
  const double import = bench::seconds_of([&] {
    const auto writer = store->registers().write(batch);
    for (std::uint64_t i = 0; i < records; ++i) {
      registers::Statement said{.register_id = "enterprise", .record_key = key_of(i)};
      said.values.push_back({.field = 0, .value = key_of(i)});
      for (int field = 0; field < kNumbers; ++field)
        said.values.push_back({.field = field + 1, .value = quantity::Decimal(value_of(i, field))});
      writer->add(said);
    }
    writer->commit(batch);
  });
  std::string columns;
  for (int i = 0; i < kNumbers; ++i) columns += ", n" + std::to_string(i) + " bigint";
  plain.execute("create table plain (key text primary key" + columns + ")");
  print("import", import, bench::seconds_of([&] {
          plain.fill("plain", records, [&](std::uint64_t i) {
            std::string row = "'" + key_of(i) + "'";
            for (int field = 0; field < kNumbers; ++field) row += ", " + std::to_string(value_of(i, field));
            return row;
          });
        }));

  std::int64_t sum = 0, sum_by_hand = 0;
  const double read = bench::seconds_of([&] {
    store->registers().read("enterprise", std::nullopt, [&](registers::Statement&& said) {
      sum += *std::get<quantity::Decimal>(said.values.at(1).value).to_integer();
    });
  });
  print("read every statement", read, bench::seconds_of([&] {
          plain.each("select * from plain order by key",
                     [&](const auto& text) { sum_by_hand += std::atoll(text(1)); });
        }));

  const std::uint64_t meters = std::max<std::uint64_t>(1, readings / kReadingsOfAMeter);
  const double load = bench::seconds_of([&] {
    const auto writer = store->meters().write("电", "抄表.csv", "f");
    for (std::uint64_t i = 0; i < meters; ++i)
      for (std::uint64_t month = 0; month < kReadingsOfAMeter; ++month)
        writer->add({.meter = "M" + std::to_string(i),
                     .record_key = key_of(i / 2),
                     .at = month_text(month),
                     .dial = dial_of(i, month)});
    writer->commit();
  });
  plain.execute(
      "create table reading (meter text, at text, firm text, dial bigint, multiplier bigint, primary key "
      "(meter, at))");
  print("load the readings", load, bench::seconds_of([&] {
          plain.fill("reading", meters * kReadingsOfAMeter, [&](std::uint64_t i) {
            const std::uint64_t meter = i / kReadingsOfAMeter, month = i % kReadingsOfAMeter;
            return "'M" + std::to_string(meter) + "', '" + month_text(month) + "', '" + key_of(meter / 2) +
                   "', " + std::to_string(dial_of(meter, month)) + ", 1";
          });
        }));
  meter::Tally tally;
  const double roll_up =
      bench::seconds_of([&] { tally = store->meters().tally("电", calendar::Period::year(2023), 24); });
  std::map<std::string, std::int64_t> by_hand;
  print("add up the year in the database", roll_up, bench::seconds_of([&] {
          plain.each(
              "select firm, cast(sum(amount) as bigint) from (select firm, (dial - lag(dial) over (partition "
              "by meter order by at)) * multiplier as amount from reading) step group by firm order by firm",
              [&](const auto& text) { by_hand[text(0)] = std::atoll(text(1)); });
        }));
  bool is_equal = sum == sum_by_hand && tally.sums.size() == by_hand.size() && tally.troubles.empty();
  for (const meter::Sum& each : tally.sums) is_equal = is_equal && by_hand[each.record_key] == each.amount;
  std::printf("  what was read and the %zu sums equal those by hand: %s\n", tally.sums.size(),
              is_equal ? "yes" : "NO");
  return is_equal;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t records = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
  const std::uint64_t readings = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tenglong-bench-store-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  bool is_equal = true;
  {
    bench::PlainSqlite plain((folder / "plain.db").string());
    is_equal = measure("SQLite", (folder / "store").string(), plain, records, readings) && is_equal;
  }
  std::filesystem::remove_all(folder);
  {
    bench::PlainPostgres plain(postgres::new_database());
    is_equal = measure("PostgreSQL", postgres::new_database(), plain, records, readings) && is_equal;
  }
  return is_equal ? 0 : 1;
}
