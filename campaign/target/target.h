// 目标: the numbers of the plan: present value, where it should be by now, what is missing.
//
// In:    a pack's targets, a snapshot, the day. Out: one line a target, in the pack's order; same_as shows
// the other's figure. Never: a figure from a register that does not exist (it says what it awaits); a
// completion rate of a threshold.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/pack/pack.h"
#include "engine/quantity/decimal.h"
#include "engine/result/result.h"

namespace tenglong::target {

// InForce, Differs: of thresholds; the rules apply the line of the document, or another.
enum class Standing { Reached, OnTime, Behind, NotReached, NoFigure, Awaits, Refused, InForce, Differs };
// 已达到 按时 落后 未达到 待报 待建台账 缺参数 照此执行 与文件不同
const char* to_chinese(Standing standing);

struct Line {
  std::string id, name, clause, unit, mark;
  pack::Comparator comparator = pack::Comparator::AtLeast;
  std::optional<quantity::Decimal> goal = {};
  std::optional<quantity::Decimal> value = {};  // rounded as the pack says
  std::optional<quantity::Decimal> gap = {};  // goal - value in the target's direction; negative when passed
  std::optional<quantity::Decimal> due_by_now = {};  // cumulative targets: in proportion to the time passed
  // Of targets that are added up, in percent of the goal: what is done, and what should be by now. A
  // threshold has none.
  std::optional<quantity::Decimal> share = {}, pace = {};
  std::int64_t records = 0;           // that the value counts
  std::int64_t external_records = 0;  // of them from results before the system
  Standing standing = Standing::NoFigure;
  std::string why = {};  // what it waits for, which gap, or the period of the figure
  std::string lead = {};
  std::vector<std::string> participants = {};
  std::string same_as = {};
};

// Judges computed values; `on` is the day of the question. `previous`: the result of the period before, for
// targets whose goal is 上期值 (trends); without it those have no goal yet.
std::vector<Line> judge(const pack::Pack& pack, const result::Result& result, calendar::Date on,
                        const result::Result* previous = nullptr);

}  // namespace tenglong::target
