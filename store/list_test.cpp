// Lists over both back ends: what is held is what the statements say, what is listed is what a scope may see.
#include "store/list.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "campaign/access/access.h"
#include "engine/column/column.h"
#include "engine/feel/syntax.h"
#include "engine/listing/segment.h"
#include "store/inside/list_fixture.h"
#include "store/store.h"
#include "tests/postgres/postgres.h"

namespace tenglong::store {
namespace {

using access::Operation;
using access::Scope;
using registers::Batch;
using registers::FieldValue;
using registers::Statement;
using schema::FieldType;
using schema::Sensitivity;
using Random = SplitMix;
class ListTest : public ListFixture {};
INSTANTIATE_TEST_SUITE_P(On, ListTest, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

const Scope kEverything = Scope::whole_district("operator");

TEST_P(ListTest, WhatIsHeldIsWhatTheStatementsSay) {
  Random random(7);
  const auto store = open();
  fill(*store, random, 300);
  for (int round = 0; round < 6; ++round) {  // single values, new records, values taken back
    for (int i = 0; i < 20; ++i)
      send(*store, "enterprise_year", random.one_in(2) ? kTax : "金塘镇",
           {said("enterprise_year", firm(random.below(330)), 2022 + static_cast<int>(random.below(3)),
                 {random.one_in(3) ? FieldValue{.field = 0, .state = quantity::State::Missing}
                                   : number(static_cast<int>(random.below(3)), 7)})});
    for (const Lists::Rebuilt& each : store->lists().rebuild()) {
      ASSERT_FALSE(each.before.empty()) << each.register_id;
      EXPECT_EQ(each.before, each.after) << each.register_id << " round " << round;
    }
  }
}

// A batch of more records than are kept in mind, over more than one segment.
TEST_P(ListTest, LargeBatchesAreHeldSegmentBySegment) {
  const auto store = open();
  constexpr std::size_t kMany = 2 * listing::kSegmentRows + 77;
  std::vector<Statement> facts;
  for (std::size_t i = 0; i < kMany; ++i)
    facts.push_back(
        said("enterprise_year", firm(i * 7919 % kMany), 2023, {number(0, static_cast<std::int64_t>(i))}));
  send(*store, "enterprise_year", kTax, facts);
  send(*store, "enterprise_year", kTax, {said("enterprise_year", firm(5000), 2023, {number(0, -1)})});
  const Listed listed =
      store->lists().list({.register_id = "enterprise_year", .sort = {"实缴税收"}, .size = 2}, kEverything);
  EXPECT_EQ(listed.count, static_cast<std::int64_t>(kMany));
  ASSERT_EQ(listed.rows.size(), 2u);
  EXPECT_EQ(listed.rows[0].key, firm(5000));
  EXPECT_EQ(to_text(listed.rows[0].cells[0]), "-1");
  for (const Lists::Rebuilt& each : store->lists().rebuild())
    EXPECT_TRUE(each.before.empty() || each.before == each.after) << each.register_id;
}

// Data from before there were columns, and a pack that gives a field to another provider: made whole when
// asked.
TEST_P(ListTest, AChangedShapeIsMadeAgain) {
  Random random(3);
  {
    const auto store = open();
    fill(*store, random, 40);
    EXPECT_EQ(
        store->lists().list({.register_id = "enterprise_year", .where = "实缴税收 >= 0"}, kEverything).count >
            0,
        true);
  }
  pack_.schema.registers[1].fields[0].provider = "金塘镇";
  pack_.schema.registers[1].fields.push_back({.id = "staff", .name = "职工人数", .type = FieldType::Number});
  const auto store = open();
  send(*store, "enterprise_year", kTax, {said("enterprise_year", firm(1), 2023, {number(4, 12)})});
  const Listed listed =
      store->lists().list({.register_id = "enterprise_year", .where = "职工人数 = 12"}, kEverything);
  EXPECT_EQ(listed.count, 1);
  for (const Lists::Rebuilt& each : store->lists().rebuild())
    EXPECT_TRUE(each.before.empty() || each.before == each.after) << each.register_id;
}

TEST_P(ListTest, ANewerValueIsListedAtOnceByEveryOpenStore) {
  const auto first = open(), second = open();
  send(*first, "enterprise", "专班",
       {said("enterprise", firm(1), {}, {{.field = 1, .value = std::string("样例甲")}})});
  const ListQuery query{.register_id = "enterprise", .where = "企业名称 = \"样例甲\""};
  EXPECT_EQ(second->lists().list(query, kEverything).count, 1);
  send(*first, "enterprise", "专班",
       {said("enterprise", firm(1), {}, {{.field = 1, .value = std::string("样例乙")}})});
  EXPECT_EQ(second->lists().list(query, kEverything).count, 0);
  EXPECT_EQ(first->lists().list(query, kEverything).count, 0);
}

// Every role × operation × state, with each relation that an account may have, against one record at a time.
TEST_P(ListTest, TheMatrixHoldsForListsCountsPagesAndSearch) {
  Random random(11);
  const auto store = open();
  fill(*store, random, 60);
  const schema::Register& year = pack_.schema.registers[1];
  std::vector<registers::Record> facts, enterprises;
  registers::read_records(store->registers(), pack_.schema.registers[0], {},
                          [&](registers::Record&& r) { enterprises.push_back(r); });
  registers::read_records(store->registers(), year, {}, [&](registers::Record&& r) { facts.push_back(r); });
  std::map<std::string, std::string> town_of;
  for (const auto& each : enterprises) town_of[each.key] = registers::to_text(each.fields[2].value);

  struct Asker {
    access::Account account;
    std::vector<access::Consent> consents;
  };
  std::vector<Asker> askers;
  for (const char* role : {"analyst", "town", "department", "contact", "bank", "cleaner"})
    for (int relation = 0; relation < 5; ++relation) {
      Asker asker{.account = {.id = role, .unit = relation == 3 ? kTax : "某单位", .roles = {role}}};
      if (relation == 1) asker.account.firms = {firm(1), firm(2)};
      if (relation == 2) asker.account.towns = {kTowns[1]};
      if (relation == 4) asker.consents = {{.firm = firm(3), .unit = "某单位", .from = {2023, 1, 1}}};
      askers.push_back(std::move(asker));
    }
  std::size_t asked = 0, rows_seen = 0, hidden = 0;
  for (std::size_t state = 0; state < access::kStates; ++state) {
    for (const int at : {2022, 2023})
      store->lists().mark("enterprise_year", calendar::Period::year(at), static_cast<access::State>(state));
    store->lists().mark("enterprise", {}, static_cast<access::State>(state));
    for (const Asker& asker : askers) {
      const Scope scope = policy_.scope_of(asker.account, asker.consents, {2023, 6, 1});
      for (const Operation operation : {Operation::ReadRecord, Operation::CountRecord,
                                        Operation::ExportRecord, Operation::SearchRecord}) {
        ++asked;
        const auto level_of = [&](const registers::Record& record, const schema::Field& field) {
          access::Object object{.firm = record.key,
                                .town = town_of[record.key],
                                .department = field.provider,
                                .state = static_cast<access::State>(state),
                                .register_id = year.id};
          object.value_of = [&](const listing::Operand& operand) {
            const registers::Resolved& value = record.fields[static_cast<std::size_t>(operand.field)];
            if (operand.from != listing::Operand::From::Own || value.state != quantity::State::Known)
              return feel::Value();
            return feel::Value(std::get<quantity::Decimal>(value.value));
          };
          return scope.may(operation, object);
        };
        const auto sees = [&](const registers::Record& record) {
          return std::any_of(year.fields.begin(), year.fields.end(),
                             [&](const schema::Field& field) { return level_of(record, field).allowed; });
        };
        std::map<std::string, const registers::Record*> expected;
        for (const auto& each : facts)
          if (sees(each)) expected[each.key + each.period->to_string()] = &each;
        const Listed listed =
            store->lists().list({.register_id = year.id, .size = 1000, .operation = operation}, scope);
        const std::string what =
            asker.account.id + " " + access::info(operation).zh + " " + access::kStateNames[state];
        if (diagnostic::has_errors(listed.diagnostics)) {
          EXPECT_TRUE(expected.empty()) << what;
          EXPECT_EQ(listed.diagnostics[0].code, "E-LIST-107");
          if (scope.is_outside()) {  // not there and not yours are one answer
            const Listed nothing =
                store->lists().list({.register_id = "no_such", .operation = operation}, scope);
            EXPECT_EQ(nothing.diagnostics[0].message, listed.diagnostics[0].message);
          }
          continue;
        }
        const bool is_withheld = operation == Operation::CountRecord && scope.is_outside() &&
                                 !expected.empty() && expected.size() < 3;
        EXPECT_EQ(listed.is_small, is_withheld) << what;
        if (is_withheld) continue;
        ASSERT_EQ(listed.count, static_cast<std::int64_t>(expected.size())) << what;
        ASSERT_EQ(listed.rows.size(), expected.size()) << what;
        for (const ListedRow& row : listed.rows) {
          const auto found = expected.find(row.key + row.period->to_string());
          ASSERT_NE(found, expected.end()) << what;
          ++rows_seen;
          for (std::size_t field = 0; field < year.fields.size(); ++field) {
            const access::Answer answer = level_of(*found->second, year.fields[field]);
            const bool may = answer.allowed && answer.level >= year.fields[field].sensitivity;
            EXPECT_EQ(row.cells[field].shown == ListedCell::Shown::Hidden, !may)
                << what << " " << year.fields[field].name;
            if (!may) {
              ++hidden;
              EXPECT_EQ(row.cells[field].value, registers::Scalar());
            } else {
              EXPECT_EQ(row.cells[field].value, found->second->fields[field].value);
              EXPECT_EQ(row.cells[field].state, found->second->fields[field].state);
            }
          }
        }
        // What a filter, an order or a sum would tell is refused where a listed row hides the field.
        for (const char* field : {"实缴税收", "用电量", "用地面积"}) {
          const auto index = static_cast<std::size_t>(year.field_index(year.find_by_name(field)->id));
          const bool all_show = std::all_of(expected.begin(), expected.end(), [&](const auto& each) {
            const access::Answer answer = level_of(*each.second, year.fields[index]);
            return answer.allowed && answer.level >= year.fields[index].sensitivity;
          });
          for (ListQuery query : {ListQuery{.where = std::string(field) + " > 30"},
                                  ListQuery{.sort = {field}}, ListQuery{.sums = {field}}}) {
            query.register_id = year.id;
            query.operation = operation;
            const Listed told = store->lists().list(query, scope);
            if (!all_show) {
              ASSERT_TRUE(diagnostic::has_errors(told.diagnostics)) << what << " " << field;
              EXPECT_EQ(told.diagnostics[0].code, "E-LIST-106");
            }
          }
        }
      }
      // Search: nobody is found whom one may not search for.
      for (const Found& found : store->lists().search("yl", 1000, scope)) {
        if (found.register_id != "enterprise") continue;
        EXPECT_TRUE(scope
                        .may(Operation::SearchRecord, {.firm = found.key,
                                                       .town = town_of[found.key],
                                                       .state = static_cast<access::State>(state)})
                        .allowed);
      }
    }
  }
  EXPECT_GT(rows_seen, 1000u);
  EXPECT_GT(hidden, 1000u);
  RecordProperty("questions", static_cast<int>(asked));
  std::printf("  matrix: %zu questions, %zu rows shown, %zu cells hidden\n", asked, rows_seen, hidden);
}

TEST_P(ListTest, ListsEqualReadingEverything) {
  Random random(23);
  const auto store = open();
  fill(*store, random, 200);
  const schema::Register& year = pack_.schema.registers[1];
  const access::Scope town =
      policy_.scope_of({.id = "t", .roles = {"town"}, .towns = {kTowns[0]}}, {}, {2023, 6, 1});
  const struct {
    const char* where;
    bool (*keeps)(const registers::Record&, const std::string& town);
  } kRows[] = {
      {"用地面积 > 30",
       [](const auto& r, const auto&) {
         return r.fields[2].state == quantity::State::Known &&
                std::get<quantity::Decimal>(r.fields[2].value) > quantity::Decimal(30);
       }},
      {"企业.镇街 = \"330902101\" and 用地面积 != null",
       [](const auto& r, const auto& at) {
         return at == kTowns[1] && r.fields[2].state == quantity::State::Known;
       }},
      {"年度 = 2022 and (用地面积 in [10..20] or 规上)",
       [](const auto& r, const auto&) {
         if (r.period->from.year != 2022) return false;
         const auto* land = std::get_if<quantity::Decimal>(&r.fields[2].value);
         const bool in = r.fields[2].state == quantity::State::Known && *land >= quantity::Decimal(10) &&
                         *land <= quantity::Decimal(20);
         return in || (r.fields[3].state == quantity::State::Known && std::get<bool>(r.fields[3].value));
       }},
      {"用地面积 * 2 > 60",
       [](const auto& r, const auto&) {
         return r.fields[2].state == quantity::State::Known &&
                std::get<quantity::Decimal>(r.fields[2].value) > quantity::Decimal(30);
       }},
  };
  std::map<std::string, std::string> town_of;
  registers::read_records(store->registers(), pack_.schema.registers[0], {}, [&](registers::Record&& r) {
    town_of[r.key] = registers::to_text(r.fields[2].value);
  });
  for (const auto& row : kRows)
    for (const bool in_town : {false, true}) {
      std::vector<std::string> expected;
      registers::read_records(store->registers(), year, {}, [&](registers::Record&& record) {
        const std::string& at = town_of[record.key];
        if ((!in_town || at == kTowns[0]) && row.keeps(record, at))
          expected.push_back(record.key + record.period->to_string());
      });
      std::vector<std::string> listed;
      std::string after;
      for (;;) {
        const Listed page = store->lists().list(
            {.register_id = "enterprise_year", .where = row.where, .size = 7, .after = after},
            in_town ? town : kEverything);
        ASSERT_FALSE(diagnostic::has_errors(page.diagnostics)) << page.diagnostics[0].message.zh;
        EXPECT_EQ(page.count, static_cast<std::int64_t>(expected.size())) << row.where;
        for (const ListedRow& each : page.rows) listed.push_back(each.key + each.period->to_string());
        if (page.rows.size() < 7) break;
        after = page.rows.back().cursor;
      }
      std::sort(expected.begin(), expected.end());
      EXPECT_EQ(listed, expected) << row.where;
    }
  const Listed sums = store->lists().list(
      {.register_id = "enterprise_year", .sums = {"用地面积"}, .group_by = "企业.镇街", .size = 0},
      kEverything);
  std::int64_t total = 0;
  registers::read_records(store->registers(), year, {}, [&](registers::Record&& record) {
    if (record.fields[2].state == quantity::State::Known)
      total += *std::get<quantity::Decimal>(record.fields[2].value).to_integer();
  });
  ASSERT_EQ(sums.sums.size(), 1u);
  EXPECT_EQ(sums.sums[0].total, quantity::Decimal(total));
  ASSERT_EQ(sums.groups.size(), 3u);
  std::int64_t grouped = 0;
  for (const ListedGroup& each : sums.groups) grouped += each.count.value_or(0);
  EXPECT_EQ(grouped, sums.count);
}

TEST_P(ListTest, SearchFindsByNameCodePinyinAndInitials) {
  const auto store = open();
  send(*store, "enterprise", "专班",
       {said("enterprise", firm(1), {},
             {{.field = 0, .value = firm(1)},
              {.field = 1, .value = std::string("金塘样例塑机厂")},
              {.field = 2, .value = std::string(kTowns[1])}}),
        said("enterprise", firm(2), {},
             {{.field = 0, .value = firm(2)},
              {.field = 1, .value = std::string("白泉样例水产")},
              {.field = 2, .value = std::string(kTowns[2])}})});
  const access::Scope town =
      policy_.scope_of({.id = "t", .roles = {"town"}, .towns = {kTowns[2]}}, {}, {2023, 6, 1});
  for (const std::string& words :
       std::vector<std::string>{"金塘", "塑机", "jintang", "jtyl", "91330902ma00000001", firm(1), "suji"}) {
    const auto found = store->lists().search(words, 5, kEverything);
    ASSERT_EQ(found.size(), 1u) << words;
    EXPECT_EQ(found[0].key, firm(1));
    EXPECT_TRUE(store->lists().search(words, 5, town).empty()) << words;
  }
  EXPECT_EQ(store->lists().search("样例", 5, kEverything).size(), 2u);
  EXPECT_EQ(store->lists().search("样例", 1, kEverything).size(), 1u);
  EXPECT_EQ(store->lists().search("样例", 5, town).size(), 1u);
}

TEST_P(ListTest, HiddenValuesMayShowTheirEnds) {
  Random random(5);
  const auto store = open();
  fill(*store, random, 5);
  const access::Scope town = policy_.scope_of(
      {.id = "t", .roles = {"town"}, .towns = {kTowns[0], kTowns[1], kTowns[2]}}, {}, {2023, 6, 1});
  const Listed listed = store->lists().list({.register_id = "enterprise", .size = 1}, town);
  ASSERT_EQ(listed.rows.size(), 1u);
  EXPECT_EQ(listed.rows[0].cells[3].shown, ListedCell::Shown::Masked);
  EXPECT_EQ(to_text(listed.rows[0].cells[3]), "138••••••01");
}

TEST_P(ListTest, AccountsAndConsentsAreKept) {
  const auto store = open();
  access::KeptAccount account;
  account.id = "zhang";
  account.name = "样例张";
  account.unit = "中国银行";
  account.roles = {"bank"};
  account.firms = {firm(1), firm(2)};
  store->accounts().keep({account});
  EXPECT_EQ(store->accounts().account("zhang"), account);
  account.is_disabled = true;
  store->accounts().keep({account});
  EXPECT_EQ(store->accounts().accounts().size(), 1u);
  const auto size = store->trail().size();
  store->accounts().give({.firm = firm(1), .unit = "中国银行", .from = {2023, 1, 1}});
  EXPECT_EQ(store->accounts().withdraw(firm(1), "中国银行", {2023, 6, 1}), 1);
  EXPECT_EQ(store->accounts().withdraw(firm(1), "中国银行", {2023, 6, 1}), 0);
  EXPECT_EQ(store->trail().size(), size + 2);
  diagnostic::Diagnostics told;
  access::scope_of(policy_, store->accounts(), "zhang", {2023, 6, 1}, told);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].code, "E-ACCESS-204");
  ASSERT_EQ(store->accounts().consents().size(), 1u);
  EXPECT_EQ(store->accounts().consents()[0].withdrawn, (calendar::Date{2023, 6, 1}));
}

// Computed fields: of the record, of the record above, of the period before, of another computed one.
TEST_P(ListTest, ComputedFieldsAreListedAsASnapshotHasThem) {
  schema::Register& firm_register = pack_.schema.registers[0];
  schema::Register& year = pack_.schema.registers[1];
  const auto compute = [](schema::Register& of, const char* id, const char* name, FieldType type,
                          const char* formula, const std::vector<std::string>& names) {
    schema::Field field{.id = id, .name = name, .type = type};
    field.formula.text = formula;
    field.formula.tree = feel::parse(formula, feel::NameSet(names)).tree;
    of.computed.push_back(static_cast<int>(of.fields.size()));
    of.fields.push_back(std::move(field));
  };
  compute(firm_register, "label", "称呼", FieldType::Text, "企业名称 + \"。\"", {"企业名称"});
  const std::vector<std::string> names = {"实缴税收", "用地面积", "上期", "企业", "称呼", "亩均", "年度"};
  compute(year, "per_mu", "亩均", FieldType::Number, "实缴税收 / 用地面积", names);
  compute(year, "grown", "增长", FieldType::Number, "亩均 - 上期.亩均", names);
  compute(year, "called", "名牌", FieldType::Text, "企业.称呼 + string(年度)", names);
  compute(year, "is_high", "高产", FieldType::Boolean, "亩均 > 1", names);

  Random random(23);
  const auto store = open();
  fill(*store, random, 40);
  for (int round = 0; round < 4; ++round) {
    const column::Snapshot snapshot = column::take_snapshot(pack_.schema, store->registers());
    const column::Table& table = *snapshot.find(year.id);
    std::int64_t high = 0, unknown = 0;
    for (std::size_t row = 0; row < table.size(); ++row) {
      const feel::Value value = column::value_of(table, 7, row);
      value.is_null() ? ++unknown : high += value.boolean() ? 1 : 0;
    }
    const Listed all = store->lists().list({.register_id = year.id, .size = 200}, kEverything);
    ASSERT_EQ(all.rows.size(), table.size());
    std::size_t known = 0;
    for (const ListedRow& row : all.rows) {
      const std::int32_t at = table.find(row.key, row.period);
      ASSERT_GE(at, 0);
      for (const int field : year.computed) {
        const auto index = static_cast<std::size_t>(field);
        const ListedCell& cell = row.cells[index];
        EXPECT_EQ(cell.state, column::state_of(table, index, static_cast<std::size_t>(at)));
        const feel::Value value = column::value_of(table, index, static_cast<std::size_t>(at));
        if (value.is_null()) continue;
        ++known;
        EXPECT_EQ(to_text(cell), value.kind() == feel::Kind::Number    ? value.number().to_string()
                                 : value.kind() == feel::Kind::Boolean ? (value.boolean() ? "true" : "false")
                                                                       : value.string());
      }
    }
    EXPECT_GT(known, 100u);
    const Listed kept = store->lists().list({.register_id = year.id,
                                             .where = "高产",
                                             .sort = {"-亩均", "企业.称呼"},
                                             .fields = {"亩均"},
                                             .sums = {"亩均"},
                                             .group_by = "企业.称呼",
                                             .size = 200},
                                            kEverything);
    ASSERT_TRUE(kept.diagnostics.empty());
    EXPECT_EQ(kept.count, high);
    EXPECT_EQ(kept.unknown, unknown);
    EXPECT_EQ(kept.sums[0].known, high);
    for (std::size_t i = 1; i < kept.rows.size(); ++i)
      EXPECT_GE(std::get<quantity::Decimal>(kept.rows[i - 1].cells[0].value),
                std::get<quantity::Decimal>(kept.rows[i].cells[0].value));
    // A later value moves what is computed from it, also from above and in the year after.
    send(*store, "enterprise", "专班",
         {said("enterprise", firm(3), {}, {{.field = 1, .value = "样例改" + std::to_string(round)}})});
    send(*store, "enterprise_year", kTax,
         {said("enterprise_year", firm(4), 2022, {number(0, 50 + round), number(2, 5)})});
  }
  const column::Snapshot last = column::take_snapshot(pack_.schema, store->registers());
  const column::Table& facts = *last.find(year.id);
  for (std::size_t row = 0; row < facts.size(); ++row) {
    const auto object = store->lists().object_of(year.id, facts.key[row], facts.period[row]);
    ASSERT_TRUE(object);
    const auto asked = [&](listing::Operand::From from, std::size_t field) {
      return object->value_of({from, static_cast<int>(field)}).to_feel();
    };
    for (std::size_t field = 0; field < year.fields.size(); ++field)
      EXPECT_EQ(asked(listing::Operand::From::Own, field), column::value_of(facts, field, row).to_feel());
    const column::Table& firms = *last.find("enterprise");
    ASSERT_GE(facts.parent_row[row], 0);
    const auto above = static_cast<std::size_t>(facts.parent_row[row]);
    const schema::Register& firm_register = *pack_.schema.find("enterprise");
    for (std::size_t field = 0; field < firm_register.fields.size(); ++field)
      EXPECT_EQ(asked(listing::Operand::From::Above, field), column::value_of(firms, field, above).to_feel());
    EXPECT_EQ(object->firm, facts.key[row]);
    const feel::Value town = column::value_of(firms, 2, above);
    EXPECT_EQ(object->town, town.is_null() ? std::string() : town.string());
  }
  EXPECT_FALSE(store->lists().object_of(year.id, "nobody", facts.period[0]));
}

TEST_P(ListTest, MistakesAreToldAllAtOnce) {
  const auto store = open();
  const Listed told = store->lists().list({.register_id = "enterprise_year",
                                           .where = "实缴税受 > 1",
                                           .sort = {"用地"},
                                           .fields = {"税"},
                                           .sums = {"规上"},
                                           .group_by = "用地面积"},
                                          kEverything);
  std::vector<std::string> codes;
  for (const auto& each : told.diagnostics) codes.push_back(each.code);
  EXPECT_EQ(codes,
            (std::vector<std::string>{"E-LIST-103", "E-LIST-103", "E-LIST-104", "E-LIST-104", "E-FEEL-104"}));
  EXPECT_EQ(store->lists().list({.register_id = "enterprise_yaer"}, kEverything).diagnostics[0].code,
            "E-LIST-102");
  EXPECT_EQ(store->lists().list({.register_id = "enterprise", .after = "x"}, kEverything).diagnostics[0].code,
            "E-LIST-105");
}

}  // namespace
}  // namespace tenglong::store
