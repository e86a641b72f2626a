// How far a record is from what it did not meet: every condition with its two sides, exactly.
//
// In:    one record and the name of a roster, decision or scheme. Out: for each way in (each set of
// conditions that together suffice; each row of a decision table) which conditions hold, which do not and by
// how much; nearest first. Law:   every truth is the run's own (feel::evaluate on the record, indicators
// rounded); a distance is the difference of two exact decimals. Never: says what a change would cost or
// whether it can be made (simulate's rise does).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run/row.h"

namespace tenglong::run {

// One condition of a way in.
struct ConditionGap {
  std::string text = {};                 // 亩均税收 < 5
  feel::Value left = {}, right = {};     // its two sides; of a range the end that is missed
  std::optional<bool> holds = {};        // nullopt: not known
  std::optional<Decimal> distance = {};  // what left lacks to reach right: positive up, negative down
  bool is_open = false;                  // right itself does not satisfy: beyond it
  std::string want = {};                 // not known: for want of what
};

// Conditions that together suffice. A row of a decision table, or one way through and/or.
struct WayIn {
  std::int32_t rule = -1;  // of a decision table, from 0
  std::string note = {};   // the row's 说明
  feel::Value output = {};
  std::vector<ConditionGap> conditions = {};
  int missed = 0, unknown = 0;
};

struct CutGap {  // a better grade than the record has
  std::string grade;
  std::string cut;                     // 累计不超过 20%, or the test of the total
  std::optional<Decimal> points = {};  // what the total lacks (beyond it with is_open)
  bool is_open = false;
  std::int32_t places = 0;  // by rank: places to go
};

struct Distances {
  enum class Kind { Roster, Decision, Scheme } kind = Kind::Roster;
  std::string name, clause, source;
  std::string reached = {};         // what the record has: 不入列, its grade, the decision's output
  std::vector<WayIn> ways = {};     // that do not hold (or, if one holds, none), nearest first
  bool is_met = false;              // a way holds
  std::string hindered = {};        // met, and still not in: exempt, not due, a veto
  std::vector<CutGap> better = {};  // schemes, nearest first
  std::optional<Decimal> total = {};
};

// Keeps what questions about one run share: what names mean, and whoever stands last within each cut. The
// pack, the snapshot and the result (of that pack, snapshot and period) must outlive it. For one thread.
class DistanceReader {
 public:
  DistanceReader(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options,
                 const result::Result& result);
  ~DistanceReader();
  // nullopt: the pack has no such roster, decision or scheme for this register.
  std::optional<Distances> read(std::string_view register_id, std::size_t row, std::string_view name);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

// One question alone.
std::optional<Distances> distances_of(const pack::Pack& pack, const column::Snapshot& snapshot,
                                      const Options& options, const result::Result& result,
                                      std::string_view register_id, std::size_t row, std::string_view name);

}  // namespace tenglong::run
