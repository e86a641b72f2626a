// Shares, ranks, percentiles and figures over related records as columns.
//
// In:    an indicator, a period, the meaning of names. Out: what the reference says of every record of the
// period, exact.
// Cost:  a pass over the register; ranks by radix sort; a division a record for shares and percentiles.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/run/inside/judge.h"

namespace tenglong::run {

// nullopt: columns cannot tell.
std::optional<Standings> standings_by_columns(const Meaning& meaning, const pack::Indicator& indicator,
                                              const Period& at, const Options& options);
RelatedLists related_by_columns(const Meaning& meaning, const pack::Indicator& indicator, const Period& at,
                                const Options& options);

// Makes Standings of who is counted, with what, and in which place.
class StandingsOf {
 public:
  StandingsOf(const pack::Indicator& indicator, std::size_t rows);
  std::int32_t add_group(std::string name);
  void count(std::uint32_t row, std::int32_t group, Decimal own);
  void place(std::uint32_t row, std::int32_t rank);
  Standings take();

 private:
  const pack::Indicator& indicator_;
  std::vector<Decimal> own_;
  std::vector<quantity::ExactSum> sums_;
  Standings out_;
};

// To which records a record of the related register belongs.
class Belongs {
 public:
  Belongs(const Meaning& meaning, const pack::Indicator& indicator)
      : table_(meaning.table(meaning.table_index(indicator.related))) {
    if (indicator.through.empty()) return;
    field_ = meaning.register_of(meaning.table_index(indicator.related)).field_index(indicator.through);
    texts_ = std::get_if<column::TextColumn>(&table_.columns[static_cast<std::size_t>(field_)]);
  }
  template <typename Each>  // void(const std::string& key)
  void each_key(std::uint32_t row, Each each) const {
    if (field_ < 0) return each(table_.key[row]);
    if (texts_ == nullptr || texts_->code[row] < 0) return;
    if (!texts_->is_list) return each(texts_->text(row));
    const Value keys = column::value_of(table_, static_cast<std::size_t>(field_), row);
    if (keys.kind() == feel::Kind::List)
      for (const Value& key : keys.list()) each(key.string());
  }

 private:
  const column::Table& table_;
  int field_ = -1;
  const column::TextColumn* texts_ = nullptr;
};

}  // namespace tenglong::run
