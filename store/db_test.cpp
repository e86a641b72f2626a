// What both back ends promise below the stores.
#include "store/inside/db.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/postgres/place.h"
#include "tests/postgres/relay.h"

namespace tenglong::store {
namespace {

class DbTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    Transaction transaction(*db_, "a");
    transaction.connection().execute(
        db_->backend() == Backend::Sqlite
            ? "create table thing (area text, id integer, name text, weight real, raw blob)"
            : "create table thing (area text collate \"C\", id bigint, name text collate \"C\", weight "
              "double "
              "precision, raw bytea)");
    transaction.commit();
  }
  void add(std::int64_t id, std::string_view name) {
    Transaction transaction(*db_, "a");
    Query(transaction.connection(), "insert into thing (area, id, name) values ('a', $1, $2)")
        .bind(1, id)
        .bind(2, name)
        .run();
    transaction.commit();
  }
  std::int64_t count() {
    const Db::Reader reader = db_->reader();
    Query query(*reader, "select count(*) from thing");
    query.step();
    return query.number(0);
  }

  postgres::Place place_{GetParam()};
  std::unique_ptr<Db> db_ = open_db(place_.where());
};
INSTANTIATE_TEST_SUITE_P(On, DbTest, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(DbTest, ValuesOfEveryKindComeBack) {
  const std::string raw("\0\x01\xFF", 3);
  {
    Transaction transaction(*db_, "a");
    const std::vector<std::string> columns = {"area", "id", "name", "weight", "raw"};
    const auto load = transaction.connection().load("thing", columns);
    load->text("a").number(INT64_MIN).text("舟山'\x1F").real(0.1).bytes(raw).end_row();
    load->text("a").number(INT64_MAX).text("").null().null().end_row();
    load->finish();
    Query(transaction.connection(),
          "insert into thing (area, id, name, weight, raw) values ($5, $4, $3, $2, $1)")
        .bind_bytes(1, raw)
        .bind_real(2, -1e-300)
        .bind(3, "$1 is no parameter")
        .bind(4, std::int64_t{-7})
        .bind(5, "a")
        .run();
    transaction.commit();
  }
  for (const Rows rows : {Rows::Whole, Rows::Streamed}) {
    const Db::Reader reader = db_->reader();
    Query query(*reader, "select id, name, weight, raw, '$1' from thing where area = $1 order by id", rows);
    query.bind(1, "a");
    ASSERT_TRUE(query.step());
    EXPECT_EQ(query.number(0), INT64_MIN);
    EXPECT_EQ(query.text(1), "舟山'\x1F");
    EXPECT_EQ(query.real(2), 0.1);
    EXPECT_EQ(query.text(3), raw);
    EXPECT_EQ(query.text(4), "$1");
    ASSERT_TRUE(query.step());
    EXPECT_EQ(query.text(0), "-7");
    EXPECT_EQ(query.real(2), -1e-300);
    ASSERT_TRUE(query.step());
    EXPECT_EQ(query.number(0), INT64_MAX);
    EXPECT_FALSE(query.is_null(1));
    EXPECT_TRUE(query.is_null(2));
    EXPECT_TRUE(query.is_null(3));
    EXPECT_FALSE(query.step());
  }
}

TEST_P(DbTest, TextsSortByTheirBytes) {
  for (const char* name : {"b", "a", "B", "镇", "_", "é"}) add(1, name);
  const Db::Reader reader = db_->reader();
  Query query(*reader, "select name from thing order by name");
  std::string order;
  while (query.step()) order += std::string(query.text(0)) + " ";
  EXPECT_EQ(order, "B _ a b é 镇 ");
}

TEST_P(DbTest, WhatIsNotCommittedNeverWas) {
  {
    Transaction transaction(*db_, "a");
    const auto load = transaction.connection().load("thing", {"area", "id"});
    load->text("a").number(1).end_row();
  }
  {
    Transaction transaction(*db_, "a");
    transaction.connection().execute("insert into thing (area, id) values ('a', 2)");
    EXPECT_EQ(count(), 0) << "a reader saw what was not committed";
  }
  EXPECT_EQ(count(), 0);
  add(3, "");
  EXPECT_EQ(count(), 1);
}

TEST_P(DbTest, AStatementThatFailsIsToldAndLeavesTheConnectionWell) {
  {
    const Db::Reader reader = db_->reader();
    EXPECT_THROW(Query(*reader, "select nothing from nowhere").step(), StoreFailure);
    Query query(*reader, "select 1");
    EXPECT_TRUE(query.step());
  }
  Transaction transaction(*db_, "a");
  Query insert(transaction.connection(), "insert into thing (area, id) values ('a', $1)");
  Pipeline pipeline(transaction.connection());
  for (std::int64_t id = 0; id < 1000; ++id) pipeline.run(insert.bind(1, id));
  pipeline.finish();
  Query counted(transaction.connection(), "select count(*) from thing");
  counted.step();
  EXPECT_EQ(counted.number(0), 1000);
}

TEST_P(DbTest, AReaderEndsAtItsLimitAndIsUsedAgain) {
  const char* kEndless =
      "with recursive c(x) as (select 1 union all select x + 1 from c where x < 2000000000) select count(*) "
      "from "
      "c";
  for (const Rows rows : {Rows::Whole, Rows::Streamed}) {
    const Db::Reader reader = db_->reader(Limit{100});
    Query query(*reader, kEndless, rows);
    try {
      query.step();
      ADD_FAILURE() << "it ran to its end";
    } catch (const StoreFailure& failure) {
      EXPECT_EQ(failure.trouble, Trouble::TooSlow) << failure.what();
    }
    Query quick(*reader, "select 1");
    EXPECT_TRUE(quick.step());
  }
}

TEST_P(DbTest, ASnapshotSeesOneMoment) {
  add(1, "");
  const Db::Reader reader = db_->snapshot();
  add(2, "");
  Query query(*reader, "select count(*) from thing");
  query.step();
  EXPECT_EQ(query.number(0), 1);
  EXPECT_EQ(count(), 2);
}

TEST_P(DbTest, AReaderCannotWrite) {
  const Db::Reader reader = db_->reader();
  EXPECT_THROW(reader->execute("insert into thing (area, id) values ('a', 1)"), StoreFailure);
}

TEST_P(DbTest, AStreamLeftInTheMiddleLeavesTheConnectionWell) {
  for (int i = 0; i < 50; ++i) add(i, "");
  const Db::Reader reader = db_->reader();
  {
    Query query(*reader, "select id from thing", Rows::Streamed);
    EXPECT_TRUE(query.step());
  }
  Query query(*reader, "select count(*) from thing");
  query.step();
  EXPECT_EQ(query.number(0), 50);
}

TEST_P(DbTest, TwoProgramsWriteOneAfterAnother) {
  const std::unique_ptr<Db> other = open_db(place_.where());
  const auto raise_often = [](Db& db) {
    for (int i = 0; i < 50; ++i) {
      Transaction transaction(db, "a");
      std::int64_t next = 0;
      {
        Query query(transaction.connection(), "select coalesce(max(id), 0) + 1 from thing");
        query.step();
        next = query.number(0);
      }
      Query(transaction.connection(), "insert into thing (area, id) values ('a', $1)").bind(1, next).run();
      transaction.commit();
    }
  };
  std::vector<std::thread> threads;
  for (Db* each : {db_.get(), db_.get(), other.get(), other.get()})
    threads.emplace_back([&, each] { raise_often(*each); });
  for (std::thread& each : threads) each.join();
  const Db::Reader reader = db_->reader();
  Query query(*reader, "select count(*), count(distinct id), max(id) from thing");
  query.step();
  EXPECT_EQ(query.number(0), 200);
  EXPECT_EQ(query.number(1), 200);
  EXPECT_EQ(query.number(2), 200);
}

TEST_P(DbTest, AWatchIsToldOfWhatOthersCommit) {
  const std::unique_ptr<Watch> watch = db_->watch("a");
  EXPECT_FALSE(watch->has_changed());
  add(1, "");
  EXPECT_TRUE(watch->has_changed(Limit{2000}));
  EXPECT_FALSE(watch->has_changed());
}

TEST(PostgresDb, AServerThatIsSilentIsGivenUpAtTheLimit) {
  const std::string where = postgres::new_database();
  postgres::Relay relay(where);
  const std::unique_ptr<Db> db = open_db(relay.address());
  {
    const Db::Reader reader = db->reader(Limit{200});
    relay.arm(postgres::Break::Silence, 1);
    const auto begun = std::chrono::steady_clock::now();
    try {
      reader->text_of("select 1");
      ADD_FAILURE() << "nobody answered";
    } catch (const StoreFailure& failure) {
      EXPECT_EQ(failure.trouble, Trouble::Gone) << failure.what();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  }
  relay.arm(postgres::Break::None, 0);
  EXPECT_EQ(db->reader()->text_of("select 2"), "2");
}

TEST(PostgresDb, AServerThatStopsIsToldAndUsedAgainWhenItIsBack) {
  const std::unique_ptr<Db> db = open_db(postgres::new_database());
  {
    Transaction transaction(*db, "a");
    transaction.connection().execute("create table thing (id bigint)");
    transaction.commit();
  }
  const auto add = [&](const std::string& id) {
    Transaction transaction(*db, "a");
    transaction.connection().execute("insert into thing values (" + id + ")");
    transaction.commit();
  };
  add("1");
  {
    Transaction transaction(*db, "a");
    transaction.connection().execute("insert into thing values (2)");
    postgres::stop();
    try {
      transaction.commit();
      ADD_FAILURE() << "a server that has ended has acknowledged";
    } catch (const StoreFailure& failure) {
      EXPECT_EQ(failure.trouble, Trouble::Unknown) << failure.what();
    }
  }
  try {
    add("3");
    ADD_FAILURE() << "a server that has ended has acknowledged";
  } catch (const StoreFailure& failure) {
    EXPECT_EQ(failure.trouble, Trouble::Gone) << failure.what();
  }
  postgres::start();
  add("4");
  const Db::Reader reader = db->reader();
  EXPECT_EQ(reader->text_of("select string_agg(id::text, ' ' order by id) from thing"), "1 4");
}

}  // namespace
}  // namespace tenglong::store
