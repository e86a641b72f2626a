#include "engine/run/inside/cut_lines.h"

#include <algorithm>

#include "engine/run/inside/scheme_run.h"
#include "engine/text/ensure.h"

namespace tenglong::run {

std::optional<KeyRange> range_of(const feel::Node& test, int places) {
  if (test.kind == feel::NodeKind::TestAny) return KeyRange{};
  if (test.kind == feel::NodeKind::TestList && test.children.size() == 1)
    return range_of(*test.children[0], places);
  if (test.kind != feel::NodeKind::TestCompare || test.children.size() != 1 ||
      test.children[0]->kind != feel::NodeKind::Literal ||
      test.children[0]->value.kind() != feel::Kind::Number)
    return std::nullopt;
  using quantity::RoundingMode;
  const Decimal line = test.children[0]->value.number();
  const auto below = key_of(line.rounded(places, RoundingMode::Floor), places);
  const auto above = key_of(line.rounded(places, RoundingMode::Ceiling), places);
  if (!below || !above) return std::nullopt;
  KeyRange range;
  if (test.text == ">=")
    range.least = *above;
  else if (test.text == ">")
    range.least = *below + 1;
  else if (test.text == "<=")
    range.most = *below;
  else if (test.text == "<")
    range.most = *above - 1;
  else
    return std::nullopt;
  return range;
}

std::int64_t last_rank(Decimal percent, std::int64_t size) {
  const auto allowed = multiply(percent, Decimal(size));
  ensure(allowed.has_value(), "a percentage of a count is a number");
  const Decimal::Parts parts = allowed->parts();
  const auto ranks = Decimal::scaled(parts.coefficient, parts.exponent - 2).floor().to_integer();
  return ranks ? std::clamp<std::int64_t>(*ranks, 0, size) : size;
}

}  // namespace tenglong::run
