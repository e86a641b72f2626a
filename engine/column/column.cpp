#include "engine/column/column.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

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

std::string fingerprint_of(const schema::Schema& schema, const std::vector<Table>& tables) {
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

Table table_of(const schema::Schema& schema, const schema::Register& target,
               std::vector<registers::Record> records, const std::vector<Table>& parents) {
  std::stable_sort(records.begin(), records.end(),
                   [](const registers::Record& a, const registers::Record& b) {
                     return std::tie(a.key, a.period) < std::tie(b.key, b.period);
                   });
  Table table{.register_id = target.id};
  for (const schema::Field& field : target.fields) table.columns.push_back(empty_column(field.type));
  std::vector<bool> is_computed(target.fields.size(), false);  // filled last: they need the rest
  for (const int field : target.computed) is_computed[static_cast<std::size_t>(field)] = true;
  static const registers::Resolved kNothing;
  for (registers::Record& record : records) {
    table.key.push_back(std::move(record.key));
    table.period.push_back(record.period);
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      if (!is_computed[i])
        std::visit(Appender{i < record.fields.size() ? record.fields[i] : kNothing}, table.columns[i]);
  }
  if (!target.of.empty()) {
    const auto parent = std::find_if(parents.begin(), parents.end(),
                                     [&](const Table& other) { return other.register_id == target.of; });
    table.parent_row.reserve(table.size());
    for (std::size_t row = 0; row < table.size(); ++row)
      table.parent_row.push_back(parent == parents.end() ? -1 : parent->find(table.key[row], std::nullopt));
  }
  if (target.period != schema::PeriodKey::None) {
    table.previous_row.reserve(table.size());
    for (std::size_t row = 0; row < table.size(); ++row) {
      // Rows of a record stand together by rising period: the one before is the row above, if it is the
      // period before.
      const bool is_next = row > 0 && table.key[row - 1] == table.key[row] && table.period[row] &&
                           table.period[row - 1] && *table.period[row - 1] == table.period[row]->previous();
      table.previous_row.push_back(is_next ? static_cast<std::int32_t>(row) - 1 : -1);
    }
  }
  compute_columns(schema, target, table, parents);
  return table;
}

Snapshot snapshot_of(const schema::Schema& schema,
                     std::vector<std::vector<registers::Record>> records_by_register) {
  ensure(records_by_register.size() == schema.registers.size(), "one list of records for each register");
  Snapshot snapshot;
  snapshot.tables.resize(schema.registers.size());
  // Parents before children; a register whose parent is unknown or cyclic stands alone.
  std::vector<bool> done(schema.registers.size(), false);
  for (std::size_t round = 0; round <= schema.registers.size(); ++round)
    for (std::size_t i = 0; i < schema.registers.size(); ++i) {
      if (done[i]) continue;
      const schema::Register& target = schema.registers[i];
      const schema::Register* parent = target.of.empty() ? nullptr : schema.find(target.of);
      const bool waits = parent != nullptr && parent != &target &&
                         !done[static_cast<std::size_t>(parent - schema.registers.data())];
      if (waits && round < schema.registers.size()) continue;
      snapshot.tables[i] = table_of(schema, target, std::move(records_by_register[i]), snapshot.tables);
      done[i] = true;
    }
  snapshot.fingerprint = fingerprint_of(schema, snapshot.tables);
  return snapshot;
}

Snapshot take_snapshot(const schema::Schema& schema, const registers::RegisterStore& store,
                       const registers::View& view) {
  std::vector<std::vector<registers::Record>> records(schema.registers.size());
  for (std::size_t i = 0; i < schema.registers.size(); ++i)
    registers::read_records(store, schema.registers[i], view,
                            [&](registers::Record&& record) { records[i].push_back(std::move(record)); });
  Snapshot snapshot = snapshot_of(schema, std::move(records));
  for (const registers::Batch& batch : store.batches())
    if (registers::in_view(batch, view)) snapshot.through = std::max(snapshot.through, batch.id);
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
