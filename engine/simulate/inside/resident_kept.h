// What a resident base holds.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/run/kept_figures.h"
#include "engine/run/variants.h"
#include "engine/simulate/inside/rates.h"
#include "engine/simulate/resident.h"
#include "engine/simulate/simulation.h"

namespace tenglong::simulate {

// One scheme beside its base: places of records, what is added up, what is cut by.
class SchemeBase {
 public:
  SchemeBase(const pack::Pack& pack, const column::Snapshot& snapshot, const pack::Scheme& scheme,
             const run::SchemeColumns& base, const calendar::Period& period);
  // Rates and quantities of the base; else as a trial has them.
  SchemeComparison compare(const run::SchemeColumns& after, const std::vector<Rates>& rates,
                           const std::vector<RestatedQuantity>& restated = {}) const;
  SchemeComparison compare(const run::SchemeColumns& after) const { return compare(after, rates_); }
  // The base beside itself, under these rates.
  SchemeComparison unmoved(const std::vector<Rates>& rates) const;
  std::vector<Rates> rates(const std::vector<Override>& overrides) const;
  std::vector<PriceSums> prices(const run::SchemeColumns& columns, const std::vector<Rates>& rates) const;
  // The quantities that a change of a field states anew; nullopt: it moves records between cuts.
  std::optional<std::vector<RestatedQuantity>> restated(const Override& change) const;
  bool has_prices() const { return beside_.declared != nullptr && !beside_.declared->prices.empty(); }
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

  const pack::Pack& pack_;
  const pack::Scheme& scheme_;
  calendar::Period period_;
  const run::SchemeColumns& base_;
  const column::Table& table_;
  Beside beside_;
  std::vector<std::string> places_;
  std::size_t grade_count_ = 0;
  std::vector<std::uint8_t> base_place_;
  result::Balance balance_;
  std::vector<std::int64_t> bins_;
  std::vector<Rates> rates_;
  std::vector<PriceSums> prices_;
  SchemeComparison unmoved_;
};

struct Resident::Kept {
  Kept(const pack::Pack& given, const column::Snapshot& held, const run::Options& asked);
  // The long way needs a whole base, made when first needed. Held: one_at_a_time.
  Simulation& whole() const;
  // A scheme without columns that no change reaches.
  SchemeComparison unmoved(std::size_t s) const;
  // Whether a change can move what the prices of a scheme come to though no grade moves.
  bool prices_change(std::size_t s, const std::vector<Override>& overrides) const;
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
