// Which expression languages are FEEL.
#pragma once
#include <string>

namespace tenglong::dmn {

// As an attribute names it: https://www.omg.org/spec/DMN/20191111/FEEL/, feel. Empty: that of the model.
inline bool is_feel(const std::string& language) {
  return language.empty() || language.find("FEEL") != std::string::npos ||
         language.find("feel") != std::string::npos;
}

}  // namespace tenglong::dmn
