// Following what happened to a code, over events that are already in order.
#pragma once
#include <span>

#include "engine/identity/identity.h"

namespace tenglong::identity {

// By day, then number.
void put_in_order(std::vector<Event>& events);
Succession follow(std::string_view code, Date on, std::span<const Event> ordered);

}  // namespace tenglong::identity
