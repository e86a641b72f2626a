// Rates of prices, and the sums of a scheme's records that stand as columns.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/simulate/inside/beside.h"
#include "engine/simulate/override.h"
#include "engine/simulate/prices.h"

namespace tenglong::simulate {

// Of one price, by grade in the order of SchemeComparison::places.
struct Rates {
  std::vector<std::optional<Decimal>> of_grade = {};
  std::vector<std::string> waits = {};  // words of the gap where there is no value
  friend bool operator==(const Rates&, const Rates&) = default;
};
// On the last day of the period, under changes of the policy.
std::vector<Rates> rates_of(const pack::Pack& pack, const pack::Simulation* declared,
                            const std::vector<std::string>& grades, const calendar::Period& period,
                            const std::vector<Override>& overrides);
// Rate x quantity in the unit of the price; nullopt beyond decimal128.
std::optional<Decimal> price_of(const pack::Price& price, Decimal rate, Decimal quantity);
std::vector<PriceMoved> prices_beside(const pack::Simulation& declared,
                                      const std::vector<std::string>& grades,
                                      const std::vector<PriceSums>& before,
                                      const std::vector<PriceSums>& after);

// One quantity that differs from the snapshot's.
struct RestatedQuantity {
  std::size_t price = 0, at = 0;  // into the prices, the rows
  std::optional<Decimal> value = {};
};

// Records as columns: whole numbers of quantities are added up by code and grade and meet the rates once.
// Where a rate has so many digits that a single record's money would be rounded, records are taken one by
// one.
class PriceColumns {
 public:
  PriceColumns(const Beside& beside, std::size_t grades) : beside_(beside), grades_(grades) {}
  // `place`: by row, into places; those from `grades` on have no grade.
  std::vector<PriceSums> sums(const std::vector<std::uint8_t>& place, const std::vector<Rates>& rates,
                              const std::vector<std::string>& names,
                              const std::vector<RestatedQuantity>& restated) const;

 private:
  const Beside& beside_;
  std::size_t grades_;
};

}  // namespace tenglong::simulate
