// Walks a tree with an environment. One object per evaluation; nothing is kept between evaluations.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/feel/evaluate.h"
#include "engine/feel/inside/function.h"

namespace tenglong::feel {

class Interpreter {
 public:
  Interpreter(const Node& tree, const Environment& environment, const Clock& clock, Budget budget);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  Value evaluate(const Node& node, const Scope* scope);
  // Does `input` pass the test? true, false or null.
  Value test(const Node& node, const Value& input, const Scope* scope);
  Value call(const Value& function, const List& arguments, Span span);

  // Null, and why.
  Value null(Span span, std::string zh, std::string en);
  // Null because a part is null: the reason is told once, where it arose; `whole` is put down as carried away
  // by it.
  Value null_part(const Node& part, Span whole, std::size_t findings_before);
  Value carried(Span whole, std::size_t findings_before, std::string zh, std::string en);
  bool spend(Span span, std::uint64_t steps = 1);
  // Nothing if the budget is spent: what was worked out on the way is then worth nothing.
  Value settled(Value value);
  const Clock& clock() const { return clock_; }
  std::size_t finding_count() const { return told_; }
  std::vector<Finding> take_findings() { return std::move(findings_); }

 private:
  Value refuse_depth(Span span);
  Value refuse(Span span, const char* code, std::string zh, std::string en);
  Value walk(const Node& node, const Scope* scope);
  Value kept(Value value, const Node& node);
  Value name(const Node& node, const Scope* scope);
  Value member(const Value& owner, const Node& node, std::size_t findings_before);
  Value negate(const Node& node, const Scope* scope);
  Value filter(const Node& node, const Scope* scope);
  Value selected(const Value& filtered, const Decimal& index, const Node& node);
  Value function_literal(const Node& node, const Scope* scope);
  Value call_node(const Node& node, const Scope* scope);
  Value call_builtin(const Builtin& builtin, List& arguments, Span span, std::size_t findings_before);
  Value call_written(const Value& callee, const List& arguments, Span span, std::size_t findings_before);
  std::optional<List> arranged(const Node& node, const std::vector<std::string>& parameters,
                               const List& arguments);
  Value arithmetic(const Node& node, const Scope* scope);
  Value comparison(const Node& node, const Scope* scope);
  Value logical(const Node& node, const Scope* scope);
  Value between(const Node& node, const Scope* scope);
  Value in(const Node& node, const Scope* scope);
  Value iterate(const Node& node, const Scope* scope);
  Value range(const Node& node, const Scope* scope);
  Value context(const Node& node, const Scope* scope);
  Value test_value(const Value& value, const Value& input, const Node& node);

  struct Iteration;
  void nest(Iteration& iteration, std::size_t level, const Scope* scope);

  const Node* tree_;
  const Environment* environment_;
  const Clock& clock_;
  Budget budget_;
  Interpreter* outer_;  // this one runs inside a host function that that one called
  std::int64_t steps_ = 0;
  int depth_ = 0;
  bool spent_ = false;
  bool is_too_deep_ = false;
  bool depth_is_outer_ = false;  // the depth left is that of the one around it
  std::size_t told_ = 0;         // findings so far, those above the limit included
  std::vector<Finding> findings_;
};

// true, false, null: is the value in the range?
Value contains(const Range& range, const Value& value);
Value from_ternary(std::optional<bool> truth);
Value compared(const std::string& sign, const Value& a, const Value& b);
bool is_ordered(Kind kind);

}  // namespace tenglong::feel
