// What each built-in function gives, before any data: kind, unit and whether it can be null.
#pragma once
#include <string_view>

#include "engine/feel/value.h"

namespace tenglong::feel {

enum class Gives {
  Kind,         // always `kind`
  First,        // the type of the first argument: round up(n, 2) keeps the unit
  Element,      // of the list, or of all arguments together: sum, min
  ElementList,  // a list of such
  Any,
};
enum class CanBeNull {
  Never,           // count([]) is 0
  WithAnArgument,  // null only if an argument is
  ByItself,        // sum([]), sqrt(-1), date("x")
};

struct BuiltinType {
  const char* name;
  Gives gives;
  Kind kind;
  CanBeNull can_be_null;
};
const BuiltinType* find_builtin_type(std::string_view name);

}  // namespace tenglong::feel
