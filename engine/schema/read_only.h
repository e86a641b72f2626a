// The end of a header whose column an import leaves out: what is computed, or not all for the eyes of who
// exported it. Written by engine/extract, known to engine/intake.
#pragma once

namespace tenglong::schema {

inline constexpr const char* kReadOnly = "（只读）";

}  // namespace tenglong::schema
