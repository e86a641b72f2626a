// One interface to two databases: SQLite in a data folder, PostgreSQL on a server.
//
// In:    SQL that both understand, with parameters $1, $2 ...; on PostgreSQL integers are bigint, texts
// `text collate "C"` (the order of bytes, as in SQLite), bytes bytea. Out: rows.
// Order: one writer at a time for an area, in this program and between programs; readers beside it, each on
// a connection of its own, and they see what was committed before their statement began.
// Never: a wait without an end; an answer to a commit that the disk does not have.
// Fails: StoreFailure.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "store/failure.h"

namespace tenglong::store {

enum class Backend { Sqlite, Postgres };

using Limit = std::chrono::milliseconds;
inline constexpr Limit kInteractive{30'000};  // somebody waits for it
inline constexpr Limit kWhole{3'600'000};     // a whole register is read, exported, copied

// A statement that a connection has ready. Parameters and columns as in Query.
class Prepared {
 public:
  virtual ~Prepared() = default;
  virtual void bind_text(int at, std::string_view text) = 0;
  virtual void bind_number(int at, std::int64_t number) = 0;
  virtual void bind_real(int at, double number) = 0;
  virtual void bind_bytes(int at, std::string_view bytes) = 0;
  virtual void bind_null(int at) = 0;
  virtual bool step() = 0;
  virtual void reset() = 0;  // ends the rows; keeps the parameters
  virtual void clear() = 0;  // and forgets the parameters
  virtual void send() = 0;   // without waiting for the answer, inside a Pipeline
  virtual std::string_view text(int column) const = 0;
  virtual std::int64_t number(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual bool is_null(int column) const = 0;
  virtual int column_count() const = 0;
};

// Rows written in bulk: COPY in binary on PostgreSQL. Between the first value and finish() the connection
// does nothing else. Values are given column by column; views must last until end_row().
class Load {
 public:
  virtual ~Load() = default;  // unfinished: nothing was written
  virtual Load& text(std::string_view text) = 0;
  virtual Load& number(std::int64_t number) = 0;
  virtual Load& real(double number) = 0;
  virtual Load& bytes(std::string_view bytes) = 0;
  virtual Load& null() = 0;
  virtual void end_row() = 0;
  virtual void finish() = 0;
};

enum class Rows {
  Whole,    // the answer is fetched at once; other statements may run between its rows
  Streamed  // row by row, in bounded memory; the connection does nothing else until the last
};

// One connection, used by one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Backend backend() const = 0;
  virtual void execute(const std::string& script) = 0;  // any number of statements, no parameters
  virtual std::unique_ptr<Load> load(const std::string& table, const std::vector<std::string>& columns) = 0;
  virtual bool has_table(const std::string& table) = 0;
  std::string text_of(const std::string& sql);  // the first column of the first row; "" if there is none

 protected:
  friend class Query;
  friend class Pipeline;
  friend class Db;
  friend class Transaction;
  virtual std::unique_ptr<Prepared> prepare(const std::string& sql, Rows rows) = 0;
  virtual void begin_pipeline() = 0;
  virtual void end_pipeline() = 0;  // throws if one of its statements failed
  virtual void begin_write(const std::string& area) = 0;
  virtual void commit_write(const std::string& area) = 0;
  virtual void roll_back() noexcept = 0;
  virtual void begin_snapshot() = 0;  // one moment for all statements until roll_back()
  virtual void limit(Limit limit) = 0;
  virtual bool is_alive() noexcept = 0;

  // Statements that nobody uses now. They go before the connection does: its destructor clears them.
  std::unordered_map<std::string, std::vector<std::unique_ptr<Prepared>>> idle_;
};

// A prepared statement with its parameters. Numbers of parameters begin at 1, of columns at 0. A connection
// keeps its statements ready, so that to make a Query again costs a look-up.
class Query {
 public:
  Query(Connection& connection, std::string_view sql, Rows rows = Rows::Whole);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(int at, std::string_view text) { return prepared_->bind_text(at, text), *this; }
  Query& bind(int at, std::int64_t number) { return prepared_->bind_number(at, number), *this; }
  Query& bind_real(int at, double number) { return prepared_->bind_real(at, number), *this; }
  Query& bind_bytes(int at, std::string_view bytes) { return prepared_->bind_bytes(at, bytes), *this; }
  Query& bind_null(int at) { return prepared_->bind_null(at), *this; }
  bool step() { return prepared_->step(); }  // true: a row
  void run();                                // steps to the end; the parameters stay
  void reset() { prepared_->reset(); }
  std::string_view text(int column) const {
    return prepared_->text(column);
  }  // until the next step; bytes too
  std::int64_t number(int column) const { return prepared_->number(column); }
  double real(int column) const { return prepared_->real(column); }
  bool is_null(int column) const { return prepared_->is_null(column); }
  int column_count() const { return prepared_->column_count(); }

 private:
  friend class Pipeline;
  Connection& connection_;
  std::string key_;
  std::unique_ptr<Prepared> prepared_;
};

// Many small writes without a wait after each: one round trip for a few hundred on PostgreSQL. What fails is
// told by finish(), or by the run() that fills the pipe.
class Pipeline {
 public:
  explicit Pipeline(Connection& connection);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;
  void run(Query& query);
  void finish();

 private:
  Connection& connection_;
  int sent_ = 0;
  bool open_ = true;
};

// Tells that somebody committed something: LISTEN on PostgreSQL, the data version of the file in SQLite.
class Watch {
 public:
  virtual ~Watch() = default;
  // Whether there was a commit since the last call (the first: since it was made); waits for one that long.
  virtual bool has_changed(Limit wait = Limit{0}) = 0;
};

class Db {
 public:
  virtual ~Db() = default;
  Db() = default;
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;

  virtual Backend backend() const = 0;
  virtual std::string name() const = 0;  // for people: the file, or server and database without the password
  virtual std::int64_t bytes() = 0;
  virtual std::unique_ptr<Watch> watch(const std::string& area) = 0;

  // A connection for reading, given back when it goes out of scope. Queries on it must have ended by then.
  class Reader {
   public:
    Reader(Db& db, std::unique_ptr<Connection> connection, bool in_snapshot)
        : db_(&db), connection_(std::move(connection)), in_snapshot_(in_snapshot) {}
    ~Reader();
    Reader(Reader&&) = default;
    Reader& operator=(Reader&&) = delete;
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    Db* db_;
    std::unique_ptr<Connection> connection_;
    bool in_snapshot_;
  };
  Reader reader(Limit limit = kInteractive);
  Reader snapshot(Limit limit = kWhole);  // all statements see one moment

 protected:
  virtual std::unique_ptr<Connection> connect() = 0;

 private:
  friend class Transaction;
  std::unique_ptr<Connection> idle_reader();
  void give_back(std::unique_ptr<Connection> connection);
  Connection& take_writer();
  void leave_writer() noexcept;

  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_readers_;
  std::unique_ptr<Connection> writer_;
  bool writer_is_taken_ = false;
  std::thread::id writer_thread_;
};

// Holds the one writer until commit(); rolls back unless committed. Waits for another writer ten seconds,
// then says Busy. Queries on its connection have ended before it is committed: then the writer is another's.
class Transaction {
 public:
  Transaction(Db& db, const std::string& area);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Connection& connection() { return connection_; }
  void commit();

 private:
  Db& db_;
  std::string area_;
  Connection& connection_;
  bool open_ = true;
};

// postgresql://... and "host=... dbname=..." are PostgreSQL; anything else is a folder, made if need be.
bool is_postgres(const std::string& where);
std::unique_ptr<Db> open_db(const std::string& where);
std::unique_ptr<Db> open_sqlite(const std::string& folder);
std::unique_ptr<Db> open_postgres(const std::string& conninfo);

// Text as both back ends keep it: a broken byte becomes U+FFFD, a NUL a blank. Cheap where there is neither.
std::string kept_text(std::string_view text);

}  // namespace tenglong::store
