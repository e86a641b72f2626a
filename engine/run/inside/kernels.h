// The kernels: one loop over columns each. docs/exactness.md proves the bound of each, in this order.
//
// `doubt` collects rows that doubles cannot decide; they are evaluated again in decimal128, whole.
#pragma once
#include <cstddef>
#include <cstdint>

#include "engine/plan/plan.h"
#include "engine/run/inside/cells.h"

namespace tenglong::run {

// Values. `out` may not overlap an input.
void add_values(const double* a, const double* b, double* out, std::size_t n);
void subtract_values(const double* a, const double* b, double* out, std::size_t n);
void multiply_values(const double* a, const double* b, double* out, std::size_t n);
void divide_values(const double* a, const double* b, double* out, std::size_t n);  // by 1 where b is 0
void minimum_values(const double* a, const double* b, double* out, std::size_t n);
void maximum_values(const double* a, const double* b, double* out, std::size_t n);
void scale_values(const double* a, double factor, double divisor, double* out, std::size_t n);
// The same with one operand the same in every row.
void multiply_by(const double* a, double b, double* out, std::size_t n);
void maximum_with(const double* a, double b, double* out, std::size_t n);
void minimum_with(const double* a, double b, double* out, std::size_t n);

// Absolute bounds of the results `r`.
void spread_relative(const double* a, double relative, double* bound, std::size_t n);
void spread_absolute(const double* a, double* bound, std::size_t n);  // of the nearest double of a decimal
void bound_sum(const double* ea, const double* eb, const double* r, double* bound, std::size_t n);
void bound_product(const double* a, const double* ea, const double* b, const double* eb, const double* r,
                   double* bound, std::size_t n);
void bound_quotient(const double* ea, const double* b, const double* eb, const double* r, double* bound,
                    std::size_t n);
void bound_larger(const double* ea, const double* eb, double* bound, std::size_t n);

// Of codes. numbers[0] stands for no text; `absent` may be null.
void number_of_codes(const std::int32_t* codes, const double* numbers, double* out, std::uint8_t* absent,
                     std::size_t n);
void translated(const std::int32_t* codes, const std::int32_t* common, std::int32_t* out, std::size_t n);

// Absence and doubt.
void either_absent(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
                   std::size_t n);                                             // either may be null
void absent_where_zero(const double* b, std::uint8_t* absent, std::size_t n);  // ors into absent
void doubt_near_zero(const double* b, const double* eb, const std::uint8_t* absent, std::uint8_t* doubt,
                     std::size_t n);

// Rounding to whole units of 10^-places. key: the whole number; value: key / 10^places.
struct RoundTo {
  double scale = 1;      // 10^|places|
  bool divides = false;  // places < 0
  bool at_half = true;   // edges at halves (half_*) or at whole numbers (up, down, floor, ceiling)
  int direction = 0;     // at_half false: 0 toward zero, 1 away from zero, 2 floor, 3 ceiling
};
void round_values(const NumberCells& a, const RoundTo& to, double* value, std::int64_t* key,
                  std::uint8_t* doubt, std::size_t n);

// Comparisons. exact: both sides carry decimals of at most 15 digits, so doubles compare as the decimals do.
void compare_numbers(plan::Comparator comparator, const NumberCells& a, const NumberCells& b, bool exact,
                     Tri* out, std::uint8_t* doubt, std::size_t n);
void equal_numbers(const NumberCells& a, const NumberCells& b, bool exact, Tri* out, std::uint8_t* doubt,
                   std::size_t n);
// Doubles tell a from b in row i: their distance exceeds both bounds.
bool surely_apart(const NumberCells& a, const NumberCells& b, std::size_t i);
void compare_dates(plan::Comparator comparator, const std::int32_t* a, const std::int32_t* b, Tri* out,
                   std::size_t n);
void equal_codes(const std::int32_t* a, const std::int32_t* b, Tri* out, std::size_t n);
void equal_answers(const Tri* a, const Tri* b, Tri* out, std::size_t n);

// Logic.
void both(const Tri* a, const Tri* b, Tri* out, std::size_t n);
void answers_of(const std::uint8_t* values, Tri* out, std::size_t n);
void any_of(const Tri* a, const Tri* b, Tri* out, std::size_t n);
void negation(const Tri* a, Tri* out, std::size_t n);
void is_true(const Tri* a, Tri* out, std::size_t n);

}  // namespace tenglong::run
