// Records entered and changed by hand: each saving is a statement of its own, and so is its withdrawal.
//
// Never: changes what was said; writes into a locked year; loses an edit of somebody else (If-Match).
#include <algorithm>

#include "campaign/collection/collection.h"
#include "engine/feel/evaluate.h"
#include "engine/fingerprint/fingerprint.h"
#include "engine/register/row_environment.h"
#include "server/api.h"
#include "server/inside/record_sight.h"
#include "server/inside/record_tag.h"
#include "server/inside/record_write.h"
#include "server/inside/write.h"

namespace tenglong::server {

std::string record_tag(const registers::Record& record) {
  fingerprint::Digest digest;
  digest.field(record.key).field(record.period ? record.period->to_string() : "");
  for (const registers::Resolved& held : record.fields)
    digest.field(registers::to_text(held.value))
        .field(std::to_string(static_cast<int>(held.state)) + "/" + std::to_string(held.origin.batch.value));
  return "\"" + digest.hex().substr(0, 24) + "\"";
}

namespace {

using access::Operation;
using text::JsonWriter;

struct Target {
  const schema::Register* of = nullptr;
  std::string key = {};
  std::optional<calendar::Period> period = {};
};

void tell_value(diagnostic::Diagnostics& told, const std::string& pointer, text::Words message,
                text::Words advice = {}) {
  told.push_back({.code = "E-SERVER-505",
                  .place = {.file = "body", .cell = pointer},
                  .message = std::move(message),
                  .advice = std::move(advice)});
}

std::optional<registers::Record> record_now(District& district, const Target& target) {
  for (registers::Record& each :
       registers::read_record(district.store().registers(), *target.of, target.key, {}))
    if (each.period == target.period) return std::move(each);
  return std::nullopt;
}

std::string text_of_held(const registers::Resolved& held) {
  return held.state == quantity::State::Missing         ? std::string()
         : held.state == quantity::State::NotApplicable ? std::string("不适用")
                                                        : registers::to_text(held.value);
}

// Every value of the body read as its field, or told; those that say nothing new are left out.
std::vector<registers::FieldValue> values_of(District& district, const Call& call, const Target& target,
                                             const std::optional<registers::Record>& now,
                                             diagnostic::Diagnostics& told) {
  std::vector<registers::FieldValue> out;
  const Json* values = call.body.find("values");
  if (values == nullptr) return out;
  for (const auto& [id, written] : values->members) {
    const std::string pointer = "/values/" + id;
    const int at = target.of->field_index(id);
    if (at < 0) {
      tell_value(told, pointer, {"没有字段“" + id + "”。", "There is no field “" + id + "”."});
      continue;
    }
    const schema::Field& field = target.of->fields[static_cast<std::size_t>(at)];
    if (field.is_computed()) {
      tell_value(told, pointer, {"“" + field.name + "”由公式算出，不能填。", "This field is computed."},
                 {"改它所用的字段。", "Change the fields that it is made of."});
      continue;
    }
    if (std::find(target.of->key.begin(), target.of->key.end(), id) != target.of->key.end()) {
      tell_value(
          told, pointer, {"“" + field.name + "”是键，不能改。", "This field is part of the key."},
          {"新建一条记录，或认定企业变更。", "Make another record, or enter a change of the enterprise."});
      continue;
    }
    const auto read = collection::read_value(district.pack().schema, *target.of, at,
                                             written.text.empty() ? "缺报" : written.text);
    for (const collection::Reason& each : read.refused_because)
      tell_value(told, pointer, each.why, each.cure);
    if (!read.granted) continue;
    const registers::Resolved* held = now ? &now->fields.at(static_cast<std::size_t>(at)) : nullptr;
    if (held != nullptr && held->state == read.granted->state && held->state != quantity::State::Disputed &&
        registers::to_text(held->value) == registers::to_text(read.granted->value))
      continue;
    out.push_back(*read.granted);
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.field < b.field; });
  return out;
}

// The unit whose data it is: that of the fields, else the caller's own. One saving is of one unit.
std::string provider_of(const Target& target, const std::vector<registers::FieldValue>& values,
                        const std::string& own, diagnostic::Diagnostics& told) {
  std::string out;
  for (const registers::FieldValue& value : values) {
    const schema::Field& field = target.of->fields[static_cast<std::size_t>(value.field)];
    const std::string provider = field.provider.empty() ? own : field.provider;
    if (!out.empty() && provider != out)
      tell_value(told, "/values/" + field.id,
                 {"“" + field.name + "”由" + provider + "提供，与别的字段不是一家。",
                  "This field is provided by another unit than the others."},
                 {"分开存。", "Save them apart."});
    else
      out = provider;
  }
  return out.empty() ? own : out;
}

// 在…时必填: what this saving makes required, of the fields of the unit that saves: it alone can supply them.
// What was wanting before it stays a matter of `check-data`.
void tell_required_when(District& district, const Target& target,
                        const std::optional<registers::Record>& before,
                        const std::vector<registers::FieldValue>& values, const std::string& provider,
                        diagnostic::Diagnostics& told) {
  const std::vector<schema::Field>& fields = target.of->fields;
  registers::RowEnvironment was(district.pack().schema.importable_fields(*target.of)), is = was;
  std::vector<bool> had(fields.size()), has(fields.size());
  const auto is_there = [](quantity::State state) {
    return state == quantity::State::Known || state == quantity::State::Disputed;
  };
  for (std::size_t i = 0; before && i < before->fields.size(); ++i) {
    const registers::Resolved& held = before->fields[i];
    had[i] = has[i] = is_there(held.state);
    if (!had[i]) continue;
    was.put(fields[i].name, held.value);
    is.put(fields[i].name, held.value);
  }
  for (const registers::FieldValue& value : values) {
    const auto at = static_cast<std::size_t>(value.field);
    has[at] = is_there(value.state);
    is.put(fields[at].name, has[at] ? value.value : registers::Scalar());
  }
  const auto wants = [](const schema::Field& field, const feel::Environment& row) {
    const feel::Value wanted = feel::evaluate(*field.required_when.tree, row).value;
    return wanted.kind() == feel::Kind::Boolean && wanted.boolean();
  };
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const schema::Field& field = fields[i];
    if (has[i] || !field.required_when.present() || (!field.provider.empty() && field.provider != provider))
      continue;
    if (wants(field, is) && !(before && !had[i] && wants(field, was)))
      tell_value(told, "/values/" + field.id,
                 {"“" + field.name + "”在“" + field.required_when.text + "”时必填。",
                  "This field is required when " + field.required_when.text + "."},
                 {"填上这个数，或改条件所说的数。", "Fill it in, or change what the condition speaks of."});
  }
}

std::optional<Answer> refused_write(District& district, const Call& call, const Target& target,
                                    const std::string& provider, access::Object object) {
  object.department = provider;
  object.meant_for = provider;
  if (const access::Answer may = call.caller.scope.may(Operation::ImportBatch, object); !may.allowed)
    return call.caller.scope.is_outside() ? not_there()
                                          : problem(403, "E-SERVER-302", call.caller.scope.refusal(may),
                                                    {"这些字段由“" + provider + "”填。",
                                                     "These fields are filled in by “" + provider + "”."});
  if (!target.period) return std::nullopt;
  const auto locked = district.store().collection().locked();
  if (lock_of(locked, *target.period) == nullptr) return std::nullopt;
  return problem(409, "E-SERVER-408",
                 {target.period->to_string() + " 已锁定，不能直接改。", "This year is locked."},
                 {"提一张更正单。", "Propose a correction."});
}

// A statement of its own, as the caller; the receipt is the number of its batch.
std::int64_t state(District& district, const Call& call, const Target& target, const std::string& provider,
                   const std::vector<registers::FieldValue>& values, const std::string& what) {
  const registers::Batch batch{
      .register_id = target.of->id,
      .provider = provider,
      .submitter = call.caller.account.id,
      .received_at = district.options().now(),
      .file_name = what,
      .file_fingerprint = fingerprint::of_bytes(call.request.number + call.request.body),
      .rows_read = 1,
      .rows_accepted = 1,
      .source = registers::Source::Form,
      .reason = call.body.text_of("reason")};
  const auto store =
      district.store().as(author_of(call), access::Scope::whole_district(call.caller.account.id));
  const auto writer = store->registers().write(batch);
  writer->add({.register_id = target.of->id,
               .record_key = target.key,
               .period = target.period,
               .batch = writer->batch(),
               .sheet = what,
               .row = 1,
               .values = values});
  writer->commit(batch);
  return writer->batch().value;
}

std::int64_t state_and_renew(District& district, const Call& call, const Target& target,
                             const std::string& provider, const std::vector<registers::FieldValue>& values,
                             const std::string& what) {
  const std::int64_t receipt = state(district, call, target, provider, values, what);
  district.renew(registers::BatchId{receipt}, {{target.of->id, target.key}});
  return receipt;
}

Answer saved(const Target& target, std::int64_t receipt, const std::optional<registers::Record>& before,
             const std::optional<registers::Record>& after, int status) {
  JsonWriter out;
  out.begin_object().member("receipt", receipt == 0 ? std::string() : std::to_string(receipt));
  out.member("key", target.key).key("changed").begin_array();
  for (std::size_t i = 0; after && i < target.of->fields.size(); ++i) {
    const std::string from = before ? text_of_held(before->fields[i]) : std::string();
    const std::string to = text_of_held(after->fields[i]);
    if (from == to) continue;
    out.begin_object().member("field", target.of->fields[i].id).member("from", from).member("to", to);
    out.end_object();
  }
  out.end_array().end_object();
  Answer answer{.status = status, .body = out.take()};
  if (after) answer.headers.push_back({"ETag", record_tag(*after)});
  return answer;
}

// Nothing: there is no such register or period, or it is not one that this caller ever sees.
std::optional<Target> target_of(District& district, const Call& call, const std::string& period) {
  const auto edition = district.edition();
  const store::RecordStates states = district.store().lists().states();
  Target out;
  out.of = district.pack().schema.find(call.path.at("register"));
  if (out.of == nullptr || !sees_register(*edition, states, call.caller, Operation::ReadRecord, *out.of))
    return std::nullopt;
  if (out.of->period != schema::PeriodKey::None) {
    out.period = period.empty() ? edition->period : calendar::Period::parse(period);
    if (!out.period) return std::nullopt;
  }
  return out;
}

// Whoever may read any of its fields sees a record: a department its own.
std::optional<access::Object> seen_object(District& district, const Call& call, const Target& target) {
  auto object = district.store().lists().object_of(target.of->id, target.key, target.period);
  if (!object) return std::nullopt;
  const auto sees = [&](const std::string& provider) {
    access::Object of_field = *object;
    if (!provider.empty()) of_field.department = provider;
    return call.caller.scope.may(Operation::ReadRecord, of_field).allowed;
  };
  if (sees("")) return object;
  for (const schema::Field& field : target.of->fields)
    if (!field.provider.empty() && sees(field.provider)) return object;
  return std::nullopt;
}

std::string what_stands(const Target& target, const registers::Record& record) {
  JsonWriter out;
  out.begin_object();
  for (std::size_t i = 0; i < target.of->fields.size(); ++i)
    if (!target.of->fields[i].is_computed())
      out.member(target.of->fields[i].id, text_of_held(record.fields[i]));
  out.end_object();
  return out.take();
}

Answer change_record(District& district, const Call& call) {
  auto target = target_of(district, call, call.body.text_of("period"));
  if (!target) return not_there();
  target->key = call.path.at("key");
  const auto object = seen_object(district, call, *target);
  if (!object) return not_there();
  const auto before = record_now(district, *target);
  if (!before) return not_there();
  const std::string_view wanted = call.request.header("if-match");
  if (wanted.empty())
    return problem(428, "E-SERVER-403",
                   {"缺少 If-Match：不知道是在哪一版上改的。",
                    "If-Match is missing: which version was edited is not known."},
                   {"先读出记录，带上它的 ETag。", "Read the record and send its ETag."});
  diagnostic::Diagnostics told;
  const auto values = values_of(district, call, *target, before, told);
  const std::string provider = provider_of(*target, values, call.caller.account.unit, told);
  if (!values.empty()) tell_required_when(district, *target, before, values, provider, told);
  if (!told.empty()) return problem(422, {"有几处要改，没有保存。", "Nothing was saved; mend these."}, told);
  if (auto no = refused_write(district, call, *target, provider, *object)) return *no;
  if (wanted != record_tag(*before)) {
    const access::Answer all = call.caller.scope.may(Operation::ReadRecord, *object);
    return conflict({"这条记录刚被别人改过。", "Somebody else has just changed this record."},
                    all.level >= access::Sensitivity::Sensitive ? what_stands(*target, *before) : "",
                    call.request.body);
  }
  if (values.empty()) return saved(*target, 0, before, before, 200);
  const std::int64_t receipt = state_and_renew(district, call, *target, provider, values, "表单");
  return saved(*target, receipt, before, record_now(district, *target), 200);
}

Answer add_record(District& district, const Call& call) {
  auto target = target_of(district, call, call.body.text_of("period"));
  if (!target) return not_there();
  diagnostic::Diagnostics told;
  const Json* key = call.body.find("key");
  const schema::Register* keyed = target->of;
  while (keyed->key.empty() && !keyed->of.empty()) keyed = district.pack().schema.find(keyed->of);
  std::vector<registers::FieldValue> key_values;
  for (const std::string& id : keyed->key) {
    const int at = keyed->field_index(id);
    const std::string written = key->text_of(id);
    const auto read = collection::read_value(district.pack().schema, *keyed, at, written);
    if (written.empty())
      tell_value(told, "/key/" + id, {"缺少键“" + id + "”。", "The key “" + id + "” is missing."});
    else
      for (const collection::Reason& each : read.refused_because)
        tell_value(told, "/key/" + id, each.why, each.cure);
    if (!read.granted) continue;
    target->key += (target->key.empty() ? "" : "\x1F") + registers::to_text(read.granted->value);
    if (keyed == target->of) key_values.push_back(*read.granted);
  }
  auto values = values_of(district, call, *target, std::nullopt, told);
  for (const schema::Field& field : target->of->fields) {
    const int at = target->of->field_index(field.id);
    const auto is_it = [&](const registers::FieldValue& value) { return value.field == at; };
    if (field.required && !field.is_computed() && std::none_of(values.begin(), values.end(), is_it) &&
        std::none_of(key_values.begin(), key_values.end(), is_it))
      tell_value(told, "/values/" + field.id, {"“" + field.name + "”必填。", "This field is required."},
                 {"没有就写“缺报”。", "Write 缺报 if there is none."});
  }
  const std::string provider = provider_of(*target, values, call.caller.account.unit, told);
  tell_required_when(district, *target, std::nullopt, values, provider, told);
  if (!told.empty()) return problem(422, {"有几处要改，没有保存。", "Nothing was saved; mend these."}, told);
  // A fact belongs to a record that is there.
  access::Object object;
  if (keyed != target->of) {
    const auto above = district.store().lists().object_of(keyed->id, target->key, std::nullopt);
    if (!above || !call.caller.scope.may(Operation::ReadRecord, *above).allowed) return not_there();
    object = *above;
  } else if (call.caller.account.towns.size() == 1) {
    object.town = *call.caller.account.towns.begin();
  }
  object.register_id = target->of->id;
  object.state = district.store().lists().state_of(target->of->id, target->period);
  if (auto no = refused_write(district, call, *target, provider, object)) return *no;
  if (record_now(district, *target))
    return problem(409, "E-SERVER-409", {"已经有这条记录。", "There is such a record already."},
                   {"打开它来改。", "Open it and change it."});
  for (const registers::FieldValue& value : key_values) values.push_back(value);
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.field < b.field; });
  const std::int64_t receipt = state_and_renew(district, call, *target, provider, values, "表单");
  return saved(*target, receipt, std::nullopt, record_now(district, *target), 201);
}

// 撤回 is a further statement of what stood before; only by who saved it, and only until somebody has acted
// on it.
struct Withdrawal {
  std::string provider = {};
  std::optional<registers::Record> now = {};
  std::vector<registers::FieldValue> values = {};  // as they were
  std::optional<Answer> refused = {};
};
Withdrawal withdrawal_of(District& district, const Call& call, const Target& target,
                         const std::string& receipt) {
  const auto object = seen_object(district, call, target);
  if (!object) return {.refused = not_there()};
  const registers::Batch* batch = nullptr;
  const std::vector<registers::Batch> all = district.store().registers().batches();
  for (const registers::Batch& each : all)
    if (std::to_string(each.id.value) == receipt && each.source == registers::Source::Form &&
        each.submitter == call.caller.account.id && each.register_id == target.of->id)
      batch = &each;
  if (batch == nullptr) return {.refused = not_there()};
  if (auto no = refused_write(district, call, target, batch->provider, *object)) return {.refused = no};
  Withdrawal out{.provider = batch->provider, .now = record_now(district, target)};
  std::optional<registers::Record> before;
  for (registers::Record& each : registers::read_record(district.store().registers(), *target.of, target.key,
                                                        {.through = registers::BatchId{batch->id.value - 1}}))
    if (each.period == target.period) before = std::move(each);
  bool is_untouched = out.now.has_value();
  district.store().registers().read_record(
      target.of->id, target.key, std::nullopt, [&](registers::Statement&& said) {
        if (said.period != target.period || said.batch < batch->id) return;
        if (said.batch != batch->id) {
          is_untouched = false;
          return;
        }
        for (const registers::FieldValue& value : said.values) {
          const schema::Field& field = target.of->fields[static_cast<std::size_t>(value.field)];
          if (std::find(target.of->key.begin(), target.of->key.end(), field.id) != target.of->key.end())
            continue;
          registers::FieldValue back{.field = value.field, .state = quantity::State::Missing};
          if (before) {
            const registers::Resolved& held = before->fields[static_cast<std::size_t>(value.field)];
            if (held.state == quantity::State::NotApplicable) back.state = held.state;
            if (held.state == quantity::State::Known) {
              back.state = held.state;
              back.value = held.value;
            }
          }
          out.values.push_back(std::move(back));
        }
      });
  if (!is_untouched || out.values.empty())
    out.refused = problem(
        409, "E-SERVER-410",
        {"这次保存之后已有人办过，不能撤回。", "Somebody has acted on it since; it cannot be withdrawn."},
        {"直接改现在的值。", "Change the present values."});
  return out;
}

Answer undo_record(District& district, const Call& call) {
  auto target = target_of(district, call, call.body.text_of("period"));
  if (!target) return not_there();
  target->key = call.path.at("key");
  const std::string receipt = call.body.text_of("receipt");
  const Withdrawal back = withdrawal_of(district, call, *target, receipt);
  if (back.refused) return *back.refused;
  const std::int64_t withdrawn =
      state_and_renew(district, call, *target, back.provider, back.values, "撤回 " + receipt);
  return saved(*target, withdrawn, back.now, record_now(district, *target), 200);
}

// What a problem says, in words.
WrittenRecord refused_record(const Answer& answer) {
  const Json said = read_json(answer.body).value;
  const auto words = [&](const char* name) {
    const Json* found = said.find(name);
    return found == nullptr ? text::Words{} : text::Words{found->text_of("zh"), found->text_of("en")};
  };
  return {.why = words("title"), .cure = words("detail")};
}

}  // namespace

WrittenRecord change_one(District& district, const Call& call, const schema::Register& of,
                         const std::string& key, const std::optional<calendar::Period>& period,
                         const std::string& what, Keep keep) {
  const Target target{&of, key, period};
  const auto object = seen_object(district, call, target);
  const auto before = object ? record_now(district, target) : std::nullopt;
  if (!before) return refused_record(not_there());
  diagnostic::Diagnostics told;
  const auto values = values_of(district, call, target, before, told);
  const std::string provider = provider_of(target, values, call.caller.account.unit, told);
  if (!values.empty()) tell_required_when(district, target, before, values, provider, told);
  WrittenRecord out;
  if (!values.empty()) {
    const registers::FieldValue& value = values.front();
    out.from = text_of_held(before->fields[static_cast<std::size_t>(value.field)]);
    out.to = value.state == quantity::State::Known ? registers::to_text(value.value)
                                                   : quantity::to_chinese(value.state);
  }
  if (!told.empty()) {
    for (const diagnostic::Diagnostic& one : told) {
      out.why.zh += one.message.zh;
      out.why.en += one.message.en;
      out.cure.zh += one.advice.zh;
      out.cure.en += one.advice.en;
    }
    return out;
  }
  if (const auto no = refused_write(district, call, target, provider, *object)) {
    WrittenRecord refused = refused_record(*no);
    refused.from = out.from;
    refused.to = out.to;
    return refused;
  }
  out.what = values.empty() ? WrittenRecord::What::Same : WrittenRecord::What::Changed;
  if (!values.empty() && keep == Keep::Yes)
    out.receipt = state(district, call, target, provider, values, what);
  return out;
}

WrittenRecord undo_one(District& district, const Call& call, const schema::Register& of,
                       const std::string& key, const std::optional<calendar::Period>& period,
                       std::int64_t receipt, Keep keep) {
  const Target target{&of, key, period};
  const std::string number = std::to_string(receipt);
  const Withdrawal back = withdrawal_of(district, call, target, number);
  if (back.refused) return refused_record(*back.refused);
  WrittenRecord out{.what = WrittenRecord::What::Changed};
  if (keep == Keep::Yes)
    out.receipt = state(district, call, target, back.provider, back.values, "撤回 " + number);
  return out;
}

std::vector<Route> writing_routes(District& district) {
  std::vector<Route> out;
  const Shape change = Shape::object(
      "FieldChange",
      {{"field", Shape::text(), ""}, {"from", Shape::text(100000), ""}, {"to", Shape::text(100000), ""}});
  const Shape done = Shape::object("Saved", {{"receipt", Shape::text(), "for 撤回; empty: nothing changed"},
                                             {"key", Shape::text(), ""},
                                             {"changed", Shape::list(change), ""}});
  const Shape values = Shape::map(Shape::text(20000));
  const auto add = [&](Method method, const char* path, const char* id, Summary summary, Repeat repeat,
                       std::vector<Parameter> parameters, Shape in, int status, Handler handler) {
    out.push_back({method, path, id, std::move(summary), Operation::ImportBatch, repeat, Runs::OnWorker,
                   std::move(parameters), Input::of(std::move(in)), Output::json(done, status),
                   std::move(handler)});
  };
  const Member period = {"period", Shape::text(30), "else the present year", Presence::Optional};
  add(Method::Post, "/api/registers/{register}/records", "add_record",
      Summary("新建一条记录", "A new record"), Repeat::Keyed, {in_path("register", "id")},
      Shape::object("NewRecord", {{"key", values, "by field id"}, period, {"values", values, "by field id"}}),
      201, [&](const Call& call) { return add_record(district, call); });
  add(Method::Patch, "/api/registers/{register}/records/{key}", "change_record",
      Summary("改一条记录，要 If-Match", "Change a record, with If-Match"), Repeat::Keyed,
      {in_path("register", "id"), in_path("key", "key of the record", 300)},
      Shape::object("RecordChange", {period,
                                     {"values", values, "by field id; empty text: 缺报"},
                                     {"reason", Shape::text(2000), "", Presence::Optional}}),
      200, [&](const Call& call) { return change_record(district, call); });
  add(Method::Post, "/api/registers/{register}/records/{key}/undo", "undo_record",
      Summary("撤回一次保存", "Withdraw a saving"), Repeat::Keyed,
      {in_path("register", "id"), in_path("key", "key of the record", 300)},
      Shape::object("UndoRequest", {{"receipt", Shape::text(30, 1), ""}, period}), 200,
      [&](const Call& call) { return undo_record(district, call); });
  return out;
}

}  // namespace tenglong::server
