// A scheme under other weights, bases and cuts is the scheme of the changed pack, by the interpreter, record
// by record; and many at once are the same as one after another.
#include "engine/run/variants.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "engine/run/trial.h"

namespace tenglong::run {
namespace {

using quantity::Decimal;
using trial::Data;
using trial::Random;

constexpr Data kData[] = {Data::Ordinary, Data::OneDigit, Data::OnLines, Data::Extreme};

std::uint64_t any_seed() {
  return *rc::gen::noShrink(rc::gen::resize(100, rc::gen::arbitrary<std::uint64_t>()));
}

feel::NodePtr literal(Decimal number) {
  auto node = std::make_shared<feel::Node>();
  node->kind = feel::NodeKind::Literal;
  node->value = feel::Value(number);
  return node;
}

Decimal any_number(Random& random) {
  const Decimal number = Decimal::scaled(static_cast<std::int64_t>(random.below(600)), -1);
  return random.one_in(9) ? Decimal(0) : random.one_in(9) ? divide(number, Decimal(3)).value() : number;
}

// A change, and the pack in which it is written.
SchemeChange any_change(Random& random, pack::Pack& pack) {
  SchemeChange change;
  pack::Scheme& scheme = pack.schemes.front();
  change.weights.resize(scheme.items.size());
  change.bases.resize(scheme.items.size());
  for (std::size_t i = 0; i < scheme.items.size(); ++i) {
    if (random.one_in(2)) {
      change.weights[i] = any_number(random);
      scheme.items[i].weight.tree = literal(*change.weights[i]);
    }
    if (random.one_in(5) && scheme.items[i].base.tree->kind == feel::NodeKind::Literal) {
      change.bases[i] = any_number(random);
      scheme.items[i].base.tree = literal(*change.bases[i]);
    }
  }
  bool any_base = false;
  for (const auto& each : change.bases) any_base = any_base || each.has_value();
  if (!any_base) change.bases.clear();
  change.cuts.resize(scheme.cuts.size());
  for (std::size_t c = 0; c < scheme.cuts.size(); ++c) {
    if (!random.one_in(3)) continue;
    SchemeChange::Cut& cut = change.cuts[c].emplace();
    if (scheme.cuts[c].percent) {
      cut.percent = scheme.cuts[c].percent = any_number(random);
    } else {
      static const char* const kTests[] = {">= ", "> ", "< ", "<= "};
      cut.score_test = feel::parse(kTests[random.below(4)] + any_number(random).to_string(), feel::NameSet(),
                                   {}, feel::Grammar::UnaryTests)
                           .tree;
      scheme.cuts[c].score_test = cut.score_test;
    }
  }
  return change;
}

void expect_same(const SchemeColumns& columns, const result::SchemeResult& expected) {
  std::size_t due = 0;
  RC_ASSERT(columns.groups == expected.groups);
  for (std::size_t i = 0; i < columns.rows.size(); ++i) {
    if (columns.standing[i] == result::Standing::NotDue) continue;
    ++due;
    const result::Outcome* outcome = nullptr;
    for (const result::Outcome& each : expected.outcomes)
      if (each.row == columns.rows[i]) outcome = &each;
    RC_ASSERT(outcome != nullptr);
    RC_ASSERT(columns.standing[i] == outcome->standing);
    if (outcome->standing != result::Standing::Rated) continue;
    RC_ASSERT(Decimal::scaled(columns.total[i], -columns.places) == *outcome->total);
    RC_ASSERT(columns.group[i] == outcome->group);
    RC_ASSERT(columns.rank[i] == outcome->rank);
    const auto grade = [&](std::int8_t at) {
      return at < 0 ? std::string() : columns.grades[static_cast<std::size_t>(at)];
    };
    RC_ASSERT(grade(columns.raw_grade[i]) == outcome->raw_grade);
    RC_ASSERT(grade(columns.grade[i]) == outcome->grade);
  }
  RC_ASSERT(due == expected.outcomes.size());
}

RC_GTEST_PROP(variants_laws, a_variant_is_the_scheme_of_the_changed_pack, ()) {
  Random random(any_seed());
  const pack::Pack pack = trial::read_policy(trial::random_policy(random));
  const column::Snapshot snapshot =
      trial::random_district(pack, random, kData[random.below(4)], 1 + random.below(30));
  Options options{.period = calendar::Period::year(2022)};
  options.batch_rows = random.one_in(2) ? 7 : 2048;
  const Variants variants(pack, snapshot, options);
  SchemeColumns columns;  // used again, as a slider does
  for (int i = 0; i < 4; ++i) {
    pack::Pack changed = pack;
    const SchemeChange change = any_change(random, changed);
    if (!variants.run(0, change, columns)) {
      RC_TAG("declined");
      continue;
    }
    RC_TAG("run");
    const result::Result expected = run_by_interpreter(changed, snapshot, options);
    RC_ASSERT(expected.scheme(pack.schemes.front().name) != nullptr);
    expect_same(columns, *expected.scheme(pack.schemes.front().name));
  }
}

RC_GTEST_PROP(variants_laws, threads_do_not_see_each_other, ()) {
  Random random(any_seed());
  const pack::Pack pack = trial::read_policy(trial::random_policy(random));
  const column::Snapshot snapshot = trial::random_district(pack, random, kData[random.below(4)], 25);
  const Options options{.period = calendar::Period::year(2022)};
  std::vector<SchemeChange> changes;
  for (int i = 0; i < 12; ++i) {
    pack::Pack changed = pack;
    changes.push_back(any_change(random, changed));
  }
  const auto all = [&](std::size_t threads) {
    const Variants variants(pack, snapshot, options);
    std::vector<SchemeColumns> out(changes.size());
    std::vector<std::thread> workers;
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        for (std::size_t i = t; i < changes.size(); i += threads)
          if (!variants.run(0, changes[i], out[i])) out[i].rank = {-1};
      });
    for (std::thread& each : workers) each.join();
    return out;
  };
  const auto one = all(1), four = all(4);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    RC_ASSERT(one[i].rank == four[i].rank);
    if (one[i].rank == std::vector<std::int32_t>{-1}) continue;
    RC_ASSERT(one[i].total == four[i].total);
    RC_ASSERT(one[i].grade == four[i].grade);
    RC_ASSERT(one[i].standing == four[i].standing);
  }
}

// Weights and cuts of an ordinary policy are never declined, or everything above would hold of nothing.
TEST(variants, weights_and_cuts_of_an_ordinary_policy_run_here) {
  std::size_t run = 0, asked = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    const pack::Pack pack = trial::read_policy(trial::random_policy(random));
    const column::Snapshot snapshot = trial::random_district(pack, random, Data::Ordinary, 30);
    const Variants variants(pack, snapshot, {.period = calendar::Period::year(2022)});
    if (variants.base(0) == nullptr) continue;
    SchemeChange change;
    change.weights = {Decimal(30), Decimal::scaled(125, -1)};
    SchemeColumns columns;
    ++asked;
    run += variants.run(0, change, columns) ? 1 : 0;
  }
  EXPECT_GT(asked, 50u);
  EXPECT_GE(run * 10, asked * 9) << run << " of " << asked;
}

}  // namespace
}  // namespace tenglong::run
