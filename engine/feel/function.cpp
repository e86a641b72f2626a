#include <algorithm>

#include "engine/feel/inside/function.h"
#include "engine/feel/inside/interpreter.h"
#include "engine/feel/inside/parser.h"

namespace tenglong::feel {

Value Call::null(std::string zh, std::string en) {
  return interpreter_.null(span_, std::move(zh), std::move(en));
}
Value Call::call(const Value& function, const List& arguments) {
  return interpreter_.call(function, arguments, span_);
}
const Clock& Call::clock() const { return interpreter_.clock(); }
bool Call::spend() { return interpreter_.spend(span_); }

std::string Function::signature() const {
  if (builtin != nullptr) return builtin->name;
  std::string out;
  for (const std::string& parameter : parameters) out += (out.empty() ? "" : ", ") + parameter;
  return out;
}

Value make_function(std::vector<std::string> parameter_names, HostFunction body) {
  auto function = std::make_shared<Function>();
  function->parameters = std::move(parameter_names);
  function->host = std::move(body);
  return std::shared_ptr<const Function>(std::move(function));
}

const std::vector<BuiltinSignature>& builtins() {
  static const std::vector<BuiltinSignature> signatures = [] {
    std::vector<BuiltinSignature> out;
    for (const Builtin& builtin : all_builtins()) out.push_back({builtin.name, builtin.parameter_lists});
    return out;
  }();
  return signatures;
}

bool is_builtin_name(std::string_view name) { return find_builtin(name) != nullptr; }
bool has_builtin_prefix(std::string_view prefix) {
  return std::any_of(all_builtins().begin(), all_builtins().end(), [&](const Builtin& b) {
    return std::string_view(b.name).substr(0, prefix.size()) == prefix;
  });
}

Value Interpreter::call(const Value& callee, const List& arguments, Span span) {
  if (callee.kind() != Kind::Function)
    return null(span, "这不是函数，不能调用。", "This is not a function and cannot be called.");
  if (!spend(span)) return {};
  const Function& function = *callee.function();
  if (function.builtin != nullptr) {
    const Builtin& builtin = *function.builtin;
    const bool fits =
        builtin.variadic || std::any_of(builtin.parameter_lists.begin(), builtin.parameter_lists.end(),
                                        [&](const auto& list) { return list.size() == arguments.size(); });
    if (!fits)
      return null(
          span,
          std::string(builtin.name) + "() 的参数个数不对（给了 " + std::to_string(arguments.size()) +
              " 个）。",
          std::string(builtin.name) + "() does not take " + std::to_string(arguments.size()) + " arguments.");
    ::tenglong::feel::Call call_place(*this, span);
    return builtin.body(call_place, arguments);
  }
  if (arguments.size() != function.parameters.size())
    return null(span,
                "参数应为 " + std::to_string(function.parameters.size()) + " 个，给了 " +
                    std::to_string(arguments.size()) + " 个。",
                "Expected " + std::to_string(function.parameters.size()) + " arguments, got " +
                    std::to_string(arguments.size()) + ".");
  if (function.host) return function.host(arguments);
  if (function.body == nullptr)
    return null(span, "外部函数不能在这里运行。", "An external function cannot be run here.");
  auto frame = std::make_shared<Frame>();
  frame->parent = function.closure;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& type =
        i < function.parameter_types.size() ? function.parameter_types[i] : std::string{};
    frame->names.emplace_back(function.parameters[i],
                              type.empty() ? arguments[i] : coerced(arguments[i], type));
  }
  return evaluate(*function.body, frame);
}

Value Interpreter::call_named(const Function& function, const Node& node,
                              const std::vector<Value>& arguments) {
  const auto arrange = [&](const std::vector<std::string>& parameters) -> std::optional<List> {
    if (parameters.size() != arguments.size()) return std::nullopt;
    List ordered(parameters.size());
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const auto at = std::find(parameters.begin(), parameters.end(), node.argument_names[i]);
      if (at == parameters.end()) return std::nullopt;
      ordered[static_cast<std::size_t>(at - parameters.begin())] = arguments[i];
    }
    return ordered;
  };
  if (function.builtin != nullptr) {
    for (const auto& parameters : function.builtin->parameter_lists)
      if (auto ordered = arrange(parameters)) {
        ::tenglong::feel::Call call_place(*this, node.span);
        return function.builtin->body(call_place, *ordered);
      }
  } else if (auto ordered = arrange(function.parameters)) {
    return call(Value(std::make_shared<const Function>(function)), *ordered, node.span);
  }
  return null(node.span, "参数名对不上：" + function.signature() + "。",
              "The named arguments do not match: " + function.signature() + ".");
}

Value Interpreter::call_node(const Node& node, const FramePtr& frame) {
  const Node& callee = *node.children[0];
  // A built-in called by its name needs no function value.
  const Builtin* builtin = nullptr;
  Value function;
  if (callee.kind == NodeKind::Name && (!frame || frame->find(callee.text) == nullptr)) {
    auto from_environment = environment_.find(callee.text);
    if (from_environment)
      function = std::move(*from_environment);
    else
      builtin = find_builtin(callee.text);
  }
  if (builtin == nullptr && function.is_null()) function = evaluate(callee, frame);
  List arguments;
  arguments.reserve(node.children.size() - 1);
  for (std::size_t i = 1; i < node.children.size(); ++i)
    arguments.push_back(evaluate(*node.children[i], frame));
  if (builtin != nullptr) {
    Function own;
    own.builtin = builtin;
    if (!node.argument_names.empty()) return call_named(own, node, arguments);
    const bool fits =
        builtin->variadic || std::any_of(builtin->parameter_lists.begin(), builtin->parameter_lists.end(),
                                         [&](const auto& list) { return list.size() == arguments.size(); });
    if (!fits)
      return null(node.span,
                  std::string(builtin->name) + "() 的参数个数不对（给了 " + std::to_string(arguments.size()) +
                      " 个）。",
                  std::string(builtin->name) + "() does not take " + std::to_string(arguments.size()) +
                      " arguments.");
    if (!spend(node.span)) return {};
    ::tenglong::feel::Call call_place(*this, node.span);
    return builtin->body(call_place, arguments);
  }
  if (function.kind() == Kind::Function && !node.argument_names.empty())
    return call_named(*function.function(), node, arguments);
  return call(function, arguments, node.span);
}

// Is the value of the type as written? "list<number>", "context<a: date>", "function<number>->number", "Any"
// ...
bool conforms(const Value& value, std::string_view type) {
  if (type == "Any") return !value.is_null();
  const std::size_t open = type.find('<');
  const std::string_view head = type.substr(0, open);
  if (head == "list") {
    if (value.kind() != Kind::List) return false;
    if (open == std::string_view::npos) return true;
    const std::string_view element = type.substr(open + 1, type.size() - open - 2);
    return std::all_of(value.list().begin(), value.list().end(),
                       [&](const Value& item) { return item.is_null() || conforms(item, element); });
  }
  if (head == "range") {
    if (value.kind() != Kind::Range) return false;
    if (open == std::string_view::npos) return true;
    const std::string_view element = type.substr(open + 1, type.size() - open - 2);
    const Range& r = value.range();
    return (r.low.is_null() || conforms(r.low, element)) && (r.high.is_null() || conforms(r.high, element));
  }
  if (head == "context") {
    if (value.kind() != Kind::Context) return false;
    if (open == std::string_view::npos) return true;
    std::string_view members = type.substr(open + 1, type.size() - open - 2);
    while (!members.empty()) {
      const std::size_t colon = members.find(':');
      if (colon == std::string_view::npos) break;
      std::size_t end = colon;
      for (int nested = 0; end < members.size(); ++end) {
        if (members[end] == '<') ++nested;
        if (members[end] == '>' && members[end - 1] != '-') --nested;
        if (members[end] == ',' && nested == 0) break;
      }
      const Value* member = value.context().find(text::trim(members.substr(0, colon)));
      if (member == nullptr ||
          (!member->is_null() && !conforms(*member, text::trim(members.substr(colon + 1, end - colon - 1)))))
        return false;
      members = end < members.size() ? members.substr(end + 1) : std::string_view{};
    }
    return true;
  }
  if (head.substr(0, 8) == "function") {
    if (value.kind() != Kind::Function) return false;
    if (open == std::string_view::npos) return true;
    const std::size_t close = type.find(">->");
    const std::string_view parameters =
        type.substr(open + 1, (close == std::string_view::npos ? type.size() - 1 : close) - open - 1);
    const std::size_t count =
        text::trim(parameters).empty()
            ? 0
            : static_cast<std::size_t>(std::count(parameters.begin(), parameters.end(), ',')) + 1;
    const Function& f = *value.function();
    if (f.builtin != nullptr)
      return std::any_of(f.builtin->parameter_lists.begin(), f.builtin->parameter_lists.end(),
                         [&](const auto& list) { return list.size() == count; });
    return f.parameters.size() == count;
  }
  if (head == "day and time duration") return value.kind() == Kind::DaysDuration;
  if (head == "year and month duration") return value.kind() == Kind::MonthsDuration;
  return head == kind_name(value.kind());
}

Value coerced(const Value& value, std::string_view type) {
  if (value.is_null() || type.empty() || type == "Any" || conforms(value, type)) return value;
  if (type.substr(0, 5) == "list<") {
    const std::string_view element = type.substr(5, type.size() - 6);
    if (conforms(value, element)) return List{value};
    return {};
  }
  if (value.kind() == Kind::List && value.list().size() == 1 && conforms(value.list()[0], type))
    return value.list()[0];
  if (value.kind() == Kind::Date && type == "date and time")
    return DateTime{value.date(), {0, 0, 0, 0, {.offset_seconds = 0}}};
  return {};
}

}  // namespace tenglong::feel
