// Indicators in the order in which they can be calculated; rings among indicators and decisions are printed.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

struct Vertex {
  const Block* block = nullptr;
  std::vector<std::pair<std::size_t, diagnostic::Place>> needs = {};
};

class Ordering {
 public:
  explicit Ordering(Draft& draft) : draft_(draft) {
    for (const Indicator& one : draft.pack.indicators) add(one);
    for (const Decision& one : draft.pack.decisions) add(one);
    std::size_t at = 0;
    for (const Indicator& one : draft.pack.indicators) {
      const schema::Register* own = draft.pack.schema.find(one.over.empty() ? one.of : one.over);
      const schema::Register* there = one.related.empty() ? own : draft.pack.schema.find(one.related);
      link(at, one.formula, there);
      link(at, one.where, there);
      link(at, one.not_applicable_if, own);
      for (const std::string& name : one.within)
        if (const auto found = by_name_.find(name); found != by_name_.end())
          vertices_[at].needs.emplace_back(found->second, place_of_key(draft, one.place, "within", name));
      ++at;
    }
    for (const Decision& one : draft.pack.decisions) {
      for (const Expression& input : one.inputs) link(at, input);
      for (const DecisionRule& rule : one.rules) {
        for (const Expression& output : rule.outputs) link(at, output);
        for (std::size_t i = 0; i < rule.tests.size(); ++i)
          link(at, {.text = rule.test_texts[i], .tree = rule.tests[i], .origin = rule.test_origins[i]});
      }
      ++at;
    }
  }

  // Vertices, needed ones first; otherwise in the order of the text.
  std::vector<std::size_t> run() {
    state_.assign(vertices_.size(), State::New);
    for (std::size_t at = 0; at < vertices_.size(); ++at) visit(at);
    return order_;
  }

 private:
  enum class State { New, Open, Done };

  void add(const Block& block) {
    by_name_.emplace(block.name, vertices_.size());
    vertices_.push_back({.block = &block});
  }

  // `of`: where its names are looked up; a field there is not the block of the same name elsewhere.
  void link(std::size_t from, const Expression& expression, const schema::Register* of = nullptr) {
    if (!expression.present()) return;
    for (const std::vector<std::string>& path : feel::references(*expression.tree)) {
      if (path.front() == "上期") continue;  // the run before this one
      if (of != nullptr && of->find_by_name(path.front()) != nullptr) continue;
      const auto found = by_name_.find(path.front());
      if (found == by_name_.end()) continue;
      vertices_[from].needs.emplace_back(
          found->second, feel::place_of(expression.origin, expression.text, expression.tree->span));
    }
  }

  void visit(std::size_t at) {
    if (state_[at] != State::New) return;
    state_[at] = State::Open;
    path_.push_back(at);
    for (const auto& [next, place] : vertices_[at].needs) {
      if (state_[next] == State::Open)
        report(next, place);
      else
        visit(next);
    }
    path_.pop_back();
    state_[at] = State::Done;
    order_.push_back(at);
  }

  void report(std::size_t first, const diagnostic::Place& place) {
    const auto begin = std::find(path_.begin(), path_.end(), first);
    std::string ring;
    for (auto at = begin; at != path_.end(); ++at) ring += vertices_[*at].block->name + " → ";
    ring += vertices_[first].block->name;
    draft_.findings.clause = vertices_[path_.back()].block->clause;
    auto& found = draft_.findings.add("E-PACK-206", place,
                                      {"这些规则互相依赖，算不出先后：" + ring + "。",
                                       "These rules depend on one another in a ring: " + ring + "."},
                                      {"断开一处；要用上一年的值，写“上期.名字”。",
                                       "Break the ring; use 上期.name for the value of the period before."});
    for (auto at = begin; at != path_.end(); ++at)
      found.related.push_back(
          {vertices_[*at].block->place, {vertices_[*at].block->name, vertices_[*at].block->name}});
  }

  Draft& draft_;
  std::vector<Vertex> vertices_;
  std::map<std::string, std::size_t> by_name_;
  std::vector<State> state_;
  std::vector<std::size_t> path_, order_;
};

}  // namespace

void order_indicators(Draft& draft) {
  const std::vector<std::size_t> order = Ordering(draft).run();
  std::vector<Indicator> sorted;
  sorted.reserve(draft.pack.indicators.size());
  for (const std::size_t at : order)
    if (at < draft.pack.indicators.size()) sorted.push_back(std::move(draft.pack.indicators[at]));
  draft.pack.indicators = std::move(sorted);
  draft.findings.clause.clear();
}

}  // namespace tenglong::pack
