// One row's values by the names of its fields, for conditions and laws that speak of the row alone.
//
// In:    the fields, then values as they come. Out: what FEEL asks for; a field without a value is null.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/feel/evaluate.h"
#include "engine/register/register.h"

namespace tenglong::registers {

class RowEnvironment final : public feel::Environment {
 public:
  explicit RowEnvironment(const std::vector<const schema::Field*>& fields) {
    for (const schema::Field* field : fields) values_.emplace(field->name, feel::Value());
  }
  void clear() {
    for (auto& [name, value] : values_) value = feel::Value();
  }
  void put(const std::string& name, const Scalar& scalar) {
    feel::Value value;
    if (const auto* truth = std::get_if<bool>(&scalar)) value = feel::Value(*truth);
    if (const auto* number = std::get_if<quantity::Decimal>(&scalar)) value = feel::Value(*number);
    if (const auto* text = std::get_if<std::string>(&scalar)) value = feel::Value(*text);
    if (const auto* date = std::get_if<Date>(&scalar)) value = feel::Value(*date);
    values_[name] = std::move(value);
  }
  std::optional<feel::Value> find(std::string_view name) const override {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional<feel::Value>(found->second);
  }

 private:
  std::map<std::string, feel::Value, std::less<>> values_;
};

}  // namespace tenglong::registers
