// The rows of one import until it is known which of them go in: a dozen bytes a value instead of a statement.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
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
  std::uint64_t begin = 0;
  std::uint32_t size = 0;
  const std::string* key = nullptr;
  std::optional<calendar::Period> period = {};
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

  const schema::Register& target() const { return *target_; }
  std::vector<ReadSheet> sheets = {};
  std::vector<KeptRow> rows = {};

  // `values` by rising field.
  void add(KeptRow row, std::string_view key, const std::vector<KeptValue>& values);
  // Rows that speak of a record and period that an earlier row speaks of: index of that row, then of this.
  const std::map<std::int64_t, std::vector<std::int64_t>>& doubles() const { return doubles_; }
  std::vector<KeptValue> values_of(const KeptRow& row) const;
  // Calls `each(row, field, number)` with every number of the rows of one sheet that are not refused. The
  // number is good to 15 digits: for judging sizes, not for figures.
  void for_each_size(std::uint16_t sheet, const std::function<void(const KeptRow&, int, double)>& each) const;
  // The row that goes in, if one does; else the first that speaks of it.
  const KeptRow* find(std::string_view key, const std::optional<calendar::Period>& period) const;

 private:
  const schema::Register* target_;
  std::string bytes_;
  std::unordered_map<std::string, std::int64_t> first_by_key_;
  std::unordered_map<std::string, char> keys_;
  std::map<std::int64_t, std::vector<std::int64_t>> doubles_;
};

bool same_value(const KeptValue& a, const KeptValue& b);
std::string shown(const KeptValue& value);

}  // namespace tenglong::intake
