#include "engine/column/column.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

#include "engine/register/memory_store.h"

namespace tenglong::column {
namespace {

using namespace quantity::literals;
using registers::Record;
using registers::Resolved;

schema::Schema enterprise_schema() {
  schema::Schema schema;
  schema::Register enterprise{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  enterprise.fields = {
      {.id = "credit_code", .name = "统一社会信用代码", .type = schema::FieldType::CreditCode},
      {.id = "town", .name = "镇街", .type = schema::FieldType::Area}};
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {
      {.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number, .provider = "区税务局"},
      {.id = "above_scale", .name = "规上", .type = schema::FieldType::Boolean}};
  schema.registers = {year, enterprise};  // the child first: order must not matter
  return schema;
}

Resolved known(registers::Scalar value) { return {.state = State::Known, .value = std::move(value)}; }

Record year_of(const std::string& key, int year, std::optional<Decimal> tax) {
  Record record{.key = key, .period = calendar::Period::year(year)};
  record.fields = {tax ? known(*tax) : Resolved{}, known(true)};
  return record;
}

TEST(Column, LinksRecordsToParentsAndToTheYearBefore) {
  const schema::Schema schema = enterprise_schema();
  const Snapshot snapshot = snapshot_of(
      schema, {{year_of("B", 2023, 7), year_of("A", 2023, 5), year_of("A", 2021, 3), year_of("A", 2022, 4)},
               {{.key = "A", .fields = {known(std::string("A")), known(std::string("330902100"))}}}});
  const Table& years = *snapshot.find("enterprise_year");
  ASSERT_EQ(years.size(), 4u);
  EXPECT_EQ(years.find("A", calendar::Period::year(2022)), 1);
  EXPECT_EQ(years.find("A", calendar::Period::year(2020)), -1);
  EXPECT_EQ(years.previous_row, (std::vector<std::int32_t>{-1, 0, 1, -1}));
  EXPECT_EQ(years.parent_row, (std::vector<std::int32_t>{0, 0, 0, -1}));
  for (std::size_t row = 0; row < 3; ++row)
    EXPECT_TRUE(years.key.shared(row).is_same(snapshot.tables[1].key.shared(0))) << "one text for one key";
  EXPECT_EQ(value_of(years, 0, 3).number(), Decimal(7));
}

TEST(Column, KeepsWhatADoubleCannotCarry) {
  NumberColumn numbers;
  const Decimal long_one = "1234567890.12345678901"_decimal;
  numbers.append("0.1"_decimal);
  numbers.append(long_one);
  numbers.append(State::Disputed);
  EXPECT_EQ(numbers.exact(0), "0.1"_decimal);
  EXPECT_EQ(numbers.exact(1), long_one);
  EXPECT_EQ(numbers.exact_values.size(), 1u);
  EXPECT_EQ(numbers.state[2], State::Disputed);
}

RC_GTEST_PROP(Column, ShufflingRecordsChangesNothing, (std::uint32_t seed)) {
  const schema::Schema schema = enterprise_schema();
  std::vector<Record> years;
  for (int i = 0; i < 20; ++i)
    years.push_back(year_of(std::string(1, static_cast<char>('A' + i % 7)), 2020 + i / 7, Decimal(i)));
  std::vector<Record> shuffled = years;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(seed));
  RC_ASSERT(snapshot_of(schema, {years, {}}).fingerprint == snapshot_of(schema, {shuffled, {}}).fingerprint);
}

TEST(Column, OneChangedValueChangesTheFingerprint) {
  const schema::Schema schema = enterprise_schema();
  EXPECT_NE(snapshot_of(schema, {{year_of("A", 2023, 5)}, {}}).fingerprint,
            snapshot_of(schema, {{year_of("A", 2023, 6)}, {}}).fingerprint);
  EXPECT_NE(snapshot_of(schema, {{year_of("A", 2023, 0)}, {}}).fingerprint,
            snapshot_of(schema, {{year_of("A", 2023, std::nullopt)}, {}}).fingerprint);
}

registers::Statement said(const std::string& key, std::optional<Decimal> tax, State state = State::Known) {
  registers::Statement statement{.register_id = "enterprise_year",
                                 .record_key = key,
                                 .period = calendar::Period::year(2023),
                                 .sheet = "表",
                                 .row = 3};
  statement.values = {{.field = 0,
                       .state = state,
                       .value = tax ? registers::Scalar(*tax) : registers::Scalar{},
                       .cell = "C3"}};
  return statement;
}

struct Said {
  const char* provider;
  std::optional<Decimal> tax;
  State state;
};
struct ResolveCase {
  const char* what;
  std::vector<Said> said;
  State state;
  std::optional<Decimal> value;
  std::size_t rivals;
};

TEST(Register, WhoseWordHolds) {
  const ResolveCase cases[] = {
      {"one provider", {{"区统计局", 5, State::Known}}, State::Known, 5, 0},
      {"the same provider later",
       {{"区统计局", 5, State::Known}, {"区统计局", 6, State::Known}},
       State::Known,
       6,
       0},
      {"two others that differ",
       {{"区统计局", 5, State::Known}, {"金塘镇", 6, State::Known}},
       State::Disputed,
       6,
       1},
      {"two others that agree",
       {{"区统计局", 5, State::Known}, {"金塘镇", 5, State::Known}},
       State::Known,
       5,
       0},
      {"the field's own provider wins",
       {{"区税务局", 5, State::Known}, {"金塘镇", 6, State::Known}},
       State::Known,
       5,
       1},
      {"own provider has nothing, another has",
       {{"区税务局", std::nullopt, State::Missing}, {"金塘镇", 6, State::Known}},
       State::Known,
       6,
       0},
      {"nobody has it", {{"区税务局", std::nullopt, State::Missing}}, State::Missing, std::nullopt, 0},
      {"not applicable",
       {{"区税务局", std::nullopt, State::NotApplicable}},
       State::NotApplicable,
       std::nullopt,
       0},
  };
  const schema::Schema schema = enterprise_schema();
  for (const ResolveCase& c : cases) {
    registers::MemoryStore store;
    for (const Said& one : c.said) {
      registers::Batch batch{.register_id = "enterprise_year", .provider = one.provider};
      const auto writer = store.write(batch);
      writer->add(said("A", one.tax, one.state));
      writer->commit(batch);
    }
    const Snapshot snapshot = take_snapshot(schema, store);
    const Table& years = *snapshot.find("enterprise_year");
    ASSERT_EQ(years.size(), 1u) << c.what;
    EXPECT_EQ(state_of(years, 0, 0), c.state) << c.what;
    if (c.state == State::Known) {
      EXPECT_EQ(value_of(years, 0, 0).number(), *c.value) << c.what;
    }
    registers::read_records(store, schema.registers[0], {}, [&](Record&& record) {
      EXPECT_EQ(record.fields[0].rivals.size(), c.rivals) << c.what;
    });
  }
}

TEST(Register, ABatchThatWasNotCommittedLeavesNothing) {
  registers::MemoryStore store;
  const registers::Batch batch{.register_id = "enterprise_year", .provider = "区税务局"};
  store.write(batch)->add(said("A", 5));
  EXPECT_EQ(store.statement_count("enterprise_year"), 0);
  EXPECT_TRUE(store.batches().empty());
}

}  // namespace
}  // namespace tenglong::column
