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
// Whether a block of `part` names a register that is not among `line` (ids).
bool leads_outside(const pack::Pack& pack, const run::Part& part, const std::vector<std::string>& line);
// Whether the figure of an `over` indicator for `period` can rest on this field of this record.
bool rests_on(const pack::Pack& pack, const column::Snapshot& snapshot, const pack::Indicator& indicator,
              const calendar::Period& period, const Override& field);
// Whether the value of an indicator of a record can rest on this field, of this record or of another.
bool rests_on(const pack::Pack& pack, const pack::Indicator& indicator, const Override& field);
run::Part everything(const pack::Pack& pack);
run::Part all_targets(const pack::Pack& pack);

// Names of the number fields of `of` on which the scores, conditions and grades of a scheme rest.
std::vector<std::string> fields_under(const pack::Pack& pack, const pack::Scheme& scheme);

}  // namespace tenglong::simulate
