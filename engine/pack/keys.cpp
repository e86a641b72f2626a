#include "engine/pack/inside/keys.h"

#include <algorithm>

namespace tenglong::pack {

using diagnostic::Place;

namespace {

std::string quoted(std::string_view word) { return "“" + std::string(word) + "”"; }

void wrong_shape(const Place& place, std::string_view key, const char* zh, const char* en,
                 Findings& findings) {
  findings.add("E-PACK-107", place,
               {quoted(key) + "应是" + zh + "。", "\"" + std::string(key) + "\" must be " + en + "."});
}

}  // namespace

Keys::Keys(const Yaml& map, std::string what, Findings& findings)
    : map_(map), what_(std::move(what)), findings_(findings) {
  for (std::size_t i = 0; i < map.entries.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (map.entries[i].key != map.entries[j].key) continue;
      findings_
          .add("E-PACK-105", map.entries[i].key_place,
               {"键" + quoted(map.entries[i].key) + "写了两次，后一次不会生效。",
                "The key \"" + map.entries[i].key + "\" is given twice; the second is ignored."},
               {"删去其中一个。", "Remove one of them."})
          .related.push_back({map.entries[j].key_place, {"第一次在这里", "first given here"}});
      break;
    }
}

bool Keys::has(std::string_view key) const {
  return std::any_of(map_.entries.begin(), map_.entries.end(),
                     [&](const YamlEntry& entry) { return entry.key == key; });
}

const Yaml* Keys::find(std::string_view key, Need need) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  for (const YamlEntry& entry : map_.entries)
    if (entry.key == key) {
      if (entry.value.kind != Yaml::Kind::Null) return &entry.value;
      if (need == Need::Required) missing_.emplace_back(key);
      return nullptr;
    }
  if (need == Need::Required) missing_.emplace_back(key);
  return nullptr;
}

std::string text_of(const Yaml& node, std::string_view key, Findings& findings) {
  if (node.kind == Yaml::Kind::Scalar) return std::string(text::trim(node.scalar));
  wrong_shape(node.place, key, "一段文字", "a text", findings);
  return {};
}

std::string Keys::text(std::string_view key, Need need) {
  const Yaml* node = find(key, need);
  return node == nullptr ? std::string() : text_of(*node, key, findings_);
}

std::vector<std::string> Keys::texts(std::string_view key, Need need) {
  const Yaml* node = find(key, need);
  std::vector<std::string> out;
  if (node == nullptr) return out;
  if (node->kind == Yaml::Kind::Scalar) return {std::string(text::trim(node->scalar))};
  if (node->kind == Yaml::Kind::Map) {
    wrong_shape(node->place, key, "一个列表", "a list", findings_);
    return out;
  }
  for (const Yaml& item : node->items) {
    if (item.kind == Yaml::Kind::List) {  // a list of lists reads as one list
      for (const Yaml& inner : item.items)
        if (std::string one = text_of(inner, key, findings_); !one.empty()) out.push_back(std::move(one));
    } else if (std::string one = text_of(item, key, findings_); !one.empty()) {
      out.push_back(std::move(one));
    }
  }
  return out;
}

Expression expression_of(const Yaml& node, Findings& findings) {
  Expression out;
  if (node.kind != Yaml::Kind::Scalar) {
    findings.add("E-PACK-107", node.place,
                 {"这里应是一个 FEEL 表达式，YAML 却读成了列表或键值。",
                  "A FEEL expression belongs here; YAML read a list or a map."},
                 {"以 [ 或 { 开头、或含 “: ” 的表达式，用单引号括起来。",
                  "Put an expression that begins with [ or {, or holds \": \", in single quotes."});
    return out;
  }
  out.text = node.source_text;
  out.origin = {
      .file = node.place.file, .line = node.text_line, .column = node.text_column, .clause = findings.clause};
  return out;
}

Expression Keys::expression(std::string_view key, Need need) {
  const Yaml* node = find(key, need);
  return node == nullptr ? Expression{} : expression_of(*node, findings_);
}

bool Keys::boolean(std::string_view key) {
  const Yaml* node = find(key);
  if (node == nullptr) return false;
  if (node->kind == Yaml::Kind::Scalar && (node->scalar == "true" || node->scalar == "false"))
    return node->scalar == "true";
  wrong_shape(node->place, key, " true 或 false", "true or false", findings_);
  return false;
}

std::optional<quantity::Decimal> Keys::number(std::string_view key) {
  const Yaml* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind == Yaml::Kind::Scalar)
    if (const auto value = quantity::Decimal::parse(node->scalar)) return value;
  wrong_shape(node->place, key, "一个数", "a number", findings_);
  return std::nullopt;
}

std::optional<calendar::Date> Keys::date(std::string_view key, Need need) {
  const Yaml* node = find(key, need);
  if (node == nullptr) return std::nullopt;
  if (node->kind == Yaml::Kind::Scalar)
    if (const auto value = calendar::Date::parse(text::trim(node->scalar))) return value;
  findings_.add("E-PACK-115", node->place,
                {quoted(node->scalar) + "不是日期。", "\"" + node->scalar + "\" is not a date."},
                {"写成 2023-12-31 的样子。", "Write it as 2023-12-31."});
  return std::nullopt;
}

quantity::Unit unit_of(std::string_view written, const Place& place, Findings& findings) {
  if (written.empty()) return {};
  if (auto unit = quantity::Unit::parse(written)) return *unit;
  // A quotient is wrong in one of its parts: the near spelling is that of the part.
  const std::vector<std::string> known = quantity::Unit::known_words();
  text::Words advice;
  std::string mended;
  bool all_near = true;
  for (const std::string_view part : text::split(written, '/')) {
    if (!mended.empty()) mended += '/';
    if (quantity::Unit::parse(text::trim(part))) {
      mended += text::trim(part);
      continue;
    }
    const std::string near = text::nearest(text::trim(part), known);
    all_near = all_near && !near.empty();
    mended += near;
  }
  if (all_near && quantity::Unit::parse(mended))
    advice = {"是否指“" + mended + "”？", "Did you mean \"" + mended + "\"?"};
  else
    advice = near_or_list(written, known);
  findings.add(
      "E-PACK-204", place,
      {quoted(written) + "不是已知的单位。", "\"" + std::string(written) + "\" is not a known unit."},
      advice);
  return {};
}

quantity::Unit Keys::unit(std::string_view key, Need need) {
  const Yaml* node = find(key, need);
  return node == nullptr ? quantity::Unit{} : unit_of(text_of(*node, key, findings_), node->place, findings_);
}

std::optional<quantity::Rounding> Keys::rounding(std::string_view key, Need need) {
  const Yaml* node = find(key, need);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Yaml::Kind::Map) {
    wrong_shape(node->place, key, " {places: 6, mode: half_up} 的样子", "like {places: 6, mode: half_up}",
                findings_);
    return std::nullopt;
  }
  static const std::vector<std::string> kModes = {"half_even", "half_up", "half_down", "up",
                                                  "down",      "floor",   "ceiling"};
  Keys inner(*node, "rounding", findings_);
  quantity::Rounding rounding;
  if (inner.find("places", Need::Required) != nullptr) {
    const auto places = inner.number("places");
    const auto whole = places ? places->to_integer() : std::nullopt;
    if (whole && *whole >= -30 && *whole <= 30)
      rounding.places = static_cast<int>(*whole);
    else if (places)
      wrong_shape(inner.place_of("places"), "places", " -30 到 30 的整数", "a whole number from -30 to 30",
                  findings_);
  }
  if (const auto mode = inner.word("mode", kModes, Need::Required))
    rounding.mode = static_cast<quantity::RoundingMode>(*mode);
  inner.finish();
  return rounding;
}

std::optional<std::size_t> Keys::word(std::string_view key, const std::vector<std::string>& allowed,
                                      Need need) {
  const Yaml* node = find(key, need);
  if (node == nullptr) return std::nullopt;
  const std::string written = text_of(*node, key, findings_);
  if (written.empty()) return std::nullopt;
  const auto found = std::find(allowed.begin(), allowed.end(), written);
  if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
  findings_.add("E-PACK-108", node->place,
                {quoted(key) + "不能是" + quoted(written) + "。",
                 "\"" + std::string(key) + "\" cannot be \"" + written + "\"."},
                near_or_list(written, allowed));
  return std::nullopt;
}

Place Keys::place_of(std::string_view key) const {
  for (const YamlEntry& entry : map_.entries)
    if (entry.key == key) return entry.value.place;
  return map_.place;
}

Place Keys::key_place(std::string_view key) const {
  for (const YamlEntry& entry : map_.entries)
    if (entry.key == key) return entry.key_place;
  return map_.place;
}

void Keys::finish() {
  findings_.known_keys[what_].insert(asked_.begin(), asked_.end());
  for (const YamlEntry& entry : map_.entries) {
    if (std::find(asked_.begin(), asked_.end(), entry.key) != asked_.end()) continue;
    Place place = entry.key_place;
    findings_.add("E-PACK-104", place,
                  {what_ + " 没有" + quoted(entry.key) + "这个键。",
                   "A " + what_ + " has no key \"" + entry.key + "\"."},
                  near_or_list(entry.key, asked_));
  }
  for (const std::string& key : missing_)
    findings_.add(
        "E-PACK-106", map_.place,
        {what_ + " 缺少必填的键" + quoted(key) + "。", "A " + what_ + " needs the key \"" + key + "\"."},
        {"补写 " + key + ":。", "Add " + key + ":."});
}

}  // namespace tenglong::pack
