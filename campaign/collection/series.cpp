#include "campaign/collection/series.h"
#include "engine/register/record_key.h"

namespace tenglong::collection {

namespace {

using quantity::Decimal;
using quantity::State;
using registers::Record;
using registers::Resolved;

std::optional<Decimal> number_of(const Resolved& held) {
  if (held.state != State::Known) return std::nullopt;
  const auto* number = std::get_if<Decimal>(&held.value);
  return number ? std::optional(*number) : std::nullopt;
}

bool begins_year(const calendar::Period& period) { return period.from.month == 1; }
bool follows(const calendar::Period& period, const calendar::Period& before) {
  return period.kind == before.kind && period.previous() == before;
}

diagnostic::Diagnostic fall(const schema::Field& field, const Record& before, const Record& after,
                            std::size_t at, const registers::Batches& batches) {
  const auto place = [&](const Resolved& held) -> diagnostic::Place {
    return {.file = batches.at(held.origin.batch).file_name,
            .sheet = held.origin.sheet,
            .cell = held.origin.cell};
  };
  const auto value = [&](const Record& record) { return registers::to_text(record.fields[at].value); };
  const std::string key = registers::shown_key(after.key);
  return {
      .code = "W-COLLECTION-101",
      .severity = diagnostic::Severity::Warning,
      .place = place(after.fields[at]),
      .message = {key + " 的“" + field.name + "”是年初累计数，" + after.period->to_string() + " 为 " +
                      value(after) + "，比 " + before.period->to_string() + " 的 " + value(before) + " 还少",
                  "“" + field.name + "” of " + key + " adds up since January, yet " + value(after) + " in " +
                      after.period->to_string() + " is less than " + value(before)},
      .advice = {"核对是不是报成了当月数，或者上月多报；有冲减的写明情况。",
                 "Check whether the month alone was reported, or too much the month before."},
      .related = {{place(before.fields[at]), {before.period->to_string() + " 的来处", "the period before"}}}};
}

}  // namespace

std::vector<Point> series_of(const registers::RegisterStore& store, const schema::Register& target,
                             std::string_view record_key, int field, const registers::View& view) {
  const auto at = static_cast<std::size_t>(field);
  const bool accumulates = target.fields.at(at).accumulates == schema::Accumulates::YearToDate;
  std::vector<Point> out;
  for (Record& record : registers::read_record(store, target, record_key, view)) {
    if (!record.period) continue;
    Point point{.period = *record.period, .held = std::move(record.fields[at])};
    const std::optional<Decimal> value = number_of(point.held);
    if (!accumulates || begins_year(point.period)) {
      point.own = value;
    } else if (value && !out.empty() && follows(point.period, out.back().period)) {
      if (const std::optional<Decimal> before = number_of(out.back().held)) point.own = *value - *before;
    }
    out.push_back(std::move(point));
  }
  return out;
}

diagnostic::Diagnostics check_series(const registers::RegisterStore& store, const schema::Register& target,
                                     const registers::View& view) {
  std::vector<std::size_t> accumulating;
  for (std::size_t i = 0; i < target.fields.size(); ++i)
    if (target.fields[i].accumulates == schema::Accumulates::YearToDate) accumulating.push_back(i);
  diagnostic::Diagnostics out;
  if (accumulating.empty()) return out;
  const registers::Batches batches(store.batches());
  // The latest record of this key and year that had a value, by field: a month that nobody reported hides no
  // fall.
  std::vector<std::optional<Record>> last(accumulating.size());
  registers::read_records(store, target, view, [&](Record&& record) {
    for (std::size_t i = 0; i < accumulating.size(); ++i) {
      const std::optional<Decimal> value = number_of(record.fields[accumulating[i]]);
      if (!value || !record.period) continue;
      std::optional<Record>& before = last[i];
      if (before && before->key == record.key && before->period->from.year == record.period->from.year &&
          *value < *number_of(before->fields[accumulating[i]]))
        out.push_back(fall(target.fields[accumulating[i]], *before, record, accumulating[i], batches));
      before = record;
    }
  });
  return out;
}

}  // namespace tenglong::collection
