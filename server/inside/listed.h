// The rows that a question keeps, in its order: what the list shows and what its export writes.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "server/inside/record_sight.h"
#include "server/routes.h"

namespace tenglong::server {

enum class Order { OfPage, All };
struct Listed {
  RowNumbers rows = std::make_shared<const std::vector<std::uint32_t>>();  // all that fit, rising
  std::vector<std::uint32_t> page = {};                                    // in order
  std::vector<std::uint32_t> all = {};                                     // in order; Order::All
  std::int64_t unknown = 0;
  std::vector<std::size_t> columns = {};
  diagnostic::Diagnostics told = {};
};

// As where, q, town, sort, columns, page and size of the query say; what is wrong of them is told and nothing
// is listed. Rights are asked as the operation of `sight`.
Listed listed(const Edition& edition, const store::RecordStates& states, const Call& call,
              const RecordSight& sight, const schema::Register& target, const column::Table& table,
              std::optional<calendar::Period> period, Order order = Order::OfPage);

}  // namespace tenglong::server
