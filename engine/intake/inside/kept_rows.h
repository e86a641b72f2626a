// The rows of one import until it is known which of them go in: a dozen bytes a value instead of a statement.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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
  bool told_as_double = false;
  std::uint64_t begin = 0;
  std::uint32_t size = 0;
  const std::string* key = nullptr;
  std::optional<calendar::Period> period = {};
};

struct ReadSheet {
  std::string name;
  Layout layout;
  std::size_t report = 0;  // index into Intake::sheets
  std::string header = {};  // header_fingerprint()
};

// All sheets of one file that speak of one register.
class Group {
 public:
  explicit Group(const schema::Register& target) : target_(&target) {}

  const schema::Register& target() const { return *target_; }
  std::vector<ReadSheet> sheets = {};
  std::vector<KeptRow> rows = {};

  // `values` by rising field. Returns the index of the first row with the same key and period, or -1.
  std::int64_t add(KeptRow row, std::string_view key, const std::vector<KeptValue>& values);
  std::vector<KeptValue> values_of(const KeptRow& row) const;
  // Calls `each` with every number of one field of one sheet, in order of rows.
  template <class Each>
  void for_each_number(std::uint16_t sheet, int field, Each each) const {
    for (const KeptRow& row : rows) {
      if (row.sheet != sheet || row.fate == KeptRow::Fate::Refused) continue;
      if (const auto number = number_of(row, field)) each(row, *number);
    }
  }
  const KeptRow* find(std::string_view key, const std::optional<calendar::Period>& period) const;

 private:
  std::optional<quantity::Decimal> number_of(const KeptRow& row, int field) const;

  const schema::Register* target_;
  std::string bytes_;
  std::unordered_map<std::string, std::int64_t> first_by_key_;
  std::unordered_map<std::string, char> keys_;
};

bool same_value(const KeptValue& a, const KeptValue& b);
std::string shown(const KeptValue& value);

}  // namespace tenglong::intake
