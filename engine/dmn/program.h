// A DMN model put together with those it imports, ready to be asked.
//
// In:    models as read; inputs by name. Out: the value of a decision, and every reason why a part became
// null. Order: that of the model; the result never depends on which decision was asked before. Never: throws
// for anything a model can say; runs Java or PMML (null, with the reason); reads a clock. Cost:  each
// decision once a question; steps and depth are bounded by the budget, over all decisions together.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dmn/model.h"
#include "engine/feel/evaluate.h"

namespace tenglong::dmn {

struct Told {
  Place place = {};
  text::Words message = {};
};

struct Outcome {
  feel::Value value = {};
  std::vector<Told> told = {};  // why parts became null, innermost first
};

// What may be asked: names, and what a question must give.
struct Question {
  ElementKind kind = ElementKind::Decision;
  std::string name = {};
  std::vector<std::string> inputs = {};  // of a decision all inputs it needs, of the others their parameters
};

class Program : public std::enable_shared_from_this<Program> {
 public:
  // models.front() is asked; the others are there to be imported. Mistakes are told (E-DMN-2xx, E-FEEL-1xx);
  // a part that is not understood is null when it is evaluated, with its reason.
  static std::shared_ptr<const Program> compile(std::vector<Model> models, Diagnostics& diagnostics);

  // Overlaps, gaps, masked and needless rules of the first model's tables, each with an example (W-DMN-302 to
  // 305); N-DMN-306 where a table cannot be judged beforehand.
  void check_tables(Diagnostics& diagnostics) const;

  std::vector<Question> questions() const;
  // The declared type of an input of the first model; null: there is no such input, or it takes anything.
  feel::DeclaredTypePtr input_type(std::string_view name) const;
  // A decision, knowledge model or decision service of the first model; of several of one name the decision.
  // Inputs that are not given are null.
  Outcome ask(std::string_view name, const feel::Context& inputs, const feel::Clock& clock = {},
              feel::Budget budget = {}) const;
  Outcome ask(ElementKind kind, std::string_view name, const feel::Context& inputs,
              const feel::Clock& clock = {}, feel::Budget budget = {}) const;

  ~Program();

 private:
  Program();
  friend class Compiler;
  friend struct Run;
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace tenglong::dmn
