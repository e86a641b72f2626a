#include "engine/pack/inside/scope.h"

#include <algorithm>
#include <set>

#include "engine/feel/evaluate.h"

namespace tenglong::pack {
namespace {

using feel::Kind;
using feel::Type;

std::shared_ptr<const Type> shared(Type type) { return std::make_shared<const Type>(std::move(type)); }

// A record as a context: its fields, and the record it belongs to under that register's name.
Type record_type(const Pack& pack, const schema::Register& one, int depth) {
  Type type = Type::of(Kind::Context);
  for (const schema::Field& field : one.fields)
    type.members.emplace_back(field.name, shared(field.feel_type()));
  const schema::Register* parent = one.of.empty() ? nullptr : pack.schema.find(one.of);
  if (parent != nullptr && depth > 0)
    type.members.emplace_back(parent->name, shared(record_type(pack, *parent, depth - 1)));
  return type;
}

constexpr int kParentDepth = 4;  // a ring of `of` must not hang us; names.cpp reports it

// 上期: the same names one period earlier.
Type previous_period(const Pack& pack, const schema::Register* of) {
  Type type = Type::of(Kind::Context);
  if (of != nullptr)
    for (const schema::Field& field : of->fields)
      type.members.emplace_back(field.name, shared(field.feel_type()));
  for (const Indicator& indicator : pack.indicators) {
    const bool of_record = of != nullptr && indicator.of == of->id;
    if (of_record || !indicator.over.empty())
      type.members.emplace_back(indicator.name, shared(indicator.type));
  }
  return type;
}

void add_pack_names(const Pack& pack, feel::TypeScope& scope) {
  for (const Parameter& parameter : pack.parameters) scope.add(parameter.name, type_of(parameter));
  for (const Indicator& indicator : pack.indicators)
    if (!indicator.over.empty()) scope.add(indicator.name, indicator.type);
  for (const Decision& decision : pack.decisions)
    if (decision.of.empty()) scope.add(decision.name, type_of(decision));
}

}  // namespace

Type type_of(const Parameter& parameter) {
  if (parameter.keys.empty()) return parameter.type;
  Type type = Type::of(Kind::Function, false);
  type.parameters = parameter.keys;
  for (std::size_t k = 0; k < parameter.keys.size(); ++k) {
    Type key = Type::any();
    for (const ParameterRow& row : parameter.rows)
      if (k < row.keys.size()) key = Type::of(row.keys[k].kind());
    if (key.kind == Kind::Number) key = Type::any();  // 年度 2021 takes any number, with or without unit
    type.parameter_types.push_back(shared(std::move(key)));
  }
  type.result = shared(parameter.type);
  return type;
}

Type type_of(const Decision& decision) {
  Type one = Type::any();
  if (decision.outputs.size() == 1) {
    one = decision.outputs[0].type;
    one.nullable = true;
  } else if (decision.outputs.size() > 1) {
    one = Type::of(Kind::Context);
    for (const DecisionOutput& output : decision.outputs)
      one.members.emplace_back(output.name, shared(output.type));
  }
  switch (decision.hit) {
    case HitPolicy::Collect:
    case HitPolicy::RuleOrder:
    case HitPolicy::OutputOrder:
      return Type::list_of(one);
    case HitPolicy::CollectCount:
      return Type::number({});
    default:
      return one;
  }
}

bool is_reserved(std::string_view name) {
  static const std::set<std::string, std::less<>> kWords = [] {
    std::set<std::string, std::less<>> words = {
        "true",     "false",    "null",   "and",     "or",    "not",          "if",      "then",     "else",
        "for",      "in",       "return", "some",    "every", "satisfies",    "between", "instance", "of",
        "function", "external", "item",   "partial", "上期",  "年度",         "期间",    "指标值",   "基准值",
        "权重",     "各项得分", "加减分", "记录",    "同组",  "同组平均得分", "区县",    "上期值",   "得分"};
    for (const feel::BuiltinSignature& builtin : feel::builtins()) words.insert(builtin.name);
    return words;
  }();
  return kWords.find(name) != kWords.end();
}

feel::TypeScope scope_of_record(const Pack& pack, const schema::Register& one) {
  feel::TypeScope scope;
  Type before = Type::of(Kind::Context);
  for (const schema::Field& field : one.fields)
    before.members.emplace_back(field.name, shared(field.feel_type()));
  scope.add("上期", std::move(before));
  if (one.period != schema::PeriodKey::None) scope.add("年度", Type::number({}, false));
  if (const schema::Register* parent = one.of.empty() ? nullptr : pack.schema.find(one.of))
    scope.add(parent->name, record_type(pack, *parent, kParentDepth));
  for (const schema::Field& field : one.fields) scope.add(field.name, field.feel_type());
  return scope;
}

feel::Type records_of(const Pack& pack, const schema::Register& one) {
  return Type::list_of(record_type(pack, one, kParentDepth));
}

feel::TypeScope scope_of(const Pack& pack, std::string_view of) {
  feel::TypeScope scope;
  add_pack_names(pack, scope);
  const schema::Register* one = of.empty() ? nullptr : pack.schema.find(of);
  scope.add("上期", previous_period(pack, one));
  if (one == nullptr) return scope;
  for (const Indicator& indicator : pack.indicators)
    if (indicator.of == of) scope.add(indicator.name, indicator.type);
  for (const Decision& decision : pack.decisions)
    if (decision.of == of) scope.add(decision.name, type_of(decision));
  if (one->period != schema::PeriodKey::None) scope.add("年度", Type::number({}, false));
  if (const schema::Register* parent = one->of.empty() ? nullptr : pack.schema.find(one->of))
    scope.add(parent->name, record_type(pack, *parent, kParentDepth));
  for (const schema::Field& field : one->fields) scope.add(field.name, field.feel_type());
  return scope;
}

feel::TypeScope scope_over(const Pack& pack, std::string_view over) {
  feel::TypeScope scope;
  add_pack_names(pack, scope);
  scope.add("上期", previous_period(pack, nullptr));
  scope.add("年度", Type::number({}, false));
  const schema::Register* one = over.empty() ? nullptr : pack.schema.find(over);
  if (one == nullptr) return scope;
  for (const Indicator& indicator : pack.indicators)
    if (indicator.of == over) scope.add(indicator.name, Type::list_of(indicator.type));
  for (const Decision& decision : pack.decisions)
    if (decision.of == over) scope.add(decision.name, Type::list_of(type_of(decision)));
  if (const schema::Register* parent = one->of.empty() ? nullptr : pack.schema.find(one->of))
    scope.add(parent->name, Type::list_of(record_type(pack, *parent, kParentDepth)));
  for (const schema::Field& field : one->fields) scope.add(field.name, Type::list_of(field.feel_type()));
  scope.add("记录", Type::list_of(record_type(pack, *one, kParentDepth)));
  return scope;
}

}  // namespace tenglong::pack
