// Which packs are in force: the pack as it came with what was filled, then one more for each approved
// revision.
//
// In:    what the store keeps of gaps and revisions. Out: the packs that the district runs with; the
//        revisions as they are kept. Never: approves anything; takes a pack that cannot be read.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "campaign/revision/revision.h"
#include "server/district.h"

namespace tenglong::server {

std::vector<revision::Revision> kept_revisions(const store::Store& store);  // by their numbers
// Approved, in the order in which they hold.
std::vector<revision::Revision> approved_revisions(const store::Store& store);
// Lets the district run with what is filled and approved, if it does not yet.
void take_in_force(District& district);
// The overlays that are in force today beside the district's own, without what was filled.
std::vector<std::string> folders_today(const District& district);

}  // namespace tenglong::server
