// 升档测算: what would lift one enterprise a grade, others held.
//
// In:    a simulation, a scheme, a record. Out: for each number field under the scheme the smallest change
// that
//        lifts it, and the cheapest combination under the costs and bounds that the pack or whoever asks
//        declares.
// How:   each field is walked in doubling steps of its written precision and then halved; the step found and
// the
//        step before it are both run again by the whole engine. `verified` and `step_before_fails` say what
//        those runs said. Between two tried steps the grade is taken to change once: proven is the step
//        before, not that no smaller change further away would do.
// Never: a cost, a bound or a step of its own: without a declared bound the walk ends at kFar and says so;
// without
//        a declared cost there is no combination.
// Ranks: with cuts by rank the answer holds for today's field of others, and says so.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/simulate/simulation.h"

namespace tenglong::simulate {

struct RiseStep {
  std::string field, unit;
  Decimal from = {}, to = {}, step = {};
};

struct Rise {
  std::vector<RiseStep> steps = {};  // one for a single field
  bool possible = false;
  std::string grade = {};  // that it reaches
  std::optional<Decimal> total = {};
  std::int32_t rank = 0;
  bool verified = false;           // the whole engine, run with the change, says the same
  bool step_before_fails = false;  // and one step less does not lift
  std::optional<Decimal> cost = {};
  text::Words why = {};  // not possible: why; possible: what limits it
};

struct RiseReport {
  std::string scheme, key, grade;
  std::optional<Decimal> total = {};
  std::int32_t rank = 0;
  std::int64_t group_size = 0;
  bool by_rank = false;
  std::vector<text::Words> words = {};  // best already, not rated, vetoed, protected, capped items
  std::vector<Rise> singles = {};       // one a field, as in the schema
  std::optional<Rise> cheapest = {};
  text::Words cheapest_why = {};  // how it was searched, or why there is none
};

// Costs and bounds as whoever asks declares them: 用地面积=30, in the unit of the field; a cost is of one
// such unit.
struct RiseTerms {
  std::vector<std::string> costs = {}, minimums = {}, maximums = {};
};
struct ReadTerms {
  std::vector<pack::Lever> levers = {};  // one a field that was named
  diagnostic::Diagnostics diagnostics = {};
};
// Names must be fields under the scheme; every mistake is told.
ReadTerms read_terms(const RiseTerms& terms, const pack::Pack& pack, const pack::Scheme& scheme);

// `own`: what whoever asks declares; it stands before what the pack declares of the same field.
RiseReport rise(Simulation& simulation, const pack::Scheme& scheme, std::uint32_t row,
                const std::vector<pack::Lever>& own = {});

}  // namespace tenglong::simulate
