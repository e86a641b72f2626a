#include "store/inside/sqlite.h"

#include <sqlite3.h>

#include "store/store.h"

namespace tenglong::store {

namespace {

constexpr int kBusyMilliseconds = 10'000;

text::Words sentence_for(int code, const std::string& path) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return {"磁盘已满，" + path + " 没有写入任何内容。腾出空间后再试。",
              "The disk is full; nothing was written to " + path + ". Free some space and try again."};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return {"无法写入 " + path + "。检查文件夹是否存在、是否有写权限。",
              "Cannot write " + path + ". Check that the folder exists and may be written."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {"另一个腾笼程序正在写 " + path + "，等待超时。等它结束后再试。",
              "Another Tenglong program is writing " + path + ". Try again when it has finished."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {path + " 不是完好的数据文件。用备份恢复。",
              path + " is not an intact data file. Restore a backup."};
    default:
      return {"数据文件 " + path + " 读写失败，没有确认的内容都没有写入。",
              "Reading or writing " + path + " failed; nothing unacknowledged was written."};
  }
}

}  // namespace

Database::Database(const std::string& path) : path_(path) {
  const int code = sqlite3_open_v2(path.c_str(), &handle_,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    const std::string detail = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
    sqlite3_close(handle_);
    throw StoreFailure(sentence_for(code, path), detail);
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyMilliseconds);
  try {
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA synchronous=FULL");
    execute("PRAGMA foreign_keys=ON");
  } catch (...) {  // a constructor that throws has no destructor to close the file
    sqlite3_close(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close(handle_); }

void Database::fail(const std::string& what) const {
  throw StoreFailure(sentence_for(sqlite3_errcode(handle_), path_), what + ": " + sqlite3_errmsg(handle_));
}

void Database::execute(const char* sql) const {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

Query::Query(const Database& database, std::string_view sql) : database_(database) {
  if (sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK)
    database_.fail(std::string(sql));
}

Query::~Query() { sqlite3_finalize(statement_); }

Query& Query::bind(int at, std::string_view text) {
  sqlite3_bind_text64(statement_, at, text.data() == nullptr ? "" : text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}
Query& Query::bind(int at, std::int64_t number) {
  sqlite3_bind_int64(statement_, at, number);
  return *this;
}
Query& Query::bind_null(int at) {
  sqlite3_bind_null(statement_, at);
  return *this;
}

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const std::string sql = sqlite3_sql(statement_);
    sqlite3_reset(statement_);
    database_.fail(sql);
  }
  return false;
}

void Query::run() {
  while (step()) {
  }
  reset();
}

void Query::reset() { sqlite3_reset(statement_); }

std::string_view Query::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return {bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
std::int64_t Query::number(int column) const { return sqlite3_column_int64(statement_, column); }
bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Transaction::Transaction(const Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // A failed commit may have rolled back already; nothing is left to do then.
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace tenglong::store
