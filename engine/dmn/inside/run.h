// One question put to a program: what is given, what is known so far, what was told.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/dmn/inside/code.h"
#include "engine/feel/evaluate.h"

namespace tenglong::dmn {

using EnvironmentPtr = std::shared_ptr<const feel::Environment>;

// A name more than those around it. Frames hold no function that holds them, so nothing keeps itself alive.
class Frame : public feel::Environment {
 public:
  Frame(EnvironmentPtr outer, std::vector<std::pair<std::string, feel::Value>> names)
      : outer_(std::move(outer)), names_(std::move(names)) {}
  std::optional<feel::Value> find(std::string_view name) const override {
    for (const auto& [own, value] : names_)
      if (own == name) return value;
    return outer_ ? outer_->find(name) : std::nullopt;
  }

 private:
  EnvironmentPtr outer_;
  std::vector<std::pair<std::string, feel::Value>> names_;
};

struct Run : std::enable_shared_from_this<Run> {
  std::shared_ptr<const Program> program;
  feel::Clock clock = {};
  std::map<int, feel::Value> given = {};  // by unit: inputs, and decisions given to a service
  std::map<int, feel::Value> known = {};  // forgotten when the question is answered
  std::vector<int> deciding = {};         // innermost last
  std::shared_ptr<std::vector<Told>> told = {};
  std::shared_ptr<int> nesting = std::make_shared<int>(0);  // of functions whose body is no plain FEEL

  const Program::Body& body() const { return *program->body_; }

  feel::Value value_of(int unit);
  feel::Value call_service(const Unit& service, const feel::List& arguments);

  feel::Value evaluate(const Code& code, const EnvironmentPtr& environment);
  feel::Value evaluate(const Formula& formula, const EnvironmentPtr& environment);
  // true, false or null.
  feel::Value test(const Formula& formula, const feel::Value& input, const EnvironmentPtr& environment);
  feel::Value decide(const Code& code, const EnvironmentPtr& environment);
  feel::Value function(const Code& code, const EnvironmentPtr& environment,
                       const feel::DeclaredTypePtr& result);
  feel::Value null(const Place& place, std::string zh, std::string en);
  void keep(const feel::Evaluation& evaluation, const Text& text);
  feel::Value fitted(feel::Value value, const feel::DeclaredTypePtr& type, const Place& place);

 private:
  feel::Value context(const Code& code, const EnvironmentPtr& environment);
  feel::Value filter(const Code& code, const EnvironmentPtr& environment);
  feel::Value iterate(const Code& code, const EnvironmentPtr& environment);
  feel::Value invoke(const Code& code, const EnvironmentPtr& environment);
  feel::Value output(const Code& code, const TableCode::Rule& rule, const EnvironmentPtr& environment);
  feel::Value defaults(const Code& code, const EnvironmentPtr& environment);
  feel::Value aggregated(const Code& code, const feel::List& outputs);
  std::vector<std::size_t> ranks(const Code& code, const feel::Value& output,
                                 const EnvironmentPtr& environment);
};

}  // namespace tenglong::dmn
