// From a place among others to a grade: cuts, veto, protection.
//
// In:    a rank and how many are ranked. Out: the cut, the final grade. Never: looks at a record.
#pragma once
#include <cstdint>
#include <string>

#include "engine/pack/pack.h"

namespace tenglong::run {

bool cuts_by_score(const pack::Scheme& scheme);
// Index of the cut that a rank of `size` falls into; -1 if none.
int cut_by_rank(const pack::Scheme& scheme, std::int64_t rank, std::int64_t size);
// Veto wins over protection (除否决情形外).
std::string final_grade(const schema::Codes* codes, const std::string& raw, const std::string& veto,
                        const std::string& protect);

}  // namespace tenglong::run
