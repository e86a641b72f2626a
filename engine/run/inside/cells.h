// One batch of one node, as kernels see it. They know spans, bounds and absence; no names, no clauses, no
// strings.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>

// Leaf kernels are compiled for plain x86-64 and for AVX2; the loader picks. With -ffp-contract=off all
// clones give the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define TENGLONG_CLONES __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define TENGLONG_CLONES
#endif

namespace tenglong::run {

constexpr double kUnitRoundoff = 0x1p-53;
// Bounds are computed in doubles themselves: every bound is inflated by more than all its own roundings.
constexpr double kInflate = 1.0 + 0x1p-40;
// Below this nothing is claimed relatively; absolute bounds add it for what may underflow.
constexpr double kSmall = 1e-290;
constexpr double kLarge = 1e290;

using Tri = std::int8_t;  // three-valued
constexpr Tri kFalse = 0, kTrue = 1, kUnknown = 2;
constexpr std::int32_t kNoDate = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kNoText = -1;

// |exact - value| <= relative * 2^-53 * |value| where bound is null, else <= bound.
struct NumberCells {
  const double* value = nullptr;
  const double* bound = nullptr;
  double relative = 0;
  const std::uint8_t* absent = nullptr;  // null: every row has a value
};

}  // namespace tenglong::run
