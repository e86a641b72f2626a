// A scheme as columns: totals as whole numbers, ranks, grades as positions. Only what is asked for is
// computed.
//
// In:    a plan (lowered once), the pack and snapshot it is for. Out: one entry a record of the period, as
// `rows`. Law:   the same standing, total, rank and grade as run() and run_by_interpreter(). Never: strings,
// item scores, reasons: run() adds those.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/column/column.h"
#include "engine/pack/pack.h"
#include "engine/plan/plan.h"
#include "engine/result/result.h"
#include "engine/run/run.h"

namespace tenglong::run {

struct SchemeColumns {
  std::vector<std::uint32_t> rows;  // in the table of the scheme's register
  std::vector<result::Standing> standing;
  std::vector<std::int64_t> total;  // in units of 10^-places; read only where Rated
  int places = 0;
  std::vector<std::int32_t> group;  // into groups; -1 where not Rated
  std::vector<std::string> groups;
  std::vector<std::int64_t> group_size;
  std::vector<std::int32_t> rank;
  std::vector<std::int8_t> raw_grade, grade;  // into grades; -1: none
  std::vector<std::string> grades;
  // How it went: rows that doubles could not decide and decimal128 did.
  std::int64_t rows_in_doubt = 0;
  // Of these, rows on a line by clamped values alone: worked out once for all that are clamped alike.
  std::int64_t rows_recognised = 0;
  // A gap was met, or a total is beyond 18 digits: nothing above is filled; run() asks the interpreter.
  bool left_to_interpreter = false;
};

SchemeColumns execute(const plan::Plan& plan, const plan::SchemePlan& scheme, const pack::Pack& pack,
                      const column::Snapshot& snapshot, const Options& options);

// Count and exact sum of totals (in units of 10^-places) of the rated, by code of a text column and grade:
// cell = code * grades + grade; rows without a code are left out.
struct RollUp {
  std::vector<std::int64_t> count;
  std::vector<std::int64_t> sum;
};
RollUp roll_up(const SchemeColumns& columns, const column::TextColumn& by);

}  // namespace tenglong::run
