#include <algorithm>

#include "engine/fingerprint/fingerprint.h"
#include "engine/register/carried_store.h"
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
  std::map<std::pair<std::string, std::string>, std::size_t> version;  // that says it; a later one counts
  while (query.step()) {
    const std::string_view what = query.text(0), period = query.text(2);
    if (what == "mark") {
      registers::Carrier::Led led{.register_id = std::string(query.text(1))};
      if (ground.carrier != nullptr) {
        auto now = ground.carrier->led(led.register_id);
        if (!now) continue;
        led = std::move(*now);
      }
      const std::pair<std::string, std::string> of{led.register_id, std::string(period)};
      const auto [at, is_new] = version.try_emplace(of, led.version);
      if (!is_new && at->second > led.version) continue;
      at->second = led.version;
      for (std::size_t i = 0; i < access::kStates; ++i)
        if (query.text(3) == access::kStateNames[i]) out.marked[of] = static_cast<access::State>(i);
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
  const RecordStates states = kept_states(ground, connection);
  for (const std::string& period : periods) {
    if (period.empty()) continue;  // confirmed by nobody: marked by hand
    const auto mark = states.marked.find({register_id, period});
    if (mark == states.marked.end() || mark->second != access::State::Confirmed) continue;
    out.push_back(set_state(ground, connection, register_id, period, access::State::Draft));
  }
  return out;
}

}  // namespace tenglong::store
