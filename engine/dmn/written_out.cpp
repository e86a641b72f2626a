#include "engine/dmn/inside/written_out.h"

#include <algorithm>

namespace tenglong::dmn {

using feel::NodeKind;
using feel::NodePtr;

namespace {

constexpr int kDeepestWritten = 24;
constexpr std::size_t kLongestWritten = 20'000;

// Applicant.Age of a path of names.
std::optional<std::string> path_of(const feel::Node& node) {
  if (node.kind == NodeKind::Name) return node.text;
  if (node.kind != NodeKind::Path || node.children.size() != 1) return std::nullopt;
  const auto owner = path_of(*node.children[0]);
  if (!owner) return std::nullopt;
  return *owner + "." + node.text;
}

}  // namespace

// What a name stands for while a part is written out: a binding of a knowledge model, an entry of a
// context.
using Locals = std::map<std::string, std::string>;

// FEEL with inputs under their field names, and what has no block of its own written out where it is used;
// nothing if it uses what is not there.
std::optional<std::string> WrittenOut::rewritten(const Text& text, feel::Grammar grammar,
                                                 const Locals& locals, int depth) {
  feel::NameSet names = seen_.names;
  for (const auto& [name, value] : locals) names.add(name);
  const feel::Parsed parsed = feel::parse(text.source, names, {}, grammar);
  if (!parsed.tree || depth > kDeepestWritten) return std::nullopt;
  std::vector<std::string> bound;
  const auto out = edited(text.source, *parsed.tree, {0, text.source.size()}, locals, bound, depth);
  if (!out || out->size() > kLongestWritten) return std::nullopt;
  return trimmed(*out);
}

std::optional<std::string> WrittenOut::edited(const std::string& source, const feel::Node& root,
                                              feel::Span whole, const Locals& locals,
                                              std::vector<std::string>& bound, int depth) {
  std::vector<std::pair<feel::Span, std::string>> edits;
  if (!collect(source, root, locals, bound, depth, edits)) return std::nullopt;
  std::sort(edits.begin(), edits.end(),
            [](const auto& a, const auto& b) { return a.first.begin > b.first.begin; });
  std::string out = source.substr(whole.begin, whole.end - whole.begin);
  for (const auto& [span, with] : edits) out.replace(span.begin - whole.begin, span.end - span.begin, with);
  return out;
}

std::string WrittenOut::bracketed(const std::string& text) const {
  const bool is_name = std::any_of(seen_.fields_by_path.begin(), seen_.fields_by_path.end(),
                                   [&](const auto& each) { return each.second == text; });
  return is_name || seen_.carried.contains(text) ? text : "(" + text + ")";
}

bool WrittenOut::collect(const std::string& source, const feel::Node& node, const Locals& locals,
                         std::vector<std::string>& bound, int depth, Edits& edits) {
  if (node.kind == NodeKind::Path || node.kind == NodeKind::Name) {
    if (const std::optional<std::string> path = path_of(node)) {
      const std::string first = path->substr(0, path->find('.'));
      if (std::find(bound.begin(), bound.end(), first) != bound.end()) return true;
      if (const auto local = locals.find(*path); local != locals.end()) {
        edits.emplace_back(node.span, bracketed(local->second));
        return true;
      }
      // A member of what a name stands for may itself be an input: Loan.amount for RequestedProduct.amount.
      if (const auto owner = locals.find(first); owner != locals.end() && first != *path) {
        const auto original = paths_by_local_.find(owner->second);
        if (original != paths_by_local_.end())
          if (const auto field = seen_.fields_by_path.find(original->second + path->substr(first.size()));
              field != seen_.fields_by_path.end()) {
            edits.emplace_back(node.span, field->second);
            return true;
          }
      }
      if (!locals.contains(first)) {
        if (const auto field = seen_.fields_by_path.find(*path); field != seen_.fields_by_path.end()) {
          edits.emplace_back(node.span, field->second);
          return true;
        }
        if (const auto inlined = seen_.inlined.find(*path); inlined != seen_.inlined.end()) {
          edits.emplace_back(node.span, bracketed(inlined->second));
          return true;
        }
        if (seen_.carried.contains(*path)) return true;
        if (node.kind == NodeKind::Name) {
          const bool is_structure =
              std::any_of(seen_.fields_by_path.begin(), seen_.fields_by_path.end(),
                          [&](const auto& each) { return each.first.starts_with(*path + "."); });
          if (is_structure && may_name_structures_) return true;
          return !is_structure && std::none_of(model_.elements.begin(), model_.elements.end(),
                                               [&](const auto& each) { return each.variable.name == *path; });
        }
      }
    }
  }
  if (node.kind == NodeKind::Call && node.children[0]->kind == NodeKind::Name)
    if (const ElementDefinition* model = knowledge_model(node.children[0]->text)) {
      const auto text = call(source, node, *model, locals, bound, depth);
      if (!text) return false;
      edits.emplace_back(node.span, "(" + *text + ")");
      return true;
    }
  const std::size_t before = bound.size();
  if (node.kind == NodeKind::For || node.kind == NodeKind::Some || node.kind == NodeKind::Every ||
      node.kind == NodeKind::FunctionLiteral)
    bound.insert(bound.end(), node.argument_names.begin(), node.argument_names.end());
  bool is_whole = true;
  for (const NodePtr& child : node.children)
    if (child && is_whole) is_whole = collect(source, *child, locals, bound, depth, edits);
  bound.resize(before);
  return is_whole;
}

const ElementDefinition* WrittenOut::knowledge_model(const std::string& name) const {
  for (const ElementDefinition& each : model_.elements)
    if (each.kind == ElementKind::KnowledgeModel && each.variable.name == name && each.logic &&
        each.logic->external.empty())
      return &each;
  return nullptr;
}

std::optional<std::string> WrittenOut::call(const std::string& source, const feel::Node& node,
                                            const ElementDefinition& model, const Locals& locals,
                                            std::vector<std::string>& bound, int depth) {
  Locals bindings;
  const std::vector<Variable>& parameters = model.logic->names;
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const bool is_named = i - 1 < node.argument_names.size();
    if (!is_named && i - 1 >= parameters.size()) return std::nullopt;
    const std::string& name = is_named ? node.argument_names[i - 1] : parameters[i - 1].name;
    const auto argument = argument_text(source, *node.children[i], locals, bound, depth);
    if (!argument) return std::nullopt;
    bindings[name] = *argument;
  }
  for (const Variable& each : parameters) bindings.emplace(each.name, "null");
  return text_of(*model.logic->children.front(), bindings, depth + 1);
}
// An argument; a structured input stands for its members.
std::optional<std::string> WrittenOut::argument_text(const std::string& source, const feel::Node& node,
                                                     const Locals& locals, std::vector<std::string>& bound,
                                                     int depth) {
  may_name_structures_ = true;
  const auto out = edited(source, node, node.span, locals, bound, depth);
  may_name_structures_ = false;
  if (out)
    if (const auto path = path_of(node)) remember_structure(*path, *out);
  return out;
}
void WrittenOut::remember_structure(const std::string& path, const std::string& text) {
  const auto outer = paths_by_local_.find(text);
  paths_by_local_[text] = outer == paths_by_local_.end() ? path : outer->second;
}

// The bindings of a boxed invocation of a knowledge model, written out.
std::optional<Locals> WrittenOut::bindings_of(const Expression& invocation, const ElementDefinition& model,
                                              const Locals& locals, int depth) {
  Locals out;
  for (std::size_t i = 0; i < invocation.names.size(); ++i) {
    const Expression& argument = *invocation.children[i + 1];
    may_name_structures_ = true;
    const auto text = text_of(argument, locals, depth);
    may_name_structures_ = false;
    if (!text) return std::nullopt;
    if (argument.form == Form::Literal) remember_structure(trimmed(argument.text.source), *text);
    out[invocation.names[i].name] = *text;
  }
  for (const Variable& each : model.logic->names) out.emplace(each.name, "null");
  return out;
}

// Any boxed expression but a table as one FEEL text.
std::optional<std::string> WrittenOut::text_of(const Expression& from, const Locals& locals, int depth) {
  if (depth > kDeepestWritten) return std::nullopt;
  const auto part = [&](std::size_t i) { return text_of(*from.children[i], locals, depth + 1); };
  switch (from.form) {
    case Form::Literal:
      return rewritten(from.text, feel::Grammar::Expression, locals, depth);
    case Form::Invocation: {
      const ElementDefinition* model = knowledge_model(trimmed(from.children[0]->text.source));
      if (!model) return std::nullopt;
      const auto bindings = bindings_of(from, *model, locals, depth + 1);
      return bindings ? text_of(*model->logic->children.front(), *bindings, depth + 1) : std::nullopt;
    }
    case Form::Context: {
      Locals inner = locals;
      std::string all = "{";
      for (std::size_t i = 0; i < from.children.size(); ++i) {
        const auto entry = text_of(*from.children[i], inner, depth + 1);
        if (!entry || i >= from.names.size()) return entry;
        inner[from.names[i].name] = *entry;
        all += (i == 0 ? "" : ", ") + from.names[i].name + ": " + *entry;
      }
      return all + "}";
    }
    case Form::Conditional: {
      const auto condition = part(0), then = part(1), otherwise = part(2);
      if (!condition || !then || !otherwise) return std::nullopt;
      return "if " + *condition + " then " + *then + " else " + *otherwise;
    }
    case Form::List: {
      std::string all = "[";
      for (std::size_t i = 0; i < from.children.size(); ++i) {
        const auto item = part(i);
        if (!item) return std::nullopt;
        all += (i == 0 ? "" : ", ") + *item;
      }
      return all + "]";
    }
    default:
      return std::nullopt;
  }
}

}  // namespace tenglong::dmn
