// One record of a scheme or a roster, judged step by step by the reference meaning.
//
// Order: due, exempt, not_rated, items (missing rules), group, adjustments, total; then, among all: rank,
// cut, veto, protection. Unknown is not false: a step that comes to null ends in 不评 or 未知, with what was
// missing.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/result/result.h"
#include "engine/run/grade.h"
#include "engine/run/inside/meaning.h"
#include "engine/run/row.h"

namespace tenglong::run {

// Run: stops at the first step that settles the standing. Everything: for explaining, goes on and lists
// inputs.
enum class Detail { Run, Everything };

// group and item index -> mean score of the rated records that have one; absent: nobody has.
using GroupMeans = std::map<std::pair<std::string, std::size_t>, Value>;

// All but what needs the other records. Scores that wait for a group mean are null with by_missing_rule set.
SchemeView judge(const RecordMeaning& record, const pack::Scheme& scheme, Detail detail);
bool waits_for_mean(const pack::Scheme& scheme, const SchemeView& view);
// Adds the means, the total and its rounding; may turn 参评 into 不评.
void finish(const RecordMeaning& record, const pack::Scheme& scheme, const GroupMeans& means,
            SchemeView& view);

RosterView judge(const RecordMeaning& record, const pack::Roster& roster, Detail detail);

DecisionView view_of(const RecordMeaning& record, const pack::Decision& decision);
// Every name of a tree once, with its value, state and cell.
std::vector<InputView> inputs_of(const RecordMeaning& record, const feel::Node& tree, Numbers numbers);

// A name or path (镇街, 企业.镇街; or a field of the parent) on a record; nullopt: no such name.
std::optional<Value> by_path(const RecordMeaning& record, std::string_view path, Numbers numbers);
// "" for one ranking; nullopt: a part is not known.
std::optional<std::string> group_of(const RecordMeaning& record, const pack::Scheme& scheme,
                                    std::string& why);

// The sentences of 不评, the same by whichever way the engine finds them.
std::string lacks_item(const pack::Indicator& indicator, State state);
std::string cannot_score(const pack::Indicator& indicator);
std::string lacks_group(const std::string& name);
std::string lacks_mean(const pack::Indicator& indicator);
const std::string& no_total();
const std::string& reason_of(const pack::Reasoned& reasoned);

// Index of the cut that a rounded total falls into; -1 if none.
int cut_by_score(const RecordMeaning& record, const pack::Scheme& scheme, Decimal total);
std::vector<std::string> grades_of(const pack::Pack& pack, const pack::Scheme& scheme);

}  // namespace tenglong::run
