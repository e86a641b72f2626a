#include "engine/run/inside/batch.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/run/inside/kept.h"
#include "engine/text/ensure.h"

namespace tenglong::run {

using plan::Op;
using plan::Shape;

Batch::Batch(Binding& binding, std::size_t capacity)
    : binding_(binding),
      capacity_(std::max<std::size_t>(1, capacity)),
      stores_(binding.plan().nodes.size()),
      doubt_(capacity_),
      first_doubt_(capacity_, plan::kNone),
      scratch_a_(capacity_),
      scratch_b_(capacity_),
      exact_(binding) {
  for (const NodeId id : binding.order()) prepare(id);
}

void Batch::prepare(NodeId id) {
  const plan::Node& node = binding_.node(id);
  const Facts& facts = binding_.facts(id);
  Store& at = store(id);
  if (binding_.kept() != nullptr && binding_.kept()->column(id) != nullptr) {
    at.cells.relative = facts.relative;
    return;
  }
  switch (node.shape) {
    case Shape::Number:
      at.value.assign(capacity_, 0.0);
      at.cells.value = at.value.data();
      at.cells.relative = facts.relative;
      if (!facts.is_relative) {
        at.bound.assign(capacity_, 0.0);
        at.cells.bound = at.bound.data();
      }
      if (facts.may_be_absent) {
        at.absent.assign(capacity_, 0);
        at.cells.absent = at.absent.data();
      }
      if (node.op == Op::Round) at.key.assign(capacity_, 0);
      break;
    case Shape::Boolean:
      at.answer.assign(capacity_, kUnknown);
      at.answers = at.answer.data();
      break;
    case Shape::Text:
    case Shape::Date:
      at.code.assign(capacity_, node.shape == Shape::Text ? kNoText : kNoDate);
      at.codes = at.code.data();
      break;
    case Shape::Null:
      break;
  }
  if (facts.is_uniform) fill_uniform(id);
}

void Batch::fill_uniform(NodeId id) {
  Store& at = store(id);
  put(id, 0, binding_.scalar(id));
  const auto spread = [&](auto& column) {
    if (column.size() > 1) std::fill(column.begin() + 1, column.end(), column.front());
  };
  spread(at.value);
  spread(at.absent);
  spread(at.answer);
  spread(at.code);
  if (!at.bound.empty()) {
    at.bound.front() = std::fabs(at.value.front()) * kUnitRoundoff * kInflate + kSmall;
    spread(at.bound);
  }
}

// A column that is given: nothing is copied.
void Batch::point_to(NodeId id, const KeptColumn& column) {
  Store& at = store(id);
  const auto part = [&](const auto& all) { return all.empty() ? nullptr : all.data() + begin_; };
  at.cells.value = part(column.value);
  at.cells.bound = part(column.bound);
  at.cells.absent = part(column.absent);
  at.answers = part(column.answer);
  if (column.doubt.empty()) return;
  for (std::size_t i = 0; i < count_; ++i)
    doubt_[i] = static_cast<std::uint8_t>(doubt_[i] | column.doubt[begin_ + i]);
}

// A value of the node's shape, or nothing.
void Batch::put(NodeId id, std::size_t i, const Value& value) {
  Store& at = store(id);
  switch (binding_.node(id).shape) {
    case Shape::Number: {
      const bool known = value.kind() == feel::Kind::Number;
      at.value[i] = known ? value.number().to_double() : 0.0;
      if (!at.absent.empty()) at.absent[i] = known ? 0 : 1;
      break;
    }
    case Shape::Boolean:
      at.answer[i] = value.kind() == feel::Kind::Boolean ? (value.boolean() ? kTrue : kFalse) : kUnknown;
      break;
    case Shape::Text:
      at.code[i] = value.kind() == feel::Kind::String ? binding_.texts.code_of(value.string()) : kNoText;
      break;
    case Shape::Date:
      at.code[i] =
          value.kind() == feel::Kind::Date ? static_cast<std::int32_t>(value.date().days()) : kNoDate;
      break;
    case Shape::Null:
      break;
  }
}

bool Batch::is_uniform_number(NodeId id) const {
  const Facts& facts = binding_.facts(id);
  return facts.is_uniform && !facts.may_be_absent && binding_.node(id).shape == Shape::Number;
}

std::uint8_t* Batch::writable_absence(NodeId id) {
  Store& at = store(id);
  return at.absent.empty() ? nullptr : at.absent.data();
}

const double* Batch::bound_of(NodeId id, std::vector<double>& scratch) {
  const NumberCells& cells = number(id);
  if (cells.bound != nullptr) return cells.bound;
  spread_relative(cells.value, cells.relative, scratch.data(), count_);
  return scratch.data();
}

const std::int32_t* Batch::reach(const std::vector<plan::Hop>& hops) {
  const auto [known, is_new] = reached_.try_emplace(hops);
  if (is_new) {
    known->second.resize(count_);
    for (std::size_t i = 0; i < count_; ++i)
      known->second[i] = follow(binding_.meaning(), binding_.table(), binding_.rows()[begin_ + i], hops);
  }
  return known->second.data();
}

void Batch::evaluate(std::size_t begin, std::size_t count) {
  begin_ = begin;
  count_ = count;
  reached_.clear();
  std::fill(doubt_.begin(), doubt_.end(), std::uint8_t{0});
  std::fill(first_doubt_.begin(), first_doubt_.end(), plan::kNone);
  for (const NodeId id : binding_.order()) {
    if (binding_.facts(id).is_uniform) continue;
    evaluate_node(id);
    note_doubts(id);
  }
}

void Batch::note_doubts(NodeId id) {
  switch (binding_.node(id).op) {
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Minimum:
    case Op::Maximum:
    case Op::And:
    case Op::Or:
    case Op::Not:
    case Op::If:
      if (binding_.kept() == nullptr) return;  // none of these doubts
      break;
    case Op::Divide:
      if (binding_.kept() == nullptr && number(binding_.node(id).inputs[1]).bound == nullptr) return;
      break;
    case Op::Lookup:
      if (binding_.numbers_of_codes(id) != nullptr) return;
      break;
    default:
      break;
  }
  std::uint8_t any = 0;
  for (std::size_t i = 0; i < count_; ++i) any = static_cast<std::uint8_t>(any | doubt_[i]);
  for (std::size_t i = 0; any != 0 && i < count_; ++i)
    if (doubt_[i] != 0 && first_doubt_[i] == plan::kNone) first_doubt_[i] = id;
}

NodeId Batch::sure_choice(NodeId id, std::size_t i) const {
  if (first_doubt_[i] < id) return plan::kNone;
  if (binding_.kept() != nullptr && binding_.kept()->column(id) != nullptr) return plan::kNone;
  const plan::Node& node = binding_.node(id);
  if (node.op == Op::If) {
    const Facts& condition = binding_.facts(node.inputs[0]);
    if (condition.is_uniform) return plan::kNone;
    return node.inputs[answer(node.inputs[0])[i] == kTrue ? 1 : 2];
  }
  if (node.op != Op::Minimum && node.op != Op::Maximum) return plan::kNone;
  const NumberCells &a = number(node.inputs[0]), &b = number(node.inputs[1]);
  const auto is_absent = [&](const NumberCells& cells) {
    return cells.absent != nullptr && cells.absent[i] != 0;
  };
  if (is_absent(a) || is_absent(b) || !surely_apart(a, b, i)) return plan::kNone;
  return node.inputs[(a.value[i] < b.value[i]) == (node.op == Op::Minimum) ? 0 : 1];
}

void Batch::number_field(NodeId id, const column::NumberColumn& column) {
  Store& at = store(id);
  const plan::Node& node = binding_.node(id);
  const Facts& facts = binding_.facts(id);
  const std::vector<std::uint8_t>* side = binding_.side_rows(column);
  if (node.hops.empty() && binding_.rows_are_consecutive()) {
    const std::size_t first = binding_.rows()[begin_];
    at.cells.value = column.value.data() + first;
    if (!at.absent.empty()) {
      const column::State* state = column.state.data();
      if (state == nullptr)
        std::fill_n(at.absent.begin(), count_, std::uint8_t{0});
      else
        for (std::size_t i = 0; i < count_; ++i) at.absent[i] = state[first + i] != State::Known;
    }
    if (side != nullptr)
      for (std::size_t i = 0; i < count_; ++i)
        doubt_[i] = static_cast<std::uint8_t>(doubt_[i] | (*side)[first + i]);
  } else {
    const std::int32_t* rows = reach(node.hops);
    for (std::size_t i = 0; i < count_; ++i) {
      const auto row = static_cast<std::size_t>(std::max(rows[i], 0));
      const bool known = rows[i] >= 0 && column.state[row] == State::Known;
      at.value[i] = known ? column.value[row] : 0.0;
      if (!at.absent.empty()) at.absent[i] = !known;
      if (side != nullptr && known && (*side)[row] != 0) doubt_[i] = 1;
    }
  }
  if (!facts.is_relative) spread_absolute(at.cells.value, at.bound.data(), count_);
}

void Batch::made(NodeId id) {
  Store& at = store(id);
  const column::NumberColumn& column = binding_.made(id);
  const std::int32_t* rows = reach(binding_.node(id).hops);
  for (std::size_t i = 0; i < count_; ++i) {
    const auto row = static_cast<std::size_t>(std::max(rows[i], 0));
    const bool known = rows[i] >= 0 && column.state[row] == State::Known;
    at.value[i] = known ? column.value[row] : 0.0;
    at.absent[i] = !known;
  }
  if (binding_.facts(id).is_relative) return;
  spread_absolute(at.value.data(), at.bound.data(), count_);
  for (std::size_t i = 0; i < count_; ++i)  // doubles hold some of these only roughly
    if (rows[i] >= 0 && column.exact_values.count(static_cast<std::uint32_t>(rows[i])) != 0) doubt_[i] = 1;
}

// Texts and answers of consecutive records, as they stand in their column; false: to be taken one by one.
bool Batch::own_field(NodeId id, const column::Column& column) {
  Store& at = store(id);
  const std::size_t first = binding_.rows()[begin_];
  if (const auto* texts = std::get_if<column::TextColumn>(&column)) {
    static_assert(kNoText == -1);
    at.codes = texts->code.data() + first;
    if (binding_.is_common(*texts)) return true;
    translated(at.codes, binding_.translation(*texts).data(), at.code.data(), count_);
    at.codes = at.code.data();
    return true;
  }
  const auto* booleans = std::get_if<column::BooleanColumn>(&column);
  if (booleans == nullptr || !booleans->state.all_known()) return false;
  answers_of(booleans->value.data() + first, at.answer.data(), count_);
  return true;
}

void Batch::field(NodeId id) {
  const plan::Node& node = binding_.node(id);
  const column::Column& column = binding_.column_of(node);
  Store& at = store(id);
  if (const auto* numbers = std::get_if<column::NumberColumn>(&column)) return number_field(id, *numbers);
  if (node.hops.empty() && binding_.rows_are_consecutive() && own_field(id, column)) return;
  const std::int32_t* rows = reach(node.hops);
  if (const auto* texts = std::get_if<column::TextColumn>(&column)) {
    const std::vector<std::int32_t>& common = binding_.translation(*texts);
    for (std::size_t i = 0; i < count_; ++i) {
      const std::int32_t code = rows[i] >= 0 ? texts->code[static_cast<std::size_t>(rows[i])] : -1;
      at.code[i] = code >= 0 ? common[static_cast<std::size_t>(code)] : kNoText;
    }
  } else if (const auto* booleans = std::get_if<column::BooleanColumn>(&column)) {
    for (std::size_t i = 0; i < count_; ++i) {
      const auto row = static_cast<std::size_t>(std::max(rows[i], 0));
      at.answer[i] = rows[i] < 0 || booleans->state[row] != State::Known ? kUnknown
                     : booleans->value[row] != 0                         ? kTrue
                                                                         : kFalse;
    }
  } else {
    const auto& dates = std::get<column::DateColumn>(column);
    for (std::size_t i = 0; i < count_; ++i) {
      const auto row = static_cast<std::size_t>(std::max(rows[i], 0));
      at.code[i] = rows[i] < 0 || dates.state[row] != State::Known ? kNoDate : dates.days[row];
    }
  }
}

void Batch::arithmetic(NodeId id) {
  const plan::Node& node = binding_.node(id);
  Store& at = store(id);
  const Facts& facts = binding_.facts(id);
  const NodeId left = node.inputs[0], right = node.inputs[1];
  const NumberCells &a = number(left), &b = number(right);
  double* out = at.value.data();
  const std::size_t n = count_;
  switch (node.op) {
    case Op::Add:
      add_values(a.value, b.value, out, n);
      break;
    case Op::Subtract:
      subtract_values(a.value, b.value, out, n);
      break;
    case Op::Multiply:
      if (is_uniform_number(right))
        multiply_by(a.value, b.value[0], out, n);
      else
        multiply_values(a.value, b.value, out, n);
      break;
    case Op::Divide:
      divide_values(a.value, b.value, out, n);
      break;
    case Op::Minimum:
      if (is_uniform_number(right))
        minimum_with(a.value, b.value[0], out, n);
      else
        minimum_values(a.value, b.value, out, n);
      break;
    case Op::Maximum:
      if (is_uniform_number(right))
        maximum_with(a.value, b.value[0], out, n);
      else
        maximum_values(a.value, b.value, out, n);
      break;
    default:
      ensure(false, "two numbers give a number");
  }
  if (std::uint8_t* absent = writable_absence(id)) {
    either_absent(a.absent, b.absent, absent, n);
    if (node.op == Op::Divide) {
      if (b.bound != nullptr) doubt_near_zero(b.value, b.bound, absent, doubt_.data(), n);
      absent_where_zero(b.value, absent, n);
    }
  }
  if (facts.is_relative) return;
  const double* ea = bound_of(left, scratch_a_);
  const double* eb = bound_of(right, scratch_b_);
  double* bound = at.bound.data();
  switch (node.op) {
    case Op::Add:
      bound_sum(ea, eb, out, bound, n);
      break;
    case Op::Subtract:
      bound_sum(ea, eb, out, bound, n);
      // Equal short decimals: their difference is exactly 0.
      if (binding_.facts(left).is_short && binding_.facts(right).is_short)
        for (std::size_t i = 0; i < n; ++i)
          if (a.value[i] == b.value[i]) bound[i] = 0.0;
      break;
    case Op::Multiply:
      bound_product(a.value, ea, b.value, eb, out, bound, n);
      break;
    case Op::Divide:
      bound_quotient(ea, b.value, eb, out, bound, n);
      break;
    default:
      bound_larger(ea, eb, bound, n);
      break;
  }
}

void Batch::select(NodeId id) {
  const plan::Node& node = binding_.node(id);
  Store& at = store(id);
  const Tri* condition = answer(node.inputs[0]);
  const NodeId then = node.inputs[1], otherwise = node.inputs[2];
  switch (node.shape) {
    case Shape::Number: {
      const NumberCells &a = number(then), &b = number(otherwise);
      for (std::size_t i = 0; i < count_; ++i) at.value[i] = condition[i] == kTrue ? a.value[i] : b.value[i];
      if (!at.absent.empty())
        for (std::size_t i = 0; i < count_; ++i) {
          const std::uint8_t* absent = condition[i] == kTrue ? a.absent : b.absent;
          at.absent[i] = absent != nullptr ? absent[i] : std::uint8_t{0};
        }
      if (!at.bound.empty()) {
        const double* ea = bound_of(then, scratch_a_);
        const double* eb = bound_of(otherwise, scratch_b_);
        for (std::size_t i = 0; i < count_; ++i) at.bound[i] = condition[i] == kTrue ? ea[i] : eb[i];
      }
      break;
    }
    case Shape::Boolean: {
      const Tri *a = answer(then), *b = answer(otherwise);
      for (std::size_t i = 0; i < count_; ++i) at.answer[i] = condition[i] == kTrue ? a[i] : b[i];
      break;
    }
    default: {
      const std::int32_t *a = code(then), *b = code(otherwise);
      for (std::size_t i = 0; i < count_; ++i) at.code[i] = condition[i] == kTrue ? a[i] : b[i];
      break;
    }
  }
}

void Batch::evaluate_node(NodeId id) {
  const plan::Node& node = binding_.node(id);
  Store& at = store(id);
  const std::size_t n = count_;
  if (binding_.kept() != nullptr)
    if (const KeptColumn* column = binding_.kept()->column(id)) return point_to(id, *column);
  const auto first = [&]() -> const NumberCells& { return number(node.inputs[0]); };
  const auto copy_absence = [&](const NumberCells& from) {
    if (at.absent.empty()) return;
    if (from.absent != nullptr)
      std::memcpy(at.absent.data(), from.absent, n);
    else
      std::memset(at.absent.data(), 0, n);
  };
  const auto copy_bound = [&](NodeId from) {
    if (!at.bound.empty()) std::memcpy(at.bound.data(), bound_of(from, scratch_a_), n * sizeof(double));
  };
  switch (node.op) {
    case Op::Constant:
    case Op::Population:
      break;
    case Op::Field:
      field(id);
      break;
    case Op::Standing:
    case Op::Related:
      made(id);
      break;
    case Op::RowExists: {
      const std::int32_t* rows = reach(node.hops);
      for (std::size_t i = 0; i < n; ++i) at.answer[i] = rows[i] >= 0 ? kTrue : kFalse;
      break;
    }
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Minimum:
    case Op::Maximum:
      arithmetic(id);
      break;
    case Op::Negate:
    case Op::Absolute:
      for (std::size_t i = 0; i < n; ++i)
        at.value[i] = node.op == Op::Negate ? -first().value[i] : std::fabs(first().value[i]);
      copy_absence(first());
      copy_bound(node.inputs[0]);
      break;
    case Op::Convert:
      scale_values(first().value, static_cast<double>(node.conversion.factor.numerator),
                   static_cast<double>(node.conversion.factor.denominator), at.value.data(), n);
      copy_absence(first());
      if (!at.bound.empty()) {
        const double* bound = bound_of(node.inputs[0], scratch_a_);
        const double factor = static_cast<double>(node.conversion.factor.numerator) /
                              static_cast<double>(node.conversion.factor.denominator);
        for (std::size_t i = 0; i < n; ++i)
          at.bound[i] =
              (bound[i] * factor + 5 * kUnitRoundoff * std::fabs(at.value[i])) * kInflate * kInflate + kSmall;
      }
      break;
    case Op::OrZero:
      for (std::size_t i = 0; i < n; ++i)
        at.value[i] = first().absent != nullptr && first().absent[i] != 0 ? 0.0 : first().value[i];
      copy_bound(node.inputs[0]);
      if (!at.bound.empty() && first().absent != nullptr)
        for (std::size_t i = 0; i < n; ++i)
          if (first().absent[i] != 0) at.bound[i] = 0.0;
      break;
    case Op::Round: {
      RoundTo to;
      to.scale = std::pow(10.0, std::abs(node.rounding.places));
      to.divides = node.rounding.places < 0;
      using Mode = quantity::RoundingMode;
      to.at_half = node.rounding.mode == Mode::HalfEven || node.rounding.mode == Mode::HalfUp ||
                   node.rounding.mode == Mode::HalfDown;
      to.direction = node.rounding.mode == Mode::Up        ? 1
                     : node.rounding.mode == Mode::Floor   ? 2
                     : node.rounding.mode == Mode::Ceiling ? 3
                                                           : 0;
      copy_absence(first());
      round_values(first(), to, at.value.data(), at.key.data(), doubt_.data(), n);
      break;
    }
    case Op::Compare: {
      if (binding_.node(node.inputs[0]).shape == Shape::Date) {
        compare_dates(node.comparator, code(node.inputs[0]), code(node.inputs[1]), at.answer.data(), n);
        break;
      }
      const bool exact = binding_.facts(node.inputs[0]).is_short && binding_.facts(node.inputs[1]).is_short;
      compare_numbers(node.comparator, first(), number(node.inputs[1]), exact, at.answer.data(),
                      doubt_.data(), n);
      break;
    }
    case Op::Equal:
      switch (binding_.node(node.inputs[0]).shape) {
        case Shape::Number: {
          const bool exact =
              binding_.facts(node.inputs[0]).is_short && binding_.facts(node.inputs[1]).is_short;
          equal_numbers(first(), number(node.inputs[1]), exact, at.answer.data(), doubt_.data(), n);
          break;
        }
        case Shape::Boolean:
          equal_answers(answer(node.inputs[0]), answer(node.inputs[1]), at.answer.data(), n);
          break;
        default:
          equal_codes(code(node.inputs[0]), code(node.inputs[1]), at.answer.data(), n);
          break;
      }
      break;
    case Op::IsNull:
      switch (binding_.node(node.inputs[0]).shape) {
        case Shape::Number:
          for (std::size_t i = 0; i < n; ++i)
            at.answer[i] = first().absent != nullptr && first().absent[i] != 0 ? kTrue : kFalse;
          break;
        case Shape::Boolean:
          for (std::size_t i = 0; i < n; ++i)
            at.answer[i] = answer(node.inputs[0])[i] == kUnknown ? kTrue : kFalse;
          break;
        default: {
          const std::int32_t none = binding_.node(node.inputs[0]).shape == Shape::Text ? kNoText : kNoDate;
          for (std::size_t i = 0; i < n; ++i) at.answer[i] = code(node.inputs[0])[i] == none ? kTrue : kFalse;
        }
      }
      break;
    case Op::IsTrue:
      is_true(answer(node.inputs[0]), at.answer.data(), n);
      break;
    case Op::And:
      both(answer(node.inputs[0]), answer(node.inputs[1]), at.answer.data(), n);
      break;
    case Op::Or:
      any_of(answer(node.inputs[0]), answer(node.inputs[1]), at.answer.data(), n);
      break;
    case Op::Not:
      negation(answer(node.inputs[0]), at.answer.data(), n);
      break;
    case Op::If:
      select(id);
      break;
    case Op::Lookup:
      lookup(id);
      break;
    case Op::Collect:
    case Op::UniqueOf:
    case Op::CountOf:
      collect(id);
      break;
    case Op::TextFunction:
      text_function(id);
      break;
    case Op::Call:
      call(id);
      break;
    case Op::Interpret:
      interpret(id);
      break;
  }
}

}  // namespace tenglong::run
