#include "engine/run/distance.h"

#include <algorithm>
#include <map>

#include "engine/run/inside/judge.h"

namespace tenglong::run {
namespace {

using feel::NodeKind;
using feel::NodePtr;

// A condition with its sign: `not(x)` is met where x is false.
struct Leaf {
  NodePtr tree;
  bool negated = false;
};
using Way = std::vector<Leaf>;
constexpr std::size_t kMostWays = 64;  // beyond that a condition is told whole

class Ways {
 public:
  Ways(const RecordMeaning& record, const pack::Pack& pack) : record_(record), pack_(pack) {}

  std::vector<Way> of(const NodePtr& tree, bool negated, int depth = 0) const {
    const bool splits_into_all = tree->kind == (negated ? NodeKind::Or : NodeKind::And);
    const bool splits_into_any = tree->kind == (negated ? NodeKind::And : NodeKind::Or);
    if (splits_into_all || splits_into_any) {
      const std::vector<Way> left = of(tree->children[0], negated, depth),
                             right = of(tree->children[1], negated, depth);
      if (splits_into_any) {
        std::vector<Way> either = left;
        either.insert(either.end(), right.begin(), right.end());
        return either.size() > kMostWays ? whole(tree, negated) : either;
      }
      if (left.size() * right.size() > kMostWays) return whole(tree, negated);
      std::vector<Way> both;
      for (const Way& a : left)
        for (const Way& b : right) {
          both.push_back(a);
          both.back().insert(both.back().end(), b.begin(), b.end());
        }
      return both;
    }
    if (tree->kind == NodeKind::Call && tree->children.size() == 2 &&
        tree->children[0]->kind == NodeKind::Name && tree->children[0]->text == "not")
      return of(tree->children[1], !negated, depth);
    // The branch that the record takes.
    if (tree->kind == NodeKind::If)
      return of(tree->children[record_.evaluate(tree->children[0], Numbers::Rounded).is_true() ? 1 : 2],
                negated, depth);
    // A named condition is opened.
    if (tree->kind == NodeKind::Name && depth < 4) {
      const Slot* slot = record_.meaning().slot(record_.table(), tree->text);
      if (slot != nullptr && slot->kind == Slot::Kind::Indicator) {
        const pack::Indicator& indicator = pack_.indicators[static_cast<std::size_t>(slot->index)];
        if (is_condition(indicator) && !indicator.not_applicable_if.present())
          return of(indicator.formula.tree, negated, depth + 1);
      }
    }
    return whole(tree, negated);
  }

 private:
  static std::vector<Way> whole(const NodePtr& tree, bool negated) { return {{{tree, negated}}}; }
  const RecordMeaning& record_;
  const pack::Pack& pack_;
};

// Where a condition stands in the pack: its text is cut from the expression it was parsed from.
std::string text_of(const NodePtr& tree, const std::vector<const pack::Expression*>& sources) {
  for (const pack::Expression* each : sources) {
    if (each->tree == nullptr) continue;
    // The tree is part of this expression if some node of it is the very node.
    std::vector<const feel::Node*> open{each->tree.get()};
    while (!open.empty()) {
      const feel::Node* node = open.back();
      open.pop_back();
      if (node == tree.get())
        return tree->span.end <= each->text.size() && tree->span.begin < tree->span.end
                   ? each->text.substr(tree->span.begin, tree->span.end - tree->span.begin)
                   : each->text;
      for (const NodePtr& child : node->children) open.push_back(child.get());
    }
  }
  return {};
}

const char* opposite(const std::string& word) {
  return word == "<"    ? ">="
         : word == "<=" ? ">"
         : word == ">"  ? "<="
         : word == ">=" ? "<"
         : word == "="  ? "!="
                        : "=";
}

void measure(ConditionGap& gap, const std::string& word) {
  if (gap.left.kind() != feel::Kind::Number || gap.right.kind() != feel::Kind::Number) return;
  if (word == "!=") return;
  gap.distance = subtract(gap.right.number(), gap.left.number());
  gap.is_open = word == "<" || word == ">";
}

// The end of a range that `input` misses; false where it lies within or does not compare.
bool missed_end(const Value& input, const feel::Node& range, const Value& low, const Value& high, Value& end,
                std::string& word) {
  const auto from = feel::compare(low, input), to = feel::compare(input, high);
  if (from && (*from > 0 || (*from == 0 && range.text.front() != '['))) {
    end = low;
    word = range.text.front() == '[' ? ">=" : ">";
    return true;
  }
  if (to && (*to > 0 || (*to == 0 && range.text.back() != ']'))) {
    end = high;
    word = range.text.back() == ']' ? "<=" : "<";
    return true;
  }
  return false;
}

// What a unary test lacks of `gap.left`: the nearest of its alternatives.
void measure_test(ConditionGap& gap, const feel::Node& test, const RecordMeaning& record) {
  const auto nearer = [&](const ConditionGap& other) {
    if (other.right.is_null()) return;
    if (gap.right.is_null() ||
        (other.distance && (!gap.distance || other.distance->abs() < gap.distance->abs()))) {
      gap.right = other.right;
      gap.distance = other.distance;
      gap.is_open = other.is_open;
    }
  };
  ConditionGap one{.left = gap.left};
  switch (test.kind) {
    case NodeKind::TestList:
      for (const NodePtr& child : test.children) measure_test(gap, *child, record);
      return;
    case NodeKind::TestCompare:
      one.right = record.evaluate(test.children[0], Numbers::Rounded);
      measure(one, test.text);
      return nearer(one);
    case NodeKind::RangeLiteral: {
      std::string word;
      if (!missed_end(gap.left, test, record.evaluate(test.children[0], Numbers::Rounded),
                      record.evaluate(test.children[1], Numbers::Rounded), one.right, word))
        return;
      measure(one, word);
      return nearer(one);
    }
    case NodeKind::TestExpression:
      if (test.mentions) return;
      if (test.children[0]->kind == NodeKind::RangeLiteral)
        return measure_test(gap, *test.children[0], record);
      one.right = record.evaluate(test.children[0], Numbers::Rounded);
      measure(one, "=");
      return nearer(one);
    default:
      return;
  }
}

ConditionGap gap_of(const Leaf& leaf, const RecordMeaning& record,
                    const std::vector<const pack::Expression*>& sources) {
  ConditionGap gap;
  gap.text = text_of(leaf.tree, sources);
  if (leaf.negated) gap.text = "not(" + gap.text + ")";
  const Value truth = record.evaluate(leaf.tree, Numbers::Rounded);
  if (truth.kind() == feel::Kind::Boolean)
    gap.holds = truth.boolean() != leaf.negated;
  else
    gap.want = record.want_of(*leaf.tree);
  const feel::Node& tree = *leaf.tree;
  if (tree.kind == NodeKind::Comparison) {
    gap.left = record.evaluate(tree.children[0], Numbers::Rounded);
    gap.right = record.evaluate(tree.children[1], Numbers::Rounded);
    if (gap.holds == std::optional(false)) measure(gap, leaf.negated ? opposite(tree.text) : tree.text);
  } else if (tree.kind == NodeKind::Between && !leaf.negated) {
    gap.left = record.evaluate(tree.children[0], Numbers::Rounded);
    feel::Node range;
    range.text = "[]";
    std::string word;
    if (missed_end(gap.left, range, record.evaluate(tree.children[1], Numbers::Rounded),
                   record.evaluate(tree.children[2], Numbers::Rounded), gap.right, word))
      measure(gap, word);
  } else if (tree.kind == NodeKind::In && !leaf.negated) {
    gap.left = record.evaluate(tree.children[0], Numbers::Rounded);
    if (gap.holds == std::optional(false))
      for (std::size_t i = 1; i < tree.children.size(); ++i) measure_test(gap, *tree.children[i], record);
  } else {
    gap.left = truth;
  }
  return gap;
}

void count(WayIn& way) {
  for (const ConditionGap& each : way.conditions) {
    way.missed += each.holds == std::optional(false);
    way.unknown += !each.holds;
  }
}

// Share of the line that a condition lacks, for putting ways in order only.
double relative(const WayIn& way) {
  double most = 0;
  for (const ConditionGap& each : way.conditions) {
    if (!each.distance) continue;
    const double line = std::max(1e-9, std::abs(each.right.number().to_double()));
    most = std::max(most, std::abs(each.distance->to_double()) / line);
  }
  return most;
}

void nearest_first(std::vector<WayIn>& ways) {
  std::stable_sort(ways.begin(), ways.end(), [](const WayIn& a, const WayIn& b) {
    const int open_a = a.missed + a.unknown, open_b = b.missed + b.unknown;
    return open_a != open_b         ? open_a < open_b
           : a.unknown != b.unknown ? a.unknown < b.unknown
                                    : relative(a) < relative(b);
  });
}

Distances of_roster(const RecordMeaning& record, const pack::Pack& pack, const pack::Roster& roster) {
  Distances out{
      .kind = Distances::Kind::Roster, .name = roster.name, .clause = roster.clause, .source = roster.source};
  const RosterView view = judge(record, roster, Detail::Everything);
  using Place = result::RosterEntry::Place;
  out.reached = !view.is_due                     ? "不在应查范围"
                : view.place == Place::Listed    ? "入列"
                : view.place == Place::Exempt    ? "免列"
                : view.place == Place::NotListed ? "不入列"
                                                 : "待核";
  std::vector<const pack::Expression*> sources{&roster.enters_if};
  for (const pack::Indicator& each : pack.indicators) sources.push_back(&each.formula);
  for (const Way& way : Ways(record, pack).of(roster.enters_if.tree, false)) {
    WayIn& in = out.ways.emplace_back();
    for (const Leaf& leaf : way) in.conditions.push_back(gap_of(leaf, record, sources));
    count(in);
  }
  out.is_met = view.enters_if.value.is_true();
  if (out.is_met && view.place != Place::Listed) out.hindered = !view.is_due ? "不在应查范围" : view.why;
  if (out.is_met) std::erase_if(out.ways, [](const WayIn& way) { return way.missed + way.unknown > 0; });
  nearest_first(out.ways);
  return out;
}

Distances of_decision(const RecordMeaning& record, const pack::Decision& decision) {
  Distances out{.kind = Distances::Kind::Decision,
                .name = decision.name,
                .clause = decision.clause,
                .source = decision.source};
  const DecisionView view = view_of(record, decision);
  out.reached = view.output.is_null() ? "没有命中" : view.output.to_text();
  out.is_met = !view.matched.empty();
  for (std::size_t rule = 0; rule < decision.rules.size(); ++rule) {
    if (std::find(view.matched.begin(), view.matched.end(), rule) != view.matched.end()) continue;
    const pack::DecisionRule& own = decision.rules[rule];
    WayIn& way = out.ways.emplace_back();
    way.rule = static_cast<std::int32_t>(rule);
    way.note = own.note;
    if (!own.outputs.empty()) way.output = record.evaluate(own.outputs[0], Numbers::Rounded);
    for (std::size_t i = 0; i < decision.inputs.size(); ++i) {
      if (own.tests[i]->kind == NodeKind::TestAny) continue;
      ConditionGap gap;
      gap.text = decision.inputs[i].text + " " + own.test_texts[i];
      gap.left = view.inputs[i];
      const Value truth = record.test(own.tests[i], gap.left);
      if (truth.kind() == feel::Kind::Boolean)
        gap.holds = truth.boolean();
      else
        gap.want = record.want_of(*decision.inputs[i].tree);
      if (gap.holds == std::optional(false)) measure_test(gap, *own.tests[i], record);
      way.conditions.push_back(std::move(gap));
    }
    count(way);
  }
  nearest_first(out.ways);
  return out;
}

// Whoever stands lowest within each cut of a group today.
struct LastWithin {
  std::int32_t limit = 0, rank = 0;
  std::optional<Decimal> total = {};
};
// Group, as the result numbers it -> one for each cut.
using LastOfGroups = std::map<std::int32_t, std::vector<LastWithin>>;

LastOfGroups last_of_groups(const pack::Scheme& scheme, const result::SchemeResult& result) {
  LastOfGroups groups;
  std::map<std::int32_t, std::int64_t> sizes;
  for (const result::Outcome& each : result.outcomes)
    if (each.standing == result::Standing::Rated) ++sizes[each.group];
  for (const auto& [group, size] : sizes) {
    std::vector<LastWithin>& last = groups[group];
    last.resize(scheme.cuts.size());
    for (std::size_t i = 0; i < last.size(); ++i) {
      std::int64_t low = 0, high = size + 1;  // low is within, high is not
      while (high - low > 1) {
        const int cut = cut_by_rank(scheme, (low + high) / 2, size);
        (cut >= 0 && cut <= static_cast<int>(i) ? low : high) = (low + high) / 2;
      }
      last[i].limit = static_cast<std::int32_t>(low);
    }
  }
  for (const result::Outcome& each : result.outcomes) {
    if (each.standing != result::Standing::Rated) continue;
    for (LastWithin& at : groups[each.group])
      if (each.rank <= at.limit && each.rank > at.rank) {
        at.rank = each.rank;
        at.total = each.total;
      }
  }
  return groups;
}

std::optional<Distances> of_scheme(const RecordMeaning& record, const pack::Scheme& scheme,
                                   const result::Result& result, const std::string& key,
                                   std::map<std::string, LastOfGroups, std::less<>>& kept) {
  Distances out{
      .kind = Distances::Kind::Scheme, .name = scheme.name, .clause = scheme.clause, .source = scheme.source};
  const result::SchemeResult* known = result.scheme(scheme.name);
  const result::Outcome* outcome = known == nullptr ? nullptr : known->find(key);
  if (outcome == nullptr || outcome->standing != result::Standing::Rated) {
    out.reached = outcome == nullptr ? "不在应评范围" : result::to_chinese(outcome->standing);
    out.hindered = outcome == nullptr ? "" : outcome->why;
    return out;
  }
  out.reached = outcome->grade;
  out.total = outcome->total;
  if (outcome->grade != outcome->raw_grade)
    out.hindered = "按总分为 " + outcome->raw_grade + " 档，" +
                   (outcome->veto.empty() ? "因保护最低 " + outcome->protect : "因否决最高 " + outcome->veto);
  std::size_t own_cut = scheme.cuts.size();
  for (std::size_t i = 0; i < scheme.cuts.size(); ++i)
    if (scheme.cuts[i].grade == outcome->raw_grade) own_cut = i;
  const std::vector<LastWithin>* last = nullptr;
  if (!cuts_by_score(scheme)) {
    const auto [known_groups, is_new] = kept.try_emplace(scheme.name);
    if (is_new) known_groups->second = last_of_groups(scheme, *known);
    last = &known_groups->second.at(outcome->group);
  }
  for (std::size_t i = own_cut; i-- > 0;) {
    const pack::Cut& cut = scheme.cuts[i];
    CutGap gap{.grade = cut.grade};
    if (cuts_by_score(scheme)) {
      gap.cut = "总分 " + cut.score_text;
      ConditionGap total{.left = Value(*outcome->total)};
      measure_test(total, *cut.score_test, record);
      gap.points = total.distance;
      gap.is_open = total.is_open;
    } else if (cut.percent) {
      gap.cut = "累计不超过 " + cut.percent->to_string() + "%";
      if (!(*last)[i].total) continue;
      gap.points = subtract(*(*last)[i].total, *outcome->total);
      gap.places = outcome->rank - (*last)[i].rank;
    }
    out.better.push_back(std::move(gap));
  }
  return out;
}

}  // namespace

struct DistanceReader::Shared {
  Shared(const pack::Pack& given, const column::Snapshot& snapshot, const Options& options,
         const result::Result& of_run)
      : pack(given), result(of_run), meaning(given, snapshot, options.period, &options) {}
  const pack::Pack& pack;
  const result::Result& result;
  Meaning meaning;
  std::map<std::string, LastOfGroups, std::less<>> last = {};  // of a scheme
};

DistanceReader::DistanceReader(const pack::Pack& pack, const column::Snapshot& snapshot,
                               const Options& options, const result::Result& result)
    : shared_(std::make_unique<Shared>(pack, snapshot, options, result)) {}
DistanceReader::~DistanceReader() = default;

std::optional<Distances> DistanceReader::read(std::string_view register_id, std::size_t row,
                                              std::string_view name) {
  const Meaning& meaning = shared_->meaning;
  const int table = meaning.table_index(register_id);
  const RecordMeaning record(meaning, table, row);
  const auto is_it = [&](const pack::Block& block) { return block.name == name || block.id == name; };
  for (const pack::Roster& each : shared_->pack.rosters)
    if (each.of == register_id && is_it(each)) return of_roster(record, shared_->pack, each);
  for (const pack::Decision& each : shared_->pack.decisions)
    if ((each.of.empty() || each.of == register_id) && is_it(each)) return of_decision(record, each);
  for (const pack::Scheme& each : shared_->pack.schemes)
    if (each.of == register_id && is_it(each))
      return of_scheme(record, each, shared_->result, meaning.table(table).key[row], shared_->last);
  return std::nullopt;
}

std::optional<Distances> distances_of(const pack::Pack& pack, const column::Snapshot& snapshot,
                                      const Options& options, const result::Result& result,
                                      std::string_view register_id, std::size_t row, std::string_view name) {
  return DistanceReader(pack, snapshot, options, result).read(register_id, row, name);
}

}  // namespace tenglong::run
