// Columns of nodes over all rows of a binding, worked out once and read by many: what a variant need not work
// out again. A binding that is given them treats their nodes as leaves.
//
// Law: a binding with kept columns gives what one without gives. Rows that stay in doubt carry their mark
// here.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/run/inside/binding.h"

namespace tenglong::run {

struct KeptColumn {
  Facts facts = {};
  std::vector<double> value, bound;         // numbers; bound empty: relative
  std::vector<std::uint8_t> absent, doubt;  // empty: nowhere
  std::vector<Tri> answer;                  // conditions
  std::size_t bytes() const {
    return (value.capacity() + bound.capacity()) * sizeof(double) + absent.capacity() + doubt.capacity() +
           answer.capacity();
  }
};

struct Kept {
  std::vector<const KeptColumn*> columns = {};  // by node; nullptr: worked out
  std::map<NodeId, Value> scalars = {};  // uniform nodes whose value is given, whatever plan and pack say
  bool for_exact_rows = false;           // no facts of columns: only ExactRow reads this binding
  const KeptColumn* column(NodeId id) const {
    return columns.empty() ? nullptr : columns[static_cast<std::size_t>(id)];
  }
  const Value* scalar(NodeId id) const {
    const auto found = scalars.find(id);
    return found == scalars.end() ? nullptr : &found->second;
  }
};

// Rows in doubt get their exact values here, once, where a double can carry them; else they stay in doubt.
void settle_doubts(Binding& binding, const std::vector<NodeId>& nodes, const std::vector<std::uint8_t>& doubt,
                   const std::vector<std::unique_ptr<KeptColumn>>& columns);

}  // namespace tenglong::run
