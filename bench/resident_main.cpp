// What a province's register costs in memory: 200,000 firms x 3 years x 60 columns, resident, beside the
// plain layout (a double, a state byte, the key and the period of every row).
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "engine/column/column.h"

namespace {

using namespace tenglong;

constexpr std::int64_t kFirms = 200'000;
constexpr int kYears = 3;
constexpr int kNumbers = 44, kTexts = 10, kBooleans = 4, kDates = 2;
constexpr int kColumns = kNumbers + kTexts + kBooleans + kDates;

double resident_mib() {
  std::ifstream in("/proc/self/statm");
  long pages = 0, resident = 0;
  in >> pages >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1048576.0;
}

std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

// Records come one after another, as the store gives them; none is kept.
class Rows : public registers::RegisterStore {
 public:
  explicit Rows(const schema::Schema& schema) : schema_(schema) {}
  std::unique_ptr<Writer> write(const registers::Batch&) override { return nullptr; }
  std::optional<registers::Batch> same_file(std::string_view, std::string_view,
                                            std::string_view) const override {
    return std::nullopt;
  }
  std::vector<registers::Batch> batches() const override { return {{.id = {1}, .provider = "区统计局"}}; }
  void read(std::string_view register_id, std::optional<registers::BatchId>,
            const std::function<void(registers::Statement&&)>& each) const override {
    const schema::Register& target = *schema_.find(register_id);
    const bool is_year = target.period == schema::PeriodKey::Year;
    for (std::int64_t firm = 0; firm < kFirms; ++firm) {
      char key[24];
      std::snprintf(key, sizeof key, "9133090%011lld", static_cast<long long>(firm));
      for (int year = 0; year < (is_year ? kYears : 1); ++year) {
        registers::Statement statement{
            .register_id = target.id, .record_key = key, .batch = {1}, .row = firm};
        if (is_year) statement.period = calendar::Period::year(2021 + year);
        for (std::size_t field = 0; field < target.fields.size(); ++field) {
          const std::uint64_t dice = mixed(static_cast<std::uint64_t>((firm * kYears + year) * 97) + field);
          // Three columns in four have blanks, 4 % of their rows.
          if (field % 4 != 0 && dice % 25 == 0) continue;
          registers::FieldValue value{.field = static_cast<int>(field)};
          switch (target.fields[field].type) {
            case schema::FieldType::Number:
              value.value = quantity::Decimal::scaled(static_cast<std::int64_t>(dice % 100'000'000), -4);
              break;
            case schema::FieldType::Boolean:
              value.value = dice % 2 == 0;
              break;
            case schema::FieldType::Date:
              value.value = calendar::Date::from_days(10'000 + static_cast<std::int32_t>(dice % 9'000));
              break;
            default:
              value.value = is_year ? "代码" + std::to_string(dice % 200) : std::string(key) + "号样例企业";
          }
          statement.values.push_back(std::move(value));
        }
        each(std::move(statement));
      }
    }
  }
  void read_record(std::string_view, std::string_view, std::optional<registers::BatchId>,
                   const std::function<void(registers::Statement&&)>&) const override {}
  std::int64_t statement_count(std::string_view) const override { return kFirms * kYears; }
  std::optional<registers::Mapping> mapping(std::string_view, std::string_view,
                                            std::string_view) const override {
    return std::nullopt;
  }
  void remember(const registers::Mapping&) override {}

 private:
  const schema::Schema& schema_;
};

}  // namespace

int main() {
  schema::Schema schema;
  schema::Register firm{.id = "enterprise", .name = "企业", .key = {"code"}};
  firm.fields.push_back({.id = "code", .name = "信用代码", .type = schema::FieldType::Text});
  firm.fields.push_back({.id = "name", .name = "名称", .type = schema::FieldType::Text});
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  for (int i = 0; i < kColumns; ++i)
    year.fields.push_back({.id = "c" + std::to_string(i),
                           .name = "列" + std::to_string(i),
                           .type = i < kNumbers                        ? schema::FieldType::Number
                                   : i < kNumbers + kTexts             ? schema::FieldType::Text
                                   : i < kNumbers + kTexts + kBooleans ? schema::FieldType::Boolean
                                                                       : schema::FieldType::Date});
  schema.registers = {firm, year};
  const Rows rows(schema);
  const double before = resident_mib();
  const column::Snapshot snapshot = column::take_snapshot(schema, rows);
  const double used = resident_mib() - before;
  const double cells = static_cast<double>(snapshot.find("enterprise_year")->size()) * kColumns;
  // A double and a state a cell, a key string (with its text beyond 15 bytes) and an optional period a row.
  const double plain =
      (cells * 9 + cells / kColumns * (sizeof(std::string) + 32 + sizeof(std::optional<calendar::Period>))) /
      1048576.0;
  std::printf(
      "{\"impl\":\"tenglong\",\"work\":\"resident\",\"rows\":%zu,\"columns\":%d,\"mib\":%.1f,\"bytes_per_"
      "cell\":%.2f,"
      "\"of_the_plain_layout\":%.2f,\"bar_mib\":400}\n",
      snapshot.find("enterprise_year")->size(), kColumns, used, used * 1048576.0 / cells, used / plain);
  std::printf("fingerprint %s\n", snapshot.fingerprint.substr(0, 16).c_str());
  return used <= 400 ? 0 : 1;
}
