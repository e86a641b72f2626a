#include <algorithm>

#include "engine/quantity/decimal.h"
#include "engine/text/ensure.h"

namespace tenglong::quantity {

namespace {

constexpr std::int64_t kSumLimb = 1'000'000'000'000'000'000;  // 10^18
constexpr int kLimbDigits = 18;

constexpr int kExponentBias = 6176;
constexpr std::uint64_t kUpperCoefficient = 0x1FFFFFFFFFFFFull;  // the bits of a coefficient in the high word

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

int floor_divide(int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

}  // namespace

void ExactSum::add_to_limbs(__int128 coefficient, int exponent) {
  const int limb = floor_divide(exponent, kLimbDigits);
  const std::int64_t shift = power_of_ten(exponent - limb * kLimbDigits);
  if (limbs_.empty()) first_ = limb;
  if (limb < first_) {
    limbs_.insert(limbs_.begin(), static_cast<std::size_t>(first_ - limb), 0);
    first_ = limb;
  }
  auto at = static_cast<std::size_t>(limb - first_);
  if (limbs_.size() < at + 5) limbs_.resize(at + 5, 0);
  for (; coefficient != 0; ++at, coefficient /= kSumLimb) {
    const __int128 part = coefficient % kSumLimb * shift;  // below 10^36
    limbs_[at] += part % kSumLimb;
    limbs_[at + 1] += part / kSumLimb;
  }
}

void ExactSum::add(Decimal value) {
  ++count_;
  // The usual value straight from its encoding: a coefficient of one word and an exponent among the small
  // ones.
  const auto biased = static_cast<int>((value.high_word() >> 49) & 0x3FFF) - kExponentBias;
  if ((value.high_word() & kUpperCoefficient) == 0 && value.low_word() <= INT64_MAX &&
      biased >= kLeastSmall && biased <= kGreatestSmall) {
    const auto magnitude = static_cast<std::int64_t>(value.low_word());
    small_[static_cast<std::size_t>(biased - kLeastSmall)] +=
        (value.high_word() >> 63) != 0 ? -magnitude : magnitude;
    return;
  }
  const auto [coefficient, exponent] = value.parts();
  if (exponent >= kLeastSmall && exponent <= kGreatestSmall && coefficient <= INT64_MAX &&
      coefficient >= -INT64_MAX) {
    small_[static_cast<std::size_t>(exponent - kLeastSmall)] += coefficient;
    return;
  }
  add_to_limbs(coefficient, exponent);
}

void ExactSum::add(const ExactSum& other) {
  count_ += other.count_;
  for (std::size_t i = 0; i < small_.size(); ++i)
    if (other.small_[i] != 0) add_to_limbs(other.small_[i], static_cast<int>(i) + kLeastSmall);
  for (std::size_t i = 0; i < other.limbs_.size(); ++i)
    if (other.limbs_[i] != 0)
      add_to_limbs(other.limbs_[i], (other.first_ + static_cast<int>(i)) * kLimbDigits);
}

std::optional<Decimal> ExactSum::result() const {
  ExactSum all;
  all.add(*this);
  std::vector<__int128>& limbs = all.limbs_;
  if (limbs.empty()) return Decimal{};
  // Floor carries upward: every limb but the last in [0, 10^18).
  limbs.resize(limbs.size() + 2, 0);
  const auto settle = [&limbs] {
    for (std::size_t i = 0; i + 1 < limbs.size(); ++i) {
      __int128 carry = limbs[i] / kSumLimb;
      if (limbs[i] % kSumLimb < 0) --carry;
      limbs[i] -= carry * kSumLimb;
      limbs[i + 1] += carry;
    }
  };
  settle();
  const bool negative = limbs.back() < 0;
  if (negative) {
    for (__int128& limb : limbs) limb = -limb;
    settle();
  }
  std::string digits = negative ? "-" : "";
  for (std::size_t i = limbs.size(); i-- > 0;) {
    std::string part = std::to_string(static_cast<std::int64_t>(limbs[i]));
    digits += std::string(kLimbDigits - std::min<std::size_t>(kLimbDigits, part.size()), '0') + part;
  }
  return Decimal::parse(digits + "E" + std::to_string(all.first_ * kLimbDigits));
}

}  // namespace tenglong::quantity
