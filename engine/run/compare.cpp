#include <cmath>

#include "engine/run/inside/kernels.h"

namespace tenglong::run {
namespace {

inline bool holds(plan::Comparator comparator, bool less, bool same) {
  switch (comparator) {
    case plan::Comparator::Less:
      return less;
    case plan::Comparator::AtMost:
      return less || same;
    case plan::Comparator::Greater:
      return !less && !same;
    case plan::Comparator::AtLeast:
      return !less;
  }
  return false;
}

inline double error_of(const NumberCells& cells, std::size_t i) {
  return cells.bound != nullptr ? cells.bound[i] : cells.relative * kUnitRoundoff * std::fabs(cells.value[i]);
}

inline bool is_absent(const NumberCells& cells, std::size_t i) {
  return cells.absent != nullptr && cells.absent[i] != 0;
}

// Equal and known exactly: 0 = 0, a constant and itself.
inline bool surely_same(const NumberCells& a, const NumberCells& b, std::size_t i) {
  return a.value[i] == b.value[i] && error_of(a, i) == 0.0 && error_of(b, i) == 0.0;
}

}  // namespace

bool surely_apart(const NumberCells& a, const NumberCells& b, std::size_t i) {
  const double error = (error_of(a, i) + error_of(b, i)) * kInflate;
  return std::fabs(a.value[i] - b.value[i]) >
         error * kInflate + kUnitRoundoff * std::fabs(a.value[i] - b.value[i]);
}

void compare_numbers(plan::Comparator comparator, const NumberCells& a, const NumberCells& b, bool exact,
                     Tri* out, std::uint8_t* doubt, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool less = a.value[i] < b.value[i], same = a.value[i] == b.value[i];
    out[i] = holds(comparator, less, same) ? kTrue : kFalse;
  }
  if (!exact)
    for (std::size_t i = 0; i < n; ++i)
      if (!surely_apart(a, b, i) && !surely_same(a, b, i) && !is_absent(a, i) && !is_absent(b, i))
        doubt[i] = 1;
  if (a.absent != nullptr || b.absent != nullptr)
    for (std::size_t i = 0; i < n; ++i)
      if (is_absent(a, i) || is_absent(b, i)) out[i] = kUnknown;
}

void equal_numbers(const NumberCells& a, const NumberCells& b, bool exact, Tri* out, std::uint8_t* doubt,
                   std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool no_a = is_absent(a, i), no_b = is_absent(b, i);
    if (no_a || no_b) {
      out[i] = no_a && no_b ? kTrue : kFalse;
      continue;
    }
    out[i] = a.value[i] == b.value[i] ? kTrue : kFalse;
    if (!exact && !surely_apart(a, b, i) && !surely_same(a, b, i)) doubt[i] = 1;
  }
}

void compare_dates(plan::Comparator comparator, const std::int32_t* a, const std::int32_t* b, Tri* out,
                   std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool absent = a[i] == kNoDate || b[i] == kNoDate;
    out[i] = absent ? kUnknown : holds(comparator, a[i] < b[i], a[i] == b[i]) ? kTrue : kFalse;
  }
}

// Codes and dates: nothing equals nothing and nothing else, and their absence is one number.
TENGLONG_CLONES void equal_codes(const std::int32_t* a, const std::int32_t* b, Tri* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<Tri>(a[i] == b[i]);
}

void equal_answers(const Tri* a, const Tri* b, Tri* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<Tri>(a[i] == b[i]);
}

TENGLONG_CLONES void both(const Tri* a, const Tri* b, Tri* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = a[i] == kFalse || b[i] == kFalse ? kFalse : a[i] == kTrue && b[i] == kTrue ? kTrue : kUnknown;
}
TENGLONG_CLONES void answers_of(const std::uint8_t* values, Tri* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<Tri>(values[i] != 0);
}
TENGLONG_CLONES void any_of(const Tri* a, const Tri* b, Tri* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = a[i] == kTrue || b[i] == kTrue ? kTrue : a[i] == kFalse && b[i] == kFalse ? kFalse : kUnknown;
}
TENGLONG_CLONES void negation(const Tri* a, Tri* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] == kUnknown ? kUnknown : static_cast<Tri>(1 - a[i]);
}
TENGLONG_CLONES void is_true(const Tri* a, Tri* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<Tri>(a[i] == kTrue);
}

}  // namespace tenglong::run
