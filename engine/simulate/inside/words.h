// What a place on a list is called.
#pragma once
#include "engine/result/result.h"

namespace tenglong::simulate {

const char* word_of(const result::RosterEntry* entry);  // nullptr: 不在应查

}  // namespace tenglong::simulate
