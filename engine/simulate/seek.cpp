#include "engine/simulate/seek.h"

#include <algorithm>
#include <map>

#include "engine/feel/evaluate.h"
#include "engine/simulate/dependents.h"

namespace tenglong::simulate {

using feel::Context;
using feel::Value;

ReadGrid grid_of(const pack::Pack& pack, const Override& of, std::optional<Decimal> from,
                 std::optional<Decimal> to, std::optional<Decimal> step) {
  const std::string name(text::trim(std::string_view(of.text).substr(0, of.text.find('='))));
  for (const pack::Simulation& each : pack.simulations)
    for (const pack::Grid& grid : each.grids) {
      if (grid.value != name) continue;
      if (!from) from = grid.from;
      if (!to) to = grid.to;
      if (!step) step = grid.step;
    }
  ReadGrid read;
  const auto add = [&](text::Words message, text::Words advice) {
    read.diagnostics.push_back(
        {.code = "E-SIMULATE-108", .message = std::move(message), .advice = std::move(advice)});
  };
  if (!from || !to || !step || *step <= Decimal(0) || *to < *from) {
    add({"“" + name + "”没有可走的格子：起点、终点、步长要齐，步长大于 0，终点不小于起点。",
         "\"" + name + "\" has no grid: from, to and step are needed, step above 0, to not below from."},
        {"补写 --from、--to、--step，或在政策包 yaml simulation 的 grids 里声明。",
         "Give --from, --to and --step, or declare it in grids of yaml simulation in the pack."});
    return read;
  }
  const auto count = divide(*to - *from, *step);
  if (!count || Decimal(static_cast<std::int64_t>(kMostSteps)) <= *count) {
    add({"“" + name + "”的格子多于 " + std::to_string(kMostSteps) + " 格。",
         "The grid of \"" + name + "\" has more than " + std::to_string(kMostSteps) + " steps."},
        {"把步长放大，或把范围缩小。", "Use a larger step or a narrower range."});
    return read;
  }
  read.grid = Grid{*from, *to, *step};
  return read;
}

std::vector<Decimal> values_of(const Grid& grid) {
  std::vector<Decimal> values;
  for (std::int64_t i = 0; values.size() <= kMostSteps; ++i) {
    const Decimal value = grid.from + grid.step * Decimal(i);
    if (grid.to < value) break;
    values.push_back(value);
  }
  return values;
}

namespace {

// Sums of the declared measures over records of a register; no value anywhere: the measure is null.
class Measures {
 public:
  Measures(const pack::Pack& pack, const column::Snapshot& snapshot, const std::string& register_id)
      : declared_(pack.simulation_of(register_id)), table_(snapshot.find(register_id)) {
    if (declared_ == nullptr || table_ == nullptr) return;
    const schema::Register& at = *pack.schema.find(register_id);
    for (const std::string& name : declared_->measures)
      for (std::size_t f = 0; f < at.fields.size(); ++f)
        if (at.fields[f].name == name) fields_.push_back(f);
  }
  Context of(const std::vector<std::uint32_t>& rows) const {
    Context context;
    context.put("家数", Value(Decimal(static_cast<std::int64_t>(rows.size()))));
    for (std::size_t m = 0; m < fields_.size(); ++m) {
      quantity::ExactSum sum;
      for (const std::uint32_t row : rows) {
        const Value value = column::value_of(*table_, fields_[m], row);
        if (value.kind() == feel::Kind::Number) sum.add(value.number());
      }
      const auto total = sum.result();
      context.put(declared_->measures[m], total ? Value(*total) : Value());
    }
    return context;
  }

 private:
  const pack::Simulation* declared_;
  const column::Table* table_;
  std::vector<std::size_t> fields_;
};

Value count(std::int64_t number) { return Value(Decimal(number)); }

// Money of each price, of the whole or of one grade; null while it waits for a rate.
void put_prices(const pack::Simulation* declared, const std::vector<PriceSums>& prices,
                const std::string& grade, Context& out) {
  for (std::size_t p = 0; declared != nullptr && p < prices.size(); ++p) {
    const auto line = prices[p].lines.find({grade.empty() ? std::string() : std::string(kByGrade), grade});
    const bool is_known = line != prices[p].lines.end() && line->second.money;
    out.put(declared->prices[p].name, is_known ? Value(*line->second.money) : Value());
  }
}

}  // namespace

Context aggregates(const pack::Pack& pack, const column::Snapshot& snapshot, const calendar::Period& period,
                   const result::Result& result) {
  const Priced priced = prices_of(pack, snapshot, period, result);
  Context out;
  const auto put = [&](const std::string& name, const std::string& id, const Value& value) {
    out.put(name, value);
    if (!id.empty()) out.put(id, value);
  };
  for (const pack::Scheme& scheme : pack.schemes) {
    const result::SchemeResult* ran = result.scheme(scheme.name);
    if (ran == nullptr) {
      put(scheme.name, scheme.id, {});
      continue;
    }
    const Measures measures(pack, snapshot, scheme.of);
    std::map<std::string, std::vector<std::uint32_t>> rows;
    for (const auto& [grade, number] : ran->balance.by_grade) rows[grade];
    for (const result::Outcome& each : ran->outcomes)
      if (each.standing == result::Standing::Rated) rows[each.grade].push_back(each.row);
    Context context;
    context.put("应评", count(ran->balance.due));
    context.put("参评", count(ran->balance.rated));
    context.put("免评", count(ran->balance.exempt));
    context.put("不评", count(ran->balance.not_rated));
    const pack::Simulation* declared = pack.simulation_of(scheme.of);
    const auto found = priced.find(scheme.name);
    const std::vector<PriceSums> prices = found == priced.end() ? std::vector<PriceSums>() : found->second;
    put_prices(declared, prices, "", context);
    for (const auto& [grade, of_grade] : rows) {
      if (grade.empty()) continue;
      Context one = measures.of(of_grade);
      put_prices(declared, prices, grade, one);
      context.put(grade, Value(std::move(one)));
    }
    put(scheme.name, scheme.id, Value(context));
  }
  for (const pack::Roster& roster : pack.rosters) {
    const result::RosterResult* ran = result.roster(roster.name);
    if (ran == nullptr) {
      put(roster.name, roster.id, {});
      continue;
    }
    std::vector<std::uint32_t> rows;
    for (const result::RosterEntry& each : ran->entries)
      if (each.place == result::RosterEntry::Place::Listed) rows.push_back(each.row);
    Context context = Measures(pack, snapshot, roster.of).of(rows);
    context.put("应查", count(ran->due));
    context.put("入列", count(ran->listed));
    put(roster.name, roster.id, Value(context));
  }
  const auto whole = [](const std::vector<result::AggregateCell>& cells) {
    return cells.empty() || !cells.front().value ? Value() : Value(*cells.front().value);
  };
  for (const pack::Indicator& each : pack.indicators)
    if (!each.over.empty()) put(each.name, each.id, {});
  for (const result::AggregateResult& each : result.aggregates)
    put(each.indicator, each.id, whole(each.cells));
  for (const pack::Target& each : pack.targets) put(each.id, {}, {});
  for (const result::TargetValue& each : result.targets) put(each.target, {}, whole(each.cells));
  return out;
}

ReadGoal read_goal(std::string_view text, const Context& names) {
  feel::NameSet known;
  for (const auto& [name, value] : names.entries()) {
    known.add(name);
    if (value.kind() != feel::Kind::Context) continue;
    auto members = std::make_shared<feel::NameSet>();
    for (const auto& [member, inner] : value.context().entries()) members->add(member);
    known.add_members(name, members);
  }
  const feel::Parsed parsed = feel::parse(text, known);
  ReadGoal read;
  read.tree = parsed.tree;
  if (parsed.tree) return read;
  std::string why_zh, why_en;
  for (const diagnostic::Diagnostic& each : parsed.diagnostics) {
    why_zh += each.message.zh + each.advice.zh;
    why_en += each.message.en + " " + each.advice.en;
  }
  read.diagnostics.push_back({.code = "E-SIMULATE-107",
                              .message = {"目标式“" + std::string(text) + "”读不懂。" + why_zh,
                                          "The goal \"" + std::string(text) + "\" cannot be read. " + why_en},
                              .advice = {"写成条件，如 低效企业清单.用地面积 >= 1200。",
                                         "Write a condition, such as 低效企业清单.用地面积 >= 1200."}});
  return read;
}

namespace {

// The aggregates of a scheme as aggregates() gives them, from its columns.
Context context_of(const pack::Pack& pack, std::size_t at, const Resident& resident,
                   const run::SchemeColumns& columns, const Override& change) {
  using result::Standing;
  std::int64_t due = 0, rated = 0, exempt = 0, not_rated = 0;
  std::vector<std::int64_t> of_grade(columns.grades.size(), 0);
  for (std::size_t i = 0; i < columns.rows.size(); ++i) {
    const Standing standing = columns.standing[i];
    due += standing != Standing::NotDue;
    rated += standing == Standing::Rated;
    exempt += standing == Standing::Exempt;
    not_rated += standing == Standing::NotRated;
    if (standing == Standing::Rated && columns.grade[i] >= 0)
      ++of_grade[static_cast<std::size_t>(columns.grade[i])];
  }
  Context context;
  context.put("应评", count(due));
  context.put("参评", count(rated));
  context.put("免评", count(exempt));
  context.put("不评", count(not_rated));
  const auto sums = resident.sums_by_grade(at, columns);
  const pack::Simulation* declared = pack.simulation_of(pack.schemes[at].of);
  const std::vector<PriceSums> prices = resident.prices(at, columns, {change});
  put_prices(declared, prices, "", context);
  for (std::size_t g = 0; g < of_grade.size(); ++g) {
    Context grade;
    grade.put("家数", count(of_grade[g]));
    for (std::size_t m = 0; m < sums[g].size(); ++m) grade.put(declared->measures[m], Value(sums[g][m]));
    put_prices(declared, prices, columns.grades[g], grade);
    if (!columns.grades[g].empty()) context.put(columns.grades[g], Value(std::move(grade)));
  }
  return context;
}

// Aggregates of one value's variants: what it does not reach is worked out once.
class Walk {
 public:
  Walk(Simulation& simulation, const Override& of, const Resident* resident)
      : simulation_(simulation), resident_(resident), part_(dependents(simulation.pack(), {of})) {
    by_columns_ = resident != nullptr && of.kind != Override::Kind::Field && part_.rosters.empty() &&
                  part_.indicators.empty() && part_.targets.empty();
    if (by_columns_)
      base_ = aggregates(simulation.pack(), simulation.snapshot(), simulation.options().period,
                         simulation.base());
  }
  Context at(const Override& change, result::Result& result) {
    if (by_columns_) {
      Context context = base_;
      bool all = true;
      const pack::Pack& pack = simulation_.pack();
      for (std::size_t s = 0; s < pack.schemes.size() && all; ++s) {
        const bool reached = part_.schemes.count(pack.schemes[s].name) != 0;
        if (!reached && !is_rate(pack, s, change)) continue;
        const run::SchemeColumns* columns =
            reached ? resident_->columns_with(s, {change}, columns_) : resident_->base(s);
        all = columns != nullptr;
        if (!all) break;
        const Value value(context_of(pack, s, *resident_, *columns, change));
        context.put(pack.schemes[s].name, value);
        if (!pack.schemes[s].id.empty()) context.put(pack.schemes[s].id, value);
      }
      if (all) return context;
    }
    Context context;
    simulation_.look({change}, [&](const pack::Pack& pack, const column::Snapshot& snapshot,
                                   const result::Result& looked) {
      result = looked;
      context = aggregates(pack, snapshot, simulation_.options().period, looked);
    });
    return context;
  }

 private:
  static bool is_rate(const pack::Pack& pack, std::size_t scheme, const Override& change) {
    const pack::Simulation* declared = pack.simulation_of(pack.schemes[scheme].of);
    if (declared == nullptr || change.kind != Override::Kind::Parameter) return false;
    return std::any_of(declared->prices.begin(), declared->prices.end(),
                       [&](const pack::Price& each) { return each.rate == change.block; });
  }
  Simulation& simulation_;
  const Resident* resident_;
  run::Part part_;
  bool by_columns_ = false;
  Context base_;
  run::SchemeColumns columns_;
};

}  // namespace

namespace {

std::vector<std::pair<std::string, Value>> figures_of(const feel::Node& goal, const Context& names) {
  std::vector<std::pair<std::string, Value>> out;
  for (const std::vector<std::string>& path : feel::references(goal)) {
    std::string name;
    const Context* at = &names;
    Value value;
    for (const std::string& part : path) {
      name += (name.empty() ? "" : ".") + part;
      const Value* found = at == nullptr ? nullptr : at->find(part);
      value = found == nullptr ? Value() : *found;
      at = found != nullptr && found->kind() == feel::Kind::Context ? &found->context() : nullptr;
    }
    const bool known =
        std::any_of(out.begin(), out.end(), [&](const auto& each) { return each.first == name; });
    if (!known) out.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

}  // namespace

Sought seek(Simulation& simulation, const Override& of, const Grid& grid, const feel::Node& goal, Seek which,
            const Resident* resident) {
  std::vector<Decimal> values = values_of(grid);
  if (which == Seek::Largest) std::reverse(values.begin(), values.end());
  Sought sought;
  Walk walk(simulation, of, resident);
  for (const Decimal value : values) {
    Step& step = sought.steps.emplace_back();
    step.value = value;
    const Context names = walk.at(with_value(of, value), step.result);
    step.figures = figures_of(goal, names);
    const Value answer = feel::evaluate(goal, feel::ContextEnvironment(names)).value;
    if (answer.kind() == feel::Kind::Boolean) step.reaches = answer.boolean();
    if (sought.steps.size() > 2) sought.steps[sought.steps.size() - 3].result = {};
    if (step.reaches != true) continue;
    sought.found = sought.steps.size() - 1;
    break;
  }
  return sought;
}

}  // namespace tenglong::simulate
