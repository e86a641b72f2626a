// exp, log and powers that are not whole: in fixed point with 108 digits behind the point, rounded once
// to 34.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/quantity/inside/limbs.h"

namespace tenglong::quantity {

namespace {

constexpr std::size_t kFractionLimbs = 12;
constexpr std::int64_t kPlaces = static_cast<std::int64_t>(kFractionLimbs) * kDigitsPerLimb;
constexpr double kLargestLogarithm = 15'000;  // e^15000 and e^-15000 are out of range

// 10^108 ln 10.
const Limbs& ln_ten() {
  static const Limbs value = limbs_of(
      "230258509299404568401799145468436420760110148862877297603332790096757260967735248023599720508959829834"
      "1967784");
  return value;
}

Limbs times(const Limbs& a, const Limbs& b) {
  Limbs out = product(a, b);
  drop_low(out, kFractionLimbs);
  return out;
}

Limbs one() {
  Limbs out(kFractionLimbs + 1, 0);
  out.back() = 1;
  return out;
}

double to_double(const Limbs& a) {
  double out = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    out += a[i] *
           std::pow(10.0, static_cast<double>(kDigitsPerLimb) * (static_cast<double>(i) - kFractionLimbs));
  return out;
}

// coefficient x 10^exponent in fixed point, what is below the last place cut off.
Limbs fixed(Coefficient coefficient, std::int64_t exponent) {
  const std::int64_t places = exponent + kPlaces;
  Limbs out = limbs_of(coefficient);
  if (places >= 0) {
    out = product(out, limbs_of(Coefficient(small_power_of_ten(static_cast<int>(places % kDigitsPerLimb)))));
    out.insert(out.begin(), out.empty() ? 0 : static_cast<std::size_t>(places / kDigitsPerLimb), 0);
    return out;
  }
  drop_low(out, static_cast<std::size_t>(-places / kDigitsPerLimb));
  divide(out, small_power_of_ten(static_cast<int>(-places % kDigitsPerLimb)));
  return out;
}

// e^r for 0 <= r < 3: the series of r / 2^10, squared ten times.
Limbs exp_of_small(Limbs r) {
  constexpr int kSquarings = 10;
  divide(r, 1u << kSquarings);
  Limbs sum = one(), term = one();
  for (std::uint32_t n = 1; !term.empty(); ++n) {
    term = times(term, r);
    divide(term, n);
    sum = plus(sum, term);
  }
  for (int i = 0; i < kSquarings; ++i) sum = times(sum, sum);
  return sum;
}

// e^t for t = magnitude or -magnitude, as digits x 10^exponent.
std::optional<Decimal> exp_of(const Limbs& magnitude, bool negative) {
  const double size = magnitude.size() > kFractionLimbs + 1 ? kLargestLogarithm : to_double(magnitude);
  if (size >= kLargestLogarithm) return negative ? std::optional(Decimal{}) : std::nullopt;
  auto tens = static_cast<std::uint32_t>(size / std::log(10.0));
  const auto whole = [&] { return product(ln_ten(), limbs_of(Coefficient(tens))); };
  if (negative) {
    ++tens;
    while (less(whole(), magnitude)) ++tens;
    return rounded_once(exp_of_small(minus(whole(), magnitude)), -kPlaces - tens, false);
  }
  while (less(magnitude, whole())) --tens;
  return rounded_once(exp_of_small(minus(magnitude, whole())), -kPlaces + tens, false);
}

struct Logarithm {
  Limbs magnitude;
  bool negative;
};

// x = m x 10^e with 1 <= m < 10. A double gives y just below ln m; the rest is ln(1 + d), d = m e^-y - 1, and
// d is so small that a few terms of its series do.
Logarithm log_of(Decimal x) {
  const auto [coefficient, exponent] = x.parts();
  const int shift = x.significant_digits() - 1;
  const Limbs m = fixed(static_cast<Coefficient>(coefficient), -shift);
  const int tens = exponent + shift;
  const double guess = std::max(0.0, std::log(to_double(m)) - 1e-13);
  // In units of 10^-15: the guess as a decimal.
  const auto units = static_cast<std::uint64_t>(guess * 1e15);
  const Limbs y = fixed(units, -15);
  Limbs d = times(m, exp_of_small(minus(ln_ten(), y)));  // e^-y x 10
  divide(d, 10);
  d = less(d, one()) ? Limbs{} : minus(d, one());
  Limbs above = y, below, power = d;
  for (std::uint32_t n = 1; !power.empty(); ++n) {
    Limbs term = power;
    divide(term, n);
    (n % 2 == 1 ? above : below) = plus(n % 2 == 1 ? above : below, term);
    power = times(power, d);
  }
  const Limbs ln_m = minus(above, below);
  const Limbs whole = product(ln_ten(), limbs_of(Coefficient(static_cast<unsigned>(std::abs(tens)))));
  if (tens >= 0) return {plus(whole, ln_m), false};
  return {minus(whole, ln_m), true};
}

}  // namespace

std::optional<Decimal> Decimal::log() const {
  if (is_negative() || is_zero()) return std::nullopt;
  const auto [magnitude, negative] = log_of(*this);
  return rounded_once(magnitude, -kPlaces, negative);
}

std::optional<Decimal> Decimal::exp() const {
  const auto [coefficient, exponent] = parts();
  const bool negative = coefficient < 0;
  if (exponent > 5) return negative ? std::optional(Decimal{}) : std::nullopt;
  return exp_of(
      fixed(negative ? -static_cast<Coefficient>(coefficient) : static_cast<Coefficient>(coefficient),
            exponent),
      negative);
}

std::optional<Decimal> broken_power(Decimal a, Decimal b) {
  const auto [coefficient, exponent] = b.parts();
  const bool falls = coefficient < 0;
  auto [magnitude, negative] = log_of(a);
  magnitude = product(magnitude, limbs_of(falls ? -static_cast<Coefficient>(coefficient)
                                                : static_cast<Coefficient>(coefficient)));
  drop_low(magnitude, static_cast<std::size_t>(-exponent / kDigitsPerLimb));
  divide(magnitude, small_power_of_ten(-exponent % kDigitsPerLimb));
  return exp_of(magnitude, negative != falls);
}

}  // namespace tenglong::quantity
