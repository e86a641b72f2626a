// 起止: the days on which a record of a span register holds, and which of them overlap.
//
// In:    days and keys, from whoever has records. Out: pairs of spans that share a day.
// Order: overlaps by key, then first day, then number. Cost: n log n.
// Never: judges: whether two may overlap stands in the pack (schema::Span::may_overlap).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/schema/schema.h"

namespace tenglong::registers {

struct Days {
  calendar::Date from = {};
  std::optional<calendar::Date> last = {};  // included; none: still
  bool is_open() const { return !last; }
  bool is_empty() const { return last && *last < from; }
  bool has(calendar::Date day) const { return from <= day && (!last || day <= *last); }
};
// The days from the two dates as the register's span counts them.
Days days_between(const schema::Span& span, calendar::Date from, std::optional<calendar::Date> to);
std::string to_chinese(const Days& days);  // "2022-01-01 至 今"

// The key without the first day: of what there is one span at a time.
std::string key_without_first_day(const schema::Register& target, std::string_view key);

struct Spanning {
  std::string key = {};  // key_without_first_day()
  Days days = {};        // not empty
  std::size_t number = 0;
};
struct Overlap {
  std::size_t number = 0, other = 0;  // the one that begins within the other
  calendar::Date from = {};
  std::optional<calendar::Date> until = {};  // none: from then on
};
// Every span that begins within an earlier one of its key, with that of them which ends last.
std::vector<Overlap> overlaps(std::vector<Spanning> spans);

}  // namespace tenglong::registers
