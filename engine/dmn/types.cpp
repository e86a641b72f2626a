#include "engine/dmn/inside/types.h"

#include <algorithm>

#include "engine/dmn/inside/refusal.h"
#include "engine/feel/evaluate.h"

namespace tenglong::dmn {
namespace {

using feel::DeclaredType;
using feel::DeclaredTypePtr;

// Names that other versions and tools write.
struct Alias {
  const char* written;
  const char* meant;
};
constexpr Alias kAliases[] = {
    {"dateTime", "date and time"},
    {"dayTimeDuration", "days and time duration"},
    {"yearMonthDuration", "years and months duration"},
    {"days and time duration", "days and time duration"},
    {"any", "Any"},
};

// The shape alone: `instance of` does not ask for allowed values (TCK 0070).
DeclaredTypePtr any_value_of(const DeclaredTypePtr& type) {
  if (!type) return type;
  auto out = std::make_shared<DeclaredType>(*type);
  out->allows = {};
  out->element = any_value_of(type->element);
  for (auto& member : out->members) member.second = any_value_of(member.second);
  return out;
}

}  // namespace

Types::Types(const Model& model, Diagnostics& diagnostics) : model_(model), diagnostics_(diagnostics) {
  for (std::size_t i = 0; i < model.types.size(); ++i) index_.emplace(model.types[i].name, i);
}

void Types::define_all() {
  for (const ItemDefinition& each : model_.types) reference(each.name, each.place);
}

const ItemDefinition* Types::definition(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &model_.types[found->second];
}

DeclaredTypePtr Types::written(const std::string& type_ref, const Place& place) const {
  return type_ref.empty() ? nullptr : reference(type_ref, place);
}

DeclaredTypePtr Types::reference(const std::string& type_ref, const Place& place) const {
  if (const auto found = done_.find(type_ref); found != done_.end()) return found->second;
  if (const ItemDefinition* own = definition(type_ref)) {
    if (std::find(doing_.begin(), doing_.end(), type_ref) != doing_.end()) {
      diagnostics_.push_back(
          refusal("E-DMN-212", own->place,
                  {"类型“" + type_ref + "”包含了自己；里面那一层按任意类型看待。",
                   "The type “" + type_ref + "” contains itself; inside it counts as any."},
                  {"改成不包含自己的类型。", "Define it without itself."}));
      return nullptr;
    }
    doing_.push_back(type_ref);
    DeclaredTypePtr made = defined(*own, 0);
    doing_.pop_back();
    done_[type_ref] = made;
    return made;
  }
  if (const std::size_t dot = type_ref.find('.'); dot != std::string::npos)
    if (const auto import = imports_.find(type_ref.substr(0, dot)); import != imports_.end())
      return import->second->reference(type_ref.substr(dot + 1), place);
  std::string plain = type_ref;
  if (const std::size_t at = plain.rfind(':'); at != std::string::npos) plain = plain.substr(at + 1);
  if (plain.starts_with("feel.")) plain = plain.substr(5);
  for (const Alias& each : kAliases)
    if (plain == each.written) plain = each.meant;
  if (DeclaredTypePtr built_in = feel::built_in_type(plain)) return done_[type_ref] = built_in;
  if (plain != type_ref && definition(plain)) return done_[type_ref] = reference(plain, place);
  for (const auto& [name, types] : imports_)
    if (name.empty())
      if (DeclaredTypePtr found = types->named(type_ref)) return done_[type_ref] = found;
  diagnostics_.push_back(refusal(
      "E-DMN-206", place,
      {"没有类型“" + type_ref + "”，这里按任意类型看待。",
       "There is no type “" + type_ref + "”; anything is taken here."},
      {"写 FEEL 的类型名，或补上 itemDefinition。", "Write a FEEL type, or add the itemDefinition."}));
  return done_[type_ref] = nullptr;
}

DeclaredTypePtr Types::named(std::string_view name) const {
  if (const ItemDefinition* own = definition(name)) return any_value_of(reference(own->name, own->place));
  if (const std::size_t dot = name.find('.'); dot != std::string_view::npos)
    if (const auto import = imports_.find(name.substr(0, dot)); import != imports_.end())
      return import->second->named(name.substr(dot + 1));
  return nullptr;
}

std::vector<std::string> Types::names() const {
  std::vector<std::string> out;
  for (const auto& [name, at] : index_) out.push_back(name);
  for (const auto& [import, types] : imports_)
    for (const auto& [name, at] : types->index_) out.push_back(import.empty() ? name : import + "." + name);
  return out;
}

std::optional<Text> Types::allowed_values(const std::string& type_ref) const {
  const ItemDefinition* found = definition(type_ref);
  return found ? found->allowed : std::nullopt;
}

DeclaredTypePtr Types::defined(const ItemDefinition& from, int depth) const {
  DeclaredTypePtr type;
  if (from.is_function) {
    auto function = std::make_shared<DeclaredType>();
    function->form = DeclaredType::Form::FunctionOf;
    function->result = written(from.result_ref, from.place);
    function->has_signature = !from.parameters.empty();
    for (const Variable& each : from.parameters)
      function->parameters.push_back(written(each.type_ref, each.place));
    type = function;
  } else if (!from.components.empty()) {
    auto context = std::make_shared<DeclaredType>();
    context->form = DeclaredType::Form::ContextOf;
    for (const ItemDefinition& each : from.components) {
      DeclaredTypePtr member = depth < 32 ? defined(each, depth + 1) : nullptr;
      if (!member) member = feel::built_in_type("Any");
      context->members.emplace_back(each.name, member);
    }
    type = context;
  } else {
    type = written(from.type_ref, from.place);
  }
  if (from.allowed) type = limited(type, *from.allowed);
  if (from.is_collection) type = DeclaredType::list_of(type);
  if (from.constraint) type = limited(type, *from.constraint);
  return type;
}

DeclaredTypePtr Types::limited(DeclaredTypePtr type, const Text& tests) const {
  feel::NameSet names;
  names.set_open(true);
  feel::Parsed parsed = feel::parse(
      tests.source, names, {.file = tests.place.file, .line = tests.place.line, .column = tests.place.column},
      feel::Grammar::UnaryTests);
  for (diagnostic::Diagnostic& each : parsed.diagnostics) diagnostics_.push_back(std::move(each));
  if (!parsed.tree) return type;
  auto out = type ? std::make_shared<DeclaredType>(*type) : std::make_shared<DeclaredType>();
  out->allows = [before = out->allows, tree = parsed.tree](const feel::Value& value) {
    if (before && !before(value)) return false;
    return feel::evaluate_tests(*tree, value, feel::ContextEnvironment({})).value.is_true();
  };
  return out;
}

}  // namespace tenglong::dmn
