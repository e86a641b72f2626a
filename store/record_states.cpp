#include <algorithm>

#include "engine/fingerprint/fingerprint.h"
#include "engine/text/text.h"
#include "store/inside/states.h"
#include "store/store.h"

namespace tenglong::store {

access::State kept_state(const Ground& ground, Connection& connection, const std::string& register_id,
                         const std::string& period) {
  Query query(connection,
              "select 'mark', state from record_state where area = $1 and register_id = $2 and period = $3 "
              "union all select distinct 'lock', period from locked_snapshot where area = $1 "
              "union all select 'published', name from setting where area = $1 and name >= 'published/' and "
              "name < 'published0'");
  query.bind(1, ground.area).bind(2, register_id).bind(3, period);
  const std::optional<calendar::Period> at = calendar::Period::parse(period);
  auto state = access::State::Draft;
  bool is_locked = false, is_published = false;
  while (query.step()) {
    const std::string_view what = query.text(0), value = query.text(1);
    if (what == "mark") {
      for (std::size_t i = 0; i < access::kStates; ++i)
        if (value == access::kStateNames[i]) state = static_cast<access::State>(i);
      continue;
    }
    const bool is_lock = what == "lock";
    const auto within =
        calendar::Period::parse(is_lock ? value : value.substr(std::string_view(kPublishedSetting).size()));
    if (at && within && within->contains(*at)) (is_lock ? is_locked : is_published) = true;
  }
  // What may still change is not what was published.
  if (is_locked) state = std::max(state, is_published ? access::State::Published : access::State::Locked);
  return state;
}

access::State kept_state(const Ground& ground, Connection& connection, const calendar::Period& period) {
  auto least = access::State::Published;
  bool is_any = false;
  for (const schema::Register& each : ground.schema.registers) {
    if (each.period == schema::PeriodKey::None) continue;
    is_any = true;
    least = std::min(least, kept_state(ground, connection, each.id, period.to_string()));
  }
  return is_any ? least : access::State::Draft;
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
