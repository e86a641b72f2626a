#include <map>

#include "campaign/access/accounts.h"
#include "server/api.h"
#include "server/inside/write.h"

namespace tenglong::server {

Answer session_answer(District& district, const Caller& caller, const SessionState& state) {
  const auto edition = district.edition();
  text::JsonWriter out;
  out.begin_object().member("account", caller.account.id).member("name", state.name);
  out.member("unit", caller.account.unit).key("roles");
  write_list(out, caller.account.roles);
  out.key("operations").begin_array();
  for (const access::OperationInfo& one : access::operations())
    for (std::size_t at = 0; at < access::kStates; ++at)
      if (!caller.scope.rows(one.operation, static_cast<access::State>(at)).is_empty()) {
        out.string(one.id);
        break;
      }
  out.end_array().key("firms").begin_array();
  if (caller.scope.is_outside())
    for (const std::string& firm : caller.account.firms)
      if (caller.scope.may(access::Operation::ReadRecord, {.firm = firm}).allowed) out.string(firm);
  out.end_array().member("mark", edition->mark).member("district", edition->pack->head.name);
  out.member("version", edition->pack->head.version).member("today", district.options().today().to_string());
  out.member("csrf_token", state.csrf_token).member("needs_set_up", state.needs_set_up);
  out.member("second_factor_due", state.second_factor_due).member("password_due", state.password_due);
  if (state.other_way) {
    out.key("other_way");
    write_words(out, *state.other_way);
  }
  out.end_object();
  return json(out);
}

const Shape& session_shape() {
  static const Shape kShape = Shape::object(
      "Session", {{"account", Shape::text(), "empty: nobody is signed in"},
                  {"name", Shape::text(), ""},
                  {"unit", Shape::text(), ""},
                  {"roles", Shape::list(Shape::text()), "ids"},
                  {"operations", Shape::list(Shape::text()), "that this account may ever do"},
                  {"firms", Shape::list(Shape::text()), "credit codes of an enterprise contact's own"},
                  {"mark", Shape::text(), "样例数据 and the like"},
                  {"district", Shape::text(), "name of the pack"},
                  {"version", Shape::text(), "of the pack"},
                  {"today", Shape::text(), ""},
                  {"csrf_token", Shape::text(), "to be sent back as X-CSRF-Token with every change"},
                  {"needs_set_up", Shape::boolean(), "there are no accounts yet"},
                  {"second_factor_due", Shape::boolean(), "one must be made before anything else"},
                  {"password_due", Shape::boolean(), "it was given by another and must be changed"},
                  {"other_way", words_shape(), "into it, by an identity provider: /api/session/oidc",
                   Presence::Optional}});
  return kShape;
}

namespace {

// The code table that a register's units stand in, and that of towns: what the rules know of who is who.
constexpr const char* kUnitTables[] = {"unit", "town"};

Answer units_answer(District& district, const Call& call) {
  const auto edition = district.edition();
  const pack::Pack& pack = *edition->pack;
  const bool tells_people = call.caller.scope.may(access::Operation::ManageAccount, {}).allowed ||
                            call.caller.scope.may(access::Operation::GrantRole, {}).allowed;
  std::map<std::string, std::vector<access::KeptAccount>> people;
  if (tells_people)
    for (access::KeptAccount& one : district.store().accounts().accounts()) {
      for (const std::string& town : one.towns)
        if (edition->naming().town_name(town) != one.unit)
          people[edition->naming().town_name(town)].push_back(one);
      people[one.unit].push_back(std::move(one));
    }
  std::map<std::string, std::int64_t> fields, leads, takes_part;
  for (const schema::Register& each : pack.schema.registers)
    for (const schema::Field& field : each.fields)
      if (!field.provider.empty()) ++fields[field.provider];
  for (const pack::Target& target : pack.targets) {
    if (!target.lead.empty()) ++leads[target.lead];
    for (const std::string& unit : target.participants) ++takes_part[unit];
  }
  text::JsonWriter out;
  out.begin_object().member("tells_people", tells_people).key("units").begin_array();
  for (const char* table : kUnitTables) {
    const schema::Codes* codes = pack.schema.find_codes(table);
    if (codes == nullptr) continue;
    for (const schema::CodeEntry& entry : codes->entries) {
      out.begin_object().member("table", table).member("code", entry.code).member("name", entry.name);
      out.member("above", entry.parent).key("aliases");
      write_list(out, entry.aliases);
      out.member("from", entry.from ? entry.from->to_string() : std::string());
      out.member("until", entry.until ? entry.until->to_string() : std::string());
      out.member("successor", entry.successor).member("holds", entry.holds_on(district.options().today()));
      const auto of = [&](const std::map<std::string, std::int64_t>& counts) {
        std::int64_t sum = 0;
        if (const auto found = counts.find(entry.name); found != counts.end()) sum += found->second;
        for (const std::string& alias : entry.aliases)
          if (const auto found = counts.find(alias); found != counts.end()) sum += found->second;
        return sum;
      };
      out.member("fields", of(fields)).member("leads", of(leads)).member("takes_part", of(takes_part));
      out.key("people").begin_array();
      for (const access::KeptAccount& one : people[entry.name]) {
        out.begin_object().member("account", one.id).member("name", one.name).key("roles");
        write_list(out, one.roles);
        out.member("is_disabled", one.is_disabled).end_object();
      }
      out.end_array().end_object();
    }
  }
  out.end_array().end_object();
  return json(out);
}

Route units_route(District& district) {
  const Shape person = Shape::object("UnitPerson", {{"account", Shape::text(), ""},
                                                    {"name", Shape::text(), ""},
                                                    {"roles", Shape::list(Shape::text()), "ids"},
                                                    {"is_disabled", Shape::boolean(), ""}});
  const Shape unit = Shape::object("Unit", {{"table", Shape::choice({"unit", "town"}), "of codes"},
                                            {"code", Shape::text(), ""},
                                            {"name", Shape::text(), ""},
                                            {"above", Shape::text(), "code; empty: none"},
                                            {"aliases", Shape::list(Shape::text()), ""},
                                            {"from", Shape::text(), "first day; empty: always was"},
                                            {"until", Shape::text(), "first day on which it is no more"},
                                            {"successor", Shape::text(), "code that holds from then on"},
                                            {"holds", Shape::boolean(), "today"},
                                            {"fields", Shape::count(), "that it provides"},
                                            {"leads", Shape::count(), "targets"},
                                            {"takes_part", Shape::count(), "in targets"},
                                            {"people", Shape::list(person), "for whoever keeps accounts"}});
  return reading(
      "/api/units", "list_units",
      Summary("单位与镇街：上下、别名、沿革、人", "Units and towns: above, aliases, history, people"),
      Right::any_of({access::Operation::ManageAccount, access::Operation::GrantRole,
                     access::Operation::ReadTrail, access::Operation::Backup}),
      {},
      Shape::object("Units", {{"tells_people", Shape::boolean(), "false: people are left out"},
                              {"units", Shape::list(unit), "units, then towns, as the rules have them"}}),
      [&district](const Call& call) { return units_answer(district, call); });
}

}  // namespace

std::vector<Route> system_routes(District& district, const Running& running) {
  std::vector<Route> out{units_route(district)};
  out.push_back({Method::Get,
                 "/health",
                 "health",
                 Summary("活着没有", "Whether the server works"),
                 Right::everyone(),
                 Repeat::Reads,
                 Runs::Here,
                 {},
                 Input::none(),
                 Output::json(Shape::object("Health", {{"status", Shape::choice({"ok"}), ""}})),
                 [](const Call&) { return Answer{.body = "{\"status\":\"ok\"}"}; }});
  out.push_back({Method::Get,
                 "/metrics",
                 "metrics",
                 Summary("监测指标", "Metrics as Prometheus text"),
                 Right::everyone(),
                 Repeat::Reads,
                 Runs::OnWorker,
                 {},
                 Input::none(),
                 Output::file("text/plain; version=0.0.4"),
                 [running](const Call& call) {
                   // Counts of what is done here are for this machine's own monitor.
                   if (call.request.peer != "127.0.0.1" && call.request.peer != "::1") return not_there();
                   return Answer{.content_type = "text/plain; version=0.0.4", .body = running.metrics()};
                 }});
  out.push_back({Method::Get,
                 "/api/openapi.json",
                 "get_openapi",
                 Summary("接口说明", "This document"),
                 Right::everyone(),
                 Repeat::Reads,
                 Runs::Here,
                 {},
                 Input::none(),
                 Output::json(Shape::any()),
                 [running](const Call&) { return Answer{.body = running.openapi()}; }});

  out.push_back({Method::Get,
                 "/api/events",
                 "hear_events",
                 Summary("有新数据时告知", "Told when the data changes"),
                 Right::signed_in(),
                 Repeat::Reads,
                 Runs::Here,
                 {},
                 Input::none(),
                 Output::events(),
                 [&district](const Call&) {
                   return Answer{.content_type = "text/event-stream", .feed = district.news()};
                 }});
  return out;
}

}  // namespace tenglong::server
