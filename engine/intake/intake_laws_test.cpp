// Importing twice is importing once, whatever is in the file; the order of its rows changes no value.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "engine/intake/intake.h"
#include "engine/register/memory_store.h"
#include "engine/schema/credit_code.h"

namespace tenglong::intake {
namespace {

schema::Schema made_schema() {
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .key = {"credit_code"}, .period = schema::PeriodKey::Year};
  year.fields.push_back({.id = "credit_code",
                         .name = "统一社会信用代码",
                         .type = schema::FieldType::CreditCode,
                         .required = true});
  year.fields.push_back({.id = "tax_paid",
                         .name = "实缴税收",
                         .type = schema::FieldType::Number,
                         .unit = *quantity::Unit::parse("万元")});
  year.fields.push_back({.id = "above_scale", .name = "规上", .type = schema::FieldType::Boolean});
  schema::Schema schema;
  schema.registers.push_back(std::move(year));
  return schema;
}

std::vector<std::string> some_rows() {
  const std::vector<std::string> figures = {"1", "2.50", "２", "1,234.5", "缺报", "不适用",
                                            "",  "很多", "0",  "3元",     "4亩"};
  const std::vector<std::string> truths = {"是", "否", "", "√", "也许", "/"};
  const std::vector<std::string> years = {"2022", "2023", "2023年", "明年"};
  const auto count = *rc::gen::inRange(0, 25);
  std::vector<std::string> rows;
  for (int i = 0; i < count; ++i)
    rows.push_back(schema::credit_code_from(static_cast<std::uint64_t>(*rc::gen::inRange(0, 8)), "330902") +
                   "," + *rc::gen::elementOf(years) + ",\"" + *rc::gen::elementOf(figures) + "\"," +
                   *rc::gen::elementOf(truths));
  return rows;
}
std::string file_of(const std::vector<std::string>& rows) {
  std::string text = "统一社会信用代码,年度,实缴税收,规上\n";
  for (const std::string& row : rows) text += row + "\n";
  return text;
}
std::multiset<std::string> values_in(const registers::RegisterStore& store) {
  std::multiset<std::string> out;
  store.read("enterprise_year", std::nullopt, [&](registers::Statement&& s) {
    std::string one = s.record_key + " " + s.period->to_string();
    for (const auto& v : s.values)
      one += " " + std::to_string(v.field) + "=" + quantity::to_code(v.state) + registers::to_text(v.value);
    out.insert(one);
  });
  return out;
}
const Options kOptions{.provider = "区税务局", .received_at = "2024-04-01T09:00:00+08:00"};

RC_GTEST_PROP(ImportLaws, TwiceIsOnce, ()) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  const std::string text = file_of(some_rows());
  const Intake first = import_bytes("表.csv", text, schema, store, kOptions);
  const auto once = values_in(store);
  const Intake again = import_bytes("表.csv", text, schema, store, kOptions);
  RC_ASSERT(!again.stored);
  RC_ASSERT(again.already_imported == first.stored);
  RC_ASSERT(values_in(store) == once);
  // The same content in another file: nothing new either.
  const Intake copy = import_bytes("副本.csv", text + "\n", schema, store, kOptions);
  RC_ASSERT(!copy.stored);
  RC_ASSERT(values_in(store) == once);
}

RC_GTEST_PROP(ImportLaws, OrderOfRowsChangesNoValue, ()) {
  const schema::Schema schema = made_schema();
  std::vector<std::string> rows = some_rows();
  registers::MemoryStore store, shuffled;
  import_bytes("表.csv", file_of(rows), schema, store, kOptions);
  std::reverse(rows.begin(), rows.end());
  import_bytes("表.csv", file_of(rows), schema, shuffled, kOptions);
  RC_ASSERT(values_in(store) == values_in(shuffled));
}

RC_GTEST_PROP(ImportLaws, EveryRowIsCountedOnce, ()) {
  const schema::Schema schema = made_schema();
  registers::MemoryStore store;
  const Intake intake = import_bytes("表.csv", file_of(some_rows()), schema, store, kOptions);
  for (const SheetIntake& one : intake.sheets)
    RC_ASSERT(one.rows_read == one.accepted + one.unchanged + one.refused);
  std::int64_t accepted = 0;
  for (const SheetIntake& one : intake.sheets) accepted += one.accepted;
  RC_ASSERT(store.statement_count("enterprise_year") == accepted);
}

}  // namespace
}  // namespace tenglong::intake
