#include <algorithm>
#include <map>
#include <set>

#include "engine/listing/filter.h"
#include "server/api.h"
#include "server/inside/cells.h"
#include "server/inside/files.h"
#include "server/inside/listed.h"
#include "server/inside/record_sight.h"
#include "server/inside/record_tag.h"
#include "server/inside/record_write.h"
#include "server/inside/rows.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using access::State;
using text::JsonWriter;

constexpr const char* kPeriodKinds[] = {"none", "year", "quarter", "month"};

const char* kind_of(const schema::Register& target) {
  constexpr const char* kKinds[] = {"plain", "fact", "event", "span"};
  return kKinds[static_cast<std::size_t>(target.form())];
}

void write_summary(JsonWriter& out, const Edition& edition, const store::RecordStates& states,
                   const Caller& caller, const schema::Register& target) {
  const column::Table* table = edition.snapshot->find(target.id);
  out.member("id", target.id).member("name", target.name).member("number", target.number);
  out.member("clause", target.clause)
      .member("period_kind", kPeriodKinds[static_cast<std::size_t>(target.period)]);
  out.member("of", target.of).member("kind", kind_of(target));
  if (table == nullptr || !sees_register(edition, states, caller, Operation::CountRecord, target)) return;
  const RecordSight sight(edition, states, caller, Operation::CountRecord, target);
  std::int64_t count = sight.shows_all() ? static_cast<std::int64_t>(table->size()) : 0;
  for (std::size_t row = 0; row < table->size() && !sight.shows_all(); ++row)
    count += sight.shows(row) ? 1 : 0;
  if (!caller.scope.is_outside() || count == 0 || count >= caller.scope.small_count())
    out.member("count", count);
}

std::vector<Member> summary_members() {
  return {
      {"id", Shape::text(), ""},
      {"name", Shape::text(), ""},
      {"number", Shape::text(), "R number of the inventory"},
      {"clause", Shape::text(), ""},
      {"period_kind", Shape::choice({"none", "year", "quarter", "month"}), ""},
      {"of", Shape::text(), "register of the record it belongs to"},
      {"kind", Shape::text(), "plain, fact, event, span"},
      {"count", Shape::count(), "of all periods; absent: not to be counted, or too few", Presence::Optional}};
}

Answer list_registers(District& district, const Call& call) {
  const auto edition = district.edition();
  const store::RecordStates states = district.store().lists().states();
  JsonWriter out;
  out.begin_object().key("registers").begin_array();
  for (const schema::Register& target : edition->pack->schema.registers) {
    if (!sees_register(*edition, states, call.caller, Operation::ReadRecord, target)) continue;
    out.begin_object();
    write_summary(out, *edition, states, call.caller, target);
    out.end_object();
  }
  out.end_array().end_object();
  return tagged(out);
}

Answer register_schema(District& district, const Call& call) {
  const auto edition = district.edition();
  const store::RecordStates states = district.store().lists().states();
  const schema::Register* target = edition->pack->schema.find(call.path.at("register"));
  if (target == nullptr || !sees_register(*edition, states, call.caller, Operation::ReadRecord, *target))
    return not_there();
  constexpr std::size_t kMostListed = 300;
  JsonWriter out;
  out.begin_object();
  write_summary(out, *edition, states, call.caller, *target);
  out.key("key");
  write_list(out, target->key);
  out.key("fields").begin_array();
  for (const schema::Field& field : target->fields) {
    out.begin_object()
        .member("id", field.id)
        .member("name", field.name)
        .member("type", schema::to_code(field.type));
    if (!field.unit.name().empty()) out.member("unit", field.unit.name());
    out.member("required", field.required);
    const schema::Codes* codes =
        field.codes.empty() ? nullptr : edition->pack->schema.find_codes(field.codes);
    if (codes != nullptr && codes->entries.size() <= kMostListed) {
      out.key("codes").begin_array();
      for (const schema::CodeEntry& entry : codes->entries)
        out.begin_object().member("code", entry.code).member("name", entry.name).end_object();
      out.end_array();
    } else if (codes != nullptr) {
      out.member("codes_ref", codes->id);
    }
    if (!field.to.empty()) out.member("to", field.to);
    if (!field.provider.empty()) out.member("provider", field.provider);
    out.member("sensitivity", schema::kSensitivities[static_cast<std::size_t>(field.sensitivity)]);
    if (!field.note.empty()) out.member("hint", field.note);
    if (field.minimum) out.member("minimum", field.minimum->to_string());
    if (field.maximum) out.member("maximum", field.maximum->to_string());
    if (field.required_when.present()) out.member("required_when", field.required_when.text);
    if (field.is_computed()) out.member("computed", field.formula.text);
    out.end_object();
  }
  out.end_array().key("laws").begin_array();
  for (const schema::Law& law : target->laws)
    out.begin_object().member("name", law.name).member("value", law.source_text).end_object();
  out.end_array().key("may").begin_object();
  const auto may = [&](Operation operation) {
    for (std::size_t state = 0; state < access::kStates; ++state)
      if (!call.caller.scope.rows(operation, static_cast<State>(state)).is_empty()) return true;
    return false;
  };
  out.member("import", may(Operation::ImportBatch)).member("export", may(Operation::ExportRecord));
  out.member("correct", may(Operation::ProposeCorrection)).end_object().end_object();
  return tagged(out);
}

Answer list_records(District& district, const Call& call) {
  const auto edition = district.edition();
  const schema::Register* target = edition->pack->schema.find(call.path.at("register"));
  const column::Table* table = target == nullptr ? nullptr : edition->snapshot->find(target->id);
  const store::RecordStates states = district.store().lists().states();
  if (table == nullptr || !sees_register(*edition, states, call.caller, Operation::ReadRecord, *target))
    return not_there();
  const RecordSight sight(*edition, states, call.caller, Operation::ReadRecord, *target);
  const Listed list =
      listed(*edition, states, call, sight, *target, *table, period_of(*edition, call, *target));
  if (!list.told.empty())
    return problem(400, {"筛选或排序里有要改的。", "The filter or the order is to be mended."}, list.told);
  JsonWriter out;
  out.begin_object().key("columns").begin_array();
  for (const std::size_t at : list.columns) {
    const schema::Field& field = target->fields[at];
    out.begin_object()
        .member("id", field.id)
        .member("name", field.name)
        .member("type", schema::to_code(field.type));
    if (!field.unit.name().empty()) out.member("unit", field.unit.name());
    out.end_object();
  }
  out.end_array().key("rows").begin_array();
  for (const std::size_t row : list.page) {
    const std::vector<bool> seen = sight.fields(row).shown;
    const std::string period = table->period[row] ? table->period[row]->to_string() : "";
    out.begin_object()
        .member("key", table->key[row])
        .member("title", edition->naming().title(target->id, row));
    if (!period.empty()) out.member("period", period);
    out.key("cells").begin_object();
    for (const std::size_t at : list.columns) {
      out.key(target->fields[at].id);
      const schema::Field& field = target->fields[at];
      const std::string written = text_of_cell(*table, at, row);
      const quantity::State state = column::state_of(*table, at, row);
      write_cell(out, *edition, field, written, state,
                 cover_of(call.caller.scope, field, seen[at], state, written), period);
    }
    out.end_object().end_object();
  }
  out.end_array().key("sums").begin_object();
  for (const std::size_t at : list.columns) {
    const schema::Field& field = target->fields[at];
    if (!schema::is_number(field.type)) continue;
    if (!may_query(*edition, states, call.caller, Operation::ReadRecord, *target, *target, field)) {
      if (!call.caller.scope.masks(field.id)) continue;
      out.key(field.id);
      write_figure(out, std::nullopt, field.unit.name(), quantity::State::Missing,
                   {.state = "hidden",
                    .reason = {"有的记录这一项只露首尾，不合计",
                               "Of some records only the ends of it show: it is not added up"}});
      continue;
    }
    const auto [sum, missing] = edition->warm->facts->sum({table->columns, at}, list.rows);
    out.key(field.id);
    Basis basis;
    if (missing > 0)
      basis.reason = {std::to_string(missing) + " 条没有这个数，没有计入",
                      std::to_string(missing) + " records without it are not in it"};
    write_figure(out, sum, field.unit.name(), quantity::State::Known, basis);
  }
  out.end_object().member("unknown", list.unknown).key("words").begin_array();
  if (const std::string where = call.query_or("where", ""); !where.empty()) write_words(out, {where, where});
  out.end_array()
      .member("total", static_cast<std::int64_t>(list.rows->size()))
      .member("page", call.number_or("page", 1));
  out.member("size", call.number_or("size", 50)).end_object();
  return tagged(out);
}

void write_origin(JsonWriter& out, const registers::Batches& batches, const registers::Origin& origin) {
  const registers::Batch& batch = batches.at(origin.batch);
  out.begin_object().member("source", registers::to_text(batch.source)).member("file", batch.file_name);
  out.member("sheet", origin.sheet).member("row", origin.row).member("cell", origin.cell);
  out.member("provider", batch.provider).member("submitter", batch.submitter).member("at", batch.received_at);
  out.member("batch", std::to_string(origin.batch.value)).end_object();
}

Shape origin_shape() {
  return Shape::object("Origin", {{"source", Shape::text(), "file, form, api, correction, roll_up, choice"},
                                  {"file", Shape::text(), ""},
                                  {"sheet", Shape::text(), ""},
                                  {"row", Shape::count(), ""},
                                  {"cell", Shape::text(), ""},
                                  {"provider", Shape::text(), ""},
                                  {"submitter", Shape::text(), ""},
                                  {"at", Shape::text(), ""},
                                  {"batch", Shape::text(), ""}});
}

// The row of ?period= (of the present year if not given), or the only one.
std::int32_t row_of(const Edition& edition, const Call& call, const schema::Register& target,
                    const column::Table& table) {
  return table.find(call.path.at("key"), period_of(edition, call, target));
}

Answer one_record(District& district, const Call& call) {
  const auto edition = district.edition();
  const schema::Register* target = edition->pack->schema.find(call.path.at("register"));
  const column::Table* table = target == nullptr ? nullptr : edition->snapshot->find(target->id);
  const std::int32_t at = table == nullptr ? -1 : row_of(*edition, call, *target, *table);
  if (at < 0) return not_there();
  const auto row = static_cast<std::size_t>(at);
  const store::RecordStates states = district.store().lists().states();
  // As the world was on a day, or as it was known then: whoever may read the history sees it.
  const std::string as_of = call.query_or("as_of", ""), known_on = call.query_or("known_on", "");
  registers::View at_then{.through = edition->snapshot->through};
  if (!as_of.empty()) at_then.as_of = calendar::Date::parse(as_of);
  if (!known_on.empty()) at_then.known_on = calendar::Moment::parse_through(known_on);
  const bool is_past = at_then.as_of || at_then.known_on;
  const RecordSight::Fields sight =
      RecordSight(*edition, states, call.caller, is_past ? Operation::ReadHistory : Operation::ReadRecord,
                  *target)
          .fields(row);
  if (!sight.any) return not_there();
  const registers::Batches batches(district.store().registers().batches());
  registers::Record record;
  for (registers::Record& each :
       registers::read_record(district.store().registers(), *target, table->key[row], at_then))
    if (each.period == table->period[row]) record = std::move(each);
  const std::string period = table->period[row] ? table->period[row]->to_string() : "";
  JsonWriter out;
  out.begin_object().member("key", table->key[row]).member("title", edition->naming().title(target->id, row));
  out.member("period", period).key("fields").begin_array();
  for (std::size_t i = 0; i < target->fields.size(); ++i) {
    const schema::Field& field = target->fields[i];
    if (is_past && field.is_computed()) continue;  // worked out of what is known now
    std::string written = text_of_cell(*table, i, row);
    quantity::State state = column::state_of(*table, i, row);
    if (is_past) {
      state = i < record.fields.size() ? record.fields[i].state : quantity::State::Missing;
      written = state == quantity::State::Known ? registers::to_text(record.fields[i].value) : "";
    }
    out.begin_object().member("id", field.id).member("name", field.name).key("cell");
    write_cell(out, *edition, field, written, state,
               cover_of(call.caller.scope, field, sight.shown[i], state, written), period, &district.store());
    out.key("rivals").begin_array();
    if (sight.shown[i] && i < record.fields.size())
      for (const registers::Resolved::Rival& rival : record.fields[i].rivals) {
        out.begin_object()
            .member("text", shown(*edition, field, registers::to_text(rival.value)))
            .key("origin");
        write_origin(out, batches, rival.origin);
        out.end_object();
      }
    out.end_array();
    if (sight.shown[i] && i < record.fields.size() && record.fields[i].origin.batch.value > 0) {
      out.key("origin");
      write_origin(out, batches, record.fields[i].origin);
    }
    out.end_object();
  }
  out.end_array().key("related").begin_array();
  for (const schema::Register& other : edition->pack->schema.registers) {
    if (other.of != target->id || !sees_register(*edition, states, call.caller, Operation::ReadRecord, other))
      continue;
    const column::Table* rows = edition->snapshot->find(other.id);
    if (rows == nullptr) continue;
    const RecordSight of_other(*edition, states, call.caller, Operation::ReadRecord, other);
    std::int64_t count = 0;
    for (std::size_t at_row = 0; at_row < rows->size(); ++at_row)
      count += rows->key[at_row] == table->key[row] && of_other.shows(at_row) ? 1 : 0;
    out.begin_object()
        .member("register", other.id)
        .member("name", other.name)
        .member("count", count)
        .end_object();
  }
  out.end_array().member("etag", record_tag(record)).end_object();
  Answer answer = json(out);
  answer.headers.push_back({"ETag", record_tag(record)});
  return answer;
}

// Everything that was ever said about a record, latest first: each statement with what it changed.
Answer history(District& district, const Call& call) {
  const auto edition = district.edition();
  const schema::Register* target = edition->pack->schema.find(call.path.at("register"));
  const column::Table* table = target == nullptr ? nullptr : edition->snapshot->find(target->id);
  const std::int32_t at = table == nullptr ? -1 : row_of(*edition, call, *target, *table);
  if (at < 0) return not_there();
  const auto row = static_cast<std::size_t>(at);
  const RecordSight::Fields sight =
      RecordSight(*edition, district.store().lists().states(), call.caller, Operation::ReadHistory, *target)
          .fields(row);
  if (!sight.any) return not_there();
  const registers::Batches batches(district.store().registers().batches());
  std::vector<registers::Statement> statements;
  district.store().registers().read_record(target->id, table->key[row], {}, [&](registers::Statement&& one) {
    if (one.period == table->period[row]) statements.push_back(std::move(one));
  });
  std::map<int, std::string> before;
  std::vector<std::string> events;
  for (const registers::Statement& statement : statements) {
    const registers::Batch& batch = batches.at(statement.batch);
    JsonWriter out;
    out.begin_object()
        .member("at", batch.received_at)
        .member("who", batch.submitter)
        .member("unit", batch.provider);
    out.key("what");
    write_words(out, {std::string(registers::name_of(batch.source).zh) + "：" + batch.file_name,
                      std::string(registers::name_of(batch.source).en) + ": " + batch.file_name});
    out.member("reason", batch.reason).key("changes").begin_array();
    for (const registers::FieldValue& value : statement.values) {
      if (!sight.shown[static_cast<std::size_t>(value.field)]) continue;
      const schema::Field& field = target->fields[static_cast<std::size_t>(value.field)];
      const std::string now = value.state == quantity::State::Known
                                  ? shown(*edition, field, registers::to_text(value.value))
                                  : quantity::to_chinese(value.state);
      std::string& was = before[value.field];
      if (was != now)
        out.begin_object().member("field", field.name).member("from", was).member("to", now).end_object();
      was = now;
    }
    out.end_array().end_object();
    events.push_back(out.take());
  }
  std::string body = "{\"events\":[";
  for (std::size_t i = events.size(); i-- > 0;) body += events[i] + (i > 0 ? "," : "");
  return {.body = body + "]}"};
}

}  // namespace

std::vector<std::string> listed_keys(const Edition& edition, const store::RecordStates& states,
                                     const Call& call, const schema::Register& target,
                                     const std::optional<calendar::Period>& period,
                                     diagnostic::Diagnostics& told) {
  const column::Table* table = edition.snapshot->find(target.id);
  if (table == nullptr) return {};
  const RecordSight sight(edition, states, call.caller, Operation::ReadRecord, target);
  Listed list = listed(edition, states, call, sight, target, *table, period);
  for (diagnostic::Diagnostic& one : list.told) {
    one.place.file = "body";
    told.push_back(std::move(one));
  }
  std::vector<std::string> out;
  for (const std::uint32_t row : *list.rows) out.push_back(table->key[row]);
  return out;
}

std::vector<Route> record_routes(District& district) {
  std::vector<Route> out = file_routes(district);
  out.push_back(reading(
      "/api/registers", "list_registers", Summary("全部台账", "Every register"), Operation::ReadRecord, {},
      Shape::object("Registers",
                    {{"registers", Shape::list(Shape::object("RegisterSummary", summary_members())), ""}}),
      [&](const Call& call) { return list_registers(district, call); }));
  const Shape code = Shape::object("Code", {{"code", Shape::text(), ""}, {"name", Shape::text(), ""}});
  const Shape field = Shape::object(
      "RegisterField", {{"id", Shape::text(), ""},
                        {"name", Shape::text(), ""},
                        {"type", Shape::text(), "text, number, date, code ..."},
                        {"unit", Shape::text(), "", Presence::Optional},
                        {"required", Shape::boolean(), ""},
                        {"codes", Shape::list(code), "up to 300", Presence::Optional},
                        {"codes_ref", Shape::text(), "more: /api/codes/{codes}", Presence::Optional},
                        {"to", Shape::text(), "register it refers to", Presence::Optional},
                        {"provider", Shape::text(), "unit whose statement holds", Presence::Optional},
                        {"sensitivity", Shape::text(), ""},
                        {"hint", Shape::text(100000), "", Presence::Optional},
                        {"minimum", Shape::decimal(), "", Presence::Optional},
                        {"maximum", Shape::decimal(), "", Presence::Optional},
                        {"required_when", Shape::text(100000), "FEEL", Presence::Optional},
                        {"computed", Shape::text(100000), "FEEL; never stated", Presence::Optional}});
  const Shape may = Shape::object("RegisterRights", {{"import", Shape::boolean(), ""},
                                                     {"export", Shape::boolean(), ""},
                                                     {"correct", Shape::boolean(), ""}});
  std::vector<Member> schema_members = summary_members();
  schema_members.push_back({"key", Shape::list(Shape::text()), ""});
  schema_members.push_back({"fields", Shape::list(field), ""});
  schema_members.push_back({"laws",
                            Shape::list(Shape::object("NamedText", {{"name", Shape::text(), ""},
                                                                    {"value", Shape::text(100000), ""}})),
                            ""});
  schema_members.push_back({"may", may, ""});
  out.push_back(reading("/api/registers/{register}", "get_register",
                        Summary("一张台账的结构", "A register's schema"), Operation::ReadRecord,
                        {in_path("register", "id")}, Shape::object("RegisterSchema", schema_members),
                        [&](const Call& call) { return register_schema(district, call); }));
  const Shape column = Shape::object("ListColumn", {{"id", Shape::text(), ""},
                                                    {"name", Shape::text(), ""},
                                                    {"type", Shape::text(), ""},
                                                    {"unit", Shape::text(), "", Presence::Optional}});
  const Shape row = Shape::object("ListRow", {{"key", Shape::text(), ""},
                                              {"title", Shape::text(), ""},
                                              {"period", Shape::text(), "", Presence::Optional},
                                              {"cells", Shape::map(cell_shape()), "by field id"}});
  out.push_back(reading(
      "/api/registers/{register}/records", "list_records", Summary("台账列表", "Records of a register"),
      Operation::ReadRecord,
      {in_path("register", "id"),
       period_parameter(),
       page_parameter(),
       size_parameter(),
       {"where", Shape::text(2000), "FEEL over the fields"},
       {"q", Shape::text(60), "part of the key or name"},
       {"town", Shape::text(20), "code"},
       {"sort", Shape::text(300), "-tax_paid,legal_name"},
       {"columns", Shape::text(2000), "field ids"}},
      Shape::object("RecordList", {{"columns", Shape::list(column), ""},
                                   {"rows", Shape::list(row), ""},
                                   {"sums", Shape::map(figure_shape()), "over all that the filter keeps"},
                                   {"unknown", Shape::count(), "rows the filter could not decide"},
                                   {"words", Shape::list(words_shape()), "the filter in words"},
                                   {"total", Shape::count(), ""},
                                   {"page", Shape::count(), ""},
                                   {"size", Shape::count(), ""}}),
      [&](const Call& call) { return list_records(district, call); }));
  const Shape rival =
      Shape::object("Rival", {{"text", Shape::text(100000), ""}, {"origin", origin_shape(), ""}});
  const Shape value = Shape::object("RecordField", {{"id", Shape::text(), ""},
                                                    {"name", Shape::text(), ""},
                                                    {"cell", cell_shape(), ""},
                                                    {"rivals", Shape::list(rival), "what others say"},
                                                    {"origin", origin_shape(), "", Presence::Optional}});
  const Shape related = Shape::object(
      "Related",
      {{"register", Shape::text(), ""}, {"name", Shape::text(), ""}, {"count", Shape::count(), ""}});
  out.push_back(reading(
      "/api/registers/{register}/records/{key}", "get_record",
      Summary("一条记录，逐值有来源", "One record, each value with its origin"), Operation::ReadRecord,
      {in_path("register", "id"),
       in_path("key", "key of the record", 300),
       period_parameter(),
       {"as_of", Shape::date(), "the world on this day: what takes effect later is not yet"},
       {"known_on", Shape::date(), "what had been received by the end of this day"}},
      Shape::object("Record", {{"key", Shape::text(), ""},
                               {"title", Shape::text(), ""},
                               {"period", Shape::text(), ""},
                               {"fields", Shape::list(value), ""},
                               {"etag", Shape::text(), "for If-Match"},
                               {"related", Shape::list(related), ""}}),
      [&](const Call& call) { return one_record(district, call); }));
  const Shape change = Shape::object(
      "FieldChange",
      {{"field", Shape::text(), ""}, {"from", Shape::text(100000), ""}, {"to", Shape::text(100000), ""}});
  const Shape event = Shape::object("RecordEvent", {{"at", Shape::text(), ""},
                                                    {"who", Shape::text(), ""},
                                                    {"unit", Shape::text(), ""},
                                                    {"what", words_shape(), ""},
                                                    {"reason", Shape::text(2000), "as they gave it"},
                                                    {"changes", Shape::list(change), ""}});
  out.push_back(
      reading("/api/registers/{register}/records/{key}/history", "get_history",
              Summary("变更记录", "What was said about it, when, by whom"), Operation::ReadHistory,
              {in_path("register", "id"), in_path("key", "key of the record", 300), period_parameter()},
              Shape::object("RecordHistory", {{"events", Shape::list(event), "latest first"}}),
              [&](const Call& call) { return history(district, call); }));
  return out;
}

}  // namespace tenglong::server
