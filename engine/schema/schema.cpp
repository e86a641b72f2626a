#include "engine/schema/schema.h"

#include <algorithm>
#include <unordered_map>

#include "engine/text/text.h"

namespace tenglong::schema {

// Entry positions by exact code and by every written form. Built once, shared by copies of the table.
struct Codes::Index {
  std::unordered_map<std::string, int> by_code;
  std::unordered_map<std::string, int> by_writing;
  std::size_t size = 0;
};

namespace {

std::string written_form(std::string_view written) { return text::to_half_width(text::trim(written)); }

template <class Matches>
const CodeEntry* first_entry(const std::vector<CodeEntry>& entries, Matches matches) {
  const auto found = std::find_if(entries.begin(), entries.end(), matches);
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

const char* to_code(FieldType type) {
  switch (type) {
    case FieldType::Text:
      return "text";
    case FieldType::Number:
      return "number";
    case FieldType::Boolean:
      return "boolean";
    case FieldType::Date:
      return "date";
    case FieldType::Period:
      return "period";
    case FieldType::Code:
      return "code";
    case FieldType::CreditCode:
      return "credit_code";
    case FieldType::Area:
      return "area";
    case FieldType::Unit:
      return "unit";
    case FieldType::Reference:
      return "reference";
  }
  return "text";
}

std::optional<FieldType> field_type_of(std::string_view code) {
  for (const FieldType type : kFieldTypes)
    if (code == to_code(type)) return type;
  return std::nullopt;
}

void Codes::build_index() {
  auto built = std::make_shared<Index>();
  built->size = entries.size();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    built->by_code.emplace(entries[i].code, static_cast<int>(i));
    built->by_writing.emplace(written_form(entries[i].code), static_cast<int>(i));
  }
  // A code wins over a name, a name over an alias, whatever their order in the table.
  for (std::size_t i = 0; i < entries.size(); ++i)
    built->by_writing.emplace(written_form(entries[i].name), static_cast<int>(i));
  for (std::size_t i = 0; i < entries.size(); ++i)
    for (const std::string& alias : entries[i].aliases)
      built->by_writing.emplace(written_form(alias), static_cast<int>(i));
  index = std::move(built);
}

const CodeEntry* Codes::find(std::string_view code) const {
  const int at = position(code);
  return at < 0 ? nullptr : &entries[static_cast<std::size_t>(at)];
}

const CodeEntry* Codes::recognise(std::string_view written) const {
  const std::string form = written_form(written);
  if (form.empty()) return nullptr;
  if (index && index->size == entries.size()) {
    const auto found = index->by_writing.find(form);
    return found == index->by_writing.end() ? nullptr : &entries[static_cast<std::size_t>(found->second)];
  }
  if (const CodeEntry* entry =
          first_entry(entries, [&](const CodeEntry& e) { return written_form(e.code) == form; }))
    return entry;
  if (const CodeEntry* entry =
          first_entry(entries, [&](const CodeEntry& e) { return written_form(e.name) == form; }))
    return entry;
  return first_entry(entries, [&](const CodeEntry& entry) {
    return std::any_of(entry.aliases.begin(), entry.aliases.end(),
                       [&](const std::string& alias) { return written_form(alias) == form; });
  });
}

int Codes::position(std::string_view code) const {
  if (index && index->size == entries.size()) {
    const auto found = index->by_code.find(std::string(code));
    return found == index->by_code.end() ? -1 : found->second;
  }
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (entries[i].code == code) return static_cast<int>(i);
  return -1;
}

bool Codes::is_within(std::string_view code, std::string_view ancestor) const {
  std::string_view at = code;
  // A table whose parents form a ring must not hang us.
  for (std::size_t step = 0; step <= entries.size(); ++step) {
    if (at == ancestor) return true;
    const CodeEntry* entry = find(at);
    if (entry == nullptr || entry->parent.empty()) return false;
    at = entry->parent;
  }
  return false;
}

feel::Type Field::feel_type() const {
  switch (type) {
    case FieldType::Number:
      return feel::Type::number(unit);
    case FieldType::Boolean:
      return feel::Type::of(feel::Kind::Boolean);
    case FieldType::Date:
      return feel::Type::of(feel::Kind::Date);
    default:
      return feel::Type::of(feel::Kind::String);
  }
}

const Field* Register::find(std::string_view wanted) const {
  const int at = field_index(wanted);
  return at < 0 ? nullptr : &fields[static_cast<std::size_t>(at)];
}

const Field* Register::find_by_name(std::string_view wanted) const {
  for (const Field& field : fields)
    if (field.name == wanted) return &field;
  return nullptr;
}

int Register::field_index(std::string_view wanted) const {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].id == wanted) return static_cast<int>(i);
  return -1;
}

const Register* Schema::find(std::string_view id) const {
  for (const Register& one : registers)
    if (one.id == id) return &one;
  return nullptr;
}

const Codes* Schema::find_codes(std::string_view id) const {
  for (const Codes& one : codes)
    if (one.id == id) return &one;
  return nullptr;
}

std::vector<const Field*> Schema::importable_fields(const Register& target) const {
  std::vector<const Field*> found;
  if (const Register* parent = target.of.empty() ? nullptr : find(target.of))
    for (const std::string& key : parent->key)
      if (const Field* field = parent->find(key)) found.push_back(field);
  for (const Field& field : target.fields) found.push_back(&field);
  return found;
}

}  // namespace tenglong::schema
