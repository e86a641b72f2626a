#include "engine/sheet/table.h"

#include <gtest/gtest.h>

#include "engine/sheet/sheet.h"
#include "tests/golden/golden.h"

namespace tenglong::sheet {
namespace {

// A sheet drawn as text: a row a line, cells split by "|", blank cells "". Merged ranges after "merge ".
struct Drawn {
  std::vector<Row> rows;
  std::vector<MergedRange> merges;
};
Cell drawn_cell(int row, int column, const std::string& text) {
  std::string typed = text;
  if (const std::size_t at = typed.find("⏎"); at != std::string::npos) typed.replace(at, 3, "\r\n");
  const bool is_number = !text.empty() && text.find_first_not_of("0123456789.-") == std::string::npos;
  return {.row = row, .column = column, .kind = is_number ? CellKind::Number : CellKind::Text, .text = typed};
}
Drawn drawn(const std::string& picture) {
  Drawn out;
  int number = 0;
  std::size_t from = 0;
  while (from < picture.size()) {
    const std::size_t end = std::min(picture.find('\n', from), picture.size());
    const std::string line = picture.substr(from, end - from);
    from = end + 1;
    if (line.starts_with("merge ")) {
      const std::size_t colon = line.find(':');
      const Position a = *parse_cell_name(line.substr(6, colon - 6)),
                     b = *parse_cell_name(line.substr(colon + 1));
      out.merges.push_back({a.row, a.column, b.row, b.column});
      continue;
    }
    Row row{++number, {}};
    int column = 1;
    for (std::size_t at = 0; at <= line.size(); ++column) {
      const std::size_t bar = std::min(line.find('|', at), line.size());
      if (bar > at) row.cells.push_back(drawn_cell(number, column, line.substr(at, bar - at)));
      at = bar + 1;
    }
    if (!row.cells.empty()) out.rows.push_back(std::move(row));
  }
  return out;
}
std::string found_in(const std::string& picture) {
  const Drawn sheet = drawn(picture);
  const FoundTable found = find_table(sheet.rows, sheet.merges, {.file = "税收.xlsx", .sheet = "税收"});
  std::string out = found.table ? render_table(*found.table) : "no table\n";
  for (const auto& one : found.diagnostics)
    out += one.code + " " + to_string(one.place) + " " + one.message.zh + "\n";
  return out;
}

struct TableCase {
  const char* what;
  const char* picture;
};
const TableCase kCases[] = {
    {"a plain table", "企业名称|用地面积（亩）\n甲公司|12\n"},
    {"title, unit line, data, total and note",
     "2023年税收情况表\n填报单位：区税务局|||单位：万元\n序号|企业名称|统一社会信用代码|实缴税金\n1|甲公司|"
     "91330902MA2A|120.5\n合 计|||120.5\n填表人：张三\n"
     "merge A1:D1\n"},
    {"two header rows of merged groups",
     "2022年度亩均效益评价数据\n企业名称|用地|||税收（万元）|\n|面积（亩）|其中：租用|证载用途|增值税|"
     "所得税\n甲公司|12|3|工业|10|2\n"
     "merge A1:F1\nmerge A2:A3\nmerge B2:D2\nmerge E2:F2\n"},
    {"three header rows",
     "企业|能耗|||\n|电||煤|\n|万千瓦时|折标（吨标准煤）|吨|折标（吨标准煤）\n甲|1|2|3|4\n"
     "merge A1:A3\nmerge B1:E1\nmerge B2:C2\nmerge D2:E2\n"},
    {"groups without merged ranges, as in .csv and .xls",
     "企业名称|用地||税收\n|面积（亩）|性质|\n甲公司|12|工业|3\n"},
    {"a row of units under the names", "企业名称|用地|税收\n—|亩|万元\n甲公司|12|3\n"},
    {"column numbers under the header", "企业名称|代码|税收|用地|人数\n甲|乙|1|2|3\n某公司|91|1|2|3\n"},
    {"years as column names", "镇街|2021|2022|2023年\n金塘|1|2|3\n"},
    {"line breaks and blanks in labels", "企 业 名 称|用地面积⏎（亩）|R&D  费用 (万元)\n甲|1|2\n"},
    {"unit after a comma and with its word",
     "企业|税收，万元|电量（单位：千瓦时）|亩均税收（万元/亩）|名称（全称）\n甲|1|2|3|x\n"},
    {"units of every kind",
     "企业名称|增幅（%）|单位电耗税收(元/"
     "千瓦时)|员工数【人】|能耗（吨标准煤）|水耗（立方米）|电话（手机）|年份（2023）|其中：R&"
     "D经费支出（万元）\n"
     "甲|1|2|3|4|5|139|2023|6\n"},
    {"two lines above, with colons, and a date",
     "定海区工业企业用电量情况\n填报单位（盖章）：区供电公司||填报日期：2023年3月1日|\n户号|户名|"
     "用电量（万千瓦时）|备注\n0012|甲|3|\n"},
    {"a unit line that stands in brackets beside the title", "用地情况（单位：亩）\n企业|用地\n甲|3\n"},
    {"a sample mark above the header", "样例数据（不含真实企业）\n企业名称|税收\n甲|1\n"},
    {"a heading twice and data without a heading", "企业名称|税收|税收\n甲|1|2|多余\n"},
    {"the table begins at column C and row 4", "\n\n\n||企业|用地\n||甲|1\n"},
    {"text data only", "企业名称|镇街|行业\n甲公司|金塘镇|塑机\n乙公司|白泉镇|汽配\n"},
    {"numbers without any header", "1|2|3\n4|5|6\n"},
    {"an empty sheet", ""},
    {"one column", "企业名称\n甲公司\n乙公司\n"},
};
TEST(Table, IsFoundWherePeoplePutIt) {
  std::string out;
  for (const TableCase& one : kCases)
    out += std::string("# ") + one.what + "\n" + one.picture + "->\n" + found_in(one.picture) + "\n";
  EXPECT_TRUE(golden::matches("engine/sheet/golden/tables.txt", out));
}

struct RoleCase {
  const char* row;
  RowRole role;
};
const RoleCase kRoles[] = {
    {"1|甲公司|120", RowRole::Data},
    {"", RowRole::Blank},
    {" |　|", RowRole::Blank},
    {"合 计||120", RowRole::Total},
    {"|全区合计|120", RowRole::Total},
    {"3|小计：|120", RowRole::Total},
    {"1|合计划（舟山）有限公司|120", RowRole::Data},
    {"注：本表不含规下企业", RowRole::Note},
    {"填表人：张三|审核人：李四", RowRole::Note},
    {"以上数据来自税务系统，截至年底。", RowRole::Note},
    {"|某某公司|", RowRole::Data},
    {"序号|企业名称|实缴税金（万元）", RowRole::Header},
};
TEST(Table, RolesOfRows) {
  const Drawn sheet = drawn("序号|企业名称|实缴税金（万元）\n1|甲|2\n");
  const Table table = *find_table(sheet.rows, sheet.merges, {}).table;
  for (const RoleCase& one : kRoles) {
    const Drawn row = drawn(std::string(one.row) + "\n");
    EXPECT_EQ(
        role_of(table, row.rows.empty() ? std::span<const Cell>() : std::span<const Cell>(row.rows[0].cells)),
        one.role)
        << one.row;
  }
}

}  // namespace
}  // namespace tenglong::sheet
