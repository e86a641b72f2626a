// 升档测算 against the plain way: the change applied to a copy, everything run by the interpreter.
#include "engine/simulate/rise.h"

#include <gtest/gtest.h>

#include <memory>

#include "engine/run/trial.h"
#include "engine/simulate/dependents.h"
#include "engine/text/text.h"

namespace tenglong::simulate {
namespace {

using run::trial::Data;
using run::trial::Random;

struct Found {
  int possible = 0, impossible = 0;
};

int place_of(const pack::Pack& pack, const std::string& grade) {
  return pack.schema.find_codes("grade")->position(grade);
}

// The grade by the interpreter with `steps` applied, the last one `back` steps short.
int place_after(const pack::Pack& pack, const column::Snapshot& snapshot, const run::Options& options,
                const RiseReport& report, const Rise& rise, int back) {
  std::vector<Override> overrides;
  for (const RiseStep& each : rise.steps) {
    Decimal to = each.to;
    if (&each == &rise.steps.back() && back > 0) to = each.from < to ? to - each.step : to + each.step;
    ReadOverride read =
        read_override(report.key + "." + each.field + "=" + to.to_string(), pack, snapshot, options.period);
    EXPECT_TRUE(read.override.has_value());
    overrides.push_back(std::move(*read.override));
  }
  column::Snapshot copy = snapshot;
  std::vector<std::unique_ptr<CellChange>> cells;
  for (const Override& each : overrides) cells.push_back(std::make_unique<CellChange>(copy, each));
  const result::Result result = run::run_by_interpreter(pack, copy, options);
  const result::SchemeResult* scheme = result.scheme(report.scheme);
  const result::Outcome* outcome = scheme == nullptr ? nullptr : scheme->find(report.key);
  return outcome == nullptr ? -1 : place_of(pack, outcome->grade);
}

void check(std::uint64_t seed, Data data, Found& found) {
  Random random(seed);
  const pack::Pack pack = run::trial::read_policy(run::trial::random_policy(random));
  const column::Snapshot snapshot = run::trial::random_district(pack, random, data, 14);
  const run::Options options{.period = calendar::Period::year(2022)};
  Simulation simulation(pack, snapshot, options);
  const result::SchemeResult* scheme = simulation.base().scheme(pack.schemes[0].name);
  if (scheme == nullptr) return;
  int asked = 0;
  for (const result::Outcome& each : scheme->outcomes) {
    if (++asked > 4) break;
    const RiseReport report = rise(simulation, pack.schemes[0], each.row);
    const int now = place_of(pack, each.grade);
    if (each.standing != result::Standing::Rated) {
      EXPECT_TRUE(report.singles.empty());
      EXPECT_FALSE(report.words.empty());
      continue;
    }
    EXPECT_FALSE(report.cheapest.has_value()) << "no cost is declared";
    for (const Rise& one : report.singles) {
      if (!one.possible) {
        EXPECT_FALSE(one.why.empty());
        ++found.impossible;
        continue;
      }
      ++found.possible;
      EXPECT_TRUE(one.verified);
      const int after = place_after(pack, snapshot, options, report, one, 0);
      EXPECT_TRUE(after >= 0 && after < now) << report.key << " " << one.steps[0].field << " seed " << seed;
      if (!one.step_before_fails) continue;
      const int before = place_after(pack, snapshot, options, report, one, 1);
      EXPECT_FALSE(before >= 0 && before < now)
          << report.key << " " << one.steps[0].field << " seed " << seed;
    }
  }
}

TEST(Rise, WhatItSaysLiftsDoesLiftAndOneStepLessDoesNot) {
  Found found;
  for (std::uint64_t seed = 1; seed <= 12; ++seed)
    check(seed, seed % 2 == 0 ? Data::Ordinary : Data::OneDigit, found);
  EXPECT_GT(found.possible, 5) << "or this test says nothing";
  EXPECT_GT(found.impossible, 0);
}

const char* const kLevers = R"(
```yaml simulation
id: levers
name: 试算口径
of: enterprise_year
levers:
  - {field: 实缴税收, min: 0, max: 400, step: 0.5, cost: 3}
  - {field: 工业增加值, min: 0, max: 2000, step: 1, cost: 1}
  - {field: 用地面积, min: 0.5, max: 60, step: 0.5, cost: 20}
source: 建 试验
```
)";

// The cheapest combination: it lifts by the interpreter, one step less of its last part does not, its cost is
// that of its parts, and no single change that lifts costs less.
void check_cheapest(std::uint64_t seed, Data data, Found& found, int& of_two) {
  Random random(seed);
  const pack::Pack pack = run::trial::read_policy(run::trial::random_policy(random) + kLevers);
  const column::Snapshot snapshot = run::trial::random_district(pack, random, data, 14);
  const run::Options options{.period = calendar::Period::year(2022)};
  Simulation simulation(pack, snapshot, options);
  const result::SchemeResult* scheme = simulation.base().scheme(pack.schemes[0].name);
  if (scheme == nullptr) return;
  int asked = 0;
  for (const result::Outcome& each : scheme->outcomes) {
    if (each.standing != result::Standing::Rated || ++asked > 2) continue;
    const RiseReport report = rise(simulation, pack.schemes[0], each.row);
    const int now = place_of(pack, each.grade);
    EXPECT_EQ(report.by_rank, pack.schemes[0].cuts.front().score_test == nullptr);
    EXPECT_FALSE(report.cheapest_why.zh.empty() && report.words.empty()) << "it says why there is none";
    if (!report.cheapest) {
      ++found.impossible;
      continue;
    }
    ++found.possible;
    const Rise& cheapest = *report.cheapest;
    of_two += cheapest.steps.size() == 2 ? 1 : 0;
    EXPECT_TRUE(cheapest.verified);
    const int after = place_after(pack, snapshot, options, report, cheapest, 0);
    EXPECT_TRUE(after >= 0 && after < now) << report.key << " seed " << seed;
    if (cheapest.step_before_fails) {
      const int before = place_after(pack, snapshot, options, report, cheapest, 1);
      EXPECT_FALSE(before >= 0 && before < now) << report.key << " seed " << seed;
    }
    Decimal cost = 0;
    for (const RiseStep& step : cheapest.steps)
      for (const pack::Lever& lever : pack.simulations[0].levers)
        if (lever.field == step.field) cost = cost + *lever.cost * (step.to - step.from).abs();
    ASSERT_TRUE(cheapest.cost.has_value());
    EXPECT_EQ(*cheapest.cost, cost) << report.key << " seed " << seed;
    for (const Rise& one : report.singles)
      if (one.possible && one.cost) {
        EXPECT_FALSE(*one.cost < cost) << report.key << " seed " << seed;
      }
  }
}

TEST(Rise, TheCheapestCombinationLiftsAndNoSingleChangeIsCheaper) {
  Found found;
  int of_two = 0;
  for (std::uint64_t seed = 101; seed <= 116; ++seed)
    check_cheapest(seed, seed % 2 == 0 ? Data::Ordinary : Data::OneDigit, found, of_two);
  EXPECT_GT(found.possible, 5) << "or this test says nothing";
  EXPECT_GT(found.impossible, 0);
  RecordProperty("of_two_parts", of_two);
}

// Whoever asks may declare what the pack does not; the answer is that of a pack that declares it.
TEST(Rise, TermsOfWhoeverAsksAreAsThePacks) {
  const char* const steps_only =
      "\n```yaml simulation\nid: levers\nname: 试算口径\nof: enterprise_year\nlevers:\n"
      "  - {field: 实缴税收, step: 0.5}\n  - {field: 工业增加值, step: 1}\n  - {field: 用地面积, step: 0.5}\n"
      "source: 建 试验\n```\n";
  const RiseTerms terms{.costs = {"实缴税收=3", " 工业增加值 = 1 ", "用地面积=20"},
                        .minimums = {"实缴税收=0", "工业增加值=0", "用地面积=0.5"},
                        .maximums = {"实缴税收=400", "工业增加值=2000", "用地面积=60"}};
  int compared = 0;
  for (std::uint64_t seed = 101; seed <= 106; ++seed) {
    std::vector<std::string> found[2];
    for (const bool is_own : {false, true}) {
      Random random(seed);
      const std::string policy = run::trial::random_policy(random);
      const pack::Pack pack = run::trial::read_policy(policy + (is_own ? steps_only : kLevers));
      const column::Snapshot snapshot = run::trial::random_district(pack, random, Data::Ordinary, 14);
      Simulation simulation(pack, snapshot, {.period = calendar::Period::year(2022)});
      const result::SchemeResult* scheme = simulation.base().scheme(pack.schemes[0].name);
      if (scheme == nullptr) continue;
      const std::vector<std::string> under = fields_under(pack, pack.schemes[0]);
      RiseTerms own;
      const auto only_under = [&](const std::vector<std::string>& all, std::vector<std::string>& out) {
        for (const std::string& each : all)
          for (const std::string& name : under)
            if (is_own && text::trim(std::string_view(each).substr(0, each.find('='))) == name)
              out.push_back(each);
      };
      only_under(terms.costs, own.costs), only_under(terms.minimums, own.minimums);
      only_under(terms.maximums, own.maximums);
      const ReadTerms read = read_terms(own, pack, pack.schemes[0]);
      ASSERT_TRUE(read.diagnostics.empty());
      int asked = 0;
      for (const result::Outcome& each : scheme->outcomes) {
        if (each.standing != result::Standing::Rated || ++asked > 3) continue;
        const RiseReport report = rise(simulation, pack.schemes[0], each.row, read.levers);
        std::string line = report.key + (report.cheapest ? " " + report.cheapest->cost->to_string() : " -");
        if (report.cheapest)
          for (const RiseStep& step : report.cheapest->steps) line += " " + step.field + step.to.to_string();
        compared += report.cheapest ? 1 : 0;
        found[is_own].push_back(std::move(line));
      }
    }
    EXPECT_EQ(found[0], found[1]) << seed;
  }
  EXPECT_GT(compared, 5) << "or this test says nothing";
}

TEST(Rise, EveryMistakeInTermsIsTold) {
  Random random(101);
  const pack::Pack pack = run::trial::read_policy(run::trial::random_policy(random));
  const std::string field = fields_under(pack, pack.schemes[0]).at(0);
  const ReadTerms read = read_terms({.costs = {"没有等号", "没有这个字段=1", field + "=三", field + "=-1"},
                                     .minimums = {field + "=9"},
                                     .maximums = {field + "=8"}},
                                    pack, pack.schemes[0]);
  std::vector<std::string> codes;
  for (const diagnostic::Diagnostic& each : read.diagnostics) codes.push_back(each.code);
  EXPECT_EQ(codes, (std::vector<std::string>{"E-SIMULATE-101", "E-SIMULATE-102", "E-SIMULATE-103",
                                             "E-SIMULATE-104", "E-SIMULATE-104"}));
}

}  // namespace
}  // namespace tenglong::simulate
