// What stands beside the records of a scheme: numbers that are added up and codes that are cut by, as
// columns.
//
// In:    `yaml simulation` of the register, the rows of the period. Out: sums over chosen rows, exact.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/column/column.h"
#include "engine/pack/pack.h"
#include "engine/simulate/compare.h"

namespace tenglong::simulate {

// Whole numbers of 10^-places; where one does not fit, sums go by decimals.
class Measure {
 public:
  Measure(const column::Table& table, std::size_t field, const std::vector<std::uint32_t>& rows);
  struct Sum {
    __int128 units = 0;
    std::int64_t without = 0;
    std::vector<std::uint32_t> apart = {};  // rows that do not fit
  };
  void add(std::size_t i, Sum& sum) const {
    if (known_[i] == kFits)
      sum.units += units_[i];
    else if (known_[i] == kNone)
      ++sum.without;
    else
      sum.apart.push_back(rows_[i]);
  }
  Decimal total(const Sum& sum) const;
  int places() const { return places_; }
  std::optional<Decimal> value(std::size_t i) const;
  Decimal of_row(std::uint32_t row) const;  // that has a value
  std::size_t bytes() const { return units_.capacity() * sizeof(std::int64_t) + known_.capacity(); }

 private:
  static constexpr std::uint8_t kFits = 0, kNone = 1, kApart = 2;
  const column::Table& table_;
  std::size_t field_;
  const std::vector<std::uint32_t>& rows_;
  int places_ = 0;
  std::vector<std::int64_t> units_;
  std::vector<std::uint8_t> known_;
};

struct Cut {
  std::string name;                // 镇街
  std::vector<std::int32_t> code;  // by row, into texts
  std::vector<std::string> texts;  // "" for records without one
};

struct Beside {
  Beside(const pack::Pack& pack, const column::Snapshot& snapshot, const std::string& register_id,
         const std::vector<std::uint32_t>& rows);
  const pack::Simulation* declared;
  std::vector<Measure> measures;
  std::vector<Measure> quantities;  // of the prices
  std::vector<Cut> cuts;
  std::size_t bytes() const;
};

// Codes of a scheme's grades, best first.
std::vector<std::string> grades_of(const pack::Pack& pack, const pack::Scheme& scheme);
// Text of a field of a record or of its parents, by name or path; "" if it has none.
std::string text_beside(const pack::Pack& pack, const column::Snapshot& snapshot,
                        const std::string& register_id, const std::string& path, std::uint32_t row);

}  // namespace tenglong::simulate
