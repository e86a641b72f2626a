#include "store/inside/sight.h"

#include <algorithm>
#include <map>

namespace tenglong::store {

access::State kept_state(const Ground& ground, Connection& connection, const std::string& register_id,
                         const std::string& period) {
  Query query(connection,
              "select state from record_state where area = $1 and register_id = $2 and period = $3");
  query.bind(1, ground.area).bind(2, register_id).bind(3, period);
  if (query.step())
    for (std::size_t i = 0; i < access::kStates; ++i)
      if (query.text(0) == access::kStateNames[i]) return static_cast<access::State>(i);
  return access::State::Draft;
}

void hold_what_is_needed(const Ground& ground, const schema::Register& target) {
  rebuild_held(ground, target, Rebuild::IfShapeDiffers);
  const schema::Register* above = target.of.empty() ? nullptr : ground.schema.find(target.of);
  const schema::Register* firm = belonging_of(ground.schema, target).firm_register;
  for (const schema::Register* each : {above, firm})
    if (each != nullptr && each != &target) rebuild_held(ground, *each, Rebuild::IfShapeDiffers);
}

Sight::Sight(const Ground& ground, const schema::Register& target, const access::Scope& scope,
             access::Operation operation)
    : target_(target), scope_(scope), operation_(operation) {
  hold_what_is_needed(ground, target);
  reader_.emplace(ground.db->snapshot());
  for (HeldPart& held : held_parts(ground, **reader_, target.id)) {
    Part part{.period = held.period, .state = kept_state(ground, **reader_, target.id, held.period)};
    part.rows = std::make_unique<HeldRows>(ground, **reader_, target, std::move(held));
    const listing::Column& keys = part.rows->column({listing::Operand::From::Key, -1});
    part.by_key.reserve(keys.rows());
    for (std::uint32_t row = 0; row < keys.rows(); ++row) part.by_key.emplace(keys.text(row), row);
    parts_.push_back(std::move(part));
  }
}

bool Sight::narrow(registers::Statement& statement) const {
  const std::string period = statement.period ? statement.period->to_string() : std::string();
  const auto part =
      std::find_if(parts_.begin(), parts_.end(), [&](const Part& each) { return each.period == period; });
  if (part == parts_.end()) return false;  // newer than what is seen here
  const auto found = part->by_key.find(statement.record_key);
  if (found == part->by_key.end()) return false;
  const std::uint32_t row = found->second;
  access::Object object{
      .firm = part->rows->firm_of(row),
      .town = part->rows->town_of(row),
      .state = part->state,
      .register_id = target_.id,
      .value_of = [&](const listing::Operand& operand) { return part->rows->value(operand, row); }};
  std::map<std::string_view, access::Answer> by_provider;
  bool is_seen = false;
  for (const schema::Field& field : target_.fields) {
    const auto [answer, is_new] = by_provider.try_emplace(field.provider);
    if (!is_new) continue;
    object.department = field.provider;
    answer->second = scope_.may(operation_, object);
    is_seen = is_seen || answer->second.allowed;
  }
  if (!is_seen) return false;
  std::erase_if(statement.values, [&](const registers::FieldValue& value) {
    const schema::Field& field = target_.fields[static_cast<std::size_t>(value.field)];
    const access::Answer& answer = by_provider[field.provider];
    return !answer.allowed || answer.level < field.sensitivity;
  });
  return true;
}

}  // namespace tenglong::store
