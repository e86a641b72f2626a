// What was done with the items of 收数, and the batches of approved corrections.
#include "campaign/collection/collection.h"

#include <algorithm>
#include <map>

#include "engine/fingerprint/fingerprint.h"
#include "engine/register/carried_store.h"
#include "store/inside/batch_digest.h"
#include "store/inside/held.h"
#include "store/inside/kept.h"
#include "store/inside/payload.h"
#include "store/inside/states.h"

namespace tenglong::store {

namespace {

using collection::Confirmation;
using collection::Correction;
using collection::Exception;
using collection::Item;
using collection::Locked;
using collection::Reminder;
using collection::Stage;
using registers::BatchId;

constexpr char kPart = '\x1F';
constexpr char kEnd = '\x1E';

std::vector<std::string> ids_of(const schema::Schema& schema, std::string_view register_id) {
  std::vector<std::string> ids;
  if (const schema::Register* target = schema.find(register_id))
    for (const schema::Field& field : target->fields) ids.push_back(field.id);
  return ids;
}

std::string joined(const std::vector<BatchId>& batches) {
  std::string out;
  for (const BatchId each : batches) out += std::to_string(each.value) + kEnd;
  return out;
}
std::vector<BatchId> batches_of(std::string_view written) {
  std::vector<BatchId> out;
  for (const std::string_view each : text::split(written, kEnd))
    if (!each.empty()) out.push_back({std::stoll(std::string(each))});
  return out;
}
std::string joined(const std::vector<Exception>& exceptions) {
  std::string out;
  for (const Exception& each : exceptions)
    out += to_text(each.item) + kPart + each.reason + kPart + each.accepted_by + kEnd;
  return out;
}
std::vector<Exception> exceptions_of(std::string_view written) {
  std::vector<Exception> out;
  for (const std::string_view line : text::split(written, kEnd)) {
    const std::vector<std::string_view> parts = text::split(line, kPart);
    if (parts.size() != 3) continue;
    if (const auto item = collection::item_of(parts[0]))
      out.push_back({*item, std::string(parts[1]), std::string(parts[2])});
  }
  return out;
}

// Numbers the parameters as they come.
class Row {
 public:
  Row(Connection& connection, std::string_view sql) : query_(connection, sql) {}
  Row& add(std::string_view text) {
    const std::string kept = kept_text(text);
    digest_.field(kept);
    query_.bind(++at_, kept);
    return *this;
  }
  Row& add(std::int64_t number) {
    digest_.field(std::to_string(number));
    query_.bind(++at_, number);
    return *this;
  }
  void run() { query_.run(); }
  std::string digest() { return digest_.hex(); }

 private:
  Query query_;
  fingerprint::Digest digest_;
  int at_ = 0;
};

std::int64_t next_number(Connection& connection, const std::string& area, const char* table) {
  Query query(connection,
              std::string("select coalesce(max(number), 0) + 1 from ") + table + " where area = $1");
  query.bind(1, area).step();
  return query.number(0);
}

class KeptCollection : public collection::CollectionStore {
 public:
  explicit KeptCollection(const Ground& ground) : ground_(ground) {}

  std::vector<Confirmation> confirmations() const override {
    std::vector<Confirmation> out;
    const Db::Reader reader = ground_.db->reader();
    Query q(*reader,
            "select register_id, period, field, provider, verdict, reason, fingerprint, records, done_by, "
            "done_at "
            "from confirmation where area = $1 order by number");
    q.bind(1, ground_.area);
    while (q.step()) {
      const auto period = calendar::Period::parse(q.text(1));
      if (!period) continue;
      Confirmation one{.item = now_called({text(q, 0), *period, text(q, 2), text(q, 3)})};
      one.verdict = q.text(4) == "returned" ? collection::Verdict::Returned : collection::Verdict::Confirmed;
      one.reason = text(q, 5);
      one.fingerprint = text(q, 6);
      one.records = q.number(7);
      one.by = text(q, 8);
      one.at = text(q, 9);
      out.push_back(std::move(one));
    }
    return out;
  }
  void keep(const Confirmation& one) override {
    Change change(ground_);
    const bool is_returned = one.verdict == collection::Verdict::Returned;
    const std::int64_t number = next_number(change.connection(), ground_.area, "confirmation");
    Row row(
        change.connection(),
        "insert into confirmation (area, number, register_id, period, field, provider, verdict, reason, "
        "fingerprint, records, done_by, done_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    row.add(ground_.area)
        .add(number)
        .add(one.item.register_id)
        .add(one.item.period.to_string())
        .add(one.item.field)
        .add(one.item.provider)
        .add(is_returned ? "returned" : "confirmed")
        .add(one.reason)
        .add(one.fingerprint)
        .add(one.records)
        .add(one.by)
        .add(one.at)
        .run();
    decltype(trail::Event::details) details = {{"by", one.by}, {"item", to_text(one.item)}};
    const std::string period = one.item.period.to_string();
    const auto add = [&](StateDetail each) { details.push_back(std::move(each)); };
    if (is_returned)
      for (StateDetail& each : take_back(ground_, change.connection(), one.item.register_id, {period}))
        add(std::move(each));
    else if (one.is_last)
      add(set_state(ground_, change.connection(), one.item.register_id, period, access::State::Confirmed));
    change.commit({.operation = is_returned ? "return_item" : "confirm_item",
                   .kind = "confirmation",
                   .object = std::to_string(number),
                   .after = row.digest(),
                   .details = std::move(details)});
  }

  std::vector<Locked> locked() const override {
    std::vector<Locked> out;
    const Db::Reader reader = ground_.db->reader();
    Query q(*reader,
            "select period, number, through_batch, also, fingerprint, exceptions, correction, done_by, "
            "done_at from "
            "locked_snapshot where area = $1 order by period, number");
    q.bind(1, ground_.area);
    while (q.step()) {
      const auto period = calendar::Period::parse(q.text(0));
      if (!period) continue;
      out.push_back({.period = *period,
                     .number = static_cast<int>(q.number(1)),
                     .through = {q.number(2)},
                     .also = batches_of(q.text(3)),
                     .fingerprint = text(q, 4),
                     .exceptions = now_called(exceptions_of(q.text(5))),
                     .correction = q.number(6),
                     .by = text(q, 7),
                     .at = text(q, 8)});
    }
    return out;
  }
  void keep(const Locked& locked) override {
    Change change(ground_);
    const std::string digest = insert(change.connection(), locked);
    change.commit({.operation = "lock_year",
                   .kind = "locked_snapshot",
                   .object = object_of(locked),
                   .after = digest,
                   .details = {{"by", locked.by}, {"fingerprint", locked.fingerprint}}});
  }

  std::vector<Correction> corrections() const override {
    std::vector<Correction> out;
    const Db::Reader reader = ground_.db->reader();
    Query q(
        *reader,
        "select number, register_id, record_key, period, field, from_value, to_value, reason, evidence, "
        "impact, "
        "stage, proposed_by, proposed_at, decided_by, decided_at, why, batch from correction where area = $1 "
        "order by number");
    q.bind(1, ground_.area);
    while (q.step()) {
      const auto period = calendar::Period::parse(q.text(3));
      if (!period) continue;
      Correction one{
          .number = q.number(0), .register_id = text(q, 1), .record_key = text(q, 2), .period = *period};
      one.field = text(q, 4);
      const std::vector<std::string> ids = ids_of(
          ground_.carrier != nullptr ? ground_.carrier->kept_schema() : ground_.schema, one.register_id);
      for (auto [column, into] : {std::pair{5, &one.from}, std::pair{6, &one.to}})
        if (const auto values = decode_values(q.text(column), ids); !values.empty()) *into = values[0];
      one.reason = text(q, 7);
      one.evidence = text(q, 8);
      for (const std::string_view line : text::split(q.text(9), kEnd))
        if (!line.empty()) one.impact.emplace_back(line);
      one.stage = collection::stage_of(q.text(10));
      one.proposed_by = text(q, 11);
      one.proposed_at = text(q, 12);
      one.decided_by = text(q, 13);
      one.decided_at = text(q, 14);
      one.why = text(q, 15);
      one.batch = {q.number(16)};
      carry(one);
      out.push_back(std::move(one));
    }
    return out;
  }
  std::int64_t propose(const Correction& wished) override {
    Change change(ground_);
    Correction one = wished;
    one.number = next_number(change.connection(), ground_.area, "correction");
    const std::string digest = write(change.connection(), one, "insert into");
    change.commit(
        {.operation = "propose_correction",
         .kind = "correction",
         .object = std::to_string(one.number),
         .after = digest,
         .details = {{"by", one.proposed_by}, {"register", one.register_id}, {"record", one.record_key}}});
    return one.number;
  }
  void reject(const Correction& one) override {
    end(one, "reject_correction", {{"by", one.decided_by}, {"why", one.why}});
  }
  void withdraw(const Correction& one) override { end(one, "withdraw_correction", {{"by", one.decided_by}}); }
  bool approve(const Correction& one, const registers::Batch& batch, const registers::Statement& statement,
               const std::vector<Locked>& snapshots) override {
    Change change(ground_);
    {
      Query next(change.connection(), "select coalesce(max(id), 0) + 1 from batch where area = $1");
      next.bind(1, ground_.area).step();
      if (next.number(0) != one.batch.value) return false;
    }
    const std::string digest = insert(change.connection(), batch, statement);
    if (const schema::Register* target = ground_.schema.find(statement.register_id)) {
      Touched touched;
      touched.add(statement.period ? statement.period->to_string() : std::string(),
                  kept_text(statement.record_key));
      hold_batch(ground_, change.connection(), *target, one.batch, touched);
    }
    std::map<std::string, std::string> details = {
        {"by", one.decided_by}, {"correction", std::to_string(one.number)}, {"correction_digest", ""}};
    details["correction_digest"] = decide(change.connection(), one);
    for (const Locked& each : snapshots)
      details["snapshot " + object_of(each)] = insert(change.connection(), each);
    change.commit({.operation = "approve_correction",
                   .kind = "batch",
                   .object = std::to_string(one.batch.value),
                   .after = digest,
                   .details = {details.begin(), details.end()}});
    return true;
  }

  std::vector<Reminder> reminders() const override {
    std::vector<Reminder> out;
    const Db::Reader reader = ground_.db->reader();
    Query q(*reader,
            "select unit, day, letter, done_by, done_at from reminder where area = $1 order by day, unit");
    q.bind(1, ground_.area);
    while (q.step())
      if (const auto day = calendar::Date::parse(q.text(1)))
        out.push_back({text(q, 0), *day, text(q, 2), text(q, 3), text(q, 4)});
    return out;
  }
  bool keep(const Reminder& reminder) override {
    Change change(ground_);
    {
      Query known(change.connection(), "select 1 from reminder where area = $1 and unit = $2 and day = $3");
      known.bind(1, ground_.area).bind(2, reminder.unit).bind(3, reminder.on.to_string());
      if (known.step()) return false;
    }
    Row row(
        change.connection(),
        "insert into reminder (area, unit, day, letter, done_by, done_at) values ($1, $2, $3, $4, $5, $6)");
    row.add(ground_.area)
        .add(reminder.unit)
        .add(reminder.on.to_string())
        .add(reminder.text)
        .add(reminder.by)
        .add(reminder.at)
        .run();
    change.commit({.operation = "send_reminder",
                   .kind = "reminder",
                   .object = reminder.unit + "/" + reminder.on.to_string(),
                   .after = row.digest(),
                   .details = {{"by", reminder.by}}});
    return true;
  }

 private:
  static std::string text(const Query& q, int column) { return std::string(q.text(column)); }
  // What was said under ids of an earlier schema; of what is gone, as it was said.
  Item now_called(Item item) const {
    if (ground_.carrier != nullptr)
      if (auto led = ground_.carrier->led(item.register_id, item.field)) {
        item.register_id = std::move(led->register_id);
        item.field = std::move(led->field_id);
      }
    return item;
  }
  std::vector<Exception> now_called(std::vector<Exception> exceptions) const {
    for (Exception& each : exceptions) each.item = now_called(std::move(each.item));
    return exceptions;
  }
  // Its values are converted where its batch says under which schema it was stated. One that is still open
  // has none: if the unit has changed since, its value is another than is there, and it cannot be approved.
  void carry(Correction& one) const {
    if (ground_.carrier == nullptr) return;
    const auto led = ground_.carrier->led(one.register_id, one.field);
    const schema::Register* now = led ? ground_.schema.find(led->register_id) : nullptr;
    if (now == nullptr) return;
    for (registers::FieldValue* value : {&one.from, &one.to}) {
      if (one.batch.value != 0) {
        registers::Statement said{.register_id = one.register_id, .batch = one.batch, .values = {*value}};
        if (ground_.carrier->carry(said, now->id) && !said.values.empty()) *value = said.values[0];
      }
      value->field = now->field_index(led->field_id);
    }
    one.register_id = now->id;
    one.field = led->field_id;
  }
  static std::string object_of(const Locked& locked) {
    return locked.period.to_string() + "/" + std::to_string(locked.number);
  }

  std::string insert(Connection& connection, const Locked& locked) const {
    Row row(
        connection,
        "insert into locked_snapshot (area, period, number, through_batch, also, fingerprint, exceptions, "
        "correction, done_by, done_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    row.add(ground_.area)
        .add(locked.period.to_string())
        .add(std::int64_t{locked.number})
        .add(locked.through.value)
        .add(joined(locked.also))
        .add(locked.fingerprint)
        .add(joined(locked.exceptions))
        .add(locked.correction)
        .add(locked.by)
        .add(locked.at)
        .run();
    return row.digest();
  }

  std::string encoded(const Correction& one, registers::FieldValue value) const {
    const std::vector<std::string> ids = ids_of(ground_.schema, one.register_id);
    value.field = static_cast<int>(std::find(ids.begin(), ids.end(), one.field) - ids.begin());
    return value.field < static_cast<int>(ids.size()) ? encode_values({value}, ids) : std::string{};
  }
  std::string write(Connection& connection, const Correction& one, const std::string& verb) const {
    std::string impact;
    for (const std::string& line : one.impact) impact += line + kEnd;
    Row row(connection,
            verb +
                " correction (area, number, register_id, record_key, period, field, from_value, to_value, "
                "reason, evidence, impact, stage, proposed_by, proposed_at, decided_by, decided_at, why, "
                "batch) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
                "$17, $18)");
    row.add(ground_.area)
        .add(one.number)
        .add(one.register_id)
        .add(one.record_key)
        .add(one.period.to_string())
        .add(one.field)
        .add(encoded(one, one.from))
        .add(encoded(one, one.to))
        .add(one.reason)
        .add(one.evidence)
        .add(impact)
        .add(collection::code_of(one.stage))
        .add(one.proposed_by)
        .add(one.proposed_at)
        .add(one.decided_by)
        .add(one.decided_at)
        .add(one.why)
        .add(one.batch.value)
        .run();
    return row.digest();
  }
  // Without a batch: nothing of the registers changes.
  void end(const Correction& one, const char* operation,
           std::vector<std::pair<std::string, std::string>> details) {
    Change change(ground_);
    const std::string digest = decide(change.connection(), one);
    change.commit({.operation = operation,
                   .kind = "correction",
                   .object = std::to_string(one.number),
                   .after = digest,
                   .details = std::move(details)});
  }

  std::string decide(Connection& connection, const Correction& one) const {
    Query(connection, "delete from correction where area = $1 and number = $2")
        .bind(1, ground_.area)
        .bind(2, one.number)
        .run();
    return write(connection, one, "insert into");
  }

  // One batch of one statement, as the registers' own writer keeps it (docs/trail.md).
  std::string insert(Connection& connection, const registers::Batch& batch,
                     const registers::Statement& said) const {
    const std::string key = kept_text(said.record_key);
    const std::string period = said.period ? said.period->to_string() : std::string{};
    const std::string payload =
        kept_text(encode_values(said.values, ids_of(ground_.schema, said.register_id)));
    BatchDigest digest;
    digest.add(said.register_id, key, period, said.sheet, said.row, payload, "");
    Row statement(
        connection,
        "insert into statement (area, register_id, record_key, period, batch, ordinal, sheet, row, payload, "
        "effective) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    statement.add(ground_.area)
        .add(said.register_id)
        .add(key)
        .add(period)
        .add(batch.id.value)
        .add(std::int64_t{1})
        .add(said.sheet)
        .add(said.row)
        .add(payload)
        .add("")
        .run();
    registers::Batch kept = batch;
    for (std::string* each : {&kept.provider, &kept.submitter, &kept.document, &kept.reason})
      *each = kept_text(*each);
    Row row(connection,
            "insert into batch (area, id, register_id, provider, submitter, received_at, file_name, "
            "file_fingerprint, document, mark, rows_read, rows_accepted, rows_refused, source, "
            "is_preliminary, reason) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
    row.add(ground_.area)
        .add(kept.id.value)
        .add(kept.register_id)
        .add(kept.provider)
        .add(kept.submitter)
        .add(kept.received_at)
        .add(kept.file_name)
        .add(kept.file_fingerprint)
        .add(kept.document)
        .add(kept.mark)
        .add(kept.rows_read)
        .add(kept.rows_accepted)
        .add(kept.rows_refused)
        .add(registers::to_text(kept.source))
        .add(std::int64_t{kept.is_preliminary})
        .add(kept.reason)
        .run();
    return digest.finish(kept);
  }

  const Ground& ground_;
};

}  // namespace

std::unique_ptr<collection::CollectionStore> make_collection_store(const Ground& ground) {
  return std::make_unique<KeptCollection>(ground);
}

}  // namespace tenglong::store
