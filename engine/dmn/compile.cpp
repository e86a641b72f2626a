#include <algorithm>
#include <functional>
#include <set>

#include "engine/dmn/inside/code.h"
#include "engine/dmn/inside/refusal.h"
#include "engine/dmn/inside/trimmed.h"
#include "engine/dmn/inside/types.h"

namespace tenglong::dmn {
namespace {

using feel::DeclaredType;
using feel::DeclaredTypePtr;
using feel::Names;
using feel::NodePtr;

// Names that one expression sees: its own and those around it. An unknown name is null when evaluated.
class Scope : public Names {
 public:
  Scope(std::shared_ptr<const Scope> outer, const Types* types) : outer_(std::move(outer)), types_(types) {}
  void add(const std::string& name, std::shared_ptr<const Names> members = nullptr) {
    names_[name] = std::move(members);
  }
  bool contains(std::string_view name) const override {
    return names_.contains(name) || (outer_ && outer_->contains(name));
  }
  bool has_prefix(std::string_view prefix) const override {
    const auto at = names_.lower_bound(prefix);
    return (at != names_.end() && at->first.starts_with(prefix)) || (outer_ && outer_->has_prefix(prefix));
  }
  const Names* members(std::string_view name) const override {
    const auto at = names_.find(name);
    if (at != names_.end()) return at->second.get();
    return outer_ ? outer_->members(name) : nullptr;
  }
  std::vector<std::string> all() const override {
    std::vector<std::string> out = outer_ ? outer_->all() : std::vector<std::string>{};
    for (const auto& [name, members] : names_) out.push_back(name);
    return out;
  }
  std::shared_ptr<const Names> shared_members(std::string_view name) const {
    const auto at = names_.find(name);
    if (at != names_.end()) return at->second;
    return outer_ ? outer_->shared_members(name) : nullptr;
  }
  bool is_open() const override { return true; }
  DeclaredTypePtr type(std::string_view name) const override {
    return types_ ? types_->named(name) : nullptr;
  }
  std::vector<std::string> types() const override {
    return types_ ? types_->names() : std::vector<std::string>{};
  }

 private:
  std::map<std::string, std::shared_ptr<const Names>, std::less<>> names_;
  std::shared_ptr<const Scope> outer_;
  const Types* types_;
};
using ScopePtr = std::shared_ptr<Scope>;

// What stands behind a dot after a value of this type, so that names with blanks are read there.
std::shared_ptr<const Names> members_of(const DeclaredTypePtr& type, int depth = 0) {
  if (!type || depth > 8) return nullptr;
  if (type->form == DeclaredType::Form::ListOf) return members_of(type->element, depth + 1);
  if (type->form != DeclaredType::Form::ContextOf || type->members.empty()) return nullptr;
  auto out = std::make_shared<Scope>(nullptr, nullptr);
  for (const auto& [name, member] : type->members) out->add(name, members_of(member, depth + 1));
  return out;
}
// The same of a boxed expression without a type.
std::shared_ptr<const Names> members_of(const Expression& expression, int depth = 0) {
  if (depth > 8) return nullptr;
  auto out = std::make_shared<Scope>(nullptr, nullptr);
  if (expression.form == Form::Context) {
    if (expression.children.size() > expression.names.size())
      return members_of(*expression.children.back(), depth + 1);
    for (std::size_t i = 0; i < expression.names.size(); ++i)
      out->add(expression.names[i].name, members_of(*expression.children[i], depth + 1));
  } else if (expression.form == Form::Relation) {
    for (const Variable& each : expression.names) out->add(each.name);
  } else if (expression.form == Form::Table && expression.table->outputs.size() > 1) {
    for (const DecisionTable::Output& each : expression.table->outputs) out->add(each.name);
  } else {
    return nullptr;
  }
  return out;
}

NodePtr name_node(std::string name) {
  auto out = std::make_shared<feel::Node>();
  out->kind = feel::NodeKind::Name;
  out->text = std::move(name);
  return out;
}

bool mentions_partial(const Expression& expression) {
  if (expression.text.source.find("partial") != std::string::npos) return true;
  if (expression.table) {
    for (const DecisionTable::Input& each : expression.table->inputs)
      if (each.expression.source.find("partial") != std::string::npos) return true;
    for (const DecisionTable::Rule& rule : expression.table->rules)
      for (const Text& each : rule.outputs)
        if (each.source.find("partial") != std::string::npos) return true;
  }
  return std::any_of(expression.children.begin(), expression.children.end(),
                     [](const ExpressionPtr& child) { return mentions_partial(*child); });
}

}  // namespace

class Compiler {
 public:
  Compiler(Program::Body& body, Diagnostics& diagnostics) : body_(body), diagnostics_(diagnostics) {}

  void compile() {
    for (std::size_t i = 0; i < body_.models.size(); ++i)
      types_.push_back(std::make_unique<Types>(body_.models[i], diagnostics_));
    for (std::size_t i = 0; i < body_.models.size(); ++i) connect_imports(i);
    for (std::size_t i = 0; i < body_.models.size(); ++i) {
      types_[i]->define_all();
      declare(static_cast<int>(i));
    }
    for (Unit& unit : body_.units) connect(unit);
    refuse_circles();
    for (Unit& unit : body_.units) {
      current_ = types_[static_cast<std::size_t>(unit.model)].get();
      if (!unit.definition->logic) continue;
      const ScopePtr scope = scope_of(unit);
      unit.code = code(unit.definition->logic, scope);
    }
  }

 private:
  static bool is_imported_by(const Model& owner, const Model& other) {
    return std::any_of(owner.imports.begin(), owner.imports.end(),
                       [&](const Import& each) { return each.space == other.space; });
  }

  void connect_imports(std::size_t index) {
    for (const Import& import : body_.models[index].imports) {
      if (import.space.find("/DMN/") != std::string::npos && import.space.find("/FEEL/") != std::string::npos)
        continue;
      std::size_t found = body_.models.size();
      for (std::size_t i = 0; i < body_.models.size(); ++i)
        if (i != index && body_.models[i].space == import.space) found = i;
      if (found == body_.models.size()) {
        diagnostics_.push_back(refusal(
            "E-DMN-205", import.place,
            {"找不到要引入的模型“" + import.name + "”（命名空间 " + import.space + "）。",
             "The model to import as “" + import.name + "” (namespace " + import.space + ") is not there."},
            {"把那个 .dmn 文件放在同一个文件夹里。", "Put that .dmn file into the same folder."}));
        continue;
      }
      types_[index]->import(import.name, types_[found].get());
    }
  }

  void declare(int model) {
    std::set<std::pair<ElementKind, std::string>> seen;
    for (const ElementDefinition& each : body_.models[static_cast<std::size_t>(model)].elements) {
      Unit unit;
      unit.definition = &each;
      unit.model = model;
      unit.type =
          types_[static_cast<std::size_t>(model)]->written(each.variable.type_ref, each.variable.place);
      by_id_.emplace(std::make_pair(model, each.id), static_cast<int>(body_.units.size()));
      if (!each.name.empty() && !seen.emplace(each.kind, each.name).second)
        diagnostics_.push_back(
            refusal("E-DMN-203", each.place,
                    {"名称“" + each.name + "”已经用过。", "The name “" + each.name + "” is taken."},
                    {"换一个名称。", "Choose another name."}));
      body_.units.push_back(std::move(unit));
    }
  }

  // -1 and a word about it if there is no such element.
  int target(const Unit& from, const Requirement& requirement) {
    const std::size_t hash = requirement.href.find('#');
    const std::string space = hash == std::string::npos ? "" : requirement.href.substr(0, hash);
    const std::string id = hash == std::string::npos ? requirement.href : requirement.href.substr(hash + 1);
    const Model& own = body_.models[static_cast<std::size_t>(from.model)];
    if (space.empty() || space == own.space)
      if (const auto found = by_id_.find({from.model, id}); found != by_id_.end()) return found->second;
    for (std::size_t i = 0; i < body_.models.size(); ++i) {
      if (space.empty() || body_.models[i].space != space || !is_imported_by(own, body_.models[i])) continue;
      const auto found = by_id_.find({static_cast<int>(i), id});
      if (found != by_id_.end()) return found->second;
    }
    diagnostics_.push_back(refusal(
        "E-DMN-202", requirement.place,
        {"“" + requirement.href + "”指向的元素不存在。", "“" + requirement.href + "” points to nothing."},
        {"核对 id，或补上缺少的元素。", "Check the id, or add the missing element."}));
    return -1;
  }

  std::vector<int> targets(const Unit& from, const std::vector<Requirement>& requirements) {
    std::vector<int> out;
    for (const Requirement& each : requirements)
      if (const int unit = target(from, each); unit >= 0) out.push_back(unit);
    return out;
  }

  std::string import_name(int from, int to) const {
    if (from == to) return {};
    const std::string& space = body_.models[static_cast<std::size_t>(to)].space;
    for (const Import& each : body_.models[static_cast<std::size_t>(from)].imports)
      if (each.space == space) return each.name;
    return {};
  }

  void connect(Unit& unit) {
    for (const Requirement& each : unit.definition->requirements) {
      const int to = target(unit, each);
      if (to < 0) continue;
      const Unit& needed = body_.units[static_cast<std::size_t>(to)];
      unit.needs.push_back({needed.definition->variable.name, import_name(unit.model, needed.model), to});
    }
    unit.outputs = targets(unit, unit.definition->outputs);
    unit.parameters = targets(unit, unit.definition->input_data);
    for (const int each : targets(unit, unit.definition->input_decisions)) unit.parameters.push_back(each);
    if (unit.definition->kind == ElementKind::DecisionService && unit.definition->outputs.empty())
      diagnostics_.push_back(
          refusal("E-DMN-211", unit.definition->place,
                  {"决策服务没有输出决策。", "The decision service has no output decision."},
                  {"写上 outputDecision。", "Name an outputDecision."}));
  }

  // Decisions must not need themselves. Knowledge models and services may call themselves: the budget bounds
  // that.
  void refuse_circles() {
    std::vector<int> state(body_.units.size(), 0);
    for (std::size_t start = 0; start < body_.units.size(); ++start) {
      if (state[start] != 0) continue;
      std::vector<std::pair<std::size_t, std::size_t>> path = {{start, 0}};
      state[start] = 1;
      while (!path.empty()) {
        auto& [at, next] = path.back();
        if (next == body_.units[at].needs.size()) {
          state[at] = 2;
          path.pop_back();
          continue;
        }
        const auto to = static_cast<std::size_t>(body_.units[at].needs[next++].unit);
        if (body_.units[to].definition->kind != ElementKind::Decision) continue;
        if (state[to] == 1) {
          diagnostics_.push_back(refusal(
              "E-DMN-204", body_.units[at].definition->place,
              {"“" + body_.units[at].definition->name + "”绕了一圈又需要自己（经“" +
                   body_.units[to].definition->name + "”）。",
               "“" + body_.units[at].definition->name + "” needs itself by way of “" +
                   body_.units[to].definition->name + "”."},
              {"删去其中一条 informationRequirement。", "Remove one of the informationRequirements."}));
        } else if (state[to] == 0) {
          state[to] = 1;
          path.emplace_back(to, 0);
        }
      }
    }
  }

  std::shared_ptr<const Names> members_of_unit(const Unit& unit) {
    if (unit.definition->kind == ElementKind::DecisionService ||
        unit.definition->kind == ElementKind::KnowledgeModel)
      return nullptr;
    if (auto members = members_of(unit.type)) return members;
    return unit.definition->logic ? members_of(*unit.definition->logic) : nullptr;
  }

  ScopePtr scope_of(const Unit& unit) {
    auto out = std::make_shared<Scope>(nullptr, current_);
    std::map<std::string, ScopePtr> imports;
    for (const Import& each : body_.models[static_cast<std::size_t>(unit.model)].imports)
      if (!each.name.empty()) imports.emplace(each.name, std::make_shared<Scope>(nullptr, nullptr));
    for (const Need& each : unit.needs) {
      auto members = members_of_unit(body_.units[static_cast<std::size_t>(each.unit)]);
      if (each.import_name.empty())
        out->add(each.name, std::move(members));
      else
        imports[each.import_name]->add(each.name, std::move(members));
    }
    for (const auto& [name, members] : imports) out->add(name, members);
    if (unit.definition->kind == ElementKind::KnowledgeModel) out->add(unit.definition->variable.name);
    return out;
  }

  Formula formula(const Text& text, const Names& names, feel::Grammar grammar = feel::Grammar::Expression) {
    Formula out;
    out.text = text;
    if (grammar == feel::Grammar::Expression &&
        text.source.find_first_not_of(" \t\r\n") == std::string::npos) {
      auto null = std::make_shared<feel::Node>();
      out.tree = null;
      return out;
    }
    feel::Parsed parsed =
        feel::parse(text.source, names,
                    {.file = text.place.file, .line = text.place.line, .column = text.place.column}, grammar);
    out.tree = parsed.tree;
    if (!parsed.tree) {
      out.mistake = parsed.diagnostics.empty()
                        ? text::Words{"这段 FEEL 看不懂。", "This FEEL is not understood."}
                        : parsed.diagnostics.front().message;
    }
    for (diagnostic::Diagnostic& each : parsed.diagnostics) diagnostics_.push_back(std::move(each));
    return out;
  }

  std::unique_ptr<Code> code(const ExpressionPtr& source, const ScopePtr& scope) {
    auto out = std::make_unique<Code>();
    out->source = source;
    out->type = current_->written(source->type_ref, source->place);
    for (const Variable& each : source->names)
      out->name_types.push_back(current_->written(each.type_ref, each.place));
    const auto inner = [&] { return std::make_shared<Scope>(scope, current_); };
    const auto add_children = [&](const ScopePtr& within) {
      for (const ExpressionPtr& each : source->children) out->children.push_back(code(each, within));
    };
    switch (source->form) {
      case Form::Literal:
        out->literal = formula(source->text, *scope);
        break;
      case Form::Table:
        out->table = table(*source->table, scope);
        break;
      case Form::Context: {
        const ScopePtr within = inner();
        for (std::size_t i = 0; i < source->children.size(); ++i) {
          const ExpressionPtr& child = source->children[i];
          const bool is_named = i < source->names.size();
          // A function may call itself by the name of its entry.
          if (is_named && child->form == Form::Function) within->add(source->names[i].name);
          out->children.push_back(code(child, within));
          if (!is_named) continue;
          auto members = members_of(out->name_types[i]);
          within->add(source->names[i].name, members ? members : members_of(*child));
        }
        break;
      }
      case Form::Function: {
        const ScopePtr within = inner();
        for (std::size_t i = 0; i < source->names.size(); ++i)
          within->add(source->names[i].name, members_of(out->name_types[i]));
        if (source->external.empty()) add_children(within);
        break;
      }
      case Form::Invocation: {
        add_children(scope);
        auto call = std::make_shared<feel::Node>();
        call->kind = feel::NodeKind::Call;
        call->children.push_back(name_node(kCallee));
        for (std::size_t i = 0; i < source->names.size(); ++i) {
          call->children.push_back(name_node(kPart + std::to_string(i)));
          call->argument_names.push_back(source->names[i].name);
        }
        out->frame_tree = call;
        break;
      }
      case Form::Filter: {
        out->children.push_back(code(source->children[0], scope));
        const ScopePtr within = inner();
        std::shared_ptr<const Names> members = members_of(out->children[0]->type);
        if (!members) members = members_of(*source->children[0]);
        if (!members && source->children[0]->form == Form::Literal)
          members = scope->shared_members(trimmed(source->children[0]->text.source));
        if (members)
          for (const std::string& each : members->all()) within->add(each);
        within->add("item", members);
        out->children.push_back(code(source->children[1], within));
        break;
      }
      case Form::For:
      case Form::Some:
      case Form::Every: {
        out->children.push_back(code(source->children[0], scope));
        const ScopePtr within = inner();
        out->uses_partial = source->form == Form::For && mentions_partial(*source->children[1]);
        if (out->uses_partial) within->add("partial");
        std::shared_ptr<const Names> members;
        if (source->children[0]->form == Form::Literal)
          members = scope->shared_members(trimmed(source->children[0]->text.source));
        within->add(source->names[0].name, members);
        out->children.push_back(code(source->children[1], within));
        out->frame_tree = iteration(*source, out->uses_partial);
        break;
      }
      case Form::Relation:
      case Form::List:
      case Form::Conditional:
        add_children(scope);
        break;
    }
    return out;
  }

  static NodePtr iteration(const Expression& source, bool uses_partial) {
    auto part = std::make_shared<feel::Node>();
    part->kind = feel::NodeKind::Call;
    part->children = {name_node(kPart), name_node(source.names[0].name)};
    if (uses_partial) part->children.push_back(name_node("partial"));
    auto out = std::make_shared<feel::Node>();
    out->kind = source.form == Form::For    ? feel::NodeKind::For
                : source.form == Form::Some ? feel::NodeKind::Some
                                            : feel::NodeKind::Every;
    out->argument_names = {source.names[0].name};
    out->children = {name_node(kDomain), part};
    out->mentions = uses_partial;
    return out;
  }

  std::unique_ptr<TableCode> table(const DecisionTable& source, const ScopePtr& scope) {
    auto out = std::make_unique<TableCode>();
    const Place none = source.rules.empty() ? Place{} : source.rules.front().place;
    for (const DecisionTable::Input& each : source.inputs) {
      TableCode::Column column;
      column.expression = formula(each.expression, *scope);
      column.type = current_->written(each.type_ref, each.expression.place);
      if (each.allowed) {
        column.allowed = formula(*each.allowed, *scope, feel::Grammar::UnaryTests);
        column.is_limited = true;
      }
      out->inputs.push_back(std::move(column));
    }
    for (const DecisionTable::Output& each : source.outputs) {
      TableCode::OutputColumn column;
      column.type = current_->written(each.type_ref, none);
      if (each.allowed) {
        column.allowed = formula(*each.allowed, *scope, feel::Grammar::UnaryTests);
        column.is_limited = true;
      } else if (const std::optional<Text> allowed = current_->allowed_values(each.type_ref)) {
        column.allowed = formula(*allowed, *scope, feel::Grammar::UnaryTests);
        column.is_limited = true;
      }
      if (each.otherwise) {
        column.otherwise = formula(*each.otherwise, *scope);
        column.has_otherwise = true;
      }
      out->outputs.push_back(std::move(column));
    }
    for (const DecisionTable::Rule& each : source.rules) {
      TableCode::Rule rule;
      for (const Text& cell : each.inputs)
        rule.inputs.push_back(formula(cell, *scope, feel::Grammar::UnaryTests));
      for (const Text& cell : each.outputs) rule.outputs.push_back(formula(cell, *scope));
      out->rules.push_back(std::move(rule));
    }
    return out;
  }

  Program::Body& body_;
  Diagnostics& diagnostics_;
  std::vector<std::unique_ptr<Types>> types_;
  std::map<std::pair<int, std::string>, int> by_id_;
  const Types* current_ = nullptr;
};

std::shared_ptr<const Program> Program::compile(std::vector<Model> models, Diagnostics& diagnostics) {
  std::shared_ptr<Program> out(new Program);
  out->body_->models = std::move(models);
  Compiler(*out->body_, diagnostics).compile();
  return out;
}

Program::Program() : body_(std::make_unique<Body>()) {}
Program::~Program() = default;

}  // namespace tenglong::dmn
