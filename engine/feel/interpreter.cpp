#include "engine/feel/inside/interpreter.h"

#include <algorithm>

#include "engine/feel/inside/temporal_arithmetic.h"

namespace tenglong::feel {

namespace {

constexpr std::size_t kMostFindings = 100;
constexpr std::size_t kMostCarried = 50;
constexpr int kDeepestValue = 200;

thread_local Interpreter* current = nullptr;

}  // namespace

Value from_ternary(std::optional<bool> truth) { return truth ? Value(*truth) : Value{}; }

Interpreter::Interpreter(const Node& tree, const Environment& environment, const Clock& clock, Budget budget)
    : tree_(&tree), environment_(&environment), clock_(clock), budget_(budget), outer_(current) {
  if (outer_ != nullptr) {
    budget_.steps =
        std::min(budget_.steps, std::max<std::int64_t>(outer_->budget_.steps - outer_->steps_, 0));
    const int left = outer_->budget_.depth - outer_->depth_;
    depth_is_outer_ = left <= budget_.depth;
    budget_.depth = std::min(budget_.depth, left);
  }
  current = this;
}

Interpreter::~Interpreter() {
  current = outer_;
  if (outer_ == nullptr) return;
  outer_->steps_ += steps_;
  // What the one around it lacked is told there as well; steps it finds out by itself.
  if (is_too_deep_ && depth_is_outer_ && !outer_->spent_) outer_->refuse_depth(outer_->tree_->span);
}

Value Interpreter::null(Span span, std::string zh, std::string en) {
  ++told_;
  const auto is_told = [&](const Finding& told) {
    return told.span.begin == span.begin && told.span.end == span.end && told.message.zh == zh;
  };
  if (findings_.size() < kMostFindings && std::none_of(findings_.begin(), findings_.end(), is_told))
    findings_.push_back({span, {std::move(zh), std::move(en)}, {}});
  return {};
}

Value Interpreter::carried(Span whole, std::size_t findings_before, std::string zh, std::string en) {
  if (told_ == findings_before || findings_.empty()) return null(whole, std::move(zh), std::move(en));
  std::vector<Span>& spans = findings_.back().carried;
  const auto is_there = [&](Span span) { return span.begin == whole.begin && span.end == whole.end; };
  if (spans.size() < kMostCarried && std::none_of(spans.begin(), spans.end(), is_there))
    spans.push_back(whole);
  return {};
}

Value Interpreter::null_part(const Node& part, Span whole, std::size_t findings_before) {
  if (told_ != findings_before) return carried(whole, findings_before, {}, {});
  if (part.kind == NodeKind::Name || part.kind == NodeKind::Path)
    null(part.span, "“" + part.text + "”没有值。", "“" + part.text + "” has no value.");
  else
    null(part.span, "这里的值是空。", "This value is null.");
  return carried(whole, findings_before, {}, {});
}

bool Interpreter::spend(Span span, std::uint64_t steps) {
  if (spent_) return false;
  steps_ += static_cast<std::int64_t>(std::min<std::uint64_t>(steps, std::uint64_t{1} << 60));
  if (steps_ <= budget_.steps) return true;
  refuse(span, "E-FEEL-401", "求值步数用尽（" + std::to_string(budget_.steps) + " 步）。",
         "The evaluation spent its budget of " + std::to_string(budget_.steps) + " steps.");
  return false;
}

Value Interpreter::refuse(Span span, const char* code, std::string zh, std::string en) {
  spent_ = true;
  ++told_;
  // Told even where many other things were told before.
  if (findings_.size() >= kMostFindings) findings_.pop_back();
  findings_.push_back({span, {std::move(zh), std::move(en)}, {}, code});
  return {};
}

Value Interpreter::refuse_depth(Span span) {
  is_too_deep_ = true;
  return refuse(span, "E-FEEL-402", "求值嵌套太深。", "The evaluation is nested too deeply.");
}

Value Interpreter::settled(Value value) { return spend(tree_->span, 0) ? std::move(value) : Value{}; }

Value Interpreter::evaluate(const Node& node, const Scope* scope) {
  if (!spend(node.span)) return {};
  if (node.kind == NodeKind::Literal && !node.value.is_null()) return node.value;
  if (depth_ >= budget_.depth) return refuse_depth(node.span);
  ++depth_;
  Value out = walk(node, scope);
  --depth_;
  return out;
}

Value Interpreter::walk(const Node& node, const Scope* scope) {
  switch (node.kind) {
    case NodeKind::Literal:
      if (node.value.is_null() && !node.text.empty())
        return null(node.span, "“" + node.text.substr(1) + "”不是日期、时间或时长。",
                    "“" + node.text.substr(1) + "” is not a date, time or duration.");
      return node.value;
    case NodeKind::Name:
      return name(node, scope);
    case NodeKind::Path: {
      const std::size_t before = told_;
      return kept(member(evaluate(*node.children[0], scope), node, before), node);
    }
    case NodeKind::Filter:
      return kept(filter(node, scope), node);
    case NodeKind::Call:
      return kept(call_node(node, scope), node);
    case NodeKind::Negate:
      return negate(node, scope);
    case NodeKind::Arithmetic:
      return arithmetic(node, scope);
    case NodeKind::Comparison:
      return comparison(node, scope);
    case NodeKind::And:
    case NodeKind::Or:
      return logical(node, scope);
    case NodeKind::Between:
      return between(node, scope);
    case NodeKind::In:
      return in(node, scope);
    case NodeKind::InstanceOf: {
      const Value value = evaluate(*node.children[0], scope);
      spend(node.span, value.weight() / 8);
      return !value.is_null() && !node.types.empty() && conforms(value, *node.types[0]);
    }
    case NodeKind::If:
      return evaluate(*node.children[evaluate(*node.children[0], scope).is_true() ? 1 : 2], scope);
    case NodeKind::For:
    case NodeKind::Some:
    case NodeKind::Every:
      return kept(iterate(node, scope), node);
    case NodeKind::ListLiteral: {
      List items;
      items.reserve(node.children.size());
      for (const NodePtr& child : node.children) items.push_back(evaluate(*child, scope));
      return kept(Value(std::move(items)), node);
    }
    case NodeKind::ContextLiteral:
      return kept(context(node, scope), node);
    case NodeKind::RangeLiteral:
      return range(node, scope);
    case NodeKind::FunctionLiteral:
      return kept(function_literal(node, scope), node);
    case NodeKind::Wildcard: {
      const Value* input = scope != nullptr ? scope->find("?") : nullptr;
      return input != nullptr ? *input
                              : null(node.span, "这里没有“?”可指的输入。",
                                     "There is no input that “?” could stand for here.");
    }
    case NodeKind::TestAny:
    case NodeKind::TestCompare:
    case NodeKind::TestNot:
    case NodeKind::TestExpression:
    case NodeKind::TestList: {
      const Value* input = scope != nullptr ? scope->find("?") : nullptr;
      return test(node, input != nullptr ? *input : Value{}, scope);
    }
  }
  return {};
}

// Values within values within values ... would be taken apart by recursion: bounded.
Value Interpreter::kept(Value value, const Node& node) {
  if (value.nesting() <= kDeepestValue) return value;
  return refuse(node.span, "E-FEEL-402", "列表或记录嵌套超过 200 层。",
                "Lists or contexts are nested more than 200 deep.");
}

Value Interpreter::name(const Node& node, const Scope* scope) {
  if (scope != nullptr)
    if (const Value* local = scope->find(node.text)) return *local;
  if (auto found = environment_->find(node.text)) return std::move(*found);
  if (const Builtin* builtin = find_builtin(node.text)) return builtin_value(*builtin);
  return null(node.span, "没有叫“" + node.text + "”的值。", "Nothing is called “" + node.text + "”.");
}

Value Interpreter::member(const Value& owner, const Node& node, std::size_t findings_before) {
  switch (owner.kind()) {
    case Kind::Null:
      return null_part(*node.children[0], node.span, findings_before);
    case Kind::Context:
      if (const Value* found = owner.context().find(node.text)) return *found;
      return null(node.span, "没有成员“" + node.text + "”。", "There is no member “" + node.text + "”.");
    case Kind::List: {
      if (!spend(node.span, owner.list().size())) return {};
      List mapped;
      mapped.reserve(owner.list().size());
      for (const Value& item : owner.list()) {
        const Value* found = item.kind() == Kind::Context ? item.context().find(node.text) : nullptr;
        mapped.push_back(found != nullptr ? *found
                         : item.is_null() ? Value{}
                                          : member(item, node, findings_before));
      }
      return Value(std::move(mapped));
    }
    case Kind::Range: {
      const Range& r = owner.range();
      if (node.text == "start") return r.low;
      if (node.text == "end") return r.high;
      if (node.text == "start included") return r.low_included;
      if (node.text == "end included") return r.high_included;
      break;
    }
    default:
      if (auto property = temporal_property(owner, node.text)) return std::move(*property);
  }
  return null(node.span, std::string(kind_name(owner.kind())) + " 没有成员“" + node.text + "”。",
              std::string("A ") + kind_name(owner.kind()) + " has no member “" + node.text + "”.");
}

Value Interpreter::negate(const Node& node, const Scope* scope) {
  const std::size_t before = told_;
  const Value inner = evaluate(*node.children[0], scope);
  if (inner.kind() == Kind::Number) return -inner.number();
  if (inner.kind() == Kind::DaysDuration) return negated(inner.days_duration());
  if (inner.kind() == Kind::MonthsDuration) return MonthsDuration{-inner.months_duration().months};
  if (inner.is_null()) return null_part(*node.children[0], node.span, before);
  return null(node.span, "只有数和时长可以取负。", "Only numbers and durations can be negated.");
}

Value Interpreter::arithmetic(const Node& node, const Scope* scope) {
  const std::size_t before = told_;
  const Value a = evaluate(*node.children[0], scope);
  const Value b = evaluate(*node.children[1], scope);
  const std::string& sign = node.text;
  if (a.kind() == Kind::Number && b.kind() == Kind::Number) {
    std::optional<Decimal> result;
    switch (sign[0]) {
      case '+':
        result = add(a.number(), b.number());
        break;
      case '-':
        result = subtract(a.number(), b.number());
        break;
      case '/':
        result = divide(a.number(), b.number());
        break;
      default:
        result = sign.size() == 1 ? multiply(a.number(), b.number()) : power(a.number(), b.number());
    }
    if (result) return *result;
    if (sign[0] == '/' && b.number().is_zero()) return null(node.span, "除数是 0。", "Division by zero.");
    return null(node.span, "结果超出数的范围。", "The result is outside the range of numbers.");
  }
  if (a.is_null() || b.is_null()) return null_part(*node.children[a.is_null() ? 0 : 1], node.span, before);
  if (sign == "+" && a.kind() == Kind::String && b.kind() == Kind::String) {
    if (!spend(node.span, (a.string().size() + b.string().size()) / 16)) return {};
    return a.string() + b.string();
  }
  std::optional<Value> result;
  if (sign == "+")
    result = add_temporal(a, b);
  else if (sign == "-")
    result = subtract_temporal(a, b);
  else if (sign == "*")
    result = multiply_temporal(a, b);
  else if (sign == "/")
    result = divide_temporal(a, b);
  if (result && !result->is_null()) return std::move(*result);
  if (result && sign == "/")
    return null(node.span, "除数是 0，或结果超出范围。", "Division by zero, or the result is out of range.");
  if (result)
    return null(node.span, "两边不能这样相算：一边有时区，另一边没有，或结果超出范围。",
                "These cannot be combined: one side has a zone and the other has none, or the result is out "
                "of range.");
  return null(
      node.span, std::string(kind_name(a.kind())) + " 与 " + kind_name(b.kind()) + " 不能用“" + sign + "”。",
      "“" + sign + "” is not defined for " + kind_name(a.kind()) + " and " + kind_name(b.kind()) + ".");
}

// Kleene's logic; a value that is not a boolean counts as null.
Value Interpreter::logical(const Node& node, const Scope* scope) {
  const bool deciding = node.kind == NodeKind::Or;
  bool unknown = false;
  for (const NodePtr& child : node.children) {
    const Value truth = evaluate(*child, scope);
    if (truth.kind() == Kind::Boolean && truth.boolean() == deciding) return deciding;
    if (truth.kind() != Kind::Boolean && !truth.is_null())
      null(child->span, "“且、或”两边应是真假。", "“and” and “or” take booleans.");
    unknown = unknown || truth.kind() != Kind::Boolean;
  }
  if (unknown) return {};
  return !deciding;
}

Value Interpreter::range(const Node& node, const Scope* scope) {
  const std::size_t before = told_;
  Range out;
  const auto refuse = [&](const char* zh, const char* en) { return null(node.span, zh, en); };
  if (node.children.size() == 1) {
    out.one_sided = node.text;
    const Value bound = evaluate(*node.children[0], scope);
    if (bound.is_null()) return null_part(*node.children[0], node.span, before);
    const bool upper = node.text == "<" || node.text == "<=";
    const bool is_equality = node.text == "=" || node.text == "!=";
    if (!is_equality && !is_ordered(bound.kind()))
      return refuse("区间的端点应是数、文字、日期、时间或时长。",
                    "The end points of a range are numbers, strings, dates, times or durations.");
    out.low_included = node.text == ">=" || node.text == "=";
    out.high_included = node.text == "<=" || node.text == "=";
    (upper ? out.high : out.low) = bound;
    if (node.text == "=") out.high = bound;
    return out;
  }
  out.low = evaluate(*node.children[0], scope);
  out.high = evaluate(*node.children[1], scope);
  if (node.text == "..") return out;  // the domain of an iteration; may run downward
  out.low_included = node.text[0] == '[';
  out.high_included = node.text[1] == ']';
  if (out.low.is_null() && out.high.is_null())
    return carried(node.span, before, "区间的两端都是空。", "Both ends of the range are null.");
  if ((out.low.is_null() && out.low_included) || (out.high.is_null() && out.high_included))
    return carried(node.span, before, "区间的端点是空。", "An end point of the range is null.");
  for (const Value& end : {out.low, out.high})
    if (!end.is_null() && !is_ordered(end.kind()))
      return refuse("区间的端点应是数、文字、日期、时间或时长。",
                    "The end points of a range are numbers, strings, dates, times or durations.");
  if (!out.low.is_null() && !out.high.is_null()) {
    const auto order = compare(out.low, out.high);
    if (!order) return refuse("区间的两端不是同一类值。", "The ends of the range are of different kinds.");
    if (*order > 0) return refuse("区间的下端大于上端。", "The low end of the range is above its high end.");
  }
  return out;
}

Value Interpreter::context(const Node& node, const Scope* scope) {
  Context out;
  Bindings entries;
  const Scope own{.parent = scope, .bindings = &entries};
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const std::string& key = node.argument_names[i];
    if (out.find(key) != nullptr)
      return null(node.children[i]->span, "“" + key + "”出现两次。", "“" + key + "” appears twice.");
    Value value = evaluate(*node.children[i], &own);
    entries.emplace_back(key, value);
    out.put(key, std::move(value));
  }
  return Value(std::move(out));
}

Evaluation evaluate(const Node& tree, const Environment& environment, const Clock& clock, Budget budget) {
  Interpreter interpreter(tree, environment, clock, budget);
  Value value = interpreter.settled(interpreter.evaluate(tree, nullptr));
  return {std::move(value), interpreter.take_findings()};
}

Evaluation evaluate_tests(const Node& tree, const Value& input, const Environment& environment,
                          const Clock& clock, Budget budget) {
  Interpreter interpreter(tree, environment, clock, budget);
  Value value = interpreter.settled(interpreter.test(tree, input, nullptr));
  return {std::move(value), interpreter.take_findings()};
}

std::optional<Value> ContextEnvironment::find(std::string_view name) const {
  const Value* found = context_.find(name);
  return found ? std::optional(*found) : std::nullopt;
}

}  // namespace tenglong::feel
