// What two records may not share: the value of a unique field, a day of one span register. Within the file
// and against what the store holds; a record that the file speaks of counts as the file has it.
#include <algorithm>
#include <functional>
#include <map>

#include "engine/intake/inside/check_group.h"
#include "engine/register/record_key.h"
#include "engine/register/spans.h"

namespace tenglong::intake {

using calendar::Date;
using quantity::State;
using registers::Record;
using registers::Resolved;
using schema::Field;

namespace {

// A record that is held, and which the file says nothing about, or not about these fields.
struct Other {
  std::string key = {};
  std::optional<calendar::Period> period = {};
  registers::Origin origin = {};
};

class ExclusiveCheck {
 public:
  ExclusiveCheck(Group& group, const registers::RegisterStore& store, Findings& findings)
      : group_(group), target_(group.target()), store_(store), findings_(findings) {
    const auto is_mapped = [&](int field) {
      return std::any_of(group.sheets.begin(), group.sheets.end(),
                         [&](const ReadSheet& sheet) { return column_of(sheet, field) > 0; });
    };
    for (std::size_t f = 0; f < target_.fields.size(); ++f)
      if (target_.fields[f].unique != schema::Unique::No && is_mapped(static_cast<int>(f)))
        unique_.push_back({.field = static_cast<int>(f)});
    if (!target_.span) return;
    from_ = target_.field_index(target_.span->from);
    to_ = target_.field_index(target_.span->to);
    has_spans_ = from_ >= 0 && to_ >= 0 && is_mapped(from_);
  }

  void run() {
    if (unique_.empty() && !has_spans_) return;
    read_file();
    if (store_.statement_count(target_.id) > 0)
      registers::read_records(store_, target_, {}, [&](Record&& record) { hear(std::move(record)); });
    for (Values& each : unique_) judge(each);
    if (has_spans_) judge_spans();
    for (const std::size_t row : refused_) group_.rows[row].fate = KeptRow::Fate::Refused;
  }

 private:
  // Values of one unique field: hashes first, compared when they are equal.
  struct Value {
    std::size_t hash = 0;
    std::uint32_t row = 0;
    friend auto operator<=>(const Value&, const Value&) = default;
  };
  struct Values {
    int field = -1;
    std::vector<Value> said = {};              // by hash, then row, once all are there
    std::map<std::uint32_t, Other> held = {};  // row of the file: the record that has its value already
  };

  bool counts(const KeptRow& row) const {
    return row.fate == KeptRow::Fate::Accepted || row.fate == KeptRow::Fate::Unchanged;
  }
  std::size_t hash_of(const Field& field, const std::string& text,
                      const std::optional<calendar::Period>& period) const {
    const std::size_t own = std::hash<std::string>{}(text);
    if (field.unique != schema::Unique::InPeriod || !period) return own;
    return own * 31 + static_cast<std::size_t>(period->from.days() * 2 + period->to.days());
  }
  const Field& field_of(int field) const { return target_.fields[static_cast<std::size_t>(field)]; }
  std::string text_of(const KeptRow& row, int field) const {
    const auto value = group_.value_of(row, field);
    return value && value->state == State::Known ? registers::to_text(value->value) : std::string();
  }

  void read_file() {
    for (std::size_t i = 0; i < group_.rows.size(); ++i) {
      const KeptRow& row = group_.rows[i];
      if (!counts(row)) continue;
      for (Values& each : unique_)
        if (const std::string said = text_of(row, each.field); !said.empty())
          each.said.push_back(
              {hash_of(field_of(each.field), said, group_.period_of(row)), static_cast<std::uint32_t>(i)});
      if (!has_spans_) continue;
      const auto date = [](const std::optional<KeptValue>& value) -> std::optional<Date> {
        const Date* day = value && value->state == State::Known ? std::get_if<Date>(&value->value) : nullptr;
        return day ? std::optional(*day) : std::nullopt;
      };
      const auto to = group_.value_of(row, to_);
      if (const auto from = date(group_.value_of(row, from_))) add_span(i, *from, date(to), to.has_value());
    }
    for (Values& each : unique_) std::sort(each.said.begin(), each.said.end());
  }

  void add_span(std::size_t row, Date from, std::optional<Date> to, bool says_to) {
    const registers::Days days = registers::days_between(*target_.span, from, to);
    if (days.is_empty()) {
      refuse(row, to_,
             problem("E-INTAKE-327",
                     {"止日 " + to->to_string() + " 早于起日 " + from.to_string() + "，一天也不成立",
                      "it ends on " + to->to_string() + ", before it begins on " + from.to_string()},
                     {"核对两个日期。", "Check both dates."}));
      return;
    }
    if (target_.span->may_overlap) return;
    spans_.push_back({registers::key_without_first_day(target_, group_.key_of(group_.rows[row])), days, row});
    if (!says_to) open_by_silence_.emplace(std::string(group_.key_of(group_.rows[row])), spans_.size() - 1);
  }

  void hear(Record&& record) {
    const KeptRow* row = group_.find(record.key, record.period);
    if (row && !counts(*row)) row = nullptr;
    for (Values& each : unique_) {
      const Resolved& value = record.fields[static_cast<std::size_t>(each.field)];
      if (value.state != State::Known || (row && !text_of(*row, each.field).empty())) continue;
      const std::string text = registers::to_text(value.value);
      const std::size_t hash = hash_of(field_of(each.field), text, record.period);
      for (auto at = std::lower_bound(each.said.begin(), each.said.end(), Value{hash, 0});
           at != each.said.end() && at->hash == hash; ++at)
        if (group_.key_of(group_.rows[at->row]) != record.key &&
            is_same_time(each, group_.period_of(group_.rows[at->row]), record.period) &&
            text_of(group_.rows[at->row], each.field) == text)
          each.held.try_emplace(at->row, Other{record.key, record.period, value.origin});
    }
    if (has_spans_) hear_span(record, row);
  }
  bool is_same_time(const Values& values, const std::optional<calendar::Period>& a,
                    const std::optional<calendar::Period>& b) const {
    return field_of(values.field).unique != schema::Unique::InPeriod || a == b;
  }

  void hear_span(const Record& record, const KeptRow* row) {
    const Resolved& from = record.fields[static_cast<std::size_t>(from_)];
    const Resolved& to = record.fields[static_cast<std::size_t>(to_)];
    const auto* first = std::get_if<Date>(&from.value);
    if (from.state != State::Known || !first || to.state == State::Disputed) return;
    const auto* last = to.state == State::Known ? std::get_if<Date>(&to.value) : nullptr;
    const registers::Days days =
        registers::days_between(*target_.span, *first, last ? std::optional(*last) : std::nullopt);
    if (row) {  // the file is silent about the end: it is the one that is held
      if (const auto silent = open_by_silence_.find(record.key); silent != open_by_silence_.end())
        spans_[silent->second].days.last = days.last;
      return;
    }
    if (days.is_empty() || target_.span->may_overlap) return;
    spans_.push_back({registers::key_without_first_day(target_, record.key), days, kHeld | others_.size()});
    others_.push_back({record.key, record.period, from.origin});
  }

  std::string where(std::size_t other_row, std::size_t row) const {
    const KeptRow& other = group_.rows[other_row];
    return (other.sheet == group_.rows[row].sheet ? "" : "“" + group_.sheets[other.sheet].name + "”") +
           "第 " + std::to_string(other.row) + " 行的";
  }
  void refuse(std::size_t row, int field, Problem problem, std::vector<diagnostic::Related> related = {}) {
    if (group_.rows[row].fate != KeptRow::Fate::Accepted) return;  // what is in already stays
    refused_.push_back(row);
    const ReadSheet& sheet = group_.sheets[group_.rows[row].sheet];
    findings_.set_sheet(sheet.name);
    const int column = column_of(sheet, field);
    if (column > 0)
      findings_.about_cell(group_.rows[row].row, column, std::move(problem), std::move(related));
    else
      findings_.about_row(group_.rows[row].row, std::move(problem), std::move(related));
  }
  std::vector<diagnostic::Related> place_of(const Other& other) const {
    if (batches_.all().empty()) batches_ = registers::Batches(store_.batches());
    const registers::Batch& batch = batches_.at(other.origin.batch);
    return {{{.file = batch.file_name,
              .sheet = other.origin.sheet,
              .cell = other.origin.cell.empty() ? std::to_string(other.origin.row) : other.origin.cell},
             {batch.provider + "，" + batch.received_at, batch.provider + ", " + batch.received_at}}};
  }

  void tell_shared(const Values& values, std::size_t row, const std::string& owner_zh,
                   const std::string& owner_en, std::vector<diagnostic::Related> related) {
    const Field& field = field_of(values.field);
    const std::string text = text_of(group_.rows[row], values.field);
    refuse(row, values.field,
           problem("E-INTAKE-325",
                   {"“" + field.name + "”的“" + text + "”也是" + owner_zh + "的，不能有两条记录相同",
                    "“" + text + "” of “" + field.name + "” is also that of " + owner_en},
                   {"核对两条记录，更正其中一条；对方已经收下的，把它的更正放在同一张表里一起报。",
                    "Compare the two and correct one of them; send the correction of one that is held in the "
                    "same file."}),
           std::move(related));
  }
  void judge(const Values& values) {
    for (std::size_t begin = 0, end = 0; begin < values.said.size(); begin = end) {
      while (end < values.said.size() && values.said[end].hash == values.said[begin].hash) ++end;
      if (end - begin < 2) continue;
      for (std::size_t i = begin; i < end; ++i) {
        const KeptRow& one = group_.rows[values.said[i].row];
        const std::string text = text_of(one, values.field);
        for (std::size_t j = begin; j < end; ++j) {
          const KeptRow& other = group_.rows[values.said[j].row];
          if (i == j || group_.key_of(one) == group_.key_of(other) ||
              !is_same_time(values, group_.period_of(one), group_.period_of(other)) ||
              text_of(other, values.field) != text)
            continue;
          tell_shared(values, values.said[i].row,
                      where(values.said[j].row, values.said[i].row) + target_.name + " " +
                          registers::shown_key(group_.key_of(other)),
                      "row " + std::to_string(other.row), {});
          break;
        }
      }
    }
    for (const auto& [row, other] : values.held)
      tell_shared(values, row, "已有的" + target_.name + " " + registers::shown_key(other.key),
                  registers::shown_key(other.key), place_of(other));
  }

  void judge_spans() {
    std::vector<registers::Days> days_of_row(group_.rows.size());
    std::vector<registers::Days> days_of_other(others_.size());
    for (const registers::Spanning& span : spans_)
      (is_held(span.number) ? days_of_other[span.number & ~kHeld] : days_of_row[span.number]) = span.days;
    const auto days = [&](std::size_t number) {
      return is_held(number) ? days_of_other[number & ~kHeld] : days_of_row[number];
    };
    for (const registers::Overlap& each : registers::overlaps(std::move(spans_)))
      for (const auto& [mine, its] :
           {std::pair(each.number, each.other), std::pair(each.other, each.number)}) {
        if (is_held(mine)) continue;
        const std::string other_zh =
            is_held(its) ? "已有的" + target_.name + " " + registers::shown_key(others_[its & ~kHeld].key)
                         : where(its, mine) + target_.name + " " +
                               registers::shown_key(group_.key_of(group_.rows[its]));
        const std::string other_en = is_held(its) ? registers::shown_key(others_[its & ~kHeld].key)
                                                  : "row " + std::to_string(group_.rows[its].row);
        refuse(
            mine, from_,
            problem("E-INTAKE-326",
                    {"本段 " + registers::to_chinese(days(mine)) + " 与" + other_zh + "（" +
                         registers::to_chinese(days(its)) + "）重叠",
                     "it overlaps " + other_en + ", which begins on " + days(its).from.to_string()},
                    {"更正其中一段的起止日期；对方已经收下的，把它的止日放在同一张表里一起报。",
                     "Correct the days of one of them; send the end of one that is held in the same file."}),
            is_held(its) ? place_of(others_[its & ~kHeld]) : std::vector<diagnostic::Related>{});
      }
  }

  // Numbers of spans: rows of the file, and others behind this bit.
  static constexpr std::size_t kHeld = std::size_t{1} << 63;
  static bool is_held(std::size_t number) { return (number & kHeld) != 0; }

  Group& group_;
  const schema::Register& target_;
  const registers::RegisterStore& store_;
  Findings& findings_;
  std::vector<Values> unique_;
  int from_ = -1, to_ = -1;
  bool has_spans_ = false;
  std::vector<registers::Spanning> spans_;
  std::map<std::string, std::size_t> open_by_silence_;  // key: index into spans_
  std::vector<Other> others_;
  std::vector<std::size_t> refused_;
  mutable registers::Batches batches_;
};

}  // namespace

void check_exclusive(Group& group, const registers::RegisterStore& store, Findings& findings) {
  ExclusiveCheck(group, store, findings).run();
}

}  // namespace tenglong::intake
