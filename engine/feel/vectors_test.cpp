// The vectors that other programs worked out (vectors/make_*.py), evaluated as FEEL text.
#include <gtest/gtest.h>

#include <sstream>

#include "engine/feel/evaluate.h"
#include "tests/golden/golden.h"

namespace tenglong::feel {
namespace {

struct Vector {
  int line = 0;
  std::string expression, expected;
};

std::vector<Vector> vectors_of(const std::string& file) {
  std::istringstream in(golden::read("engine/feel/vectors/" + file));
  std::vector<Vector> out;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) {
      ADD_FAILURE() << file << ":" << number << ": no expected value";
      continue;
    }
    out.push_back({number, line.substr(0, tab), line.substr(tab + 1)});
  }
  return out;
}

Value value_of(const std::string& expression) {
  const Parsed parsed = parse(expression, NameSet{});
  if (parsed.tree == nullptr) {
    const std::string why = parsed.diagnostics.empty() ? "" : parsed.diagnostics[0].message.en;
    return "#not parsed: " + why;
  }
  return evaluate(*parsed.tree, ContextEnvironment({})).value;
}

bool agrees(const Value& value, const Vector& vector) {
  const auto number = Decimal::parse(vector.expected);
  if (!number) return value.to_feel() == vector.expected;
  return value.kind() == Kind::Number && value.number() == *number;
}

void expect_all(const std::string& file, std::size_t at_least) {
  const std::vector<Vector> vectors = vectors_of(file);
  EXPECT_GE(vectors.size(), at_least) << file;
  int shown = 0, differing = 0;
  for (const Vector& vector : vectors) {
    const Value value = value_of(vector.expression);
    if (agrees(value, vector)) continue;
    ++differing;
    if (++shown <= 20)
      ADD_FAILURE() << file << ":" << vector.line << "\n  " << vector.expression << "\n  expected "
                    << vector.expected << "\n  found    "
                    << (value.kind() == Kind::Number ? value.number().to_string() : value.to_feel());
  }
  EXPECT_EQ(differing, 0) << "of " << vectors.size() << " vectors of " << file;
}

TEST(Vectors, NumbersAreThoseOfPythonsDecimal) { expect_all("numbers.tsv", 4000); }

TEST(Vectors, DatesAndTimesAreThoseOfPythonsDatetime) { expect_all("temporal.tsv", 2000); }

// A comparison that could not fail would prove nothing.
TEST(Vectors, AWrongLastDigitIsSeen) {
  const Value third = value_of("1/3");
  EXPECT_TRUE(agrees(third, {0, "", "0.3333333333333333333333333333333333"}));
  EXPECT_FALSE(agrees(third, {0, "", "0.3333333333333333333333333333333334"}));
  EXPECT_FALSE(agrees(third, {0, "", "null"}));
  EXPECT_FALSE(agrees(Value{}, {0, "", "0"}));
}

}  // namespace
}  // namespace tenglong::feel
