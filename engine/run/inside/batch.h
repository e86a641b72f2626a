// Evaluates the needed nodes for one batch of rows after another, in doubles.
#pragma once
#include <cstdint>
#include <vector>

#include "engine/run/inside/binding.h"
#include "engine/run/inside/kernels.h"

namespace tenglong::run {

struct KeptColumn;
class Batch;

// One row in decimal128 by the same graph; values are kept while the row stays the same.
class ExactRow {
 public:
  explicit ExactRow(Binding& binding);
  void at(std::uint32_t row);
  // Row i of a batch that has evaluated it: what the batch knows of it for sure is not worked out again. A
  // sum of clamped values is worked out once for all rows that are clamped alike.
  void at(std::uint32_t row, const Batch& batch, std::size_t i);
  // Since at(): some arithmetic had to be done on values of this row.
  bool has_worked() const { return has_worked_; }
  void put(NodeId id, Value value);  // for this row, whatever the graph says
  const Value& value(NodeId id);

 private:
  Value compute(const plan::Node& node, NodeId id);
  // What a node is in this row whatever its fields: a node that is one value for all rows (its id), or a
  // combination of such (below -1); kNone: neither is sure.
  std::int64_t settled(NodeId id);
  std::int64_t settle(NodeId id);
  const Value& settled_value(std::int64_t settled) const;
  Binding& binding_;
  const Batch* batch_ = nullptr;
  std::size_t row_of_batch_ = 0;
  bool has_worked_ = false;
  std::map<std::vector<std::int64_t>, std::int64_t> combinations_;  // node, then what its inputs are
  std::vector<Value> combined_;
  std::vector<std::uint32_t> settled_stamps_;
  std::vector<std::int64_t> settled_;
  std::uint32_t row_ = 0;
  std::uint32_t stamp_ = 0;
  std::vector<std::uint32_t> stamps_;
  std::vector<Value> values_;
};

class Batch {
 public:
  Batch(Binding& binding, std::size_t capacity);

  // Rows [begin, begin + count) of binding.rows(). count <= capacity.
  void evaluate(std::size_t begin, std::size_t count);

  const NumberCells& number(NodeId id) const { return stores_[static_cast<std::size_t>(id)].cells; }
  const std::int64_t* key(NodeId id) const { return stores_[static_cast<std::size_t>(id)].key.data(); }
  const Tri* answer(NodeId id) const { return stores_[static_cast<std::size_t>(id)].answers; }
  const std::int32_t* code(NodeId id) const {
    return stores_[static_cast<std::size_t>(id)].codes;
  }  // texts, dates
  // Rows that must be evaluated exactly.
  const std::vector<std::uint8_t>& doubt() const { return doubt_; }
  // The first node at which row i came into doubt: what stands before it is proven.
  NodeId first_doubt(std::size_t i) const { return first_doubt_[i]; }
  // The input that a choice surely takes in row i: the winner of a smallest or largest value, a branch.
  NodeId sure_choice(NodeId id, std::size_t i) const;

 private:
  struct Store {
    std::vector<double> value, bound;
    std::vector<std::uint8_t> absent;
    std::vector<std::int64_t> key;
    std::vector<Tri> answer;
    std::vector<std::int32_t> code;
    NumberCells cells = {};
    const Tri* answers = nullptr;
    const std::int32_t* codes = nullptr;
    // What the binding said of a text code: of a look-up by one text, of a function of a text.
    std::vector<std::uint8_t> asked;
    std::vector<double> number_of_code;
    std::vector<std::uint8_t> absent_of_code;
    std::vector<const TextResult*> result_of_code;
    std::map<std::vector<std::int32_t>, Value> result_of_codes;  // of a Call
  };
  Store& store(NodeId id) { return stores_[static_cast<std::size_t>(id)]; }
  void prepare(NodeId id);
  void fill_uniform(NodeId id);
  void point_to(NodeId id, const KeptColumn& column);
  void evaluate_node(NodeId id);
  void note_doubts(NodeId id);
  void arithmetic(NodeId id);
  void made(NodeId id);
  void field(NodeId id);
  bool own_field(NodeId id, const column::Column& column);
  void number_field(NodeId id, const column::NumberColumn& column);
  void select(NodeId id);
  void lookup(NodeId id);
  void collect(NodeId id);
  void interpret(NodeId id);
  void text_function(NodeId id);
  void call(NodeId id);
  Value input_value(NodeId id, std::size_t i);
  void put(NodeId id, std::size_t i, const Value& value);
  // The row each of the batch's records leads to by hops; -1: none.
  const std::int32_t* reach(const std::vector<plan::Hop>& hops);
  const double* bound_of(NodeId id, std::vector<double>& scratch);
  bool is_uniform_number(NodeId id) const;
  std::uint8_t* writable_absence(NodeId id);

  Binding& binding_;
  std::size_t capacity_;
  std::size_t begin_ = 0, count_ = 0;
  std::vector<Store> stores_;
  std::vector<std::uint8_t> doubt_;
  std::vector<NodeId> first_doubt_;  // read only where there is one
  std::vector<double> scratch_a_, scratch_b_;
  ExactRow exact_;  // for inputs of calls that doubles do not name
  std::map<std::vector<plan::Hop>, std::vector<std::int32_t>> reached_;
};

// The record that hops lead to from a row of a table; -1: none.
std::int32_t follow(const Meaning& meaning, int table, std::uint32_t row, const std::vector<plan::Hop>& hops);
Value interpreted(const Binding& binding, const plan::Node& node, std::uint32_t row,
                  std::atomic<bool>& gap_touched);

}  // namespace tenglong::run
