// Typed columns of one snapshot: what kernels run over.
//
// In:    resolved records. Out: per register one table, rows by key then period, values beside their states.
// Never: a NaN; a rounded number: what a double cannot carry stands in the side table.
// Cost:  8 bytes a number, one more only in columns where some row is not Known; texts by dictionary; a key
// once a record and those that belong to it, a period once a table. `./dev bench resident` measures it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/quantity/decimal.h"
#include "engine/quantity/state.h"
#include "engine/register/register.h"
#include "engine/schema/schema.h"
#include "engine/text/shared.h"

namespace tenglong::column {

using quantity::Decimal;
using quantity::State;

// States of a column's rows. Nothing is kept while every row is Known.
class States {
 public:
  State operator[](std::size_t row) const { return kept_.empty() ? State::Known : kept_[row]; }
  std::size_t size() const { return size_; }
  bool all_known() const { return absent_ == 0; }
  const State* data() const { return kept_.empty() ? nullptr : kept_.data(); }  // nullptr: all Known
  void push_back(State state);
  void set(std::size_t row, State state);
  void shrink_to_fit() { kept_.shrink_to_fit(); }

 private:
  std::vector<State> kept_;
  std::size_t size_ = 0, absent_ = 0;
};

// A double carries a decimal of at most 15 significant digits: its shortest form is that decimal. Longer ones
// stand exactly in `exact_values`, and their double is the nearest. Rows that are not Known hold 0.
struct NumberColumn {
  std::vector<double> value;
  States state;
  std::unordered_map<std::uint32_t, Decimal> exact_values = {};
  Decimal exact(std::size_t row) const;
  void append(Decimal number);
  void append(State state);  // not Known
  void set(std::size_t row, Decimal number);
  void set(std::size_t row, State state);  // not Known
};

// Text, codes, references, credit codes: value = dictionary[code]; code -1 where not Known.
struct TextColumn {
  bool is_list = false;  // of references: value_of() gives the list of keys
  std::vector<std::int32_t> code;
  States state;
  std::vector<std::string> dictionary;  // in order of first appearance by row
  const std::string& text(std::size_t row) const { return dictionary[static_cast<std::size_t>(code[row])]; }
  void append(std::string_view text);
  void append(State state);
  void set(std::size_t row, std::string_view text);
  void set(std::size_t row, State state);  // not Known
  // The dictionary again in the order of first appearance, without texts that no row has.
  void order_dictionary();
  // No more texts are to come: what only building needs is let go. append() would make it again.
  void seal();

 private:
  std::unordered_map<std::string, std::int32_t> index_;
};

struct BooleanColumn {
  std::vector<std::uint8_t> value;
  States state;
};

struct DateColumn {
  std::vector<std::int32_t> days;  // since 1970-01-01
  States state;
};

using Column = std::variant<NumberColumn, TextColumn, BooleanColumn, DateColumn>;

// A list whose members several owners may hold in common: a copy costs a pointer each, and what one of them
// changes it has copied first.
template <typename T>
class Common {
 public:
  Common() = default;
  Common(std::initializer_list<T> members) {
    for (const T& each : members) push_back(each);
  }
  std::size_t size() const { return held_.size(); }
  bool empty() const { return held_.empty(); }
  const T& operator[](std::size_t at) const { return *held_[at]; }
  const T& front() const { return *held_.front(); }
  const T& back() const { return *held_.back(); }
  void push_back(T member) { held_.push_back(std::make_shared<T>(std::move(member))); }
  void put(std::size_t at, T member) { held_[at] = std::make_shared<T>(std::move(member)); }
  void resize(std::size_t size) {
    while (held_.size() > size) held_.pop_back();
    while (held_.size() < size) held_.push_back(std::make_shared<T>());
  }
  // To be changed: nobody else sees it.
  T& own(std::size_t at) {
    if (held_[at].use_count() != 1) held_[at] = std::make_shared<T>(*held_[at]);
    return *held_[at];
  }
  bool is_same(std::size_t at, const Common& other) const { return held_[at] == other.held_[at]; }

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;
    Iterator() = default;
    explicit Iterator(const std::shared_ptr<T>* at) : at_(at) {}
    const T& operator*() const { return **at_; }
    const T* operator->() const { return at_->get(); }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++at_;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const std::shared_ptr<T>* at_ = nullptr;
  };
  Iterator begin() const { return Iterator(held_.data()); }
  Iterator end() const { return Iterator(held_.data() + held_.size()); }

 private:
  std::vector<std::shared_ptr<T>> held_;
};

// Record keys by row. Rows of one record stand together and share its key.
class Keys {
 public:
  const std::string& operator[](std::size_t row) const { return distinct_[of_row_[row]]; }
  const text::Shared& shared(std::size_t row) const { return distinct_[of_row_[row]]; }
  std::size_t size() const { return of_row_.size(); }
  void push_back(text::Shared key);
  // Rows whose record above has the same key hold its text.
  void share(const Keys& above, const std::vector<std::int32_t>& parent_row);
  void shrink_to_fit();

 private:
  std::vector<text::Shared> distinct_;
  std::vector<std::uint32_t> of_row_;
};

// Periods by row; nullopt in registers without period. A table knows few of them.
class Periods {
 public:
  using Period = std::optional<calendar::Period>;
  const Period& operator[](std::size_t row) const { return distinct_[code_[row]]; }
  std::size_t size() const { return code_.size(); }
  void push_back(const Period& period);
  void shrink_to_fit() { code_.shrink_to_fit(); }
  const std::vector<Period>& distinct() const { return distinct_; }  // in order of first appearance
  const std::vector<std::uint32_t>& code() const { return code_; }   // into distinct(), by row

 private:
  std::vector<Period> distinct_;
  std::vector<std::uint32_t> code_;
  std::map<Period, std::uint32_t> known_;
};

struct Table {
  std::string register_id;
  Keys key;
  Periods period;
  Common<Column> columns;                  // as Register::fields
  std::vector<std::int32_t> parent_row;    // row in the table of `of`, or -1; empty if the register has none
  std::vector<std::int32_t> previous_row;  // same key, period before, or -1; empty without period
  std::size_t size() const { return key.size(); }
  std::int32_t find(std::string_view record_key,
                    const std::optional<calendar::Period>& at) const;  // -1 if absent; O(log n)
};

using Tables = Common<Table>;
struct Snapshot {
  Tables tables;  // as Schema::registers
  registers::BatchId through = {};
  // SM3 over the canonical form: registers by id, records by key and period, fields by id. Empty: not yet
  // worked out (fingerprint_of).
  std::string fingerprint = {};
  const Table* find(std::string_view register_id) const;
};

// All registers of the schema as the view shows them (all that is there, if it has no limits).
Snapshot take_snapshot(const schema::Schema& schema, const registers::RegisterStore& store,
                       const registers::View& view = {});

// A pass over every cell.
std::string fingerprint_of(const schema::Schema& schema, const Snapshot& snapshot);

// A record in all its periods.
struct RecordName {
  std::string register_id, key;
};
// A snapshot with some records read again, and what that moved.
struct Retaken {
  Snapshot snapshot = {};  // without its fingerprint
  struct Moved {
    std::size_t table = 0;
    std::vector<std::size_t> fields = {};  // of which some cell differs, computed ones too; rising
    bool rows = false;                     // records came or went: rows have other numbers
  };
  std::vector<Moved> moved = {};  // by table; of the others nothing differs
};
// `before` after these records were stated anew: as take_snapshot() would give it, its fingerprint aside.
// Cost: what differs is copied, a column each; if records come or go, their whole table. The rest is held in
// common.
Retaken retake(const schema::Schema& schema, const Snapshot& before, const registers::RegisterStore& store,
               const std::vector<RecordName>& stated);

// For tests, cases and benches: a table from records given in memory, in any order.
Table table_of(const schema::Schema& schema, const schema::Register& target,
               std::vector<registers::Record> records, const Tables& parents);
Snapshot snapshot_of(const schema::Schema& schema,
                     std::vector<std::vector<registers::Record>> records_by_register);

// The cell as a FEEL value: null unless Known.
feel::Value value_of(const Table& table, std::size_t column, std::size_t row);
State state_of(const Table& table, std::size_t column, std::size_t row);

}  // namespace tenglong::column
