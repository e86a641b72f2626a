// Cells of lists, geometries, attachments and amounts of money.
#include <algorithm>

#include "engine/intake/inside/cell_reader.h"
#include "engine/schema/attachment.h"
#include "engine/schema/geometry_text.h"
#include "engine/text/text.h"

namespace tenglong::intake {

using diagnostic::Severity;

// Keys parted by ； ; 、 or line ends; what is written twice counts once.
Reading CellReader::read_keys(const std::string& written) {
  std::string plain = written;
  for (const std::string_view mark : {"、", "\n", "\r"})
    for (std::size_t at = plain.find(mark); at != std::string::npos; at = plain.find(mark, at))
      plain.replace(at, mark.size(), ";");
  std::vector<std::string_view> keys;
  for (const std::string_view part : text::split(plain, ';'))
    if (const std::string_view key = text::trim(part);
        !key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end())
      keys.push_back(key);
  std::string list;
  for (const std::string_view key : keys) {
    if (!list.empty()) list += schema::kListSeparator;
    list += key;
  }
  return list.empty() ? Reading{} : value_of(std::move(list));
}

Reading CellReader::read_geometry(const sheet::Cell& cell) {
  const std::string written(text::trim(cell.text));
  const auto read = schema::read_geometry(written);
  if (const auto* fault = std::get_if<schema::GeometryFault>(&read)) {
    const std::string at =
        std::to_string(text::code_point_count(std::string_view(written).substr(0, fault->at)) + 1);
    return refused("E-INTAKE-231",
                   {"“" + field_->name + "”第 " + at + " 个字处：" + fault->what.zh,
                    "“" + field_->name + "”, character " + at + ": " + fault->what.en},
                   {"从测绘成果重新导出 WKT 或 GeoJSON；环的末点要与起点相同。",
                    "Export it again as WKT or GeoJSON; a ring ends where it begins."});
  }
  const auto& geometry = std::get<schema::GeometryText>(read);
  if (geometry.epsg != 0 && geometry.epsg != field_->epsg)
    return refused("E-INTAKE-231",
                   {"“" + field_->name + "”的坐标系是 EPSG:" + std::to_string(geometry.epsg) +
                        "，这一项要 EPSG:" + std::to_string(field_->epsg),
                    "“" + field_->name + "” is in EPSG:" + std::to_string(geometry.epsg) +
                        "; EPSG:" + std::to_string(field_->epsg) + " is wanted"},
                   {"换算坐标系后再传。", "Transform it and send it again."});
  if (const auto wrong = schema::misplaced(geometry, field_->epsg))
    return refused("E-INTAKE-231",
                   {"“" + field_->name + "”：" + wrong->zh, "“" + field_->name + "”: " + wrong->en},
                   {"先经度后纬度，单位是度。", "Longitude first, then latitude, in degrees."});
  return value_of(written);
}

Reading CellReader::read_attachment(const sheet::Cell& cell) {
  const std::string written(text::trim(cell.text));
  if (schema::read_attachment(written)) return value_of(written);
  return refused("E-INTAKE-232",
                 {"“" + field_->name + "”要写明是哪份文件，“" + written + "”只是一个名字",
                  "“" + field_->name + "” must say which file it is; “" + written + "” is a name"},
                 {"运行 tenglong attachment 文件名，把打印的一行填进这一格。",
                  "Run tenglong attachment FILE and put the line it prints into the cell."});
}

// Nobody pays less than a 分: such an amount was divided or converted.
Reading CellReader::checked_money(Reading reading, const std::string& written) {
  static const quantity::Unit kYuan = *quantity::Unit::parse("元");
  const auto* amount = std::get_if<quantity::Decimal>(&reading.value);
  if (reading.kind != Reading::Kind::Value || amount == nullptr || reading.problem) return reading;
  const auto to_yuan = quantity::conversion(field_->unit, kYuan);
  const auto yuan = to_yuan ? quantity::convert(*amount, *to_yuan) : std::nullopt;
  if (!yuan || (*yuan * quantity::Decimal(100)).is_integer()) return reading;
  reading.problem =
      Problem{"W-INTAKE-233",
              Severity::Warning,
              {"“" + written + "”细到不足一分钱，多半是除出来或换算出来的数",
               "“" + written + "” is finer than a 分; it was probably divided or converted"},
              {"核对原始凭证；现照原样收下。", "Compare it with the document; it is taken as it is."}};
  return reading;
}

}  // namespace tenglong::intake
