// The rows of one sheet, read once: every cell's meaning, keys, laws, and repeats within the file.
#pragma once
#include "engine/intake/inside/kept_rows.h"
#include "engine/intake/inside/watching.h"

namespace tenglong::intake {

// Adds the rows of `sheet` to `group`; counts rows_read in `report`.
void read_rows(const sheet::Workbook& workbook, int sheet, const sheet::Table& table,
               const schema::Schema& schema, std::uint16_t sheet_in_group, Group& group, SheetIntake& report,
               const Options& options, Findings& findings, Watching& watching, Intake& intake);

}  // namespace tenglong::intake
