#include "engine/column/record_view.h"

#include <algorithm>
#include <set>

namespace tenglong::column {
namespace {

constexpr std::string_view kPrevious = "上期";
constexpr std::string_view kYear = "年度";
constexpr int kParentDepth = 4;  // a ring of `of` must not hang us; the pack's reader tells of it

const Table* table_of_register(const Tables& tables, std::string_view id) {
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const Table& table) { return table.register_id == id; });
  return found == tables.end() ? nullptr : &*found;
}

feel::Value whole_record(const schema::Schema& schema, const schema::Register& target, const Table& table,
                         std::int32_t row, const Tables& tables, int depth) {
  if (row < 0) return {};
  const auto at = static_cast<std::size_t>(row);
  feel::Context context;
  for (std::size_t i = 0; i < target.fields.size() && i < table.columns.size(); ++i)
    context.put(target.fields[i].name, value_of(table, i, at));
  const schema::Register* above = target.of.empty() || depth == 0 ? nullptr : schema.find(target.of);
  if (const Table* parents = above == nullptr ? nullptr : table_of_register(tables, above->id))
    if (at < table.parent_row.size())
      context.put(above->name,
                  whole_record(schema, *above, *parents, table.parent_row[at], tables, depth - 1));
  return feel::Value(std::move(context));
}

}  // namespace

RecordView::RecordView(const schema::Schema& schema, const schema::Register& target, const Table& own,
                       const Tables& tables, const std::vector<feel::NodePtr>& expressions)
    : schema_(schema),
      target_(target),
      above_(target.of.empty() ? nullptr : schema.find(target.of)),
      own_(own),
      tables_(tables) {
  for (const feel::NodePtr& tree : expressions)
    if (tree != nullptr)
      for (const std::vector<std::string>& path : feel::references(*tree)) {
        Members* at = &used_;
        for (const std::string& name : path) at = &at->of[name];
        at->whole = true;
      }
}

feel::Value RecordView::record(const schema::Register& target, const Table& table, std::int32_t row,
                               const Members& members) const {
  if (members.whole) return whole_record(schema_, target, table, row, tables_, kParentDepth);
  if (row < 0) return {};
  feel::Context context;
  const auto at = static_cast<std::size_t>(row);
  for (std::size_t i = 0; i < target.fields.size() && i < table.columns.size(); ++i)
    if (members.of.contains(target.fields[i].name))
      context.put(target.fields[i].name, value_of(table, i, at));
  const schema::Register* above = target.of.empty() ? nullptr : schema_.find(target.of);
  const auto used = above == nullptr ? members.of.end() : members.of.find(above->name);
  if (used != members.of.end() && !table.parent_row.empty())
    if (const Table* parents = table_of_register(tables_, above->id))
      context.put(above->name, record(*above, *parents, table.parent_row[at], used->second));
  return feel::Value(std::move(context));
}

std::optional<feel::Value> RecordView::find(std::string_view name) const {
  for (std::size_t i = 0; i < target_.fields.size(); ++i)
    if (target_.fields[i].name == name) return value_of(own_, i, row_);
  static const Members kAll{.whole = true};
  const auto used = used_.of.find(name);
  const Members& members = used == used_.of.end() ? kAll : used->second;
  if (name == kPrevious)
    return own_.previous_row.empty() ? feel::Value()
                                     : record(target_, own_, own_.previous_row[row_], members);
  if (name == kYear && target_.period != schema::PeriodKey::None)
    return own_.period[row_] ? feel::Value(quantity::Decimal(own_.period[row_]->from.year)) : feel::Value();
  if (above_ != nullptr && name == above_->name) {
    const Table* parents = table_of_register(tables_, above_->id);
    if (parents == nullptr || own_.parent_row.empty()) return feel::Value();
    return record(*above_, *parents, own_.parent_row[row_], members);
  }
  return std::nullopt;
}

std::optional<State> RecordView::state_at(const std::vector<std::string>& path) const {
  const schema::Register* target = &target_;
  const Table* table = &own_;
  std::int32_t row = static_cast<std::int32_t>(row_);
  for (const std::string& name : path) {
    if (row < 0) return State::Missing;  // no such record
    const auto at = static_cast<std::size_t>(row);
    if (const schema::Field* field = target->find_by_name(name))
      return state_of(*table, static_cast<std::size_t>(field - target->fields.data()), at);
    if (name == kPrevious) {
      row = table->previous_row.empty() ? -1 : table->previous_row[at];
      continue;
    }
    const schema::Register* above = target->of.empty() ? nullptr : schema_.find(target->of);
    if (above == nullptr || above->name != name) return std::nullopt;
    const Table* parents = table_of_register(tables_, above->id);
    row = parents == nullptr || table->parent_row.empty() ? -1 : table->parent_row[at];
    if (parents == nullptr) return State::Missing;
    target = above;
    table = parents;
  }
  return row < 0 ? std::optional(State::Missing) : std::nullopt;
}

RecordView::Want RecordView::want_of(const feel::Node& expression) const {
  Want want;
  for (const std::vector<std::string>& path : feel::references(expression)) {
    const auto state = state_at(path);
    if (!state || *state == State::Known) continue;
    want.worst = quantity::worst(want.worst, *state);
    std::string written;
    for (const std::string& name : path) written += (written.empty() ? "" : ".") + name;
    want.names.push_back(std::move(written));
  }
  return want;
}

feel::Value record_value(const schema::Schema& schema, const schema::Register& target, const Table& table,
                         std::size_t row, const Tables& tables) {
  return whole_record(schema, target, table, static_cast<std::int32_t>(row), tables, kParentDepth);
}

namespace {

struct Computed {
  const feel::Value& value;
  const schema::Field& field;
  State absent;

  void operator()(NumberColumn& column) const {
    if (value.kind() == feel::Kind::Number)
      if (const auto converted = quantity::convert(value.number(), field.to_unit))
        return column.append(*converted);
    column.append(absent);
  }
  void operator()(TextColumn& column) const {
    if (value.kind() == feel::Kind::String)
      column.append(value.string());
    else
      column.append(absent);
  }
  void operator()(BooleanColumn& column) const {
    const bool known = value.kind() == feel::Kind::Boolean;
    column.value.push_back(known && value.boolean());
    column.state.push_back(known ? State::Known : absent);
  }
  void operator()(DateColumn& column) const {
    const bool known = value.kind() == feel::Kind::Date;
    column.days.push_back(known ? static_cast<std::int32_t>(value.date().days()) : 0);
    column.state.push_back(known ? State::Known : absent);
  }
};

}  // namespace

void compute_columns(const schema::Schema& schema, const schema::Register& target, Table& table,
                     const Tables& tables) {
  if (target.computed.empty()) return;
  std::vector<feel::NodePtr> formulas;
  for (const int field : target.computed)
    formulas.push_back(target.fields[static_cast<std::size_t>(field)].formula.tree);
  RecordView view(schema, target, table, tables, formulas);
  for (std::size_t row = 0; row < table.size(); ++row) {
    view.stand_on(row);
    for (const int at : target.computed) {
      const auto index = static_cast<std::size_t>(at);
      const schema::Field& field = target.fields[index];
      const feel::Value value = feel::evaluate(*field.formula.tree, view).value;
      // Null: for want of what it names, else because it cannot be said of this record (a divisor of 0).
      const State worst = view.want_of(*field.formula.tree).worst;
      std::visit(Computed{value, field, worst == State::Known ? State::NotApplicable : worst},
                 table.columns.own(index));
    }
  }
}

namespace {

struct ComputedAgain {
  const feel::Value& value;
  const schema::Field& field;
  State absent;
  std::size_t row;

  void operator()(NumberColumn& column) const {
    if (value.kind() == feel::Kind::Number)
      if (const auto converted = quantity::convert(value.number(), field.to_unit))
        return column.set(row, *converted);
    column.set(row, absent);
  }
  void operator()(TextColumn& column) const {
    if (value.kind() == feel::Kind::String)
      column.set(row, std::string_view(value.string()));
    else
      column.set(row, absent);
  }
  void operator()(BooleanColumn& column) const {
    const bool known = value.kind() == feel::Kind::Boolean;
    column.value[row] = known && value.boolean();
    column.state.set(row, known ? State::Known : absent);
  }
  void operator()(DateColumn& column) const {
    const bool known = value.kind() == feel::Kind::Date;
    column.days[row] = known ? static_cast<std::int32_t>(value.date().days()) : 0;
    column.state.set(row, known ? State::Known : absent);
  }
};

}  // namespace

std::vector<std::size_t> compute_rows(const schema::Schema& schema, const schema::Register& target,
                                      Table& table, const Tables& tables,
                                      const std::vector<std::uint32_t>& rows) {
  std::set<std::size_t> moved;
  if (target.computed.empty()) return {};
  std::vector<feel::NodePtr> formulas;
  for (const int field : target.computed)
    formulas.push_back(target.fields[static_cast<std::size_t>(field)].formula.tree);
  RecordView view(schema, target, table, tables, formulas);
  for (const std::uint32_t row : rows) {
    view.stand_on(row);
    for (const int at : target.computed) {
      const auto index = static_cast<std::size_t>(at);
      const schema::Field& field = target.fields[index];
      const feel::Value value = feel::evaluate(*field.formula.tree, view).value;
      const State worst = view.want_of(*field.formula.tree).worst;
      const feel::Value old = value_of(table, index, row);
      const State old_state = state_of(table, index, row);
      std::visit(ComputedAgain{value, field, worst == State::Known ? State::NotApplicable : worst, row},
                 table.columns.own(index));
      if (state_of(table, index, row) != old_state || value_of(table, index, row).to_text() != old.to_text())
        moved.insert(index);
    }
  }
  for (const std::size_t index : moved)
    if (auto* texts = std::get_if<TextColumn>(&table.columns.own(index))) texts->order_dictionary();
  return {moved.begin(), moved.end()};
}

}  // namespace tenglong::column
