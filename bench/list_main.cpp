// Lists over 200,000 firms x 3 years x 30 fields (or as many firms as the command line says), on SQLite and
// on PostgreSQL: 200 random filters, orders and pages, half of them for the district and half for one town.
// For each back end the times of a page and of an exact count, beside a hand-written SQL query over a plain
// table of the same values in the same run. Bars: page 50 ms p95, count 200 ms.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bench/plain_table.h"
#include "campaign/access/access.h"
#include "engine/schema/credit_code.h"
#include "store/store.h"
#include "tests/postgres/postgres.h"

namespace {

using namespace tenglong;
using schema::FieldType;

constexpr int kNumbers = 22, kCodes = 3;
constexpr int kTowns = 14;
constexpr int kQueries = 200;

class Random {  // splitmix64
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return (z ^ (z >> 31)) % bound;
  }

 private:
  std::uint64_t state_;
};

std::string town(std::uint64_t number) { return "3309021" + std::to_string(10 + number); }
std::string code(std::uint64_t number) { return std::to_string(1300 + number * 7); }

pack::Pack district() {
  pack::Pack out;
  schema::Codes towns{.id = "town", .name = "镇街", .level = "town"};
  for (std::uint64_t i = 0; i < kTowns; ++i)
    towns.entries.push_back({.code = town(i), .name = "镇街" + std::to_string(i)});
  towns.build_index();
  out.schema.codes = {towns};
  schema::Register firm{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  firm.fields = {{.id = "credit_code", .name = "代码", .type = FieldType::CreditCode},
                 {.id = "legal_name", .name = "企业名称", .type = FieldType::Text},
                 {.id = "town", .name = "镇街", .type = FieldType::Area, .codes = "town"}};
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  for (int i = 0; i < kNumbers; ++i)
    year.fields.push_back(
        {.id = "n" + std::to_string(i), .name = "数" + std::to_string(i), .type = FieldType::Number});
  for (int i = 0; i < kCodes; ++i)
    year.fields.push_back(
        {.id = "c" + std::to_string(i), .name = "类" + std::to_string(i), .type = FieldType::Code});
  year.fields.push_back({.id = "since", .name = "登记日期", .type = FieldType::Date});
  year.fields.push_back({.id = "above_scale", .name = "规上", .type = FieldType::Boolean});
  year.fields.push_back({.id = "remark", .name = "备注", .type = FieldType::Text});
  year.fields.push_back({.id = "park", .name = "园区", .type = FieldType::Text});
  year.fields.push_back({.id = "site", .name = "地址", .type = FieldType::Text});
  out.schema.registers = {firm, year};
  pack::Access rights;
  rights.roles = {{.id = "town", .name = "镇街经办人"}};
  rights.lines = {{.roles = {{"town", {}}},
                   .operations = {{"看台账", {}}, {"计数汇总", {}}},
                   .relations = {{"本镇街", {}}},
                   .level = {"敏感", {}}}};
  out.access = {rights};
  return out;
}

// The same values for the store and for the plain table.
struct Row {
  std::vector<std::string> texts;  // as the fields; empty: missing
};
Row row_of(std::uint64_t firm, int year) {
  Random random(firm * 31 + static_cast<std::uint64_t>(year));
  Row out;
  for (int i = 0; i < kNumbers; ++i)
    out.texts.push_back(
        random.below(20) == 0
            ? ""
            : quantity::Decimal::scaled(static_cast<__int128>(random.below(10'000'000)), -3).to_string());
  for (int i = 0; i < kCodes; ++i) out.texts.push_back(code(random.below(40)));
  out.texts.push_back(
      calendar::Date::from_days(12'000 + static_cast<std::int64_t>(random.below(7'000))).to_string());
  out.texts.push_back(random.below(2) == 0 ? "1" : "0");
  out.texts.push_back(random.below(4) == 0 ? "样例备注" + std::to_string(random.below(5'000)) : "");
  out.texts.push_back("园区" + std::to_string(random.below(30)));
  out.texts.push_back("样例路" + std::to_string(random.below(100'000)) + "号");
  return out;
}
std::string key_of(std::uint64_t firm) { return schema::credit_code_from(firm, "330902"); }
std::uint64_t town_of(std::uint64_t firm) { return Random(firm).below(kTowns); }

struct Asked {
  std::string where, sql, sort, order_by;
  std::optional<std::uint64_t> town;
  std::size_t skip = 0;
};
Asked random_query(Random& random) {
  Asked out;
  const auto condition = [&]() -> std::pair<std::string, std::string> {
    const std::string n = std::to_string(random.below(kNumbers)), c = std::to_string(random.below(kCodes));
    switch (random.below(7)) {
      case 0: {
        const std::string line = std::to_string(random.below(10'000));
        return {"数" + n + " > " + line, "n" + n + " > " + line};
      }
      case 1: {
        const std::uint64_t low = random.below(9'990);
        const std::string a = std::to_string(low), b = std::to_string(low + 10);
        return {"数" + n + " in [" + a + ".." + b + "]", "n" + n + " between " + a + " and " + b};
      }
      case 2: {
        const std::string a = code(random.below(40)), b = code(random.below(40));
        return {"类" + c + " in (\"" + a + "\", \"" + b + "\")", "c" + c + " in ('" + a + "', '" + b + "')"};
      }
      case 3:
        return {"规上", "above_scale = 1"};
      case 4: {
        const std::string day =
            calendar::Date::from_days(12'000 + static_cast<std::int64_t>(random.below(7'000))).to_string();
        return {"登记日期 >= date(\"" + day + "\")", "since >= '" + day + "'"};
      }
      case 5: {
        const std::string part = std::to_string(random.below(500));
        return {"contains(备注, \"" + part + "\")", "remark like '%" + part + "%'"};
      }
      default: {
        const std::string at = town(random.below(kTowns));
        return {"企业.镇街 = \"" + at + "\"", "town = '" + at + "'"};
      }
    }
  };
  for (std::uint64_t i = 1 + random.below(3); i > 0; --i) {
    const auto [feel, sql] = condition();
    out.where += (out.where.empty() ? "" : " and ") + feel;
    out.sql += " and " + sql;
  }
  const std::uint64_t sort = random.below(5);
  const std::string n = std::to_string(random.below(kNumbers));
  if (sort == 1) out.sort = "数" + n, out.order_by = "n" + n + ", ";
  if (sort == 2) out.sort = "-数" + n, out.order_by = "n" + n + " desc, ";
  if (sort == 3) out.sort = "登记日期", out.order_by = "since, ";
  if (sort == 4) out.sort = "-备注", out.order_by = "remark desc, ";
  if (random.below(2) == 0) out.town = random.below(kTowns);
  out.skip = random.below(3) * 50;
  return out;
}

double milliseconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}
struct Times {
  double p50, p95, most;
};
Times times_of(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return {all[all.size() / 2], all[all.size() * 95 / 100], all.back()};
}
void print(const char* what, const Times& times, double bar) {
  std::printf("  %-34s p50 %7.1f  p95 %7.1f  max %7.1f ms", what, times.p50, times.p95, times.most);
  if (bar > 0) std::printf("   bar %.0f: %s", bar, times.p95 <= bar ? "held" : "NOT held");
  std::printf("\n");
}

void fill_plain(bench::PlainTable& plain, const schema::Register& year, std::uint64_t firms) {
  std::string columns;
  for (const schema::Field& field : year.fields)
    columns += ", " + field.id +
               (field.type == FieldType::Number    ? " double precision"
                : field.type == FieldType::Boolean ? " integer"
                                                   : " text");
  plain.execute("create table plain (period text, key text, town text" + columns + ")");
  plain.execute("begin");
  std::string insert;
  for (const int at : {2021, 2022, 2023})
    for (std::uint64_t i = 0; i < firms; ++i) {
      insert += insert.empty() ? "insert into plain values " : ", ";
      insert += "('" + std::to_string(at) + "', '" + key_of(i) + "', '" + town(town_of(i)) + "'";
      const Row row = row_of(i, at);
      for (std::size_t field = 0; field < row.texts.size(); ++field) {
        const bool is_plain = field < kNumbers || year.fields[field].type == FieldType::Boolean;
        insert += row.texts[field].empty() ? ", null"
                  : is_plain               ? ", " + row.texts[field]
                                           : ", '" + row.texts[field] + "'";
      }
      insert += ")";
      if (insert.size() < 200'000) continue;
      plain.execute(insert);
      insert.clear();
    }
  if (!insert.empty()) plain.execute(insert);
  plain.execute("commit");
  plain.execute("create index plain_town on plain (period, town)");
  plain.execute("analyze plain");
}

void fill_store(store::Store& store, const schema::Schema& schema, std::uint64_t firms) {
  {
    const registers::Batch batch{.register_id = "enterprise", .provider = "专班"};
    const auto writer = store.registers().write(batch);
    for (std::uint64_t i = 0; i < firms; ++i)
      writer->add({.register_id = "enterprise",
                   .record_key = key_of(i),
                   .values = {{.field = 0, .value = key_of(i)},
                              {.field = 1, .value = "样例企业" + std::to_string(i) + "有限公司"},
                              {.field = 2, .value = town(town_of(i))}}});
    writer->commit(batch);
  }
  const schema::Register& year = schema.registers[1];
  for (const int at : {2021, 2022, 2023}) {
    const registers::Batch batch{.register_id = "enterprise_year", .provider = "专班"};
    const auto writer = store.registers().write(batch);
    for (std::uint64_t i = 0; i < firms; ++i) {
      registers::Statement statement{
          .register_id = "enterprise_year", .record_key = key_of(i), .period = calendar::Period::year(at)};
      const Row row = row_of(i, at);
      for (std::size_t field = 0; field < row.texts.size(); ++field) {
        const std::string& text = row.texts[field];
        if (text.empty()) continue;
        registers::FieldValue value{.field = static_cast<int>(field)};
        const FieldType type = year.fields[field].type;
        if (type == FieldType::Number)
          value.value = *quantity::Decimal::parse(text);
        else if (type == FieldType::Boolean)
          value.value = text == "1";
        else if (type == FieldType::Date)
          value.value = *calendar::Date::parse(text);
        else
          value.value = text;
        statement.values.push_back(std::move(value));
      }
      writer->add(statement);
    }
    writer->commit(batch);
  }
}

bool measure(const char* name, const std::string& where, bench::PlainTable& plain, std::uint64_t firms) {
  const pack::Pack pack = district();
  diagnostic::Diagnostics ignored;
  const access::Policy policy = access::Policy::compile(pack, ignored);
  const auto store =
      store::open_store(where, "330902", pack.schema, access::Scope::whole_district("operator"));
  const double write = milliseconds([&] { fill_store(*store, pack.schema, firms); });
  const double held = milliseconds([&] { store->lists().rebuild(); });
  fill_plain(plain, pack.schema.registers[1], firms);
  std::printf(
      "%s, %llu firms x 3 years x %zu fields: written in %.1f s; making all columns again takes %.1f s\n",
      name, static_cast<unsigned long long>(firms), pack.schema.registers[1].fields.size(), write / 1e3,
      held / 1e3);
  std::fflush(stdout);
  std::vector<double> pages, counts, plain_pages, plain_counts;
  Random random(2021);
  bool is_equal = true;
  for (int i = 0; i < kQueries; ++i) {
    const Asked asked = random_query(random);
    const access::Scope scope =
        asked.town
            ? policy.scope_of({.id = "t", .roles = {"town"}, .towns = {town(*asked.town)}}, {}, {2023, 6, 1})
            : access::Scope::whole_district("bench");
    store::ListQuery query{.register_id = "enterprise_year",
                           .period = calendar::Period::year(2021 + static_cast<int>(random.below(3))),
                           .where = asked.where,
                           .skip = asked.skip};
    if (!asked.sort.empty()) query.sort = {asked.sort};
    const std::string from = " from plain where period = '" + query.period->to_string() + "'" +
                             (asked.town ? " and town = '" + town(*asked.town) + "'" : "") + asked.sql;
    store::Listed listed;
    std::int64_t plain_count = 0;
    pages.push_back(milliseconds([&] { listed = store->lists().list(query, scope); }));
    plain_pages.push_back(milliseconds([&] {
      plain.rows("select *" + from + " order by " + asked.order_by + "key limit 50 offset " +
                     std::to_string(asked.skip),
                 kNumbers + kCodes + 8);
    }));
    query.size = 0;
    counts.push_back(milliseconds([&] { listed = store->lists().list(query, scope); }));
    plain_counts.push_back(milliseconds([&] { plain_count = plain.number("select count(*)" + from); }));
    if (listed.count != plain_count) {
      std::printf("  %s: counted %lld, by hand %lld\n", asked.where.c_str(),
                  static_cast<long long>(listed.count), static_cast<long long>(plain_count));
      is_equal = false;
    }
  }
  const Times page = times_of(pages), count = times_of(counts);
  print("page of 50, sorted, with count", page, 50);
  print("the page alone by hand in SQL", times_of(plain_pages), 0);
  print("exact count", count, 200);
  print("count by hand in SQL", times_of(plain_counts), 0);
  std::printf("  %d of %d counts equal to those by hand: %s\n", is_equal ? kQueries : -1, kQueries,
              is_equal ? "yes" : "NO");
  return is_equal && page.p95 <= 50 && count.p95 <= 200;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t firms = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tenglong-bench-list-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  bool held = true;
  {
    bench::PlainSqlite plain((folder / "plain.db").string());
    held = measure("SQLite", (folder / "store").string(), plain, firms) && held;
  }
  std::filesystem::remove_all(folder);
  {
    bench::PlainPostgres plain(postgres::new_database());
    held = measure("PostgreSQL", postgres::new_database(), plain, firms) && held;
  }
  return held ? 0 : 1;
}
