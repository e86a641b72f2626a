// Item definitions of one model as FEEL's declared types.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dmn/model.h"
#include "engine/feel/declared_type.h"

namespace tenglong::dmn {

class Types {
 public:
  Types(const Model& model, Diagnostics& diagnostics);
  void import(const std::string& name, const Types* types) { imports_[name] = types; }
  void define_all();

  // A typeRef as written; null for none. An unknown one is told at `place` and null.
  feel::DeclaredTypePtr written(const std::string& type_ref, const Place& place) const;
  // An item definition's shape, without its allowed values; null: there is none.
  feel::DeclaredTypePtr named(std::string_view name) const;
  std::vector<std::string> names() const;
  // The allowed values of the item definition that this typeRef names, as written.
  std::optional<Text> allowed_values(const std::string& type_ref) const;

 private:
  feel::DeclaredTypePtr reference(const std::string& type_ref, const Place& place) const;
  feel::DeclaredTypePtr defined(const ItemDefinition& definition, int depth) const;
  feel::DeclaredTypePtr limited(feel::DeclaredTypePtr type, const Text& tests) const;
  const ItemDefinition* definition(std::string_view name) const;

  const Model& model_;
  Diagnostics& diagnostics_;
  std::map<std::string, const Types*, std::less<>> imports_;
  std::map<std::string, std::size_t, std::less<>> index_;
  mutable std::map<std::string, feel::DeclaredTypePtr, std::less<>> done_;
  mutable std::vector<std::string> doing_;
};

}  // namespace tenglong::dmn
