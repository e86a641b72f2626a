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

std::vector<Route> system_routes(District& district, const Running& running) {
  std::vector<Route> out;
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
