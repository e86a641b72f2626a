#include <filesystem>
#include <map>

#include "engine/text/ensure.h"
#include "engine/text/text.h"
#include "store/inside/payload.h"
#include "store/inside/schema.h"
#include "store/inside/sqlite.h"
#include "store/inside/sqlite_trail.h"
#include "store/store.h"

namespace tenglong::store {

namespace {

using registers::Batch;
using registers::BatchId;
using registers::Mapping;
using registers::Statement;

constexpr char kPart = '\x1F';
constexpr char kEnd = '\x1E';

std::vector<std::string> field_ids_of(const schema::Schema& schema, std::string_view register_id) {
  std::vector<std::string> ids;
  if (const schema::Register* target = schema.find(register_id))
    for (const schema::Field& field : target->fields) ids.push_back(field.id);
  return ids;
}

std::string period_text(const std::optional<calendar::Period>& period) {
  return period ? period->to_string() : std::string{};
}

class SqliteWriter : public registers::RegisterStore::Writer {
 public:
  SqliteWriter(const Database& database, const std::string& area, const schema::Schema& schema,
               SqliteTrail& trail, const Batch& batch)
      : database_(database),
        area_(area),
        trail_(trail),
        ids_(field_ids_of(schema, batch.register_id)),
        transaction_(database),
        insert_(database,
                "insert into statement (area, register_id, record_key, period, batch, sheet, row, payload) "
                "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)") {
    Query next(database, "select coalesce(max(id), 0) + 1 from batch where area = ?1");
    next.bind(1, area_).step();
    id_ = {next.number(0)};
  }
  BatchId batch() const override { return id_; }

  void add(const Statement& statement) override {
    const std::string period = period_text(statement.period);
    const std::string payload = encode_values(statement.values, ids_);
    digest_.add(statement.register_id, statement.record_key, period, statement.sheet, statement.row, payload);
    insert_.bind(1, area_)
        .bind(2, statement.register_id)
        .bind(3, statement.record_key)
        .bind(4, period)
        .bind(5, id_.value)
        .bind(6, statement.sheet)
        .bind(7, statement.row)
        .bind(8, payload);
    insert_.run();
  }

  void commit(const Batch& b) override {
    Query insert(
        database_,
        "insert into batch (area, id, register_id, provider, submitter, received_at, file_name, "
        "file_fingerprint, document, mark, rows_read, "
        "rows_accepted, rows_refused) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    insert.bind(1, area_)
        .bind(2, id_.value)
        .bind(3, b.register_id)
        .bind(4, b.provider)
        .bind(5, b.submitter)
        .bind(6, b.received_at)
        .bind(7, b.file_name)
        .bind(8, b.file_fingerprint)
        .bind(9, b.document)
        .bind(10, b.mark)
        .bind(11, b.rows_read)
        .bind(12, b.rows_accepted)
        .bind(13, b.rows_refused);
    insert.run();
    trail_.append("import_batch", "batch", std::to_string(id_.value),
                  digest_.finish({b.register_id, b.provider, b.submitter, b.received_at, b.file_name,
                                  b.file_fingerprint, b.document, b.mark},
                                 {b.rows_read, b.rows_accepted, b.rows_refused}),
                  {{"file", b.file_name}, {"provider", b.provider}});
    transaction_.commit();
  }

 private:
  const Database& database_;
  const std::string& area_;
  SqliteTrail& trail_;
  BatchDigest digest_;
  std::vector<std::string> ids_;
  Transaction transaction_;
  Query insert_;
  BatchId id_;
};

class SqliteRegisters : public registers::RegisterStore {
 public:
  SqliteRegisters(const Database& database, const std::string& area, const schema::Schema& schema,
                  SqliteTrail& trail)
      : database_(database), area_(area), schema_(schema), trail_(trail) {}

  std::unique_ptr<Writer> write(const Batch& batch) override {
    return std::make_unique<SqliteWriter>(database_, area_, schema_, trail_, batch);
  }

  std::optional<Batch> same_file(std::string_view register_id, std::string_view provider,
                                 std::string_view file_fingerprint) const override {
    Query query(database_, std::string(kBatchColumns) +
                               " where area = ?1 and register_id = ?2 and provider = ?3 and file_fingerprint "
                               "= ?4 order by id limit 1");
    query.bind(1, area_).bind(2, register_id).bind(3, provider).bind(4, file_fingerprint);
    return query.step() ? std::optional(read_batch(query)) : std::nullopt;
  }

  std::vector<Batch> batches() const override {
    std::vector<Batch> out;
    Query query(database_, std::string(kBatchColumns) + " where area = ?1 order by id");
    query.bind(1, area_);
    while (query.step()) out.push_back(read_batch(query));
    return out;
  }

  void read(std::string_view register_id, std::optional<BatchId> through,
            const std::function<void(Statement&&)>& each) const override {
    Query query(database_, std::string(kStatementColumns) +
                               " where area = ?1 and register_id = ?2 and batch <= ?3 order by record_key, "
                               "period, batch, rowid");
    query.bind(1, area_).bind(2, register_id).bind(3, through ? through->value : INT64_MAX);
    send(query, register_id, each);
  }

  void read_record(std::string_view register_id, std::string_view record_key, std::optional<BatchId> through,
                   const std::function<void(Statement&&)>& each) const override {
    Query query(database_, std::string(kStatementColumns) +
                               " where area = ?1 and register_id = ?2 and record_key = ?4 and batch <= ?3 "
                               "order by record_key, period, batch, rowid");
    query.bind(1, area_)
        .bind(2, register_id)
        .bind(3, through ? through->value : INT64_MAX)
        .bind(4, record_key);
    send(query, register_id, each);
  }

  std::int64_t statement_count(std::string_view register_id) const override {
    Query query(database_, "select count(*) from statement where area = ?1 and register_id = ?2");
    query.bind(1, area_).bind(2, register_id).step();
    return query.number(0);
  }

  std::optional<Mapping> mapping(std::string_view provider, std::string_view register_id,
                                 std::string_view header_fingerprint) const override {
    Query query(database_,
                "select columns from mapping where area = ?1 and provider = ?2 and register_id = ?3 and "
                "header_fingerprint = ?4");
    query.bind(1, area_).bind(2, provider).bind(3, register_id).bind(4, header_fingerprint);
    if (!query.step()) return std::nullopt;
    Mapping out{std::string(provider), std::string(register_id), std::string(header_fingerprint)};
    for (const std::string_view line : text::split(query.text(0), kEnd)) {
      const auto parts = text::split(line, kPart);
      if (parts.size() != 4) continue;
      out.columns.push_back({std::stoi(std::string(parts[0])), std::string(parts[1]), std::string(parts[2]),
                             std::string(parts[3])});
    }
    return out;
  }

  void remember(const Mapping& mapping) override {
    std::string columns;
    for (const Mapping::Column& column : mapping.columns)
      columns += std::to_string(column.column) + kPart + column.label + kPart + column.field + kPart +
                 column.unit + kEnd;
    Transaction transaction(database_);
    Query query(database_,
                "insert into mapping (area, provider, register_id, header_fingerprint, columns) values (?1, "
                "?2, ?3, ?4, ?5) "
                "on conflict (area, provider, register_id, header_fingerprint) do update set columns = "
                "excluded.columns");
    query.bind(1, area_)
        .bind(2, mapping.provider)
        .bind(3, mapping.register_id)
        .bind(4, mapping.header_fingerprint)
        .bind(5, columns)
        .run();
    trail_.append("remember_mapping", "mapping",
                  mapping.provider + "/" + mapping.register_id + "/" + mapping.header_fingerprint,
                  fingerprint::of_bytes(columns), {});
    transaction.commit();
  }

 private:
  static constexpr const char* kBatchColumns =
      "select id, register_id, provider, submitter, received_at, file_name, file_fingerprint, document, "
      "mark, rows_read, rows_accepted, rows_refused from batch";

  static constexpr const char* kStatementColumns =
      "select record_key, period, batch, sheet, row, payload from statement";

  void send(Query& query, std::string_view register_id, const std::function<void(Statement&&)>& each) const {
    const std::vector<std::string> ids = field_ids_of(schema_, register_id);
    while (query.step()) {
      Statement statement{.register_id = std::string(register_id), .record_key = std::string(query.text(0))};
      if (!query.text(1).empty()) statement.period = calendar::Period::parse(query.text(1));
      statement.batch = {query.number(2)};
      statement.sheet = std::string(query.text(3));
      statement.row = query.number(4);
      statement.values = decode_values(query.text(5), ids);
      each(std::move(statement));
    }
  }

  static Batch read_batch(const Query& q) {
    const auto text = [&](int column) { return std::string(q.text(column)); };
    return {.id = {q.number(0)},
            .register_id = text(1),
            .provider = text(2),
            .submitter = text(3),
            .received_at = text(4),
            .file_name = text(5),
            .file_fingerprint = text(6),
            .document = text(7),
            .mark = text(8),
            .rows_read = q.number(9),
            .rows_accepted = q.number(10),
            .rows_refused = q.number(11)};
  }

  const Database& database_;
  const std::string& area_;
  const schema::Schema& schema_;
  SqliteTrail& trail_;
};

class SqliteResults : public result::ResultStore {
 public:
  SqliteResults(const Database& database, const std::string& area, SqliteTrail& trail)
      : database_(database), area_(area), trail_(trail) {}

  void keep(const result::Result& result, std::string_view taken_at) override {
    const std::string encoded = result::encode(result);
    Transaction transaction(database_);
    Query query(
        database_,
        "insert into result (area, fingerprint, ordinal, period, taken_at, encoded) "
        "values (?1, ?2, (select coalesce(max(ordinal), 0) + 1 from result where area = ?1), ?3, ?4, ?5) "
        "on conflict (area, fingerprint) do update set ordinal = excluded.ordinal");
    query.bind(1, area_)
        .bind(2, result.header.fingerprint)
        .bind(3, result.header.period.to_string())
        .bind(4, taken_at)
        .bind(5, encoded)
        .run();
    trail_.append("keep_result", "result", result.header.fingerprint, fingerprint::of_bytes(encoded),
                  {{"period", result.header.period.to_string()}});
    transaction.commit();
  }

  std::optional<result::Result> find(std::string_view fingerprint) const override {
    Query query(database_, "select encoded from result where area = ?1 and fingerprint = ?2");
    query.bind(1, area_).bind(2, fingerprint);
    return query.step() ? std::optional(result::decode(query.text(0))) : std::nullopt;
  }

  std::optional<result::Result> latest(const std::optional<calendar::Period>& period) const override {
    Query query(database_,
                "select encoded from result where area = ?1 and (?2 = '' or period = ?2) order by ordinal "
                "desc limit 1");
    query.bind(1, area_).bind(2, period_text(period));
    return query.step() ? std::optional(result::decode(query.text(0))) : std::nullopt;
  }

  std::vector<result::RunHeader> runs() const override {
    std::vector<result::RunHeader> out;
    Query query(database_, "select encoded from result where area = ?1 order by ordinal");
    query.bind(1, area_);
    while (query.step()) out.push_back(result::decode(query.text(0)).header);
    return out;
  }

 private:
  const Database& database_;
  const std::string& area_;
  SqliteTrail& trail_;
};

class SqliteStore : public Store {
 public:
  SqliteStore(const std::string& path, std::string area, const schema::Schema& schema)
      : area_(std::move(area)),
        path_(path),
        database_(path),
        trail_(database_, area_),
        registers_(database_, area_, schema, trail_),
        results_(database_, area_, trail_) {
    upgrade(database_);
    if (trail_.size() > 0) return;
    Transaction transaction(database_);
    trail_.adopt();
    transaction.commit();
  }
  registers::RegisterStore& registers() override { return registers_; }
  result::ResultStore& results() override { return results_; }

  std::optional<std::string> setting(std::string_view name) const override {
    Query query(database_, "select value from setting where area = ?1 and name = ?2");
    query.bind(1, area_).bind(2, name);
    return query.step() ? std::optional(std::string(query.text(0))) : std::nullopt;
  }
  void set(std::string_view name, std::string_view value) override {
    Transaction transaction(database_);
    Query query(database_,
                "insert into setting (area, name, value) values (?1, ?2, ?3) on conflict (area, name) do "
                "update set value = excluded.value");
    query.bind(1, area_).bind(2, name).bind(3, value).run();
    trail_.append("change_setting", "setting", std::string(name), fingerprint::of_bytes(value), {});
    transaction.commit();
  }
  void act_as(trail::Author author) override { trail_.act_as(std::move(author)); }
  trail::TrailStore& trail() override { return trail_; }
  Size size() const override {
    const auto count = [&](const char* sql) {
      Query query(database_, sql);
      query.bind(1, area_).step();
      return query.number(0);
    };
    std::error_code ignored;
    return {.batches = count("select count(*) from batch where area = ?1"),
            .statements = count("select count(*) from statement where area = ?1"),
            .results = count("select count(*) from result where area = ?1"),
            .bytes = static_cast<std::int64_t>(std::filesystem::file_size(path_, ignored)),
            .schema_version = schema_of(database_)};
  }

 private:
  std::string area_;
  std::string path_;
  Database database_;
  SqliteTrail trail_;
  SqliteRegisters registers_;
  SqliteResults results_;
};

}  // namespace

std::unique_ptr<Store> open_store(const std::string& folder, const std::string& area,
                                  const schema::Schema& schema) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw StoreFailure({"无法建立数据文件夹 " + folder + "。检查上级文件夹的写权限。",
                        "Cannot make the data folder " + folder + ". Check the permissions above it."},
                       error.message());
  return std::make_unique<SqliteStore>(folder + "/tenglong.db", area, schema);
}

}  // namespace tenglong::store
