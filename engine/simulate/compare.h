// Two results of the same records side by side.
//
// In:    before and after, of one pack's schemes, and what prices come to on each side. Out: counts that
// reconcile, who moves, and what moves with them. Order: schemes, rosters, figures as in the pack; records by
// key; codes in order. Never: a policy: which fields are added up, by which cuts, in which bins stands in the
// pack (`yaml simulation`).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/pack/pack.h"
#include "engine/result/result.h"
#include "engine/simulate/prices.h"

namespace tenglong::simulate {

using quantity::Decimal;

struct Mover {
  std::uint32_t row = 0;
  std::string key;
  std::size_t from = 0, to = 0;  // into SchemeComparison::places
  std::optional<Decimal> total_before = {}, total_after = {};
  std::int32_t rank_before = 0, rank_after = 0;
};

// Of the movers that go from one place to another, whole or by one cut.
struct Moved {
  std::size_t from = 0, to = 0;
  std::string cut, of;  // "" for the whole; else 镇街 and its code
  std::int64_t records = 0;
  struct Measure {
    Decimal sum = {};
    std::int64_t without = 0;  // records that have no value of it
  };
  std::vector<Measure> measures = {};  // as Comparison::measures
};

struct Bin {
  std::optional<Decimal> from = {}, to = {};  // [from, to); absent: open
  std::int64_t before = 0, after = 0;
};

struct SchemeComparison {
  std::string scheme, id;
  bool before_ran = true, after_ran = true;  // false: refused for want of a value
  std::vector<std::string> places = {};      // grades best first, then 无档 免评 不评 不在应评
  std::vector<std::vector<std::int64_t>> transitions = {};  // [from][to], every due record
  std::vector<Mover> movers = {};                           // place differs
  std::vector<std::string> touched = {};  // keys of records of which anything differs: score, rank, reason
  std::vector<Moved> moved = {};
  std::vector<Bin> distribution = {};   // of totals of the rated; empty: the pack declares no bins
  std::vector<PriceMoved> prices = {};  // as Simulation::prices; empty where it did not run on one side
  result::Balance before = {}, after = {};
  std::vector<std::string> failures = {};  // equations between the two that fail; empty always, or we erred
};

struct RosterComparison {
  std::string roster, id;
  bool before_ran = true, after_ran = true;
  std::int64_t listed_before = 0, listed_after = 0;
  struct Change {
    std::string key;
    std::string before, after;  // 入列 免列 不入列 未知 不在应查
  };
  std::vector<Change> changes = {};
};

struct FigureChange {
  std::string kind;  // indicator, target
  std::string name;
  std::string cut, of;
  std::optional<Decimal> before = {}, after = {};
};

struct Comparison {
  std::vector<std::string> measures = {};      // field names
  std::vector<SchemeComparison> schemes = {};  // those that differ or refuse; of a variant all of them
  std::vector<RosterComparison> rosters = {};
  std::vector<FigureChange> figures = {};      // only those that differ
  std::vector<result::Refusal> refusals = {};  // of after
};

Comparison compare(const pack::Pack& pack, const column::Snapshot& snapshot, const result::Result& before,
                   const result::Result& after, const Priced& prices_before, const Priced& prices_after);

}  // namespace tenglong::simulate
