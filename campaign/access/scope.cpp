#include <algorithm>

#include "campaign/access/access.h"

namespace tenglong::access {

namespace {

bool holds(const std::set<std::string>& set, const std::string& value) {
  return !value.empty() && set.contains(value);
}

}  // namespace

bool RowFilter::admits(const Object& object) const {
  return everything || holds(firms, object.firm) || holds(towns, object.town) ||
         holds(departments, object.department) || holds(meant_for, object.meant_for);
}

Answer Scope::may(Operation operation, const Object& object) const {
  Answer out;
  if (!policy_) return out;
  const std::array<bool, kRelations> stands = {
      holds(account_.firms, object.firm),
      holds(account_.towns, object.town),
      !object.department.empty() && object.department == account_.unit,
      !object.meant_for.empty() && object.meant_for == account_.unit,
      holds(consented_, object.firm),
      true};
  const auto state = static_cast<std::size_t>(object.state);
  bool has_operation = false;
  for (const std::size_t role : roles_)
    for (std::size_t relation = 0; relation < kRelations; ++relation) {
      const std::uint8_t granted =
          policy_->roles_[role].grants[static_cast<std::size_t>(operation)][relation][state];
      has_operation = has_operation || granted != 0;
      if (granted == 0 || !stands[relation]) continue;
      const auto level = static_cast<Sensitivity>(granted - 1);
      if (!out.allowed || out.level < level) out.level = level;
      out.allowed = true;
    }
  const char* name = info(operation).zh;
  if (!out.allowed) {
    out.why = has_operation
                  ? text::Words{std::string("“") + name + "”不在您的范围之内（企业、镇街、部门或授权）。",
                                std::string("“") + info(operation).id + "” is outside your scope."}
                  : text::Words{std::string("您的角色不能“") + name + "”。",
                                std::string("Your roles may not do “") + info(operation).id + "”."};
    return out;
  }
  // Nobody known to have done the first is nobody known to be another.
  if (object.done_by.empty() || object.done_by == account_.id)
    for (const OperationInfo& first : operations())
      if (policy_->is_separate(first.operation, operation)) {
        out.allowed = false;
        if (object.done_by.empty())
          out.why = {std::string("不知道“") + first.zh + "”是谁做的，不能“" + name + "”。",
                     std::string("Who did “") + first.id + "” is not known, so “" + info(operation).id +
                         "” cannot be done."};
        else
          out.why = {
              std::string("“") + first.zh + "”是您做的，“" + name + "”要由另一个人做。",
              std::string("You did “") + first.id + "”; another must do “" + info(operation).id + "”."};
      }
  return out;
}

RowFilter Scope::rows(Operation operation, State state) const {
  return rows_at(operation, state, Sensitivity::Public);
}

RowFilter Scope::rows_at(Operation operation, State state, Sensitivity level) const {
  RowFilter out;
  if (!policy_) return out;
  for (const std::size_t role : roles_) {
    const auto& grants = policy_->roles_[role].grants[static_cast<std::size_t>(operation)];
    const auto has = [&](Relation relation) {
      return grants[static_cast<std::size_t>(relation)][static_cast<std::size_t>(state)] >=
             static_cast<std::uint8_t>(level) + 1;
    };
    if (has(Relation::District)) out.everything = true;
    if (has(Relation::OwnFirm)) out.firms.insert(account_.firms.begin(), account_.firms.end());
    if (has(Relation::Consented)) out.firms.insert(consented_.begin(), consented_.end());
    if (has(Relation::OwnTown)) out.towns.insert(account_.towns.begin(), account_.towns.end());
    if (has(Relation::OwnDepartment) && !account_.unit.empty()) out.departments.insert(account_.unit);
    if (has(Relation::OwnBatch) && !account_.unit.empty()) out.meant_for.insert(account_.unit);
  }
  return out;
}

bool Scope::may_use_in_query(Operation operation, State state, Sensitivity level) const {
  const RowFilter listed = rows(operation, state), seen = rows_at(operation, state, level);
  if (listed.is_empty()) return false;
  if (seen.everything) return true;
  if (listed.everything) return false;
  return listed.firms == seen.firms && listed.towns == seen.towns && listed.departments == seen.departments &&
         listed.meant_for == seen.meant_for;
}

text::Words Scope::refusal(const Answer& answer) const {
  if (is_outside_) return {"没有这一项。", "There is no such item."};
  return answer.why;
}

namespace {

using Shown = std::vector<std::vector<std::optional<std::int64_t>>>;

// Rows and columns joined by the hidden cells, without one of them: which lines hang together with row `row`.
struct Side {
  std::vector<bool> rows, columns;
};
Side reached(const Shown& shown, std::size_t row, std::size_t without_row, std::size_t without_column) {
  Side out{std::vector<bool>(shown.size()), std::vector<bool>(shown[0].size())};
  out.rows[row] = true;
  for (bool grows = true; grows;) {
    grows = false;
    for (std::size_t r = 0; r < shown.size(); ++r)
      for (std::size_t c = 0; c < shown[r].size(); ++c) {
        if (shown[r][c] || (r == without_row && c == without_column) || out.rows[r] == out.columns[c])
          continue;
        out.rows[r] = out.columns[c] = grows = true;
      }
  }
  return out;
}

struct Place {
  std::size_t row = 0, column = 0;
};
// The smallest cell that is still shown among those that `may` be hidden; the first of equals.
template <typename May>
std::optional<Place> smallest(const Shown& shown, const May& may) {
  std::optional<Place> out;
  for (std::size_t r = 0; r < shown.size(); ++r)
    for (std::size_t c = 0; c < shown[r].size(); ++c)
      if (shown[r][c] && may(r, c) && (!out || *shown[r][c] < *shown[out->row][out->column]))
        out = Place{r, c};
  return out;
}

// Hides one more cell towards a closed way of hidden cells through this one; false if there is one already.
// With the totals of every row and column, a hidden cell follows from them exactly if it is the only link
// between two sets of lines.
bool close_way(Shown& shown, std::size_t row, std::size_t column) {
  const Side from_row = reached(shown, row, row, column);
  if (from_row.columns[column]) return false;
  // What hangs together with the column: all that is reached with the cell, less what is reached without.
  Side from_column = reached(shown, row, shown.size(), 0);
  for (std::size_t r = 0; r < shown.size(); ++r)
    from_column.rows[r] = from_column.rows[r] && !from_row.rows[r];
  for (std::size_t c = 0; c < shown[0].size(); ++c)
    from_column.columns[c] = from_column.columns[c] && !from_row.columns[c];
  std::optional<Place> next = smallest(shown, [&](std::size_t r, std::size_t c) {
    return (from_row.rows[r] && from_column.columns[c]) || (from_column.rows[r] && from_row.columns[c]);
  });
  if (!next)
    next = smallest(shown,
                    [&](std::size_t r, std::size_t c) { return from_row.rows[r] || from_column.columns[c]; });
  if (!next) return false;
  shown[next->row][next->column] = std::nullopt;
  return true;
}

}  // namespace

std::vector<std::vector<std::optional<std::int64_t>>> suppressed(
    const std::vector<std::vector<std::int64_t>>& counts, std::int64_t least) {
  Shown out;
  for (const auto& row : counts) out.emplace_back(row.begin(), row.end());
  if (out.empty() || out[0].empty()) return out;
  for (auto& row : out)
    for (auto& cell : row)
      if (*cell > 0 && *cell < least) cell = std::nullopt;
  const std::size_t rows = out.size(), columns = out[0].size();
  const bool is_line = rows == 1 || columns == 1;  // only the total along it is shown

  // What is hidden in a line is told by its sum, so there must be two of them and together no fewer than
  // `least`.
  const auto hide_more = [&](bool is_row, std::size_t line) {
    std::size_t hidden = 0;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < (is_row ? columns : rows); ++i) {
      const std::size_t r = is_row ? line : i, c = is_row ? i : line;
      if (!out[r][c]) ++hidden, sum += counts[r][c];
    }
    if (hidden == 0 || (hidden > 1 && sum >= least)) return false;
    const auto next = smallest(out, [&](std::size_t r, std::size_t c) { return (is_row ? r : c) == line; });
    if (!next) return false;
    out[next->row][next->column] = std::nullopt;
    return true;
  };
  for (bool changes = true; changes;) {
    changes = false;
    if (columns > 1)
      for (std::size_t r = 0; r < rows; ++r) changes = hide_more(true, r) || changes;
    if (rows > 1)
      for (std::size_t c = 0; c < columns; ++c) changes = hide_more(false, c) || changes;
    for (std::size_t r = 0; r < rows && !is_line; ++r)
      for (std::size_t c = 0; c < columns; ++c)
        if (!out[r][c]) changes = close_way(out, r, c) || changes;
  }
  return out;
}

}  // namespace tenglong::access
