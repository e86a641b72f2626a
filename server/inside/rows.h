// Rows of a register as lists go over them: whose they are, what of them may be seen, in what order they
// stand.
//
// Law:   the same rows as asking row by row (object_of, Scope::may). Cost: a few nanoseconds a row.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/listing/filter.h"
#include "engine/listing/segment.h"
#include "server/district.h"

namespace tenglong::server {

using RowNumbers = std::shared_ptr<const std::vector<std::uint32_t>>;

// What many lists of an edition ask of its rows, looked at once.
class RowFacts {
 public:
  // The rows of a period, rising; of no period: all.
  RowNumbers rows(const column::Table& table, const std::optional<calendar::Period>& period);
  // By row, the number of its town.
  RowNumbers towns(const column::Table& table, const view::ReachedTexts& towns);

 private:
  std::mutex mutex_;
  std::map<std::pair<const column::Table*, std::optional<calendar::Period>>, RowNumbers> rows_;
  std::map<const column::Table*, RowNumbers> towns_;
};

// The value of a cell that is known.
registers::Scalar scalar_of(const column::Column& cells, std::size_t row);

// Whose a row is.
class Whose {
 public:
  Whose(const Edition& edition, std::string_view register_id);
  // A number for its town, below towns(); 0: none is known.
  std::size_t town(std::size_t row) const { return (*numbers_)[row]; }
  std::size_t towns() const { return towns_.texts == nullptr ? 1 : towns_.texts->dictionary.size() + 1; }
  std::string_view town_code(std::size_t number) const;
  std::string_view firm(std::size_t row) const;  // its code; "": none

 private:
  view::ReachedTexts towns_;
  RowNumbers numbers_;
  std::vector<const column::Table*> up_ = {};  // to the enterprise
  const column::Table* firms_ = nullptr;
};

// What is known of a column once it was looked at. Columns are common to editions, and so is this.
class ColumnFacts {
 public:
  // A column, and what keeps it.
  struct Held {
    column::Common<column::Column> of;
    std::size_t at = 0;
    const column::Column& operator*() const { return of[at]; }
  };
  // For texts: the place of each of the dictionary in order.
  std::shared_ptr<const std::vector<std::int32_t>> ranks(const Held& column);
  // The cells of these rows as filters go over them. `part`: by which rows they are known again.
  std::shared_ptr<const listing::Column> cells(const Held& column, schema::FieldType type,
                                               const std::string& part,
                                               const std::vector<std::uint32_t>* rows);
  struct Sum {
    std::optional<quantity::Decimal> total = {};  // none: beyond all bounds
    std::int64_t missing = 0;
  };
  Sum sum(const Held& column, const RowNumbers& rows);
  // Forgets the columns that stand in none of these.
  void keep_only(const std::vector<std::shared_ptr<const column::Snapshot>>& snapshots);

 private:
  struct Facts {
    column::Common<column::Column> held;
    std::shared_ptr<const std::vector<std::int32_t>> ranks;
    std::map<std::string, std::shared_ptr<const listing::Column>> cells;
    int decimals = -2;  // of all numbers; -1: too many
    std::deque<std::pair<RowNumbers, Sum>> sums;
  };
  Facts& facts_of(const Held& column);  // mutex_ is held
  std::mutex mutex_;
  std::map<const column::Column*, Facts> facts_;
};

// One register and period, for filters.
class TableRows final : public listing::Rows {
 public:
  // `rows`: those of the period, rising; null: all.
  TableRows(const Edition& edition, const schema::Register& target, std::optional<calendar::Period> period,
            const std::vector<std::uint32_t>* rows);
  std::size_t size() const override { return size_; }
  std::optional<int> year() const override;
  const listing::Column& column(const listing::Operand& operand) const override;
  const std::vector<std::int32_t>& above() const override;

 private:
  const Edition& edition_;
  const schema::Register& target_;
  const column::Table& table_;
  std::optional<calendar::Period> period_;
  const std::vector<std::uint32_t>* rows_;
  std::size_t size_;
  mutable std::vector<std::int32_t> above_;  // made when asked for
  mutable std::map<listing::Operand, std::shared_ptr<const listing::Column>> columns_;
};

// Sorts by fields; what is not known comes last, up or down; rows that are equal keep their order.
// Cost:  one pass over the rows and a sort of the part that is asked for.
class RowOrder {
 public:
  RowOrder(const Edition& edition, const column::Table& table) : edition_(edition), table_(table) {}
  void add(std::size_t field, bool falls);
  bool is_any() const { return !keys_.empty(); }
  // Of these rows, rising, those that stand from `from` to `to` in order.
  std::vector<std::uint32_t> part(const std::vector<std::uint32_t>& rows, std::size_t from,
                                  std::size_t to) const;

 private:
  struct Key {
    const column::Column* cells;
    bool falls;
    std::shared_ptr<const std::vector<std::int32_t>> ranks;
  };
  // A whole number for each row that never stands the other way round than the first key; `is_exact`: nor
  // are two equal that differ.
  struct Placed {
    std::uint64_t place;
    std::uint32_t row;
  };
  std::vector<Placed> placed(const std::vector<std::uint32_t>& rows, bool& is_exact) const;
  int compare(const Key& key, std::uint32_t a, std::uint32_t b) const;
  const Edition& edition_;
  const column::Table& table_;
  std::vector<Key> keys_;
};

}  // namespace tenglong::server
