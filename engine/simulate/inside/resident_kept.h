// What a resident base holds.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/run/kept_figures.h"
#include "engine/run/variants.h"
#include "engine/simulate/inside/beside.h"
#include "engine/simulate/resident.h"
#include "engine/simulate/simulation.h"

namespace tenglong::simulate {

// One scheme beside its base: places of records, what is added up, what is cut by.
class SchemeBase {
 public:
  SchemeBase(const pack::Pack& pack, const column::Snapshot& snapshot, const pack::Scheme& scheme,
             const run::SchemeColumns& base);
  SchemeComparison compare(const run::SchemeColumns& after) const;
  // Keys of the records of which standing, total, rank or grade differs, and of those in `rows`.
  std::vector<std::string> touched(const run::SchemeColumns& after,
                                   const std::vector<std::uint32_t>& rows) const;
  std::vector<std::vector<Decimal>> sums_by_grade(const run::SchemeColumns& columns) const;
  std::size_t bytes() const { return beside_.bytes() + base_place_.capacity(); }

 private:
  std::vector<std::uint8_t> places_of(const run::SchemeColumns& columns) const;
  result::Balance balance_of(const run::SchemeColumns& columns, const std::vector<std::uint8_t>& place) const;
  std::vector<std::int64_t> bins_of(const run::SchemeColumns& columns) const;
  void add_distribution(const run::SchemeColumns& after, SchemeComparison& out) const;
  void add_moved(const std::vector<std::uint32_t>& movers, const std::vector<std::uint8_t>& place,
                 SchemeComparison& out) const;

  const pack::Scheme& scheme_;
  const run::SchemeColumns& base_;
  const column::Table& table_;
  Beside beside_;
  std::vector<std::string> places_;
  std::size_t grade_count_ = 0;
  std::vector<std::uint8_t> base_place_;
  result::Balance balance_;
  std::vector<std::int64_t> bins_;
};

struct Resident::Kept {
  Kept(const pack::Pack& given, const column::Snapshot& held, const run::Options& asked);
  // The long way needs a whole base, made when first needed. Held: one_at_a_time.
  Simulation& whole() const;
  // A scheme without columns that no change reaches.
  SchemeComparison unmoved(std::size_t s) const;
  // Columns of a scheme under changes; the changed pack is made when first needed.
  const run::SchemeColumns* columns_with(std::size_t s, const std::vector<Override>& overrides,
                                         std::optional<pack::Pack>& changed_pack,
                                         std::optional<plan::Plan>& plan, run::SchemeColumns& out) const;
  // nullopt: the long way. Nothing that `part` does not name is looked at.
  std::optional<Comparison> by_insertion(const run::Part& part, const Override& correction) const;

  const pack::Pack& pack;
  const column::Snapshot& snapshot;
  run::Options options;
  run::Variants variants;
  run::KeptFigures figures;
  std::vector<run::GivenFigure> given_figures;
  std::vector<std::unique_ptr<SchemeBase>> schemes;
  std::vector<RosterComparison> rosters;  // unmoved
  mutable std::mutex one_at_a_time;
  mutable std::unique_ptr<Simulation> simulation;
  mutable std::optional<Comparison> still;
};

}  // namespace tenglong::simulate
