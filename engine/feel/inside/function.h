// A function as a value: built in, written in FEEL with its closure, or given by the host.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/feel/declared_type.h"
#include "engine/feel/evaluate.h"
#include "engine/feel/syntax.h"
#include "engine/feel/value.h"

namespace tenglong::feel {

class Interpreter;

// What a built-in function may use: its place for findings, the clock, and calling function values.
class Call {
 public:
  Call(Interpreter& interpreter, Span span, std::size_t findings_before)
      : interpreter_(interpreter), span_(span), findings_before_(findings_before) {}
  // Null, and why.
  Value null(std::string zh, std::string en);
  // Null because an argument is: the reason was told where it arose.
  Value null_argument(std::string zh, std::string en);
  Value call(const Value& function, const List& arguments);
  const Clock& clock() const;
  bool spend(std::uint64_t steps = 1);  // of the budget; false when it is spent

 private:
  Interpreter& interpreter_;
  Span span_;
  std::size_t findings_before_;
};

using BuiltinBody = Value (*)(Call& call, const List& arguments);

// Which arguments take one value, so that a list of one is that one: bit i for argument i.
using Singles = unsigned;
constexpr Singles kEach = ~0u;
constexpr Singles kNone = 0;
constexpr Singles kFirst = 1u;
constexpr Singles kSecond = 2u;
constexpr Singles kAfterFirst = ~1u;

struct Builtin {
  const char* name;
  std::vector<std::vector<std::string>> parameter_lists;
  bool variadic;  // any number of positional arguments
  Singles singles;
  BuiltinBody body;
};
const Builtin* find_builtin(std::string_view name);
const std::vector<Builtin>& all_builtins();
// The function as a value; one for all uses.
Value builtin_value(const Builtin& builtin);

using Bindings = std::vector<std::pair<std::string, Value>>;

// Local names, innermost first, on the stack of the interpreter. What a closure keeps is copied by capture().
struct Scope {
  const Scope* parent = nullptr;
  std::string_view name = {};          // one name,
  const Value* value = nullptr;        //   and what it stands for
  const Context* members = nullptr;    // the members of a filtered item
  const Bindings* bindings = nullptr;  // parameters, a closure, the entries so far; the last of a name holds
  const Value* find(std::string_view wanted) const;
};
Bindings capture(const Scope* scope);

class Function {
 public:
  const Builtin* builtin = nullptr;
  std::vector<std::string> parameters = {};
  std::vector<DeclaredTypePtr> parameter_types = {};  // none, or one each; a null pointer takes anything
  NodePtr body = {};                                  // written in FEEL
  std::string own_name = {};                          // under which it may call itself
  Bindings closure = {};
  std::shared_ptr<const Environment> environment = {};  // none: that of the caller
  DeclaredTypePtr result = {};
  HostFunction host = {};
  const void* tree = nullptr;  // whose spans the body has; findings of another tree are told at the call
  int nesting = 1;             // see Value::nesting
  std::string signature() const;
};

}  // namespace tenglong::feel
