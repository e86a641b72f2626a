#include <algorithm>
#include <string>
#include <vector>

#include "engine/quantity/inside/limbs.h"

namespace tenglong::quantity {

namespace {

constexpr std::int64_t kDecidedBy = 1'000'000'000'000'000;  // an exponent far beyond any range

// limbs x 10^exponent, cut to its first limbs: never above the true value, and equal to it if exact.
struct Truncated {
  Limbs limbs;
  std::int64_t exponent = 0;
  bool exact = true;
};

Truncated multiplied(const Truncated& a, const Truncated& b, std::size_t most_limbs) {
  Truncated out{product(a.limbs, b.limbs), std::clamp(a.exponent + b.exponent, -kDecidedBy, kDecidedBy),
                a.exact && b.exact};
  if (out.limbs.size() <= most_limbs) return out;
  const auto cut = static_cast<std::ptrdiff_t>(out.limbs.size() - most_limbs);
  out.exact = out.exact && std::all_of(out.limbs.begin(), out.limbs.begin() + cut,
                                       [](std::uint32_t limb) { return limb == 0; });
  out.limbs.erase(out.limbs.begin(), out.limbs.begin() + cut);
  out.exponent += cut * kDigitsPerLimb;
  return out;
}

// 1 / (coefficient x 10^exponent) by long division, until it ends or the limbs are full.
Truncated inverse(Coefficient coefficient, int exponent, std::size_t most_limbs) {
  std::string digits;
  Coefficient rest = 1;  // below the coefficient, which has at most 34 digits
  std::int64_t places = 0;
  if (coefficient == 1) return {{1}, -exponent, true};
  while (rest != 0 && digits.size() < most_limbs * kDigitsPerLimb) {
    rest *= 10;
    ++places;
    if (rest >= coefficient || !digits.empty())
      digits += static_cast<char>('0' + static_cast<int>(rest / coefficient));
    rest %= coefficient;
  }
  return {limbs_of(digits), -exponent - places, rest == 0};
}

// Whether a value a little above these digits could round otherwise: somewhere behind the 33rd digit, or
// wherever the smallest exponent ends, they run 4999...
bool is_near_half(const std::string& digits, std::int64_t exponent) {
  constexpr std::size_t kRun = 30;
  const std::int64_t last_kept =
      std::max<std::int64_t>(exponent + static_cast<std::int64_t>(digits.size()) - 34, -6176);
  const std::int64_t at = exponent + static_cast<std::int64_t>(digits.size()) - last_kept;
  if (at < 0) return false;  // far below half of the smallest number
  const auto begin = static_cast<std::size_t>(at);
  if (begin + kRun >= digits.size()) return true;
  return digits[begin] == '4' && digits.find_first_not_of('9', begin + 1) >= begin + kRun;
}

// |base|^exponent or its inverse, rounded once. The error of the truncated product is below exponent x 4
// units of its last limb, so more limbs decide what the first cannot; a result with few digits is exact.
std::optional<Decimal> whole_power(Coefficient coefficient, int scale, bool negative, Coefficient exponent,
                                   bool inverted) {
  for (std::size_t most_limbs = 13;; most_limbs *= 4) {
    Truncated square =
        inverted ? inverse(coefficient, scale, most_limbs) : Truncated{limbs_of(coefficient), scale, true};
    Truncated result{{1}, 0, true};
    for (Coefficient left = exponent; left > 0; left /= 2) {
      if (left % 2 == 1) result = multiplied(result, square, most_limbs);
      if (left > 1) square = multiplied(square, square, most_limbs);
    }
    std::string digits = written_digits(result.limbs);
    if (!result.exact && most_limbs < 200 && is_near_half(digits, result.exponent)) continue;
    if (!result.exact) digits += '1', --result.exponent;  // more than the digits say
    // The value is below 10^(exponent + size of the digits).
    const std::int64_t top = result.exponent + static_cast<std::int64_t>(digits.size());
    if (top < -6200) return Decimal{};
    if (top > 6200) return std::nullopt;
    return Decimal::parse((negative ? "-" : "") + digits + "E" + std::to_string(result.exponent));
  }
}

}  // namespace

std::optional<Decimal> power(Decimal a, Decimal b) {
  const auto [coefficient, exponent] = b.parts();
  if (exponent >= 0) {
    if (coefficient == 0) return Decimal(1);
    const bool inverted = coefficient < 0;
    if (a.is_zero()) return inverted ? std::nullopt : std::optional(Decimal{});
    if (coefficient == 2 && exponent == 0) return multiply(a, a);
    const auto [digits, scale] = a.parts();
    const bool negative = digits < 0;
    const Coefficient magnitude =
        negative ? -static_cast<Coefficient>(digits) : static_cast<Coefficient>(digits);
    Coefficient times =
        inverted ? -static_cast<Coefficient>(coefficient) : static_cast<Coefficient>(coefficient);
    bool is_huge = false;  // more than 10^38: only 1 and -1 stay in range
    for (int i = 0; i < exponent && !is_huge; ++i)
      is_huge = __builtin_mul_overflow(times, Coefficient{10}, &times);
    if (magnitude == 1 && scale == 0) return Decimal(negative && !is_huge && times % 2 == 1 ? -1 : 1);
    if (is_huge) {
      const bool grows = (a.abs() > Decimal(1)) != inverted;
      return grows ? std::nullopt : std::optional(Decimal{});
    }
    return whole_power(magnitude, scale, negative && times % 2 == 1, times, inverted);
  }
  if (a.is_negative()) return std::nullopt;
  if (a.is_zero()) return b.is_negative() ? std::nullopt : std::optional(Decimal{});
  return broken_power(a, b);
}

}  // namespace tenglong::quantity
