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

namespace tenglong::run {

struct SchemeChange {
  std::vector<std::optional<quantity::Decimal>> weights = {}, bases = {};  // as Scheme::items; may be shorter
  struct Cut {
    std::optional<quantity::Decimal> percent = {};
    feel::NodePtr score_test = {};
  };
  std::vector<std::optional<Cut>> cuts = {};  // as Scheme::cuts; may be shorter
  struct Figure {
    std::string indicator;  // id of an `over` indicator
    calendar::Period period = {};
    feel::Value value = {};  // unrounded, in its unit; null: it has none
  };
  std::vector<Figure> figures = {};
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
  std::size_t bytes() const;  // of what is kept beside the bases

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace tenglong::run
