// SQLite's C interface as values that close themselves. One connection a thread; errors are StoreFailure.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tenglong::store {

class Database;

class Query {
 public:
  Query(const Database& database, std::string_view sql);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(int at, std::string_view text);
  Query& bind(int at, std::int64_t number);
  Query& bind_null(int at);
  bool step();  // true: a row
  void run();   // steps to the end and resets
  void reset();
  std::string_view text(int column) const;  // valid until the next step
  std::int64_t number(int column) const;
  bool is_null(int column) const;

 private:
  const Database& database_;
  sqlite3_stmt* statement_ = nullptr;
};

class Database {
 public:
  explicit Database(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(const char* sql) const;
  sqlite3* handle() const { return handle_; }
  [[noreturn]] void fail(const std::string& what) const;

 private:
  sqlite3* handle_ = nullptr;
  std::string path_;
};

// BEGIN IMMEDIATE; rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  ~Transaction();
  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

}  // namespace tenglong::store
