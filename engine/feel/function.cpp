// Function values: what they are made of and how they are called.
#include <algorithm>

#include "engine/feel/inside/function.h"
#include "engine/feel/inside/interpreter.h"
#include "engine/feel/inside/parser.h"

namespace tenglong::feel {

Value Call::null(std::string zh, std::string en) {
  return interpreter_.null(span_, std::move(zh), std::move(en));
}
Value Call::null_argument(std::string zh, std::string en) {
  return interpreter_.carried(span_, findings_before_, std::move(zh), std::move(en));
}
Value Call::call(const Value& function, const List& arguments) {
  return interpreter_.call(function, arguments, span_);
}
const Clock& Call::clock() const { return interpreter_.clock(); }
bool Call::spend(std::uint64_t steps) { return interpreter_.spend(span_, steps); }

const Value* Scope::find(std::string_view wanted) const {
  for (const Scope* scope = this; scope != nullptr; scope = scope->parent) {
    if (scope->members != nullptr)
      if (const Value* member = scope->members->find(wanted)) return member;
    if (scope->value != nullptr && scope->name == wanted) return scope->value;
    if (scope->bindings != nullptr)
      for (auto it = scope->bindings->rbegin(); it != scope->bindings->rend(); ++it)
        if (it->first == wanted) return &it->second;
  }
  return nullptr;
}

// Innermost last, so that the last of a name holds.
Bindings capture(const Scope* scope) {
  Bindings out;
  if (scope == nullptr) return out;
  out = capture(scope->parent);
  if (scope->bindings != nullptr) out.insert(out.end(), scope->bindings->begin(), scope->bindings->end());
  if (scope->value != nullptr) out.emplace_back(scope->name, *scope->value);
  if (scope->members != nullptr)
    out.insert(out.end(), scope->members->entries().begin(), scope->members->entries().end());
  return out;
}

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

Value make_function(FunctionDefinition definition) {
  auto function = std::make_shared<Function>();
  function->parameters = std::move(definition.parameter_names);
  function->parameter_types = std::move(definition.parameter_types);
  function->tree = definition.body.get();
  function->body = std::move(definition.body);
  function->result = std::move(definition.result);
  function->environment = std::move(definition.environment);
  return std::shared_ptr<const Function>(std::move(function));
}

Value builtin_value(const Builtin& builtin) {
  static const std::vector<Value> values = [] {
    std::vector<Value> out;
    for (const Builtin& each : all_builtins()) {
      auto function = std::make_shared<Function>();
      function->builtin = &each;
      out.emplace_back(std::shared_ptr<const Function>(std::move(function)));
    }
    return out;
  }();
  return values[static_cast<std::size_t>(&builtin - all_builtins().data())];
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

namespace {

// What reading the arguments once may cost.
std::uint64_t cost_of(const List& arguments) {
  std::uint64_t cost = 1;
  for (const Value& argument : arguments) {
    if (argument.kind() == Kind::List)
      cost += argument.list().size() / 8;
    else if (argument.kind() == Kind::String)
      cost += argument.string().size() / 64;
  }
  return cost;
}

}  // namespace

Value Interpreter::call_builtin(const Builtin& builtin, List& arguments, Span span,
                                std::size_t findings_before) {
  if (!spend(span, cost_of(arguments))) return {};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool takes_one = (builtin.singles >> std::min<std::size_t>(i, 31) & 1u) != 0;
    if (takes_one && arguments[i].kind() == Kind::List && arguments[i].list().size() == 1) {
      Value one = arguments[i].list()[0];
      arguments[i] = std::move(one);
    }
  }
  Call place(*this, span, findings_before);
  Value out = builtin.body(place, arguments);
  // A text takes room: that of 10^6000 has 6,001 digits.
  if (out.kind() == Kind::String && !spend(span, out.string().size() / 16)) return {};
  return out;
}

Value Interpreter::call(const Value& callee, const List& arguments, Span span) {
  const std::size_t before = told_;
  if (callee.kind() != Kind::Function)
    return null(span, "这不是函数，不能调用。", "This is not a function and cannot be called.");
  const Builtin* builtin = callee.function()->builtin;
  if (builtin == nullptr) return call_written(callee, arguments, span, before);
  const bool fits =
      builtin->variadic || std::any_of(builtin->parameter_lists.begin(), builtin->parameter_lists.end(),
                                       [&](const auto& list) { return list.size() == arguments.size(); });
  if (!fits)
    return null(
        span,
        std::string(builtin->name) + "() 的参数个数不对（给了 " + std::to_string(arguments.size()) +
            " 个）。",
        std::string(builtin->name) + "() does not take " + std::to_string(arguments.size()) + " arguments.");
  List own = arguments;
  return call_builtin(*builtin, own, span, before);
}

Value Interpreter::call_written(const Value& callee, const List& arguments, Span span,
                                std::size_t findings_before) {
  if (!spend(span)) return {};
  const Function& function = *callee.function();
  if (arguments.size() != function.parameters.size())
    return null(span,
                "参数应为 " + std::to_string(function.parameters.size()) + " 个，给了 " +
                    std::to_string(arguments.size()) + " 个。",
                "Expected " + std::to_string(function.parameters.size()) + " arguments, got " +
                    std::to_string(arguments.size()) + ".");
  const auto fitted = [&](const Value& value, const DeclaredTypePtr& type, const std::string& what) -> Value {
    if (type == nullptr || value.is_null()) return value;
    spend(span, value.weight() / 8);
    Value out = coerced(value, *type);
    if (out.is_null())
      null(span, what + " 应是 " + to_string(*type) + "，得到 " + kind_name(value.kind()) + "。",
           what + " must be " + to_string(*type) + ", got " + kind_name(value.kind()) + ".");
    return out;
  };
  Bindings names;
  names.reserve(arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Value own = i < function.parameter_types.size()
                    ? fitted(arguments[i], function.parameter_types[i], "“" + function.parameters[i] + "”")
                    : arguments[i];
    if (own.is_null() && !arguments[i].is_null()) return {};
    names.emplace_back(function.parameters[i], std::move(own));
  }
  if (function.host) {
    List given;
    given.reserve(names.size());
    for (auto& [name, value] : names) given.push_back(std::move(value));
    return function.host(given);
  }
  if (function.body == nullptr)
    return null(span, "外部函数不能在这里运行。", "An external function cannot be run here.");

  const Scope closure{.bindings = &function.closure};
  const Scope self{
      .parent = &closure, .name = function.own_name, .value = function.own_name.empty() ? nullptr : &callee};
  const Scope own{.parent = &self, .bindings = &names};
  const Environment* outer_environment = environment_;
  const Node* outer_tree = tree_;
  const std::size_t findings = findings_.size();
  if (function.environment) environment_ = function.environment.get();
  const bool is_elsewhere = function.tree != tree_;
  if (is_elsewhere) tree_ = static_cast<const Node*>(function.tree);
  Value out = evaluate(*function.body, &own);
  if (is_elsewhere)
    for (std::size_t i = findings; i < findings_.size(); ++i) {
      findings_[i].span = span;
      findings_[i].carried.clear();
    }
  environment_ = outer_environment;
  tree_ = outer_tree;
  if (out.is_null()) {
    if (told_ != findings_before) carried(span, findings_before, {}, {});
    return out;
  }
  return fitted(out, function.result, "结果");
}

// Named arguments in the order of the parameters; none if a name is wrong or missing.
std::optional<List> Interpreter::arranged(const Node& node, const std::vector<std::string>& parameters,
                                          const List& arguments) {
  if (parameters.size() != arguments.size()) return std::nullopt;
  List ordered(parameters.size());
  std::vector<bool> given(parameters.size(), false);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto at = std::find(parameters.begin(), parameters.end(), node.argument_names[i]);
    const auto place = static_cast<std::size_t>(at - parameters.begin());
    if (at == parameters.end() || given[place]) return std::nullopt;
    given[place] = true;
    ordered[place] = arguments[i];
  }
  return ordered;
}

Value Interpreter::call_node(const Node& node, const Scope* scope) {
  const std::size_t before = told_;
  const Node& callee = *node.children[0];
  // A built-in called by its name needs no function value.
  const Builtin* builtin = nullptr;
  Value function;
  if (callee.kind == NodeKind::Name && (scope == nullptr || scope->find(callee.text) == nullptr)) {
    if (auto from_environment = environment_->find(callee.text))
      function = std::move(*from_environment);
    else
      builtin = find_builtin(callee.text);
  }
  if (builtin == nullptr && function.is_null()) function = evaluate(callee, scope);
  if (function.kind() == Kind::Function) builtin = function.function()->builtin;
  if (builtin == nullptr && function.kind() != Kind::Function) {
    if (function.is_null()) return null_part(callee, node.span, before);
    return null(node.span, "这不是函数，不能调用。", "This is not a function and cannot be called.");
  }

  List arguments;
  arguments.reserve(node.children.size() - 1);
  for (std::size_t i = 1; i < node.children.size(); ++i)
    arguments.push_back(evaluate(*node.children[i], scope));
  if (node.argument_names.empty()) {
    if (builtin == nullptr) return call_written(function, arguments, node.span, before);
    for (const auto& list : builtin->parameter_lists)
      if (builtin->variadic || list.size() == arguments.size())
        return call_builtin(*builtin, arguments, node.span, before);
    return null(
        node.span,
        std::string(builtin->name) + "() 的参数个数不对（给了 " + std::to_string(arguments.size()) +
            " 个）。",
        std::string(builtin->name) + "() does not take " + std::to_string(arguments.size()) + " arguments.");
  }
  if (builtin != nullptr) {
    for (const auto& parameters : builtin->parameter_lists)
      if (auto ordered = arranged(node, parameters, arguments)) {
        // A key and a path of keys are told apart by the name alone.
        const bool is_key = builtin->name == std::string_view("context put") && parameters[1] == "key";
        if (is_key && (*ordered)[1].kind() == Kind::List)
          return null(node.span, "key 应是文字；一串键写作 keys。",
                      "key is a string; a path of keys is keys.");
        return call_builtin(*builtin, *ordered, node.span, before);
      }
    std::string lists;
    for (const auto& parameters : builtin->parameter_lists) {
      lists += lists.empty() ? "(" : " (";
      for (std::size_t i = 0; i < parameters.size(); ++i) lists += (i == 0 ? "" : ", ") + parameters[i];
      lists += ")";
    }
    return null(node.span, "参数名对不上：" + std::string(builtin->name) + lists + "。",
                "The named arguments do not match " + std::string(builtin->name) + lists + ".");
  }
  if (auto ordered = arranged(node, function.function()->parameters, arguments))
    return call_written(function, *ordered, node.span, before);
  return null(node.span, "参数名对不上：" + function.function()->signature() + "。",
              "The named arguments do not match: " + function.function()->signature() + ".");
}

Value Interpreter::function_literal(const Node& node, const Scope* scope) {
  auto function = std::make_shared<Function>();
  function->parameters = node.argument_names;
  function->parameter_types = node.types;
  function->body = node.value.is_true() ? nullptr : node.children[0];  // true: external
  function->own_name = node.text;
  function->closure = capture(scope);
  function->environment = environment_->weak_from_this().lock();
  function->tree = tree_;
  if (!spend(node.span, function->closure.size())) return {};
  for (const auto& [name, value] : function->closure)
    function->nesting = std::max(function->nesting, value.nesting() + 1);
  return std::shared_ptr<const Function>(std::move(function));
}

}  // namespace tenglong::feel
