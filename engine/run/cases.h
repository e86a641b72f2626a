// 案例: runs the rows of `yaml cases` blocks: what came out beside what the 专班 expects.
//
// In:    a pack. Out: one outcome a row, in the pack's order. Each block is one small district of its own: a
// record a row. Names: an indicator's, decision's or roster's name (入列 免列 不入列 未知), 总分, 等级, 名次,
// 参评 (参评 免评 不评),
//        得分.<indicator>. Numbers are compared after the block's rounding, else the pack's; 不适用 缺报 存疑
//        are states.
// Cost:  milliseconds a block.
#pragma once
#include <string>
#include <vector>

#include "engine/pack/pack.h"

namespace tenglong::run {

struct CaseDifference {
  std::string output;  // as in the header: 总分
  std::string expected;
  std::string actual;
};

struct CaseOutcome {
  const pack::Cases* block = nullptr;
  const pack::CaseRow* row = nullptr;
  std::vector<CaseDifference> differences = {};  // empty: as expected
  // What kept the row from being judged at all: an unknown name, a value of the wrong kind, a gap.
  std::vector<std::string> problems = {};
  bool holds() const { return differences.empty() && problems.empty(); }
};

std::vector<CaseOutcome> run_cases(const pack::Pack& pack);

}  // namespace tenglong::run
