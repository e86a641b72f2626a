// A whole scheme or roster by the reference meaning.
#pragma once
#include <vector>

#include "engine/run/inside/judge.h"

namespace tenglong::run {

// Every due record of the period, by key, ranked and graded.
std::vector<SchemeView> judge_all(const Meaning& meaning, const pack::Scheme& scheme, Gaps& gaps);
GroupMeans means_of(const pack::Scheme& scheme, const std::vector<SchemeView>& views);
// `rows` beside `views`: the row of each.
void rank_and_grade(const Meaning& meaning, const pack::Scheme& scheme,
                    const std::vector<std::uint32_t>& rows, std::vector<SchemeView>& views, Gaps& gaps);
std::vector<std::uint32_t> by_key(const column::Table& table, std::vector<std::uint32_t> rows);

void add_scheme_by_reference(const Meaning& meaning, const pack::Scheme& scheme, result::Result& result);
void add_roster_by_reference(const Meaning& meaning, const pack::Roster& roster, result::Result& result);

}  // namespace tenglong::run
