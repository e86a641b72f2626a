#include "engine/plan/apply.h"

#include <algorithm>

#include "engine/feel/evaluate.h"
#include "engine/text/ensure.h"

namespace tenglong::plan {
namespace {

using feel::Kind;
using feel::Value;
using quantity::Decimal;

Value number(const std::optional<Decimal>& result) { return result ? Value(*result) : Value(); }
Value answer(const std::optional<bool>& result) { return result ? Value(*result) : Value(); }
bool is_number(const Value& value) { return value.kind() == Kind::Number; }
bool is_boolean(const Value& value) { return value.kind() == Kind::Boolean; }

Value arithmetic(Op op, const Value& left, const Value& right) {
  if (!is_number(left) || !is_number(right)) return {};
  const Decimal a = left.number(), b = right.number();
  switch (op) {
    case Op::Add:
      return number(add(a, b));
    case Op::Subtract:
      return number(subtract(a, b));
    case Op::Multiply:
      return number(multiply(a, b));
    case Op::Divide:
      return number(divide(a, b));
    case Op::Minimum:
      return b < a ? right : left;
    case Op::Maximum:
      return b > a ? right : left;
    default:
      return {};
  }
}

Value compared(Comparator comparator, const Value& left, const Value& right) {
  const std::optional<int> order = feel::compare(left, right);
  if (!order) return {};
  switch (comparator) {
    case Comparator::Less:
      return *order < 0;
    case Comparator::AtMost:
      return *order <= 0;
    case Comparator::Greater:
      return *order > 0;
    case Comparator::AtLeast:
      return *order >= 0;
  }
  return {};
}

Value conjunction(const Value& left, const Value& right, bool absorbing) {
  if ((is_boolean(left) && left.boolean() == absorbing) ||
      (is_boolean(right) && right.boolean() == absorbing))
    return absorbing;
  if (is_boolean(left) && is_boolean(right)) return !absorbing;
  return {};
}

// match, value, match, value ...
Value collected(const Node& node, std::span<const Value> inputs) {
  std::optional<Decimal> total;
  for (std::size_t i = 0; i + 1 < inputs.size(); i += 2) {
    if (!inputs[i].is_true()) continue;
    if (!is_number(inputs[i + 1])) return {};
    const Decimal each = inputs[i + 1].number();
    if (!total)
      total = each;
    else if (node.hit == pack::HitPolicy::CollectMin)
      total = std::min(*total, each);
    else if (node.hit == pack::HitPolicy::CollectMax)
      total = std::max(*total, each);
    else
      total = add(*total, each);
    if (!total) return {};
  }
  return number(total);
}

Value unique_of(std::span<const Value> inputs) {
  const Value* found = nullptr;
  for (std::size_t i = 0; i + 1 < inputs.size(); i += 2) {
    if (!inputs[i].is_true()) continue;
    if (found != nullptr) return {};
    found = &inputs[i + 1];
  }
  return found != nullptr ? *found : Value();
}

}  // namespace

bool is_pure(Op op) {
  switch (op) {
    case Op::Field:
    case Op::RowExists:
    case Op::Lookup:
    case Op::Population:
    case Op::Standing:
    case Op::Related:
    case Op::TextFunction:
    case Op::Interpret:
      return false;
    default:
      return true;
  }
}

Value apply_exactly(const Node& node, std::span<const Value> inputs) {
  switch (node.op) {
    case Op::Constant:
      return node.constant;
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Minimum:
    case Op::Maximum:
      return arithmetic(node.op, inputs[0], inputs[1]);
    case Op::Negate:
      return is_number(inputs[0]) ? Value(-inputs[0].number()) : Value();
    case Op::Absolute:
      return is_number(inputs[0]) ? Value(inputs[0].number().abs()) : Value();
    case Op::Round:
      return is_number(inputs[0]) ? Value(inputs[0].number().rounded(node.rounding)) : Value();
    case Op::Convert:
      return is_number(inputs[0]) ? number(convert(inputs[0].number(), node.conversion)) : Value();
    case Op::OrZero:
      return is_number(inputs[0]) ? inputs[0] : Value(0);
    case Op::Compare:
      return compared(node.comparator, inputs[0], inputs[1]);
    case Op::Equal:
      if (inputs[0].is_null() || inputs[1].is_null()) return inputs[0].is_null() && inputs[1].is_null();
      return answer(feel::equal(inputs[0], inputs[1]));
    case Op::IsNull:
      return inputs[0].is_null();
    case Op::IsTrue:
      return inputs[0].is_true();
    case Op::And:
      return conjunction(inputs[0], inputs[1], false);
    case Op::Or:
      return conjunction(inputs[0], inputs[1], true);
    case Op::Not:
      return is_boolean(inputs[0]) ? Value(!inputs[0].boolean()) : Value();
    case Op::If:
      return inputs[0].is_true() ? inputs[1] : inputs[2];
    case Op::Collect:
      return collected(node, inputs);
    case Op::UniqueOf:
      return unique_of(inputs);
    case Op::Call: {
      feel::Context context;
      for (std::size_t i = 0; i < inputs.size(); ++i) context.put(call_input(i), inputs[i]);
      Value value = feel::evaluate(*node.function, feel::ContextEnvironment(std::move(context))).value;
      const bool fits = (node.shape == Shape::Number && value.kind() == Kind::Number) ||
                        (node.shape == Shape::Boolean && value.kind() == Kind::Boolean) ||
                        (node.shape == Shape::Text && value.kind() == Kind::String) ||
                        (node.shape == Shape::Date && value.kind() == Kind::Date);
      return fits ? value : Value();
    }
    case Op::CountOf:
      return Value(static_cast<int>(
          std::count_if(inputs.begin(), inputs.end(), [](const Value& v) { return v.is_true(); })));
    case Op::Field:
    case Op::RowExists:
    case Op::Lookup:
    case Op::Population:
    case Op::Standing:
    case Op::Related:
    case Op::TextFunction:
    case Op::Interpret:
      break;
  }
  ensure(false, "apply_exactly() is asked for pure operators only");
  return {};
}

}  // namespace tenglong::plan
