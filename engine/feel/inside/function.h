// A function as a value: built in, written in FEEL with its closure, or given by the host.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/feel/evaluate.h"
#include "engine/feel/syntax.h"
#include "engine/feel/value.h"

namespace tenglong::feel {

class Interpreter;

// What a built-in function may use: its place for findings, the clock, and calling function values.
class Call {
 public:
  Call(Interpreter& interpreter, Span span) : interpreter_(interpreter), span_(span) {}
  // Null, and why.
  Value null(std::string zh, std::string en);
  Value call(const Value& function, const List& arguments);
  const Clock& clock() const;
  bool spend();  // one step of the budget; false when it is spent

 private:
  Interpreter& interpreter_;
  Span span_;
};

using BuiltinBody = Value (*)(Call& call, const List& arguments);

struct Builtin {
  const char* name;
  std::vector<std::vector<std::string>> parameter_lists;
  bool variadic;  // any number of positional arguments
  BuiltinBody body;
};
const Builtin* find_builtin(std::string_view name);
const std::vector<Builtin>& all_builtins();

// One scope of local names; outer scopes by parent.
struct Frame {
  std::shared_ptr<const Frame> parent;
  std::vector<std::pair<std::string, Value>> names;
  const Value* find(std::string_view name) const {
    for (const Frame* frame = this; frame != nullptr; frame = frame->parent.get())
      for (auto it = frame->names.rbegin(); it != frame->names.rend(); ++it)
        if (it->first == name) return &it->second;
    return nullptr;
  }
};

class Function {
 public:
  const Builtin* builtin = nullptr;
  std::vector<std::string> parameters = {};
  std::vector<std::string> parameter_types = {};
  NodePtr body = {};  // written in FEEL
  std::shared_ptr<const Frame> closure = {};
  HostFunction host = {};
  std::string signature() const;
};

}  // namespace tenglong::feel
