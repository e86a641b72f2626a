#include "engine/quantity/decimal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "engine/text/ensure.h"

// Intel RDFP, variant 000: arguments by value, rounding mode as an argument, flags through a pointer.
namespace {
struct alignas(16) Bid {
  std::uint64_t word[2];
};
}  // namespace
extern "C" {
Bid __bid128_add(Bid, Bid, unsigned, unsigned*);
Bid __bid128_sub(Bid, Bid, unsigned, unsigned*);
Bid __bid128_mul(Bid, Bid, unsigned, unsigned*);
Bid __bid128_div(Bid, Bid, unsigned, unsigned*);
Bid __bid128_fmod(Bid, Bid, unsigned*);
Bid __bid128_sqrt(Bid, unsigned, unsigned*);
int __bid128_quiet_less(Bid, Bid, unsigned*);
int __bid128_quiet_equal(Bid, Bid, unsigned*);
double __bid128_to_binary64(Bid, unsigned, unsigned*);
}

namespace tenglong::quantity {

namespace {

using Wide = unsigned __int128;

constexpr unsigned kHalfEven = 0;
constexpr int kBias = 6176;
constexpr int kMostDigits = 34;
constexpr int kGreatestExponent = 6111;
constexpr std::uint64_t kSign = 1ull << 63;
constexpr std::uint64_t kSpecial = 0x7800000000000000ull;  // infinities and NaN
constexpr std::uint64_t kSteering = 0x6000000000000000ull;

constexpr std::array<Wide, 39> powers_of_ten() {
  std::array<Wide, 39> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr std::array<Wide, 39> kTen = powers_of_ten();

Bid bid(Decimal d) { return {{d.low_word(), d.high_word()}}; }
Decimal decimal(Bid b) { return Decimal::from_words(b.word[0], b.word[1]); }
bool is_finite(Bid b) { return (b.word[1] & kSpecial) != kSpecial; }
std::optional<Decimal> finite(Bid b) { return is_finite(b) ? std::optional(decimal(b)) : std::nullopt; }

struct Unpacked {
  bool negative;
  Wide coefficient;
  int exponent;
};

Unpacked unpack(Decimal d) {
  const std::uint64_t high = d.high_word();
  Unpacked out{(high & kSign) != 0, 0, 0};
  if ((high & kSteering) == kSteering) {  // a non-canonical form: zero by the standard
    out.exponent = static_cast<int>((high >> 47) & 0x3FFF) - kBias;
    return out;
  }
  out.exponent = static_cast<int>((high >> 49) & 0x3FFF) - kBias;
  out.coefficient = (static_cast<Wide>(high & 0x1FFFFFFFFFFFFull) << 64) | d.low_word();
  if (out.coefficient >= kTen[kMostDigits]) out.coefficient = 0;
  return out;
}

Decimal pack(bool negative, Wide coefficient, int exponent) {
  const std::uint64_t high = static_cast<std::uint64_t>(coefficient >> 64) |
                             (static_cast<std::uint64_t>(exponent + kBias) << 49) | (negative ? kSign : 0);
  return Decimal::from_words(static_cast<std::uint64_t>(coefficient), high);
}

int digit_count(Wide n) {
  int digits = 1;
  while (digits < 38 && n >= kTen[static_cast<std::size_t>(digits)]) ++digits;
  return digits;
}

// What was cut off behind a coefficient, against half of its last unit.
enum class Tail { Nothing, BelowHalf, Half, AboveHalf };

bool rounds_up(Tail tail, bool odd) { return tail == Tail::AboveHalf || (tail == Tail::Half && odd); }

// coefficient x 10^exponent and its tail, rounded HALF_EVEN once: to 34 digits, or where the smallest
// exponent ends. Large exponents are filled with zeros; nullopt on overflow. coefficient < 10^34.
std::optional<Decimal> fit(bool negative, Wide coefficient, std::int64_t exponent,
                           Tail tail = Tail::Nothing) {
  if (exponent < -kBias) {
    const std::int64_t drop = -kBias - exponent;
    if (drop > kMostDigits) return Decimal{};
    const Wide divisor = kTen[static_cast<std::size_t>(drop)];
    const Wide rest = coefficient % divisor;
    coefficient /= divisor;
    const bool more = tail != Tail::Nothing;
    if (rest * 2 > divisor || (rest * 2 == divisor && more))
      tail = Tail::AboveHalf;
    else if (rest * 2 == divisor)
      tail = Tail::Half;
    else
      tail = rest != 0 || more ? Tail::BelowHalf : Tail::Nothing;
    exponent = -kBias;
  }
  if (rounds_up(tail, (coefficient & 1) != 0) && ++coefficient == kTen[kMostDigits]) {
    coefficient = kTen[kMostDigits - 1];
    ++exponent;
  }
  if (coefficient == 0) return Decimal{};
  while (exponent > kGreatestExponent) {
    if (coefficient >= kTen[kMostDigits - 1]) return std::nullopt;
    coefficient *= 10;
    --exponent;
  }
  return pack(negative, coefficient, static_cast<int>(exponent));
}

std::string digits_of(Wide n) {
  constexpr std::uint64_t kChunk = 1'000'000'000'000'000'000;  // 10^18
  if ((n >> 64) == 0) return std::to_string(static_cast<std::uint64_t>(n));
  std::string low = std::to_string(static_cast<std::uint64_t>(n % kChunk));
  return digits_of(n / kChunk) + std::string(18 - low.size(), '0') + low;
}

}  // namespace

Decimal Decimal::from_words(std::uint64_t low, std::uint64_t high) {
  ensure((high & kSpecial) != kSpecial, "the words of a decimal are a finite number");
  Decimal out;
  out.words_[0] = low;
  out.words_[1] = high;
  return out;
}

Decimal::Decimal(std::int64_t integer) : Decimal(scaled(integer, 0)) {}

Decimal Decimal::scaled(__int128 coefficient, int exponent) {
  const Wide magnitude = coefficient < 0 ? -static_cast<Wide>(coefficient) : static_cast<Wide>(coefficient);
  ensure(magnitude < kTen[kMostDigits] && exponent >= -kBias && exponent <= kGreatestExponent,
         "a scaled decimal has at most 34 digits and an exponent in range");
  return pack(coefficient < 0, magnitude, exponent);
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  std::size_t at = 0;
  bool negative = false;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) negative = text[at++] == '-';
  Wide coefficient = 0;
  int kept = 0;  // significant digits in coefficient
  std::int64_t exponent = 0;
  bool any = false, after_point = false, sticky = false;
  int first_dropped = -1;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.') {
      if (after_point) return std::nullopt;
      after_point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    const int digit = c - '0';
    if (kept < kMostDigits) {
      if (kept > 0 || digit != 0) {
        coefficient = coefficient * 10 + static_cast<unsigned>(digit);
        ++kept;
      }
      if (after_point) --exponent;
    } else {
      if (first_dropped < 0)
        first_dropped = digit;
      else
        sticky = sticky || digit != 0;
      if (!after_point) ++exponent;
    }
  }
  if (!any) return std::nullopt;
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
    ++at;
    if (at + 1 < text.size() && text[at] == '+' && text[at + 1] != '-') ++at;
    int written = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), written);
    if (error == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
    // Beyond any range either way; what decides is whether the digits are all zero.
    if (error == std::errc::result_out_of_range) written = text[at] == '-' ? -1'000'000'000 : 1'000'000'000;
    exponent += written;
  }
  const Tail tail = first_dropped > 5 || (first_dropped == 5 && sticky) ? Tail::AboveHalf
                    : first_dropped == 5                                ? Tail::Half
                    : first_dropped > 0 || sticky                       ? Tail::BelowHalf
                                                                        : Tail::Nothing;
  return fit(negative, coefficient, exponent, tail);
}

Decimal Decimal::from_double_shortest(double value) {
  ensure(std::isfinite(value), "only a finite double is a decimal");
  std::array<char, 32> buffer{};
  // Scientific: the plain form of a large double prints all its digits, not the fewest.
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  const auto parsed = parse({buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data())});
  ensure(parsed.has_value(), "a double's shortest form is a decimal");
  return *parsed;
}

Decimal::Parts Decimal::parts() const {
  Unpacked own = unpack(*this);
  if (own.coefficient == 0) return {0, 0};
  while ((own.coefficient >> 64) != 0 && own.coefficient % 10 == 0) {
    own.coefficient /= 10;
    ++own.exponent;
  }
  if ((own.coefficient >> 64) == 0) {  // 64-bit division is many times cheaper
    auto narrow = static_cast<std::uint64_t>(own.coefficient);
    for (; narrow % 10 == 0; narrow /= 10) ++own.exponent;
    own.coefficient = narrow;
  }
  const auto coefficient = static_cast<__int128>(own.coefficient);
  return {own.negative ? -coefficient : coefficient, own.exponent};
}

int Decimal::significant_digits() const {
  const Parts own = parts();
  return digit_count(own.coefficient < 0 ? -static_cast<Wide>(own.coefficient)
                                         : static_cast<Wide>(own.coefficient));
}

std::string Decimal::to_string() const {
  const Parts own = parts();
  if (own.coefficient == 0) return "0";
  std::string digits = digits_of(own.coefficient < 0 ? -static_cast<Wide>(own.coefficient)
                                                     : static_cast<Wide>(own.coefficient));
  if (own.exponent > 0) {
    digits.append(static_cast<std::size_t>(own.exponent), '0');
  } else if (own.exponent < 0) {
    const auto places = static_cast<std::size_t>(-own.exponent);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, ".");
  }
  return own.coefficient < 0 ? "-" + digits : digits;
}

std::string Decimal::to_fixed(int places) const {
  std::string out = rounded(places, RoundingMode::HalfUp).to_string();
  if (places <= 0) return out;
  const std::size_t point = out.find('.');
  const std::size_t present = point == std::string::npos ? 0 : out.size() - point - 1;
  if (point == std::string::npos) out += '.';
  return out + std::string(static_cast<std::size_t>(places) - present, '0');
}

double Decimal::to_double() const {
  // Coefficient and power of ten both exact in a double: one operation, rounded once. That is nearly every
  // value typed.
  constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const Unpacked own = unpack(*this);
  if (own.coefficient < (Wide{1} << 53) && own.exponent >= -22 && own.exponent <= 22) {
    const auto whole = static_cast<double>(static_cast<std::uint64_t>(own.coefficient));
    const double magnitude =
        own.exponent < 0 ? whole / kPowers[-own.exponent] : whole * kPowers[own.exponent];
    return own.negative ? -magnitude : magnitude;
  }
  unsigned flags = 0;
  return __bid128_to_binary64(bid(*this), kHalfEven, &flags);
}

std::optional<std::int64_t> Decimal::to_integer() const {
  const Parts own = parts();
  if (own.exponent < 0 || own.exponent > 18) return std::nullopt;
  const Wide magnitude =
      own.coefficient < 0 ? -static_cast<Wide>(own.coefficient) : static_cast<Wide>(own.coefficient);
  if (magnitude > kTen[19] / kTen[static_cast<std::size_t>(own.exponent)]) return std::nullopt;
  const Wide whole = magnitude * kTen[static_cast<std::size_t>(own.exponent)];
  constexpr Wide kMost = static_cast<Wide>(INT64_MAX);
  if (whole > kMost + (own.coefficient < 0 ? 1 : 0)) return std::nullopt;
  return own.coefficient < 0 ? static_cast<std::int64_t>(-static_cast<__int128>(whole))
                             : static_cast<std::int64_t>(whole);
}

bool Decimal::is_zero() const { return unpack(*this).coefficient == 0; }
bool Decimal::is_negative() const {
  const Unpacked own = unpack(*this);
  return own.negative && own.coefficient != 0;
}
bool Decimal::is_integer() const { return parts().exponent >= 0; }

std::optional<Decimal> add(Decimal a, Decimal b) {
  unsigned flags = 0;
  return finite(__bid128_add(bid(a), bid(b), kHalfEven, &flags));
}
std::optional<Decimal> subtract(Decimal a, Decimal b) {
  unsigned flags = 0;
  return finite(__bid128_sub(bid(a), bid(b), kHalfEven, &flags));
}
std::optional<Decimal> multiply(Decimal a, Decimal b) {
  unsigned flags = 0;
  return finite(__bid128_mul(bid(a), bid(b), kHalfEven, &flags));
}
std::optional<Decimal> divide(Decimal a, Decimal b) {
  if (b.is_zero()) return std::nullopt;
  unsigned flags = 0;
  return finite(__bid128_div(bid(a), bid(b), kHalfEven, &flags));
}

std::optional<Decimal> modulo(Decimal a, Decimal b) {
  if (b.is_zero()) return std::nullopt;
  unsigned flags = 0;
  const auto rest = finite(__bid128_fmod(bid(a), bid(b), &flags));  // exact, sign of a
  if (!rest || rest->is_zero()) return rest ? std::optional(Decimal{}) : rest;
  return rest->is_negative() == b.is_negative() ? rest : add(*rest, b);
}

std::optional<Decimal> Decimal::sqrt() const {
  unsigned flags = 0;
  return is_negative() ? std::nullopt : finite(__bid128_sqrt(bid(*this), kHalfEven, &flags));
}

Decimal Decimal::operator-() const { return from_words(words_[0], words_[1] ^ kSign); }
Decimal Decimal::abs() const { return from_words(words_[0], words_[1] & ~kSign); }

Decimal Decimal::rounded(int places, RoundingMode mode) const {
  const Unpacked own = unpack(*this);
  const int drop = -own.exponent - places;
  if (drop <= 0 || own.coefficient == 0) return *this;
  const bool all = drop > 37;  // everything goes: less than half of one unit
  const Wide divisor = all ? 0 : kTen[static_cast<std::size_t>(drop)];
  Wide quotient = all ? 0 : own.coefficient / divisor;
  const Wide rest = all ? own.coefficient : own.coefficient % divisor;
  // -1, 0, 1: the rest is below, at, above the half
  const int half = all ? -1 : rest > divisor / 2 ? 1 : rest == divisor / 2 ? 0 : -1;
  bool away = false;
  if (rest != 0) switch (mode) {
      case RoundingMode::HalfEven:
        away = half > 0 || (half == 0 && (quotient & 1) != 0);
        break;
      case RoundingMode::HalfUp:
        away = half >= 0;
        break;
      case RoundingMode::HalfDown:
        away = half > 0;
        break;
      case RoundingMode::Up:
        away = true;
        break;
      case RoundingMode::Down:
        break;
      case RoundingMode::Floor:
        away = own.negative;
        break;
      case RoundingMode::Ceiling:
        away = !own.negative;
        break;
    }
  if (away) ++quotient;
  const auto fitted = fit(own.negative, quotient, -static_cast<std::int64_t>(places));
  ensure(fitted.has_value(), "rounding stays in range");
  return *fitted;
}

bool operator==(Decimal a, Decimal b) {
  unsigned flags = 0;
  return __bid128_quiet_equal(bid(a), bid(b), &flags) != 0;
}

std::strong_ordering operator<=>(Decimal a, Decimal b) {
  unsigned flags = 0;
  if (__bid128_quiet_less(bid(a), bid(b), &flags) != 0) return std::strong_ordering::less;
  return a == b ? std::strong_ordering::equal : std::strong_ordering::greater;
}

namespace {
Decimal in_range(std::optional<Decimal> value) {
  ensure(value.has_value(), "decimal arithmetic shown to stay in range overflowed");
  return *value;
}
}  // namespace

Decimal operator+(Decimal a, Decimal b) { return in_range(add(a, b)); }
Decimal operator-(Decimal a, Decimal b) { return in_range(subtract(a, b)); }
Decimal operator*(Decimal a, Decimal b) { return in_range(multiply(a, b)); }

namespace literals {
Decimal operator""_decimal(const char* text, std::size_t size) {
  const auto value = Decimal::parse({text, size});
  ensure(value.has_value(), "a decimal literal is a decimal");
  return *value;
}
}  // namespace literals

}  // namespace tenglong::quantity
