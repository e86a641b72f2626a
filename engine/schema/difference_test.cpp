#include "engine/schema/difference.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace tenglong::schema {
namespace {

quantity::Unit unit(const char* name) { return *quantity::Unit::parse(name); }

Schema a_schema() {
  Schema schema;
  Register firm{.id = "firm", .name = "企业", .key = {"code"}};
  firm.fields = {{.id = "code", .name = "代码", .type = FieldType::CreditCode},
                 {.id = "town", .name = "镇街", .type = FieldType::Area, .codes = "town"},
                 {.id = "remark", .name = "备注", .type = FieldType::Text}};
  Register year{.id = "firm_year", .name = "企业年度", .of = "firm", .period = PeriodKey::Year};
  year.fields = {{.id = "tax", .name = "税收", .type = FieldType::Number, .unit = unit("万元")},
                 {.id = "land", .name = "用地", .type = FieldType::Number, .unit = unit("平方米")}};
  schema.registers = {firm, year};
  schema.codes = {{.id = "town", .name = "镇街"}};
  schema.codes[0].entries = {{.code = "T1", .name = "甲镇"}, {.code = "T2", .name = "乙镇"}};
  return schema;
}

std::string told(const std::vector<Change>& changes) {
  static const char* kEffects[] = {"none", "carried", "if all fit", "if unused", "refused"};
  std::string out;
  for (const Change& one : changes) {
    out += one.what.zh + " [" + kEffects[static_cast<int>(one.effect)] + "]\n";
    EXPECT_FALSE(one.what.en.empty()) << one.what.zh;
    if (one.effect > Change::Effect::Carried) {
      EXPECT_FALSE(one.cure.zh.empty()) << one.what.zh;
    }
  }
  return out;
}

struct DifferenceCase {
  const char* what;
  std::function<void(Schema&)> edit;
  const char* expected;
};

const DifferenceCase kCases[] = {
    {"nothing", [](Schema&) {}, ""},
    {"a field more", [](Schema& s) { s.registers[0].fields.push_back({.id = "opened", .name = "开业日期"}); },
     "“企业”新增字段“开业日期”（opened），原有记录在这一项为缺报。 [none]\n"},
    {"a field less", [](Schema& s) { s.registers[0].fields.pop_back(); },
     "“企业”不再有字段“备注”（remark）；已有陈述保留，不再显示，写回来即可再读。改名的请在新字段写 was: "
     "remark。 "
     "[carried]\n"},
    {"a field renamed",
     [](Schema& s) { s.registers[0].fields[2].id = "note", s.registers[0].fields[2].was = "remark"; },
     "“企业”的字段 remark 改名为 note（“备注”），原有陈述照读。 [carried]\n"},
    {"a key field renamed",
     [](Schema& s) {
       s.registers[0].fields[0].id = "credit_code", s.registers[0].fields[0].was = "code";
       s.registers[0].key = {"credit_code"};
     },
     "“企业”的字段 code 改名为 credit_code（“代码”），原有陈述照读。 [carried]\n"},
    {"a register renamed",
     [](Schema& s) {
       s.registers[0].id = "enterprise", s.registers[0].was = "firm", s.registers[1].of = "enterprise";
     },
     "台账“企业”（firm）改名为“企业”（enterprise），原有陈述照读。 [carried]\n"},
    {"a register less", [](Schema& s) { s.registers.pop_back(); },
     "台账“企业年度”（firm_year）不再有；已有陈述保留，不再显示，写回来即可再读。 [carried]\n"},
    {"元 instead of 万元", [](Schema& s) { s.registers[1].fields[0].unit = unit("元"); },
     "“企业年度”的“税收”由万元改为元：读时乘 10000，没有舍入。 [carried]\n"},
    {"亩 instead of 平方米", [](Schema& s) { s.registers[1].fields[1].unit = unit("亩"); },
     "“企业年度”的“用地”由平方米改为亩：读时乘 3 再除以 2000，没有舍入。 [carried]\n"},
    {"another dimension", [](Schema& s) { s.registers[1].fields[1].unit = unit("人"); },
     "“企业年度”的“用地”由平方米改为人，量纲不同，不能换算。 [refused]\n"},
    {"a number as text", [](Schema& s) { s.registers[1].fields[1].type = FieldType::Text; },
     "“企业年度”的“用地”由 number 改为 text，没有换算的规则。 [refused]\n"},
    {"an amount", [](Schema& s) { s.registers[1].fields[0].type = FieldType::Money; },
     "“企业年度”的“税收”由 number 改为 money，原有的值照读。 [carried]\n"},
    {"text as a date", [](Schema& s) { s.registers[0].fields[2].type = FieldType::Date; },
     "“企业”的“备注”由 text 改为 date，逐个值核对能否照读。 [if all fit]\n"},
    {"another key",
     [](Schema& s) {
       s.registers[0].key = {"code", "town"};
     },
     "“企业”的主键、所属或期间变了，已有记录不知对应新的哪一条。 [if unused]\n"},
    {"months instead of years", [](Schema& s) { s.registers[1].period = PeriodKey::Month; },
     "“企业年度”的主键、所属或期间变了，已有记录不知对应新的哪一条。 [if unused]\n"},
    {"a code less", [](Schema& s) { s.codes[0].entries.pop_back(); },
     "代码表“镇街”删去了 T2（乙镇）。 [if unused]\n"},
    {"required now", [](Schema& s) { s.registers[0].fields[2].required = true; },
     "“企业”的“备注”改为必填；没有值的记录由 tenglong check-data 列出。 [none]\n"},
    {"computed now", [](Schema& s) { s.registers[1].fields[1].formula.text = "1"; },
     "“企业年度”不再有字段“用地”（land）；已有陈述保留，不再显示，写回来即可再读。改名的请在新字段写 was: "
     "land。 "
     "[carried]\n"},
};

TEST(Difference, SaysWhatDataCanFeel) {
  for (const DifferenceCase& c : kCases) {
    Schema now = a_schema();
    c.edit(now);
    EXPECT_EQ(told(difference(a_schema(), now)), c.expected) << c.what;
    // What is read back from the text differs in the same way.
    const auto kept = read_canonical_text(canonical_text(a_schema()));
    ASSERT_TRUE(kept);
    EXPECT_EQ(told(difference(*kept, now)), c.expected) << c.what << ", from its text";
    const auto again = read_canonical_text(canonical_text(now));
    ASSERT_TRUE(again) << c.what;
    EXPECT_EQ(canonical_text(*again), canonical_text(now)) << c.what;
    EXPECT_EQ(told(difference(now, *again)), "") << c.what;
  }
  EXPECT_FALSE(read_canonical_text("tenglong schema 9\n"));
  EXPECT_FALSE(read_canonical_text("tenglong schema 1\nfield\tlost\n"));
}

// Through any number of changes, a value stated at the start is read as what following each change gives.
TEST(Carrying, FollowsEveryChange) {
  const char* kUnits[] = {"元", "万元", "亿元"};
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    std::vector<Schema> versions = {a_schema()};
    // Where the tax of the first version is now, and what 3 万元 has become.
    std::string id = "tax", register_id = "firm_year";
    bool is_gone = false;
    quantity::Unit now_in = unit("万元");
    for (int step = 0; step < 5; ++step) {
      Schema next = versions.back();
      for (Register& one : next.registers) {
        one.was.clear();
        for (Field& field : one.fields) field.was.clear();
      }
      Register& year = next.registers[1];
      const int at = is_gone ? -1 : year.field_index(id);
      switch (random() % 5) {
        case 0:
          if (at >= 0) {
            year.fields[static_cast<std::size_t>(at)].was = id;
            id = "tax_" + std::to_string(step);
            year.fields[static_cast<std::size_t>(at)].id = id;
          }
          break;
        case 1:
          if (at >= 0) {
            now_in = unit(kUnits[random() % 3]);
            year.fields[static_cast<std::size_t>(at)].unit = now_in;
          }
          break;
        case 2:
          year.was = register_id;
          register_id = "year_" + std::to_string(step);
          year.id = register_id;
          break;
        case 3:
          year.fields.insert(year.fields.begin(), Field{.id = "new_" + std::to_string(step), .name = "新"});
          break;
        default:
          if (at >= 0 && random() % 3 == 0) {
            year.fields.erase(year.fields.begin() + at);
            is_gone = true;
          }
      }
      versions.push_back(next);
    }
    const std::vector<Carrying> all = carried_to_last(versions);
    ASSERT_EQ(all.size(), versions.size());
    const Carrying::Register* carried = all[0].find("firm_year");
    ASSERT_NE(carried, nullptr);
    EXPECT_EQ(carried->id, register_id) << seed;
    ASSERT_EQ(carried->fields[0].first, "tax");
    const Carrying::Field& tax = carried->fields[0].second;
    if (is_gone) {
      EXPECT_EQ(tax.index, -1) << seed;
      continue;
    }
    EXPECT_EQ(tax.index, versions.back().find(register_id)->field_index(id)) << seed;
    const quantity::Decimal stated(3);
    const auto expected = quantity::convert(stated, *quantity::conversion(unit("万元"), now_in));
    EXPECT_EQ(tax.conversion ? quantity::convert(stated, *tax.conversion) : stated, expected) << seed;
  }
}

}  // namespace
}  // namespace tenglong::schema
