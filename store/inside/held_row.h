// One record of what is held, read alone: a right that is asked of one record reads its cells, not columns.
//
// In:    a register, a period, a key. Out: its values, whose it is and where it lies, as HeldRows has them.
// Cost:  one segment of each field that is asked, and a lookup of the key for each record it leads to;
// nothing of it is kept in the cache of columns.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/feel/value.h"
#include "store/inside/held.h"
#include "store/inside/held_rows.h"

namespace tenglong::store {

class HeldRow {
 public:
  // The record of this key in this part; nothing: none is held. `connection` must outlive it.
  static std::optional<HeldRow> find(const Ground& ground, Connection& connection,
                                     const schema::Register& target, HeldPart part, std::string_view key);
  const schema::Register& target() const { return *target_; }
  const HeldPart& part() const { return part_; }
  std::uint32_t row() const { return row_; }
  feel::Value value(int field) const;    // of a stored field
  std::optional<HeldRow> above() const;  // of the register above
  std::string firm() const;              // "": not known
  std::string town() const;

 private:
  HeldRow(const Ground& ground, Connection& connection, const schema::Register& target, HeldPart part,
          std::string key, std::uint32_t row);
  std::string text(int field) const;  // "": not known
  // The record that a key of this one leads to: of no period, or of the same.
  std::optional<HeldRow> linked(const schema::Register& to, std::string_view key) const;

  const Ground* ground_;
  Connection* connection_;
  const schema::Register* target_;
  HeldPart part_;
  std::string key_;
  std::uint32_t row_;
};

}  // namespace tenglong::store
