// What a sender may have typed or stored in a cell, as a value of every type of field. A number that was
// taken is taken again from its own printed form, and lies within the field's range.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "engine/calendar/date.h"
#include "engine/calendar/period.h"
#include "engine/intake/inside/cell_reader.h"
#include "engine/quantity/decimal.h"

namespace {

using namespace tenglong;
using intake::CellReader;
using intake::Reading;
using schema::FieldType;

void require(bool claim) {
  if (!claim) std::abort();
}

const schema::Schema& the_schema() {
  static const schema::Schema made = [] {
    schema::Schema schema;
    schema::Codes towns{.id = "town", .name = "镇街"};
    towns.entries = {{.code = "330902100", .name = "金塘镇", .aliases = {"金塘"}},
                     {.code = "330902104", .name = "白泉镇"}};
    schema::Codes industry{.id = "gbt4754_2017", .name = "行业"};
    industry.entries = {{.code = "C", .name = "制造业"},
                        {.code = "36", .name = "汽车制造业", .parent = "C"},
                        {.code = "366", .name = "汽车车身、挂车制造", .parent = "36"}};
    towns.build_index();
    industry.build_index();
    schema.codes = {towns, industry};
    return schema;
  }();
  return made;
}

void read_as(const schema::Field& field, const std::optional<quantity::Unit>& unit, const sheet::Cell& cell) {
  CellReader reader(field, the_schema(), unit);
  const Reading reading = reader.read(cell);
  require((reading.kind == Reading::Kind::Refused) <= reading.problem.has_value());
  const auto* number = std::get_if<quantity::Decimal>(&reading.value);
  if (reading.kind != Reading::Kind::Value || !number) return;
  require(!field.minimum || !(*number < *field.minimum));
  sheet::Cell again{.row = 1, .column = 1, .kind = sheet::CellKind::Text, .text = number->to_string()};
  const Reading same = CellReader(field, the_schema()).read(again);
  const auto* twin = std::get_if<quantity::Decimal>(&same.value);
  require(twin && *twin == *number);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  sheet::Cell cell{.row = 1,
                   .column = 1,
                   .kind = static_cast<sheet::CellKind>(1 + data[0] % 5),
                   .text = std::string(reinterpret_cast<const char*>(data) + 1, size - 1)};
  cell.is_percent = (data[0] & 0x80) != 0 && cell.kind == sheet::CellKind::Number;
  if (cell.kind == sheet::CellKind::Date) cell.date = calendar::Date::parse_loosely(cell.text);
  static const std::optional<quantity::Unit> kYuan = quantity::Unit::parse("元"), kNone;
  const auto wan_yuan = *quantity::Unit::parse("万元"), percent = *quantity::Unit::parse("%");
  for (const schema::Field& field :
       {schema::Field{.id = "a", .name = "税收", .type = FieldType::Number, .unit = wan_yuan},
        schema::Field{.id = "b",
        .name = "占比",
        .type = FieldType::Number,
        .unit = percent,
        .minimum = quantity::Decimal(0)},
        schema::Field{.id = "c", .name = "倍数", .type = FieldType::Number},
        schema::Field{.id = "d", .name = "日期", .type = FieldType::Date},
        schema::Field{.id = "e", .name = "期间", .type = FieldType::Period},
        schema::Field{.id = "f", .name = "规上", .type = FieldType::Boolean},
        schema::Field{.id = "g", .name = "名称"},
        schema::Field{.id = "h", .name = "代码", .type = FieldType::CreditCode},
        schema::Field{.id = "i", .name = "镇街", .type = FieldType::Area, .codes = "town"},
        schema::Field{.id = "j", .name = "行业", .type = FieldType::Code, .codes = "gbt4754_2017"}})
    for (const auto& unit : {kNone, kYuan}) read_as(field, field.id == "a" ? unit : kNone, cell);
  // What is a date to a person or to a program is one day, and prints as that day.
  if (const auto date = calendar::Date::parse_loosely(cell.text))
    require(calendar::Date::parse(date->to_string()) == date);
  if (const auto period = calendar::Period::parse(cell.text))
    require(calendar::Period::parse(period->to_string()) == period);
  sheet::typed_number(cell.text);
  return 0;
}
