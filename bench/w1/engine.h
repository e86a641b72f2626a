// The engine's side of W1: its policy and its columns.
#pragma once
#include <string>

#include "bench/w1/w1.h"
#include "engine/column/column.h"
#include "engine/pack/pack.h"
#include "engine/plan/plan.h"
#include "engine/run/execution.h"

namespace bench::w1 {

tenglong::column::Snapshot columns_of(const tenglong::pack::Pack& pack, const District& district);
// docs/cost.md and its plots. False if they could not be written.
bool write_cost(const tenglong::pack::Pack& pack, const tenglong::plan::Plan& plan,
                const std::string& folder);
// A whole run, then questions about it: why, which records, why not.
void ask_questions(const tenglong::pack::Pack& pack, const District& district);

}  // namespace bench::w1
