// The reference meaning of every expression: one interpreter over exact values. Every faster path must equal
// it.
//
// In:    a tree and an environment of names. Out: a value; errors are null plus a finding with its span.
// Never: throws for anything an expression can do; reads a clock (today() and now() come from the
// environment). Cost:  steps and depth are bounded by Budget; when it is spent the whole result is null,
// never another value, and the finding says so.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/declared_type.h"
#include "engine/feel/syntax.h"
#include "engine/feel/value.h"
#include "engine/text/text.h"

namespace tenglong::feel {

// Names to values. Looked up once per Name node; may compute lazily. Functions made under an environment that
// is held by a shared_ptr keep it; under any other they see that of their caller.
class Environment : public std::enable_shared_from_this<Environment> {
 public:
  virtual ~Environment() = default;
  // nullopt: no such name (a finding). A null value is a known name without a value.
  virtual std::optional<Value> find(std::string_view name) const = 0;
};

class ContextEnvironment : public Environment {
 public:
  explicit ContextEnvironment(Context context) : context_(std::move(context)) {}
  std::optional<Value> find(std::string_view name) const override;

 private:
  Context context_;
};

// Steps stand for work and for memory alike: long texts and lists cost as much as they are long. Evaluations
// inside host functions spend what is left of the evaluation around them.
struct Budget {
  std::int64_t steps = 10'000'000;
  int depth = 1'000;
};

// One reason why some part became null. Spans are those of the tree's own source.
struct Finding {
  Span span = {};
  text::Words message = {};
  std::vector<Span> carried = {};  // the parts around it that became null with it, innermost first
  // E-FEEL-401: the steps are spent; E-FEEL-402: nested too deeply. The whole value is null then. Else empty.
  std::string code = {};
};

struct Clock {  // fixed per run; nothing here reads the real one
  std::optional<DateTime> now = {};
};

struct Evaluation {
  Value value = {};
  std::vector<Finding> findings = {};
};

Evaluation evaluate(const Node& tree, const Environment& environment, const Clock& clock = {},
                    Budget budget = {});
// `tree` was parsed as UnaryTests; `input` is what `?` stands for. true, false or null.
Evaluation evaluate_tests(const Node& tree, const Value& input, const Environment& environment,
                          const Clock& clock = {}, Budget budget = {});

// Host functions (parameters as 低效认定线(范围: ..., 年度: ...)) are values in the environment.
using HostFunction = std::function<Value(const List& arguments)>;
Value make_function(std::vector<std::string> parameter_names, HostFunction body);

// A function written in FEEL but put together by the host (a knowledge model of DMN). It may call itself
// through its environment; the budget of the evaluation that calls it holds for it too.
struct FunctionDefinition {
  std::vector<std::string> parameter_names = {};
  std::vector<DeclaredTypePtr> parameter_types = {};  // none, or one each; a null pointer takes anything
  NodePtr body = {};
  DeclaredTypePtr result = {};                          // none: anything
  std::shared_ptr<const Environment> environment = {};  // none: that of the caller
};
Value make_function(FunctionDefinition definition);

struct BuiltinSignature {
  std::string name;
  std::vector<std::vector<std::string>> parameter_lists;
};
const std::vector<BuiltinSignature>& builtins();

}  // namespace tenglong::feel
