// Population figures and targets that follow one corrected record by difference: sums are exact, so what
// leaves is taken away and what comes is added.
//
// In:    pack and snapshot once; then the records that a correction touches, before and after. Out: the cells
// as a
//        whole run gives them.
// Form:  sum, mean and count of a field or an indicator of the record, in any formula that names nothing
// else; nullopt
//        for another form, and the caller works the block out whole.
// Cost:  the first question about a block looks at every record of it; each later one at the touched records
// alone. Order: may be asked by many threads at once.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/run.h"

namespace tenglong::run {

class KeptFigures {
 public:
  // Pack and snapshot must outlive it.
  KeptFigures(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options);
  ~KeptFigures();
  KeptFigures(const KeptFigures&) = delete;
  KeptFigures& operator=(const KeptFigures&) = delete;

  struct Moved {
    std::vector<result::AggregateCell> before, after;
  };
  // Of an `over` indicator (by id) or a target (by id). `before` and `after`: the touched records, each with
  // all that it leads to.
  std::optional<Moved> indicator(const std::string& id, const column::Snapshot& before,
                                 const column::Snapshot& after) const;
  std::optional<Moved> target(const std::string& id, const column::Snapshot& before,
                              const column::Snapshot& after) const;

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace tenglong::run
