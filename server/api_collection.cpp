// 收数 over the wire: items with their confirmation, the lock of a year, rivals, corrections by two.
#include <algorithm>
#include <map>
#include <set>

#include "campaign/collection/collection.h"
#include "campaign/collection/memory_collection.h"
#include "engine/identity/identity.h"
#include "server/api.h"
#include "server/impact.h"
#include "server/inside/owed_letters.h"
#include "server/inside/record_sight.h"
#include "server/inside/waiting.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using collection::Correction;
using collection::Present;
using collection::Stage;
using text::JsonWriter;

collection::Act act_of(District& district, const Call& call) {
  return {call.caller.account.id, district.options().now()};
}

template <class T>
Answer refused_decision(const collection::Decision<T>& decision, const char* code) {
  diagnostic::Diagnostics told;
  for (const collection::Reason& each : decision.refused_because)
    told.push_back({.code = code, .place = {.file = "body"}, .message = each.why, .advice = each.cure});
  return problem(409, {"不能办，原因如下。", "It cannot be done, for these reasons."}, told);
}

// An enterprise that had ended before a period owes nothing in it.
collection::WasThere was_there_in(const std::vector<identity::Event>& events) {
  std::map<std::string, calendar::Date, std::less<>> ended;
  for (const identity::Event& event : events) {
    if (event.kind == identity::EventKind::Rename || event.kind == identity::EventKind::Move) continue;
    for (const std::string& code : event.from)
      if (std::find(event.to.begin(), event.to.end(), code) == event.to.end()) ended.emplace(code, event.on);
  }
  return [ended = std::move(ended)](std::string_view key, const calendar::Period& period) {
    const auto found = ended.find(key);
    return found == ended.end() || period.from < found->second;
  };
}

std::vector<Present> items_in(District& district, const calendar::Period& within) {
  store::Store& store = district.store();
  return collection::survey(district.pack(), *district.edition()->snapshot, within,
                            {store.collection().confirmations(), store.collection().locked()},
                            was_there_in(store.identity().events()));
}

const char* code_of_state(const Present& item) {
  using collection::ItemState;
  switch (item.state) {
    case ItemState::NotArrived:
      return "not_sent";
    case ItemState::Arrived:
      return "sent";
    case ItemState::Questioned:
      return "questioned";
    case ItemState::Returned:
      return "returned";
    case ItemState::Confirmed:
      return "confirmed";
    case ItemState::Locked:
      return "locked";
  }
  return "not_sent";
}

// In an address no id may hold a slash.
std::string id_of_item(const collection::Item& item) {
  std::string out = to_text(item);
  std::replace(out.begin(), out.end(), '/', '~');
  return out;
}
std::optional<collection::Item> item_of_id(std::string id) {
  std::replace(id.begin(), id.end(), '~', '/');
  return collection::item_of(id);
}

access::Object object_of_item(const store::RecordStates& states, const collection::Item& item) {
  return {.department = item.provider,
          .meant_for = item.provider,
          .state = states.of(item.register_id, item.period),
          .register_id = item.register_id};
}

std::optional<calendar::Period> year_asked(const Edition& edition, const std::string& written) {
  return written.empty() ? edition.period : calendar::Period::parse(written);
}

struct SeenItem {
  Present item = {};
  bool confirms = false, imports = false;  // who asks may
};
// Items of a year that concern the caller.
std::vector<SeenItem> items_seen(District& district, const Call& call, const calendar::Period& within) {
  const access::Scope& scope = call.caller.scope;
  const store::RecordStates states = district.store().lists().states();
  std::vector<SeenItem> out;
  for (Present& each : items_in(district, within)) {
    const access::Object object = object_of_item(states, each.item);
    SeenItem one{.confirms = scope.may(Operation::ConfirmItem, object).allowed,
                 .imports = scope.may(Operation::ImportBatch, object).allowed};
    const schema::Field* field = district.pack().schema.find(each.item.register_id)->find(each.item.field);
    const access::Answer reads = scope.may(Operation::ReadRecord, object);
    if (!one.confirms && !one.imports &&
        !(reads.allowed && field != nullptr && field->sensitivity <= reads.level))
      continue;
    one.item = std::move(each);
    out.push_back(std::move(one));
  }
  return out;
}

Answer items_answer(District& district, const Call& call) {
  const auto edition = district.edition();
  const auto within = year_asked(*edition, call.query_or("period", ""));
  if (!within) return problem(404, "E-SERVER-306", {"没有这一年的数据。", "There is no data of this year."});
  const calendar::Date today = district.options().today();
  JsonWriter out;
  out.begin_object().member("period", within->to_string()).key("items").begin_array();
  std::vector<Present> seen;
  for (const auto& [each, confirms, imports] : items_seen(district, call, *within)) {
    const schema::Register* target = district.pack().schema.find(each.item.register_id);
    seen.push_back(each);
    out.begin_object().member("id", id_of_item(each.item)).member("register", each.item.register_id);
    out.member("register_name", target->name).member("field", each.item.field).member("name", each.name);
    out.member("period", each.item.period.to_string()).member("provider", each.item.provider);
    out.member("responsible", each.responsible).member("due", each.due.to_string());
    out.member("state", code_of_state(each)).key("state_name");
    write_words(out, name_of(each.state));
    if (each.due < today && each.missing > 0)
      out.member("days_late", static_cast<std::int64_t>(today.days() - each.due.days()));
    out.member("expected", each.expected).member("known", each.known).member("missing_count", each.missing);
    out.member("disputed", each.disputed).member("has_changed", each.has_changed);
    out.key("may").begin_object().member("confirm", confirms).member("import", imports).end_object();
    out.end_object();
  }
  out.end_array().key("overdue").begin_array();
  for (const OwedLetter& owed : owed_letters(district, *edition, seen, *within))
    out.begin_object()
        .member("unit", owed.letter.unit)
        .member("items", owed.items)
        .member("days", owed.days)
        .member("text", owed.letter.text)
        .end_object();
  out.end_array();
  const auto locked = district.store().collection().locked();
  if (const collection::Locked* lock = lock_of(locked, *within)) {
    out.key("locked").begin_object().member("at", lock->at).member("by", lock->by);
    out.member("snapshot", lock->fingerprint).member("number", std::int64_t{lock->number}).end_object();
  }
  out.end_object();
  return json(out);
}

Answer confirm_item(District& district, const Call& call) {
  const auto item = item_of_id(call.path.at("item"));
  if (!item) return not_there();
  const std::vector<Present> all = items_in(district, calendar::Period::year(item->period.from.year));
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Present& each) { return each.item == *item; });
  if (found == all.end()) return not_there();
  if (auto no =
          denied(call, Operation::ConfirmItem, object_of_item(district.store().lists().states(), *item)))
    return *no;
  const Json* returned = call.body.find("returned");
  const auto verdict = returned != nullptr && returned->boolean ? collection::Verdict::Returned
                                                                : collection::Verdict::Confirmed;
  const auto decision =
      collection::confirm(*found, all, verdict, call.body.text_of("reason"), act_of(district, call));
  if (!decision.granted) return refused_decision(decision, "E-SERVER-407");
  district_store(district, call)->collection().keep(*decision.granted);
  return {.status = 204};
}

Answer lock_period(District& district, const Call& call) {
  const auto period = calendar::Period::parse(call.path.at("period"));
  if (!period) return not_there();
  if (auto no = denied(call, Operation::LockYear,
                       {.state = district.store().lists().states().least(district.pack().schema, *period)}))
    return *no;
  diagnostic::Diagnostics told;
  std::vector<collection::Exception> exceptions;
  if (const Json* list = call.body.find("exceptions"))
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      const auto item = item_of_id(list->items[i].text_of("item"));
      if (item)
        exceptions.push_back({*item, list->items[i].text_of("reason"), call.caller.account.id});
      else
        told.push_back({.code = "E-SERVER-407",
                        .place = {.file = "body", .cell = "/exceptions/" + std::to_string(i) + "/item"},
                        .message = {"这不是一个数据项。", "This is no item."},
                        .advice = {"照 /api/items 的 id 写。", "Write it as the ids of /api/items."}});
    }
  if (!told.empty()) return problem(422, {"例外里有要改的。", "The exceptions are to be mended."}, told);
  const auto edition = district.sealed_edition_of("");
  column::Snapshot snapshot = *edition->snapshot;
  snapshot.fingerprint = edition->snapshot_fingerprint;
  const auto store = district_store(district, call);
  const auto decision = collection::lock(*period, items_in(district, *period), exceptions, snapshot,
                                         store->collection().locked(), act_of(district, call));
  if (!decision.granted) return refused_decision(decision, "E-SERVER-407");
  store->collection().keep(*decision.granted);
  JsonWriter out;
  out.begin_object().member("period", period->to_string());
  out.member("snapshot", decision.granted->fingerprint).end_object();
  return {.status = 201, .body = out.take()};
}

struct CellAsked {
  const schema::Register* target = nullptr;
  int field = -1;
  std::optional<calendar::Period> period = {};
  registers::FieldValue value = {};
};
// All that is wrong with what names a cell and its new value: in the body, or in the query of a question.
CellAsked cell_asked(District& district, const Call& call, const char* value_name,
                     diagnostic::Diagnostics& told) {
  const bool is_question = call.body.members.empty();
  const auto given = [&](const char* name) {
    return is_question ? call.query_or(name, "") : std::string(call.body.text_of(name));
  };
  CellAsked out;
  const auto wrong = [&](const char* at, text::Words message, text::Words advice = {}) {
    told.push_back({.code = "E-SERVER-505",
                    .place = {.file = is_question ? "query" : "body", .cell = at},
                    .message = std::move(message),
                    .advice = std::move(advice)});
  };
  const std::string id = given("register"), field = given("field");
  out.target = district.pack().schema.find(id);
  if (out.target == nullptr) {
    wrong("/register", {"没有台账“" + id + "”。", "There is no register “" + id + "”."});
    return out;
  }
  out.field = out.target->field_index(field);
  if (out.field < 0) wrong("/field", {"没有字段“" + field + "”。", "There is no field “" + field + "”."});
  if (out.target->period != schema::PeriodKey::None) {
    out.period = calendar::Period::parse(given("period"));
    if (!out.period) wrong("/period", {"写明期间，如 2023。", "Say the period, such as 2023."});
  }
  if (out.field < 0) return out;
  const auto value =
      collection::read_value(district.pack().schema, *out.target, out.field, given(value_name));
  for (const collection::Reason& each : value.refused_because)
    wrong((std::string("/") + value_name).c_str(), each.why, each.cure);
  if (value.granted) out.value = *value.granted;
  return out;
}

std::string rival_id(const schema::Register& target, const registers::Record& record,
                     const std::string& field) {
  return target.id + "|" + record.key + "|" + (record.period ? record.period->to_string() : "") + "|" + field;
}

std::string shown_record_key(std::string key) {
  std::replace(key.begin(), key.end(), '\x1F', ' ');
  return key;
}

Answer rivals_answer(District& district, const Call& call) {
  const auto period = calendar::Period::parse(call.query_or("period", ""));
  const auto edition = district.edition();
  const registers::RegisterStore& store = district.store().registers();
  const registers::Batches batches(store.batches());
  const store::RecordStates states = district.store().lists().states();
  JsonWriter out;
  out.begin_object().key("rivals").begin_array();
  std::int64_t total = 0;
  constexpr std::int64_t kMostListed = 500;
  for (const schema::Register& target : district.pack().schema.registers) {
    const column::Table* table = edition->snapshot->find(target.id);
    if (table == nullptr) continue;
    if (!sees_register(*edition, states, call.caller, Operation::ChooseRival, target)) continue;
    const RecordSight sight(*edition, states, call.caller, Operation::ChooseRival, target);
    registers::read_records(store, target, {}, [&](registers::Record&& record) {
      if (period && record.period && !period->contains(*record.period)) return;
      const std::int32_t row = table->find(record.key, record.period);
      if (row < 0 || !sight.shows(static_cast<std::size_t>(row))) return;
      std::vector<bool> shown;
      for (std::size_t i = 0; i < record.fields.size(); ++i) {
        const registers::Resolved& held = record.fields[i];
        if (held.state != quantity::State::Disputed) continue;
        if (shown.empty()) shown = sight.fields(static_cast<std::size_t>(row)).shown;
        if (!shown[i] || ++total > kMostListed) continue;
        const schema::Field& field = target.fields[i];
        out.begin_object().member("id", rival_id(target, record, field.id)).member("register", target.id);
        out.member("key", record.key);
        // What happened or held has no name of its own: it is told by its key.
        std::string title = edition->naming().title(target.id, static_cast<std::size_t>(row));
        out.member("title", title.empty() ? shown_record_key(record.key) : title);
        out.member("period", record.period ? record.period->to_string() : "").member("field", field.id);
        out.member("name", field.name).member("unit", field.unit.name()).key("values").begin_array();
        const auto write = [&](const registers::Scalar& value, const registers::Origin& origin) {
          const registers::Batch& batch = batches.at(origin.batch);
          out.begin_object().member("text", registers::to_text(value)).member("provider", batch.provider);
          out.member("file", batch.file_name).member("sheet", origin.sheet).member("cell", origin.cell);
          out.member("at", batch.received_at).end_object();
        };
        write(held.value, held.origin);
        for (const registers::Resolved::Rival& rival : held.rivals) write(rival.value, rival.origin);
        out.end_array().end_object();
      }
    });
  }
  out.end_array().member("total", total).end_object();
  return json(out);
}

Answer choose_rival(District& district, const Call& call) {
  diagnostic::Diagnostics told;
  const CellAsked cell = cell_asked(district, call, "chosen", told);
  if (!told.empty()) return problem(422, {"选定里有要改的。", "The choice is to be mended."}, told);
  const std::string key = call.body.text_of("key");
  const auto object = district.store().lists().object_of(cell.target->id, key, cell.period);
  if (!object) return not_there();
  if (auto no = denied(call, Operation::ChooseRival, *object)) return *no;
  const auto store = district_store(district, call);
  const auto now = cell_of(store->registers(), *cell.target, key, cell.period, cell.field, {});
  if (!now) return not_there();
  const collection::Act act = act_of(district, call);
  const auto decision = collection::choose({.register_id = cell.target->id,
                                            .record_key = key,
                                            .period = cell.period,
                                            .field = cell.field,
                                            .value = cell.value,
                                            .reason = call.body.text_of("reason")},
                                           *now, store->collection().locked(), act);
  if (!decision.granted) return refused_decision(decision, "E-SERVER-407");
  const auto [batch, statement] = batch_of(*decision.granted, act);
  const auto writer = store->registers().write(batch);
  writer->add(statement);
  writer->commit(batch);
  district.renew(writer->batch(), {{cell.target->id, key}});
  JsonWriter out;
  out.begin_object().member("receipt", std::to_string(writer->batch().value)).end_object();
  return {.status = 201, .body = out.take()};
}

std::string text_of_field_value(const registers::FieldValue& value) {
  return value.state == quantity::State::Missing         ? "缺报"
         : value.state == quantity::State::NotApplicable ? "不适用"
                                                         : registers::to_text(value.value);
}

void write_correction(JsonWriter& out, District& district, const Correction& one) {
  const schema::Register* target = district.pack().schema.find(one.register_id);
  const schema::Field* field = target == nullptr ? nullptr : target->find(one.field);
  constexpr const char* kStages[] = {"proposed", "approved", "rejected"};
  out.begin_object().member("id", std::to_string(one.number)).member("register", one.register_id);
  out.member("register_name", target == nullptr ? one.register_id : target->name);
  out.member("key", one.record_key).member("period", one.period.to_string()).member("field", one.field);
  out.member("field_name", field == nullptr ? one.field : field->name);
  out.member("from", text_of_field_value(one.from)).member("to", text_of_field_value(one.to));
  out.member("reason", one.reason).member("evidence", one.evidence);
  out.member("stage", kStages[static_cast<std::size_t>(one.stage)]).member("proposed_by", one.proposed_by);
  out.member("proposed_at", one.proposed_at).member("decided_by", one.decided_by);
  out.member("decided_at", one.decided_at).member("why", one.why).key("impact");
  write_impact(out, one.impact);
  out.end_object();
}

bool sees_correction(District& district, const Call& call, const Correction& one) {
  const auto object = district.store().lists().object_of(one.register_id, one.record_key, one.period);
  if (!object) return false;
  access::Object by_somebody = *object;
  by_somebody.done_by = one.proposed_by;
  return call.caller.scope.may(Operation::ProposeCorrection, *object).allowed ||
         call.caller.scope.may(Operation::ApproveCorrection, by_somebody).allowed;
}

Answer corrections_answer(District& district, const Call& call) {
  JsonWriter out;
  out.begin_object().key("corrections").begin_array();
  std::vector<Correction> all = district.store().collection().corrections();
  std::reverse(all.begin(), all.end());
  for (const Correction& one : all)
    if (sees_correction(district, call, one)) write_correction(out, district, one);
  out.end_array().end_object();
  return json(out);
}

// What a correction would move, before anybody proposes it; nothing is kept.
Answer impact_answer(District& district, const Call& call) {
  diagnostic::Diagnostics told;
  const CellAsked cell = cell_asked(district, call, "value", told);
  if (!told.empty()) return problem(422, {"更正单里有要改的。", "The correction is to be mended."}, told);
  const std::string key = call.query_or("key", "");
  const auto object = district.store().lists().object_of(cell.target->id, key, cell.period);
  if (!object || !cell.period) return not_there();
  if (auto no = denied(call, Operation::ProposeCorrection, *object)) return *no;
  const registers::RegisterStore& store = district.store().registers();
  const auto locked = district.store().collection().locked();
  const collection::Locked* lock = lock_of(locked, *cell.period);
  const registers::View view = lock != nullptr ? view_of(*lock) : registers::View{};
  const auto now = cell_of(store, *cell.target, key, cell.period, cell.field, view);
  if (!now) return not_there();
  const Correction wished{.register_id = cell.target->id,
                          .record_key = key,
                          .period = *cell.period,
                          .field = cell.target->fields[static_cast<std::size_t>(cell.field)].id,
                          .to = cell.value};
  JsonWriter out;
  out.begin_object().member("from", text_of_field_value({.state = now->state, .value = now->value}));
  out.member("to", text_of_field_value(cell.value)).member("is_locked", lock != nullptr).key("impact");
  write_impact(out, encoded(impact_of(district.pack(), store, wished, view, district.options().now())));
  out.end_object();
  return json(out);
}

Answer propose_correction(District& district, const Call& call) {
  diagnostic::Diagnostics told;
  const CellAsked cell = cell_asked(district, call, "value", told);
  if (told.empty() && !cell.period)
    told.push_back({.code = "E-SERVER-505",
                    .place = {.file = "body", .cell = "/register"},
                    .message = {"只有按期间的台账才锁定和更正。", "Only registers by period are locked."},
                    .advice = {"直接改这条记录。", "Change the record itself."}});
  if (!told.empty()) return problem(422, {"更正单里有要改的。", "The correction is to be mended."}, told);
  const std::string key = call.body.text_of("key");
  const auto object = district.store().lists().object_of(cell.target->id, key, cell.period);
  if (!object) return not_there();
  if (auto no = denied(call, Operation::ProposeCorrection, *object)) return *no;
  const auto store = district_store(district, call);
  const auto locked = store->collection().locked();
  const collection::Locked* lock = lock_of(locked, *cell.period);
  const registers::View view = lock != nullptr ? view_of(*lock) : registers::View{};
  const auto now = cell_of(store->registers(), *cell.target, key, cell.period, cell.field, view);
  const Correction wished{.register_id = cell.target->id,
                          .record_key = key,
                          .period = *cell.period,
                          .field = cell.target->fields[static_cast<std::size_t>(cell.field)].id,
                          .to = cell.value,
                          .reason = call.body.text_of("reason"),
                          .evidence = call.body.text_of("evidence")};
  auto decision = collection::propose(wished, now ? &*now : nullptr, *cell.target, locked,
                                      store->collection().corrections(), act_of(district, call));
  if (!decision.granted) return refused_decision(decision, "E-SERVER-407");
  Correction& granted = *decision.granted;
  granted.impact =
      encoded(impact_of(district.pack(), store->registers(), granted, view, district.options().now()));
  granted.number = store->collection().propose(granted);
  JsonWriter out;
  write_correction(out, district, granted);
  return {.status = 201, .body = out.take()};
}

Answer decide_correction(District& district, const Call& call, Stage to) {
  const auto store = district_store(district, call);
  const std::vector<Correction> all = store->collection().corrections();
  const auto one = std::find_if(all.begin(), all.end(), [&](const Correction& each) {
    return std::to_string(each.number) == call.path.at("correction");
  });
  if (one == all.end()) return not_there();
  const auto known = district.store().lists().object_of(one->register_id, one->record_key, one->period);
  if (!known) return not_there();
  access::Object object = *known;
  object.done_by = one->proposed_by;
  if (auto no = denied(call, Operation::ApproveCorrection, object)) return *no;
  const schema::Register* target = district.pack().schema.find(one->register_id);
  const int field = target == nullptr ? -1 : target->field_index(one->field);
  if (field < 0 && to == Stage::Approved)
    return problem(409, "E-SERVER-407",
                   {"政策包里已没有这个字段，只能驳回。", "The pack no longer has this field."},
                   {"驳回并写明理由。", "Reject it, with the reason."});
  const auto locked = store->collection().locked();
  const collection::Locked* lock = lock_of(locked, one->period);
  const auto now = field < 0 ? std::nullopt
                             : cell_of(store->registers(), *target, one->record_key, one->period, field,
                                       lock != nullptr ? view_of(*lock) : registers::View{});
  const auto decision = collection::decide(*one, to, call.body.text_of("reason"), now ? &*now : nullptr,
                                           act_of(district, call));
  if (!decision.granted) return refused_decision(decision, "E-SERVER-407");
  Correction decided = *decision.granted;
  JsonWriter out;
  if (to == Stage::Rejected) {
    store->collection().reject(decided);
    write_correction(out, district, decided);
    return json(out);
  }
  // Another import may take the number of the batch meanwhile: then it is worked out again.
  for (int attempt = 0; attempt < 5; ++attempt) {
    decided.batch = {1};
    for (const registers::Batch& each : store->registers().batches())
      decided.batch.value = std::max(decided.batch.value, each.id.value + 1);
    std::vector<collection::Locked> next = snapshots_after(decided, locked);
    const collection::WithOneMore then(store->registers(), batch_of(decided), statement_of(decided, *target));
    for (collection::Locked& each : next)
      each.fingerprint = column::take_snapshot(district.pack().schema, then, view_of(each)).fingerprint;
    if (!store->collection().approve(decided, batch_of(decided), statement_of(decided, *target), next))
      continue;
    district.renew(decided.batch, {{target->id, decided.record_key}});
    write_correction(out, district, decided);
    return json(out);
  }
  return problem(503, "E-SERVER-108",
                 {"别处一直在导入，没有批成。", "Imports kept coming; it was not approved."},
                 {"稍后再批。", "Approve it a little later."});
}

}  // namespace

void items_waiting(District& district, const Call& call, std::vector<Waiting>& out) {
  const auto edition = district.edition();
  const access::Scope& scope = call.caller.scope;
  const auto add = [&](Waiting one) {
    if (one.count > 0) out.push_back(std::move(one));
  };
  if (edition->period) {
    const std::string period = edition->period->to_string();
    const calendar::Date today = district.options().today();
    const store::RecordStates states = district.store().lists().states();
    std::int64_t confirm = 0, returned = 0, late = 0, rivals = 0;
    std::set<std::string> owing;
    for (const SeenItem& one : items_seen(district, call, *edition->period)) {
      using collection::ItemState;
      const Present& item = one.item;
      const std::string& provider = item.item.provider;
      const bool is_own = provider == call.caller.account.unit;
      const bool is_late = item.due < today && item.missing > 0;
      confirm += one.confirms && (item.state == ItemState::Arrived || item.state == ItemState::Questioned ||
                                  item.has_changed);
      returned += one.imports && is_own && item.state == ItemState::Returned;
      late += one.imports && is_own && is_late;
      if (!is_own && is_late &&
          scope.may(Operation::SendReceipt, {.department = provider, .meant_for = provider}).allowed)
        owing.insert(provider);
      if (item.disputed > 0 && scope.may(Operation::ChooseRival, object_of_item(states, item.item)).allowed)
        rivals += item.disputed;
    }
    add({"confirm", confirm, period});
    add({"returned", returned, period});
    add({"late", late, period});
    add({"remind", static_cast<std::int64_t>(owing.size()), period});
    add({"rivals", rivals, period});
  }
  std::int64_t corrections = 0;
  for (const Correction& one : district.store().collection().corrections()) {
    if (one.stage != Stage::Proposed) continue;
    auto object = district.store().lists().object_of(one.register_id, one.record_key, one.period);
    if (!object) continue;
    object->done_by = one.proposed_by;
    corrections += scope.may(Operation::ApproveCorrection, *object).allowed;
  }
  add({"corrections", corrections, ""});
}

std::vector<OwedLetter> owed_letters(District& district, const Edition& edition,
                                     const std::vector<Present>& seen, const calendar::Period& within) {
  const calendar::Date today = district.options().today();
  std::vector<OwedLetter> out;
  for (const collection::Arrears& arrears : collection::overdue(seen, today)) {
    OwedLetter one{.items = static_cast<std::int64_t>(arrears.owed.size())};
    for (const collection::Owed& owed : arrears.owed) one.days = std::max(one.days, owed.days_late);
    one.letter = collection::letter_to(
        arrears, today, district.pack().schema, [&](std::string_view register_id, std::string_view key) {
          const column::Table* table = edition.snapshot->find(register_id);
          const std::int32_t row = table == nullptr ? -1 : table->find(key, within);
          return row < 0 ? std::string(key)
                         : edition.naming().title(register_id, static_cast<std::size_t>(row));
        });
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<OwedLetter> owed_letters(District& district, const Call& call, const calendar::Period& within) {
  std::vector<Present> seen;
  for (SeenItem& each : items_seen(district, call, within)) seen.push_back(std::move(each.item));
  return owed_letters(district, *district.edition(), seen, within);
}

std::vector<Route> collection_routes(District& district) {
  std::vector<Route> out;
  const auto text = Shape::text();
  const Shape item = Shape::object(
      "Item",
      {{"id", text, ""},
       {"register", text, ""},
       {"register_name", text, ""},
       {"field", text, ""},
       {"name", text, ""},
       {"period", text, ""},
       {"provider", text, ""},
       {"responsible", text, ""},
       {"due", text, ""},
       {"state", Shape::choice({"not_sent", "sent", "questioned", "returned", "confirmed", "locked"}), ""},
       {"state_name", words_shape(), ""},
       {"days_late", Shape::count(), "", Presence::Optional},
       {"expected", Shape::count(), ""},
       {"known", Shape::count(), ""},
       {"missing_count", Shape::count(), ""},
       {"disputed", Shape::count(), ""},
       {"has_changed", Shape::boolean(), "since it was confirmed"},
       {"may",
        Shape::object("ItemRights", {{"confirm", Shape::boolean(), ""}, {"import", Shape::boolean(), ""}}),
        ""}});
  const Shape late =
      Shape::object("Overdue", {{"unit", text, ""},
                                {"items", Shape::count(), ""},
                                {"days", Shape::integer(-400, 100000), "of the latest item"},
                                {"text", Shape::text(100000), "the letter that asks for them"}});
  const Shape locked = Shape::object(
      "Lock", {{"at", text, ""}, {"by", text, ""}, {"snapshot", text, ""}, {"number", Shape::count(), ""}});
  out.push_back(
      reading("/api/items", "list_items", Summary("该收什么、现状", "What is due, and how far it is"),
              Right::any_of({Operation::ReadRecord, Operation::ConfirmItem, Operation::ImportBatch}),
              {period_parameter()},
              Shape::object("Items", {{"period", text, ""},
                                      {"items", Shape::list(item), ""},
                                      {"overdue", Shape::list(late), "by unit"},
                                      {"locked", locked, "", Presence::Optional}}),
              [&](const Call& call) { return items_answer(district, call); }));
  const auto writing = [&](const char* path, const char* id, Summary summary, Right right,
                           std::vector<Parameter> parameters, Shape in, Output answer, Handler handler) {
    out.push_back({Method::Post, path, id, std::move(summary), std::move(right), Repeat::Keyed,
                   Runs::OnWorker, std::move(parameters), Input::of(std::move(in), 1 << 20),
                   std::move(answer), std::move(handler)});
  };
  writing("/api/items/{item}/confirm", "confirm_item",
          Summary("确认或退回一个数据项", "Confirm an item, or return it"), Operation::ConfirmItem,
          {in_path("item", "id", 300)},
          Shape::object("ItemVerdict", {{"returned", Shape::boolean(), "", Presence::Optional},
                                        {"reason", Shape::text(2000), "of a return", Presence::Optional}}),
          Output::nothing(), [&](const Call& call) { return confirm_item(district, call); });
  const Shape exception = Shape::object(
      "LockException", {{"item", Shape::text(300, 1), "id"}, {"reason", Shape::text(2000, 1), ""}});
  writing("/api/periods/{period}/lock", "lock_period", Summary("锁定一年", "Lock a year"),
          Operation::LockYear, {in_path("period", "2023", 30)},
          Shape::object("LockRequest", {{"exceptions", Shape::list(exception, 5000),
                                         "items that are not confirmed", Presence::Optional}}),
          Output::json(Shape::object("LockDone", {{"period", text, ""}, {"snapshot", text, ""}}), 201),
          [&](const Call& call) { return lock_period(district, call); });
  const Shape said = Shape::object("RivalValue", {{"text", text, ""},
                                                  {"provider", text, ""},
                                                  {"file", text, ""},
                                                  {"sheet", text, ""},
                                                  {"cell", text, ""},
                                                  {"at", text, ""}});
  const Shape rival = Shape::object("Rivals", {{"id", text, ""},
                                               {"register", text, ""},
                                               {"key", text, ""},
                                               {"title", text, ""},
                                               {"period", text, ""},
                                               {"field", text, ""},
                                               {"name", text, "of the field"},
                                               {"unit", text, ""},
                                               {"values", Shape::list(said), "side by side"}});
  out.push_back(reading("/api/rivals", "list_rivals", Summary("两家说法不同", "Where two differ"),
                        Operation::ChooseRival, {period_parameter()},
                        Shape::object("RivalList", {{"rivals", Shape::list(rival), "the first five hundred"},
                                                    {"total", Shape::count(), ""}}),
                        [&](const Call& call) { return rivals_answer(district, call); }));
  const Shape receipt = Shape::object("Receipt", {{"receipt", text, "number of the batch"}});
  const std::vector<Member> cell = {{"register", Shape::text(120, 1), ""},
                                    {"key", Shape::text(300, 1), ""},
                                    {"period", Shape::text(30), "", Presence::Optional},
                                    {"field", Shape::text(120, 1), "id"}};
  std::vector<Member> choice = cell, wish = cell;
  choice.push_back({"chosen", Shape::text(2000, 1), "one of the values"});
  choice.push_back({"reason", Shape::text(2000), ""});
  wish.push_back({"value", Shape::text(2000, 1), "or 缺报, 不适用"});
  wish.push_back({"reason", Shape::text(2000), ""});
  wish.push_back({"evidence", Shape::text(2000), "document", Presence::Optional});
  writing("/api/rivals", "choose_rival",
          Summary("选定一个说法并写理由", "Choose one of them, with the reason"), Operation::ChooseRival, {},
          Shape::object("RivalChoice", choice), Output::json(receipt, 201),
          [&](const Call& call) { return choose_rival(district, call); });
  const Shape correction =
      Shape::object("Correction", {{"id", text, ""},
                                   {"register", text, ""},
                                   {"register_name", text, ""},
                                   {"key", text, ""},
                                   {"period", text, ""},
                                   {"field", text, ""},
                                   {"field_name", text, ""},
                                   {"from", text, ""},
                                   {"to", text, ""},
                                   {"reason", text, ""},
                                   {"evidence", text, ""},
                                   {"stage", Shape::choice({"proposed", "approved", "rejected"}), ""},
                                   {"proposed_by", text, ""},
                                   {"proposed_at", text, ""},
                                   {"decided_by", text, ""},
                                   {"decided_at", text, ""},
                                   {"why", text, ""},
                                   {"impact", impact_shape(), "what it moves, a line each"}});
  const Right correctors = Right::any_of({Operation::ProposeCorrection, Operation::ApproveCorrection});
  out.push_back(reading("/api/corrections", "list_corrections",
                        Summary("更正单，最近的在前", "Corrections, latest first"), correctors, {},
                        Shape::object("Corrections", {{"corrections", Shape::list(correction), ""}}),
                        [&](const Call& call) { return corrections_answer(district, call); }));
  const Shape preview =
      Shape::object("CorrectionImpact", {{"from", text, ""},
                                         {"to", text, ""},
                                         {"is_locked", Shape::boolean(), "else the record is changed itself"},
                                         {"impact", impact_shape(), "what it would move, a line each"}});
  out.push_back(
      reading("/api/corrections/impact", "foresee_correction",
              Summary("更正会牵动什么，不提出", "What a correction would move; nothing is proposed"),
              Operation::ProposeCorrection,
              {{"register", Shape::text(120, 1), "id", Presence::Required},
               {"key", Shape::text(300, 1), "of the record", Presence::Required},
               {"field", Shape::text(120, 1), "id", Presence::Required},
               {"value", Shape::text(2000, 1), "or 缺报, 不适用", Presence::Required},
               period_parameter()},
              preview, [&](const Call& call) { return impact_answer(district, call); }));
  writing("/api/corrections", "propose_correction",
          Summary("提更正单；列出它牵动的等级、清单、目标", "Propose a correction; lists what it moves"),
          Operation::ProposeCorrection, {}, Shape::object("CorrectionRequest", wish),
          Output::json(correction, 201),
          [&](const Call& call) { return propose_correction(district, call); });
  const Shape why = Shape::object("DecisionReason", {{"reason", Shape::text(2000), "", Presence::Optional}});
  writing("/api/corrections/{correction}/approve", "approve_correction",
          Summary("批准，不能是提出的人", "Approve; not by the proposer"), Operation::ApproveCorrection,
          {in_path("correction", "id", 20)}, why, Output::json(correction),
          [&](const Call& call) { return decide_correction(district, call, Stage::Approved); });
  writing("/api/corrections/{correction}/reject", "reject_correction",
          Summary("驳回，要写理由", "Reject; needs a reason"), Operation::ApproveCorrection,
          {in_path("correction", "id", 20)}, why, Output::json(correction),
          [&](const Call& call) { return decide_correction(district, call, Stage::Rejected); });
  for (Route& each : reminder_routes(district)) out.push_back(std::move(each));
  return out;
}

}  // namespace tenglong::server
