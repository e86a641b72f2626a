// One operator on exact values: what folding, re-evaluation in decimal128 and the laws go by.
#pragma once
#include <span>

#include "engine/plan/plan.h"

namespace tenglong::plan {

// True for operators whose value follows from their inputs alone (not Field, RowExists, Lookup, Population,
// Interpret).
bool is_pure(Op op);
feel::Value apply_exactly(const Node& node, std::span<const feel::Value> inputs);

}  // namespace tenglong::plan
