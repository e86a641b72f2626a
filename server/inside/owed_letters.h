// What units owe in a year as far as somebody sees it, and the letter that asks each of them for it today.
#pragma once
#include <cstdint>
#include <vector>

#include "campaign/collection/collection.h"
#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

struct OwedLetter {
  collection::Reminder letter = {};
  std::int64_t items = 0, days = 0;  // days: of the latest item
};
std::vector<OwedLetter> owed_letters(District& district, const Edition& edition,
                                     const std::vector<collection::Present>& seen,
                                     const calendar::Period& within);
// Of the items that the caller sees.
std::vector<OwedLetter> owed_letters(District& district, const Call& call, const calendar::Period& within);

std::vector<Route> reminder_routes(District& district);

}  // namespace tenglong::server
