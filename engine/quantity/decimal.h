// IEEE 754-2008 decimal128, the number of FEEL: 34 digits, HALF_EVEN, by Intel RDFP.
//
// In:    decimal text, integers, doubles by their shortest form. Out: the correctly rounded result of each
// operation. Never: NaN or infinity: an operation that would give one returns nullopt (division, power,
// domain errors, overflow). Cost:  add 16, mul 38, div 95 ns; 16 bytes, trivially copyable.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenglong::quantity {

enum class RoundingMode {
  HalfEven,
  HalfUp,
  HalfDown,
  Up,
  Down,
  Floor,
  Ceiling
};  // HalfUp: away from zero (四舍五入)

struct Rounding {
  int places = 6;
  RoundingMode mode = RoundingMode::HalfUp;
  friend bool operator==(const Rounding&, const Rounding&) = default;
};

class alignas(16) Decimal {
 public:
  constexpr Decimal() : words_{0, 0x3040000000000000ull} {}              // 0E0
  Decimal(std::int64_t integer);                                         // NOLINT: an integer is a decimal
  Decimal(int integer) : Decimal(static_cast<std::int64_t>(integer)) {}  // NOLINT

  // coefficient x 10^exponent, exact; |coefficient| < 10^34 or ensure() fails.
  static Decimal scaled(__int128 coefficient, int exponent);
  // "-12.50", "+3", ".5", "5.", "1.23e-4"; nothing else (no blanks, commas, NaN). More than 34 digits round
  // HALF_EVEN, once, from all the digits written; nullopt beyond 10^6145.
  static std::optional<Decimal> parse(std::string_view text);
  // The decimal with the fewest digits that reads back as `value`; ensure() on NaN or infinity.
  static Decimal from_double_shortest(double value);

  // Plain notation, no exponent, no trailing zeros after the point, "-0" is "0": the canonical form.
  std::string to_string() const;
  // Exactly `places` digits after the point, rounded HALF_UP: for readers, never for comparison.
  std::string to_fixed(int places) const;
  double to_double() const;  // nearest, ties to even
  // The value as an integer if it is one and fits.
  std::optional<std::int64_t> to_integer() const;
  // Coefficient and exponent of the canonical form (no trailing zeros in the coefficient): value = c x 10^e.
  struct Parts {
    __int128 coefficient;
    int exponent;
  };
  Parts parts() const;
  int significant_digits() const;  // of the canonical form; 1 for zero

  bool is_zero() const;
  bool is_negative() const;  // false for -0
  bool is_integer() const;

  std::optional<Decimal> sqrt() const;
  std::optional<Decimal> log() const;  // natural
  std::optional<Decimal> exp() const;
  Decimal operator-() const;
  Decimal abs() const;
  // To `places` digits after the point (negative: tens, hundreds); places in -6111..6176.
  Decimal rounded(int places, RoundingMode mode) const;
  Decimal rounded(const Rounding& rounding) const { return rounded(rounding.places, rounding.mode); }
  Decimal floor() const { return rounded(0, RoundingMode::Floor); }

  // By value: 0 = 0.00 = -0. A total order.
  friend std::strong_ordering operator<=>(Decimal a, Decimal b);
  friend bool operator==(Decimal a, Decimal b);

  // The raw BID encoding, for stores and column kernels.
  std::uint64_t low_word() const { return words_[0]; }
  std::uint64_t high_word() const { return words_[1]; }
  static Decimal from_words(std::uint64_t low, std::uint64_t high);  // ensure() on infinities and NaN

 private:
  std::uint64_t words_[2];
};

// Correctly rounded; nullopt on overflow.
std::optional<Decimal> add(Decimal a, Decimal b);
std::optional<Decimal> subtract(Decimal a, Decimal b);
std::optional<Decimal> multiply(Decimal a, Decimal b);
std::optional<Decimal> divide(Decimal a, Decimal b);  // nullopt for b = 0
// Real results only; 0^0 is 1. Correctly rounded, as are exp() and log(): worked out to 108 digits behind the
// point.
std::optional<Decimal> power(Decimal a, Decimal b);
std::optional<Decimal> modulo(Decimal a,
                              Decimal b);  // a - b * floor(a / b), rounded once: sign of b; nullopt for b = 0

// For code that has shown that it cannot overflow (the fast path's re-evaluation, tests, literals): ensure()
// on overflow.
Decimal operator+(Decimal a, Decimal b);
Decimal operator-(Decimal a, Decimal b);
Decimal operator*(Decimal a, Decimal b);

// "12.5"_decimal in tests and tables.
namespace literals {
Decimal operator""_decimal(const char* text, std::size_t size);
}

// The sum of any number of decimals without rounding, rounded once at the end: order never matters.
class ExactSum {
 public:
  void add(Decimal value);
  void add(const ExactSum& other);
  // nullopt on overflow; 0 for an empty sum. 34 digits, HALF_EVEN.
  std::optional<Decimal> result() const;
  std::int64_t count() const { return count_; }

 private:
  // Ordinary values gather by exponent (10^-12 .. 10^6) and never carry; the rest goes to limbs of 10^18,
  // little endian, limb i standing for 10^(18 * (first_ + i)). Carries are settled in result().
  static constexpr int kLeastSmall = -12;
  static constexpr int kGreatestSmall = 6;
  void add_to_limbs(__int128 coefficient, int exponent);
  std::array<__int128, kGreatestSmall - kLeastSmall + 1> small_{};
  std::vector<__int128> limbs_;
  int first_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace tenglong::quantity
