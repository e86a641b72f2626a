// A DMN model as readable blocks of a policy pack.
//
// In:    a model. Out: a Markdown file: one register for its inputs, code lists for enumerated types, a
// `decision` for
//        every decision table, an `indicator` for every number that an expression gives; small expressions in
//        between stand where they are used. Text only: `tenglong check` reads it like any pack.
// Never: drops a part silently. What has no block in a pack is listed, with the reason, in the file and to
// the caller.
#pragma once
#include <string>
#include <vector>

#include "engine/dmn/model.h"

namespace tenglong::dmn {

struct PackBlocks {
  std::string markdown = {};
  int registers = 0, codes = 0, decisions = 0, indicators = 0;
};

// W-DMN-301 for each part that is left out.
PackBlocks as_pack_blocks(const Model& model, Diagnostics& diagnostics);

}  // namespace tenglong::dmn
