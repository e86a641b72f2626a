// A plan bound to a snapshot: what each node can be relied on to be, where its data stands, what its look-ups
// hold.
//
// In:    plan, meaning (for population values and what must be interpreted), the rows to evaluate.
// Out:   per node, facts that hold for every row: sign, size, absence, whether a relative bound suffices.
// Threads: after construction, any number may ask. What is filled on the way stands behind a lock and stays
// where it is; batches keep what they were told.
#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/run/inside/cells.h"
#include "engine/run/inside/meaning.h"

namespace tenglong::run {

using plan::NodeId;

// Texts of all dictionaries as one numbering, so that codes of two columns compare. The numbers mean nothing
// else.
class Texts {
 public:
  std::int32_t code_of(const std::string& text);
  const std::string& text(std::int32_t code) const;

 private:
  mutable std::mutex filling_;
  std::unordered_map<std::string, std::int32_t> codes_;
  std::deque<std::string> texts_;
};

// A parameter's rows as they are asked for.
class LookupTable {
 public:
  LookupTable(const plan::Node& node) : node_(&node) {}
  struct Entry {
    Value value = {};
    bool is_gap = false;
  };
  const Entry* find(const feel::List& keys);  // nullptr: no such row

 private:
  const plan::Node* node_;
  std::mutex filling_;
  std::deque<Entry> entries_;
  std::unordered_map<std::string, const Entry*> known_;
};

// A function of texts, worked out once a text.
struct TextResult {
  Value value = {};
  double number = 0;
  std::int32_t code = kNoText;
  Tri answer = kUnknown;
  bool is_doubtful = false;  // a number that doubles do not name
};

// Facts about one node over all rows.
struct Facts {
  bool needed = false;
  bool may_be_absent = true;
  bool is_uniform = false;  // one value for all rows: constants, scalars
  // Numbers:
  bool is_relative = false;  // bound is relative * 2^-53 * |value|
  double relative = 0;
  bool is_non_negative = false;
  bool may_be_zero = true;
  bool is_short = false;                 // decimals of at most 15 digits: doubles name them
  double least = kSmall, most = kLarge;  // magnitudes of values that are not 0
};

struct Kept;

// A look-up by one text whose every answer is a number: by code + 1, the first standing for no text.
using NumbersOfCodes = std::vector<double>;

class Binding {
 public:
  // `kept` (kept.h): nodes that are given. Must outlive the binding.
  Binding(const plan::Plan& plan, const Meaning& meaning, int table, std::vector<std::uint32_t> rows,
          const std::vector<NodeId>& outputs, const Kept* kept = nullptr);
  const Kept* kept() const { return kept_; }

  const plan::Plan& plan() const { return plan_; }
  const Meaning& meaning() const { return meaning_; }
  const plan::Node& node(NodeId id) const { return plan_.nodes[static_cast<std::size_t>(id)]; }
  const Facts& facts(NodeId id) const { return facts_[static_cast<std::size_t>(id)]; }
  int table() const { return table_; }
  const std::vector<std::uint32_t>& rows() const { return rows_; }
  bool rows_are_consecutive() const { return consecutive_; }
  const std::vector<NodeId>& order() const { return order_; }
  // True once a value that nobody published was met: the interpreter then decides who needed it.
  std::atomic<bool> gap_touched = false;

  Texts texts;
  LookupTable& lookup(NodeId id) { return lookups_.at(id); }
  // nullptr: to be asked row by row.
  const NumbersOfCodes* numbers_of_codes(NodeId id) const {
    const auto known = numbers_of_codes_.find(id);
    return known == numbers_of_codes_.end() ? nullptr : &known->second;
  }
  // Of the text with this code (kNoText: of null).
  const TextResult& text_function(NodeId id, std::int32_t code);
  const Value& scalar(NodeId id) const { return scalars_.at(id); }
  // Dictionary of a text column in the common numbering.
  const std::vector<std::int32_t>& translation(const column::TextColumn& column) const {
    return translations_.at(&column);
  }
  // Its codes are the common ones already.
  bool is_common(const column::TextColumn& column) const { return &column == common_; }
  // Rows of a number column that stand in its side table; nullptr if none.
  const std::vector<std::uint8_t>* side_rows(const column::NumberColumn& column) const;
  const column::Column& column_of(const plan::Node& node) const;
  // Standing, Related: the column made for the run, by row of the register where the hops end.
  const column::NumberColumn& made(NodeId id) const { return *made_.at(id); }

 private:
  void mark_needed(const std::vector<NodeId>& outputs);
  void find_facts(NodeId id);
  bool is_given(NodeId id) const;
  bool fold(NodeId id);
  void find_made_facts(NodeId id, Facts& facts);
  void find_field_facts(const plan::Node& node, Facts& facts);
  void find_scalar_facts(const Value& value, Facts& facts);
  void find_lookup_facts(NodeId id, Facts& facts);
  bool find_numbers_of_codes(NodeId id, Facts& facts);
  void check_range(Facts& facts) const;

  const plan::Plan& plan_;
  const Kept* kept_ = nullptr;
  const Meaning& meaning_;
  int table_;
  std::vector<std::uint32_t> rows_;
  bool consecutive_ = false;
  std::vector<Facts> facts_;
  std::vector<NodeId> order_;
  std::map<NodeId, LookupTable> lookups_;
  std::map<NodeId, Value> scalars_;
  std::map<NodeId, const column::NumberColumn*> made_;
  std::mutex filling_;
  std::map<std::pair<NodeId, std::int32_t>, TextResult> text_functions_;
  std::map<NodeId, NumbersOfCodes> numbers_of_codes_;
  std::unordered_map<const column::TextColumn*, std::vector<std::int32_t>> translations_;
  const column::TextColumn* common_ = nullptr;
  std::unordered_map<const column::NumberColumn*, std::vector<std::uint8_t>> side_rows_;
};

}  // namespace tenglong::run
