// The law of this room: columns and interpreter say the same, bit for bit, whatever the policy and the data.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "engine/run/distance.h"
#include "engine/run/figure.h"
#include "engine/run/inside/scheme_run.h"
#include "engine/run/row.h"
#include "engine/run/run.h"
#include "engine/run/trial.h"

namespace tenglong::run {
namespace {

using trial::Data;
using trial::Random;

constexpr Data kData[] = {Data::Ordinary, Data::OneDigit, Data::OnLines, Data::Extreme, Data::Cancelling};
constexpr std::size_t kKinds = std::size(kData);

// A seed stands for a whole policy and district: nothing to shrink.
std::uint64_t any_seed() {
  return *rc::gen::noShrink(rc::gen::resize(100, rc::gen::arbitrary<std::uint64_t>()));
}

void expect_same(const std::string& what, const result::Result& actual, const result::Result& expected) {
  const std::string difference =
      trial::first_difference(result::canonical(actual), result::canonical(expected));
  if (!difference.empty()) RC_FAIL(what + " differs from the interpreter at " + difference);
  RC_ASSERT(actual.header.fingerprint == expected.header.fingerprint);
}

void engine_equals_interpreter(std::uint64_t seed, Data data, std::size_t firms) {
  Random random(seed);
  const std::string text = trial::random_policy(random);
  const pack::Pack pack = trial::read_policy(text);
  const column::Snapshot snapshot = trial::random_district(pack, random, data, firms);
  const Options options{.period = calendar::Period::year(random.one_in(8) ? 2021 : 2022)};
  const result::Result expected = run_by_interpreter(pack, snapshot, options);
  for (const std::size_t batch : {std::size_t{1}, std::size_t{7}, std::size_t{2048}}) {
    Options each = options;
    each.batch_rows = batch;
    expect_same("batch " + std::to_string(batch) + " of\n" + text, run(pack, snapshot, each), expected);
  }
  for (const int threads : {2, 8}) {
    Options each = options;
    each.batch_rows = threads == 2 ? 7 : 3;
    each.threads = threads;
    expect_same(std::to_string(threads) + " threads of\n" + text, run(pack, snapshot, each), expected);
  }
  Options exact = options;
  exact.arithmetic = Arithmetic::Exact;
  expect_same("decimal128 of\n" + text, run(pack, snapshot, exact), expected);
}

RC_GTEST_PROP(run_laws, engine_equals_interpreter_on_ordinary_data, ()) {
  const std::uint64_t seed = any_seed();
  engine_equals_interpreter(seed, Data::Ordinary, seed % 61);
}
RC_GTEST_PROP(run_laws, engine_equals_interpreter_on_one_digit_data_full_of_ties, ()) {
  const std::uint64_t seed = any_seed();
  engine_equals_interpreter(seed, Data::OneDigit, seed % 61);
}
RC_GTEST_PROP(run_laws, engine_equals_interpreter_on_firms_exactly_on_lines, ()) {
  const std::uint64_t seed = any_seed();
  engine_equals_interpreter(seed, Data::OnLines, seed % 61);
}
RC_GTEST_PROP(run_laws, engine_equals_interpreter_on_huge_tiny_and_long_numbers, ()) {
  const std::uint64_t seed = any_seed();
  engine_equals_interpreter(seed, Data::Extreme, seed % 61);
}
RC_GTEST_PROP(run_laws, engine_equals_interpreter_where_large_numbers_cancel, ()) {
  const std::uint64_t seed = any_seed();
  engine_equals_interpreter(seed, Data::Cancelling, seed % 61);
}

RC_GTEST_PROP(run_laws, shuffled_rows_give_the_same_fingerprint, ()) {
  const std::uint64_t seed = any_seed();
  Random random(seed);
  const pack::Pack pack = trial::read_policy(trial::random_policy(random));
  auto records = trial::random_records(pack, random, kData[random.below(kKinds)], 30);
  const Options options{.period = calendar::Period::year(2022)};
  const result::Result straight = run(pack, column::snapshot_of(pack.schema, records), options);
  for (auto& each : records)
    for (std::size_t i = each.size(); i > 1; --i) std::swap(each[i - 1], each[random.below(i)]);
  expect_same("shuffled", run(pack, column::snapshot_of(pack.schema, records), options), straight);
}

RC_GTEST_PROP(run_laws, one_row_on_its_own_says_what_the_run_said, ()) {
  const std::uint64_t seed = any_seed();
  Random random(seed);
  const pack::Pack pack = trial::read_policy(trial::random_policy(random));
  const column::Snapshot snapshot = trial::random_district(pack, random, kData[random.below(kKinds)], 20);
  const Options options{.period = calendar::Period::year(2022)};
  const result::Result result = run(pack, snapshot, options);
  for (const bool with_result : {true, false}) {
    RowReader reader(pack, snapshot, options, with_result ? &result : nullptr);
    for (const result::Outcome& outcome : result.schemes.at(0).outcomes) {
      const RowView row = reader.read("enterprise_year", outcome.row);
      const SchemeView& view = row.schemes.at(0);
      RC_ASSERT(view.standing == outcome.standing);
      RC_ASSERT(view.why == outcome.why);
      if (outcome.standing != result::Standing::Rated) continue;
      RC_ASSERT(view.total == outcome.total);
      RC_ASSERT(view.rank == outcome.rank);
      RC_ASSERT(view.grade == outcome.grade);
      for (std::size_t i = 0; i < outcome.items.size(); ++i)
        RC_ASSERT(view.items[i].score.number().rounded(pack.schemes[0].rounding) == *outcome.items[i].score);
    }
  }
}

RC_GTEST_PROP(run_laws, a_figure_opened_is_the_figure_of_the_run_and_its_parts_add_up, ()) {
  Random random(any_seed());
  const pack::Pack pack = trial::read_policy(trial::random_policy(random));
  const column::Snapshot snapshot = trial::random_district(pack, random, kData[random.below(kKinds)], 30);
  const Options options{.period = calendar::Period::year(2022)};
  const result::Result result = run(pack, snapshot, options);
  FigureReader reader(pack, snapshot, options);
  for (const result::AggregateResult& aggregate : result.aggregates)
    for (const result::AggregateCell& cell : aggregate.cells) {
      const std::optional<FigureView> view = reader.read(aggregate.indicator, cell.cut, cell.of);
      RC_ASSERT(view.has_value());
      RC_ASSERT(view->left_to_interpreter.empty());
      RC_ASSERT(view->records == cell.records);
      RC_ASSERT((view->rounded.kind() == feel::Kind::Number) == cell.value.has_value());
      if (cell.value) RC_ASSERT(view->rounded.number() == *cell.value);
      RC_ASSERT(static_cast<std::int64_t>(view->parts.size()) == cell.records);
      for (std::size_t i = 0; i < view->sums.size(); ++i) {
        if (view->sums[i].function != "sum") continue;
        quantity::ExactSum sum;
        for (const PartView& part : view->parts)
          if (part.values[i].kind() == feel::Kind::Number) sum.add(part.values[i].number());
        if (view->sums[i].value.kind() == feel::Kind::Number)
          RC_ASSERT(sum.result() == view->sums[i].value.number());
      }
      const std::optional<FigureView> few = reader.read(aggregate.indicator, cell.cut, cell.of, 3);
      for (std::size_t i = 0; i < few->parts.size(); ++i) RC_ASSERT(few->parts[i].key == view->parts[i].key);
    }
}

RC_GTEST_PROP(run_laws, what_a_list_lacks_is_what_its_condition_says, ()) {
  Random random(any_seed());
  const pack::Pack pack = trial::read_policy(trial::random_policy(random));
  const column::Snapshot snapshot = trial::random_district(pack, random, kData[random.below(kKinds)], 20);
  const Options options{.period = calendar::Period::year(2022)};
  const result::Result result = run(pack, snapshot, options);
  DistanceReader reader(pack, snapshot, options, result);
  for (const result::SchemeResult& scheme : result.schemes)
    for (const result::Outcome& outcome : scheme.outcomes) {
      // What is kept between questions says what one question alone says.
      const auto kept = reader.read("enterprise_year", outcome.row, scheme.scheme);
      const auto alone =
          distances_of(pack, snapshot, options, result, "enterprise_year", outcome.row, scheme.scheme);
      RC_ASSERT(kept.has_value() == alone.has_value());
      if (!kept) continue;
      RC_ASSERT(kept->better.size() == alone->better.size());
      for (std::size_t i = 0; i < kept->better.size(); ++i) {
        RC_ASSERT(kept->better[i].points == alone->better[i].points);
        RC_ASSERT(kept->better[i].places == alone->better[i].places);
        // Whoever stands last within a better cut has at least this total.
        if (kept->better[i].places > 0 && kept->better[i].points)
          RC_ASSERT(*kept->better[i].points >= Decimal(0));
      }
    }
  for (const result::RosterResult& roster : result.rosters)
    for (const result::RosterEntry& entry : roster.entries) {
      const auto distances = reader.read("enterprise_year", entry.row, roster.roster);
      RC_ASSERT(distances.has_value());
      // A way that holds is met by the condition, and a condition that is met has one.
      bool holds = false;
      for (const WayIn& way : distances->ways) holds = holds || way.missed + way.unknown == 0;
      RC_ASSERT(holds == distances->is_met);
      if (entry.place == result::RosterEntry::Place::Listed) RC_ASSERT(holds);
      if (entry.place == result::RosterEntry::Place::NotListed) RC_ASSERT(!holds);
      for (const WayIn& way : distances->ways)
        for (const ConditionGap& gap : way.conditions)
          if (gap.distance && gap.left.kind() == feel::Kind::Number)
            RC_ASSERT(subtract(gap.right.number(), gap.left.number()) == gap.distance);
    }
}

RC_GTEST_PROP(run_laws, radix_ranks_are_those_of_counting_who_is_better, ()) {
  Random random(any_seed());
  const std::size_t n = random.below(50), groups = 1 + random.below(4);
  // Small totals tie; total spreads beyond 64 bits of key take the other way.
  const bool wide = random.one_in(3);
  std::vector<std::int64_t> total(n), size;
  std::vector<std::int32_t> group(n), rank;
  for (std::size_t i = 0; i < n; ++i) {
    total[i] = wide ? static_cast<std::int64_t>(random.next()) / 2
                    : static_cast<std::int64_t>(random.below(20)) - 10;
    group[i] = static_cast<std::int32_t>(random.below(groups + 1)) - 1;
  }
  for (const auto ties : {pack::Scheme::Ties::Better, pack::Scheme::Ties::Worse}) {
    rank_within_groups(total, group, groups, ties, rank, size);
    for (std::size_t i = 0; i < n; ++i) {
      std::int32_t better = 0, equal = 0;
      for (std::size_t j = 0; j < n; ++j) {
        if (group[j] != group[i]) continue;
        better += total[j] > total[i];
        equal += total[j] == total[i];
      }
      if (group[i] >= 0) RC_ASSERT(rank[i] == better + (ties == pack::Scheme::Ties::Better ? 1 : equal));
    }
  }
}

RC_GTEST_PROP(run_laws, every_scheme_balances, ()) {
  const std::uint64_t seed = any_seed();
  Random random(seed);
  const pack::Pack pack = trial::read_policy(trial::random_policy(random));
  const column::Snapshot snapshot = trial::random_district(pack, random, kData[random.below(kKinds)], 40);
  const result::Result result = run(pack, snapshot, {.period = calendar::Period::year(2022)});
  for (const result::SchemeResult& scheme : result.schemes) {
    const result::Balance& balance = scheme.balance;
    RC_ASSERT(balance.due == balance.rated + balance.exempt + balance.not_rated);
    // Only a policy whose cuts do not cover everyone may fail, and then it says so.
    const bool covers = pack.schemes[0].cuts.size() == 4;
    RC_ASSERT(covers == false || balance.failures.empty());
  }
}

}  // namespace
}  // namespace tenglong::run
