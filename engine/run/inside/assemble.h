// The parts of a result that both ways of running share: header, marks, population values, targets, places of
// ranked rows.
#pragma once
#include <string>
#include <vector>

#include "engine/result/result.h"
#include "engine/run/inside/judge.h"
#include "engine/run/run.h"

namespace tenglong::run {

// 缺省，待确认 and the marks of filled parameters, over all that a block depends on; "" if none.
std::string mark_of(const pack::Pack& pack, const pack::Block& block,
                    const std::vector<const feel::Node*>& trees);
std::vector<const feel::Node*> trees_of(const pack::Scheme& scheme);
std::vector<const feel::Node*> trees_of(const pack::Roster& roster);
// Names beside the trees that a block depends on: items' indicators, decisions.
std::vector<std::string> names_of(const pack::Scheme& scheme);
std::string mark_of(const pack::Pack& pack, const pack::Scheme& scheme);
std::string mark_of(const pack::Pack& pack, const pack::Roster& roster);
std::string mark_of(const pack::Pack& pack, const pack::Indicator& indicator);

result::RunHeader header_of(const Meaning& meaning);
result::SchemeResult scheme_head(const pack::Pack& pack, const pack::Scheme& scheme);
result::RosterResult roster_head(const pack::Pack& pack, const pack::Roster& roster);
result::Refusal refusal(const Meaning& meaning, const char* kind, const pack::Block& block, const Gaps& gaps);

// Population indicators and targets go by the reference meaning in both ways: they are exact sums either way.
Value range_of(const Period& period);  // 期间
void add_population(const Meaning& meaning, const pack::Indicator& indicator, result::Result& result);
void add_target(const Meaning& meaning, const pack::Target& target, result::Result& result);
// The span that a target adds up, and it as a FEEL range: 期间.
Period period_of(const pack::Target& target, const Period& asked);
Value range_of(const Period& period);
void add_populations(const Meaning& meaning, result::Result& result);
void add_targets(const Meaning& meaning, result::Result& result);

}  // namespace tenglong::run
