#include "engine/run/inside/scheme_variants.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/run/inside/beside_scores.h"
#include "engine/run/inside/cut_lines.h"
#include "engine/run/inside/insertion.h"
#include "engine/run/inside/kept.h"
#include "engine/run/inside/scheme_run.h"
#include "engine/text/ensure.h"

namespace tenglong::run {

using plan::Op;
using plan::Shape;
using result::Standing;

namespace {

// What a set of changed nodes reaches, and the columns it rests on.
struct Reach {
  bool declined = false;
  bool moves_total = false;
  std::vector<std::uint8_t> reached;  // by node
  std::vector<const KeptColumn*> columns;
  // Of a record that gets means: its total from the scores of the items on. By node; empty: not by columns.
  std::vector<const KeptColumn*> beside_scores;
  std::vector<NodeId> moved_scores;  // that the change reaches: worked out in every variant
};

using Changed = std::vector<std::pair<NodeId, Value>>;

class OfScheme : public SchemeVariants {
 public:
  OfScheme(const plan::Plan& plan, const plan::SchemePlan& scheme, const Turnable& turnable,
           const Meaning& meaning, const Options& options, std::mutex& meaning_in_use)
      : plan_(plan), scheme_(scheme), meaning_(meaning), options_(options), meaning_in_use_(meaning_in_use) {
    if (!scheme.left_to_interpreter.empty()) return;
    run_ = std::make_unique<SchemeRun>(plan, scheme, meaning, options, Wanted::Variants);
    if (run_->columns.left_to_interpreter || run_->binding.gap_touched) {
      run_.reset();
      return;
    }
    find_nodes(turnable);
    find_limits();
    find_waiting();
    order_labels();
    run_->outputs.reset();
    kept_.resize(plan.nodes.size());
  }

  const SchemeColumns* base() const override { return run_ == nullptr ? nullptr : &run_->columns; }

  bool run(const SchemeChange& change, SchemeColumns& out) const override {
    if (run_ == nullptr) return false;
    Changed changed;
    if (!nodes_of(change, changed)) return false;
    const SchemeColumns& base = run_->columns;
    out.places = base.places;
    out.grades = base.grades;
    out.rows = base.rows;
    out.rows_in_doubt = 0;
    out.left_to_interpreter = false;
    std::shared_ptr<const Reach> reach;
    if (!changed.empty()) {
      reach = reach_of(changed);
      if (reach->declined) return false;
    }
    if (reach == nullptr || !reach->moves_total) {
      out.total = base.total;
      for (std::size_t i = 0; i < out.total.size(); ++i)
        if (base.standing[i] != Standing::Rated) out.total[i] = 0;
      out.standing = base.standing;
      copy_places(out);
    } else {
      if (!change.bases.empty() || !change.figures.empty()) {
        if (!waiting_.empty()) return false;  // who has a score, and so the mean, may change
      }
      if (!score(changed, *reach, out)) return false;
    }
    return grade(change, out);
  }

  bool replace(const std::vector<ReplacedRecord>& records, SchemeColumns& out) const override {
    if (run_ == nullptr || !waiting_.empty()) return false;
    const SchemeColumns& base = run_->columns;
    out = base;
    std::vector<std::size_t> replaced;
    for (const ReplacedRecord& each : records) {
      const auto at = std::lower_bound(base.rows.begin(), base.rows.end(), each.row);
      if (at == base.rows.end() || *at != each.row) return false;
      const auto i = static_cast<std::size_t>(at - base.rows.begin());
      replaced.push_back(i);
      if (out.group[i] >= 0) --out.group_size[static_cast<std::size_t>(out.group[i])];
      out.standing[i] = each.standing;
      out.group[i] = -1;
      out.rank[i] = 0;
      out.total[i] = 0;
      if (each.standing != Standing::Rated) continue;
      const auto group = std::find(out.groups.begin(), out.groups.end(), each.group);
      const auto key = each.total ? key_of(*each.total, out.places) : std::nullopt;
      if (group == out.groups.end() || !key) return false;
      out.group[i] = static_cast<std::int32_t>(group - out.groups.begin());
      out.total[i] = *key;
      ++out.group_size[static_cast<std::size_t>(out.group[i])];
    }
    for (const std::int64_t size : out.group_size)
      if (size == 0) return false;
    rank_by_insertion(order(), replaced, scheme_.scheme->ties, out);
    if (!grade({}, out)) return false;
    const schema::Codes* codes = meaning_.pack().schema.find_codes(scheme_.scheme->codes);
    for (std::size_t r = 0; r < records.size(); ++r) {
      const std::int8_t raw = out.raw_grade[replaced[r]];
      if (raw < 0) continue;
      out.grade[replaced[r]] = position(
          final_grade(codes, out.grades[static_cast<std::size_t>(raw)], records[r].veto, records[r].protect));
    }
    return true;
  }

  std::size_t bytes() const override {
    const std::lock_guard<std::mutex> hold(building_);
    std::size_t sum = 0;
    for (const auto& each : kept_)
      if (each != nullptr) sum += each->bytes();
    return sum;
  }

 private:
  struct Waiting {
    std::size_t at = 0;
    bool rated = false;
  };

  void find_nodes(const Turnable& turnable) {
    const auto node_of = [&](const std::string& name) {
      for (std::size_t id = 0; id < plan_.nodes.size(); ++id)
        if (plan_.nodes[id].op == Op::Lookup && plan_.nodes[id].parameter->name == name && !name.empty() &&
            run_->binding.facts(static_cast<NodeId>(id)).needed)
          return static_cast<NodeId>(id);
      return plan::kNone;
    };
    for (std::size_t i = 0; i < turnable.weights.size(); ++i) {
      weights_.push_back({!turnable.weights[i].empty(), node_of(turnable.weights[i])});
      bases_.push_back({!turnable.bases[i].empty(), node_of(turnable.bases[i])});
    }
    for (const NodeId id : run_->binding.order()) {
      const plan::Node& node = plan_.nodes[static_cast<std::size_t>(id)];
      if (node.op == Op::Interpret) has_interpreted_ = true;
      if (node.op == Op::Constant || !run_->binding.facts(id).is_uniform || !node.inputs.empty()) continue;
      scalars_[id] = run_->binding.scalar(id);
    }
  }

  void find_limits() {
    const pack::Scheme& policy = *scheme_.scheme;
    const schema::Codes* codes = meaning_.pack().schema.find_codes(policy.codes);
    const SchemeColumns& base = run_->columns;
    for (const pack::Cut& cut : policy.cuts) raw_of_cut_.push_back(position(cut.grade));
    std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> known;
    if (run_->veto.empty() && run_->protect.empty()) return;
    limit_.resize(base.rows.size());
    for (std::size_t i = 0; i < base.rows.size(); ++i) {
      const std::int32_t veto = run_->veto.empty() ? kNoText : run_->veto[i];
      const std::int32_t protect = run_->protect.empty() ? kNoText : run_->protect[i];
      const auto [at, is_new] = known.try_emplace({veto, protect}, static_cast<std::int32_t>(finals_.size()));
      if (is_new) {
        const auto text = [&](std::int32_t code) {
          return code == kNoText ? std::string() : run_->binding.texts.text(code);
        };
        std::vector<std::int8_t>& finals = finals_.emplace_back();
        for (const pack::Cut& cut : policy.cuts)
          finals.push_back(position(final_grade(codes, cut.grade, text(veto), text(protect))));
      }
      limit_[i] = at->second;
    }
  }

  void find_waiting() {
    if (scheme_.waits == plan::kNone) return;
    const std::vector<Tri>& waits = run_->outputs->answer(scheme_.waits);
    for (std::size_t i = 0; i < waits.size(); ++i)
      if (run_->by_conditions[i] == Standing::Rated && waits[i] == kTrue)
        waiting_.push_back({i, run_->columns.standing[i] == Standing::Rated});
  }

  void order_labels() {
    std::vector<std::string> sorted = run_->labels;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    for (const std::string& each : run_->labels)
      place_of_label_.push_back(
          static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), each) - sorted.begin()));
    labels_ = std::move(sorted);
  }

  std::int8_t position(const std::string& grade) const {
    const std::vector<std::string>& grades = run_->columns.grades;
    const auto found = std::find(grades.begin(), grades.end(), grade);
    return found == grades.end() ? std::int8_t{-1} : static_cast<std::int8_t>(found - grades.begin());
  }

  // false: something is to change that is no scalar of the plan.
  bool nodes_of(const SchemeChange& change, Changed& changed) const {
    const auto take = [&](const std::vector<std::optional<Decimal>>& values,
                          const std::vector<std::pair<bool, NodeId>>& nodes) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i]) continue;
        if (i >= nodes.size() || !nodes[i].first) return false;
        if (nodes[i].second != plan::kNone) changed.emplace_back(nodes[i].second, Value(*values[i]));
      }
      return true;
    };
    if (!take(change.weights, weights_) || !take(change.bases, bases_)) return false;
    for (const GivenFigure& figure : change.figures)
      for (const auto& [id, value] : scalars_) {
        const plan::Node& node = plan_.nodes[static_cast<std::size_t>(id)];
        if (node.op != Op::Population || node.population->id != figure.indicator ||
            node.period != figure.period)
          continue;
        changed.emplace_back(id,
                             node.rounded ? meaning_.round(*node.population, figure.value) : figure.value);
      }
    std::sort(changed.begin(), changed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return true;
  }

  std::shared_ptr<const Reach> reach_of(const Changed& changed) const {
    std::vector<NodeId> nodes;
    for (const auto& [id, value] : changed) nodes.push_back(id);
    const std::lock_guard<std::mutex> hold(building_);
    std::shared_ptr<const Reach>& known = reaches_[nodes];
    if (known == nullptr) known = find_reach(nodes);
    return known;
  }

  std::shared_ptr<const Reach> find_reach(const std::vector<NodeId>& changed) const {
    auto reach = std::make_shared<Reach>();
    const std::size_t n = plan_.nodes.size();
    reach->reached.assign(n, 0);
    reach->columns.assign(n, nullptr);
    for (const NodeId id : changed) reach->reached[static_cast<std::size_t>(id)] = 1;
    for (std::size_t id = 0; id < n; ++id)
      for (const NodeId input : plan_.nodes[id].inputs)
        if (reach->reached[static_cast<std::size_t>(input)] != 0) reach->reached[id] = 1;
    const auto is_reached = [&](NodeId id) {
      return id != plan::kNone && reach->reached[static_cast<std::size_t>(id)] != 0;
    };
    std::vector<NodeId> fixed{scheme_.due, scheme_.waits, scheme_.veto, scheme_.protect};
    for (const auto* list : {&scheme_.exempt, &scheme_.not_rated, &scheme_.group})
      fixed.insert(fixed.end(), list->begin(), list->end());
    for (const NodeId id : fixed) reach->declined = reach->declined || is_reached(id);
    reach->moves_total = is_reached(scheme_.total);
    if (reach->declined || !reach->moves_total) return reach;
    std::set<NodeId> seen, leaves;
    std::vector<NodeId> open{scheme_.total};
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (!seen.insert(id).second) continue;
      const plan::Node& node = plan_.nodes[static_cast<std::size_t>(id)];
      if (is_reached(id)) {
        if (node.inputs.empty()) continue;  // changed itself
        reach->declined = reach->declined || !is_scalar_op(node.op);
        open.insert(open.end(), node.inputs.begin(), node.inputs.end());
        continue;
      }
      if (node.op == Op::Constant || run_->binding.facts(id).is_uniform) continue;
      reach->declined = reach->declined || (node.shape != Shape::Number && node.shape != Shape::Boolean);
      leaves.insert(id);
    }
    if (reach->declined) return reach;
    keep(leaves);
    for (const NodeId id : leaves) {
      reach->columns[static_cast<std::size_t>(id)] = kept_[static_cast<std::size_t>(id)].get();
      reach->declined = reach->declined || kept_[static_cast<std::size_t>(id)] == nullptr;
    }
    if (!reach->declined && !waiting_.empty()) find_beside_scores(*reach);
    return reach;
  }

  void find_beside_scores(Reach& reach) const {
    const BesideScores found = beside_scores(plan_, scheme_, run_->binding, reach.reached, scalars_);
    if (!found.by_columns) return;
    keep(found.leaves);
    std::vector<const KeptColumn*> columns(plan_.nodes.size(), nullptr);
    for (const NodeId id : found.leaves) {
      columns[static_cast<std::size_t>(id)] = kept_[static_cast<std::size_t>(id)].get();
      if (columns[static_cast<std::size_t>(id)] == nullptr) return;
    }
    reach.beside_scores = std::move(columns);
    reach.moved_scores = found.moved;
  }

  // Works out the columns of nodes that are not kept yet. Held: building_.
  void keep(const std::set<NodeId>& leaves) const {
    std::vector<NodeId> wanted;
    for (const NodeId id : leaves)
      if (kept_[static_cast<std::size_t>(id)] == nullptr) wanted.push_back(id);
    if (wanted.empty()) return;
    const std::lock_guard<std::mutex> use(meaning_in_use_);
    Binding binding(plan_, meaning_, run_->binding.table(), run_->binding.rows(), wanted);
    const std::size_t n = binding.rows().size();
    const std::size_t capacity =
        std::max<std::size_t>(1, std::min(options_.batch_rows, std::max<std::size_t>(n, 1)));
    Batch batch(binding, capacity);
    std::vector<std::unique_ptr<KeptColumn>> made;
    for (const NodeId id : wanted) {
      auto column = std::make_unique<KeptColumn>();
      column->facts = binding.facts(id);
      made.push_back(std::move(column));
    }
    std::vector<std::uint8_t> doubt(n, 0);
    for (std::size_t begin = 0; begin < n; begin += capacity) {
      const std::size_t count = std::min(capacity, n - begin);
      batch.evaluate(begin, count);
      for (std::size_t w = 0; w < wanted.size(); ++w) {
        KeptColumn& column = *made[w];
        const auto append = [&](auto& to, const auto* from) {
          if (from != nullptr) to.insert(to.end(), from, from + count);
        };
        if (binding.node(wanted[w]).shape == Shape::Boolean) {
          append(column.answer, batch.answer(wanted[w]));
          continue;
        }
        const NumberCells& cells = batch.number(wanted[w]);
        append(column.value, cells.value);
        append(column.bound, cells.bound);
        append(column.absent, cells.absent);
      }
      std::copy_n(batch.doubt().begin(), count, doubt.begin() + static_cast<std::ptrdiff_t>(begin));
    }
    settle_doubts(binding, wanted, doubt, made);
    if (binding.gap_touched) return;
    for (std::size_t w = 0; w < wanted.size(); ++w)
      kept_[static_cast<std::size_t>(wanted[w])] = std::move(made[w]);
  }

  bool score(const Changed& changed, const Reach& reach, SchemeColumns& out) const {
    const std::size_t n = run_->columns.rows.size();
    Kept kept{.columns = reach.columns, .scalars = scalars_};
    for (const auto& [id, value] : changed) kept.scalars[id] = value;
    Binding binding(plan_, meaning_, run_->binding.table(), run_->binding.rows(), {scheme_.total}, &kept);
    if (binding.facts(scheme_.total).is_uniform || binding.gap_touched) return false;
    const std::size_t capacity =
        std::max<std::size_t>(1, std::min(options_.batch_rows, std::max<std::size_t>(n, 1)));
    Batch batch(binding, capacity);
    Exact exact(*this, kept);
    out.total.resize(n);
    std::vector<std::uint8_t> absent(n, 0);
    std::vector<MovedScore> moved(reach.moved_scores.size());
    for (std::size_t m = 0; m < moved.size(); ++m) {
      moved[m].id = reach.moved_scores[m];
      moved[m].column.value.resize(n);
      moved[m].column.bound.resize(n);
      moved[m].column.absent.assign(n, 0);
      moved[m].column.doubt.assign(n, 0);
    }
    for (std::size_t begin = 0; begin < n; begin += capacity) {
      const std::size_t count = std::min(capacity, n - begin);
      batch.evaluate(begin, count);
      std::copy_n(batch.key(scheme_.total), count, out.total.begin() + static_cast<std::ptrdiff_t>(begin));
      if (const std::uint8_t* part = batch.number(scheme_.total).absent)
        std::copy_n(part, count, absent.begin() + static_cast<std::ptrdiff_t>(begin));
      for (MovedScore& each : moved) {
        const NumberCells& cells = batch.number(each.id);
        std::copy_n(cells.value, count, each.column.value.data() + begin);
        if (cells.bound != nullptr)
          std::copy_n(cells.bound, count, each.column.bound.data() + begin);
        else
          spread_relative(cells.value, cells.relative, each.column.bound.data() + begin, count);
        if (cells.absent != nullptr) std::copy_n(cells.absent, count, each.column.absent.data() + begin);
        std::copy_n(batch.doubt().data(), count, each.column.doubt.data() + begin);
      }
      for (std::size_t i = 0; i < count; ++i) {
        if (batch.doubt()[i] == 0 || run_->by_conditions[begin + i] != Standing::Rated) continue;
        ++out.rows_in_doubt;
        if (!exact.decide(begin + i, out.total[begin + i], absent[begin + i])) return false;
      }
    }
    out.standing = run_->by_conditions;
    for (std::size_t i = 0; i < n; ++i)
      if (out.standing[i] == Standing::Rated && absent[i] != 0) out.standing[i] = Standing::NotRated;
    if (!waiting_.empty()) {
      for (const Waiting& each : waiting_) out.standing[each.at] = run_->columns.standing[each.at];
      if (out.standing != run_->columns.standing) return false;  // then the means rest on others
      if (!score_waiting(reach, kept, moved, exact, out)) return false;
    }
    for (std::size_t i = 0; i < n; ++i)
      if (out.standing[i] != Standing::Rated) out.total[i] = 0;
    if (out.standing == run_->columns.standing)
      copy_places(out);
    else
      place(out);
    rank_within_groups(out.total, out.group, std::max<std::size_t>(1, out.groups.size()),
                       scheme_.scheme->ties, out.rank, out.group_size);
    return true;
  }

  // Exact values of one row under a change; set up when first asked for.
  class Exact {
   public:
    Exact(const OfScheme& scheme, const Kept& kept) : scheme_(scheme) {
      given_.scalars = kept.scalars;
      given_.for_exact_rows = true;
    }
    ExactRow& at(std::size_t i) {
      if (binding_ == nullptr) {
        std::vector<NodeId> nodes{scheme_.scheme_.total};
        for (const plan::ItemPlan& item : scheme_.scheme_.items) {
          nodes.push_back(item.value);
          nodes.push_back(item.score);
        }
        binding_ = std::make_unique<Binding>(scheme_.plan_, scheme_.meaning_, scheme_.run_->binding.table(),
                                             std::vector<std::uint32_t>(), nodes, &given_);
        row_ = std::make_unique<ExactRow>(*binding_);
      }
      row_->at(scheme_.run_->binding.rows()[i]);
      return *row_;
    }
    // false: a gap was met, or a number beyond 18 digits.
    bool decide(std::size_t i, std::int64_t& total, std::uint8_t& absent) {
      std::unique_lock<std::mutex> use(scheme_.meaning_in_use_, std::defer_lock);
      if (scheme_.has_interpreted_) use.lock();
      return take(at(i).value(scheme_.scheme_.total), total, absent);
    }
    Value value(std::size_t i, NodeId id) {
      std::unique_lock<std::mutex> use(scheme_.meaning_in_use_, std::defer_lock);
      if (scheme_.has_interpreted_) use.lock();
      return at(i).value(id);
    }
    bool take(const Value& value, std::int64_t& total, std::uint8_t& absent) {
      const bool known = value.kind() == feel::Kind::Number;
      absent = known ? 0 : 1;
      const auto key =
          known ? key_of(value.number(), scheme_.run_->columns.places) : std::optional<std::int64_t>(0);
      total = key.value_or(0);
      return key.has_value() && !binding_->gap_touched;
    }

   private:
    const OfScheme& scheme_;
    Kept given_;
    std::unique_ptr<Binding> binding_;
    std::unique_ptr<ExactRow> row_;
  };

  // Records that get the mean of their group where an item has no value: by doubles, the doubtful exactly.
  bool score_waiting(const Reach& reach, const Kept& kept, const std::vector<MovedScore>& moved, Exact& exact,
                     SchemeColumns& out) const {
    std::vector<std::size_t> rows;
    for (const Waiting& each : waiting_)
      if (each.rated) rows.push_back(each.at);
    Means means;
    if (!reach.beside_scores.empty() && !rows.empty() &&
        !score_waiting_by_columns(reach, kept, moved, exact, means, rows, out))
      return false;
    return score_waiting_exactly(reach, exact, means, rows, out);
  }

  using Means = std::map<std::pair<std::int32_t, std::size_t>, Value>;

  // Takes the decided rows out of `rows`.
  bool score_waiting_by_columns(const Reach& reach, const Kept& kept, const std::vector<MovedScore>& moved,
                                Exact& exact, Means& means, std::vector<std::size_t>& rows,
                                SchemeColumns& out) const {
    const std::size_t n = rows.size();
    std::vector<std::unique_ptr<KeptColumn>> own;
    std::map<NodeId, KeptColumn*> of_node;
    Kept given{.columns = std::vector<const KeptColumn*>(plan_.nodes.size(), nullptr),
               .scalars = kept.scalars};
    const auto gather = [&](NodeId id, const KeptColumn& from) {
      own.push_back(gathered(from, rows));
      given.columns[static_cast<std::size_t>(id)] = of_node[id] = own.back().get();
    };
    for (std::size_t id = 0; id < reach.beside_scores.size(); ++id)
      if (reach.beside_scores[id] != nullptr) gather(static_cast<NodeId>(id), *reach.beside_scores[id]);
    for (const MovedScore& each : moved) gather(each.id, each.column);
    std::map<std::pair<std::int32_t, std::size_t>, RoughMean> rough;
    for (std::size_t item = 0; item < scheme_.items.size(); ++item) {
      if (scheme_.scheme->items[item].missing != pack::SchemeItem::Missing::GroupMean) continue;
      KeptColumn &value = *of_node.at(scheme_.items[item].value),
                 &score = *of_node.at(scheme_.items[item].score);
      for (std::size_t i = 0; i < n; ++i) {
        if (value.doubt[i] != 0) score.doubt[i] = 1;
        if (value.absent[i] == 0) continue;
        const auto [known, is_new] = rough.try_emplace({run_->numbered[rows[i]], item});
        if (is_new) known->second = rough_mean(reach, moved, run_->numbered[rows[i]], item, exact, means);
        if (!known->second.known) return false;
        score.value[i] = known->second.value;
        score.bound[i] = known->second.bound;
        score.absent[i] = 0;
      }
    }
    Binding binding(plan_, meaning_, run_->binding.table(), rows_of(rows), {scheme_.total}, &given);
    if (!binding.facts(scheme_.total).is_uniform && !binding.gap_touched)
      rows = take_totals(binding, scheme_.total, options_.batch_rows, rows, out.total);
    return true;
  }
  std::vector<std::uint32_t> rows_of(const std::vector<std::size_t>& at) const {
    std::vector<std::uint32_t> rows;
    for (const std::size_t i : at) rows.push_back(run_->binding.rows()[i]);
    return rows;
  }

  // The mean of the scores of those who have one, within a bound.
  RoughMean rough_mean(const Reach& reach, const std::vector<MovedScore>& moved, std::int32_t group,
                       std::size_t item, Exact& exact, Means& means) const {
    const NodeId score = scheme_.items[item].score;
    const auto found =
        std::find_if(moved.begin(), moved.end(), [&](const MovedScore& each) { return each.id == score; });
    if (found == moved.end()) return rough_of(mean_of(reach, group, item, exact, means));
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < run_->numbered.size(); ++i)
      if (run_->columns.standing[i] == Standing::Rated && run_->numbered[i] == group) members.push_back(i);
    const auto rough =
        mean_within(found->column, members, [&](std::size_t i) { return exact.value(i, score); });
    return rough ? *rough : rough_of(mean_of(reach, group, item, exact, means));
  }

  // Locks of those who ask the meaning: the order of the two is the one of keep().
  struct Hold {
    std::unique_lock<std::mutex> build, use;
    Hold(std::mutex& building, std::mutex& in_use, bool needed)
        : build(building, std::defer_lock), use(in_use, std::defer_lock) {
      if (!needed) return;
      build.lock();
      use.lock();
    }
  };

  Value mean_of(const Reach& reach, std::int32_t group, std::size_t item, Exact& exact, Means& means) const {
    const Hold hold(building_, meaning_in_use_, has_interpreted_);
    return held_mean(reach, group, item, exact, means);
  }
  Value held_mean(const Reach& reach, std::int32_t group, std::size_t item, Exact& exact,
                  Means& means) const {
    const auto [known, is_new] = means.try_emplace({group, item});
    if (!is_new) return known->second;
    const NodeId score = scheme_.items[item].score;
    if (reach.reached[static_cast<std::size_t>(score)] == 0) {
      std::unique_lock<std::mutex> hold(building_, std::defer_lock);
      if (!has_interpreted_) hold.lock();
      const auto [base, is_first] = base_means_.try_emplace({group, item});
      if (is_first) base->second = mean_over(group, score, exact);
      return known->second = base->second;
    }
    return known->second = mean_over(group, score, exact);
  }

  bool score_waiting_exactly(const Reach& reach, Exact& exact, Means& means,
                             const std::vector<std::size_t>& rows, SchemeColumns& out) const {
    const Hold hold(building_, meaning_in_use_, has_interpreted_);
    for (const std::size_t at : rows) {
      std::vector<std::pair<NodeId, Value>> instead;
      for (std::size_t item = 0; item < scheme_.items.size(); ++item) {
        if (scheme_.scheme->items[item].missing != pack::SchemeItem::Missing::GroupMean) continue;
        if (!exact.at(at).value(scheme_.items[item].value).is_null()) continue;
        instead.emplace_back(scheme_.items[item].score,
                             held_mean(reach, run_->numbered[at], item, exact, means));
        if (instead.back().second.is_null()) return false;
      }
      ExactRow& row = exact.at(at);
      for (auto& [node, value] : instead) row.put(node, value);
      std::uint8_t absent = 0;
      if (!exact.take(row.value(scheme_.total), out.total[at], absent) || absent != 0) return false;
    }
    return true;
  }

  Value mean_over(std::int32_t group, NodeId score, Exact& exact) const {
    quantity::ExactSum sum;
    for (std::size_t i = 0; i < run_->numbered.size(); ++i) {
      if (run_->columns.standing[i] != Standing::Rated || run_->numbered[i] != group) continue;
      const Value& value = exact.at(i).value(score);
      if (value.kind() == feel::Kind::Number) sum.add(value.number());
    }
    const auto total = sum.count() > 0 ? sum.result() : std::nullopt;
    const auto quotient = total ? divide(*total, Decimal(sum.count())) : std::nullopt;
    return quotient ? Value(*quotient) : Value();
  }

  // The rated by group and falling total.
  const std::vector<std::uint32_t>& order() const {
    const std::lock_guard<std::mutex> hold(building_);
    if (order_.empty()) {
      const SchemeColumns& base = run_->columns;
      for (std::size_t i = 0; i < base.rows.size(); ++i)
        if (base.group[i] >= 0) order_.push_back(static_cast<std::uint32_t>(i));
      std::sort(order_.begin(), order_.end(),
                [&](std::uint32_t a, std::uint32_t b) { return stands_before(base, a, b); });
    }
    return order_;
  }
  void copy_places(SchemeColumns& out) const {
    const SchemeColumns& base = run_->columns;
    out.group = base.group;
    out.groups = base.groups;
    out.group_size = base.group_size;
    out.rank = base.rank;
  }

  // Groups with rated records only, in the order of their names.
  void place(SchemeColumns& out) const {
    const std::size_t n = out.standing.size();
    std::vector<std::int32_t> number(labels_.size(), -1);
    for (std::size_t i = 0; i < n; ++i)
      if (out.standing[i] == Standing::Rated)
        number[place_of_label_[static_cast<std::size_t>(run_->numbered[i])]] = 0;
    out.groups.clear();
    for (std::size_t at = 0; at < labels_.size(); ++at) {
      if (number[at] < 0) continue;
      number[at] = static_cast<std::int32_t>(out.groups.size());
      out.groups.push_back(labels_[at]);
    }
    out.group.assign(n, -1);
    for (std::size_t i = 0; i < n; ++i)
      if (out.standing[i] == Standing::Rated)
        out.group[i] = number[place_of_label_[static_cast<std::size_t>(run_->numbered[i])]];
  }

  bool grade(const SchemeChange& change, SchemeColumns& out) const {
    const pack::Scheme& policy = *scheme_.scheme;
    const std::size_t n = out.rows.size(), cut_count = policy.cuts.size();
    const bool by_score = cuts_by_score(policy);
    std::vector<KeyRange> ranges;
    std::vector<std::vector<std::int64_t>> last(out.groups.size());
    for (std::size_t c = 0; c < cut_count; ++c) {
      const SchemeChange::Cut* other = c < change.cuts.size() && change.cuts[c] ? &*change.cuts[c] : nullptr;
      if (by_score) {
        const feel::NodePtr test =
            other != nullptr && other->score_test ? other->score_test : policy.cuts[c].score_test;
        const auto range = test == nullptr ? KeyRange{1, 0} : range_of(*test, out.places);
        if (!range) return false;
        ranges.push_back(*range);
      } else {
        const auto percent = other != nullptr && other->percent ? other->percent : policy.cuts[c].percent;
        for (std::size_t g = 0; g < out.groups.size(); ++g)
          last[g].push_back(percent ? last_rank(*percent, out.group_size[g]) : 0);
      }
    }
    out.raw_grade.assign(n, -1);
    out.grade.assign(n, -1);
    for (std::size_t i = 0; i < n; ++i) {
      if (out.standing[i] != Standing::Rated) continue;
      std::size_t cut = 0;
      if (by_score) {
        while (cut < cut_count && (out.total[i] < ranges[cut].least || out.total[i] > ranges[cut].most))
          ++cut;
      } else {
        const std::int64_t* limits = last[static_cast<std::size_t>(out.group[i])].data();
        while (cut < cut_count && out.rank[i] > limits[cut]) ++cut;
      }
      if (cut == cut_count) continue;
      out.raw_grade[i] = raw_of_cut_[cut];
      out.grade[i] = limit_.empty() ? raw_of_cut_[cut] : finals_[static_cast<std::size_t>(limit_[i])][cut];
    }
    return true;
  }

  const plan::Plan& plan_;
  const plan::SchemePlan& scheme_;
  const Meaning& meaning_;
  Options options_;
  std::mutex& meaning_in_use_;  // it keeps what it worked out, and is no reader's own
  std::unique_ptr<SchemeRun> run_;
  std::vector<std::pair<bool, NodeId>> weights_, bases_;  // can be turned; its node, if anything uses it
  std::map<NodeId, Value> scalars_;                       // parameters and figures that are one for all rows
  bool has_interpreted_ = false;
  std::vector<std::int8_t> raw_of_cut_;
  std::vector<std::int32_t> limit_;               // by row: which veto and protection; empty: none
  std::vector<std::vector<std::int8_t>> finals_;  // by limit, then cut
  std::vector<Waiting> waiting_;
  std::vector<std::string> labels_;          // sorted
  std::vector<std::size_t> place_of_label_;  // of the group as numbered
  mutable std::mutex building_;              // of the four below
  mutable std::map<std::vector<NodeId>, std::shared_ptr<const Reach>> reaches_;
  mutable std::vector<std::unique_ptr<KeptColumn>> kept_;  // by node; never changed once there
  mutable std::map<std::pair<std::int32_t, std::size_t>, Value> base_means_;
  mutable std::vector<std::uint32_t> order_;
};

}  // namespace

std::unique_ptr<SchemeVariants> variants_of(const plan::Plan& plan, const plan::SchemePlan& scheme,
                                            const Turnable& turnable, const Meaning& meaning,
                                            const Options& options, std::mutex& meaning_in_use) {
  return std::make_unique<OfScheme>(plan, scheme, turnable, meaning, options, meaning_in_use);
}

}  // namespace tenglong::run
