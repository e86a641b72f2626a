// The sentences of this room that more than one reader says.
#pragma once
#include <string>
#include <utility>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::sheet {

using diagnostic::Diagnostic;
using diagnostic::Diagnostics;
using diagnostic::Place;
using diagnostic::Severity;
using text::Words;

inline Diagnostic refusal(const char* code, Place place, Words message, Words advice,
                          Severity severity = Severity::Error) {
  return {.code = code,
          .severity = severity,
          .place = std::move(place),
          .message = std::move(message),
          .advice = std::move(advice)};
}

// E-SHEET-106: cut off on its way, or a bad disk.
Diagnostic damaged(Place place, const std::string& part, const Words& reason);
// E-SHEET-109: `what` in both languages ("解开后", "unpacked"), `limit` with its unit.
Diagnostic too_large(Place place, const Words& what, const std::string& limit);
// E-SHEET-104.
Diagnostic password_protected(Place place);

}  // namespace tenglong::sheet
