// The table of a decision block as it is written, and the block with another table in its place.
//
// In:    the text of one block. Out: columns and cells as texts, not understood; the block with what differs
//        written anew.
// Order: rows and columns as written, inputs before outputs. Cost: one reading of the text.
// Never: touches what is the same: a cell, a row or a column that stays keeps its bytes, and so does the rest
//        of the block; judges a cell: whoever reads packs does.
#pragma once
#include <string>
#include <vector>

#include "engine/pack/written.h"

namespace tenglong::pack {

struct DecisionText {
  struct Output {
    std::string name = {};
    std::string type = {};       // as written: number, code ...; empty: not written
    std::string codes = {};      // the code table of a code
    std::string otherwise = {};  // FEEL; empty: there is none
  };
  struct Row {
    std::vector<std::string> inputs = {};   // "-" where anything is fine
    std::vector<std::string> outputs = {};  // empty: nothing is written
    std::string note = {};
  };
  std::string id = {}, name = {}, of = {};
  std::string hit = {};  // in full: collect_sum, also where the block says C+
  std::vector<std::string> inputs = {};
  std::vector<Output> outputs = {};
  std::vector<Row> rows = {};
  diagnostic::Diagnostics told = {};  // E-PACK-102, 128: then there is nothing else
};
DecisionText decision_text_of(const std::string& block);

// Of `wanted` the hit, the inputs, the names of the outputs and the rows. E-PACK-127 for each thing that
// cannot be written, at /hit, /inputs/1, /outputs/0, /rows/2/inputs/1, /rows/2/outputs/0 or /rows/2/note,
// from 0.
Rewritten with_decision_text(const std::string& block, const DecisionText& wanted);

}  // namespace tenglong::pack
