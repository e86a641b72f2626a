#include "engine/run/inside/among_columns.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "engine/run/inside/assemble.h"
#include "engine/run/inside/groups.h"
#include "engine/run/inside/in_parallel.h"
#include "engine/run/inside/population_columns.h"

namespace tenglong::run {
namespace {

using plan::Shape;
using As = pack::Indicator::As;

constexpr std::size_t kRecordsAtOnce = 4096;

// The value that each counted record adds, in decimals: a field as it stands, anything else by the graph.
std::vector<Decimal> exact_values(Binding& binding, NodeId id, const std::vector<std::int32_t>& group,
                                  int threads) {
  const std::size_t n = binding.rows().size();
  std::vector<Decimal> values(n);
  const plan::Node& node = binding.node(id);
  const column::NumberColumn* field = nullptr;
  if (node.op == plan::Op::Field && node.hops.empty())
    field = std::get_if<column::NumberColumn>(&binding.column_of(node));
  in_parallel(threads, (n + kRecordsAtOnce - 1) / kRecordsAtOnce, [&](int, std::size_t job) {
    ExactRow exact(binding);
    for (std::size_t i = job * kRecordsAtOnce, end = std::min(n, i + kRecordsAtOnce); i < end; ++i) {
      if (group[i] < 0) continue;
      if (field != nullptr) {
        values[i] = field->exact(binding.rows()[i]);
        continue;
      }
      exact.at(binding.rows()[i]);
      values[i] = exact.value(id).number();
    }
  });
  return values;
}

}  // namespace

std::optional<Standings> standings_by_columns(const Meaning& meaning, const pack::Indicator& indicator,
                                              const Period& at, const Options& options) {
  const plan::StandingPlan plan = plan::lower_standing(meaning.pack(), indicator, at);
  if (!plan.left_to_interpreter.empty()) return std::nullopt;
  const bool is_share = indicator.as == As::Share;
  std::vector<NodeId> nodes{plan.counted, plan.value};
  nodes.insert(nodes.end(), plan.group.begin(), plan.group.end());
  const int table = plan.register_index;
  Binding binding(plan.graph, meaning, table, meaning.rows_of(table, at), nodes);
  if (binding.gap_touched) return std::nullopt;
  const Outputs outputs(binding, nodes, options);
  if (binding.gap_touched || outputs.has_large) return std::nullopt;
  const std::size_t n = binding.rows().size();
  std::vector<result::Standing> counted(n, result::Standing::Rated);
  for (std::size_t i = 0; i < n; ++i)
    if ((plan.counted != plan::kNone && outputs.answer(plan.counted)[i] != kTrue) ||
        outputs.absent(plan.value)[i] != 0)
      counted[i] = result::Standing::NotRated;
  Groups groups(plan.group, binding, outputs);
  std::vector<std::int32_t> numbered, group(n, -1), number_of;  // numbers with gaps -> without
  groups.number(counted, numbered);
  StandingsOf standings(indicator, meaning.table(table).size());
  for (std::size_t i = 0; i < n; ++i) {
    if (counted[i] != result::Standing::Rated) continue;
    const auto at_number = static_cast<std::size_t>(numbered[i]);
    if (at_number >= number_of.size()) number_of.resize(at_number + 1, -1);
    if (number_of[at_number] < 0) number_of[at_number] = standings.add_group(groups.label(i));
    group[i] = number_of[at_number];
  }
  if (is_share) {
    const std::vector<Decimal> own = exact_values(binding, plan.value, group, options.threads);
    if (binding.gap_touched) return std::nullopt;
    for (std::size_t i = 0; i < n; ++i)
      if (group[i] >= 0) standings.count(binding.rows()[i], group[i], own[i]);
    return standings.take();
  }
  const int places = binding.node(plan.value).rounding.places;
  std::vector<std::int64_t> key = outputs.key(plan.value);
  for (std::size_t i = 0; i < n; ++i)
    if (group[i] >= 0) standings.count(binding.rows()[i], group[i], Decimal::scaled(key[i], -places));
  if (indicator.first == pack::Indicator::First::Lowest)
    for (std::int64_t& each : key) each = -each;
  std::vector<std::int32_t> rank;
  std::vector<std::int64_t> size;
  rank_within_groups(key, group, std::max<std::size_t>(1, number_of.size()), indicator.ties, rank, size);
  for (std::size_t i = 0; i < n; ++i)
    if (group[i] >= 0) standings.place(binding.rows()[i], rank[i]);
  return standings.take();
}

RelatedLists related_by_columns(const Meaning& meaning, const pack::Indicator& indicator, const Period& at,
                                const Options& options) {
  const int table = meaning.table_index(indicator.of), there = meaning.table_index(indicator.related);
  const plan::Over over = plan::over_of(indicator, at);
  const PopulationColumns columns(meaning, over, options);
  const Extras extras{{"期间", range_of(at)}};
  RelatedLists out;
  // Who counts, and to whom each belongs: positions of owners among the records of the period.
  std::vector<std::uint32_t> rows = columns.rows();
  if (columns.left_to_interpreter())
    rows = meaning.kept(there, meaning.rows_within(there, at), indicator.where, &extras, out.gaps);
  const std::vector<std::uint32_t> owners = meaning.rows_of(table, at);
  std::unordered_map<std::string_view, std::uint32_t> owner_of;
  owner_of.reserve(owners.size());
  for (std::size_t i = 0; i < owners.size(); ++i)
    owner_of.emplace(meaning.table(table).key[owners[i]], static_cast<std::uint32_t>(i));
  std::vector<std::vector<std::uint32_t>> positions(owners.size());
  const Belongs belongs(meaning, indicator);
  for (std::size_t position = 0; position < rows.size(); ++position)
    belongs.each_key(rows[position], [&](const std::string& key) {
      const auto owner = owner_of.find(key);
      if (owner == owner_of.end()) return;
      std::vector<std::uint32_t>& its = positions[owner->second];
      if (its.empty() || its.back() != position) its.push_back(static_cast<std::uint32_t>(position));
    });
  const std::vector<PopulationColumns::ListView> lists =
      columns.left_to_interpreter() ? std::vector<PopulationColumns::ListView>() : columns.lists();
  for (const plan::ListPlan& each : plan::lower_population(meaning.pack(), over, at).lists) {
    std::size_t list = 0;
    while (list < lists.size() && lists[list].node != each.call) ++list;
    pack::Expression call;
    call.tree = feel::NodePtr(feel::NodePtr(), each.call);
    const auto value_of = [&](std::size_t owner) -> Value {
      if (list < lists.size()) return columns.settled_value(list, positions[owner]);
      std::vector<std::uint32_t> its;
      for (const std::uint32_t position : positions[owner]) its.push_back(rows[position]);
      Figure figure = meaning.over_rows(there, its, call, {}, at, &extras);
      out.gaps.insert(figure.gaps.begin(), figure.gaps.end());
      return std::move(figure.value);
    };
    column::NumberColumn column;
    std::size_t next = 0;
    for (std::size_t row = 0; row < meaning.table(table).size(); ++row) {
      const bool is_owner = next < owners.size() && owners[next] == row;
      const Value value = is_owner ? value_of(next) : Value();
      if (is_owner) ++next;
      if (value.kind() == feel::Kind::Number)
        column.append(value.number());
      else
        column.append(State::Missing);
    }
    out.of_call.emplace(each.call, std::move(column));
  }
  return out;
}

}  // namespace tenglong::run
