// Boxed expressions written out as one FEEL text, as a pack has it: inputs by the names of their fields,
// knowledge models and entries of contexts where they are used.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/dmn/inside/trimmed.h"
#include "engine/dmn/model.h"
#include "engine/feel/syntax.h"

namespace tenglong::dmn {

// What the pack knows by name so far.
struct Seen {
  std::map<std::string, std::string> fields_by_path = {};  // Applicant.Age -> the field's name
  std::map<std::string, std::string> inlined = {};         // decisions that stand where they are used
  std::set<std::string> carried = {};                      // decisions that are blocks
  feel::NameSet names = {};
};

// What a name stands for while a part is written out: a binding of a knowledge model, an entry of a context.
using Locals = std::map<std::string, std::string>;

class WrittenOut {
 public:
  WrittenOut(const Model& model, const Seen& seen) : model_(model), seen_(seen) {}

  // Nothing if a part uses what the pack does not have.
  std::optional<std::string> rewritten(const Text& text, feel::Grammar grammar, const Locals& locals = {},
                                       int depth = 0);
  // Any boxed expression but a table.
  std::optional<std::string> text_of(const Expression& from, const Locals& locals, int depth);
  // The bindings of a boxed invocation of a knowledge model.
  std::optional<Locals> bindings_of(const Expression& invocation, const ElementDefinition& model,
                                    const Locals& locals, int depth);
  const ElementDefinition* knowledge_model(const std::string& name) const;

 private:
  using Edits = std::vector<std::pair<feel::Span, std::string>>;
  std::optional<std::string> edited(const std::string& source, const feel::Node& root, feel::Span whole,
                                    const Locals& locals, std::vector<std::string>& bound, int depth);
  bool collect(const std::string& source, const feel::Node& node, const Locals& locals,
               std::vector<std::string>& bound, int depth, Edits& edits);
  std::optional<std::string> call(const std::string& source, const feel::Node& node,
                                  const ElementDefinition& model, const Locals& locals,
                                  std::vector<std::string>& bound, int depth);
  std::optional<std::string> argument_text(const std::string& source, const feel::Node& node,
                                           const Locals& locals, std::vector<std::string>& bound, int depth);
  void remember_structure(const std::string& path, const std::string& text);
  std::string bracketed(const std::string& text) const;

  const Model& model_;
  const Seen& seen_;
  std::map<std::string, std::string> paths_by_local_ = {};  // a structured argument's text -> the input it is
  bool may_name_structures_ = false;
};

}  // namespace tenglong::dmn
