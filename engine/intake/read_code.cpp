// Codes: of tables, of industries (GB/T 4754), of enterprises (GB 32100).
#include <algorithm>
#include <array>

#include "engine/intake/inside/cell_reader.h"
#include "engine/schema/credit_code.h"
#include "engine/text/text.h"

namespace tenglong::intake {

using diagnostic::Severity;
using sheet::Cell;
using text::Words;

namespace {

Reading warned(registers::Scalar value, std::string code, Words message, Words advice) {
  Reading reading = value_of(std::move(value));
  reading.problem = Problem{std::move(code), Severity::Warning, std::move(message), std::move(advice)};
  return reading;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// DS-13: the same three digits meant another industry in the edition of 2011.
struct Renumbered {
  std::string_view code;
  std::string_view meaning_2011;
  std::string_view code_2017;  // "" where the standard left none alone
};
constexpr std::array<Renumbered, 3> kRenumbered = {
    {{"313", "黑色金属铸造", ""}, {"366", "汽车零部件及配件制造", "367"}, {"396", "电子器件制造", "397"}}};

}  // namespace

Reading CellReader::read_code(const Cell& cell, const std::string& written) {
  if (codes_ == nullptr) return read_text(cell, written);
  const auto known = known_.find(written);
  if (known != known_.end()) return known->second;
  Reading reading;
  if (codes_->id.starts_with("gbt4754")) {
    reading = read_industry(written);
  } else if (const schema::CodeEntry* entry = codes_->recognise(written)) {
    reading = value_of(entry->code);
  } else {
    reading = unknown_code(written);
    // 浙江省舟山市定海区昌国街道: the name behind the names of what contains it.
    if (field_->type == schema::FieldType::Area)
      for (std::string_view above : {"区", "县", "市", "省"}) {
        const std::size_t at = written.rfind(above);
        if (at == std::string::npos || at + above.size() >= written.size()) continue;
        if (const schema::CodeEntry* town =
                codes_->recognise(std::string_view(written).substr(at + above.size()))) {
          reading = value_of(town->code);
          break;
        }
      }
  }
  if (known_.size() < 100'000) known_.emplace(written, reading);
  return reading;
}

Reading CellReader::unknown_code(const std::string& written) {
  if (code_names_.empty())
    for (const schema::CodeEntry& entry : codes_->entries) {
      code_names_.push_back(entry.name);
      code_names_.insert(code_names_.end(), entry.aliases.begin(), entry.aliases.end());
      code_names_.push_back(entry.code);
    }
  const std::string near = text::nearest(written, code_names_);
  if (!near.empty())
    return refused("E-INTAKE-206",
                   {"“" + written + "”不在“" + codes_->name + "”里，是不是“" + near + "”？",
                    "“" + written + "” is not in the table " + codes_->id + "; is “" + near + "” meant?"},
                   {"核对后改正。", "Check and correct it."});
  std::string some;
  for (std::size_t i = 0; i < codes_->entries.size() && i < 3; ++i)
    some += (i ? "、" : "") + codes_->entries[i].name;
  return refused(
      "E-INTAKE-206",
      {"“" + written + "”不在“" + codes_->name + "”里",
       "“" + written + "” is not in the table " + codes_->id},
      {"填“" + codes_->name + "”里的代码或名称，例如 " + some + "。", "Use a code or name of that table."});
}

Reading CellReader::read_industry(const std::string& written) {
  if (const schema::CodeEntry* whole = codes_->recognise(written); whole && !is_digit(written[0]))
    return value_of(whole->code);
  std::string_view rest = written;
  if (rest.size() > 1 && (rest[0] >= 'A' && rest[0] <= 'T') && is_digit(rest[1])) rest.remove_prefix(1);
  if (rest.size() > 1 && (rest[0] >= 'a' && rest[0] <= 't') && is_digit(rest[1])) rest.remove_prefix(1);
  std::size_t digits = 0;
  while (digits < rest.size() && is_digit(rest[digits])) ++digits;
  const std::string code(rest.substr(0, digits));
  std::string name(rest.substr(digits));
  while (!name.empty() && (name[0] == ' ' || name[0] == '-' || name[0] == '.' || name[0] == ':' ||
                           name[0] == '_' || name[0] == '/'))
    name.erase(0, 1);
  if (code.empty() || code.size() == 1) return unknown_code(written);
  if (code.size() > 4)
    return refused(
        "E-INTAKE-206",
        {"行业代码“" + written + "”多于 4 位", "the industry code “" + written + "” has more than 4 digits"},
        {"填 GB/T 4754-2017 的 2 至 4 位代码，例如 3523。",
         "Use 2 to 4 digits of GB/T 4754-2017, such as 3523."});
  // A class that the table does not list belongs to its group, then to its division.
  const schema::CodeEntry* entry = nullptr;
  std::string kept = code;
  for (; kept.size() >= 2 && entry == nullptr; kept.pop_back()) entry = codes_->find(kept);
  if (entry == nullptr) return unknown_code(written);
  // The name beside the code, or an older edition's number, may say another industry.
  if (!name.empty() && name != entry->name)
    if (const schema::CodeEntry* named = codes_->recognise(name);
        named && !codes_->is_within(entry->code, named->code) && !codes_->is_within(named->code, entry->code))
      return refused(
          "E-INTAKE-207",
          {"代码 " + code + " 是“" + entry->name + "”，写的名称“" + name + "”是 " + named->code,
           "the code " + code + " is " + entry->name + ", but the name beside it is " + named->code},
          {"可能用的是 2011 版代码；按 GB/T 4754-2017 核对后只留一种。",
           "It may be a code of the edition of 2011; check it against GB/T 4754-2017."});
  for (const Renumbered& old : kRenumbered)
    if (code.starts_with(old.code)) {
      if (!name.empty() && name == entry->name) break;
      const std::string meaning(old.meaning_2011);
      return warned(entry->code, "W-INTAKE-208",
                    {"行业代码 " + code + "：" + std::string(old.code) + " 在 2011 版是" + meaning +
                         "，在 2017 版是" + entry->name,
                     "industry code " + code + ": " + std::string(old.code) +
                         " had another meaning in the edition of 2011"},
                    {old.code_2017.empty() ? "核对用的是哪一版；现按 2017 版收下。"
                                           : "核对用的是哪一版，若是" + meaning + "应填 " +
                                                 std::string(old.code_2017) + "；现按 2017 版收下。",
                     "Check which edition was used; it is taken as that of 2017."});
    }
  if (entry->code.size() < code.size())
    return warned(
        entry->code, "W-INTAKE-206",
        {"行业代码 " + code + " 不在代码表里，按上一级 " + entry->code + " " + entry->name + " 收下",
         "industry code " + code + " is not in the table; taken as " + entry->code},
        {"核对代码；要用到小类的，请在代码表里补上。", "Check the code, or add the class to the table."});
  return value_of(entry->code);
}

Reading CellReader::read_credit_code(const Cell& cell, const std::string& written) {
  if (has_lost_digits(cell))
    return refused(
        "E-INTAKE-210",
        {"“" + field_->name + "”变成了数字 " + cell.text + "，后几位已经丢失",
         "“" + field_->name + "” has become the number " + cell.text + "; its last digits are lost"},
        {"把这一列设为“文本”格式，从营业执照或业务系统重新填写；把格式改回来找不回丢失的位数。",
         "Give the column the format Text and type the codes again; changing the format back does not "
         "restore them."});
  const schema::CreditCode read = schema::read_credit_code(written);
  const std::string shown = "“" + read.code + "”";
  switch (read.fault) {
    case schema::CreditCodeFault::None:
      return value_of(read.code);
    case schema::CreditCodeFault::Scientific:
      return refused("E-INTAKE-210",
                     {shown + "是科学计数法，后几位已经丢失",
                      shown + " is in scientific notation; its last digits are lost"},
                     {"把这一列设为“文本”格式，重新填写。",
                      "Give the column the format Text and type the codes again."});
    case schema::CreditCodeFault::Length: {
      const std::size_t length = text::code_point_count(read.code);
      const bool is_old = length == 15 && std::all_of(read.code.begin(), read.code.end(), is_digit);
      return refused(
          "E-INTAKE-211",
          {shown + (is_old ? "是 15 位，像是旧的税号或注册号" : "是 " + std::to_string(length) + " 位") +
               "，统一社会信用代码是 18 位",
           shown + " has " + std::to_string(length) + " characters; a credit code has 18"},
          {length < 18 ? "对照营业执照补全，不要在末尾凑位。" : "对照营业执照去掉多余的字符。",
           "Compare it with the business licence."});
    }
    case schema::CreditCodeFault::Letter: {
      std::string hint;
      if (read.code.find_first_of("Il") != std::string::npos) hint += "I 多半是数字 1；";
      if (read.code.find('O') != std::string::npos) hint += "O 多半是数字 0；";
      if (read.code.find('S') != std::string::npos) hint += "S 多半是数字 5；";
      if (read.code.find('Z') != std::string::npos) hint += "Z 多半是数字 2；";
      if (read.code.find('V') != std::string::npos) hint += "V 多半是 U 或 Y；";
      return refused(
          "E-INTAKE-212",
          {shown + "里有统一社会信用代码不用的字符（不用 I、O、S、V、Z）",
           shown + " has a character that credit codes do not use (I, O, S, V, Z)"},
          {hint + "对照营业执照改正。", "Compare it with the business licence: I is mostly 1, O is 0."});
    }
    case schema::CreditCodeFault::CheckDigit:
      return warned(
          read.code, "W-INTAKE-213",
          {shown + "的校验位算得 " + std::string(1, read.expected_check) + "，与末位不符" +
               (read.organisation_fits ? "" : "，内嵌的组织机构代码也不符"),
           shown + ": the check digit should be " + std::string(1, read.expected_check) +
               (read.organisation_fits ? "" : "; the organisation code inside does not fit either")},
          {"对照营业执照核对；早期的个别真实代码本来就不符，核对无误可不改。",
           "Compare it with the business licence; a few genuine early codes do not fit and may stay."});
  }
  return value_of(read.code);
}

}  // namespace tenglong::intake
