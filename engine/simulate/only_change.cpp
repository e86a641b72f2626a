// Two snapshots held side by side, cell by cell.
#include <unordered_map>

#include "engine/simulate/override.h"

namespace tenglong::simulate {
namespace {

using Rows = std::vector<std::size_t>;  // that differ; no more than two are looked for

bool is_enough(const Rows& rows) { return rows.size() > 1; }

// same(row): the two cells hold the same, given that their states do.
template <typename Same>
void differing(const column::States& before, const column::States& after, Same same, Rows& rows) {
  for (std::size_t row = 0; row < before.size() && !is_enough(rows); ++row)
    if (before[row] != after[row] || !same(row)) rows.push_back(row);
}

void differing(const column::NumberColumn& before, const column::NumberColumn& after, Rows& rows) {
  const bool by_doubles = before.exact_values.empty() && after.exact_values.empty();
  differing(
      before.state, after.state,
      [&](std::size_t row) {
        return before.value[row] == after.value[row] && (by_doubles || before.exact(row) == after.exact(row));
      },
      rows);
}

void differing(const column::TextColumn& before, const column::TextColumn& after, Rows& rows) {
  // The same text may bear another code.
  std::unordered_map<std::string, std::int32_t> known;
  for (std::size_t code = 0; code < before.dictionary.size(); ++code)
    known.emplace(before.dictionary[code], static_cast<std::int32_t>(code));
  std::vector<std::int32_t> as_before;
  for (const std::string& text : after.dictionary) {
    const auto found = known.find(text);
    as_before.push_back(found == known.end() ? -2 : found->second);
  }
  differing(
      before.state, after.state,
      [&](std::size_t row) {
        const std::int32_t code = after.code[row];
        return before.code[row] == (code < 0 ? code : as_before[static_cast<std::size_t>(code)]);
      },
      rows);
}

void differing(const column::BooleanColumn& before, const column::BooleanColumn& after, Rows& rows) {
  differing(
      before.state, after.state, [&](std::size_t row) { return before.value[row] == after.value[row]; },
      rows);
}

void differing(const column::DateColumn& before, const column::DateColumn& after, Rows& rows) {
  differing(
      before.state, after.state, [&](std::size_t row) { return before.days[row] == after.days[row]; }, rows);
}

bool same_records(const column::Table& before, const column::Table& after) {
  if (before.register_id != after.register_id || before.size() != after.size() ||
      before.columns.size() != after.columns.size() || before.parent_row != after.parent_row ||
      before.previous_row != after.previous_row)
    return false;
  for (std::size_t row = 0; row < before.size(); ++row)
    if (before.key[row] != after.key[row] || before.period[row] != after.period[row]) return false;
  return true;
}

}  // namespace

std::optional<Override> only_change(const column::Snapshot& before, const column::Snapshot& after) {
  if (before.tables.size() != after.tables.size()) return std::nullopt;
  std::optional<Override> change;
  for (std::size_t t = 0; t < before.tables.size(); ++t) {
    const column::Table &was = before.tables[t], &is = after.tables[t];
    if (!same_records(was, is)) return std::nullopt;
    for (std::size_t field = 0; field < was.columns.size(); ++field) {
      if (was.columns[field].index() != is.columns[field].index()) return std::nullopt;
      Rows rows;
      std::visit(
          [&](const auto& cells) {
            differing(cells, std::get<std::decay_t<decltype(cells)>>(is.columns[field]), rows);
          },
          was.columns[field]);
      if (rows.empty()) continue;
      if (is_enough(rows) || change) return std::nullopt;
      change = Override{.kind = Override::Kind::Field,
                        .block = was.register_id,
                        .index = field,
                        .row = static_cast<std::uint32_t>(rows[0]),
                        .value = column::value_of(is, field, rows[0]),
                        .state = column::state_of(is, field, rows[0])};
    }
  }
  return change;
}

}  // namespace tenglong::simulate
