#include <algorithm>

#include "engine/feel/evaluate.h"
#include "engine/plan/apply.h"
#include "engine/plan/inside/lowering.h"
#include "engine/text/ensure.h"

namespace tenglong::plan {
namespace {

using feel::NodeKind;
using feel::Value;

Shape shape_of_value(const Value& value) {
  switch (value.kind()) {
    case feel::Kind::Number:
      return Shape::Number;
    case feel::Kind::Boolean:
      return Shape::Boolean;
    case feel::Kind::String:
      return Shape::Text;
    case feel::Kind::Date:
      return Shape::Date;
    default:
      return Shape::Null;
  }
}

bool is_builtin_call(const feel::Node& tree) {
  return tree.children[0]->kind == NodeKind::Name && is_builtin(tree.children[0]->text);
}

// Nothing in it depends on a record: literals, and built-in functions of literals.
bool is_closed(const feel::Node& tree) {
  switch (tree.kind) {
    case NodeKind::Name:
    case NodeKind::Wildcard:
    case NodeKind::For:
    case NodeKind::Some:
    case NodeKind::Every:
    case NodeKind::Filter:
    case NodeKind::FunctionLiteral:
    case NodeKind::ContextLiteral:
      return false;
    case NodeKind::Call:
      if (!is_builtin_call(tree)) return false;
      return std::all_of(tree.children.begin() + 1, tree.children.end(),
                         [](const feel::NodePtr& child) { return is_closed(*child); });
    default:
      return std::all_of(tree.children.begin(), tree.children.end(),
                         [](const feel::NodePtr& child) { return is_closed(*child); });
  }
}

}  // namespace

bool is_builtin(const std::string& name) {
  const auto& all = feel::builtins();
  return std::any_of(all.begin(), all.end(),
                     [&](const feel::BuiltinSignature& each) { return each.name == name; });
}

Shape shape_of(const schema::Field& field) {
  switch (field.type) {
    case schema::FieldType::Number:
    case schema::FieldType::Money:
      return Shape::Number;
    case schema::FieldType::Boolean:
      return Shape::Boolean;
    case schema::FieldType::Date:
      return Shape::Date;
    default:
      return Shape::Text;
  }
}

Shape shape_of(const feel::Type& type) {
  if (!type.kind) return Shape::Null;
  switch (*type.kind) {
    case feel::Kind::Number:
      return Shape::Number;
    case feel::Kind::Boolean:
      return Shape::Boolean;
    case feel::Kind::String:
      return Shape::Text;
    case feel::Kind::Date:
      return Shape::Date;
    default:
      return Shape::Null;
  }
}

bool is_condition(const pack::Indicator& indicator) { return indicator.type.kind == feel::Kind::Boolean; }

Lowering::Lowering(const pack::Pack& pack, const calendar::Period& period)
    : pack_(pack), period_(period), names_(pack) {}

Stand Lowering::stand_on(int register_index, Numbers numbers) const {
  return {.register_index = register_index, .period = period_, .numbers = numbers};
}

NodeId Lowering::add(Node node) {
  if (is_pure(node.op) && node.op != Op::Constant &&
      std::all_of(node.inputs.begin(), node.inputs.end(),
                  [&](NodeId each) { return at(each).op == Op::Constant; })) {
    std::vector<Value> inputs;
    for (const NodeId each : node.inputs) inputs.push_back(at(each).constant);
    Value value = apply_exactly(node, inputs);
    const Shape shape = node.shape;
    return constant(std::move(value), shape);
  }
  if (node.op == Op::If && at(node.inputs[0]).op == Op::Constant)
    return at(node.inputs[0]).constant.is_true() ? node.inputs[1] : node.inputs[2];
  const std::string key = describe(node, pack_);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  nodes_.push_back(std::move(node));
  const auto id = static_cast<NodeId>(nodes_.size() - 1);
  known_.emplace(key, id);
  return id;
}

NodeId Lowering::make(Op op, Shape shape, std::vector<NodeId> inputs) {
  return add({.op = op, .shape = shape, .inputs = std::move(inputs)});
}

NodeId Lowering::constant(Value value, Shape shape) {
  return add({.op = Op::Constant, .shape = shape, .constant = std::move(value)});
}

NodeId Lowering::as(Shape shape, NodeId node) {
  if (at(node).shape == shape) return node;
  if (at(node).op == Op::Constant && at(node).constant.is_null()) return constant({}, shape);
  throw CannotLower{"类型不一致"};
}

NodeId Lowering::rounded(NodeId node, const quantity::Rounding& rounding) {
  return add({.op = Op::Round, .shape = Shape::Number, .inputs = {node}, .rounding = rounding});
}

NodeId Lowering::all_of(const std::vector<NodeId>& nodes) {
  if (nodes.empty()) return constant(Value(true), Shape::Boolean);
  NodeId all = nodes[0];
  for (std::size_t i = 1; i < nodes.size(); ++i) all = make(Op::And, Shape::Boolean, {all, nodes[i]});
  return all;
}

NodeId Lowering::interpret(Interpreted what, Shape shape, const Stand& stand) {
  if (!stand.hops.empty() || stand.given != nullptr || stand.tested != kNone || shape == Shape::Null)
    throw CannotLower{what.why};
  return add({.op = Op::Interpret,
              .shape = shape,
              .register_index = stand.register_index,
              .interpreted = std::move(what)});
}

NodeId Lowering::block(const pack::Expression& expression_at, Shape shape, const Stand& stand) {
  ensure(expression_at.present(), "only expressions that are there are lowered");
  try {
    return as(shape, expression(*expression_at.tree, stand));
  } catch (const CannotLower& reason) {
    return interpret(
        {.expression = &expression_at, .rounded = stand.numbers == Numbers::Rounded, .why = reason.why},
        shape, stand);
  }
}

NodeId Lowering::reached(const std::vector<Hop>& hops, int register_index, NodeId value) {
  if (hops.empty() || at(value).op == Op::Field) return value;
  const NodeId exists =
      add({.op = Op::RowExists, .shape = Shape::Boolean, .hops = hops, .register_index = register_index});
  return make(Op::If, at(value).shape, {exists, value, constant({}, at(value).shape)});
}

NodeId Lowering::indicator(const pack::Indicator& each, const Stand& stand) {
  Stand inner = stand;
  inner.given = nullptr;
  inner.given_lists = nullptr;
  inner.tested = kNone;
  const Shape shape = shape_of(each.type);
  NodeId value = kNone;
  try {
    if (shape == Shape::Null) throw CannotLower{"指标“" + each.name + "”的类型没有列形式"};
    inner.numbers = is_condition(each) ? Numbers::Rounded : Numbers::Unrounded;
    if (each.stands_among()) {
      value = standing(each, inner);
      return stand.numbers == Numbers::Rounded ? rounded(value, each.rounding.value_or(pack_.head.rounding))
                                               : value;
    }
    value = as(shape, each.related.empty() ? expression(*each.formula.tree, inner) : related(each, inner));
    if (shape == Shape::Number && !(each.to_unit.factor == quantity::Rational{}))
      value = add({.op = Op::Convert, .shape = Shape::Number, .inputs = {value}, .conversion = each.to_unit});
    if (each.not_applicable_if.present()) {
      inner.numbers = Numbers::Rounded;
      const NodeId excluded = as(Shape::Boolean, expression(*each.not_applicable_if.tree, inner));
      const NodeId applies = make(Op::Not, Shape::Boolean, {excluded});
      value = make(Op::If, shape, {applies, value, constant({}, shape)});
    }
  } catch (const CannotLower& reason) {
    value = interpret({.indicator = &each, .why = reason.why}, shape, inner);
  }
  if (shape == Shape::Number && stand.numbers == Numbers::Rounded)
    value = rounded(value, each.rounding.value_or(pack_.head.rounding));
  return value;
}

NodeId Lowering::named(const std::string& name, const Stand& stand) {
  if (stand.given != nullptr)
    if (const auto given = stand.given->find(name); given != stand.given->end()) return given->second;
  const Slot* slot = names_.find(stand.register_index, name);
  if (slot == nullptr) throw CannotLower{"名称“" + name + "”不在范围内"};
  const auto index = static_cast<std::size_t>(slot->index);
  switch (slot->kind) {
    case Slot::Kind::Field: {
      const schema::Field& field =
          pack_.schema.registers[static_cast<std::size_t>(stand.register_index)].fields[index];
      if (field.type == schema::FieldType::References) throw CannotLower{"字段“" + name + "”是列表"};
      return add({.op = Op::Field,
                  .shape = shape_of(field),
                  .hops = stand.hops,
                  .register_index = stand.register_index,
                  .field = slot->index});
    }
    case Slot::Kind::Indicator:
      return indicator(pack_.indicators[index], stand);
    case Slot::Kind::Population: {
      const pack::Indicator& population = pack_.indicators[index];
      const Shape shape = shape_of(population.type);
      if (shape == Shape::Null) throw CannotLower{"指标“" + name + "”的类型没有列形式"};
      return add({.op = Op::Population,
                  .shape = shape,
                  .population = &population,
                  .period = stand.period,
                  .rounded = stand.numbers == Numbers::Rounded});
    }
    case Slot::Kind::Parameter: {
      const pack::Parameter& parameter = pack_.parameters[index];
      if (!parameter.keys.empty()) throw CannotLower{"参数“" + name + "”要带键使用"};
      return add({.op = Op::Lookup,
                  .shape = shape_of(parameter.type),
                  .parameter = &parameter,
                  .on = stand.period.to});
    }
    case Slot::Kind::Decision:
      return decision(pack_.decisions[index], stand);
    case Slot::Kind::Year:
      return constant(Value(stand.period.year_of_start()), Shape::Number);
    case Slot::Kind::Parent:
    case Slot::Kind::Previous:
      throw CannotLower{"“" + name + "”整体使用"};
  }
  throw CannotLower{name};
}

NodeId Lowering::path(const feel::Node& tree, const Stand& stand) {
  std::vector<std::string> parts;
  const feel::Node* each = &tree;
  for (; each->kind == NodeKind::Path; each = each->children[0].get()) parts.push_back(each->text);
  if (each->kind != NodeKind::Name) throw CannotLower{"路径不从名称开始"};
  parts.push_back(each->text);
  std::reverse(parts.begin(), parts.end());
  if (stand.given != nullptr && stand.given->count(parts[0]) != 0) throw CannotLower{"路径从给定值开始"};
  Stand at_end = stand;
  at_end.given = nullptr;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const Slot* slot = names_.find(at_end.register_index, parts[i]);
    if (slot != nullptr && slot->kind == Slot::Kind::Parent) {
      const schema::Register& own = pack_.schema.registers[static_cast<std::size_t>(at_end.register_index)];
      at_end.register_index = names_.register_index(own.of);
      if (pack_.schema.registers[static_cast<std::size_t>(at_end.register_index)].period !=
          schema::PeriodKey::None)
        throw CannotLower{"上级记录有自己的期间"};
      at_end.hops.push_back(Hop::Parent);
      at_end.period = period_;
    } else if (slot != nullptr && slot->kind == Slot::Kind::Previous) {
      const Slot* member = i + 2 == parts.size() ? names_.find(at_end.register_index, parts[i + 1]) : nullptr;
      at_end.period = at_end.period.previous();
      if (member != nullptr &&
          member->kind == Slot::Kind::Population)  // one value: no earlier record is needed
        return named(parts[i + 1], at_end);
      at_end.hops.push_back(Hop::Previous);
    } else {
      throw CannotLower{"“" + parts[i] + "”的成员"};
    }
  }
  return reached(at_end.hops, at_end.register_index, named(parts.back(), at_end));
}

NodeId Lowering::arithmetic(const feel::Node& tree, const Stand& stand) {
  const NodeId left = as(Shape::Number, expression(*tree.children[0], stand));
  const NodeId right = as(Shape::Number, expression(*tree.children[1], stand));
  const Op op = tree.text == "+"   ? Op::Add
                : tree.text == "-" ? Op::Subtract
                : tree.text == "*" ? Op::Multiply
                : tree.text == "/" ? Op::Divide
                                   : throw CannotLower{"运算 " + tree.text};
  return make(op, Shape::Number, {left, right});
}

NodeId Lowering::comparison(const std::string& word, NodeId left, NodeId right) {
  const auto is_null = [&](NodeId id) { return at(id).op == Op::Constant && at(id).constant.is_null(); };
  if (word == "=" || word == "!=") {
    NodeId same = kNone;
    if (is_null(right)) {
      same = make(Op::IsNull, Shape::Boolean, {left});
    } else if (is_null(left)) {
      same = make(Op::IsNull, Shape::Boolean, {right});
    } else {
      if (at(left).shape != at(right).shape) throw CannotLower{"比较两种类型"};
      same = make(Op::Equal, Shape::Boolean, {left, right});
    }
    return word == "=" ? same : make(Op::Not, Shape::Boolean, {same});
  }
  if (at(left).shape != at(right).shape || (at(left).shape != Shape::Number && at(left).shape != Shape::Date))
    throw CannotLower{"这两种值不比大小"};
  Node node{.op = Op::Compare, .shape = Shape::Boolean, .inputs = {left, right}};
  node.comparator = word == "<"    ? Comparator::Less
                    : word == "<=" ? Comparator::AtMost
                    : word == ">"  ? Comparator::Greater
                    : word == ">=" ? Comparator::AtLeast
                                   : throw CannotLower{"比较 " + word};
  return add(std::move(node));
}

NodeId Lowering::parameter_call(const pack::Parameter& parameter, const feel::Node& tree,
                                const Stand& stand) {
  std::vector<NodeId> keys(parameter.keys.size(), kNone);
  if (tree.children.size() - 1 != keys.size()) throw CannotLower{"参数“" + parameter.name + "”的键不全"};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::size_t position = i;
    if (!tree.argument_names.empty()) {
      const auto key = std::find(parameter.keys.begin(), parameter.keys.end(), tree.argument_names[i]);
      if (key == parameter.keys.end())
        throw CannotLower{"参数“" + parameter.name + "”没有键 " + tree.argument_names[i]};
      position = static_cast<std::size_t>(key - parameter.keys.begin());
    }
    keys[position] = expression(*tree.children[i + 1], stand);
  }
  if (std::find(keys.begin(), keys.end(), kNone) != keys.end())
    throw CannotLower{"参数“" + parameter.name + "”的键不全"};
  return add({.op = Op::Lookup,
              .shape = shape_of(parameter.type),
              .inputs = std::move(keys),
              .parameter = &parameter,
              .on = stand.period.to});
}

NodeId Lowering::call(const feel::Node& tree, const Stand& stand) {
  if (tree.children[0]->kind != NodeKind::Name) throw CannotLower{"函数不是名称"};
  const std::string& name = tree.children[0]->text;
  const Slot* slot = names_.find(stand.register_index, name);
  if (slot != nullptr && slot->kind == Slot::Kind::Parameter)
    return parameter_call(pack_.parameters[static_cast<std::size_t>(slot->index)], tree, stand);
  if (slot != nullptr || (stand.given != nullptr && stand.given->count(name) != 0))
    throw CannotLower{"调用“" + name + "”"};
  if (!tree.argument_names.empty()) throw CannotLower{"按名调用 " + name};

  if (name == "not" && tree.children.size() == 2)
    return make(Op::Not, Shape::Boolean, {as(Shape::Boolean, expression(*tree.children[1], stand))});
  if (name == "abs" && tree.children.size() == 2)
    return make(Op::Absolute, Shape::Number, {as(Shape::Number, expression(*tree.children[1], stand))});

  if (name == "sum" || name == "min" || name == "max") {
    std::vector<NodeId> terms;
    const bool one_list = tree.children.size() == 2;
    const feel::Node& first = *tree.children.at(1);
    if (one_list && first.kind == NodeKind::Name && stand.given_lists != nullptr &&
        stand.given_lists->count(first.text)) {
      terms = stand.given_lists->find(first.text)->second;
    } else if (one_list && first.kind == NodeKind::ListLiteral) {
      for (const feel::NodePtr& child : first.children)
        terms.push_back(as(Shape::Number, expression(*child, stand)));
    } else if (!one_list) {
      for (std::size_t i = 1; i < tree.children.size(); ++i)
        terms.push_back(as(Shape::Number, expression(*tree.children[i], stand)));
    }
    if (terms.empty()) throw CannotLower{name + " 的列表"};
    const Op op = name == "sum" ? Op::Add : name == "min" ? Op::Minimum : Op::Maximum;
    NodeId result = terms[0];
    for (std::size_t i = 1; i < terms.size(); ++i) result = make(op, Shape::Number, {result, terms[i]});
    return result;
  }

  static const std::pair<const char*, quantity::RoundingMode> kRoundings[] = {
      {"decimal", quantity::RoundingMode::HalfEven},
      {"round half up", quantity::RoundingMode::HalfUp},
      {"round half down", quantity::RoundingMode::HalfDown},
      {"round up", quantity::RoundingMode::Up},
      {"round down", quantity::RoundingMode::Down},
      {"floor", quantity::RoundingMode::Floor},
      {"ceiling", quantity::RoundingMode::Ceiling},
  };
  for (const auto& [word, mode] : kRoundings) {
    if (name != word || tree.children.size() > 3 || tree.children.size() < 2) continue;
    int places = 0;
    if (tree.children.size() == 3) {
      const NodeId scale = expression(*tree.children[2], stand);
      const auto whole = at(scale).op == Op::Constant && at(scale).constant.kind() == feel::Kind::Number
                             ? at(scale).constant.number().to_integer()
                             : std::nullopt;
      if (!whole || *whole < -15 || *whole > 15) throw CannotLower{name + " 的位数"};
      places = static_cast<int>(*whole);
    } else if (mode != quantity::RoundingMode::Floor && mode != quantity::RoundingMode::Ceiling) {
      throw CannotLower{name + " 的位数"};
    }
    return rounded(as(Shape::Number, expression(*tree.children[1], stand)), {.places = places, .mode = mode});
  }
  return builtin_call(tree, stand);
}

// A built-in function of constants is a constant; of one text, a function of its dictionary.
NodeId Lowering::builtin_call(const feel::Node& tree, const Stand& stand) {
  static const std::pair<const char*, Shape> kTextFunctions[] = {
      {"substring", Shape::Text},        {"upper case", Shape::Text},      {"lower case", Shape::Text},
      {"substring before", Shape::Text}, {"substring after", Shape::Text}, {"replace", Shape::Text},
      {"string length", Shape::Number},  {"number", Shape::Number},        {"contains", Shape::Boolean},
      {"starts with", Shape::Boolean},   {"ends with", Shape::Boolean},    {"matches", Shape::Boolean},
  };
  const std::string& name = tree.children[0]->text;
  if (!is_builtin(name)) throw CannotLower{"函数 " + name};
  auto call = std::make_shared<feel::Node>(tree);
  NodeId varying = kNone;
  std::string text = name + "(";
  for (std::size_t i = 1; i < tree.children.size(); ++i) {
    const NodeId argument = expression(*tree.children[i], stand);
    auto leaf = std::make_shared<feel::Node>();
    leaf->span = tree.children[i]->span;
    if (at(argument).op == Op::Constant) {
      leaf->kind = NodeKind::Literal;
      leaf->value = at(argument).constant;
      text += leaf->value.to_feel();
    } else {
      if (varying != kNone || at(argument).shape != Shape::Text) throw CannotLower{"函数 " + name};
      varying = argument;
      leaf->kind = NodeKind::Name;
      leaf->text = std::string(kFunctionText);
      text += kFunctionText;
    }
    text += i + 1 < tree.children.size() ? ", " : ")";
    call->children[i] = std::move(leaf);
  }
  if (varying == kNone) {
    Value value = feel::evaluate(*call, feel::ContextEnvironment(feel::Context())).value;
    const Shape shape = shape_of_value(value);
    if (shape == Shape::Null && !value.is_null()) throw CannotLower{"函数 " + name};
    return constant(std::move(value), shape);
  }
  for (const auto& [word, shape] : kTextFunctions)
    if (name == word)
      return add({.op = Op::TextFunction,
                  .shape = shape,
                  .inputs = {varying},
                  .function = std::move(call),
                  .function_text = std::move(text)});
  throw CannotLower{"函数 " + name};
}

NodeId Lowering::expression(const feel::Node& tree, const Stand& stand) {
  try {
    return plain(tree, stand);
  } catch (const CannotLower&) {
    if (const std::optional<NodeId> call = as_call(tree, stand)) return *call;
    throw;
  }
}

NodeId Lowering::plain(const feel::Node& tree, const Stand& stand) {
  if (is_closed(tree) && tree.kind != NodeKind::RangeLiteral && tree.kind != NodeKind::ListLiteral) {
    Value value = feel::evaluate(tree, feel::ContextEnvironment(feel::Context())).value;
    const Shape shape = shape_of_value(value);
    if (shape == Shape::Null && !value.is_null()) throw CannotLower{"常量没有列形式"};
    return constant(std::move(value), shape);
  }
  const auto child = [&](std::size_t i) { return expression(*tree.children[i], stand); };
  switch (tree.kind) {
    case NodeKind::Name:
      return named(tree.text, stand);
    case NodeKind::Path:
      return path(tree, stand);
    case NodeKind::Call:
      return call(tree, stand);
    case NodeKind::Negate:
      return make(Op::Negate, Shape::Number, {as(Shape::Number, child(0))});
    case NodeKind::Arithmetic:
      return arithmetic(tree, stand);
    case NodeKind::Comparison:
      return comparison(tree.text, child(0), child(1));
    case NodeKind::And:
    case NodeKind::Or:
      return make(tree.kind == NodeKind::And ? Op::And : Op::Or, Shape::Boolean,
                  {as(Shape::Boolean, child(0)), as(Shape::Boolean, child(1))});
    case NodeKind::If: {
      const NodeId condition = as(Shape::Boolean, child(0));
      NodeId then = child(1), otherwise = child(2);
      const Shape shape = at(then).shape != Shape::Null ? at(then).shape : at(otherwise).shape;
      return make(Op::If, shape, {condition, as(shape, then), as(shape, otherwise)});
    }
    case NodeKind::In: {
      Stand inner = stand;
      inner.tested = child(0);
      NodeId any = kNone;
      for (std::size_t i = 1; i < tree.children.size(); ++i) {
        const NodeId each = tests(*tree.children[i], inner);
        any = any == kNone ? each : make(Op::Or, Shape::Boolean, {any, each});
      }
      return any;
    }
    case NodeKind::Between: {  // null unless both ends compare
      const NodeId value = child(0);
      const NodeId from = comparison(">=", value, child(1)), to = comparison("<=", value, child(2));
      const NodeId unknown =
          make(Op::Or, Shape::Boolean,
               {make(Op::IsNull, Shape::Boolean, {from}), make(Op::IsNull, Shape::Boolean, {to})});
      return make(Op::If, Shape::Boolean,
                  {unknown, constant({}, Shape::Boolean), make(Op::And, Shape::Boolean, {from, to})});
    }
    case NodeKind::Wildcard:
      if (stand.tested == kNone) throw CannotLower{"? 不在判定里"};
      return stand.tested;
    default:
      throw CannotLower{"这种写法没有列形式"};
  }
}

}  // namespace tenglong::plan
