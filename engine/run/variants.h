// Schemes under other weights, bases, cuts and population figures, over and over on the same records.
//
// In:    pack, snapshot and period once; then changes. Out: columns, as execute() gives.
// Law:   equal to execute() of the changed pack on the same snapshot, and so to the interpreter
//        (variants_laws_test.cpp).
// Cost:  a changed weight costs its item, the sums and the ranking. What no change reaches is worked out once
// and
//        kept: about 9 bytes a record and node, told by bytes().
// Order: run() may be called by many threads at once; variants do not see each other.
// Never: guesses: a change that could reach who is due, exempt, grouped or vetoed, or that the plan does not
// show as
//        a scalar, is declined, and the caller runs the changed pack whole.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/execution.h"
#include "engine/run/few_records.h"

namespace tenglong::run {

struct SchemeChange {
  std::vector<std::optional<quantity::Decimal>> weights = {}, bases = {};  // as Scheme::items; may be shorter
  struct Cut {
    std::optional<quantity::Decimal> percent = {};
    feel::NodePtr score_test = {};
  };
  std::vector<std::optional<Cut>> cuts = {};  // as Scheme::cuts; may be shorter
  std::vector<GivenFigure> figures = {};
};

// A record as it stands after a correction, by whatever judged it.
struct ReplacedRecord {
  std::uint32_t row = 0;
  result::Standing standing = result::Standing::NotDue;
  std::optional<quantity::Decimal> total = {};  // rounded; Rated
  std::string group = {}, veto = {}, protect = {};
};

class Variants {
 public:
  // Pack and snapshot must outlive it.
  Variants(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options);
  ~Variants();
  Variants(const Variants&) = delete;
  Variants& operator=(const Variants&) = delete;

  // Schemes by their place in Pack::schemes. nullptr: this scheme runs by the interpreter (a gap, no plan).
  const SchemeColumns* base(std::size_t scheme) const;
  // false: declined, `out` is not to be read.
  bool run(std::size_t scheme, const SchemeChange& change, SchemeColumns& out) const;
  // The base with these records in the place of theirs: ranks by insertion, everyone's grade. Declined where
  // others would be scored anew: group means, a group that comes or goes.
  bool replace(std::size_t scheme, const std::vector<ReplacedRecord>& records, SchemeColumns& out) const;
  // Every population figure that a scheme or a roster of the pack names.
  std::vector<GivenFigure> figures() const;
  // Every share, rank and percentile that they name, of these records of the whole.
  struct OfRecords {
    std::string register_id;
    std::vector<std::int32_t> rows = {};  // of the whole's table; -1: not there
  };
  std::vector<GivenStanding> standings(const std::vector<OfRecords>& records) const;
  std::size_t bytes() const;  // of what is kept beside the bases

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace tenglong::run
