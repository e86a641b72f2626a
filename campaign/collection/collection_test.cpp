#include "campaign/collection/collection.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "campaign/collection/memory_collection.h"
#include "campaign/collection/series.h"
#include "engine/register/memory_store.h"

namespace tenglong::collection {
namespace {

using quantity::Decimal;
using registers::MemoryStore;
using registers::Resolved;

constexpr const char* kTax = "区税务局";
constexpr const char* kStatistics = "区统计局";
const Act kLi{"李", "2024-04-20T09:00:00+08:00"}, kWang{"王", "2024-04-21T09:00:00+08:00"};

pack::Expression condition(const char* text) {
  pack::Expression out{.text = text};
  out.tree = feel::parse(text, feel::NameSet({"规上", "企业"})).tree;
  return out;
}

pack::Pack trial_pack() {
  pack::Pack pack;
  schema::Register enterprise{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  enterprise.fields = {{.id = "credit_code", .name = "代码"}, {.id = "legal_name", .name = "企业名称"}};
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {
      {.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number, .provider = kTax},
      {.id = "above_scale", .name = "规上", .type = schema::FieldType::Boolean, .provider = kStatistics},
      {.id = "output", .name = "产值", .type = schema::FieldType::Number}};
  schema::Register month{
      .id = "enterprise_month", .name = "企业月度", .of = "enterprise", .period = schema::PeriodKey::Month};
  month.fields = {{.id = "to_date",
                   .name = "累计产值",
                   .type = schema::FieldType::Number,
                   .provider = kStatistics,
                   .accumulates = schema::Accumulates::YearToDate}};
  pack.schema.registers = {enterprise, year, month};
  pack::Collection collection;
  collection.of = "enterprise_year";
  collection.responsible = "区经信局";
  collection.items = {
      {.provider = kTax, .due = {3, 31}, .remind = {10, 3}},
      {.provider = kStatistics, .fields = {"产值"}, .due = {4, 15}, .where = condition("规上")}};
  pack.collections = {collection};
  return pack;
}

struct Cell {
  const char* key;
  int field;
  registers::Scalar value;
};
BatchId receive(MemoryStore& store, const char* register_id, const char* provider,
                std::optional<Period> period, const std::vector<Cell>& cells, bool is_preliminary = false) {
  const registers::Batch batch{.register_id = register_id,
                               .provider = provider,
                               .received_at = "2024-04-01T09:00:00+08:00",
                               .file_name = std::string(provider) + ".xlsx",
                               .is_preliminary = is_preliminary};
  const auto writer = store.write(batch);
  for (const Cell& cell : cells)
    writer->add({.register_id = register_id,
                 .record_key = cell.key,
                 .period = period,
                 .sheet = "表",
                 .row = 3,
                 .values = {{.field = cell.field, .value = cell.value, .cell = "C3"}}});
  writer->commit(batch);
  return writer->batch();
}

class Collecting : public ::testing::Test {
 protected:
  void SetUp() override {
    receive(store_, "enterprise", "市监局", {},
            {{"A", 1, std::string("甲厂")}, {"B", 1, std::string("乙厂")}, {"C", 1, std::string("丙厂")}});
    receive(store_, "enterprise_year", kStatistics, kYear, {{"A", 1, true}, {"B", 1, false}});
    receive(store_, "enterprise_year", kTax, kYear, {{"A", 0, Decimal(10)}, {"B", 0, Decimal(20)}});
  }
  std::vector<Present> items() {
    return survey(pack_, column::take_snapshot(pack_.schema, store_), kYear,
                  {kept_.confirmations(), kept_.locked()});
  }
  Present item(const char* field) {
    for (const Present& each : items())
      if (each.item.field == field) return each;
    return {};
  }
  Resolved value(const char* key, std::size_t field, const registers::View& view = {}) {
    for (registers::Record& record :
         registers::read_record(store_, *pack_.schema.find("enterprise_year"), key, view))
      return record.fields.at(field);
    return {};
  }
  void confirm_all() {
    for (const Present& each : items()) {
      const auto decision = confirm(each, items(), Verdict::Confirmed, "", kLi);
      if (decision.granted) kept_.keep(*decision.granted);
    }
  }
  Locked lock_it() {
    receive(store_, "enterprise_year", kStatistics, kYear, {{"A", 2, Decimal(5)}});
    confirm_all();
    const auto decision = lock(kYear, items(), {}, column::take_snapshot(pack_.schema, store_), {}, kLi);
    EXPECT_TRUE(decision.granted);
    kept_.keep(*decision.granted);
    return *decision.granted;
  }

  const Period kYear = Period::year(2023);
  pack::Pack pack_ = trial_pack();
  MemoryStore store_;
  MemoryCollection kept_{store_};
};

template <class T>
std::string refusals(const Decision<T>& decision) {
  std::string out;
  for (const Reason& each : decision.refused_because) out += each.why.zh + "\n";
  return out;
}
std::string counts(const Present& p) {
  return name_of(p.state).zh + " 应" + std::to_string(p.expected) + " 有" + std::to_string(p.known) + " 缺" +
         std::to_string(p.missing) + " 疑" + std::to_string(p.disputed) + " 未定" +
         std::to_string(p.undetermined) + (p.has_changed ? " 有变" : "");
}

TEST_F(Collecting, SaysWhatHasComeAndWhatIsMissing) {
  EXPECT_EQ(counts(item("tax_paid")), "已到 应3 有2 缺1 疑0 未定0");
  EXPECT_EQ(item("tax_paid").missing_keys, std::vector<std::string>{"C"});
  EXPECT_EQ(item("tax_paid").due.to_string(), "2024-03-31");
  EXPECT_EQ(counts(item("output")), "未到 应1 有0 缺1 疑0 未定1") << "whether C is above scale is not known";
  receive(store_, "enterprise_year", "镇街", kYear, {{"A", 2, Decimal(5)}});
  receive(store_, "enterprise_year", kStatistics, kYear, {{"A", 2, Decimal(6)}});
  EXPECT_EQ(counts(item("output")), "有疑 应1 有0 缺0 疑1 未定1");
  const auto gone = survey(pack_, column::take_snapshot(pack_.schema, store_), kYear, {},
                           [](std::string_view key, const Period&) { return key != "C"; });
  for (const Present& each : gone) EXPECT_EQ(each.missing + each.undetermined, 0) << each.item.field;
}

TEST_F(Collecting, WhatIsSentThoughItIsNotDueIsNotCountedAsReported) {
  receive(store_, "enterprise_year", kStatistics, kYear, {{"B", 2, Decimal(6)}});
  EXPECT_EQ(item("output").reported(), 0) << "of A, the only one that is above scale";
  EXPECT_EQ(item("output").besides(), 1);
  receive(store_, "enterprise_year", kStatistics, kYear, {{"A", 2, Decimal(5)}});
  EXPECT_EQ(item("output").reported(), 1);
  EXPECT_EQ(item("output").besides(), 1);
  for (const Present& each : items()) EXPECT_EQ(each.reported() + each.missing, each.expected);
}

TEST_F(Collecting, TheLastItemToBeConfirmedIsSaidToBeTheLast) {
  receive(store_, "enterprise_year", kStatistics, kYear, {{"A", 2, Decimal(5)}});
  std::vector<std::string> of_year;
  for (const Present& each : items())
    if (each.item.register_id == "enterprise_year") of_year.push_back(each.item.field);
  ASSERT_GT(of_year.size(), 1u);
  for (const std::string& field : of_year) {
    const Present present = item(field.c_str());
    EXPECT_FALSE(confirm(present, items(), Verdict::Returned, "重报", kLi).granted->is_last);
    const Confirmation one = *confirm(present, items(), Verdict::Confirmed, "", kLi).granted;
    EXPECT_EQ(one.is_last, field == of_year.back()) << field;
    kept_.keep(one);
  }
}

TEST_F(Collecting, LaterDataTakeTheConfirmationBackVisibly) {
  kept_.keep(*confirm(item("tax_paid"), items(), Verdict::Confirmed, "", kLi).granted);
  EXPECT_EQ(item("tax_paid").state, ItemState::Confirmed);
  receive(store_, "enterprise_year", kTax, kYear, {{"A", 0, Decimal(10)}});
  EXPECT_EQ(item("tax_paid").state, ItemState::Confirmed) << "the same value again changes nothing";
  receive(store_, "enterprise_year", kTax, kYear, {{"A", 0, Decimal(11)}});
  EXPECT_EQ(counts(item("tax_paid")), "已到 应3 有2 缺1 疑0 未定0 有变");
  kept_.keep(*confirm(item("tax_paid"), items(), Verdict::Returned, "单位是元", kLi).granted);
  EXPECT_EQ(item("tax_paid").state, ItemState::Returned);
  receive(store_, "enterprise_year", kTax, kYear, {{"A", 0, Decimal(12)}});
  EXPECT_EQ(item("tax_paid").state, ItemState::Arrived);
}

TEST_F(Collecting, ConfirmingNeedsDataAndNoDispute) {
  EXPECT_EQ(refusals(confirm(item("output"), items(), Verdict::Confirmed, "", {})),
            "没有写是谁办的\n区统计局“产值”（2023）还没有数\n");
  receive(store_, "enterprise_year", "镇街", kYear, {{"A", 2, Decimal(5)}});
  receive(store_, "enterprise_year", kStatistics, kYear, {{"A", 2, Decimal(6)}});
  EXPECT_EQ(refusals(confirm(item("output"), items(), Verdict::Confirmed, "", kLi)),
            "区统计局“产值”（2023）有 1 条存疑\n");
  EXPECT_EQ(refusals(confirm(item("output"), items(), Verdict::Returned, "", kLi)), "退回没有写理由\n");
}

TEST_F(Collecting, AChosenRivalSettlesTheDispute) {
  receive(store_, "enterprise_year", "镇街", kYear, {{"A", 2, Decimal(5)}});
  receive(store_, "enterprise_year", kStatistics, kYear, {{"A", 2, Decimal(6)}});
  Choice wished{.register_id = "enterprise_year",
                .record_key = "A",
                .period = kYear,
                .field = 2,
                .value = {.value = Decimal(7)}};
  EXPECT_EQ(refusals(choose(wished, value("A", 2), {}, kLi)), "选定没有写理由\n没有哪一家报过 7\n");
  wished.value.value = Decimal(6);
  wished.reason = "统计口径";
  const auto [batch, statement] = batch_of(*choose(wished, value("A", 2), {}, kLi).granted, kLi);
  const auto writer = store_.write(batch);
  writer->add(statement);
  writer->commit(batch);
  EXPECT_EQ(value("A", 2).state, State::Known);
  EXPECT_EQ(registers::to_text(value("A", 2).value), "6");
  EXPECT_EQ(value("A", 2).ruling, writer->batch());
  EXPECT_EQ(refusals(choose(wished, value("A", 0), {}, kLi)), "这个数没有异说，不用选\n");
}

TEST_F(Collecting, ALockNeedsEverythingConfirmedOrExcepted) {
  const column::Snapshot snapshot = column::take_snapshot(pack_.schema, store_);
  EXPECT_EQ(refusals(lock(kYear, items(), {}, snapshot, {}, kLi)),
            "区统计局“产值”（2023）未到\n区税务局“实缴税收”（2023）已到\n");
  confirm_all();
  const Item output = item("output").item;
  EXPECT_EQ(refusals(lock(kYear, items(), {{output, "", ""}, {item("tax_paid").item, "无", "陈"}}, snapshot,
                          {}, kLi)),
            "例外 enterprise_year/2023/output/区统计局 "
            "没有写理由或认可人\n区税务局“实缴税收”（2023）已确认，不用列为例外\n");
  const auto granted = lock(kYear, items(), {{output, "统计局停报", "陈"}}, snapshot, {}, kLi);
  ASSERT_TRUE(granted.granted);
  EXPECT_EQ(granted.granted->through, snapshot.through);
  EXPECT_EQ(granted.granted->fingerprint, snapshot.fingerprint);
  kept_.keep(*granted.granted);
  EXPECT_EQ(item("tax_paid").state, ItemState::Locked);
  EXPECT_TRUE(refusals(lock(kYear, items(), {}, snapshot, kept_.locked(), kLi))
                  .starts_with("2023 已于 2024-04-20 锁定"));
  EXPECT_EQ(refusals(lock(*Period::month(2023, 1), {}, {}, snapshot, {}, kLi)),
            "2023-01 不是一个年度\n2023-01 一项数也没有\n");
}

TEST_F(Collecting, ACorrectionTakesTwoAndLeavesTheLockedSnapshotReadable) {
  const Locked locked = lock_it();
  const schema::Register& target = *pack_.schema.find("enterprise_year");
  Correction wished{
      .register_id = "enterprise_year", .record_key = "A", .period = kYear, .field = "tax_paid"};
  wished.to = *read_value(pack_.schema, target, 0, "12").granted;
  Resolved now = value("A", 0, view_of(locked));
  EXPECT_EQ(refusals(propose(wished, &now, target, kept_.locked(), {}, kLi)), "没有写更正理由\n没有佐证\n");
  EXPECT_EQ(
      refusals(propose(wished, nullptr, target, {}, {}, {})),
      "没有写是谁办的\n2023 没有锁定，不用更正单\n“企业年度”2023 没有记录 A\n没有写更正理由\n没有佐证\n");
  wished.reason = "退税冲减";
  wished.evidence = "税函〔2024〕3号";
  Correction proposed = *propose(wished, &now, target, kept_.locked(), {}, kLi).granted;
  proposed.number = kept_.propose(proposed);
  EXPECT_EQ(refusals(propose(wished, &now, target, kept_.locked(), kept_.corrections(), kWang)),
            "更正单 1 正在更正同一个数\n");
  EXPECT_EQ(refusals(decide(proposed, Stage::Approved, "", &now, kLi)), "提更正单的人不能自己批\n");
  EXPECT_EQ(refusals(decide(proposed, Stage::Rejected, "", &now, kWang)), "驳回没有写理由\n");
  EXPECT_EQ(refusals(withdraw(proposed, kWang)), "这张更正单是 " + kLi.by + " 提的，由本人撤回\n");
  const Correction withdrawn = *withdraw(proposed, kLi).granted;
  EXPECT_EQ(withdrawn.stage, Stage::Withdrawn);
  EXPECT_EQ(refusals(withdraw(withdrawn, kLi)), "更正单 1 已撤回，不能再办\n");
  EXPECT_EQ(refusals(decide(withdrawn, Stage::Approved, "属实", &now, kWang)), "更正单 1 已撤回，不能再办\n");
  EXPECT_TRUE(propose(wished, &now, target, kept_.locked(), {withdrawn}, kWang).granted)
      << "the value may be corrected by another one";
  Resolved moved = now;
  moved.value = Decimal(11);
  EXPECT_EQ(refusals(decide(proposed, Stage::Approved, "", &moved, kWang)),
            "提出以后这个数又变了（当时是 10）\n");

  Correction approved = *decide(proposed, Stage::Approved, "属实", &now, kWang).granted;
  approved.batch = {store_.batches().back().id.value + 1};
  std::vector<Locked> next = snapshots_after(approved, kept_.locked());
  ASSERT_EQ(next.size(), 1u);
  const WithOneMore then(store_, batch_of(approved), statement_of(approved, target));
  next[0].fingerprint = column::take_snapshot(pack_.schema, then, view_of(next[0])).fingerprint;
  ASSERT_TRUE(kept_.approve(approved, batch_of(approved), statement_of(approved, target), next));
  EXPECT_FALSE(kept_.approve(approved, batch_of(approved), statement_of(approved, target), next))
      << "the number of the batch is taken";

  receive(store_, "enterprise_year", kTax, kYear, {{"A", 0, Decimal(99)}});
  const std::vector<Locked> all = kept_.locked();
  const Locked& latest = *lock_of(all, kYear);
  EXPECT_EQ(latest.number, 2);
  EXPECT_EQ(registers::to_text(value("A", 0, view_of(locked)).value), "10") << "number 1 stays as it was";
  EXPECT_EQ(registers::to_text(value("A", 0, view_of(latest)).value), "12");
  EXPECT_EQ(column::take_snapshot(pack_.schema, store_, view_of(locked)).fingerprint, locked.fingerprint);
  EXPECT_EQ(column::take_snapshot(pack_.schema, store_, view_of(latest)).fingerprint, latest.fingerprint);
  EXPECT_EQ(refusals(decide(kept_.corrections()[0], Stage::Rejected, "晚了", &now, kWang)),
            "更正单 1 已批准，不能再办\n");
}

struct ValueCase {
  const char* written;
  int field;
  const char* read;  // text, 缺报, 不适用; else the refusal
};
TEST_F(Collecting, ReadsAValueAsItsField) {
  const ValueCase cases[] = {{"12.50", 0, "12.5"},
                             {"１２", 0, "12"},
                             {"缺报", 0, "缺报"},
                             {"不适用", 1, "不适用"},
                             {"是", 1, "true"},
                             {"也许", 1, "“规上”写的“也许”读不成是或否\n"},
                             {"很多", 0, "“实缴税收”写的“很多”读不成数\n"},
                             {" ", 0, "“实缴税收”没有写值\n"}};
  for (const ValueCase& c : cases) {
    const auto read = read_value(pack_.schema, *pack_.schema.find("enterprise_year"), c.field, c.written);
    std::string out = refusals(read);
    if (read.granted)
      out = read.granted->state == State::Missing         ? "缺报"
            : read.granted->state == State::NotApplicable ? "不适用"
                                                          : registers::to_text(read.granted->value);
    EXPECT_EQ(out, c.read) << c.written;
  }
}

TEST_F(Collecting, OneLetterAUnitAndADay) {
  const auto on = [&](const char* day) { return overdue(items(), *Date::parse(day)); };
  EXPECT_TRUE(on("2024-03-20").empty());
  ASSERT_EQ(on("2024-03-21").size(), 1u) << "ten days before";
  EXPECT_EQ(on("2024-03-21")[0].owed[0].days_late, -10);
  ASSERT_EQ(on("2024-04-16").size(), 2u);
  const auto name = [](std::string_view, std::string_view key) { return std::string(key) + "厂"; };
  const std::vector<Arrears> arrears = on("2024-04-16");
  EXPECT_EQ(letter_to(arrears[0], *Date::parse("2024-04-16"), pack_.schema, name).text,
            "区税务局：\n截至 2024-04-16，下列数据尚未报齐。\n"
            "1. 企业年度 2023“实缴税收”：2024-03-31 到期，已逾 16 天；应报 3 条，缺 1 条。缺：C厂。\n"
            "请补报或说明缺报原因。联系单位：区经信局。\n");
  EXPECT_EQ(letter_to(arrears[1], *Date::parse("2024-04-16"), pack_.schema, name).text,
            "区统计局：\n截至 2024-04-16，下列数据尚未报齐。\n"
            "1. 企业年度 2023“产值”：2024-04-15 到期，已逾 1 天；全部未到，应报 1 条。另有 1 "
            "条尚不能判断应不应报。\n"
            "请补报或说明缺报原因。联系单位：区经信局。\n");
  const Reminder letter = letter_to(arrears[0], *Date::parse("2024-04-16"), pack_.schema, name);
  EXPECT_TRUE(kept_.keep(letter));
  EXPECT_FALSE(kept_.keep(letter));
  EXPECT_EQ(kept_.reminders().size(), 1u);
}

TEST_F(Collecting, ASumSinceJanuaryDoesNotFall) {
  const schema::Register& month = *pack_.schema.find("enterprise_month");
  const auto told = [&](int m, int value, bool is_preliminary = false) {
    receive(store_, "enterprise_month", kStatistics, Period::month(2023, m), {{"A", 0, Decimal(value)}},
            is_preliminary);
  };
  told(1, 100);
  told(2, 220, true);
  told(2, 230);
  told(3, 300);
  told(5, 260);
  const std::vector<Point> points = series_of(store_, month, "A", 0, {});
  ASSERT_EQ(points.size(), 4u);
  EXPECT_EQ(points[0].own, Decimal(100));
  EXPECT_EQ(points[1].own, Decimal(130));
  EXPECT_EQ(registers::to_text(points[1].held.preliminary->value), "220");
  EXPECT_EQ(points[3].own, std::nullopt) << "April was not reported";
  const diagnostic::Diagnostics found = check_series(store_, month, {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "W-COLLECTION-101");
  EXPECT_EQ(found[0].message.zh, "A 的“累计产值”是年初累计数，2023-05 为 260，比 2023-03 的 300 还少");
}

TEST(Collection, AnItemIsWrittenInOneWay) {
  const Item item{"enterprise_year", Period::year(2023), "tax_paid", "区税务局"};
  EXPECT_EQ(item_of(to_text(item)), item);
  EXPECT_EQ(item_of("enterprise_year/明年/tax_paid/区税务局"), std::nullopt);
  EXPECT_EQ(item_of("enterprise_year/2023/tax_paid"), std::nullopt);
}

TEST(Collection, ADayTheMonthDoesNotHaveIsItsLast) {
  EXPECT_EQ((pack::DueRule{2, 31}.on(*Period::month(2023, 12)).to_string()), "2024-02-29");
  EXPECT_EQ((pack::DueRule{1, 15}.on(*Period::month(2023, 5)).to_string()), "2023-06-15");
  EXPECT_EQ((pack::DueRule{0, 31}.on(Period::year(2023)).to_string()), "2023-12-31");
}

}  // namespace
}  // namespace tenglong::collection
