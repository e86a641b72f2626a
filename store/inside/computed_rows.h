// What the formulas of computed fields give for held records, as a snapshot would have it.
//
// In:    held rows of one register and period. Out: those rows as a table, computed columns filled in.
// Order: `place[i]` is the table's row of the i-th asked row.
// Never: a rule of its own: the tables are made and computed as those of a snapshot are.
// Cost:  1–3 µs a row and formula; what the formulas name is all that is read.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/column/column.h"
#include "store/inside/held.h"

namespace tenglong::store {

class HeldRows;

struct ComputedRows {
  column::Table table;
  std::vector<std::size_t> place = {};
};
ComputedRows computed_rows(const HeldRows& rows, const std::vector<std::uint32_t>& asked);
// A cell of it, as records carry their values.
registers::Scalar computed_scalar(const column::Table& table, int field, std::size_t row);

// A computed field over all rows, segment by segment.
std::shared_ptr<const listing::Column> computed_column(const HeldRows& rows, int field);

}  // namespace tenglong::store
