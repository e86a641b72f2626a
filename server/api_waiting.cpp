#include "server/api.h"
#include "server/inside/waiting.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

Answer waiting(District& district, const Call& call) {
  std::vector<Waiting> all;
  notices_waiting(district, call, all);
  items_waiting(district, call, all);
  corrections_waiting(district, call, all);
  gaps_waiting(district, call, all);
  revisions_waiting(district, call, all);
  if (const auto edition = district.edition(); edition->period) {
    const access::State state = state_of_result(*edition, district.store().lists().states());
    if (state == access::State::Locked &&
        call.caller.scope.may(access::Operation::PublishResult, {.state = state}).allowed)
      all.push_back({"publish", 1, edition->period->to_string()});
  }
  text::JsonWriter out;
  out.begin_object().key("waiting").begin_array();
  for (const Waiting& one : all) {
    out.begin_object().member("kind", one.kind).member("count", one.count);
    out.member("period", one.period).end_object();
  }
  out.end_array().end_object();
  return tagged(out);
}

}  // namespace

std::vector<Route> waiting_routes(District& district) {
  const Shape one = Shape::object(
      "Waiting", {{"kind",
                   Shape::choice({"confirm", "returned", "late", "remind", "rivals", "corrections", "gaps",
                                  "revisions", "given_back", "publish", "notices"}),
                   ""},
                  {"count", Shape::count(), "1 and more"},
                  {"period", Shape::text(), "empty: of no year"}});
  return {reading("/api/waiting", "get_waiting", Summary("待办", "What waits for whoever asks"),
                  Right::signed_in(), {},
                  Shape::object("WaitingList", {{"waiting", Shape::list(one), "nothing that is 0"}}),
                  [&](const Call& call) { return waiting(district, call); })};
}

}  // namespace tenglong::server
