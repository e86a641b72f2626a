// How this room tells a mistake.
#pragma once
#include <string>
#include <utility>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::dmn {

inline diagnostic::Diagnostic refusal(std::string code, diagnostic::Place place, text::Words message,
                                      text::Words advice) {
  const auto severity = code.front() == 'W' ? diagnostic::Severity::Warning : diagnostic::Severity::Error;
  return {.code = std::move(code),
          .severity = severity,
          .place = std::move(place),
          .message = std::move(message),
          .advice = std::move(advice)};
}

}  // namespace tenglong::dmn
