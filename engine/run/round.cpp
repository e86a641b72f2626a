// Rounding, decided in doubles unless an edge lies within the bound.
#include <cmath>

#include "engine/run/inside/kernels.h"

namespace tenglong::run {
namespace {

// Beyond this a rounded value has more than 15 digits and a double no longer names it.
constexpr double kMostUnits = 999'999'999'999'999.0;
// Adding and subtracting this rounds a double below 2^51 to a whole number (ties to even).
constexpr double kToWhole = 0x1.8p52;

}  // namespace

// Edges at halves: the nearest whole number, unless a half lies within the bound. This one is on the hot
// path: no branch, no function call, so that it vectorises.
TENGLONG_CLONES static void round_at_half(const double* value_in, const double* bound, double relative,
                                          const std::uint8_t* absent, double scale, bool divides,
                                          double* value, double* whole, std::uint8_t* doubt, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double units = divides ? value_in[i] / scale : value_in[i] * scale;
    const double nearest = (units + kToWhole) - kToWhole;
    const double error = ((bound != nullptr ? (divides ? bound[i] / scale : bound[i] * scale)
                                            : relative * kUnitRoundoff * std::fabs(units)) +
                          kUnitRoundoff * std::fabs(units)) *
                         kInflate;
    // |units - nearest| is exact: both are multiples of the unit in the last place of `units`.
    const bool sure = std::fabs(units - nearest) + error < 0.5 && std::fabs(nearest) <= kMostUnits;
    whole[i] = nearest;
    value[i] = divides ? nearest * scale : nearest / scale;
    doubt[i] = static_cast<std::uint8_t>(doubt[i] | (!sure && (absent == nullptr || absent[i] == 0) ? 1 : 0));
  }
}

static void round_at_whole(const NumberCells& a, const RoundTo& to, double* value, double* whole,
                           std::uint8_t* doubt, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double units = to.divides ? a.value[i] / to.scale : a.value[i] * to.scale;
    const double error = ((a.bound != nullptr ? (to.divides ? a.bound[i] / to.scale : a.bound[i] * to.scale)
                                              : a.relative * kUnitRoundoff * std::fabs(units)) +
                          kUnitRoundoff * std::fabs(units)) *
                         kInflate;
    const double below = std::floor(units);
    const bool is_zero = units == 0.0 && error == 0.0;
    const bool sure =
        (is_zero || (units - below > error && below + 1.0 - units > error)) && std::fabs(below) < kMostUnits;
    const bool up = !is_zero && (to.direction == 3 || (to.direction == 1 && units > 0) ||
                                 (to.direction == 0 && units < 0));
    whole[i] = up ? below + 1.0 : below;
    value[i] = to.divides ? whole[i] * to.scale : whole[i] / to.scale;
    doubt[i] =
        static_cast<std::uint8_t>(doubt[i] | (!sure && (a.absent == nullptr || a.absent[i] == 0) ? 1 : 0));
  }
}

TENGLONG_CLONES static void to_keys(const double* whole, std::int64_t* key, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    // NaN and what is beyond 15 digits are in doubt already; 0 keeps the conversion defined.
    const double kept = std::fabs(whole[i]) <= kMostUnits ? whole[i] : 0.0;
    key[i] = static_cast<std::int64_t>(kept);
  }
}

void round_values(const NumberCells& a, const RoundTo& to, double* value, std::int64_t* key,
                  std::uint8_t* doubt, std::size_t n) {
  constexpr std::size_t kStep = 512;
  double whole[kStep];
  for (std::size_t begin = 0; begin < n; begin += kStep) {
    const std::size_t count = n - begin < kStep ? n - begin : kStep;
    NumberCells part = a;
    part.value += begin;
    if (part.bound != nullptr) part.bound += begin;
    if (part.absent != nullptr) part.absent += begin;
    if (to.at_half)
      round_at_half(part.value, part.bound, part.relative, part.absent, to.scale, to.divides, value + begin,
                    whole, doubt + begin, count);
    else
      round_at_whole(part, to, value + begin, whole, doubt + begin, count);
    to_keys(whole, key + begin, count);
  }
}

}  // namespace tenglong::run
