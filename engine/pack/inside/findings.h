// Collects what is wrong, with the clause of the block at hand.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::pack {

class Findings {
 public:
  // Severity follows the first letter of the code.
  diagnostic::Diagnostic& add(std::string_view code, diagnostic::Place place, text::Words message,
                              text::Words advice = {});
  void append(const diagnostic::Diagnostics& more);

  std::string clause = {};  // label of the block being read or checked
  diagnostic::Diagnostics all = {};
  // Every key that was asked for, by what was read: the tables of docs/pack-language.md are held against it.
  std::map<std::string, std::set<std::string>> known_keys = {};
};

// “像 X 吗？” when a candidate is near, else the list of candidates (shortened).
text::Words near_or_list(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace tenglong::pack
