// Which schemes, rosters, indicators and targets a change can move: found by walking names, before anything
// runs.
//
// Law:   what is not named here is equal before and after (simulate_laws_test.cpp). It may name too much,
// never
//        too little: two fields of one name in different registers count as one.
#pragma once
#include <vector>

#include "engine/run/run.h"
#include "engine/simulate/override.h"

namespace tenglong::simulate {

run::Part dependents(const pack::Pack& pack, const std::vector<Override>& overrides);
run::Part everything(const pack::Pack& pack);

// Names of the number fields of `of` on which the scores, conditions and grades of a scheme rest.
std::vector<std::string> fields_under(const pack::Pack& pack, const pack::Scheme& scheme);

}  // namespace tenglong::simulate
