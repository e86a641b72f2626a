// The law of this room: columns and interpreter say the same, bit for bit, whatever the policy and the data.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "engine/run/inside/trial.h"
#include "engine/run/run.h"

namespace tenglong::run {
namespace {

using trial::Data;
using trial::Random;

constexpr Data kData[] = {Data::Ordinary, Data::OneDigit, Data::OnLines, Data::Extreme};

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

RC_GTEST_PROP(run_laws, shuffled_rows_give_the_same_fingerprint, ()) {
  const std::uint64_t seed = any_seed();
  Random random(seed);
  const pack::Pack pack = trial::read_policy(trial::random_policy(random));
  auto records = trial::random_records(pack, random, kData[random.below(4)], 30);
  const Options options{.period = calendar::Period::year(2022)};
  const result::Result straight = run(pack, column::snapshot_of(pack.schema, records), options);
  for (auto& each : records)
    for (std::size_t i = each.size(); i > 1; --i) std::swap(each[i - 1], each[random.below(i)]);
  expect_same("shuffled", run(pack, column::snapshot_of(pack.schema, records), options), straight);
}

RC_GTEST_PROP(run_laws, every_scheme_balances, ()) {
  const std::uint64_t seed = any_seed();
  Random random(seed);
  const pack::Pack pack = trial::read_policy(trial::random_policy(random));
  const column::Snapshot snapshot = trial::random_district(pack, random, kData[random.below(4)], 40);
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
