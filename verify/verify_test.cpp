// What was not touched is clean; whatever is touched is found, with its place.
#include "verify/verify.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "campaign/trail/trail.h"
#include "store/store.h"

namespace tenglong_verify {
namespace {

namespace fs = std::filesystem;
using namespace tenglong;

schema::Schema one_register() {
  schema::Schema out;
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .key = {"credit_code"}, .period = schema::PeriodKey::Year};
  year.fields = {{.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number}};
  out.registers = {year};
  return out;
}

void run(sqlite3* database, const std::string& sql) {
  char* message = nullptr;
  ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
      << sql << ": " << (message ? message : "");
}
std::int64_t number(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr);
  const std::int64_t out = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
  sqlite3_finalize(statement);
  return out;
}

class Verify : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::temp_directory_path() / ("tenglong-verify-" + std::to_string(::getpid()));
    fs::remove_all(folder);
    schema = one_register();
    store = store::open_store(folder, "330902", schema, access::Scope::whole_district("operator"));
    store->act_as({.account = "张三", .unit = "区税务局"});
    key = trail::make_key();
    for (int batch = 0; batch < 9; ++batch) {
      registers::Batch one{.register_id = "enterprise_year",
                           .provider = "区税务局",
                           .submitter = "张三",
                           .received_at = "2023-05-06T09:10:11+08:00",
                           .file_name = "税" + std::to_string(batch) + ".xlsx",
                           .file_fingerprint = std::to_string(batch)};
      auto writer = store->registers().write(one);
      for (int row = 0; row < 5; ++row)
        writer->add({.register_id = "enterprise_year",
                     .record_key = "k" + std::to_string(row),
                     .period = calendar::Period::year(2023),
                     .batch = writer->batch(),
                     .sheet = "税",
                     .row = row + 2,
                     .values = {{.field = 0, .value = quantity::Decimal(row * 7 + batch)}}});
      writer->commit(one);
      store->set("seed", std::to_string(batch));
      if (batch == 4)
        earlier = trail::export_range(
            store->trail(), 1, trail::sign_now(store->trail(), "330902", "2023-06-01T00:00:00+08:00", key));
    }
    store->registers().remember({"区税务局", "enterprise_year", "h", {{1, "税收", "tax_paid", ""}}});
    head = trail::sign_now(store->trail(), "330902", "2023-07-01T00:00:00+08:00", key);
  }
  void TearDown() override {
    store.reset();
    fs::remove_all(folder);
  }
  std::string path() const { return folder / "tenglong.db"; }

  fs::path folder;
  schema::Schema schema;
  std::unique_ptr<store::Store> store;
  trail::Key key;
  trail::SignedHead head;
  std::string earlier;
};

TEST_F(Verify, WhatWasNotTouchedIsClean) {
  const std::string whole = trail::export_range(store->trail(), 1, head);
  const Report of_export = check_export(whole, key.public_pem, earlier.substr(earlier.find("head ")));
  EXPECT_TRUE(of_export.is_clean()) << of_export.findings[0].place << " " << of_export.findings[0].en;
  EXPECT_EQ(of_export.events, 19);
  for (std::int64_t from = 1; from <= 20; ++from) {
    const Report part = check_export(trail::export_range(store->trail(), from, head), key.public_pem);
    EXPECT_TRUE(part.is_clean()) << from << ": " << part.findings[0].place << " " << part.findings[0].en;
    EXPECT_EQ(part.root, of_export.root);
  }
  const Report of_database = check_database(path(), key.public_pem);
  EXPECT_TRUE(of_database.is_clean()) << of_database.findings[0].place << " " << of_database.findings[0].en;
  EXPECT_EQ(of_database.events, 19);
  EXPECT_EQ(of_database.heads, 2);
  EXPECT_EQ(of_database.root, of_export.root);
}

// A file that was taken away is gone with an event that says so; one that is gone without is missed.
TEST_F(Verify, ARemovedFileIsKnownToBeGone) {
  const std::string first = store->keep_file("甲.pdf", "甲").fingerprint,
                    second = store->keep_file("乙.pdf", "乙").fingerprint;
  ASSERT_TRUE(store->remove_file(first));
  trail::sign_now(store->trail(), "330902", "2023-08-01T00:00:00+08:00", key);
  EXPECT_TRUE(check_database(path(), key.public_pem).is_clean());
  store.reset();
  const auto behind_its_back = [&](const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  };
  behind_its_back("delete from kept_file where fingerprint = '" + second + "'");
  const Report gone = check_database(path(), key.public_pem);
  ASSERT_EQ(gone.findings.size(), 1u);
  EXPECT_EQ(gone.findings[0].place, "kept_file " + second);
}

TEST_F(Verify, EveryMutationLeftOneEvent) { EXPECT_EQ(store->trail().size(), 9 + 9 + 1); }

TEST_F(Verify, AnotherKeyAndAnotherPastAreSeen) {
  const std::string whole = trail::export_range(store->trail(), 1, head);
  const Report other = check_export(whole, trail::make_key().public_pem);
  ASSERT_FALSE(other.is_clean());
  EXPECT_EQ(other.findings.back().place, "head 19");
  // A past that was written anew and signed again holds by itself, and not against the head kept from before.
  trail::Head forged{
      .area = "330902", .size = 10, .root = trail::leaf_hash("forged"), .at = "x", .key_id = key.id};
  std::string line = "head ";
  for (const char each : trail::encode(forged)) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(each));
    line += two;
  }
  const Report against = check_export(whole, key.public_pem, line);
  ASSERT_FALSE(against.is_clean());
  EXPECT_EQ(against.findings[0].place, "event 1..10");
}

TEST_F(Verify, AThousandEditsOfAnExportAreAllFound) {
  const std::string whole = trail::export_range(store->trail(), 4, head);
  std::mt19937 random(20211);
  int edits = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string bytes = whole;
    const std::size_t at = random() % bytes.size();
    switch (random() % 5) {
      case 0:
        bytes[at] = bytes[at] == '0' ? '1' : '0';
        break;
      case 1:
        bytes.erase(at, 1 + random() % 40);
        break;
      case 2:
        bytes.insert(at, 1 + random() % 3, "0123456789abcdef \n"[random() % 18]);
        break;
      case 3: {  // two lines change places
        const std::size_t line = bytes.find('\n', at);
        const std::size_t next = line == std::string::npos ? line : bytes.find('\n', line + 1);
        if (next == std::string::npos) continue;
        const std::size_t begin = bytes.rfind('\n', at ? at - 1 : 0);
        const std::size_t first = begin == std::string::npos ? 0 : begin + 1;
        const std::string a = bytes.substr(first, line - first + 1), b = bytes.substr(line + 1, next - line);
        bytes = bytes.substr(0, first) + b + a + bytes.substr(next + 1);
        break;
      }
      default:
        bytes.resize(at);
    }
    if (bytes == whole) continue;
    ++edits;
    const Report report = check_export(bytes, key.public_pem);
    EXPECT_FALSE(report.is_clean()) << "edit " << i << " was not found:\n"
                                    << bytes.substr(at > 60 ? at - 60 : 0, 120);
    if (!report.is_clean()) {
      EXPECT_FALSE(report.findings[0].place.empty());
    }
  }
  EXPECT_GT(edits, 950);
}

TEST_F(Verify, AThousandEditsOfTheDatabaseAreAllFoundAndNamed) {
  store.reset();
  const struct {
    const char* what;
    const char* sql;    // %1 a number of the events or rows
    const char* place;  // how it must begin
    int from, to;
  } kEdits[] = {
      {"an event's bytes",
       "update trail_event set encoded = cast(substr(encoded, 1, 60) || x'00' || substr(encoded, 62) as "
       "blob) where number = %1",
       "event %1", 1, 19},
      {"a longer event", "update trail_event set encoded = cast(encoded || x'00' as blob) where number = %1",
       "event %1", 1, 19},
      {"an event gone", "delete from trail_event where number = %1", "event %1", 1, 18},
      {"the last event gone", "delete from trail_event where number = 19 or number < -%1", "", 1, 1},
      {"an event twice",
       "insert into trail_event select area, 19 + %1, encoded from trail_event where number = %1", "", 1, 19},
      {"two events swapped", "update trail_event set number = case number when %1 then 99 else number end",
       "event %1", 1, 18},
      {"a node",
       "update trail_node set hash = x'0000000000000000000000000000000000000000000000000000000000000000' "
       "where level = 0 and position = %1 - 1",
       "event %1", 1, 19},
      {"a node gone", "delete from trail_node where level = 1 and position = %1 - 1", "node", 1, 9},
      {"a head's root",
       "update trail_head set root = x'0000000000000000000000000000000000000000000000000000000000000000' "
       "where size = 19 and %1 > 0",
       "head 19", 1, 1},
      {"a head's time", "update trail_head set at = '2020-01-01T00:00:00+08:00' where size = 10 and %1 > 0",
       "head 10", 1, 1},
      {"a statement's value", "update statement set payload = payload || ' ' where rowid = %1", "batch", 1,
       45},
      {"a statement's record", "update statement set record_key = 'k9' where rowid = %1", "batch", 1, 45},
      {"a statement gone", "delete from statement where rowid = %1", "batch", 1, 45},
      {"a statement more",
       "insert into statement (area, register_id, record_key, period, batch, ordinal, sheet, row, payload) "
       "select area, register_id, record_key, period, batch, 99, sheet, row, payload from statement where "
       "rowid = %1",
       "batch", 1, 45},
      {"a statement moved", "update statement set batch = batch % 9 + 1, ordinal = 50 where rowid = %1",
       "batch", 1, 45},
      {"a statement's effective date", "update statement set effective = '2023-01-01' where rowid = %1",
       "batch", 1, 45},
      {"the order within a batch", "update statement set ordinal = 60 where rowid = %1", "batch", 1, 4},
      {"a batch's source", "update batch set source = 'correction' where id = %1", "batch %1", 1, 9},
      {"a batch's finality", "update batch set is_preliminary = 1 where id = %1", "batch %1", 1, 9},
      {"a batch's reason", "update batch set reason = '无' where id = %1", "batch %1", 1, 9},
      {"a batch's file", "update batch set file_name = '另.xlsx' where id = %1", "batch %1", 1, 9},
      {"a batch's provider", "update batch set provider = '别处' where id = %1", "batch %1", 1, 9},
      {"a batch gone", "delete from batch where id = %1", "batch %1", 1, 9},
      {"a batch more",
       "insert into batch select area, 100 + id, register_id, provider, submitter, received_at, file_name, "
       "file_fingerprint, document, mark, 0, 0, 0, source, is_preliminary, reason from batch where id = %1",
       "batch 10%1", 1, 9},
      {"a setting", "update setting set value = value || '%1'", "setting seed", 1, 9},
      {"a mapping", "update mapping set columns = columns || '%1'", "mapping", 1, 9},
  };
  const std::string untouched = folder / "untouched.db";
  {
    sqlite3* database = nullptr;
    sqlite3_open(path().c_str(), &database);
    run(database,
        "drop trigger trail_event_stays; drop trigger trail_event_is_kept; pragma wal_checkpoint(truncate);");
    sqlite3_close(database);
    fs::copy_file(path(), untouched);
  }
  ASSERT_TRUE(check_database(untouched).is_clean());
  std::mt19937 random(7);
  int edits = 0;
  while (edits < 1000) {
    const auto& edit = kEdits[random() % std::size(kEdits)];
    const std::string which = std::to_string(
        edit.from + static_cast<int>(random() % static_cast<unsigned>(edit.to - edit.from + 1)));
    const auto filled = [&](std::string text) {
      for (std::size_t at; (at = text.find("%1")) != std::string::npos;) text.replace(at, 2, which);
      return text;
    };
    const std::string copy = folder / "copy.db";
    fs::copy_file(untouched, copy, fs::copy_options::overwrite_existing);
    sqlite3* database = nullptr;
    sqlite3_open(copy.c_str(), &database);
    run(database, "pragma synchronous=off; pragma journal_mode=memory;");
    run(database, filled(edit.sql));
    const bool has_changed = number(database, "select total_changes()") > 0;
    sqlite3_close(database);
    ASSERT_TRUE(has_changed) << edit.what << " " << which;
    ++edits;
    const Report report = check_database(copy);
    ASSERT_FALSE(report.is_clean()) << edit.what << " " << which << " was not found";
    const std::string place = filled(edit.place);
    EXPECT_TRUE(std::any_of(report.findings.begin(), report.findings.end(),
                            [&](const Finding& each) { return each.place.starts_with(place); }))
        << edit.what << " " << which << ": no finding at " << place << " but " << report.findings[0].place;
  }
}

TEST(VerifyFile, WhatIsNoTrailIsRefused) {
  EXPECT_FALSE(check_export("").is_clean());
  EXPECT_FALSE(check_export("TENGLONG-TRAIL 1\n").is_clean());
  EXPECT_FALSE(check_export("PK\x03\x04").is_clean());
  EXPECT_THROW(check_database("/no/such/file.db"), std::runtime_error);
}

}  // namespace
}  // namespace tenglong_verify
