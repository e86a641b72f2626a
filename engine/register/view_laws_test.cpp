// Views are pure: as of a day and as known on a moment equal a replay of the statements, one by one.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "engine/register/memory_store.h"
#include "engine/register/register.h"

namespace tenglong::registers {
namespace {

constexpr const char* kProviders[] = {"甲局", "乙局", "丙局"};
const Date kFirstDay{2023, 1, 1};

struct Told {
  int provider = 0;
  int value = 0;       // 0: 缺报
  int received = 0;    // days after the first; never falls from one batch to the next
  int effective = -1;  // days after the first; -1: not said
  Source source = Source::File;
  bool is_preliminary = false;
};

schema::Register target_of(bool has_period) {
  schema::Register out{.id = "r", .name = "台账", .key = {"k"}};
  if (has_period) out.period = schema::PeriodKey::Year;
  out.fields = {{.id = "f", .name = "值", .type = schema::FieldType::Number, .provider = kProviders[0]}};
  return out;
}

std::vector<Told> some_told(bool with_rulings, bool with_preliminary) {
  std::vector<Told> out;
  int day = 0;
  const int count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    day += *rc::gen::inRange(0, 4);
    Told told{.provider = *rc::gen::inRange(0, 3), .value = *rc::gen::inRange(0, 4), .received = day};
    if (*rc::gen::inRange(0, 2) == 0) told.effective = *rc::gen::inRange(0, 30);
    if (with_preliminary) told.is_preliminary = *rc::gen::inRange(0, 3) == 0;
    if (with_rulings && *rc::gen::inRange(0, 5) == 0)
      told.source = *rc::gen::inRange(0, 2) ? Source::Choice : Source::Correction;
    out.push_back(told);
  }
  return out;
}

void receive(MemoryStore& store, const Told& told, bool has_period) {
  const Batch batch{.register_id = "r",
                    .provider = is_ruling(told.source) ? "专班" : kProviders[told.provider],
                    .received_at = kFirstDay.plus_days(told.received).to_string() + "T10:00:00+08:00",
                    .source = told.source,
                    .is_preliminary = told.is_preliminary};
  Statement statement{.register_id = "r", .record_key = "A", .sheet = "表", .row = 1};
  if (has_period) statement.period = Period::year(2023);
  if (told.effective >= 0) statement.effective = kFirstDay.plus_days(told.effective);
  FieldValue value{.field = 0};
  if (told.value == 0)
    value.state = State::Missing;
  else
    value.value = Decimal(told.value);
  statement.values = {value};
  const auto writer = store.write(batch);
  writer->add(statement);
  writer->commit(batch);
}

std::string shown(const RegisterStore& store, const schema::Register& target, const View& view) {
  std::string out;
  for (const Record& record : read_record(store, target, "A", view)) {
    const Resolved& held = record.fields[0];
    out += std::string(quantity::to_code(held.state)) + " " + to_text(held.value) + " @" +
           std::to_string(held.origin.batch.value) + (held.is_preliminary ? " p" : "");
    if (held.preliminary) out += " <" + to_text(held.preliminary->value);
    for (const Resolved::Rival& rival : held.rivals)
      out += " |" + to_text(rival.value) + "@" + std::to_string(rival.origin.batch.value);
    out += " r" + std::to_string(held.ruling.value);
  }
  return out;
}

View known_on(int day) { return {.known_on = calendar::Moment::end_of(kFirstDay.plus_days(day))}; }

void known_then_is_a_store_of_then(bool has_period) {
  const std::vector<Told> all = some_told(true, true);
  const int day = *rc::gen::inRange(-1, 40);
  MemoryStore whole, then;
  for (const Told& told : all) {
    receive(whole, told, has_period);
    if (told.received <= day) receive(then, told, has_period);
  }
  const schema::Register target = target_of(has_period);
  RC_ASSERT(shown(whole, target, known_on(day)) == shown(then, target, {}));
  View both = known_on(day);
  both.as_of = kFirstDay.plus_days(*rc::gen::inRange(0, 40));
  RC_ASSERT(shown(whole, target, both) == shown(then, target, {.as_of = both.as_of}));
}
RC_GTEST_PROP(ViewLaws, KnownThenIsAStoreOfThen, ()) { known_then_is_a_store_of_then(false); }
RC_GTEST_PROP(ViewLaws, KnownThenIsAStoreOfThenForFacts, ()) { known_then_is_a_store_of_then(true); }

RC_GTEST_PROP(ViewLaws, WhatIsToldLaterChangesNothingKnownBefore, ()) {
  const bool has_period = *rc::gen::arbitrary<bool>();
  const schema::Register target = target_of(has_period);
  MemoryStore store;
  std::map<int, std::string> before;
  for (const Told& told : some_told(true, true)) {
    receive(store, told, has_period);
    for (const auto& [day, said] : before)
      if (day < told.received) RC_ASSERT(shown(store, target, known_on(day)) == said);
    before[told.received] = shown(store, target, known_on(told.received));
  }
}

// Each provider's line of values, written out day by day: what holds on a day is the last value that began.
RC_GTEST_PROP(ViewLaws, AsOfADayIsTheLineWrittenOut, ()) {
  const std::vector<Told> all = some_told(false, false);
  MemoryStore store;
  for (const Told& told : all) receive(store, told, false);
  const int asked = *rc::gen::inRange(0, 40);
  std::map<int, int> held;  // provider → value
  for (int provider = 0; provider < 3; ++provider) {
    // begins[d]: the values that begin on that day (-1: from the beginning), in order of arrival.
    std::map<int, std::vector<int>> begins;
    bool is_first = true;
    for (const Told& told : all) {
      if (told.provider != provider) continue;
      const int begin = told.effective >= 0 ? told.effective : is_first ? -1 : told.received;
      begins[begin].push_back(told.value);
      is_first = false;
    }
    for (int day = -1; day <= asked; ++day)
      if (begins.contains(day)) held[provider] = begins[day].back();
  }
  std::string expected = "missing";
  if (held.contains(0) && held[0] > 0) {
    expected = "known " + std::to_string(held[0]);
  } else {
    for (const auto& [provider, value] : held) {
      if (value == 0) continue;
      if (expected == "missing")
        expected = "known " + std::to_string(value);
      else if (expected.substr(6) != std::to_string(value))
        expected = "disputed";
    }
  }
  const schema::Register target = target_of(false);
  const std::vector<Record> records = read_record(store, target, "A", {.as_of = kFirstDay.plus_days(asked)});
  if (records.empty()) {
    RC_ASSERT(all.empty());
    return;
  }
  const Resolved& got = records[0].fields[0];
  RC_ASSERT((got.state == State::Missing    ? "missing"
             : got.state == State::Disputed ? "disputed"
                                            : "known " + to_text(got.value)) == expected);
}

// A locked year with its corrections is a store that holds those batches and no others.
RC_GTEST_PROP(ViewLaws, ThroughABatchAndSomeAfterIt, ()) {
  const bool has_period = *rc::gen::arbitrary<bool>();
  MemoryStore whole;
  for (const Told& told : some_told(true, true)) receive(whole, told, has_period);
  View view{.through = BatchId{*rc::gen::inRange(0, 12)}};
  for (int id = 1; id <= 12; ++id)
    if (*view.through < BatchId{id} && *rc::gen::inRange(0, 3) == 0) view.also.push_back({id});
  std::vector<Statement> picked;
  whole.read("r", std::nullopt, [&](Statement&& statement) {
    const bool wanted = statement.batch <= *view.through ||
                        std::find(view.also.begin(), view.also.end(), statement.batch) != view.also.end();
    if (wanted) picked.push_back(std::move(statement));
  });
  const schema::Register target = target_of(has_period);
  const Record expected = resolve(target, picked, Batches(whole.batches()));
  const std::vector<Record> got = read_record(whole, target, "A", view);
  RC_ASSERT(got.empty() == expected.fields.empty());
  if (got.empty()) return;
  RC_ASSERT(got[0].fields[0].state == expected.fields[0].state);
  RC_ASSERT(to_text(got[0].fields[0].value) == to_text(expected.fields[0].value));
  RC_ASSERT(got[0].fields[0].origin.batch == expected.fields[0].origin.batch);
}

RC_GTEST_PROP(ViewLaws, AFinalFigureHasNoPreliminaryRival, ()) {
  MemoryStore store;
  std::map<int, int> last_final;
  for (const Told& told : some_told(false, true)) {
    if (told.value == 0) continue;
    Told whenever = told;
    whenever.effective = -1;
    receive(store, whenever, true);
    if (!told.is_preliminary) last_final[told.provider] = told.value;
  }
  for (const Record& record : read_record(store, target_of(true), "A", {})) {
    const Resolved& held = record.fields[0];
    if (last_final.empty()) continue;
    if (last_final.contains(0)) RC_ASSERT(to_text(held.value) == std::to_string(last_final[0]));
    RC_ASSERT(held.is_preliminary ==
              (!last_final.contains(0) && held.origin.batch.value > 0 &&
               store.batches()[static_cast<std::size_t>(held.origin.batch.value - 1)].is_preliminary));
    for (const Resolved::Rival& rival : held.rivals)
      RC_ASSERT(!store.batches()[static_cast<std::size_t>(rival.origin.batch.value - 1)].is_preliminary);
  }
}

}  // namespace
}  // namespace tenglong::registers
