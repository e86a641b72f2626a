// Spans: none ends before it begins; two of one key do not overlap unless the pack lets them.
#include "engine/laws/inside/check.h"
#include "engine/register/spans.h"

namespace tenglong::laws {

void check_spans(const Subjects& subjects) {
  const schema::Register& target = subjects.target();
  const column::Table& table = subjects.table();
  if (!target.span) return;
  std::vector<registers::Spanning> spans;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto days = days_of(target, table, row);
    if (!days) continue;
    if (days->is_empty()) {
      subjects.add(
          "E-LAWS-106", row, target.field_index(target.span->to),
          {"止日 " + days->last->to_string() + " 早于起日 " + days->from.to_string() + "，一天也不成立",
           "it ends on " + days->last->to_string() + ", before it begins on " + days->from.to_string()},
          {"核对两个日期。", "Check both dates."});
      continue;
    }
    if (!target.span->may_overlap)
      spans.push_back({registers::key_without_first_day(target, table.key[row]), *days, row});
  }
  for (const registers::Overlap& each : registers::overlaps(std::move(spans))) {
    const auto days = days_of(target, table, each.number), other = days_of(target, table, each.other);
    Finding& finding = subjects.add(
        "E-LAWS-105", each.number, target.field_index(target.span->from),
        {"与同一对象的另一段重叠：本段 " + registers::to_chinese(*days) + "，另一段 " +
             registers::to_chinese(*other),
         "it overlaps another span of the same key, which begins on " + other->from.to_string()},
        {"更正其中一段的起止日期；本来可以重叠的，在政策包里写 overlap: allowed。",
         "Correct the days of one of them; where spans may overlap the pack says overlap: allowed."});
    finding.others.push_back({subjects.index, each.other});
    finding.from = each.from;
    finding.until = each.until;
  }
}

}  // namespace tenglong::laws
