#include "engine/quantity/decimal.h"

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <sstream>

#include "tests/golden/golden.h"

namespace tenglong::quantity {
namespace {

using namespace literals;

TEST(Decimal, EqualsTheVectorsOfExactFractions) {
  const std::map<std::string, RoundingMode> modes = {
      {"half_even", RoundingMode::HalfEven}, {"half_up", RoundingMode::HalfUp},
      {"half_down", RoundingMode::HalfDown}, {"up", RoundingMode::Up},
      {"down", RoundingMode::Down},          {"floor", RoundingMode::Floor},
      {"ceiling", RoundingMode::Ceiling}};
  std::istringstream in(golden::read("engine/quantity/golden/vectors.txt"));
  std::string operation, first, second, expected;
  int count = 0;
  while (in >> operation >> first >> second >> expected) {
    SCOPED_TRACE(operation + " " + first + " " + second);
    const Decimal a = *Decimal::parse(first), b = *Decimal::parse(second);
    if (operation == "double") {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(a.to_double()), std::stoull(expected));
      ++count;
      continue;
    }
    std::optional<Decimal> result;
    if (operation == "sqrt")
      result = a.sqrt();
    else if (operation == "power")
      result = power(a, b);
    else if (operation == "+")
      result = add(a, b);
    else if (operation == "-")
      result = subtract(a, b);
    else if (operation == "*")
      result = multiply(a, b);
    else if (operation == "/")
      result = divide(a, b);
    else
      result = a.rounded(std::stoi(second), modes.at(operation));
    EXPECT_EQ(result ? result->to_string() : "none",
              expected == "none" ? expected : Decimal::parse(expected)->to_string());
    ++count;
  }
  EXPECT_EQ(count, 4600);
}

struct ParseCase {
  const char* what;
  const char* text;
  const char* expected;  // canonical; nullptr: refused
};
const ParseCase kParseCases[] = {
    {"an integer", "12", "12"},
    {"trailing zeros go", "12.500", "12.5"},
    {"minus zero is zero", "-0.00", "0"},
    {"no digit before the point", ".5", "0.5"},
    {"exponents are written out", "1.23e-4", "0.000123"},
    {"large exponents too", "1E20", "100000000000000000000"},
    {"35 digits round half even, down", "12345678901234567890123456789012345",
     "12345678901234567890123456789012340"},
    {"35 digits ending in 5 after odd, up", "12345678901234567890123456789012335",
     "12345678901234567890123456789012340"},
    {"a later digit breaks the tie", "123456789012345678901234567890123450001",
     "123456789012345678901234567890123500000"},
    {"all nines carry", "99999999999999999999999999999999999", "100000000000000000000000000000000000"},
    {"blank", "", nullptr},
    {"a comma", "1,000", nullptr},
    {"two points", "1.2.3", nullptr},
    {"not a number", "NaN", nullptr},
    {"a unit behind", "12亩", nullptr},
    {"too large", "1E7000", nullptr},
    {"a sign alone", "-", nullptr},
    {"two signs of the exponent", "1e+-5", nullptr},
    {"an exponent without digits", "1e", nullptr},
    {"zero has any exponent", "0E9000", "0"},
    {"a full-width digit", "１", nullptr},
};

TEST(Decimal, ReadsDecimalTextAndWritesTheCanonicalForm) {
  for (const ParseCase& c : kParseCases) {
    const auto value = Decimal::parse(c.text);
    ASSERT_EQ(value.has_value(), c.expected != nullptr) << c.what;
    if (value) {
      EXPECT_EQ(value->to_string(), c.expected) << c.what;
    }
  }
}

TEST(Decimal, TheSmallestExponentStillRoundsOnce) {
  const Decimal least = Decimal::scaled(1, -6176);
  EXPECT_EQ(*Decimal::parse("5E-6177"), 0);                           // half, to even
  EXPECT_EQ(*Decimal::parse("15E-6177"), Decimal::scaled(2, -6176));  // half, to even
  EXPECT_EQ(*Decimal::parse("5.00000000000000000000000000000000000000000001E-6177"),
            least);  // a 45th digit decides
  EXPECT_EQ(*Decimal::parse("4.99999999999999999999999999999999999999999999E-6177"),
            0);  // to 34 digits first gives half
  EXPECT_EQ(*Decimal::parse("1E-9000"), 0);
}

TEST(Decimal, TheLargestNumberIsTheLast) {
  EXPECT_TRUE(Decimal::parse("9999999999999999999999999999999999E6111"));
  EXPECT_FALSE(Decimal::parse("99999999999999999999999999999999995E6110"));
  EXPECT_EQ(Decimal::parse("1E6144")->to_string().size(), 6145u);
  EXPECT_FALSE(multiply(*Decimal::parse("1E4000"), *Decimal::parse("1E4000")));
  EXPECT_FALSE(add(*Decimal::parse("9999999999999999999999999999999999E6111"), *Decimal::parse("1E6111")));
}

TEST(Decimal, DividingByZeroHasNoValue) { EXPECT_FALSE(divide(5, 0).has_value()); }

TEST(Decimal, ModuloHasTheSignOfTheDivisor) {
  EXPECT_EQ(modulo(-12, 5)->to_string(), "3");
  EXPECT_EQ(modulo("10.1"_decimal, "-4.5"_decimal)->to_string(), "-3.4");
  EXPECT_FALSE(modulo(1, 0).has_value());
}

TEST(Decimal, WholePowersThatFitAreExact) {
  EXPECT_EQ(power("1.1"_decimal, 2)->to_string(), "1.21");
  EXPECT_EQ(power(2, 100)->to_string(), "1267650600228229401496703205376");
  EXPECT_EQ(power(4, "0.5"_decimal)->rounded(30, RoundingMode::HalfEven).to_string(), "2");
  EXPECT_FALSE(power(-2, "0.5"_decimal).has_value());
  EXPECT_EQ(power(10, -3)->to_string(), "0.001");
  EXPECT_EQ(power(-2, -3)->to_string(), "-0.125");
  EXPECT_EQ(power(3, -1)->to_string(), "0.3333333333333333333333333333333333");
  EXPECT_EQ(power(-1, 999999999)->to_string(), "-1");
  EXPECT_EQ(power(10, 6144), Decimal::parse("1E6144"));
  EXPECT_FALSE(power(10, 6145).has_value());
  EXPECT_FALSE(power(-10, 999999999).has_value());
  EXPECT_EQ(power("0.1"_decimal, 999999999)->to_string(), "0");
  EXPECT_EQ(power(0, 0)->to_string(), "1");
  EXPECT_EQ(power(0, 3)->to_string(), "0");
  EXPECT_FALSE(power(0, -1).has_value());
}

TEST(Decimal, FunctionsHaveNoValueOutsideTheirDomain) {
  EXPECT_FALSE("-1"_decimal.sqrt());
  EXPECT_FALSE(Decimal(0).log());
  EXPECT_FALSE("-1"_decimal.log());
  EXPECT_FALSE("1E6"_decimal.exp());
  EXPECT_EQ(Decimal(0).exp()->to_string(), "1");
  EXPECT_EQ(Decimal(1).log()->to_string(), "0");
  EXPECT_EQ(Decimal(1).exp()->rounded(30, RoundingMode::HalfEven).to_string(),
            "2.718281828459045235360287471353");
}

TEST(Decimal, ADoubleBecomesTheDecimalThatWasWritten) {
  EXPECT_EQ(Decimal::from_double_shortest(0.1).to_string(), "0.1");
  EXPECT_EQ(Decimal::from_double_shortest(1e22).to_string(), "10000000000000000000000");
  EXPECT_EQ("0.1"_decimal.to_double(), 0.1);
}

TEST(Decimal, OrderIsByValue) {
  EXPECT_EQ("1.10"_decimal, "1.1"_decimal);
  EXPECT_LT("-2"_decimal, "1"_decimal);
  EXPECT_EQ(-Decimal{}, Decimal{});
}

TEST(Decimal, FixedPlacesAreForReaders) {
  EXPECT_EQ("2.345"_decimal.to_fixed(2), "2.35");
  EXPECT_EQ("-2.345"_decimal.to_fixed(2), "-2.35");
  EXPECT_EQ("7"_decimal.to_fixed(3), "7.000");
}

TEST(Decimal, IntegersAreRecognised) {
  EXPECT_EQ("12.00"_decimal.to_integer(), 12);
  EXPECT_EQ("9223372036854775807"_decimal.to_integer(), INT64_MAX);
  EXPECT_EQ("-9223372036854775808"_decimal.to_integer(), INT64_MIN);
  EXPECT_FALSE("9223372036854775808"_decimal.to_integer().has_value());
  EXPECT_FALSE("1.5"_decimal.to_integer().has_value());
  EXPECT_FALSE("1E30"_decimal.to_integer().has_value());
}

}  // namespace
}  // namespace tenglong::quantity
