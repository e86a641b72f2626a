#include "engine/quantity/unit.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::quantity {

namespace {

// Base dimensions, in the order messages name them.
enum Base : std::uint8_t {
  Money,
  Dollar,
  Area,
  StandardCoal,
  Electricity,
  Mass,
  Equivalent,
  Volume,
  Length,
  People,
  Year,
  Month,
  Day,
  Hour,
  Points,
  PercentagePoint,
  Times,
  Firm,
  Item,
  Machine,
  Piece,
  Parcel,
  Document,
  Occasion,
  Spot,
  Household,
  Set,
  Batch,
  Block,
  Person,
  Ship
};
constexpr const char* kBaseNames[] = {
    "金额", "外币金额", "面积", "标准煤", "电量",   "质量", "排放当量", "体积", "长度", "人数", "年",
    "月",   "天",       "小时", "分值",   "百分点", "倍数", "家数",     "项数", "台数", "个数", "宗数",
    "件数", "次数",     "处数", "户数",   "套数",   "批数", "块数",     "名数", "艘数"};
static_assert(std::size(kBaseNames) == Ship + 1, "every base dimension has a name");

struct Word {
  std::string_view name;
  std::int8_t base;  // -1: a ratio of two equal things
  Rational factor;
};

// Factors to the base unit; 亩 is 2000/3 平方米 exactly (1 公顷 = 15 亩).
constexpr Word kWords[] = {
    {"元", Money, {1, 1}},
    {"千元", Money, {1000, 1}},
    {"万元", Money, {10000, 1}},
    {"百万元", Money, {1000000, 1}},
    {"亿元", Money, {100000000, 1}},
    {"美元", Dollar, {1, 1}},
    {"万美元", Dollar, {10000, 1}},
    {"亿美元", Dollar, {100000000, 1}},
    {"平方米", Area, {1, 1}},
    {"m2", Area, {1, 1}},
    {"m²", Area, {1, 1}},
    {"㎡", Area, {1, 1}},
    {"平米", Area, {1, 1}},
    {"平方千米", Area, {1000000, 1}},
    {"km2", Area, {1000000, 1}},
    {"亩", Area, {2000, 3}},
    {"万亩", Area, {20000000, 3}},
    {"公顷", Area, {10000, 1}},
    {"万平方米", Area, {10000, 1}},
    {"平方公里", Area, {1000000, 1}},
    {"吨标准煤", StandardCoal, {1, 1}},
    {"吨标煤", StandardCoal, {1, 1}},
    {"tce", StandardCoal, {1, 1}},
    {"千克标准煤", StandardCoal, {1, 1000}},
    {"千克标煤", StandardCoal, {1, 1000}},
    {"kgce", StandardCoal, {1, 1000}},
    {"万吨标准煤", StandardCoal, {10000, 1}},
    {"万吨标煤", StandardCoal, {10000, 1}},
    {"万tce", StandardCoal, {10000, 1}},
    {"千瓦时", Electricity, {1, 1}},
    {"kWh", Electricity, {1, 1}},
    {"度", Electricity, {1, 1}},
    {"兆瓦时", Electricity, {1000, 1}},
    {"MWh", Electricity, {1000, 1}},
    {"万千瓦时", Electricity, {10000, 1}},
    {"万kWh", Electricity, {10000, 1}},
    {"万度", Electricity, {10000, 1}},
    {"亿千瓦时", Electricity, {100000000, 1}},
    {"吨", Mass, {1, 1}},
    {"t", Mass, {1, 1}},
    {"千克", Mass, {1, 1000}},
    {"公斤", Mass, {1, 1000}},
    {"kg", Mass, {1, 1000}},
    {"万吨", Mass, {10000, 1}},
    {"当量吨", Equivalent, {1, 1}},
    {"吨当量", Equivalent, {1, 1}},
    {"千克当量", Equivalent, {1, 1000}},
    {"立方米", Volume, {1, 1}},
    {"m3", Volume, {1, 1}},
    {"m³", Volume, {1, 1}},
    {"立方", Volume, {1, 1}},
    {"万立方米", Volume, {10000, 1}},
    {"米", Length, {1, 1}},
    {"公里", Length, {1000, 1}},
    {"千米", Length, {1000, 1}},
    {"人", People, {1, 1}},
    {"万人", People, {10000, 1}},
    {"年", Year, {1, 1}},
    {"月", Month, {1, 1}},
    {"个月", Month, {1, 1}},
    {"天", Day, {1, 1}},
    {"日", Day, {1, 1}},
    {"小时", Hour, {1, 1}},
    {"分", Points, {1, 1}},
    {"个百分点", PercentagePoint, {1, 1}},
    {"百分点", PercentagePoint, {1, 1}},
    {"倍", Times, {1, 1}},
    {"家", Firm, {1, 1}},
    {"万家", Firm, {10000, 1}},
    {"万户", Household, {10000, 1}},
    {"项", Item, {1, 1}},
    {"台", Machine, {1, 1}},
    {"台(套)", Machine, {1, 1}},
    {"台套", Machine, {1, 1}},
    {"个", Piece, {1, 1}},
    {"宗", Parcel, {1, 1}},
    {"件", Document, {1, 1}},
    {"次", Occasion, {1, 1}},
    {"处", Spot, {1, 1}},
    {"户", Household, {1, 1}},
    {"套", Set, {1, 1}},
    {"批", Batch, {1, 1}},
    {"块", Block, {1, 1}},
    {"名", Person, {1, 1}},
    {"艘", Ship, {1, 1}},
    {"%", -1, {1, 100}},
    {"％", -1, {1, 100}},
    {"‰", -1, {1, 1000}},
    {"比值", -1, {1, 1}},
    {"1", -1, {1, 1}},
};

// a/b x c/d in lowest terms; nullopt if it does not fit 64 bits.
std::optional<Rational> product(const Rational& a, const Rational& b) {
  const auto reduce = [](std::int64_t& x, std::int64_t& y) {
    const std::int64_t divisor = std::gcd(x, y);
    x /= divisor;
    y /= divisor;
  };
  Rational left = a, right = b;
  reduce(left.numerator, right.denominator);
  reduce(right.numerator, left.denominator);
  Rational out;
  if (__builtin_mul_overflow(left.numerator, right.numerator, &out.numerator) ||
      __builtin_mul_overflow(left.denominator, right.denominator, &out.denominator))
    return std::nullopt;
  return out;
}

constexpr int kGreatestUnitExponent = 99;

Rational inverse(const Rational& r) { return {r.denominator, r.numerator}; }

}  // namespace

// factor := word | ( product ) ; product := factor { (/ | · | × | *) factor }, from the left, as on paper.
class UnitParser {
 public:
  explicit UnitParser(std::string_view text) : text_(text::to_half_width(text)) {
    text_.erase(std::remove(text_.begin(), text_.end(), ' '), text_.end());
  }

  std::optional<Unit> parse() {
    if (text_.empty()) return Unit{};
    auto unit = parse_product();
    if (!unit || at_ != text_.size()) return std::nullopt;
    unit->name_ = text_;
    return unit;
  }

  static std::optional<Unit> combine(const Unit& a, const Unit& b, int sign) {
    Unit out;
    const auto factor = product(a.factor_, sign > 0 ? b.factor_ : inverse(b.factor_));
    if (!factor) return std::nullopt;
    out.factor_ = *factor;
    auto x = a.dimension_.begin();
    auto y = b.dimension_.begin();
    while (x != a.dimension_.end() || y != b.dimension_.end()) {
      const bool has_x = x != a.dimension_.end() && (y == b.dimension_.end() || x->base <= y->base);
      const bool has_y = y != b.dimension_.end() && (x == a.dimension_.end() || y->base <= x->base);
      const std::uint8_t base = has_x ? x->base : y->base;
      const int exponent = (has_x ? x->exponent : 0) + sign * (has_y ? y->exponent : 0);
      if (exponent > kGreatestUnitExponent || exponent < -kGreatestUnitExponent) return std::nullopt;
      if (exponent != 0) out.dimension_.push_back({base, static_cast<std::int8_t>(exponent)});
      if (has_x) ++x;
      if (has_y) ++y;
    }
    return out;
  }

  static void rename(Unit& unit, std::string name) { unit.name_ = std::move(name); }

 private:
  bool take(std::string_view mark) {
    if (std::string_view(text_).substr(at_, mark.size()) != mark) return false;
    at_ += mark.size();
    return true;
  }

  std::optional<Unit> parse_product() {
    auto left = parse_factor();
    while (left && at_ < text_.size() && text_[at_] != ')') {
      const int sign = take("/") ? -1 : take("·") || take("×") || take("*") ? 1 : 0;
      if (sign == 0) return std::nullopt;
      const auto right = parse_factor();
      left = right ? combine(*left, *right, sign) : std::nullopt;
    }
    return left;
  }

  std::optional<Unit> parse_factor() {
    if (take("(")) {
      auto inner = parse_product();
      return inner && take(")") ? inner : std::nullopt;
    }
    const Word* best = nullptr;
    for (const Word& word : kWords)
      if (std::string_view(text_).substr(at_, word.name.size()) == word.name &&
          (best == nullptr || word.name.size() > best->name.size()))
        best = &word;
    if (best == nullptr) return std::nullopt;
    at_ += best->name.size();
    Unit unit;
    unit.factor_ = best->factor;
    if (best->base >= 0) unit.dimension_.push_back({static_cast<std::uint8_t>(best->base), 1});
    return unit;
  }

  std::string text_;
  std::size_t at_ = 0;
};

std::optional<Unit> Unit::parse(std::string_view text) { return UnitParser(text).parse(); }

std::vector<std::string> Unit::known_words() {
  std::vector<std::string> words;
  for (const Word& word : kWords) words.emplace_back(word.name);
  return words;
}

std::string Unit::dimension_name() const {
  std::string above, below;
  for (const Factor& factor : dimension_) {
    std::string& side = factor.exponent > 0 ? above : below;
    for (int i = 0; i < std::abs(factor.exponent); ++i)
      side += (side.empty() ? "" : "·") + std::string(kBaseNames[factor.base]);
  }
  if (above.empty() && below.empty()) return "无量纲";
  return (above.empty() ? "1" : above) + (below.empty() ? "" : "/" + below);
}

std::optional<Unit> product(const Unit& a, const Unit& b) {
  auto unit = UnitParser::combine(a, b, 1);
  if (!unit) return std::nullopt;
  UnitParser::rename(*unit, a.name().empty()   ? b.name()
                            : b.name().empty() ? a.name()
                                               : a.name() + "·" + b.name());
  return unit;
}

std::optional<Unit> quotient(const Unit& a, const Unit& b) {
  auto unit = UnitParser::combine(a, b, -1);
  if (!unit) return std::nullopt;
  const bool simple = b.name().find('/') == std::string::npos && b.name().find("·") == std::string::npos;
  const std::string below = simple ? b.name() : "(" + b.name() + ")";
  UnitParser::rename(*unit, b.name().empty()   ? a.name()
                            : unit->is_bare()  ? ""
                            : a.name().empty() ? "1/" + below
                                               : a.name() + "/" + below);
  return unit;
}

Unit operator*(const Unit& a, const Unit& b) {
  auto unit = product(a, b);
  ensure(unit.has_value(), "the factor of a product of units fits 64 bits");
  return *unit;
}

Unit operator/(const Unit& a, const Unit& b) {
  auto unit = quotient(a, b);
  ensure(unit.has_value(), "the factor of a quotient of units fits 64 bits");
  return *unit;
}

std::optional<Unit> Unit::power(int exponent) const {
  Unit out;
  for (int i = 0; i < std::abs(exponent); ++i) {
    const auto next = UnitParser::combine(out, *this, exponent > 0 ? 1 : -1);
    if (!next) return std::nullopt;
    out = *next;
  }
  if (exponent != 0) out.name_ = name_.empty() ? "" : "(" + name_ + ")^" + std::to_string(exponent);
  return out;
}

std::optional<Conversion> conversion(const Unit& from, const Unit& to) {
  if (!from.same_dimension(to)) return std::nullopt;
  const auto factor = product(from.factor(), inverse(to.factor()));
  if (!factor) return std::nullopt;
  std::int64_t denominator = factor->denominator;
  for (const std::int64_t prime : {2, 5})
    while (denominator % prime == 0) denominator /= prime;
  return Conversion{*factor, denominator == 1 ? Exactness::Exact : Exactness::RoundedOnce};
}

namespace {

using Wide = unsigned __int128;

// coefficient x numerator / denominator x 10^exponent, by long division, so that only parse() rounds.
std::optional<Decimal> divided_once(Decimal::Parts value, const Rational& by) {
  constexpr std::size_t kMoreDigits = 60;  // behind the point: 34 and more than the denominator has
  const auto denominator = static_cast<Wide>(by.denominator);
  Wide magnitude =
      value.coefficient < 0 ? -static_cast<Wide>(value.coefficient) : static_cast<Wide>(value.coefficient);
  std::string multiplied;  // coefficient x numerator, least digit first
  Wide carry = 0;
  for (; magnitude != 0; magnitude /= 10) {
    carry += magnitude % 10 * static_cast<Wide>(by.numerator);
    multiplied += static_cast<char>('0' + static_cast<int>(carry % 10));
    carry /= 10;
  }
  for (; carry != 0; carry /= 10) multiplied += static_cast<char>('0' + static_cast<int>(carry % 10));
  std::string digits = value.coefficient < 0 ? "-" : "";
  Wide rest = 0;
  for (std::size_t i = 0; i < multiplied.size() + kMoreDigits; ++i) {
    const int next = i < multiplied.size() ? multiplied[multiplied.size() - 1 - i] - '0' : 0;
    rest = rest * 10 + static_cast<unsigned>(next);
    digits += static_cast<char>('0' + static_cast<int>(rest / denominator));
    rest %= denominator;
  }
  digits += rest != 0 ? '1' : '0';  // says that something is left, whatever it is
  return Decimal::parse(digits + "E" + std::to_string(value.exponent - static_cast<int>(kMoreDigits) - 1));
}

}  // namespace

std::optional<Decimal> convert(Decimal value, const Conversion& by) {
  const auto [numerator, denominator] = by.factor;
  if (numerator == 1 && denominator == 1) return value;
  if (denominator == 1) return multiply(value, Decimal(numerator));
  // With at most 34 digits the product is exact, and the division is the one rounding.
  if (value.significant_digits() + Decimal(numerator).significant_digits() <= 34) {
    const auto scaled = multiply(value, Decimal(numerator));
    return scaled ? divide(*scaled, Decimal(denominator)) : std::nullopt;
  }
  return divided_once(value.parts(), by.factor);
}

}  // namespace tenglong::quantity
