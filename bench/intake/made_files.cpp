#include "bench/intake/made_files.h"

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <utility>
#include <vector>

#include "engine/schema/credit_code.h"
#include "engine/sheet/writer.h"

namespace bench {

namespace {

using tenglong::sheet::OutCell;
using tenglong::sheet::OutSheet;
using tenglong::sheet::WorkbookWriter;
using Cells = std::vector<OutCell>;

constexpr const char* kHeaders[] = {
    "统一社会信用代码", "年度",         "填报镇街",         "填报行业",     "填报日期",
    "税款所属期",       "规上",         "设有研发机构",     "权证号",       "联系电话",
    "用地范围",         "权证扫描件",   "出让价款（万元）", "研发占比",     "实缴税收（元）",
    "主营业务收入",     "研发经费支出", "用地面积（亩）",   "职工人数",     "用电量",
    "综合能耗",         "工业总产值",   "指标一",           "指标二（元）", "指标三",
    "指标四（元）",     "指标五",       "指标六（元）",     "指标七",       "指标八（元）"};
constexpr int kShare = 13, kFirstNumber = 14, kColumns = 30;
enum Column {
  kCode,
  kYear,
  kTown,
  kIndustry,
  kOn,
  kPeriod,
  kScale,
  kUnit,
  kDeed,
  kPhone,
  kOutline,
  kScan,
  kPaid
};
constexpr const char* kTowns[] = {"金塘镇", "白泉", "330902004"};
constexpr const char* kIndustries[] = {"13", "1311", "3523", "352", "34", "36"};

std::string code_of(int firm) {
  return tenglong::schema::credit_code_from(static_cast<std::uint64_t>(firm) + 1, "330902");
}

// Firms have sizes of their own, and grow a little from year to year.
double figure(int firm, int column, int year) {
  std::uint64_t mixed =
      static_cast<std::uint64_t>(firm) * 0x9E3779B97F4A7C15u + static_cast<unsigned>(column) * 977u;
  mixed ^= mixed >> 29;
  mixed *= 0xBF58476D1CE4E5B9u;
  mixed ^= mixed >> 32;
  const double growth = 1 + 0.05 * (year - 2022) + 0.001 * static_cast<double>((mixed >> 40) % 100);
  return static_cast<double>(100 + mixed % 9'999'900) / 10 * (year == 2022 ? 1 : growth);
}
OutCell number(double value, int places = 2) {
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.*f", places, value);
  return OutCell::of_number(digits);
}

Cells right_row(int firm, int year) {
  Cells cells(kColumns);
  cells[kCode] = OutCell::of_text(code_of(firm));
  cells[kYear] = OutCell::of_number(std::to_string(year));
  cells[kTown] = OutCell::of_text(kTowns[firm % 3]);
  cells[kIndustry] = OutCell::of_text(kIndustries[firm % 6]);
  cells[kOn] = OutCell::of_date({year + 1, 1 + firm % 12, 1 + firm % 28});
  cells[kPeriod] = OutCell::of_text(std::to_string(year) + "年");
  cells[kScale] = OutCell::of_text(firm % 3 ? "是" : "否");
  cells[kUnit] = OutCell::of_text(firm % 5 ? "否" : "是");
  cells[kDeed] = OutCell::of_text("浙2022定海0" + std::to_string(1'000'000 + firm));
  cells[kPhone] = OutCell::of_text("0580-" + std::to_string(2'000'000 + firm));
  if (firm % 50 == 0) {
    cells[kOutline] = OutCell::of_text("POLYGON((122.1 30.0, 122.2 30.0, 122.2 30.1, 122.1 30.0))");
    cells[kScan] = OutCell::of_text("sm3:" + std::string(64, 'a') + "/1024/权证.pdf");
  }
  cells[kPaid] = number(figure(firm, 90, year));
  cells[kShare] = OutCell::of_number("0.0" + std::to_string(10 + firm % 80));  // shown as 3.2 %
  for (int column = kFirstNumber; column < kColumns; ++column) {
    const bool is_yuan = std::string(kHeaders[column]).find("（元）") != std::string::npos;
    cells[static_cast<std::size_t>(column)] = number(figure(firm, column, year) * (is_yuan ? 10000 : 1));
  }
  return cells;
}

// One way in which a row can be wrong; `serial` makes it differ from row to row.
struct Mistake {
  const char* code;
  void (*make)(Cells& cells, int serial);
};
OutCell text(const char* words) { return OutCell::of_text(words); }
const Mistake kMistakes[] = {
    {"E-INTAKE-201",
     [](Cells& cells, int serial) { cells[static_cast<std::size_t>(14 + serial % 16)] = text("待核"); }},
    {"E-INTAKE-202", [](Cells& cells, int) { cells[15] = text("12.5亩"); }},
    {"E-INTAKE-203", [](Cells& cells, int) { cells[kScale] = text("可能"); }},
    {"E-INTAKE-204", [](Cells& cells, int) { cells[kOn] = text("去年三月"); }},
    {"E-INTAKE-204", [](Cells& cells, int) { cells[kOn] = OutCell::of_number("45052"); }},
    {"E-INTAKE-205", [](Cells& cells, int) { cells[kYear] = text("2023年一季度"); }},
    {"E-INTAKE-205", [](Cells& cells, int) { cells[kPeriod] = text("年初"); }},
    {"E-INTAKE-206", [](Cells& cells, int) { cells[kTown] = text("金堂镇"); }},
    {"E-INTAKE-206",
     [](Cells& cells, int serial) { cells[kTown] = OutCell::of_text("外地" + std::to_string(serial)); }},
    {"W-INTAKE-206", [](Cells& cells, int) { cells[kIndustry] = text("3529"); }},
    {"E-INTAKE-207", [](Cells& cells, int) { cells[kIndustry] = text("13汽车制造业"); }},
    {"W-INTAKE-208", [](Cells& cells, int) { cells[kIndustry] = text("366"); }},
    {"E-INTAKE-210", [](Cells& cells, int) { cells[kCode] = text("9.13309E+17"); }},
    {"E-INTAKE-211", [](Cells& cells, int) { cells[kCode].text.pop_back(); }},
    {"E-INTAKE-212", [](Cells& cells, int) { cells[kCode].text[10] = 'O'; }},
    {"W-INTAKE-213",
     [](Cells& cells, int) { cells[kCode].text[9] = cells[kCode].text[9] == '5' ? '6' : '5'; }},
    {"E-INTAKE-214", [](Cells& cells, int) { cells[17] = OutCell::of_number("-3"); }},
    {"E-INTAKE-214", [](Cells& cells, int) { cells[kShare] = OutCell::of_number("1.2"); }},
    {"E-INTAKE-215", [](Cells& cells, int) { cells[kOn] = OutCell::empty(); }},
    {"E-INTAKE-215",
     [](Cells& cells, int) {
       cells[kUnit] = text("是");
       cells[16] = text("缺报");
     }},
    {"E-INTAKE-216", [](Cells& cells, int) { cells[kCode] = OutCell::empty(); }},
    {"W-INTAKE-222", [](Cells& cells, int) { cells[17] = OutCell::of_number("60000000000"); }},
    {"E-INTAKE-223", [](Cells& cells, int) { cells[22] = OutCell::of_number("900000000000000"); }},
    {"W-INTAKE-224", [](Cells& cells, int) { cells[24] = OutCell::of_number("0.01"); }},
    {"W-INTAKE-225", [](Cells& cells, int) { cells[26] = OutCell::of_number("49000000"); }},
    {"E-INTAKE-231", [](Cells& cells, int) { cells[kOutline] = text("POLYGON((122.1 30.0, 122.2 30.0"); }},
    {"E-INTAKE-232", [](Cells& cells, int) { cells[kScan] = text("权证.pdf"); }},
    {"W-INTAKE-233", [](Cells& cells, int) { cells[kPaid] = OutCell::of_number("12.345678"); }},
    {"E-INTAKE-303",
     [](Cells& cells, int) {
       cells[kScale] = text("是");
       cells[15] = OutCell::of_number("0");
     }},
    {"W-INTAKE-305",
     [](Cells& cells, int serial) { cells[kCode] = OutCell::of_text(code_of(5'000'000 + serial)); }},
    {"W-INTAKE-321",
     [](Cells& cells, int) {
       for (std::size_t at = 8; at < 16; ++at)
         if (cells[kCode].text[at] != cells[kCode].text[at + 1])
           return std::swap(cells[kCode].text[at], cells[kCode].text[at + 1]);
     }},
};
constexpr int kMistakeCount = static_cast<int>(std::size(kMistakes));

}  // namespace

void write_firms(const std::string& path, int rows) {
  WorkbookWriter writer;
  OutSheet out{.name = "企业", .mark = "样例数据"};
  for (const char* header : {"统一社会信用代码", "企业名称", "行业", "镇街"})
    out.columns.push_back({.header = {header}});
  writer.begin_sheet(out);
  static const char* const kParts[] = {"海", "龙", "虎", "远", "洋", "鑫", "盛", "达",
                                       "永", "兴", "宏", "泰", "金", "源", "通", "顺",
                                       "和", "信", "华", "东", "新", "联", "恒", "润"};
  for (int firm = 0; firm < rows / 2; ++firm) {
    std::string name = "舟山";
    for (int rest = firm, i = 0; i < 4; ++i, rest /= 24) name += kParts[rest % 24];
    const Cells cells = {OutCell::of_text(code_of(firm)), OutCell::of_text(name + "机械有限公司"),
                         OutCell::of_text(kIndustries[firm % 6]), OutCell::of_text(kTowns[firm % 3])};
    writer.row(cells);
  }
  writer.finish_to(path);
}

void write_report(const std::string& path, int rows) {
  WorkbookWriter writer;
  OutSheet out{.name = "年报", .title = "企业年报", .mark = "样例数据"};
  for (int column = 0; column < kColumns; ++column)
    out.columns.push_back({.header = {kHeaders[column]}, .number_format = column == kShare ? "0.0%" : ""});
  writer.begin_sheet(out);
  Cells last;
  for (int row = 0; row < rows; ++row) {
    Cells cells = right_row(row / 2, 2022 + row % 2);
    if (row % 20 == 7) {
      // Two kinds more than the table has: a row that comes twice, the same and with another figure.
      const int kind = row / 20 % (kMistakeCount + 2);
      if (kind < kMistakeCount) kMistakes[kind].make(cells, row);
      if (kind >= kMistakeCount) cells = last;
      if (kind == kMistakeCount + 1) cells[15] = OutCell::of_number("1");
    }
    writer.row(cells);
    last = std::move(cells);
  }
  writer.finish_to(path);
}

void write_rival(const std::string& path, int rows) {
  std::ofstream out(path, std::ios::binary);
  out << "统一社会信用代码,年度,填报日期,实缴税收\n";
  for (int firm = 0; firm < rows / 2; firm += 40)
    out << code_of(firm) << ",2023,2024-03-01," << 17 + firm << "\n";
}

}  // namespace bench
