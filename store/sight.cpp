#include "store/inside/sight.h"

#include <algorithm>
#include <map>

namespace tenglong::store {

void hold_what_is_needed(const Ground& ground, const schema::Register& target) {
  std::vector<const schema::Register*> needed = {&target};
  const auto add = [&](const schema::Register* one) {
    if (one != nullptr && std::find(needed.begin(), needed.end(), one) == needed.end()) needed.push_back(one);
  };
  add(belonging_of(ground.schema, target).firm_register);
  for (std::size_t i = 0; i < needed.size(); ++i)  // computed fields may climb all the way up
    if (!needed[i]->of.empty()) add(ground.schema.find(needed[i]->of));
  for (const schema::Register* each : needed) rebuild_held(ground, *each, Rebuild::IfShapeDiffers);
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

std::optional<access::Object> Sight::object_of(const std::string& key, const std::string& period) const {
  const auto part =
      std::find_if(parts_.begin(), parts_.end(), [&](const Part& each) { return each.period == period; });
  if (part == parts_.end()) return std::nullopt;  // newer than what is seen here
  const auto found = part->by_key.find(key);
  if (found == part->by_key.end()) return std::nullopt;
  const HeldRows* rows = part->rows.get();
  const std::uint32_t row = found->second;
  return access::Object{
      .firm = rows->firm_of(row),
      .town = rows->town_of(row),
      .state = part->state,
      .register_id = target_.id,
      .value_of = [rows, row](const listing::Operand& operand) { return rows->value(operand, row); }};
}

bool Sight::narrow(registers::Statement& statement) const {
  std::optional<access::Object> object =
      object_of(statement.record_key, statement.period ? statement.period->to_string() : std::string());
  if (!object) return false;
  std::map<std::string_view, access::Answer> by_provider;
  bool is_seen = false;
  for (const schema::Field& field : target_.fields) {
    const auto [answer, is_new] = by_provider.try_emplace(field.provider);
    if (!is_new) continue;
    object->department = field.provider;
    answer->second = scope_.may(operation_, *object);
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
