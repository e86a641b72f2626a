#include "engine/calendar/moment.h"

namespace tenglong::calendar {

namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kChina = 8 * 3600;

// Two digits at `at` from 0 to `most`; -1 if there are none.
int two_digits(std::string_view text, std::size_t at, int most) {
  if (at + 2 > text.size()) return -1;
  const char tens = text[at], ones = text[at + 1];
  if (tens < '0' || tens > '9' || ones < '0' || ones > '9') return -1;
  const int number = (tens - '0') * 10 + (ones - '0');
  return number <= most ? number : -1;
}

std::optional<std::int64_t> offset_of(std::string_view text) {
  if (text.empty()) return kChina;
  if (text == "Z") return 0;
  const int hours = two_digits(text, 1, 14);
  const int minutes = text.size() == 6 && text[3] == ':' ? two_digits(text, 4, 59) : -1;
  if ((text[0] != '+' && text[0] != '-') || hours < 0 || minutes < 0) return std::nullopt;
  const std::int64_t seconds = hours * 3600 + minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

Moment Moment::start_of(Date day) { return {day.days() * kDay - kChina}; }
Moment Moment::end_of(Date day) { return {day.days() * kDay - kChina + kDay - 1}; }

Date Moment::day() const {
  const std::int64_t local = seconds + kChina;
  const std::int64_t down = local >= 0 ? local / kDay : (local - kDay + 1) / kDay;
  return Date::from_days(down);
}

std::optional<Moment> Moment::parse(std::string_view text) {
  const std::optional<Date> day = Date::parse(text.substr(0, 10));
  if (!day) return std::nullopt;
  if (text.size() == 10) return start_of(*day);
  if (text.size() < 16 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':') return std::nullopt;
  const int hour = two_digits(text, 11, 23);
  const int minute = two_digits(text, 14, 59);
  if (hour < 0 || minute < 0) return std::nullopt;
  std::size_t at = 16;
  int second = 0;
  if (at < text.size() && text[at] == ':') {
    second = two_digits(text, at + 1, 59);
    if (second < 0) return std::nullopt;
    at += 3;
    if (at < text.size() && text[at] == '.') {
      const std::size_t end = text.find_first_not_of("0123456789", at + 1);
      if (end == at + 1 || at + 1 == text.size()) return std::nullopt;
      at = end == std::string_view::npos ? text.size() : end;
    }
  }
  const std::optional<std::int64_t> offset = offset_of(text.substr(at));
  if (!offset) return std::nullopt;
  return Moment{day->days() * kDay + hour * 3600 + minute * 60 + second - *offset};
}

std::optional<Moment> Moment::parse_through(std::string_view text) {
  if (text.size() == 10)
    if (const std::optional<Date> day = Date::parse(text)) return end_of(*day);
  return parse(text);
}

}  // namespace tenglong::calendar
