// A plain table filled and asked by hand: what the store is held against, on either database.
#pragma once
#include <libpq-fe.h>
#include <sqlite3.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

namespace bench {

class PlainTable {
 public:
  using Text = std::function<const char*(int column)>;  // "" where there is nothing
  virtual ~PlainTable() = default;
  virtual void execute(const std::string& sql) = 0;
  virtual void each(const std::string& sql, const std::function<void(const Text& text)>& row) = 0;
  std::size_t rows(const std::string& sql, int columns) {  // fetches all columns of all rows
    std::size_t count = 0;
    each(sql, [&](const Text& text) {
      for (int i = 0; i < columns; ++i) text(i);
      ++count;
    });
    return count;
  }
  std::int64_t number(const std::string& sql) {
    std::int64_t out = 0;
    each(sql, [&](const Text& text) { out = std::atoll(text(0)); });
    return out;
  }
  // Many rows at a time, in one transaction.
  void fill(const std::string& table, std::uint64_t count,
            const std::function<std::string(std::uint64_t)>& row_of) {
    execute("begin");
    std::string insert;
    for (std::uint64_t i = 0; i < count; ++i) {
      insert += insert.empty() ? "insert into " + table + " values (" : ", (";
      insert += row_of(i) + ")";
      if (insert.size() < 200'000) continue;
      execute(insert);
      insert.clear();
    }
    if (!insert.empty()) execute(insert);
    execute("commit");
  }
};

class PlainSqlite : public PlainTable {
 public:
  explicit PlainSqlite(const std::string& path) { sqlite3_open(path.c_str(), &db_); }
  ~PlainSqlite() override { sqlite3_close(db_); }
  void execute(const std::string& sql) override {
    char* error = nullptr;
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &error) != SQLITE_OK)
      std::printf("%s\n", error), std::exit(1);
  }
  void each(const std::string& sql, const std::function<void(const Text&)>& row) override {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      std::printf("%s\n", sqlite3_errmsg(db_)), std::exit(1);
    const Text text = [&](int column) {
      const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return bytes != nullptr ? bytes : "";
    };
    while (sqlite3_step(statement) == SQLITE_ROW) row(text);
    sqlite3_finalize(statement);
  }

 private:
  sqlite3* db_ = nullptr;
};

class PlainPostgres : public PlainTable {
 public:
  explicit PlainPostgres(const std::string& where) : connection_(PQconnectdb(where.c_str())) {}
  ~PlainPostgres() override { PQfinish(connection_); }
  void execute(const std::string& sql) override { PQclear(ask(sql)); }
  void each(const std::string& sql, const std::function<void(const Text&)>& row) override {
    PGresult* result = ask(sql);
    int at = 0;
    const Text text = [&](int column) -> const char* { return PQgetvalue(result, at, column); };
    for (; at < PQntuples(result); ++at) row(text);
    PQclear(result);
  }

 private:
  PGresult* ask(const std::string& sql) {
    PGresult* result = PQexec(connection_, sql.c_str());
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      std::printf("%s\n", PQerrorMessage(connection_)), std::exit(1);
    return result;
  }
  PGconn* connection_;
};

}  // namespace bench
