// Every write point of every operation that changes something, with every fault: what the store promised
// holds.
//
// i   what was acknowledged is there, once          ii  what was not acknowledged is wholly there or not at
// all iii the trail verifies and covers each change     iv  the counts of batches and statements agree v what
// stood before is unchanged                vi  after a failed sync nothing more is written
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <set>

#include "tests/faults/fault_disk.h"
#include "tests/faults/operations.h"
#include "tests/postgres/place.h"
#include "tests/postgres/relay.h"
#include "verify/verify.h"

namespace tenglong::faults {
namespace {

namespace fs = std::filesystem;

bool is_long() { return std::getenv("TENGLONG_LONG") != nullptr; }

class Faults : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("tenglong-faults-" + std::to_string(getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  // A folder in which something stands already, and what the operation needs.
  fs::path base_of(const Operation& operation) {
    const fs::path folder = root_ / operation.name / "base";
    fs::create_directories(folder);
    const auto store = open(folder);
    store->set("pack", "faults");
    operations()[0].run(*store);
    operation.prepare(*store);
    return folder;
  }
  fs::path copy_of(const fs::path& base) {
    const fs::path folder = root_ / "trial";
    fs::remove_all(folder);
    fs::copy(base, folder, fs::copy_options::recursive);
    return folder;
  }

  fs::path root_;
};

// The file of a folder, as somebody with a database tool has it.
class Database {
 public:
  explicit Database(const fs::path& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK)
      throw std::runtime_error("cannot open " + path.string());
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  bool try_run(const std::string& sql) const {
    return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK &&
           (sqlite3_changes(handle_) > 0 || sql.starts_with("pragma") || sql.starts_with("drop"));
  }
  void run(const std::string& sql) const {
    if (!try_run(sql)) throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle_));
  }
  std::vector<std::string> list(const std::string& sql) const {
    std::vector<std::string> out;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle_));
    while (sqlite3_step(statement) == SQLITE_ROW)
      out.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    sqlite3_finalize(statement);
    return out;
  }

 private:
  sqlite3* handle_ = nullptr;
};

struct Outcome {
  bool acknowledged = false;
  bool refused_after = true;  // a write after the fault was refused
  int writes = 0, reads = 0;
  std::vector<bool> syncs = {};
};

// Runs the operation on a disk that fails at `point`; the folder is then as the fault left it.
Outcome run_with(const Operation& operation, const fs::path& folder, Fault fault, int point,
                 const fs::path& image, Survives survives, std::uint64_t seed) {
  Outcome out;
  FaultDisk disk(folder);
  {
    const auto store = open(folder);
    disk.fail_at(fault, point);
    try {
      operation.run(*store);
      out.acknowledged = true;
    } catch (const store::StoreFailure&) {
    }
    out.writes = disk.write_points();
    out.reads = disk.read_points();
    for (int i = 1; i <= out.writes; ++i) out.syncs.push_back(disk.is_sync(i));
    if (fault == Fault::Kill) disk.write_image(image, survives, seed);
    if (fault == Fault::SyncFails && disk.has_struck()) {
      try {
        store->set("after", "the failed sync");
        out.refused_after = false;
      } catch (const store::StoreFailure&) {
      }
    }
    if (fault != Fault::Kill) disk.mend();
  }
  return out;
}

TEST_F(Faults, EveryWritePointOfEveryOperationKeepsThePromise) {
  const Fault kFaults[] = {Fault::Full, Fault::WriteError, Fault::ShortWrite, Fault::SyncFails};
  const Survives kSurvives[] = {Survives::Nothing, Survives::Everything, Survives::Torn};
  int points = 0, trials = 0, unanswered = 0;
  for (const Operation& operation : operations()) {
    const fs::path base = base_of(operation);
    const std::string before = state_of(copy_of(base));
    const fs::path whole = copy_of(base);
    const Outcome plain = run_with(operation, whole, Fault::None, 0, {}, Survives::Nothing, 0);
    ASSERT_TRUE(plain.acknowledged) << operation.name;
    ASSERT_GT(plain.writes, 1) << operation.name;
    const std::string after = state_of(whole);
    ASSERT_NE(before, after) << operation.name;
    points += plain.writes;

    const auto judge = [&](const fs::path& found, const Outcome& outcome, const std::string& what) {
      ++trials;
      const std::string state = state_of(found);
      EXPECT_TRUE(state == before || state == after) << what << ": something in part";
      if (outcome.acknowledged) {
        EXPECT_EQ(state, after) << what << ": acknowledged and lost";
      } else if (state == after) {
        ++unanswered;  // the disk had all of it and the answer never left: whole, and told by reading
      }
      EXPECT_TRUE(outcome.refused_after) << what << ": written to after a failed sync";
      EXPECT_NO_THROW(check_invariants(found)) << what;
    };
    for (int point = 1; point <= plain.writes; ++point) {
      const auto name = [&](const char* fault) {
        return operation.name + " at " + std::to_string(point) + " of " + std::to_string(plain.writes) +
               ", " + fault;
      };
      for (int s = 0; s < 3; ++s) {
        if (!is_long() && s != point % 3) continue;
        for (int again = 0; again < (is_long() && kSurvives[s] == Survives::Torn ? 5 : 1); ++again) {
          const fs::path image = root_ / "image";
          fs::remove_all(image);
          const Outcome outcome = run_with(operation, copy_of(base), Fault::Kill, point, image, kSurvives[s],
                                           static_cast<std::uint64_t>(point * 7 + again));
          judge(image, outcome, name("kill"));
        }
      }
      for (int f = 0; f < 4; ++f) {
        if (kFaults[f] == Fault::SyncFails && !plain.syncs[static_cast<std::size_t>(point) - 1]) continue;
        if (!is_long() && kFaults[f] != Fault::SyncFails && f != point % 3) continue;
        const fs::path folder = copy_of(base);
        judge(folder, run_with(operation, folder, kFaults[f], point, {}, Survives::Nothing, 0),
              name(to_code(kFaults[f])));
      }
    }
    const int stride = is_long() ? 1 : std::max(1, plain.reads / 5);
    for (int point = 1; point <= plain.reads; point += stride) {
      const fs::path folder = copy_of(base);
      judge(folder, run_with(operation, folder, Fault::ReadError, point, {}, Survives::Nothing, 0),
            operation.name + " at read " + std::to_string(point));
    }
  }
  std::printf("%d operations, %d write points, %d trials; %d whole without an answer\n",
              static_cast<int>(operations().size()), points, trials, unanswered);
  EXPECT_GT(points, 60);
}

// What the table leaves in the trail is every kind of event that docs/trail.md names, but those of adopting.
TEST_F(Faults, TheTableIsComplete) {
  std::ifstream in("docs/trail.md");
  std::set<std::string> in_the_document, left;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    const std::string cell = line.substr(0, line.find('|', 1));
    for (std::size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at + 1)) {
      const std::size_t end = cell.find('`', at + 1);
      const std::string operation = cell.substr(at + 1, end - at - 1);
      if (operation.rfind("adopt_", 0) != 0) in_the_document.insert(operation);
      at = end;
    }
  }
  for (const Operation& each : operations()) {
    const auto store = open(base_of(each));
    each.run(*store);
    store->trail().read(1, store->trail().size(), [&](std::int64_t, std::string_view bytes) {
      left.insert(trail::decode(bytes)->operation);
    });
  }
  EXPECT_EQ(left, in_the_document);
}

// On the way to PostgreSQL: the connection ends before or after each thing that an operation sends.
TEST_F(Faults, EveryPointOfTheRoadToPostgresKeepsThePromise) {
  using postgres::Break;
  int points = 0, trials = 0, unanswered = 0;
  for (const Operation& operation : operations()) {
    const std::string base = postgres::new_database();
    {
      const auto store = open(base);
      store->set("pack", "faults");
      operations()[0].run(*store);
      operation.prepare(*store);
    }
    const std::string before = state_of(base);
    const std::string whole = postgres::copy_of(base);
    const auto run_at = [&](const std::string& where, Break how, int point) {
      postgres::Relay relay(where);
      const auto store = open(relay.address());
      relay.arm(how, point);
      bool is_acknowledged = false;
      try {
        operation.run(*store);
        is_acknowledged = true;
      } catch (const store::StoreFailure& failure) {
        EXPECT_FALSE(failure.message.zh.empty());
      }
      return std::pair(is_acknowledged, relay.points());
    };
    const auto [is_done, sent] = run_at(whole, Break::None, 0);
    ASSERT_TRUE(is_done) << operation.name;
    const std::string after = state_of(whole);
    ASSERT_NE(before, after) << operation.name;
    points += sent;
    for (int point = 1; point <= sent; ++point)
      for (const Break how : {Break::Before, Break::After}) {
        // The commit is the last of them; in between a part of the points is tried unless there is time.
        if (!is_long() && point + 2 < sent && (point * 2 + (how == Break::After ? 1 : 0)) % 5 != 0) continue;
        const std::string where = postgres::copy_of(base);
        const bool is_acknowledged = run_at(where, how, point).first;
        postgres::wait_until_left(where);
        const std::string state = state_of(where);
        ++trials;
        const std::string what = operation.name + " at " + std::to_string(point) + " of " +
                                 std::to_string(sent) + (how == Break::Before ? ", before" : ", after");
        EXPECT_TRUE(state == before || state == after) << what << ": something in part";
        if (is_acknowledged) {
          EXPECT_EQ(state, after) << what << ": acknowledged and lost";
        } else if (state == after) {
          ++unanswered;
        }
      }
  }
  std::printf("%d operations over the road, %d points, %d trials; %d whole without an answer\n",
              static_cast<int>(operations().size()), points, trials, unanswered);
  EXPECT_GT(points, 60);
  EXPECT_GT(unanswered, 0) << "no answer to a commit was ever cut off";
}

TEST_F(Faults, ASlowRoadToPostgresLosesNothing) {
  const std::string where = postgres::new_database();
  open(where);
  postgres::Relay relay(where);
  const auto store = open(relay.address());
  relay.slow(std::chrono::milliseconds(3));
  const std::int64_t events = store->trail().size();
  operations()[0].run(*store);
  operations()[1].run(*store);
  EXPECT_EQ(store->trail().size(), events + 2);
  EXPECT_EQ(store->registers().statement_count("enterprise_year"), 3 + 400);
}

// The server of the tests stops in the middle of a batch and starts again: nothing of the batch is there,
// and the store goes on.
TEST_F(Faults, APostgresThatEndsWithinABatchLeavesNothingOfIt) {
  const std::string where = postgres::new_database();
  const auto store = open(where);
  operations()[0].run(*store);
  const std::string before = state_of(where);
  registers::Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
  bool is_refused = false;
  try {
    const auto writer = store->registers().write(batch);
    for (int row = 0; row < 20'000; ++row) {
      registers::Statement said{.register_id = "enterprise_year",
                                .record_key = "k" + std::to_string(row),
                                .period = calendar::Period::year(2023),
                                .sheet = "税",
                                .row = row};
      said.values = {{.field = 0, .value = quantity::Decimal(row)}};
      writer->add(said);
      if (row == 10'000) postgres::stop();
    }
    writer->commit(batch);
  } catch (const store::StoreFailure& failure) {
    is_refused = true;
    EXPECT_EQ(failure.trouble, store::Trouble::Gone) << failure.what();
  }
  EXPECT_TRUE(is_refused);
  postgres::start();
  EXPECT_EQ(state_of(where), before);
  operations()[0].run(*store);
  EXPECT_NE(state_of(where), before);
}

// Whatever is kept and was changed behind the program's back is found, and named: each column of each table,
// a row gone, a row more. What is only derived from the rest is made again (rebuild-held) and not held
// against anything.
TEST_F(Faults, WhateverIsTamperedWithIsFound) {
  const std::set<std::string> derived = {"held_form", "held_part", "held_record", "held_segment",
                                         "held_touched"};
  const std::set<std::string> passing = {"session", "kept_reply"};  // gone within hours, and end by a change
  std::set<std::string> tables;
  int edits = 0;
  for (const Operation& operation : operations()) {
    if (operation.name == "import_large_batch") continue;
    const fs::path folder = base_of(operation);
    {
      const auto store = open(folder);
      operation.run(*store);
    }
    const Database kept(folder / "tenglong.db");
    kept.run("drop trigger trail_event_stays");
    kept.run("drop trigger trail_event_is_kept");
    kept.run("pragma wal_checkpoint(truncate)");
    const fs::path copy = root_ / "tampered.db";
    const auto tampered = [&](const std::string& sql, const std::string& what) {
      fs::copy_file(folder / "tenglong.db", copy, fs::copy_options::overwrite_existing);
      {
        const Database database(copy);
        database.run("pragma synchronous=off");
        if (!database.try_run(sql)) return;  // the table itself refuses it
      }
      ++edits;
      const tenglong_verify::Report report = tenglong_verify::check_database(copy);
      EXPECT_FALSE(report.is_clean()) << operation.name << ": " << what << " was not found";
      for (const auto& each : report.findings) EXPECT_FALSE(each.place.empty()) << what;
    };
    for (const std::string& table : kept.list("select name from sqlite_master where type = 'table'")) {
      if (derived.contains(table) || passing.contains(table) || table == "schema_step") continue;
      const auto keys =
          kept.list("select name from pragma_table_info('" + table + "') where pk > 0 order by pk");
      std::string key;  // what names a row: "a='x' and b=1"
      for (const std::string& each : keys)
        key += (key.empty() ? "'" : " || ' and ") + each + "=' || quote(" + each + ")";
      if (keys.empty()) key = "'rowid=' || rowid";
      const std::vector<std::string> rows =
          kept.list("select " + key + " as named from " + table + " order by named desc limit 3");
      if (rows.empty()) continue;
      if (!is_long() && !tables.insert(table).second &&
          operation.name.find("correction") == std::string::npos)
        continue;
      tables.insert(table);
      const std::vector<std::string> columns =
          kept.list("select name from pragma_table_info('" + table + "')");
      const std::string last_key = keys.empty() ? columns.back() : keys.back();
      for (const std::string& row : rows) {
        for (const std::string& column : columns)
          tampered("update " + table + " set " + column + " = case typeof(" + column +
                       ") when 'integer' then " + column + " + 100000 when 'blob' then cast(" + column +
                       " || x'00' as blob) else coalesce(" + column + ", '') || 'x' end where " + row,
                   table + "." + column);
        // A signature that is gone is missed by those whom it was given to (tenglong-verify --against).
        if (table != "trail_head") tampered("delete from " + table + " where " + row, table + ", a row gone");
      }
      std::string own;
      for (const std::string& column : columns)
        own += (own.empty() ? "" : ", ") + (column != last_key
                                                ? column
                                                : "case typeof(" + column + ") when 'integer' then " +
                                                      column + " + 100000 else " + column + " || 'x' end");
      tampered("insert into " + table + " select " + own + " from " + table + " where " + rows[0],
               table + ", a row more");
    }
  }
  std::printf("%d edits in %d tables\n", edits, static_cast<int>(tables.size()));
  EXPECT_GE(tables.size(), 15u);
}

// A process of its own, killed at any moment while it does one thing after another.
class Kills : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(On, Kills, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(Kills, AtAnyMomentUnderLoadNothingAcknowledgedIsLost) {
  const bool is_postgres = std::string_view(GetParam()) == "postgres";
  const int kills = is_long() ? (is_postgres ? 200 : 1000) : (is_postgres ? 5 : 20);
  const postgres::Place place(GetParam());
  open(place.where());
  std::int64_t answered = 0;
  int violations = 0;
  for (int kill_number = 0; kill_number < kills; ++kill_number) {
    const std::int64_t events = open(place.where())->trail().size();
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto store = open(place.where());
      const char ready = 0;
      if (write(ends[1], &ready, 1) != 1) _exit(1);
      for (std::size_t i = static_cast<std::size_t>(kill_number);; ++i) {
        const Operation& operation = operations()[i % operations().size()];
        if (!operation.may_repeat) continue;
        operation.run(*store);
        const char done = 1;
        if (write(ends[1], &done, 1) != 1) _exit(1);
      }
    }
    close(ends[1]);
    char ready = 1;
    ASSERT_EQ(read(ends[0], &ready, 1), 1);
    std::int64_t acknowledged = 0;
    // Every other time after something was acknowledged, however slow the machine is.
    if (char one = 0; kill_number % 2 == 1 && read(ends[0], &one, 1) == 1) ++acknowledged;
    usleep(static_cast<useconds_t>((is_postgres ? 40000 : 500) + kill_number * 1709 % 30000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    for (char one = 0; read(ends[0], &one, 1) == 1;) ++acknowledged;
    close(ends[0]);
    answered += acknowledged;
    const auto store = open(place.where());
    store->set("after", "kill");  // waits until the server has given up what the dead one had begun
    const std::int64_t now = store->trail().size() - 1;
    if (now < events + acknowledged || now > events + acknowledged + 1) ++violations;
    if (!is_postgres && (kill_number % 20 == 19 || kill_number + 1 == kills)) {
      EXPECT_NO_THROW(check_invariants(place.where())) << "after kill " << kill_number + 1;
    }
  }
  std::printf("%d kills, %lld operations acknowledged, %d violations\n", kills,
              static_cast<long long>(answered), violations);
  EXPECT_EQ(violations, 0);
  EXPECT_GT(answered, kills / 4) << "hardly anything was acknowledged: the test proved nothing";
}

// Order rests on numbers, never on clocks.
TEST_F(Faults, AClockThatJumpsBackChangesNoOrder) {
  const fs::path folder = root_ / "clock";
  const auto store = open(folder);
  for (const char* at : {"2023-05-06T09:10:11+08:00", "2019-01-01T00:00:00+08:00",
                         "2031-12-31T23:59:59+08:00", "2023-05-06T09:10:12+08:00"}) {
    store->act_as({.account = "analyst", .at = at});
    store->set("seed", at);
  }
  EXPECT_EQ(store->setting("seed"), "2023-05-06T09:10:12+08:00");
  std::vector<std::string> order;
  store->trail().read(
      1, 4, [&](std::int64_t, std::string_view bytes) { order.push_back(trail::decode(bytes)->at); });
  EXPECT_EQ(order[1].substr(0, 4), "2019");
  EXPECT_EQ(order[2].substr(0, 4), "2031");
  EXPECT_NO_THROW(check_invariants(folder));
}

}  // namespace
}  // namespace tenglong::faults
