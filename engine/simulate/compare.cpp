#include "engine/simulate/compare.h"
#include "engine/simulate/inside/words.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/simulate/inside/rates.h"
#include "engine/text/ensure.h"

namespace tenglong::simulate {

using result::Outcome;
using result::Standing;

const char* word_of(const result::RosterEntry* entry) {
  if (entry == nullptr) return "不在应查";
  switch (entry->place) {
    case result::RosterEntry::Place::Listed:
      return "入列";
    case result::RosterEntry::Place::Exempt:
      return "免列";
    case result::RosterEntry::Place::NotListed:
      return "不入列";
    case result::RosterEntry::Place::Unknown:
      break;
  }
  return "未知";
}

namespace {

class SchemeCompare {
 public:
  SchemeCompare(const pack::Pack& pack, const column::Snapshot& snapshot, const pack::Scheme& scheme)
      : pack_(pack), snapshot_(snapshot), scheme_(scheme), declared_(pack.simulation_of(scheme.of)) {
    out_.places = grades_of(pack, scheme);
    grades_ = out_.places.size();
    for (const char* word : {"无档", "免评", "不评", "不在应评"}) out_.places.emplace_back(word);
    out_.scheme = scheme.name;
    out_.id = scheme.id;
  }

  SchemeComparison compare(const result::SchemeResult* before, const result::SchemeResult* after) {
    out_.before_ran = before != nullptr;
    out_.after_ran = after != nullptr;
    out_.transitions.assign(out_.places.size(), std::vector<std::int64_t>(out_.places.size(), 0));
    if (before != nullptr) out_.before = before->balance;
    if (after != nullptr) out_.after = after->balance;
    if (before == nullptr || after == nullptr) return std::move(out_);
    std::size_t a = 0, b = 0;
    while (a < before->outcomes.size() || b < after->outcomes.size()) {
      const Outcome* old = a < before->outcomes.size() ? &before->outcomes[a] : nullptr;
      const Outcome* now = b < after->outcomes.size() ? &after->outcomes[b] : nullptr;
      if (old != nullptr && now != nullptr && old->key != now->key)
        (old->key < now->key ? now : old) = nullptr;
      a += old != nullptr, b += now != nullptr;
      add(old, now);
    }
    add_distribution(*before, *after);
    for (auto& [at, moved] : moved_) {
      const auto sums = sums_.find(at);
      for (std::size_t m = 0; m < moved.measures.size(); ++m)
        moved.measures[m].sum = sums->second[m].result().value_or(Decimal(0));
      out_.moved.push_back(std::move(moved));
    }
    check(before->balance, after->balance);
    return std::move(out_);
  }

 private:
  std::size_t place_of(const Outcome* outcome) const {
    if (outcome == nullptr || outcome->standing == Standing::NotDue) return grades_ + 3;
    if (outcome->standing == Standing::Exempt) return grades_ + 1;
    if (outcome->standing == Standing::NotRated) return grades_ + 2;
    const auto found = std::find(out_.places.begin(),
                                 out_.places.begin() + static_cast<std::ptrdiff_t>(grades_), outcome->grade);
    return static_cast<std::size_t>(found - out_.places.begin());  // 无档 stands right behind the grades
  }

  static bool same(const Outcome& a, const Outcome& b) {
    const auto items = [](const result::ItemOutcome& x, const result::ItemOutcome& y) {
      return x.state == y.state && x.score == y.score;
    };
    return a.standing == b.standing && a.why == b.why && a.total == b.total && a.rank == b.rank &&
           a.raw_grade == b.raw_grade && a.veto == b.veto && a.protect == b.protect && a.grade == b.grade &&
           a.adjustment == b.adjustment && a.items.size() == b.items.size() &&
           std::equal(a.items.begin(), a.items.end(), b.items.begin(), items);
  }

  void add(const Outcome* old, const Outcome* now) {
    const std::size_t from = place_of(old), to = place_of(now);
    ++out_.transitions[from][to];
    const Outcome& either = now != nullptr ? *now : *old;
    if (old == nullptr || now == nullptr || !same(*old, *now)) out_.touched.push_back(either.key);
    if (from == to) return;
    Mover mover{.row = either.row, .key = either.key, .from = from, .to = to};
    if (old != nullptr) mover.total_before = old->total, mover.rank_before = old->rank;
    if (now != nullptr) mover.total_after = now->total, mover.rank_after = now->rank;
    add_moved(mover, "", "");
    if (declared_ != nullptr)
      for (const std::string& by : declared_->by)
        add_moved(mover, by, text_beside(pack_, snapshot_, scheme_.of, by, mover.row));
    out_.movers.push_back(std::move(mover));
  }

  void add_moved(const Mover& mover, const std::string& cut, const std::string& of) {
    Moved& moved = moved_[{cut, of, mover.from, mover.to}];
    moved.from = mover.from, moved.to = mover.to, moved.cut = cut, moved.of = of;
    ++moved.records;
    if (declared_ == nullptr) return;
    const schema::Register& at = *pack_.schema.find(scheme_.of);
    const column::Table& table = *snapshot_.find(scheme_.of);
    moved.measures.resize(declared_->measures.size());
    std::vector<quantity::ExactSum>& sums = sums_[{cut, of, mover.from, mover.to}];
    sums.resize(moved.measures.size());
    for (std::size_t m = 0; m < declared_->measures.size(); ++m)
      for (std::size_t f = 0; f < at.fields.size(); ++f) {
        if (at.fields[f].name != declared_->measures[m]) continue;
        const feel::Value value = column::value_of(table, f, mover.row);
        if (value.kind() == feel::Kind::Number)
          sums[m].add(value.number());
        else
          ++moved.measures[m].without;
      }
  }

  void add_distribution(const result::SchemeResult& before, const result::SchemeResult& after) {
    if (declared_ == nullptr || declared_->bins.empty()) return;
    const std::vector<Decimal>& edges = declared_->bins;
    out_.distribution.resize(edges.size() + 1);
    for (std::size_t i = 0; i < out_.distribution.size(); ++i) {
      if (i > 0) out_.distribution[i].from = edges[i - 1];
      if (i < edges.size()) out_.distribution[i].to = edges[i];
    }
    const auto bin = [&](Decimal total) -> Bin& {
      const auto above = std::upper_bound(edges.begin(), edges.end(), total);
      return out_.distribution[static_cast<std::size_t>(above - edges.begin())];
    };
    for (const Outcome& each : before.outcomes)
      if (each.total) ++bin(*each.total).before;
    for (const Outcome& each : after.outcomes)
      if (each.total) ++bin(*each.total).after;
  }

  // 参评 + 免评 + 不评 = 应评 on both sides, and the matrix adds up to both.
  void check(const result::Balance& before, const result::Balance& after) {
    out_.failures.insert(out_.failures.end(), before.failures.begin(), before.failures.end());
    out_.failures.insert(out_.failures.end(), after.failures.begin(), after.failures.end());
    std::int64_t due_before = 0, due_after = 0, distributed_before = 0, distributed_after = 0;
    for (std::size_t from = 0; from < out_.places.size(); ++from)
      for (std::size_t to = 0; to < out_.places.size(); ++to) {
        if (from + 1 < out_.places.size()) due_before += out_.transitions[from][to];
        if (to + 1 < out_.places.size()) due_after += out_.transitions[from][to];
      }
    for (const Bin& each : out_.distribution)
      distributed_before += each.before, distributed_after += each.after;
    if (due_before != before.due) out_.failures.emplace_back("流向表各行之和不等于试算前的应评数");
    if (due_after != after.due) out_.failures.emplace_back("流向表各列之和不等于试算后的应评数");
    if (!out_.distribution.empty() &&
        (distributed_before != before.rated || distributed_after != after.rated))
      out_.failures.emplace_back("总分分布之和不等于参评数");
  }

  const pack::Pack& pack_;
  const column::Snapshot& snapshot_;
  const pack::Scheme& scheme_;
  const pack::Simulation* declared_;
  std::size_t grades_ = 0;
  SchemeComparison out_;
  std::map<std::tuple<std::string, std::string, std::size_t, std::size_t>, Moved> moved_;
  std::map<std::tuple<std::string, std::string, std::size_t, std::size_t>, std::vector<quantity::ExactSum>>
      sums_;
};

RosterComparison compare_rosters(const pack::Roster& roster, const result::RosterResult* before,
                                 const result::RosterResult* after) {
  RosterComparison out{
      .roster = roster.name, .id = roster.id, .before_ran = before != nullptr, .after_ran = after != nullptr};
  if (before != nullptr) out.listed_before = before->listed;
  if (after != nullptr) out.listed_after = after->listed;
  if (before == nullptr || after == nullptr) return out;
  std::size_t a = 0, b = 0;
  while (a < before->entries.size() || b < after->entries.size()) {
    const result::RosterEntry* old = a < before->entries.size() ? &before->entries[a] : nullptr;
    const result::RosterEntry* now = b < after->entries.size() ? &after->entries[b] : nullptr;
    if (old != nullptr && now != nullptr && old->key != now->key) (old->key < now->key ? now : old) = nullptr;
    a += old != nullptr, b += now != nullptr;
    const bool same = old != nullptr && now != nullptr && old->place == now->place && old->why == now->why;
    if (!same) out.changes.push_back({(now != nullptr ? now : old)->key, word_of(old), word_of(now)});
  }
  return out;
}

void compare_cells(const char* kind, const std::string& name,
                   const std::vector<result::AggregateCell>* before,
                   const std::vector<result::AggregateCell>* after, std::vector<FigureChange>& out) {
  std::map<std::pair<std::string, std::string>, std::pair<std::optional<Decimal>, std::optional<Decimal>>>
      cells;
  if (before != nullptr)
    for (const result::AggregateCell& each : *before) cells[{each.cut, each.of}].first = each.value;
  if (after != nullptr)
    for (const result::AggregateCell& each : *after) cells[{each.cut, each.of}].second = each.value;
  for (const auto& [at, values] : cells)
    if (values.first != values.second)
      out.push_back({kind, name, at.first, at.second, values.first, values.second});
}

}  // namespace

Comparison compare(const pack::Pack& pack, const column::Snapshot& snapshot, const result::Result& before,
                   const result::Result& after, const Priced& prices_before, const Priced& prices_after) {
  Comparison out;
  for (const pack::Simulation& each : pack.simulations)
    if (out.measures.empty()) out.measures = each.measures;
  for (const pack::Scheme& each : pack.schemes) {
    out.schemes.push_back(
        SchemeCompare(pack, snapshot, each).compare(before.scheme(each.name), after.scheme(each.name)));
    const auto was = prices_before.find(each.name), is = prices_after.find(each.name);
    if (was != prices_before.end() && is != prices_after.end())
      out.schemes.back().prices =
          prices_beside(*pack.simulation_of(each.of), grades_of(pack, each), was->second, is->second);
  }
  for (const pack::Roster& each : pack.rosters)
    out.rosters.push_back(compare_rosters(each, before.roster(each.name), after.roster(each.name)));
  for (const pack::Indicator& each : pack.indicators) {
    if (each.over.empty()) continue;
    const auto cells = [&](const result::Result& of) -> const std::vector<result::AggregateCell>* {
      for (const result::AggregateResult& one : of.aggregates)
        if (one.id == each.id) return &one.cells;
      return nullptr;
    };
    compare_cells("indicator", each.name, cells(before), cells(after), out.figures);
  }
  for (const pack::Target& each : pack.targets) {
    const auto cells = [&](const result::Result& of) -> const std::vector<result::AggregateCell>* {
      for (const result::TargetValue& one : of.targets)
        if (one.target == each.id) return &one.cells;
      return nullptr;
    };
    compare_cells("target", each.id, cells(before), cells(after), out.figures);
  }
  out.refusals = after.refusals;
  return out;
}

}  // namespace tenglong::simulate
