// What is new in a header of a provider who sent another one before, told before a row is read.
#pragma once
#include "engine/intake/inside/findings.h"
#include "engine/intake/inside/match_columns.h"

namespace tenglong::intake {

// Under this name, in place of a header's fingerprint, the store holds the header that the provider sent
// last, with all its columns.
inline constexpr const char* kLastHeader = "last";

// The columns of `report` as they are remembered under kLastHeader.
registers::Mapping last_header(const SheetIntake& report, const std::string& provider);

// Fills `report.changes`, and tells them; nothing if this very header was imported before, or none was.
void compare_with_last(const sheet::Table& table, const schema::Schema& schema,
                       const registers::RegisterStore& store, const Options& options, SheetIntake& report,
                       Findings& findings);

}  // namespace tenglong::intake
