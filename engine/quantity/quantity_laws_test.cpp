#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

#include "engine/quantity/decimal.h"
#include "engine/quantity/unit.h"

namespace tenglong::quantity {
namespace {

std::vector<Decimal> decimals(const std::vector<std::pair<std::int64_t, int>>& parts) {
  std::vector<Decimal> out;
  for (const auto& [coefficient, exponent] : parts) out.push_back(Decimal::scaled(coefficient, exponent));
  return out;
}

rc::Gen<std::vector<std::pair<std::int64_t, int>>> some_parts() {
  return rc::gen::container<std::vector<std::pair<std::int64_t, int>>>(
      rc::gen::pair(rc::gen::arbitrary<std::int64_t>(), rc::gen::inRange(-40, 30)));
}

Decimal sum_of(const std::vector<Decimal>& values) {
  ExactSum sum;
  for (const Decimal value : values) sum.add(value);
  return *sum.result();
}

RC_GTEST_PROP(ExactSum, OrderNeverMatters, (std::uint32_t seed)) {
  std::vector<Decimal> values = decimals(*some_parts());
  const Decimal before = sum_of(values);
  std::shuffle(values.begin(), values.end(), std::mt19937(seed));
  RC_ASSERT(sum_of(values) == before);
}

RC_GTEST_PROP(ExactSum, PartsAddUpToTheWhole, ()) {
  const std::vector<Decimal> values = decimals(*some_parts());
  const auto cut = values.empty() ? 0 : *rc::gen::inRange<std::size_t>(0, values.size());
  ExactSum left, right, whole;
  for (std::size_t i = 0; i < values.size(); ++i) {
    (i < cut ? left : right).add(values[i]);
    whole.add(values[i]);
  }
  left.add(right);
  RC_ASSERT(*left.result() == *whole.result());
  RC_ASSERT(left.count() == whole.count());
}

RC_GTEST_PROP(ExactSum, EqualsIntegerAddition, (const std::vector<std::int32_t>& numbers)) {
  std::int64_t expected = 0;
  ExactSum sum;
  for (const std::int32_t n : numbers) {
    expected += n;
    sum.add(Decimal::scaled(n, -4));
  }
  RC_ASSERT(*sum.result() == Decimal::scaled(expected, -4));
}

// The same sum in units of 10^-12 by 128-bit integers; parse() rounds it once to 34 digits.
RC_GTEST_PROP(ExactSum, EqualsIntegersOfMixedExponents, ()) {
  const auto parts = *rc::gen::container<std::vector<std::pair<std::int32_t, int>>>(
      rc::gen::pair(rc::gen::arbitrary<std::int32_t>(), rc::gen::inRange(-12, 7)));
  __int128 expected = 0;
  ExactSum sum;
  for (const auto& [coefficient, exponent] : parts) {
    __int128 scaled = coefficient;
    for (int i = -12; i < exponent; ++i) scaled *= 10;
    expected += scaled;
    sum.add(Decimal::scaled(coefficient, exponent));
  }
  std::string digits = expected == 0 ? "0" : "";
  for (__int128 left = expected < 0 ? -expected : expected; left != 0; left /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(left % 10)));
  RC_ASSERT(*sum.result() == *Decimal::parse((expected < 0 ? "-" : "") + digits + "E-12"));
}

// 1200 and 12E2 are one number, and -0 is 0.
RC_GTEST_PROP(ExactSum, TheFormOfANumberNeverMatters, (std::int32_t coefficient, bool negative_zero)) {
  const int zeros = *rc::gen::inRange(0, 20);
  __int128 padded = coefficient;
  for (int i = 0; i < zeros; ++i) padded *= 10;
  ExactSum plain, other;
  plain.add(Decimal::scaled(coefficient, 3));
  other.add(Decimal::scaled(padded, 3 - zeros));
  other.add(negative_zero ? -Decimal{} : Decimal{});
  RC_ASSERT(*plain.result() == *other.result());
  RC_ASSERT(plain.result()->to_string() == other.result()->to_string());
}

RC_GTEST_PROP(ExactSum, CancellationLeavesTheSmallOne, (std::int64_t small)) {
  ExactSum sum;
  sum.add(*Decimal::parse("1E30"));
  sum.add(Decimal::scaled(small, -30));
  sum.add(*Decimal::parse("-1E30"));
  RC_ASSERT(*sum.result() == Decimal::scaled(small, -30));
}

RC_GTEST_PROP(Decimal, ItsTextReadsBack, (std::int64_t coefficient)) {
  const Decimal value = Decimal::scaled(coefficient, *rc::gen::inRange(-60, 60));
  RC_ASSERT(*Decimal::parse(value.to_string()) == value);
}

RC_GTEST_PROP(Decimal, FifteenDigitsSurviveADouble, ()) {
  const Decimal value = Decimal::scaled(*rc::gen::inRange<std::int64_t>(-999999999999999, 1000000000000000),
                                        *rc::gen::inRange(-20, 20));
  RC_ASSERT(Decimal::from_double_shortest(value.to_double()) == value);
}

RC_GTEST_PROP(Decimal, OrderIsThatOfTheIntegers, (std::int32_t a, std::int32_t b)) {
  const int exponent = *rc::gen::inRange(-30, 30), zeros = *rc::gen::inRange(0, 10);
  __int128 padded = b;
  for (int i = 0; i < zeros; ++i) padded *= 10;
  RC_ASSERT((Decimal::scaled(a, exponent) <=> Decimal::scaled(padded, exponent - zeros)) == (a <=> b));
}

// Whatever the number of digits, a conversion by n/d is value x n / d rounded once: at most half a unit of
// the last digit away, so d x result differs from n x value by at most d/2 of these units.
RC_GTEST_PROP(Unit, AConversionRoundsOnce, (std::int64_t high, std::uint32_t low)) {
  const __int128 coefficient = static_cast<__int128>(high) * 100000000000000 + low % 100000000000000;
  const auto by = conversion(*Unit::parse("亩"), *Unit::parse("平方米"));
  const Decimal value = Decimal::scaled(coefficient, 0), result = *convert(value, *by);
  ExactSum error;  // 3 x result - 2000 x value, exactly
  for (int i = 0; i < 3; ++i) error.add(result);
  for (int i = 0; i < 2000; ++i) error.add(-value);
  const auto [digits, exponent] = result.parts();
  const int last = exponent - (34 - result.significant_digits());
  const Decimal bound = Decimal::scaled(15, last - 1);
  RC_ASSERT(error.result()->abs() <= bound);
}

RC_GTEST_PROP(Unit, SquareMetresToMuIsExact, (std::int32_t square_millimetres)) {
  const auto to_mu = conversion(*Unit::parse("平方米"), *Unit::parse("亩"));
  const Decimal area = Decimal::scaled(square_millimetres, -4);
  RC_ASSERT(to_mu->exactness == Exactness::Exact);
  RC_ASSERT(*convert(area, *to_mu) == area * Decimal::scaled(15, -4));
}

}  // namespace
}  // namespace tenglong::quantity
