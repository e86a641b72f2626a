#include "engine/pack/inside/expression_checks.h"

#include <algorithm>

#include "engine/feel/table_analysis.h"

namespace tenglong::pack {
namespace {

using feel::is_same_tree;
using feel::Node;
using feel::NodeKind;
using feel::NodePtr;

std::string text_of(const Expression& expression, const Node& node) {
  return expression.text.substr(node.span.begin, node.span.end - node.span.begin);
}

bool is_number(const Node& node) {
  return node.kind == NodeKind::Literal && node.value.kind() == feel::Kind::Number;
}
bool is_null(const Node& node) { return node.kind == NodeKind::Literal && node.value.is_null(); }

bool is_call_of(const Node& node, std::initializer_list<std::string_view> names) {
  return node.kind == NodeKind::Call && !node.children.empty() && node.children[0]->kind == NodeKind::Name &&
         std::find(names.begin(), names.end(), node.children[0]->text) != names.end();
}

// Dividing by 2, 5, 100 ... leaves a finite decimal.
bool divides_exactly(const Node& divisor) {
  if (!is_number(divisor) || divisor.value.number().is_zero()) return false;
  auto parts = divisor.value.number().parts();
  __extension__ __int128 rest = parts.coefficient < 0 ? -parts.coefficient : parts.coefficient;
  for (const int prime : {2, 5})
    while (rest % prime == 0) rest /= prime;
  return rest == 1;
}

// The fields in scope of an indicator, for their minimum.
const schema::Field* field_of(const Pack& pack, const std::string& of, const Node& node) {
  const schema::Register* one = pack.schema.find(of);
  if (one == nullptr) return nullptr;
  if (node.kind == NodeKind::Name) return one->find_by_name(node.text);
  if (node.kind == NodeKind::Path && node.children[0]->kind == NodeKind::Name) {
    const schema::Register* parent = one->of.empty() ? nullptr : pack.schema.find(one->of);
    if (parent != nullptr && parent->name == node.children[0]->text) return parent->find_by_name(node.text);
  }
  return nullptr;
}

bool never_zero(const Pack& pack, const std::string& of, const Node& node) {
  const quantity::Decimal zero;
  if (is_number(node)) return node.value.number() != zero;
  if (const schema::Field* field = field_of(pack, of, node)) return field->minimum && *field->minimum > zero;
  if (node.kind == NodeKind::Name) {
    if (const Parameter* parameter = pack.parameter(node.text);
        parameter != nullptr && parameter->keys.empty())
      return std::all_of(parameter->rows.begin(), parameter->rows.end(), [&](const ParameterRow& row) {
        return !row.value || (row.value->kind() == feel::Kind::Number && row.value->number() != zero);
      });
    // One value over a population: a sum that is zero leaves it without a value, and so this one.
    const Indicator* indicator = pack.indicator(node.text);
    return indicator != nullptr && !indicator->over.empty();
  }
  if (node.kind == NodeKind::Arithmetic && (node.text == "*" || node.text == "/" || node.text == "**"))
    return never_zero(pack, of, *node.children[0]) && never_zero(pack, of, *node.children[1]);
  if (node.kind == NodeKind::Negate) return never_zero(pack, of, *node.children[0]);
  if (is_call_of(node, {"sum", "mean", "count", "min", "max"})) return false;
  if (node.kind == NodeKind::Call && node.children[0]->kind == NodeKind::Name) {
    const Parameter* parameter = pack.parameter(node.children[0]->text);
    return parameter != nullptr &&
           std::all_of(parameter->rows.begin(), parameter->rows.end(), [&](const ParameterRow& row) {
             return !row.value || (row.value->kind() == feel::Kind::Number && row.value->number() != zero);
           });
  }
  return false;
}

// True if `condition` being not true leaves `divisor` other than zero: one of its or-branches is “divisor =
// 0” or “<= n”.
bool excludes_zero(const Node& condition, const Node& divisor) {
  if (condition.kind == NodeKind::Or)
    return excludes_zero(*condition.children[0], divisor) || excludes_zero(*condition.children[1], divisor);
  if (condition.kind != NodeKind::Comparison) return false;
  const Node& left = *condition.children[0];
  const Node& right = *condition.children[1];
  const quantity::Decimal zero;
  auto covers_zero = [&](const std::string& sign, const quantity::Decimal& end) {
    if (sign == "=") return end == zero;
    if (sign == "<=") return end >= zero;
    if (sign == "<") return end > zero;
    if (sign == ">=") return end <= zero;
    if (sign == ">") return end < zero;
    return false;
  };
  if (is_number(right) && is_same_tree(left, divisor))
    return covers_zero(condition.text, right.value.number());
  if (is_number(left) && is_same_tree(right, divisor)) {
    std::string turned = condition.text;
    if (turned[0] == '<')
      turned[0] = '>';
    else if (turned[0] == '>')
      turned[0] = '<';
    return covers_zero(turned, left.value.number());
  }
  return false;
}

// The divisors of a tree that no `if` around them keeps from zero.
void open_divisors(const Node& node, std::vector<const Node*>& conditions, std::vector<const Node*>& out) {
  if (node.kind == NodeKind::If) {
    open_divisors(*node.children[0], conditions, out);
    open_divisors(*node.children[1], conditions, out);
    conditions.push_back(node.children[0].get());
    open_divisors(*node.children[2], conditions, out);
    conditions.pop_back();
    return;
  }
  if (node.kind == NodeKind::Arithmetic && node.text == "/") {
    const Node& divisor = *node.children[1];
    if (std::none_of(conditions.begin(), conditions.end(),
                     [&](const Node* one) { return excludes_zero(*one, divisor); }))
      out.push_back(&divisor);
  }
  for (const NodePtr& child : node.children) open_divisors(*child, conditions, out);
}

}  // namespace

void walk(const Node& tree, const std::function<void(const Node&)>& visit) {
  visit(tree);
  for (const NodePtr& child : tree.children)
    if (child) walk(*child, visit);
}

bool is_raw_quotient(const Node& node) {
  switch (node.kind) {
    case NodeKind::Arithmetic:
      if (node.text == "/" && !divides_exactly(*node.children[1]) &&
          !(is_number(*node.children[0]) && is_number(*node.children[1])))
        return true;
      return is_raw_quotient(*node.children[0]) || is_raw_quotient(*node.children[1]);
    case NodeKind::Negate:
      return is_raw_quotient(*node.children[0]);
    case NodeKind::If:
      return is_raw_quotient(*node.children[1]) || is_raw_quotient(*node.children[2]);
    case NodeKind::Call:
      if (is_call_of(node, {"mean", "median", "stddev", "sqrt", "log", "exp"})) return true;
      if (is_call_of(node, {"abs", "min", "max", "sum", "product"}))
        return std::any_of(node.children.begin() + 1, node.children.end(),
                           [](const NodePtr& child) { return is_raw_quotient(*child); });
      return false;
    default:
      return false;
  }
}

void check_raw_quotients(Draft& draft, const Expression& expression) {
  if (!expression.present()) return;
  walk(*expression.tree, [&](const Node& node) {
    std::vector<const Node*> sides;
    if (node.kind == NodeKind::Comparison || node.kind == NodeKind::Between)
      for (const NodePtr& child : node.children) sides.push_back(child.get());
    if (node.kind == NodeKind::In) sides.push_back(node.children[0].get());
    if (std::any_of(sides.begin(), sides.end(), [](const Node* side) { return is_null(*side); })) return;
    for (const Node* side : sides) {
      if (!is_raw_quotient(*side)) continue;
      const std::string text = text_of(expression, *side);
      draft.findings.add("W-PACK-209", feel::place_of(expression.origin, expression.text, side->span),
                         {"这里拿没有舍入的商“" + text + "”作比较，正好在线上的企业可能判错。",
                          "An unrounded quotient (" + text +
                              ") is compared here; a firm exactly on the line may fall on the wrong side."},
                         {"先把它写成指标，再比较指标；指标按包的 rounding 舍入。",
                          "Make it an indicator and compare that: indicators are rounded as the pack says."});
    }
  });
}

void check_divisors(Draft& draft, const Indicator& indicator) {
  if (indicator.of.empty() || !indicator.related.empty() || !indicator.formula.present()) return;
  std::vector<const Node*> conditions, divisors;
  if (indicator.not_applicable_if.present()) conditions.push_back(indicator.not_applicable_if.tree.get());
  open_divisors(*indicator.formula.tree, conditions, divisors);
  for (const Node* divisor : divisors) {
    if (never_zero(draft.pack, indicator.of, *divisor)) continue;
    const std::string text = text_of(indicator.formula, *divisor);
    draft.findings.add("E-PACK-203",
                       feel::place_of(indicator.formula.origin, indicator.formula.text, divisor->span),
                       {"除数“" + text + "”可以为 0，条文没有写为 0 时怎么办。",
                        "The divisor \"" + text + "\" can be 0, and nothing says what holds then."},
                       {"补写 not_applicable_if: " + text + " = 0，或在 questions 立一问。",
                        "Add not_applicable_if: " + text + " = 0, or ask a question in questions.md."});
  }
}

void check_bare_numbers(Draft& draft, const Indicator& indicator) {
  if (!indicator.source.empty()) return;
  for (const Expression* expression : {&indicator.formula, &indicator.where, &indicator.not_applicable_if}) {
    if (!expression->present()) continue;
    walk(*expression->tree, [&](const Node& node) {
      if (!is_number(node)) return;
      const quantity::Decimal number = node.value.number();
      for (const int plain : {0, 1, 2, 100})  // signs, halves and percents carry no policy
        if (number == quantity::Decimal(plain)) return;
      draft.findings.add("E-PACK-207", feel::place_of(expression->origin, expression->text, node.span),
                         {"公式里的数 " + number.to_string() + " 没有出处。",
                          "The number " + number.to_string() + " in the formula has no source."},
                         {"给指标补写 source:，或把这个数写成参数。",
                          "Add source: to the indicator, or make the number a parameter."});
    });
  }
}

void check_parameter_keys(Draft& draft, const Expression& expression) {
  if (!expression.present()) return;
  walk(*expression.tree, [&](const Node& node) {
    if (node.kind != NodeKind::Call || node.children.empty() || node.children[0]->kind != NodeKind::Name)
      return;
    const Parameter* parameter = draft.pack.parameter(node.children[0]->text);
    if (parameter == nullptr || parameter->name != node.children[0]->text) return;
    for (std::size_t i = 1; i < node.children.size(); ++i) {
      const Node& argument = *node.children[i];
      std::size_t key = i - 1;
      if (!node.argument_names.empty()) {
        const auto named =
            std::find(parameter->keys.begin(), parameter->keys.end(), node.argument_names[i - 1]);
        key = static_cast<std::size_t>(named - parameter->keys.begin());
      }
      if (argument.kind != NodeKind::Literal || key >= parameter->keys.size()) continue;
      std::vector<std::string> known;
      bool found = false;
      for (const ParameterRow& row : parameter->rows) {
        if (row.keys.size() <= key) continue;
        found = found || feel::equal(row.keys[key], argument.value).value_or(false);
        const std::string text = row.keys[key].to_text();
        if (std::find(known.begin(), known.end(), text) == known.end()) known.push_back(text);
      }
      if (found || parameter->rows.empty()) continue;
      draft.findings.add("E-PACK-222", feel::place_of(expression.origin, expression.text, argument.span),
                         {"参数“" + parameter->name + "”没有一行的" + parameter->keys[key] + "是 " +
                              argument.value.to_feel() + "。",
                          "No row of the parameter \"" + parameter->name + "\" has " + parameter->keys[key] +
                              " " + argument.value.to_feel() + "."},
                         near_or_list(argument.value.to_text(), known));
    }
  });
}

}  // namespace tenglong::pack
