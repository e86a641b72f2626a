// How far the records of a register's period are: 草稿, 已确认, 已锁定, 已公布. The one place that says so.
//
// Confirming the last item of a period makes its records 已确认; other values, or a return, take that back.
// The lock of a year makes all that lies in it 已锁定, and publishing the results of a locked year 已公布:
// both are read from the lock and the publication themselves, so they cannot say anything else.
#pragma once
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "campaign/access/access.h"
#include "engine/calendar/period.h"
#include "store/inside/change.h"
#include "store/list.h"

namespace tenglong::store {

access::State kept_state(const Ground& ground, Connection& connection, const std::string& register_id,
                         const std::string& period);
RecordStates kept_states(const Ground& ground, Connection& connection);

// What the event of the operation says of it, as a detail.
using StateDetail = std::pair<std::string, std::string>;
StateDetail set_state(const Ground& ground, Connection& connection, const std::string& register_id,
                      const std::string& period, access::State state);
// 已确认 no longer, where other values have come.
std::vector<StateDetail> take_back(const Ground& ground, Connection& connection,
                                   const std::string& register_id, const std::set<std::string>& periods);

}  // namespace tenglong::store
