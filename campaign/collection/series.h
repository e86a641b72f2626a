// Figures by month or quarter: what each period is by itself, what the final figure changed, what cannot be.
//
// In:    a register with periods, as a view shows it. Out: one record's points in order; a finding wherever a
//        sum since January falls. Never: fills a month that nobody reported.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/register/register.h"
#include "engine/schema/schema.h"

namespace tenglong::collection {

struct Point {
  calendar::Period period = {};
  registers::Resolved held = {};
  // Of the period alone: the value itself, or what the sum since January grew by. Nothing if the period
  // before was not reported.
  std::optional<quantity::Decimal> own = {};
};
std::vector<Point> series_of(const registers::RegisterStore& store, const schema::Register& target,
                             std::string_view record_key, int field, const registers::View& view);

// W-COLLECTION-101: a field that accumulates is smaller than in the period before it.
diagnostic::Diagnostics check_series(const registers::RegisterStore& store, const schema::Register& target,
                                     const registers::View& view);

}  // namespace tenglong::collection
