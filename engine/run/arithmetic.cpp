#include <cmath>

#include "engine/run/inside/kernels.h"

namespace tenglong::run {

TENGLONG_CLONES void add_values(const double* a, const double* b, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] + b[i];
}
TENGLONG_CLONES void subtract_values(const double* a, const double* b, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] - b[i];
}
TENGLONG_CLONES void multiply_values(const double* a, const double* b, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] * b[i];
}
TENGLONG_CLONES void divide_values(const double* a, const double* b, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double divisor = b[i];
    out[i] = a[i] / (divisor != 0.0 ? divisor : 1.0);
  }
}
TENGLONG_CLONES void minimum_values(const double* a, const double* b, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = b[i] < a[i] ? b[i] : a[i];
}
TENGLONG_CLONES void maximum_values(const double* a, const double* b, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = b[i] > a[i] ? b[i] : a[i];
}
TENGLONG_CLONES void scale_values(const double* a, double factor, double divisor, double* out,
                                  std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] * factor / divisor;
}
TENGLONG_CLONES void multiply_by(const double* a, double b, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] * b;
}
TENGLONG_CLONES void maximum_with(const double* a, double b, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = b > a[i] ? b : a[i];
}
TENGLONG_CLONES void minimum_with(const double* a, double b, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = b < a[i] ? b : a[i];
}

TENGLONG_CLONES void spread_relative(const double* a, double relative, double* bound, std::size_t n) {
  const double factor = relative * kUnitRoundoff * kInflate;
  for (std::size_t i = 0; i < n; ++i) bound[i] = std::fabs(a[i]) * factor;
}
TENGLONG_CLONES void spread_absolute(const double* a, double* bound, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) bound[i] = std::fabs(a[i]) * kUnitRoundoff * kInflate + kSmall;
}
TENGLONG_CLONES void bound_sum(const double* ea, const double* eb, const double* r, double* bound,
                               std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) bound[i] = (ea[i] + eb[i] + kUnitRoundoff * std::fabs(r[i])) * kInflate;
}
TENGLONG_CLONES void bound_product(const double* a, const double* ea, const double* b, const double* eb,
                                   const double* r, double* bound, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double e =
        std::fabs(a[i]) * eb[i] + std::fabs(b[i]) * ea[i] + ea[i] * eb[i] + kUnitRoundoff * std::fabs(r[i]);
    // A factor that is exactly 0 gives exactly 0; anything else may have underflowed.
    const bool exact_zero = (a[i] == 0.0 && ea[i] == 0.0) || (b[i] == 0.0 && eb[i] == 0.0);
    bound[i] = exact_zero ? 0.0 : e * kInflate + kSmall;
  }
}
TENGLONG_CLONES void bound_quotient(const double* ea, const double* b, const double* eb, const double* r,
                                    double* bound, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double room = std::fabs(b[i]) - eb[i] * kInflate;
    const double e = (ea[i] + std::fabs(r[i]) * eb[i]) / room * kInflate + kUnitRoundoff * std::fabs(r[i]);
    const bool exact_zero = r[i] == 0.0 && ea[i] == 0.0;
    bound[i] =
        room > 0.0 ? (exact_zero ? 0.0 : e * kInflate + kSmall) : std::numeric_limits<double>::infinity();
  }
}
TENGLONG_CLONES void bound_larger(const double* ea, const double* eb, double* bound, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) bound[i] = ea[i] > eb[i] ? ea[i] : eb[i];
}

void number_of_codes(const std::int32_t* codes, const double* numbers, double* out, std::uint8_t* absent,
                     std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = numbers[codes[i] + 1];
  if (absent == nullptr) return;
  for (std::size_t i = 0; i < n; ++i) absent[i] = codes[i] < 0;
}
void translated(const std::int32_t* codes, const std::int32_t* common, std::int32_t* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = codes[i] < 0 ? -1 : common[codes[i]];
}

void either_absent(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = static_cast<std::uint8_t>((a != nullptr ? a[i] : 0) | (b != nullptr ? b[i] : 0));
}
TENGLONG_CLONES void absent_where_zero(const double* b, std::uint8_t* absent, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    absent[i] = static_cast<std::uint8_t>(absent[i] | (b[i] == 0.0 ? 1 : 0));
}
TENGLONG_CLONES void doubt_near_zero(const double* b, const double* eb, const std::uint8_t* absent,
                                     std::uint8_t* doubt, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool sure = std::fabs(b[i]) > eb[i] * kInflate || (b[i] == 0.0 && eb[i] == 0.0);
    doubt[i] = static_cast<std::uint8_t>(doubt[i] | (!sure && (absent == nullptr || absent[i] == 0) ? 1 : 0));
  }
}

}  // namespace tenglong::run
