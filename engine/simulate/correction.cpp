// What one corrected value moves, by insertion and difference.
//
// How:   the record's family is judged alone by the reference meaning, before and after, among the population
// figures
//        of the base. Its schemes take the judged records in; lists take their entries; figures and targets
//        follow by difference.
// Long:  a figure that schemes or lists rest on moves; a scheme gives group means; a rule names a register
// outside the
//        family; a block refuses or goes by the interpreter.
#include <algorithm>
#include <map>
#include <tuple>

#include "engine/simulate/dependents.h"
#include "engine/simulate/inside/family.h"
#include "engine/simulate/inside/resident_kept.h"
#include "engine/simulate/inside/words.h"
#include "engine/text/ensure.h"

namespace tenglong::simulate {

using result::Standing;
using run::SchemeColumns;

namespace {

// A record of a scheme or roster as it was and as it is; nullptr: not due.
template <typename Entry>
std::map<std::uint32_t, std::pair<const Entry*, const Entry*>> by_row(const std::vector<Entry>& before,
                                                                      const std::vector<Entry>& after) {
  std::map<std::uint32_t, std::pair<const Entry*, const Entry*>> out;
  for (const Entry& each : before) out[each.row].first = &each;
  for (const Entry& each : after) out[each.row].second = &each;
  return out;
}

// Ranks and grades aside: those are among the few.
bool same_alone(const result::Outcome& a, const result::Outcome& b) {
  const auto same_item = [](const result::ItemOutcome& x, const result::ItemOutcome& y) {
    return x.state == y.state && x.score == y.score;
  };
  return a.standing == b.standing && a.why == b.why && a.total == b.total && a.veto == b.veto &&
         a.protect == b.protect && a.adjustment == b.adjustment && a.items.size() == b.items.size() &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), same_item);
}

void add_figures(const char* kind, const std::string& name, const run::KeptFigures::Moved& moved,
                 std::vector<FigureChange>& out) {
  std::map<std::pair<std::string, std::string>, std::pair<std::optional<Decimal>, std::optional<Decimal>>>
      cells;
  for (const result::AggregateCell& each : moved.before) cells[{each.cut, each.of}].first = each.value;
  for (const result::AggregateCell& each : moved.after) cells[{each.cut, each.of}].second = each.value;
  for (const auto& [at, values] : cells)
    if (values.first != values.second)
      out.push_back({kind, name, at.first, at.second, values.first, values.second});
}

class Insertion {
 public:
  Insertion(const Resident::Kept& kept, const run::Part& part, const Override& correction)
      : kept_(kept),
        part_(part),
        correction_(correction),
        before_(family_of(kept.pack.schema, kept.snapshot, correction.block, correction.row)),
        after_(before_) {
    const column::Table& table = *kept.snapshot.find(correction.block);
    Override there = correction;
    there.row = static_cast<std::uint32_t>(
        after_.find(correction.block)
            ->find(std::string(table.key[correction.row]), table.period[correction.row]));
    cell_ = std::make_unique<CellChange>(after_, there);
  }

  std::optional<Comparison> comparison() {
    if (moves_a_measure() || leads_outside(kept_.pack, part_, line_of(kept_.pack.schema, correction_.block)))
      return std::nullopt;
    Comparison out;
    for (const pack::Simulation& each : kept_.pack.simulations)
      if (out.measures.empty()) out.measures = each.measures;
    if (!figures(out) || !lists_and_schemes(out)) return std::nullopt;
    return out;
  }

 private:
  // Figures and targets.
  bool figures(Comparison& out) {
    for (const pack::Indicator& each : kept_.pack.indicators) {
      if (part_.indicators.count(each.name) == 0) continue;
      const auto moved = kept_.figures.indicator(each.id, before_, after_);
      if (!moved) return false;
      add_figures("indicator", each.name, *moved, out.figures);
    }
    for (const pack::Target& each : kept_.pack.targets) {
      if (part_.targets.count(each.id) == 0) continue;
      if (each.over.empty() || !each.formula.present() || !each.awaits.empty()) continue;
      const auto moved = kept_.figures.target(each.id, before_, after_);
      if (!moved) return false;
      add_figures("target", each.id, *moved, out.figures);
    }
    return true;
  }

  // Whether a figure that schemes or lists are judged by may move.
  bool moves_a_measure() const {
    if (part_.schemes.empty() && part_.rosters.empty()) return false;
    for (const run::GivenFigure& each : kept_.given_figures) {
      const pack::Indicator* indicator = kept_.pack.indicator(each.indicator);
      if (indicator == nullptr || rests_on(kept_.pack, kept_.snapshot, *indicator, each.period, correction_))
        return true;
    }
    return false;
  }

  // Where the records of the family stand in the whole.
  std::vector<run::Variants::OfRecords> records_of_the_whole() const {
    std::vector<run::Variants::OfRecords> out;
    for (const column::Table& few : before_.tables) {
      const column::Table* whole = kept_.snapshot.find(few.register_id);
      run::Variants::OfRecords& of = out.emplace_back();
      of.register_id = few.register_id;
      for (std::size_t row = 0; row < few.size(); ++row)
        of.rows.push_back(whole == nullptr ? -1 : whole->find(std::string(few.key[row]), few.period[row]));
    }
    return out;
  }

  bool lists_and_schemes(Comparison& out) {
    run::Part few;
    few.schemes = part_.schemes;
    few.rosters = part_.rosters;
    const std::vector<run::GivenStanding> standings = kept_.variants.standings(records_of_the_whole());
    // Where the correction may move a place among others, it moves the others' too.
    for (const run::GivenStanding& each : standings)
      if (rests_on(kept_.pack, *kept_.pack.indicator(each.indicator), correction_)) return false;
    const auto was = run::run_few(kept_.pack, before_, kept_.options, few, kept_.given_figures, standings);
    const auto now = run::run_few(kept_.pack, after_, kept_.options, few, kept_.given_figures, standings);
    if (!was || !now || !was->refusals.empty() || !now->refusals.empty()) return false;
    for (std::size_t s = 0; s < kept_.pack.schemes.size(); ++s) {
      const pack::Scheme& scheme = kept_.pack.schemes[s];
      if (part_.schemes.count(scheme.name) == 0) {
        const SchemeColumns* base = kept_.variants.base(s);
        if (base == nullptr && kept_.prices_change(s, {correction_})) return false;
        const auto restated = base == nullptr ? std::nullopt : kept_.schemes[s]->restated(correction_);
        if (base != nullptr && !restated) return false;
        out.schemes.push_back(base == nullptr
                                  ? kept_.unmoved(s)
                                  : kept_.schemes[s]->compare(*base, kept_.schemes[s]->rates({}), *restated));
        continue;
      }
      if (kept_.variants.base(s) == nullptr) return false;
      const result::SchemeResult *old = was->scheme(scheme.name), *fresh = now->scheme(scheme.name);
      if (old == nullptr || fresh == nullptr || !add_scheme(s, *old, *fresh, out)) return false;
    }
    for (std::size_t r = 0; r < kept_.pack.rosters.size(); ++r) {
      const pack::Roster& roster = kept_.pack.rosters[r];
      RosterComparison comparison = kept_.rosters[r];
      if (part_.rosters.count(roster.name) != 0) {
        if (!comparison.before_ran) return false;
        const result::RosterResult *old = was->roster(roster.name), *fresh = now->roster(roster.name);
        if (old == nullptr || fresh == nullptr) return false;
        comparison.listed_after += fresh->listed - old->listed;
        for (const auto& [row, entries] : by_row(old->entries, fresh->entries)) {
          const auto& [a, b] = entries;
          if (a != nullptr && b != nullptr && a->place == b->place && a->why == b->why) continue;
          comparison.changes.push_back({(b != nullptr ? b : a)->key, word_of(a), word_of(b)});
        }
      }
      out.rosters.push_back(std::move(comparison));
    }
    return true;
  }

  bool add_scheme(std::size_t s, const result::SchemeResult& was, const result::SchemeResult& now,
                  Comparison& out) {
    const pack::Scheme& scheme = kept_.pack.schemes[s];
    const SchemeColumns& base = *kept_.variants.base(s);
    const column::Table &small = *before_.find(scheme.of), &table = *kept_.snapshot.find(scheme.of);
    std::vector<run::ReplacedRecord> replaced;
    std::vector<std::uint32_t> touched;
    for (const auto& [row, outcomes] : by_row(was.outcomes, now.outcomes)) {
      const auto& [old, fresh] = outcomes;
      const std::int32_t found = table.find(std::string(small.key[row]), small.period[row]);
      if (found < 0) return false;
      const auto at = static_cast<std::uint32_t>(found);
      if (!agrees(base, at, old) || asks_the_others(scheme, fresh)) return false;
      if (old != nullptr && fresh != nullptr && same_alone(*old, *fresh) &&
          group_of(was, *old) == group_of(now, *fresh))
        continue;
      touched.push_back(at);
      run::ReplacedRecord& record = replaced.emplace_back();
      record.row = at;
      if (fresh == nullptr) continue;
      record.standing = fresh->standing;
      record.total = fresh->total;
      record.group = group_of(now, *fresh);
      record.veto = fresh->veto;
      record.protect = fresh->protect;
    }
    SchemeColumns after;
    if (!kept_.variants.replace(s, replaced, after)) return false;
    const auto restated = kept_.schemes[s]->restated(correction_);
    if (!restated) return false;
    SchemeComparison comparison = kept_.schemes[s]->compare(after, kept_.schemes[s]->rates({}), *restated);
    std::sort(touched.begin(), touched.end());
    comparison.touched = kept_.schemes[s]->touched(after, touched);
    out.schemes.push_back(std::move(comparison));
    return true;
  }

  static std::string group_of(const result::SchemeResult& scheme, const result::Outcome& outcome) {
    return outcome.group < 0 ? std::string() : scheme.groups[static_cast<std::size_t>(outcome.group)];
  }

  // An item that is now missing may be given the mean of the others in its group, of whom nothing is known
  // here.
  static bool asks_the_others(const pack::Scheme& scheme, const result::Outcome* outcome) {
    if (outcome == nullptr) return false;
    for (std::size_t i = 0; i < scheme.items.size(); ++i) {
      if (scheme.items[i].missing == pack::SchemeItem::Missing::NotRated) continue;
      if (i >= outcome->items.size() || outcome->items[i].state != quantity::State::Known) return true;
    }
    return false;
  }

  // The base says of a record what the reference says of it alone; else something leads out of the family.
  static bool agrees(const SchemeColumns& base, std::uint32_t row, const result::Outcome* outcome) {
    const auto at = std::lower_bound(base.rows.begin(), base.rows.end(), row);
    if (at == base.rows.end() || *at != row) return false;
    const auto i = static_cast<std::size_t>(at - base.rows.begin());
    if (outcome == nullptr) return base.standing[i] == Standing::NotDue;
    return base.standing[i] == outcome->standing &&
           (outcome->standing != Standing::Rated ||
            Decimal::scaled(base.total[i], -base.places) == *outcome->total);
  }

  const Resident::Kept& kept_;
  const run::Part& part_;
  const Override& correction_;
  column::Snapshot before_, after_;
  std::unique_ptr<CellChange> cell_;
};

}  // namespace

std::optional<Comparison> Resident::Kept::by_insertion(const run::Part& part,
                                                       const Override& correction) const {
  if (correction.kind != Override::Kind::Field) return std::nullopt;
  return Insertion(*this, part, correction).comparison();
}

}  // namespace tenglong::simulate
