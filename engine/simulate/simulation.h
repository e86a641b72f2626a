// A base run and its variants.
//
// In:    pack, snapshot, options; changes. Out: the result as it would be, and what differs from the base.
// Law:   a variant's schemes, rosters, figures and refusals equal those of a full run of the changed pack
// over
//        the changed snapshot, bit for bit.
// Order: variants do not see each other; asking twice gives the same.
// Cost:  schemes and rosters that no change can reach are taken from the base. The first change of a record
//        copies the snapshot once.
// Never: publishes: a variant bears no fingerprint.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/result/result.h"
#include "engine/run/run.h"
#include "engine/simulate/compare.h"
#include "engine/simulate/override.h"

namespace tenglong::simulate {

class Simulation {
 public:
  // Pack and snapshot must outlive it. `base`: the result of a run of both, if there is one.
  Simulation(const pack::Pack& pack, const column::Snapshot& snapshot, const run::Options& options,
             std::optional<result::Result> base = {});
  const pack::Pack& pack() const { return pack_; }
  const column::Snapshot& snapshot() const { return snapshot_; }
  const run::Options& options() const { return options_; }
  const result::Result& base() const { return base_; }

  result::Result with(const std::vector<Override>& overrides);
  // The same, looked at while the changed pack and records stand.
  using Look = std::function<void(const pack::Pack&, const column::Snapshot&, const result::Result&)>;
  void look(const std::vector<Override>& overrides, const Look& seen);
  Comparison compare_with(const std::vector<Override>& overrides);

 private:
  friend class Riser;
  column::Snapshot& own_snapshot();
  const pack::Pack& pack_;
  const column::Snapshot& snapshot_;
  run::Options options_;
  result::Result base_;
  std::unique_ptr<column::Snapshot> own_;
  std::optional<Priced> prices_;  // of the base
};

// 更正影响: what one corrected value touches, named before it is applied. The register is not written.
struct Impact {
  run::Part may_touch = {};    // what rests on this value at all
  Comparison comparison = {};  // what it moves, before and after
};
Impact impact(Simulation& simulation, const Override& correction);

}  // namespace tenglong::simulate
