// Types as they are written, and what is known of the members of an expression while it is parsed.
#include <algorithm>

#include "engine/feel/inside/parser.h"
#include "engine/text/text.h"

namespace tenglong::feel {

namespace {

using Form = DeclaredType::Form;

DeclaredTypePtr shared(DeclaredType type) { return std::make_shared<const DeclaredType>(std::move(type)); }

std::shared_ptr<const NameSet> names_of(const DeclaredType& type, int depth) {
  const DeclaredType* inner = &type;
  while (inner->form == Form::ListOf && inner->element != nullptr) inner = inner->element.get();
  if (inner->form != Form::ContextOf || inner->members.empty() || depth > 8) return nullptr;
  auto out = std::make_shared<NameSet>();
  out->set_open(true);  // a context may hold more than its type asks for
  for (const auto& [name, member] : inner->members) {
    if (auto nested = member ? names_of(*member, depth + 1) : nullptr)
      out->add_members(name, std::move(nested));
    else
      out->add(name);
  }
  return out;
}

}  // namespace

std::string Parser::written_from(std::size_t begin) const {
  return std::string(text::trim(std::string_view(source_).substr(begin, at_ - begin)));
}

const Names* Parser::members_of(const DeclaredType& type) {
  const auto names = names_of(type, 0);
  if (names == nullptr) return nullptr;
  own_names_.push_back(std::make_unique<const NameSet>(*names));
  return own_names_.back().get();
}

const Names* Parser::members_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::Name:
      for (auto scope = locals_.rbegin(); scope != locals_.rend(); ++scope) {
        if (scope->members != nullptr && scope->members->contains(node.text))
          return scope->members->members(node.text);
        for (auto local = scope->names.rbegin(); local != scope->names.rend(); ++local)
          if (local->name == node.text) return local->members;
      }
      return names_.members(node.text);
    case NodeKind::Path: {
      const Names* owner = members_of(*node.children[0]);
      return owner != nullptr ? owner->members(node.text) : nullptr;
    }
    case NodeKind::Filter:
      return members_of(*node.children[0]);
    default:
      return nullptr;
  }
}

DeclaredTypePtr Parser::declared_type() {
  ++depth_;
  DeclaredTypePtr out;
  if (!too_deep()) {
    if (take_word("function"))
      out = function_type();
    else if (take_word("context"))
      out = context_type();
    else
      out = named_type();
  }
  --depth_;
  return out;
}

// "<" types ">" if it is there; nullopt after a mistake. None written: an empty list.
std::optional<std::vector<DeclaredTypePtr>> Parser::type_arguments() {
  std::vector<DeclaredTypePtr> out;
  if (!take("<")) return out;
  if (!looking_at(">")) do {
      DeclaredTypePtr type = declared_type();
      if (type == nullptr) return std::nullopt;
      out.push_back(std::move(type));
    } while (take(","));
  if (!take(">")) {
    expected("右尖括号“>”", "“>”");
    return std::nullopt;
  }
  return out;
}

DeclaredTypePtr Parser::named_type() {
  for (const char* word : {"list", "range"})
    if (take_word(word)) {
      const std::size_t arguments_at = at_;
      auto arguments = type_arguments();
      if (!arguments) return nullptr;
      if (arguments->size() > 1) {
        at_ = arguments_at;
        expected("一个类型", "one type");
        return nullptr;
      }
      return shared({.form = word[0] == 'l' ? Form::ListOf : Form::RangeOf,
                     .element = arguments->empty() ? nullptr : (*arguments)[0]});
    }
  skip_space();
  std::size_t end = at_;
  NameSet known(names_.types());
  if (const auto name = scoped_name(&known, end)) {
    at_ = end;
    return names_.type(*name);
  }
  for (const char* word : {"days and time duration", "day and time duration", "years and months duration",
                           "year and month duration", "date and time"})
    if (take_word(word)) return built_in_type(word);
  if (take_word("null")) return built_in_type("null");
  const auto plain = plain_name(end);
  if (!plain) {
    expected("类型", "a type");
    return nullptr;
  }
  if (DeclaredTypePtr type = built_in_type(*plain)) {
    at_ = end;
    return type;
  }
  std::vector<std::string> candidates = names_.types();
  for (const char* word :
       {"number", "string", "boolean", "date", "time", "date and time", "days and time duration",
        "years and months duration", "list", "range", "context", "function", "Any"})
    candidates.emplace_back(word);
  const std::string near = text::nearest(*plain, candidates);
  fail(at_, end, "E-FEEL-108", {"没有叫“" + *plain + "”的类型。", "No type is called “" + *plain + "”."},
       near.empty()
           ? text::Words{"类型有 number、string、boolean、date、time、list<…>、context<…> 等。",
                         "Types are number, string, boolean, date, time, list<…>, context<…> and others."}
           : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"});
  failed_ = false;  // as with unknown names: go on and tell all
  at_ = end;
  return built_in_type("Any");
}

DeclaredTypePtr Parser::context_type() {
  DeclaredType out{.form = Form::ContextOf};
  if (!take("<")) return shared(std::move(out));
  if (!looking_at(">")) do {
      const auto key = key_before_colon();
      if (!key) {
        expected("成员名和冒号", "a member's name and “:”");
        return nullptr;
      }
      DeclaredTypePtr type = declared_type();
      if (type == nullptr) return nullptr;
      out.members.emplace_back(*key, std::move(type));
    } while (take(","));
  if (!take(">")) {
    expected("右尖括号“>”", "“>”");
    return nullptr;
  }
  return shared(std::move(out));
}

DeclaredTypePtr Parser::function_type() {
  DeclaredType out{.form = Form::FunctionOf};
  if (!looking_at("<")) return shared(std::move(out));
  auto parameters = type_arguments();
  if (!parameters) return nullptr;
  out.has_signature = true;
  out.parameters = std::move(*parameters);
  if (take("->")) {
    out.result = declared_type();
    if (out.result == nullptr) return nullptr;
  }
  return shared(std::move(out));
}

}  // namespace tenglong::feel
