#include "engine/feel/inside/narrowing.h"

namespace tenglong::feel {

namespace {

bool is_null_literal(const Node& node) { return node.kind == NodeKind::Literal && node.value.is_null(); }

void add(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// What must have a value for this to have one.
void needed(const Node& node, std::vector<std::string>& out) {
  if (std::string path = path_text(node); !path.empty())
    out.push_back(std::move(path));
  else if (node.kind == NodeKind::Arithmetic || node.kind == NodeKind::Negate)
    for (const NodePtr& child : node.children) needed(*child, out);
}

}  // namespace

std::string path_text(const Node& node) {
  if (node.kind == NodeKind::Name) return node.text;
  if (node.kind != NodeKind::Path) return {};
  const std::string owner = path_text(*node.children[0]);
  return owner.empty() ? owner : owner + "." + node.text;
}

std::vector<std::string> known_if(const Node& condition, bool truth) {
  std::vector<std::string> out;
  switch (condition.kind) {
    case NodeKind::Name:
    case NodeKind::Path:
      if (truth) out.push_back(path_text(condition));
      break;
    case NodeKind::And:
    case NodeKind::Or:
      // All parts of an `and` hold; none of an `or` does, though one may be null.
      if ((condition.kind == NodeKind::And) == truth)
        for (const NodePtr& child : condition.children) add(out, known_if(*child, truth));
      break;
    case NodeKind::Call:
      if (condition.children.size() == 2 && condition.children[0]->kind == NodeKind::Name &&
          condition.children[0]->text == "not" && truth)
        add(out, known_if(*condition.children[1], false));
      break;
    case NodeKind::Comparison: {
      const Node& a = *condition.children[0];
      const Node& b = *condition.children[1];
      if (is_null_literal(a) || is_null_literal(b)) {
        const bool has_value = (condition.text == "!=" && truth) || (condition.text == "=" && !truth);
        if (has_value) needed(is_null_literal(a) ? b : a, out);
      } else if (truth && condition.text != "!=" && condition.text != "=") {
        needed(a, out);
        needed(b, out);
      } else if (truth && condition.text == "=" &&
                 (a.kind == NodeKind::Literal || b.kind == NodeKind::Literal)) {
        needed(a, out);
        needed(b, out);
      }
      break;
    }
    case NodeKind::Between:
      if (truth)
        for (const NodePtr& child : condition.children) needed(*child, out);
      break;
    case NodeKind::In:
    case NodeKind::InstanceOf:
      if (truth && condition.kind == NodeKind::InstanceOf) needed(*condition.children[0], out);
      break;
    default:
      break;
  }
  return out;
}

}  // namespace tenglong::feel
