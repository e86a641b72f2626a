// SQLite: one file in a data folder; WAL, one writer by BEGIN IMMEDIATE, readers that end at their limit.
#include <sqlite3.h>

#include <atomic>
#include <filesystem>

#include "store/inside/db.h"

namespace tenglong::store {

namespace {

constexpr int kBusyMilliseconds = 10'000;
constexpr int kStepsBetweenLooks = 10'000;  // of the virtual machine, between two looks at the clock
constexpr Limit kWatchStep{50};

struct Sentence {
  text::Words words;
  Trouble trouble;
};

Sentence sentence_for(int code, const std::string& path) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return {{"磁盘已满，" + path + " 没有写入任何内容。腾出空间后再试。",
               "The disk is full; nothing was written to " + path + ". Free some space and try again."},
              Trouble::Full};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return {{"无法写入 " + path + "。检查文件夹是否存在、是否有写权限。",
               "Cannot write " + path + ". Check that the folder exists and may be written."},
              Trouble::ReadOnly};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {{"另一个腾笼程序正在写 " + path + "，等待超时。等它结束后再试。",
               "Another Tenglong program is writing " + path + ". Try again when it has finished."},
              Trouble::Busy};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {{path + " 不是完好的数据文件。用备份恢复。",
               path + " is not an intact data file. Restore a backup."},
              Trouble::Damaged};
    case SQLITE_INTERRUPT:
      return {{"这次查询超过了时限，已中止。缩小范围后再试。",
               "The query ran past its limit and was ended. Ask for less and try again."},
              Trouble::TooSlow};
    default:
      return {{"数据文件 " + path + " 读写失败，没有确认的内容都没有写入。",
               "Reading or writing " + path + " failed; nothing unacknowledged was written."},
              Trouble::Other};
  }
}

// $1 is the name of a parameter in SQLite, numbered as it is met; ?1 is its number.
std::string with_numbered_parameters(std::string sql) {
  char quote = 0;
  for (std::size_t i = 0; i + 1 < sql.size(); ++i) {
    if (quote != 0) {
      if (sql[i] == quote) quote = 0;
    } else if (sql[i] == '\'' || sql[i] == '"') {
      quote = sql[i];
    } else if (sql[i] == '$' && sql[i + 1] >= '1' && sql[i + 1] <= '9') {
      sql[i] = '?';
    }
  }
  return sql;
}

class SqliteConnection;

class SqlitePrepared : public Prepared {
 public:
  SqlitePrepared(SqliteConnection& connection, const std::string& sql);
  ~SqlitePrepared() override { sqlite3_finalize(statement_); }
  void bind_text(int at, std::string_view text) override { hold(at, text, SQLITE_TRANSIENT); }
  void hold(int at, std::string_view text, sqlite3_destructor_type lifetime) {
    check(sqlite3_bind_text64(statement_, at, text.data() == nullptr ? "" : text.data(), text.size(),
                              lifetime, SQLITE_UTF8));
  }
  void hold_bytes(int at, std::string_view bytes, sqlite3_destructor_type lifetime) {
    check(sqlite3_bind_blob64(statement_, at, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                              lifetime));
  }
  void bind_number(int at, std::int64_t number) override {
    check(sqlite3_bind_int64(statement_, at, number));
  }
  void bind_real(int at, double number) override { check(sqlite3_bind_double(statement_, at, number)); }
  void bind_bytes(int at, std::string_view bytes) override { hold_bytes(at, bytes, SQLITE_TRANSIENT); }
  void bind_null(int at) override { check(sqlite3_bind_null(statement_, at)); }
  bool step() override;
  void reset() override {
    sqlite3_reset(statement_);
    is_running_ = false;
  }
  void clear() override {
    reset();
    sqlite3_clear_bindings(statement_);
  }
  void send() override {
    while (step()) {
    }
    reset();
  }
  std::string_view text(int column) const override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes == nullptr ? "" : bytes,
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  std::int64_t number(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  int column_count() const override { return sqlite3_column_count(statement_); }

 private:
  void check(int code);
  SqliteConnection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  bool is_running_ = false;
};

class SqliteLoad : public Load {
 public:
  SqliteLoad(SqliteConnection& connection, const std::string& sql) : insert_(connection, sql) {}
  Load& text(std::string_view text) override { return insert_.hold(++at_, text, SQLITE_STATIC), *this; }
  Load& number(std::int64_t number) override { return insert_.bind_number(++at_, number), *this; }
  Load& real(double number) override { return insert_.bind_real(++at_, number), *this; }
  Load& bytes(std::string_view bytes) override {
    return insert_.hold_bytes(++at_, bytes, SQLITE_STATIC), *this;
  }
  Load& null() override { return insert_.bind_null(++at_), *this; }
  void end_row() override {
    at_ = 0;
    insert_.send();
  }
  void finish() override { insert_.clear(); }

 private:
  SqlitePrepared insert_;
  int at_ = 0;
};

class SqliteConnection : public Connection {
 public:
  SqliteConnection(const std::string& path, std::atomic<bool>& is_stopped)
      : path_(path), is_stopped_(is_stopped) {
    refuse_if_stopped();
    const int code = sqlite3_open_v2(
        path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) {
      const std::string detail = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
      sqlite3_close(handle_);
      Sentence sentence = sentence_for(code, path);
      throw StoreFailure(std::move(sentence.words), detail, sentence.trouble);
    }
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, kBusyMilliseconds);
    sqlite3_progress_handler(handle_, kStepsBetweenLooks, look_at_the_clock, this);
    try {
      execute(
          "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA query_only=ON");
    } catch (...) {  // a constructor that throws has no destructor to close the file
      sqlite3_close(handle_);
      throw;
    }
  }
  ~SqliteConnection() override {
    idle_.clear();
    sqlite3_close(handle_);
  }
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Backend backend() const override { return Backend::Sqlite; }
  void execute(const std::string& script) override {
    begin_statement();
    const int code = sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, script);
  }
  std::unique_ptr<Load> load(const std::string& table, const std::vector<std::string>& columns) override {
    std::string names, marks;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      names += (i == 0 ? "" : ", ") + columns[i];
      marks += (i == 0 ? "?" : ", ?") + std::to_string(i + 1);
    }
    return std::make_unique<SqliteLoad>(*this,
                                        "insert into " + table + " (" + names + ") values (" + marks + ")");
  }
  bool has_table(const std::string& table) override {
    Query query(*this, "select 1 from sqlite_schema where type = 'table' and name = $1");
    return query.bind(1, table).step();
  }

  sqlite3* handle() const { return handle_; }
  void begin_statement() { deadline_ = std::chrono::steady_clock::now() + limit_; }
  [[noreturn]] void fail(int code, const std::string& what) {
    const std::string detail = what + ": " + sqlite3_errmsg(handle_);
    // After a failed fsync nobody knows which pages the disk has: to try again could acknowledge what is
    // lost.
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) is_stopped_ = true;
    refuse_if_stopped();
    Sentence sentence = sentence_for(code, path_);
    throw StoreFailure(std::move(sentence.words), detail, sentence.trouble);
  }

 protected:
  std::unique_ptr<Prepared> prepare(const std::string& sql, Rows) override {
    return std::make_unique<SqlitePrepared>(*this, sql);
  }
  void begin_pipeline() override {}
  void end_pipeline() override {}
  void begin_write(const std::string&) override {
    refuse_if_stopped();
    if (!may_write_) execute("PRAGMA query_only=OFF");
    may_write_ = true;
    execute("BEGIN IMMEDIATE");
  }
  void commit_write(const std::string&) override { execute("COMMIT"); }
  void roll_back() noexcept override {
    // A failed commit may have rolled back already; nothing is left to do then.
    if (sqlite3_get_autocommit(handle_) == 0) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  // The moment is that of the first read: it is made here.
  void begin_snapshot() override { execute("BEGIN; select 1 from sqlite_schema limit 1"); }
  void limit(Limit limit) override { limit_ = limit; }
  bool is_alive() noexcept override { return !is_stopped_; }

 private:
  static int look_at_the_clock(void* self) {
    const auto* own = static_cast<const SqliteConnection*>(self);
    return own->limit_.count() > 0 && std::chrono::steady_clock::now() > own->deadline_ ? 1 : 0;
  }
  void refuse_if_stopped() const {
    if (is_stopped_)
      throw StoreFailure(
          {"磁盘没有确认写入 " + path_ + "，已停止写入。检查磁盘，再重新启动；已确认的内容都在。",
           "The disk did not confirm a write to " + path_ +
               "; writing has stopped. Check the disk and start again."},
          "fsync failed", Trouble::Other);
  }

  std::string path_;
  std::atomic<bool>& is_stopped_;
  sqlite3* handle_ = nullptr;
  Limit limit_{0};
  std::chrono::steady_clock::time_point deadline_{};
  bool may_write_ = false;
};

SqlitePrepared::SqlitePrepared(SqliteConnection& connection, const std::string& sql)
    : connection_(connection) {
  const std::string numbered = with_numbered_parameters(sql);
  const int code = sqlite3_prepare_v3(connection.handle(), numbered.data(), static_cast<int>(numbered.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) connection_.fail(code, sql);
}

void SqlitePrepared::check(int code) {
  if (code != SQLITE_OK) connection_.fail(code, sqlite3_sql(statement_));
}

bool SqlitePrepared::step() {
  if (!is_running_) connection_.begin_statement();
  const int code = sqlite3_step(statement_);
  is_running_ = code == SQLITE_ROW;
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const std::string sql = sqlite3_sql(statement_);
  // The message is of the step, and reset() would keep it; but it must not be asked of a running statement.
  sqlite3_reset(statement_);
  connection_.fail(code, sql);
}

class SqliteWatch : public Watch {
 public:
  explicit SqliteWatch(std::unique_ptr<SqliteConnection> connection) : connection_(std::move(connection)) {
    version_ = version();
  }
  bool has_changed(Limit wait) override {
    const auto until = std::chrono::steady_clock::now() + wait;
    for (;;) {
      const std::int64_t now = version();
      if (now != version_) {
        version_ = now;
        return true;
      }
      if (std::chrono::steady_clock::now() >= until) return false;
      std::this_thread::sleep_for(kWatchStep);
    }
  }

 private:
  std::int64_t version() {
    Query query(*connection_, "PRAGMA data_version");
    query.step();
    return query.number(0);
  }
  std::unique_ptr<SqliteConnection> connection_;
  std::int64_t version_ = 0;
};

class SqliteDb : public Db {
 public:
  explicit SqliteDb(std::string path) : path_(std::move(path)) {}
  Backend backend() const override { return Backend::Sqlite; }
  std::string name() const override { return path_; }
  std::int64_t bytes() override {
    std::error_code ignored;
    return static_cast<std::int64_t>(std::filesystem::file_size(path_, ignored));
  }
  std::unique_ptr<Watch> watch(const std::string&) override {
    return std::make_unique<SqliteWatch>(std::make_unique<SqliteConnection>(path_, is_stopped_));
  }

 protected:
  std::unique_ptr<Connection> connect() override {
    return std::make_unique<SqliteConnection>(path_, is_stopped_);
  }

 private:
  std::string path_;
  std::atomic<bool> is_stopped_ = false;
};

}  // namespace

std::unique_ptr<Db> open_sqlite(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw StoreFailure({"无法建立数据文件夹 " + folder + "。检查上级文件夹的写权限。",
                        "Cannot make the data folder " + folder + ". Check the permissions above it."},
                       error.message(), Trouble::ReadOnly);
  return std::make_unique<SqliteDb>(folder + "/tenglong.db");
}

}  // namespace tenglong::store
