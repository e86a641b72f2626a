// A decision of a pack as a DMN model that a modelling tool opens, and the model as the tool saved it, put
// back in the block.
//
// In:    the text of a decision block; the pack, for types, codes and names. Out: DMN 1.3 XML; the block with
//        the table of the XML.
// Order: rules, inputs and outputs as the table has them. Cost: one reading of the block and of the XML.
// Never: touches what the standard has no word for: id, of, source, note stay in the block byte for byte, and
//        so does every cell that is the same; reads more of an XML than model.h allows.
#pragma once
#include <string>
#include <string_view>

#include "engine/dmn/model.h"
#include "engine/pack/decision_text.h"
#include "engine/pack/pack.h"

namespace tenglong::dmn {

struct BlockModel {
  std::string xml = {};
  std::string hit = {};                      // the pack's word: collect_worst
  HitPolicy shown_as = HitPolicy::Unique;    // and the standard's
  Aggregator aggregator = Aggregator::None;  // with Collect
  bool has_twin = true;                      // false: the standard has no such word, this one gives the same
  Diagnostics told = {};                     // E-PACK-102, 128, E-DMN-401: then there is nothing else
};
// collect_worst and collect_best are shown as PRIORITY over the code table in the order that decides.
BlockModel model_of(const std::string& block, const pack::Pack& pack);

// Nothing is written if anything of it cannot be: then every reason, each at its pointer (/hit, /inputs/1,
// /outputs/0, /rows/2/inputs/1, /rows/2/note, or /dmn for the whole). E-DMN-101 to 104, 208 to 210, 402,
// 403; E-PACK-127.
pack::Rewritten block_with(const std::string& block, std::string_view xml, const pack::Pack& pack);

}  // namespace tenglong::dmn
