#include "engine/laws/laws.h"

#include <algorithm>

#include "engine/laws/inside/check.h"
#include "engine/register/record_key.h"

namespace tenglong::laws {

Finding& Subjects::add(std::string code, std::size_t row, int field, text::Words message,
                       text::Words advice) const {
  const auto severity = code.front() == 'W' ? diagnostic::Severity::Warning : diagnostic::Severity::Error;
  out.findings.push_back({.code = std::move(code),
                          .severity = severity,
                          .subject = {index, row},
                          .field = field,
                          .message = std::move(message),
                          .advice = std::move(advice)});
  return out.findings.back();
}

std::string named(const schema::Register& target, const column::Table& table, std::size_t row) {
  std::string out = target.name + " " + registers::shown_key(table.key[row]);
  if (table.period[row]) out += "（" + table.period[row]->to_string() + "）";
  return out;
}

std::size_t first_row(const column::Table& table, std::string_view key) {
  std::size_t low = 0, high = table.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (table.key[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

std::optional<Days> days_of(const schema::Register& target, const column::Table& table, std::size_t row) {
  if (!target.span) return std::nullopt;
  const int from = target.field_index(target.span->from), to = target.field_index(target.span->to);
  if (from < 0 || to < 0) return std::nullopt;
  const feel::Value first = column::value_of(table, static_cast<std::size_t>(from), row);
  if (first.kind() != feel::Kind::Date) return std::nullopt;
  const quantity::State ends = column::state_of(table, static_cast<std::size_t>(to), row);
  if (ends == quantity::State::Disputed) return std::nullopt;
  const feel::Value last = column::value_of(table, static_cast<std::size_t>(to), row);
  return registers::days_between(*target.span, first.date(),
                                 last.kind() == feel::Kind::Date ? std::optional(last.date()) : std::nullopt);
}

std::vector<std::size_t> in_force(const schema::Register& target, const column::Table& table, Date on) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.size(); ++row)
    if (const auto days = days_of(target, table, row); days && days->has(on)) rows.push_back(row);
  return rows;
}

std::vector<std::vector<std::size_t>> related_rows(const schema::Schema& schema,
                                                   const column::Snapshot& snapshot,
                                                   const schema::Register& target, const schema::Law& law) {
  const auto index_of = [&](std::string_view id) {
    const schema::Register* found = schema.find(id);
    return found == nullptr ? -1 : static_cast<int>(found - schema.registers.data());
  };
  const int own = index_of(target.id), other = index_of(law.over);
  if (own < 0 || other < 0) return {};
  const column::Table& here = snapshot.tables[static_cast<std::size_t>(own)];
  const column::Table& there = snapshot.tables[static_cast<std::size_t>(other)];
  std::vector<std::vector<std::size_t>> related(here.size());
  const schema::Register& over = schema.registers[static_cast<std::size_t>(other)];
  const int through = law.through.empty() ? -1 : over.field_index(law.through);
  const auto link = [&](std::string_view key, std::size_t row) {
    std::size_t at = first_row(here, key);
    for (; at < here.size() && here.key[at] == key; ++at) {
      const auto &mine = here.period[at], &its = there.period[row];
      const bool same_time = !mine || !its || (mine->from <= its->from && its->to <= mine->to);
      if (same_time && (related[at].empty() || related[at].back() != row)) related[at].push_back(row);
    }
  };
  for (std::size_t row = 0; row < there.size(); ++row) {
    if (through < 0) {
      link(there.key[row], row);
      continue;
    }
    const feel::Value value = column::value_of(there, static_cast<std::size_t>(through), row);
    if (value.kind() == feel::Kind::String) link(value.string(), row);
    if (value.kind() == feel::Kind::List)
      for (const feel::Value& key : value.list()) link(key.string(), row);
  }
  return related;
}

Checked check(const schema::Schema& schema, const column::Snapshot& snapshot, const Options& options) {
  Checked out;
  for (std::size_t i = 0; i < schema.registers.size(); ++i) {
    if (!options.registers.empty() && !options.registers.contains(schema.registers[i].id)) continue;
    const std::size_t before = out.findings.size();
    const Subjects subjects{schema, snapshot, options, static_cast<int>(i), out};
    out.records += static_cast<std::int64_t>(subjects.table().size());
    check_values(subjects);
    check_unique(subjects);
    check_spans(subjects);
    check_laws(subjects);
    std::stable_sort(out.findings.begin() + static_cast<std::ptrdiff_t>(before), out.findings.end(),
                     [](const Finding& a, const Finding& b) {
                       return std::tie(a.subject.row, a.field, a.law, a.from) <
                              std::tie(b.subject.row, b.field, b.law, b.from);
                     });
  }
  return out;
}

}  // namespace tenglong::laws
