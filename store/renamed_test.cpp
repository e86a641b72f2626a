// Registers and fields under other ids, over both back ends: what was kept under the old ones is read under
// the new ones.
#include <gtest/gtest.h>

#include "campaign/collection/collection.h"
#include "engine/register/carried_store.h"
#include "store/inside/list_fixture.h"

namespace tenglong::store {
namespace {

class RenamedTest : public ListFixture {};
INSTANTIATE_TEST_SUITE_P(On, RenamedTest, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

// A pack may give registers and fields other ids. What was stated, confirmed, marked and proposed under the
// old ones stands under the new ones, whichever comes first: a list, or another batch.
const access::Scope kDistrict = access::Scope::whole_district("operator");

TEST_P(RenamedTest, ARenamedRegisterIsListedAsItWas) {
  const calendar::Period year = calendar::Period::year(2023);
  const auto digest = [](Store& store, const char* register_id, const char* field) {
    const Listed listed = store.lists().list({.register_id = register_id,
                                              .where = "企业.镇街 = \"330902101\"",
                                              .sort = {"-实缴税收", "企业.企业名称"},
                                              .sums = {field},
                                              .group_by = "企业.镇街",
                                              .size = 500,
                                              .sources = true},
                                             kDistrict);
    std::string out = std::to_string(listed.count) + " " + std::to_string(listed.unknown);
    for (const auto& sum : listed.sums) out += " " + sum.total.to_string();
    for (const ListedRow& row : listed.rows) {
      out += "\n" + row.key + " " + (row.period ? row.period->to_string() : "");
      for (const ListedCell& cell : row.cells)
        out += " " + to_text(cell) + (cell.origin ? "@" + std::to_string(cell.origin->batch.value) : "");
    }
    return out;
  };
  SplitMix random(29);
  std::string before;
  std::size_t found = 0;
  {
    const auto store = open();
    fill(*store, random, 40);
    store->lists().mark("enterprise_year", year, access::State::Confirmed);
    store->collection().keep(collection::Confirmation{
        .item = {"enterprise_year", year, "tax", kTax}, .fingerprint = "f", .records = 3, .by = "李"});
    collection::Correction one{.register_id = "enterprise_year",
                               .record_key = firm(1),
                               .period = year,
                               .field = "tax",
                               .to = {.field = 0, .value = quantity::Decimal(7)},
                               .proposed_by = "王"};
    store->collection().propose(one);
    before = digest(*store, "enterprise_year", "实缴税收");
    found = store->lists().search("样例", 100, kDistrict).size();
    ASSERT_GT(found, 0u);
  }
  std::vector<registers::SchemaVersion> history = *kept_history(where_, "330902");
  const auto migrate = [&] {
    const auto store =
        open_store(where_, "330902", history.back().schema, access::Scope::whole_district("operator"));
    for (const registers::Batch& batch : store->registers().batches()) history.back().through = batch.id;
    history.push_back({{}, pack_.schema});
    store->set(kHistorySetting, registers::to_text(history));
  };
  const schema::Schema first = pack_.schema;
  const auto rename = [&](const char* of, const char* facts, const char* tax) {
    schema::Schema& now = pack_.schema;
    for (schema::Register* each : {&now.registers[0], &now.registers[1]}) each->was = each->id;
    now.registers[0].id = now.registers[1].of = now.registers[2].fields[1].to = of;
    now.registers[1].id = facts;
    now.registers[1].fields[0].was = now.registers[1].fields[0].id;
    now.registers[1].fields[0].id = tax;
  };
  rename("firm", "firm_year", "paid");
  migrate();
  {
    const auto store = open();
    EXPECT_EQ(digest(*store, "firm_year", "实缴税收"), before);
    EXPECT_EQ(store->lists().search("样例", 100, kDistrict).size(), found);
    EXPECT_EQ(store->lists().search("样例", 1, kDistrict).at(0).register_id, "firm");
    EXPECT_EQ(store->lists().state_of("firm_year", year), access::State::Confirmed);
    EXPECT_TRUE(store->lists().object_of("firm", firm(1), {}));
    const auto confirmations = store->collection().confirmations();
    ASSERT_EQ(confirmations.size(), 1u);
    EXPECT_EQ(to_text(confirmations[0].item), "firm_year/2023/paid/区税务局");
    const auto corrections = store->collection().corrections();
    ASSERT_EQ(corrections.size(), 1u);
    EXPECT_EQ(corrections[0].register_id + " " + corrections[0].field, "firm_year paid");
    EXPECT_EQ(registers::to_text(corrections[0].to.value), "7");
    EXPECT_EQ(corrections[0].to.field, 0);
    const access::Scope town =
        policy_.scope_of({.id = "t", .roles = {"town"}, .towns = {kTowns[1]}}, {}, {2023, 6, 1});
    EXPECT_EQ(store->as({}, town)->lists().list({.register_id = "firm", .size = 0}, town).count,
              store->lists()
                  .list({.register_id = "firm", .where = "镇街 = \"330902101\"", .size = 0}, kDistrict)
                  .count);
    // More of it, under the new ids; the columns stay made.
    send(*store, "firm_year", kTax, {said("firm_year", firm(1), 2023, {number(0, 4321)})});
    EXPECT_EQ(store->lists().state_of("firm_year", year), access::State::Draft);
    EXPECT_EQ(store->lists().list({.register_id = "firm_year", .where = "实缴税收 = 4321"}, kDistrict).count,
              1);
    for (const Lists::Rebuilt& each : store->lists().rebuild())
      EXPECT_TRUE(each.register_id == "parcel" || each.before == each.after) << each.register_id;
  }
  // The pack of before is not taken for one that has other registers: all of it would be gone.
  EXPECT_THROW(open_store(where_, "330902", first, access::Scope::whole_district("operator")), StoreFailure);
  // A batch before any list, and back to ids that were there before.
  rename("enterprise", "enterprise_year", "tax");
  migrate();
  {
    const auto store = open();
    send(*store, "enterprise_year", kTax, {said("enterprise_year", firm(1), 2023, {number(0, 4322)})});
  }
  rename("company", "company_year", "levy");
  migrate();
  const auto store = open();
  send(*store, "company_year", kTax, {said("company_year", firm(2), 2023, {number(0, 4323)})});
  const ListQuery high{.register_id = "company_year", .where = "实缴税收 >= 4321 and 实缴税收 <= 4323"};
  EXPECT_EQ(store->lists().list(high, kDistrict).count, 2);
  EXPECT_EQ(store->lists().list({.register_id = "company", .size = 0}, kDistrict).count, 40);
  for (const Lists::Rebuilt& each : store->lists().rebuild())
    EXPECT_TRUE(each.before.empty() || each.before == each.after) << each.register_id;
}

}  // namespace
}  // namespace tenglong::store
