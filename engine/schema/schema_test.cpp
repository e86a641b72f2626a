#include "engine/schema/schema.h"

#include <gtest/gtest.h>

#include "engine/schema/attachment.h"
#include "engine/schema/geometry_text.h"

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

TEST(Codes, ACodeMayHaveSeveralEntriesInTime) {
  Codes towns{.id = "town", .name = "镇街", .level = "town"};
  const calendar::Date merged{2019, 7, 1};
  towns.entries = {
      {.code = "T1", .name = "北蝉乡", .aliases = {"北蝉"}, .until = merged, .successor = "T2"},
      {.code = "T2", .name = "白泉镇"},
      {.code = "T3", .name = "东海农场", .until = calendar::Date{2015, 1, 1}},
      {.code = "T3", .name = "东海街道", .aliases = {"北蝉"}, .from = calendar::Date{2015, 1, 1}},
  };
  for (const bool indexed : {false, true}) {
    if (indexed) towns.build_index();
    const std::string how = indexed ? "indexed" : "linear";
    EXPECT_EQ(towns.find("T1", calendar::Date{2019, 6, 30})->name, "北蝉乡") << how;
    EXPECT_EQ(towns.find("T1", merged), nullptr) << how << ": the first day on which it holds no more";
    EXPECT_EQ(towns.find("T1")->successor, "T2") << how << ": an old value can still be read";
    EXPECT_EQ(towns.find("T3")->name, "东海街道") << how << ": the last entry of a code";
    EXPECT_EQ(towns.find("T3", calendar::Date{2014, 12, 31})->name, "东海农场") << how;
    EXPECT_EQ(towns.history("T3").size(), 2u) << how;
    EXPECT_EQ(towns.recognise("东海农场")->name, "东海农场") << how;
    EXPECT_EQ(towns.recognise("北蝉")->code, "T3") << how << ": of two bearers the one that still holds";
    EXPECT_EQ(towns.recognise("北蝉", calendar::Date{2014, 1, 1})->code, "T1") << how;
    EXPECT_EQ(towns.recognise("北蝉乡", calendar::Date{2020, 1, 1}), nullptr) << how;
    EXPECT_TRUE(towns.is_dated());
  }
}

TEST(Schema, ALineageGoesOnInTheTableAbove) {
  Schema schema;
  schema.codes = {{.id = "town", .name = "镇街", .above = "county"}, {.id = "county", .name = "区县"}};
  schema.codes[0].entries = {{.code = "330902", .name = "定海区", .parent = "3309"},
                             {.code = "330902100", .name = "金塘镇", .parent = "330902"}};
  schema.codes[1].entries = {{.code = "33", .name = "浙江省"},
                             {.code = "3309", .name = "舟山市", .parent = "33"}};
  std::string names;
  for (const CodeEntry* entry : schema.lineage(schema.codes[0], "330902100")) names += entry->name + " ";
  EXPECT_EQ(names, "定海区 舟山市 浙江省 ");
  schema.codes[1].entries[0].parent = "3309";
  EXPECT_LT(schema.lineage(schema.codes[0], "330902100").size(), 10u) << "a ring ends";
}

struct GeometryCase {
  const char* what;
  const char* written;
  const char* expected;  // kind, positions, rings, EPSG; or @ and the place of the fault
};
TEST(GeometryText, IsOneOrSaysWhatIsWrong) {
  const GeometryCase cases[] = {
      {"a point", "POINT(122.1 30.0)", "0 1 0 0"},
      {"with its system", "SRID=4490;POINT (122.1 30)", "0 1 0 4490"},
      {"a square", "POLYGON((0 0, 1 0, 1 1, 0 0))", "2 4 1 0"},
      {"with a hole", "polygon ((0 0,9 0,9 9,0 0),(1 1,2 1,2 2,1 1))", "2 8 2 0"},
      {"several", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))", "5 8 2 0"},
      {"points with brackets", "MULTIPOINT((1 2),(3 4))", "3 2 0 0"},
      {"heights are not judged", "LINESTRING Z (0 0 5, 1 1 6)", "1 2 0 0"},
      {"GeoJSON", R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]})", "2 4 1 0"},
      {"in the other order, with a system",
       R"({"coordinates":[122,30],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"type":"Point"})",
       "0 1 0 4490"},
      {"an open ring", "POLYGON((0 0,1 0,1 1,0 1))", "@24"},
      {"a short ring", "POLYGON((0 0,1 0,0 0))", "@20"},
      {"an open ring in GeoJSON", R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]})", "@57"},
      {"one point of a line", "LINESTRING(0 0)", "@14"},
      {"a missing bracket", "POLYGON((0 0,1 0,1 1,0 0)", "@25"},
      {"no number", "POINT(东 1)", "@6"},
      {"not a number", "POINT(nan 1)", "@6"},
      {"empty", "POLYGON EMPTY", "@7"},
      {"a feature", R"({"type":"Feature","geometry":null})", "@0"},
      {"an address", "定海区环南街道", "@0"},
      {"nothing", " ", "@1"},
      {"something behind", "POINT(1 2) x", "@11"},
      {"a broken text", R"({"type":"Poi)", "@12"},
  };
  for (const GeometryCase& c : cases) {
    const auto read = read_geometry(c.written);
    std::string told;
    if (const auto* fault = std::get_if<GeometryFault>(&read)) {
      told = "@" + std::to_string(fault->at);
      EXPECT_FALSE(fault->what.zh.empty()) << c.what;
    } else {
      const auto& g = std::get<GeometryText>(read);
      told = std::to_string(static_cast<int>(g.kind)) + " " + std::to_string(g.positions) + " " +
             std::to_string(g.rings) + " " + std::to_string(g.epsg);
    }
    EXPECT_EQ(told, c.expected) << c.what;
  }
  const auto swapped = read_geometry("POINT(30 122)");
  EXPECT_EQ(misplaced(std::get<GeometryText>(swapped), 4490)->zh, "纬度写在了经度前面");
  EXPECT_FALSE(misplaced(std::get<GeometryText>(swapped), 4549)) << "metres have no such range";
}

TEST(Attachment, ItsTextIsItsOnlyWriting) {
  const auto made = attachment_of("证照/2023/红线图.pdf", "abc");
  ASSERT_TRUE(made);
  EXPECT_EQ(to_text(*made),
            "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0/3/红线图.pdf");
  EXPECT_EQ(read_attachment(to_text(*made)), made);
  for (const char* wrong : {"红线图.pdf", "sm3:66c7/3/a",
                            "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0/03/a",
                            "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0/3/",
                            "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0/3/a/b"})
    EXPECT_FALSE(read_attachment(wrong)) << wrong;
  EXPECT_FALSE(attachment_of("folder/", "abc"));
}

}  // namespace
}  // namespace tenglong::schema
