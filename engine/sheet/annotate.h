// The sender's own file, given back with a column 问题 that says in each row what is wrong with it.
//
// In:    the bytes as they were sent and what to write in which row. Out: a copy; .xlsx keeps every other
// part of the
//        package and every other character of the sheet; .csv keeps its encoding; .xls comes back as .xlsx
//        with values only.
// Never: changes a cell of the sender.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/sheet/sheet.h"

namespace tenglong::sheet {

struct RowRemark {
  int row = 0;
  std::string text;
};
struct SheetRemarks {
  int sheet = 0;       // index into Workbook::sheets()
  int header_row = 0;  // 0: no heading
  // As Workbook::last_used_column() said it of this very file; 0: the sheet is read once more to know it.
  int last_used_column = 0;
  std::string heading = "问题";
  std::vector<RowRemark> remarks = {};  // any order; of one row: joined with "；"
};

struct Annotated {
  std::string bytes;      // empty exactly if `diagnostics` has errors
  std::string extension;  // ".xlsx" ".csv"
  diagnostic::Diagnostics diagnostics = {};
};
Annotated annotate(const std::string& file_name, std::string bytes, std::span<const SheetRemarks> remarks,
                   const Limits& limits = {});

// From file to file, whatever the size: memory is a piece of a sheet. `path_out` is there whole or not at
// all; it is not written exactly if the diagnostics have errors. Throws std::runtime_error if the disk fails.
diagnostic::Diagnostics annotate_file(const std::string& path_in, const std::string& path_out,
                                      std::span<const SheetRemarks> remarks, const Limits& limits = {});

// One remark per row out of diagnostics whose place is a cell or row of `sheet_name`: "C17：…；D17：…".
std::vector<RowRemark> remarks_of(std::span<const diagnostic::Diagnostic> diagnostics,
                                  const std::string& sheet_name, diagnostic::Language language);

}  // namespace tenglong::sheet
