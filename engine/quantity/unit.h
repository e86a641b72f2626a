// Units of the campaign: 元 万元 亿元, 亩 平方米 公顷, 吨标准煤, 千瓦时, 人, 家 项 台 ..., %, 个百分点, and
// their quotients.
//
// In:    "万元/亩", "吨标准煤/万元", "%". Out: a dimension and an exact rational factor to the base units.
// Never: a factor in floating point; two counting words (家, 台) are different dimensions.
// 1 亩 = 2000/3 平方米 (LD-33), so 平方米 -> 亩 (x 3/2000 = 0.0015) is exact and 亩 -> 平方米 is rounded
// once.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/quantity/decimal.h"

namespace tenglong::quantity {

// numerator / denominator in lowest terms, both > 0.
struct Rational {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
  friend bool operator==(const Rational&, const Rational&) = default;
};

class Unit {
 public:
  Unit() = default;  // a bare number
  // nullopt if a part is unknown. Accepts / · × ( ) and the aliases of the table (元/kWh, m2, ㎡, tce,
  // 吨标煤).
  static std::optional<Unit> parse(std::string_view text);
  // All words of the table, for "did you mean" and for documentation.
  static std::vector<std::string> known_words();

  const std::string& name() const { return name_; }  // as written; "" for a bare number
  bool is_bare() const { return dimension_.empty() && factor_ == Rational{}; }
  bool same_dimension(const Unit& other) const { return dimension_ == other.dimension_; }
  // Same dimension and same factor: values may be added without conversion. % is not a bare number.
  bool same_scale(const Unit& other) const { return same_dimension(other) && factor_ == other.factor_; }
  const Rational& factor() const { return factor_; }  // one of this unit, in base units
  std::string dimension_name() const;                 // "金额/面积", "无量纲": for messages

  // ensure() if the factor does not fit: for units that come from us. See product() and quotient() for a
  // person's.
  friend Unit operator*(const Unit& a, const Unit& b);
  friend Unit operator/(const Unit& a, const Unit& b);
  std::optional<Unit> power(int exponent) const;
  friend bool operator==(const Unit& a, const Unit& b) { return a.same_scale(b); }

 private:
  friend class UnitParser;
  struct Factor {
    std::uint8_t base;  // index into the table of base dimensions
    std::int8_t exponent;
    friend bool operator==(const Factor&, const Factor&) = default;
  };
  std::vector<Factor> dimension_;  // sorted by base, no zero exponents
  Rational factor_;
  std::string name_;
};

// Units of a product and a quotient that a person wrote; nullopt if the factor does not fit 64 bits
// (亿元·亿元·亿元).
std::optional<Unit> product(const Unit& a, const Unit& b);
std::optional<Unit> quotient(const Unit& a, const Unit& b);

enum class Exactness { Exact, RoundedOnce };
struct Conversion {
  Rational factor = {};  // target value = value x numerator / denominator
  Exactness exactness =
      Exactness::Exact;  // RoundedOnce: the denominator has prime factors other than 2 and 5
};
// nullopt if the dimensions differ (or no 64-bit factor leads from one to the other); the caller reports both
// names.
std::optional<Conversion> conversion(const Unit& from, const Unit& to);
// value x numerator / denominator in one rounding; nullopt on overflow.
std::optional<Decimal> convert(Decimal value, const Conversion& conversion);

}  // namespace tenglong::quantity
