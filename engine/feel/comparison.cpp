// Comparisons, `between`, `in`, and the unary tests of decision table cells.
#include <algorithm>

#include "engine/feel/inside/interpreter.h"

namespace tenglong::feel {

bool is_ordered(Kind kind) {
  switch (kind) {
    case Kind::Number:
    case Kind::String:
    case Kind::Date:
    case Kind::Time:
    case Kind::DateTime:
    case Kind::DaysDuration:
    case Kind::MonthsDuration:
      return true;
    default:
      return false;
  }
}

Value compared(const std::string& sign, const Value& a, const Value& b) {
  if (sign == "=") return from_ternary(equal(a, b));
  if (sign == "!=") {
    const auto same = equal(a, b);
    return same ? Value(!*same) : Value{};
  }
  const auto order = compare(a, b);
  if (!order) return {};
  if (sign == "<") return *order < 0;
  if (sign == "<=") return *order <= 0;
  if (sign == ">") return *order > 0;
  return *order >= 0;
}

Value contains(const Range& range, const Value& value) {
  if (!range.one_sided.empty())
    return compared(range.one_sided, value, range.low.is_null() ? range.high : range.low);
  if (range.low.is_null() || range.high.is_null() || value.is_null()) return {};
  const auto low = compare(range.low, value), high = compare(value, range.high);
  if (!low || !high) return {};
  return (*low < 0 || (*low == 0 && range.low_included)) &&
         (*high < 0 || (*high == 0 && range.high_included));
}

Value Interpreter::comparison(const Node& node, const Scope* scope) {
  const std::size_t before = told_;
  const Value a = evaluate(*node.children[0], scope);
  const Value b = evaluate(*node.children[1], scope);
  if ((a.weight() > 8 || b.weight() > 8) && !spend(node.span, std::min(a.weight(), b.weight()) / 8))
    return {};
  Value result = compared(node.text, a, b);
  if (!result.is_null()) return result;
  if (a.is_null() || b.is_null()) return null_part(*node.children[a.is_null() ? 0 : 1], node.span, before);
  if (a.kind() == b.kind() && is_ordered(a.kind()))
    return null(node.span, "一边有时区，另一边没有，不能比较。",
                "One side has a zone and the other has none; they cannot be compared.");
  return null(
      node.span, std::string(kind_name(a.kind())) + " 与 " + kind_name(b.kind()) + " 不能比较。",
      std::string("A ") + kind_name(a.kind()) + " cannot be compared with a " + kind_name(b.kind()) + ".");
}

Value Interpreter::between(const Node& node, const Scope* scope) {
  const std::size_t before = told_;
  const Value value = evaluate(*node.children[0], scope);
  const Value low = evaluate(*node.children[1], scope), high = evaluate(*node.children[2], scope);
  const auto from = compare(low, value), to = compare(value, high);
  if (from && to) return *from <= 0 && *to <= 0;
  const Value* parts[] = {&value, &low, &high};
  for (std::size_t i = 0; i < 3; ++i)
    if (parts[i]->is_null()) return null_part(*node.children[i], node.span, before);
  return null(node.span, "between 的三个值不能比较。", "The three values of between cannot be compared.");
}

Value Interpreter::in(const Node& node, const Scope* scope) {
  const Value value = evaluate(*node.children[0], scope);
  bool unknown = false;
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const Value truth = test(*node.children[i], value, scope);
    if (truth.is_true()) return true;
    unknown = unknown || truth.is_null();
  }
  return unknown ? Value{} : Value(false);
}

// An expression as a test: equal to the input, or a range or list that holds it.
Value Interpreter::test_value(const Value& value, const Value& input, const Node& node) {
  if (value.is_null() && node.kind == NodeKind::RangeLiteral) return {};
  if (value.kind() == Kind::Range) {
    if (input.kind() == Kind::Range) return from_ternary(equal(value, input));
    return contains(value.range(), input);
  }
  if (value.kind() != Kind::List) return from_ternary(equal(value, input));
  if (!spend(node.span, (value.weight() + input.weight()) / 8)) return {};
  if (input.kind() == Kind::List && equal(value, input) == true) return true;
  return std::any_of(value.list().begin(), value.list().end(), [&](const Value& item) {
    return equal(item, input) == true ||
           (item.kind() == Kind::Range && contains(item.range(), input).is_true());
  });
}

Value Interpreter::test(const Node& node, const Value& input, const Scope* scope) {
  switch (node.kind) {
    case NodeKind::TestAny:
      return true;
    case NodeKind::TestCompare: {
      const Scope own{.parent = scope, .name = "?", .value = &input};
      return compared(node.text, input, evaluate(*node.children[0], &own));
    }
    case NodeKind::TestExpression: {
      const Node& inner = *node.children[0];
      const Scope own{.parent = scope, .name = "?", .value = &input};
      const Value value = evaluate(inner, &own);
      if (node.mentions) return value.kind() == Kind::Boolean ? value : Value{};
      return test_value(value, input, inner);
    }
    case NodeKind::TestNot:
    case NodeKind::TestList: {
      bool unknown = false;
      for (const NodePtr& child : node.children) {
        const Value truth = test(*child, input, scope);
        if (truth.is_true()) return node.kind == NodeKind::TestList;
        unknown = unknown || truth.is_null();
      }
      if (unknown) return {};
      return node.kind == NodeKind::TestNot;
    }
    default:
      return test_value(evaluate(node, scope), input, node);
  }
}

}  // namespace tenglong::feel
