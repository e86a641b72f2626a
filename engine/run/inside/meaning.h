// What every name of a pack means on a record and over a population, by feel::evaluate alone. The reference.
//
// In:    pack, snapshot, period. Out: exact values and states; which gaps were touched.
// Rules: conditions (due, exempt, enters_if, where, decisions, boolean indicators ...) see indicators
// rounded; numbers
//        (formulas, scores, bases, totals) see them unrounded. docs/pack-language.md, "Rounded or not".
// Cost:  tens of microseconds a record. Not for hot paths. Any number of threads may ask at once.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/column/column.h"
#include "engine/feel/evaluate.h"
#include "engine/pack/pack.h"
#include "engine/plan/names.h"
#include "engine/run/run.h"

namespace tenglong::run {

using calendar::Period;
using feel::Value;
using quantity::Decimal;
using quantity::State;

enum class Numbers { Unrounded, Rounded };
using Extras = std::vector<std::pair<std::string, Value>>;

// Parameter rows that hold no value and were asked for.
using Gaps = std::set<std::pair<const pack::Parameter*, const pack::ParameterRow*>>;

struct Measured {
  Value value = {};
  State state = State::Known;
};

using plan::Slot;

// The cut that is the whole.
inline constexpr std::string_view kDistrict = "区县";

class Meaning;

// One record. Indicators and decisions are computed when asked for, once.
class RecordMeaning {
 public:
  RecordMeaning(const Meaning& meaning, int table, std::size_t row);
  ~RecordMeaning();
  RecordMeaning(const RecordMeaning&) = delete;
  RecordMeaning& operator=(const RecordMeaning&) = delete;

  Value evaluate(const feel::NodePtr& tree, Numbers numbers, const Extras* extras = nullptr) const;
  Value evaluate(const pack::Expression& expression, Numbers numbers, const Extras* extras = nullptr) const {
    return evaluate(expression.tree, numbers, extras);
  }
  Value test(const feel::NodePtr& tests, const Value& input,
             const Extras* extras = nullptr) const;  // rounded view

  std::optional<Value> find(std::string_view name, Numbers numbers) const;
  // For an expression that names it, evaluated elsewhere.
  std::optional<Value> find_for(const feel::Node* tree, std::string_view name, Numbers numbers) const;
  const Measured& indicator(const pack::Indicator& indicator) const;
  Value rounded(const pack::Indicator& indicator) const;
  // Which rules match, then the output by the hit policy.
  const std::vector<std::size_t>& matched(const pack::Decision& decision) const;
  Value decision(const pack::Decision& decision) const;

  // Rows of the related register that belong to this record and count.
  std::vector<std::uint32_t> related_rows(const pack::Indicator& indicator) const;

  Value field(int index) const;
  State field_state(int index) const;
  // State of what a reference {"企业","镇街"} points at; Known where it has a value.
  State state_of(const std::vector<std::string>& reference) const;
  // The worst state among everything `tree` refers to, through decisions.
  State worst_state(const feel::Node& tree) const;
  // "缺数据：用地面积（缺报）": the inputs of `tree` that have no value; a general sentence if none is to
  // blame.
  std::string want_of(const feel::Node& tree) const;

  // nullptr where there is none.
  const RecordMeaning* parent() const;
  const RecordMeaning* previous() const;
  const Meaning& meaning() const { return meaning_; }
  const Period& period() const { return period_; }
  int table() const { return table_; }
  std::size_t row() const { return row_; }
  const Gaps& gaps() const { return gaps_; }

 private:
  friend class Meaning;
  Measured standing(const pack::Indicator& indicator) const;
  Measured over_related(const pack::Indicator& indicator) const;
  void touch(const Gaps& gaps) const { gaps_.insert(gaps.begin(), gaps.end()); }
  void collect_wants(const feel::Node& tree, std::vector<std::string>& wants, State& worst, int depth) const;
  Value members_of(const RecordMeaning* other, std::string_view head, bool is_previous,
                   Numbers numbers) const;

  const Meaning& meaning_;
  int table_;
  std::size_t row_;
  Period period_;
  mutable std::map<const pack::Indicator*, Measured> indicators_;
  mutable std::map<const pack::Decision*, std::pair<std::vector<std::size_t>, Value>> decisions_;
  mutable std::unique_ptr<RecordMeaning> parent_, previous_;
  mutable Gaps gaps_;
  // The expression that is being evaluated: only what it names of 上期 and 企业 is worked out, for a value
  // that it does not need may wait for a parameter that it does not need either.
  mutable const feel::Node* asking_ = nullptr;
};

// A value over some rows of a register.
struct Figure {
  Value value = {};  // unrounded, in the indicator's unit
  State state = State::Missing;
  Gaps gaps = {};
};

// The records of one period among each other, for a share, a rank or a percentile.
struct Standings {
  column::NumberColumn value = {};       // by row of the table; Known where the record is counted and has one
  column::NumberColumn own = {};         // what is added or compared, where it is counted
  std::vector<std::int32_t> group = {};  // by row; -1: not counted
  std::vector<std::string> groups = {};  // 13 · true
  std::vector<std::int64_t> counted = {};  // by group
  std::vector<Value> sums = {};            // by group; of a share
  std::vector<std::int32_t> rank = {};     // by row; empty for a share
  Gaps gaps = {};
  bool is_lacking = false;  // asked for among a few records, and not given
};

// Each aggregate call of an indicator over related records, by row of its own table.
struct RelatedLists {
  std::map<const feel::Node*, column::NumberColumn> of_call = {};
  Gaps gaps = {};
};

class Meaning {
 public:
  // `columns`: population values are worked out by columns, as these options say; nullptr: by the
  // interpreter.
  Meaning(const pack::Pack& pack, const column::Snapshot& snapshot, Period period,
          const Options* columns = nullptr);

  const pack::Pack& pack() const { return pack_; }
  const column::Snapshot& snapshot() const { return snapshot_; }
  const Period& period() const { return period_; }
  const Options* columns() const { return columns_ ? &*columns_ : nullptr; }

  int table_index(std::string_view register_id) const;  // ensure()s
  const column::Table& table(int index) const { return snapshot_.tables[static_cast<std::size_t>(index)]; }
  const schema::Register& register_of(int table) const;
  const Slot* slot(int table, std::string_view name) const { return names_.find(table, name); }
  // Rows whose period is exactly this one (all rows of a register without periods).
  std::vector<std::uint32_t> rows_of(int table, const Period& period) const;
  // Rows whose period lies within; rows without period always.
  std::vector<std::uint32_t> rows_within(int table, const Period& period) const;

  // An `over` indicator of the whole population of a period.
  const Figure& population(const pack::Indicator& indicator, const Period& period) const;
  // Of an indicator `as` share, rank or percentile, among the records of exactly this period.
  const Standings& standings(const pack::Indicator& indicator, const Period& period) const;
  // Rows of the related register that belong to the record with this key in this period; `where` not asked.
  const std::vector<std::uint32_t>& belonging(const pack::Indicator& indicator, const std::string& key,
                                              const Period& period) const;
  // The value over the related records that count.
  Figure over_related(const pack::Indicator& indicator, const std::vector<std::uint32_t>& rows,
                      const Period& period) const;
  // What one related record gives to the list of an aggregate call; null if nothing.
  Value given_by(const pack::Indicator& indicator, const feel::Node& call, std::uint32_t row,
                 const Period& period) const;
  // For plans.
  const RelatedLists& related_lists(const pack::Indicator& indicator, const Period& period) const;
  // From now on only figures that are given count; another that is asked for is null, and lacks_figure() says
  // so.
  void take_only_given() { only_given_ = true; }
  void give(const pack::Indicator& indicator, const Period& period, Value value);
  void give_standings(const pack::Indicator& indicator, const Period& period, Standings among) {
    standings_.insert_or_assign({&indicator, period}, std::move(among));
  }
  bool lacks_figure() const { return lacks_figure_; }
  bool takes_only_given() const { return only_given_; }
  void note_lack() const { lacks_figure_ = true; }
  // The rows of `candidates` that `where` keeps; gaps it touched are added to `gaps`.
  std::vector<std::uint32_t> kept(int table, const std::vector<std::uint32_t>& candidates,
                                  const pack::Expression& where, const Extras* extras, Gaps& gaps) const;
  // A formula whose names are lists over these rows (exact sums), times to_unit. `settled` may know what an
  // aggregate call of the formula comes to.
  using Settled = std::function<std::optional<feel::NodePtr>(const feel::Node& call)>;
  Figure over_rows(int table, const std::vector<std::uint32_t>& rows, const pack::Expression& formula,
                   const quantity::Conversion& to_unit, const Period& period, const Extras* extras = nullptr,
                   const Settled& settled = {}) const;

  Value parameter(const pack::Parameter& parameter, calendar::Date on, Gaps& gaps) const;
  Value round(const pack::Indicator& indicator, const Value& value) const;
  std::string describe(const Gaps::value_type& gap) const;  // 低效认定线（范围 园区外，年度 2022；Q01）
  std::vector<std::string> describe(const Gaps& gaps) const;  // sorted, each once

  // Members of a context name (上期, 企业) that an expression uses; "" means the context itself is used.
  using Used = std::map<std::string, std::set<std::string>, std::less<>>;
  // Of this expression of the pack; of all of them together where it is none, or none is said.
  const Used& used_by(const feel::Node* tree) const;

 private:
  friend class RecordMeaning;
  void note_references(const feel::Node* tree);

  const pack::Pack& pack_;
  const column::Snapshot& snapshot_;
  Period period_;
  plan::NameTable names_;
  Used used_;
  std::unordered_map<const feel::Node*, Used> used_by_;
  std::optional<Options> columns_;
  mutable std::mutex populating_;
  mutable std::map<std::pair<const pack::Indicator*, Period>, Figure> populations_;
  mutable std::map<std::pair<const pack::Indicator*, Period>, Standings> standings_;
  mutable std::map<std::pair<const pack::Indicator*, Period>, RelatedLists> related_lists_;
  using RowsByKey = std::unordered_map<std::string, std::vector<std::uint32_t>>;
  mutable std::map<std::pair<std::pair<int, std::string>, Period>, RowsByKey> belonging_;
  bool only_given_ = false;
  mutable std::atomic<bool> lacks_figure_ = false;
};

// The output of a decision whose rules `matched` (rising), by its hit policy. `output_of(rule, output)`
// evaluates a cell.
Value decide(const pack::Pack& pack, const pack::Decision& decision, const std::vector<std::size_t>& matched,
             const std::function<Value(std::size_t, std::size_t)>& output_of);

// Words of a condition that could not be judged.
std::string state_words(State state);  // 缺报 不适用 存疑
bool is_condition(const pack::Indicator& indicator);

}  // namespace tenglong::run
