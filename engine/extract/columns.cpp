#include "engine/extract/columns.h"

#include <algorithm>
#include <map>

#include "engine/schema/read_only.h"

namespace tenglong::extract {

using schema::Field;
using schema::FieldType;
using sheet::OutCell;

namespace {

constexpr std::size_t kMostChoices = 2'000;  // a drop-down longer than this helps nobody

std::string header_of(const Field& field) {
  const std::string unit = schema::is_number(field.type) ? field.unit.name() : std::string();
  return unit.empty() ? field.name : field.name + "（" + unit + "）";
}

const char* period_word(schema::PeriodKey key) {
  switch (key) {
    case schema::PeriodKey::Quarter:
      return "季度";
    case schema::PeriodKey::Month:
      return "月份";
    default:
      return "年度";
  }
}

std::vector<std::string> parts_of(const std::string& key) {
  std::vector<std::string> out(1);
  for (const char each : key) {
    if (each == '\x1f')
      out.emplace_back();
    else
      out.back() += each;
  }
  return out;
}

// The name if it says which code is meant, else the code.
std::string code_text(const schema::Codes* codes, const std::string& code) {
  const schema::CodeEntry* entry = codes ? codes->find(code) : nullptr;
  if (!entry) return code;
  const schema::CodeEntry* again = codes->recognise(entry->name);
  return again && again->code == code ? entry->name : code;
}

OutCell scalar_cell(const Field& field, const schema::Codes* codes, const registers::Scalar& value) {
  if (const auto* number = std::get_if<quantity::Decimal>(&value))
    return OutCell::of_number(number->to_string());
  if (const auto* truth = std::get_if<bool>(&value)) return OutCell::of_text(*truth ? "是" : "否");
  if (const auto* date = std::get_if<calendar::Date>(&value)) return OutCell::of_date(*date);
  std::string written = registers::to_text(value);
  if (field.type == FieldType::References) {
    std::string list;
    for (const std::string& key : schema::keys_in_list(written)) list += (list.empty() ? "" : "；") + key;
    written = std::move(list);
  }
  const bool is_coded = schema::is_coded(field.type);
  return OutCell::of_text(is_coded ? code_text(codes, written) : written);
}

}  // namespace

const schema::Codes* codes_of(const schema::Schema& schema, const Field& field) {
  return field.codes.empty() ? nullptr : schema.find_codes(field.codes);
}

std::vector<Column> columns_of(const schema::Schema& schema, const schema::Register& target) {
  std::vector<Column> out;
  if (target.key.empty())
    if (const schema::Register* above = schema.find(target.of))
      for (std::size_t i = 0; i < above->key.size(); ++i)
        if (const Field* field = above->find(above->key[i]))
          out.push_back(
              {Column::What::Key, field, static_cast<int>(i), codes_of(schema, *field), header_of(*field)});
  if (target.period != schema::PeriodKey::None)
    out.push_back({Column::What::Period, nullptr, -1, nullptr, period_word(target.period)});
  for (std::size_t i = 0; i < target.fields.size(); ++i)
    if (!target.fields[i].is_computed())
      out.push_back({Column::What::Field, &target.fields[i], static_cast<int>(i),
                     codes_of(schema, target.fields[i]), header_of(target.fields[i])});
  return out;
}

Column column_of(const schema::Schema& schema, const schema::Register& target, const Field& field,
                 bool reads_back) {
  return {Column::What::Field,
          &field,
          static_cast<int>(&field - target.fields.data()),
          codes_of(schema, field),
          header_of(field) + (reads_back ? "" : std::string(schema::kReadOnly)),
          reads_back};
}

sheet::OutColumn layout(const Column& column) {
  sheet::OutColumn out{.header = {column.header}};
  if (!column.reads_back) {
    out.note = column.field->is_computed() ? "由公式算出；导回时不读" : "有您看不到的值；导回时不读";
    if (!schema::is_number(column.field->type)) out.number_format = "@";
    return out;
  }
  if (column.what == Column::What::Period || !column.field) {
    out.number_format = "@";
    out.note = "如 2023、2023Q1、2023-01";
    out.is_required = true;
    return out;
  }
  const Field& field = *column.field;
  out.is_required = field.required || column.what == Column::What::Key;
  switch (field.type) {
    case FieldType::Number:
    case FieldType::Money:
      out.note = field.unit.name().empty() ? "数" : "单位：" + field.unit.name();
      break;
    case FieldType::Boolean:
      out.choices = {"是", "否"};
      out.note = "是或否";
      break;
    case FieldType::Date:
      out.note = "日期，如 2023-06-30";
      break;
    case FieldType::CreditCode:
      out.number_format = "@";
      out.note = "18 位统一社会信用代码";
      break;
    default:
      out.number_format = "@";
      break;
  }
  if (column.codes && column.codes->entries.size() <= kMostChoices)
    for (const schema::CodeEntry& each : column.codes->entries)
      out.choices.push_back(code_text(column.codes, each.code));
  if (!field.note.empty()) out.note += (out.note.empty() ? "" : "；") + field.note;
  if (!field.provider.empty()) out.note += (out.note.empty() ? "" : "；") + ("由" + field.provider + "提供");
  return out;
}

OutCell leading_cell(const Column& column, const std::string& key,
                     const std::optional<calendar::Period>& period) {
  if (column.what == Column::What::Period)
    return period ? OutCell::of_text(period->to_string()) : OutCell::empty();
  const std::vector<std::string> parts = parts_of(key);
  const auto at = static_cast<std::size_t>(column.index);
  return at < parts.size() ? OutCell::of_text(parts[at]) : OutCell::empty();
}

OutCell cell_of(const Column& column, const FileCell& cell) {
  if (cell.is_covered) {
    const std::string shows = registers::to_text(cell.value);
    return OutCell::of_text(shows.empty() ? "—" : shows);
  }
  if (cell.state == quantity::State::Known) return scalar_cell(*column.field, column.codes, cell.value);
  // Nobody said anything: an empty cell. Somebody said that there is nothing: their word.
  if (!cell.is_said || cell.state == quantity::State::Disputed) return OutCell::empty();
  return OutCell::of_text(quantity::to_chinese(cell.state));
}

}  // namespace tenglong::extract
