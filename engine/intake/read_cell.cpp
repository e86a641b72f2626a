#include <algorithm>
#include <array>
#include <string_view>

#include "engine/calendar/period.h"
#include "engine/intake/inside/cell_reader.h"
#include "engine/text/text.h"

namespace tenglong::intake {

using diagnostic::Severity;
using quantity::Decimal;
using quantity::State;
using quantity::Unit;
using sheet::Cell;
using sheet::CellKind;
using text::Words;

Reading value_of(registers::Scalar value) {
  Reading reading;
  reading.kind = Reading::Kind::Value;
  reading.value = std::move(value);
  return reading;
}

Reading refused(std::string code, Words message, Words advice) {
  Reading reading;
  reading.kind = Reading::Kind::Refused;
  reading.problem = Problem{std::move(code), Severity::Error, std::move(message), std::move(advice)};
  return reading;
}

namespace {

constexpr std::size_t kSafeDigits = 15;  // a spreadsheet program keeps no more of a number

bool is_plain_ascii(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

bool has_lost_digits(const Cell& cell) {
  const std::string_view text = cell.text;
  const std::size_t e = text.find_first_of("eE");
  const auto digits = static_cast<std::size_t>(
      std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(e, text.size())),
                    [](char c) { return c >= '0' && c <= '9'; }));
  if (cell.kind == CellKind::Number) return e != std::string_view::npos || digits > kSafeDigits;
  // 9.13309E+17 that somebody pasted as text.
  return e != std::string_view::npos && e + 2 < text.size() && text[e + 1] == '+' &&
         text.find('.') != std::string_view::npos && digits > 1 &&
         text.find_first_not_of("0123456789.", 0) == e;
}

std::optional<State> absence_of(std::string_view written) {
  static constexpr std::array<std::string_view, 23> kMissing = {
      "-",    "--",   "—",    "——",   "–",        "―",      "/", "\\",  "无",  "缺",  "缺报", "未报",
      "漏报", "未填", "暂缺", "暂无", "暂无数据", "无数据", "…", "...", "N/A", "n/a", "NULL"};
  static constexpr std::array<std::string_view, 2> kNotApplicable = {"不适用", "不涉及"};
  if (written.size() > 12) return std::nullopt;
  if (std::find(kMissing.begin(), kMissing.end(), written) != kMissing.end()) return State::Missing;
  if (std::find(kNotApplicable.begin(), kNotApplicable.end(), written) != kNotApplicable.end())
    return State::NotApplicable;
  return std::nullopt;
}

CellReader::CellReader(const schema::Field& field, const schema::Schema& schema, std::optional<Unit> unit)
    : field_(&field), unit_(std::move(unit)) {
  if (!field.codes.empty()) codes_ = schema.find_codes(field.codes);
  is_credit_code_ = field.type == schema::FieldType::CreditCode;
  if (field.type == schema::FieldType::Reference)
    if (const schema::Register* target = schema.find(field.to); target && target->key.size() == 1)
      if (const schema::Field* key = target->find(target->key.front()))
        is_credit_code_ = key->type == schema::FieldType::CreditCode;
  if (unit_ && schema::is_number(field.type) && !unit_->same_scale(field.unit))
    conversion_ = quantity::conversion(*unit_, field.unit);
  is_rounded_ = conversion_ && conversion_->exactness == quantity::Exactness::RoundedOnce;
}

Reading CellReader::read(const Cell& cell) {
  if (cell.kind == CellKind::Empty) return {};
  if (cell.kind == CellKind::Error)
    return refused(
        "E-INTAKE-209",
        {"公式的结果是 " + cell.text + "，不是值", "the formula gives " + cell.text + ", no value"},
        {"改好公式，或填写数值；没有数的填“缺报”。",
         "Mend the formula or type the value; write 缺报 if there is none."});
  // Most cells are plain numbers or ASCII and need no mending.
  const std::string written = cell.kind == CellKind::Number || is_plain_ascii(cell.text)
                                  ? cell.text
                                  : std::string(text::trim(text::to_half_width(text::trim(cell.text))));
  if (written.empty()) return {};
  if (cell.kind == CellKind::Text) {
    const bool is_answer = field_->type == schema::FieldType::Boolean && written == "无";
    const auto absent = is_answer ? std::nullopt : absence_of(written);
    if (absent) {
      Reading reading;
      reading.kind = Reading::Kind::Absent;
      reading.state = *absent;
      return reading;
    }
  }
  if (is_credit_code_) return read_credit_code(cell, written);
  switch (field_->type) {
    case schema::FieldType::Number:
      return read_number(cell, written);
    case schema::FieldType::Money:
      return checked_money(read_number(cell, written), written);
    case schema::FieldType::References:
      return read_keys(written);
    case schema::FieldType::Geometry:
      return read_geometry(cell);
    case schema::FieldType::Attachment:
      return read_attachment(cell);
    case schema::FieldType::Boolean:
      return read_boolean(written);
    case schema::FieldType::Date:
      return read_date(cell, written);
    case schema::FieldType::Period:
      return read_period(written);
    case schema::FieldType::Code:
    case schema::FieldType::Area:
    case schema::FieldType::Unit:
      return read_code(cell, written);
    default:
      return read_text(cell, written);
  }
}

namespace {

// "1,234.5" -> "1234.5"; a comma that does not stand before three digits stays and is refused with the rest.
std::string without_commas(std::string_view written) {
  std::string out;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto digit = [&](std::size_t at) {
      return at < written.size() && written[at] >= '0' && written[at] <= '9';
    };
    if (written[i] == ',' && i > 0 && digit(i - 1) && digit(i + 1) && digit(i + 2) && digit(i + 3) &&
        !digit(i + 4))
      continue;
    if (written[i] != ' ') out += written[i];
  }
  return out;
}

}  // namespace

Reading CellReader::read_number(const Cell& cell, const std::string& written) {
  const auto converted =
      [&](Decimal value, const std::optional<quantity::Conversion>& conversion) -> std::optional<Decimal> {
    return conversion ? quantity::convert(value, *conversion) : value;
  };
  const auto too_large = [&] {
    return refused("E-INTAKE-201",
                   {"“" + written + "”太大，不能作为数值", "“" + written + "” is too large for a number"},
                   {"核对位数。", "Check the digits."});
  };
  if (cell.kind == CellKind::Number) {
    const auto value =
        Decimal::parse(cell.text.size() > kSafeDigits ? sheet::typed_number(cell.text) : cell.text);
    if (value && cell.is_percent) return read_percentage(*value);
    if (value) {
      const auto in_field_unit = converted(*value, conversion_);
      return in_field_unit ? checked_range(*in_field_unit, cell.text) : too_large();
    }
  }
  if (cell.kind == CellKind::Date || cell.kind == CellKind::Boolean)
    return refused(
        "E-INTAKE-201",
        {"“" + field_->name + "”应为数值，这一格是" + (cell.kind == CellKind::Date ? "日期" : "是非"),
         "“" + field_->name + "” is a number; this cell is a " +
             (cell.kind == CellKind::Date ? "date" : "yes or no")},
        {"把单元格格式改为“常规”，再填数值。", "Set the cell's format to General and type the number."});
  std::string plain = without_commas(written);
  for (std::string_view mark : {"¥", "￥"})
    if (plain.starts_with(mark)) plain.erase(0, mark.size());
  // （12.5） is -12.5 to an accountant.
  if (plain.size() > 2 && plain.front() == '(' && plain.back() == ')')
    plain = "-" + plain.substr(1, plain.size() - 2);
  if (const auto value = Decimal::parse(plain)) {
    const auto in_field_unit = converted(*value, conversion_);
    return in_field_unit ? checked_range(*in_field_unit, written) : too_large();
  }
  // 12.5万元: the unit behind the number.
  const std::size_t digits_end = plain.find_last_of("0123456789");
  if (digits_end != std::string::npos && digits_end + 1 < plain.size()) {
    const auto value = Decimal::parse(std::string_view(plain).substr(0, digits_end + 1));
    std::string tail = plain.substr(digits_end + 1);
    const auto unit = Unit::parse(tail);
    if (value && unit) {
      if (unit->same_scale(field_->unit)) return checked_range(*value, written);
      const auto conversion = quantity::conversion(*unit, field_->unit);
      if (!conversion)
        return refused(
            "E-INTAKE-202",
            {"“" + written + "”的单位是" + unit->dimension_name() + "，“" + field_->name + "”要的是" +
                 field_->unit.dimension_name(),
             "“" + written + "” is in " + unit->name() + "; “" + field_->name + "” is in " +
                 field_->unit.name()},
            {"改成以" + field_->unit.name() + "为单位的数。", "Give it in " + field_->unit.name() + "."});
      const auto in_field_unit = quantity::convert(*value, *conversion);
      if (!in_field_unit) return too_large();
      is_rounded_ = is_rounded_ || conversion->exactness == quantity::Exactness::RoundedOnce;
      return checked_range(*in_field_unit, written);
    }
    // 12.5万: ten thousand of the field's unit only when that is plain money counted in 元.
    if (value && tail == "万")
      return refused(
          "E-INTAKE-201",
          {"“" + written + "”没有写明是万什么", "“" + written + "” does not say ten thousand of what"},
          {"只填数字，单位是" + field_->unit.name() + "。",
           "Type the number alone, in " + field_->unit.name() + "."});
  }
  return refused("E-INTAKE-201", {"“" + written + "”不是数值", "“" + written + "” is no number"},
                 {"填数字；没有数的填“缺报”，用不上的填“不适用”。",
                  "Type a number; write 缺报 if there is none and 不适用 if it does not apply."});
}

// The program stores 0.032 and shows 3.2 %.
Reading CellReader::read_percentage(Decimal stored) {
  static const Unit kPercent = *Unit::parse("%");
  const auto hundredfold = stored * Decimal(100);
  const std::string shown = hundredfold.to_string() + "%";
  const auto conversion = quantity::conversion(kPercent, field_->unit);
  if (!conversion)
    return refused(
        "E-INTAKE-202",
        {"这一格是百分比格式（" + shown + "），“" + field_->name + "”要的是" + field_->unit.dimension_name(),
         "the cell is a percentage (" + shown + "); “" + field_->name + "” is in " + field_->unit.name()},
        {"把单元格格式改为“常规”，填以" + field_->unit.name() + "为单位的数。",
         "Set the format to General and give it in " + field_->unit.name() + "."});
  const auto value = quantity::convert(hundredfold, *conversion);
  if (!value)
    return refused("E-INTAKE-201", {"“" + shown + "”太大", "“" + shown + "” is too large"},
                   {"核对位数。", "Check the digits."});
  Reading reading = checked_range(*value, shown);
  if (!has_told_percent_ && !reading.problem) {
    has_told_percent_ = true;
    const std::string as = value->to_string() + (field_->unit.is_bare() ? "" : " " + field_->unit.name());
    reading.problem = Problem{"N-INTAKE-218",
                              Severity::Note,
                              {"这一列有百分比格式的格子，按存的数换算：" + shown + " 收下的是 " + as,
                               "cells of this column are percentages: " + shown + " is taken as " + as},
                              {"核对一格；不对的，把格式改为“常规”后重填。",
                               "Check one; if it is wrong, set the format to General and type it again."}};
  }
  return reading;
}

Reading CellReader::checked_range(Decimal value, const std::string& written) {
  const std::string unit = field_->unit.is_bare() ? "" : " " + field_->unit.name();
  const bool is_low = field_->minimum && value < *field_->minimum;
  const bool is_high = field_->maximum && value > *field_->maximum;
  if (!is_low && !is_high) return value_of(value);
  const Decimal limit = is_low ? *field_->minimum : *field_->maximum;
  return refused(
      "E-INTAKE-214",
      {"“" + field_->name + "”为 " + written + "，" + (is_low ? "小于最小值 " : "大于最大值 ") +
           limit.to_string() + unit,
       "“" + field_->name + "” is " + written + ", " +
           (is_low ? "below the least value " : "above the greatest value ") + limit.to_string() + unit},
      {"核对数值和单位。", "Check the number and its unit."});
}

Reading CellReader::read_boolean(const std::string& written) {
  static constexpr std::array<std::string_view, 15> kYes = {"是", "1", "√", "有",  "Y",  "YES",  "TRUE", "T",
                                                            "✓",  "✔", "☑", "1.0", "对", "符合", "已"};
  static constexpr std::array<std::string_view, 16> kNo = {
      "否", "0", "×", "无", "N", "NO", "FALSE", "F", "✗", "✘", "X", "0.0", "错", "没有", "不是", "不符合"};
  const std::string word = text::ascii_upper(written);
  if (std::find(kYes.begin(), kYes.end(), word) != kYes.end()) return value_of(true);
  if (std::find(kNo.begin(), kNo.end(), word) != kNo.end()) return value_of(false);
  return refused("E-INTAKE-203",
                 {"“" + written + "”不是“是”或“否”", "“" + written + "” is neither yes nor no"},
                 {"填“是”或“否”；不知道的填“缺报”。", "Write 是 or 否; 缺报 if it is not known."});
}

Reading CellReader::read_date(const Cell& cell, const std::string& written) {
  if (cell.kind == CellKind::Date && cell.date) return value_of(*cell.date);
  if (cell.kind != CellKind::Date)
    if (const auto date = calendar::Date::parse_loosely(written)) return value_of(*date);
  if (cell.kind == CellKind::Number)
    if (const auto serial = Decimal::parse(written))
      if (*serial >= Decimal(10000) && *serial < Decimal(80000))
        if (const auto day =
                calendar::from_spreadsheet(serial->to_double(), calendar::SpreadsheetEpoch::From1900))
          return refused("E-INTAKE-204",
                         {"“" + written + "”像是没有设成日期格式的日期，若是则为 " + day->to_string(),
                          "“" + written + "” looks like a date without a date format, " + day->to_string() +
                              " if it is one"},
                         {"把这一列的单元格格式设为日期，核对后再传。",
                          "Give the column a date format, check it and send it again."});
  return refused("E-INTAKE-204", {"“" + written + "”不是日期", "“" + written + "” is no date"},
                 {"写成 2023-05-06 或 2023年5月6日。", "Write it as 2023-05-06."});
}

Reading CellReader::read_period(const std::string& written) {
  if (const auto period = calendar::Period::parse(written)) return value_of(period->to_string());
  return refused("E-INTAKE-205",
                 {"“" + written + "”不是年份或时段", "“" + written + "” is no year or period"},
                 {"写成 2023、2023年一季度 或 2023年3月。", "Write it as 2023, 2023-Q1 or 2023-03."});
}

Reading CellReader::read_text(const Cell& cell, const std::string& written) {
  if (cell.kind == CellKind::Number && has_lost_digits(cell))
    return refused("E-INTAKE-210",
                   {"“" + field_->name + "”的数字过长，表格软件只保留了前 15 位（存为 " + cell.text + "）",
                    "the number is too long; the spreadsheet program kept only 15 digits of it (stored as " +
                        cell.text + ")"},
                   {"把这一列设为“文本”格式，从原始资料重新填写。",
                    "Give the column the format Text and type it again from its source."});
  if (cell.kind == CellKind::Date && cell.date) return value_of(cell.date->to_string());
  return value_of(cell.kind == CellKind::Number ? written : std::string(text::trim(cell.text)));
}

}  // namespace tenglong::intake
