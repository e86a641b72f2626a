#include <algorithm>

#include "engine/fingerprint/fingerprint.h"
#include "engine/text/text.h"
#include "store/inside/states.h"
#include "store/store.h"

namespace tenglong::store {

RecordStates kept_states(const Ground& ground, Connection& connection) {
  Query query(connection,
              "select 'mark', register_id, period, state from record_state where area = $1 "
              "union all select distinct 'lock', '', period, '' from locked_snapshot where area = $1 "
              "union all select 'published', '', name, '' from setting where area = $1 and "
              "name >= 'published/' and name < 'published0'");
  query.bind(1, ground.area);
  RecordStates out;
  while (query.step()) {
    const std::string_view what = query.text(0), period = query.text(2);
    if (what == "mark") {
      for (std::size_t i = 0; i < access::kStates; ++i)
        if (query.text(3) == access::kStateNames[i])
          out.marked[{std::string(query.text(1)), std::string(period)}] = static_cast<access::State>(i);
      continue;
    }
    const bool is_lock = what == "lock";
    if (const auto within = calendar::Period::parse(
            is_lock ? period : period.substr(std::string_view(kPublishedSetting).size())))
      (is_lock ? out.locked : out.published).push_back(*within);
  }
  return out;
}

access::State kept_state(const Ground& ground, Connection& connection, const std::string& register_id,
                         const std::string& period) {
  return kept_states(ground, connection).of(register_id, calendar::Period::parse(period));
}

access::State RecordStates::of(const std::string& register_id,
                               const std::optional<calendar::Period>& period) const {
  const auto mark = marked.find({register_id, period ? period->to_string() : std::string()});
  access::State state = mark == marked.end() ? access::State::Draft : mark->second;
  const auto lies_in = [&](const std::vector<calendar::Period>& all) {
    return period && std::any_of(all.begin(), all.end(),
                                 [&](const calendar::Period& each) { return each.contains(*period); });
  };
  // What may still change is not what was published.
  if (lies_in(locked))
    state = std::max(state, lies_in(published) ? access::State::Published : access::State::Locked);
  return state;
}

access::State RecordStates::least(const schema::Schema& schema, const calendar::Period& period) const {
  auto out = access::State::Published;
  bool is_any = false;
  for (const schema::Register& each : schema.registers) {
    if (each.period == schema::PeriodKey::None) continue;
    is_any = true;
    out = std::min(out, of(each.id, period));
  }
  return is_any ? out : access::State::Draft;
}

StateDetail set_state(const Ground& ground, Connection& connection, const std::string& register_id,
                      const std::string& period, access::State state) {
  const char* name = access::kStateNames[static_cast<std::size_t>(state)];
  Query(connection,
        "insert into record_state (area, register_id, period, state) values ($1, $2, $3, $4) on conflict "
        "(area, register_id, period) do update set state = excluded.state")
      .bind(1, ground.area)
      .bind(2, register_id)
      .bind(3, period)
      .bind(4, name)
      .run();
  return {"record_state " + register_id + "/" + period, fingerprint::of_bytes(name)};
}

std::vector<StateDetail> take_back(const Ground& ground, Connection& connection,
                                   const std::string& register_id, const std::set<std::string>& periods) {
  std::vector<StateDetail> out;
  for (const std::string& period : periods) {
    if (period.empty()) continue;  // confirmed by nobody: marked by hand
    Query mark(
        connection,
        "select 1 from record_state where area = $1 and register_id = $2 and period = $3 and state = $4");
    mark.bind(1, ground.area)
        .bind(2, register_id)
        .bind(3, period)
        .bind(4, access::kStateNames[static_cast<std::size_t>(access::State::Confirmed)]);
    if (!mark.step()) continue;
    mark.reset();
    out.push_back(set_state(ground, connection, register_id, period, access::State::Draft));
  }
  return out;
}

}  // namespace tenglong::store
