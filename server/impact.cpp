#include "server/impact.h"

#include <algorithm>

#include "campaign/collection/memory_collection.h"
#include "engine/run/run.h"
#include "engine/simulate/compare.h"
#include "engine/simulate/override.h"
#include "engine/simulate/resident.h"

namespace tenglong::server {

namespace {

std::string shown_key(std::string key) {
  std::replace(key.begin(), key.end(), '\x1F', '/');
  return key;
}

std::vector<std::string> in_lines(const simulate::Comparison& moved) {
  std::vector<std::string> out;
  const auto shown = [](const std::optional<quantity::Decimal>& number) {
    return number ? number->to_string() : std::string("—");
  };
  for (const simulate::SchemeComparison& scheme : moved.schemes) {
    if (scheme.before_ran != scheme.after_ran)
      out.push_back("方案 " + scheme.scheme +
                    (scheme.after_ran ? "：原先缺值没有运行，更正后运行" : "：更正后缺值，不再运行"));
    for (const simulate::Mover& each : scheme.movers)
      out.push_back("方案 " + scheme.scheme + "：" + shown_key(each.key) + " " + scheme.places[each.from] +
                    " → " + scheme.places[each.to] + "，得分 " + shown(each.total_before) + " → " +
                    shown(each.total_after));
    if (!scheme.touched.empty())
      out.push_back("方案 " + scheme.scheme + "：得分、名次或理由有变的 " +
                    std::to_string(scheme.touched.size()) + " 家");
  }
  for (const simulate::RosterComparison& roster : moved.rosters)
    for (const simulate::RosterComparison::Change& each : roster.changes)
      out.push_back("清单 " + roster.roster + "：" + shown_key(each.key) + " " + each.before + " → " +
                    each.after);
  for (const simulate::FigureChange& each : moved.figures)
    out.push_back((each.kind == "target" ? "目标 " : "指标 ") + each.name +
                  (each.of.empty() ? "" : "（" + each.of + "）") + "：" + shown(each.before) + " → " +
                  shown(each.after));
  return out;
}

}  // namespace

std::vector<std::string> impact_of(const pack::Pack& pack, const registers::RegisterStore& store,
                                   const collection::Correction& wished, const registers::View& view,
                                   const std::string& now) {
  std::vector<std::string> out;
  const schema::Register& target = *pack.schema.find(wished.register_id);
  const column::Snapshot before = column::take_snapshot(pack.schema, store, view);
  collection::Correction trial = wished;
  trial.batch = {1};
  for (const registers::Batch& each : store.batches())
    trial.batch.value = std::max(trial.batch.value, each.id.value + 1);
  trial.decided_at = now;
  registers::View after_view = view;
  after_view.also.push_back(trial.batch);
  const collection::WithOneMore then(store, batch_of(trial), statement_of(trial, target));
  const column::Snapshot after = column::take_snapshot(pack.schema, then, after_view);
  // One cell and nothing computed from it: what it moves is told by insertion. Else two whole runs.
  const std::optional<simulate::Override> change = simulate::only_change(before, after);
  const auto moved_in = [&](const run::Options& options) {
    if (change) return simulate::Resident(pack, before, options).correct(*change).comparison;
    return simulate::compare(pack, after, run::run(pack, before, options), run::run(pack, after, options));
  };
  const calendar::Period own = calendar::Period::year(wished.period.from.year);
  for (const calendar::Period& period : {own, calendar::Period::year(own.from.year + 1)})
    for (const std::string& line : in_lines(moved_in({.period = period})))
      out.push_back(period.to_string() + " " + line);
  if (out.empty()) out.push_back("不牵动任何等级、清单或目标");
  return out;
}

std::optional<registers::Resolved> cell_of(const registers::RegisterStore& store,
                                           const schema::Register& target, const std::string& key,
                                           const std::optional<calendar::Period>& period, int field,
                                           const registers::View& view) {
  for (registers::Record& record : registers::read_record(store, target, key, view))
    if (record.period == period) return std::move(record.fields.at(static_cast<std::size_t>(field)));
  return std::nullopt;
}

}  // namespace tenglong::server
