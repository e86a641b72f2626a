// Spans: none ends before it begins; two of one key do not overlap unless the pack lets them.
#include <algorithm>
#include <numeric>

#include "engine/laws/inside/check.h"

namespace tenglong::laws {
namespace {

// The key without the first day: what may have one span at a time.
std::string key_without(const schema::Register& target, std::string_view key, std::string_view field) {
  std::string out;
  std::size_t part = 0, begin = 0;
  while (begin <= key.size()) {
    const std::size_t end = std::min(key.find('\x1F', begin), key.size());
    if (part >= target.key.size() || target.key[part] != field)
      out.append(key.substr(begin, end - begin)).append(1, '\x1F');
    begin = end + 1;
    ++part;
  }
  return out;
}

std::string in_words(const Days& days) {
  return days.from.to_string() + " 至 " + (days.last ? days.last->to_string() : "今");
}

}  // namespace

void check_spans(const Subjects& subjects) {
  const schema::Register& target = subjects.target();
  const column::Table& table = subjects.table();
  if (!target.span) return;
  struct Row {
    std::string key;
    Days days;
    std::size_t row;
  };
  std::vector<Row> rows;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto days = days_of(target, table, row);
    if (!days) continue;
    if (days->last && *days->last < days->from) {
      subjects.add(
          "E-LAWS-106", row, target.field_index(target.span->to),
          {"止日 " + days->last->to_string() + " 早于起日 " + days->from.to_string() + "，一天也不成立",
           "it ends on " + days->last->to_string() + ", before it begins on " + days->from.to_string()},
          {"核对两个日期。", "Check both dates."});
      continue;
    }
    if (!target.span->may_overlap)
      rows.push_back({key_without(target, table.key[row], target.span->from), *days, row});
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(a.key, a.days.from, a.row) < std::tie(b.key, b.days.from, b.row);
  });
  std::size_t longest = 0;  // of the same key so far
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_first = i == 0 || rows[i].key != rows[i - 1].key;
    const auto ends_later = [](const Days& a, const Days& b) {
      return !a.last || (b.last && *a.last > *b.last);
    };
    if (!is_first && rows[longest].days.has(rows[i].days.from)) {
      Finding& finding = subjects.add(
          "E-LAWS-105", rows[i].row, target.field_index(target.span->from),
          {"与同一对象的另一段重叠：本段 " + in_words(rows[i].days) + "，另一段 " +
               in_words(rows[longest].days),
           "it overlaps another span of the same key, which begins on " +
               rows[longest].days.from.to_string()},
          {"更正其中一段的起止日期；本来可以重叠的，在政策包里写 overlap: allowed。",
           "Correct the days of one of them; where spans may overlap the pack says overlap: allowed."});
      finding.others.push_back({subjects.index, rows[longest].row});
      finding.from = rows[i].days.from;
      finding.until =
          ends_later(rows[i].days, rows[longest].days) ? rows[longest].days.last : rows[i].days.last;
    }
    if (is_first || ends_later(rows[i].days, rows[longest].days)) longest = i;
  }
}

}  // namespace tenglong::laws
