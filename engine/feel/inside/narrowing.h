// What a condition says of null: in `if x != null then a else b`, x has a value in a.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/syntax.h"

namespace tenglong::feel {

// Names and paths of names, as x or x.y.
std::string path_text(const Node& node);  // "" if it is neither
// Those that are not null if the condition is true, or if it is not.
std::vector<std::string> known_if(const Node& condition, bool truth);

}  // namespace tenglong::feel
