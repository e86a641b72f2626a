// Executes a plan over a snapshot. Doubles with a proven bound; what the bound cannot decide goes to
// decimal128.
//
// Law:   every rounded score, rank, grade, state, list entry and total equals what the FEEL interpreter gives
// row by row
//        (reference.h), for any data, row order, batch size and thread count.
#pragma once
#include <set>
#include <string>

#include "engine/calendar/period.h"
#include "engine/column/column.h"
#include "engine/pack/pack.h"
#include "engine/result/result.h"

namespace tenglong::run {

enum class Arithmetic { Filtered, Exact };  // Exact: everything in decimal128, for tests and doubts

struct Options {
  calendar::Period period = {};
  Arithmetic arithmetic = Arithmetic::Filtered;
  std::size_t batch_rows = 2048;
  int threads = 1;
};

// Everything of the pack that the period asks for: schemes, rosters, population indicators; with fingerprint
// and balance.
result::Result run(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options);
// The same by the interpreter alone, slowly: the meaning.
result::Result run_by_interpreter(const pack::Pack& pack, const column::Snapshot& snapshot,
                                  const Options& options);

// Blocks by name: what to run again when little has changed.
struct Part {
  std::set<std::string> schemes = {}, rosters = {}, indicators = {}, targets = {};  // indicators: `over` ones
  bool empty() const { return schemes.empty() && rosters.empty() && indicators.empty() && targets.empty(); }
};
// As run(), but what `part` does not name stands as in `base` (of the same period and rows). A trial, not a
// result to publish: it bears no fingerprint.
result::Result run_part(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options,
                        const Part& part, const result::Result& base);

}  // namespace tenglong::run
