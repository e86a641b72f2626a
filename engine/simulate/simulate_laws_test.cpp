// A variant is a full run of the changed pack over the changed data, by the interpreter, bit for bit; and
// what is not named as reached does not move.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>

#include "engine/run/trial.h"
#include "engine/simulate/dependents.h"
#include "engine/simulate/simulation.h"

namespace tenglong::simulate {
namespace {

using run::trial::Data;
using run::trial::Random;

constexpr Data kData[] = {Data::Ordinary, Data::OneDigit, Data::OnLines, Data::Extreme};

std::uint64_t any_seed() {
  return *rc::gen::noShrink(rc::gen::resize(100, rc::gen::arbitrary<std::uint64_t>()));
}

struct Trial {
  explicit Trial(std::uint64_t seed)
      : random(seed),
        pack(run::trial::read_policy(run::trial::random_policy(random))),
        snapshot(run::trial::random_district(pack, random, kData[random.below(4)], 1 + seed % 31)) {}
  Random random;
  pack::Pack pack;
  column::Snapshot snapshot;
  run::Options options{.period = calendar::Period::year(2022)};

  std::string number() { return std::to_string(random.below(60)) + "." + std::to_string(random.below(10)); }
  std::string change() {
    const pack::Scheme& scheme = pack.schemes.front();
    const column::Table& years = *snapshot.find("enterprise_year");
    switch (random.below(6)) {
      case 0:
        return "税收基准(" + std::to_string(13 + random.below(4)) + ")=" + number();
      case 1:
        return random.one_in(4) ? "低效线(规上,2022)=未公布" : "低效线(规下,2022)=" + number() + " 万元/亩";
      case 2:
        return scheme.name + "." + scheme.items[random.below(scheme.items.size())].indicator +
               ".权重=" + number();
      case 3: {
        const std::size_t cut = random.below(scheme.cuts.size());
        if (!scheme.cuts[cut].percent) return scheme.name + "." + scheme.cuts[cut].grade + "=>= " + number();
        return scheme.name + "." + scheme.cuts[cut].grade + "=" + number();
      }
      default: {
        const std::size_t row = random.below(years.size());
        if (years.period[row] != options.period) return "低效线(规下,2022)=4";
        static const char* const kFields[] = {"实缴税收", "工业增加值", "用地面积", "综合能耗"};
        if (random.one_in(6)) return years.key[row] + ".行业组=" + (random.one_in(2) ? "一" : "新");
        if (random.one_in(6)) return years.key[row] + ".事故=" + (random.one_in(2) ? "是" : "存疑");
        return years.key[row] + "." + kFields[random.below(4)] + "=" + (random.one_in(8) ? "缺报" : number());
      }
    }
  }
  std::vector<Override> changes(std::size_t count) {
    std::vector<Override> out;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string text = change();
      ReadOverride read = read_override(text, pack, snapshot, options.period);
      if (!read.override)
        RC_FAIL(text + ": " + (read.diagnostics.empty() ? std::string() : read.diagnostics[0].message.zh));
      out.push_back(std::move(*read.override));
    }
    return out;
  }
};

// Header and fingerprint aside: a variant is not published.
std::string body(result::Result result) {
  result.header = {};
  return result::canonical(result);
}

void expect_same(const result::Result& actual, const result::Result& expected) {
  const std::string difference = run::trial::first_difference(body(actual), body(expected));
  if (!difference.empty()) RC_FAIL("differs at " + difference);
}

// The same changes made the plain way: a copy of everything, run whole by the interpreter.
result::Result whole_run(const Trial& trial, const std::vector<Override>& overrides) {
  column::Snapshot copy = trial.snapshot;
  std::vector<std::unique_ptr<CellChange>> cells;
  for (const Override& each : overrides)
    if (each.kind == Override::Kind::Field) cells.push_back(std::make_unique<CellChange>(copy, each));
  const result::Result result = run::run_by_interpreter(changed(trial.pack, overrides), copy, trial.options);
  while (!cells.empty()) cells.pop_back();
  return result;
}

RC_GTEST_PROP(simulate_laws, a_variant_is_a_full_run_of_the_changed_pack, ()) {
  Trial trial(any_seed());
  Simulation simulation(trial.pack, trial.snapshot, trial.options);
  for (int i = 0; i < 3; ++i) {
    const std::vector<Override> overrides = trial.changes(1 + trial.random.below(3));
    expect_same(simulation.with(overrides), whole_run(trial, overrides));
  }
  // Nothing sticks.
  expect_same(simulation.with({}), simulation.base());
}

RC_GTEST_PROP(simulate_laws, what_a_correction_does_not_name_does_not_move, ()) {
  Trial trial(any_seed());
  Simulation simulation(trial.pack, trial.snapshot, trial.options);
  const std::vector<Override> overrides = trial.changes(1);
  const Impact told = impact(simulation, overrides.front());
  const result::Result after = whole_run(trial, overrides);
  const Comparison whole = compare(trial.pack, trial.snapshot, simulation.base(), after);
  for (std::size_t s = 0; s < whole.schemes.size(); ++s) {
    RC_ASSERT(told.comparison.schemes[s].touched == whole.schemes[s].touched);
    if (!whole.schemes[s].touched.empty())
      RC_ASSERT(told.may_touch.schemes.count(whole.schemes[s].scheme) == 1);
  }
  for (std::size_t r = 0; r < whole.rosters.size(); ++r) {
    RC_ASSERT(told.comparison.rosters[r].changes.size() == whole.rosters[r].changes.size());
    if (!whole.rosters[r].changes.empty())
      RC_ASSERT(told.may_touch.rosters.count(whole.rosters[r].roster) == 1);
  }
  RC_ASSERT(told.comparison.figures.size() == whole.figures.size());
  for (const FigureChange& each : whole.figures)
    if (each.kind == "indicator") RC_ASSERT(told.may_touch.indicators.count(each.name) == 1);
}

RC_GTEST_PROP(simulate_laws, the_matrix_adds_up_to_both_sides, ()) {
  Trial trial(any_seed());
  Simulation simulation(trial.pack, trial.snapshot, trial.options);
  const Comparison comparison = simulation.compare_with(trial.changes(2));
  for (const SchemeComparison& scheme : comparison.schemes) {
    std::int64_t moved = 0, off_diagonal = 0;
    for (const Moved& each : scheme.moved)
      if (each.cut.empty()) moved += each.records;
    for (std::size_t from = 0; from < scheme.places.size(); ++from)
      for (std::size_t to = 0; to < scheme.places.size(); ++to)
        if (from != to) off_diagonal += scheme.transitions[from][to];
    RC_ASSERT(moved == off_diagonal);
    RC_ASSERT(static_cast<std::int64_t>(scheme.movers.size()) == off_diagonal);
    for (const std::string& failure : scheme.failures) RC_ASSERT(failure.find("流向表") == std::string::npos);
  }
}

}  // namespace
}  // namespace tenglong::simulate
