#include "engine/feel/temporal.h"

#include <array>
#include <charconv>

#include "engine/feel/inside/temporal_arithmetic.h"

namespace tenglong::feel {

namespace {

std::optional<int> two_digits(std::string_view text, std::size_t at) {
  if (at + 2 > text.size() || text[at] < '0' || text[at] > '9' || text[at + 1] < '0' || text[at + 1] > '9')
    return std::nullopt;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

std::string two(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

// Digits of a fraction of a second to nanoseconds; what is beyond nine digits is cut.
std::int32_t nanoseconds_of(std::string_view digits) {
  std::int32_t out = 0;
  for (std::size_t i = 0; i < 9; ++i) out = out * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return out;
}

std::string fraction_text(std::int32_t nanoseconds) {
  if (nanoseconds == 0) return {};
  std::string digits = std::to_string(nanoseconds);
  digits.insert(0, 9 - digits.size(), '0');
  while (digits.back() == '0') digits.pop_back();
  return "." + digits;
}

std::optional<Zone> parse_zone(std::string_view text) {
  if (text.empty()) return Zone{};
  if (text == "Z" || text == "z") return Zone{.offset_seconds = 0};
  if (text[0] == '@') {
    const std::string_view name = text.substr(1);
    if (!is_zone_name(name)) return std::nullopt;
    return Zone{.name = std::string(name)};
  }
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  const auto hours = two_digits(text, 1);
  const auto minutes = text.size() > 3 && text[3] == ':' ? two_digits(text, 4) : std::nullopt;
  if (!hours || !minutes || *minutes > 59) return std::nullopt;
  std::int32_t seconds = *hours * 3600 + *minutes * 60;
  if (text.size() == 9 && text[6] == ':') {
    const auto more = two_digits(text, 7);
    if (!more || *more > 59) return std::nullopt;
    seconds += *more;
  } else if (text.size() != 6) {
    return std::nullopt;
  }
  if (seconds > 18 * 3600) return std::nullopt;
  return Zone{.offset_seconds = text[0] == '-' ? -seconds : seconds};
}

std::string zone_text(const Zone& zone) {
  if (!zone.name.empty()) return "@" + zone.name;
  if (!zone.offset_seconds) return {};
  if (*zone.offset_seconds == 0) return "Z";
  const std::int32_t seconds = std::abs(*zone.offset_seconds);
  std::string out =
      (*zone.offset_seconds < 0 ? "-" : "+") + two(seconds / 3600) + ":" + two(seconds / 60 % 60);
  if (seconds % 60 != 0) out += ":" + two(seconds % 60);
  return out;
}

// hour:minute:second[.fraction][zone]; `allow_24` for 24:00:00.
std::optional<Time> parse_clock(std::string_view text, bool allow_24) {
  const auto hour = two_digits(text, 0), minute = two_digits(text, 3), second = two_digits(text, 6);
  if (!hour || !minute || !second || text[2] != ':' || text[5] != ':' || *minute > 59 || *second > 59)
    return std::nullopt;
  std::size_t at = 8;
  std::int32_t nanoseconds = 0;
  if (at < text.size() && text[at] == '.') {
    const std::size_t begin = ++at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    if (at == begin) return std::nullopt;
    nanoseconds = nanoseconds_of(text.substr(begin, at - begin));
  }
  const auto zone = parse_zone(text.substr(at));
  if (!zone) return std::nullopt;
  if (*hour > 23 && !(allow_24 && *hour == 24 && *minute == 0 && *second == 0 && nanoseconds == 0))
    return std::nullopt;
  return Time{*hour, *minute, *second, nanoseconds, *zone};
}

// One "<digits><letter>" of a duration.
struct Piece {
  std::int64_t whole;
  std::string_view fraction;
  char letter;
  bool has_point;
};

std::optional<Piece> next_piece(std::string_view& text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  if (at == 0) return std::nullopt;
  Piece piece{};
  if (std::from_chars(text.data(), text.data() + at, piece.whole).ec != std::errc{}) return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    const std::size_t begin = ++at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    piece.fraction = text.substr(begin, at - begin);  // "1." is 1
    piece.has_point = true;
  }
  if (at == text.size()) return std::nullopt;
  piece.letter = text[at];
  text.remove_prefix(at + 1);
  return piece;
}

}  // namespace

std::optional<Time> parse_time(std::string_view text) {
  if (!text.empty() && text[0] == 'T') text.remove_prefix(1);
  return parse_clock(text, false);
}

std::optional<DateTime> parse_date_time(std::string_view text) {
  const std::size_t at = text.find('T');
  if (at == std::string_view::npos) {
    const auto date = calendar::Date::parse(text);
    return date ? std::optional(DateTime{*date, {}}) : std::nullopt;
  }
  const auto date = calendar::Date::parse(text.substr(0, at));
  auto time = parse_clock(text.substr(at + 1), true);
  if (!date || !time) return std::nullopt;
  if (time->hour == 24) {
    time->hour = 0;
    return DateTime{date->plus_days(1), *time};
  }
  return DateTime{*date, *time};
}

std::optional<DaysDuration> parse_days_duration(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.size() < 3 || text[0] != 'P') return std::nullopt;
  text.remove_prefix(1);
  bool in_time = false, any = false;
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  constexpr std::string_view kOrder = "DHMS";
  std::size_t least = 0;
  while (!text.empty()) {
    if (text[0] == 'T') {
      if (in_time) return std::nullopt;
      in_time = true;
      text.remove_prefix(1);
      if (text.empty()) return std::nullopt;
      continue;
    }
    const auto piece = next_piece(text);
    if (!piece) return std::nullopt;
    const std::size_t at = kOrder.find(piece->letter);
    if (at == std::string_view::npos || at < least || (piece->letter == 'D') == in_time) return std::nullopt;
    if (piece->has_point && piece->letter != 'S') return std::nullopt;
    least = at + 1;
    constexpr std::array<std::int64_t, 4> kSeconds = {86400, 3600, 60, 1};
    std::int64_t part = 0;
    if (__builtin_mul_overflow(piece->whole, kSeconds[at], &part) ||
        __builtin_add_overflow(seconds, part, &seconds))
      return std::nullopt;
    nanoseconds = nanoseconds_of(piece->fraction);
    any = true;
  }
  if (!any) return std::nullopt;
  if (seconds > kMostSeconds) return std::nullopt;
  return DaysDuration{negative ? -seconds : seconds, negative ? -nanoseconds : nanoseconds};
}

std::optional<MonthsDuration> parse_months_duration(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.size() < 3 || text[0] != 'P') return std::nullopt;
  text.remove_prefix(1);
  std::int64_t months = 0;
  char last = 0;
  while (!text.empty()) {
    const auto piece = next_piece(text);
    if (!piece || piece->has_point || (piece->letter != 'Y' && piece->letter != 'M') || last == 'M' ||
        last == piece->letter)
      return std::nullopt;
    last = piece->letter;
    std::int64_t part = 0;
    if (__builtin_mul_overflow(piece->whole, piece->letter == 'Y' ? 12 : 1, &part) ||
        __builtin_add_overflow(months, part, &months))
      return std::nullopt;
  }
  if (months > kMostMonths) return std::nullopt;
  return MonthsDuration{negative ? -months : months};
}

std::string to_string(const Time& time) {
  return two(time.hour) + ":" + two(time.minute) + ":" + two(time.second) + fraction_text(time.nanosecond) +
         zone_text(time.zone);
}

std::string to_string(const DateTime& date_time) {
  return date_time.date.to_string() + "T" + to_string(date_time.time);
}

std::string to_string(const DaysDuration& duration) {
  const bool negative = duration.seconds < 0 || duration.nanoseconds < 0;
  const auto all = static_cast<std::uint64_t>(duration.seconds < 0 ? -duration.seconds : duration.seconds);
  const std::int32_t nanoseconds = std::abs(duration.nanoseconds);
  if (all == 0 && nanoseconds == 0) return "PT0S";
  std::string out = negative ? "-P" : "P";
  if (all / 86400 > 0) out += std::to_string(all / 86400) + "D";
  const std::uint64_t rest = all % 86400;
  if (rest == 0 && nanoseconds == 0) return out;
  out += "T";
  if (rest / 3600 > 0) out += std::to_string(rest / 3600) + "H";
  if (rest / 60 % 60 > 0) out += std::to_string(rest / 60 % 60) + "M";
  if (rest % 60 > 0 || nanoseconds > 0) out += std::to_string(rest % 60) + fraction_text(nanoseconds) + "S";
  return out;
}

std::string to_string(const MonthsDuration& duration) {
  const std::int64_t all = duration.months < 0 ? -duration.months : duration.months;
  if (all == 0) return "P0M";
  std::string out = duration.months < 0 ? "-P" : "P";
  if (all / 12 > 0) out += std::to_string(all / 12) + "Y";
  if (all % 12 > 0) out += std::to_string(all % 12) + "M";
  return out;
}

}  // namespace tenglong::feel
