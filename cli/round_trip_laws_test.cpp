// Out and in again changes nothing, whatever somebody sent: leading zeros, codes of 18 digits, long decimals,
// formulas, signs of all widths, characters beyond the BMP, direction marks, line breaks.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <map>

#include "engine/extract/extract.h"
#include "engine/intake/intake.h"
#include "engine/register/memory_store.h"

namespace tenglong::extract {
namespace {

using schema::FieldType;

const schema::Schema& the_schema() {
  static const schema::Schema made = [] {
    schema::Schema schema;
    schema::Codes towns{.id = "town", .name = "镇街"};
    towns.entries = {{.code = "330902100", .name = "金塘镇"}, {.code = "330902104", .name = "白泉镇"}};
    towns.build_index();
    schema.codes = {towns};
    schema::Register one{.id = "thing", .name = "事项", .key = {"code"}, .period = schema::PeriodKey::Year};
    one.fields = {
        {.id = "code", .name = "编号", .required = true},
        {.id = "words", .name = "说明"},
        {.id = "more", .name = "补充"},
        {.id = "amount", .name = "金额", .type = FieldType::Number, .unit = *quantity::Unit::parse("万元")},
        {.id = "share", .name = "占比", .type = FieldType::Number, .unit = *quantity::Unit::parse("%")},
        {.id = "on", .name = "日期", .type = FieldType::Date},
        {.id = "truth", .name = "是非", .type = FieldType::Boolean},
        {.id = "town", .name = "镇街", .type = FieldType::Area, .codes = "town"}};
    schema.registers = {one};
    return schema;
  }();
  return made;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}
std::string hostile_text() {
  static const std::vector<std::string> kPieces = {"00123",
                                                   "330902198001011234",
                                                   "=1+1",
                                                   "=cmd|' /C calc'!A0",
                                                   "+86",
                                                   "-5",
                                                   "−5",
                                                   "－５",
                                                   "@SUM(A1)",
                                                   "'",
                                                   "'=",
                                                   "\"",
                                                   ",",
                                                   ";",
                                                   "\t",
                                                   "\r\n",
                                                   "\n",
                                                   "\r",
                                                   "𠮷",
                                                   "😀",
                                                   "\xE2\x80\xAE",
                                                   "\xE2\x81\xA6",
                                                   "ＡＢＣ",
                                                   "　",
                                                   " ",
                                                   "_x000D_",
                                                   "_x005F_",
                                                   "<a>&amp;",
                                                   "]]>",
                                                   "1E5",
                                                   "9.13309E+17",
                                                   "12345678901234567890",
                                                   "2023-01-01",
                                                   "TRUE",
                                                   "#DIV/0!",
                                                   "甲",
                                                   "有限公司",
                                                   "sep=;",
                                                   "注：",
                                                   "合计"};
  std::string out;
  const int count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i) out += *rc::gen::elementOf(kPieces);
  return out;
}
std::string some_file() {
  std::string out = "编号,年度,说明,补充,金额（万元）,占比（%）,日期,是非,镇街\n";
  const int rows = *rc::gen::inRange(1, 12);
  for (int i = 0; i < rows; ++i) {
    const bool keeps_code = *rc::gen::inRange(0, 3) > 0;
    out += in_quotes(keeps_code ? "00" + std::to_string(i) : std::to_string(i) + hostile_text()) + ",";
    out += std::to_string(*rc::gen::inRange(2021, 2024)) + "," + in_quotes(hostile_text()) + "," +
           in_quotes(hostile_text()) + ",";
    out += *rc::gen::elementOf(std::vector<std::string>{"", "0", "-0.1", "120.50", "12345678901234567.8901",
                                                        "0.000000000000001", "缺报", "不适用", "1E+20",
                                                        "３．５", "\"1,234.5\""}) +
           ",";
    out += *rc::gen::elementOf(std::vector<std::string>{"", "3.2", "100", "0.05%", "12.5%"}) + ",";
    out += *rc::gen::elementOf(std::vector<std::string>{"", "1900-01-01", "1900-02-28", "1900-03-01",
                                                        "1904-01-01", "1899-12-31", "2024-02-29",
                                                        "9999-12-31", "缺报"}) +
           ",";
    out += *rc::gen::elementOf(std::vector<std::string>{"", "是", "否", "缺报"}) + ",";
    out += *rc::gen::elementOf(std::vector<std::string>{"", "金塘镇", "330902104", "不适用"}) + "\n";
  }
  return out;
}
std::map<std::string, std::string> records_in(const registers::RegisterStore& store) {
  std::map<std::string, std::string> out;
  registers::read_records(store, the_schema().registers[0], {}, [&](registers::Record&& record) {
    std::string values;
    for (const registers::Resolved& value : record.fields)
      values +=
          "|" +
          (value.origin.row == 0 ? "" : quantity::to_code(value.state) + registers::to_text(value.value));
    out[record.key + " " + record.period->to_string()] = values;
  });
  return out;
}

void out_and_in(const std::string& extension) {
  registers::MemoryStore first, second;
  intake::import_bytes("来.csv", some_file(), the_schema(), first,
                       {.provider = "甲", .accept_unusual = true});
  const std::string path = testing::TempDir() + "law-" + std::to_string(getpid()) + extension;
  const schema::Register& target = the_schema().registers[0];
  std::vector<FileColumn> columns;
  for (const schema::Field& each : target.fields) columns.push_back({&each});
  TableFile out(the_schema(), target, columns, std::nullopt, {.mark = "样例数据"}, path);
  registers::read_records(first, target, {}, [&](registers::Record&& record) {
    std::vector<FileCell> cells;
    for (const registers::Resolved& each : record.fields)
      cells.push_back({.state = each.state, .value = each.value, .is_said = each.origin.row != 0});
    out.row(record.key, record.period, cells);
  });
  out.finish();
  const intake::Intake again = intake::import_file(
      path, the_schema(), second, {.provider = "甲", .register_id = "thing", .accept_unusual = true});
  std::filesystem::remove(path);
  const auto before = records_in(first), after = records_in(second);
  if (before != after)
    for (const auto& [key, values] : before) {
      const auto found = after.find(key);
      if (found == after.end() || found->second != values)
        RC_LOG() << "[" << key << "] " << values << "\n became "
                 << (found == after.end() ? "nothing" : found->second) << "\n";
    }
  if (before != after)
    for (const diagnostic::Diagnostic& one : again.diagnostics)
      RC_LOG() << one.code << " " << one.message.zh << "\n";
  RC_ASSERT(before == after);
}

RC_GTEST_PROP(ExtractLaws, AWorkbookComesBackAsItWas, ()) { out_and_in(".xlsx"); }
RC_GTEST_PROP(ExtractLaws, ATextFileComesBackAsItWas, ()) { out_and_in(".csv"); }

}  // namespace
}  // namespace tenglong::extract
