#include <algorithm>

#include "engine/dmn/inside/run.h"

namespace tenglong::dmn {

using feel::Kind;
using feel::List;
using feel::Value;

namespace {

constexpr std::size_t kMostTold = 1'000;
constexpr std::size_t kDeepestNeed = 200;
// Each level of these takes many frames of the machine's stack; plain FEEL has its own budget.
constexpr int kDeepestCall = 100;

struct Level {
  explicit Level(int& depth) : depth_(depth) { ++depth_; }
  ~Level() { --depth_; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;
  bool is_too_deep() const { return depth_ > kDeepestCall; }

 private:
  int& depth_;
};

// What an element sees: the values of the elements it needs, computed when they are asked for.
class Needs : public feel::Environment {
 public:
  Needs(std::shared_ptr<Run> run, const Unit& unit) : run_(std::move(run)), unit_(unit) {}
  std::optional<Value> find(std::string_view name) const override {
    feel::Context imported;
    bool is_import = false;
    for (const Need& each : unit_.needs) {
      if (each.import_name.empty()) {
        if (each.name == name) return run_->value_of(each.unit);
      } else if (each.import_name == name) {
        is_import = true;
        imported.put(each.name, run_->value_of(each.unit));
      }
    }
    if (is_import) return Value(std::move(imported));
    // A knowledge model may call itself without saying that it needs itself.
    if (unit_.definition->kind == ElementKind::KnowledgeModel && unit_.definition->variable.name == name)
      return run_->value_of(static_cast<int>(&unit_ - run_->body().units.data()));
    return std::nullopt;
  }

 private:
  std::shared_ptr<Run> run_;
  const Unit& unit_;
};

// A function that stands in a context entry sees itself by the entry's name.
class OwnName : public feel::Environment {
 public:
  OwnName(std::shared_ptr<Run> run, EnvironmentPtr outer, std::string name, const Code& code)
      : run_(std::move(run)), outer_(std::move(outer)), name_(std::move(name)), code_(code) {}
  std::optional<Value> find(std::string_view name) const override {
    if (name == name_) return run_->function(code_, shared_from_this(), nullptr);
    return outer_ ? outer_->find(name) : std::nullopt;
  }

 private:
  std::shared_ptr<Run> run_;
  EnvironmentPtr outer_;
  std::string name_;
  const Code& code_;
};

}  // namespace

Value Run::null(const Place& place, std::string zh, std::string en) {
  if (told->size() < kMostTold) told->push_back({place, {std::move(zh), std::move(en)}});
  return {};
}

void Run::keep(const feel::Evaluation& evaluation, const Text& text) {
  for (const feel::Finding& each : evaluation.findings) {
    if (told->size() >= kMostTold) return;
    told->push_back(
        {feel::place_of({.file = text.place.file, .line = text.place.line, .column = text.place.column},
                        text.source, each.span),
         each.message});
  }
}

Value Run::fitted(Value value, const feel::DeclaredTypePtr& type, const Place& place) {
  if (!type || value.is_null()) return value;
  Value out = feel::coerced(value, *type);
  if (!out.is_null()) return out;
  return null(place, "值不合类型“" + feel::to_string(*type) + "”，或不在允许的值之中。",
              "The value is not of the type “" + feel::to_string(*type) + "”, or not one of those allowed.");
}

Value Run::evaluate(const Formula& formula, const EnvironmentPtr& environment) {
  if (!formula.tree) {
    if (formula.mistake.zh.empty())
      return null(formula.text.place, "这里没有写表达式。", "Nothing is written here.");
    return null(formula.text.place, formula.mistake.zh, formula.mistake.en);
  }
  feel::Evaluation evaluation = feel::evaluate(*formula.tree, *environment, clock);
  keep(evaluation, formula.text);
  return std::move(evaluation.value);
}

Value Run::test(const Formula& formula, const Value& input, const EnvironmentPtr& environment) {
  if (!formula.tree) return null(formula.text.place, formula.mistake.zh, formula.mistake.en);
  feel::Evaluation evaluation = feel::evaluate_tests(*formula.tree, input, *environment, clock);
  keep(evaluation, formula.text);
  return std::move(evaluation.value);
}

Value Run::value_of(int index) {
  if (const auto found = given.find(index); found != given.end()) return found->second;
  if (const auto found = known.find(index); found != known.end()) return found->second;
  const Unit& unit = body().units[static_cast<std::size_t>(index)];
  const ElementDefinition& definition = *unit.definition;
  const auto environment = [&]() -> EnvironmentPtr {
    return std::make_shared<Needs>(shared_from_this(), unit);
  };
  Value value;
  switch (definition.kind) {
    case ElementKind::InputData:
      return {};
    case ElementKind::Decision:
      if (std::find(deciding.begin(), deciding.end(), index) != deciding.end())
        return null(definition.place, "决策“" + definition.name + "”绕了一圈又需要自己。",
                    "The decision “" + definition.name + "” needs itself.");
      if (deciding.size() >= kDeepestNeed)
        return null(definition.place, "决策一层需要一层，超过 200 层。",
                    "Decisions need each other more than 200 deep.");
      if (!unit.code) {
        value = null(definition.place, "决策“" + definition.name + "”没有写逻辑。",
                     "The decision “" + definition.name + "” has no logic.");
        break;
      }
      deciding.push_back(index);
      value = fitted(evaluate(*unit.code, environment()), unit.type, definition.place);
      deciding.pop_back();
      break;
    case ElementKind::KnowledgeModel: {
      if (!unit.code)
        return null(definition.place, "业务知识“" + definition.name + "”没有写逻辑。",
                    "The knowledge model “" + definition.name + "” has no logic.");
      // Its variable is typed by the function, or, as many tools write it, by what the function gives.
      feel::DeclaredTypePtr result = unit.type;
      if (result && result->form == feel::DeclaredType::Form::FunctionOf) result = result->result;
      value = function(*unit.code, environment(), result);
      break;
    }
    case ElementKind::DecisionService: {
      std::vector<std::string> names;
      for (const int each : unit.parameters)
        names.push_back(body().units[static_cast<std::size_t>(each)].definition->variable.name);
      value = feel::make_function(std::move(names), [run = shared_from_this(), &unit](const List& arguments) {
        return run->call_service(unit, arguments);
      });
      break;
    }
  }
  known[index] = value;
  return value;
}

Value Run::call_service(const Unit& service, const List& arguments) {
  const auto inner = std::make_shared<Run>();
  inner->program = program;
  inner->clock = clock;
  inner->told = told;
  inner->nesting = nesting;
  const Level level(*nesting);
  if (level.is_too_deep())
    return null(service.definition->place, "决策服务一层调一层，超过 100 层。",
                "Decision services call each other more than 100 deep.");
  for (std::size_t i = 0; i < service.parameters.size(); ++i) {
    const int unit = service.parameters[i];
    const Unit& parameter = body().units[static_cast<std::size_t>(unit)];
    const Value argument = i < arguments.size() ? arguments[i] : Value{};
    inner->given[unit] = fitted(argument, parameter.type, service.definition->place);
    if (inner->given[unit].is_null() && !argument.is_null()) return {};
  }
  Value out;
  if (service.outputs.size() == 1) {
    out = inner->value_of(service.outputs.front());
  } else if (!service.outputs.empty()) {
    feel::Context all;
    for (const int each : service.outputs)
      all.put(body().units[static_cast<std::size_t>(each)].definition->variable.name, inner->value_of(each));
    out = Value(std::move(all));
  }
  inner->known.clear();
  feel::DeclaredTypePtr result = service.type;
  if (result && result->form == feel::DeclaredType::Form::FunctionOf) result = result->result;
  return fitted(std::move(out), result, service.definition->place);
}

Value Run::function(const Code& code, const EnvironmentPtr& environment,
                    const feel::DeclaredTypePtr& result) {
  std::vector<std::string> names;
  for (const Variable& each : code.source->names) names.push_back(each.name);
  if (!code.source->external.empty()) {
    return feel::make_function(std::move(names), [run = shared_from_this(), &code](const List&) {
      return run->null(code.source->place, "这里不能运行外部函数（" + code.source->external + "）。",
                       "An external function (" + code.source->external + ") cannot be run here.");
    });
  }
  const Code& body = *code.children.front();
  if (body.source->form == Form::Literal && body.literal.tree)
    return feel::make_function(feel::FunctionDefinition{.parameter_names = std::move(names),
                                                        .parameter_types = code.name_types,
                                                        .body = body.literal.tree,
                                                        .result = result ? result : body.type,
                                                        .environment = environment});
  return feel::make_function(
      std::move(names),
      [run = shared_from_this(), &code, &body, environment, result](const List& arguments) -> Value {
        const Level level(*run->nesting);
        if (level.is_too_deep())
          return run->null(code.source->place, "函数一层调一层，超过 100 层。",
                           "Functions call each other more than 100 deep.");
        std::vector<std::pair<std::string, Value>> bound;
        for (std::size_t i = 0; i < code.source->names.size(); ++i) {
          const Value argument = i < arguments.size() ? arguments[i] : Value{};
          Value fitting = run->fitted(argument, code.name_types[i], code.source->names[i].place);
          if (fitting.is_null() && !argument.is_null()) return {};
          bound.emplace_back(code.source->names[i].name, std::move(fitting));
        }
        return run->fitted(run->evaluate(body, std::make_shared<Frame>(environment, std::move(bound))),
                           result, code.source->place);
      });
}

Value Run::evaluate(const Code& code, const EnvironmentPtr& environment) {
  const Expression& source = *code.source;
  Value out;
  switch (source.form) {
    case Form::Literal:
      out = evaluate(code.literal, environment);
      break;
    case Form::Table:
      out = decide(code, environment);
      break;
    case Form::Context:
      out = context(code, environment);
      break;
    case Form::Relation: {
      List rows;
      const std::size_t columns = source.names.size();
      for (std::size_t i = 0; columns != 0 && i + columns <= code.children.size(); i += columns) {
        feel::Context row;
        for (std::size_t j = 0; j < columns; ++j)
          row.put(source.names[j].name,
                  fitted(evaluate(*code.children[i + j], environment), code.name_types[j], source.place));
        rows.push_back(Value(std::move(row)));
      }
      out = Value(std::move(rows));
      break;
    }
    case Form::List: {
      List items;
      for (const auto& each : code.children) items.push_back(evaluate(*each, environment));
      out = Value(std::move(items));
      break;
    }
    case Form::Invocation:
      out = invoke(code, environment);
      break;
    case Form::Function:
      return function(code, environment, nullptr);
    case Form::Conditional: {
      const Value condition = evaluate(*code.children[0], environment);
      if (!condition.is_null() && condition.kind() != Kind::Boolean) {
        out = null(source.children[0]->place, "条件不是“是”或“否”。",
                   "The condition is neither true nor false.");
        break;
      }
      out = evaluate(*code.children[condition.is_true() ? 1 : 2], environment);
      break;
    }
    case Form::Filter:
      out = filter(code, environment);
      break;
    case Form::For:
    case Form::Some:
    case Form::Every:
      out = iterate(code, environment);
      break;
  }
  return fitted(std::move(out), code.type, source.place);
}

Value Run::context(const Code& code, const EnvironmentPtr& environment) {
  const Expression& source = *code.source;
  feel::Context out;
  EnvironmentPtr seen = environment;
  for (std::size_t i = 0; i < code.children.size(); ++i) {
    const Code& child = *code.children[i];
    if (i >= source.names.size()) return evaluate(child, seen);
    const std::string& name = source.names[i].name;
    Value value =
        child.source->form == Form::Function
            ? function(child, std::make_shared<OwnName>(shared_from_this(), seen, name, child), nullptr)
            : evaluate(child, seen);
    value = fitted(std::move(value), code.name_types[i], source.names[i].place);
    seen = std::make_shared<Frame>(seen, std::vector<std::pair<std::string, Value>>{{name, value}});
    out.put(name, std::move(value));
  }
  return Value(std::move(out));
}

Value Run::filter(const Code& code, const EnvironmentPtr& environment) {
  const Value domain = evaluate(*code.children[0], environment);
  if (domain.is_null()) return {};
  const List items = domain.kind() == Kind::List ? domain.list() : List{domain};
  List out;
  for (const Value& item : items) {
    std::vector<std::pair<std::string, Value>> names = {{"item", item}};
    if (item.kind() == Kind::Context)
      for (const auto& entry : item.context().entries()) names.push_back(entry);
    const Value match = evaluate(*code.children[1], std::make_shared<Frame>(environment, std::move(names)));
    if (match.is_true()) out.push_back(item);
    if (!match.is_null() && match.kind() != Kind::Boolean)
      return null(code.source->children[1]->place, "筛选条件不是“是”或“否”。",
                  "The match is neither true nor false.");
  }
  return Value(std::move(out));
}

Value Run::iterate(const Code& code, const EnvironmentPtr& environment) {
  const Expression& source = *code.source;
  const std::string& name = source.names[0].name;
  std::vector<std::string> parameters = {name};
  if (code.uses_partial) parameters.emplace_back("partial");
  const Value part =
      feel::make_function(parameters, [this, &code, &environment, &parameters](const List& arguments) {
        std::vector<std::pair<std::string, Value>> names;
        for (std::size_t i = 0; i < parameters.size() && i < arguments.size(); ++i)
          names.emplace_back(parameters[i], arguments[i]);
        return evaluate(*code.children[1], std::make_shared<Frame>(environment, std::move(names)));
      });
  const auto frame = std::make_shared<Frame>(
      nullptr, std::vector<std::pair<std::string, Value>>{{kDomain, evaluate(*code.children[0], environment)},
                                                          {kPart, part}});
  feel::Evaluation evaluation = feel::evaluate(*code.frame_tree, *frame, clock);
  keep(evaluation, {"", source.place});
  return std::move(evaluation.value);
}

Value Run::invoke(const Code& code, const EnvironmentPtr& environment) {
  std::vector<std::pair<std::string, Value>> parts = {{kCallee, evaluate(*code.children[0], environment)}};
  if (parts.front().second.kind() != Kind::Function)
    return null(code.source->place, "被调用的不是函数。", "What is called is no function.");
  for (std::size_t i = 1; i < code.children.size(); ++i)
    parts.emplace_back(kPart + std::to_string(i - 1), evaluate(*code.children[i], environment));
  const auto frame = std::make_shared<Frame>(nullptr, std::move(parts));
  feel::Evaluation evaluation = feel::evaluate(*code.frame_tree, *frame, clock);
  keep(evaluation, {"", code.source->place});
  return std::move(evaluation.value);
}

std::vector<Question> Program::questions() const {
  std::vector<Question> out;
  const auto name_of = [&](int unit) {
    return body_->units[static_cast<std::size_t>(unit)].definition->variable.name;
  };
  for (const Unit& unit : body_->units) {
    if (unit.model != 0 || unit.definition->kind == ElementKind::InputData) continue;
    Question question{unit.definition->kind, unit.definition->name, {}};
    if (question.kind == ElementKind::DecisionService) {
      for (const int each : unit.parameters) question.inputs.push_back(name_of(each));
    } else if (question.kind == ElementKind::KnowledgeModel) {
      if (unit.definition->logic)
        for (const Variable& each : unit.definition->logic->names) question.inputs.push_back(each.name);
    } else {
      std::vector<int> open = {static_cast<int>(&unit - body_->units.data())};
      std::vector<bool> seen(body_->units.size(), false);
      while (!open.empty()) {
        const Unit& at = body_->units[static_cast<std::size_t>(open.back())];
        open.pop_back();
        for (const Need& each : at.needs) {
          if (seen[static_cast<std::size_t>(each.unit)]) continue;
          seen[static_cast<std::size_t>(each.unit)] = true;
          open.push_back(each.unit);
        }
      }
      for (std::size_t i = 0; i < seen.size(); ++i)
        if (seen[i] && body_->units[i].definition->kind == ElementKind::InputData)
          question.inputs.push_back(name_of(static_cast<int>(i)));
    }
    out.push_back(std::move(question));
  }
  return out;
}

feel::DeclaredTypePtr Program::input_type(std::string_view name) const {
  for (const Unit& unit : body_->units)
    if (unit.model == 0 && unit.definition->kind == ElementKind::InputData &&
        unit.definition->variable.name == name)
      return unit.type;
  return nullptr;
}

Outcome Program::ask(std::string_view name, const feel::Context& inputs, const feel::Clock& clock,
                     feel::Budget budget) const {
  for (const ElementKind kind :
       {ElementKind::Decision, ElementKind::DecisionService, ElementKind::KnowledgeModel})
    for (const Unit& unit : body_->units)
      if (unit.model == 0 && unit.definition->kind == kind && unit.definition->name == name)
        return ask(kind, name, inputs, clock, budget);
  return {
      {},
      {{{}, {"没有决策“" + std::string(name) + "”。", "There is no decision “" + std::string(name) + "”."}}}};
}

Outcome Program::ask(ElementKind kind, std::string_view name, const feel::Context& inputs,
                     const feel::Clock& clock, feel::Budget budget) const {
  int asked = -1;
  for (std::size_t i = 0; i < body_->units.size(); ++i) {
    const Unit& unit = body_->units[i];
    if (unit.model == 0 && unit.definition->kind == kind && unit.definition->name == name)
      asked = static_cast<int>(i);
  }
  Outcome out;
  if (asked < 0) {
    out.told.push_back(
        {{}, {"没有“" + std::string(name) + "”。", "There is no “" + std::string(name) + "”."}});
    return out;
  }
  const Unit& unit = body_->units[static_cast<std::size_t>(asked)];
  const auto run = std::make_shared<Run>();
  run->program = shared_from_this();
  run->clock = clock;
  run->told = std::make_shared<std::vector<Told>>();

  // Everything runs inside one evaluation, so that one budget holds for all of it.
  feel::Node call;
  call.kind = feel::NodeKind::Call;
  auto callee = std::make_shared<feel::Node>();
  callee->kind = feel::NodeKind::Name;
  callee->text = kCallee;
  call.children.push_back(callee);
  const Value answer = feel::make_function({}, [&](const List&) -> Value {
    for (std::size_t i = 0; i < body_->units.size(); ++i) {
      const Unit& each = body_->units[i];
      if (each.definition->kind != ElementKind::InputData) continue;
      if (const Value* value = inputs.find(each.definition->variable.name))
        run->given[static_cast<int>(i)] = run->fitted(*value, each.type, each.definition->place);
    }
    if (kind == ElementKind::Decision) return run->value_of(asked);
    if (kind == ElementKind::DecisionService) {
      List arguments;
      for (const int each : unit.parameters) {
        const Value* value =
            inputs.find(body_->units[static_cast<std::size_t>(each)].definition->variable.name);
        arguments.push_back(value ? *value : Value{});
      }
      return run->call_service(unit, arguments);
    }
    const Value function = run->value_of(asked);
    if (function.kind() != Kind::Function || !unit.definition->logic) return {};
    feel::Node invocation;
    invocation.kind = feel::NodeKind::Call;
    invocation.children.push_back(callee);
    std::vector<std::pair<std::string, Value>> parts = {{kCallee, function}};
    for (std::size_t i = 0; i < unit.definition->logic->names.size(); ++i) {
      const std::string& parameter = unit.definition->logic->names[i].name;
      auto part = std::make_shared<feel::Node>();
      part->kind = feel::NodeKind::Name;
      part->text = kPart + std::to_string(i);
      const Value* value = inputs.find(parameter);
      parts.emplace_back(part->text, value ? *value : Value{});
      invocation.children.push_back(part);
      invocation.argument_names.push_back(parameter);
    }
    const auto frame = std::make_shared<Frame>(nullptr, std::move(parts));
    feel::Evaluation evaluation = feel::evaluate(invocation, *frame, clock);
    run->keep(evaluation, {"", unit.definition->place});
    return std::move(evaluation.value);
  });
  const auto frame =
      std::make_shared<Frame>(nullptr, std::vector<std::pair<std::string, Value>>{{kCallee, answer}});
  feel::Evaluation evaluation = feel::evaluate(call, *frame, clock, budget);
  run->known.clear();
  out.value = std::move(evaluation.value);
  out.told = std::move(*run->told);
  for (const feel::Finding& each : evaluation.findings)
    out.told.push_back({unit.definition->place, each.message});
  return out;
}

}  // namespace tenglong::dmn
