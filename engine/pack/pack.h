// The policy as read and checked: clauses, blocks, values, gaps. The plan is lowered from this and from
// nothing else.
//
// In:    a folder of Markdown (docs/pack-language.md). Out: a Pack whose every expression is parsed,
// resolved, unit-checked. Order: blocks keep the order of the files (by name) and of the text; indicators
// come in dependency order. Never: runs a rule; guesses a value; stops at the first mistake. Cost:  a pack of
// 60 files is read and checked in well under 0.1 s.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/feel/syntax.h"
#include "engine/feel/type.h"
#include "engine/feel/value.h"
#include "engine/quantity/decimal.h"
#include "engine/quantity/unit.h"
#include "engine/schema/name_rules.h"
#include "engine/schema/schema.h"

namespace tenglong::pack {

// An expression with its place: parsed, names resolved, type inferred. Absent: no tree.
struct Expression {
  std::string text = {};
  feel::NodePtr tree = {};
  feel::Type type = {};
  feel::Origin origin = {};
  bool present() const { return tree != nullptr; }
};

// Every block knows where it stands and where its numbers come from.
struct Block {
  std::string id = {};      // snake_case, or P10 for targets
  std::string name = {};    // Chinese
  std::string number = {};  // P09, R01, Q03 of the inventory, if it is one
  std::string clause = {};  // 三(一)3; 二·P09 when a number is given under 二
  std::string source = {};  // document number, standard, Qnn, 建 ..., or 缺省，待确认
  diagnostic::Place place = {};
  bool is_default() const;     // source begins with 缺省: marked so wherever it shows
  bool is_suggestion() const;  // source begins with 建: never cited as law
};

// A word of a table of rights, where it stands.
struct AccessWord {
  std::string text = {};
  diagnostic::Place place = {};
};
struct AccessRole {
  std::string id = {}, name = {};
  bool is_outside = false;  // a bank, the grid: sees only what is meant for it
  diagnostic::Place place = {};
};
// Roles, operations, relations and states multiply; campaign/access says what the words mean.
struct AccessLine {
  std::vector<AccessWord> roles = {}, operations = {}, relations = {}, states = {};  // no states: any
  AccessWord level = {};                                                             // 公开, 内部, 敏感
  AccessWord of = {};         // with a condition: the register it speaks of, by name or id
  AccessWord condition = {};  // FEEL over the record; the line grants nothing where it is not true
  diagnostic::Place place = {};
};
// Of a field above the reader's level so many characters show at either end; else nothing does.
struct AccessMask {
  AccessWord field = {};  // id or name, of any register
  std::optional<quantity::Decimal> first = {}, last = {};
};
struct Access : Block {
  std::vector<AccessRole> roles = {};
  std::vector<std::vector<AccessWord>> apart = {};  // no account has two roles of one group
  std::vector<std::vector<AccessWord>> separate =
      {};  // who did the first may not do the second to the same thing
  std::vector<AccessMask> masks = {};
  std::optional<quantity::Decimal> small_count = {};  // counts below it are not told to those outside
  std::vector<AccessLine> lines = {};
};

// A heading that begins with a clause number.
struct Clause {
  std::string id;         // 三(一)3
  std::string title;      // 深化低效企业三年整治行动
  std::string summary;    // our own words, Markdown
  std::string lead = {};  // `yaml clause`
  std::vector<std::string> participants = {};
  std::vector<std::string> accountable = {};
  std::vector<std::string> registers = {};    // R08, R09: what the inventory asks for here
  std::vector<std::string> questions = {};    // Q01
  std::vector<std::string> carries_out = {};  // "<kind> <name>" of blocks under this clause, in order
  std::vector<std::string> not_yet = {};      // in words: what the clause asks that no block carries out
  diagnostic::Place place = {};
};

// One value of a parameter; no value = 未公布, a gap.
struct ParameterRow {
  std::vector<feel::Value> keys = {};       // as Parameter::keys
  std::optional<calendar::Date> from = {};  // dated values
  std::optional<feel::Value> value = {};
  std::string source = {};
  std::string mark = {};  // 样例参数: filled by an overlay with this mark
  diagnostic::Place place = {};
};

struct Parameter : Block {
  feel::Type type = {};
  quantity::Unit unit = {};
  std::vector<std::string> keys = {};   // [范围, 年度]
  std::vector<ParameterRow> rows = {};  // without keys: one row, or several with rising `from`
  std::string asked_of = {};            // who supplies a missing value
  std::string codes = {};               // type code: the table its values come from
};

struct Gap {
  std::string parameter;  // name
  std::string row;        // 范围 "园区外"，年度 2021
  std::string clause;
  std::string question;  // Q01
  std::string asked_of;
  diagnostic::Place place = {};
  // "roster 低效企业清单": what cannot be calculated wholly until it is filled, directly or through other
  // rules.
  std::vector<std::string> waiting = {};
};

// Of records with equal values: all in the better place, or all in the worse.
enum class Ties { Better, Worse };

struct Indicator : Block {
  std::string of = {};    // per record of this register ...
  std::string over = {};  // ... or one value over this register's population
  // Who is counted: records of `over`, of `related`, or those that `as` looks at.
  Expression where = {};
  // Per record: what the formula's value is among those of the records of its period.
  enum class As { Value, Share, Rank, Percentile } as = As::Value;
  std::vector<std::string> within = {};                         // names that group them; empty: one group
  enum class First { Highest, Lowest } first = First::Highest;  // rank, percentile: who comes first
  Ties ties = Ties::Better;
  // Per record: the formula is over the records of this register that belong to it, within its period.
  std::string related = {};
  std::string through = {};  // field id there that holds the record's key; empty: by `of`
  feel::Type type = {};      // declared: number with unit, boolean, text, date
  quantity::Unit unit = {};
  Expression formula = {};
  // The formula's value times this is in `unit` (1/1 mostly; 元/平方米 -> 万元/亩 else).
  quantity::Conversion to_unit = {};
  Expression not_applicable_if = {};
  std::optional<quantity::Rounding> rounding = {};  // else the pack's, when compared
  std::vector<std::string> by = {};  // fields to cut by: 镇街, 行业, or 区县 for the whole
  std::string codes = {};            // type code: the table its values come from
  bool stands_among() const { return as != As::Value; }
};

enum class HitPolicy {
  Unique,
  Any,
  First,
  Priority,
  Collect,
  CollectSum,
  CollectMin,
  CollectMax,
  CollectCount,
  RuleOrder,
  OutputOrder,
  CollectWorst,
  CollectBest
};

struct DecisionRule {
  std::vector<feel::NodePtr> tests = {};  // one per input, parsed as UnaryTests
  std::vector<std::string> test_texts = {};
  std::vector<feel::Origin> test_origins = {};  // where each test stands
  std::vector<Expression> outputs = {};
  std::string note = {};  // column 说明: the reason shown
  diagnostic::Place place = {};
};

struct DecisionOutput {
  std::string name;
  feel::Type type = {};
  std::string codes = {};  // code table that orders worst, best, priority
};

struct Decision : Block {
  std::string of = {};
  HitPolicy hit = HitPolicy::Unique;
  std::vector<Expression> inputs = {};
  std::vector<DecisionOutput> outputs = {};
  std::vector<DecisionRule> rules = {};
  std::optional<feel::Value> otherwise = {};  // value when no rule matches
};

struct Reasoned {  // a condition and why
  Expression when = {};
  std::string reason = {};
};

struct SchemeItem {
  std::string indicator = {};  // name of an `of` indicator
  Expression weight = {};
  Expression base = {};   // constant, parameter, or population indicator
  Expression score = {};  // overrides Scheme::item_score
  enum class Missing { NotRated, GroupMean, Value } missing = Missing::NotRated;
  Expression when_missing = {};  // Missing::Value
  diagnostic::Place place = {};
};

struct Cut {
  std::string grade;                              // code
  std::optional<quantity::Decimal> percent = {};  // by rank: rank * 100 <= percent * ranked
  feel::NodePtr score_test = {};                  // by score: unary tests on the rounded total
  std::string score_text = {};
  feel::Origin score_origin = {};
};

struct Scheme : Block {
  std::string of = {};
  std::string codes = "grade";
  Expression due = {};                        // 应评
  std::vector<Reasoned> exempt = {};          // 免评
  std::vector<Reasoned> not_rated = {};       // 不评
  std::vector<std::string> rank_within = {};  // names of fields or indicators; empty: one ranking
  std::vector<SchemeItem> items = {};
  Expression item_score = {};  // scope: 指标值 基准值 权重
  Expression item_floor = {};
  Expression item_cap = {};
  std::vector<std::string> adjust = {};  // decisions whose number is added
  Expression total = {};                 // scope: 各项得分 (list), 加减分; absent: their sum
  quantity::Rounding rounding = {};      // of the total, before ranking; item scores are stored with it too
  std::vector<Cut> cuts = {};
  using Ties = pack::Ties;
  Ties ties = Ties::Better;
  std::string veto = {};     // decision giving the best grade allowed
  std::string protect = {};  // decision giving the worst grade allowed
};

// 清单: who must be looked at, who is exempt, who is on it, and why.
struct Roster : Block {
  std::string of = {};
  Expression due = {};  // 应查
  std::vector<Reasoned> exempt = {};
  Expression enters_if = {};
  std::vector<std::string> shows = {};  // indicators and fields printed with each entry
  Expression line = {};                 // the line compared with, printed beside the entry
};

// Threshold (门槛): a line by which records are told apart one by one; nothing that is reached.
enum class TargetKind { Cumulative, Yearly, AtDate, EveryOne, Trend, Threshold };
enum class Comparator { AtLeast, AtMost, Above, Below };

struct Target : Block {
  TargetKind kind = TargetKind::AtDate;
  quantity::Unit unit = {};
  Comparator comparator = Comparator::AtLeast;
  Expression goal = {};  // mostly a constant, in `unit`
  std::optional<calendar::Date> from = {};
  std::optional<calendar::Date> to = {};
  std::string over = {};  // register
  Expression where = {};  // scope: fields, and 期间 (a range of dates)
  Expression formula = {};
  quantity::Conversion to_unit = {};
  std::vector<std::string> by = {};
  std::string lead = {};
  std::vector<std::string> participants = {};
  std::string same_as = {};              // P19 -> P10: counted once
  std::vector<std::string> also = {};    // other numbers under which the document states this same target
  std::vector<std::string> awaits = {};  // R09: registers that do not exist yet
  std::vector<std::string> questions = {};
  std::string note = {};
};

struct Question : Block {
  std::string asks = {};
  std::string asked_of = {};
  std::string until_then = {};  // what holds until answered
  std::string answer = {};
  std::optional<calendar::Date> answered_on = {};
};

// A field that an enterprise can change, for 升档测算: between bounds, at a cost a unit; what is not given is
// not known and never assumed.
struct Lever {
  std::string field = {};  // name, of the register of the block
  std::optional<quantity::Decimal> minimum = {}, maximum = {}, step = {};
  std::optional<quantity::Decimal> cost = {};  // of one unit of change
  diagnostic::Place place = {};
};
// The grid on which a value is looked for: 试算 only.
struct Grid {
  std::string value = {};  // as in --set: 低效认定线(园区外,2022), 综合评价.A, 综合评价.亩均税收.权重
  std::optional<quantity::Decimal> from = {}, to = {}, step = {};
  diagnostic::Place place = {};
};

// Money that a grade costs or earns an enterprise: the grade's rate times a quantity of the enterprise.
struct Price {
  std::string name = {};     // 用电加价
  std::string field = {};    // name of a number field of the register
  std::string rate = {};     // name of a parameter keyed by 等级, with a row for every grade
  quantity::Unit unit = {};  // of the money
  // rate x quantity is in the product of their units; times this it is in `unit`.
  quantity::Conversion to_unit = {};
  std::string clause = {};  // under which it is charged; the block's own if it names none
  diagnostic::Place place = {};
};

// 试算: what a what-if counts and shows, and what an enterprise could change.
struct Simulation : Block {
  std::string of = {};
  std::vector<std::string> measures = {};    // number fields added up over those who move: land, tax, staff
  std::vector<std::string> by = {};          // fields to cut by: 镇街, 行业
  std::vector<quantity::Decimal> bins = {};  // rising edges for the distribution of totals
  std::vector<Lever> levers = {};
  std::vector<Grid> grids = {};
  std::vector<Price> prices = {};
};

// When a figure is due: 次月15日 is {months: 1, day: 15}; a day that the month does not have is its last.
struct DueRule {
  int months = 0;  // after the last month of the period
  int day = 31;
  calendar::Date on(const calendar::Period& period) const;
};
struct CollectionItem {
  std::string provider = {};
  std::vector<std::string> fields = {};  // names; none: every field that this provider confirms
  DueRule due = {};
  std::vector<int> remind = {};  // days before the due day
  Expression where = {};         // of which records; absent: of all
  diagnostic::Place place = {};
};
// 收数: what is due of the records of a register, from whom, by when.
struct Collection : Block {
  std::string of = {};           // register id
  std::string responsible = {};  // the unit that asks for it
  std::vector<CollectionItem> items = {};
};

// 抄表汇总: readings of meters, added up to a figure of a register. No reading is made up: a boundary of the
// period has a reading within `within_hours` after it, or the figure is not stated.
struct Rollup : Block {
  std::string of = {};                    // register id
  std::string field = {};                 // field id
  std::string meter = {};                 // kind of meter: 电
  quantity::Unit unit = {};               // of the dial; the same for all of one kind
  std::vector<quantity::Unit> also = {};  // in which a reading may come too; it is converted
  std::string provider = {};              // in whose name it is stated
  int within_hours = 0;
  quantity::Conversion to_field = {};
};

// Rows on either side of a line and exactly on it, with what must come out; signed by the 专班.
struct CaseRow {
  std::string what;  // in words
  calendar::Period period = {};
  std::vector<std::pair<std::string, feel::Value>> inputs = {};  // field name -> value (null = 缺报)
  std::vector<std::pair<std::string, std::string>> expected =
      {};  // output name -> text; 不适用 and 缺报 are states
  diagnostic::Place place = {};
};
struct Cases : Block {
  std::string of = {};
  std::string scheme = {};                          // name, if outcomes of a scheme are expected
  std::optional<quantity::Rounding> rounding = {};  // numbers are compared after it
  std::vector<CaseRow> rows = {};
};

struct Head {
  std::string id, name, document, area, version, mark;
  std::optional<calendar::Date> valid_from = {}, valid_to = {};
  std::string replaces = {};
  std::vector<std::string> includes = {};  // sibling folders read before this one
  std::string overlays = {};               // an overlay names the pack whose gaps it fills
  quantity::Rounding rounding = {};
  diagnostic::Place place = {};
};

struct Pack {
  Head head = {};
  std::vector<Head> overlays = {};  // applied, in order
  schema::Schema schema = {};
  std::vector<Clause> clauses = {};
  std::vector<std::string> outside_clauses = {};  // "<kind> <name>" of the pack's blocks under no clause
  std::vector<Parameter> parameters = {};
  std::vector<Indicator> indicators = {};  // in dependency order
  std::vector<Decision> decisions = {};
  std::vector<Scheme> schemes = {};
  std::vector<Roster> rosters = {};
  std::vector<Target> targets = {};
  std::vector<Question> questions = {};
  std::vector<Cases> cases = {};
  std::vector<Simulation> simulations = {};
  std::vector<Access> access = {};
  std::vector<Collection> collections = {};
  std::vector<Rollup> rollups = {};
  schema::NameRules name_rules = {};  // `yaml identity`; no register, if there is none
  std::string fingerprint = {};       // SM3 of every file of the pack, its includes and overlays

  // By Chinese name or by id; nullptr if none.
  const Parameter* parameter(std::string_view name) const;
  const Indicator* indicator(std::string_view name) const;
  const Decision* decision(std::string_view name) const;
  const Scheme* scheme(std::string_view name) const;
  const Roster* roster(std::string_view name) const;
  const Target* target(std::string_view id) const;
  const Clause* clause(std::string_view id) const;
  const Simulation* simulation_of(std::string_view register_id) const;  // the first; nullptr if none
  std::vector<Gap> gaps() const;                                        // not filled by an overlay
};

struct ReadPack {
  std::optional<Pack> pack = {};             // absent only if there is no readable pack.md
  diagnostic::Diagnostics diagnostics = {};  // all of them; the pack may run only if none is an error
};

// `folder` holds pack.md; `overlays` are folders applied to it.
ReadPack read_pack(const std::string& folder, const std::vector<std::string>& overlays = {});

// The row of a parameter for keys and a date; nullptr if there is none. A row without value is a gap.
const ParameterRow* lookup(const Parameter& parameter, const feel::List& keys, calendar::Date on);

// The names an expression may use inside a block of register `of` (docs/pack-language.md, "Names").
feel::TypeScope scope_of(const Pack& pack, std::string_view of);
// The same inside a formula `over:` a register: fields and per-record indicators are lists.
feel::TypeScope scope_over(const Pack& pack, std::string_view over);

}  // namespace tenglong::pack
