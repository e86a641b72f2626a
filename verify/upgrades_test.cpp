// Data folders of every earlier schema, as their programs wrote them: they open, say what they said, and the
// verifier finds nothing.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>

#include "store/store.h"
#include "tests/golden/golden.h"
#include "verify/verify.h"

namespace tenglong_verify {
namespace {

namespace fs = std::filesystem;
using namespace tenglong;

schema::Schema one_register() {
  schema::Schema out;
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .key = {"credit_code"}, .period = schema::PeriodKey::Year};
  year.fields = {{.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number},
                 {.id = "land_used", .name = "用地面积", .type = schema::FieldType::Number},
                 {.id = "above_scale", .name = "规上", .type = schema::FieldType::Boolean}};
  out.registers = {year};
  return out;
}

TEST(Upgrades, FoldersOfEveryEarlierSchemaOpenAndAreClean) {
  const struct {
    int step;
    std::int64_t events;
    const char* operation;  // of the first event
  } kFixtures[] = {{1, 6, "adopt_batch"}, {2, 6, "import_batch"}};
  const schema::Schema schema = one_register();
  for (const auto& each : kFixtures) {
    const std::string what = "step " + std::to_string(each.step);
    const fs::path folder = fs::temp_directory_path() / ("tenglong-upgrade-" + std::to_string(getpid()));
    fs::remove_all(folder);
    fs::create_directories(folder);
    const std::string path = folder / "tenglong.db";
    sqlite3* database = nullptr;
    sqlite3_open(path.c_str(), &database);
    const std::string sql = golden::read("store/fixtures/step_" + std::to_string(each.step) + ".sql");
    char* message = nullptr;
    ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << what << message;
    sqlite3_close(database);
    if (each.step >= 2) {
      EXPECT_TRUE(check_database(path).is_clean()) << what << ": before it is brought up";
    }

    {
      const auto store =
          store::open_store(folder, "330902", schema, access::Scope::whole_district("operator"));
      std::vector<registers::Statement> read;
      store->registers().read("enterprise_year", {},
                              [&](registers::Statement&& said) { read.push_back(std::move(said)); });
      ASSERT_EQ(read.size(), 3u) << what;
      EXPECT_EQ(read[0].record_key, "91330902684307791B") << what;
      EXPECT_EQ(std::get<quantity::Decimal>(read[0].values.at(0).value), quantity::Decimal(50)) << what;
      EXPECT_EQ(std::get<quantity::Decimal>(read[1].values.at(0).value), quantity::Decimal(10)) << what;
      EXPECT_TRUE(std::get<bool>(read[1].values.at(1).value)) << what;
      EXPECT_EQ(std::get<quantity::Decimal>(read[2].values.at(0).value),
                *quantity::Decimal::parse("1.234567"))
          << what;
      EXPECT_EQ(store->registers().batches().at(1).provider, "市资源规划局定海分局") << what;
      EXPECT_EQ(store->registers().batches().at(0).source, registers::Source::File) << what;
      EXPECT_EQ(store->setting("trail_key"), "92905bf072235f9d") << what;
      EXPECT_EQ(store->results().runs().at(0).period, calendar::Period::year(2023)) << what;
      EXPECT_EQ(store->trail().size(), each.events) << what;
      store->trail().read(1, 1, [&](std::int64_t, std::string_view bytes) {
        EXPECT_EQ(trail::decode(bytes)->operation, each.operation) << what;
      });
    }
    const Report report = check_database(path);
    EXPECT_TRUE(report.is_clean()) << what << ": " << report.findings.at(0).place << " "
                                   << report.findings.at(0).en;
    EXPECT_EQ(report.events, each.events) << what;
    fs::remove_all(folder);
  }
}

}  // namespace
}  // namespace tenglong_verify
