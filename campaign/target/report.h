// 通报: all targets as they are told to a meeting: worst first, and how each unit and each chapter stands.
//
// In:    judged lines. Out: an order and counts over them. Order: late, behind, without a figure, on time,
// lines; within one the largest shortfall first, then as the pack has them; units by how many lag, then by
// name. Never: a shortfall of what has no figure or no goal above zero.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "campaign/target/target.h"

namespace tenglong::target {

// What the lamp beside a target says: 可达标 落后 未达到 待报; a threshold is a line: 界线.
enum class Lamp { Ok, Warn, Late, None, Line };
Lamp lamp_of(Standing standing);

struct Tally {
  std::int64_t ok = 0, warn = 0, late = 0, none = 0, line = 0;
  std::int64_t all() const { return ok + warn + late + none + line; }
  std::int64_t lagging() const { return warn + late; }
};
Tally tally_of(const std::vector<Line>& lines);

// In percent of the goal, one decimal, halves up; nothing of a goal that is not above zero.
std::optional<quantity::Decimal> percent_of_goal(quantity::Decimal part, quantity::Decimal goal);

// What is missing of a target that lags, in percent of its goal, one decimal, halves up.
std::optional<quantity::Decimal> shortfall_of(const Line& line);

struct Group {
  std::string name = {};  // the chapter 三(一), or the lead unit
  Tally tally = {};
  std::vector<std::size_t> lagging = {};  // of the lines, worst first
};

struct Report {
  Tally tally = {};
  std::vector<std::size_t> order = {};  // every line, worst first
  std::vector<Group> chapters = {};     // as the pack has them
  std::vector<Group> leads = {};
};
Report report_of(const std::vector<Line>& lines);

// The line as it would be judged with this much more, of a target that adds up. Nothing: it does not, or has
// no figure.
std::optional<Line> supposed(const pack::Pack& pack, const Line& line, quantity::Decimal more,
                             calendar::Date on);

// The chapter of the plan that a clause belongs to: 三(一) of 三(一)3.
std::string chapter_of(const std::string& clause);

}  // namespace tenglong::target
