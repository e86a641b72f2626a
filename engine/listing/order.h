// Which rows stand on a page: a stable order by any fields, the first so many of it, sums and counts by
// group.
//
// In:    the rows a filter kept. Out: their positions in order; exact sums.
// Order: by the sort keys, then by record key, then by period: total, so that a page never depends on
// anything else.
//        What is not Known comes last, up or down. Names by pinyin, codes as their table has them.
// Never: sorts all for one page.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/listing/filter.h"
#include "engine/quantity/decimal.h"

namespace tenglong::listing {

struct SortKey {
  Operand by = {};
  bool is_descending = false;
  const schema::Codes* codes = nullptr;  // its table's order, if it has one
};

// A row among several parts of a register (its periods).
struct Position {
  std::uint32_t part = 0, row = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

// One part: its rows, which of them are in question, and its period as text.
struct Part {
  const Rows* rows = nullptr;
  std::vector<std::uint32_t> kept = {};
  std::string period = {};
};

// Where a row stands in the order, as a value that outlives the page: the next page begins behind it.
std::string cursor_of(const std::vector<Part>& parts, const std::vector<SortKey>& keys, const Position& at);

struct Page {
  std::size_t skip = 0, size = 50;
  std::string after = {};  // a cursor; empty: from the beginning
};
// Nothing if the cursor is none of this order.
std::optional<std::vector<Position>> page_of(const std::vector<Part>& parts, const std::vector<SortKey>& keys,
                                             const Page& page);

// The sum of a number over the rows in question, exact; how many of them have it.
struct Sum {
  quantity::Decimal total = {};
  std::int64_t known = 0, unknown = 0;
};
Sum sum_of(const std::vector<Part>& parts, const Operand& number);

// How many of the rows in question have each value; rows without one under "".
std::vector<std::pair<std::string, std::int64_t>> counts_by(const std::vector<Part>& parts,
                                                            const Operand& text);

}  // namespace tenglong::listing
