#include "engine/intake/intake.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "engine/feel/syntax.h"
#include "engine/fingerprint/fingerprint.h"
#include "engine/intake/inside/cell_reader.h"
#include "engine/intake/inside/read_rows.h"
#include "engine/register/memory_store.h"
#include "engine/schema/credit_code.h"
#include "engine/sheet/writer.h"
#include "tests/golden/golden.h"

namespace tenglong::intake {
namespace {

using quantity::Decimal;
using quantity::State;
using schema::Field;
using schema::FieldType;
using schema::Register;
using schema::Schema;
using namespace quantity::literals;

quantity::Unit unit(const char* name) { return *quantity::Unit::parse(name); }

schema::Law law(const char* name, const char* text, std::vector<std::string> names) {
  const feel::Parsed parsed = feel::parse(text, feel::NameSet(std::move(names)));
  EXPECT_TRUE(parsed.tree) << text;
  return {name, text, parsed.tree, {}};
}

Schema made_schema() {
  Schema schema;
  schema::Codes industry{.id = "gbt4754_2017", .name = "国民经济行业分类"};
  for (const auto& [code, name, parent] :
       std::initializer_list<std::tuple<const char*, const char*, const char*>>{
           {"C", "制造业", ""},
           {"35", "专用设备制造业", "C"},
           {"352", "化工、木材、非金属加工专用设备制造", "35"},
           {"3523", "塑料加工专用设备制造", "352"},
           {"31", "黑色金属冶炼和压延加工业", "C"},
           {"313", "钢压延加工", "31"},
           {"36", "汽车制造业", "C"},
           {"366", "汽车车身、挂车制造", "36"},
           {"367", "汽车零部件及配件制造", "36"}})
    industry.entries.push_back({.code = code, .name = name, .parent = parent});
  schema::Codes towns{.id = "town", .name = "镇街", .level = "town"};
  towns.entries = {{.code = "330902002", .name = "昌国街道", .aliases = {"昌国"}},
                   {.code = "330902100", .name = "金塘镇", .aliases = {"金塘"}},
                   {.code = "330902104", .name = "白泉镇"}};
  industry.build_index();
  towns.build_index();
  schema.codes = {industry, towns};

  Register enterprise{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  enterprise.fields = {
      {.id = "credit_code",
       .name = "统一社会信用代码",
       .type = FieldType::CreditCode,
       .required = true,
       .aliases = {"社会信用代码", "信用代码", "纳税人识别号"}},
      {.id = "legal_name",
       .name = "企业名称",
       .required = true,
       .aliases = {"单位名称"},
       .provider = "区市监局"},
      {.id = "industry",
       .name = "行业",
       .type = FieldType::Code,
       .aliases = {"行业代码"},
       .codes = "gbt4754_2017"},
      {.id = "town", .name = "镇街", .type = FieldType::Area, .aliases = {"所属镇街"}, .codes = "town"},
      {.id = "registered_on", .name = "注册日期", .type = FieldType::Date, .aliases = {"成立日期"}}};
  Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {{.id = "above_scale",
                  .name = "规上",
                  .type = FieldType::Boolean,
                  .aliases = {"是否规上"},
                  .provider = "区统计局"},
                 {.id = "tax_paid",
                  .name = "实缴税收",
                  .type = FieldType::Number,
                  .unit = unit("万元"),
                  .aliases = {"实缴税金"},
                  .provider = "区税务局",
                  .usual_low = "5"_decimal,
                  .usual_high = "3000"_decimal},
                 {.id = "land_used",
                  .name = "用地面积",
                  .type = FieldType::Number,
                  .unit = unit("亩"),
                  .aliases = {"占地面积"},
                  .provider = "区资源规划局",
                  .minimum = "0"_decimal,
                  .usual_low = "2"_decimal,
                  .usual_high = "150"_decimal},
                 {.id = "main_revenue",
                  .name = "主营业务收入",
                  .type = FieldType::Number,
                  .unit = unit("万元"),
                  .aliases = {"营业收入"},
                  .provider = "区统计局"},
                 {.id = "energy",
                  .name = "综合能耗等价值",
                  .type = FieldType::Number,
                  .unit = unit("吨标准煤"),
                  .aliases = {"综合能耗（等价值）"}}};
  year.laws.push_back(
      law("规上企业有主营业务收入", "not(规上) or 主营业务收入 > 0", {"规上", "主营业务收入"}));
  Register result{
      .id = "external_result", .name = "外部结果", .key = {"result_code"}, .external_results = true};
  result.fields = {{.id = "result_code", .name = "结果编号", .required = true},
                   {.id = "result_value", .name = "结果内容", .required = true, .aliases = {"等级"}},
                   {.id = "result_document", .name = "公布文号", .required = true, .aliases = {"文号"}}};
  Register use{.id = "parcel_use", .name = "用地占用", .key = {"parcel_code", "user_code"}};
  use.fields = {{.id = "parcel_code", .name = "宗地编号", .required = true},
                {.id = "user_code",
                 .name = "使用企业代码",
                 .type = FieldType::Reference,
                 .required = true,
                 .to = "enterprise"},
                {.id = "used_area",
                 .name = "分摊面积",
                 .type = FieldType::Number,
                 .unit = unit("亩"),
                 .required = true},
                {.id = "floor_area", .name = "建筑面积", .type = FieldType::Number, .unit = unit("平方米")}};
  schema.registers = {enterprise, year, result, use};
  return schema;
}

const Schema& the_schema() {
  static const Schema kSchema = made_schema();
  return kSchema;
}

std::string code(std::uint64_t serial) { return schema::credit_code_from(serial, "330902"); }
const Options kTax{.provider = "区税务局", .submitter = "张", .received_at = "2024-04-01T09:00:00+08:00"};

Intake import(registers::RegisterStore& store, const std::string& bytes, const Options& options = kTax,
              const std::string& name = "2023年税收.csv") {
  return import_bytes(name, bytes, the_schema(), store, options);
}
std::string told(const Intake& intake) {
  std::string out;
  for (const SheetIntake& one : intake.sheets) {
    out += one.sheet + " -> " + (one.register_id.empty() ? "?" : one.register_id) +
           (one.period ? " " + one.period->to_string() : "") + "  read " + std::to_string(one.rows_read) +
           " accepted " + std::to_string(one.accepted) + " unchanged " + std::to_string(one.unchanged) +
           " refused " + std::to_string(one.refused) + "\n";
    for (const ColumnMatch& match : one.columns)
      out += "  " + match.letter + " " + match.label + " : " + to_code(match.how) + " " + match.field +
             (match.unit.empty() ? "" : " [" + match.unit + "]") +
             (match.offered.empty() ? "" : " ?" + match.offered) + "\n";
  }
  out += diagnostic::render(intake.diagnostics, [](const std::string&, int) { return std::nullopt; }, {});
  return out;
}
std::string stored(const registers::RegisterStore& store, const std::string& id) {
  std::string out;
  const Register* target = the_schema().find(id);
  store.read(id, std::nullopt, [&](registers::Statement&& s) {
    out +=
        s.record_key + (s.period ? " " + s.period->to_string() : "") + " row " + std::to_string(s.row) + ":";
    for (const auto& v : s.values)
      out += " " + target->fields[static_cast<std::size_t>(v.field)].id + "=" +
             (v.state == State::Known ? registers::to_text(v.value) : quantity::to_chinese(v.state)) + "@" +
             v.cell;
    out += "\n";
  });
  return out;
}

// ---- cells

struct CellCase {
  const char* what;
  FieldType type;
  const char* written;
  const char* expected;  // value, 缺报, 不适用, "" for nothing, or a code
  sheet::CellKind kind = sheet::CellKind::Text;
};

TEST(Cells, MeanWhatPeopleMean) {
  const CellCase cases[] = {
      {"a number as text", FieldType::Number, "12.50", "12.5"},
      {"full-width digits", FieldType::Number, "１２．５", "12.5"},
      {"commas", FieldType::Number, "1,234,567.8", "1234567.8"},
      {"a wrong comma", FieldType::Number, "12,5", "E-INTAKE-201"},
      {"the unit behind", FieldType::Number, "12.5万元", "12.5"},
      {"another unit behind", FieldType::Number, "125000元", "12.5"},
      {"a unit of another kind", FieldType::Number, "12.5亩", "E-INTAKE-202"},
      {"a percentage of money", FieldType::Number, "12%", "E-INTAKE-202"},
      {"ten thousand of what", FieldType::Number, "12万", "E-INTAKE-201"},
      {"an accountant's minus", FieldType::Number, "(3.5)", "-3.5"},
      {"zero is zero", FieldType::Number, "0", "0"},
      {"a stored double", FieldType::Number, "8.1999999999999993", "8.2", sheet::CellKind::Number},
      {"dash", FieldType::Number, "—", "缺报"},
      {"slash", FieldType::Number, "/", "缺报"},
      {"not reported", FieldType::Number, "未报", "缺报"},
      {"not applicable", FieldType::Number, "不适用", "不适用"},
      {"blanks only", FieldType::Number, " 　", ""},
      {"a broken formula", FieldType::Number, "#DIV/0!", "E-INTAKE-209", sheet::CellKind::Error},
      {"a word", FieldType::Number, "很多", "E-INTAKE-201"},
      {"yes", FieldType::Boolean, "是", "true"},
      {"tick", FieldType::Boolean, "√", "true"},
      {"cross", FieldType::Boolean, "×", "false"},
      {"n", FieldType::Boolean, "n", "false"},
      {"one", FieldType::Boolean, "1", "true", sheet::CellKind::Number},
      {"none of a yes-no", FieldType::Boolean, "无", "false"},
      {"perhaps", FieldType::Boolean, "也许", "E-INTAKE-203"},
      {"a Chinese date", FieldType::Date, "2023年5月6日", "2023-05-06"},
      {"a dotted date", FieldType::Date, "2023.5.6", "2023-05-06"},
      {"eight digits", FieldType::Date, "20230506", "2023-05-06", sheet::CellKind::Number},
      {"a serial without format", FieldType::Date, "45052", "E-INTAKE-204", sheet::CellKind::Number},
      {"no day", FieldType::Date, "2023-02-30", "E-INTAKE-204"},
      {"a period", FieldType::Period, "2023年一季度", "2023-Q1"},
      {"no period", FieldType::Period, "去年", "E-INTAKE-205"},
      {"text keeps its inside", FieldType::Text, " 甲 公司 ", "甲 公司"},
      {"a long number as text", FieldType::Text, "330902104050000001", "E-INTAKE-210",
       sheet::CellKind::Number},
      {"a town by alias", FieldType::Area, "金塘", "330902100"},
      {"a town with its county", FieldType::Area, "浙江省舟山市定海区昌国街道", "330902002"},
      {"a town misspelt", FieldType::Area, "昌国街到", "E-INTAKE-206"},
      {"an industry class", FieldType::Code, "3523", "3523"},
      {"with its letter", FieldType::Code, "C3523", "3523"},
      {"by name", FieldType::Code, "塑料加工专用设备制造", "3523"},
      {"code and name", FieldType::Code, "3523 塑料加工专用设备制造", "3523"},
      {"a group", FieldType::Code, "352", "352"},
      {"a division as a number", FieldType::Code, "35", "35", sheet::CellKind::Number},
      {"a class that is not listed", FieldType::Code, "3524", "352 W-INTAKE-206"},
      {"renumbered since 2011", FieldType::Code, "3660", "366 W-INTAKE-208"},
      {"the 2011 name beside it", FieldType::Code, "3660汽车零部件及配件制造", "E-INTAKE-207"},
      {"no industry", FieldType::Code, "9999", "E-INTAKE-206"},
      {"a genuine code", FieldType::CreditCode, "113309025862954312", "113309025862954312"},
      {"lower-case and full-width", FieldType::CreditCode, "　91330902684307791b", "91330902684307791B"},
      {"17 characters", FieldType::CreditCode, "9133090274855633R", "E-INTAKE-211"},
      {"a legacy code", FieldType::CreditCode, "91350100M0009X1HT6", "91350100M0009X1HT6 W-INTAKE-213"},
      {"the letter I", FieldType::CreditCode, "9I330902684307791B", "E-INTAKE-212"},
      {"scientific as text", FieldType::CreditCode, "9.13309E+17", "E-INTAKE-210"},
      {"scientific", FieldType::CreditCode, "9.1330900000000003E+17", "E-INTAKE-210",
       sheet::CellKind::Number},
      {"an 18-digit number", FieldType::CreditCode, "913309025447122010", "E-INTAKE-210",
       sheet::CellKind::Number},
  };
  for (const CellCase& c : cases) {
    Field field{.id = "f", .name = "某项", .type = c.type};
    if (c.type == FieldType::Number) field.unit = unit("万元");
    if (c.type == FieldType::Code) field.codes = "gbt4754_2017";
    if (c.type == FieldType::Area) field.codes = "town";
    CellReader reader(field, the_schema());
    const Reading reading = reader.read({.row = 2, .column = 1, .kind = c.kind, .text = c.written});
    std::string got;
    if (reading.kind == Reading::Kind::Value) got = registers::to_text(reading.value);
    if (reading.kind == Reading::Kind::Absent) got = quantity::to_chinese(reading.state);
    if (reading.problem) got += (got.empty() ? "" : " ") + reading.problem->code;
    EXPECT_EQ(got, c.expected) << c.what << ": " << c.written;
  }
}

// ---- whole files

TEST(Import, AGoodTableGoesInAndIsSourced) {
  registers::MemoryStore store;
  const Intake intake = import(store, "2023年度税收情况表\n单位：元\n统一社会信用代码,企业名称,实缴税金\n" +
                                          code(1) + ",甲,125000\n" + code(2) + ",乙,缺报\n合计,,125000\n");
  EXPECT_EQ(stored(store, "enterprise_year"),
            code(1) + " 2023 row 4: tax_paid=12.5@C4\n" + code(2) + " 2023 row 5: tax_paid=缺报@C5\n")
      << told(intake);
  ASSERT_EQ(store.batches().size(), 1u);
  EXPECT_EQ(store.batches()[0].file_name, "2023年税收.csv");
  EXPECT_EQ(store.batches()[0].rows_read, 2);
}

TEST(Import, TheSameFileTwiceIsOnce) {
  registers::MemoryStore store;
  const std::string bytes = "统一社会信用代码,年度,实缴税收（万元）\n" + code(1) + ",2023,12.5\n";
  EXPECT_TRUE(import(store, bytes).stored);
  const Intake again = import(store, bytes);
  EXPECT_TRUE(again.already_imported);
  EXPECT_FALSE(again.stored);
  EXPECT_EQ(store.statement_count("enterprise_year"), 1);
  // Another file that says the same writes nothing either.
  const Intake other = import(store, bytes + "\n");
  EXPECT_FALSE(other.already_imported);
  EXPECT_FALSE(other.stored);
  EXPECT_EQ(other.sheets.at(0).unchanged, 1);
  // A correction is a new statement.
  EXPECT_TRUE(import(store, "统一社会信用代码,年度,实缴税收（万元）\n" + code(1) + ",2023,13\n").stored);
  EXPECT_EQ(store.statement_count("enterprise_year"), 2);
}

TEST(Import, EveryMistakeIsToldAtOnce) {
  registers::MemoryStore store;
  import(store,
         "统一社会信用代码,企业名称,行业,所属镇街\n" + code(1) + ",甲,3523,金塘\n" + code(2) +
             ",乙,3523,白泉镇\n" + code(3) + ",丙,352,白泉镇\n",
         {.provider = "区市监局"}, "企业.csv");
  import(store, "统一社会信用代码,年度,实缴税收\n" + code(3) + ",2023,99\n",
         {.provider = "区财政局", .received_at = "2024-03-01"}, "财政.csv");
  const Intake intake = import(
      store, "统一社会信用代码,企业名称,年度,实缴税金（元）,规上,营业收入,占地面积,备注,综合能毫等价值\n" +
                 code(1) + ",甲,2023,很多,也许,100,-1,,\n" + "9133090274855633R,乙,2023,1,是,100,1,,\n" +
                 code(2) + ",乙,明年,1,是,0,1,,\n" + code(2) + ",乙,2023,50000,是,0,1,,\n" + code(3) +
                 ",丙,2023,980000,是,500,10,,\n" + code(4) + ",丁,2023,980000,是,500,10,x,\n" + code(4) +
                 ",丁,2023,980000,是,500,10,y,\n" + code(5) + ",戊,2023,980000,是,500,10,,\n" + code(5) +
                 ",戊,2023,970000,是,,10,,\n" + ",己,2023,970000,是,500,10,,\n");
  EXPECT_TRUE(golden::matches("engine/intake/golden/mistakes.txt", told(intake)));
  EXPECT_EQ(intake.sheets.at(0).accepted, 2);
}

TEST(Import, HeadersThatCannotBeRead) {
  struct Case {
    const char* what;
    std::string text;
    Options options = kTax;
    const char* file = "表.csv";
  };
  const Case cases[] = {
      {"没有一列认得", "甲,乙\n一,二\n"},
      {"没有主键列", "企业名称,年度,实缴税收\n甲,2023,1\n"},
      {"不知道哪一年", "统一社会信用代码,实缴税收\n" + code(1) + ",1\n"},
      {"标题里有两个年度", "2022年、2023年税收\n统一社会信用代码,实缴税收\n" + code(1) + ",1\n"},
      {"两列一个字段", "统一社会信用代码,年度,规上,实缴税金,实缴税金（万元）\n" + code(1) + ",2023,是,1,2\n"},
      {"单位的量纲不对", "统一社会信用代码,年度,规上,实缴税收（亩）\n" + code(1) + ",2023,是,1\n"},
      {"缺必填列", "宗地编号,使用企业代码\nA1," + code(1) + "\n"},
      {"除不尽的单位", "宗地编号,使用企业代码,分摊面积,建筑面积（亩）\nA1," + code(1) + ",3,1\n"},
      {"外部结果没有文号", "结果编号,等级\n1,A\n"},
      {"没有这个台账", "结果编号,等级\n1,A\n", {.register_id = "enterprise_yaer"}},
      {"表头下没有数据", "统一社会信用代码,年度,实缴税收\n合计,,5\n"},
      {"不是表", "只有一句话\n"},
  };
  std::string out;
  for (const Case& c : cases) {
    registers::MemoryStore store;
    out += std::string("# ") + c.what + "\n" + told(import(store, c.text, c.options, c.file)) + "\n";
  }
  EXPECT_TRUE(golden::matches("engine/intake/golden/headers.txt", out));
}

TEST(Import, SizesThatAreOffByAUnit) {
  registers::MemoryStore store;
  std::string whole = "统一社会信用代码,年度,实缴税收,用地面积（亩）\n", single = whole;
  for (int i = 1; i <= 12; ++i) {
    whole += code(static_cast<std::uint64_t>(i)) + ",2023," + std::to_string(500000 + i * 10000) + "," +
             std::to_string(i * 10000) + "\n";
    single += code(static_cast<std::uint64_t>(i)) + ",2022," +
              (i == 7   ? "1200000"
               : i == 9 ? "0.04"
                        : std::to_string(50 + i)) +
              "," + (i == 8 ? "13333" : "20") + "\n";
  }
  const Intake columns = import(store, whole), cells = import(store, single);
  EXPECT_TRUE(golden::matches("engine/intake/golden/sizes.txt",
                              "# 整列\n" + told(columns) + "\n# 个别格子\n" + told(cells)));
  EXPECT_EQ(cells.sheets.at(0).refused, 1) << "one cell in 元 outweighs a town";
  Options checked = kTax;
  checked.accept_unusual = true;
  EXPECT_EQ(import(store, single, checked).sheets.at(0).accepted, 1) << "the row that somebody has checked";
  EXPECT_EQ(columns.sheets.at(0).accepted, 12) << "a doubt about size keeps no row out";
}

TEST(Import, ManyOfAKindAreCounted) {
  registers::MemoryStore store;
  std::string text = "统一社会信用代码,年度,实缴税收\n";
  for (std::uint64_t i = 0; i < 205; ++i) text += code(i) + ",2023,很多\n";
  const Intake intake = import(store, text);
  EXPECT_EQ(diagnostic::count(intake.diagnostics, diagnostic::Severity::Error), 200u);
  const auto more = std::find_if(intake.diagnostics.begin(), intake.diagnostics.end(),
                                 [](const auto& d) { return d.code == "N-INTAKE-190"; });
  ASSERT_NE(more, intake.diagnostics.end());
  EXPECT_EQ(more->message.zh, "C 列还有 5 处 E-INTAKE-201，没有逐条列出。");
  EXPECT_EQ(intake.problems_by_row.at("2023年税收").size(), 205u) << "the column 问题 has all";
  EXPECT_FALSE(intake.stored);
}

std::string made_workbook() {
  sheet::WorkbookWriter writer;
  writer.begin_sheet({.name = "填表说明", .columns = {}});
  writer.begin_sheet({.name = "年度",
                      .title = "2023年度企业数据",
                      .lines = {"单位：万元"},
                      .columns = {{.header = {"统一社会信用代码"}},
                                  {.header = {"税收", "实缴税金"}},
                                  {.header = {"土地", "占地面积（平方米）"}},
                                  {.header = {"规上"}}}});
  using sheet::OutCell;
  const std::vector<OutCell> year = {OutCell::of_text(code(1)), OutCell::of_number("8.2"),
                                     OutCell::of_number("10000"), OutCell::of_boolean(false)};
  const std::vector<OutCell> damaged = {OutCell::of_text("9.13309E+17"), OutCell::of_number("7"),
                                        OutCell::of_number("1"), OutCell::empty()};
  writer.row(year);
  writer.row(damaged);
  writer.begin_sheet({.name = "企业",
                      .columns = {{.header = {"社会信用代码"}},
                                  {.header = {"单位名称"}},
                                  {.header = {"行业代码"}},
                                  {.header = {"成立日期"}}}});
  const std::vector<OutCell> enterprise = {OutCell::of_text(code(1)), OutCell::of_text("甲公司"),
                                           OutCell::of_number("3523"), OutCell::of_date({2001, 2, 3})};
  writer.row(enterprise);
  return writer.finish();
}

TEST(Import, AWorkbookOfSeveralRegisters) {
  registers::MemoryStore store;
  const std::string bytes = made_workbook();
  const Intake first = import(store, bytes, kTax, "年报.xlsx");
  const Intake again = import(store, bytes, kTax, "年报.xlsx");
  EXPECT_TRUE(again.already_imported);
  EXPECT_TRUE(golden::matches("engine/intake/golden/workbook.txt",
                              told(first) + "\n# 再传一次\n" + told(again) + "\n# 台账\n" +
                                  stored(store, "enterprise") + stored(store, "enterprise_year")));
}

TEST(Import, ARequiredCellIsFilled) {
  registers::MemoryStore store;
  const Intake intake =
      import(store, "宗地编号,使用企业代码,分摊面积\nA1," + code(1) + ",\nA2," + code(2) + ",3\n");
  ASSERT_FALSE(intake.diagnostics.empty());
  EXPECT_EQ(std::count_if(intake.diagnostics.begin(), intake.diagnostics.end(),
                          [](const auto& d) { return d.code == "E-INTAKE-215" && d.place.cell == "C2"; }),
            1);
  EXPECT_EQ(intake.sheets.at(0).accepted, 1);
}

TEST(Import, AConfirmedMappingIsRemembered) {
  registers::MemoryStore store;
  const std::string text = "统一社会信用代码,年度,入库数,是否规上\n" + code(1) + ",2023,12,是\n";
  const Intake before = import(store, text);
  EXPECT_EQ(before.sheets.at(0).columns.at(2).field, "");
  // A person says what 入库数 is, and that 是否规上 is not wanted; the header is known by its fingerprint.
  fingerprint::Digest digest;
  for (const char* label : {"统一社会信用代码", "年度", "入库数", "是否规上"}) digest.field(label);
  const std::string header = digest.hex();
  store.remember({.provider = kTax.provider,
                  .register_id = "enterprise_year",
                  .header_fingerprint = header,
                  .columns = {{3, "入库数", "tax_paid", ""}, {4, "是否规上", "", ""}}});
  const Intake after = import(store, text + "\n");
  EXPECT_EQ(after.sheets.at(0).columns.at(2).field, "tax_paid");
  EXPECT_EQ(after.sheets.at(0).columns.at(2).how, ColumnMatch::How::Remembered);
  EXPECT_EQ(after.sheets.at(0).columns.at(3).field, "");
  const auto kept = store.mapping(kTax.provider, "enterprise_year", header);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->columns.size(), 3u) << "key, 入库数, and the column that is not wanted";
}

// What a trial says is what the import then does, down to the parents that came in the same file.
TEST(Import, ATrialSaysWhatTheImportDoes) {
  registers::MemoryStore store;
  const std::string workbook = made_workbook();
  const std::string table =
      "统一社会信用代码,年度,实缴税收\n" + code(1) + ",2023,12\n" + code(9) + ",2023,7\n";
  Options trial = kTax;
  trial.trial = true;
  for (const auto& [bytes, name] : std::initializer_list<std::pair<std::string, std::string>>{
           {workbook, "年报.xlsx"}, {table, "税收.csv"}}) {
    const std::string before = stored(store, "enterprise") + stored(store, "enterprise_year");
    const Intake tried = import(store, bytes, trial, name);
    EXPECT_FALSE(tried.stored);
    EXPECT_EQ(stored(store, "enterprise") + stored(store, "enterprise_year"), before);
    EXPECT_EQ(told(tried), told(import(store, bytes, kTax, name)));
  }
}

// A column whose header is only near to a field's name waits for somebody to say what it is; what is said
// later gives more of a file that is in.
TEST(Import, ANearHeaderWaits) {
  registers::MemoryStore store;
  const std::string text = "统一社会信用代码,年度,实缴税收,用地面织\n" + code(1) + ",2023,12,30\n";
  Options asking = kTax;
  asking.ask_near = true;
  const Intake waits = import(store, text, asking);
  EXPECT_TRUE(waits.waits_for_columns);
  EXPECT_EQ(waits.sheets.at(0).rows_read, 0);
  EXPECT_EQ(stored(store, "enterprise_year"), "");
  const Intake without = import(store, text);
  EXPECT_FALSE(without.waits_for_columns);
  EXPECT_EQ(without.sheets.at(0).accepted, 1);
  asking.decided = {{"用地面织", "用地面积"}};
  const Intake with = import(store, text, asking);
  EXPECT_FALSE(with.waits_for_columns);
  EXPECT_FALSE(with.already_imported);
  EXPECT_EQ(with.sheets.at(0).accepted, 1);
  EXPECT_NE(stored(store, "enterprise_year").find("land_used=30"), std::string::npos);
  asking.decided = {{"用地面织", ""}};
  EXPECT_FALSE(import(store, text, asking).waits_for_columns);
}

// With nothing but the key made out, a column that is nearly a field's tells which register is meant; what it
// says is asked, and nobody gets a bare row.
TEST(Import, OnlyTheKeyAndANearHeaderAsk) {
  registers::MemoryStore store;
  const std::string text = "统一社会信用代码,年度,用地面织\n" + code(1) + ",2023,30\n";
  const Intake asks = import(store, text);
  EXPECT_EQ(asks.sheets.at(0).register_id, "enterprise_year");
  EXPECT_NE(told(asks).find("E-INTAKE-118"), std::string::npos) << told(asks);
  EXPECT_NE(told(asks).find("W-INTAKE-111"), std::string::npos) << told(asks);
  EXPECT_FALSE(asks.stored);
  Options waiting = kTax;
  waiting.ask_near = true;
  EXPECT_TRUE(import(store, text, waiting).waits_for_columns);
  waiting.decided = {{"用地面织", "用地面积"}};
  EXPECT_EQ(import(store, text, waiting).sheets.at(0).accepted, 1);
  EXPECT_EQ(stored(store, "enterprise"), "");
}

// What this system wrote out and does not read back is left out without a word.
TEST(Import, AReadOnlyColumnIsLeftOut) {
  registers::MemoryStore store;
  const Intake done = import(store, "统一社会信用代码,年度,实缴税收,用地面积（亩）（只读）,备注（只读）\n" +
                                        code(1) + ",2023,12,—,x\n");
  EXPECT_EQ(done.sheets.at(0).accepted, 1);
  EXPECT_EQ(stored(store, "enterprise_year").find("land_used"), std::string::npos);
  std::string unread;
  for (const diagnostic::Diagnostic& each : done.diagnostics)
    if (each.code == "N-INTAKE-112") unread += each.message.zh;
  EXPECT_EQ(unread.find("用地面积"), std::string::npos) << unread;
  EXPECT_NE(unread.find("备注"), std::string::npos) << "no field of this register: " << unread;
}

TEST(Import, PublishedResultsBearTheirDocument) {
  registers::MemoryStore store;
  Options options = kTax;
  options.document = "定政办发〔2021〕9号";
  EXPECT_TRUE(import(store, "结果编号,等级\n1,A\n", options).stored);
  EXPECT_EQ(stored(store, "external_result"),
            "1 row 2: result_code=1@A2 result_value=A@B2 result_document=定政办发〔2021〕9号@\n");
  EXPECT_EQ(store.batches().at(0).document, options.document);
}

TEST(Import, PeriodsAreFoundWhereTheyStand) {
  struct Case {
    const char* text;
    const char* expected;
  };
  for (const Case& c : {Case{"2023年税收情况表", "2023"},
                        {"税收2023", "2023"},
                        {"2023年1-12月", "2023"},
                        {"2022年、2023年", ""},
                        {"20230506导出", ""},
                        {"二〇二三年", ""},
                        {"2023年一季度", ""}}) {
    const auto period = period_in(c.text, schema::PeriodKey::Year);
    EXPECT_EQ(period ? period->to_string() : "", c.expected) << c.text;
  }
}

TEST(Problems, AreWrittenIntoTheSendersCopy) {
  registers::MemoryStore store;
  const std::string in = testing::TempDir() + "问题前.csv", out = testing::TempDir() + "问题后.csv";
  const std::string text =
      "统一社会信用代码,年度,实缴税收\r\n" + code(1) + ",2023,很多\r\n" + code(2) + ",2023,5\r\n";
  std::ofstream(in, std::ios::binary) << text;
  Options options = kTax;
  options.copy_to = out;
  const Intake intake = import_file(in, the_schema(), store, options);
  EXPECT_TRUE(intake.has_copy);
  std::ifstream file(out, std::ios::binary);
  const std::string got(std::istreambuf_iterator<char>(file), {});
  EXPECT_NE(got.find(code(1) + ",2023,很多,"), std::string::npos) << got;
  EXPECT_NE(got.find("C2：“很多”不是数值"), std::string::npos) << got;
  EXPECT_NE(got.find(",\"问题\""), std::string::npos) << got;
  EXPECT_NE(import_file("没有.xlsx", the_schema(), store, kTax).diagnostics.size(), 0u);

  options.copy_to = "/dev/null/没有的文件夹/副本.csv";
  registers::MemoryStore other;
  const Intake without = import_file(in, the_schema(), other, options);
  EXPECT_FALSE(without.has_copy);
  EXPECT_TRUE(without.stored) << "a copy that cannot be written keeps no row out";
  EXPECT_EQ(without.diagnostics.back().code, "W-INTAKE-118");
}

// A sheet whose number was merged over two rows, as read with Merged::Fill.
class MergedWorkbook final : public sheet::Workbook {
 public:
  sheet::Format format() const override { return sheet::Format::Xlsx; }
  const std::string& file_name() const override { return name_; }
  const std::vector<sheet::Sheet>& sheets() const override { return sheets_; }
  const std::vector<sheet::MergedRange>& merges(int) const override { return merges_; }
  sheet::Diagnostics read(int, sheet::RowSink& sink, sheet::Merged) const override {
    for (int row = 2; row <= 3; ++row) {
      const std::vector<sheet::Cell> cells = {
          {.row = row,
           .column = 1,
           .kind = sheet::CellKind::Text,
           .text = code(static_cast<std::uint64_t>(row))},
          {.row = row, .column = 2, .kind = sheet::CellKind::Number, .text = "100", .is_filled = row == 3}};
      sink.row(row, cells);
    }
    return {};
  }

 private:
  std::string name_ = "合并.xlsx";
  std::vector<sheet::Sheet> sheets_ = {{.name = "表"}};
  std::vector<sheet::MergedRange> merges_ = {{2, 2, 3, 2}};
};

// Everything but the code was merged downwards: the second row is a record, not a heading between rows.
class MergedDownWorkbook final : public sheet::Workbook {
 public:
  sheet::Format format() const override { return sheet::Format::Xlsx; }
  const std::string& file_name() const override { return name_; }
  const std::vector<sheet::Sheet>& sheets() const override { return sheets_; }
  const std::vector<sheet::MergedRange>& merges(int) const override { return merges_; }
  sheet::Diagnostics read(int, sheet::RowSink& sink, sheet::Merged) const override {
    for (int row = 2; row <= 3; ++row) {
      std::vector<sheet::Cell> cells = {{.row = row,
                                         .column = 1,
                                         .kind = sheet::CellKind::Text,
                                         .text = code(static_cast<std::uint64_t>(row))}};
      for (int column = 2; column <= 3; ++column)
        cells.push_back({.row = row,
                         .column = column,
                         .kind = sheet::CellKind::Number,
                         .text = "100",
                         .is_filled = row == 3});
      sink.row(row, cells);
    }
    return {};
  }

 private:
  std::string name_ = "合并.xlsx";
  std::vector<sheet::Sheet> sheets_ = {{.name = "表"}};
  std::vector<sheet::MergedRange> merges_ = {{2, 2, 3, 2}, {2, 3, 3, 3}};
};

TEST(Import, ARowWhoseOtherCellsAreMergedFromAboveIsARecord) {
  registers::MemoryStore store;
  Intake intake;
  intake.sheets.push_back({.sheet = "表"});
  Findings findings(intake, "合并.xlsx");
  findings.set_sheet("表");
  const sheet::Table table{.header_rows = {1},
                           .columns = {{.column = 1, .label = "统一社会信用代码", .name = "统一社会信用代码"},
                                       {.column = 2, .label = "实缴税收", .name = "实缴税收"},
                                       {.column = 3, .label = "备注", .name = "备注"}},
                           .first_data_row = 2};
  Options options = kTax;
  options.period = calendar::Period::year(2023);
  auto layout =
      match_columns(table, "表", "合并.xlsx", the_schema(), store, options, intake.sheets[0], findings);
  ASSERT_TRUE(layout);
  Group group(*layout->target);
  const Watch nobody;
  Watching watching(nobody, findings);
  group.sheets.push_back({"表", *layout, 0, ""});
  read_rows(MergedDownWorkbook(), 0, table, the_schema(), 0, group, intake.sheets[0], kTax, findings,
            watching, intake);
  EXPECT_EQ(intake.sheets[0].rows_read, 2);
  EXPECT_EQ(group.rows.size(), 2u);
}

TEST(Import, AMergedNumberCountsOnce) {
  registers::MemoryStore store;
  Intake intake;
  intake.sheets.push_back({.sheet = "表"});
  Findings findings(intake, "合并.xlsx");
  findings.set_sheet("表");
  const sheet::Table table{.header_rows = {1},
                           .columns = {{.column = 1, .label = "统一社会信用代码", .name = "统一社会信用代码"},
                                       {.column = 2, .label = "实缴税收", .name = "实缴税收"}},
                           .first_data_row = 2};
  Options options = kTax;
  options.period = calendar::Period::year(2023);
  auto layout =
      match_columns(table, "表", "合并.xlsx", the_schema(), store, options, intake.sheets[0], findings);
  ASSERT_TRUE(layout);
  Group group(*layout->target);
  const Watch nobody;
  Watching watching(nobody, findings);
  group.sheets.push_back({"表", *layout, 0, ""});
  read_rows(MergedWorkbook(), 0, table, the_schema(), 0, group, intake.sheets[0], kTax, findings, watching,
            intake);
  ASSERT_EQ(group.rows.size(), 2u);
  EXPECT_EQ(group.values_of(group.rows[0]).size(), 1u);
  EXPECT_EQ(group.values_of(group.rows[1]).size(), 0u);
  ASSERT_EQ(intake.diagnostics.size(), 1u);
  EXPECT_EQ(intake.diagnostics[0].code, "W-INTAKE-217");
}

}  // namespace
}  // namespace tenglong::intake
