// PostgreSQL by libpq: never blocking inside the library, so that every wait has its end.
#include <libpq-fe.h>
#include <poll.h>

#include <charconv>
#include <utility>

#include "engine/text/ensure.h"
#include "store/inside/db.h"
#include "store/inside/postgres_wire.h"

namespace tenglong::store {

namespace {

constexpr Limit kGrace{10'000};  // the server ends a statement at its limit; after this we do
constexpr std::size_t kCopyBuffer = 64 * 1024;
constexpr const char* kChannel = "tenglong";

struct Result {
  explicit Result(PGresult* taken = nullptr) : of(taken) {}
  ~Result() { PQclear(of); }
  Result(Result&& other) noexcept : of(std::exchange(other.of, nullptr)) {}
  Result& operator=(Result&& other) noexcept {
    std::swap(of, other.of);
    return *this;
  }
  PGresult* of;
};

text::Words gone(const std::string& name) {
  return {
      "数据库 " + name + " 没有应答，没有确认的内容都没有写入。检查它是否在运行、网络是否通。",
      "The database " + name + " does not answer; nothing unacknowledged was written. Check that it runs."};
}

StoreFailure failure_of(std::string_view state, const std::string& name, const std::string& detail) {
  const auto is = [&](std::string_view prefix) { return state.starts_with(prefix); };
  if (is("53100"))
    return {{"数据库 " + name + " 的磁盘已满，没有写入任何内容。腾出空间后再试。",
             "The disk of " + name + " is full; nothing was written. Free some space and try again."},
            detail,
            Trouble::Full};
  if (is("25006") || is("42501"))
    return {{"无权写入数据库 " + name + "。请管理员授权。",
             "No right to write " + name + ". Ask its administrator."},
            detail,
            Trouble::ReadOnly};
  if (is("55P03") || is("40P01") || is("40001") || is("53300"))
    return {{"另一项操作正在写 " + name + "，等待超时。稍后再试。",
             "Another operation is writing " + name + ". Try again in a moment."},
            detail,
            Trouble::Busy};
  if (is("57014"))
    return {{"这次查询超过了时限，已中止。缩小范围后再试。",
             "The query ran past its limit and was ended. Ask for less and try again."},
            detail,
            Trouble::TooSlow};
  if (is("57P") || is("08")) return {gone(name), detail, Trouble::Gone};
  if (is("XX00") || is("58"))
    return {{"数据库 " + name + " 报告数据损坏或读写失败。用备份恢复。",
             name + " reports damaged data or a failed disk. Restore a backup."},
            detail,
            Trouble::Damaged};
  return {{"数据库 " + name + " 读写失败，没有确认的内容都没有写入。",
           "Reading or writing " + name + " failed; nothing unacknowledged was written."},
          detail,
          Trouble::Other};
}

class PostgresConnection : public Connection {
 public:
  PostgresConnection(const std::string& conninfo, bool for_watching) {
    const char* const keywords[] = {
        "connect_timeout", "keepalives_idle", "keepalives_interval", "tcp_user_timeout",
        "dbname",          "client_encoding", "application_name",    nullptr};
    const char* const values[] = {"10", "30", "10", "60000", conninfo.c_str(), "UTF8", "tenglong", nullptr};
    handle_ = PQconnectdbParams(keywords, values, 1);
    if (handle_ != nullptr && PQdb(handle_) != nullptr)
      name_ = std::string("postgresql://") + (PQhost(handle_) ? PQhost(handle_) : "") + "/" + PQdb(handle_);
    if (PQstatus(handle_) != CONNECTION_OK) {
      const std::string detail = PQerrorMessage(handle_);
      PQfinish(handle_);
      throw StoreFailure(
          {"连不上数据库 " + name_ + "。检查它是否在运行，地址、库名、账号是否正确。",
           "Cannot reach " + name_ + ". Check that it runs, and address, database and account."},
          detail, Trouble::Gone);
    }
    PQsetNoticeProcessor(
        handle_, [](void*, const char*) {}, nullptr);
    PQsetnonblocking(handle_, 1);
    try {
      execute("set synchronous_commit = on; set default_transaction_read_only = on");
      if (for_watching) execute(std::string("listen ") + kChannel);
    } catch (...) {
      PQfinish(handle_);
      throw;
    }
  }
  ~PostgresConnection() override {
    idle_.clear();
    PQfinish(handle_);
  }
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  Backend backend() const override { return Backend::Postgres; }
  const std::string& name() const { return name_; }
  std::string server_encoding() const { return PQparameterStatus(handle_, "server_encoding"); }

  void execute(const std::string& script) override {
    if (PQsendQuery(handle_, script.c_str()) != 1) fail(script);
    drain(script);
  }
  std::unique_ptr<Load> load(const std::string& table, const std::vector<std::string>& columns) override;
  bool has_table(const std::string& table) override {
    Query query(*this, "select 1 where to_regclass($1) is not null");
    return query.bind(1, table).step();
  }

  PGconn* handle() const { return handle_; }
  void ensure_free() const { ensure(!in_pipeline_, "a statement is made ready before the pipeline begins"); }
  std::string next_name() { return "s" + std::to_string(++names_); }

  // Waits until the socket may be read (or written), at most to the deadline.
  void wait(short events) {
    pollfd socket{PQsocket(handle_), events, 0};
    const auto left = std::chrono::duration_cast<Limit>(deadline_ - std::chrono::steady_clock::now());
    const int code = left.count() > 0 ? poll(&socket, 1, static_cast<int>(left.count())) : 0;
    if (code > 0 || (code < 0 && errno == EINTR)) return;
    is_lost_ = true;
    throw StoreFailure(gone(name_), "no answer in time", Trouble::Gone);
  }
  void begin_statement() {
    deadline_ = std::chrono::steady_clock::now() + (limit_.count() > 0 ? limit_ : kWhole) + kGrace;
  }
  void flush() {
    for (int code; (code = PQflush(handle_)) != 0;) {
      if (code < 0) fail("flush");
      wait(POLLIN | POLLOUT);
      if (PQconsumeInput(handle_) != 1) fail("flush");
    }
  }
  Result next_result() {
    flush();
    while (PQisBusy(handle_) != 0) {
      wait(POLLIN);
      if (PQconsumeInput(handle_) != 1) fail("read");
    }
    return Result(PQgetResult(handle_));
  }
  // To the end of the statement; the first failure is thrown after the last answer. The last command's tag.
  std::string drain(const std::string& what) {
    begin_statement();
    std::string tag;
    Result first_bad;
    for (Result result = next_result(); result.of != nullptr; result = next_result()) {
      const ExecStatusType status = PQresultStatus(result.of);
      if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) return "COPY";
      if ((status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) && first_bad.of == nullptr)
        first_bad = std::move(result);
      else
        tag = PQcmdStatus(result.of);
    }
    if (first_bad.of != nullptr) fail(what, first_bad.of);
    return tag;
  }
  [[noreturn]] void fail(const std::string& what, const PGresult* result = nullptr) {
    const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string detail =
        what + ": " + (result != nullptr ? PQresultErrorMessage(result) : PQerrorMessage(handle_));
    if (PQstatus(handle_) != CONNECTION_OK) {
      is_lost_ = true;
      throw StoreFailure(gone(name_), detail, Trouble::Gone);
    }
    throw failure_of(state != nullptr ? state : "", name_, detail);
  }
  void cancel() noexcept {
    char ignored[256];
    if (PGcancel* request = PQgetCancel(handle_)) {
      PQcancel(request, ignored, sizeof ignored);
      PQfreeCancel(request);
    }
    try {
      while (next_result().of != nullptr) {
      }
    } catch (...) {
      is_lost_ = true;
    }
  }
  bool was_notified_of(const std::string& area) {
    bool out = false;
    if (PQconsumeInput(handle_) != 1) fail("notifies");
    while (PGnotify* note = PQnotifies(handle_)) {
      out = out || area == note->extra;
      PQfreemem(note);
    }
    return out;
  }

 protected:
  std::unique_ptr<Prepared> prepare(const std::string& sql, Rows rows) override;
  void begin_pipeline() override {
    PQenterPipelineMode(handle_);
    in_pipeline_ = true;
  }
  void end_pipeline() override {
    begin_statement();
    in_pipeline_ = false;
    PQpipelineSync(handle_);
    Result first_bad;
    for (;;) {
      Result result = next_result();
      if (result.of == nullptr) continue;  // between two statements
      const ExecStatusType status = PQresultStatus(result.of);
      if (status == PGRES_PIPELINE_SYNC) break;
      if (status == PGRES_FATAL_ERROR && first_bad.of == nullptr) first_bad = std::move(result);
    }
    PQexitPipelineMode(handle_);
    if (first_bad.of != nullptr) fail("pipeline", first_bad.of);
  }
  // Two programs may write one area: the lock is the area's, and ends with the transaction.
  void begin_write(const std::string& area) override {
    execute(
        "begin isolation level read committed read write; set local lock_timeout = '10s'; "
        "select pg_advisory_xact_lock(hashtextextended('tenglong ' || " +
        quoted(area) + ", 0))");
  }
  void commit_write(const std::string& area) override {
    const std::string script =
        std::string("select pg_notify('") + kChannel + "', " + quoted(area) + "); commit";
    try {
      if (PQsendQuery(handle_, script.c_str()) != 1) fail(script);
      // An aborted transaction answers COMMIT with ROLLBACK, and no error.
      if (drain(script) != "COMMIT") throw failure_of("", name_, "the commit was answered by a rollback");
    } catch (const StoreFailure& failure) {
      if (!is_lost_) throw;
      throw StoreFailure(
          {"与数据库 " + name_ +
               " 的连接在确认时断开，不知道这一次是否已写入。恢复后看留痕的最后一条，再决定是否重做。",
           "The connection to " + name_ +
               " was lost while committing; it may or may not stand. Look at the last event of the trail."},
          failure.what(), Trouble::Unknown);
    }
  }
  void roll_back() noexcept override {
    if (is_lost_ || PQtransactionStatus(handle_) == PQTRANS_IDLE) return;
    try {
      execute("rollback");
    } catch (...) {
      is_lost_ = true;
    }
  }
  void begin_snapshot() override { execute("begin isolation level repeatable read read only; select 1"); }
  void limit(Limit limit) override {
    if (limit == limit_) return;
    execute("set statement_timeout = " + std::to_string(limit.count()));
    limit_ = limit;
  }
  // A connection that has something to say without being asked is being closed by the server.
  bool is_alive() noexcept override {
    pollfd socket{PQsocket(handle_), POLLIN, 0};
    return !is_lost_ && PQstatus(handle_) == CONNECTION_OK && PQtransactionStatus(handle_) == PQTRANS_IDLE &&
           poll(&socket, 1, 0) == 0;
  }

 private:
  std::string quoted(const std::string& text) {
    char* literal = PQescapeLiteral(handle_, text.data(), text.size());
    if (literal == nullptr) fail("quote");
    std::string out = literal;
    PQfreemem(literal);
    return out;
  }

  PGconn* handle_ = nullptr;
  std::string name_ = "PostgreSQL";
  Limit limit_{0};
  std::chrono::steady_clock::time_point deadline_{};
  std::int64_t names_ = 0;
  bool in_pipeline_ = false;
  bool is_lost_ = false;
};

class PostgresPrepared : public Prepared {
 public:
  PostgresPrepared(PostgresConnection& connection, std::string sql, Rows rows)
      : connection_(connection), sql_(std::move(sql)), rows_(rows) {
    connection_.ensure_free();
    make_ready();
  }
  ~PostgresPrepared() override {
    if (is_streaming_) connection_.cancel();
  }
  void bind_text(int at, std::string_view text) override {
    parameter(at) = {std::string(text), false, false};
  }
  void bind_number(int at, std::int64_t number) override {
    parameter(at) = {std::to_string(number), false, false};
  }
  void bind_real(int at, double number) override {
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, number);
    parameter(at) = {std::string(text, end.ptr), false, false};
  }
  void bind_bytes(int at, std::string_view bytes) override {
    parameter(at) = {std::string(bytes), true, false};
  }
  void bind_null(int at) override { parameter(at) = {{}, false, true}; }

  bool step() override {
    if (rows_ == Rows::Streamed) return step_streamed();
    if (result_.of == nullptr) {
      dispatch();
      finish_whole();
    }
    return ++row_ < PQntuples(result_.of);
  }
  void reset() override {
    if (is_streaming_) connection_.cancel();
    is_streaming_ = false;
    result_ = Result{};
    row_ = -1;
  }
  void clear() override {
    reset();
    parameters_.clear();
  }
  void send() override { dispatch(); }

  std::string_view text(int column) const override {
    const std::string_view bytes = raw(column);
    switch (PQftype(result_.of, column)) {
      case wire::kInt2:
      case wire::kInt4:
      case wire::kInt8:
        scratch_ = is_null(column) ? std::string{} : std::to_string(number(column));
        return scratch_;
      case wire::kFloat8: {
        char out[64];
        scratch_ = is_null(column) ? std::string{}
                                   : std::string(out, std::to_chars(out, out + sizeof out, real(column)).ptr);
        return scratch_;
      }
      default:
        return bytes;
    }
  }
  std::int64_t number(int column) const override {
    const std::string_view bytes = raw(column);
    if (is_null(column)) return 0;
    switch (PQftype(result_.of, column)) {
      case wire::kInt8:
        return wire::get<std::int64_t>(bytes.data());
      case wire::kInt4:
        return wire::get<std::int32_t>(bytes.data());
      case wire::kInt2:
        return wire::get<std::int16_t>(bytes.data());
      case wire::kBool:
        return bytes[0] != 0 ? 1 : 0;
      case wire::kFloat8:
        return static_cast<std::int64_t>(real(column));
      default: {
        std::int64_t out = 0;
        std::from_chars(bytes.data(), bytes.data() + bytes.size(), out);
        return out;
      }
    }
  }
  double real(int column) const override {
    const std::string_view bytes = raw(column);
    if (is_null(column)) return 0;
    switch (PQftype(result_.of, column)) {
      case wire::kFloat8:
        return std::bit_cast<double>(wire::get<std::uint64_t>(bytes.data()));
      case wire::kInt8:
      case wire::kInt4:
      case wire::kInt2:
        return static_cast<double>(number(column));
      default: {
        double out = 0;
        std::from_chars(bytes.data(), bytes.data() + bytes.size(), out);
        return out;
      }
    }
  }
  bool is_null(int column) const override { return PQgetisnull(result_.of, at_row(), column) != 0; }
  int column_count() const override { return PQnfields(result_.of); }

 private:
  struct Parameter {
    std::string value;
    bool is_binary = false, is_null = true;
  };
  Parameter& parameter(int at) {
    if (parameters_.size() < static_cast<std::size_t>(at)) parameters_.resize(static_cast<std::size_t>(at));
    return parameters_[static_cast<std::size_t>(at - 1)];
  }
  int at_row() const { return rows_ == Rows::Streamed ? 0 : row_; }
  std::string_view raw(int column) const {
    return {PQgetvalue(result_.of, at_row(), column),
            static_cast<std::size_t>(PQgetlength(result_.of, at_row(), column))};
  }
  void make_ready() {
    name_ = connection_.next_name();
    if (PQsendPrepare(connection_.handle(), name_.c_str(), sql_.c_str(), 0, nullptr) != 1)
      connection_.fail(sql_);
    connection_.drain(sql_);
  }
  void dispatch() {
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
    for (const Parameter& each : parameters_) {
      values.push_back(each.is_null ? nullptr : each.value.c_str());
      lengths.push_back(static_cast<int>(each.value.size()));
      formats.push_back(each.is_binary ? 1 : 0);
    }
    connection_.begin_statement();
    if (PQsendQueryPrepared(connection_.handle(), name_.c_str(), static_cast<int>(values.size()),
                            values.data(), lengths.data(), formats.data(), 1) != 1)
      connection_.fail(sql_);
  }
  void finish_whole() {
    for (int attempt = 0;; ++attempt) {
      Result last, bad;
      for (Result result = connection_.next_result(); result.of != nullptr;
           result = connection_.next_result()) {
        const ExecStatusType status = PQresultStatus(result.of);
        (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ? last : bad) = std::move(result);
      }
      if (bad.of == nullptr) {
        result_ = std::move(last);
        row_ = -1;
        return;
      }
      // A table was altered since: outside a transaction the statement is simply made ready again.
      const char* state = PQresultErrorField(bad.of, PG_DIAG_SQLSTATE);
      if (attempt > 0 || state == nullptr || std::string_view(state) != "0A000" ||
          PQtransactionStatus(connection_.handle()) != PQTRANS_IDLE)
        connection_.fail(sql_, bad.of);
      make_ready();
      dispatch();
    }
  }
  bool step_streamed() {
    if (!is_streaming_) {
      dispatch();
      PQsetSingleRowMode(connection_.handle());
      is_streaming_ = true;
    }
    result_ = Result{};
    result_ = connection_.next_result();
    if (result_.of != nullptr && PQresultStatus(result_.of) == PGRES_SINGLE_TUPLE) return true;
    is_streaming_ = false;
    Result last = std::move(result_);
    result_ = Result{};
    while (connection_.next_result().of != nullptr) {
    }
    if (last.of != nullptr && PQresultStatus(last.of) != PGRES_TUPLES_OK) connection_.fail(sql_, last.of);
    return false;
  }

  PostgresConnection& connection_;
  std::string sql_, name_;
  Rows rows_;
  std::vector<Parameter> parameters_;
  Result result_;
  int row_ = -1;
  bool is_streaming_ = false;
  mutable std::string scratch_;
};

class PostgresLoad : public Load {
 public:
  PostgresLoad(PostgresConnection& connection, const std::string& script, std::size_t columns)
      : connection_(connection), columns_(static_cast<std::int16_t>(columns)) {
    connection_.execute(script);
    buffer_ = wire::copy_header();
    wire::put(buffer_, columns_);
  }
  ~PostgresLoad() override {
    if (is_finished_) return;
    try {
      PQputCopyEnd(connection_.handle(), "given up");
      connection_.drain("copy");
    } catch (...) {  // the server says that the copy was given up: so it was
    }
  }
  Load& text(std::string_view text) override { return wire::put_value(buffer_, text), *this; }
  Load& number(std::int64_t number) override { return wire::put_value(buffer_, number), *this; }
  Load& real(double number) override { return wire::put_value(buffer_, number), *this; }
  Load& bytes(std::string_view bytes) override { return wire::put_value(buffer_, bytes), *this; }
  Load& null() override { return wire::put_null(buffer_), *this; }
  void end_row() override {
    if (buffer_.size() >= kCopyBuffer) {
      send();
      buffer_.clear();
    }
    wire::put(buffer_, columns_);  // of the next row; the end of all rows takes its place in finish()
  }
  void finish() override {
    buffer_.resize(buffer_.size() - sizeof columns_);
    wire::put(buffer_, std::int16_t{-1});
    send();
    is_finished_ = true;
    for (int code; (code = PQputCopyEnd(connection_.handle(), nullptr)) != 1;) {
      if (code < 0) connection_.fail("copy");
      connection_.flush();
    }
    connection_.drain("copy");
  }

 private:
  void send() {
    connection_.begin_statement();
    for (int code; (code = PQputCopyData(connection_.handle(), buffer_.data(),
                                         static_cast<int>(buffer_.size()))) != 1;) {
      if (code < 0) connection_.fail("copy");
      connection_.flush();
    }
    connection_.flush();
  }

  PostgresConnection& connection_;
  std::int16_t columns_;
  std::string buffer_;
  bool is_finished_ = false;
};

std::unique_ptr<Prepared> PostgresConnection::prepare(const std::string& sql, Rows rows) {
  return std::make_unique<PostgresPrepared>(*this, sql, rows);
}

std::unique_ptr<Load> PostgresConnection::load(const std::string& table,
                                               const std::vector<std::string>& columns) {
  std::string names;
  for (std::size_t i = 0; i < columns.size(); ++i) names += (i == 0 ? "" : ", ") + columns[i];
  return std::make_unique<PostgresLoad>(
      *this, "copy " + table + " (" + names + ") from stdin (format binary)", columns.size());
}

class PostgresWatch : public Watch {
 public:
  PostgresWatch(std::unique_ptr<PostgresConnection> connection, std::string area)
      : connection_(std::move(connection)), area_(std::move(area)) {}
  bool has_changed(Limit wait) override {
    if (connection_->was_notified_of(area_)) return true;
    const auto until = std::chrono::steady_clock::now() + wait;
    for (;;) {
      const auto left = std::chrono::duration_cast<Limit>(until - std::chrono::steady_clock::now());
      if (left.count() <= 0) return false;
      pollfd socket{PQsocket(connection_->handle()), POLLIN, 0};
      poll(&socket, 1, static_cast<int>(left.count()));
      if (connection_->was_notified_of(area_)) return true;
    }
  }

 private:
  std::unique_ptr<PostgresConnection> connection_;
  std::string area_;
};

class PostgresDb : public Db {
 public:
  explicit PostgresDb(std::string conninfo) : conninfo_(std::move(conninfo)) {
    const PostgresConnection first(conninfo_, false);
    name_ = first.name();
    if (first.server_encoding() != "UTF8")
      throw StoreFailure({"数据库 " + name_ + " 的编码是 " + first.server_encoding() +
                              "，要用 UTF8。另建一个库：createdb -T template0 -E UTF8。",
                          "The encoding of " + name_ + " must be UTF8: createdb -T template0 -E UTF8."},
                         "server_encoding", Trouble::Other);
  }
  Backend backend() const override { return Backend::Postgres; }
  std::string name() const override { return name_; }
  std::int64_t bytes() override {
    const Reader reader = this->reader();
    Query query(*reader, "select pg_database_size(current_database())");
    return query.step() ? query.number(0) : 0;
  }
  std::unique_ptr<Watch> watch(const std::string& area) override {
    return std::make_unique<PostgresWatch>(std::make_unique<PostgresConnection>(conninfo_, true), area);
  }

 protected:
  std::unique_ptr<Connection> connect() override {
    return std::make_unique<PostgresConnection>(conninfo_, false);
  }

 private:
  std::string conninfo_, name_;
};

}  // namespace

std::unique_ptr<Db> open_postgres(const std::string& conninfo) {
  return std::make_unique<PostgresDb>(conninfo);
}

}  // namespace tenglong::store
