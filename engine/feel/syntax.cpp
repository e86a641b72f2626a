#include "engine/feel/syntax.h"

#include <algorithm>

#include "engine/feel/inside/parser.h"
#include "engine/text/text.h"

namespace tenglong::feel {

NameSet::NameSet(std::vector<std::string> names) : sorted_(std::move(names)) {
  std::sort(sorted_.begin(), sorted_.end());
}

void NameSet::add(std::string name) {
  const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), name);
  if (at == sorted_.end() || *at != name) sorted_.insert(at, std::move(name));
}

void NameSet::add_members(std::string name, std::shared_ptr<const Names> members) {
  add(name);
  members_.emplace_back(std::move(name), std::move(members));
}

bool NameSet::contains(std::string_view name) const {
  return std::binary_search(sorted_.begin(), sorted_.end(), name, std::less<>{});
}

bool NameSet::has_prefix(std::string_view prefix) const {
  const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), prefix, std::less<>{});
  return at != sorted_.end() && std::string_view(*at).substr(0, prefix.size()) == prefix;
}

const Names* NameSet::members(std::string_view name) const {
  for (const auto& [owner, members] : members_)
    if (owner == name) return members.get();
  return nullptr;
}

void NameSet::add_type(std::string name, DeclaredTypePtr type) {
  types_.emplace_back(std::move(name), std::move(type));
}

DeclaredTypePtr NameSet::type(std::string_view name) const {
  for (const auto& [own, type] : types_)
    if (own == name) return type;
  return nullptr;
}

std::vector<std::string> NameSet::types() const {
  std::vector<std::string> out;
  out.reserve(types_.size());
  for (const auto& [name, type] : types_) out.push_back(name);
  return out;
}

std::vector<std::string> NameSet::all() const { return sorted_; }

Parsed parse(std::string_view source, const Names& names, const Origin& origin, Grammar grammar) {
  return Parser(source, names, origin).run(grammar);
}

diagnostic::Place place_of(const Origin& origin, std::string_view source, Span span) {
  diagnostic::Place place{.file = origin.file};
  const std::size_t begin = std::min(span.begin, source.size()),
                    end = std::clamp(span.end, begin, source.size());
  const auto lines_before =
      static_cast<int>(std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
  const std::size_t line_begin = lines_before == 0 ? 0 : source.rfind('\n', begin - 1) + 1;
  const std::string_view line = source.substr(line_begin, source.find('\n', line_begin) - line_begin);
  place.line = origin.line + lines_before;
  const int shift = lines_before == 0 ? origin.column - 1 : 0;
  place.column = static_cast<int>(text::column_of_byte(line, begin - line_begin)) + shift;
  place.end_column =
      static_cast<int>(text::column_of_byte(line, std::min(end - line_begin, line.size()))) + shift;
  return place;
}

namespace {

using Path = std::vector<std::string>;

void add_once(std::vector<Path>& paths, Path path) {
  if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(std::move(path));
}

bool is_bound(const std::vector<std::string>& bound, const std::string& name) {
  return std::find(bound.begin(), bound.end(), name) != bound.end();
}

void collect(const Node& node, std::vector<std::string>& bound, std::vector<Path>& paths) {
  if (node.kind == NodeKind::Name) {
    if (!is_bound(bound, node.text)) add_once(paths, {node.text});
    return;
  }
  if (node.kind == NodeKind::Path) {
    Path path;
    const Node* at = &node;
    while (at->kind == NodeKind::Path) {
      path.insert(path.begin(), at->text);
      at = at->children[0].get();
    }
    if (at->kind == NodeKind::Name) {
      path.insert(path.begin(), at->text);
      if (!is_bound(bound, path[0])) add_once(paths, std::move(path));
      return;
    }
  }
  const std::size_t outer = bound.size();
  switch (node.kind) {
    case NodeKind::Call:
      for (std::size_t i = 0; i < node.children.size(); ++i)
        if (i > 0 || node.children[0]->kind != NodeKind::Name || !is_builtin_name(node.children[0]->text))
          collect(*node.children[i], bound, paths);
      break;
    case NodeKind::For:
    case NodeKind::Some:
    case NodeKind::Every:
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        collect(*node.children[i], bound, paths);
        if (i < node.argument_names.size()) bound.push_back(node.argument_names[i]);
        if (i + 1 == node.argument_names.size() && node.kind == NodeKind::For) bound.push_back("partial");
      }
      break;
    case NodeKind::ContextLiteral:
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        collect(*node.children[i], bound, paths);
        bound.push_back(node.argument_names[i]);
      }
      break;
    case NodeKind::FunctionLiteral:
      if (!node.text.empty()) bound.push_back(node.text);
      bound.insert(bound.end(), node.argument_names.begin(), node.argument_names.end());
      collect(*node.children[0], bound, paths);
      break;
    case NodeKind::Filter:
      collect(*node.children[0], bound, paths);
      bound.push_back("item");
      collect(*node.children[1], bound, paths);
      break;
    default:
      for (const NodePtr& child : node.children) collect(*child, bound, paths);
  }
  bound.resize(outer);
}

const char* node_name(NodeKind kind) {
  constexpr const char* kNames[] = {
      "literal", "name",  "path",    "filter", "call",        "negate",   "arithmetic",   "comparison",
      "and",     "or",    "between", "in",     "instance of", "if",       "for",          "some",
      "every",   "list",  "context", "range",  "function",    "test any", "test compare", "test not",
      "test",    "tests", "?"};
  return kNames[static_cast<std::size_t>(kind)];
}

void render_node(const Node& node, int depth, std::string& out) {
  out += std::string(static_cast<std::size_t>(depth) * 2, ' ') + node_name(node.kind);
  if (node.kind == NodeKind::Literal)
    out += " " + node.value.to_feel();
  else if (!node.text.empty())
    out += " " + node.text;
  for (const std::string& name : node.argument_names) out += " " + name + ":";
  out += "\n";
  for (const NodePtr& child : node.children) render_node(*child, depth + 1, out);
}

}  // namespace

std::vector<std::vector<std::string>> references(const Node& tree) {
  std::vector<Path> paths;
  std::vector<std::string> bound;
  collect(tree, bound, paths);
  return paths;
}

std::string render_tree(const Node& tree) {
  std::string out;
  render_node(tree, 0, out);
  return out;
}

}  // namespace tenglong::feel
