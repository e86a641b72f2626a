#include "engine/simulate/inside/family.h"

#include <algorithm>

namespace tenglong::simulate {
namespace {

std::string top_of(const schema::Schema& schema, const std::string& register_id) {
  const schema::Register* at = schema.find(register_id);
  for (std::size_t hops = 0; at != nullptr && !at->of.empty() && hops < schema.registers.size(); ++hops) {
    const schema::Register* above = schema.find(at->of);
    if (above == nullptr) break;
    at = above;
  }
  return at == nullptr ? register_id : at->id;
}

registers::Resolved cell_of(const column::Table& table, std::size_t field, std::size_t row) {
  registers::Resolved cell{.state = column::state_of(table, field, row)};
  const feel::Value value = column::value_of(table, field, row);
  switch (value.kind()) {
    case feel::Kind::Number:
      cell.value = value.number();
      break;
    case feel::Kind::String:
      cell.value = value.string();
      break;
    case feel::Kind::Boolean:
      cell.value = value.boolean();
      break;
    case feel::Kind::Date:
      cell.value = value.date();
      break;
    default:
      break;
  }
  return cell;
}

}  // namespace

std::uint32_t first_of_key(const column::Table& table, const std::string& key) {
  std::size_t low = 0, high = table.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (table.key[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return static_cast<std::uint32_t>(low);
}

std::vector<std::string> line_of(const schema::Schema& schema, const std::string& register_id) {
  const std::string top = top_of(schema, register_id);
  std::vector<std::string> line;
  for (const schema::Register& each : schema.registers)
    if (top_of(schema, each.id) == top) line.push_back(each.id);
  return line;
}

column::Snapshot family_of(const schema::Schema& schema, const column::Snapshot& snapshot,
                           const std::string& register_id, std::uint32_t row) {
  const std::string key(snapshot.find(register_id)->key[row]);
  const std::vector<std::string> line = line_of(schema, register_id);
  std::vector<std::vector<registers::Record>> records(schema.registers.size());
  for (std::size_t r = 0; r < schema.registers.size(); ++r) {
    if (std::find(line.begin(), line.end(), schema.registers[r].id) == line.end()) continue;
    const column::Table& table = snapshot.tables[r];
    for (std::size_t at = first_of_key(table, key); at < table.size() && table.key[at] == key; ++at) {
      registers::Record record{.key = key, .period = table.period[at]};
      for (std::size_t field = 0; field < table.columns.size(); ++field)
        record.fields.push_back(cell_of(table, field, at));
      records[r].push_back(std::move(record));
    }
  }
  return column::snapshot_of(schema, std::move(records));
}

}  // namespace tenglong::simulate
