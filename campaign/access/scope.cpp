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
  if (!object.done_by.empty() && object.done_by == account_.id)
    for (const OperationInfo& first : operations())
      if (policy_->is_separate(first.operation, operation)) {
        out.allowed = false;
        out.why = {std::string("“") + first.zh + "”是您做的，“" + name + "”要由另一个人做。",
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

std::vector<std::vector<std::optional<std::int64_t>>> suppressed(
    const std::vector<std::vector<std::int64_t>>& counts, std::int64_t least) {
  std::vector<std::vector<std::optional<std::int64_t>>> out;
  for (const auto& row : counts) out.emplace_back(row.begin(), row.end());
  const auto hide_if = [&](std::size_t r, std::size_t c) { out[r][c] = std::nullopt; };
  for (std::size_t r = 0; r < out.size(); ++r)
    for (std::size_t c = 0; c < out[r].size(); ++c)
      if (counts[r][c] > 0 && counts[r][c] < least) hide_if(r, c);
  // One hidden count in a row or column is its total less the others: hide the smallest other one too, until
  // none is alone. What is hidden together must not be told by its sum either, so together they are at least
  // `least`.
  const auto protect = [&](const std::vector<std::pair<std::size_t, std::size_t>>& line) {
    std::size_t hidden = 0;
    std::int64_t sum = 0;
    for (const auto& [r, c] : line)
      if (!out[r][c]) ++hidden, sum += counts[r][c];
    if (hidden == 0 || (hidden > 1 && sum >= least)) return false;
    const std::pair<std::size_t, std::size_t>* best = nullptr;
    for (const auto& cell : line)
      if (out[cell.first][cell.second] &&
          (!best || counts[cell.first][cell.second] < counts[best->first][best->second]))
        best = &cell;
    if (!best) return false;
    hide_if(best->first, best->second);
    return true;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t r = 0; r < out.size(); ++r) {
      std::vector<std::pair<std::size_t, std::size_t>> line;
      for (std::size_t c = 0; c < out[r].size(); ++c) line.emplace_back(r, c);
      changed = protect(line) || changed;
    }
    for (std::size_t c = 0; !out.empty() && c < out[0].size(); ++c) {
      std::vector<std::pair<std::size_t, std::size_t>> line;
      for (std::size_t r = 0; r < out.size(); ++r) line.emplace_back(r, c);
      changed = protect(line) || changed;
    }
  }
  return out;
}

}  // namespace tenglong::access
