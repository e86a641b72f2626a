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
  const Decimal value = Decimal::scaled(*rc::gen::inRange<std::int64_t>(-999999999999999, 1000000000000000), *rc::gen::inRange(-20, 20));
  RC_ASSERT(Decimal::from_double_shortest(value.to_double()) == value);
}

RC_GTEST_PROP(Unit, SquareMetresToMuIsExact, (std::int32_t square_millimetres)) {
  const auto to_mu = conversion(*Unit::parse("平方米"), *Unit::parse("亩"));
  const Decimal area = Decimal::scaled(square_millimetres, -4);
  RC_ASSERT(to_mu->exactness == Exactness::Exact);
  RC_ASSERT(*convert(area, *to_mu) == area * Decimal::scaled(15, -4));
}

}  // namespace
}  // namespace tenglong::quantity
