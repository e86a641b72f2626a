// Walks a tree with an environment. One object per evaluation; nothing is kept between evaluations.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/feel/evaluate.h"
#include "engine/feel/inside/function.h"

namespace tenglong::feel {

using FramePtr = std::shared_ptr<const Frame>;

class Interpreter {
 public:
  Interpreter(const Environment& environment, const Clock& clock, Budget budget)
      : environment_(environment), clock_(clock), budget_(budget) {}

  Value evaluate(const Node& node, const FramePtr& frame);
  // Does `input` pass the tests? true, false or null.
  Value evaluate_tests(const Node& node, const Value& input, const FramePtr& frame);
  Value call(const Value& function, const List& arguments, Span span);
  Value null(Span span, std::string zh, std::string en);
  bool spend(Span span);
  const Clock& clock() const { return clock_; }
  std::vector<Finding> take_findings() { return std::move(findings_); }

 private:
  Value name(const Node& node, const FramePtr& frame);
  Value path(const Node& node, const FramePtr& frame);
  Value member(const Value& owner, const Node& node);
  Value filter(const Node& node, const FramePtr& frame);
  Value call_node(const Node& node, const FramePtr& frame);
  Value call_named(const Function& function, const Node& node, const std::vector<Value>& arguments);
  Value arithmetic(const Node& node, const FramePtr& frame);
  Value comparison(const Node& node, const FramePtr& frame);
  Value logical(const Node& node, const FramePtr& frame);
  Value between(const Node& node, const FramePtr& frame);
  Value in(const Node& node, const FramePtr& frame);
  Value iterate(const Node& node, const FramePtr& frame);
  Value range(const Node& node, const FramePtr& frame);
  Value context(const Node& node, const FramePtr& frame);
  std::optional<List> domain_items(const Value& domain, const Node& node);
  Value test(const Node& node, const Value& input, const FramePtr& frame);

  const Environment& environment_;
  const Clock& clock_;
  Budget budget_;
  std::int64_t steps_ = 0;
  int depth_ = 0;
  bool spent_ = false;
  std::vector<Finding> findings_;
};

// true, false, null: is the value in the range?
Value contains(const Range& range, const Value& value);
Value from_ternary(std::optional<bool> truth);
bool conforms(const Value& value, std::string_view type);
// To the declared type: [v] <-> v, date -> date and time; a value that does not conform becomes null.
Value coerced(const Value& value, std::string_view type);
Value compared(const std::string& sign, const Value& a, const Value& b);

}  // namespace tenglong::feel
