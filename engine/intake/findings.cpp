#include "engine/intake/inside/findings.h"

namespace tenglong::intake {

using diagnostic::Diagnostic;
using diagnostic::Place;
using diagnostic::Severity;

Problem problem(std::string code, text::Words message, text::Words advice) {
  const Severity severity = code[0] == 'E'   ? Severity::Error
                            : code[0] == 'W' ? Severity::Warning
                                             : Severity::Note;
  return {std::move(code), severity, std::move(message), std::move(advice)};
}

namespace {

// Findings end with a full stop; cells and rows are told as clauses, so that the 问题 column can join them.
text::Words sentence(text::Words words) {
  const auto ends_with_stop = [](const std::string& s) {
    return s.ends_with("。") || s.ends_with("？") || s.ends_with("！") || s.ends_with('.') ||
           s.ends_with('?');
  };
  if (!words.zh.empty() && !ends_with_stop(words.zh)) words.zh += "。";
  if (!words.en.empty() && !ends_with_stop(words.en)) words.en += ".";
  return words;
}

Diagnostic diagnostic_of(Place place, Problem problem, std::vector<diagnostic::Related> related = {}) {
  Diagnostic out;
  out.code = std::move(problem.code);
  out.severity = problem.severity;
  out.place = std::move(place);
  out.message = sentence(std::move(problem.message));
  out.advice = sentence(std::move(problem.advice));
  out.related = std::move(related);
  return out;
}

}  // namespace

void Findings::about_file(Problem problem) {
  intake_.diagnostics.push_back(diagnostic_of({.file = file_}, std::move(problem)));
}
void Findings::about_sheet(Problem problem) {
  intake_.diagnostics.push_back(diagnostic_of({.file = file_, .sheet = sheet_}, std::move(problem)));
}
void Findings::about_column(int column, int header_row, Problem problem) {
  intake_.diagnostics.push_back(diagnostic_of(
      {.file = file_, .sheet = sheet_, .cell = sheet::cell_name(header_row, column)}, std::move(problem)));
}
void Findings::about_cell(int row, int column, Problem problem, std::vector<diagnostic::Related> related) {
  list(row, column, std::move(problem), std::move(related));
}
void Findings::about_row(int row, Problem problem, std::vector<diagnostic::Related> related) {
  list(row, 0, std::move(problem), std::move(related));
}

void Findings::list(int row, int column, Problem problem, std::vector<diagnostic::Related> related) {
  ++count_;
  if (problem.severity != Severity::Note) remark(row, column, problem);
  if (++counts_[{sheet_, column, problem.code}] > kListedPerColumn) return;
  Place place{.file = file_,
              .sheet = sheet_,
              .cell = column > 0 ? sheet::cell_name(row, column) : std::to_string(row)};
  intake_.diagnostics.push_back(diagnostic_of(std::move(place), std::move(problem), std::move(related)));
}

void Findings::remark(int row, int column, const Problem& problem) {
  std::string& told = intake_.problems_by_row[sheet_][row];
  if (!told.empty() && remark_bytes_ > kRemarkBytes) {
    ++untold_[{sheet_, row}];
    return;
  }
  const std::size_t before = told.size();
  if (!told.empty()) told += "；";
  if (column > 0) told += sheet::cell_name(row, column) + "：";
  told += problem.message.zh;
  remark_bytes_ += told.size() - before;
}

void Findings::finish_remarks() {
  for (const auto& [at, count] : untold_)
    intake_.problems_by_row[at.first][at.second] += "；还有 " + std::to_string(count) + " 处";
  untold_.clear();
}

void Findings::close() {
  finish_remarks();
  for (const auto& [kind, count] : counts_) {
    if (count <= kListedPerColumn) continue;
    const std::string more = std::to_string(count - kListedPerColumn);
    const std::string where = kind.column > 0 ? sheet::column_letter(kind.column) + " 列" : "按行的问题";
    intake_.diagnostics.push_back(
        diagnostic_of({.file = file_, .sheet = kind.sheet},
                      problem("N-INTAKE-190",
                              {where + "还有 " + more + " 处 " + kind.code + "，没有逐条列出",
                               more + " more " + kind.code + " are not listed"},
                              {"全部问题写在退回表的“问题”列里。",
                               "All of them are in the column 问题 of the returned file."})));
  }
  counts_.clear();
}

}  // namespace tenglong::intake
