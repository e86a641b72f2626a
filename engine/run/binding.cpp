#include "engine/run/inside/binding.h"

#include <algorithm>
#include <cmath>

#include "engine/plan/apply.h"
#include "engine/run/inside/kept.h"
#include "engine/text/ensure.h"

namespace tenglong::run {
namespace {

using plan::Op;
using plan::Shape;

struct ColumnRange {
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  bool has_zero = false, has_negative = false;
};

// Magnitudes and signs of a column, eight lanes beside each other: a single running minimum would not
// vectorise.
constexpr std::size_t kLanes = 8;
struct LaneRanges {
  double least[kLanes], most[kLanes], lowest[kLanes], zeros[kLanes];
};
TENGLONG_CLONES void range_of(const double* values, std::size_t blocks, LaneRanges& out) {
  LaneRanges at;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    at.least[lane] = std::numeric_limits<double>::infinity();
    at.most[lane] = at.lowest[lane] = at.zeros[lane] = 0;
  }
  for (std::size_t block = 0; block < blocks; ++block)
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double value = values[block * kLanes + lane];
      const double size = std::fabs(value);
      const double positive = size > 0 ? size : std::numeric_limits<double>::infinity();
      at.least[lane] = positive < at.least[lane] ? positive : at.least[lane];
      at.most[lane] = size > at.most[lane] ? size : at.most[lane];
      at.lowest[lane] = value < at.lowest[lane] ? value : at.lowest[lane];
      at.zeros[lane] = size > 0 ? at.zeros[lane] : 1.0;
    }
  out = at;
}

ColumnRange column_range(const column::NumberColumn& column) {
  ColumnRange range;
  const std::size_t whole = column.value.size() / kLanes * kLanes;
  LaneRanges lanes;
  range_of(column.value.data(), whole / kLanes, lanes);
  const auto take = [&](double least, double most, bool is_negative, bool is_zero) {
    range.least = std::min(range.least, least);
    range.most = std::max(range.most, most);
    range.has_negative = range.has_negative || is_negative;
    range.has_zero = range.has_zero || is_zero;
  };
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    take(lanes.least[lane], lanes.most[lane], lanes.lowest[lane]<0, lanes.zeros[lane]> 0);
  for (std::size_t row = whole; row < column.value.size(); ++row) {
    const double size = std::fabs(column.value[row]);
    take(size > 0 ? size : range.least, size, column.value[row] < 0, !(size > 0));
  }
  return range;
}

bool all_known(const column::Column& column) {
  return std::visit([](const auto& each) { return each.state.all_known(); }, column);
}

}  // namespace

std::int32_t Texts::code_of(const std::string& text) {
  const std::lock_guard<std::mutex> hold(filling_);
  const auto [known, is_new] = codes_.emplace(text, static_cast<std::int32_t>(texts_.size()));
  if (is_new) texts_.push_back(text);
  return known->second;
}

const std::string& Texts::text(std::int32_t code) const {
  const std::lock_guard<std::mutex> hold(filling_);
  return texts_[static_cast<std::size_t>(code)];
}

const LookupTable::Entry* LookupTable::find(const feel::List& keys) {
  std::string name;
  for (const Value& key : keys) {
    if (key.is_null()) return nullptr;
    name += key.to_feel() + '\n';
  }
  const std::lock_guard<std::mutex> hold(filling_);
  const auto [known, is_new] = known_.emplace(std::move(name), nullptr);
  if (!is_new) return known->second;
  const pack::ParameterRow* row = pack::lookup(*node_->parameter, keys, node_->on);
  if (row == nullptr) return nullptr;
  entries_.push_back({.value = row->value.value_or(Value()), .is_gap = !row->value});
  return known->second = &entries_.back();
}

const TextResult& Binding::text_function(NodeId id, std::int32_t code) {
  const std::lock_guard<std::mutex> hold(filling_);
  const auto [known, is_new] = text_functions_.try_emplace({id, code});
  if (!is_new) return known->second;
  feel::Context context;
  context.put(std::string(plan::kFunctionText), code == kNoText ? Value() : Value(texts.text(code)));
  TextResult& result = known->second;
  result.value = feel::evaluate(*node(id).function, feel::ContextEnvironment(std::move(context))).value;
  switch (result.value.kind()) {
    case feel::Kind::Number: {
      result.number = result.value.number().to_double();
      const double size = std::fabs(result.number);
      result.is_doubtful = result.value.number().significant_digits() > 15 || !(size < kLarge) ||
                           (size < kSmall && !result.value.number().is_zero());
      break;
    }
    case feel::Kind::String:
      result.code = texts.code_of(result.value.string());
      break;
    case feel::Kind::Boolean:
      result.answer = result.value.boolean() ? kTrue : kFalse;
      break;
    default:
      result.value = {};
      break;
  }
  return result;
}

Binding::Binding(const plan::Plan& plan, const Meaning& meaning, int table, std::vector<std::uint32_t> rows,
                 const std::vector<NodeId>& outputs, const Kept* kept)
    : plan_(plan),
      kept_(kept),
      meaning_(meaning),
      table_(table),
      rows_(std::move(rows)),
      facts_(plan.nodes.size()) {
  consecutive_ = rows_.empty() || rows_.back() - rows_.front() + 1 == rows_.size();
  mark_needed(outputs);
  for (const NodeId id : order_) find_facts(id);
}

void Binding::mark_needed(const std::vector<NodeId>& outputs) {
  std::vector<NodeId> open;
  for (const NodeId id : outputs)
    if (id != plan::kNone) open.push_back(id);
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    Facts& facts = facts_[static_cast<std::size_t>(id)];
    if (facts.needed) continue;
    facts.needed = true;
    if (is_given(id)) continue;
    for (const NodeId input : node(id).inputs) open.push_back(input);
  }
  for (std::size_t id = 0; id < facts_.size(); ++id)
    if (facts_[id].needed) order_.push_back(static_cast<NodeId>(id));
}

bool Binding::is_given(NodeId id) const {
  return kept_ != nullptr && (kept_->column(id) != nullptr || kept_->scalar(id) != nullptr);
}

// Arithmetic on values that are one for all rows is one for all rows, and exact.
bool Binding::fold(NodeId id) {
  const plan::Node& node = this->node(id);
  switch (node.op) {
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Minimum:
    case Op::Maximum:
    case Op::Negate:
    case Op::Absolute:
    case Op::Convert:
    case Op::OrZero:
      break;
    default:
      return false;
  }
  std::vector<Value> values;
  for (const NodeId input : node.inputs) {
    if (!facts(input).is_uniform) return false;
    values.push_back(scalars_.at(input));
  }
  scalars_[id] = plan::apply_exactly(node, values);
  find_scalar_facts(scalars_[id], facts_[static_cast<std::size_t>(id)]);
  return true;
}

const column::Column& Binding::column_of(const plan::Node& node) const {
  return meaning_.table(node.register_index).columns[static_cast<std::size_t>(node.field)];
}

const std::vector<std::uint8_t>* Binding::side_rows(const column::NumberColumn& column) const {
  const auto known = side_rows_.find(&column);
  return known == side_rows_.end() ? nullptr : &known->second;
}

void Binding::find_field_facts(const plan::Node& node, Facts& facts) {
  const column::Column& column = column_of(node);
  facts.may_be_absent = !node.hops.empty() || !all_known(column);
  if (const auto* words = std::get_if<column::TextColumn>(&column)) {
    const auto [known, is_new] = translations_.try_emplace(words);
    if (is_new) {
      bool is_same = true;
      for (const std::string& text : words->dictionary) {
        is_same = texts.code_of(text) == static_cast<std::int32_t>(known->second.size()) && is_same;
        known->second.push_back(texts.code_of(text));
      }
      if (is_same && common_ == nullptr) common_ = words;
    }
  }
  const auto* numbers = std::get_if<column::NumberColumn>(&column);
  if (numbers == nullptr) return;
  const ColumnRange range = column_range(*numbers);
  facts.is_relative = true;
  facts.relative = 1;
  facts.is_short = true;
  facts.is_non_negative = !range.has_negative;
  facts.may_be_zero = range.has_zero || facts.may_be_absent;
  facts.least = range.least;
  facts.most = range.most;
  if (!numbers->exact_values.empty()) {
    auto& rows = side_rows_[numbers];
    rows.assign(numbers->value.size(), 0);
    for (const auto& [row, value] : numbers->exact_values) rows[row] = 1;
  }
  // Magnitudes that doubles hold only roughly: no claim but the row's own doubt is safe, so none is made
  // relatively.
  if (!(range.most < kLarge) || !(range.least > kSmall)) {
    facts.is_relative = false;
    facts.is_short = false;
  }
}

// A share, rank, percentile or figure over related records: decimals by their nearest doubles. No row is in
// doubt for that alone, since the bound of one rounding holds.
void Binding::find_made_facts(NodeId id, Facts& facts) {
  const plan::Node& node = this->node(id);
  if (node.op == Op::Standing) {
    const Standings& standings = meaning_.standings(*node.indicator, node.period);
    if (!standings.gaps.empty()) gap_touched = true;
    made_[id] = &standings.value;
  } else {
    const RelatedLists& lists = meaning_.related_lists(*node.indicator, node.period);
    if (!lists.gaps.empty()) gap_touched = true;
    made_[id] = &lists.of_call.at(node.call);
  }
  const column::NumberColumn& column = *made_.at(id);
  const ColumnRange range = column_range(column);
  facts.may_be_absent = true;
  facts.is_relative = true;
  facts.relative = 1;
  facts.is_short = column.exact_values.empty();
  facts.is_non_negative = !range.has_negative;
  facts.may_be_zero = true;
  facts.least = range.least;
  facts.most = range.most;
  const bool has_tiny =
      std::any_of(column.exact_values.begin(), column.exact_values.end(), [&](const auto& each) {
        return !each.second.is_zero() && std::fabs(each.second.to_double()) < kSmall;
      });
  if (!(range.most < kLarge) || !(range.least > kSmall) || has_tiny)
    facts.is_relative = facts.is_short = false;
}

void Binding::find_scalar_facts(const Value& value, Facts& facts) {
  facts.is_uniform = true;
  facts.may_be_absent = value.is_null();
  facts.is_relative = true;
  facts.relative = 0;
  facts.is_short = true;
  facts.is_non_negative = true;
  if (value.kind() != feel::Kind::Number) {  // no value stands as 0
    facts.least = std::numeric_limits<double>::infinity();
    facts.most = 0;
    return;
  }
  const Decimal number = value.number();
  const double nearest = number.to_double();
  facts.may_be_zero = number.is_zero();
  facts.is_non_negative = !number.is_negative();
  facts.is_short = number.significant_digits() <= 15;
  const auto whole = number.to_integer();
  facts.relative = whole && std::llabs(*whole) < (std::int64_t{1} << 53) ? 0 : 1;
  facts.least = facts.most = std::fabs(nearest);
  if (nearest == 0.0) facts.least = std::numeric_limits<double>::infinity();
  // 10^-400 is not zero, though its double is.
  if (!number.is_zero() && !(std::fabs(nearest) > kSmall && std::fabs(nearest) < kLarge))
    facts.is_relative = facts.is_short = false;
}

namespace {

// Facts of one of several values, of which none is known yet.
Facts of_no_value() {
  Facts facts;
  facts.needed = true;
  facts.may_be_zero = false;
  facts.is_relative = facts.is_short = facts.is_non_negative = true;
  facts.relative = 1;
  facts.least = std::numeric_limits<double>::infinity();
  facts.most = 0;
  return facts;
}

void join(Facts& facts, const Facts& other) {
  facts.is_relative = facts.is_relative && other.is_relative;
  facts.is_short = facts.is_short && other.is_short;
  facts.is_non_negative = facts.is_non_negative && other.is_non_negative;
  facts.may_be_zero = facts.may_be_zero || other.may_be_zero;
  facts.least = std::min(facts.least, other.least);
  facts.most = std::max(facts.most, other.most);
}

}  // namespace

void Binding::find_lookup_facts(NodeId id, Facts& facts) {
  if (find_numbers_of_codes(id, facts)) return;
  facts = of_no_value();
  facts.may_be_absent = facts.may_be_zero = true;  // an absent row stands as 0
  for (const pack::ParameterRow& row : node(id).parameter->rows) {
    if (!row.value || row.value->kind() != feel::Kind::Number) continue;
    Facts each;
    find_scalar_facts(*row.value, each);
    join(facts, each);
  }
}

// The usual case: a base by industry. Every text of the dictionary is asked for before any row is seen, and
// if all have a number, no row can lack one: then neither can a quotient by it.
bool Binding::find_numbers_of_codes(NodeId id, Facts& facts) {
  constexpr std::size_t kMostTexts = 4096;
  const plan::Node& node = this->node(id);
  if (node.shape != Shape::Number) return false;
  std::size_t varying = node.inputs.size();
  feel::List keys;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (this->facts(node.inputs[i]).is_uniform) {
      keys.push_back(scalars_.at(node.inputs[i]));
      continue;
    }
    if (varying != node.inputs.size()) return false;
    varying = i;
    keys.push_back({});
  }
  const NodeId by = node.inputs[varying];
  const bool has_facts = kept_ == nullptr || !kept_->for_exact_rows;
  if (!has_facts || this->node(by).op != Op::Field || is_given(by)) return false;
  const auto* words = std::get_if<column::TextColumn>(&column_of(this->node(by)));
  if (words == nullptr || words->is_list || words->dictionary.size() > kMostTexts) return false;
  Facts all = of_no_value();
  all.may_be_absent = this->facts(by).may_be_absent;
  all.may_be_zero = all.may_be_absent;  // nothing stands as 0
  NumbersOfCodes numbers(1, 0.0);
  const std::vector<std::int32_t>& common = translation(*words);
  for (std::size_t text = 0; text < words->dictionary.size(); ++text) {
    keys[varying] = Value(words->dictionary[text]);
    const LookupTable::Entry* entry = lookup(id).find(keys);
    if (entry == nullptr || entry->is_gap || entry->value.kind() != feel::Kind::Number) return false;
    Facts each;
    find_scalar_facts(entry->value, each);
    join(all, each);
    const auto place = static_cast<std::size_t>(common[text] + 1);
    if (place >= numbers.size()) numbers.resize(place + 1, 0.0);
    numbers[place] = entry->value.number().to_double();
  }
  facts = all;
  numbers_of_codes_[id] = std::move(numbers);
  return true;
}

// A relative bound needs results that neither overflow nor underflow, and few enough roundings that their
// products do not count (docs/exactness.md, law 3).
void Binding::check_range(Facts& facts) const {
  if (facts.relative >= 4096) facts.is_relative = false;
  if (facts.is_relative && !((facts.least > kSmall || facts.most == 0) && facts.most < kLarge))
    facts.is_relative = false;
}

void Binding::find_facts(NodeId id) {
  const plan::Node& node = this->node(id);
  Facts& facts = facts_[static_cast<std::size_t>(id)];
  if (is_given(id)) {
    if (const KeptColumn* column = kept_->column(id)) {
      facts = column->facts;
    } else {
      scalars_[id] = *kept_->scalar(id);
      find_scalar_facts(scalars_[id], facts);
    }
    facts.needed = true;
    return;
  }
  if (fold(id)) return;
  if (kept_ != nullptr && kept_->for_exact_rows && node.op == Op::Field) return;
  const auto input = [&](std::size_t i) -> const Facts& {
    return facts_[static_cast<std::size_t>(node.inputs[i])];
  };
  const auto any_absent = [&] {
    return std::any_of(node.inputs.begin(), node.inputs.end(),
                       [&](NodeId each) { return facts_[static_cast<std::size_t>(each)].may_be_absent; });
  };
  facts.may_be_absent = any_absent();
  const auto absolute = [&] { facts.is_relative = facts.is_short = facts.is_non_negative = false; };
  switch (node.op) {
    case Op::Constant:
      find_scalar_facts(node.constant, facts);
      scalars_[id] = node.constant;
      break;
    case Op::Population: {
      const Figure& figure = meaning_.population(*node.population, node.period);
      if (!figure.gaps.empty()) gap_touched = true;
      const Value value = node.rounded ? meaning_.round(*node.population, figure.value) : figure.value;
      find_scalar_facts(value, facts);
      scalars_[id] = value;
      break;
    }
    case Op::Standing:
    case Op::Related:
      find_made_facts(id, facts);
      break;
    case Op::Lookup: {
      LookupTable& table = lookups_.try_emplace(id, node).first->second;
      const bool is_one_row = std::all_of(node.inputs.begin(), node.inputs.end(), [&](NodeId each) {
        return facts_[static_cast<std::size_t>(each)].is_uniform;
      });
      if (is_one_row) {
        feel::List keys;
        for (const NodeId each : node.inputs) keys.push_back(scalars_.at(each));
        const LookupTable::Entry* entry = table.find(keys);
        if (entry != nullptr && entry->is_gap) gap_touched = true;
        const Value value = entry != nullptr ? entry->value : Value();
        find_scalar_facts(value, facts);
        scalars_[id] = value;
      } else {
        find_lookup_facts(id, facts);
      }
      break;
    }
    case Op::Field:
      find_field_facts(node, facts);
      break;
    case Op::RowExists:
    case Op::IsNull:
    case Op::IsTrue:
    case Op::Equal:
    case Op::CountOf:
      facts.may_be_absent = false;
      facts.is_relative = facts.is_short = facts.is_non_negative = true;  // counts
      facts.least = 1;
      facts.most = 1e9;
      break;
    case Op::Multiply:
    case Op::Divide: {
      const Facts &a = input(0), &b = input(1);
      const bool divides = node.op == Op::Divide;
      facts.is_relative = a.is_relative && b.is_relative;
      facts.relative = a.relative + b.relative + 1;
      facts.is_non_negative = a.is_non_negative && b.is_non_negative;
      facts.may_be_zero = a.may_be_zero || (!divides && b.may_be_zero);
      facts.least = divides ? a.least / std::max(b.most, kSmall) : a.least * b.least;
      facts.most = divides ? (a.most == 0 ? 0 : a.most / b.least) : a.most * b.most;
      if (std::isnan(facts.most)) facts.most = std::numeric_limits<double>::infinity();
      if (facts.most == 0) facts.least = std::numeric_limits<double>::infinity();
      // Where the divisor is absent or 0 the kernel divides by 1.
      if (divides && b.may_be_zero) {
        facts.may_be_absent = true;
        facts.least = std::min(facts.least, a.least);
        facts.most = std::max(facts.most, a.most);
      }
      if (divides && !b.is_relative) facts.may_be_absent = true;
      facts.is_short = false;
      check_range(facts);
      if (!facts.is_relative) facts.is_non_negative = false;
      break;
    }
    case Op::Add: {
      const Facts &a = input(0), &b = input(1);
      facts.is_relative = a.is_relative && b.is_relative && a.is_non_negative && b.is_non_negative;
      facts.relative = std::max(a.relative, b.relative) + 1;
      facts.is_non_negative = facts.is_relative;
      facts.may_be_zero = a.may_be_zero && b.may_be_zero;
      facts.least = std::min(a.least, b.least);
      facts.most = a.most + b.most;
      facts.is_short = false;
      check_range(facts);
      if (!facts.is_relative) absolute();
      break;
    }
    case Op::Subtract:
      absolute();
      break;
    case Op::Negate:
    case Op::Absolute: {
      const Facts& a = input(0);
      const bool absent = facts.may_be_absent;
      facts = a;
      facts.needed = true;
      facts.is_uniform = false;
      facts.may_be_absent = absent;
      facts.is_non_negative = node.op == Op::Absolute && a.is_relative;
      break;
    }
    case Op::Minimum:
    case Op::Maximum: {
      const Facts &a = input(0), &b = input(1);
      facts.is_relative = a.is_relative && b.is_relative;
      facts.relative = std::max(a.relative, b.relative);
      facts.is_short = a.is_short && b.is_short;
      facts.is_non_negative =
          facts.is_relative && (node.op == Op::Maximum ? a.is_non_negative || b.is_non_negative
                                                       : a.is_non_negative && b.is_non_negative);
      facts.least = std::min(a.least, b.least);
      facts.most = std::max(a.most, b.most);
      break;
    }
    case Op::Round:
      // Zero or at least one unit, and within 15 digits; everything else is in doubt.
      facts.is_relative = facts.is_short = true;
      facts.relative = 1;
      facts.is_non_negative = input(0).is_relative && input(0).is_non_negative;
      facts.least = std::pow(10.0, -node.rounding.places);
      facts.most = std::pow(10.0, 16 - node.rounding.places);
      break;
    case Op::Convert: {
      const Facts& a = input(0);
      facts.is_relative = a.is_relative;
      facts.relative = a.relative + 4;
      facts.is_non_negative = a.is_non_negative;
      const double factor = static_cast<double>(node.conversion.factor.numerator) /
                            static_cast<double>(node.conversion.factor.denominator);
      facts.least = a.least * factor;
      facts.most = a.most * factor;
      facts.is_short = false;
      check_range(facts);
      if (!facts.is_relative) facts.is_non_negative = false;
      break;
    }
    case Op::OrZero: {
      const Facts& a = input(0);
      facts = a;
      facts.needed = true;
      facts.is_uniform = false;
      facts.may_be_absent = false;
      facts.may_be_zero = true;
      break;
    }
    case Op::If: {
      const Facts &a = input(1), &b = input(2);
      facts.may_be_absent = a.may_be_absent || b.may_be_absent;
      facts.is_relative = a.is_relative && b.is_relative;
      facts.relative = std::max(a.relative, b.relative);
      facts.is_short = a.is_short && b.is_short;
      facts.is_non_negative = a.is_non_negative && b.is_non_negative;
      facts.may_be_zero = true;
      facts.least = std::min(a.least, b.least);
      facts.most = std::max(a.most, b.most);
      break;
    }
    case Op::Collect:
    case Op::UniqueOf:
      facts.may_be_absent = true;
      absolute();
      break;
    case Op::Call:
      // The nearest double of an exact value. Members of dates and lengths are short; the rest need not be.
      facts.may_be_absent = true;
      facts.is_relative = true;
      facts.relative = 1;
      facts.is_short = node.function->kind == feel::NodeKind::Path;
      facts.is_non_negative = false;
      break;
    case Op::TextFunction:
    case Op::Interpret:
      facts.may_be_absent = true;
      facts.is_relative = true;  // values of more than 15 digits are in doubt
      facts.relative = 1;
      facts.is_short = true;
      facts.is_non_negative = false;
      break;
    case Op::Compare:
    case Op::And:
    case Op::Or:
    case Op::Not:
      break;
  }
}

}  // namespace tenglong::run
