#include "engine/run/run.h"

#include <algorithm>

#include "engine/run/inside/assemble.h"
#include "engine/run/inside/in_parallel.h"
#include "engine/run/inside/reference.h"
#include "engine/run/inside/scheme_run.h"
#include "engine/text/ensure.h"

namespace tenglong::run {

using plan::Op;
using result::Standing;

namespace {

// What the interpreter would say of one record: for records off the straight road, whose reasons are words.
std::string why_not_rated(const Meaning& meaning, const pack::Scheme& scheme, int table, std::uint32_t row) {
  const RecordMeaning record(meaning, table, row);
  SchemeView view = judge(record, scheme, Detail::Run);
  if (view.standing == Standing::Rated) finish(record, scheme, {}, view);
  ensure(view.standing == Standing::NotRated, "the columns and the interpreter agree on who is rated");
  return view.why;
}

std::string why_exempt(const plan::SchemePlan& scheme, const Outputs& outputs, std::size_t i) {
  for (std::size_t e = 0; e < scheme.exempt.size(); ++e)
    if (outputs.answer(scheme.exempt[e])[i] == kTrue) return reason_of(scheme.scheme->exempt[e]);
  return {};
}

// A rounded number as the outcome keeps it.
std::optional<Decimal> rounded_at(const SchemeRun& run, NodeId id, std::size_t i) {
  const plan::Node& node = run.binding.node(id);
  if (node.op == Op::Constant)
    return node.constant.kind() == feel::Kind::Number ? std::optional(node.constant.number()) : std::nullopt;
  if (run.outputs->absent(id)[i] != 0) return std::nullopt;
  return Decimal::scaled(run.outputs->key(id)[i], -node.rounding.places);
}

void add_item(const SchemeRun& run, const plan::SchemePlan& scheme, const Meaning& meaning, std::size_t item,
              std::size_t i, result::Outcome& outcome) {
  const plan::ItemPlan& at = scheme.items[item];
  result::ItemOutcome& out = outcome.items.emplace_back();
  const bool is_constant = run.binding.node(at.value).op == Op::Constant;
  const bool has_value =
      is_constant ? !run.binding.node(at.value).constant.is_null() : run.outputs->absent(at.value)[i] == 0;
  out.state = State::Known;
  if (!has_value) {
    const RecordMeaning record(meaning, run.binding.table(), outcome.row);
    out.state = record.indicator(*meaning.pack().indicator(scheme.scheme->items[item].indicator)).state;
  }
  out.score = rounded_at(run, at.shown, i);
}

// `grades`: as columns.grades.
result::Outcome outcome_of(const SchemeRun& run, const plan::SchemePlan& scheme, const Meaning& meaning,
                           const std::vector<result::Shared>& grades, std::size_t i) {
  const SchemeColumns& columns = run.columns;
  result::Outcome outcome;
  outcome.row = columns.rows[i];
  outcome.key = meaning.table(run.binding.table()).key.shared(outcome.row);
  outcome.standing = columns.standing[i];
  const auto by_meaning = run.by_meaning.find(i);
  if (outcome.standing == Standing::Exempt) outcome.why = why_exempt(scheme, *run.outputs, i);
  if (outcome.standing == Standing::NotRated)
    outcome.why = by_meaning != run.by_meaning.end()
                      ? by_meaning->second.why
                      : why_not_rated(meaning, *scheme.scheme, run.binding.table(), outcome.row);
  if (outcome.standing != Standing::Rated) return outcome;
  if (by_meaning != run.by_meaning.end()) {
    const quantity::Rounding& rounding = scheme.scheme->rounding;
    for (const ItemView& item : by_meaning->second.items)
      outcome.items.push_back({.state = item.state, .score = item.score.number().rounded(rounding)});
    outcome.adjustment = by_meaning->second.adjustment.number().rounded(rounding);
  } else {
    for (std::size_t item = 0; item < scheme.items.size(); ++item)
      add_item(run, scheme, meaning, item, i, outcome);
    if (scheme.adjustment != plan::kNone)
      outcome.adjustment = rounded_at(run, scheme.adjustment, i).value_or(Decimal(0));
  }
  outcome.total = Decimal::scaled(columns.total[i], -columns.places);
  outcome.group = columns.group[i];
  outcome.rank = columns.rank[i];
  const auto grade = [&](std::int8_t position) {
    return position < 0 ? result::Shared() : grades[static_cast<std::size_t>(position)];
  };
  const auto text = [&](const std::vector<std::int32_t>& codes) {
    return codes.empty() || codes[i] == kNoText ? std::string() : run.binding.texts.text(codes[i]);
  };
  outcome.raw_grade = grade(columns.raw_grade[i]);
  outcome.veto = text(run.veto);
  outcome.protect = text(run.protect);
  outcome.grade = grade(columns.grade[i]);
  return outcome;
}

// Few reasons, held by many.
void share_words(result::SchemeResult& scheme) {
  text::Sharing words;
  for (result::Outcome& each : scheme.outcomes)
    for (result::Shared* word : {&each.why, &each.veto, &each.protect}) *word = words.of(*word);
}

void add_scheme(const plan::Plan& plan, const plan::SchemePlan& scheme, const Meaning& meaning,
                const Options& options, result::Result& result) {
  if (!scheme.left_to_interpreter.empty()) return add_scheme_by_reference(meaning, *scheme.scheme, result);
  const SchemeRun run(plan, scheme, meaning, options, Wanted::Outcomes);
  if (run.columns.left_to_interpreter) return add_scheme_by_reference(meaning, *scheme.scheme, result);
  result::SchemeResult out = scheme_head(meaning.pack(), *scheme.scheme);
  out.groups = run.columns.groups;
  std::vector<std::size_t> due_rows;
  for (std::size_t i = 0; i < run.columns.rows.size(); ++i)
    if (run.columns.standing[i] != Standing::NotDue) due_rows.push_back(i);
  const auto due = static_cast<std::int64_t>(due_rows.size());
  out.outcomes.resize(due_rows.size());
  const std::vector<result::Shared> grades(run.columns.grades.begin(), run.columns.grades.end());
  constexpr std::size_t kOutcomesAtOnce = 1024;
  in_parallel(options.threads, (due_rows.size() + kOutcomesAtOnce - 1) / kOutcomesAtOnce,
              [&](int, std::size_t job) {
                const std::size_t end = std::min(due_rows.size(), (job + 1) * kOutcomesAtOnce);
                for (std::size_t at = job * kOutcomesAtOnce; at < end; ++at)
                  out.outcomes[at] = outcome_of(run, scheme, meaning, grades, due_rows[at]);
              });
  share_words(out);
  out.balance = result::balance_of(out, due, grades_of(meaning.pack(), *scheme.scheme));
  result.schemes.push_back(std::move(out));
}

void add_roster(const plan::Plan& plan, const plan::RosterPlan& roster, const Meaning& meaning,
                const Options& options, result::Result& result) {
  using Place = result::RosterEntry::Place;
  if (!roster.left_to_interpreter.empty()) return add_roster_by_reference(meaning, *roster.roster, result);
  std::vector<NodeId> nodes{roster.due, roster.enters_if};
  nodes.insert(nodes.end(), roster.exempt.begin(), roster.exempt.end());
  const int table_number = roster.register_index;
  Binding binding(plan, meaning, table_number, meaning.rows_of(table_number, meaning.period()), nodes);
  if (binding.gap_touched) return add_roster_by_reference(meaning, *roster.roster, result);
  const Outputs outputs(binding, nodes, options);
  if (binding.gap_touched) return add_roster_by_reference(meaning, *roster.roster, result);
  result::RosterResult out = roster_head(meaning.pack(), *roster.roster);
  const column::Table& table = meaning.table(table_number);
  text::Sharing words;
  for (std::size_t i = 0; i < binding.rows().size(); ++i) {
    const std::uint32_t row = binding.rows()[i];
    const Tri due = outputs.answer(roster.due)[i];
    if (due == kFalse) continue;
    result::RosterEntry entry{.row = row, .key = table.key.shared(row), .place = Place::Unknown};
    bool is_exempt = false, unknown = due == kUnknown;
    for (std::size_t e = 0; e < roster.exempt.size() && !unknown; ++e)
      if (outputs.answer(roster.exempt[e])[i] == kTrue) {
        is_exempt = true;
        entry.why = reason_of(roster.roster->exempt[e]);
        break;
      }
    if (is_exempt) {
      entry.place = Place::Exempt;
    } else {
      for (const NodeId id : roster.exempt) unknown = unknown || outputs.answer(id)[i] == kUnknown;
      const Tri enters = outputs.answer(roster.enters_if)[i];
      if (!unknown && enters != kUnknown) entry.place = enters == kTrue ? Place::Listed : Place::NotListed;
      if (entry.place == Place::Unknown) {
        const RecordMeaning record(meaning, table_number, row);
        const RosterView view = judge(record, *roster.roster, Detail::Run);
        ensure(view.place == Place::Unknown, "the columns and the interpreter agree on what is not known");
        entry.why = view.why;
      }
    }
    entry.why = words.of(entry.why);
    out.entries.push_back(std::move(entry));
  }
  out.entries.shrink_to_fit();
  result::count_entries(out);
  result.rosters.push_back(std::move(out));
}

}  // namespace

result::Result run(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options) {
  const plan::Plan plan = plan::lower(pack, options.period);
  const Meaning meaning(pack, snapshot, options.period, &options);
  result::Result result;
  result.header = header_of(meaning);
  for (const plan::SchemePlan& scheme : plan.schemes) add_scheme(plan, scheme, meaning, options, result);
  for (const plan::RosterPlan& roster : plan.rosters) add_roster(plan, roster, meaning, options, result);
  add_populations(meaning, result);
  add_targets(meaning, result);
  result.header.fingerprint = result::fingerprint_of(result);
  return result;
}

namespace {

// What `base` said of a block: its entry in `list`, or why it was refused.
template <typename Entry, typename IsIt>
void keep(const std::vector<Entry>& list, IsIt is_it, const char* kind, const std::string& name,
          const result::Result& base, std::vector<Entry>& out, result::Result& result) {
  for (const Entry& each : list)
    if (is_it(each)) out.push_back(each);
  for (const result::Refusal& each : base.refusals)
    if (each.kind == kind && each.name == name) result.refusals.push_back(each);
}

}  // namespace

result::Result run_part(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options,
                        const Part& part, const result::Result& base) {
  const plan::Plan plan = plan::lower(pack, options.period);
  const Meaning meaning(pack, snapshot, options.period, &options);
  result::Result result;
  result.header = header_of(meaning);
  for (const plan::SchemePlan& each : plan.schemes) {
    const std::string& name = each.scheme->name;
    if (part.schemes.count(name) != 0)
      add_scheme(plan, each, meaning, options, result);
    else
      keep(
          base.schemes, [&](const auto& one) { return one.id == each.scheme->id; }, "scheme", name, base,
          result.schemes, result);
  }
  for (const plan::RosterPlan& each : plan.rosters) {
    const std::string& name = each.roster->name;
    if (part.rosters.count(name) != 0)
      add_roster(plan, each, meaning, options, result);
    else
      keep(
          base.rosters, [&](const auto& one) { return one.id == each.roster->id; }, "roster", name, base,
          result.rosters, result);
  }
  for (const pack::Indicator& each : pack.indicators) {
    if (each.over.empty()) continue;
    if (part.indicators.count(each.name) != 0)
      add_population(meaning, each, result);
    else
      keep(
          base.aggregates, [&](const auto& one) { return one.id == each.id; }, "indicator", each.name, base,
          result.aggregates, result);
  }
  for (const pack::Target& each : pack.targets) {
    if (part.targets.count(each.id) != 0)
      add_target(meaning, each, result);
    else
      keep(
          base.targets, [&](const auto& one) { return one.target == each.id; }, "target",
          each.name.empty() ? each.id : each.name, base, result.targets, result);
  }
  return result;
}

}  // namespace tenglong::run
