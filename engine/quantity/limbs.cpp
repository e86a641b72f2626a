#include "engine/quantity/inside/limbs.h"

#include <algorithm>
#include <charconv>

namespace tenglong::quantity {

namespace {
void trim(Limbs& a) {
  while (!a.empty() && a.back() == 0) a.pop_back();
}
}  // namespace

Limbs limbs_of(Coefficient n) {
  Limbs out;
  for (; n != 0; n /= kLimbBase) out.push_back(static_cast<std::uint32_t>(n % kLimbBase));
  return out;
}

Limbs limbs_of(std::string_view digits) {
  Limbs out;
  for (std::size_t end = digits.size(); end > 0;) {
    const std::size_t begin = end < kDigitsPerLimb ? 0 : end - kDigitsPerLimb;
    std::uint32_t limb = 0;
    std::from_chars(digits.data() + begin, digits.data() + end, limb);
    out.push_back(limb);
    end = begin;
  }
  trim(out);
  return out;
}

std::string written_digits(const Limbs& limbs) {
  std::string out;
  for (std::size_t i = limbs.size(); i-- > 0;) {
    const std::string part = std::to_string(limbs[i]);
    out += std::string(i + 1 == limbs.size() ? 0 : kDigitsPerLimb - part.size(), '0') + part;
  }
  return out.empty() ? "0" : out;
}

std::uint32_t small_power_of_ten(int exponent) {
  std::uint32_t out = 1;
  while (exponent-- > 0) out *= 10;
  return out;
}

bool less(const Limbs& a, const Limbs& b) {
  if (a.size() != b.size()) return a.size() < b.size();
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

Limbs plus(const Limbs& a, const Limbs& b) {
  Limbs out(std::max(a.size(), b.size()) + 1, 0);
  std::uint32_t carry = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint32_t sum = (i < a.size() ? a[i] : 0) + (i < b.size() ? b[i] : 0) + carry;
    out[i] = sum % kLimbBase;
    carry = sum / kLimbBase;
  }
  trim(out);
  return out;
}

Limbs minus(const Limbs& a, const Limbs& b) {
  Limbs out(a.size(), 0);
  std::uint32_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint32_t away = (i < b.size() ? b[i] : 0) + borrow;
    borrow = a[i] < away ? 1 : 0;
    out[i] = a[i] + borrow * kLimbBase - away;
  }
  trim(out);
  return out;
}

Limbs product(const Limbs& a, const Limbs& b) {
  Limbs out(a.size() + b.size(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.size() || carry != 0; ++j) {
      carry += out[i + j] + (j < b.size() ? static_cast<std::uint64_t>(a[i]) * b[j] : 0);
      out[i + j] = static_cast<std::uint32_t>(carry % kLimbBase);
      carry /= kLimbBase;
    }
  }
  trim(out);
  return out;
}

void divide(Limbs& a, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    rest = rest * kLimbBase + a[i];
    a[i] = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  trim(a);
}

void drop_low(Limbs& a, std::size_t limbs) {
  a.erase(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(limbs, a.size())));
}

std::optional<Decimal> rounded_once(const Limbs& limbs, std::int64_t exponent, bool negative) {
  constexpr std::size_t kShort = 36, kRun = 45;
  std::string digits = written_digits(limbs);
  if (digits.size() > kShort + kRun) {
    const std::string_view run = std::string_view(digits).substr(kShort, kRun);
    const bool nines = run.find_first_not_of('9') == std::string_view::npos;
    if (nines || run.find_first_not_of('0') == std::string_view::npos) {
      exponent += static_cast<std::int64_t>(digits.size() - kShort);
      digits.resize(kShort);
      if (nines) digits = written_digits(plus(limbs_of(digits), {1}));
    }
  }
  return Decimal::parse((negative ? "-" : "") + digits + "E" + std::to_string(exponent));
}

}  // namespace tenglong::quantity
