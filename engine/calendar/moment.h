// A moment that people wrote down: when a file was received, as of when something was known.
//
// In:    text. Out: seconds that can be compared, whatever offset each was written with.
// Never: a clock, a zone of the machine. China keeps one time: what names no offset is UTC+8.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/calendar/date.h"

namespace tenglong::calendar {

struct Moment {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z

  static Moment start_of(Date day);
  static Moment end_of(Date day);
  // "2023-05-06T09:10:11+08:00" (a blank for the T, Z or no offset, no seconds) or a day alone, which is its
  // beginning.
  static std::optional<Moment> parse(std::string_view text);
  // The same, but a day alone is its end: what was known on that day.
  static std::optional<Moment> parse_through(std::string_view text);

  Date day() const;
  friend auto operator<=>(const Moment&, const Moment&) = default;
};

}  // namespace tenglong::calendar
