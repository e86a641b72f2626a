#include "engine/schema/schema.h"

#include <gtest/gtest.h>

namespace tenglong::schema {
namespace {

Codes towns() {
  Codes codes;
  codes.id = "town";
  codes.entries = {
      {.code = "330902", .name = "定海区"},
      {.code = "330902100", .name = "金塘镇", .aliases = {"金塘", "金塘管委会"}, .parent = "330902"},
      {.code = "330902001", .name = "昌国街道", .aliases = {"昌国"}, .parent = "330902"},
      {.code = "昌国", .name = "另一个", .parent = "ring"},
      {.code = "ring", .name = "环", .parent = "昌国"}};
  return codes;
}

struct WritingCase {
  const char* what;
  const char* written;
  const char* code;  // "" = none
};
const WritingCase kWritings[] = {
    {"a code", "330902100", "330902100"},
    {"full-width digits and blanks around", "　３３０９０２１００ ", "330902100"},
    {"a name", "金塘镇", "330902100"},
    {"an alias", "金塘管委会", "330902100"},
    {"a code wins over another entry's alias", "昌国", "昌国"},
    {"nothing near is guessed", "金唐镇", ""},
    {"blank", " ", ""},
};

TEST(Codes, RecogniseWhatPeopleWrite) {
  Codes linear = towns();
  Codes indexed = towns();
  indexed.build_index();
  for (const WritingCase& one : kWritings)
    for (const Codes* codes : {&linear, &indexed}) {
      const CodeEntry* found = codes->recognise(one.written);
      EXPECT_EQ(found == nullptr ? "" : found->code, one.code) << one.what;
    }
}

TEST(Codes, PositionAndHierarchy) {
  Codes codes = towns();
  codes.build_index();
  const Codes copy = codes;  // the index points into no particular copy
  EXPECT_EQ(copy.position("330902100"), 1);
  EXPECT_EQ(copy.position("金塘镇"), -1) << "a name is not a code";
  EXPECT_TRUE(copy.is_within("330902100", "330902"));
  EXPECT_TRUE(copy.is_within("330902100", "330902100"));
  EXPECT_FALSE(copy.is_within("330902", "330902100"));
  EXPECT_FALSE(copy.is_within("ring", "330902")) << "a ring of parents ends";
  codes.entries.push_back({.code = "new", .name = "新"});
  EXPECT_EQ(codes.position("new"), 5) << "a stale index is not used";
}

TEST(Schema, ImportableFieldsOfAFactRegisterBeginWithTheKeyOfItsRecord) {
  Schema schema;
  schema.registers = {{.id = "enterprise",
                       .name = "企业",
                       .key = {"credit_code"},
                       .fields = {{.id = "credit_code", .name = "统一社会信用代码"},
                                  {.id = "legal_name", .name = "企业名称"}}},
                      {.id = "enterprise_year",
                       .name = "企业年度",
                       .of = "enterprise",
                       .fields = {{.id = "tax_paid", .name = "实缴税收"}}}};
  std::string ids;
  for (const Field* field : schema.importable_fields(schema.registers[1])) ids += field->id + " ";
  EXPECT_EQ(ids, "credit_code tax_paid ");
  EXPECT_EQ(schema.registers[0].field_index("legal_name"), 1);
  EXPECT_EQ(schema.registers[0].find_by_name("企业名称"), &schema.registers[0].fields[1]);
}

TEST(Field, EveryTypeHasOneWord) {
  for (const FieldType type : kFieldTypes) EXPECT_EQ(field_type_of(to_code(type)), type);
  EXPECT_FALSE(field_type_of("float").has_value());
}

}  // namespace
}  // namespace tenglong::schema
