// Values that nobody published: where, whom to ask, and which rules wait for them.
#include <map>
#include <set>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

std::string question_in(const std::string& source) {
  if (source.size() < 3 || source[0] != 'Q') return {};
  std::size_t end = 1;
  while (end < source.size() && source[end] >= '0' && source[end] <= '9') ++end;
  return end > 1 ? source.substr(0, end) : std::string();
}

// Which rules speak of which names. A rule that uses a rule that uses the parameter waits as well.
class Waiting {
 public:
  explicit Waiting(const Pack& pack) {
    for (const Indicator& one : pack.indicators) {
      note("indicator", one.name, {&one.formula, &one.where, &one.not_applicable_if});
      names_["indicator " + one.name].insert(one.within.begin(), one.within.end());
    }
    for (const Decision& one : pack.decisions) {
      for (const Expression& input : one.inputs) note("decision", one.name, {&input});
      for (const DecisionRule& rule : one.rules) {
        for (const Expression& output : rule.outputs) note("decision", one.name, {&output});
        for (const feel::NodePtr& test : rule.tests) note("decision", one.name, test);
      }
    }
    for (const Scheme& one : pack.schemes) {
      note("scheme", one.name, {&one.due, &one.item_score, &one.item_floor, &one.item_cap, &one.total});
      for (const SchemeItem& item : one.items) {
        note("scheme", one.name, {&item.weight, &item.base, &item.score, &item.when_missing});
        names_["scheme " + one.name].insert(item.indicator);
      }
      for (const std::vector<Reasoned>* reasons : {&one.exempt, &one.not_rated})
        for (const Reasoned& reason : *reasons) note("scheme", one.name, {&reason.when});
      for (const std::string& decision : one.adjust) names_["scheme " + one.name].insert(decision);
      names_["scheme " + one.name].insert({one.veto, one.protect});
    }
    for (const Roster& one : pack.rosters) {
      note("roster", one.name, {&one.due, &one.enters_if, &one.line});
      for (const Reasoned& reason : one.exempt) note("roster", one.name, {&reason.when});
    }
    for (const Simulation& one : pack.simulations)
      for (const Price& price : one.prices) {
        note("simulation", price.name, feel::NodePtr());
        names_["simulation " + price.name].insert(price.rate);
      }
    for (const Target& one : pack.targets) note("target", one.id, {&one.goal, &one.where, &one.formula});
  }

  std::vector<std::string> on(const std::string& parameter) const {
    std::vector<std::string> found;
    std::set<std::string> reached = {parameter};
    for (bool more = true; more;) {
      more = false;
      for (const std::string& rule : rules_) {
        const std::string name = rule.substr(rule.find(' ') + 1);
        bool waits = false;
        for (const std::string& used : names_.at(rule)) waits = waits || reached.count(used) != 0;
        if (!waits || !done_once(found, rule)) continue;
        // Targets, rosters and schemes are ends; indicators and decisions are spoken of by others.
        if (rule.starts_with("indicator ") || rule.starts_with("decision ")) reached.insert(name);
        more = true;
      }
    }
    return found;
  }

 private:
  static bool done_once(std::vector<std::string>& found, const std::string& rule) {
    for (const std::string& one : found)
      if (one == rule) return false;
    found.push_back(rule);
    return true;
  }

  void note(const char* kind, const std::string& name, const feel::NodePtr& tree) {
    const std::string rule = std::string(kind) + " " + name;
    if (names_.find(rule) == names_.end()) rules_.push_back(rule);
    std::set<std::string>& used = names_[rule];
    if (tree)
      for (const std::vector<std::string>& path : feel::references(*tree))
        used.insert(path.begin(), path.end());
  }
  void note(const char* kind, const std::string& name, std::initializer_list<const Expression*> expressions) {
    for (const Expression* one : expressions) note(kind, name, one->tree);
  }

  std::vector<std::string> rules_;  // in the order of the pack
  std::map<std::string, std::set<std::string>> names_;
};

}  // namespace

std::string row_in_words(const Parameter& parameter, const ParameterRow& row) {
  std::string out;
  for (std::size_t i = 0; i < row.keys.size() && i < parameter.keys.size(); ++i)
    out += (out.empty() ? "" : "，") + parameter.keys[i] + " " + row.keys[i].to_feel();
  if (row.from) out += (out.empty() ? "" : "，") + ("自 " + row.from->to_string());
  return out;
}

std::vector<Gap> Pack::gaps() const {
  std::vector<Gap> out;
  std::optional<Waiting> waiting;
  for (const Parameter& parameter : parameters)
    for (const ParameterRow& row : parameter.rows) {
      if (row.value) continue;
      Gap gap{.parameter = parameter.name,
              .row = row_in_words(parameter, row),
              .clause = parameter.clause,
              .question = question_in(row.source),
              .asked_of = parameter.asked_of,
              .place = row.place};
      if (gap.question.empty()) gap.question = question_in(parameter.source);
      if (gap.asked_of.empty())
        for (const Question& question : questions)
          if (question.id == gap.question) gap.asked_of = question.asked_of;
      if (!waiting) waiting.emplace(*this);
      gap.waiting = waiting->on(parameter.name);
      out.push_back(std::move(gap));
    }
  return out;
}

}  // namespace tenglong::pack
