// Recursive descent over the text itself: names are cut longest-first against the scope, so there is no
// separate token list.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/syntax.h"

namespace tenglong::feel {

bool is_name_start(char32_t c);
bool is_name_part(char32_t c);
bool is_space(char32_t c);
bool is_name_symbol(char32_t c);

constexpr int kGreatestHeight = 900;           // of a tree, walked by recursion: evaluation stops at 1,000
constexpr std::size_t kMostDiagnostics = 200;  // of one expression; more would help nobody

class Parser {
 public:
  Parser(std::string_view source, const Names& names, const Origin& origin);
  Parsed run(Grammar grammar);

 private:
  struct Mark {
    std::size_t at;
    std::size_t diagnostics;
    bool failed;
  };
  struct Local {
    std::string name;
    const Names* members = nullptr;
  };
  struct LocalScope {
    std::vector<Local> names;
    bool lenient = false;  // inside a filter: members of the items are names too, known only when run
    const Names* members = nullptr;
  };

  // text
  void skip_space();
  bool at_end();
  char32_t peek_code_point(std::size_t at, std::size_t& next) const;
  bool take(std::string_view symbol);  // punctuation, after white space
  bool looking_at(std::string_view symbol);
  bool take_word(std::string_view word);  // a keyword: not followed by a name part
  bool looking_at_word(std::string_view word);
  Mark mark() const { return {at_, parsed_.diagnostics.size(), failed_}; }
  void reset(const Mark& mark);
  NodePtr fail(std::size_t begin, std::size_t end, std::string code, text::Words message,
               text::Words advice = {});
  NodePtr expected(const char* zh, const char* en);
  void mend_full_width();

  // names
  bool in_scope(std::string_view name) const;
  bool prefix_in_scope(std::string_view prefix) const;
  std::optional<std::string> scoped_name(const Names* members_only, std::size_t& end);
  std::optional<std::string> plain_name(std::size_t& end);
  std::optional<std::string> key_before_colon();
  std::optional<std::string> name_until(std::string_view ends);
  bool is_comment(std::size_t at) const;
  std::size_t skip_comment(std::size_t at) const;
  std::optional<std::string> parameter_name();
  std::string variable_name();
  // What may stand after a dot behind this expression; nullptr: not known.
  const Names* members_of(const Node& node);
  const Names* members_of(const DeclaredType& type);
  // The source from there to here, without the white space at its end.
  std::string written_from(std::size_t begin) const;
  DeclaredTypePtr declared_type();
  std::optional<std::vector<DeclaredTypePtr>> type_arguments();
  DeclaredTypePtr context_type();
  DeclaredTypePtr function_type();
  DeclaredTypePtr named_type();

  // grammar, loosest first
  NodePtr expression();
  NodePtr disjunction();
  NodePtr conjunction();
  NodePtr comparison();
  NodePtr additive();
  NodePtr multiplicative();
  NodePtr power();
  NodePtr unary();
  NodePtr postfix();
  NodePtr primary();
  NodePtr number();
  NodePtr string_literal();
  std::optional<std::string> string_text();
  NodePtr at_literal();
  NodePtr name();
  NodePtr if_expression();
  NodePtr iteration(NodeKind kind);
  NodePtr function_literal();
  NodePtr bracket();
  NodePtr parenthesis();
  NodePtr range_to(std::size_t begin, char open, NodePtr low);
  NodePtr context_literal();
  NodePtr call(NodePtr callee);
  NodePtr filter(NodePtr filtered);
  NodePtr in_tests(NodePtr left);
  NodePtr unary_tests();
  NodePtr test_list(NodeKind kind, std::size_t begin);
  // Whole: a cell or a bracketed test, any expression. Operand: after `in`, where `and` and `or` end it.
  enum class TestExtent { Whole, Operand };
  NodePtr test(TestExtent extent = TestExtent::Whole);
  bool too_deep();
  void too_complex(std::size_t begin);
  // One more name inside; too many of them are refused.
  void add_local(Local local);

  std::shared_ptr<Node> make(NodeKind kind, std::size_t begin, std::vector<NodePtr> children = {},
                             std::string text = {});
  NodePtr test_of(std::size_t begin, NodePtr inner);

  std::string source_;  // with full-width punctuation mended, byte for byte as long as the original
  const Names& names_;
  const Origin& origin_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::size_t primaries_ = 0;
  bool failed_ = false;
  bool gave_up_ = false;    // too deep or too complex: nothing more is read
  bool range_end_ = false;  // parsing the upper end of a range: "[" may close it
  std::vector<LocalScope> locals_;
  std::vector<std::unique_ptr<const Names>> own_names_;  // members of typed parameters
  NameSet seen_keys_;  // keys of context literals so far: members with blanks are cut by them
  int seen_key_count_ = 0;
  int failed_trials_ = 0;  // readings of "[" as a filter that were taken back
  Parsed parsed_;
};

// The built-in names, those with blanks included.
bool is_builtin_name(std::string_view name);
bool has_builtin_prefix(std::string_view prefix);

}  // namespace tenglong::feel
