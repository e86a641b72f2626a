#include "tck/compare.h"

#include <algorithm>

namespace tenglong::tck {

using feel::Kind;
using feel::Value;
using quantity::Decimal;

namespace {

// What published runners look at. A test that writes fewer digits means the number itself.
constexpr int kFewestDigits = 8;

Match compare_numbers(Decimal actual, Decimal expected) {
  if (actual == expected) return Match::Equal;
  const std::string written = expected.to_string();
  if (const std::size_t point = written.find('.'); point != std::string::npos) {
    const int digits = static_cast<int>(written.size() - point - 1);
    if (digits >= kFewestDigits && actual.rounded(digits, quantity::RoundingMode::HalfEven) == expected)
      return Match::Rounded;
  }
  const auto difference = subtract(actual, expected);
  if (difference && difference->abs() < *Decimal::parse("0.00000001")) return Match::Near;
  return Match::Different;
}

Match worse(Match a, Match b) { return std::max(a, b); }

}  // namespace

Match match(const Value& actual, const Value& expected) {
  if (actual.kind() != expected.kind()) return Match::Different;
  switch (actual.kind()) {
    case Kind::Number:
      return compare_numbers(actual.number(), expected.number());
    case Kind::List: {
      if (actual.list().size() != expected.list().size()) return Match::Different;
      Match out = Match::Equal;
      for (std::size_t i = 0; i < actual.list().size(); ++i)
        out = worse(out, match(actual.list()[i], expected.list()[i]));
      return out;
    }
    case Kind::Context: {
      if (actual.context().entries().size() != expected.context().entries().size()) return Match::Different;
      Match out = Match::Equal;
      for (const auto& [name, value] : actual.context().entries()) {
        const Value* other = expected.context().find(name);
        out = worse(out, other ? match(value, *other) : Match::Different);
      }
      return out;
    }
    case Kind::Null:
      return Match::Equal;
    default:
      return actual.to_feel() == expected.to_feel() || feel::equal(actual, expected) == true
                 ? Match::Equal
                 : Match::Different;
  }
}

}  // namespace tenglong::tck
