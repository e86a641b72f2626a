#include "engine/schema/geometry_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "engine/text/text.h"

namespace tenglong::schema {
namespace {

using text::Words;

struct Wrong {
  std::size_t at;
  Words what;
};

struct Position {
  double x = 0, y = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

struct KindWord {
  GeometryKind kind;
  std::string_view wkt, geojson;
};
constexpr std::array<KindWord, 6> kKinds = {
    {{GeometryKind::Point, "POINT", "Point"},
     {GeometryKind::LineString, "LINESTRING", "LineString"},
     {GeometryKind::Polygon, "POLYGON", "Polygon"},
     {GeometryKind::MultiPoint, "MULTIPOINT", "MultiPoint"},
     {GeometryKind::MultiLineString, "MULTILINESTRING", "MultiLineString"},
     {GeometryKind::MultiPolygon, "MULTIPOLYGON", "MultiPolygon"}}};

// How many lists stand around a position, and whether the innermost are rings.
int depth_of(GeometryKind kind) {
  switch (kind) {
    case GeometryKind::Point:
      return 0;
    case GeometryKind::LineString:
    case GeometryKind::MultiPoint:
      return 1;
    case GeometryKind::Polygon:
    case GeometryKind::MultiLineString:
      return 2;
    case GeometryKind::MultiPolygon:
      return 3;
  }
  return 0;
}
bool has_rings(GeometryKind kind) {
  return kind == GeometryKind::Polygon || kind == GeometryKind::MultiPolygon;
}
bool has_lines(GeometryKind kind) {
  return kind == GeometryKind::LineString || kind == GeometryKind::MultiLineString;
}

// Positions as they come, one innermost list after the other.
class Outline {
 public:
  explicit Outline(GeometryText& out) : out_(out) {}

  void position(Position at) {
    if (out_.positions == 0) {
      out_.west = out_.east = at.x;
      out_.south = out_.north = at.y;
    }
    out_.west = std::min(out_.west, at.x), out_.east = std::max(out_.east, at.x);
    out_.south = std::min(out_.south, at.y), out_.north = std::max(out_.north, at.y);
    ++out_.positions;
    if (count_++ == 0) first_ = at;
    last_ = at;
  }

  // The innermost list ends.
  void end_list(std::size_t at) {
    if (has_rings(out_.kind)) {
      ++out_.rings;
      if (count_ < 4)
        throw Wrong{at,
                    {"第 " + std::to_string(out_.rings) + " 个环只有 " + std::to_string(count_) +
                         " 个点，至少要 4 个（首尾同点）",
                     "ring " + std::to_string(out_.rings) + " has " + std::to_string(count_) +
                         " positions; at least 4 are needed, the last equal to the first"}};
      if (!(first_ == last_))
        throw Wrong{
            at,
            {"第 " + std::to_string(out_.rings) + " 个环没有闭合：末点不是起点",
             "ring " + std::to_string(out_.rings) + " is not closed: its last position is not its first"}};
    }
    if (has_lines(out_.kind) && count_ < 2)
      throw Wrong{at, {"一条线至少要 2 个点", "a line needs at least 2 positions"}};
    count_ = 0;
  }

 private:
  GeometryText& out_;
  std::int64_t count_ = 0;
  Position first_, last_;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  GeometryText read() {
    skip();
    if (at_ == text_.size()) throw Wrong{at_, {"没有内容", "there is nothing"}};
    if (text_[at_] == '{')
      geojson();
    else
      wkt();
    skip();
    if (at_ != text_.size())
      throw Wrong{at_, {"图形后面还有多余的内容", "something stands behind the geometry"}};
    return out_;
  }

 private:
  [[noreturn]] void expected(const std::string& zh, const std::string& en) const {
    throw Wrong{at_, {"这里应是" + zh, en + " is expected here"}};
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r'))) ++at_;
  }
  bool take(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void need(char c) {
    if (!take(c)) expected(std::string("“") + c + "”", std::string("\"") + c + "\"");
  }
  std::string word() {
    skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           ((text_[at_] >= 'A' && text_[at_] <= 'Z') || (text_[at_] >= 'a' && text_[at_] <= 'z')))
      ++at_;
    return text::ascii_upper(text_.substr(begin, at_ - begin));
  }
  double number() {
    skip();
    double value = 0;
    const std::size_t begin = at_ < text_.size() && text_[at_] == '+' ? at_ + 1 : at_;
    const auto [end, failed] = std::from_chars(text_.data() + begin, text_.data() + text_.size(), value);
    if (failed != std::errc{} || !std::isfinite(value)) expected("坐标数值", "a coordinate");
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  void wkt() {
    std::string first = word();
    if (first == "SRID") {
      need('=');
      const double srid = number();
      if (srid != std::floor(srid) || srid < 1 || srid > 999'999) expected("EPSG 编号", "an EPSG code");
      out_.epsg = static_cast<int>(srid);
      need(';');
      first = word();
    }
    bool found = false;
    for (const KindWord& kind : kKinds)
      if (kind.wkt == first) out_.kind = kind.kind, found = true;
    if (!found)
      throw Wrong{0,
                  {"不是图形：应以 POINT、LINESTRING、POLYGON 及其 MULTI 形式开头，或是 GeoJSON",
                   "no geometry: it begins with POINT, LINESTRING, POLYGON, one of their MULTI forms, or is "
                   "GeoJSON"}};
    const std::size_t before = at_;
    const std::string dimension = word();
    if (dimension == "EMPTY") throw Wrong{before, {"图形是空的", "the geometry is empty"}};
    if (!dimension.empty() && dimension != "Z" && dimension != "M" && dimension != "ZM") {
      at_ = before;
      expected("“(”", "\"(\"");
    }
    Outline outline(out_);
    if (out_.kind == GeometryKind::Point) {
      need('(');
      outline.position(wkt_position());
      need(')');
    } else {
      wkt_list(depth_of(out_.kind), outline);
    }
  }
  Position wkt_position() {
    Position read{.x = number(), .y = number()};
    for (int more = 0; more < 2; ++more) {  // height and measure are kept in the text and not judged
      skip();
      if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != ')') number();
    }
    return read;
  }
  void wkt_list(int depth, Outline& outline) {
    need('(');
    do {
      if (depth > 1) {
        wkt_list(depth - 1, outline);
      } else if (out_.kind == GeometryKind::MultiPoint && take('(')) {
        outline.position(wkt_position());
        need(')');
      } else {
        outline.position(wkt_position());
      }
    } while (take(','));
    need(')');
    if (depth == 1) outline.end_list(at_ - 1);
  }

  // GeoJSON (RFC 7946): "type" and "coordinates" in either order, a "crs" of the older kind, others skipped.
  void geojson() {
    const std::size_t begin = at_;
    std::size_t coordinates = 0;
    std::string type;
    need('{');
    if (!take('}')) {
      do {
        skip();
        const std::string key = json_string();
        need(':');
        if (key == "type") {
          skip();
          type = json_string();
        } else if (key == "coordinates") {
          skip();
          coordinates = at_;
          json_skip(0);
        } else if (key == "crs") {
          skip();
          const std::size_t from = at_;
          json_skip(0);
          crs(text_.substr(from, at_ - from));
        } else {
          json_skip(0);
        }
      } while (take(','));
      need('}');
    }
    const std::size_t end = at_;
    if (type == "Feature" || type == "FeatureCollection")
      throw Wrong{begin,
                  {"这是 GeoJSON 的 " + type + "，只要其中的 geometry 部分",
                   "this is a GeoJSON " + type + "; only its geometry is wanted"}};
    bool found = false;
    for (const KindWord& kind : kKinds)
      if (kind.geojson == type) out_.kind = kind.kind, found = true;
    if (!found)
      throw Wrong{begin, {"GeoJSON 的 type 不是点、线、面", "the GeoJSON type is no point, line or polygon"}};
    if (coordinates == 0) throw Wrong{begin, {"GeoJSON 没有 coordinates", "the GeoJSON has no coordinates"}};
    at_ = coordinates;
    Outline outline(out_);
    json_list(depth_of(out_.kind), outline);
    at_ = end;
  }
  void json_list(int depth, Outline& outline) {
    need('[');
    if (depth == 0) {
      Position read{.x = number()};
      need(',');
      read.y = number();
      for (int more = 0; more < 2 && take(','); ++more) number();
      need(']');
      outline.position(read);
      return;
    }
    do json_list(depth - 1, outline);
    while (take(','));
    need(']');
    if (depth == 1) outline.end_list(at_ - 1);
  }
  std::string json_string() {
    if (at_ >= text_.size() || text_[at_] != '"') expected("双引号括起的文字", "a text in double quotes");
    std::string read;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
      if (at_ < text_.size()) read += text_[at_];
    }
    if (at_ >= text_.size()) expected("收尾的双引号", "a closing double quote");
    ++at_;
    return read;
  }
  void json_skip(int depth) {
    if (depth > 16) throw Wrong{at_, {"嵌套太深", "it is nested too deeply"}};
    skip();
    if (at_ >= text_.size()) expected("一个值", "a value");
    const char opens = text_[at_];
    if (opens == '"') {
      json_string();
    } else if (opens == '[' || opens == '{') {
      const char closes = opens == '[' ? ']' : '}';
      ++at_;
      if (take(closes)) return;
      do {
        if (opens == '{') {
          skip();
          json_string();
          need(':');
        }
        json_skip(depth + 1);
      } while (take(','));
      need(closes);
    } else if (const std::string read = word(); read.empty()) {
      number();
    } else if (read != "TRUE" && read != "FALSE" && read != "NULL") {
      expected("一个值", "a value");
    }
  }
  // "EPSG:4490", "urn:ogc:def:crs:EPSG::4490"
  void crs(std::string_view written) {
    const std::size_t epsg = written.find("EPSG");
    if (epsg == std::string_view::npos) return;
    const std::size_t digits = written.find_first_of("0123456789", epsg);
    if (digits != std::string_view::npos)
      std::from_chars(written.data() + digits, written.data() + written.size(), out_.epsg);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  GeometryText out_;
};

}  // namespace

std::variant<GeometryText, GeometryFault> read_geometry(std::string_view text) {
  try {
    return Reader(text).read();
  } catch (const Wrong& wrong) {
    return GeometryFault{wrong.at, wrong.what};
  }
}

bool is_geographic(int epsg) {
  // CGCS2000, WGS 84, Beijing 1954, Xian 1980.
  constexpr std::array<int, 4> kDegrees = {4490, 4326, 4214, 4610};
  return std::find(kDegrees.begin(), kDegrees.end(), epsg) != kDegrees.end();
}

std::optional<Words> misplaced(const GeometryText& geometry, int epsg) {
  if (!is_geographic(epsg)) return std::nullopt;
  const bool fits =
      geometry.west >= -180 && geometry.east <= 180 && geometry.south >= -90 && geometry.north <= 90;
  if (fits) return std::nullopt;
  if (geometry.south >= -180 && geometry.north <= 180 && geometry.west >= -90 && geometry.east <= 90)
    return Words{"纬度写在了经度前面", "latitude stands before longitude"};
  return Words{"坐标超出经纬度的范围，可能是投影坐标",
               "the coordinates are no degrees; they may be projected"};
}

}  // namespace tenglong::schema
