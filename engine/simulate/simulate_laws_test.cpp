// A variant is a full run of the changed pack over the changed data, by the interpreter, bit for bit; and
// what is not named as reached does not move.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <memory>
#include <set>

#include "engine/feel/evaluate.h"
#include "engine/run/trial.h"
#include "engine/simulate/dependents.h"
#include "engine/simulate/inside/beside.h"
#include "engine/simulate/resident.h"
#include "engine/simulate/simulation.h"

namespace tenglong::simulate {
namespace {

using run::trial::Data;
using run::trial::Random;

constexpr Data kData[] = {Data::Ordinary, Data::OneDigit, Data::OnLines, Data::Extreme};

std::uint64_t any_seed() {
  return *rc::gen::noShrink(rc::gen::resize(100, rc::gen::arbitrary<std::uint64_t>()));
}

const char* const kSimulation = R"(
```yaml simulation
id: trial
name: 试算口径
of: enterprise_year
measures: [用地面积, 实缴税收]
by: [企业.镇街, 行业组]
bins: [0, 20.5, 40]
prices:
  - {name: 能耗加价, field: 综合能耗, rate: 能耗加价标准, unit: 万元}
  - {name: 用地加价, field: 用地面积, rate: 用地加价标准, unit: 元}
source: 建 试验
```
)";

// A rate by grade of as many digits as come, now and then not published; 元 by 平方米 meets 亩 in thirds.
std::string rate_of(Random& random, const char* id, const char* name, const char* unit) {
  std::string text = std::string("\n```yaml parameter\nid: ") + id + "\nname: " + name + "\nunit: " + unit +
                     "\nkeys: [等级]\nsource: 建 试验\n```\n\n| 等级 | 值 |\n|---|---|\n";
  for (const char* grade : {"A", "B", "C", "D"}) {
    std::string value = std::to_string(random.below(4)) + "." + std::to_string(random.below(1000));
    if (random.one_in(8)) value += "123456789012345678901234567";
    text += std::string("| \"") + grade + "\" | " + (random.one_in(9) ? "未公布" : value) + " |\n";
  }
  return text;
}

struct Trial {
  explicit Trial(std::uint64_t seed, const char* more = "")
      : random(seed),
        has_prices(more == kSimulation),
        pack(run::trial::read_policy(run::trial::random_policy(random) + more +
                                     (has_prices
                                          ? rate_of(random, "energy_rate", "能耗加价标准", "元/千克标准煤") +
                                                rate_of(random, "land_rate", "用地加价标准", "元/平方米")
                                          : ""))),
        snapshot(run::trial::random_district(pack, random, kData[random.below(4)], 1 + seed % 31)) {}
  Random random;
  bool has_prices = false;
  pack::Pack pack;
  column::Snapshot snapshot;
  run::Options options{.period = calendar::Period::year(2022)};

  std::string number() { return std::to_string(random.below(60)) + "." + std::to_string(random.below(10)); }
  std::string change() {
    const pack::Scheme& scheme = pack.schemes.front();
    const column::Table& years = *snapshot.find("enterprise_year");
    if (has_prices && random.one_in(4))
      return std::string(random.one_in(2) ? "能耗加价标准(" : "用地加价标准(") + "ABCD"[random.below(4)] +
             ")=" + (random.one_in(5) ? "未公布" : number());
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

// What prices come to, record by record as FEEL says it.
Priced prices_by_feel(const pack::Pack& pack, const column::Snapshot& snapshot,
                      const result::Result& result) {
  Priced out;
  for (const pack::Scheme& scheme : pack.schemes) {
    const pack::Simulation* declared = pack.simulation_of(scheme.of);
    const result::SchemeResult* ran = result.scheme(scheme.name);
    if (declared == nullptr || ran == nullptr) continue;
    for (const pack::Price& price : declared->prices) {
      PriceSums& sums = out[scheme.name].emplace_back();
      sums.name = price.name, sums.unit = price.unit.name();
      std::map<std::pair<std::string, std::string>, std::vector<feel::Value>> money;
      const pack::Parameter& rate = *pack.parameter(price.rate);
      const auto lines_of = [&](const std::string& grade, std::uint32_t row) {
        std::vector<std::pair<std::string, std::string>> lines{{"", ""}, {"等级", grade}};
        for (const std::string& by : declared->by)
          lines.emplace_back(by, text_beside(pack, snapshot, scheme.of, by, row));
        return lines;
      };
      std::set<std::pair<std::string, std::string>> refused;
      std::set<std::string> waits;
      for (const char* grade : {"A", "B", "C", "D"}) sums.lines[{"等级", grade}].money = Decimal(0);
      sums.lines[{"", ""}].money = Decimal(0);
      for (const result::Outcome& each : ran->outcomes) {
        if (each.standing != result::Standing::Rated || each.grade.empty()) continue;
        const pack::ParameterRow& row = *pack::lookup(rate, {feel::Value(each.grade)}, {2022, 12, 31});
        feel::Context names;
        names.put("费率", row.value.value_or(feel::Value()));
        const feel::Value quantity =
            column::value_of(*snapshot.find(scheme.of),
                             static_cast<std::size_t>(pack.schema.find(scheme.of)->field_index(
                                 pack.schema.find(scheme.of)->find_by_name(price.field)->id)),
                             each.row);
        names.put("数量", quantity);
        const feel::Value product =
            feel::evaluate(*feel::parse("费率 * 数量", feel::NameSet({"费率", "数量"})).tree,
                           feel::ContextEnvironment(names))
                .value;
        if (!row.value) waits.insert("no rate");
        for (const auto& line : lines_of(each.grade, each.row)) {
          PriceSum& sum = sums.lines[line];
          ++sum.records;
          if (!row.value) refused.insert(line);
          if (quantity.is_null()) ++sum.without;
          if (product.kind() == feel::Kind::Number)
            money[line].push_back(feel::Value(*tenglong::quantity::convert(product.number(), price.to_unit)));
        }
      }
      for (auto& [line, sum] : sums.lines) {
        tenglong::quantity::ExactSum all;
        for (const feel::Value& each : money[line]) all.add(each.number());
        sum.money = refused.count(line) != 0 ? std::nullopt : all.result();
      }
      sums.waits.assign(waits.begin(), waits.end());
    }
  }
  return out;
}

Comparison whole_comparison(const Trial& trial, const result::Result& before,
                            const std::vector<Override>& overrides) {
  column::Snapshot copy = trial.snapshot;
  std::vector<std::unique_ptr<CellChange>> cells;
  for (const Override& each : overrides)
    if (each.kind == Override::Kind::Field) cells.push_back(std::make_unique<CellChange>(copy, each));
  const pack::Pack changed_pack = changed(trial.pack, overrides);
  const result::Result after = run::run_by_interpreter(changed_pack, copy, trial.options);
  Comparison out =
      compare(trial.pack, trial.snapshot, before, after, prices_by_feel(trial.pack, trial.snapshot, before),
              prices_by_feel(changed_pack, copy, after));
  while (!cells.empty()) cells.pop_back();
  return out;
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

// What a page shows of two comparisons must be the same; `touched` is told by compare() alone.
void expect_same_page(const Comparison& actual, const Comparison& expected) {
  RC_ASSERT(actual.measures == expected.measures);
  RC_ASSERT(actual.schemes.size() == expected.schemes.size());
  for (std::size_t s = 0; s < expected.schemes.size(); ++s) {
    const SchemeComparison &a = actual.schemes[s], &b = expected.schemes[s];
    RC_ASSERT(a.before_ran == b.before_ran);
    RC_ASSERT(a.after_ran == b.after_ran);
    RC_ASSERT(a.places == b.places);
    RC_ASSERT(a.transitions == b.transitions);
    RC_ASSERT(a.movers.size() == b.movers.size());
    for (std::size_t m = 0; m < b.movers.size(); ++m) {
      RC_ASSERT(a.movers[m].key == b.movers[m].key);
      RC_ASSERT(a.movers[m].row == b.movers[m].row);
      RC_ASSERT(a.movers[m].from == b.movers[m].from);
      RC_ASSERT(a.movers[m].to == b.movers[m].to);
      RC_ASSERT(a.movers[m].total_before == b.movers[m].total_before);
      RC_ASSERT(a.movers[m].total_after == b.movers[m].total_after);
      RC_ASSERT(a.movers[m].rank_before == b.movers[m].rank_before);
      RC_ASSERT(a.movers[m].rank_after == b.movers[m].rank_after);
    }
    RC_ASSERT(a.moved.size() == b.moved.size());
    for (std::size_t m = 0; m < b.moved.size(); ++m) {
      RC_ASSERT(a.moved[m].cut == b.moved[m].cut);
      RC_ASSERT(a.moved[m].of == b.moved[m].of);
      RC_ASSERT(a.moved[m].from == b.moved[m].from);
      RC_ASSERT(a.moved[m].to == b.moved[m].to);
      RC_ASSERT(a.moved[m].records == b.moved[m].records);
      RC_ASSERT(a.moved[m].measures.size() == b.moved[m].measures.size());
      for (std::size_t k = 0; k < b.moved[m].measures.size(); ++k) {
        RC_ASSERT(a.moved[m].measures[k].sum == b.moved[m].measures[k].sum);
        RC_ASSERT(a.moved[m].measures[k].without == b.moved[m].measures[k].without);
      }
    }
    RC_ASSERT(a.distribution.size() == b.distribution.size());
    for (std::size_t d = 0; d < b.distribution.size(); ++d) {
      RC_ASSERT(a.distribution[d].before == b.distribution[d].before);
      RC_ASSERT(a.distribution[d].after == b.distribution[d].after);
    }
    RC_ASSERT(a.prices.size() == b.prices.size());
    for (std::size_t p = 0; p < b.prices.size(); ++p) {
      RC_ASSERT(a.prices[p].name == b.prices[p].name);
      RC_ASSERT(a.prices[p].waits_before.empty() == b.prices[p].waits_before.empty());
      RC_ASSERT(a.prices[p].waits_after.empty() == b.prices[p].waits_after.empty());
      RC_ASSERT(a.prices[p].lines.size() == b.prices[p].lines.size());
      for (std::size_t l = 0; l < b.prices[p].lines.size(); ++l) {
        const PriceLine &x = a.prices[p].lines[l], &y = b.prices[p].lines[l];
        RC_ASSERT(x.cut == y.cut);
        RC_ASSERT(x.of == y.of);
        for (const auto& [s1, s2] : {std::pair(&x.before, &y.before), std::pair(&x.after, &y.after)}) {
          RC_ASSERT(s1->records == s2->records);
          RC_ASSERT(s1->without == s2->without);
          RC_ASSERT(s1->money == s2->money);
        }
      }
    }
    for (const auto& [x, y] : {std::pair(&a.before, &b.before), std::pair(&a.after, &b.after)}) {
      RC_ASSERT(x->due == y->due);
      RC_ASSERT(x->rated == y->rated);
      RC_ASSERT(x->exempt == y->exempt);
      RC_ASSERT(x->not_rated == y->not_rated);
      RC_ASSERT(x->by_grade == y->by_grade);
      RC_ASSERT(x->failures == y->failures);
    }
  }
  RC_ASSERT(actual.rosters.size() == expected.rosters.size());
  for (std::size_t r = 0; r < expected.rosters.size(); ++r) {
    const RosterComparison &a = actual.rosters[r], &b = expected.rosters[r];
    RC_ASSERT(a.before_ran == b.before_ran);
    RC_ASSERT(a.after_ran == b.after_ran);
    RC_ASSERT(a.listed_before == b.listed_before);
    RC_ASSERT(a.listed_after == b.listed_after);
    RC_ASSERT(a.changes.size() == b.changes.size());
    for (std::size_t c = 0; c < b.changes.size(); ++c) {
      RC_ASSERT(a.changes[c].key == b.changes[c].key);
      RC_ASSERT(a.changes[c].before == b.changes[c].before);
      RC_ASSERT(a.changes[c].after == b.changes[c].after);
    }
  }
  RC_ASSERT(actual.figures.size() == expected.figures.size());
  for (std::size_t f = 0; f < expected.figures.size(); ++f) {
    RC_ASSERT(actual.figures[f].name == expected.figures[f].name);
    RC_ASSERT(actual.figures[f].of == expected.figures[f].of);
    RC_ASSERT(actual.figures[f].before == expected.figures[f].before);
    RC_ASSERT(actual.figures[f].after == expected.figures[f].after);
  }
}

RC_GTEST_PROP(simulate_laws, a_resident_trial_shows_what_two_full_runs_show, ()) {
  Trial trial(any_seed(), kSimulation);
  const Resident resident(trial.pack, trial.snapshot, trial.options);
  const result::Result before = run::run_by_interpreter(trial.pack, trial.snapshot, trial.options);
  for (int i = 0; i < 3; ++i) {
    const std::vector<Override> overrides = trial.changes(1 + trial.random.below(3));
    const simulate::Answer tried = resident.with(overrides);
    RC_TAG(tried.whole_run ? "the long way" : "by columns");
    expect_same_page(tried.comparison, whole_comparison(trial, before, overrides));
  }
}

RC_GTEST_PROP(simulate_laws, a_correction_by_insertion_is_a_full_run, ()) {
  Trial trial(any_seed(), kSimulation);
  const Resident resident(trial.pack, trial.snapshot, trial.options);
  const result::Result before = run::run_by_interpreter(trial.pack, trial.snapshot, trial.options);
  for (int i = 0; i < 4; ++i) {
    std::vector<Override> overrides = trial.changes(1);
    if (overrides.front().kind != Override::Kind::Field) continue;
    const Resident::Correction told = resident.correct(overrides.front());
    RC_TAG(told.whole_run ? "the long way" : "by insertion");
    const Comparison whole = whole_comparison(trial, before, overrides);
    expect_same_page(told.comparison, whole);
    for (std::size_t s = 0; s < whole.schemes.size(); ++s)
      RC_ASSERT(told.comparison.schemes[s].touched == whole.schemes[s].touched);
  }
}

RC_GTEST_PROP(simulate_laws, the_only_cell_that_differs_is_the_correction, ()) {
  Trial trial(any_seed());
  RC_ASSERT(!only_change(trial.snapshot, trial.snapshot));
  for (int i = 0; i < 4; ++i) {
    const Override one = trial.changes(1).front(), other = trial.changes(1).front();
    if (one.kind != Override::Kind::Field || other.kind != Override::Kind::Field) continue;
    const auto value_in = [&](const column::Snapshot& snapshot, const Override& at) {
      const column::Table& table = *snapshot.find(at.block);
      return std::pair(column::state_of(table, at.index, at.row),
                       column::value_of(table, at.index, at.row).to_text());
    };
    column::Snapshot after = trial.snapshot;
    const CellChange put(after, one);
    const auto found = only_change(trial.snapshot, after);
    RC_ASSERT(found.has_value() == (value_in(trial.snapshot, one) != value_in(after, one)));
    if (!found) continue;
    RC_ASSERT(found->block == one.block);
    RC_ASSERT(found->index == one.index);
    RC_ASSERT(found->row == one.row);
    // Put where it says, it makes the one snapshot into the other.
    column::Snapshot again = trial.snapshot;
    const CellChange put_again(again, *found);
    RC_ASSERT(!only_change(after, again));
    RC_ASSERT(value_in(again, one) == value_in(after, one));
    const bool elsewhere = other.block != one.block || other.index != one.index || other.row != one.row;
    const auto was = value_in(after, other);
    const CellChange second(after, other);
    if (elsewhere && value_in(after, other) != was) RC_ASSERT(!only_change(trial.snapshot, after));
  }
}

RC_GTEST_PROP(simulate_laws, what_a_correction_does_not_name_does_not_move, ()) {
  Trial trial(any_seed());
  Simulation simulation(trial.pack, trial.snapshot, trial.options);
  const std::vector<Override> overrides = trial.changes(1);
  const Impact told = impact(simulation, overrides.front());
  const result::Result after = whole_run(trial, overrides);
  const Comparison whole = compare(trial.pack, trial.snapshot, simulation.base(), after, {}, {});
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
