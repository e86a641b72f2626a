#include "engine/run/few_records.h"

#include "engine/run/inside/reference.h"

namespace tenglong::run {

std::optional<result::Result> run_few(const pack::Pack& pack, const column::Snapshot& snapshot,
                                      const Options& options, const Part& part,
                                      const std::vector<GivenFigure>& figures,
                                      const std::vector<GivenStanding>& standings) {
  Meaning meaning(pack, snapshot, options.period);
  meaning.take_only_given();
  for (const GivenFigure& each : figures)
    if (const pack::Indicator* indicator = pack.indicator(each.indicator))
      meaning.give(*indicator, each.period, each.value);
  for (const GivenStanding& each : standings) {
    const pack::Indicator* indicator = pack.indicator(each.indicator);
    if (indicator == nullptr) continue;
    Standings among;
    for (std::size_t row = 0; row < each.value.size(); ++row) {
      among.group.push_back(each.is_counted[row] != 0 ? 0 : -1);
      if (each.value[row])
        among.value.append(*each.value[row]);
      else
        among.value.append(State::NotApplicable);
    }
    meaning.give_standings(*indicator, each.period, std::move(among));
  }
  result::Result result;
  for (const pack::Scheme& each : pack.schemes)
    if (part.schemes.count(each.name) != 0) add_scheme_by_reference(meaning, each, result);
  for (const pack::Roster& each : pack.rosters)
    if (part.rosters.count(each.name) != 0) add_roster_by_reference(meaning, each, result);
  if (meaning.lacks_figure()) return std::nullopt;
  return result;
}

}  // namespace tenglong::run
