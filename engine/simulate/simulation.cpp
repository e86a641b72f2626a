#include "engine/simulate/simulation.h"

#include <deque>

#include "engine/simulate/dependents.h"

namespace tenglong::simulate {

Simulation::Simulation(const pack::Pack& pack, const column::Snapshot& snapshot, const run::Options& options,
                       std::optional<result::Result> base)
    : pack_(pack),
      snapshot_(snapshot),
      options_(options),
      base_(base ? std::move(*base) : run::run(pack, snapshot, options)) {}

column::Snapshot& Simulation::own_snapshot() {
  if (!own_) own_ = std::make_unique<column::Snapshot>(snapshot_);
  return *own_;
}

result::Result Simulation::with(const std::vector<Override>& overrides) {
  result::Result out;
  look(overrides,
       [&](const pack::Pack&, const column::Snapshot&, const result::Result& result) { out = result; });
  return out;
}

void Simulation::look(const std::vector<Override>& overrides, const Look& seen) {
  const pack::Pack changed_pack = changed(pack_, overrides);
  // Which blocks a change reaches is asked of both packs: a scheme that stands in brings its own names.
  run::Part part = dependents(pack_, overrides);
  const run::Part after = dependents(changed_pack, overrides);
  part.schemes.insert(after.schemes.begin(), after.schemes.end());
  std::deque<CellChange> cells;  // put back last first
  const column::Snapshot* snapshot = &snapshot_;
  for (const Override& each : overrides)
    if (each.kind == Override::Kind::Field) {
      snapshot = &own_snapshot();
      cells.emplace_back(own_snapshot(), each);
    }
  seen(changed_pack, *snapshot, run::run_part(changed_pack, *snapshot, options_, part, base_));
  while (!cells.empty()) cells.pop_back();
}

Comparison Simulation::compare_with(const std::vector<Override>& overrides) {
  if (!prices_) prices_ = prices_of(pack_, snapshot_, options_.period, base_);
  Comparison out;
  look(overrides,
       [&](const pack::Pack& pack, const column::Snapshot& snapshot, const result::Result& result) {
         out = compare(pack_, snapshot_, base_, result, *prices_,
                       prices_of(pack, snapshot, options_.period, result));
       });
  return out;
}

Impact impact(Simulation& simulation, const Override& correction) {
  return {dependents(simulation.pack(), {correction}), simulation.compare_with({correction})};
}

}  // namespace tenglong::simulate
