// The names of an expression and their types, by where it stands.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "engine/feel/type.h"
#include "engine/pack/pack.h"

namespace tenglong::pack {

// What a decision gives: one value, a context of several, a list for the collecting policies.
feel::Type type_of(const Decision& decision);
feel::Type type_of(const Parameter& parameter);

// Words that the engine itself puts in scope, and FEEL's own: no block or field may bear them.
bool is_reserved(std::string_view name);

}  // namespace tenglong::pack
