#include <algorithm>

#include "campaign/access/access.h"
#include "engine/text/text.h"

namespace tenglong::access {

namespace {

bool holds(const std::set<std::string>& set, const std::string& value) {
  return !value.empty() && set.contains(value);
}

}  // namespace

bool RowSets::admits(const Object& object) const {
  return everything || holds(firms, object.firm) || holds(towns, object.town) ||
         holds(departments, object.department) || holds(meant_for, object.meant_for);
}

bool RowFilter::admits(const Object& object) const {
  return RowSets::admits(object) ||
         std::any_of(conditional.begin(), conditional.end(), [&](const Conditional& each) {
           return each.register_id == object.register_id && object.value_of && each.admits(object) &&
                  each.condition->truth_of(object.value_of) == listing::Truth::True;
         });
}

Scope Scope::whole_district(std::string account) {
  Scope out;
  out.account_.id = std::move(account);
  out.is_whole_ = true;
  return out;
}

namespace {

bool has(const std::vector<std::size_t>& all, std::size_t one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

std::array<bool, kRelations> Scope::stands(const Object& object) const {
  return {holds(account_.firms, object.firm),
          holds(account_.towns, object.town),
          !object.department.empty() && object.department == account_.unit,
          !object.meant_for.empty() && object.meant_for == account_.unit,
          holds(consented_, object.firm),
          true};
}

Answer Scope::may(Operation operation, const Object& object) const {
  Answer out;
  if (is_whole_) return {.allowed = true, .level = Sensitivity::Sensitive};
  if (!policy_) return out;
  const std::array<bool, kRelations> stands = this->stands(object);
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
  bool is_unknown = false;
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    const Policy::Conditional& line = policy_->conditional_[i];
    if (!conditions_[i] || !has(line.operations, static_cast<std::size_t>(operation))) continue;
    has_operation = true;
    const auto level = static_cast<Sensitivity>(line.level);
    const bool is_related = std::any_of(line.relations.begin(), line.relations.end(),
                                        [&](std::size_t relation) { return stands[relation]; });
    if (!is_related || !has(line.states, state) || line.of->id != object.register_id ||
        (out.allowed && out.level >= level))
      continue;
    const listing::Truth truth =
        object.value_of ? conditions_[i]->truth_of(object.value_of) : listing::Truth::Unknown;
    is_unknown = is_unknown || truth == listing::Truth::Unknown;
    if (truth != listing::Truth::True) continue;
    out.level = level;
    out.allowed = true;
  }
  const char* name = info(operation).zh;
  if (!out.allowed && is_unknown) {
    out.why = {std::string("“") + name + "”有条件，这条记录缺数，条件判断不了。",
               std::string("“") + info(operation).id + "” has a condition that is not known of this record."};
    return out;
  }
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

std::vector<Reason> Scope::reasons(Operation operation, const Object& object) const {
  std::vector<Reason> granting, near, others;
  if (is_whole_) return {{{}, {"本机操作员，全部可以。", "The machine's operator may do everything."}}};
  if (!policy_) return {};
  const auto stands = this->stands(object);
  const auto joined = [](const std::vector<std::size_t>& all, const auto& name_of) {
    std::string out;
    for (const std::size_t each : all) out += (out.empty() ? "" : "、") + std::string(name_of(each));
    return out;
  };
  const auto relation_name = [](std::size_t each) { return kRelationNames[each]; };
  const auto state_name = [](std::size_t each) { return kStateNames[each]; };
  for (const Policy::Line& line : policy_->lines_) {
    if (!has(line.operations, static_cast<std::size_t>(operation))) continue;
    const bool is_ours =
        std::any_of(roles_.begin(), roles_.end(), [&](std::size_t role) { return has(line.roles, role); });
    const std::string relations = joined(line.relations, relation_name);
    if (!is_ours) {
      const std::string roles =
          joined(line.roles, [&](std::size_t role) { return policy_->roles_[role].name; });
      others.push_back({line.place,
                        {"可以请：" + roles + "（" + relations + "）",
                         "could be done by: " + roles + " (" + relations + ")"}});
      continue;
    }
    std::string wants_zh, wants_en;
    const auto want = [&](const std::string& zh, const std::string& en) {
      wants_zh += (wants_zh.empty() ? "" : "；") + zh;
      wants_en += (wants_en.empty() ? "" : "; ") + en;
    };
    if (std::none_of(line.relations.begin(), line.relations.end(),
                     [&](std::size_t each) { return stands[each]; }))
      want("只限" + relations, "only for " + relations);
    if (!has(line.states, static_cast<std::size_t>(object.state))) {
      const std::string states = joined(line.states, state_name);
      want("只限" + states, "only when " + states);
    }
    const char* level = schema::kSensitivities[line.level];
    const std::string condition = line.condition.empty() ? "" : "，条件：" + line.condition;
    if (wants_zh.empty())
      granting.push_back({line.place,
                          {std::string("这一行给的，字段到“") + level + "”" + condition,
                           std::string("granted by this line, fields up to ") + level + condition}});
    else
      near.push_back({line.place, {"这一行不够：" + wants_zh, "this line does not reach: " + wants_en}});
  }
  if (!granting.empty()) return granting;
  near.insert(near.end(), others.begin(), others.end());
  return near;
}

RowFilter Scope::rows(Operation operation, State state) const {
  return rows_at(operation, state, Sensitivity::Public);
}

RowFilter Scope::rows_at(Operation operation, State state, Sensitivity level) const {
  RowFilter out;
  out.everything = is_whole_;
  if (!policy_) return out;
  const auto add = [&](std::size_t relation, RowSets& sets) {
    switch (static_cast<Relation>(relation)) {
      case Relation::District:
        sets.everything = true;
        break;
      case Relation::OwnFirm:
        sets.firms.insert(account_.firms.begin(), account_.firms.end());
        break;
      case Relation::Consented:
        sets.firms.insert(consented_.begin(), consented_.end());
        break;
      case Relation::OwnTown:
        sets.towns.insert(account_.towns.begin(), account_.towns.end());
        break;
      case Relation::OwnDepartment:
        if (!account_.unit.empty()) sets.departments.insert(account_.unit);
        break;
      case Relation::OwnBatch:
        if (!account_.unit.empty()) sets.meant_for.insert(account_.unit);
        break;
    }
  };
  for (const std::size_t role : roles_) {
    const auto& grants = policy_->roles_[role].grants[static_cast<std::size_t>(operation)];
    for (std::size_t relation = 0; relation < kRelations; ++relation)
      if (grants[relation][static_cast<std::size_t>(state)] >= static_cast<std::uint8_t>(level) + 1)
        add(relation, out);
  }
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    const Policy::Conditional& line = policy_->conditional_[i];
    if (!conditions_[i] || !has(line.operations, static_cast<std::size_t>(operation)) ||
        !has(line.states, static_cast<std::size_t>(state)) || line.level < static_cast<std::size_t>(level))
      continue;
    RowFilter::Conditional one;
    one.register_id = line.of->id;
    one.condition = conditions_[i];
    for (const std::size_t relation : line.relations) add(relation, one);
    if (!one.is_empty()) out.conditional.push_back(std::move(one));
  }
  return out;
}

bool reaches_as_far(const RowFilter& seen, const RowFilter& listed) {
  if (seen.everything) return true;
  const auto holds_all = [](const RowSets& all, const RowSets& some) {
    const auto has_all = [](const std::set<std::string>& a, const std::set<std::string>& b) {
      return std::includes(a.begin(), a.end(), b.begin(), b.end());
    };
    return all.everything ||
           (!some.everything && has_all(all.firms, some.firms) && has_all(all.towns, some.towns) &&
            has_all(all.departments, some.departments) && has_all(all.meant_for, some.meant_for));
  };
  if (!holds_all(seen, listed)) return false;
  return std::all_of(listed.conditional.begin(), listed.conditional.end(), [&](const auto& each) {
    return holds_all(seen, each) ||
           std::any_of(seen.conditional.begin(), seen.conditional.end(), [&](const auto& other) {
             return other.condition == each.condition && holds_all(other, each);
           });
  });
}

std::int64_t Scope::small_count() const { return policy_ ? policy_->small_count() : 0; }

std::optional<std::string> Scope::masked(std::string_view field_id, std::string_view text) const {
  if (!policy_) return std::nullopt;
  const auto found = policy_->masks_.find(field_id);
  if (found == policy_->masks_.end()) return std::nullopt;
  const std::size_t count = text::code_point_count(text);
  // A short value would show whole: at least as much is covered as shows.
  if (count < 2 * (found->second.first + found->second.last)) return std::nullopt;
  std::string out;
  std::size_t position = 0;
  for (std::size_t at = 0; at < text.size(); ++position) {
    const std::size_t from = at;
    text::next_code_point(text, at);
    const bool shows = position < found->second.first || position >= count - found->second.last;
    out += shows ? text.substr(from, at - from) : std::string_view("•");
  }
  return out;
}

bool Scope::masks(std::string_view field_id) const {
  return policy_ && policy_->masks_.find(field_id) != policy_->masks_.end();
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
