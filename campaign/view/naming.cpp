#include <algorithm>

#include "campaign/view/view.h"

namespace tenglong::view {

namespace {

using schema::FieldType;

// The field that names a record for people: its first required text field, else its first text field.
int title_field(const schema::Register& target) {
  int first_text = -1;
  for (std::size_t i = 0; i < target.fields.size(); ++i) {
    if (target.fields[i].type != FieldType::Text) continue;
    if (target.fields[i].required) return static_cast<int>(i);
    if (first_text < 0) first_text = static_cast<int>(i);
  }
  return first_text;
}

int area_field(const schema::Register& target) {
  for (std::size_t i = 0; i < target.fields.size(); ++i)
    if (target.fields[i].type == FieldType::Area) return static_cast<int>(i);
  return -1;
}

struct Found {
  const column::Table* table;
  int field;
  std::size_t row;
};

// The first register on the way from `register_id` up its parents that has such a field.
std::optional<Found> climb(const Naming& naming, std::string_view register_id, std::size_t row,
                           int (*field_of)(const schema::Register&)) {
  const schema::Register* target = naming.pack->schema.find(register_id);
  while (target != nullptr) {
    const column::Table* table = naming.snapshot->find(target->id);
    if (table == nullptr || row >= table->size()) return std::nullopt;
    if (const int field = field_of(*target); field >= 0) return Found{table, field, row};
    if (target->of.empty() || row >= table->parent_row.size() || table->parent_row[row] < 0)
      return std::nullopt;
    row = static_cast<std::size_t>(table->parent_row[row]);
    target = naming.pack->schema.find(target->of);
  }
  return std::nullopt;
}

ReachedTexts reach(const Naming& naming, std::string_view register_id,
                   int (*field_of)(const schema::Register&)) {
  ReachedTexts out;
  const schema::Register* target = naming.pack->schema.find(register_id);
  while (target != nullptr) {
    const column::Table* table = naming.snapshot->find(target->id);
    if (table == nullptr) return {};
    if (const int field = field_of(*target); field >= 0) {
      out.texts = std::get_if<column::TextColumn>(&table->columns[static_cast<std::size_t>(field)]);
      return out;
    }
    if (target->of.empty()) return {};
    out.up.push_back(table);
    target = naming.pack->schema.find(target->of);
  }
  return {};
}

std::string text_at(const Found& found) {
  const auto* column =
      std::get_if<column::TextColumn>(&found.table->columns[static_cast<std::size_t>(found.field)]);
  return column != nullptr && column->code[found.row] >= 0 ? column->text(found.row) : std::string{};
}

}  // namespace

std::int32_t ReachedTexts::code(std::size_t row) const {
  if (texts == nullptr) return -1;
  for (const column::Table* table : up) {
    if (row >= table->parent_row.size() || table->parent_row[row] < 0) return -1;
    row = static_cast<std::size_t>(table->parent_row[row]);
  }
  return row < texts->code.size() ? texts->code[row] : -1;
}

ReachedTexts Naming::titles(std::string_view register_id) const {
  return reach(*this, register_id, title_field);
}
ReachedTexts Naming::towns(std::string_view register_id) const {
  return reach(*this, register_id, area_field);
}

std::string Naming::title(std::string_view register_id, std::size_t row) const {
  const auto found = climb(*this, register_id, row, title_field);
  return found ? text_at(*found) : std::string{};
}

std::string Naming::town(std::string_view register_id, std::size_t row) const {
  const auto found = climb(*this, register_id, row, area_field);
  return found ? text_at(*found) : std::string{};
}

std::string Naming::town_name(std::string_view code) const {
  for (const schema::Codes& codes : pack->schema.codes)
    if (!codes.level.empty())
      if (const schema::CodeEntry* entry = codes.find(code)) return entry->name;
  return code.empty() ? "（镇街未知）" : std::string(code);
}

std::string Naming::cut_name(std::string_view register_id, std::string_view cut,
                             std::string_view code) const {
  const schema::Register* of = pack->schema.find(register_id);
  for (; of != nullptr; of = of->of.empty() ? nullptr : pack->schema.find(of->of))
    if (const schema::Field* field = of->find_by_name(cut)) {
      if (field->codes.empty()) break;
      const schema::Codes* codes = pack->schema.find_codes(field->codes);
      const schema::CodeEntry* entry = codes == nullptr ? nullptr : codes->find(code);
      return entry == nullptr ? std::string(code) : entry->name;
    }
  return town_name(code);
}

}  // namespace tenglong::view
