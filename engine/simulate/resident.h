// A base that stays in memory and answers what-ifs in milliseconds, for many readers at once.
//
// In:    pack, snapshot, period, once. Then changes. Out: what differs from the base, as compare() says it.
// Law:   an answer is that of two full runs (simulate_laws_test.cpp), `touched` aside.
// How:   weights, bases and cuts go by run::Variants; what it declines is run as columns of the changed pack;
// blocks
//        that go by the interpreter, rosters, figures and targets only if a change can reach them
//        (dependents.h).
// Order: all members may be called by many threads at once; trials do not see each other.
// Cost:  memory is told by bytes().
// Never: publishes, writes, caches an answer.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "engine/run/execution.h"
#include "engine/run/run.h"
#include "engine/simulate/compare.h"
#include "engine/simulate/override.h"

namespace tenglong::simulate {

struct Answer {
  Comparison comparison = {};  // schemes: all of the pack; `touched` is left empty
  // As Pack::schemes: the columns under the change; null where the scheme goes by the interpreter or refuses.
  std::vector<std::shared_ptr<const run::SchemeColumns>> columns = {};
  bool whole_run = false;  // some block went the long way
};

class Resident {
 public:
  // Pack and snapshot must outlive it.
  Resident(const pack::Pack& pack, const column::Snapshot& snapshot, const run::Options& options);
  ~Resident();
  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;

  const pack::Pack& pack() const;
  const column::Snapshot& snapshot() const;
  const run::Options& options() const;
  // As Pack::schemes; null where the scheme goes by the interpreter or refuses.
  const run::SchemeColumns* base(std::size_t scheme) const;

  Answer with(const std::vector<Override>& overrides) const;
  // Only the columns of one scheme, into `out`; null if it goes by the interpreter or refuses.
  const run::SchemeColumns* columns_with(std::size_t scheme, const std::vector<Override>& overrides,
                                         run::SchemeColumns& out) const;
  // 更正影响: what one corrected value moves, told before it is applied. As impact() of a simulation says it,
  // `touched` and all. By insertion and difference where the rules allow (correction.cpp), else the long way.
  struct Correction {
    run::Part may_touch = {};
    Comparison comparison = {};
    bool whole_run = false;
  };
  Correction correct(const Override& correction) const;
  // Sums of the declared measures over the rated of each grade: [grade of SchemeColumns::grades][measure].
  std::vector<std::vector<Decimal>> sums_by_grade(std::size_t scheme,
                                                  const run::SchemeColumns& columns) const;

  // What the declared prices come to; changes of rates among the overrides count, changes of records do not.
  std::vector<PriceSums> prices(std::size_t scheme, const run::SchemeColumns& columns,
                                const std::vector<Override>& overrides) const;

  std::size_t bytes() const;  // of what is kept beside pack and snapshot

  struct Kept;  // inside/resident_kept.h

 private:
  std::unique_ptr<Kept> kept_;
};

}  // namespace tenglong::simulate
