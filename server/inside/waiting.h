// 待办: what waits for whoever asks, counted where it is kept.
//
// Each kind stands on a page of its own, which shows these. Nothing that the caller cannot act on is
// counted; nothing is kept: what is done is gone from here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

struct Waiting {
  std::string kind = {};    // confirm, returned, late, remind, rivals, corrections, gaps, revisions,
                            // given_back, publish, notices
  std::int64_t count = 0;   // at least 1
  std::string period = {};  // where it is of a year
};
// Of the present year; what is 0 is left out. Cost: a survey of its items.
void items_waiting(District& district, const Call& call, std::vector<Waiting>& out);
void notices_waiting(District& district, const Call& call, std::vector<Waiting>& out);
void corrections_waiting(District& district, const Call& call, std::vector<Waiting>& out);
void gaps_waiting(District& district, const Call& call, std::vector<Waiting>& out);
void revisions_waiting(District& district, const Call& call, std::vector<Waiting>& out);
}  // namespace tenglong::server
