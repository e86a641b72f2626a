// JSON as it was written: numbers keep their digits, members their order.
//
// In:    bytes from outside. Out: a value, or what is wrong at line and column (E-SERVER-201).
// Never: a double; the same member twice; deeper than `most_depth`.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::server {

struct Json {
  enum class Kind { Null, Boolean, Number, String, Array, Object };
  Kind kind = Kind::Null;
  bool boolean = false;
  std::string text = {};  // a string; a number as written
  std::vector<Json> items = {};
  std::vector<std::pair<std::string, Json>> members = {};

  const Json* find(std::string_view name) const;     // nullptr if absent
  std::string text_of(std::string_view name) const;  // a string member; "" if absent
};

struct ReadJson {
  Json value = {};
  diagnostic::Diagnostics diagnostics = {};
};
ReadJson read_json(std::string_view bytes, int most_depth = 32);

}  // namespace tenglong::server
