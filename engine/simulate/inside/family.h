// All that belongs to one record, as a small snapshot: the record at the top of its line, its facts of every
// period, and nothing else.
//
// Use:   what a rule says of a record can be asked of its family alone, if figures of the population are
// given.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/column/column.h"
#include "engine/pack/pack.h"

namespace tenglong::simulate {

// Ids of the registers that lead to one top by `of`, the top among them.
std::vector<std::string> line_of(const schema::Schema& schema, const std::string& register_id);
column::Snapshot family_of(const schema::Schema& schema, const column::Snapshot& snapshot,
                           const std::string& register_id, std::uint32_t row);
// First row of a table whose key is not before `key`.
std::uint32_t first_of_key(const column::Table& table, const std::string& key);

}  // namespace tenglong::simulate
