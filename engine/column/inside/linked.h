// How rows of tables hang together, for whoever builds or mends them.
#pragma once
#include <cstdint>
#include <vector>

#include "engine/column/column.h"

namespace tenglong::column {

// Places in Schema::registers, parents before children; a register whose parent is unknown or cyclic stands
// alone.
std::vector<std::size_t> parents_first(const schema::Schema& schema);
// Fills parent_row and previous_row from keys and periods.
void link_rows(const schema::Register& target, Table& table, const Tables& parents);

}  // namespace tenglong::column
