// A type as it is written: after `instance of`, at a parameter, or as an item definition of DMN.
//
// In:    a value. Out: whether it is of the type; the value as the type wants it.
// Never: units. What is known of an expression before any data is in type.h.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/feel/value.h"

namespace tenglong::feel {

struct DeclaredType;
using DeclaredTypePtr = std::shared_ptr<const DeclaredType>;

struct DeclaredType {
  enum class Form { Any, Null, Simple, ListOf, RangeOf, ContextOf, FunctionOf };
  Form form = Form::Any;
  Kind kind = Kind::Null;                                             // Simple
  DeclaredTypePtr element = {};                                       // ListOf, RangeOf; none: any
  std::vector<std::pair<std::string, DeclaredTypePtr>> members = {};  // ContextOf; empty: any
  bool has_signature = false;                                         // FunctionOf with <...>
  std::vector<DeclaredTypePtr> parameters = {};                       // Function
  DeclaredTypePtr result = {};                                        // Function; none: any
  // Item definitions of DMN may allow some values only; asked for non-null values of the type.
  std::function<bool(const Value&)> allows = {};

  static DeclaredTypePtr simple(Kind kind);
  static DeclaredTypePtr list_of(DeclaredTypePtr element);
};

// "number", "list", "days and time duration", "Any" ...; none if it is no built-in type's name.
DeclaredTypePtr built_in_type(std::string_view name);
std::string to_string(const DeclaredType& type);  // list<context<a: number>>

// null is of no type here; a missing list item or member is of any.
bool conforms(const Value& value, const DeclaredType& type);
// The value as the type wants it: [v] for v and v for [v], midnight UTC for a date. Null if it does not
// conform.
Value coerced(const Value& value, const DeclaredType& type);

}  // namespace tenglong::feel
