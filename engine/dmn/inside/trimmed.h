// FEEL texts and names stand among the blanks of the XML.
#pragma once
#include <string>

#include "engine/text/text.h"

namespace tenglong::dmn {

inline std::string trimmed(const std::string& bytes) { return std::string(text::trim(bytes)); }

}  // namespace tenglong::dmn
