// The meaning of a run: record by record through the FEEL interpreter. Slow, and what every faster way must
// equal.
#include <algorithm>

#include "engine/run/inside/assemble.h"
#include "engine/run/inside/reference.h"
#include "engine/text/ensure.h"

namespace tenglong::run {
namespace {

std::string text_of(const std::optional<DecisionView>& view) {
  if (!view || view->output.kind() != feel::Kind::String) return {};
  return view->output.string();
}

}  // namespace

std::vector<std::uint32_t> by_key(const column::Table& table, std::vector<std::uint32_t> rows) {
  std::sort(rows.begin(), rows.end(),
            [&](std::uint32_t a, std::uint32_t b) { return table.key[a] < table.key[b]; });
  return rows;
}

GroupMeans means_of(const pack::Scheme& scheme, const std::vector<SchemeView>& views) {
  std::map<std::pair<std::string, std::size_t>, quantity::ExactSum> sums;
  for (const SchemeView& view : views) {
    if (view.standing != result::Standing::Rated) continue;
    for (std::size_t i = 0; i < scheme.items.size(); ++i)
      if (scheme.items[i].missing == pack::SchemeItem::Missing::GroupMean && !view.items[i].by_missing_rule)
        sums[{view.group, i}].add(view.items[i].score.number());
  }
  GroupMeans means;
  for (const auto& [key, sum] : sums) {
    const auto total = sum.result();
    const auto mean = total ? divide(*total, Decimal(sum.count())) : std::nullopt;
    means[key] = mean ? Value(*mean) : Value();
  }
  return means;
}

std::vector<SchemeView> judge_all(const Meaning& meaning, const pack::Scheme& scheme, Gaps& gaps) {
  const int table = meaning.table_index(scheme.of);
  const auto rows = by_key(meaning.table(table), meaning.rows_of(table, meaning.period()));
  std::vector<SchemeView> views;
  std::vector<std::uint32_t> row_of_view;
  bool means_needed = false;
  for (const std::uint32_t row : rows) {
    const RecordMeaning record(meaning, table, row);
    SchemeView view = judge(record, scheme, Detail::Run);
    if (view.standing == result::Standing::Rated && waits_for_mean(scheme, view))
      means_needed = true;
    else
      finish(record, scheme, {}, view);
    gaps.insert(record.gaps().begin(), record.gaps().end());
    if (view.standing == result::Standing::NotDue) continue;
    views.push_back(std::move(view));
    row_of_view.push_back(row);
  }
  if (means_needed) {
    // Means are over the records rated so far, those included that finish() already completed.
    const GroupMeans means = means_of(scheme, views);
    for (std::size_t i = 0; i < views.size(); ++i) {
      if (views[i].standing != result::Standing::Rated || views[i].total || !waits_for_mean(scheme, views[i]))
        continue;
      const RecordMeaning record(meaning, table, row_of_view[i]);
      finish(record, scheme, means, views[i]);
      gaps.insert(record.gaps().begin(), record.gaps().end());
    }
  }
  rank_and_grade(meaning, scheme, row_of_view, views, gaps);
  for (std::size_t i = 0; i < views.size(); ++i) views[i].row = row_of_view[i];
  return views;
}

void rank_and_grade(const Meaning& meaning, const pack::Scheme& scheme,
                    const std::vector<std::uint32_t>& rows, std::vector<SchemeView>& views, Gaps& gaps) {
  const int table = meaning.table_index(scheme.of);
  const schema::Codes* codes = meaning.pack().schema.find_codes(scheme.codes);
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < views.size(); ++i)
    if (views[i].standing == result::Standing::Rated) groups[views[i].group].push_back(i);
  for (auto& [name, members] : groups) {
    std::stable_sort(members.begin(), members.end(),
                     [&](std::size_t a, std::size_t b) { return *views[a].total > *views[b].total; });
    const auto size = static_cast<std::int64_t>(members.size());
    for (std::size_t first = 0; first < members.size();) {
      std::size_t last = first;  // one past the records that tie with `first`
      while (last < members.size() && *views[members[last]].total == *views[members[first]].total) ++last;
      const std::size_t rank = scheme.ties == pack::Scheme::Ties::Better ? first + 1 : last;
      for (; first < last; ++first) {
        SchemeView& view = views[members[first]];
        view.rank = static_cast<std::int32_t>(rank);
        view.group_size = size;
        if (cuts_by_score(scheme)) {
          const RecordMeaning record(meaning, table, rows[members[first]]);
          view.cut = cut_by_score(record, scheme, *view.total);
          gaps.insert(record.gaps().begin(), record.gaps().end());
        } else {
          view.cut = cut_by_rank(scheme, view.rank, size);
        }
        if (view.cut >= 0) view.raw_grade = scheme.cuts[static_cast<std::size_t>(view.cut)].grade;
        view.grade = final_grade(codes, view.raw_grade, text_of(view.veto), text_of(view.protect));
      }
    }
  }
}

namespace {

result::Outcome outcome_of(const column::Table& table, const pack::Scheme& scheme, const SchemeView& view,
                           const std::map<std::string, std::int32_t>& group_index) {
  result::Outcome outcome;
  outcome.row = view.row;
  outcome.key = table.key.shared(view.row);
  outcome.standing = view.standing;
  outcome.why = view.why;
  if (view.standing != result::Standing::Rated) return outcome;
  for (const ItemView& item : view.items)
    outcome.items.push_back({.state = item.state, .score = item.score.number().rounded(scheme.rounding)});
  outcome.adjustment = view.adjustment.number().rounded(scheme.rounding);
  outcome.total = view.total;
  outcome.group = group_index.at(view.group);
  outcome.rank = view.rank;
  outcome.raw_grade = view.raw_grade;
  outcome.veto = text_of(view.veto);
  outcome.protect = text_of(view.protect);
  outcome.grade = view.grade;
  return outcome;
}

void add_scheme(const Meaning& meaning, const pack::Scheme& scheme, result::Result& result) {
  Gaps gaps;
  const std::vector<SchemeView> views = judge_all(meaning, scheme, gaps);
  if (!gaps.empty()) {
    result.refusals.push_back(refusal(meaning, "scheme", scheme, gaps));
    return;
  }
  result::SchemeResult out = scheme_head(meaning.pack(), scheme);
  std::map<std::string, std::int32_t> group_index;
  for (const SchemeView& view : views)
    if (view.standing == result::Standing::Rated) group_index[view.group] = 0;
  for (auto& [name, index] : group_index) {
    index = static_cast<std::int32_t>(out.groups.size());
    out.groups.push_back(name);
  }
  const column::Table& table = meaning.table(meaning.table_index(scheme.of));
  text::Sharing words;
  for (const SchemeView& view : views) {
    result::Outcome& one = out.outcomes.emplace_back(outcome_of(table, scheme, view, group_index));
    for (result::Shared* word : {&one.why, &one.raw_grade, &one.veto, &one.protect, &one.grade})
      *word = words.of(*word);
  }
  out.balance =
      result::balance_of(out, static_cast<std::int64_t>(views.size()), grades_of(meaning.pack(), scheme));
  result.schemes.push_back(std::move(out));
}

void add_roster(const Meaning& meaning, const pack::Roster& roster, result::Result& result) {
  const int table_number = meaning.table_index(roster.of);
  const column::Table& table = meaning.table(table_number);
  text::Sharing words;
  result::RosterResult out = roster_head(meaning.pack(), roster);
  Gaps gaps;
  for (const std::uint32_t row : by_key(table, meaning.rows_of(table_number, meaning.period()))) {
    const RecordMeaning record(meaning, table_number, row);
    const RosterView view = judge(record, roster, Detail::Run);
    gaps.insert(record.gaps().begin(), record.gaps().end());
    if (view.is_due)
      out.entries.push_back(
          {.row = row, .key = table.key.shared(row), .place = view.place, .why = words.of(view.why)});
  }
  if (!gaps.empty()) {
    result.refusals.push_back(refusal(meaning, "roster", roster, gaps));
    return;
  }
  result::count_entries(out);
  result.rosters.push_back(std::move(out));
}

}  // namespace

void add_scheme_by_reference(const Meaning& meaning, const pack::Scheme& scheme, result::Result& result) {
  add_scheme(meaning, scheme, result);
}
void add_roster_by_reference(const Meaning& meaning, const pack::Roster& roster, result::Result& result) {
  add_roster(meaning, roster, result);
}

result::Result run_by_interpreter(const pack::Pack& pack, const column::Snapshot& snapshot,
                                  const Options& options) {
  const Meaning meaning(pack, snapshot, options.period);
  result::Result result;
  result.header = header_of(meaning);
  for (const pack::Scheme& scheme : pack.schemes) add_scheme(meaning, scheme, result);
  for (const pack::Roster& roster : pack.rosters) add_roster(meaning, roster, result);
  add_populations(meaning, result);
  add_targets(meaning, result);
  result.header.fingerprint = result::fingerprint_of(result);
  return result;
}

}  // namespace tenglong::run
