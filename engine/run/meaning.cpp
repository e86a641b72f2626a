#include "engine/run/inside/meaning.h"

#include <algorithm>
#include <utility>

#include "engine/text/ensure.h"

namespace tenglong::run {
namespace {

class RecordScope : public feel::Environment {
 public:
  RecordScope(const RecordMeaning& record, Numbers numbers, const Extras* extras)
      : record_(record), numbers_(numbers), extras_(extras) {}
  std::optional<Value> find(std::string_view name) const override {
    if (extras_ != nullptr)
      for (const auto& [key, value] : *extras_)
        if (key == name) return value;
    return record_.find(name, numbers_);
  }

 private:
  const RecordMeaning& record_;
  Numbers numbers_;
  const Extras* extras_;
};

}  // namespace

std::string state_words(State state) {
  return state == State::Known ? std::string("无值") : std::string(quantity::to_chinese(state));
}

bool is_condition(const pack::Indicator& indicator) { return indicator.type.kind == feel::Kind::Boolean; }

// --- Meaning
// ---------------------------------------------------------------------------------------------------------

Meaning::Meaning(const pack::Pack& pack, const column::Snapshot& snapshot, Period period,
                 const Options* columns)
    : pack_(pack), snapshot_(snapshot), period_(period), names_(pack) {
  if (columns != nullptr) columns_ = *columns;
  ensure(snapshot.tables.size() == pack.schema.registers.size(),
         "a snapshot has a table for every register of its schema");
  const auto note = [&](const pack::Expression& expression) { note_references(expression.tree.get()); };
  for (const pack::Indicator& each : pack.indicators) {
    note(each.where);
    note(each.formula);
    note(each.not_applicable_if);
  }
  for (const pack::Decision& each : pack.decisions) {
    for (const pack::Expression& input : each.inputs) note(input);
    for (const pack::DecisionRule& rule : each.rules) {
      for (const feel::NodePtr& test : rule.tests) note_references(test.get());
      for (const pack::Expression& output : rule.outputs) note(output);
    }
  }
  for (const pack::Scheme& each : pack.schemes) {
    note(each.due);
    for (const pack::Reasoned& reasoned : each.exempt) note(reasoned.when);
    for (const pack::Reasoned& reasoned : each.not_rated) note(reasoned.when);
    for (const pack::SchemeItem& item : each.items) {
      note(item.weight);
      note(item.base);
      note(item.score);
      note(item.when_missing);
    }
    note(each.item_score);
    note(each.item_floor);
    note(each.item_cap);
    note(each.total);
    for (const pack::Cut& cut : each.cuts) note_references(cut.score_test.get());
  }
  for (const pack::Roster& each : pack.rosters) {
    note(each.due);
    for (const pack::Reasoned& reasoned : each.exempt) note(reasoned.when);
    note(each.enters_if);
    note(each.line);
  }
  for (const pack::Target& each : pack.targets) {
    note(each.goal);
    note(each.where);
    note(each.formula);
  }
}

void Meaning::note_references(const feel::Node* tree) {
  if (tree == nullptr) return;
  Used& own = used_by_[tree];
  for (const std::vector<std::string>& reference : feel::references(*tree))
    for (std::size_t i = 0; i < reference.size();
         ++i) {  // 上期.企业.镇街 uses 企业.镇街 of the earlier record
      const std::string member = i + 1 < reference.size() ? reference[i + 1] : std::string();
      own[reference[i]].insert(member);
      used_[reference[i]].insert(member);
    }
}

const Meaning::Used& Meaning::used_by(const feel::Node* tree) const {
  const auto found = used_by_.find(tree);
  return found == used_by_.end() ? used_ : found->second;
}

int Meaning::table_index(std::string_view register_id) const {
  const int index = names_.register_index(register_id);
  ensure(index >= 0, "a block stands over a register of the schema");
  return index;
}

const schema::Register& Meaning::register_of(int table) const {
  return pack_.schema.registers[static_cast<std::size_t>(table)];
}

namespace {

// Rows whose period passes; rows without a period always do.
template <typename Passes>
std::vector<std::uint32_t> rows_passing(const column::Table& table, Passes passes) {
  std::vector<std::uint8_t> wanted;
  for (const auto& period : table.period.distinct()) wanted.push_back(!period || passes(*period));
  std::vector<std::uint32_t> rows;
  rows.reserve(table.size());
  const std::vector<std::uint32_t>& code = table.period.code();
  for (std::size_t row = 0; row < code.size(); ++row)
    if (wanted[code[row]] != 0) rows.push_back(static_cast<std::uint32_t>(row));
  return rows;
}

}  // namespace

std::vector<std::uint32_t> Meaning::rows_of(int table_number, const Period& at) const {
  return rows_passing(table(table_number), [&](const Period& each) { return each == at; });
}

std::vector<std::uint32_t> Meaning::rows_within(int table_number, const Period& within) const {
  return rows_passing(table(table_number), [&](const Period& each) { return within.contains(each); });
}

Value Meaning::parameter(const pack::Parameter& parameter, calendar::Date on, Gaps& gaps) const {
  if (!parameter.keys.empty())
    return feel::make_function(parameter.keys, [&parameter, on, &gaps](const feel::List& keys) -> Value {
      for (const Value& key : keys)
        if (key.is_null()) return {};
      const pack::ParameterRow* row = pack::lookup(parameter, keys, on);
      if (row == nullptr) return {};
      if (!row->value) gaps.insert({&parameter, row});
      return row->value.value_or(Value());
    });
  const pack::ParameterRow* row = pack::lookup(parameter, {}, on);
  if (row == nullptr) return {};
  if (!row->value) gaps.insert({&parameter, row});
  return row->value.value_or(Value());
}

Value Meaning::round(const pack::Indicator& indicator, const Value& value) const {
  if (value.kind() != feel::Kind::Number) return value;
  return Value(value.number().rounded(indicator.rounding.value_or(pack_.head.rounding)));
}

std::string Meaning::describe(const Gaps::value_type& gap) const {
  const auto& [parameter, row] = gap;
  std::string keys;
  for (std::size_t i = 0; i < parameter->keys.size() && i < row->keys.size(); ++i)
    keys += (keys.empty() ? "" : "，") + parameter->keys[i] + " " + row->keys[i].to_text();
  if (row->from) keys += (keys.empty() ? "" : "，") + std::string("自 ") + row->from->to_string();
  if (!row->source.empty()) keys += (keys.empty() ? "" : "；") + row->source;
  return keys.empty() ? parameter->name : parameter->name + "（" + keys + "）";
}

std::vector<std::string> Meaning::describe(const Gaps& gaps) const {
  std::set<std::string> words;
  for (const auto& gap : gaps) words.insert(describe(gap));
  return {words.begin(), words.end()};
}

// --- RecordMeaning
// -----------------------------------------------------------------------------------------------------

RecordMeaning::RecordMeaning(const Meaning& meaning, int table, std::size_t row)
    : meaning_(meaning),
      table_(table),
      row_(row),
      period_(meaning.table(table).period[row].value_or(meaning.period())) {}
RecordMeaning::~RecordMeaning() = default;

namespace {

// Who asks, for as long as it is evaluated.
class Asking {
 public:
  Asking(const feel::Node*& at, const feel::Node* now) : at_(at), before_(std::exchange(at, now)) {}
  ~Asking() { at_ = before_; }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  const feel::Node*& at_;
  const feel::Node* before_;
};

}  // namespace

std::optional<Value> RecordMeaning::find_for(const feel::Node* tree, std::string_view name,
                                             Numbers numbers) const {
  const Asking asking(asking_, tree);
  return find(name, numbers);
}

Value RecordMeaning::evaluate(const feel::NodePtr& tree, Numbers numbers, const Extras* extras) const {
  if (tree == nullptr) return {};
  const Asking asking(asking_, tree.get());
  return feel::evaluate(*tree, RecordScope(*this, numbers, extras)).value;
}

Value RecordMeaning::test(const feel::NodePtr& tests, const Value& input, const Extras* extras) const {
  const Asking asking(asking_, tests.get());
  return feel::evaluate_tests(*tests, input, RecordScope(*this, Numbers::Rounded, extras)).value;
}

Value RecordMeaning::field(int index) const {
  return column::value_of(meaning_.table(table_), static_cast<std::size_t>(index), row_);
}

State RecordMeaning::field_state(int index) const {
  return column::state_of(meaning_.table(table_), static_cast<std::size_t>(index), row_);
}

const RecordMeaning* RecordMeaning::parent() const {
  if (parent_) return parent_.get();
  const column::Table& table = meaning_.table(table_);
  if (table.parent_row.empty() || table.parent_row[row_] < 0) return nullptr;
  parent_ = std::make_unique<RecordMeaning>(meaning_, meaning_.table_index(meaning_.register_of(table_).of),
                                            static_cast<std::size_t>(table.parent_row[row_]));
  return parent_.get();
}

const RecordMeaning* RecordMeaning::previous() const {
  if (previous_) return previous_.get();
  const column::Table& table = meaning_.table(table_);
  if (table.previous_row.empty() || table.previous_row[row_] < 0) return nullptr;
  previous_ =
      std::make_unique<RecordMeaning>(meaning_, table_, static_cast<std::size_t>(table.previous_row[row_]));
  return previous_.get();
}

Value RecordMeaning::members_of(const RecordMeaning* other, std::string_view head, bool is_previous,
                                Numbers numbers) const {
  const Meaning::Used& used = meaning_.used_by(asking_);
  const auto named = used.find(head);
  std::set<std::string> members = named == used.end() ? std::set<std::string>() : named->second;
  if (members.count("") != 0) {  // the context itself is used: every field
    const schema::Register& target =
        is_previous ? meaning_.register_of(table_)
                    : meaning_.register_of(meaning_.table_index(meaning_.register_of(table_).of));
    for (const schema::Field& each : target.fields) members.insert(each.name);
    members.erase("");
  }
  feel::Context context;
  for (const std::string& member : members) {
    if (is_previous) {
      const Slot* slot = meaning_.slot(table_, member);
      if (slot != nullptr && slot->kind == Slot::Kind::Population) {
        const pack::Indicator& indicator = meaning_.pack().indicators[static_cast<std::size_t>(slot->index)];
        const Figure& figure = meaning_.population(indicator, period_.previous());
        touch(figure.gaps);
        context.put(member,
                    numbers == Numbers::Rounded ? meaning_.round(indicator, figure.value) : figure.value);
        continue;
      }
    }
    std::optional<Value> value = other != nullptr ? other->find_for(asking_, member, numbers) : std::nullopt;
    if (other != nullptr) touch(other->gaps());
    context.put(member, value.value_or(Value()));
  }
  return Value(std::move(context));
}

std::optional<Value> RecordMeaning::find(std::string_view name, Numbers numbers) const {
  const Slot* slot = meaning_.slot(table_, name);
  if (slot == nullptr) return std::nullopt;
  const auto at = static_cast<std::size_t>(slot->index);
  const pack::Pack& pack = meaning_.pack();
  switch (slot->kind) {
    case Slot::Kind::Field:
      return field(slot->index);
    case Slot::Kind::Indicator:
      return numbers == Numbers::Rounded ? rounded(pack.indicators[at])
                                         : indicator(pack.indicators[at]).value;
    case Slot::Kind::Population: {
      const Figure& figure = meaning_.population(pack.indicators[at], period_);
      touch(figure.gaps);
      return numbers == Numbers::Rounded ? meaning_.round(pack.indicators[at], figure.value) : figure.value;
    }
    case Slot::Kind::Parameter:
      return meaning_.parameter(pack.parameters[at], period_.to, gaps_);
    case Slot::Kind::Decision:
      return decision(pack.decisions[at]);
    case Slot::Kind::Parent:
      return members_of(parent(), name, false, numbers);
    case Slot::Kind::Previous:
      return members_of(previous(), name, true, numbers);
    case Slot::Kind::Year:
      return Value(period_.year_of_start());
  }
  return std::nullopt;
}

const Measured& RecordMeaning::indicator(const pack::Indicator& indicator) const {
  if (const auto known = indicators_.find(&indicator); known != indicators_.end()) return known->second;
  indicators_[&indicator] = {};  // packs have no cycles; were there one, the inner use would be null
  if (indicator.stands_among()) return indicators_[&indicator] = standing(indicator);
  Measured measured;
  if (indicator.not_applicable_if.present()) {
    const Value not_applicable = evaluate(indicator.not_applicable_if, Numbers::Rounded);
    if (not_applicable.is_true())
      measured.state = State::NotApplicable;
    else if (not_applicable.is_null())
      measured.state = quantity::worst(State::Missing, worst_state(*indicator.not_applicable_if.tree));
    if (measured.state != State::Known) return indicators_[&indicator] = measured;
  }
  if (!indicator.related.empty()) return indicators_[&indicator] = over_related(indicator);
  measured.value =
      evaluate(indicator.formula, is_condition(indicator) ? Numbers::Rounded : Numbers::Unrounded);
  if (measured.value.kind() == feel::Kind::Number) {
    const auto converted = quantity::convert(measured.value.number(), indicator.to_unit);
    measured.value = converted ? Value(*converted) : Value();
  }
  if (measured.value.is_null()) {
    // Nothing is missing and still there is no value: a divisor of 0.
    const State worst = worst_state(*indicator.formula.tree);
    measured.state = worst == State::Known ? State::NotApplicable : worst;
  }
  return indicators_[&indicator] = measured;
}

Value RecordMeaning::rounded(const pack::Indicator& each) const {
  return meaning_.round(each, indicator(each).value);
}

const std::vector<std::size_t>& RecordMeaning::matched(const pack::Decision& each) const {
  decision(each);
  return decisions_.find(&each)->second.first;
}

Value RecordMeaning::decision(const pack::Decision& each) const {
  if (const auto known = decisions_.find(&each); known != decisions_.end()) return known->second.second;
  decisions_[&each] = {};
  std::vector<Value> inputs;
  for (const pack::Expression& input : each.inputs) inputs.push_back(evaluate(input, Numbers::Rounded));
  std::vector<std::size_t> rules;
  for (std::size_t rule = 0; rule < each.rules.size(); ++rule) {
    bool matches = true;
    for (std::size_t i = 0; i < inputs.size() && matches; ++i)
      matches = test(each.rules[rule].tests[i], inputs[i]).is_true();
    if (matches) rules.push_back(rule);
  }
  Value output = decide(meaning_.pack(), each, rules, [&](std::size_t rule, std::size_t column) {
    return evaluate(each.rules[rule].outputs[column], Numbers::Rounded);
  });
  auto& kept = decisions_[&each];
  kept = {std::move(rules), std::move(output)};
  return kept.second;
}

State RecordMeaning::state_of(const std::vector<std::string>& reference) const {
  if (reference.empty()) return State::Known;
  const Slot* slot = meaning_.slot(table_, reference[0]);
  if (slot == nullptr) return State::Known;
  const auto at = static_cast<std::size_t>(slot->index);
  const pack::Pack& pack = meaning_.pack();
  switch (slot->kind) {
    case Slot::Kind::Field:
      return field_state(slot->index);
    case Slot::Kind::Indicator:
      return indicator(pack.indicators[at]).state;
    case Slot::Kind::Population: {
      const Figure& figure = meaning_.population(pack.indicators[at], period_);
      return figure.state;
    }
    case Slot::Kind::Parameter:
      return State::Known;
    case Slot::Kind::Decision: {
      State worst = State::Known;
      for (const pack::Expression& input : pack.decisions[at].inputs)
        worst = quantity::worst(worst, worst_state(*input.tree));
      return worst;
    }
    case Slot::Kind::Year:
      return State::Known;
    case Slot::Kind::Parent:
    case Slot::Kind::Previous: {
      if (reference.size() < 2) return State::Known;
      const bool is_previous = slot->kind == Slot::Kind::Previous;
      if (is_previous) {
        const Slot* member = meaning_.slot(table_, reference[1]);
        if (member != nullptr && member->kind == Slot::Kind::Population)
          return meaning_
              .population(pack.indicators[static_cast<std::size_t>(member->index)], period_.previous())
              .state;
      }
      const RecordMeaning* other = is_previous ? previous() : parent();
      return other == nullptr ? State::Missing : other->state_of({reference.begin() + 1, reference.end()});
    }
  }
  return State::Known;
}

State RecordMeaning::worst_state(const feel::Node& tree) const {
  State worst = State::Known;
  for (const std::vector<std::string>& reference : feel::references(tree))
    worst = quantity::worst(worst, state_of(reference));
  return worst;
}

void RecordMeaning::collect_wants(const feel::Node& tree, std::vector<std::string>& wants, State& worst,
                                  int depth) const {
  for (const std::vector<std::string>& reference : feel::references(tree)) {
    const State state = state_of(reference);
    if (state == State::Known) continue;
    worst = quantity::worst(worst, state);
    const Slot* slot = meaning_.slot(table_, reference[0]);
    if (slot != nullptr && slot->kind == Slot::Kind::Decision && depth < 8) {
      for (const pack::Expression& input :
           meaning_.pack().decisions[static_cast<std::size_t>(slot->index)].inputs)
        collect_wants(*input.tree, wants, worst, depth + 1);
      continue;
    }
    std::string name;
    for (const std::string& part : reference) name += (name.empty() ? "" : ".") + part;
    name += "（" + state_words(state) + "）";
    if (std::find(wants.begin(), wants.end(), name) == wants.end()) wants.push_back(std::move(name));
  }
}

std::string RecordMeaning::want_of(const feel::Node& tree) const {
  std::vector<std::string> wants;
  State worst = State::Known;
  collect_wants(tree, wants, worst, 0);
  if (wants.empty()) return "无法判断：条件没有结果";
  std::string words;
  for (const std::string& want : wants) words += (words.empty() ? "缺数据：" : "、") + want;
  return words;
}

}  // namespace tenglong::run
