// Whole numbers of any size, limbs of 10^9, little endian, no zero limb at the top: what powers, exponentials
// and logarithms are worked out in before they are rounded once.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/quantity/decimal.h"

namespace tenglong::quantity {

using Coefficient = unsigned __int128;
using Limbs = std::vector<std::uint32_t>;
constexpr std::uint32_t kLimbBase = 1'000'000'000;
constexpr int kDigitsPerLimb = 9;

Limbs limbs_of(Coefficient n);
Limbs limbs_of(std::string_view digits);
std::string written_digits(const Limbs& limbs);
std::uint32_t small_power_of_ten(int exponent);  // 0..9

bool less(const Limbs& a, const Limbs& b);
Limbs plus(const Limbs& a, const Limbs& b);
Limbs minus(const Limbs& a, const Limbs& b);  // a >= b
Limbs product(const Limbs& a, const Limbs& b);
void divide(Limbs& a, std::uint32_t divisor);  // rounds down; divisor at most 10^9
void drop_low(Limbs& a, std::size_t limbs);    // divides by 10^(9 limbs), rounds down

// limbs x 10^exponent to 34 digits, HALF_EVEN; nullopt on overflow. An approximation whose digits 37 to 81
// are all zeros or all nines stands for the short number beside it.
std::optional<Decimal> rounded_once(const Limbs& limbs, std::int64_t exponent, bool negative);

// a^b for a > 0 and b not whole.
std::optional<Decimal> broken_power(Decimal a, Decimal b);

}  // namespace tenglong::quantity
