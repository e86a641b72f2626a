// One record, every node, exactly: what a reason is made of. Recomputed on demand, identical to what the run
// used.
//
// In:    the pack, snapshot and period of a run, and one row. Out: values with states, inputs down to their
// cells. Law:   rounded values, scores, totals and grades equal those of run() for the same row. Cost:  the
// row itself well under 1 ms; population values and group means are computed once per RowReader. Never: words
// for readers: explain makes sentences of this.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/column/column.h"
#include "engine/feel/value.h"
#include "engine/pack/pack.h"
#include "engine/result/result.h"
#include "engine/run/run.h"

namespace tenglong::run {

using quantity::Decimal;
using quantity::State;

// One name that an expression used, as written there: 用地面积, 企业.镇街, 上期.实缴税收, 亩均税收,
// 低效认定线.
struct InputView {
  enum class Kind { Field, Indicator, Population, Parameter, Decision, Other } kind = Kind::Other;
  std::string name;
  feel::Value value = {};  // null unless Known
  // A parameter with keys: with which it was asked, 范围 园区内、年度 2023. Asked with others it is another
  // input.
  std::string keys = {};
  State state = State::Known;
  // Fields: the cell. row -1: there is no such record (no parent, no earlier period).
  std::string register_id = {};
  std::int32_t row = -1;
  int field = -1;
};

// One aggregate call of the formula.
struct SumView {
  std::string call = {};      // sum(实缴税收)
  std::string function = {};  // sum
  feel::Value value = {};     // what it came to
  std::int64_t records = 0;   // with a value in its list
};

struct PartView {
  std::uint32_t row = 0;
  std::string key = {};
  std::vector<feel::Value> values = {};  // as the sums; null where it has none
  std::optional<Decimal> share = {};     // of the first sum, unrounded
};

// Among whom a share, rank or percentile is taken.
struct StandingView {
  std::string group = {};    // 13 · true; empty without `within`
  std::int64_t counted = 0;  // in the group
  feel::Value own = {};      // what is added up or compared; null: the record is not counted
  feel::Value sum = {};      // shares only
  std::int32_t rank = 0;     // 0: shares
  struct Other {
    std::uint32_t row = 0;
    std::string key = {};
    feel::Value own = {};
    std::int32_t rank = 0;
  };
  std::vector<Other> others = {};  // the largest of a share; who stands next before and behind
};

// The records that belong to one, and what they add up to.
struct RelatedView {
  std::string register_id = {};
  std::int64_t records = 0;
  std::vector<SumView> sums = {};
  std::vector<PartView> parts = {};  // by key
};

struct IndicatorView {
  const pack::Indicator* indicator = nullptr;
  feel::Value value = {};    // unrounded, in the indicator's unit; null unless Known
  feel::Value rounded = {};  // as compared and shown
  State state = State::Known;
  std::vector<InputView> inputs = {};  // of formula, where, not_applicable_if; each name once
  std::optional<StandingView> standing = {};
  std::optional<RelatedView> related = {};
};

struct DecisionView {
  const pack::Decision* decision = nullptr;
  std::vector<feel::Value> inputs = {};
  std::vector<std::size_t> matched = {};  // indices of rules, in order
  feel::Value output = {};
};

struct ConditionView {
  const pack::Expression* condition = nullptr;
  std::string reason = {};  // exempt, not_rated
  feel::Value value = {};   // true, false; null: not known
  std::vector<InputView> inputs = {};
};

struct ItemView {
  const pack::SchemeItem* item = nullptr;
  const pack::Indicator* indicator = nullptr;
  feel::Value value = {};  // 指标值, unrounded
  State state = State::Known;
  feel::Value base = {}, weight = {};
  feel::Value score_before = {};  // item_score before floor and cap
  feel::Value floor = {}, cap = {};
  bool floored = false, capped = false;
  bool by_missing_rule = false;  // group_mean or a value instead
  feel::Value score = {};        // unrounded, as it enters the total
};

struct AdjustmentView {
  DecisionView decision = {};
  feel::Value points = {};
};

struct SchemeView {
  std::uint32_t row = 0;
  const pack::Scheme* scheme = nullptr;
  ConditionView due = {};
  std::vector<ConditionView> exempt = {};
  std::vector<ConditionView> not_rated = {};
  result::Standing standing = result::Standing::NotDue;
  std::string why = {};
  std::vector<ItemView> items = {};  // filled for every due record, rated or not
  std::vector<AdjustmentView> adjustments = {};
  feel::Value adjustment = {};  // 加减分
  feel::Value total_unrounded = {};
  std::optional<Decimal> total = {};
  std::string group = {};
  std::int64_t group_size = 0;
  std::int32_t rank = 0;
  int cut = -1;  // index into Scheme::cuts
  std::string raw_grade = {}, grade = {};
  std::optional<DecisionView> veto = {}, protect = {};
};

struct RosterView {
  const pack::Roster* roster = nullptr;
  ConditionView due = {};
  std::vector<ConditionView> exempt = {};
  ConditionView enters_if = {};
  feel::Value line = {};  // value of Roster::line
  result::RosterEntry::Place place = result::RosterEntry::Place::NotListed;
  bool is_due = false;
  std::string why = {};
};

struct RowView {
  std::string register_id, key;
  std::uint32_t row = 0;
  std::vector<IndicatorView> indicators = {};  // of this register, in the pack's order
  std::vector<DecisionView> decisions = {};
  std::vector<SchemeView> schemes = {};  // of this register
  std::vector<RosterView> rosters = {};
  std::vector<std::string> gaps = {};  // touched on the way: what refused
};

// Keeps what rows share (population values, group means, ranks of a scheme) between calls. The pack and the
// snapshot must outlive it. `result` (of the same pack, snapshot and period) supplies ranks; without it they
// are computed when asked for.
class RowReader {
 public:
  RowReader(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options,
            const result::Result* result = nullptr);
  ~RowReader();
  RowView read(std::string_view register_id, std::size_t row);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

RowView evaluate_row(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options,
                     std::string_view register_id, std::size_t row, const result::Result* result = nullptr);

}  // namespace tenglong::run
