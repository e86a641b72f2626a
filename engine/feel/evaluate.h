// The reference meaning of every expression: one interpreter over exact values. Every faster path must equal
// it.
//
// In:    a tree and an environment of names. Out: a value; errors are null plus a finding with its span.
// Never: throws for anything an expression can do; reads a clock (today() and now() come from the
// environment). Cost:  steps and depth are bounded by Budget; when it is spent the result is null and the
// finding says so.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/syntax.h"
#include "engine/feel/value.h"
#include "engine/text/text.h"

namespace tenglong::feel {

// Names to values. Looked up once per Name node; may compute lazily.
class Environment {
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

struct Budget {
  std::int64_t steps = 10'000'000;
  int depth = 1'000;
};

// One reason why some part became null.
struct Finding {
  Span span = {};
  text::Words message = {};
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

struct BuiltinSignature {
  std::string name;
  std::vector<std::vector<std::string>> parameter_lists;
};
const std::vector<BuiltinSignature>& builtins();

}  // namespace tenglong::feel
