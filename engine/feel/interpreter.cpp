#include "engine/feel/inside/interpreter.h"

#include <algorithm>

#include "engine/feel/inside/temporal_arithmetic.h"
#include "engine/text/ensure.h"

namespace tenglong::feel {

namespace {

constexpr std::size_t kMostFindings = 100;

// Binds names for the time of an evaluation.
FramePtr with(FramePtr parent, std::vector<std::pair<std::string, Value>> names) {
  auto frame = std::make_shared<Frame>();
  frame->parent = std::move(parent);
  frame->names = std::move(names);
  return frame;
}

bool mentions_wildcard(const Node& node) {
  if (node.kind == NodeKind::Wildcard) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return mentions_wildcard(*child); });
}

}  // namespace

Value from_ternary(std::optional<bool> truth) { return truth ? Value(*truth) : Value{}; }

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

Value Interpreter::null(Span span, std::string zh, std::string en) {
  if (findings_.size() < kMostFindings) findings_.push_back({span, {std::move(zh), std::move(en)}});
  return {};
}

bool Interpreter::spend(Span span) {
  if (spent_) return false;
  if (++steps_ <= budget_.steps) return true;
  spent_ = true;
  null(span, "求值步数用尽（" + std::to_string(budget_.steps) + " 步）。",
       "The evaluation spent its budget of " + std::to_string(budget_.steps) + " steps.");
  return false;
}

Value Interpreter::evaluate(const Node& node, const FramePtr& frame) {
  if (!spend(node.span)) return {};
  struct Depth {
    int& depth;
    explicit Depth(int& d) : depth(d) { ++depth; }
    ~Depth() { --depth; }
  } guard(depth_);
  if (depth_ > budget_.depth)
    return null(node.span, "求值嵌套太深。", "The evaluation is nested too deeply.");
  switch (node.kind) {
    case NodeKind::Literal:
      if (node.value.is_null() && !node.text.empty())
        return null(node.span, "“" + node.text.substr(1) + "”不是日期、时间或时长。",
                    "“" + node.text.substr(1) + "” is not a date, time or duration.");
      return node.value;
    case NodeKind::Name:
      return name(node, frame);
    case NodeKind::Path:
      return path(node, frame);
    case NodeKind::Filter:
      return filter(node, frame);
    case NodeKind::Call:
      return call_node(node, frame);
    case NodeKind::Negate: {
      const Value inner = evaluate(*node.children[0], frame);
      if (inner.kind() == Kind::Number) return -inner.number();
      if (inner.kind() == Kind::DaysDuration) return negated(inner.days_duration());
      if (inner.kind() == Kind::MonthsDuration) return MonthsDuration{-inner.months_duration().months};
      return null(node.span, "只有数和时长可以取负。", "Only numbers and durations can be negated.");
    }
    case NodeKind::Arithmetic:
      return arithmetic(node, frame);
    case NodeKind::Comparison:
      return comparison(node, frame);
    case NodeKind::And:
    case NodeKind::Or:
      return logical(node, frame);
    case NodeKind::Between:
      return between(node, frame);
    case NodeKind::In:
      return in(node, frame);
    case NodeKind::InstanceOf: {
      const Value value = evaluate(*node.children[0], frame);
      return !value.is_null() && conforms(value, node.text);
    }
    case NodeKind::If:
      return evaluate(*node.children[evaluate(*node.children[0], frame).is_true() ? 1 : 2], frame);
    case NodeKind::For:
    case NodeKind::Some:
    case NodeKind::Every:
      return iterate(node, frame);
    case NodeKind::ListLiteral: {
      List items;
      items.reserve(node.children.size());
      for (const NodePtr& child : node.children) items.push_back(evaluate(*child, frame));
      return items;
    }
    case NodeKind::ContextLiteral:
      return context(node, frame);
    case NodeKind::RangeLiteral:
      return range(node, frame);
    case NodeKind::FunctionLiteral: {
      auto function = std::make_shared<Function>();
      function->parameters = node.argument_names;
      function->parameter_types = node.parameter_types;
      function->body = node.text == "external" ? nullptr : node.children[0];
      function->closure = frame;
      return std::shared_ptr<const Function>(std::move(function));
    }
    case NodeKind::Wildcard: {
      const Value* input = frame ? frame->find("?") : nullptr;
      return input ? *input
                   : null(node.span, "这里没有“?”可指的输入。",
                          "There is no input that “?” could stand for here.");
    }
    case NodeKind::TestAny:
    case NodeKind::TestCompare:
    case NodeKind::TestNot:
    case NodeKind::TestExpression:
    case NodeKind::TestList: {
      const Value* input = frame ? frame->find("?") : nullptr;
      return evaluate_tests(node, input ? *input : Value{}, frame);
    }
  }
  return {};
}

Value Interpreter::name(const Node& node, const FramePtr& frame) {
  if (frame)
    if (const Value* local = frame->find(node.text)) return *local;
  if (auto found = environment_.find(node.text)) return std::move(*found);
  if (const Builtin* builtin = find_builtin(node.text)) {
    auto function = std::make_shared<Function>();
    function->builtin = builtin;
    return std::shared_ptr<const Function>(std::move(function));
  }
  return null(node.span, "没有叫“" + node.text + "”的值。", "Nothing is called “" + node.text + "”.");
}

Value Interpreter::member(const Value& owner, const Node& node) {
  switch (owner.kind()) {
    case Kind::Null:
      return {};
    case Kind::Context: {
      const Value* found = owner.context().find(node.text);
      return found ? *found
                   : null(node.span, "没有成员“" + node.text + "”。",
                          "There is no member “" + node.text + "”.");
    }
    case Kind::List: {
      List mapped;
      mapped.reserve(owner.list().size());
      for (const Value& item : owner.list()) mapped.push_back(member(item, node));
      return mapped;
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

Value Interpreter::path(const Node& node, const FramePtr& frame) {
  return member(evaluate(*node.children[0], frame), node);
}

Value Interpreter::filter(const Node& node, const FramePtr& frame) {
  const Value filtered = evaluate(*node.children[0], frame);
  const List items = filtered.kind() == Kind::List ? filtered.list()
                     : filtered.is_null()          ? List{}
                                                   : List{filtered};
  const Node& condition = *node.children[1];
  // A constant or closed index is evaluated once; a condition per item.
  const auto select = [&](const Value& index) -> Value {
    const auto position = index.number().to_integer();
    const auto size = static_cast<std::int64_t>(items.size());
    if (!position || *position == 0 || *position > size || *position < -size)
      return null(
          condition.span,
          "位置 " + index.number().to_string() + " 超出列表（共 " + std::to_string(size) + " 项）。",
          "Position " + index.number().to_string() + " is outside the list of " + std::to_string(size) + ".");
    return items[static_cast<std::size_t>(*position > 0 ? *position - 1 : size + *position)];
  };
  if (condition.kind == NodeKind::Literal && condition.value.kind() == Kind::Number)
    return select(condition.value);
  if (condition.kind == NodeKind::Negate && condition.children[0]->kind == NodeKind::Literal &&
      condition.children[0]->value.kind() == Kind::Number)
    return select(Value(-condition.children[0]->value.number()));
  List kept;
  const std::size_t findings = findings_.size();
  for (const Value& item : items) {
    std::vector<std::pair<std::string, Value>> names = {{"item", item}};
    if (item.kind() == Kind::Context)
      for (const auto& entry : item.context().entries()) names.push_back(entry);
    const Value truth = evaluate(condition, with(frame, std::move(names)));
    if (truth.kind() == Kind::Number) {
      findings_.resize(std::min(findings, findings_.size()));
      return select(truth);
    }
    if (truth.is_true()) kept.push_back(item);
  }
  if (items.empty()) {
    const Value truth = evaluate(condition, with(frame, {{"item", Value{}}}));
    findings_.resize(std::min(findings, findings_.size()));
    if (truth.kind() == Kind::Number) return select(truth);
  }
  return kept;
}

Value Interpreter::arithmetic(const Node& node, const FramePtr& frame) {
  const Value a = evaluate(*node.children[0], frame), b = evaluate(*node.children[1], frame);
  if (a.is_null() || b.is_null()) return {};
  const std::string& sign = node.text;
  if (a.kind() == Kind::Number && b.kind() == Kind::Number) {
    std::optional<Decimal> result;
    if (sign == "+")
      result = add(a.number(), b.number());
    else if (sign == "-")
      result = subtract(a.number(), b.number());
    else if (sign == "*")
      result = multiply(a.number(), b.number());
    else if (sign == "/")
      result = divide(a.number(), b.number());
    else
      result = power(a.number(), b.number());
    if (result) return *result;
    if (sign == "/" && b.number().is_zero()) return null(node.span, "除数是 0。", "Division by zero.");
    return null(node.span, "结果超出数的范围。", "The result is outside the range of numbers.");
  }
  if (sign == "+" && a.kind() == Kind::String && b.kind() == Kind::String) return a.string() + b.string();
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
  return null(node.span,
              std::string(kind_name(a.kind())) + " 与 " + kind_name(b.kind()) + " 不能用“" + sign + "”。",
              std::string("“") + sign + "” is not defined for " + kind_name(a.kind()) + " and " +
                  kind_name(b.kind()) + ".");
}

Value Interpreter::comparison(const Node& node, const FramePtr& frame) {
  const Value a = evaluate(*node.children[0], frame), b = evaluate(*node.children[1], frame);
  Value result = compared(node.text, a, b);
  if (result.is_null() && !a.is_null() && !b.is_null())
    return null(
        node.span, std::string(kind_name(a.kind())) + " 与 " + kind_name(b.kind()) + " 不能比较。",
        std::string("A ") + kind_name(a.kind()) + " cannot be compared with a " + kind_name(b.kind()) + ".");
  return result;
}

// Kleene's logic; a value that is not a boolean counts as null.
Value Interpreter::logical(const Node& node, const FramePtr& frame) {
  const bool deciding = node.kind == NodeKind::Or;
  const Value a = evaluate(*node.children[0], frame);
  if (a.kind() == Kind::Boolean && a.boolean() == deciding) return deciding;
  const Value b = evaluate(*node.children[1], frame);
  if (b.kind() == Kind::Boolean && b.boolean() == deciding) return deciding;
  if (a.kind() == Kind::Boolean && b.kind() == Kind::Boolean) return !deciding;
  return {};
}

Value Interpreter::between(const Node& node, const FramePtr& frame) {
  const Value value = evaluate(*node.children[0], frame), low = evaluate(*node.children[1], frame),
              high = evaluate(*node.children[2], frame);
  const auto from = compare(low, value), to = compare(value, high);
  if (!from || !to)
    return null(node.span, "between 的三个值不能比较。", "The three values of between cannot be compared.");
  return *from <= 0 && *to <= 0;
}

Value Interpreter::in(const Node& node, const FramePtr& frame) {
  const Value value = evaluate(*node.children[0], frame);
  bool unknown = false;
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const Value truth = test(*node.children[i], value, frame);
    if (truth.is_true()) return true;
    unknown = unknown || truth.is_null();
  }
  return unknown ? Value{} : Value(false);
}

Value Interpreter::range(const Node& node, const FramePtr& frame) {
  Range out;
  if (node.children.size() == 1) {
    out.one_sided = node.text;
    Value bound = evaluate(*node.children[0], frame);
    if (bound.is_null()) return null(node.span, "区间的端点是空。", "The end point of the range is null.");
    const bool upper = node.text == "<" || node.text == "<=";
    out.low_included = node.text == ">=" || node.text == "=";
    out.high_included = node.text == "<=" || node.text == "=";
    (upper ? out.high : out.low) = bound;
    if (node.text == "=") out.high = bound;
    return out;
  }
  out.low = evaluate(*node.children[0], frame);
  out.high = evaluate(*node.children[1], frame);
  if (node.text == "..") return out;  // the domain of an iteration; may run downward
  out.low_included = node.text[0] == '[';
  out.high_included = node.text[1] == ']';
  if (out.low.is_null() && out.high.is_null())
    return null(node.span, "区间的两端都是空。", "Both ends of the range are null.");
  if ((out.low.is_null() && out.low_included) || (out.high.is_null() && out.high_included))
    return null(node.span, "区间的端点是空。", "An end point of the range is null.");
  if (!out.low.is_null() && !out.high.is_null()) {
    const auto order = compare(out.low, out.high);
    if (!order || *order > 0)
      return null(node.span, "区间的下端不小于等于上端。",
                  "The low end of the range is not below its high end.");
  }
  return out;
}

Value Interpreter::context(const Node& node, const FramePtr& frame) {
  Context out;
  auto own = std::make_shared<Frame>();
  own->parent = frame;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const std::string& key = node.argument_names[i];
    if (out.find(key) != nullptr)
      return null(node.children[i]->span, "“" + key + "”出现两次。", "“" + key + "” appears twice.");
    // Each entry sees those before it; closures keep the frame they were made in.
    Value value = evaluate(*node.children[i], std::make_shared<Frame>(*own));
    own->names.emplace_back(key, value);
    out.put(key, std::move(value));
  }
  return out;
}

std::optional<List> Interpreter::domain_items(const Value& domain, const Node& node) {
  if (domain.kind() == Kind::List) return domain.list();
  if (domain.kind() != Kind::Range) {
    if (domain.is_null()) return std::nullopt;
    return List{domain};
  }
  const Range& r = domain.range();
  const bool may_descend = node.kind == NodeKind::RangeLiteral && node.text == "..";
  List items;
  const auto walk = [&](std::int64_t from, std::int64_t to, const auto& value_of) -> bool {
    if (!r.low_included) ++from;
    if (!r.high_included) --to;
    if (from > to && !may_descend) return from == to + 1;
    for (std::int64_t at = from;; at += from <= to ? 1 : -1) {
      if (!spend(node.span)) return false;
      items.push_back(value_of(at));
      if (at == to) return true;
    }
  };
  if (r.low.kind() == Kind::Number && r.high.kind() == Kind::Number) {
    const auto from = r.low.number().to_integer(), to = r.high.number().to_integer();
    if (from && to && walk(*from, *to, [](std::int64_t n) { return Value(Decimal(n)); })) return items;
  } else if (r.low.kind() == Kind::Date && r.high.kind() == Kind::Date) {
    if (walk(r.low.date().days(), r.high.date().days(),
             [](std::int64_t n) { return Value(Date::from_days(n)); }))
      return items;
  }
  return std::nullopt;
}

Value Interpreter::iterate(const Node& node, const FramePtr& frame) {
  const std::size_t count = node.argument_names.size();
  List results;
  bool unknown = false;
  std::optional<bool> decided;
  bool failed = false;
  const std::function<void(std::size_t, const FramePtr&)> nest = [&](std::size_t level,
                                                                     const FramePtr& outer) {
    if (failed || decided) return;
    if (level == count) {
      FramePtr inner = outer;
      if (node.kind == NodeKind::For) inner = with(outer, {{"partial", Value(results)}});
      const Value value = evaluate(*node.children[count], inner);
      if (node.kind == NodeKind::For) {
        results.push_back(value);
      } else if (value.kind() != Kind::Boolean) {
        unknown = true;
      } else if (value.boolean() == (node.kind == NodeKind::Some)) {
        decided = node.kind == NodeKind::Some;
      }
      return;
    }
    const Value domain = evaluate(*node.children[level], outer);
    const auto items = domain_items(domain, *node.children[level]);
    if (!items) {
      failed = true;
      null(node.children[level]->span, "不能逐项取“" + domain.to_text() + "”。",
           "Cannot iterate over “" + domain.to_text() + "”.");
      return;
    }
    for (const Value& item : *items) {
      if (!spend(node.span)) {
        failed = true;
        return;
      }
      nest(level + 1, with(outer, {{node.argument_names[level], item}}));
    }
  };
  nest(0, frame);
  if (failed) return {};
  if (node.kind == NodeKind::For) return results;
  if (decided) return *decided;
  return unknown ? Value{} : Value(node.kind == NodeKind::Every);
}

Value Interpreter::test(const Node& node, const Value& input, const FramePtr& frame) {
  switch (node.kind) {
    case NodeKind::TestAny:
      return true;
    case NodeKind::TestCompare: {
      const Value bound = evaluate(*node.children[0], frame);
      return compared(node.text, input, bound);
    }
    case NodeKind::TestExpression: {
      const Node& inner = *node.children[0];
      const FramePtr scope = with(frame, {{"?", input}});
      const Value value = evaluate(inner, scope);
      if (mentions_wildcard(inner)) return value.kind() == Kind::Boolean ? value : Value{};
      if (value.kind() == Kind::Range) return contains(value.range(), input);
      if (value.kind() == Kind::List) {
        if (input.kind() == Kind::List && equal(value, input) == true) return true;
        for (const Value& item : value.list()) {
          if (equal(item, input) == true) return true;
          if (item.kind() == Kind::Range && contains(item.range(), input).is_true()) return true;
        }
        return false;
      }
      if (inner.kind == NodeKind::Literal || inner.kind == NodeKind::Negate)
        return from_ternary(equal(value, input));
      const auto same = equal(value, input);
      return from_ternary(same);
    }
    case NodeKind::TestNot:
    case NodeKind::TestList: {
      bool unknown = false;
      for (const NodePtr& child : node.children) {
        const Value truth = test(*child, input, frame);
        if (truth.is_true()) return node.kind == NodeKind::TestList;
        unknown = unknown || truth.is_null();
      }
      if (unknown) return {};
      return node.kind == NodeKind::TestNot;
    }
    default:
      return from_ternary(equal(evaluate(node, frame), input));
  }
}

Value Interpreter::evaluate_tests(const Node& node, const Value& input, const FramePtr& frame) {
  return test(node, input, frame);
}

Evaluation evaluate(const Node& tree, const Environment& environment, const Clock& clock, Budget budget) {
  Interpreter interpreter(environment, clock, budget);
  Value value = interpreter.evaluate(tree, nullptr);
  return {std::move(value), interpreter.take_findings()};
}

Evaluation evaluate_tests(const Node& tree, const Value& input, const Environment& environment,
                          const Clock& clock, Budget budget) {
  Interpreter interpreter(environment, clock, budget);
  Value value = interpreter.evaluate_tests(tree, input, nullptr);
  return {std::move(value), interpreter.take_findings()};
}

std::optional<Value> ContextEnvironment::find(std::string_view name) const {
  const Value* found = context_.find(name);
  return found ? std::optional(*found) : std::nullopt;
}

}  // namespace tenglong::feel
