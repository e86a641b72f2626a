#include "engine/pack/pack.h"

#include <algorithm>

namespace tenglong::pack {
namespace {

template <class Named>
const Named* by_name(const std::vector<Named>& all, std::string_view name) {
  for (const Named& one : all)
    if (one.name == name || one.id == name) return &one;
  return nullptr;
}

}  // namespace

bool Block::is_default() const { return source.starts_with("缺省"); }
bool Block::is_suggestion() const { return source.starts_with("建"); }

const Parameter* Pack::parameter(std::string_view name) const { return by_name(parameters, name); }
const Indicator* Pack::indicator(std::string_view name) const { return by_name(indicators, name); }
const Decision* Pack::decision(std::string_view name) const { return by_name(decisions, name); }
calendar::Date DueRule::on(const calendar::Period& period) const {
  const calendar::Date month = calendar::Date{period.to.year, period.to.month, 1}.plus_months(months);
  return {month.year, month.month, std::min(day, calendar::days_in_month(month.year, month.month))};
}

const Simulation* Pack::simulation_of(std::string_view register_id) const {
  for (const Simulation& each : simulations)
    if (each.of == register_id) return &each;
  return nullptr;
}
const Scheme* Pack::scheme(std::string_view name) const { return by_name(schemes, name); }
const Roster* Pack::roster(std::string_view name) const { return by_name(rosters, name); }
const Target* Pack::target(std::string_view id) const { return by_name(targets, id); }

const Clause* Pack::clause(std::string_view id) const {
  for (const Clause& one : clauses)
    if (one.id == id) return &one;
  return nullptr;
}

}  // namespace tenglong::pack
