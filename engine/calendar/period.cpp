#include "engine/calendar/period.h"

#include <array>

#include "engine/text/text.h"

namespace tenglong::calendar {

namespace {

std::optional<int> number(std::string_view text, std::size_t least, std::size_t most) {
  if (text.size() < least || text.size() > most) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// A year of data has four digits; 0002 is a serial number that slipped into the column.
bool is_year(int number) { return number >= 1000 && number <= 9999; }

// Half width, no blanks, every dash that joins two periods as "-": what people type in a period column.
std::string plain(std::string_view written) {
  std::string out;
  const std::string half = text::to_half_width(written);
  for (std::size_t i = 0; i < half.size();) {
    const std::size_t begin = i;
    const char32_t c = text::next_code_point(half, i);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    if (c == U'—' || c == U'–' || c == U'~' || c == U'至' || c == U'−') {
      if (out.empty() || out.back() != '-') out += '-';  // —— is two of them
    } else {
      out.append(half, begin, i - begin);
    }
  }
  return out;
}

bool drop_suffix(std::string_view& text, std::string_view suffix) {
  if (text.size() < suffix.size() || text.substr(text.size() - suffix.size()) != suffix) return false;
  text.remove_suffix(suffix.size());
  return true;
}

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<Period> quarter_of(int year, std::string_view written) {
  constexpr std::array<std::string_view, 4> kNumerals = {"一", "二", "三", "四"};
  for (std::size_t q = 0; q < kNumerals.size(); ++q)
    if (written == kNumerals[q]) return Period::quarter(year, static_cast<int>(q) + 1);
  const auto digit = number(written, 1, 1);
  return digit ? Period::quarter(year, *digit) : std::nullopt;
}

// Months `first` to `last` of a year, as the kind they amount to: 1-12 is the year, 4-6 the second quarter.
std::optional<Period> months_of(int year, int first, int last) {
  const auto from = Period::month(year, first), to = Period::month(year, last);
  if (!from || !to || last < first) return std::nullopt;
  if (first == last) return from;
  if (first == 1 && last == 12) return Period::year(year);
  if (last - first == 2 && last % 3 == 0) return Period::quarter(year, last / 3);
  return Period::span(from->from, to->to);
}

// What stands behind "2023年".
std::optional<Period> after_year(int year, std::string_view rest) {
  if (rest.empty() || rest == "度" || rest == "全年") return Period::year(year);
  if (rest == "上半年") return months_of(year, 1, 6);
  if (rest == "下半年") return months_of(year, 7, 12);
  if (drop_suffix(rest, "季度")) {
    drop_prefix(rest, "第");
    return quarter_of(year, rest);
  }
  if (!drop_suffix(rest, "月份") && !drop_suffix(rest, "月")) return std::nullopt;
  if (const std::size_t dash = rest.find('-'); dash != std::string_view::npos) {
    std::string_view first_written = rest.substr(0, dash);
    drop_suffix(first_written, "月");
    const auto first = number(first_written, 1, 2), last = number(rest.substr(dash + 1), 1, 2);
    return first && last ? months_of(year, *first, *last) : std::nullopt;
  }
  const auto month = number(rest, 1, 2);
  return month ? Period::month(year, *month) : std::nullopt;
}

std::optional<Period> years(int first, int last) {
  if (last < first) return std::nullopt;
  return Period::span({first, 1, 1}, {last, 12, 31});
}

}  // namespace

Period Period::year(int year) { return {PeriodKind::Year, {year, 1, 1}, {year, 12, 31}}; }

std::optional<Period> Period::quarter(int year, int quarter) {
  if (quarter < 1 || quarter > 4) return std::nullopt;
  const int last = quarter * 3;
  return Period{PeriodKind::Quarter, {year, last - 2, 1}, {year, last, days_in_month(year, last)}};
}

std::optional<Period> Period::month(int year, int month) {
  if (month < 1 || month > 12) return std::nullopt;
  return Period{PeriodKind::Month, {year, month, 1}, {year, month, days_in_month(year, month)}};
}

std::optional<Period> Period::span(Date from, Date to) {
  if (to < from) return std::nullopt;
  return Period{PeriodKind::Span, from, to};
}

std::optional<Period> Period::parse(std::string_view written) {
  const std::string kept = plain(written);
  std::string_view text = kept;
  if (const std::size_t dots = text.find(".."); dots != std::string_view::npos) {
    const auto from = Date::parse(text.substr(0, dots)), to = Date::parse(text.substr(dots + 2));
    return from && to ? span(*from, *to) : std::nullopt;
  }
  const auto year_number = text.size() >= 4 ? number(text.substr(0, 4), 4, 4) : std::nullopt;
  if (!year_number || !is_year(*year_number)) return std::nullopt;
  std::string_view rest = text.substr(4);
  if (rest.empty()) return year(*year_number);
  // Several years: 2021-2023, 2021年-2023年, 2021-2023年.
  std::string_view several = rest;
  drop_prefix(several, "年");
  if (drop_prefix(several, "-") && several.size() >= 4) {
    if (!drop_suffix(several, "年度")) drop_suffix(several, "年");
    if (const auto last = number(several, 4, 4)) return years(*year_number, *last);
  }
  if (drop_prefix(rest, "年")) return after_year(*year_number, rest);
  if (const auto joined = number(rest, 2, 2)) return month(*year_number, *joined);
  const bool dotted = rest[0] == '.';
  const bool separated = dotted || rest[0] == '-' || rest[0] == '/';
  if (separated) rest.remove_prefix(1);
  if (rest.size() == 2 && (rest[0] == 'Q' || rest[0] == 'q'))
    return quarter_of(*year_number, rest.substr(1, 1));
  // 2023.1 may be October: a spreadsheet drops the zero of 2023.10.
  const auto month_number = separated ? number(rest, dotted ? 2 : 1, 2) : std::nullopt;
  return month_number ? month(*year_number, *month_number) : std::nullopt;
}

std::string Period::to_string() const {
  const std::string first = std::to_string(from.year);
  switch (kind) {
    case PeriodKind::Year:
      return first;
    case PeriodKind::Quarter:
      return first + "-Q" + std::to_string((from.month + 2) / 3);
    case PeriodKind::Month:
      return first + (from.month < 10 ? "-0" : "-") + std::to_string(from.month);
    case PeriodKind::Span:
      break;
  }
  const bool is_whole_years = from.month == 1 && from.day == 1 && to.month == 12 && to.day == 31;
  if (is_whole_years && is_year(from.year) && is_year(to.year)) return first + "-" + std::to_string(to.year);
  return from.to_string() + ".." + to.to_string();
}

Period Period::previous() const {
  switch (kind) {
    case PeriodKind::Year:
      return year(from.year - 1);
    case PeriodKind::Quarter: {
      const Date before = from.plus_months(-3);
      return *quarter(before.year, (before.month + 2) / 3);
    }
    case PeriodKind::Month: {
      const Date before = from.plus_months(-1);
      return *month(before.year, before.month);
    }
    case PeriodKind::Span:
      break;
  }
  const std::int64_t months =
      (static_cast<std::int64_t>(to.year) - from.year) * 12 + (to.month - from.month) + 1;
  return {PeriodKind::Span, from.plus_months(-months), from.plus_days(-1)};
}

}  // namespace tenglong::calendar
