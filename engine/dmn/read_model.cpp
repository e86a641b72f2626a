#include <algorithm>
#include <map>

#include "engine/dmn/inside/language.h"
#include "engine/dmn/inside/refusal.h"
#include "engine/dmn/inside/trimmed.h"
#include "engine/dmn/model.h"
#include "engine/dmn/xml_tree.h"

namespace tenglong::dmn {
namespace {

struct Version {
  const char* space;
  const char* version;
};
constexpr Version kVersions[] = {
    {"http://www.omg.org/spec/DMN/20180521/MODEL/", "1.2"},
    {"https://www.omg.org/spec/DMN/20191111/MODEL/", "1.3"},
    {"https://www.omg.org/spec/DMN/20211108/MODEL/", "1.4"},
    {"https://www.omg.org/spec/DMN/20230324/MODEL/", "1.5"},
};

constexpr std::size_t kMostEntries = 5'000;  // of one context: each sees all before it

struct NamedForm {
  const char* element;
  Form form;
};
constexpr NamedForm kForms[] = {
    {"literalExpression", Form::Literal},
    {"decisionTable", Form::Table},
    {"context", Form::Context},
    {"relation", Form::Relation},
    {"list", Form::List},
    {"invocation", Form::Invocation},
    {"functionDefinition", Form::Function},
    {"conditional", Form::Conditional},
    {"filter", Form::Filter},
    {"for", Form::For},
    {"some", Form::Some},
    {"every", Form::Every},
};
const NamedForm* form_of(const Element& element) {
  for (const NamedForm& each : kForms)
    if (element.name == each.element) return &each;
  return nullptr;
}

// One name however it is written: blanks inside a name count once, as FEEL reads them.
std::string one_spaced(const std::string& text) {
  std::string out;
  for (const char each : trimmed(text)) {
    const bool is_blank = each == ' ' || each == '\t' || each == '\n' || each == '\r';
    if (is_blank && !out.empty() && out.back() == ' ') continue;
    out += is_blank ? ' ' : each;
  }
  return out;
}

class Reader {
 public:
  Reader(const std::string& file, Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {}

  Model model(const Element& root) {
    Model out;
    out.file = file_;
    out.name = root.attribute_or("name", "");
    out.space = root.attribute_or("namespace", "");
    for (const Element& each : root.children) {
      if (each.space != root.space) continue;
      if (each.name == "import") {
        out.imports.push_back({one_spaced(each.attribute_or("name", "")), each.attribute_or("namespace", ""),
                               each.attribute_or("locationURI", ""), place(each)});
      } else if (each.name == "itemDefinition") {
        out.types.push_back(item_definition(each));
      } else if (each.name == "inputData") {
        out.elements.push_back(element(each, ElementKind::InputData));
      } else if (each.name == "decision") {
        out.elements.push_back(element(each, ElementKind::Decision));
      } else if (each.name == "businessKnowledgeModel") {
        out.elements.push_back(element(each, ElementKind::KnowledgeModel));
      } else if (each.name == "decisionService") {
        out.elements.push_back(element(each, ElementKind::DecisionService));
      }
    }
    return out;
  }

 private:
  Place place(const Element& at) const {
    return {.file = file_, .line = at.line, .column = at.column, .end_column = at.column + 1};
  }
  void tell(std::string code, const Element& at, text::Words message, text::Words advice) {
    diagnostics_.push_back(refusal(std::move(code), place(at), std::move(message), std::move(advice)));
  }

  // The FEEL of a <text> child, or of the element itself.
  Text text_of(const Element& owner) const {
    const Element* text = owner.child("text");
    Text out = {.source = text ? text->text : "", .place = place(text ? *text : owner)};
    if (text && !text->text.empty())
      out.place = {.file = file_, .line = text->text_line, .column = text->text_column};
    out.is_written = !trimmed(out.source).empty();
    out.language = trimmed(owner.attribute_or("expressionLanguage", ""));
    if (const Element* remark = owner.child("description")) out.remark = trimmed(remark->text);
    return out;
  }
  void look_at_language(const Text& text, const Element& at) {
    if (is_feel(text.language)) return;
    tell("E-DMN-208", at,
         {"表达式语言“" + text.language + "”不是 FEEL，不能求值。",
          "The expression language “" + text.language + "” is not FEEL and cannot be evaluated."},
         {"改写为 FEEL。", "Rewrite it in FEEL."});
  }
  std::optional<Text> tests_of(const Element& owner, std::string_view child) const {
    const Element* found = owner.child(child);
    if (!found || trimmed(text_of(*found).source).empty()) return std::nullopt;
    return text_of(*found);
  }
  static std::string type_ref(const Element& element) {
    if (const std::string* written = element.attribute("typeRef")) return one_spaced(*written);
    const Element* child = element.child("typeRef");
    return child ? one_spaced(child->text) : "";
  }
  Variable variable(const Element& owner, std::string_view child) const {
    const Element* found = owner.child(child);
    if (!found) return {"", "", place(owner)};
    return {one_spaced(found->attribute_or("name", "")), type_ref(*found), place(*found)};
  }

  ItemDefinition item_definition(const Element& from) {
    ItemDefinition out;
    out.name = one_spaced(from.attribute_or("name", ""));
    out.place = place(from);
    out.is_collection = from.attribute_or("isCollection", "false") == "true";
    out.type_ref = type_ref(from);
    out.allowed = tests_of(from, "allowedValues");
    out.constraint = tests_of(from, "typeConstraint");
    for (const Element& each : from.children)
      if (each.name == "itemComponent") out.components.push_back(item_definition(each));
    if (const Element* function = from.child("functionItem")) {
      out.is_function = true;
      out.result_ref = one_spaced(function->attribute_or("outputTypeRef", ""));
      for (const Element& each : function->children)
        if (each.name == "parameters")
          out.parameters.push_back({one_spaced(each.attribute_or("name", "")), type_ref(each), place(each)});
    }
    return out;
  }

  std::vector<Requirement> references(const Element& from, std::string_view name) const {
    std::vector<Requirement> out;
    for (const Element& each : from.children)
      if (each.name == name) out.push_back({trimmed(each.attribute_or("href", "")), place(each)});
    return out;
  }

  ElementDefinition element(const Element& from, ElementKind kind) {
    ElementDefinition out;
    out.kind = kind;
    out.id = from.attribute_or("id", "");
    out.name = one_spaced(from.attribute_or("name", ""));
    out.place = place(from);
    out.variable = variable(from, "variable");
    if (out.name.empty()) out.name = out.variable.name;
    if (out.variable.name.empty()) out.variable.name = out.name;
    if (const Element* question = from.child("question")) out.question = trimmed(question->text);
    if (const Element* description = from.child("description")) out.description = trimmed(description->text);
    if (out.name.empty())
      tell("E-DMN-201", from, {"这个 " + from.name + " 没有名称。", "This " + from.name + " has no name."},
           {"写上 name 属性。", "Give it a name attribute."});
    for (const Element& each : from.children) {
      if (each.name == "informationRequirement" || each.name == "knowledgeRequirement")
        for (const Element& target : each.children)
          if (target.attribute("href"))
            out.requirements.push_back({trimmed(*target.attribute("href")), place(target)});
      if (kind == ElementKind::Decision && each.space == from.space && form_of(each) && !out.logic)
        out.logic = expression(each);
    }
    if (kind == ElementKind::KnowledgeModel)
      if (const Element* logic = from.child("encapsulatedLogic")) out.logic = function(*logic);
    if (kind == ElementKind::DecisionService) {
      out.outputs = references(from, "outputDecision");
      out.encapsulated = references(from, "encapsulatedDecision");
      out.input_decisions = references(from, "inputDecision");
      out.input_data = references(from, "inputData");
    }
    return out;
  }

  // The boxed expression inside `owner`; a missing one is told and null.
  ExpressionPtr inside(const Element* owner, const Element& told_at) {
    if (owner)
      for (const Element& each : owner->children)
        if (each.space == owner->space && form_of(each)) return expression(each);
    tell("E-DMN-207", owner ? *owner : told_at, {"这里缺少一个表达式。", "An expression is missing here."},
         {"补上 literalExpression、decisionTable 等。",
          "Add a literalExpression, decisionTable or another form."});
    auto out = std::make_shared<Expression>();
    out->place = place(told_at);
    out->text = {"null", place(told_at)};
    return out;
  }

  ExpressionPtr function(const Element& from) {
    auto out = std::make_shared<Expression>();
    out->form = Form::Function;
    out->place = place(from);
    out->type_ref = type_ref(from);
    const std::string kind = from.attribute_or("kind", "FEEL");
    if (kind != "FEEL") out->external = kind;
    for (const Element& each : from.children)
      if (each.name == "formalParameter")
        out->names.push_back({one_spaced(each.attribute_or("name", "")), type_ref(each), place(each)});
    out->children.push_back(inside(&from, from));
    return out;
  }

  ExpressionPtr expression(const Element& from) {
    const Form form = form_of(from)->form;
    if (form == Form::Function) return function(from);
    auto out = std::make_shared<Expression>();
    out->form = form;
    out->place = place(from);
    out->label = from.attribute_or("label", "");
    out->type_ref = type_ref(from);
    switch (form) {
      case Form::Literal:
        out->text = text_of(from);
        look_at_language(out->text, from);
        break;
      case Form::Table:
        out->table = table(from);
        break;
      case Form::Context:
        context(from, *out);
        break;
      case Form::Relation:
        relation(from, *out);
        break;
      case Form::List:
        for (const Element& each : from.children)
          if (each.space == from.space && form_of(each)) out->children.push_back(expression(each));
        break;
      case Form::Invocation: {
        out->children.push_back(inside(&from, from));
        for (const Element& each : from.children)
          if (each.name == "binding") {
            out->names.push_back(variable(each, "parameter"));
            out->children.push_back(inside(&each, each));
          }
        break;
      }
      case Form::Conditional:
        for (const char* part : {"if", "then", "else"})
          out->children.push_back(inside(from.child(part), from));
        break;
      case Form::Filter:
        for (const char* part : {"in", "match"}) out->children.push_back(inside(from.child(part), from));
        break;
      case Form::For:
      case Form::Some:
      case Form::Every:
        out->names.push_back({one_spaced(from.attribute_or("iteratorVariable", "")), "", place(from)});
        out->children.push_back(inside(from.child("in"), from));
        out->children.push_back(inside(from.child(form == Form::For ? "return" : "satisfies"), from));
        break;
      case Form::Function:
        break;
    }
    return out;
  }

  void context(const Element& from, Expression& out) {
    std::optional<ExpressionPtr> result;
    for (const Element& each : from.children) {
      if (each.name != "contextEntry") continue;
      if (out.names.size() >= kMostEntries) {
        tell("E-DMN-103", each,
             {"一个 context 的条目超过 " + std::to_string(kMostEntries) + " 个，后面的没有读。",
              "A context has more than " + std::to_string(kMostEntries) + " entries; the rest is not read."},
             {"拆成几个 context。", "Split it into several contexts."});
        break;
      }
      const Variable name = variable(each, "variable");
      if (name.name.empty()) {
        result = inside(&each, each);
      } else {
        out.names.push_back(name);
        out.children.push_back(inside(&each, each));
      }
    }
    if (result) out.children.push_back(*result);
  }

  void relation(const Element& from, Expression& out) {
    for (const Element& each : from.children)
      if (each.name == "column")
        out.names.push_back({one_spaced(each.attribute_or("name", "")), type_ref(each), place(each)});
    for (const Element& row : from.children) {
      if (row.name != "row") continue;
      std::size_t count = 0;
      for (const Element& cell : row.children) {
        if (!form_of(cell) || cell.space != from.space) continue;
        if (++count <= out.names.size()) out.children.push_back(expression(cell));
      }
      if (count == out.names.size()) continue;
      tell("E-DMN-209", row,
           {"这一行有 " + std::to_string(count) + " 格，列有 " + std::to_string(out.names.size()) + " 个。",
            "This row has " + std::to_string(count) + " cells for " + std::to_string(out.names.size()) +
                " columns."},
           {"补齐或删去多出的格。", "Fill the row or remove what is too many."});
      for (; count < out.names.size(); ++count) {
        auto missing = std::make_shared<Expression>();
        missing->place = place(row);
        missing->text = {"null", place(row)};
        out.children.push_back(missing);
      }
    }
  }

  std::shared_ptr<const DecisionTable> table(const Element& from) {
    static const std::map<std::string, HitPolicy> kPolicies = {
        {"UNIQUE", HitPolicy::Unique},        {"ANY", HitPolicy::Any},
        {"PRIORITY", HitPolicy::Priority},    {"FIRST", HitPolicy::First},
        {"RULE ORDER", HitPolicy::RuleOrder}, {"OUTPUT ORDER", HitPolicy::OutputOrder},
        {"COLLECT", HitPolicy::Collect},
    };
    static const std::map<std::string, Aggregator> kAggregators = {{"SUM", Aggregator::Sum},
                                                                   {"MIN", Aggregator::Min},
                                                                   {"MAX", Aggregator::Max},
                                                                   {"COUNT", Aggregator::Count}};
    auto out = std::make_shared<DecisionTable>();
    const std::string policy = from.attribute_or("hitPolicy", "UNIQUE");
    if (const auto found = kPolicies.find(policy); found != kPolicies.end())
      out->hit_policy = found->second;
    else
      tell("E-DMN-210", from, {"没有命中方式“" + policy + "”。", "There is no hit policy “" + policy + "”."},
           {"写 UNIQUE、ANY、PRIORITY、FIRST、RULE ORDER、OUTPUT ORDER 或 COLLECT。",
            "Write UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER or COLLECT."});
    if (const std::string* aggregation = from.attribute("aggregation")) {
      if (const auto found = kAggregators.find(*aggregation); found != kAggregators.end())
        out->aggregator = found->second;
      else
        tell("E-DMN-210", from,
             {"没有汇总方式“" + *aggregation + "”。", "There is no aggregation “" + *aggregation + "”."},
             {"写 SUM、MIN、MAX 或 COUNT。", "Write SUM, MIN, MAX or COUNT."});
    }
    out->place = place(from);
    out->output_label = one_spaced(from.attribute_or("outputLabel", ""));
    for (const Element& each : from.children) {
      if (each.name == "input") {
        DecisionTable::Input input;
        input.place = place(each);
        input.label = one_spaced(each.attribute_or("label", ""));
        if (const Element* expression = each.child("inputExpression")) {
          input.expression = text_of(*expression);
          look_at_language(input.expression, *expression);
          input.type_ref = type_ref(*expression);
        } else {
          input.expression = {.source = "null", .place = place(each), .is_written = false};
          tell("E-DMN-207", each, {"这一列没有输入表达式。", "This column has no input expression."},
               {"补上 inputExpression。", "Add an inputExpression."});
        }
        input.allowed = tests_of(each, "inputValues");
        out->inputs.push_back(std::move(input));
      } else if (each.name == "output") {
        DecisionTable::Output output;
        output.place = place(each);
        output.name = one_spaced(each.attribute_or("name", ""));
        output.label = one_spaced(each.attribute_or("label", ""));
        output.type_ref = type_ref(each);
        output.allowed = tests_of(each, "outputValues");
        if (const Element* otherwise = each.child("defaultOutputEntry"))
          output.otherwise = text_of(*otherwise);
        out->outputs.push_back(std::move(output));
      } else if (each.name == "annotation") {
        out->annotations.push_back(one_spaced(each.attribute_or("name", "")));
      } else if (each.name == "rule") {
        out->rules.push_back(rule(each));
      }
    }
    if (out->outputs.empty())
      tell("E-DMN-209", from, {"这张表没有输出列。", "This table has no output."},
           {"补上 output。", "Add an output."});
    for (DecisionTable::Rule& each : out->rules) {
      if (each.inputs.size() == out->inputs.size() && each.outputs.size() == out->outputs.size()) continue;
      diagnostics_.push_back(refusal(
          "E-DMN-209", each.place,
          {"这条规则有 " + std::to_string(each.inputs.size()) + " 个条件和 " +
               std::to_string(each.outputs.size()) + " 个结论，表有 " + std::to_string(out->inputs.size()) +
               " 列输入和 " + std::to_string(out->outputs.size()) + " 列输出。",
           "This rule has " + std::to_string(each.inputs.size()) + " conditions and " +
               std::to_string(each.outputs.size()) + " conclusions for " +
               std::to_string(out->inputs.size()) + " inputs and " + std::to_string(out->outputs.size()) +
               " outputs."},
          {"逐列补齐；不限的条件写“-”。", "One cell a column; “-” where anything is fine."}));
      each.inputs.resize(out->inputs.size(), {.source = "-", .place = each.place, .is_written = false});
      each.outputs.resize(out->outputs.size(), {.source = "null", .place = each.place, .is_written = false});
    }
    return out;
  }

  DecisionTable::Rule rule(const Element& from) {
    DecisionTable::Rule out;
    out.place = place(from);
    for (const Element& each : from.children) {
      if (each.name == "inputEntry") {
        out.inputs.push_back(text_of(each));
        look_at_language(out.inputs.back(), each);
        if (trimmed(out.inputs.back().source).empty()) out.inputs.back().source = "-";
      } else if (each.name == "outputEntry") {
        out.outputs.push_back(text_of(each));
        look_at_language(out.outputs.back(), each);
        if (trimmed(out.outputs.back().source).empty()) out.outputs.back().source = "null";
      } else if (each.name == "annotationEntry") {
        out.annotations.push_back(trimmed(text_of(each).source));
      }
    }
    // Where many tools keep the note of a rule.
    if (const Element* note = from.child("description"); note && out.annotations.empty())
      out.annotations.push_back(trimmed(note->text));
    return out;
  }

  const std::string& file_;
  Diagnostics& diagnostics_;
};

}  // namespace

const char* to_string(HitPolicy policy) {
  switch (policy) {
    case HitPolicy::Unique:
      return "UNIQUE";
    case HitPolicy::Any:
      return "ANY";
    case HitPolicy::Priority:
      return "PRIORITY";
    case HitPolicy::First:
      return "FIRST";
    case HitPolicy::RuleOrder:
      return "RULE ORDER";
    case HitPolicy::OutputOrder:
      return "OUTPUT ORDER";
    case HitPolicy::Collect:
      return "COLLECT";
  }
  return "";
}

std::optional<Model> read_model(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
  const std::optional<Element> root = read_xml(bytes, file, {}, diagnostics);
  if (!root) return std::nullopt;
  const Version* version = nullptr;
  for (const Version& each : kVersions)
    if (root->space == each.space) version = &each;
  if (root->name != "definitions" || !version) {
    diagnostics.push_back(refusal(
        "E-DMN-104", {.file = file, .line = root->line},
        {"不是可以读的 DMN 模型：根元素是“" + root->name + "”，命名空间是“" + root->space + "”。",
         "This is no DMN model that can be read: its root is “" + root->name + "” of “" + root->space + "”."},
        {"用建模工具另存为 DMN 1.3、1.4 或 1.5。",
         "Save it as DMN 1.3, 1.4 or 1.5 from the modelling tool."}));
    return std::nullopt;
  }
  Model out = Reader(file, diagnostics).model(*root);
  out.version = version->version;
  return out;
}

}  // namespace tenglong::dmn
