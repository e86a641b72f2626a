#include "engine/calendar/period.h"

#include <algorithm>
#include <array>

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

// Full-width digits to ASCII, blanks away: what people type in a period column.
std::string plain(std::string_view written) {
  std::string out;
  for (std::size_t i = 0; i < written.size();) {
    if (written.substr(i, 2) == "\xEF\xBC" && i + 2 < written.size() && static_cast<unsigned char>(written[i + 2]) >= 0x90 &&
        static_cast<unsigned char>(written[i + 2]) <= 0x99) {
      out += static_cast<char>('0' + (static_cast<unsigned char>(written[i + 2]) - 0x90));
      i += 3;
    } else if (written[i] == ' ') {
      ++i;
    } else {
      out += written[i++];
    }
  }
  return out;
}

bool drop_suffix(std::string_view& text, std::string_view suffix) {
  if (text.size() < suffix.size() || text.substr(text.size() - suffix.size()) != suffix) return false;
  text.remove_suffix(suffix.size());
  return true;
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
  constexpr std::string_view kYear = "年";
  if (const std::size_t at = text.find(kYear); at != std::string_view::npos) {
    const auto year_number = number(text.substr(0, at), 4, 4);
    std::string_view rest = text.substr(at + kYear.size());
    if (!year_number) return std::nullopt;
    if (rest.empty() || rest == "度") return year(*year_number);
    if (drop_suffix(rest, "季度")) {
      if (rest.substr(0, 3) == "第") rest.remove_prefix(3);
      constexpr std::array<std::string_view, 4> kNumerals = {"一", "二", "三", "四"};
      for (std::size_t q = 0; q < kNumerals.size(); ++q)
        if (rest == kNumerals[q]) return quarter(*year_number, static_cast<int>(q) + 1);
      const auto quarter_number = number(rest, 1, 1);
      return quarter_number ? quarter(*year_number, *quarter_number) : std::nullopt;
    }
    if (drop_suffix(rest, "月份") || drop_suffix(rest, "月")) {
      const auto month_number = number(rest, 1, 2);
      return month_number ? month(*year_number, *month_number) : std::nullopt;
    }
    return std::nullopt;
  }
  if (const auto whole = number(text, 4, 4)) return year(*whole);
  const auto year_number = text.size() >= 6 ? number(text.substr(0, 4), 4, 4) : std::nullopt;
  if (!year_number || text[4] != '-') return std::nullopt;
  const std::string_view rest = text.substr(5);
  if (rest.size() == 2 && (rest[0] == 'Q' || rest[0] == 'q')) {
    const auto quarter_number = number(rest.substr(1), 1, 1);
    return quarter_number ? quarter(*year_number, *quarter_number) : std::nullopt;
  }
  if (const auto month_number = number(rest, 2, 2)) return month(*year_number, *month_number);
  if (const auto last = number(rest, 4, 4); last && *last >= *year_number)
    return span({*year_number, 1, 1}, {*last, 12, 31});
  return std::nullopt;
}

std::string Period::to_string() const {
  const std::string first = std::to_string(from.year);
  switch (kind) {
    case PeriodKind::Year: return first;
    case PeriodKind::Quarter: return first + "-Q" + std::to_string((from.month + 2) / 3);
    case PeriodKind::Month: return first + (from.month < 10 ? "-0" : "-") + std::to_string(from.month);
    case PeriodKind::Span: break;
  }
  if (from.month == 1 && from.day == 1 && to.month == 12 && to.day == 31) return first + "-" + std::to_string(to.year);
  return from.to_string() + ".." + to.to_string();
}

Period Period::previous() const {
  switch (kind) {
    case PeriodKind::Year: return year(from.year - 1);
    case PeriodKind::Quarter: {
      const Date before = from.plus_months(-3);
      return *quarter(before.year, (before.month + 2) / 3);
    }
    case PeriodKind::Month: {
      const Date before = from.plus_months(-1);
      return *month(before.year, before.month);
    }
    case PeriodKind::Span: break;
  }
  const std::int64_t months = (static_cast<std::int64_t>(to.year) - from.year) * 12 + (to.month - from.month) + 1;
  return {PeriodKind::Span, from.plus_months(-months), from.plus_days(-1)};
}

}  // namespace tenglong::calendar
