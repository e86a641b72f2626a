#include "engine/run/inside/assemble.h"

#include <algorithm>
#include <set>

#ifndef TENGLONG_ENGINE_VERSION
#error "the engine names itself by engine/VERSION"
#endif

namespace tenglong::run {
namespace {

// Walks everything a block depends on, by name.
class MarkSearch {
 public:
  explicit MarkSearch(const pack::Pack& pack) : pack_(pack) {}

  void block(const pack::Block& block) {
    if (block.is_default()) note("缺省，待确认");
  }
  void tree(const feel::Node* tree) {
    if (tree == nullptr) return;
    for (const std::vector<std::string>& reference : feel::references(*tree))
      for (const std::string& part : reference) name(part);
  }
  void expression(const pack::Expression& expression) { tree(expression.tree.get()); }
  void name(const std::string& name) {
    if (!seen_.insert(name).second) return;
    if (const pack::Indicator* indicator = pack_.indicator(name)) {
      block(*indicator);
      expression(indicator->where);
      expression(indicator->formula);
      expression(indicator->not_applicable_if);
      for (const std::string& each : indicator->within) this->name(each.substr(each.rfind('.') + 1));
    }
    if (const pack::Decision* decision = pack_.decision(name)) {
      block(*decision);
      for (const pack::Expression& input : decision->inputs) expression(input);
      for (const pack::DecisionRule& rule : decision->rules) {
        for (const feel::NodePtr& test : rule.tests) tree(test.get());
        for (const pack::Expression& output : rule.outputs) expression(output);
      }
    }
    if (const pack::Parameter* parameter = pack_.parameter(name)) {
      block(*parameter);
      for (const pack::ParameterRow& row : parameter->rows)
        if (!row.mark.empty()) note(row.mark);
    }
  }
  std::string words() const {
    std::string words;
    for (const std::string& mark : marks_) words += (words.empty() ? "" : "；") + mark;
    return words;
  }

 private:
  void note(const std::string& mark) {
    if (std::find(marks_.begin(), marks_.end(), mark) == marks_.end()) marks_.push_back(mark);
  }
  const pack::Pack& pack_;
  std::set<std::string> seen_;
  std::vector<std::string> marks_;
};

}  // namespace

std::vector<const feel::Node*> trees_of(const pack::Scheme& scheme) {
  std::vector<const feel::Node*> trees{scheme.due.tree.get(), scheme.item_score.tree.get(),
                                       scheme.item_floor.tree.get(), scheme.item_cap.tree.get(),
                                       scheme.total.tree.get()};
  for (const pack::Reasoned& each : scheme.exempt) trees.push_back(each.when.tree.get());
  for (const pack::Reasoned& each : scheme.not_rated) trees.push_back(each.when.tree.get());
  for (const pack::SchemeItem& item : scheme.items)
    for (const pack::Expression* each : {&item.weight, &item.base, &item.score, &item.when_missing})
      trees.push_back(each->tree.get());
  for (const pack::Cut& cut : scheme.cuts) trees.push_back(cut.score_test.get());
  return trees;
}

std::vector<const feel::Node*> trees_of(const pack::Roster& roster) {
  std::vector<const feel::Node*> trees{roster.due.tree.get(), roster.enters_if.tree.get(),
                                       roster.line.tree.get()};
  for (const pack::Reasoned& each : roster.exempt) trees.push_back(each.when.tree.get());
  return trees;
}

std::vector<std::string> names_of(const pack::Scheme& scheme) {
  std::vector<std::string> names = scheme.adjust;
  names.push_back(scheme.veto);
  names.push_back(scheme.protect);
  for (const pack::SchemeItem& item : scheme.items) names.push_back(item.indicator);
  names.insert(names.end(), scheme.rank_within.begin(), scheme.rank_within.end());
  return names;
}

std::string mark_of(const pack::Pack& pack, const pack::Block& block,
                    const std::vector<const feel::Node*>& trees) {
  MarkSearch search(pack);
  search.block(block);
  for (const feel::Node* tree : trees) search.tree(tree);
  return search.words();
}

std::string mark_of(const pack::Pack& pack, const pack::Scheme& scheme) {
  MarkSearch search(pack);
  search.block(scheme);
  for (const feel::Node* tree : trees_of(scheme)) search.tree(tree);
  for (const std::string& name : names_of(scheme)) search.name(name);
  return search.words();
}

std::string mark_of(const pack::Pack& pack, const pack::Roster& roster) {
  return mark_of(pack, roster, trees_of(roster));
}

std::string mark_of(const pack::Pack& pack, const pack::Indicator& indicator) {
  return mark_of(
      pack, indicator,
      {indicator.where.tree.get(), indicator.formula.tree.get(), indicator.not_applicable_if.tree.get()});
}

result::RunHeader header_of(const Meaning& meaning) {
  const pack::Pack& pack = meaning.pack();
  result::RunHeader header;
  header.pack_id = pack.head.id;
  header.pack_fingerprint = pack.fingerprint;
  header.snapshot_fingerprint = meaning.snapshot().fingerprint;
  header.engine_version = std::string(TENGLONG_ENGINE_VERSION);
  header.period = meaning.period();
  header.mark = pack.head.mark;
  for (const pack::Head& overlay : pack.overlays) {
    header.overlays.push_back(overlay.id);
    if (!overlay.mark.empty() && header.mark.find(overlay.mark) == std::string::npos)
      header.mark += (header.mark.empty() ? "" : "；") + overlay.mark;
  }
  return header;
}

result::SchemeResult scheme_head(const pack::Pack& pack, const pack::Scheme& scheme) {
  result::SchemeResult head;
  head.scheme = scheme.name;
  head.id = scheme.id;
  head.clause = scheme.clause;
  head.mark = mark_of(pack, scheme);
  return head;
}

result::RosterResult roster_head(const pack::Pack& pack, const pack::Roster& roster) {
  result::RosterResult head;
  head.roster = roster.name;
  head.id = roster.id;
  head.clause = roster.clause;
  head.mark = mark_of(pack, roster);
  return head;
}

result::Refusal refusal(const Meaning& meaning, const char* kind, const pack::Block& block,
                        const Gaps& gaps) {
  return {.kind = kind,
          .name = block.name.empty() ? block.id : block.name,
          .clause = block.clause,
          .gaps = meaning.describe(gaps)};
}

}  // namespace tenglong::run
