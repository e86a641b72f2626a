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

// The value of a cell that is known.
registers::Scalar scalar_of(const column::Column& cells, std::size_t row);

// Whose a row is.
class Whose {
 public:
  Whose(const Edition& edition, std::string_view register_id);
  // A number for its town, below towns(); 0: none is known.
  std::size_t town(std::size_t row) const { return static_cast<std::size_t>(towns_.code(row) + 1); }
  std::size_t towns() const { return towns_.texts == nullptr ? 1 : towns_.texts->dictionary.size() + 1; }
  std::string_view town_code(std::size_t number) const;
  std::string_view firm(std::size_t row) const;  // its code; "": none

 private:
  view::ReachedTexts towns_;
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
  Sum sum(const Held& column, const std::vector<std::uint32_t>& rows);

 private:
  struct Facts {
    column::Common<column::Column> held;
    std::shared_ptr<const std::vector<std::int32_t>> ranks;
    std::map<std::string, std::shared_ptr<const listing::Column>> cells;
    int decimals = -2;  // of all numbers; -1: too many
    std::deque<std::pair<std::vector<std::uint32_t>, Sum>> sums;
  };
  Facts& of(const Held& column);  // mutex_ is held
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
  const std::vector<std::int32_t>& above() const override { return above_; }

 private:
  const Edition& edition_;
  const schema::Register& target_;
  const column::Table& table_;
  std::optional<calendar::Period> period_;
  const std::vector<std::uint32_t>* rows_;
  std::size_t size_;
  std::vector<std::int32_t> above_;
  mutable std::map<listing::Operand, std::shared_ptr<const listing::Column>> columns_;
};

// Sorts by fields; what is not known comes last, up or down; rows that are equal keep their order.
class RowOrder {
 public:
  RowOrder(const Edition& edition, const column::Table& table) : edition_(edition), table_(table) {}
  void add(std::size_t field, bool falls);
  bool is_any() const { return !keys_.empty(); }
  // The first `to` of them in order; those behind stand anyhow.
  void put_first(std::vector<std::uint32_t>& rows, std::size_t to) const;

 private:
  struct Key {
    const column::Column* cells;
    bool falls;
    std::shared_ptr<const std::vector<std::int32_t>> ranks;
  };
  int compare(const Key& key, std::uint32_t a, std::uint32_t b) const;
  const Edition& edition_;
  const column::Table& table_;
  std::vector<Key> keys_;
};

}  // namespace tenglong::server
