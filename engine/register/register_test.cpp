#include "engine/register/register.h"

#include <gtest/gtest.h>

#include "engine/register/memory_store.h"

namespace tenglong::registers {
namespace {

constexpr const char* kTax = "区税务局";
constexpr const char* kStatistics = "区统计局";
constexpr const char* kTown = "金塘镇";

schema::Register enterprise_year() {
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .key = {"credit_code"}, .period = schema::PeriodKey::Year};
  year.fields = {{.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number, .provider = kTax},
                 {.id = "land", .name = "用地面积", .type = schema::FieldType::Number}};
  return year;
}

Batch from(const char* provider) { return {.register_id = "enterprise_year", .provider = provider}; }

Statement said(int field, FieldValue value, const char* key = "A", int year = 2023, std::int64_t row = 3) {
  value.field = field;
  return {.register_id = "enterprise_year",
          .record_key = key,
          .period = Period::year(year),
          .sheet = "表",
          .row = row,
          .values = {std::move(value)}};
}
FieldValue number(int value) { return {.value = Decimal(value), .cell = "C3"}; }
FieldValue absent(State state) { return {.state = state}; }

void receive(MemoryStore& store, const char* provider, std::vector<Statement> statements) {
  const auto writer = store.write(from(provider));
  for (const Statement& statement : statements) writer->add(statement);
  writer->commit(from(provider));
}

struct Told {
  const char* provider;
  FieldValue value;
};
struct Holding {
  const char* what;
  int field;               // 0: kTax confirms it; 1: nobody does
  std::vector<Told> told;  // in order of arrival
  State state;
  const char* value;   // of the statement that holds
  std::int64_t batch;  // that it came from; 0: none
  std::size_t rivals;
};

TEST(Register, WhichStatementHolds) {
  const Holding cases[] = {
      {"one statement", 0, {{kTax, number(5)}}, State::Known, "5", 1, 0},
      {"a correction by the same provider",
       0,
       {{kTax, number(5)}, {kTax, number(6)}},
       State::Known,
       "6",
       2,
       0},
      {"the same provider takes its value back",
       0,
       {{kTax, number(5)}, {kTax, absent(State::Missing)}},
       State::Missing,
       "",
       2,
       0},
      {"the confirming provider against a later other",
       0,
       {{kTax, number(5)}, {kTown, number(6)}},
       State::Known,
       "5",
       1,
       1},
      {"the confirming provider comes last",
       0,
       {{kTown, number(6)}, {kTax, number(5)}},
       State::Known,
       "5",
       2,
       1},
      // The origin goes by provider, not by arrival: the order of files that agree changes nothing.
      {"two others that agree", 1, {{kTown, number(6)}, {kStatistics, number(6)}}, State::Known, "6", 2, 0},
      {"the same two, the other way round",
       1,
       {{kStatistics, number(6)}, {kTown, number(6)}},
       State::Known,
       "6",
       1,
       0},
      {"two others that differ",
       1,
       {{kTown, number(6)}, {kStatistics, number(7)}},
       State::Disputed,
       "7",
       2,
       1},
      {"others differ and the confirming provider is silent",
       0,
       {{kTown, number(6)}, {kStatistics, number(7)}},
       State::Disputed,
       "7",
       2,
       1},
      {"a value beats another's bare absence",
       1,
       {{kTown, number(6)}, {kStatistics, absent(State::Missing)}},
       State::Known,
       "6",
       1,
       0},
      {"not applicable is a reason of its own",
       1,
       {{kTown, absent(State::NotApplicable)}},
       State::NotApplicable,
       "",
       1,
       0},
      {"zero is a value", 1, {{kTown, number(0)}}, State::Known, "0", 1, 0},
  };
  for (const Holding& c : cases) {
    SCOPED_TRACE(c.what);
    MemoryStore store;
    for (const Told& told : c.told) receive(store, told.provider, {said(c.field, told.value)});
    std::vector<Record> records;
    read_records(store, enterprise_year(), {},
                 [&](Record&& record) { records.push_back(std::move(record)); });
    ASSERT_EQ(records.size(), 1u);
    const Resolved& held = records[0].fields.at(static_cast<std::size_t>(c.field));
    EXPECT_EQ(held.state, c.state);
    EXPECT_EQ(to_text(held.value), c.value);
    EXPECT_EQ(held.origin.batch.value, c.batch);
    EXPECT_EQ(held.rivals.size(), c.rivals);
    EXPECT_EQ(records[0].fields.at(static_cast<std::size_t>(1 - c.field)).state, State::Missing);
  }
}

TEST(Register, ASnapshotDoesNotSeeLaterBatches) {
  MemoryStore store;
  receive(store, kTax, {said(0, number(5))});
  receive(store, kTax, {said(0, number(6))});
  std::string seen;
  read_records(store, enterprise_year(), {.through = BatchId{1}},
               [&](Record&& record) { seen += to_text(record.fields[0].value); });
  EXPECT_EQ(seen, "5");
}

TEST(Register, ReadsOneRecordInAllItsPeriods) {
  MemoryStore store;
  receive(store, kTax,
          {said(0, number(3), "B"), said(0, number(5), "A", 2023), said(0, number(4), "A", 2022)});
  receive(store, kTown, {said(1, number(9), "A", 2022), said(1, number(8), "AB")});
  const auto read = [&](const char* key, std::optional<BatchId> through) {
    std::string out;
    store.read_record("enterprise_year", key, through, [&](Statement&& statement) {
      out += statement.record_key + " " + to_text(statement.values[0].value) + ";";
    });
    return out;
  };
  EXPECT_EQ(read("A", {}), "A 4;A 9;A 5;");
  EXPECT_EQ(read("A", BatchId{1}), "A 4;A 5;");
  EXPECT_EQ(read("C", {}), "");
}

TEST(Register, ADroppedWriterLeavesNothing) {
  MemoryStore store;
  { store.write(from(kTax))->add(said(0, number(5))); }
  EXPECT_EQ(store.statement_count("enterprise_year"), 0);
  EXPECT_TRUE(store.batches().empty());
}

}  // namespace
}  // namespace tenglong::registers
