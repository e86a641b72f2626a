// The factor between two units by which a number is probably wrong.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/quantity/unit.h"
#include "engine/schema/schema.h"

namespace tenglong::intake {

// What the numbers may really be in: `factor` times a number gives it in the field's unit.
struct Suspicion {
  double factor = 1;
  std::string unit = {};  // "" if no unit of that factor exists
};

// Known units of the dimension first, then bare powers of ten; `stated` is the unit of the header.
std::vector<Suspicion> suspicions_of(const schema::Field& field, const std::optional<quantity::Unit>& stated);
// The suspicion that brings `value` among the usual ones; named units first, then the middlemost.
const Suspicion* explain(double value, double low, double high, const std::vector<Suspicion>& suspicions);

std::string times(double factor);          // "10000", "666.67"
std::string off_by(const Suspicion& one);  // "大了 10000 倍", "小到 1/666.67"
std::string printed(double size);          // four decimals at most

}  // namespace tenglong::intake
