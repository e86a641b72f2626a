// The tree of one FEEL expression, as the interpreter walks it and the plan lowers it.
//
// Names are resolved while parsing, longest match first against Names, because `a-b` or `营业 收入` may be
// one name.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/feel/declared_type.h"
#include "engine/feel/value.h"

namespace tenglong::feel {

// Byte offsets into the expression's text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

enum class NodeKind {
  Literal,     // value
  Name,        // text; resolved against the scope
  Path,        // children[0] . text
  Filter,      // children[0] [ children[1] ]
  Call,        // children[0] = callee, the rest arguments; argument_names empty or one each
  Negate,      // - children[0]
  Arithmetic,  // text is + - * / **
  Comparison,  // text is = != < <= > >=
  And,
  Or,          // two children
  Between,     // x between a and b
  In,          // children[0] in one of the tests children[1..]
  InstanceOf,  // children[0], type text
  If,          // condition, then, else
  For,         // argument_names are the variables; children: the domains, then the body
  Some,
  Every,  // as For
  ListLiteral,
  ContextLiteral,   // argument_names are the keys
  RangeLiteral,     // text is one of [] [) (] () ; children: low, high (either may be a Null literal)
  FunctionLiteral,  // argument_names are the parameters; last child is the body; types in parameter_types
  // Unary tests (decision table cells, right side of `in`):
  TestAny,         // -
  TestCompare,     // text is < <= > >= = != ; child: the end point
  TestNot,         // not(tests)
  TestExpression,  // true and mentions ?, or equals the input, or a list/range that contains it
  TestList,        // comma list: any
  Wildcard,        // ?
};

struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct Node {
  NodeKind kind = NodeKind::Literal;
  Span span = {};
  std::string text = {};
  Value value = {};
  std::vector<NodePtr> children = {};
  std::vector<std::string> argument_names = {};
  std::vector<std::string> parameter_types = {};
  // The types as they were understood: of InstanceOf one, of FunctionLiteral none or one a parameter.
  std::vector<DeclaredTypePtr> types = {};
  bool mentions = false;  // TestExpression: ?; For: partial
  int height = 1;         // of the tree from here down; the parser bounds it
};

// What the parser must know: which names are in scope. Names with blanks or operators inside need it.
class Names {
 public:
  virtual ~Names() = default;
  virtual bool contains(std::string_view name) const = 0;
  // Longest-first matching needs to know when to stop: true if some name in scope begins with this text.
  virtual bool has_prefix(std::string_view prefix) const = 0;
  // Members reachable after a dot of a name, or nullptr if unknown (then any plain name is accepted).
  virtual const Names* members(std::string_view name) const = 0;
  // For "did you mean".
  virtual std::vector<std::string> all() const = 0;
  // Open: there may be more names than these. An unknown one is then null with a finding when it is
  // evaluated, as DMN has it; otherwise it is a mistake (E-FEEL-104), as a pack wants it.
  virtual bool is_open() const { return false; }
  // Types by name beyond the built-in ones (item definitions of DMN), and all of them.
  virtual DeclaredTypePtr type(std::string_view) const { return nullptr; }
  virtual std::vector<std::string> types() const { return {}; }
};

class NameSet : public Names {
 public:
  NameSet() = default;
  explicit NameSet(std::vector<std::string> names);
  void add(std::string name);
  void add_members(std::string name, std::shared_ptr<const Names> members);
  void add_type(std::string name, DeclaredTypePtr type);
  void set_open(bool open) { open_ = open; }
  bool contains(std::string_view name) const override;
  bool has_prefix(std::string_view prefix) const override;
  const Names* members(std::string_view name) const override;
  std::vector<std::string> all() const override;
  bool is_open() const override { return open_; }
  DeclaredTypePtr type(std::string_view name) const override;
  std::vector<std::string> types() const override;

 private:
  std::vector<std::string> sorted_;
  std::vector<std::pair<std::string, std::shared_ptr<const Names>>> members_;
  std::vector<std::pair<std::string, DeclaredTypePtr>> types_;
  bool open_ = false;
};

// Where the expression stands in its file, so that findings point into the pack: line and column of its first
// character.
struct Origin {
  std::string file = {};
  int line = 1;
  int column = 1;
  std::string clause = {};
};

struct Parsed {
  NodePtr tree = {};  // null if there were errors
  std::string source = {};
  diagnostic::Diagnostics diagnostics = {};  // E-FEEL-1xx
};

enum class Grammar { Expression, UnaryTests };
Parsed parse(std::string_view source, const Names& names, const Origin& origin = {},
             Grammar grammar = Grammar::Expression);

// The place of a span of `source` that begins at `origin`; understands expressions over several lines.
diagnostic::Place place_of(const Origin& origin, std::string_view source, Span span);

// Free names in order of first appearance; a path `企业.镇街` is reported as {"企业", "镇街"}.
std::vector<std::vector<std::string>> references(const Node& tree);

// One node a line, indented: for goldens and `inspect syntax`.
std::string render_tree(const Node& tree);

}  // namespace tenglong::feel
