#include "store/backup.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/fingerprint/fingerprint.h"
#include "store/store.h"
#include "tests/postgres/place.h"

namespace tenglong::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAt = "2023-05-06T09:10:11+08:00";

class BackupTest : public testing::TestWithParam<const char*> {
 protected:
  BackupTest() : place_(GetParam()), kept_("sqlite") {
    const auto store =
        open_store(place_.where(), "330902", schema_, access::Scope::whole_district("operator"));
    store->set("seed", "1");
    store->set("pack", "x");
  }
  std::string scratch() const { return kept_.where() + "-scratch"; }
  Backup back_up_now(const char* at, int keep = 0) {
    return back_up(place_.where(), kept_.where(), "330902", schema_, at, keep);
  }
  // The manifest with a line changed and its own fingerprint made again: a backup that was wrong from the
  // start.
  static void rewrite(const std::string& folder, const std::string& line, const std::string& with) {
    const fs::path path = fs::path(folder) / "清单.txt";
    std::ifstream in(path);
    std::string out;
    for (std::string each; std::getline(in, each);)
      if (each.rfind("sm3 ", 0) != 0) out += (each.rfind(line, 0) == 0 ? with : each) + "\n";
    in.close();
    std::ofstream(path) << out << "sm3 " << fingerprint::of_bytes(out) << "\n";
  }

  schema::Schema schema_;
  postgres::Place place_, kept_;
};
INSTANTIATE_TEST_SUITE_P(On, BackupTest, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(BackupTest, WhatIsBackedUpIsRestoredTheSame) {
  const Backup backup = back_up_now(kAt);
  ASSERT_TRUE(backup.refused.empty());
  const postgres::Place to("sqlite");
  const Copy copy = restore(backup.folder, to.where(), schema_, scratch());
  ASSERT_TRUE(copy.refused.empty());
  EXPECT_EQ(copy.contents.fingerprint(), contents_of(place_.where(), "330902", schema_).fingerprint());
  EXPECT_EQ(restore(backup.folder, to.where(), schema_, scratch()).refused.at(0).code, "E-STORE-101");
}

TEST_P(BackupTest, WhatDiffersFromItsManifestIsRefusedAndNamed) {
  const std::string folder = back_up_now(kAt).folder;
  EXPECT_EQ(back_up_now(kAt).refused.at(0).code, "E-STORE-111") << "the same moment twice";
  EXPECT_EQ(check_backup(kept_.where(), schema_, scratch()).differences.at(0).code, "E-STORE-112");
  rewrite(folder, "table setting ", "table setting 7 00");
  const ReadBackup table = check_backup(folder, schema_, scratch());
  ASSERT_EQ(table.differences.size(), 1u);
  EXPECT_EQ(table.differences[0].code, "E-STORE-114");
  EXPECT_NE(table.differences[0].place.file.find("!setting"), std::string::npos);
  rewrite(folder, "trail ", "trail 1 00");
  EXPECT_EQ(check_backup(folder, schema_, scratch()).differences.back().code, "E-STORE-115");
  std::ofstream(fs::path(folder) / "tenglong.db", std::ios::app) << 'x';
  EXPECT_EQ(check_backup(folder, schema_, scratch()).differences.at(0).code, "E-STORE-113");
}

TEST_P(BackupTest, TheOldestGoOnceTheNewestIsThere) {
  const std::string first = back_up_now("2023-05-06T09:10:11+08:00").folder;
  const std::string second = back_up_now("2023-05-07T09:10:11+08:00", 2).folder;
  EXPECT_TRUE(fs::exists(first));
  const Backup third = back_up_now("2023-05-08T09:10:11+08:00", 1);
  EXPECT_EQ(third.removed, (std::vector<std::string>{first, second}));
  EXPECT_TRUE(fs::exists(third.folder));
}

}  // namespace
}  // namespace tenglong::store
