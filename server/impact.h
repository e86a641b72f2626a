// What a corrected value moves, before it is applied: the impact list of a 更正单.
//
// In:    the registers, the view of the locked year, the cell and its new value. Out: a line for each grade,
// list, indicator and target that differs, in the year itself and in the next, which reads it as 上期.
// Cost:  one evaluation of each year where a single cell differs, else two. Never: writes.
#pragma once
#include <string>
#include <vector>

#include "campaign/collection/collection.h"

namespace tenglong::server {

std::vector<std::string> impact_of(const pack::Pack& pack, const registers::RegisterStore& store,
                                   const collection::Correction& wished, const registers::View& view,
                                   const std::string& now);

// The cell as a view shows it; nothing if there is no such record.
std::optional<registers::Resolved> cell_of(const registers::RegisterStore& store,
                                           const schema::Register& target, const std::string& key,
                                           const std::optional<calendar::Period>& period, int field,
                                           const registers::View& view);

}  // namespace tenglong::server
