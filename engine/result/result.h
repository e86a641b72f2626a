// What a run says of every record, the totals that must balance, and the fingerprint that anyone can
// recompute.
//
// In:    outcomes from run. Out: plain values; stored and fingerprinted are rounded scores, ranks, grades,
// states, list entries. Order: schemes, rosters, indicators as in the pack; records by key. Never: an
// unrounded quotient (explain recomputes those exactly), a total that does not balance without saying so.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/column/column.h"
#include "engine/quantity/decimal.h"
#include "engine/quantity/state.h"
#include "engine/text/shared.h"

namespace tenglong::result {

using quantity::Decimal;
using quantity::State;
using text::Shared;

enum class Standing : std::uint8_t { NotDue, Rated, Exempt, NotRated };  // –, 参评, 免评, 不评
const char* to_chinese(Standing standing);

// A number or none, in the room of a number: there are millions of them.
class Points {
 public:
  Points() = default;
  Points(std::nullopt_t) {}                                                                   // NOLINT
  Points(Decimal value) : low_(value.low_word()), high_(value.high_word()) {}                 // NOLINT
  Points(const std::optional<Decimal>& value) : Points(value ? Points(*value) : Points()) {}  // NOLINT
  explicit operator bool() const { return high_ != kNone; }
  bool has_value() const { return high_ != kNone; }
  Decimal operator*() const { return Decimal::from_words(low_, high_); }
  operator std::optional<Decimal>() const {
    return has_value() ? std::optional(**this) : std::nullopt;
  }                                                           // NOLINT
  friend bool operator==(const Points& a, const Points& b) {  // by value
    return a.has_value() && b.has_value() ? *a == *b : a.has_value() == b.has_value();
  }

 private:
  static constexpr std::uint64_t kNone = 0x7c00000000000000u;  // not a number: no Decimal has it
  std::uint64_t low_ = 0, high_ = kNone;
};

struct ItemOutcome {
  State state = State::Missing;  // of the indicator
  Points score = {};             // after floor and cap (or the missing-item rule), rounded as the scheme says
};

struct Adjustment {
  std::string decision;  // name
  Decimal points;
};

struct Outcome {
  std::uint32_t row = 0;  // in the table of the scheme's register
  Shared key;
  Standing standing = Standing::NotDue;
  Shared why = {};                      // reason of exemption or of not being rated
  std::vector<ItemOutcome> items = {};  // as Scheme::items
  Decimal adjustment = {};              // 加减分
  Points total = {};                    // rounded
  std::int32_t group = -1;              // index into SchemeResult::groups
  std::int32_t rank = 0;                // from 1 within the group; ties share
  Shared raw_grade = {};                // by cuts
  Shared veto = {};                     // best grade allowed, if a veto rule matched
  Shared protect = {};                  // worst grade allowed, if a protection rule matched
  Shared grade = {};                    // final
};

struct Balance {  // 对平
  std::int64_t due = 0, rated = 0, exempt = 0, not_rated = 0;
  std::vector<std::pair<std::string, std::int64_t>> by_grade = {};
  // Every equation that fails, in words; empty: balanced. A result that does not balance is not published.
  std::vector<std::string> failures = {};
};

struct SchemeResult {
  std::string scheme;  // name
  std::string id;
  std::string clause;
  std::string mark;  // 缺省，待确认 or 样例参数, if anything it depends on has it
  std::vector<std::string> groups = {};
  std::vector<Outcome> outcomes = {};  // every due record, by key
  Balance balance = {};
  const Outcome* find(std::string_view key) const;
};

struct RosterEntry {
  std::uint32_t row = 0;
  Shared key;
  enum class Place : std::uint8_t {
    Listed,
    Exempt,
    NotListed,
    Unknown
  } place = Place::NotListed;  // Unknown: for want of data
  Shared why = {};
};
struct RosterResult {
  std::string roster, id, clause, mark;
  std::int64_t due = 0, listed = 0, exempt = 0, not_listed = 0, unknown = 0;  // due = the sum of the others
  std::vector<RosterEntry> entries = {};                                      // every due record, by key
};

// A value over a population, whole and by each cut.
struct AggregateCell {
  std::string cut;  // "" for the whole, else the field's name: 镇街
  std::string of;   // code: 330902100
  State state = State::Missing;
  std::optional<Decimal> value = {};  // rounded as the indicator says
  std::int64_t records = 0;
};
struct AggregateResult {
  std::string indicator, id, clause, mark;
  std::vector<AggregateCell> cells = {};
};

// A target's figure, whole and by each cut.
struct TargetValue {
  std::string target;  // P10
  std::string clause, mark;
  calendar::Period period = {};           // the year, or the span that is added up
  std::int64_t external_records = 0;      // counted records that are results from before the system
  std::vector<AggregateCell> cells = {};  // cells[0] is the whole
};

// What could not run, and why.
struct Refusal {
  std::string kind;  // scheme, roster, indicator, target
  std::string name;
  std::string clause;
  std::vector<std::string> gaps = {};  // 低效认定线（范围 园区外，年度 2022；Q01）
};

struct RunHeader {
  std::string pack_id, pack_fingerprint;
  std::vector<std::string> overlays = {};
  std::string snapshot_fingerprint;
  std::string engine_version;  // engine/VERSION
  calendar::Period period = {};
  std::string fingerprint = {};  // of all the above and the canonical result
  std::string mark = {};         // 样例参数, 样例数据
};

struct Result {
  RunHeader header = {};
  std::vector<SchemeResult> schemes = {};
  std::vector<RosterResult> rosters = {};
  std::vector<AggregateResult> aggregates = {};
  std::vector<TargetValue> targets = {};
  std::vector<Refusal> refusals = {};
  const SchemeResult* scheme(std::string_view name) const;
  const RosterResult* roster(std::string_view name) const;
};

// Counts the outcomes and says every equation that fails. `due` is counted by whoever judged 应评, not from
// the outcomes; `grades` are the codes in their order.
Balance balance_of(const SchemeResult& scheme, std::int64_t due, const std::vector<std::string>& grades);
// Fills the counts of a roster from its entries; ensure()s that they add up.
void count_entries(RosterResult& roster);

// The canonical form: one line a fact, UTF-8, records by key. The fingerprint is SM3 of it (header first).
std::string canonical(const Result& result);
std::string fingerprint_of(const Result& result);
std::string fingerprint_of(const RunHeader& header, const Result& result);  // the header instead of its own

// Written and read back losslessly, for stores.
std::string encode(const Result& result);
// Throws DamagedResult if these are not bytes that encode() wrote.
Result decode(std::string_view bytes);
struct DamagedResult : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What this room needs kept.
class ResultStore {
 public:
  virtual ~ResultStore() = default;
  virtual void keep(const Result& result,
                    std::string_view taken_at) = 0;  // the same fingerprint twice is kept once
  virtual std::optional<Result> find(std::string_view fingerprint) const = 0;
  virtual std::optional<Result> latest(const std::optional<calendar::Period>& period = {}) const = 0;
  virtual std::vector<RunHeader> runs() const = 0;
};

}  // namespace tenglong::result
