// A snapshot with some records read again is the snapshot taken anew.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

#include "engine/column/column.h"
#include "engine/feel/syntax.h"
#include "engine/register/memory_store.h"

namespace tenglong::column {
namespace {

schema::Formula formula_of(const char* text) {
  schema::Formula out;
  out.text = text;
  out.tree = feel::parse(text, feel::NameSet({"上期", "金额", "企业", "系数"})).tree;
  return out;
}

// Facts below a record, with fields computed from the record above, from the year before and from each other.
schema::Schema family_schema() {
  using schema::FieldType;
  schema::Register firm{.id = "firm", .name = "企业", .key = {"code"}};
  firm.fields = {
      {.id = "code", .name = "代码", .type = FieldType::Text},
      {.id = "name", .name = "名称", .type = FieldType::Text},
      {.id = "factor", .name = "系数", .type = FieldType::Number},
      {.id = "since", .name = "登记日期", .type = FieldType::Date},
      {.id = "open", .name = "在营", .type = FieldType::Boolean},
      {.id = "doubled", .name = "翻倍", .type = FieldType::Number, .formula = formula_of("系数 * 2")}};
  firm.computed = {5};
  schema::Register year{.id = "year", .name = "年度表", .of = "firm", .period = schema::PeriodKey::Year};
  year.fields = {
      {.id = "amount", .name = "金额", .type = FieldType::Number},
      {.id = "grown", .name = "增长", .type = FieldType::Number, .formula = formula_of("金额 - 上期.金额")},
      {.id = "scaled", .name = "折算", .type = FieldType::Number, .formula = formula_of("金额 * 企业.系数")}};
  year.computed = {1, 2};
  schema::Register other{.id = "other", .name = "旁表", .key = {"code"}};
  other.fields = {{.id = "code", .name = "代码", .type = FieldType::Text}};
  schema::Schema out;
  out.registers = {year, firm, other};  // the child first: order must not matter
  return out;
}

void expect_same(const schema::Schema& schema, const Snapshot& a, const Snapshot& b) {
  RC_ASSERT(a.through.value == b.through.value);
  RC_ASSERT(fingerprint_of(schema, a) == b.fingerprint);
  for (std::size_t t = 0; t < a.tables.size(); ++t) {
    const Table &one = a.tables[t], &two = b.tables[t];
    RC_ASSERT(one.size() == two.size());
    RC_ASSERT(one.parent_row == two.parent_row);
    RC_ASSERT(one.previous_row == two.previous_row);
    for (std::size_t row = 0; row < one.size(); ++row) {
      RC_ASSERT(one.key[row] == two.key[row]);
      RC_ASSERT(one.period[row] == two.period[row]);
    }
    for (std::size_t field = 0; field < one.columns.size(); ++field) {
      for (std::size_t row = 0; row < one.size(); ++row) {
        RC_ASSERT(state_of(one, field, row) == state_of(two, field, row));
        RC_ASSERT(value_of(one, field, row).to_text() == value_of(two, field, row).to_text());
      }
      if (const auto* texts = std::get_if<TextColumn>(&one.columns[field])) {
        const auto& anew = std::get<TextColumn>(two.columns[field]);
        RC_ASSERT(texts->dictionary == anew.dictionary);
        RC_ASSERT(texts->code == anew.code);
      }
    }
  }
}

class Sayings {
 public:
  Sayings(const schema::Schema& schema, std::uint32_t seed) : schema_(schema), random_(seed) {}
  std::size_t below(std::size_t bound) { return random_() % bound; }

  RecordName say(registers::MemoryStore& store) {
    const std::size_t at = below(5) == 0 ? 1 : 0;
    const schema::Register& target = schema_.registers[at];
    registers::Statement said{.register_id = target.id, .record_key = "K" + std::to_string(below(7))};
    if (target.period == schema::PeriodKey::Year)
      said.period = calendar::Period::year(2020 + static_cast<int>(below(4)));
    for (std::size_t i = 0; i < target.fields.size(); ++i) {
      const schema::Field& field = target.fields[i];
      if (field.is_computed() || (i > 0 && below(3) == 0)) continue;
      registers::FieldValue value{.field = static_cast<int>(i)};
      if (field.id == "code") {
        value.value = said.record_key;
      } else if (below(6) == 0) {
        value.state = below(2) == 0 ? State::Missing : State::NotApplicable;
      } else if (field.type == schema::FieldType::Number) {
        value.value = below(5) == 0 ? *Decimal::parse("12345678901234567." + std::to_string(below(90) + 10))
                                    : Decimal::scaled(static_cast<std::int64_t>(below(2000)) - 500, -1);
      } else if (field.type == schema::FieldType::Date) {
        value.value = calendar::Date::from_days(static_cast<std::int64_t>(below(3)) + 18000);
      } else if (field.type == schema::FieldType::Boolean) {
        value.value = below(2) == 0;
      } else {
        value.value = "名" + std::to_string(below(4));
      }
      said.values.push_back(value);
    }
    const registers::Batch batch{.register_id = target.id, .provider = "甲" + std::to_string(below(2))};
    const auto writer = store.write(batch);
    writer->add(said);
    writer->commit(batch);
    return {said.register_id, said.record_key};
  }

 private:
  const schema::Schema& schema_;
  std::mt19937 random_;
};

RC_GTEST_PROP(Retake, IsTheSnapshotTakenAnew, (std::uint32_t seed)) {
  const schema::Schema schema = family_schema();
  registers::MemoryStore store;
  Sayings sayings(schema, seed);
  for (std::size_t i = sayings.below(25); i > 0; --i) sayings.say(store);
  Snapshot now = take_snapshot(schema, store);
  for (int round = 0; round < 6; ++round) {
    std::vector<RecordName> stated;
    for (std::size_t i = 1 + sayings.below(4); i > 0; --i) stated.push_back(sayings.say(store));
    const Snapshot before = now;
    const std::string fingerprint = fingerprint_of(schema, before);
    Retaken retaken = retake(schema, before, store, stated);
    expect_same(schema, retaken.snapshot, take_snapshot(schema, store));
    RC_ASSERT(fingerprint_of(schema, before) == fingerprint);  // whoever still reads it sees no change
    // What is not said to have moved is the same.
    for (std::size_t t = 0; t < before.tables.size(); ++t) {
      const auto moved = std::find_if(retaken.moved.begin(), retaken.moved.end(),
                                      [&](const Retaken::Moved& one) { return one.table == t; });
      if (moved == retaken.moved.end()) {
        RC_ASSERT(before.tables[t].size() == retaken.snapshot.tables[t].size());
        continue;
      }
      for (std::size_t field = 0; !moved->rows && field < before.tables[t].columns.size(); ++field)
        if (std::find(moved->fields.begin(), moved->fields.end(), field) == moved->fields.end())
          for (std::size_t row = 0; row < before.tables[t].size(); ++row)
            RC_ASSERT(value_of(before.tables[t], field, row).to_text() ==
                      value_of(retaken.snapshot.tables[t], field, row).to_text());
    }
    now = std::move(retaken.snapshot);
  }
}

TEST(Retake, OneCellCopiesOneColumn) {
  const schema::Schema schema = family_schema();
  registers::MemoryStore store;
  const auto say = [&](int amount) {
    const registers::Batch batch{.register_id = "year", .provider = "甲"};
    const auto writer = store.write(batch);
    writer->add({.register_id = "year",
                 .record_key = "K1",
                 .period = calendar::Period::year(2023),
                 .values = {{.field = 0, .value = Decimal(amount)}}});
    writer->commit(batch);
  };
  say(5);
  const Snapshot before = take_snapshot(schema, store);
  say(6);
  const Retaken after = retake(schema, before, store, {{"year", "K1"}});
  EXPECT_TRUE(after.snapshot.tables.is_same(1, before.tables));
  EXPECT_FALSE(after.snapshot.tables.is_same(0, before.tables));
  ASSERT_EQ(after.moved.size(), 1u);
  EXPECT_EQ(after.moved[0].fields,
            (std::vector<std::size_t>{0}));  // what is computed had no value and has none
  EXPECT_EQ(value_of(before.tables[0], 0, 0).number(), Decimal(5));
  EXPECT_EQ(value_of(after.snapshot.tables[0], 0, 0).number(), Decimal(6));
}

}  // namespace
}  // namespace tenglong::column
