// A result after some records were stated anew, taken from the one before.
//
// In:    pack; the snapshot before and what retake() made of it; the result of a run over the one before.
// Out:   the result as run() gives it over the new snapshot; it bears no fingerprint.
// Law:   with the fingerprints put in, equal to a full run (server/district_laws_test.cpp).
// Cost:  blocks that none of what moved can reach are taken from the result before; the others run again.
#pragma once
#include "engine/column/column.h"
#include "engine/result/result.h"
#include "engine/run/run.h"

namespace tenglong::simulate {

// Blocks that may say something else of the records now.
run::Part dependents(const pack::Pack& pack, const std::vector<column::Retaken::Moved>& moved);
result::Result restated(const pack::Pack& pack, const column::Snapshot& snapshot, const run::Options& options,
                        const run::Part& part, const result::Result& before);

}  // namespace tenglong::simulate
