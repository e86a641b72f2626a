// The addresses of the application, by what they are about. Each function makes its part of the table.
//
// In:    a district, and what keeps uploads. Out: routes whose answers come from the rooms that the command
// line uses. Never: a number that no room has given.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

class Uploads;

std::vector<Route> pack_routes(District& district);    // clauses, blocks, questions, registers, codes
std::vector<Route> record_routes(District& district);  // lists, one record, its history, files
std::vector<Route> gap_routes(District& district);     // 待补参数: what is wanting, filled by two
std::vector<Route> revision_routes(
    District& district);  // 修订: rules drafted, tried, sent, approved by another
std::vector<Route> result_routes(District& district);      // schemes, outcomes, rosters, publication
std::vector<Route> enterprise_routes(District& district);  // one enterprise: score, peers, history
std::vector<Route> rise_routes(District& district);        // what would lift it, what a change comes to
std::vector<Route> target_routes(District& district);
std::vector<Route> simulation_routes(District& district);
std::vector<Route> saved_simulation_routes(District& district);  // kept under a name, each by its author
std::vector<Route> robustness_routes(District& district);        // whether grades rest on the exact weights
std::vector<Route> trail_routes(District& district);
std::vector<Route> collection_routes(District& district);  // 收数: items, lock, letters
std::vector<Route> correction_routes(District& district);  // rivals, corrections
std::vector<Route> writing_routes(District& district);     // records by hand, and their withdrawal
struct BulkLimits {
  std::size_t rows = 20000, waiting = 16;
};
std::vector<Route> bulk_routes(District& district);  // one value for many records
std::vector<Route> bulk_routes_within(District& district, const BulkLimits& limits);
std::vector<Route> notice_routes(District& district);   // 通知 about chosen records
std::vector<Route> waiting_routes(District& district);  // 待办 of whoever asks
std::vector<Route> attachment_routes(District& district, Uploads& uploads);
std::vector<Route> search_routes(District& district);  // firms, clauses, targets; who may do what

// What the running server says of itself. `more_metrics`: lines of the queue and the like.
struct Running {
  std::function<std::string()> metrics = {};
  std::function<std::string()> openapi = {};
};
std::vector<Route> backup_routes(District& district);  // what the store holds, backups, drills
std::vector<Route> system_routes(District& district, const Running& running);

}  // namespace tenglong::server
