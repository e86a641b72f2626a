#include <map>

#include "engine/fingerprint/fingerprint.h"
#include "engine/register/carried_store.h"
#include "store/inside/batch_digest.h"
#include "store/inside/held.h"
#include "store/inside/kept.h"
#include "store/inside/payload.h"
#include "store/inside/states.h"
#include "store/store.h"

namespace tenglong::store {

namespace {

using registers::Batch;
using registers::BatchId;
using registers::Mapping;
using registers::Statement;

constexpr char kRegisterPart = '\x1F';
constexpr char kRegisterEnd = '\x1E';

std::vector<std::string> field_ids_of(const schema::Schema& schema, std::string_view register_id) {
  std::vector<std::string> ids;
  if (const schema::Register* target = schema.find(register_id))
    for (const schema::Field& field : target->fields) ids.push_back(field.id);
  return ids;
}

Batch as_kept(Batch batch) {
  for (std::string* each :
       {&batch.register_id, &batch.provider, &batch.submitter, &batch.received_at, &batch.file_name,
        &batch.file_fingerprint, &batch.document, &batch.mark, &batch.reason})
    *each = kept_text(*each);
  return batch;
}

// The first batch, and the first under a pack whose registers are not those of the last one, note how they
// are: later packs are held against that. Returns the history that was written; "" if there was no need.
std::string note_schema(const Ground& ground, Connection& connection, BatchId batch) {
  const schema::Schema& now = ground.present != nullptr ? *ground.present : ground.schema;
  std::vector<registers::SchemaVersion> history;
  {
    Query query(connection, "select value from setting where area = $1 and name = $2");
    query.bind(1, ground.area).bind(2, kHistorySetting);
    if (query.step()) {
      auto read = registers::read_history(query.text(0));
      if (!read) return {};  // a newer program's: opening the store refuses it
      history = std::move(*read);
    } else if (batch.value > 1) {
      return {};  // nobody knows under what the earlier ones were stated
    }
  }
  if (!history.empty()) {
    if (schema::canonical_text(history.back().schema) == schema::canonical_text(now)) return {};
    history.back().through = {batch.value - 1};
  }
  history.push_back({{}, now});
  std::string text = registers::to_text(history);
  Query(connection,
        "insert into setting (area, name, value) values ($1, $2, $3) on conflict (area, name) do update set "
        "value = excluded.value")
      .bind(1, ground.area)
      .bind(2, kHistorySetting)
      .bind(3, text)
      .run();
  return text;
}

class KeptWriter : public registers::RegisterStore::Writer {
 public:
  KeptWriter(const Ground& ground, const Batch& batch)
      : ground_(ground), ids_(field_ids_of(ground.schema, batch.register_id)), change_(ground) {
    {
      Query next(change_.connection(), "select coalesce(max(id), 0) + 1 from batch where area = $1");
      next.bind(1, ground.area).step();
      id_ = {next.number(0)};
    }
    load_ = change_.connection().load("statement", {"area", "register_id", "record_key", "period", "batch",
                                                    "ordinal", "sheet", "row", "payload", "effective"});
  }
  BatchId batch() const override { return id_; }

  void add(const Statement& statement) override {
    const std::string record_key = kept_text(statement.record_key), sheet = kept_text(statement.sheet);
    const std::string period = statement.period ? statement.period->to_string() : std::string{};
    const std::string effective = statement.effective ? statement.effective->to_string() : std::string{};
    const std::string payload = kept_text(encode_values(statement.values, ids_));
    touched_.add(period, record_key);
    digest_.add(statement.register_id, record_key, period, sheet, statement.row, payload, effective);
    load_->text(ground_.area)
        .text(statement.register_id)
        .text(record_key)
        .text(period)
        .number(id_.value)
        .number(++ordinal_)
        .text(sheet)
        .number(statement.row)
        .text(payload)
        .text(effective)
        .end_row();
  }

  void commit(const Batch& finished) override {
    load_->finish();
    load_.reset();
    const Batch batch = as_kept(finished);
    Query(change_.connection(),
          "insert into batch (area, id, register_id, provider, submitter, received_at, file_name, "
          "file_fingerprint, document, mark, rows_read, rows_accepted, rows_refused, source, is_preliminary, "
          "reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)")
        .bind(1, ground_.area)
        .bind(2, id_.value)
        .bind(3, batch.register_id)
        .bind(4, batch.provider)
        .bind(5, batch.submitter)
        .bind(6, batch.received_at)
        .bind(7, batch.file_name)
        .bind(8, batch.file_fingerprint)
        .bind(9, batch.document)
        .bind(10, batch.mark)
        .bind(11, batch.rows_read)
        .bind(12, batch.rows_accepted)
        .bind(13, batch.rows_refused)
        .bind(14, registers::to_text(batch.source))
        .bind(15, std::int64_t{batch.is_preliminary})
        .bind(16, batch.reason)
        .run();
    decltype(trail::Event::details) details = {{"file", batch.file_name}, {"provider", batch.provider}};
    if (const std::string noted = note_schema(ground_, change_.connection(), id_); !noted.empty())
      details.emplace_back(std::string("setting ") + kHistorySetting, fingerprint::of_bytes(noted));
    const schema::Schema& present = ground_.present != nullptr ? *ground_.present : ground_.schema;
    if (const schema::Register* target = present.find(batch.register_id))
      for (StateDetail& each : take_back(ground_, change_.connection(), target->id,
                                         hold_batch(ground_, change_.connection(), *target, id_, touched_)))
        details.push_back(std::move(each));
    change_.commit({.operation = "import_batch",
                    .kind = "batch",
                    .object = std::to_string(id_.value),
                    .after = digest_.finish(batch),
                    .details = std::move(details)});
  }

 private:
  const Ground& ground_;
  BatchDigest digest_;
  Touched touched_;
  std::vector<std::string> ids_;
  Change change_;
  std::unique_ptr<Load> load_;  // ends before the change does
  BatchId id_;
  std::int64_t ordinal_ = 0;
};

constexpr const char* kBatchColumns =
    "select id, register_id, provider, submitter, received_at, file_name, file_fingerprint, document, mark, "
    "rows_read, rows_accepted, rows_refused, source, is_preliminary, reason from batch";

Batch read_batch(const Query& q) {
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
          .rows_refused = q.number(11),
          .source = registers::source_of(q.text(12)).value_or(registers::Source::File),
          .is_preliminary = q.number(13) != 0,
          .reason = text(14)};
}

class KeptRegisters : public registers::RegisterStore {
 public:
  explicit KeptRegisters(const Ground& ground) : ground_(ground) {}

  std::unique_ptr<Writer> write(const Batch& batch) override {
    return std::make_unique<KeptWriter>(ground_, batch);
  }

  std::optional<Batch> same_file(std::string_view register_id, std::string_view provider,
                                 std::string_view file_fingerprint) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader, std::string(kBatchColumns) +
                             " where area = $1 and register_id = $2 and provider = $3 and file_fingerprint = "
                             "$4 order by id limit 1");
    query.bind(1, ground_.area).bind(2, register_id).bind(3, provider).bind(4, file_fingerprint);
    return query.step() ? std::optional(read_batch(query)) : std::nullopt;
  }

  std::vector<Batch> batches() const override { return kept_batches(*ground_.db->reader(), ground_.area); }

  void read(std::string_view register_id, std::optional<BatchId> through,
            const std::function<void(Statement&&)>& each) const override {
    const Db::Reader reader = ground_.db->reader(kWhole);
    Query query(*reader,
                std::string("select ") + kStatementColumns +
                    " from statement where area = $1 and register_id = $2 and batch <= $3 order by "
                    "record_key, period, batch, "
                    "ordinal",
                Rows::Streamed);
    query.bind(1, ground_.area).bind(2, register_id).bind(3, through ? through->value : INT64_MAX);
    send(query, register_id, each);
  }

  void read_record(std::string_view register_id, std::string_view record_key, std::optional<BatchId> through,
                   const std::function<void(Statement&&)>& each) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(
        *reader,
        std::string("select ") + kStatementColumns +
            " from statement where area = $1 and register_id = $2 and record_key = $3 and batch <= $4 order "
            "by period, batch, ordinal");
    query.bind(1, ground_.area)
        .bind(2, register_id)
        .bind(3, record_key)
        .bind(4, through ? through->value : INT64_MAX);
    send(query, register_id, each);
  }

  std::int64_t statement_count(std::string_view register_id) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader, "select count(*) from statement where area = $1 and register_id = $2");
    query.bind(1, ground_.area).bind(2, register_id).step();
    return query.number(0);
  }

  std::optional<Mapping> mapping(std::string_view provider, std::string_view register_id,
                                 std::string_view header_fingerprint) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader,
                "select columns from mapping where area = $1 and provider = $2 and register_id = $3 and "
                "header_fingerprint = $4");
    query.bind(1, ground_.area).bind(2, provider).bind(3, register_id).bind(4, header_fingerprint);
    if (!query.step()) return std::nullopt;
    Mapping out{std::string(provider), std::string(register_id), std::string(header_fingerprint)};
    for (const std::string_view line : text::split(query.text(0), kRegisterEnd)) {
      const auto parts = text::split(line, kRegisterPart);
      if (parts.size() != 4) continue;
      out.columns.push_back({std::stoi(std::string(parts[0])), std::string(parts[1]), std::string(parts[2]),
                             std::string(parts[3])});
    }
    return out;
  }

  void remember(const Mapping& mapping) override {
    std::string columns;
    for (const Mapping::Column& column : mapping.columns)
      columns += std::to_string(column.column) + kRegisterPart + column.label + kRegisterPart + column.field +
                 kRegisterPart + column.unit + kRegisterEnd;
    columns = kept_text(columns);
    const std::string provider = kept_text(mapping.provider);
    Change change(ground_);
    Query(
        change.connection(),
        "insert into mapping (area, provider, register_id, header_fingerprint, columns) values ($1, $2, $3, "
        "$4, $5) on conflict (area, provider, register_id, header_fingerprint) do update set columns = "
        "excluded.columns")
        .bind(1, ground_.area)
        .bind(2, provider)
        .bind(3, mapping.register_id)
        .bind(4, mapping.header_fingerprint)
        .bind(5, columns)
        .run();
    change.commit({.operation = "remember_mapping",
                   .kind = "mapping",
                   .object = provider + "/" + mapping.register_id + "/" + mapping.header_fingerprint,
                   .after = fingerprint::of_bytes(columns)});
  }

 private:
  void send(Query& query, std::string_view register_id, const std::function<void(Statement&&)>& each) const {
    const std::vector<std::string> ids = field_ids_of(ground_.schema, register_id);
    while (query.step()) each(statement_in(query, 0, register_id, ids));
  }

  const Ground& ground_;
};

}  // namespace

std::vector<Batch> kept_batches(Connection& connection, const std::string& area) {
  std::vector<Batch> out;
  Query query(connection, std::string(kBatchColumns) + " where area = $1 order by id");
  query.bind(1, area);
  while (query.step()) out.push_back(read_batch(query));
  return out;
}

Statement statement_in(const Query& query, int first, std::string_view register_id,
                       const std::vector<std::string>& field_ids) {
  Statement out{.register_id = std::string(register_id), .record_key = std::string(query.text(first))};
  if (const std::string_view period = query.text(first + 1); !period.empty())
    out.period = calendar::Period::parse(period);
  out.batch = {query.number(first + 2)};
  out.sheet = std::string(query.text(first + 3));
  out.row = query.number(first + 4);
  out.values = decode_values(query.text(first + 5), field_ids);
  if (const std::string_view effective = query.text(first + 6); !effective.empty())
    out.effective = calendar::Date::parse(effective);
  return out;
}

Stated::Stated(const Ground& ground, const schema::Register& target) : ground_(ground), target_(target) {
  if (ground.carrier != nullptr) kept_as_ = ground.carrier->kept_as(target.id);
  if (kept_as_.empty()) kept_as_.push_back({target.id});
  for (const registers::Carrier::Kept& one : kept_as_) {
    const schema::Register* kept =
        ground.carrier == nullptr ? nullptr : ground.carrier->kept_schema().find(one.id);
    const auto [at, is_new] = field_ids_.try_emplace(one.id);
    if (!is_new) continue;
    ids_.push_back(one.id);
    for (const schema::Field& field : (kept == nullptr ? target : *kept).fields)
      at->second.push_back(field.id);
  }
}

std::string Stated::is_one(std::string_view column, int first) const {
  std::string out = std::string(column) + " in (";
  for (std::size_t i = 0; i < ids_.size(); ++i)
    out += (i == 0 ? "$" : ", $") + std::to_string(first + static_cast<int>(i));
  return out + ")";
}
int Stated::bind(Query& query, int first) const {
  for (const std::string& id : ids_) query.bind(first++, id);
  return first;
}

std::optional<registers::Statement> Stated::in(const Query& query, int first) const {
  const auto ids = field_ids_.find(query.text(first + 7));
  if (ids == field_ids_.end()) return std::nullopt;
  Statement out = statement_in(query, first, ids->first, ids->second);
  if (ground_.carrier != nullptr && !ground_.carrier->carry(out, target_.id)) return std::nullopt;
  return out;
}

std::unique_ptr<registers::RegisterStore> make_register_store(const Ground& ground) {
  return std::make_unique<KeptRegisters>(ground);
}

}  // namespace tenglong::store
