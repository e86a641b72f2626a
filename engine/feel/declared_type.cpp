#include "engine/feel/declared_type.h"

#include <algorithm>
#include <array>

#include "engine/feel/inside/function.h"
#include "engine/feel/inside/temporal_arithmetic.h"

namespace tenglong::feel {

namespace {

using Form = DeclaredType::Form;

constexpr int kDeepestType = 64;  // item definitions may name themselves

// Every value that `narrow` takes, `wide` takes too.
bool is_narrower(const DeclaredTypePtr& narrow, const DeclaredTypePtr& wide, int depth) {
  if (wide == nullptr || wide->form == Form::Any || narrow == wide) return true;
  if (narrow == nullptr || narrow->form == Form::Any || depth > kDeepestType) return false;
  if (narrow->form == Form::Null) return true;
  if (narrow->form != wide->form) return false;
  switch (wide->form) {
    case Form::Simple:
      return narrow->kind == wide->kind;
    case Form::ListOf:
    case Form::RangeOf:
      return is_narrower(narrow->element, wide->element, depth + 1);
    case Form::ContextOf:
      return std::all_of(wide->members.begin(), wide->members.end(), [&](const auto& wanted) {
        const auto own = std::find_if(narrow->members.begin(), narrow->members.end(),
                                      [&](const auto& member) { return member.first == wanted.first; });
        return own != narrow->members.end() && is_narrower(own->second, wanted.second, depth + 1);
      });
    case Form::FunctionOf: {
      if (!wide->has_signature) return true;
      if (!narrow->has_signature || narrow->parameters.size() != wide->parameters.size()) return false;
      for (std::size_t i = 0; i < wide->parameters.size(); ++i)
        if (!is_narrower(wide->parameters[i], narrow->parameters[i], depth + 1)) return false;
      return is_narrower(narrow->result, wide->result, depth + 1);
    }
    default:
      return true;
  }
}

// What a body gives, where that can be seen without running it.
DeclaredTypePtr result_of(const Node& body) {
  switch (body.kind) {
    case NodeKind::Literal:
      return body.value.is_null() ? std::make_shared<const DeclaredType>(DeclaredType{.form = Form::Null})
                                  : DeclaredType::simple(body.value.kind());
    case NodeKind::Comparison:
    case NodeKind::And:
    case NodeKind::Or:
    case NodeKind::Between:
    case NodeKind::In:
    case NodeKind::InstanceOf:
    case NodeKind::Some:
    case NodeKind::Every:
      return DeclaredType::simple(Kind::Boolean);
    default:
      return nullptr;
  }
}

bool is_function_of(const Function& function, const DeclaredType& type, int depth) {
  if (!type.has_signature) return true;
  if (function.builtin != nullptr)
    return std::any_of(function.builtin->parameter_lists.begin(), function.builtin->parameter_lists.end(),
                       [&](const auto& list) { return list.size() == type.parameters.size(); });
  if (function.parameters.size() != type.parameters.size()) return false;
  for (std::size_t i = 0; i < type.parameters.size(); ++i)
    if (i < function.parameter_types.size() &&
        !is_narrower(type.parameters[i], function.parameter_types[i], depth + 1))
      return false;
  DeclaredTypePtr result = function.result;
  if (result == nullptr && function.body != nullptr) result = result_of(*function.body);
  return result == nullptr || is_narrower(result, type.result, depth + 1);
}

bool is_a(const Value& value, const DeclaredType& type, int depth) {
  if (value.is_null()) return type.form == Form::Null;
  if (depth > kDeepestType) return false;
  const auto inner = [&](const Value& part, const DeclaredTypePtr& wanted) {
    return part.is_null() || wanted == nullptr || is_a(part, *wanted, depth + 1);
  };
  bool is = false;
  switch (type.form) {
    case Form::Any:
      is = true;
      break;
    case Form::Null:
      return false;
    case Form::Simple:
      is = value.kind() == type.kind;
      break;
    case Form::ListOf:
      is = value.kind() == Kind::List &&
           std::all_of(value.list().begin(), value.list().end(),
                       [&](const Value& item) { return inner(item, type.element); });
      break;
    case Form::RangeOf:
      is = value.kind() == Kind::Range && inner(value.range().low, type.element) &&
           inner(value.range().high, type.element);
      break;
    case Form::ContextOf:
      is = value.kind() == Kind::Context &&
           std::all_of(type.members.begin(), type.members.end(), [&](const auto& member) {
             const Value* own = value.context().find(member.first);
             return own != nullptr && inner(*own, member.second);
           });
      break;
    case Form::FunctionOf:
      is = value.kind() == Kind::Function && is_function_of(*value.function(), type, depth);
      break;
  }
  return is && (!type.allows || type.allows(value));
}

}  // namespace

DeclaredTypePtr DeclaredType::simple(Kind kind) {
  return std::make_shared<const DeclaredType>(DeclaredType{.form = Form::Simple, .kind = kind});
}

DeclaredTypePtr DeclaredType::list_of(DeclaredTypePtr element) {
  return std::make_shared<const DeclaredType>(
      DeclaredType{.form = Form::ListOf, .element = std::move(element)});
}

DeclaredTypePtr built_in_type(std::string_view name) {
  static const std::vector<std::pair<std::string_view, DeclaredTypePtr>> types = [] {
    std::vector<std::pair<std::string_view, DeclaredTypePtr>> out;
    const auto add = [&](std::string_view word, DeclaredType type) {
      out.emplace_back(word, std::make_shared<const DeclaredType>(std::move(type)));
    };
    for (const Kind kind : {Kind::Boolean, Kind::Number, Kind::String, Kind::Date, Kind::Time, Kind::DateTime,
                            Kind::DaysDuration, Kind::MonthsDuration})
      add(kind_name(kind), {.form = Form::Simple, .kind = kind});
    add("day and time duration", {.form = Form::Simple, .kind = Kind::DaysDuration});
    add("year and month duration", {.form = Form::Simple, .kind = Kind::MonthsDuration});
    add("Any", {.form = Form::Any});
    add("Null", {.form = Form::Null});
    add("null", {.form = Form::Null});
    add("list", {.form = Form::ListOf});
    add("range", {.form = Form::RangeOf});
    add("context", {.form = Form::ContextOf});
    add("function", {.form = Form::FunctionOf});
    return out;
  }();
  for (const auto& [word, type] : types)
    if (word == name) return type;
  return nullptr;
}

namespace {

void print(const DeclaredType& type, int depth, std::string& out) {
  if (depth > 8) {
    out += "…";
    return;
  }
  const auto inner = [&](const DeclaredTypePtr& part) {
    if (part == nullptr)
      out += "Any";
    else
      print(*part, depth + 1, out);
  };
  switch (type.form) {
    case Form::Any:
      out += "Any";
      break;
    case Form::Null:
      out += "null";
      break;
    case Form::Simple:
      out += kind_name(type.kind);
      break;
    case Form::ListOf:
    case Form::RangeOf:
      out += type.form == Form::ListOf ? "list" : "range";
      if (type.element) {
        out += "<";
        inner(type.element);
        out += ">";
      }
      break;
    case Form::ContextOf:
      out += "context";
      for (std::size_t i = 0; i < type.members.size(); ++i) {
        out += (i == 0 ? "<" : ", ") + type.members[i].first + ": ";
        inner(type.members[i].second);
      }
      if (!type.members.empty()) out += ">";
      break;
    case Form::FunctionOf:
      out += "function";
      if (!type.has_signature) break;
      out += "<";
      for (std::size_t i = 0; i < type.parameters.size(); ++i) {
        if (i > 0) out += ", ";
        inner(type.parameters[i]);
      }
      out += ">->";
      inner(type.result);
  }
}

}  // namespace

std::string to_string(const DeclaredType& type) {
  std::string out;
  print(type, 0, out);
  return out;
}

bool conforms(const Value& value, const DeclaredType& type) { return is_a(value, type, 0); }

Value coerced(const Value& value, const DeclaredType& type) {
  if (value.is_null() || is_a(value, type, 0)) return value;
  if (type.form == Form::ListOf && value.kind() != Kind::List) {
    Value one = type.element ? coerced(value, *type.element) : value;
    if (one.is_null()) return {};
    List list{std::move(one)};
    return Value(std::move(list));
  }
  if (type.form != Form::ListOf && value.kind() == Kind::List && value.list().size() == 1 &&
      value.list()[0].kind() != Kind::List)
    return coerced(value.list()[0], type);
  if (type.form == Form::Simple && type.kind == Kind::DateTime && value.kind() == Kind::Date)
    return midnight(value.date());
  return {};
}

}  // namespace tenglong::feel
