// Values that sources disagree on, and values put right by two after a year is locked.
#include <algorithm>

#include "campaign/collection/collection.h"
#include "campaign/collection/memory_collection.h"
#include "server/api.h"
#include "server/impact.h"
#include "server/inside/decisions.h"
#include "server/inside/record_sight.h"
#include "server/inside/waiting.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using collection::Correction;
using collection::Stage;
using text::JsonWriter;

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
  const std::lock_guard deciding(district.one_at_a_time(District::Decides::Collected));
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
  out.begin_object().member("id", std::to_string(one.number)).member("register", one.register_id);
  out.member("register_name", target == nullptr ? one.register_id : target->name);
  out.member("key", one.record_key).member("period", one.period.to_string()).member("field", one.field);
  out.member("field_name", field == nullptr ? one.field : field->name);
  out.member("from", text_of_field_value(one.from)).member("to", text_of_field_value(one.to));
  out.member("reason", one.reason).member("evidence", one.evidence);
  out.member("stage", collection::code_of(one.stage)).member("proposed_by", one.proposed_by);
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
  const std::lock_guard deciding(district.one_at_a_time(District::Decides::Collected));
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

std::optional<Correction> asked_correction(store::Store& store, const Call& call) {
  for (Correction& each : store.collection().corrections())
    if (std::to_string(each.number) == call.path.at("correction")) return std::move(each);
  return std::nullopt;
}

Answer withdraw_correction(District& district, const Call& call) {
  const std::lock_guard deciding(district.one_at_a_time(District::Decides::Collected));
  const auto store = district_store(district, call);
  const auto one = asked_correction(*store, call);
  const auto object =
      one ? district.store().lists().object_of(one->register_id, one->record_key, one->period) : std::nullopt;
  if (!object) return not_there();
  if (auto no = denied(call, Operation::ProposeCorrection, *object)) return *no;
  const auto decision = collection::withdraw(*one, act_of(district, call));
  if (!decision.granted) return refused_decision(decision, "E-SERVER-407");
  store->collection().withdraw(*decision.granted);
  JsonWriter out;
  write_correction(out, district, *decision.granted);
  return json(out);
}

Answer decide_correction(District& district, const Call& call, Stage to) {
  const std::lock_guard deciding(district.one_at_a_time(District::Decides::Collected));
  const auto store = district_store(district, call);
  const auto one = asked_correction(*store, call);
  if (!one) return not_there();
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

void corrections_waiting(District& district, const Call& call, std::vector<Waiting>& out) {
  std::int64_t count = 0;
  for (const Correction& one : district.store().collection().corrections()) {
    if (one.stage != Stage::Proposed) continue;
    auto object = district.store().lists().object_of(one.register_id, one.record_key, one.period);
    if (!object) continue;
    object->done_by = one.proposed_by;
    count += call.caller.scope.may(Operation::ApproveCorrection, *object).allowed;
  }
  if (count > 0) out.push_back({"corrections", count, ""});
}

std::vector<Route> correction_routes(District& district) {
  std::vector<Route> out;
  const auto text = Shape::text();
  const auto writing = [&](const char* path, const char* id, Summary summary, Right right,
                           std::vector<Parameter> parameters, Shape in, Output answer, Handler handler) {
    out.push_back({Method::Post, path, id, std::move(summary), std::move(right), Repeat::Keyed,
                   Runs::OnWorker, std::move(parameters), Input::of(std::move(in), 1 << 20),
                   std::move(answer), std::move(handler)});
  };
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
  const Shape correction = Shape::object(
      "Correction", {{"id", text, ""},
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
                     {"stage", Shape::choice({"proposed", "approved", "rejected", "withdrawn"}), ""},
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
  writing("/api/corrections/{correction}/withdraw", "withdraw_correction",
          Summary("提出的人撤回", "Withdraw, by whoever proposed it"), Operation::ProposeCorrection,
          {in_path("correction", "id", 20)}, Shape::object("Nothing", {}), Output::json(correction),
          [&](const Call& call) { return withdraw_correction(district, call); });
  return out;
}

}  // namespace tenglong::server
