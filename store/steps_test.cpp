// Whatever an earlier program wrote opens; what a newer one wrote is refused; a step is whole or not at all.
#include "store/inside/steps.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/inside/catalog.h"
#include "store/store.h"
#include "tests/postgres/place.h"

namespace tenglong::store {
namespace {

class StepsTest : public testing::TestWithParam<const char*> {
 protected:
  void run_through(int step) {
    for (int each = 1; each <= step; ++each) {
      Transaction transaction(*db_, "");
      run_step(transaction.connection(), each);
      transaction.commit();
    }
  }
  // Tables, their columns and keys, in words.
  static std::string shape(Db& db) {
    std::string out;
    for (const Table& table : tables_of(*db.reader())) {
      out += table.name + ":";
      for (const Column& each : table.columns)
        out += " " + each.name + "/" + std::to_string(static_cast<int>(each.kind));
      out += " |";
      for (const std::string& each : table.key) out += " " + each;
      out += "\n";
    }
    return out;
  }

  postgres::Place place_{GetParam()};
  std::unique_ptr<Db> db_ = open_db(place_.where());
};
INSTANTIATE_TEST_SUITE_P(On, StepsTest, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(StepsTest, FromEveryEarlierStepTheTablesAreThoseOfBothBackEndsToday) {
  const postgres::Place fresh_place("sqlite");
  const std::unique_ptr<Db> fresh = open_db(fresh_place.where());
  upgrade(*fresh);
  const std::string today = shape(*fresh);
  EXPECT_NE(today.find("statement:"), std::string::npos);
  for (int step = 0; step <= newest_schema(); ++step) {
    const postgres::Place place(GetParam());
    db_ = open_db(place.where());
    run_through(step);
    EXPECT_EQ(schema_of(*db_->reader()), step);
    upgrade(*db_);
    EXPECT_EQ(schema_of(*db_->reader()), newest_schema());
    EXPECT_EQ(shape(*db_), today) << "from step " << step;
  }
}

TEST_P(StepsTest, AStepThatIsKilledWasNeverBegun) {
  for (int step = 1; step <= newest_schema(); ++step) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    db_.reset();
    const pid_t child = fork();
    if (child == 0) {
      const std::unique_ptr<Db> db = open_db(place_.where());
      Transaction transaction(*db, "");
      run_step(transaction.connection(), step);
      const char done = 1;
      if (write(ends[1], &done, 1) != 1) _exit(1);
      for (;;) pause();
    }
    close(ends[1]);
    char done = 0;
    ASSERT_EQ(read(ends[0], &done, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ends[0]);
    db_ = open_db(place_.where());
    EXPECT_EQ(schema_of(*db_->reader()), step - 1);
    Transaction transaction(*db_, "");
    run_step(transaction.connection(), step);
    transaction.commit();
    EXPECT_EQ(schema_of(*db_->reader()), step);
  }
}

TEST_P(StepsTest, WhatANewerProgramWroteIsRefused) {
  upgrade(*db_);
  {
    Transaction transaction(*db_, "");
    transaction.connection().execute(db_->backend() == Backend::Sqlite
                                         ? "PRAGMA user_version=999"
                                         : "insert into schema_step values (999)");
    transaction.commit();
  }
  const schema::Schema schema;
  try {
    open_store(place_.where(), "330902", schema, access::Scope::whole_district("operator"));
    FAIL() << "opened";
  } catch (const StoreFailure& failure) {
    EXPECT_EQ(failure.trouble, Trouble::Newer);
    EXPECT_NE(failure.message.zh.find("请升级程序"), std::string::npos) << failure.message.zh;
  }
}

}  // namespace
}  // namespace tenglong::store
