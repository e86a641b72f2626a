// One value walked along its grid: what comes of each step, and the first that reaches a goal.
//
// In:    an override whose value is replaced, a grid, a goal in FEEL over the aggregates of a result.
// Out:   every step that was run. Nothing is assumed to rise or fall: a search runs every step from its end
// of the
//        grid until the goal holds, so "the smallest" is proven by the steps before it, all of which are
//        returned.
// Names: 方案.应评 参评 免评 不评; 方案.A.家数 and 方案.A.<measure>; 方案.<price> and 方案.A.<price>;
// 清单.入列 and 清单.<measure>; an `over`
//        indicator and a target by name or number; schemes and rosters by name or id.
// Cost:  one variant a step, at most kMostSteps.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/simulate/resident.h"
#include "engine/simulate/simulation.h"

namespace tenglong::simulate {

inline constexpr std::size_t kMostSteps = 10'000;

struct Step {
  Decimal value = {};
  std::optional<bool> reaches = {};  // of the goal; absent: it came to null
  // What each name of the goal came to: 综合评价.A.家数 -> 12; null where it has no value.
  std::vector<std::pair<std::string, feel::Value>> figures = {};
  result::Result result = {};
};

struct Grid {
  Decimal from = {}, to = {}, step = {};
};
// What the command gives, else the pack's; with diagnostics if neither is whole, or it has too many steps.
struct ReadGrid {
  std::optional<Grid> grid = {};
  diagnostic::Diagnostics diagnostics = {};
};
ReadGrid grid_of(const pack::Pack& pack, const Override& of, std::optional<Decimal> from,
                 std::optional<Decimal> to, std::optional<Decimal> step);
std::vector<Decimal> values_of(const Grid& grid);

// The aggregates of a result as FEEL sees them.
feel::Context aggregates(const pack::Pack& pack, const column::Snapshot& snapshot,
                         const calendar::Period& period, const result::Result& result);

struct ReadGoal {
  feel::NodePtr tree = {};
  diagnostic::Diagnostics diagnostics = {};
};
ReadGoal read_goal(std::string_view text, const feel::Context& names);

enum class Seek { Smallest, Largest };
struct Sought {
  std::optional<std::size_t> found = {};  // into steps; always the last
  std::vector<Step> steps = {};  // in the order they were run; results of all but the last two are dropped
};
// With a resident base a step costs its columns alone, where the value reaches schemes only; results are then
// not kept.
Sought seek(Simulation& simulation, const Override& of, const Grid& grid, const feel::Node& goal, Seek which,
            const Resident* resident = nullptr);

}  // namespace tenglong::simulate
