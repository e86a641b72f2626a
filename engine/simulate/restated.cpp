#include "engine/simulate/restated.h"

#include "engine/simulate/dependents.h"

namespace tenglong::simulate {

run::Part dependents(const pack::Pack& pack, const std::vector<column::Retaken::Moved>& moved) {
  std::vector<Override> changes;
  for (const column::Retaken::Moved& one : moved)
    for (const std::size_t field : one.fields)
      changes.push_back(
          {.kind = Override::Kind::Field, .block = pack.schema.registers[one.table].id, .index = field});
  run::Part part = dependents(pack, changes);
  // Records that came or went: whatever goes over the register, although it names none of its fields.
  for (const column::Retaken::Moved& one : moved) {
    if (!one.rows) continue;
    const std::string& id = pack.schema.registers[one.table].id;
    for (const pack::Scheme& each : pack.schemes)
      if (each.of == id) part.schemes.insert(each.name);
    for (const pack::Roster& each : pack.rosters)
      if (each.of == id) part.rosters.insert(each.name);
    for (const pack::Indicator& each : pack.indicators)
      if (each.over == id) part.indicators.insert(each.name);
    for (const pack::Target& each : pack.targets)
      if (each.over == id) part.targets.insert(each.id);
  }
  return part;
}

result::Result restated(const pack::Pack& pack, const column::Snapshot& snapshot, const run::Options& options,
                        const run::Part& part, const result::Result& before) {
  return run::run_part(pack, snapshot, options, part, before);
}

}  // namespace tenglong::simulate
