// Boxed expressions with their FEEL parsed and their types found.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/dmn/program.h"
#include "engine/feel/declared_type.h"
#include "engine/feel/syntax.h"

namespace tenglong::dmn {

// FEEL text and its tree; no tree: it was not understood.
struct Formula {
  Text text = {};
  feel::NodePtr tree = {};
  text::Words mistake = {};
};

struct TableCode {
  struct Column {
    Formula expression = {};
    feel::DeclaredTypePtr type = {};
    Formula allowed = {};
    bool is_limited = false;
  };
  struct OutputColumn {
    feel::DeclaredTypePtr type = {};
    Formula allowed = {};
    bool is_limited = false;
    Formula otherwise = {};
    bool has_otherwise = false;
  };
  struct Rule {
    std::vector<Formula> inputs = {};
    std::vector<Formula> outputs = {};
  };
  std::vector<Column> inputs = {};
  std::vector<OutputColumn> outputs = {};
  std::vector<Rule> rules = {};
};

struct Code {
  ExpressionPtr source = {};
  feel::DeclaredTypePtr type = {};  // none: any
  Formula literal = {};
  std::vector<std::unique_ptr<Code>> children = {};
  std::vector<feel::DeclaredTypePtr> name_types = {};  // as Expression::names
  std::unique_ptr<TableCode> table = {};
  feel::NodePtr frame_tree = {};  // Invocation, For, Some, Every: the FEEL around the parts
  bool uses_partial = false;
};

// A needed element, and the name it is seen under.
struct Need {
  std::string name = {};
  std::string import_name = {};  // seen as import_name.name if not empty
  int unit = -1;
};

struct Unit {
  const ElementDefinition* definition = nullptr;
  int model = 0;
  feel::DeclaredTypePtr type = {};
  std::unique_ptr<Code> code = {};
  std::vector<Need> needs = {};
  // Decision services:
  std::vector<int> parameters = {};  // units, in the order of positional arguments
  std::vector<int> outputs = {};
};

struct Program::Body {
  std::vector<Model> models = {};
  std::vector<Unit> units = {};
};

// Names of the parts that a frame tree calls; no FEEL text can spell them.
inline constexpr const char* kCallee =
    "\x01"
    "callee";
inline constexpr const char* kDomain =
    "\x01"
    "domain";
inline constexpr const char* kPart =
    "\x01"
    "part";

}  // namespace tenglong::dmn
