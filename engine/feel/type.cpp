#include "engine/feel/type.h"

#include <algorithm>

namespace tenglong::feel {

Type Type::list_of(Type element) {
  Type out = of(Kind::List);
  out.unit = element.unit;
  out.element = std::make_shared<const Type>(std::move(element));
  return out;
}

std::string to_string(const Type& type) {
  std::string out;
  if (!type.kind) {
    out = "任意";
  } else {
    switch (*type.kind) {
      case Kind::Boolean:
        out = "真假";
        break;
      case Kind::Number:
        out = type.unit.name().empty() ? "数" : "数（" + type.unit.name() + "）";
        break;
      case Kind::String:
        out = "文字";
        break;
      case Kind::Date:
        out = "日期";
        break;
      case Kind::Time:
        out = "时刻";
        break;
      case Kind::DateTime:
        out = "日期时间";
        break;
      case Kind::DaysDuration:
        out = "时长（天时分秒）";
        break;
      case Kind::MonthsDuration:
        out = "时长（年月）";
        break;
      case Kind::List:
        out = "列表" + (type.element ? "：" + to_string(*type.element) : std::string{});
        break;
      case Kind::Context:
        out = "记录";
        break;
      case Kind::Range:
        out = "区间";
        break;
      case Kind::Function:
        out = "函数";
        break;
      case Kind::Null:
        out = "空";
        break;
    }
  }
  return out;
}

namespace {
auto lower(const std::vector<std::pair<std::string, Type>>& sorted, std::string_view name) {
  return std::lower_bound(sorted.begin(), sorted.end(), name,
                          [](const auto& entry, std::string_view n) { return entry.first < n; });
}
}  // namespace

void TypeScope::add(std::string name, Type type) {
  const auto at = lower(sorted_, name);
  if (at != sorted_.end() && at->first == name)
    sorted_[static_cast<std::size_t>(at - sorted_.begin())].second = std::move(type);
  else
    sorted_.emplace(at, std::move(name), std::move(type));
}

const Type* TypeScope::find(std::string_view name) const {
  const auto at = lower(sorted_, name);
  return at != sorted_.end() && at->first == name ? &at->second : nullptr;
}

bool TypeScope::contains(std::string_view name) const { return find(name) != nullptr; }

bool TypeScope::has_prefix(std::string_view prefix) const {
  const auto at = lower(sorted_, prefix);
  return at != sorted_.end() && std::string_view(at->first).substr(0, prefix.size()) == prefix;
}

const Names* TypeScope::members(std::string_view name) const {
  for (const auto& [owner, members] : members_)
    if (owner == name) return members.get();
  const Type* type = find(name);
  if (type != nullptr && type->kind == Kind::List && type->element) type = type->element.get();
  if (type == nullptr || type->members.empty()) return nullptr;
  auto set = std::make_shared<NameSet>();
  for (const auto& [member, member_type] : type->members) set->add(member);
  members_.emplace_back(std::string(name), set);
  return members_.back().second.get();
}

std::vector<std::string> TypeScope::all() const {
  std::vector<std::string> names;
  names.reserve(sorted_.size());
  for (const auto& [name, type] : sorted_) names.push_back(name);
  return names;
}

}  // namespace tenglong::feel
