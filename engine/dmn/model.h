// A DMN model as its file says it: the OMG's Decision Model and Notation 1.2 to 1.5, FEEL texts unparsed.
//
// In:    the bytes of one XML file. Out: its elements in order of the file, with places.
// Never: a DTD, unbounded size or depth (see E-DMN-101 to 103); diagrams and extensions are passed over.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::dmn {

using diagnostic::Diagnostics;
using diagnostic::Place;

// A piece of FEEL and where it stands.
struct Text {
  std::string source = {};
  Place place = {};
  bool is_written = true;     // of a cell; false: it is blank in the file and stands for its default
  std::string language = {};  // as the file says; empty: that of the model
  std::string remark = {};    // a description of this cell alone
};

struct Variable {
  std::string name = {};
  std::string type_ref = {};  // empty: any
  Place place = {};
};

enum class HitPolicy { Unique, Any, Priority, First, RuleOrder, OutputOrder, Collect };
enum class Aggregator { None, Sum, Min, Max, Count };
const char* to_string(HitPolicy policy);  // as the standard writes it: "RULE ORDER"

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

struct DecisionTable {
  struct Input {
    Place place = {};
    std::string label = {};
    std::string type_ref = {};
    Text expression = {};
    std::optional<Text> allowed = {};  // unary tests
  };
  struct Output {
    Place place = {};
    std::string name = {};  // empty if there is one output only
    std::string label = {};
    std::string type_ref = {};
    std::optional<Text> allowed = {};  // unary tests; their order is the priority
    std::optional<Text> otherwise = {};
  };
  struct Rule {
    Place place = {};
    std::vector<Text> inputs = {};   // unary tests, one an input
    std::vector<Text> outputs = {};  // expressions, one an output
    std::vector<std::string> annotations = {};
  };
  Place place = {};
  HitPolicy hit_policy = HitPolicy::Unique;
  Aggregator aggregator = Aggregator::None;
  std::string output_label = {};
  std::vector<Input> inputs = {};
  std::vector<Output> outputs = {};
  std::vector<std::string> annotations = {};
  std::vector<Rule> rules = {};
};

enum class Form {
  Literal,      // text
  Table,        // table
  Context,      // names[i] = children[i]; a child beyond the names is the result
  Relation,     // names are the columns; children row by row
  List,         // children
  Invocation,   // children[0] is called; names[i] = children[i + 1]
  Function,     // names are the parameters; children[0] is the body; `external` if it is no FEEL
  Conditional,  // children: if, then, else
  Filter,       // children: in, match
  For,          // names[0] is the iterator; children: in, return
  Some,
  Every,  // as For, with satisfies
};

struct Expression {
  Form form = Form::Literal;
  Place place = {};
  std::string label = {};
  std::string type_ref = {};
  Text text = {};
  std::vector<Variable> names = {};
  std::vector<ExpressionPtr> children = {};
  std::shared_ptr<const DecisionTable> table = {};
  std::string external = {};  // Java, PMML
};

struct ItemDefinition {
  std::string name = {};
  Place place = {};
  bool is_collection = false;
  std::string type_ref = {};
  std::vector<ItemDefinition> components = {};
  std::optional<Text> allowed = {};     // of each item of a collection
  std::optional<Text> constraint = {};  // of the whole
  bool is_function = false;
  std::vector<Variable> parameters = {};
  std::string result_ref = {};
};

enum class ElementKind { InputData, Decision, KnowledgeModel, DecisionService };

struct Requirement {
  std::string href = {};  // "#id" or "namespace#id"
  Place place = {};
};

struct ElementDefinition {
  ElementKind kind = ElementKind::InputData;
  std::string id = {};
  std::string name = {};
  std::string question = {};
  std::string description = {};
  Place place = {};
  Variable variable = {};
  std::vector<Requirement> requirements = {};  // of decisions and knowledge models
  ExpressionPtr logic = {};                    // of decisions; of knowledge models a Function; none: no logic
  // Decision services:
  std::vector<Requirement> outputs = {};
  std::vector<Requirement> encapsulated = {};
  std::vector<Requirement> input_decisions = {};
  std::vector<Requirement> input_data = {};
};

struct Import {
  std::string name = {};
  std::string space = {};
  std::string location = {};  // a file beside this one, if it says
  Place place = {};
};

struct Model {
  std::string file = {};
  std::string name = {};
  std::string space = {};
  std::string version = {};  // "1.5"
  std::vector<Import> imports = {};
  std::vector<ItemDefinition> types = {};
  std::vector<ElementDefinition> elements = {};
};

// What could be read; `diagnostics` says what could not. Nothing at all if it is no model.
std::optional<Model> read_model(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);

}  // namespace tenglong::dmn
