#include "engine/result/result.h"

#include <algorithm>

namespace tenglong::result {

const char* to_chinese(Standing standing) {
  switch (standing) {
    case Standing::NotDue:
      return "–";
    case Standing::Rated:
      return "参评";
    case Standing::Exempt:
      return "免评";
    case Standing::NotRated:
      return "不评";
  }
  return "–";
}

const Outcome* SchemeResult::find(std::string_view key) const {
  const auto at =
      std::lower_bound(outcomes.begin(), outcomes.end(), key,
                       [](const Outcome& outcome, std::string_view wanted) { return outcome.key < wanted; });
  return at != outcomes.end() && at->key == key ? &*at : nullptr;
}

const SchemeResult* Result::scheme(std::string_view name) const {
  for (const SchemeResult& each : schemes)
    if (each.scheme == name || each.id == name) return &each;
  return nullptr;
}

const RosterResult* Result::roster(std::string_view name) const {
  for (const RosterResult& each : rosters)
    if (each.roster == name || each.id == name) return &each;
  return nullptr;
}

}  // namespace tenglong::result
