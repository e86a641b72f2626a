// What prices by grade come to: the rate of each rated record's grade times its quantity, added up.
//
// In:    a pack with its rates, records as they are, the grades of a run. Out: money in the unit of the
// price,
//        whole, by grade and by each cut of `yaml simulation`.
// Law:   each record gives one decimal128 (rate x quantity, converted), as FEEL would; sums do not round
// until
//        the end, so order never matters.
// Never: a rate that nobody published: the sums that need it are absent and say what they wait for; a
// quantity
//        that is missing counted as 0: how many lack it stands beside the sum.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/column/column.h"
#include "engine/pack/pack.h"
#include "engine/result/result.h"

namespace tenglong::simulate {

inline constexpr std::string_view kByGrade = "等级";  // the cut of the lines by grade

struct PriceSum {
  std::optional<quantity::Decimal> money = {};  // absent: a rate that it needs is a gap
  std::int64_t records = 0;                     // with a grade
  std::int64_t without = 0;                     // of these, without a quantity: not in the money
};
// Of one price and scheme: {"", ""} the whole, {等级, code}, {镇街, code}.
struct PriceSums {
  std::string name = {}, unit = {};
  std::map<std::pair<std::string, std::string>, PriceSum> lines = {};
  std::vector<std::string> waits = {};  // rates met that nobody published, sorted
};
// By name of the scheme; one entry a price of the `yaml simulation` of its register, in order.
using Priced = std::map<std::string, std::vector<PriceSums>>;

Priced prices_of(const pack::Pack& pack, const column::Snapshot& snapshot, const calendar::Period& period,
                 const result::Result& result);

struct PriceLine {
  std::string cut, of;
  PriceSum before = {}, after = {};
};
struct PriceMoved {
  std::string name, field, rate, unit, clause;
  std::vector<PriceLine> lines = {};  // the whole, by grade best first, then by cut and code
  std::vector<std::string> waits_before = {}, waits_after = {};
  const PriceLine& whole() const { return lines.front(); }
};

}  // namespace tenglong::simulate
