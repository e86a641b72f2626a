// 图形: an outline as WKT or GeoJSON text, checked for being one.
//
// In:    text as written, EWKT (`SRID=4490;POLYGON(...)`) included. Out: its kind and counts, or the first
// thing that is wrong and where. Cost: linear in the text; nesting is bounded.
// Never: moves a point, closes a ring, computes an area.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "engine/text/text.h"

namespace tenglong::schema {

enum class GeometryKind { Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon };

struct GeometryText {
  GeometryKind kind = GeometryKind::Point;
  int epsg = 0;  // as the text says; 0 if it does not
  std::int64_t positions = 0;
  std::int64_t rings = 0;
  double west = 0, south = 0, east = 0, north = 0;  // of all positions; x and y where they are no degrees
};

struct GeometryFault {
  std::size_t at = 0;  // byte of the text
  text::Words what = {};
};

std::variant<GeometryText, GeometryFault> read_geometry(std::string_view text);

// CGCS2000 and its like: positions are degrees of longitude, then latitude.
bool is_geographic(int epsg);
// What is wrong with positions of a geometry in that system: out of range, or latitude written first.
std::optional<text::Words> misplaced(const GeometryText& geometry, int epsg);

}  // namespace tenglong::schema
