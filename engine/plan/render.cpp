#include "engine/plan/inside/lowering.h"

namespace tenglong::plan {
namespace {

const char* shape_word(Shape shape) {
  switch (shape) {
    case Shape::Number:
      return "number";
    case Shape::Boolean:
      return "boolean";
    case Shape::Text:
      return "text";
    case Shape::Date:
      return "date";
    case Shape::Null:
      return "null";
  }
  return "";
}

const char* comparator_word(Comparator comparator) {
  switch (comparator) {
    case Comparator::Less:
      return "<";
    case Comparator::AtMost:
      return "<=";
    case Comparator::Greater:
      return ">";
    case Comparator::AtLeast:
      return ">=";
  }
  return "";
}

std::string rounding_words(const quantity::Rounding& rounding) {
  static const char* const kModes[] = {"half_even", "half_up", "half_down", "up", "down", "floor", "ceiling"};
  return std::to_string(rounding.places) + " " + kModes[static_cast<std::size_t>(rounding.mode)];
}

std::string record_words(const Node& node, const pack::Pack& pack) {
  std::string words;
  for (const Hop hop : node.hops) words += hop == Hop::Parent ? "parent." : "previous.";
  if (node.register_index < 0) return words;
  const schema::Register& target = pack.schema.registers[static_cast<std::size_t>(node.register_index)];
  words += target.id;
  if (node.field >= 0) words += "." + target.fields[static_cast<std::size_t>(node.field)].id;
  return words;
}

const char* as_word(const pack::Indicator& indicator) {
  static const char* const kWords[] = {"value", "share", "rank", "percentile"};
  return kWords[static_cast<std::size_t>(indicator.as)];
}

std::string call_text(const pack::Indicator& indicator, const feel::Node& call) {
  return indicator.formula.text.substr(call.span.begin, call.span.end - call.span.begin);
}

std::string step(const char* name, NodeId id) {
  return id == kNone ? std::string() : "  " + std::string(name) + " = %" + std::to_string(id) + "\n";
}
std::string steps(const char* name, const std::vector<NodeId>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i)
    text += step((name + ("[" + std::to_string(i) + "]")).c_str(), ids[i]);
  return text;
}

}  // namespace

bool is_arithmetic(Op op) {
  switch (op) {
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Negate:
    case Op::Absolute:
    case Op::Minimum:
    case Op::Maximum:
    case Op::Round:
    case Op::Convert:
      return true;
    default:
      return false;
  }
}

const char* to_word(Op op) {
  static const char* const kWords[] = {
      "constant", "field",         "row_exists", "add",      "subtract", "multiply", "divide",
      "negate",   "abs",           "min",        "max",      "round",    "convert",  "or_zero",
      "compare",  "equal",         "is_null",    "is_true",  "and",      "or",       "not",
      "if",       "lookup",        "population", "standing", "related",  "collect",  "unique",
      "count",    "text_function", "call",       "interpret"};
  return kWords[static_cast<std::size_t>(op)];
}

std::string describe(const Node& node, const pack::Pack& pack) {
  std::string text = std::string(to_word(node.op)) + ":" + shape_word(node.shape);
  switch (node.op) {
    case Op::Constant:
      text += " " + node.constant.to_feel();
      break;
    case Op::Field:
    case Op::RowExists:
      text += " " + record_words(node, pack);
      break;
    case Op::Round:
      text += " " + rounding_words(node.rounding);
      break;
    case Op::Convert:
      text += " ×" + std::to_string(node.conversion.factor.numerator) + "/" +
              std::to_string(node.conversion.factor.denominator);
      break;
    case Op::Compare:
      text += std::string(" ") + comparator_word(node.comparator);
      break;
    case Op::Lookup:
      text += " " + node.parameter->name + " @" + node.on.to_string();
      break;
    case Op::Population:
      text += " " + node.population->name + " " + node.period.to_string() + (node.rounded ? " rounded" : "");
      break;
    case Op::Standing:
      text += std::string(" ") + as_word(*node.indicator) + " " + node.indicator->name + " " +
              node.period.to_string() + " " + record_words(node, pack);
      break;
    case Op::Related:
      text += " " + node.indicator->name + " " + call_text(*node.indicator, *node.call) + " " +
              node.period.to_string() + " " + record_words(node, pack);
      break;
    case Op::Collect:
      text += " " + std::to_string(static_cast<int>(node.hit));
      break;
    case Op::TextFunction:
    case Op::Call:
      text += " " + node.function_text;
      break;
    case Op::Interpret:
      if (node.interpreted.indicator != nullptr) text += " 指标 " + node.interpreted.indicator->name;
      if (node.interpreted.decision != nullptr) text += " 判定 " + node.interpreted.decision->name;
      if (node.interpreted.expression != nullptr) text += " " + node.interpreted.expression->text;
      text += (node.interpreted.rounded ? " rounded" : "") + std::string(" （") + node.interpreted.why + "）";
      if (node.interpreted.expression != nullptr)  // equal texts of two registers are two nodes
        text += " of " + record_words(node, pack);
      break;
    default:
      break;
  }
  for (const NodeId input : node.inputs) text += " %" + std::to_string(input);
  return text;
}

namespace {

void render_population(const pack::Pack& pack, const char* kind, const std::string& id, const Over& over,
                       std::string& text) {
  const PopulationPlan plan = lower_population(pack, over, over.period);
  text += std::string(kind) + " " + id + "\n";
  for (std::size_t i = 0; i < plan.graph.nodes.size(); ++i)
    text += "  %" + std::to_string(i) + " " + describe(plan.graph.nodes[i], pack) + "\n";
  text += step("where", plan.where) + steps("by", plan.cuts);
  for (const ListPlan& each : plan.lists)
    text += "  " + each.function + (each.value == kNone ? " records" : " %" + std::to_string(each.value)) +
            (each.keep == kNone ? "" : " where %" + std::to_string(each.keep)) + "\n";
  if (const std::string left = plan.left_to_interpreter(); !left.empty())
    text += "  interpreter: " + left + "\n";
}

void render_standing(const pack::Pack& pack, const pack::Indicator& each, const calendar::Period& period,
                     std::string& text) {
  const StandingPlan plan = lower_standing(pack, each, period);
  text += std::string(as_word(each)) + " " + each.id + "\n";
  if (!plan.left_to_interpreter.empty()) {
    text += "  interpreter: " + plan.left_to_interpreter + "\n";
    return;
  }
  for (std::size_t i = 0; i < plan.graph.nodes.size(); ++i)
    text += "  %" + std::to_string(i) + " " + describe(plan.graph.nodes[i], pack) + "\n";
  text += step("where", plan.counted) + steps("within", plan.group) + step("value", plan.value);
  text += each.as == pack::Indicator::As::Share           ? "  exact sums, one division a record\n"
          : each.first == pack::Indicator::First::Highest ? "  radix sort, highest first\n"
                                                          : "  radix sort, lowest first\n";
}

}  // namespace

std::string render(const Plan& plan, const pack::Pack& pack) {
  std::string text = "plan " + plan.period.to_string() + "\n";
  for (std::size_t i = 0; i < plan.nodes.size(); ++i)
    text += "%" + std::to_string(i) + " " + describe(plan.nodes[i], pack) + "\n";
  for (const SchemePlan& scheme : plan.schemes) {
    text += "scheme " + scheme.scheme->id + "\n";
    if (!scheme.left_to_interpreter.empty()) {
      text += "  interpreter: " + scheme.left_to_interpreter + "\n";
      continue;
    }
    text += step("due", scheme.due) + steps("exempt", scheme.exempt) + steps("not_rated", scheme.not_rated);
    for (std::size_t i = 0; i < scheme.items.size(); ++i)
      text += "  " + scheme.scheme->items[i].indicator + ": value %" + std::to_string(scheme.items[i].value) +
              " score %" + std::to_string(scheme.items[i].score) + " shown %" +
              std::to_string(scheme.items[i].shown) + "\n";
    text += step("waits", scheme.waits) + steps("group", scheme.group) +
            step("adjustment", scheme.adjustment) + step("total", scheme.total) + step("veto", scheme.veto) +
            step("protect", scheme.protect) + steps("score_cut", scheme.score_cuts);
  }
  for (const RosterPlan& roster : plan.rosters) {
    text += "roster " + roster.roster->id + "\n";
    if (!roster.left_to_interpreter.empty()) {
      text += "  interpreter: " + roster.left_to_interpreter + "\n";
      continue;
    }
    text += step("due", roster.due) + steps("exempt", roster.exempt) + step("enters_if", roster.enters_if);
  }
  for (const pack::Indicator& each : pack.indicators)
    if (!each.over.empty()) render_population(pack, "over", each.id, over_of(each, plan.period), text);
  for (const pack::Indicator& each : pack.indicators) {
    if (each.stands_among()) render_standing(pack, each, plan.period, text);
    if (!each.related.empty()) render_population(pack, "related", each.id, over_of(each, plan.period), text);
  }
  for (const pack::Target& each : pack.targets)
    if (!each.over.empty() && each.formula.present())
      render_population(pack, "target", each.id, over_of(each, plan.period), text);
  return text;
}

}  // namespace tenglong::plan
