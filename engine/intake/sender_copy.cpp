#include "engine/intake/inside/sender_copy.h"

#include <exception>
#include <filesystem>

#include "engine/intake/inside/cell_reader.h"
#include "engine/intake/inside/findings.h"

namespace tenglong::intake {

namespace {

// What is to be written beside the rows of each sheet.
std::vector<sheet::SheetRemarks> remarks_for(const sheet::Workbook& workbook, const Intake& intake) {
  std::vector<sheet::SheetRemarks> all;
  const auto& sheets = workbook.sheets();
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    sheet::SheetRemarks remarks{.sheet = static_cast<int>(i),
                                .last_used_column = workbook.last_used_column(static_cast<int>(i))};
    for (const SheetIntake& report : intake.sheets)
      if (report.sheet == sheets[i].name) remarks.header_row = report.header_row;
    if (const auto found = intake.problems_by_row.find(sheets[i].name); found != intake.problems_by_row.end())
      for (const auto& [row, told] : found->second) remarks.remarks.push_back({row, told});
    if (!remarks.remarks.empty()) all.push_back(std::move(remarks));
  }
  return all;
}

}  // namespace

void SenderCopy::start(const sheet::Workbook& workbook, const Intake& intake) {
  if (to_.empty() || written_.valid()) return;
  std::vector<sheet::SheetRemarks> remarks = remarks_for(workbook, intake);
  if (remarks.empty()) return;
  written_ = std::async(std::launch::async, [from = from_, to = to_, remarks = std::move(remarks)] {
    if (const auto folder = std::filesystem::path(to).parent_path(); !folder.empty())
      std::filesystem::create_directories(folder);
    return sheet::annotate_file(from, to, remarks);
  });
}

void SenderCopy::finish(Intake& intake) {
  if (!written_.valid()) return;
  try {
    const diagnostic::Diagnostics said = written_.get();
    intake.has_copy = !diagnostic::has_errors(said);
    intake.diagnostics.insert(intake.diagnostics.end(), said.begin(), said.end());
  } catch (const std::exception& failed) {
    // The import stands; only the copy is missing.
    const Problem why = problem(
        "W-INTAKE-118",
        {"带“问题”列的副本没有写成（" + to_ + "）：" + failed.what() + "。",
         "The copy with the column of problems was not written to " + to_ + ": " + failed.what() + "."},
        {"腾出空间或换一个文件夹，再加 --dry-run 读一次，副本会重新写出。",
         "Free some space or name another folder, and read the file once more with "
         "--dry-run."});
    intake.diagnostics.push_back({.code = why.code,
                                  .severity = why.severity,
                                  .place = {.file = from_},
                                  .message = why.message,
                                  .advice = why.advice});
  }
}

}  // namespace tenglong::intake
