// What collection and identity need kept, on both back ends: it reads back after reopening, each operation is
// one event, and an approval is whole or not at all.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "campaign/collection/collection.h"
#include "engine/column/column.h"
#include "engine/identity/identity.h"
#include "store/store.h"
#include "tests/postgres/postgres.h"

namespace tenglong::store {
namespace {

using collection::Confirmation;
using collection::Correction;
using collection::Item;
using collection::Locked;
using collection::Stage;
using quantity::Decimal;

schema::Schema one_register() {
  schema::Schema schema;
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .key = {"credit_code"}, .period = schema::PeriodKey::Year};
  year.fields = {{.id = "credit_code", .name = "代码"},
                 {.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number}};
  schema.registers = {year};
  return schema;
}

class CollectionStoreTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (std::string_view(GetParam()) == "postgres") {
      where_ = postgres::new_database();
    } else {
      folder_ = std::filesystem::temp_directory_path() / ("tenglong-collection-" + std::to_string(getpid()));
      std::filesystem::remove_all(folder_);
      where_ = folder_.string();
    }
    store_ = open_store(where_, "330902", schema_, access::Scope::whole_district("operator"));
  }
  void TearDown() override {
    store_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  void reopen() {
    store_.reset();
    store_ = open_store(where_, "330902", schema_, access::Scope::whole_district("operator"));
  }
  // How many events the operation left.
  template <class Operation>
  std::int64_t events_of(Operation operation) {
    const std::int64_t before = store_->trail().size();
    operation();
    return store_->trail().size() - before;
  }

  const schema::Schema schema_ = one_register();
  const calendar::Period kYear = calendar::Period::year(2023);
  const Item kItem{"enterprise_year", kYear, "tax_paid", "区税务局"};
  std::filesystem::path folder_;
  std::string where_;
  std::unique_ptr<Store> store_;
};

TEST_P(CollectionStoreTest, WhatWasDoneReadsBack) {
  auto* kept = &store_->collection();
  const Confirmation returned{kItem, collection::Verdict::Returned, "单位是元", "abc", 3,
                              "李",  "2024-04-01T09:00:00+08:00"};
  EXPECT_EQ(events_of([&] { kept->keep(returned); }), 1);
  const Locked locked{.period = kYear,
                      .through = {7},
                      .also = {{9}, {11}},
                      .fingerprint = "f00",
                      .exceptions = {{kItem, "停报", "陈"}},
                      .by = "李",
                      .at = "2024-05-01"};
  EXPECT_EQ(events_of([&] { kept->keep(locked); }), 1);
  const collection::Reminder letter{"区税务局", *calendar::Date::parse("2024-04-16"), "请补报。\n", "李",
                                    "t"};
  EXPECT_EQ(events_of([&] { EXPECT_TRUE(kept->keep(letter)); }), 1);
  EXPECT_EQ(events_of([&] { EXPECT_FALSE(kept->keep(letter)); }), 0);
  reopen();
  kept = &store_->collection();
  ASSERT_EQ(kept->confirmations().size(), 1u);
  EXPECT_EQ(kept->confirmations()[0].item, kItem);
  EXPECT_EQ(kept->confirmations()[0].verdict, collection::Verdict::Returned);
  EXPECT_EQ(kept->confirmations()[0].reason, "单位是元");
  ASSERT_EQ(kept->locked().size(), 1u);
  EXPECT_EQ(kept->locked()[0].also, locked.also);
  EXPECT_EQ(kept->locked()[0].exceptions.at(0).item, kItem);
  EXPECT_EQ(kept->locked()[0].exceptions.at(0).accepted_by, "陈");
  ASSERT_EQ(kept->reminders().size(), 1u);
  EXPECT_EQ(kept->reminders()[0].text, "请补报。\n");
}

TEST_P(CollectionStoreTest, AnApprovalIsOneEventAndWhole) {
  {
    const registers::Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
    const auto writer = store_->registers().write(batch);
    writer->add({.register_id = "enterprise_year",
                 .record_key = "A",
                 .period = kYear,
                 .values = {{.field = 1, .value = Decimal(10)}}});
    writer->commit(batch);
  }
  auto* kept = &store_->collection();
  Correction one{.register_id = "enterprise_year", .record_key = "A", .period = kYear, .field = "tax_paid"};
  one.from = {.field = 1, .value = Decimal(10)};
  one.to = {.field = 1, .value = Decimal(12)};
  one.reason = "冲减";
  one.evidence = "税函3号";
  one.impact = {"2023 方案 甲：C → B", "目标 P10"};
  one.proposed_by = "李";
  EXPECT_EQ(events_of([&] { one.number = kept->propose(one); }), 1);
  EXPECT_EQ(one.number, 1);
  EXPECT_EQ(kept->propose(one), 2);
  one.stage = Stage::Approved;
  one.decided_by = "王";
  one.decided_at = "2024-05-02T09:00:00+08:00";
  one.batch = {3};
  const std::vector<Locked> next = {
      {.period = kYear, .number = 2, .through = {1}, .also = {{2}}, .fingerprint = "f02"}};
  const auto approve = [&] {
    return kept->approve(one, collection::batch_of(one), collection::statement_of(one, schema_.registers[0]),
                         next);
  };
  EXPECT_EQ(events_of([&] { EXPECT_FALSE(approve()) << "batch 2 comes next, not 3"; }), 0);
  EXPECT_TRUE(kept->locked().empty());
  one.batch = {2};
  EXPECT_EQ(events_of([&] { EXPECT_TRUE(approve()); }), 1);
  one.number = 2;
  one.stage = Stage::Rejected;
  one.why = "重复";
  EXPECT_EQ(events_of([&] { kept->reject(one); }), 1);
  reopen();
  kept = &store_->collection();
  ASSERT_EQ(kept->corrections().size(), 2u);
  EXPECT_EQ(kept->corrections()[0].stage, Stage::Approved);
  EXPECT_EQ(kept->corrections()[0].impact, one.impact);
  EXPECT_EQ(registers::to_text(kept->corrections()[0].from.value), "10");
  EXPECT_EQ(registers::to_text(kept->corrections()[0].to.value), "12");
  EXPECT_EQ(kept->corrections()[1].why, "重复");
  ASSERT_EQ(kept->locked().size(), 1u);
  EXPECT_EQ(kept->locked()[0].number, 2);
  const auto records =
      registers::read_record(store_->registers(), schema_.registers[0], "A", view_of(kept->locked()[0]));
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(registers::to_text(records[0].fields[1].value), "12");
  EXPECT_EQ(records[0].fields[1].ruling.value, 2);
  EXPECT_EQ(registers::to_text(
                registers::read_record(store_->registers(), schema_.registers[0], "A", {.through = {{1}}})[0]
                    .fields[1]
                    .value),
            "10");
}

TEST_P(CollectionStoreTest, WhoEnterprisesAreReadsBack) {
  auto* kept = &store_->identity();
  const identity::Event merged{.kind = identity::EventKind::Merge,
                               .on = *calendar::Date::parse("2023-01-01"),
                               .from = {"A", "B"},
                               .to = {"B"},
                               .document = "批复",
                               .by = "李"};
  EXPECT_EQ(events_of([&] { EXPECT_EQ(kept->add(merged), 1); }), 1);
  identity::Event renamed{
      .on = *calendar::Date::parse("2022-01-01"), .from = {"A"}, .before = "甲", .after = "乙"};
  EXPECT_EQ(kept->add(renamed), 2);
  identity::Decision decision{
      .name = "海龙", .code = "12", .enterprise = "A", .reason = "电话核实", .by = "李", .at = "t"};
  EXPECT_EQ(events_of([&] { kept->decide(decision); }), 1);
  decision.verdict = identity::Verdict::Different;
  EXPECT_EQ(events_of([&] { kept->decide(decision); }), 1);
  reopen();
  kept = &store_->identity();
  ASSERT_EQ(kept->events().size(), 2u);
  EXPECT_EQ(kept->events()[0].after, "乙");
  EXPECT_EQ(kept->events()[1].from, merged.from);
  EXPECT_EQ(kept->events()[1].kind, identity::EventKind::Merge);
  ASSERT_EQ(kept->decisions().size(), 1u);
  EXPECT_EQ(kept->decisions()[0].verdict, identity::Verdict::Different);
  EXPECT_EQ(kept->decisions()[0].reason, "电话核实");
}

// 草稿, 已确认 with the last item, 草稿 again with other values or a return, 已锁定 with the lock, 已公布
// with the publication of a locked year; each in the operation's own event.
TEST_P(CollectionStoreTest, StatesFollowWhatIsDone) {
  using access::State;
  const auto state = [&] { return store_->lists().state_of("enterprise_year", kYear); };
  const auto send = [&](std::int64_t tax) {
    const registers::Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
    const auto writer = store_->registers().write(batch);
    writer->add({.register_id = "enterprise_year",
                 .record_key = "A",
                 .period = kYear,
                 .values = {{.field = 1, .value = Decimal(tax)}}});
    writer->commit(batch);
  };
  const auto said = [&] {
    trail::Event last;
    store_->trail().read(store_->trail().size(), store_->trail().size(),
                         [&](std::int64_t, std::string_view bytes) { last = *trail::decode(bytes); });
    for (const auto& [name, value] : last.details)
      if (name == "record_state enterprise_year/2023") return true;
    return false;
  };
  Confirmation one{kItem, collection::Verdict::Confirmed, "", "abc", 1, "李", "t"};
  send(10);
  EXPECT_EQ(state(), State::Draft);
  store_->collection().keep(one);
  EXPECT_EQ(state(), State::Draft) << "another item is not confirmed yet";
  EXPECT_FALSE(said());
  one.is_last = true;
  EXPECT_EQ(events_of([&] { store_->collection().keep(one); }), 1);
  EXPECT_EQ(state(), State::Confirmed);
  EXPECT_TRUE(said());
  send(10);
  EXPECT_EQ(state(), State::Confirmed) << "the same value again changes nothing";
  EXPECT_EQ(events_of([&] { send(11); }), 1);
  EXPECT_EQ(state(), State::Draft);
  EXPECT_TRUE(said());
  store_->collection().keep(one);
  one.verdict = collection::Verdict::Returned;
  one.reason = "单位是元";
  store_->collection().keep(one);
  EXPECT_EQ(state(), State::Draft);
  store_->set(std::string(kPublishedSetting) + "2023", "f");
  EXPECT_EQ(state(), State::Draft) << "what may still change is not what was published";
  store_->collection().keep(Locked{.period = kYear, .through = {3}, .fingerprint = "f00", .by = "李"});
  EXPECT_EQ(state(), State::Published);
  EXPECT_EQ(store_->lists().state_of("enterprise_year", calendar::Period::year(2022)), State::Draft);
  store_->collection().keep(
      Locked{.period = calendar::Period::year(2022), .through = {3}, .fingerprint = "f01", .by = "李"});
  EXPECT_EQ(store_->lists().state_of("enterprise_year", calendar::Period::year(2022)), State::Locked);
  reopen();
  EXPECT_EQ(state(), State::Published);
}

// A list after an approval filters by what was approved.
TEST_P(CollectionStoreTest, AnApprovedValueIsHeldAtOnce) {
  const registers::Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
  {
    const auto writer = store_->registers().write(batch);
    writer->add({.register_id = "enterprise_year",
                 .record_key = "A",
                 .period = kYear,
                 .values = {{.field = 1, .value = Decimal(10)}}});
    writer->commit(batch);
  }
  Correction one{.register_id = "enterprise_year", .record_key = "A", .period = kYear, .field = "tax_paid"};
  one.from = {.field = 1, .value = Decimal(10)};
  one.to = {.field = 1, .value = Decimal(12)};
  one.proposed_by = "李";
  one.number = store_->collection().propose(one);
  one.stage = Stage::Approved;
  one.decided_by = "王";
  one.batch = {2};
  ASSERT_TRUE(store_->collection().approve(one, collection::batch_of(one),
                                           collection::statement_of(one, schema_.registers[0]), {}));
  const Listed listed =
      store_->lists().list({.register_id = "enterprise_year", .where = "实缴税收 = 12", .size = 0},
                           access::Scope::whole_district("operator"));
  EXPECT_EQ(listed.count, 1);
}

INSTANTIATE_TEST_SUITE_P(Both, CollectionStoreTest, testing::Values("sqlite", "postgres"),
                         [](const auto& which) { return std::string(which.param); });

}  // namespace
}  // namespace tenglong::store
