#include "store/store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "campaign/collection/collection.h"
#include "engine/column/column.h"
#include "store/copy.h"
#include "tests/postgres/postgres.h"

namespace tenglong::store {
namespace {

using registers::Batch;
using registers::Statement;

schema::Schema one_register() {
  schema::Schema schema;
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .key = {"credit_code"}, .period = schema::PeriodKey::Year};
  year.fields = {{.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number},
                 {.id = "town", .name = "镇街", .type = schema::FieldType::Text},
                 {.id = "above_scale", .name = "规上", .type = schema::FieldType::Boolean},
                 {.id = "opened", .name = "开业日期", .type = schema::FieldType::Date}};
  schema.registers = {year};
  return schema;
}

// Every test runs on both: a folder, and a database of a PostgreSQL of its own.
class StoreTest : public testing::TestWithParam<const char*> {
 public:
  static Statement statement(int record) {
    Statement s{.register_id = "enterprise_year",
                .record_key = "91330902MA" + std::to_string(1000 + record),
                .period = calendar::Period::year(2023),
                .sheet = "税收",
                .row = record + 3};
    s.values = {{.field = 0, .value = quantity::Decimal(record), .cell = "C" + std::to_string(record + 3)},
                {.field = 1, .value = std::string("金塘镇")},
                {.field = 2, .value = true},
                {.field = 3, .state = quantity::State::NotApplicable}};
    return s;
  }

 protected:
  void SetUp() override {
    if (is_postgres()) {
      where_ = postgres::new_database();
      return;
    }
    folder_ = std::filesystem::temp_directory_path() /
              ("tenglong-store-" + std::to_string(getpid()) + "-" + std::to_string(counter_++));
    std::filesystem::remove_all(folder_);
    where_ = folder_.string();
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  static bool is_postgres() { return std::string_view(GetParam()) == "postgres"; }
  std::unique_ptr<Store> open() {
    return open_store(where_, "330902", schema_, access::Scope::whole_district("operator"));
  }

  schema::Schema schema_ = one_register();
  std::filesystem::path folder_;  // of SQLite
  std::string where_;
  static int counter_;
};
int StoreTest::counter_ = 0;
INSTANTIATE_TEST_SUITE_P(On, StoreTest, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(StoreTest, WhatWasCommittedReadsBackAfterReopening) {
  Batch batch{.register_id = "enterprise_year",
              .provider = "区税务局",
              .submitter = "张",
              .received_at = "2023-05-06T09:10:11+08:00",
              .file_name = "税.xlsx",
              .file_fingerprint = "f1",
              .mark = "样例数据",
              .rows_read = 2,
              .rows_accepted = 2};
  {
    const auto store = open();
    const auto writer = store->registers().write(batch);
    writer->add(statement(2));
    writer->add(statement(1));
    writer->commit(batch);
  }
  const auto store = open();
  std::vector<Statement> read;
  store->registers().read("enterprise_year", {}, [&](Statement&& s) { read.push_back(std::move(s)); });
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].record_key, statement(1).record_key);
  EXPECT_EQ(std::get<quantity::Decimal>(read[0].values[0].value), quantity::Decimal(1));
  EXPECT_EQ(read[0].values[0].cell, "C4");
  EXPECT_EQ(std::get<std::string>(read[0].values[1].value), "金塘镇");
  EXPECT_EQ(read[0].values[3].state, quantity::State::NotApplicable);
  EXPECT_EQ(read[0].period, calendar::Period::year(2023));
  ASSERT_TRUE(store->registers().same_file("enterprise_year", "区税务局", "f1"));
  EXPECT_FALSE(store->registers().same_file("enterprise_year", "区统计局", "f1"));
  EXPECT_EQ(store->registers().batches().at(0).mark, "样例数据");
}

TEST_P(StoreTest, WhereABatchCameFromAndFromWhenAValueHoldsAreKept) {
  const Batch correction{.register_id = "enterprise_year",
                         .provider = "区税务局",
                         .source = registers::Source::Correction,
                         .is_preliminary = true,
                         .reason = "税务局来函更正"};
  {
    const auto store = open();
    const auto writer = store->registers().write(correction);
    Statement said = statement(1);
    said.effective = calendar::Date{2022, 5, 1};
    writer->add(said);
    writer->add(statement(2));
    writer->commit(correction);
  }
  const auto store = open();
  const Batch kept = store->registers().batches().at(0);
  EXPECT_EQ(kept.source, registers::Source::Correction);
  EXPECT_TRUE(kept.is_preliminary);
  EXPECT_EQ(kept.reason, "税务局来函更正");
  std::vector<std::optional<calendar::Date>> effective;
  store->registers().read("enterprise_year", {}, [&](Statement&& s) { effective.push_back(s.effective); });
  EXPECT_EQ(effective,
            (std::vector<std::optional<calendar::Date>>{calendar::Date{2022, 5, 1}, std::nullopt}));
}

TEST_P(StoreTest, AListOfKeysComesBackAsItWas) {
  const auto store = open();
  const Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
  const auto writer = store->registers().write(batch);
  Statement said = statement(1);
  said.values = {{.field = 1, .value = std::string("甲\x1E乙\x1E"), .cell = "B4"},
                 {.field = 2, .value = true}};
  writer->add(said);
  writer->commit(batch);
  store->registers().read("enterprise_year", {}, [&](Statement&& s) {
    ASSERT_EQ(s.values.size(), 2u);
    EXPECT_EQ(std::get<std::string>(s.values[0].value), "甲\x1E乙\x1E");
    EXPECT_EQ(s.values[0].cell, "B4");
  });
}

// A file's name in GBK, a NUL in a cell: kept alike on both, so that they agree on what the content is.
TEST_P(StoreTest, BytesThatAreNoTextAreMended) {
  const auto store = open();
  const Batch batch{.register_id = "enterprise_year", .provider = "区税务局", .file_name = "\xB0\xCB.xlsx"};
  const auto writer = store->registers().write(batch);
  Statement said = statement(1);
  said.values = {{.field = 1, .value = std::string("a\0b", 3)}};
  writer->add(said);
  writer->commit(batch);
  EXPECT_EQ(store->registers().batches().at(0).file_name, "\xEF\xBF\xBD\xEF\xBF\xBD.xlsx");
  store->registers().read("enterprise_year", {}, [&](Statement&& s) {
    EXPECT_EQ(std::get<std::string>(s.values.at(0).value), "a b");
  });
}

TEST_P(StoreTest, OneRecordIsReadInAllItsPeriodsAndNoOther) {
  const auto store = open();
  const auto receive = [&](int record, int year) {
    const auto writer = store->registers().write({.register_id = "enterprise_year"});
    Statement said = statement(record);
    said.period = calendar::Period::year(year);
    writer->add(said);
    writer->commit({.register_id = "enterprise_year"});
  };
  receive(1, 2023);
  receive(2, 2023);
  receive(1, 2022);
  const auto years = [&](const std::string& key, std::optional<registers::BatchId> through) {
    std::vector<std::optional<calendar::Period>> out;
    store->registers().read_record("enterprise_year", key, through, [&](Statement&& said) {
      EXPECT_EQ(said.record_key, key);
      out.push_back(said.period);
    });
    return out;
  };
  const auto first = calendar::Period::year(2022), second = calendar::Period::year(2023);
  EXPECT_EQ(years(statement(1).record_key, {}),
            (std::vector<std::optional<calendar::Period>>{first, second}));
  EXPECT_EQ(years(statement(1).record_key, store->registers().batches().at(0).id),
            (std::vector<std::optional<calendar::Period>>{second}));
  EXPECT_TRUE(years(statement(7).record_key, {}).empty());
}

TEST_P(StoreTest, AWriterThatIsDroppedLeavesNothing) {
  const auto store = open();
  const Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
  store->registers().write(batch)->add(statement(1));
  EXPECT_EQ(store->registers().statement_count("enterprise_year"), 0);
  EXPECT_EQ(store->size().batches, 0);
}

// A child imports batches of 50 rows and says after each that it is in; it is killed at some moment. What it
// said is there, and no batch is there in part.
TEST_P(StoreTest, AKilledImportLeavesNoHalfBatch) {
  const int kills = std::getenv("TENGLONG_LONG") != nullptr ? 200 : 20;
  std::int64_t acknowledged_before = 0, said = 0;
  open();
  for (int kill_number = 0; kill_number < kills; ++kill_number) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto store = open_store(where_, "330902", schema_, access::Scope::whole_district("operator"));
      const char is_open = 0;
      if (write(ends[1], &is_open, 1) != 1) _exit(1);
      for (int b = 0;; ++b) {
        const Batch batch{
            .register_id = "enterprise_year", .provider = "区税务局", .file_fingerprint = std::to_string(b)};
        const auto writer = store->registers().write(batch);
        for (int i = 0; i < 50; ++i) writer->add(statement(i));
        writer->commit(batch);
        const char done = 1;
        if (write(ends[1], &done, 1) != 1) _exit(1);
      }
    }
    close(ends[1]);
    char is_open = 1;
    ASSERT_EQ(read(ends[0], &is_open, 1), 1);
    std::int64_t acknowledged = 0;
    // Every other time after something was acknowledged, however slow the machine is.
    if (char one = 0; kill_number % 2 == 1 && read(ends[0], &one, 1) == 1) ++acknowledged;
    usleep(static_cast<useconds_t>(3000 + kill_number * 1700 % 40000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    for (char one = 0; read(ends[0], &one, 1) == 1;) ++acknowledged;
    close(ends[0]);
    const auto store = open();
    store->set("after", "kill");  // waits until the server has given up what the dead one had begun
    const Size size = store->size();
    EXPECT_EQ(size.statements, size.batches * 50);
    EXPECT_GE(size.batches, acknowledged_before + acknowledged);
    EXPECT_LE(size.batches, acknowledged_before + acknowledged + 1);
    acknowledged_before = size.batches;
    said += acknowledged;
  }
  EXPECT_GT(said, 0) << "no batch was ever acknowledged: the test proved nothing";
}

TEST_P(StoreTest, AFieldThatThePackDroppedStaysUnread) {
  const Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
  {
    const auto store = open();
    const auto writer = store->registers().write(batch);
    writer->add(statement(1));
    writer->commit(batch);
  }
  schema::Schema changed = schema_;
  changed.registers[0].fields.erase(changed.registers[0].fields.begin());
  const auto store = open_store(where_, "330902", changed, access::Scope::whole_district("operator"));
  store->registers().read("enterprise_year", {}, [&](Statement&& s) {
    ASSERT_EQ(s.values.size(), 3u);
    EXPECT_EQ(std::get<std::string>(s.values[0].value), "金塘镇");
  });
}

// Nobody has to run anything for it: under what a batch was stated is noted with the batch.
TEST_P(StoreTest, LaterPacksAreHeldAgainstTheOneThatStated) {
  const Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
  const auto state = [&](Store& store, const Statement& said) {
    const auto writer = store.registers().write(batch);
    writer->add(said);
    writer->commit(batch);
  };
  state(*open(), statement(1));
  // A field that is new is written and read without a word.
  schema::Schema wider = schema_;
  wider.registers[0].fields.push_back({.id = "staff", .name = "职工人数", .type = schema::FieldType::Number});
  Statement with_staff = statement(2);
  with_staff.values.push_back({.field = 4, .value = quantity::Decimal(12)});
  const auto staff_in = [&](Store& store) {
    std::string out;
    store.registers().read("enterprise_year", {}, [&](Statement&& s) {
      for (const registers::FieldValue& value : s.values)
        if (value.field == 4) out += std::get<quantity::Decimal>(value.value).to_string() + " ";
    });
    return out;
  };
  const auto in_wider = [&] {
    return open_store(where_, "330902", wider, access::Scope::whole_district("operator"));
  };
  {
    const auto store = in_wider();
    const std::int64_t events = store->trail().size();
    state(*store, with_staff);
    EXPECT_EQ(store->trail().size(), events + 1);
    EXPECT_EQ(staff_in(*store), "12 ");
  }
  EXPECT_EQ(staff_in(*in_wider()), "12 ");
  // One that is read in another way waits until somebody has seen it: also one that came in between.
  schema::Schema renamed = wider;
  renamed.registers[0].fields[4] = {
      .id = "headcount", .name = "职工人数", .type = schema::FieldType::Number, .was = "staff"};
  try {
    open_store(where_, "330902", renamed, access::Scope::whole_district("operator"));
    ADD_FAILURE() << "read under a pack that nobody has migrated to";
  } catch (const StoreFailure& failure) {
    EXPECT_NE(failure.message.zh.find("tenglong migrate"), std::string::npos) << failure.message.zh;
  }
  const auto history = kept_history(where_, "330902");
  ASSERT_TRUE(history);
  ASSERT_EQ(history->size(), 2u);
  EXPECT_EQ((*history)[0].through, registers::BatchId{1});
}

TEST_P(StoreTest, MappingsAndSettingsAreRemembered) {
  const auto store = open();
  registers::Mapping mapping{
      "区税务局",
      "enterprise_year",
      "h",
      {{1, "税号", "credit_code", ""}, {3, "入库税金（元）", "tax_paid", "元"}, {4, "备注", "", ""}}};
  store->registers().remember(mapping);
  mapping.columns[2].label = "说明";
  store->registers().remember(mapping);
  const auto kept = store->registers().mapping("区税务局", "enterprise_year", "h");
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->columns.size(), 3u);
  EXPECT_EQ(kept->columns[1].unit, "元");
  EXPECT_EQ(kept->columns[2].label, "说明");
  store->set("seed", "2021");
  EXPECT_EQ(store->setting("seed"), "2021");
  EXPECT_FALSE(store->setting("other"));
}

TEST_P(StoreTest, ResultsAreKeptOnceAndTheLatestIsFound) {
  const auto store = open();
  result::Result result;
  result.header.fingerprint = "aaaa";
  result.header.period = calendar::Period::year(2022);
  store->results().keep(result, "2023-01-01");
  store->results().keep(result, "2023-01-02");
  result.header.fingerprint = "bbbb";
  result.header.period = calendar::Period::year(2023);
  store->results().keep(result, "2023-01-03");
  EXPECT_EQ(store->size().results, 2);
  EXPECT_EQ(store->results().latest()->header.fingerprint, "bbbb");
  EXPECT_EQ(store->results().latest(calendar::Period::year(2022))->header.fingerprint, "aaaa");
  EXPECT_EQ(store->results().find("aaaa")->header.period, calendar::Period::year(2022));
  EXPECT_FALSE(store->results().find("cccc"));
}

// What one area is given to keep, a little of everything.
void fill(Store& store, int batches) {
  for (int b = 0; b < batches; ++b) {
    const Batch batch{.register_id = "enterprise_year",
                      .provider = "区税务局",
                      .file_name = "税" + std::to_string(b) + ".xlsx",
                      .file_fingerprint = std::to_string(b),
                      .rows_read = 3};
    const auto writer = store.registers().write(batch);
    for (int row = 0; row < 3; ++row) writer->add(StoreTest::statement(b * 2 + row));
    writer->commit(batch);
  }
  store.registers().remember({"区税务局", "enterprise_year", "h", {{1, "税号", "credit_code", ""}}});
  store.set("seed", "2021");
  result::Result result;
  result.header.fingerprint = "aaaa";
  result.header.period = calendar::Period::year(2022);
  store.results().keep(result, "2023-01-01");
  trail::sign_now(store.trail(), "330902", "2023-06-01T00:00:00+08:00", trail::make_key());
}

// Every operation that changes something: a new one of Store or of what it gives out belongs in this list.
TEST_P(StoreTest, EveryChangeLeavesExactlyOneEventAndNothingElseDoes) {
  const auto store = open();
  const Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
  result::Result result;
  result.header.fingerprint = "aaaa";
  result.header.period = calendar::Period::year(2022);
  const struct {
    const char* what;
    std::function<void()> change;
    std::int64_t events;
  } kOperations[] = {
      {"a batch",
       [&] {
         const auto writer = store->registers().write(batch);
         for (int i = 0; i < 10; ++i) writer->add(statement(i));
         writer->commit(batch);
       },
       1},
      {"an empty batch", [&] { store->registers().write(batch)->commit(batch); }, 1},
      {"a batch given up", [&] { store->registers().write(batch)->add(statement(1)); }, 0},
      {"a mapping",
       [&] {
         store->registers().remember({"区税务局", "enterprise_year", "h", {}});
       },
       1},
      {"a result", [&] { store->results().keep(result, "2023-01-01"); }, 1},
      {"a result again", [&] { store->results().keep(result, "2023-01-02"); }, 1},
      {"a setting", [&] { store->set("seed", "1"); }, 1},
      {"a setting by another author",
       [&] { store->as({.account = "李四"}, access::Scope::whole_district("李四"))->set("seed", "2"); }, 1},
      {"a signed head, which is about the trail",
       [&] { trail::sign_now(store->trail(), "330902", "2023-06-01T00:00:00+08:00", trail::make_key()); }, 0},
      {"reading",
       [&] {
         store->registers().batches();
         store->results().runs();
         store->size();
         store->trail().heads();
       },
       0},
      {"opening", [&] { open(); }, 0},
  };
  for (const auto& each : kOperations) {
    const std::int64_t before = store->trail().size();
    each.change();
    EXPECT_EQ(store->trail().size() - before, each.events) << each.what;
  }
  std::string accounts;
  store->trail().read(1, 100, [&](std::int64_t, std::string_view bytes) {
    const auto event = trail::decode(bytes);
    ASSERT_TRUE(event);
    accounts += event->account + "/";
  });
  EXPECT_EQ(accounts, "//////李四/");
}

TEST_P(StoreTest, EverythingIsCopiedToEitherBackEndAndBack) {
  fill(*open(), 4);
  const Contents before = contents_of(where_, "330902", schema_);
  EXPECT_GT(before.tables.size(), 5u);
  std::size_t filled = 0;
  for (const TableContent& each : before.tables) filled += each.rows > 0 ? 1 : 0;
  EXPECT_EQ(filled, 8u) << "settings, batches, statements, mappings, results, events, nodes, heads";
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tenglong-store-" + std::to_string(getpid()) + "-copy");
  std::filesystem::remove_all(folder);
  for (const std::string& other : {folder.string(), postgres::new_database()}) {
    const Copy there = copy_area(where_, other, "330902", schema_);
    EXPECT_TRUE(there.refused.empty());
    EXPECT_EQ(there.contents.fingerprint(), before.fingerprint());
    EXPECT_EQ(contents_of(other, "330902", schema_).fingerprint(), before.fingerprint());
    // It goes on from there as from here.
    const auto store = open_store(other, "330902", schema_, access::Scope::whole_district("operator"));
    store->set("seed", "2022");
    EXPECT_EQ(store->trail().size(), before.events + 1);
    const Copy again = copy_area(where_, other, "330902", schema_);
    ASSERT_EQ(again.refused.size(), filled);
    EXPECT_EQ(again.refused[0].code, "E-STORE-101");
  }
  EXPECT_EQ(copy_area(where_, where_, "330902", schema_).refused.at(0).code, "E-STORE-102");
  std::filesystem::remove_all(folder);
}

TEST_P(StoreTest, AnotherAreaIsNeitherCopiedNorInTheWay) {
  fill(*open(), 2);
  const Contents before = contents_of(where_, "330902", schema_);
  fill(*open_store(where_, "330903", schema_, access::Scope::whole_district("operator")), 3);
  EXPECT_EQ(contents_of(where_, "330902", schema_).fingerprint(), before.fingerprint());
  const std::string other = postgres::new_database();
  EXPECT_TRUE(copy_area(where_, other, "330902", schema_).refused.empty());
  EXPECT_TRUE(copy_area(where_, other, "330903", schema_).refused.empty());
  EXPECT_EQ(contents_of(other, "330903", schema_).fingerprint(),
            contents_of(where_, "330903", schema_).fingerprint());
}

TEST(StoreOpening, WhatCannotBeOpenedSaysSoToPeople) {
  const schema::Schema schema = one_register();
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tenglong-store-" + std::to_string(getpid()) + "-no");
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "tenglong.db") << "this is not a database, and long enough to be read as a header "
                                           "of one, which it is not at all..........";
  const struct {
    const char* what;
    std::string where;
    Trouble trouble;
    const char* says;
  } kCases[] = {
      {"a text file", folder.string(), Trouble::Damaged, "不是完好的数据文件"},
      {"no such folder", "/proc/no/such", Trouble::ReadOnly, "无法建立数据文件夹"},
      {"no such server", "postgresql:///tenglong?host=/proc/no", Trouble::Gone, "连不上数据库"},
      {"no such database", postgres::new_database() + "_not", Trouble::Gone, "连不上数据库"},
  };
  for (const auto& each : kCases) {
    try {
      open_store(each.where, "330902", schema, access::Scope::whole_district("operator"));
      ADD_FAILURE() << each.what << " was opened";
    } catch (const StoreFailure& failure) {
      EXPECT_EQ(failure.trouble, each.trouble) << each.what << ": " << failure.what();
      EXPECT_NE(failure.message.zh.find(each.says), std::string::npos)
          << each.what << ": " << failure.message.zh;
    }
  }
  std::filesystem::remove_all(folder);
}

// The content of attachments: once, whole, and what was only named is said to be so.
TEST_P(StoreTest, FilesAreKeptByWhatTheyAre) {
  const auto store = open();
  const auto before = store->trail().size();
  std::string content(300'000, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 31 % 251);
  const schema::Attachment first = store->keep_file("图/红线图.pdf", content);
  EXPECT_EQ(first.name, "红线图.pdf");
  EXPECT_EQ(store->keep_file("再交一次.pdf", content).fingerprint, first.fingerprint);
  EXPECT_EQ(store->trail().size(), before + 1) << "the same content is kept once";
  EXPECT_THROW(store->keep_file("..", content), StoreFailure);
  EXPECT_THROW(store->keep_file("大.pdf", std::string(kMostFileBytes + 1, 'x')), StoreFailure);
  EXPECT_FALSE(store->open_file("nowhere", "k", {}, "f"));
}

// What no statement of any time names can be taken away, in one event; what was named once stays.
TEST_P(StoreTest, FilesThatNothingNamesAreToldAndRemoved) {
  const auto store = open();
  const auto told = [&] {
    std::string out;
    for (const UnnamedFile& each : store->unnamed_files())
      out += each.fingerprint.substr(0, 8) + " " + std::to_string(each.size) + " ";
    return out;
  };
  const schema::Attachment named = store->keep_file("权证.pdf", "一"),
                           before = store->keep_file("旧.pdf", "二"),
                           corrected = store->keep_file("佐证.pdf", "三"),
                           left = store->keep_file("没用上.pdf", "四四");
  for (const schema::Attachment& each : {before, named}) {
    const registers::Batch batch{.register_id = "enterprise_year", .provider = "专班"};
    const auto writer = store->registers().write(batch);
    writer->add({.register_id = "enterprise_year",
                 .record_key = "k",
                 .period = calendar::Period::year(2023),
                 .batch = writer->batch(),
                 .values = {{.field = 1, .value = schema::to_text(each)}}});
    writer->commit(batch);
  }
  collection::Correction one{.register_id = "enterprise_year",
                             .record_key = "k",
                             .period = calendar::Period::year(2023),
                             .field = "tax_paid",
                             .evidence = schema::to_text(corrected)};
  store->collection().propose(one);
  EXPECT_EQ(told(), left.fingerprint.substr(0, 8) + " 6 ");
  const auto events = store->trail().size();
  for (const schema::Attachment& each : {named, before, corrected})
    EXPECT_FALSE(store->remove_file(each.fingerprint));
  EXPECT_EQ(store->trail().size(), events);
  EXPECT_TRUE(store->remove_file(left.fingerprint));
  EXPECT_EQ(store->trail().size(), events + 1);
  EXPECT_FALSE(store->has_file(left.fingerprint));
  EXPECT_TRUE(store->has_file(before.fingerprint));
  EXPECT_FALSE(store->remove_file(left.fingerprint)) << "once";
  EXPECT_EQ(told(), "");
  EXPECT_EQ(store->keep_file("又来.pdf", "四四").fingerprint, left.fingerprint) << "it may come again";
}

}  // namespace
}  // namespace tenglong::store
