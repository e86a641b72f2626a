#include "engine/schema/schema.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "engine/text/text.h"

namespace tenglong::schema {

// Entry positions by exact code and by every written form. Built once, shared by copies of the table.
struct Codes::Index {
  std::unordered_map<std::string, int> by_code;               // the last in time
  std::unordered_map<std::string, std::vector<int>> by_time;  // only codes with several entries
  std::unordered_map<std::string, std::vector<int>> by_writing;
  std::size_t size = 0;
};

namespace {

std::string written_form(std::string_view written) { return text::to_half_width(text::trim(written)); }

std::int64_t last_day(const CodeEntry& entry) {
  return entry.until ? entry.until->days() : std::numeric_limits<std::int64_t>::max();
}

// The one that holds longest of those that match; of equals the upper one.
template <class Matches>
const CodeEntry* last_entry(const std::vector<CodeEntry>& entries, Matches matches) {
  const CodeEntry* last = nullptr;
  for (const CodeEntry& entry : entries)
    if (matches(entry) && (last == nullptr || last_day(entry) > last_day(*last))) last = &entry;
  return last;
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
    case FieldType::Money:
      return "money";
    case FieldType::References:
      return "references";
    case FieldType::Geometry:
      return "geometry";
    case FieldType::Attachment:
      return "attachment";
  }
  return "text";
}

std::optional<FieldType> field_type_of(std::string_view code) {
  for (const FieldType type : kFieldTypes)
    if (code == to_code(type)) return type;
  return std::nullopt;
}

std::vector<std::string> keys_in_list(std::string_view list) {
  std::vector<std::string> keys;
  for (const std::string_view key : text::split(list, kListSeparator))
    if (!key.empty()) keys.emplace_back(key);
  return keys;
}

void Codes::build_index() {
  auto built = std::make_shared<Index>();
  built->size = entries.size();
  // The later entry of a code, and the later bearer of a writing, come first; of two that are not dated, the
  // upper one.
  std::vector<int> order(entries.size());
  std::iota(order.begin(), order.end(), 0);
  const auto ends = [&](int at) { return last_day(entries[static_cast<std::size_t>(at)]); };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return ends(a) > ends(b); });
  for (const int at : order) {
    const CodeEntry& entry = entries[static_cast<std::size_t>(at)];
    const auto [first, fresh] = built->by_code.emplace(entry.code, at);
    if (!fresh) {
      std::vector<int>& all = built->by_time[entry.code];
      if (all.empty()) all.push_back(first->second);
      all.insert(all.begin(), at);
    }
  }
  // A code wins over a name, a name over an alias, whatever their order in the table.
  for (const int at : order)
    built->by_writing[written_form(entries[static_cast<std::size_t>(at)].code)].push_back(at);
  for (const int at : order)
    built->by_writing[written_form(entries[static_cast<std::size_t>(at)].name)].push_back(at);
  for (const int at : order)
    for (const std::string& alias : entries[static_cast<std::size_t>(at)].aliases)
      built->by_writing[written_form(alias)].push_back(at);
  index = std::move(built);
}

bool Codes::is_dated() const {
  return std::any_of(entries.begin(), entries.end(),
                     [](const CodeEntry& entry) { return entry.from || entry.until; });
}

std::vector<const CodeEntry*> Codes::history(std::string_view code) const {
  std::vector<const CodeEntry*> found;
  if (index && index->size == entries.size()) {
    const auto several = index->by_time.find(std::string(code));
    if (several != index->by_time.end()) {
      for (const int at : several->second) found.push_back(&entries[static_cast<std::size_t>(at)]);
    } else if (const int at = position(code); at >= 0) {
      found.push_back(&entries[static_cast<std::size_t>(at)]);
    }
    return found;
  }
  for (const CodeEntry& entry : entries)
    if (entry.code == code) found.push_back(&entry);
  return found;
}

const CodeEntry* Codes::find(std::string_view code, calendar::Date on) const {
  for (const CodeEntry* entry : history(code))
    if (entry->holds_on(on)) return entry;
  return nullptr;
}

const CodeEntry* Codes::recognise(std::string_view written, calendar::Date on) const {
  const std::string form = written_form(written);
  if (form.empty()) return nullptr;
  if (index && index->size == entries.size()) {
    const auto found = index->by_writing.find(form);
    if (found == index->by_writing.end()) return nullptr;
    for (const int at : found->second)
      if (entries[static_cast<std::size_t>(at)].holds_on(on)) return &entries[static_cast<std::size_t>(at)];
    return nullptr;
  }
  return last_entry(entries, [&](const CodeEntry& entry) {
    return entry.holds_on(on) &&
           (written_form(entry.code) == form || written_form(entry.name) == form ||
            std::any_of(entry.aliases.begin(), entry.aliases.end(),
                        [&](const std::string& alias) { return written_form(alias) == form; }));
  });
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
    return found == index->by_writing.end() ? nullptr
                                            : &entries[static_cast<std::size_t>(found->second.front())];
  }
  if (const CodeEntry* entry =
          last_entry(entries, [&](const CodeEntry& e) { return written_form(e.code) == form; }))
    return entry;
  if (const CodeEntry* entry =
          last_entry(entries, [&](const CodeEntry& e) { return written_form(e.name) == form; }))
    return entry;
  return last_entry(entries, [&](const CodeEntry& entry) {
    return std::any_of(entry.aliases.begin(), entry.aliases.end(),
                       [&](const std::string& alias) { return written_form(alias) == form; });
  });
}

int Codes::position(std::string_view code) const {
  if (index && index->size == entries.size()) {
    const auto found = index->by_code.find(std::string(code));
    return found == index->by_code.end() ? -1 : found->second;
  }
  const CodeEntry* entry = last_entry(entries, [&](const CodeEntry& one) { return one.code == code; });
  return entry == nullptr ? -1 : static_cast<int>(entry - entries.data());
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
    case FieldType::Money:
      return feel::Type::number(unit);
    case FieldType::References:
      return feel::Type::list_of(feel::Type::of(feel::Kind::String));
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

Form Register::form() const {
  if (span) return Form::Span;
  if (!happened.empty()) return Form::Event;
  return period == PeriodKey::None ? Form::Record : Form::Fact;
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
  for (const Field& field : target.fields)
    if (!field.is_computed()) found.push_back(&field);
  return found;
}

std::vector<const Field*> Schema::key_fields(const Register& target) const {
  const Register* owner = target.key.empty() && !target.of.empty() ? find(target.of) : &target;
  std::vector<const Field*> found;
  if (owner != nullptr)
    for (const std::string& key : owner->key)
      if (const Field* field = owner->find(key)) found.push_back(field);
  return found;
}

std::vector<const CodeEntry*> Schema::lineage(const Codes& codes, std::string_view code,
                                              std::optional<calendar::Date> on) const {
  std::vector<const CodeEntry*> above;
  const Codes* table = &codes;
  const auto entry_of = [&](std::string_view wanted) {
    return on ? table->find(wanted, *on) : table->find(wanted);
  };
  const CodeEntry* entry = entry_of(code);
  // Tables and parents may form a ring that a pack's reader has told of; it must not hang us.
  std::size_t most = 1;
  for (const Codes& one : this->codes) most += one.entries.size();
  while (entry != nullptr && !entry->parent.empty() && above.size() < most) {
    const std::string_view wanted = entry->parent;
    entry = entry_of(wanted);
    for (std::size_t step = 0; entry == nullptr && !table->above.empty() && step <= this->codes.size();
         ++step) {
      const Codes* next = find_codes(table->above);
      if (next == nullptr || next == table) break;
      table = next;
      entry = entry_of(wanted);
    }
    if (entry != nullptr) above.push_back(entry);
  }
  return above;
}

}  // namespace tenglong::schema
