// What can be known of an expression before any data: its kind, unit and whether it can be null.
//
// Units: + - and comparisons need the same dimension (same scale, or a finding that offers the conversion);
// * and / combine; a bare literal takes the unit of what it is added to or compared with.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/feel/syntax.h"
#include "engine/quantity/unit.h"

namespace tenglong::feel {

struct Type {
  std::optional<Kind> kind = {};  // nullopt: any
  quantity::Unit unit = {};       // for numbers (and for the numbers in a list)
  bool nullable = true;
  bool bare_literal = false;                 // a number without unit that may take one
  std::shared_ptr<const Type> element = {};  // list, range
  std::vector<std::pair<std::string, std::shared_ptr<const Type>>> members = {};  // context
  std::vector<std::string> parameters = {};                                       // function
  std::vector<std::shared_ptr<const Type>> parameter_types = {};                  // as parameters; empty: any
  std::shared_ptr<const Type> result = {};                                        // function

  static Type any() { return {}; }
  static Type of(Kind kind, bool nullable = true) { return {.kind = kind, .nullable = nullable}; }
  static Type number(quantity::Unit unit, bool nullable = true) {
    return {.kind = Kind::Number, .unit = std::move(unit), .nullable = nullable};
  }
  static Type list_of(Type element);
};
std::string to_string(const Type& type);  // 数（万元/亩），可空

// name -> type; also serves the parser as Names.
class TypeScope : public Names {
 public:
  void add(std::string name, Type type);  // a later add of the same name replaces it
  const Type* find(std::string_view name) const;
  bool contains(std::string_view name) const override;
  bool has_prefix(std::string_view prefix) const override;
  const Names* members(std::string_view name) const override;
  std::vector<std::string> all() const override;

 private:
  std::vector<std::pair<std::string, Type>> sorted_;
  mutable std::vector<std::pair<std::string, std::shared_ptr<const Names>>> members_;
};

struct Inferred {
  Type type = {};
  diagnostic::Diagnostics diagnostics = {};  // E-FEEL-2xx types, E-FEEL-3xx units
};
Inferred infer(const Node& tree, std::string_view source, const TypeScope& scope, const Origin& origin = {});
// Unary tests against an input of type `input`.
Inferred infer_tests(const Node& tree, std::string_view source, const Type& input, const TypeScope& scope,
                     const Origin& origin = {});

}  // namespace tenglong::feel
