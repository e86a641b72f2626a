#include "engine/plan/apply.h"
#include "engine/run/inside/batch.h"
#include "engine/run/inside/kept.h"

namespace tenglong::run {

std::int32_t follow(const Meaning& meaning, int table, std::uint32_t row,
                    const std::vector<plan::Hop>& hops) {
  auto at = static_cast<std::int32_t>(row);
  int at_table = table;
  for (const plan::Hop hop : hops) {
    if (at < 0) return -1;
    const column::Table& here = meaning.table(at_table);
    const std::vector<std::int32_t>& next = hop == plan::Hop::Parent ? here.parent_row : here.previous_row;
    at = next.empty() ? -1 : next[static_cast<std::size_t>(at)];
    if (hop == plan::Hop::Parent) at_table = meaning.table_index(meaning.register_of(at_table).of);
  }
  return at;
}

Value interpreted(const Binding& binding, const plan::Node& node, std::uint32_t row,
                  std::atomic<bool>& gap_touched) {
  const RecordMeaning record(binding.meaning(), binding.table(), row);
  Value value;
  if (node.interpreted.indicator != nullptr)
    value = record.indicator(*node.interpreted.indicator).value;
  else if (node.interpreted.decision != nullptr)
    value = record.decision(*node.interpreted.decision);
  else
    value = record.evaluate(*node.interpreted.expression,
                            node.interpreted.rounded ? Numbers::Rounded : Numbers::Unrounded);
  if (!record.gaps().empty()) gap_touched = true;
  const bool fits = (node.shape == plan::Shape::Number && value.kind() == feel::Kind::Number) ||
                    (node.shape == plan::Shape::Boolean && value.kind() == feel::Kind::Boolean) ||
                    (node.shape == plan::Shape::Text && value.kind() == feel::Kind::String) ||
                    (node.shape == plan::Shape::Date && value.kind() == feel::Kind::Date);
  return fits ? value : Value();
}

ExactRow::ExactRow(Binding& binding)
    : binding_(binding),
      settled_stamps_(binding.plan().nodes.size(), 0),
      settled_(binding.plan().nodes.size(), plan::kNone),
      stamps_(binding.plan().nodes.size(), 0),
      values_(binding.plan().nodes.size()) {}

void ExactRow::at(std::uint32_t row) {
  row_ = row;
  ++stamp_;
  batch_ = nullptr;
  has_worked_ = false;
}

void ExactRow::at(std::uint32_t row, const Batch& batch, std::size_t i) {
  at(row);
  batch_ = &batch;
  row_of_batch_ = i;
}

std::int64_t ExactRow::settled(NodeId id) {
  const auto index = static_cast<std::size_t>(id);
  if (settled_stamps_[index] != stamp_) {
    settled_[index] = settle(id);
    settled_stamps_[index] = stamp_;
  }
  return settled_[index];
}

std::int64_t ExactRow::settle(NodeId id) {
  using plan::Op;
  if (binding_.facts(id).is_uniform) return id;
  const plan::Node& node = binding_.node(id);
  if (const NodeId taken = batch_->sure_choice(id, row_of_batch_); taken != plan::kNone)
    return settled(taken);
  switch (node.op) {
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Negate:
    case Op::Absolute:
    case Op::Round:
    case Op::Convert:
      break;
    default:
      return plan::kNone;
  }
  std::vector<std::int64_t> key{id};
  for (const NodeId input : node.inputs) {
    key.push_back(settled(input));
    if (key.back() == plan::kNone) return plan::kNone;
  }
  const auto [known, is_new] = combinations_.try_emplace(std::move(key), 0);
  if (is_new) {
    std::vector<Value> inputs;
    for (std::size_t i = 1; i < known->first.size(); ++i) inputs.push_back(settled_value(known->first[i]));
    combined_.push_back(plan::apply_exactly(node, inputs));
    known->second = -1 - static_cast<std::int64_t>(combined_.size());  // -2, -3 ...
  }
  return known->second;
}

const Value& ExactRow::settled_value(std::int64_t settled) const {
  return settled >= 0 ? binding_.scalar(static_cast<NodeId>(settled))
                      : combined_[static_cast<std::size_t>(-2 - settled)];
}

void ExactRow::put(NodeId id, Value value) {
  values_[static_cast<std::size_t>(id)] = std::move(value);
  stamps_[static_cast<std::size_t>(id)] = stamp_;
}

const Value& ExactRow::value(NodeId id) {
  const auto index = static_cast<std::size_t>(id);
  if (stamps_[index] != stamp_) {
    const std::int64_t known = batch_ != nullptr ? settled(id) : plan::kNone;
    values_[index] = known != plan::kNone ? settled_value(known) : compute(binding_.node(id), id);
    stamps_[index] = stamp_;
  }
  return values_[index];
}

Value ExactRow::compute(const plan::Node& node, NodeId id) {
  using plan::Op;
  const Meaning& meaning = binding_.meaning();
  if (binding_.kept() != nullptr)
    if (const Value* given = binding_.kept()->scalar(id)) return *given;
  switch (node.op) {
    case Op::Constant:
      return node.constant;
    case Op::Population:
      return binding_.scalar(id);
    case Op::Field: {
      const std::int32_t row = follow(meaning, binding_.table(), row_, node.hops);
      if (row < 0) return {};
      return column::value_of(meaning.table(node.register_index), static_cast<std::size_t>(node.field),
                              static_cast<std::size_t>(row));
    }
    case Op::Standing:
    case Op::Related: {
      const std::int32_t row = follow(meaning, binding_.table(), row_, node.hops);
      const column::NumberColumn& column = binding_.made(id);
      if (row < 0 || column.state[static_cast<std::size_t>(row)] != State::Known) return {};
      return Value(column.exact(static_cast<std::size_t>(row)));
    }
    case Op::RowExists:
      return follow(meaning, binding_.table(), row_, node.hops) >= 0;
    case Op::Lookup: {
      if (node.inputs.empty()) return binding_.scalar(id);
      feel::List keys;
      for (const NodeId input : node.inputs) keys.push_back(value(input));
      const LookupTable::Entry* entry = binding_.lookup(id).find(keys);
      if (entry == nullptr) return {};
      if (entry->is_gap) binding_.gap_touched = true;
      return entry->value;
    }
    case Op::TextFunction: {
      const Value& text = value(node.inputs[0]);
      const std::int32_t code =
          text.kind() == feel::Kind::String ? binding_.texts.code_of(text.string()) : kNoText;
      return binding_.text_function(id, code).value;
    }
    case Op::Interpret:
      return interpreted(binding_, node, row_, binding_.gap_touched);
    case Op::Minimum:
    case Op::Maximum:
      if (batch_ != nullptr)
        if (const NodeId taken = batch_->sure_choice(id, row_of_batch_); taken != plan::kNone)
          return value(taken);
      has_worked_ = true;
      return plan::apply_exactly(node, std::vector<Value>{value(node.inputs[0]), value(node.inputs[1])});
    case Op::If:  // only the branch that counts
      return value(node.inputs[0]).is_true() ? value(node.inputs[1]) : value(node.inputs[2]);
    default: {
      has_worked_ = has_worked_ || node.shape == plan::Shape::Number;
      Value few[4];
      if (node.inputs.size() <= 4) {
        for (std::size_t i = 0; i < node.inputs.size(); ++i) few[i] = value(node.inputs[i]);
        return plan::apply_exactly(node, std::span<const Value>(few, node.inputs.size()));
      }
      std::vector<Value> inputs;
      for (const NodeId input : node.inputs) inputs.push_back(value(input));
      return plan::apply_exactly(node, inputs);
    }
  }
}

}  // namespace tenglong::run
