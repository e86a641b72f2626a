#include "server/inside/record_sight.h"

#include <algorithm>
#include <map>

namespace tenglong::server {

namespace {

// What of a filter speaks of records of this register. The unit's own fields make every row one of its own:
// which of them it sees, the field's provider says.
access::RowFilter of_register(access::RowFilter filter, const schema::Register& target,
                              const std::vector<schema::Field>& fields) {
  const auto narrow = [&](access::RowSets& sets) {
    for (const schema::Field& one : fields)
      if (!one.provider.empty() && sets.departments.contains(one.provider)) sets.everything = true;
    sets.departments.clear();
    sets.meant_for.clear();  // batches and receipts, never records
  };
  narrow(filter);
  for (auto& each : filter.conditional) narrow(each);
  std::erase_if(filter.conditional,
                [&](const auto& each) { return each.register_id != target.id || each.is_empty(); });
  return filter;
}

std::set<access::State> states_in(const Edition& edition, const store::RecordStates& states,
                                  const schema::Register& target) {
  std::set<access::State> out;
  if (const column::Table* table = edition.snapshot->find(target.id))
    for (const auto& period : table->period.distinct()) out.insert(states.of(target.id, period));
  if (out.empty()) out.insert(states.of(target.id, std::nullopt));
  return out;
}

}  // namespace

RecordSight::RecordSight(const Edition& edition, const store::RecordStates& states, const Caller& caller,
                         access::Operation operation, const schema::Register& target)
    : edition_(edition),
      caller_(caller),
      operation_(operation),
      target_(target),
      periods_(edition.snapshot->find(target.id)->period.code()),
      whose_(edition, target.id) {
  for (const auto& period : edition.snapshot->find(target.id)->period.distinct()) {
    states_.push_back(states.of(target.id, period));
    const access::RowFilter filter =
        of_register(caller.scope.rows(operation, states_.back()), target, target.fields);
    shows_all_ = shows_all_ && filter.everything;
    apart_.insert(filter.firms.begin(), filter.firms.end());
    by_row_ = by_row_ || !filter.conditional.empty();
  }
  known_.resize(states_.size() * whose_.towns());
}

bool RecordSight::shows(std::size_t row) const {
  if (shows_all_) return true;
  if (by_row_ || (!apart_.empty() && apart_.contains(whose_.firm(row)))) return asked(row);
  std::int8_t& known = known_[periods_[row] * whose_.towns() + whose_.town(row)];
  if (known == 0) known = asked(row) ? 1 : -1;
  return known == 1;
}

access::Answer RecordSight::of_provider(std::size_t row, const std::string& provider) const {
  access::Object object = object_of(edition_, target_.id, row, state(row));
  object.department = provider;
  return caller_.scope.may(operation_, object);
}

bool RecordSight::asked(std::size_t row) const {
  std::set<std::string_view> asked;
  return std::any_of(target_.fields.begin(), target_.fields.end(), [&](const schema::Field& field) {
    return asked.insert(field.provider).second && of_provider(row, field.provider).allowed;
  });
}

RecordSight::Fields RecordSight::fields(std::size_t row) const {
  Fields out{.shown = std::vector<bool>(target_.fields.size())};
  std::map<std::string_view, access::Answer> by_provider;
  for (std::size_t i = 0; i < target_.fields.size(); ++i) {
    const schema::Field& field = target_.fields[i];
    const auto [answer, is_new] = by_provider.try_emplace(field.provider);
    if (is_new) answer->second = of_provider(row, field.provider);
    out.shown[i] = answer->second.allowed && field.sensitivity <= answer->second.level;
    out.any = out.any || answer->second.allowed;
  }
  // Whoever sees anything of a record sees what it is called.
  for (std::size_t i = 0; i < target_.fields.size() && out.any; ++i)
    if (std::find(target_.key.begin(), target_.key.end(), target_.fields[i].id) != target_.key.end())
      out.shown[i] = true;
  return out;
}

bool sees_register(const Edition& edition, const store::RecordStates& states, const Caller& caller,
                   access::Operation operation, const schema::Register& target) {
  const std::set<access::State> all = states_in(edition, states, target);
  return std::any_of(all.begin(), all.end(), [&](access::State state) {
    return !of_register(caller.scope.rows(operation, state), target, target.fields).is_empty();
  });
}

bool may_query(const Edition& edition, const store::RecordStates& states, const Caller& caller,
               access::Operation operation, const schema::Register& target, const schema::Register& of,
               const schema::Field& field) {
  const std::set<access::State> own = states_in(edition, states, target);
  const std::set<access::State> fields = &of == &target ? own : states_in(edition, states, of);
  bool may_list = false;
  for (const access::State state : own) {
    const access::RowFilter listed = of_register(caller.scope.rows(operation, state), target, target.fields);
    if (listed.is_empty()) continue;
    may_list = true;
    for (const access::State shown : &of == &target ? std::set{state} : fields)
      if (!access::reaches_as_far(
              of_register(caller.scope.rows_at(operation, shown, field.sensitivity), of, {field}), listed))
        return false;
  }
  return may_list;
}

}  // namespace tenglong::server
