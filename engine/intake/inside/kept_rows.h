// The rows of one import until it is known which of them go in: about eight bytes a number instead of a
// statement.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/intake/inside/cell_reader.h"
#include "engine/intake/inside/match_columns.h"

namespace tenglong::intake {

struct KeptValue {
  int field = -1;  // index into Register::fields
  quantity::State state = quantity::State::Known;
  registers::Scalar value = {};
};

struct KeptRow {
  enum class Fate : std::uint8_t { Accepted, Refused, Repeated, Unchanged };
  int row = 0;
  std::uint16_t sheet = 0;  // index into Group::sheets
  Fate fate = Fate::Accepted;
  std::int32_t period = -1;  // Group::period_of()
  std::uint32_t key_size = 0, size = 0;
  const char* bytes = nullptr;  // the key, then the values
};

struct ReadSheet {
  std::string name;
  Layout layout;
  std::size_t report = 0;   // index into Intake::sheets
  std::string header = {};  // header_fingerprint()
};

// All sheets of one file that speak of one register.
class Group {
 public:
  explicit Group(const schema::Register& target) : target_(&target) {}
  Group(const Group&) = delete;  // rows point into it
  Group& operator=(const Group&) = delete;

  const schema::Register& target() const { return *target_; }
  std::vector<ReadSheet> sheets = {};
  std::vector<KeptRow> rows = {};

  // `values` by rising field.
  void add(int row, std::uint16_t sheet, KeptRow::Fate fate, std::string_view key,
           const std::optional<calendar::Period>& period, const std::vector<KeptValue>& values);
  std::string_view key_of(const KeptRow& row) const { return {row.bytes, row.key_size}; }
  const std::optional<calendar::Period>& period_of(const KeptRow& row) const;
  // Rows that speak of a record and period that an earlier row speaks of: index of that row, then of this.
  const std::map<std::int64_t, std::vector<std::int64_t>>& doubles() const { return doubles_; }
  std::vector<KeptValue> values_of(const KeptRow& row) const;
  std::optional<KeptValue> value_of(const KeptRow& row, int field) const;
  // Calls `each(row, field, number)` with every number of the rows of one sheet that are not refused. The
  // number is good to 15 digits: for judging sizes, not for figures.
  void for_each_size(std::uint16_t sheet, const std::function<void(const KeptRow&, int, double)>& each) const;
  // The numbers of one row in the same way, with their signs.
  void sizes_of(const KeptRow& row, const std::function<void(int, double)>& each) const;
  // The row that goes in, if one does; else the first that speaks of it.
  const KeptRow* find(std::string_view key, const std::optional<calendar::Period>& period) const;

 private:
  std::int32_t index_of(const std::optional<calendar::Period>& period) const;  // -1 if no row has it
  const char* keep(std::string_view bytes);

  // Rows are found by key and period; the set holds their indexes alone.
  struct Wanted {
    std::string_view key;
    std::int32_t period;
  };
  struct Hash {
    using is_transparent = void;
    const Group* group;
    std::size_t operator()(std::uint32_t row) const;
    std::size_t operator()(const Wanted& wanted) const;
  };
  struct Equal {
    using is_transparent = void;
    const Group* group;
    bool operator()(std::uint32_t a, std::uint32_t b) const;
    bool operator()(const Wanted& a, std::uint32_t b) const;
    bool operator()(std::uint32_t a, const Wanted& b) const { return (*this)(b, a); }
  };

  const schema::Register* target_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t block_left_ = 0;
  char* block_at_ = nullptr;
  std::string encoded_;
  std::vector<std::optional<calendar::Period>> periods_ = {std::nullopt};
  std::unordered_set<std::uint32_t, Hash, Equal> first_by_key_{16, Hash{this}, Equal{this}};
  std::map<std::int64_t, std::vector<std::int64_t>> doubles_;
};

bool same_value(const KeptValue& a, const KeptValue& b);
std::string shown(const KeptValue& value);

}  // namespace tenglong::intake
