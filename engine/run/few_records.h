// A few records by the reference meaning, among population figures that are given: what a correction of one
// record asks, twice.
//
// In:    a snapshot of those records with all that they lead to; figures of the whole population. Out: as
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

std::optional<result::Result> run_few(const pack::Pack& pack, const column::Snapshot& snapshot,
                                      const Options& options, const Part& part,
                                      const std::vector<GivenFigure>& figures);

}  // namespace tenglong::run
