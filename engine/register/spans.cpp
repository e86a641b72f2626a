#include "engine/register/spans.h"
#include "engine/register/record_key.h"

#include <algorithm>
#include <tuple>

namespace tenglong::registers {

Days days_between(const schema::Span& span, calendar::Date from, std::optional<calendar::Date> to) {
  if (to && !span.includes_last_day) to = to->plus_days(-1);
  return {from, to};
}

std::string to_chinese(const Days& days) {
  return days.from.to_string() + " 至 " + (days.last ? days.last->to_string() : "今");
}

std::string key_without_first_day(const schema::Register& target, std::string_view key) {
  std::string out;
  std::size_t part = 0, begin = 0;
  while (begin <= key.size()) {
    const std::size_t end = std::min(key.find(kKeySeparator, begin), key.size());
    if (part >= target.key.size() || !target.span || target.key[part] != target.span->from)
      out.append(key.substr(begin, end - begin)).append(1, kKeySeparator);
    begin = end + 1;
    ++part;
  }
  return out;
}

std::vector<Overlap> overlaps(std::vector<Spanning> spans) {
  std::sort(spans.begin(), spans.end(), [](const Spanning& a, const Spanning& b) {
    return std::tie(a.key, a.days.from, a.number) < std::tie(b.key, b.days.from, b.number);
  });
  const auto ends_later = [](const Days& a, const Days& b) {
    return b.last && (!a.last || *a.last > *b.last);
  };
  std::vector<Overlap> out;
  std::size_t longest = 0;  // of the same key so far
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const bool is_first = i == 0 || spans[i].key != spans[i - 1].key;
    const Days& own = spans[i].days;
    const Days& other = spans[longest].days;
    if (!is_first && other.has(own.from))
      out.push_back(
          {spans[i].number, spans[longest].number, own.from, ends_later(own, other) ? other.last : own.last});
    if (is_first || ends_later(own, other)) longest = i;
  }
  return out;
}

}  // namespace tenglong::registers
