// core_of() for many names under one set of rules: the words of the rules are put in order once.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/schema/name_rules.h"

namespace tenglong::identity {

class CoreFinder {
 public:
  explicit CoreFinder(const schema::NameRules& rules);
  std::u32string of(std::string_view name) const;

 private:
  std::u32string plain(std::string_view name) const;

  std::unordered_map<char32_t, char32_t> variants_;
  std::vector<std::u32string> places_, endings_;  // longest first
};

}  // namespace tenglong::identity
