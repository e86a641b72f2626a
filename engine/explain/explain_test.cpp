#include "engine/explain/explain.h"

#include <gtest/gtest.h>

#include "engine/register/memory_store.h"
#include "tests/golden/golden.h"

namespace tenglong::explain {
namespace {

using quantity::Decimal;

void say(registers::MemoryStore& store, const char* register_id, const char* key, const char* provider,
         const char* file, std::vector<registers::FieldValue> values) {
  registers::Batch batch{.register_id = register_id,
                         .provider = provider,
                         .received_at = "2024-01-05T08:00:00+08:00",
                         .file_name = file,
                         .mark = "样例数据"};
  registers::Statement statement{
      .register_id = register_id, .record_key = key, .sheet = "表", .row = 4, .values = std::move(values)};
  if (std::string_view(register_id) == "enterprise_year") statement.period = calendar::Period::year(2023);
  const auto writer = store.write(batch);
  writer->add(statement);
  writer->commit(batch);
}

registers::FieldValue number(int field, Decimal value, const char* cell) {
  return {.field = field, .value = value, .cell = cell};
}

TEST(Explain, OneEnterpriseDownToCellAndClause) {
  const pack::ReadPack read = pack::read_pack(std::string(SOURCE_DIR) + "/engine/explain/golden/pack");
  ASSERT_TRUE(read.pack && !diagnostic::has_errors(read.diagnostics))
      << diagnostic::render(read.diagnostics, {}, {});
  registers::MemoryStore store;
  const char *one = "91330902400000078P", *two = "913309024000001479", *three = "9133090240000021X3";
  say(store, "enterprise", one, "区市场监管局", "底册.xlsx", {{.field = 1, .value = std::string("样例甲")}});
  say(store, "enterprise_year", one, "区税务局", "税收.xlsx", {number(0, 200, "C4")});
  say(store, "enterprise_year", one, "金塘镇", "走访.xlsx", {number(0, 190, "B9")});
  say(store, "enterprise_year", one, "区资规局", "用地.xlsx",
      {number(1, 10, "D4"), {.field = 2, .value = true, .cell = "E4"}});
  say(store, "enterprise_year", two, "区税务局", "税收2.xlsx",
      {number(0, 50, "C5"), number(1, 10, "D5"), {.field = 2, .value = false, .cell = "E5"}});
  say(store, "enterprise_year", three, "区资规局", "用地3.xlsx",
      {number(1, 10, "D6"), {.field = 2, .value = false, .cell = "E6"}});
  say(store, "plot", "P1", "区资规局", "宗地.xlsx",
      {{.field = 1, .value = std::string(one), .cell = "B2"}, number(2, 6, "C2")});
  say(store, "plot", "P2", "区资规局", "宗地.xlsx",
      {{.field = 1, .value = std::string(one), .cell = "B3"}, number(2, *Decimal::parse("4.5"), "C3")});
  const column::Snapshot snapshot = column::take_snapshot(read.pack->schema, store);
  const SourceOf source_of = sources_from(*read.pack, snapshot, store);
  std::string out;
  for (std::size_t row = 0; row < 3; ++row) {
    const run::RowView view = run::evaluate_row(
        *read.pack, snapshot, {.period = calendar::Period::year(2023)}, "enterprise_year", row);
    out += render(explain(*read.pack, snapshot, view, "样例", source_of), Language::Chinese) + "\n";
    if (row == 0)
      out +=
          render_json(explain(*read.pack, snapshot, view, "样例", source_of, "亩均税收"), Language::English) +
          "\n\n";
    if (row < 2)
      for (const char* name : {"亩均税收名次", "税收占比", "名下宗地"})
        out += render(explain(*read.pack, snapshot, view, "样例", source_of, name), Language::Chinese) +
               render(explain(*read.pack, snapshot, view, "样例", source_of, name), Language::English) + "\n";
  }
  EXPECT_TRUE(golden::matches("engine/explain/golden/reasons.txt", out));
}

}  // namespace
}  // namespace tenglong::explain
