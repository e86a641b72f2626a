#include "store/inside/db.h"

#include <algorithm>

#include "engine/text/ensure.h"

namespace tenglong::store {

namespace {

constexpr std::size_t kMostIdleReaders = 8;
constexpr int kPipeDepth = 256;  // answers to that many small writes fit the buffers of a socket
constexpr std::chrono::seconds kWriterWait{10};

}  // namespace

std::string Connection::text_of(const std::string& sql) {
  Query query(*this, sql);
  return query.step() ? std::string(query.text(0)) : std::string{};
}

Query::Query(Connection& connection, std::string_view sql, Rows rows)
    : connection_(connection), key_(rows == Rows::Streamed ? "s" : "w") {
  key_ += sql;
  auto& idle = connection_.idle_[key_];
  if (idle.empty()) {
    prepared_ = connection_.prepare(key_.substr(1), rows);
  } else {
    prepared_ = std::move(idle.back());
    idle.pop_back();
  }
}

Query::~Query() {
  try {
    prepared_->clear();
    connection_.idle_[key_].push_back(std::move(prepared_));
  } catch (...) {  // the connection is gone, or there is no memory: then it is not kept ready
  }
}

void Query::run() {
  while (step()) {
  }
  reset();
}

Pipeline::Pipeline(Connection& connection) : connection_(connection) { connection_.begin_pipeline(); }

Pipeline::~Pipeline() {
  if (!open_) return;
  try {
    connection_.end_pipeline();
  } catch (...) {  // whoever leaves it unfinished is already on the way out with a failure
  }
}

void Pipeline::run(Query& query) {
  query.prepared_->send();
  if (++sent_ < kPipeDepth) return;
  sent_ = 0;
  open_ = false;
  connection_.end_pipeline();
  connection_.begin_pipeline();
  open_ = true;
}

void Pipeline::finish() {
  open_ = false;
  connection_.end_pipeline();
}

Db::Reader::~Reader() {
  if (!connection_) return;
  if (in_snapshot_) connection_->roll_back();
  db_->give_back(std::move(connection_));
}

std::unique_ptr<Connection> Db::idle_reader() {
  const std::lock_guard lock(mutex_);
  while (!idle_readers_.empty()) {
    std::unique_ptr<Connection> out = std::move(idle_readers_.back());
    idle_readers_.pop_back();
    if (out->is_alive()) return out;
  }
  return nullptr;
}

Db::Reader Db::reader(Limit limit) {
  std::unique_ptr<Connection> connection = idle_reader();
  if (!connection) connection = connect();
  connection->limit(limit);
  return {*this, std::move(connection), false};
}

Db::Reader Db::snapshot(Limit limit) {
  std::unique_ptr<Connection> connection = idle_reader();
  if (!connection) connection = connect();
  connection->limit(limit);
  connection->begin_snapshot();
  return {*this, std::move(connection), true};
}

void Db::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  if (idle_readers_.size() < kMostIdleReaders && connection->is_alive())
    idle_readers_.push_back(std::move(connection));
}

Connection& Db::take_writer() {
  std::unique_lock lock(mutex_);
  ensure(!writer_is_taken_ || writer_thread_ != std::this_thread::get_id(),
         "a thread that writes does not begin a second change before the first has ended");
  if (!freed_.wait_for(lock, kWriterWait, [&] { return !writer_is_taken_; }))
    throw StoreFailure({"另一项操作正在写 " + name() + "，等待超时。稍后再试。",
                        "Another operation is writing " + name() + ". Try again in a moment."},
                       "the writer was not free in time", Trouble::Busy);
  if (writer_ && !writer_->is_alive()) writer_.reset();
  if (!writer_) writer_ = connect();
  writer_is_taken_ = true;
  writer_thread_ = std::this_thread::get_id();
  return *writer_;
}

void Db::leave_writer() noexcept {
  {
    const std::lock_guard lock(mutex_);
    writer_is_taken_ = false;
  }
  freed_.notify_one();
}

Transaction::Transaction(Db& db, const std::string& area)
    : db_(db), area_(area), connection_(db.take_writer()) {
  try {
    connection_.begin_write(area_);
  } catch (...) {
    connection_.roll_back();
    db_.leave_writer();
    throw;
  }
}

Transaction::~Transaction() {
  if (!open_) return;
  connection_.roll_back();
  db_.leave_writer();
}

void Transaction::commit() {
  connection_.commit_write(area_);
  open_ = false;
  db_.leave_writer();
}

bool is_postgres(const std::string& where) {
  return where.starts_with("postgresql://") || where.starts_with("postgres://") ||
         where.find("dbname=") != std::string::npos;
}

std::unique_ptr<Db> open_db(const std::string& where) {
  return is_postgres(where) ? open_postgres(where) : open_sqlite(where);
}

std::string kept_text(std::string_view text) {
  if (text::is_utf8(text) && text.find('\0') == std::string_view::npos) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t one = text::next_code_point(text, at);
    text::append_code_point(out, one == 0 ? U' ' : one);
  }
  return out;
}

}  // namespace tenglong::store
