#include "engine/listing/filter.h"

#include <algorithm>
#include <set>

#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::listing {

namespace {

using feel::Kind;
using feel::Node;
using feel::NodeKind;
using feel::Value;

constexpr const char* kYear = "年度";
constexpr const char* kWithin = "属于";

Truth as_truth(const Value& value) {
  if (value.kind() != Kind::Boolean) return Truth::Unknown;
  return value.boolean() ? Truth::True : Truth::False;
}

Condition constant(Truth truth) { return {.constant = truth}; }

Condition joined(Condition::Kind kind, std::vector<Condition> parts) {
  if (parts.size() == 1) return std::move(parts[0]);
  return {.kind = kind, .parts = std::move(parts)};
}

// Brings a tree down to conditions; nothing where a part is none.
class Lowering {
 public:
  Lowering(const schema::Schema& schema, const schema::Register& target, const schema::Register* above,
           const feel::Clock& clock, const Value& within)
      : schema_(schema), target_(target), above_(above), clock_(clock) {
    feel::Context names;
    names.put(kWithin, within);
    environment_ = std::make_shared<feel::ContextEnvironment>(std::move(names));
  }

  std::optional<Condition> lower(const Node& node) const {
    switch (node.kind) {
      case NodeKind::And:
      case NodeKind::Or: {
        std::vector<Condition> parts;
        for (const feel::NodePtr& child : node.children) {
          auto part = lower(*child);
          if (!part) return std::nullopt;
          parts.push_back(std::move(*part));
        }
        return joined(node.kind == NodeKind::And ? Condition::Kind::And : Condition::Kind::Or,
                      std::move(parts));
      }
      case NodeKind::Comparison:
        return comparison(node);
      case NodeKind::Between: {
        const auto operand = operand_of(*node.children[0]);
        const auto low = constant_of(*node.children[1]), high = constant_of(*node.children[2]);
        if (!operand || !low || !high || !has_order(*operand, *low) || !has_order(*operand, *high))
          return std::nullopt;
        return joined(Condition::Kind::And, {compare(*operand, ">=", *low), compare(*operand, "<=", *high)});
      }
      case NodeKind::In: {
        const auto operand = operand_of(*node.children[0]);
        if (!operand) return std::nullopt;
        std::vector<Condition> parts;
        for (std::size_t i = 1; i < node.children.size(); ++i) {
          auto part = test(*operand, *node.children[i]);
          if (!part) return std::nullopt;
          parts.push_back(std::move(*part));
        }
        return joined(Condition::Kind::Or, std::move(parts));
      }
      case NodeKind::Call:
        return call(node);
      case NodeKind::Name:
      case NodeKind::Path: {
        const auto operand = operand_of(node);
        if (!operand || kind_of_operand(*operand) != Kind::Boolean) return std::nullopt;
        return Condition{.kind = Condition::Kind::IsTrue, .operand = *operand};
      }
      default: {
        const auto value = constant_of(node);
        if (!value || value->kind() != Kind::Boolean) return std::nullopt;
        return constant(as_truth(*value));
      }
    }
  }

 private:
  std::optional<Operand> operand_of(const Node& node) const {
    if (node.kind == NodeKind::Name) {
      for (std::size_t i = 0; i < target_.fields.size(); ++i)
        if (target_.fields[i].name == node.text) return Operand{Operand::From::Own, static_cast<int>(i)};
      if (node.text == kYear && target_.period != schema::PeriodKey::None)
        return Operand{Operand::From::Year, -1};
      return std::nullopt;
    }
    if (node.kind != NodeKind::Path || above_ == nullptr || node.children[0]->kind != NodeKind::Name ||
        node.children[0]->text != above_->name || target_.find_by_name(above_->name) != nullptr)
      return std::nullopt;
    for (std::size_t i = 0; i < above_->fields.size(); ++i)
      if (above_->fields[i].name == node.text) return Operand{Operand::From::Above, static_cast<int>(i)};
    return std::nullopt;
  }

  Kind kind_of_operand(const Operand& operand) const {
    if (operand.from == Operand::From::Year) return Kind::Number;
    const schema::Register& owner = operand.from == Operand::From::Above ? *above_ : target_;
    switch (kind_of(owner.fields[static_cast<std::size_t>(operand.field)].type)) {
      case CellKind::Number:
        return Kind::Number;
      case CellKind::Boolean:
        return Kind::Boolean;
      case CellKind::Date:
        return Kind::Date;
      default:
        return Kind::String;
    }
  }

  // What names no field is worked out now.
  std::optional<Value> constant_of(const Node& node) const {
    if (!is_constant(node)) return std::nullopt;
    return feel::evaluate(node, *environment_, clock_).value;
  }
  bool is_constant(const Node& node) const {
    switch (node.kind) {
      case NodeKind::Literal:
        return true;
      case NodeKind::Negate:
      case NodeKind::Arithmetic:
      case NodeKind::Comparison:
      case NodeKind::ListLiteral:
      case NodeKind::RangeLiteral:
        return std::all_of(node.children.begin(), node.children.end(),
                           [&](const feel::NodePtr& each) { return is_constant(*each); });
      case NodeKind::Call:  // of a function that is built in
        return node.children[0]->kind == NodeKind::Name && !is_name_of_record(node.children[0]->text) &&
               std::all_of(node.children.begin() + 1, node.children.end(),
                           [&](const feel::NodePtr& each) { return is_constant(*each); });
      default:
        return false;
    }
  }
  bool is_name_of_record(const std::string& name) const {
    return target_.find_by_name(name) != nullptr || (above_ != nullptr && above_->name == name) ||
           name == kYear;
  }

  bool has_kind(const Operand& operand, const Value& value) const {
    return value.kind() == kind_of_operand(operand);
  }
  bool has_order(const Operand& operand, const Value& value) const {
    return has_kind(operand, value) && value.kind() != Kind::Boolean;
  }

  static Condition compare(const Operand& operand, std::string sign, const Value& value) {
    const Truth on_null = sign == "=" ? Truth::False : sign == "!=" ? Truth::True : Truth::Unknown;
    return {.kind = Condition::Kind::Compare,
            .operand = operand,
            .sign = std::move(sign),
            .value = value,
            .on_null = on_null};
  }

  std::optional<Condition> compared(const Operand& operand, const std::string& sign,
                                    const Value& value) const {
    if (value.is_null()) {
      if (sign != "=" && sign != "!=") return constant(Truth::Unknown);
      Condition is_null{.kind = Condition::Kind::IsNull, .operand = operand};
      if (sign == "=") return is_null;
      return Condition{.kind = Condition::Kind::Not, .parts = {std::move(is_null)}};
    }
    const bool is_equality = sign == "=" || sign == "!=";
    if (!(is_equality ? has_kind(operand, value) : has_order(operand, value))) return std::nullopt;
    return compare(operand, sign, value);
  }

  std::optional<Condition> comparison(const Node& node) const {
    const Node &left = *node.children[0], &right = *node.children[1];
    if (const auto operand = operand_of(left)) {
      const auto value = constant_of(right);
      return value ? compared(*operand, node.text, *value) : std::nullopt;
    }
    if (const auto operand = operand_of(right)) {
      const auto value = constant_of(left);
      if (!value) return std::nullopt;
      std::string sign = node.text;
      if (sign[0] == '<')
        sign[0] = '>';
      else if (sign[0] == '>')
        sign[0] = '<';
      return compared(*operand, sign, *value);
    }
    const auto value = constant_of(node);
    return value ? std::optional(constant(as_truth(*value))) : std::nullopt;
  }

  std::optional<Condition> in_range(const Operand& operand, const feel::Range& range) const {
    if (!range.one_sided.empty()) {
      const Value& bound = range.low.is_null() ? range.high : range.low;
      if (bound.is_null()) return std::nullopt;
      return compared(operand, range.one_sided, bound);
    }
    if (range.low.is_null() || range.high.is_null() || !has_order(operand, range.low) ||
        !has_order(operand, range.high))
      return std::nullopt;
    return joined(Condition::Kind::And, {compare(operand, range.low_included ? ">=" : ">", range.low),
                                         compare(operand, range.high_included ? "<=" : "<", range.high)});
  }

  // A test of `in`: a bound, a value, a range, a list of such.
  std::optional<Condition> test(const Operand& operand, const Node& node) const {
    switch (node.kind) {
      case NodeKind::TestCompare: {
        const auto value = constant_of(*node.children[0]);
        return value ? compared(operand, node.text, *value) : std::nullopt;
      }
      case NodeKind::TestExpression:
        if (node.mentions) return std::nullopt;
        return test(operand, *node.children[0]);
      case NodeKind::TestList:
      case NodeKind::TestNot: {
        std::vector<Condition> parts;
        for (const feel::NodePtr& child : node.children) {
          auto part = test(operand, *child);
          if (!part) return std::nullopt;
          parts.push_back(std::move(*part));
        }
        Condition any = joined(Condition::Kind::Or, std::move(parts));
        if (node.kind == NodeKind::TestList) return any;
        return Condition{.kind = Condition::Kind::Not, .parts = {std::move(any)}};
      }
      default:
        break;
    }
    const auto value = constant_of(node);
    if (!value || (value->is_null() && node.kind == NodeKind::RangeLiteral)) return std::nullopt;
    if (value->kind() == Kind::Range) return in_range(operand, value->range());
    if (value->kind() != Kind::List) return compared(operand, "=", *value);
    std::vector<std::string> texts;
    for (const Value& item : value->list()) {
      if (item.kind() != Kind::String || kind_of_operand(operand) != Kind::String) return std::nullopt;
      texts.push_back(item.string());
    }
    return one_of(operand, std::move(texts), Truth::False);
  }

  static Condition one_of(const Operand& operand, std::vector<std::string> texts, Truth on_null) {
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    return {
        .kind = Condition::Kind::OneOf, .operand = operand, .texts = std::move(texts), .on_null = on_null};
  }

  std::optional<Condition> call(const Node& node) const {
    if (node.children[0]->kind != NodeKind::Name || !node.argument_names.empty()) return std::nullopt;
    const std::string& name = node.children[0]->text;
    if (is_name_of_record(name)) return std::nullopt;
    if (name == "not" && node.children.size() == 2) {
      auto inner = lower(*node.children[1]);
      if (!inner) return std::nullopt;
      return Condition{.kind = Condition::Kind::Not, .parts = {std::move(*inner)}};
    }
    if (node.children.size() == 3) {
      const auto operand = operand_of(*node.children[1]);
      const auto value = constant_of(*node.children[2]);
      if (operand && value && kind_of_operand(*operand) == Kind::String && value->kind() == Kind::String) {
        if (name == kWithin) return one_of(*operand, codes_within(schema_, value->string()), Truth::Unknown);
        const auto kind = name == "contains"      ? std::optional(Condition::Kind::Contains)
                          : name == "starts with" ? std::optional(Condition::Kind::StartsWith)
                          : name == "ends with"   ? std::optional(Condition::Kind::EndsWith)
                                                  : std::nullopt;
        if (kind) return Condition{.kind = *kind, .operand = *operand, .value = *value};
      }
    }
    const auto value = constant_of(node);
    if (!value || value->kind() != Kind::Boolean) return std::nullopt;
    return constant(as_truth(*value));
  }

  const schema::Schema& schema_;
  const schema::Register& target_;
  const schema::Register* above_;
  const feel::Clock& clock_;
  std::shared_ptr<const feel::Environment> environment_;
};

feel::TypeScope scope_of(const schema::Register& target, const schema::Register* above) {
  feel::TypeScope scope;
  feel::Type within;
  within.kind = Kind::Function;
  within.parameters = {"代码", "上级"};
  within.result = std::make_shared<const feel::Type>(feel::Type::of(Kind::Boolean));
  scope.add(kWithin, within);
  if (target.period != schema::PeriodKey::None) scope.add(kYear, feel::Type::number({}, false));
  if (above != nullptr) {
    feel::Type record = feel::Type::of(Kind::Context);
    for (const schema::Field& each : above->fields)
      record.members.emplace_back(each.name, std::make_shared<const feel::Type>(each.feel_type()));
    scope.add(above->name, record);
  }
  for (const schema::Field& each : target.fields) scope.add(each.name, each.feel_type());
  return scope;
}

void conjuncts(const feel::NodePtr& node, std::vector<feel::NodePtr>& out) {
  if (node->kind != NodeKind::And) {
    out.push_back(node);
    return;
  }
  for (const feel::NodePtr& child : node->children) conjuncts(child, out);
}

}  // namespace

std::vector<std::string> codes_within(const schema::Schema& schema, std::string_view code) {
  std::set<std::string> out{std::string(code)};
  for (const schema::Codes& codes : schema.codes)
    if (codes.find(code) != nullptr)
      for (const schema::CodeEntry& entry : codes.entries)
        if (codes.is_within(entry.code, code)) out.insert(entry.code);
  return {out.begin(), out.end()};
}

Truth both(Truth a, Truth b) {
  if (a == Truth::False || b == Truth::False) return Truth::False;
  return a == Truth::Unknown || b == Truth::Unknown ? Truth::Unknown : Truth::True;
}
Truth either(Truth a, Truth b) {
  if (a == Truth::True || b == Truth::True) return Truth::True;
  return a == Truth::Unknown || b == Truth::Unknown ? Truth::Unknown : Truth::False;
}
Truth opposite(Truth a) { return a == Truth::Unknown ? a : a == Truth::True ? Truth::False : Truth::True; }

Filter Filter::read(const schema::Schema& schema, const schema::Register& target, std::string_view where,
                    diagnostic::Diagnostics& diagnostics, const feel::Clock& clock,
                    const feel::Origin& origin) {
  Filter out;
  out.target_ = &target;
  out.above_ = target.of.empty() ? nullptr : schema.find(target.of);
  out.clock_ = clock;
  if (text::trim(where).empty()) return out;
  out.condition_ = constant(Truth::False);
  const feel::TypeScope scope = scope_of(target, out.above_);
  feel::Parsed parsed = feel::parse(where, scope, origin);
  for (auto& each : parsed.diagnostics) diagnostics.push_back(std::move(each));
  if (!parsed.tree) return out;
  feel::Inferred inferred = feel::infer(*parsed.tree, where, scope, origin);
  const bool is_wrong = diagnostic::has_errors(inferred.diagnostics);
  for (auto& each : inferred.diagnostics) diagnostics.push_back(std::move(each));
  if (inferred.type.kind && inferred.type.kind != Kind::Boolean) {
    diagnostics.push_back(
        {.code = "E-LIST-101",
         .place = feel::place_of(origin, where, parsed.tree->span),
         .message = {"筛选条件应是真假，这里是" + feel::to_string(inferred.type) + "。",
                     "The filter must be true or false."},
         .advice = {"写成一个比较，如 用地面积 > 3。", "Write a comparison, such as area > 3."}});
    return out;
  }
  if (is_wrong) return out;
  out.tree_ = parsed.tree;
  out.within_ = feel::make_function({"代码", "上级"}, [&schema](const feel::List& arguments) -> Value {
    if (arguments.size() != 2 || arguments[0].kind() != Kind::String || arguments[1].kind() != Kind::String)
      return {};
    const std::vector<std::string> codes = codes_within(schema, arguments[1].string());
    return std::binary_search(codes.begin(), codes.end(), arguments[0].string());
  });
  const Lowering lowering(schema, target, out.above_, out.clock_, out.within_);
  std::vector<feel::NodePtr> all;
  conjuncts(out.tree_, all);
  std::vector<Condition> parts;
  for (const feel::NodePtr& each : all) {
    if (auto part = lowering.lower(*each))
      parts.push_back(std::move(*part));
    else
      out.rest_.push_back(each);
  }
  out.condition_ = parts.empty() ? constant(Truth::True) : joined(Condition::Kind::And, std::move(parts));

  std::set<Operand> named;
  for (const auto& path : feel::references(*out.tree_)) {
    if (path.empty()) continue;
    bool is_own = false;
    for (std::size_t i = 0; i < target.fields.size(); ++i)
      if (target.fields[i].name == path[0]) {
        named.insert({Operand::From::Own, static_cast<int>(i)});
        is_own = true;
      }
    if (is_own) continue;
    if (path[0] == kYear && target.period != schema::PeriodKey::None) named.insert({Operand::From::Year, -1});
    if (out.above_ == nullptr || path[0] != out.above_->name) continue;
    for (std::size_t i = 0; i < out.above_->fields.size(); ++i)
      if (path.size() == 1 || out.above_->fields[i].name == path[1])  // the record alone stands for all of it
        named.insert({Operand::From::Above, static_cast<int>(i)});
  }
  out.operands_.assign(named.begin(), named.end());
  return out;
}

Truth Filter::interpret(const Node& tree, const std::function<Value(const Operand&)>& value_of) const {
  feel::Context names, above;
  names.put(kWithin, within_);
  for (const Operand& each : operands_) {
    if (each.from == Operand::From::Year)
      names.put(kYear, value_of(each));
    else if (each.from == Operand::From::Above)
      above.put(above_->fields[static_cast<std::size_t>(each.field)].name, value_of(each));
    else
      names.put(target_->fields[static_cast<std::size_t>(each.field)].name, value_of(each));
  }
  if (above_ != nullptr && names.find(above_->name) == nullptr)
    names.put(above_->name, Value(std::move(above)));
  return as_truth(feel::evaluate(tree, feel::ContextEnvironment(std::move(names)), clock_).value);
}

Truth Filter::truth_of(const std::function<Value(const Operand&)>& value_of) const {
  return tree_ ? interpret(*tree_, value_of) : condition_.constant;
}

}  // namespace tenglong::listing
