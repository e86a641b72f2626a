// One scheme over the rows of a period: what execute() shows and what run() makes outcomes of.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/run/execution.h"
#include "engine/run/inside/batch.h"
#include "engine/run/inside/judge.h"

namespace tenglong::run {

// Columns of the nodes asked for, over all rows of a binding; rows in doubt already hold their exact values.
class Outputs {
 public:
  Outputs(Binding& binding, const std::vector<NodeId>& nodes, const Options& options);
  const std::vector<Tri>& answer(NodeId id) const { return at(id).answer; }
  const std::vector<std::int64_t>& key(NodeId id) const { return at(id).key; }
  std::vector<std::int64_t> take_key(NodeId id) { return std::move(full_.at(id).key); }
  const std::vector<std::uint8_t>& absent(NodeId id) const { return at(id).absent; }
  const std::vector<std::int32_t>& code(NodeId id) const { return at(id).code; }
  std::int64_t rows_in_doubt = 0, rows_recognised = 0;
  std::atomic<bool> has_large = false;  // a rounded value beyond 18 digits

 private:
  struct Full {
    std::vector<Tri> answer;
    std::vector<std::int64_t> key;
    std::vector<std::uint8_t> absent;
    std::vector<std::int32_t> code;
  };
  const Full& at(NodeId id) const { return full_.at(id); }
  void copy(NodeId id, const Batch& batch, std::size_t begin, std::size_t count);
  void put_exact(NodeId id, std::size_t i, const Value& value);
  Binding& binding_;
  std::map<NodeId, Full> full_;
};

// The whole number of 10^-places that a rounded decimal is; nullopt beyond 18 digits.
std::optional<std::int64_t> key_of(Decimal rounded, int places);

enum class Wanted { Grades, Outcomes, Variants };

struct SchemeRun {
  SchemeRun(const plan::Plan& plan, const plan::SchemePlan& scheme, const Meaning& meaning,
            const Options& options, Wanted wanted);
  Binding binding;
  std::unique_ptr<Outputs> outputs;
  SchemeColumns columns;
  std::vector<std::int32_t> veto, protect;                 // text codes of binding.texts, or empty
  std::unordered_map<std::size_t, SchemeView> by_meaning;  // rows that needed a group mean
  GroupMeans means;                                        // of the groups that they needed
  // Wanted::Variants: before any total is looked at. Groups numbered as they appear, with the name of each.
  std::vector<result::Standing> by_conditions;
  std::vector<std::int32_t> numbered;
  std::vector<std::string> labels;

 private:
  void grade(const plan::SchemePlan& scheme, const Meaning& meaning);
};

// Ranks from 1 within each group, highest total first; ties share. group -1: not ranked. Radix sort, O(n).
void rank_within_groups(const std::vector<std::int64_t>& total, const std::vector<std::int32_t>& group,
                        std::size_t group_count, pack::Scheme::Ties ties, std::vector<std::int32_t>& rank,
                        std::vector<std::int64_t>& group_size);

}  // namespace tenglong::run
