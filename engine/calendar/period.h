// The stretch of time a fact belongs to: a year, quarter, month, or several years added up.
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "engine/calendar/date.h"

namespace tenglong::calendar {

enum class PeriodKind { Year, Quarter, Month, Span };

// Both ends belong to it.
struct Period {
  PeriodKind kind = PeriodKind::Year;
  Date from = {};
  Date to = {};

  static Period year(int year);
  static std::optional<Period> quarter(int year, int quarter);
  static std::optional<Period> month(int year, int month);
  static std::optional<Period> span(Date from, Date to);  // e.g. the three years 2021-2023; from <= to
  // "2023", "2023-Q1", "2023-03", "2021-2023", "2021-01-01..2023-12-31"; and what people type: 2023年(度),
  // 2023年一季度, 2023年第1季度, 2023Q1, 2023年3月, 2023/3, 202303, 2023.03, 2023年1-6月, 2023年上半年,
  // 2021年—2023年; full-width digits. Months that make up a quarter or a year are that quarter or year.
  // 2023.1 is refused: it may once have been 2023.10; a year below 1000 is none that anybody means.
  static std::optional<Period> parse(std::string_view text);

  std::string to_string() const;  // the canonical first forms above
  bool contains(Date date) const { return from <= date && date <= to; }
  bool contains(const Period& other) const { return from <= other.from && other.to <= to; }
  Period previous() const;  // the year, quarter, month before; a span moves back by its own length in months
  int year_of_start() const { return from.year; }

  friend auto operator<=>(const Period&, const Period&) = default;
};

}  // namespace tenglong::calendar
