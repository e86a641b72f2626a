// Where every finding of one import goes: the list (kept short per kind and column) and the 问题 column
// (all).
#pragma once
#include <map>
#include <string>
#include <tuple>

#include "engine/intake/inside/cell_reader.h"
#include "engine/intake/intake.h"

namespace tenglong::intake {

class Findings {
 public:
  Findings(Intake& intake, std::string file) : intake_(intake), file_(std::move(file)) {}

  void set_sheet(std::string sheet) { sheet_ = std::move(sheet); }
  const std::string& sheet() const { return sheet_; }
  void about_file(Problem problem);
  void about_sheet(Problem problem);
  void about_column(int column, int header_row, Problem problem);
  void about_cell(int row, int column, Problem problem, std::vector<diagnostic::Related> related = {});
  void about_row(int row, Problem problem, std::vector<diagnostic::Related> related = {});
  // Ends the 问题 column; nothing about a row comes after it. May be called again.
  void finish_remarks();
  // And says how many were not listed. Call once, at the end.
  void close();

  diagnostic::Place row_place(int row) const {
    return {.file = file_, .sheet = sheet_, .cell = std::to_string(row)};
  }
  const std::string& file() const { return file_; }
  std::int64_t count() const { return count_; }  // of cells and rows, listed or not

 private:
  void remark(int row, int column, const Problem& problem);
  void list(int row, int column, Problem problem, std::vector<diagnostic::Related> related);

  Intake& intake_;
  std::string file_;
  std::string sheet_;
  struct Kind {
    std::string sheet;
    int column;
    std::string code;
    auto operator<=>(const Kind&) const = default;
  };
  std::map<Kind, std::int64_t> counts_;
  std::int64_t count_ = 0;
  std::size_t remark_bytes_ = 0;
  std::map<std::pair<std::string, int>, int> untold_;  // by sheet and row, once the remarks are full
};

// Shorthands for the three severities; the code decides which.
Problem problem(std::string code, text::Words message, text::Words advice);

}  // namespace tenglong::intake
