#include <algorithm>

#include "engine/feel/inside/builtin_types.h"
#include "engine/feel/inside/function.h"
#include "engine/feel/inside/narrowing.h"
#include "engine/feel/type.h"

namespace tenglong::feel {

namespace {

using diagnostic::Severity;
using quantity::Unit;
using text::Words;

bool is_number(const Type& t) { return t.kind == Kind::Number; }
bool is_duration(const Type& t) { return t.kind == Kind::DaysDuration || t.kind == Kind::MonthsDuration; }
bool has_zone(const Type& t) { return !t.kind || t.kind == Kind::DateTime || t.kind == Kind::Time; }
bool is_temporal(const Type& t) {
  return is_duration(t) || t.kind == Kind::Date || t.kind == Kind::DateTime || t.kind == Kind::Time;
}

std::string unit_words(const Unit& unit) {
  return unit.name().empty() ? "没有单位的数" : unit.name() + "（" + unit.dimension_name() + "）";
}
std::string unit_words_en(const Unit& unit) {
  return unit.name().empty() ? "a bare number" : unit.name() + " (" + unit.dimension_name() + ")";
}

// Walks the tree once; every part's type from its children's.
class Inference {
 public:
  Inference(std::string_view source, const TypeScope& scope, const Origin& origin)
      : source_(source), scope_(scope), origin_(origin) {}

  Type of(const Node& node) {
    switch (node.kind) {
      case NodeKind::Literal:
        return literal(node);
      case NodeKind::Name:
        return name(node);
      case NodeKind::Path:
        return path(node);
      case NodeKind::Filter:
        return filter(node);
      case NodeKind::Call:
        return call(node);
      case NodeKind::Negate:
        return of(*node.children[0]);
      case NodeKind::Arithmetic:
        return arithmetic(node);
      case NodeKind::Comparison: {
        const Type a = of(*node.children[0]), b = of(*node.children[1]);
        comparable(node, a, b);
        // Equal kinds are equal or not, whatever is null; an order needs both sides, and both or neither with
        // a zone.
        const bool is_equality = node.text == "=" || node.text == "!=";
        const bool is_decided =
            a.kind == Kind::Null || b.kind == Kind::Null || (a.kind && b.kind && a.kind == b.kind);
        return Type::of(Kind::Boolean, is_equality ? !is_decided : a.nullable || b.nullable || has_zone(a));
      }
      case NodeKind::And:
      case NodeKind::Or: {
        bool nullable = false;
        const std::size_t outer = known_.size();
        for (const NodePtr& child : node.children) {
          const Type t = of(*child);
          know(*child, node.kind == NodeKind::And);
          if (t.kind && t.kind != Kind::Boolean)
            report("E-FEEL-203", *child,
                   {"“且、或”两边应是真假，这里是" + to_string(t) + "。",
                    "“and” and “or” take booleans; this is " + std::string(kind_name(*t.kind)) + "."},
                   {"写成一个比较。", "Write a comparison."});
          nullable = nullable || t.nullable || t.kind != Kind::Boolean;
        }
        known_.resize(outer);
        return Type::of(Kind::Boolean, nullable);
      }
      case NodeKind::Between: {
        const Type value = of(*node.children[0]);
        bool nullable = value.nullable;
        for (std::size_t i = 1; i < 3; ++i) {
          const Type end = of(*node.children[i]);
          comparable(node, value, end);
          nullable = nullable || end.nullable;
        }
        return Type::of(Kind::Boolean, nullable);
      }
      case NodeKind::In: {
        const Type value = of(*node.children[0]);
        bool are_values = true;
        for (std::size_t i = 1; i < node.children.size(); ++i) {
          tests(*node.children[i], value);
          are_values = are_values && is_value_test(*node.children[i]);
        }
        return Type::of(Kind::Boolean, value.nullable && !are_values);
      }
      case NodeKind::InstanceOf:
        of(*node.children[0]);
        return Type::of(Kind::Boolean, false);
      case NodeKind::If:
        return conditional(node);
      case NodeKind::For:
        return iteration(node);
      case NodeKind::Some:
      case NodeKind::Every:
        iteration(node);
        return Type::of(Kind::Boolean);
      case NodeKind::ListLiteral:
        return list(node);
      case NodeKind::ContextLiteral:
        return context(node);
      case NodeKind::RangeLiteral:
        return range(node);
      case NodeKind::FunctionLiteral: {
        const std::size_t outer = locals_.size();
        for (const std::string& parameter : node.argument_names) {
          warn_if_hidden(node, parameter);
          locals_.emplace_back(parameter, Type::any());
        }
        Type out = Type::of(Kind::Function, false);
        out.result = std::make_shared<const Type>(of(*node.children[0]));
        out.parameters = node.argument_names;
        locals_.resize(outer);
        return out;
      }
      case NodeKind::Wildcard:
        return input_;
      default:
        tests(node, input_);
        return Type::of(Kind::Boolean);
    }
  }

  void tests(const Node& node, const Type& input) {
    const Type outer = input_;
    input_ = input;
    switch (node.kind) {
      case NodeKind::TestAny:
        break;
      case NodeKind::TestCompare:
        comparable(node, input, of(*node.children[0]));
        break;
      case NodeKind::TestExpression: {
        const Type t = of(*node.children[0]);
        if (mentions_wildcard(*node.children[0])) break;
        if ((t.kind == Kind::Range || t.kind == Kind::List) && t.element)
          comparable(node, input, *t.element);
        else if (t.kind != Kind::Range && t.kind != Kind::List)
          comparable(node, input, t);
        break;
      }
      default:
        for (const NodePtr& child : node.children) tests(*child, input);
    }
    input_ = outer;
  }

  diagnostic::Diagnostics take() { return std::move(diagnostics_); }

 private:
  // A list of plain values, which null is simply not among.
  static bool is_value_test(const Node& node) {
    if (node.kind == NodeKind::TestList)
      return std::all_of(node.children.begin(), node.children.end(),
                         [](const NodePtr& child) { return is_value_test(*child); });
    return node.kind == NodeKind::TestExpression && node.children[0]->kind == NodeKind::Literal &&
           node.children[0]->value.kind() != Kind::Range;
  }

  void know(const Node& condition, bool truth) {
    for (std::string& each : known_if(condition, truth)) known_.push_back(std::move(each));
  }

  // A null condition counts as false without a word; say which part can be null.
  void warn_if_nullable(const Node& condition, const Type& type, const char* where_zh, const char* where_en) {
    if (type.kind != Kind::Boolean || !type.nullable) return;
    const Node* part = nullable_part(condition);
    const Node& told = part != nullptr ? *part : condition;
    const std::string name(source_.substr(told.span.begin, told.span.end - told.span.begin));
    const std::size_t before = diagnostics_.size();
    const bool is_boolean = of(told).kind == Kind::Boolean;
    diagnostics_.resize(before);
    report("W-FEEL-401", told,
           {"“" + name + "”可能没有值；没有值时" + where_zh + "。",
            "“" + name + "” may have no value; then " + where_en + "."},
           {path_text(told).empty() ? "先用 != null 问清楚，或写明没有值时怎么办。"
            : is_boolean
                ? "空白就是“否”的，写 " + name + " = true；空白是不明的，先用 " + name + " = null 另写一支。"
                : "加上 " + name + " != null and …；没有值时另有说法的，先用 " + name + " = null 另写一支。",
            "Ask for != null first, or say what holds when there is no value."},
           Severity::Warning);
  }
  const Node* nullable_part(const Node& node) {
    if (node.kind == NodeKind::Name || node.kind == NodeKind::Path) {
      const std::size_t told = diagnostics_.size();
      const Type type = of(node);
      diagnostics_.resize(told);
      return type.nullable && type.kind != Kind::Function ? &node : nullptr;
    }
    if (node.kind == NodeKind::FunctionLiteral || node.kind == NodeKind::For) return nullptr;
    const std::size_t first = node.kind == NodeKind::Call ? 1 : 0;
    for (std::size_t i = first; i < node.children.size(); ++i)
      if (const Node* part = nullable_part(*node.children[i])) return part;
    return nullptr;
  }

  // A name of one's own that hides another.
  void warn_if_hidden(const Node& node, const std::string& name) {
    const bool is_local =
        std::any_of(locals_.begin(), locals_.end(), [&](const auto& each) { return each.first == name; });
    if (!is_local && scope_.find(name) == nullptr && find_builtin(name) == nullptr) return;
    report("W-FEEL-402", node,
           {"这里的“" + name + "”盖住了外面同名的字段、指标、参数或函数。",
            "“" + name + "” hides a field, indicator, parameter or function of that name."},
           {"给这个变量换个名字。", "Give this variable another name."}, Severity::Warning);
  }

  static bool mentions_wildcard(const Node& node) {
    return node.kind == NodeKind::Wildcard ||
           std::any_of(node.children.begin(), node.children.end(),
                       [](const NodePtr& child) { return mentions_wildcard(*child); });
  }

  void report(const char* code, const Node& node, Words message, Words advice,
              Severity severity = Severity::Error) {
    diagnostic::Diagnostic d{.code = code, .severity = severity};
    d.place = place_of(origin_, source_, node.span);
    d.clause = origin_.clause;
    d.message = std::move(message);
    d.advice = std::move(advice);
    diagnostics_.push_back(std::move(d));
  }

  // Both sides of a comparison or a sum: same kind, same dimension, same scale. A bare literal takes the
  // other's unit.
  bool same_measure(const Node& node, const Type& a, const Type& b) {
    if (!is_number(a) || !is_number(b)) return true;
    if (a.bare_literal || b.bare_literal || a.unit.same_scale(b.unit)) return true;
    if (!a.unit.same_dimension(b.unit)) {
      report("E-FEEL-301", node,
             {"量纲不同：左边是" + unit_words(a.unit) + "，右边是" + unit_words(b.unit) + "。",
              "Different dimensions: " + unit_words_en(a.unit) + " on the left, " + unit_words_en(b.unit) +
                  " on the right."},
             {"不同的量不能相加减或比较，检查公式。",
              "Different quantities cannot be added or compared; check the formula."});
      return false;
    }
    const auto by = quantity::conversion(b.unit, a.unit);
    const std::string factor =
        by ? (by->factor.denominator == 1
                  ? std::to_string(by->factor.numerator)
                  : std::to_string(by->factor.numerator) + " / " + std::to_string(by->factor.denominator))
           : "";
    report("E-FEEL-302", node,
           {"单位不同：左边是 " + a.unit.name() + "，右边是 " + b.unit.name() + "。",
            "Different units: " + a.unit.name() + " on the left, " + b.unit.name() + " on the right."},
           {"把右边乘以 " + factor + " 换成 " + a.unit.name() + "。",
            "Multiply the right side by " + factor + " to get " + a.unit.name() + "."});
    return false;
  }

  void comparable(const Node& node, const Type& a, const Type& b) {
    if (a.kind && b.kind && a.kind != Kind::Null && b.kind != Kind::Null && *a.kind != *b.kind) {
      const bool list_like = a.kind == Kind::List || b.kind == Kind::List;
      if (!list_like)
        report("E-FEEL-201", node,
               {"不能比较：一边是" + to_string(a) + "，另一边是" + to_string(b) + "。",
                std::string("Cannot compare ") + kind_name(*a.kind) + " with " + kind_name(*b.kind) + "."},
               {b.kind == Kind::String                   ? "数不加引号。"
                : a.kind == Kind::String && is_number(b) ? "文字要加引号。"
                                                         : "两边用同一类值。",
                "Use values of one kind on both sides."});
      return;
    }
    same_measure(node, a, b);
  }

  Type literal(const Node& node) {
    Type out = Type::of(node.value.kind(), node.value.is_null());
    out.bare_literal = node.value.kind() == Kind::Number;
    return out;
  }

  Type narrowed(const Node& node, Type type) {
    if (!type.nullable || known_.empty()) return type;
    if (std::find(known_.begin(), known_.end(), path_text(node)) != known_.end()) type.nullable = false;
    return type;
  }

  Type name(const Node& node) { return narrowed(node, type_of_name(node)); }
  Type type_of_name(const Node& node) {
    for (auto local = locals_.rbegin(); local != locals_.rend(); ++local)
      if (local->first == node.text) return local->second;
    if (const Type* known = scope_.find(node.text)) return *known;
    if (find_builtin(node.text) != nullptr) return Type::of(Kind::Function, false);
    return Type::any();
  }

  Type path(const Node& node) { return narrowed(node, type_of_path(node)); }
  Type type_of_path(const Node& node) {
    Type owner = of(*node.children[0]);
    const bool over_list = owner.kind == Kind::List && owner.element;
    const Type inner = over_list ? *owner.element : owner;
    for (const auto& [member, type] : inner.members)
      if (member == node.text) {
        Type out = *type;
        out.nullable = true;
        return over_list ? Type::list_of(std::move(out)) : out;
      }
    if (node.text == "time offset" && (inner.kind == Kind::DateTime || inner.kind == Kind::Time))
      return Type::of(Kind::DaysDuration);
    if (node.text == "timezone" && (inner.kind == Kind::DateTime || inner.kind == Kind::Time))
      return Type::of(Kind::String);
    if (inner.kind == Kind::Date || inner.kind == Kind::DateTime || inner.kind == Kind::Time ||
        is_duration(inner))
      return Type::number({});
    if (inner.kind == Kind::Range && inner.element)
      return node.text == "start" || node.text == "end" ? *inner.element : Type::of(Kind::Boolean);
    return Type::any();
  }

  Type filter(const Node& node) {
    const Type filtered = of(*node.children[0]);
    const std::size_t outer = locals_.size();
    const Type element = filtered.kind == Kind::List && filtered.element ? *filtered.element
                         : filtered.kind == Kind::List                   ? Type::any()
                                                                         : filtered;
    locals_.emplace_back("item", element);
    for (const auto& [member, type] : element.members) locals_.emplace_back(member, *type);
    const Type condition = of(*node.children[1]);
    warn_if_nullable(*node.children[1], condition, "这一项会悄悄地不算",
                     "the item is left out without a word");
    locals_.resize(outer);
    if (is_number(condition)) {
      Type out = element;
      out.nullable = true;
      return out;
    }
    return filtered.kind == Kind::List ? filtered : Type::list_of(element);
  }

  Type arithmetic(const Node& node) {
    const Type a = of(*node.children[0]), b = of(*node.children[1]);
    const std::string& sign = node.text;
    if (!a.kind || !b.kind) return Type::any();
    const Node& right = *node.children[1];
    const bool is_safe_divisor = right.kind == NodeKind::Literal && right.value.kind() == Kind::Number &&
                                 !right.value.number().is_zero();
    const bool nullable = a.nullable || b.nullable || (sign == "/" && !is_safe_divisor) || sign == "**";
    if (is_number(a) && is_number(b)) {
      Type out = Type::number({}, nullable);
      out.bare_literal = a.bare_literal && b.bare_literal;
      if (sign == "+" || sign == "-") {
        same_measure(node, a, b);
        out.unit = a.bare_literal ? b.unit : a.unit;
      } else if (sign == "*") {
        out.unit = a.unit * b.unit;
      } else if (sign == "/") {
        out.unit = a.unit / b.unit;
      } else {
        const Node& exponent = *node.children[1];
        constexpr std::int64_t kNotWhole = 99;
        const bool is_number_literal =
            exponent.kind == NodeKind::Literal && exponent.value.kind() == Kind::Number;
        const std::int64_t whole =
            is_number_literal ? exponent.value.number().to_integer().value_or(kNotWhole) : kNotWhole;
        if (!a.unit.is_bare() && whole >= -4 && whole <= 4)
          out.unit = a.unit.power(static_cast<int>(whole)).value_or(Unit{});
        else if (!a.unit.is_bare() && !a.bare_literal)
          report("E-FEEL-303", node,
                 {"有单位的数只能取整数次幂，这里是" + unit_words(a.unit) + "。",
                  "A quantity can only be raised to a whole power; this is " + unit_words_en(a.unit) + "."},
                 {"先除成没有单位的比值。", "Divide it into a bare ratio first."});
      }
      return out;
    }
    if (sign == "+" && a.kind == Kind::String && b.kind == Kind::String)
      return Type::of(Kind::String, nullable);
    if (is_temporal(a) || is_temporal(b)) {
      if (sign == "-" && *a.kind == *b.kind && !is_duration(a)) return Type::of(Kind::DaysDuration, nullable);
      if (sign == "/" && is_duration(a) && is_duration(b)) return Type::number({}, nullable);
      if (sign == "*" || sign == "/") return is_duration(a) ? a : b;
      return is_duration(a) && !is_duration(b) ? b : a;
    }
    if (a.kind == Kind::Null || b.kind == Kind::Null) return Type::any();
    report("E-FEEL-202", node,
           {"“" + sign + "”不能用在" + to_string(a) + "和" + to_string(b) + "上。",
            "“" + sign + "” is not defined for " + std::string(kind_name(*a.kind)) + " and " +
                kind_name(*b.kind) + "."},
           {a.kind == Kind::String || b.kind == Kind::String
                ? "文字要先用 number() 变成数，数要先用 string() 变成文字。"
            : a.kind == Kind::List || b.kind == Kind::List ? "对列表先用 sum()、mean() 等汇总。"
                                                           : "检查两边的类型。",
            "Convert or aggregate one side first."});
    return Type::any();
  }

  // The common type of alternatives; any if they differ.
  Type merged(const Node& node, const Type& a, const Type& b) {
    if (a.kind == Kind::Null) {
      Type out = b;
      out.nullable = true;
      return out;
    }
    if (b.kind == Kind::Null) {
      Type out = a;
      out.nullable = true;
      return out;
    }
    if (!a.kind || !b.kind || *a.kind != *b.kind) return Type::any();
    same_measure(node, a, b);
    Type out = a.bare_literal ? b : a;
    out.bare_literal = a.bare_literal && b.bare_literal;
    out.nullable = a.nullable || b.nullable;
    return out;
  }

  Type conditional(const Node& node) {
    const Type condition = of(*node.children[0]);
    if (condition.kind && condition.kind != Kind::Boolean)
      report("E-FEEL-203", *node.children[0],
             {"if 的条件应是真假，这里是" + to_string(condition) + "。",
              "The condition of if must be a boolean."},
             {"写成一个比较。", "Write a comparison."});
    warn_if_nullable(*node.children[0], condition, "算作“否”，走 else 一支",
                     "it counts as false and else is taken");
    const std::size_t outer = known_.size();
    know(*node.children[0], true);
    const Type then = of(*node.children[1]);
    known_.resize(outer);
    know(*node.children[0], false);
    const Type otherwise = of(*node.children[2]);
    known_.resize(outer);
    return merged(node, then, otherwise);
  }

  Type iteration(const Node& node) {
    const std::size_t outer = locals_.size();
    for (std::size_t i = 0; i < node.argument_names.size(); ++i) {
      const Type domain = of(*node.children[i]);
      warn_if_hidden(node, node.argument_names[i]);
      const bool has_element = (domain.kind == Kind::List || domain.kind == Kind::Range) && domain.element;
      locals_.emplace_back(node.argument_names[i], has_element ? *domain.element : Type::any());
    }
    locals_.emplace_back("partial", Type::of(Kind::List));
    const Type body = of(*node.children.back());
    locals_.resize(outer);
    return Type::list_of(body);
  }

  Type list(const Node& node) {
    if (node.children.empty()) return Type::of(Kind::List, false);
    Type element = of(*node.children[0]);
    for (std::size_t i = 1; i < node.children.size(); ++i) {
      const Type next = of(*node.children[i]);
      element = element.kind && next.kind && *element.kind == *next.kind ? merged(node, element, next)
                                                                         : Type::any();
    }
    Type out = Type::list_of(std::move(element));
    out.nullable = false;
    return out;
  }

  // {面积: 面积} means the same thing twice.
  static std::string of_a_name(const Node& node) { return node.kind == NodeKind::Name ? node.text : ""; }

  Type context(const Node& node) {
    Type out = Type::of(Kind::Context, false);
    const std::size_t outer = locals_.size();
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      Type entry = of(*node.children[i]);
      if (of_a_name(*node.children[i]) != node.argument_names[i])
        warn_if_hidden(node, node.argument_names[i]);
      locals_.emplace_back(node.argument_names[i], entry);
      out.members.emplace_back(node.argument_names[i], std::make_shared<const Type>(std::move(entry)));
    }
    locals_.resize(outer);
    return out;
  }

  Type range(const Node& node) {
    Type out = Type::of(Kind::Range, false);
    Type end = of(*node.children[0]);
    if (node.children.size() == 2) end = merged(node, end, of(*node.children[1]));
    out.element = std::make_shared<const Type>(std::move(end));
    return out;
  }

  Type call(const Node& node) {
    const Node& callee = *node.children[0];
    std::vector<Type> arguments;
    for (std::size_t i = 1; i < node.children.size(); ++i) arguments.push_back(of(*node.children[i]));
    const bool is_builtin = callee.kind == NodeKind::Name && scope_.find(callee.text) == nullptr &&
                            find_builtin(callee.text) != nullptr &&
                            std::none_of(locals_.begin(), locals_.end(),
                                         [&](const auto& local) { return local.first == callee.text; });
    if (is_builtin) return builtin(node, callee.text, arguments);
    const Type function = of(callee);
    if (function.kind != Kind::Function) {
      if (function.kind && function.kind != Kind::Null)
        report("E-FEEL-204", callee,
               {"“" + std::string(source_.substr(callee.span.begin, callee.span.end - callee.span.begin)) +
                    "”不是函数。",
                "This is not a function."},
               {"没有键的参数直接写名称，不加括号。",
                "A parameter without keys is used by its name, without brackets."});
      return Type::any();
    }
    check_arguments(node, function, arguments);
    return function.result ? *function.result : Type::any();
  }

  void check_arguments(const Node& node, const Type& function, const std::vector<Type>& arguments) {
    if (function.parameters.empty()) return;
    const auto wanted = [&] {
      std::string out;
      for (const std::string& parameter : function.parameters) out += (out.empty() ? "" : "、") + parameter;
      return out;
    };
    for (const std::string& given : node.argument_names)
      if (std::find(function.parameters.begin(), function.parameters.end(), given) ==
          function.parameters.end()) {
        const std::string near = text::nearest(given, function.parameters);
        report("E-FEEL-205", node,
               {"没有叫“" + given + "”的键；这里的键是 " + wanted() + "。",
                "There is no key “" + given + "”; the keys are " + wanted() + "."},
               near.empty() ? Words{"改用上列的键。", "Use one of these keys."}
                            : Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"});
        return;
      }
    if (arguments.size() != function.parameters.size()) {
      report("E-FEEL-205", node,
             {"应给 " + std::to_string(function.parameters.size()) + " 个参数（" + wanted() + "），给了 " +
                  std::to_string(arguments.size()) + " 个。",
              "Expected " + std::to_string(function.parameters.size()) + " arguments (" + wanted() +
                  "), got " + std::to_string(arguments.size()) + "."},
             {"补齐或删去参数。", "Add or remove arguments."});
      return;
    }
    for (std::size_t i = 0; i < arguments.size() && i < function.parameter_types.size(); ++i) {
      std::size_t at = i;
      if (!node.argument_names.empty())
        at = static_cast<std::size_t>(
            std::find(function.parameters.begin(), function.parameters.end(), node.argument_names[i]) -
            function.parameters.begin());
      if (function.parameter_types[at])
        comparable(*node.children[i + 1], arguments[i], *function.parameter_types[at]);
    }
  }

  // The element type of one list argument, or of all arguments.
  Type element_of(const Node& node, const std::vector<Type>& arguments) {
    if (arguments.empty()) return Type::any();
    if (arguments.size() == 1) {
      if (arguments[0].kind == Kind::List) return arguments[0].element ? *arguments[0].element : Type::any();
      return arguments[0];
    }
    Type out = arguments[0];
    for (std::size_t i = 1; i < arguments.size(); ++i) out = merged(node, out, arguments[i]);
    return out;
  }

  Type builtin(const Node& node, const std::string& name, const std::vector<Type>& arguments) {
    const BuiltinType* known = find_builtin_type(name);
    if (known == nullptr) return Type::any();
    if (name == "modulo" && arguments.size() == 2) same_measure(node, arguments[0], arguments[1]);
    Type out;
    switch (known->gives) {
      case Gives::Any:
        return Type::any();
      case Gives::Kind:
        out = known->kind == Kind::Number ? Type::number({}) : Type::of(known->kind);
        break;
      case Gives::First:
        out = arguments.empty() ? Type::any() : arguments[0];
        out.bare_literal = !arguments.empty() && arguments[0].bare_literal;
        break;
      case Gives::Element:
        out = element_of(node, arguments);
        if (out.kind && out.kind != Kind::Number &&
            (name == "sum" || name == "mean" || name == "median" || name == "stddev"))
          report(
              "E-FEEL-202", node,
              {name + "() 要数的列表，这里是" + to_string(out) + "。", name + "() takes a list of numbers."},
              {"检查字段的类型。", "Check the type of the field."});
        break;
      case Gives::ElementList:
        out = Type::list_of(element_of(node, arguments));
        break;
    }
    out.nullable =
        known->can_be_null == CanBeNull::ByItself ||
        (known->can_be_null == CanBeNull::WithAnArgument &&
         std::any_of(arguments.begin(), arguments.end(), [](const Type& each) { return each.nullable; }));
    return out;
  }

  std::string_view source_;
  const TypeScope& scope_;
  const Origin& origin_;
  std::vector<std::pair<std::string, Type>> locals_;
  std::vector<std::string> known_;  // names and paths that have a value here
  Type input_ = Type::any();
  diagnostic::Diagnostics diagnostics_;
};

}  // namespace

Inferred infer(const Node& tree, std::string_view source, const TypeScope& scope, const Origin& origin) {
  Inference inference(source, scope, origin);
  Type type = inference.of(tree);
  return {std::move(type), inference.take()};
}

Inferred infer_tests(const Node& tree, std::string_view source, const Type& input, const TypeScope& scope,
                     const Origin& origin) {
  Inference inference(source, scope, origin);
  inference.tests(tree, input);
  return {Type::of(Kind::Boolean), inference.take()};
}

}  // namespace tenglong::feel
