#include "engine/run/row.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/run/inside/judge.h"
#include "engine/run/inside/reference.h"
#include "engine/run/inside/scheme_run.h"

namespace tenglong::run {

namespace {

constexpr std::size_t kMostOthers = 5;

// The rows of each group of a share, the largest first (as many as are ever shown); of a rank, by rank, then
// row.
struct StandingOrder {
  explicit StandingOrder(const Standings& all) : begin(all.groups.size() + 1, 0) {
    for (const std::int32_t group : all.group)
      if (group >= 0) ++begin[static_cast<std::size_t>(group) + 1];
    for (std::size_t group = 1; group < begin.size(); ++group) begin[group] += begin[group - 1];
    rows.resize(begin.back());
    std::vector<std::size_t> next(begin.begin(), begin.end());
    for (std::size_t row = 0; row < all.group.size(); ++row)
      if (all.group[row] >= 0)
        rows[next[static_cast<std::size_t>(all.group[row])]++] = static_cast<std::uint32_t>(row);
    const auto by_rank = [&](std::uint32_t a, std::uint32_t b) {
      return all.rank[a] != all.rank[b] ? all.rank[a] < all.rank[b] : a < b;
    };
    // The nearest doubles of two decimals never stand the other way round.
    const auto by_size = [&](std::uint32_t a, std::uint32_t b) {
      const double x = std::fabs(all.own.value[a]), y = std::fabs(all.own.value[b]);
      if (x > y || x < y) return x > y;
      const auto exactly = all.own.exact(a).abs() <=> all.own.exact(b).abs();
      return exactly != 0 ? exactly > 0 : a < b;
    };
    for (std::size_t group = 0; group + 1 < begin.size(); ++group) {
      const auto first = rows.begin() + static_cast<std::ptrdiff_t>(begin[group]);
      const auto last = rows.begin() + static_cast<std::ptrdiff_t>(begin[group + 1]);
      if (all.rank.empty())
        std::partial_sort(first, first + std::min<std::ptrdiff_t>(kMostOthers + 1, last - first), last,
                          by_size);
      else
        std::sort(first, last, by_rank);
    }
  }
  std::span<const std::uint32_t> group(std::int32_t at) const {
    const auto from = begin[static_cast<std::size_t>(at)], to = begin[static_cast<std::size_t>(at) + 1];
    return std::span<const std::uint32_t>(rows).subspan(from, to - from);
  }
  std::vector<std::size_t> begin;
  std::vector<std::uint32_t> rows;
};

// Kept between rows: standings stay where they are as long as their meaning does.
class StandingOrders {
 public:
  const StandingOrder& of(const Standings& all) { return known_.try_emplace(&all, all).first->second; }

 private:
  std::map<const Standings*, StandingOrder> known_;
};

}  // namespace

struct RowReader::Shared {
  StandingOrders orders;
  Shared(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& given,
         const result::Result* of_run)
      : options(given), meaning(pack, snapshot, given.period, &options), result(of_run) {}

  Options options;
  Meaning meaning;
  const result::Result* result;
  std::optional<plan::Plan> plan;
  std::map<const pack::Scheme*, std::unique_ptr<SchemeRun>> runs;  // null where columns cannot tell
  std::map<const pack::Scheme*, std::vector<SchemeView>> judged;   // whole schemes by the interpreter, then
  std::map<const result::SchemeResult*, std::vector<std::int64_t>> group_sizes;

  const SchemeRun* run_of(const pack::Scheme& scheme) {
    const auto [known, is_new] = runs.try_emplace(&scheme);
    if (!is_new) return known->second.get();
    if (!plan) plan = plan::lower(meaning.pack(), meaning.period());
    const plan::SchemePlan* own = plan->scheme(scheme.name);
    if (own == nullptr || !own->left_to_interpreter.empty()) return nullptr;
    auto run = std::make_unique<SchemeRun>(*plan, *own, meaning, options, Wanted::Grades);
    if (run->columns.left_to_interpreter) return nullptr;
    return (known->second = std::move(run)).get();
  }

  const SchemeView* find(const pack::Scheme& scheme, std::size_t row) {
    auto known = judged.find(&scheme);
    if (known == judged.end()) {
      Gaps gaps;
      known = judged.emplace(&scheme, judge_all(meaning, scheme, gaps)).first;
    }
    for (const SchemeView& view : known->second)
      if (view.row == row) return &view;
    return nullptr;
  }

  std::int64_t group_size(const result::SchemeResult& scheme, std::int32_t group) {
    const auto [known, is_new] = group_sizes.try_emplace(&scheme, scheme.groups.size());
    if (is_new)
      for (const result::Outcome& each : scheme.outcomes)
        if (each.standing == result::Standing::Rated) ++known->second[static_cast<std::size_t>(each.group)];
    return known->second[static_cast<std::size_t>(group)];
  }
};

RowReader::RowReader(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options,
                     const result::Result* result)
    : shared_(new Shared(pack, snapshot, options, result)) {}
RowReader::~RowReader() = default;

namespace {

StandingView standing_of(const RecordMeaning& record, const pack::Indicator& indicator,
                         StandingOrders& orders) {
  const Standings& all = record.meaning().standings(indicator, record.period());
  const column::Table& table = record.meaning().table(record.table());
  StandingView view;
  const std::int32_t group = all.group[record.row()];
  if (group < 0) return view;
  const auto own = [&](std::size_t row) { return Value(all.own.exact(row)); };
  view.group = all.groups[static_cast<std::size_t>(group)];
  view.counted = all.counted[static_cast<std::size_t>(group)];
  view.own = own(record.row());
  const bool is_share = all.rank.empty();
  if (is_share)
    view.sum = all.sums[static_cast<std::size_t>(group)];
  else
    view.rank = all.rank[record.row()];
  const auto add = [&](std::uint32_t row) {
    view.others.push_back({.row = row,
                           .key = std::string(table.key[row]),
                           .own = own(row),
                           .rank = is_share ? 0 : all.rank[row]});
  };
  const std::span<const std::uint32_t> members = orders.of(all).group(group);
  if (is_share) {
    for (std::size_t i = 0; i < members.size() && view.others.size() < kMostOthers; ++i)
      if (members[i] != record.row()) add(members[i]);
    return view;
  }
  // Next before: the largest rank below; next behind: the smallest above. The first of equals by key.
  const auto below = [&](std::uint32_t row, std::int32_t rank) { return all.rank[row] < rank; };
  const auto first = std::lower_bound(members.begin(), members.end(), view.rank, below);
  const auto behind = std::lower_bound(first, members.end(), view.rank + 1, below);
  if (first != members.begin()) add(*std::lower_bound(members.begin(), first, all.rank[*(first - 1)], below));
  if (behind != members.end()) add(*behind);
  return view;
}

void find_aggregates(const feel::NodePtr& tree, std::vector<feel::NodePtr>& calls) {
  static const char* const kCalls[] = {"sum", "mean", "min", "max", "median", "stddev", "mode", "count"};
  if (tree->kind == feel::NodeKind::Call && tree->children.size() == 2 &&
      tree->children[0]->kind == feel::NodeKind::Name && tree->argument_names.empty())
    for (const char* name : kCalls)
      if (tree->children[0]->text == name) return calls.push_back(tree);
  for (const feel::NodePtr& child : tree->children) find_aggregates(child, calls);
}

RelatedView related_of(const RecordMeaning& record, const pack::Indicator& indicator) {
  const Meaning& meaning = record.meaning();
  const std::vector<std::uint32_t> rows = record.related_rows(indicator);
  const int there = meaning.table_index(indicator.related);
  RelatedView view;
  view.register_id = indicator.related;
  view.records = static_cast<std::int64_t>(rows.size());
  std::vector<feel::NodePtr> calls;
  find_aggregates(indicator.formula.tree, calls);
  for (const feel::NodePtr& each : calls) {
    pack::Expression call;
    call.tree = each;
    SumView& sum = view.sums.emplace_back();
    sum.call = indicator.formula.text.substr(each->span.begin, each->span.end - each->span.begin);
    sum.function = each->children[0]->text;
    sum.value = meaning.over_rows(there, rows, call, {}, record.period()).value;
  }
  for (const std::uint32_t row : rows) {
    PartView& part = view.parts.emplace_back();
    part.row = row;
    part.key = std::string(meaning.table(there).key[row]);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      part.values.push_back(meaning.given_by(indicator, *calls[i], row, record.period()));
      view.sums[i].records += !part.values.back().is_null();
    }
  }
  return view;
}

IndicatorView view_of(const RecordMeaning& record, const pack::Indicator& indicator, StandingOrders& orders) {
  IndicatorView view;
  view.indicator = &indicator;
  const Measured& measured = record.indicator(indicator);
  view.value = measured.value;
  view.state = measured.state;
  view.rounded = record.rounded(indicator);
  const auto add_inputs = [&](const pack::Expression& expression, Numbers numbers) {
    if (!expression.present()) return;
    for (InputView& input : inputs_of(record, *expression.tree, numbers)) {
      bool known = false;
      for (const InputView& each : view.inputs)
        known = known || (each.name == input.name && each.keys == input.keys);
      if (!known) view.inputs.push_back(std::move(input));
    }
  };
  if (indicator.related.empty()) {
    const bool compares =
        is_condition(indicator) || (indicator.stands_among() && indicator.as != pack::Indicator::As::Share);
    add_inputs(indicator.formula, compares ? Numbers::Rounded : Numbers::Unrounded);
    add_inputs(indicator.where, Numbers::Rounded);
  } else {
    view.related = related_of(record, indicator);
  }
  add_inputs(indicator.not_applicable_if, Numbers::Rounded);
  for (const std::string& name : indicator.within)  // without its group it is not counted
    if (by_path(record, name, Numbers::Rounded).value_or(Value()).is_null())
      view.inputs.push_back({.name = name, .state = State::Missing});
  if (indicator.stands_among()) view.standing = standing_of(record, indicator, orders);
  return view;
}

int cut_index(const pack::Scheme& scheme, const std::string& grade) {
  for (std::size_t i = 0; i < scheme.cuts.size(); ++i)
    if (scheme.cuts[i].grade == grade) return static_cast<int>(i);
  return -1;
}

}  // namespace

RowView RowReader::read(std::string_view register_id, std::size_t row) {
  const Meaning& meaning = shared_->meaning;
  const pack::Pack& pack = meaning.pack();
  const int table = meaning.table_index(register_id);
  RowView view;
  view.register_id = std::string(register_id);
  view.row = static_cast<std::uint32_t>(row);
  view.key = meaning.table(table).key[row];
  const RecordMeaning record(meaning, table, row);
  for (const pack::Indicator& indicator : pack.indicators)
    if (indicator.of == register_id) view.indicators.push_back(view_of(record, indicator, shared_->orders));
  for (const pack::Decision& decision : pack.decisions)
    if (decision.of == register_id) view.decisions.push_back(view_of(record, decision));
  for (const pack::Scheme& scheme : pack.schemes) {
    if (scheme.of != register_id) continue;
    SchemeView& each = view.schemes.emplace_back(judge(record, scheme, Detail::Everything));
    each.row = view.row;
    if (each.standing != result::Standing::Rated) continue;
    const result::SchemeResult* known =
        shared_->result != nullptr ? shared_->result->scheme(scheme.name) : nullptr;
    const result::Outcome* outcome = known != nullptr ? known->find(view.key) : nullptr;
    const bool waits = waits_for_mean(scheme, each);
    const SchemeRun* run = waits || outcome == nullptr ? shared_->run_of(scheme) : nullptr;
    if (run != nullptr || (!waits && outcome != nullptr)) {
      finish(record, scheme, waits ? run->means : GroupMeans{}, each);
      if (each.standing != result::Standing::Rated) continue;
      if (outcome != nullptr && outcome->standing == result::Standing::Rated) {
        each.rank = outcome->rank;
        each.raw_grade = outcome->raw_grade;
        each.grade = outcome->grade;
        each.group_size = shared_->group_size(*known, outcome->group);
      } else if (run != nullptr) {
        const SchemeColumns& columns = run->columns;
        const auto at = static_cast<std::size_t>(
            std::lower_bound(columns.rows.begin(), columns.rows.end(), view.row) - columns.rows.begin());
        const auto grade = [&](std::int8_t position) {
          return position < 0 ? std::string() : columns.grades[static_cast<std::size_t>(position)];
        };
        each.rank = columns.rank[at];
        each.raw_grade = grade(columns.raw_grade[at]);
        each.grade = grade(columns.grade[at]);
        each.group_size = columns.group_size[static_cast<std::size_t>(columns.group[at])];
      }
      each.cut = cut_index(scheme, each.raw_grade);
      continue;
    }
    if (const SchemeView* judged = shared_->find(scheme, row)) {
      each.standing = judged->standing;
      each.why = judged->why;
      for (std::size_t i = 0; i < judged->items.size(); ++i) each.items[i].score = judged->items[i].score;
      each.total_unrounded = judged->total_unrounded;
      each.total = judged->total;
      each.group_size = judged->group_size;
      each.rank = judged->rank;
      each.cut = judged->cut;
      each.raw_grade = judged->raw_grade;
      each.grade = judged->grade;
    }
  }
  for (const pack::Roster& roster : pack.rosters)
    if (roster.of == register_id) view.rosters.push_back(judge(record, roster, Detail::Everything));
  view.gaps = meaning.describe(record.gaps());
  return view;
}

RowView evaluate_row(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options,
                     std::string_view register_id, std::size_t row, const result::Result* result) {
  return RowReader(pack, snapshot, options, result).read(register_id, row);
}

}  // namespace tenglong::run
