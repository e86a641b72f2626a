#include "engine/simulate/dependents.h"

#include <algorithm>
#include <set>

namespace tenglong::simulate {
namespace {

// Every name that a block leads to, through indicators and decisions.
class Names {
 public:
  explicit Names(const pack::Pack& pack) : pack_(pack) {}

  void tree(const feel::Node* tree) {
    if (tree == nullptr) return;
    for (const std::vector<std::string>& reference : feel::references(*tree)) {
      for (const std::string& part : reference) name(part);
      // 企业 or 上期 alone: all that the record holds.
      if (reference.size() == 1) alone_.insert(reference.front());
    }
  }
  void expression(const pack::Expression& expression) { tree(expression.tree.get()); }
  void name(const std::string& written) {
    const std::size_t dot = written.rfind('.');
    const std::string name = dot == std::string::npos ? written : written.substr(dot + 1);
    if (name.empty() || !all_.insert(name).second) return;
    if (const pack::Indicator* indicator = pack_.indicator(name)) {
      for (const pack::Expression* each :
           {&indicator->where, &indicator->formula, &indicator->not_applicable_if})
        expression(*each);
      for (const std::string& each : indicator->within) this->name(each);
      if (const schema::Register* related = pack_.schema.find(indicator->related)) {
        this->name(related->name);
        if (const schema::Field* field = related->find(indicator->through)) this->name(field->name);
      }
    }
    if (const pack::Decision* decision = pack_.decision(name)) {
      for (const pack::Expression& input : decision->inputs) expression(input);
      for (const pack::DecisionRule& rule : decision->rules) {
        for (const feel::NodePtr& test : rule.tests) tree(test.get());
        for (const pack::Expression& output : rule.outputs) expression(output);
      }
    }
  }
  void scheme(const pack::Scheme& scheme) {
    for (const pack::Expression* each :
         {&scheme.due, &scheme.item_score, &scheme.item_floor, &scheme.item_cap, &scheme.total})
      expression(*each);
    for (const auto* reasons : {&scheme.exempt, &scheme.not_rated})
      for (const pack::Reasoned& each : *reasons) expression(each.when);
    for (const pack::SchemeItem& item : scheme.items) {
      name(item.indicator);
      for (const pack::Expression* each : {&item.weight, &item.base, &item.score, &item.when_missing})
        expression(*each);
    }
    for (const pack::Cut& cut : scheme.cuts) tree(cut.score_test.get());
    for (const auto* list : {&scheme.rank_within, &scheme.adjust})
      for (const std::string& each : *list) name(each);
    name(scheme.veto);
    name(scheme.protect);
  }
  void indicator(const pack::Indicator& indicator) {
    name(indicator.name);
    for (const std::string& each : indicator.by) name(each);
  }
  void target(const pack::Target& target) {
    for (const pack::Expression* each : {&target.goal, &target.where, &target.formula}) expression(*each);
    for (const std::string& each : target.by) name(each);
  }
  void roster(const pack::Roster& roster) {
    expression(roster.due);
    expression(roster.enters_if);
    for (const pack::Reasoned& each : roster.exempt) expression(each.when);
  }
  bool has(const std::string& name) const { return all_.count(name) != 0; }
  bool stands_alone(const std::string& name) const { return alone_.count(name) != 0; }
  const std::set<std::string>& all() const { return all_; }

 private:
  const pack::Pack& pack_;
  std::set<std::string> all_, alone_;
};

bool meets(const pack::Pack& pack, const Names& names, const Override& change) {
  if (change.kind == Override::Kind::Parameter) return names.has(change.block);
  if (change.kind != Override::Kind::Field) return false;  // of one scheme, asked by name
  const schema::Register& at = *pack.schema.find(change.block);
  return names.has(at.fields[change.index].name) || names.stands_alone(at.name) || names.stands_alone("上期");
}

}  // namespace

run::Part dependents(const pack::Pack& pack, const std::vector<Override>& overrides) {
  run::Part part;
  // A weight, a base, a cut or a scheme is of one scheme: no name leads to it.
  const bool by_names = std::any_of(overrides.begin(), overrides.end(), [](const Override& each) {
    return each.kind == Override::Kind::Parameter || each.kind == Override::Kind::Field;
  });
  if (!by_names) {
    for (const pack::Scheme& scheme : pack.schemes)
      for (const Override& each : overrides)
        if (each.block == scheme.name) part.schemes.insert(scheme.name);
    return part;
  }
  const auto meets_any = [&](const Names& names) {
    for (const Override& each : overrides)
      if (meets(pack, names, each)) return true;
    return false;
  };
  for (const pack::Scheme& scheme : pack.schemes) {
    Names names(pack);
    names.scheme(scheme);
    bool touched = meets_any(names);
    for (const Override& each : overrides)
      touched = touched || (each.block == scheme.name && each.kind != Override::Kind::Field &&
                            each.kind != Override::Kind::Parameter);
    if (touched) part.schemes.insert(scheme.name);
  }
  for (const pack::Roster& roster : pack.rosters) {
    Names names(pack);
    names.roster(roster);
    if (meets_any(names)) part.rosters.insert(roster.name);
  }
  for (const pack::Indicator& indicator : pack.indicators) {
    if (indicator.over.empty()) continue;
    Names names(pack);
    names.indicator(indicator);
    if (meets_any(names)) part.indicators.insert(indicator.name);
  }
  for (const pack::Target& target : pack.targets) {
    Names names(pack);
    names.target(target);
    if (meets_any(names)) part.targets.insert(target.id);
  }
  return part;
}

bool leads_outside(const pack::Pack& pack, const run::Part& part, const std::vector<std::string>& line) {
  Names names(pack);
  for (const pack::Scheme& each : pack.schemes)
    if (part.schemes.count(each.name) != 0) names.scheme(each);
  for (const pack::Roster& each : pack.rosters)
    if (part.rosters.count(each.name) != 0) names.roster(each);
  for (const pack::Indicator& each : pack.indicators)
    if (part.indicators.count(each.name) != 0) names.indicator(each);
  for (const pack::Target& each : pack.targets)
    if (part.targets.count(each.id) != 0) names.target(each);
  for (const schema::Register& each : pack.schema.registers)
    if (names.has(each.name) && std::find(line.begin(), line.end(), each.id) == line.end()) return true;
  return false;
}

bool rests_on(const pack::Pack& pack, const column::Snapshot& snapshot, const pack::Indicator& indicator,
              const calendar::Period& period, const Override& field) {
  Names names(pack);
  names.indicator(indicator);
  if (!meets(pack, names, field)) return false;
  // A record of its own register and another period counts only through 上期.
  const column::Table& table = *snapshot.find(field.block);
  if (field.block != indicator.over || names.has("上期") || !table.period[field.row]) return true;
  const calendar::Period& own = *table.period[field.row];
  return !(own.to < period.from || period.to < own.from);
}

bool rests_on(const pack::Pack& pack, const pack::Indicator& indicator, const Override& field) {
  Names names(pack);
  names.name(indicator.name);
  return meets(pack, names, field);
}

run::Part all_targets(const pack::Pack& pack) {
  run::Part part;
  for (const pack::Target& each : pack.targets) part.targets.insert(each.id);
  return part;
}

run::Part everything(const pack::Pack& pack) {
  run::Part part = all_targets(pack);
  for (const pack::Scheme& each : pack.schemes) part.schemes.insert(each.name);
  for (const pack::Roster& each : pack.rosters) part.rosters.insert(each.name);
  for (const pack::Indicator& each : pack.indicators)
    if (!each.over.empty()) part.indicators.insert(each.name);
  return part;
}

std::vector<std::string> fields_under(const pack::Pack& pack, const pack::Scheme& scheme) {
  Names names(pack);
  names.scheme(scheme);
  std::vector<std::string> fields;
  for (const schema::Field& field : pack.schema.find(scheme.of)->fields)
    if (schema::is_number(field.type) && names.has(field.name)) fields.push_back(field.name);
  return fields;
}

}  // namespace tenglong::simulate
