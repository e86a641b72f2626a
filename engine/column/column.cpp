#include "engine/column/column.h"

#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "engine/column/inside/linked.h"
#include "engine/column/record_view.h"
#include "engine/fingerprint/fingerprint.h"
#include "engine/text/ensure.h"

namespace tenglong::column {

namespace {

constexpr int kDigitsOfADouble = 15;

Column empty_column(schema::FieldType type) {
  switch (type) {
    case schema::FieldType::Number:
    case schema::FieldType::Money:
      return NumberColumn{};
    case schema::FieldType::Boolean:
      return BooleanColumn{};
    case schema::FieldType::Date:
      return DateColumn{};
    case schema::FieldType::References: {
      TextColumn keys;
      keys.is_list = true;
      return keys;
    }
    default:
      return TextColumn{};
  }
}

struct Appender {
  const registers::Resolved& cell;
  void operator()(NumberColumn& column) const {
    const auto* number = std::get_if<Decimal>(&cell.value);
    if (cell.state == State::Known && number != nullptr)
      column.append(*number);
    else
      column.append(absent());
  }
  void operator()(TextColumn& column) const {
    const auto* text = std::get_if<std::string>(&cell.value);
    if (cell.state == State::Known && text != nullptr)
      column.append(std::string_view(*text));
    else
      column.append(absent());
  }
  void operator()(BooleanColumn& column) const {
    const auto* truth = std::get_if<bool>(&cell.value);
    const bool known = cell.state == State::Known && truth != nullptr;
    column.value.push_back(known && *truth);
    column.state.push_back(known ? State::Known : absent());
  }
  void operator()(DateColumn& column) const {
    const auto* date = std::get_if<calendar::Date>(&cell.value);
    const bool known = cell.state == State::Known && date != nullptr;
    column.days.push_back(known ? static_cast<std::int32_t>(date->days()) : 0);
    column.state.push_back(known ? State::Known : absent());
  }
  // A value of another type than the field's cannot be used; it counts as not reported.
  State absent() const { return cell.state == State::Known ? State::Missing : cell.state; }
};

// The canonical text of a cell: its state's code, or "=" and the value.
std::string cell_text(const Table& table, std::size_t column, std::size_t row) {
  const State state = state_of(table, column, row);
  return state == State::Known ? "=" + value_of(table, column, row).to_text()
                               : std::string(quantity::to_code(state));
}

std::string digest_of(const schema::Schema& schema, const Tables& tables) {
  std::vector<std::size_t> order(tables.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return tables[a].register_id < tables[b].register_id; });
  fingerprint::Digest digest;
  digest.field("tenglong snapshot 1");
  for (const std::size_t at : order) {
    const Table& table = tables[at];
    const schema::Register& target = schema.registers[at];
    if (table.size() == 0) continue;  // a register that nobody filled is as good as none
    std::vector<std::size_t> fields;  // what is computed follows from the rest and from the pack
    for (std::size_t i = 0; i < target.fields.size(); ++i)
      if (!target.fields[i].is_computed()) fields.push_back(i);
    std::sort(fields.begin(), fields.end(),
              [&](std::size_t a, std::size_t b) { return target.fields[a].id < target.fields[b].id; });
    digest.field(table.register_id).number(static_cast<std::int64_t>(table.size()));
    for (std::size_t row = 0; row < table.size(); ++row) {
      digest.field(table.key[row]).field(table.period[row] ? table.period[row]->to_string() : "");
      for (const std::size_t field : fields) {
        if (state_of(table, field, row) == State::Missing)
          continue;  // a field added later leaves old snapshots as they were
        digest.field(target.fields[field].id).field(cell_text(table, field, row));
      }
      digest.field("");
    }
  }
  return digest.hex();
}

}  // namespace

void States::push_back(State state) {
  if (state != State::Known) {
    if (kept_.empty()) kept_.assign(size_, State::Known);
    ++absent_;
  }
  ++size_;
  if (absent_ > 0 || !kept_.empty()) kept_.push_back(state);
}

void States::set(std::size_t row, State state) {
  ensure(row < size_, "a state is set on a row that there is");
  if ((*this)[row] == state) return;
  if (kept_.empty()) kept_.assign(size_, State::Known);
  if (kept_[row] == State::Known) ++absent_;
  if (state == State::Known) --absent_;
  kept_[row] = state;
}

void Keys::push_back(text::Shared key) {
  if (distinct_.empty() || of_row_.empty() || distinct_.back() != key) distinct_.push_back(std::move(key));
  of_row_.push_back(static_cast<std::uint32_t>(distinct_.size() - 1));
}

void Keys::share(const Keys& above, const std::vector<std::int32_t>& parent_row) {
  for (std::size_t row = 0; row < of_row_.size(); ++row) {
    text::Shared& own = distinct_[of_row_[row]];
    if (parent_row[row] < 0) continue;
    const text::Shared& other = above.shared(static_cast<std::size_t>(parent_row[row]));
    if (!own.is_same(other) && own == other) own = other;
  }
}

void Keys::shrink_to_fit() {
  distinct_.shrink_to_fit();
  of_row_.shrink_to_fit();
}

void Periods::push_back(const Period& period) {
  const auto [known, is_new] = known_.try_emplace(period, static_cast<std::uint32_t>(distinct_.size()));
  if (is_new) distinct_.push_back(period);
  code_.push_back(known->second);
}

Decimal NumberColumn::exact(std::size_t row) const {
  const auto found = exact_values.find(static_cast<std::uint32_t>(row));
  return found == exact_values.end() ? Decimal::from_double_shortest(value[row]) : found->second;
}

void NumberColumn::append(Decimal number) {
  const double nearest = number.to_double();  // infinite beyond 10^308
  if (number.significant_digits() > kDigitsOfADouble || !std::isfinite(nearest) ||
      Decimal::from_double_shortest(nearest) != number)
    exact_values.emplace(static_cast<std::uint32_t>(value.size()), number);
  value.push_back(nearest);
  state.push_back(State::Known);
}

void NumberColumn::append(State absent) {
  ensure(absent != State::Known, "a known number has a value");
  value.push_back(0.0);
  state.push_back(absent);
}

void TextColumn::append(std::string_view text) {
  if (index_.size() != dictionary.size()) {  // sealed
    index_.clear();
    for (std::size_t i = 0; i < dictionary.size(); ++i)
      index_.emplace(dictionary[i], static_cast<std::int32_t>(i));
  }
  const auto [at, is_new] =
      index_.try_emplace(std::string(text), static_cast<std::int32_t>(dictionary.size()));
  if (is_new) dictionary.emplace_back(text);
  code.push_back(at->second);
  state.push_back(State::Known);
}

void TextColumn::append(State absent) {
  ensure(absent != State::Known, "a known text has a value");
  code.push_back(-1);
  state.push_back(absent);
}

void NumberColumn::set(std::size_t row, Decimal number) {
  exact_values.erase(static_cast<std::uint32_t>(row));
  const double nearest = number.to_double();
  if (number.significant_digits() > kDigitsOfADouble || !std::isfinite(nearest) ||
      Decimal::from_double_shortest(nearest) != number)
    exact_values.emplace(static_cast<std::uint32_t>(row), number);
  value[row] = nearest;
  state.set(row, State::Known);
}

void NumberColumn::set(std::size_t row, State absent) {
  ensure(absent != State::Known, "a known number has a value");
  exact_values.erase(static_cast<std::uint32_t>(row));
  value[row] = 0.0;
  state.set(row, absent);
}

void TextColumn::set(std::size_t row, std::string_view text) {
  const auto found = std::find(dictionary.begin(), dictionary.end(), text);
  code[row] = static_cast<std::int32_t>(found - dictionary.begin());
  if (found == dictionary.end()) dictionary.emplace_back(text);
  state.set(row, State::Known);
}

void TextColumn::set(std::size_t row, State absent) {
  ensure(absent != State::Known, "a known text has a value");
  code[row] = -1;
  state.set(row, absent);
}

void TextColumn::order_dictionary() {
  index_ = {};
  std::vector<std::int32_t> renumbered(dictionary.size(), -1);
  std::int32_t next = 0;
  bool is_in_order = true;
  for (const std::int32_t at : code) {
    if (at < 0 || renumbered[static_cast<std::size_t>(at)] >= 0) continue;
    is_in_order = is_in_order && at == next;
    renumbered[static_cast<std::size_t>(at)] = next++;
  }
  if (is_in_order && static_cast<std::size_t>(next) == dictionary.size()) return;
  std::vector<std::string> ordered(static_cast<std::size_t>(next));
  for (std::size_t at = 0; at < dictionary.size(); ++at)
    if (renumbered[at] >= 0) ordered[static_cast<std::size_t>(renumbered[at])] = std::move(dictionary[at]);
  dictionary = std::move(ordered);
  for (std::int32_t& at : code)
    if (at >= 0) at = renumbered[static_cast<std::size_t>(at)];
}

void TextColumn::seal() {
  index_ = {};
  dictionary.shrink_to_fit();
}

std::int32_t Table::find(std::string_view record_key, const std::optional<calendar::Period>& at) const {
  std::size_t low = 0, high = key.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = std::string_view(key[middle]).compare(record_key);
    if (order < 0 || (order == 0 && period[middle] < at))
      low = middle + 1;
    else
      high = middle;
  }
  return low < key.size() && key[low] == record_key && period[low] == at ? static_cast<std::int32_t>(low)
                                                                         : -1;
}

const Table* Snapshot::find(std::string_view register_id) const {
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const Table& table) { return table.register_id == register_id; });
  return found == tables.end() ? nullptr : &*found;
}

namespace {

// Cells of a column in the order of `rows`. A dictionary stands in the order of first appearance.
struct Gather {
  const std::vector<std::uint32_t>& rows;

  template <typename Cells>
  Column states_into(Cells out, const Cells& from) const {
    for (const std::uint32_t row : rows) out.state.push_back(from.state[row]);
    return out;
  }
  Column operator()(const NumberColumn& from) const {
    NumberColumn out;
    out.value.reserve(rows.size());
    for (std::size_t to = 0; to < rows.size(); ++to) {
      out.value.push_back(from.value[rows[to]]);
      const auto exact = from.exact_values.find(rows[to]);
      if (exact != from.exact_values.end())
        out.exact_values.emplace(static_cast<std::uint32_t>(to), exact->second);
    }
    return states_into(std::move(out), from);
  }
  Column operator()(const TextColumn& from) const {
    TextColumn out;
    out.is_list = from.is_list;
    out.code.reserve(rows.size());
    std::vector<std::int32_t> renumbered(from.dictionary.size(), -1);
    for (const std::uint32_t row : rows) {
      const std::int32_t code = from.code[row];
      if (code >= 0 && renumbered[static_cast<std::size_t>(code)] < 0) {
        renumbered[static_cast<std::size_t>(code)] = static_cast<std::int32_t>(out.dictionary.size());
        out.dictionary.push_back(from.dictionary[static_cast<std::size_t>(code)]);
      }
      out.code.push_back(code < 0 ? -1 : renumbered[static_cast<std::size_t>(code)]);
    }
    return states_into(std::move(out), from);
  }
  Column operator()(const BooleanColumn& from) const {
    BooleanColumn out;
    for (const std::uint32_t row : rows) out.value.push_back(from.value[row]);
    return states_into(std::move(out), from);
  }
  Column operator()(const DateColumn& from) const {
    DateColumn out;
    for (const std::uint32_t row : rows) out.days.push_back(from.days[row]);
    return states_into(std::move(out), from);
  }
};

struct Trim {
  void operator()(NumberColumn& column) const { column.value.shrink_to_fit(), column.state.shrink_to_fit(); }
  void operator()(TextColumn& column) const {
    column.seal();
    column.code.shrink_to_fit(), column.state.shrink_to_fit();
  }
  void operator()(BooleanColumn& column) const { column.value.shrink_to_fit(), column.state.shrink_to_fit(); }
  void operator()(DateColumn& column) const { column.days.shrink_to_fit(), column.state.shrink_to_fit(); }
};

// Turns records into columns one by one; only what arrives out of order is moved at the end.
class TableBuilder {
 public:
  TableBuilder(const schema::Schema& schema, const schema::Register& target)
      : schema_(schema), target_(target), is_computed_(target.fields.size(), false) {
    table_.register_id = target.id;
    for (const int field : target.computed) is_computed_[static_cast<std::size_t>(field)] = true;
    for (const schema::Field& field : target.fields) table_.columns.push_back(empty_column(field.type));
  }

  void add(registers::Record&& record) {
    const std::size_t last = table_.size();
    if (last > 0 &&
        std::tie(record.key, record.period) < std::tie(table_.key[last - 1], table_.period[last - 1]))
      is_in_order_ = false;
    table_.key.push_back(std::move(record.key));
    table_.period.push_back(record.period);
    static const registers::Resolved kNothing;
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
      if (!is_computed_[i])
        std::visit(Appender{i < record.fields.size() ? record.fields[i] : kNothing}, table_.columns.own(i));
  }

  Table finish(const Tables& parents) {
    if (!is_in_order_) put_in_order();
    table_.key.shrink_to_fit();
    table_.period.shrink_to_fit();
    link_rows(target_, table_, parents);
    for (const Table& above : parents)
      if (!target_.of.empty() && above.register_id == target_.of)
        table_.key.share(above.key, table_.parent_row);
    compute_columns(schema_, target_, table_, parents);  // last: they need the rest
    for (std::size_t i = 0; i < table_.columns.size(); ++i) std::visit(Trim{}, table_.columns.own(i));
    return std::move(table_);
  }

 private:
  void put_in_order() {
    std::vector<std::uint32_t> rows(table_.size());
    std::iota(rows.begin(), rows.end(), 0u);
    std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tie(table_.key[a], table_.period[a]) < std::tie(table_.key[b], table_.period[b]);
    });
    Keys keys;
    Periods periods;
    for (const std::uint32_t row : rows) {
      keys.push_back(table_.key.shared(row));
      periods.push_back(table_.period[row]);
    }
    table_.key = std::move(keys);
    table_.period = std::move(periods);
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
      if (!is_computed_[i]) table_.columns.put(i, std::visit(Gather{rows}, table_.columns[i]));
  }

  const schema::Schema& schema_;
  const schema::Register& target_;
  std::vector<bool> is_computed_;
  Table table_;
  bool is_in_order_ = true;
};

template <typename Fill>  // void(std::size_t register, TableBuilder&)
Snapshot assemble(const schema::Schema& schema, Fill fill) {
  Snapshot snapshot;
  snapshot.tables.resize(schema.registers.size());
  for (const std::size_t i : parents_first(schema)) {
    TableBuilder builder(schema, schema.registers[i]);
    fill(i, builder);
    snapshot.tables.put(i, builder.finish(snapshot.tables));
  }
  snapshot.fingerprint = digest_of(schema, snapshot.tables);
  return snapshot;
}

}  // namespace

std::vector<std::size_t> parents_first(const schema::Schema& schema) {
  std::vector<std::size_t> out;
  std::vector<bool> done(schema.registers.size(), false);
  for (std::size_t round = 0; round <= schema.registers.size(); ++round)
    for (std::size_t i = 0; i < schema.registers.size(); ++i) {
      if (done[i]) continue;
      const schema::Register& target = schema.registers[i];
      const schema::Register* parent = target.of.empty() ? nullptr : schema.find(target.of);
      const bool waits = parent != nullptr && parent != &target &&
                         !done[static_cast<std::size_t>(parent - schema.registers.data())];
      if (waits && round < schema.registers.size()) continue;
      out.push_back(i);
      done[i] = true;
    }
  return out;
}

void link_rows(const schema::Register& target, Table& table, const Tables& parents) {
  table.parent_row.clear();
  table.previous_row.clear();
  if (!target.of.empty()) {
    const auto parent = std::find_if(parents.begin(), parents.end(),
                                     [&](const Table& other) { return other.register_id == target.of; });
    table.parent_row.reserve(table.size());
    for (std::size_t row = 0; row < table.size(); ++row)
      table.parent_row.push_back(parent == parents.end() ? -1 : parent->find(table.key[row], std::nullopt));
  }
  if (target.period == schema::PeriodKey::None) return;
  table.previous_row.reserve(table.size());
  for (std::size_t row = 0; row < table.size(); ++row) {
    // Rows of a record stand together by rising period: the one before is the row above, if it is the
    // period before.
    const bool is_next = row > 0 && table.key[row - 1] == table.key[row] && table.period[row] &&
                         table.period[row - 1] && *table.period[row - 1] == table.period[row]->previous();
    table.previous_row.push_back(is_next ? static_cast<std::int32_t>(row) - 1 : -1);
  }
}

std::string fingerprint_of(const schema::Schema& schema, const Snapshot& snapshot) {
  return digest_of(schema, snapshot.tables);
}

Table table_of(const schema::Schema& schema, const schema::Register& target,
               std::vector<registers::Record> records, const Tables& parents) {
  TableBuilder builder(schema, target);
  for (registers::Record& record : records) builder.add(std::move(record));
  return builder.finish(parents);
}

Snapshot snapshot_of(const schema::Schema& schema,
                     std::vector<std::vector<registers::Record>> records_by_register) {
  ensure(records_by_register.size() == schema.registers.size(), "one list of records for each register");
  return assemble(schema, [&](std::size_t i, TableBuilder& builder) {
    for (registers::Record& record : records_by_register[i]) builder.add(std::move(record));
  });
}

Snapshot take_snapshot(const schema::Schema& schema, const registers::RegisterStore& store,
                       const registers::View& view) {
  // Before the records: a batch that comes meanwhile is not said to be in.
  registers::BatchId through;
  for (const registers::Batch& batch : store.batches())
    if (registers::in_view(batch, view)) through = std::max(through, batch.id);
  Snapshot snapshot = assemble(schema, [&](std::size_t i, TableBuilder& builder) {
    registers::read_records(store, schema.registers[i], view,
                            [&](registers::Record&& record) { builder.add(std::move(record)); });
  });
  snapshot.through = through;
  // Growing columns leaves holes as large as themselves; a server that holds the snapshot for days gives them
  // back.
  malloc_trim(0);
  return snapshot;
}

State state_of(const Table& table, std::size_t column, std::size_t row) {
  return std::visit([row](const auto& cells) { return cells.state[row]; }, table.columns[column]);
}

feel::Value value_of(const Table& table, std::size_t column, std::size_t row) {
  if (state_of(table, column, row) != State::Known) return {};
  struct Reader {
    std::size_t row;
    feel::Value operator()(const NumberColumn& c) const { return c.exact(row); }
    feel::Value operator()(const TextColumn& c) const {
      if (!c.is_list) return c.text(row);
      feel::List keys;
      for (std::string& key : schema::keys_in_list(c.text(row))) keys.emplace_back(std::move(key));
      return feel::Value(std::move(keys));
    }
    feel::Value operator()(const BooleanColumn& c) const { return c.value[row] != 0; }
    feel::Value operator()(const DateColumn& c) const { return calendar::Date::from_days(c.days[row]); }
  };
  return std::visit(Reader{row}, table.columns[column]);
}

}  // namespace tenglong::column
