// A scheme or roster of a pack for one period, lowered to typed operators over columns.
//
// In:    a checked pack and a period. Out: one graph of nodes (inputs before users, equal nodes once,
// constants folded)
//        and, per scheme and roster, which nodes its steps are.
// Order: node ids are an order of evaluation.
// Never: looks at data. What has no columnar form becomes an Interpret node, or leaves its scheme to the
// interpreter, and
//        says why.
// Law:   node by node, evaluating in decimal128 gives what feel::evaluate gives for the expression it came
// from.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/feel/value.h"
#include "engine/pack/pack.h"
#include "engine/plan/names.h"

namespace tenglong::plan {

using NodeId = std::int32_t;
constexpr NodeId kNone = -1;

enum class Shape : std::uint8_t { Number, Boolean, Text, Date, Null };

enum class Op : std::uint8_t {
  Constant,
  Field,      // of the record that `hops` lead to; null if there is none
  RowExists,  // the record that `hops` lead to
  Add,
  Subtract,
  Multiply,
  Divide,
  Negate,
  Absolute,
  Minimum,
  Maximum,  // null if either is
  Round,    // to `rounding`
  Convert,  // by `conversion`, rounded once
  OrZero,   // 0 where null
  Compare,  // `comparator`; numbers or dates
  Equal,    // null equals null and nothing else
  IsNull,
  IsTrue,
  And,
  Or,
  Not,           // three-valued
  If,            // then only where true
  Lookup,        // parameter by keys
  Population,    // one number for all rows
  Standing,      // share, rank or percentile of the record that `hops` lead to, among its period
  Related,       // one aggregate call over the records that belong to the record that `hops` lead to
  Collect,       // match, value, match, value ...: sum, minimum, maximum by `hit`; null if none matches
  UniqueOf,      // match, value ...: the value if exactly one matches
  CountOf,       // how many match
  TextFunction,  // a built-in function of one text, worked out once a dictionary entry
  Call,          // an expression of a few values, by feel::evaluate on them; once a combination of codes
  Interpret,     // feel::evaluate, row by row
};
const char* to_word(Op op);
bool is_arithmetic(Op op);  // of numbers; null where one of them is

enum class Comparator : std::uint8_t { Less, AtMost, Greater, AtLeast };
enum class Hop : std::uint8_t { Parent, Previous };

// What an Interpret node asks of the record at hand.
struct Interpreted {
  const pack::Expression* expression = nullptr;
  const pack::Indicator* indicator = nullptr;
  const pack::Decision* decision = nullptr;
  bool rounded = false;
  std::string why = {};
};

struct Node {
  Op op = Op::Constant;
  Shape shape = Shape::Null;
  std::vector<NodeId> inputs = {};
  feel::Value constant = {};
  std::vector<Hop> hops = {};  // Field, RowExists
  int register_index = -1;     // where the hops end
  int field = -1;
  Comparator comparator = Comparator::Less;
  quantity::Rounding rounding = {};
  quantity::Conversion conversion = {};
  pack::HitPolicy hit = pack::HitPolicy::CollectSum;
  const pack::Parameter* parameter = nullptr;  // Lookup
  calendar::Date on = {};
  const pack::Indicator* population = nullptr;
  calendar::Period period = {};
  bool rounded = false;                        // Population
  const pack::Indicator* indicator = nullptr;  // Standing, Related
  const feel::Node* call = nullptr;            // Related: sum(分摊面积), in the formula's tree
  Interpreted interpreted = {};
  feel::NodePtr function =
      {};  // TextFunction: a call whose one name is kFunctionText; Call: of call_input()s
  std::string function_text = {};  // substring(文本, 1, 2)
};

inline constexpr std::string_view kFunctionText = "文本";
std::string call_input(std::size_t index);  // the name of a Call's input in its function

struct ItemPlan {
  NodeId value = kNone;  // unrounded, Number
  NodeId score = kNone;  // after floor, cap and a missing rule that gives a value
  NodeId shown = kNone;  // score, rounded as the scheme says
};

struct SchemePlan {
  const pack::Scheme* scheme = nullptr;
  int register_index = -1;
  std::string left_to_interpreter = {};  // not empty: why there is no plan
  NodeId due = kNone;
  std::vector<NodeId> exempt = {};
  std::vector<NodeId> not_rated = {};
  std::vector<ItemPlan> items = {};
  NodeId waits = kNone;  // true where an item is to get its group's mean; kNone if no item can
  std::vector<NodeId> group = {};
  NodeId adjustment = kNone;             // rounded
  NodeId total = kNone;                  // rounded
  NodeId veto = kNone, protect = kNone;  // Text
  std::vector<NodeId> score_cuts = {};
};

struct RosterPlan {
  const pack::Roster* roster = nullptr;
  int register_index = -1;
  std::string left_to_interpreter = {};
  NodeId due = kNone;
  std::vector<NodeId> exempt = {};
  NodeId enters_if = kNone;
};

struct Plan {
  calendar::Period period = {};
  std::vector<Node> nodes = {};
  std::vector<SchemePlan> schemes = {};
  std::vector<RosterPlan> rosters = {};
  const SchemePlan* scheme(std::string_view name) const;
};

// A value over the records of a register: an indicator `over` it, or a target.
struct Over {
  std::string register_id;
  const pack::Expression* where = nullptr;
  const pack::Expression* formula = nullptr;
  const std::vector<std::string>* by = nullptr;
  quantity::Conversion to_unit = {};
  calendar::Period period = {};               // what lies within it counts
  std::optional<calendar::Period> span = {};  // targets: 期间
};
Over over_of(const pack::Indicator& indicator, const calendar::Period& period);  // `over` or `related`
// `run`: the run's period; a target that adds up over years has its own.
Over over_of(const pack::Target& target, const calendar::Period& run);
calendar::Period period_of(const pack::Target& target, const calendar::Period& run);

// An aggregate call of the formula and what a record gives to its list.
struct ListPlan {
  const feel::Node* call = nullptr;  // sum(实缴税收), in the formula's tree
  std::string function = {};
  NodeId value = kNone;  // kNone: the record itself is counted
  NodeId keep = kNone;   // kNone: every record
};

// What an Over asks of each record of one period.
struct PopulationPlan {
  Plan graph = {};
  int register_index = -1;
  NodeId where = kNone;  // kNone without a filter
  std::vector<ListPlan> lists = {};
  std::vector<NodeId> cuts = {};  // as Over::by; kNone for 区县
  // Why not, where there is no columnar form: the filter, a cut, each list.
  std::string where_left = {}, cuts_left = {};
  std::vector<std::string> lists_left = {};
  std::string left_to_interpreter() const;
};
PopulationPlan lower_population(const pack::Pack& pack, const Over& over, const calendar::Period& of_records);

// What a share, rank or percentile asks of each record of one period.
struct StandingPlan {
  Plan graph = {};
  int register_index = -1;
  NodeId counted = kNone;  // kNone: everybody
  NodeId value = kNone;    // unrounded for a share, else rounded as it is compared
  std::vector<NodeId> group = {};
  std::string left_to_interpreter = {};
};
StandingPlan lower_standing(const pack::Pack& pack, const pack::Indicator& indicator,
                            const calendar::Period& of_records);

// The pack must outlive the plan.
Plan lower(const pack::Pack& pack, const calendar::Period& period);

// One node a line, then the steps of each scheme and roster; Interpret nodes with their reason. For goldens
// and inspect.
std::string render(const Plan& plan, const pack::Pack& pack);

}  // namespace tenglong::plan
