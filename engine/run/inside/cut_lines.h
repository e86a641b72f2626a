// Cuts as whole numbers: of totals by score, of ranks by percent.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>

#include "engine/feel/syntax.h"
#include "engine/quantity/decimal.h"

namespace tenglong::run {

using quantity::Decimal;

// Which totals a cut by score holds, in whole units of the total.
struct KeyRange {
  std::int64_t least = std::numeric_limits<std::int64_t>::min(),
               most = std::numeric_limits<std::int64_t>::max();
};

// nullopt: a test of another form than one comparison with a number.
std::optional<KeyRange> range_of(const feel::Node& test, int places);
// Largest rank that a cut of `percent` still holds: rank * 100 <= percent * size.
std::int64_t last_rank(Decimal percent, std::int64_t size);

}  // namespace tenglong::run
