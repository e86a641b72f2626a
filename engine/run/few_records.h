// A few records by the reference meaning, among population figures that are given: what a correction of one
// record asks, twice.
//
// In:    a snapshot of those records with all that they lead to; figures of the whole population, and their
//        places in it. Out: as
//        run_by_interpreter says of them, for the schemes and rosters of `part`. Ranks are among the few: not
//        to be read.
// Never: a figure of its own: if one is asked for that is not given, nullopt, and the caller runs the whole.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/run/run.h"

namespace tenglong::run {

struct GivenFigure {
  std::string indicator;  // id of an `over` indicator
  calendar::Period period = {};
  feel::Value value = {};  // unrounded; null: it has none
};

// A share, rank or percentile of the whole, for the few.
struct GivenStanding {
  std::string indicator;  // id
  calendar::Period period = {};
  // By row of the few's table of the indicator's register.
  std::vector<std::uint8_t> is_counted = {};
  std::vector<std::optional<quantity::Decimal>> value = {};
};

std::optional<result::Result> run_few(const pack::Pack& pack, const column::Snapshot& snapshot,
                                      const Options& options, const Part& part,
                                      const std::vector<GivenFigure>& figures,
                                      const std::vector<GivenStanding>& standings = {});

}  // namespace tenglong::run
