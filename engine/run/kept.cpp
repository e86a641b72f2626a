#include "engine/run/inside/kept.h"

#include <cmath>

#include "engine/run/inside/batch.h"

namespace tenglong::run {

void settle_doubts(Binding& binding, const std::vector<NodeId>& nodes, const std::vector<std::uint8_t>& doubt,
                   const std::vector<std::unique_ptr<KeptColumn>>& columns) {
  ExactRow exact(binding);
  for (std::size_t i = 0; i < doubt.size(); ++i) {
    if (doubt[i] == 0) continue;
    exact.at(binding.rows()[i]);
    for (std::size_t c = 0; c < nodes.size(); ++c) {
      KeptColumn& column = *columns[c];
      const Value& value = exact.value(nodes[c]);
      if (!column.answer.empty()) {
        column.answer[i] =
            value.kind() == feel::Kind::Boolean ? (value.boolean() ? kTrue : kFalse) : kUnknown;
        continue;
      }
      const bool known = value.kind() == feel::Kind::Number;
      const double nearest = known ? value.number().to_double() : 0.0;
      const double size = std::fabs(nearest);
      const bool carried = !known || value.number().is_zero() || (size > kSmall && size < kLarge);
      const bool claims = !column.bound.empty() || column.facts.relative >= 1;
      const bool in_range = !known || !column.facts.is_relative || value.number().is_zero() ||
                            (size >= column.facts.least && size <= column.facts.most);
      if (carried && claims && in_range && !column.facts.is_short && (known || !column.absent.empty())) {
        column.value[i] = nearest;
        if (!column.absent.empty()) column.absent[i] = known ? 0 : 1;
        if (!column.bound.empty())
          column.bound[i] =
              known && !value.number().is_zero() ? size * kUnitRoundoff * kInflate + kSmall : 0.0;
        continue;
      }
      if (column.doubt.empty()) column.doubt.assign(doubt.size(), 0);
      column.doubt[i] = 1;
    }
  }
}

}  // namespace tenglong::run
