// Whether a value is the one that a test expects.
#pragma once
#include "engine/feel/value.h"

namespace tenglong::tck {

enum class Match { Equal, Rounded, Near, Different };
// Rounded: every number that is not equal is, once written with the digits of the expected one (HALF_EVEN),
// and those are eight after the point or more. Near: not that, but no number is further than 1e-8 away.
Match match(const feel::Value& actual, const feel::Value& expected);

}  // namespace tenglong::tck
