// What has no operator of its own but needs only a few values of the record: evaluated by FEEL on those
// values.
#include <algorithm>

#include "engine/plan/inside/lowering.h"

namespace tenglong::plan {
namespace {

using feel::NodeKind;
using feel::NodePtr;

// The shape that an expression of this kind has wherever it has a value; Null if its kind does not say.
Shape shape_by_kind(const feel::Node& tree) {
  switch (tree.kind) {
    case NodeKind::Comparison:
    case NodeKind::Between:
    case NodeKind::In:
    case NodeKind::And:
    case NodeKind::Or:
    case NodeKind::InstanceOf:
      return Shape::Boolean;
    case NodeKind::Path: {
      static const char* const kNumbers[] = {"year", "month", "day", "weekday", "years", "months", "days"};
      return std::any_of(std::begin(kNumbers), std::end(kNumbers),
                         [&](const char* member) { return tree.text == member; })
                 ? Shape::Number
                 : Shape::Null;
    }
    case NodeKind::Call: {
      static const std::pair<const char*, Shape> kResults[] = {
          {"modulo", Shape::Number},        {"sqrt", Shape::Number},        {"log", Shape::Number},
          {"exp", Shape::Number},           {"number", Shape::Number},      {"string length", Shape::Number},
          {"day of year", Shape::Number},   {"string", Shape::Text},        {"substring", Shape::Text},
          {"upper case", Shape::Text},      {"lower case", Shape::Text},    {"substring before", Shape::Text},
          {"substring after", Shape::Text}, {"replace", Shape::Text},       {"string join", Shape::Text},
          {"day of week", Shape::Text},     {"month of year", Shape::Text}, {"contains", Shape::Boolean},
          {"starts with", Shape::Boolean},  {"ends with", Shape::Boolean},  {"matches", Shape::Boolean},
          {"odd", Shape::Boolean},          {"even", Shape::Boolean},       {"date", Shape::Date},
          {"list contains", Shape::Boolean}};
      for (const auto& [name, shape] : kResults)
        if (tree.children[0]->kind == NodeKind::Name && tree.children[0]->text == name) return shape;
      return Shape::Null;
    }
    default:
      return Shape::Null;
  }
}

// Kinds that bind no names, so that their parts may be worked out beforehand.
bool may_stand_in_a_call(NodeKind kind) {
  switch (kind) {
    case NodeKind::Literal:
    case NodeKind::Path:
    case NodeKind::Call:
    case NodeKind::Negate:
    case NodeKind::Arithmetic:
    case NodeKind::Comparison:
    case NodeKind::And:
    case NodeKind::Or:
    case NodeKind::Between:
    case NodeKind::In:
    case NodeKind::If:
    case NodeKind::InstanceOf:
    case NodeKind::ListLiteral:
    case NodeKind::RangeLiteral:
    case NodeKind::TestAny:
    case NodeKind::TestCompare:
    case NodeKind::TestNot:
    case NodeKind::TestExpression:
    case NodeKind::TestList:
      return true;
    default:
      return false;
  }
}

constexpr std::size_t kMostInputs = 6;

}  // namespace

std::string call_input(std::size_t index) { return "值" + std::to_string(index + 1); }

// `tree` with its largest parts that are nodes replaced by names.
NodePtr Lowering::with_inputs(const NodePtr& tree, const Stand& stand, std::vector<NodeId>& inputs,
                              bool is_root) {
  if (tree->kind == NodeKind::Literal) return tree;
  // A function's own name is no value; a root that could be a node would not be here.
  if (!is_root) {
    try {
      const NodeId input = plain(*tree, stand);
      auto leaf = std::make_shared<feel::Node>();
      leaf->span = tree->span;
      if (at(input).op == Op::Constant) {
        leaf->value = at(input).constant;
        return leaf;
      }
      if (at(input).shape == Shape::Null) throw CannotLower{"没有列形式的值"};
      auto known = std::find(inputs.begin(), inputs.end(), input);
      if (known == inputs.end()) known = inputs.insert(inputs.end(), input);
      if (inputs.size() > kMostInputs) throw TooManyInputs{};
      leaf->kind = NodeKind::Name;
      leaf->text = call_input(static_cast<std::size_t>(known - inputs.begin()));
      return leaf;
    } catch (const CannotLower&) {  // looked into below
    }
  }
  if (!may_stand_in_a_call(tree->kind) || tree->mentions) throw TooManyInputs{};
  auto copy = std::make_shared<feel::Node>(*tree);
  for (std::size_t i = tree->kind == NodeKind::Call ? 1 : 0; i < copy->children.size(); ++i)
    copy->children[i] = with_inputs(copy->children[i], stand, inputs, false);
  if (tree->kind == NodeKind::Call &&
      (tree->children[0]->kind != NodeKind::Name || !is_builtin(tree->children[0]->text)))
    throw TooManyInputs{};
  return copy;
}

std::optional<NodeId> Lowering::as_call(const feel::Node& tree, const Stand& stand) {
  Shape shape = shape_by_kind(tree);
  const bool is_arithmetic = tree.kind == NodeKind::Arithmetic;
  if (shape == Shape::Null && !is_arithmetic) return std::nullopt;
  if (calls_open_ >= 4) return std::nullopt;  // a part of a part of a call that was already tried
  ++calls_open_;
  std::vector<NodeId> inputs;
  NodePtr function;
  try {
    function = with_inputs(std::make_shared<feel::Node>(tree), stand, inputs, true);
  } catch (const TooManyInputs&) {
  } catch (const CannotLower&) {
  }
  --calls_open_;
  if (function == nullptr || inputs.empty()) return std::nullopt;
  if (is_arithmetic) {
    // Of numbers a number, of texts a text; dates and durations are left to what is around them.
    const auto all = [&](Shape wanted) {
      return std::all_of(function->children.begin(), function->children.end(), [&](const NodePtr& child) {
        if (child->kind == NodeKind::Literal)
          return child->value.kind() == (wanted == Shape::Number ? feel::Kind::Number : feel::Kind::String);
        for (std::size_t i = 0; i < inputs.size(); ++i)
          if (child->kind == NodeKind::Name && child->text == call_input(i))
            return at(inputs[i]).shape == wanted;
        return false;
      });
    };
    shape = all(Shape::Number)                     ? Shape::Number
            : tree.text == "+" && all(Shape::Text) ? Shape::Text
                                                   : Shape::Null;
    if (shape == Shape::Null) return std::nullopt;
  }
  std::string text = feel::render_tree(*function);
  std::replace(text.begin(), text.end(), '\n', ' ');
  text.erase(std::unique(text.begin(), text.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
             text.end());
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return add({.op = Op::Call,
              .shape = shape,
              .inputs = std::move(inputs),
              .function = std::move(function),
              .function_text = "[" + text + "]"});
}

}  // namespace tenglong::plan
