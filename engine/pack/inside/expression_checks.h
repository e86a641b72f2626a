// What is wrong with an expression that parses and has a type.
#pragma once
#include <functional>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {

// Calls `visit` for every node, parents first.
void walk(const feel::Node& tree, const std::function<void(const feel::Node&)>& visit);

// W-PACK-209: a comparison whose side is a quotient that nobody rounded.
void check_raw_quotients(Draft& draft, const Expression& expression);
bool is_raw_quotient(const feel::Node& node);
// E-PACK-203: a divisor that can be zero, in an indicator of each record.
void check_divisors(Draft& draft, const Indicator& indicator);
// E-PACK-207: a number in an indicator that names no source.
void check_bare_numbers(Draft& draft, const Indicator& indicator);
// E-PACK-222: a parameter asked with a key that none of its rows has.
void check_parameter_keys(Draft& draft, const Expression& expression);

}  // namespace tenglong::pack
