// One register and period as a list reads it: columns on demand, and how its rows hang together with those of
// other registers.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/listing/filter.h"
#include "store/inside/held.h"

namespace tenglong::store {

// How a register's records belong to a firm and a town, from the schema alone.
struct Belonging {
  const schema::Register* firm_register = nullptr;  // the one keyed by a credit code
  bool key_is_firm = false;                         // the record's key is the firm's
  int firm_reference = -1;                          // own field that holds the firm's key
  int town = -1;                                    // own field
  int firm_town = -1;                               // field of the firm
};
Belonging belonging_of(const schema::Schema& schema, const schema::Register& target);

class HeldRows : public listing::Rows {
 public:
  // `connection` is one snapshot; both must outlive this.
  HeldRows(const Ground& ground, Connection& connection, const schema::Register& target, HeldPart part);
  std::size_t size() const override { return part_.row_count; }
  std::optional<int> year() const override;
  const listing::Column& column(const listing::Operand& operand) const override;
  const std::vector<std::int32_t>& above() const override;

  const std::string& period() const { return part_.period; }
  const schema::Schema& schema() const { return ground_.schema; }
  const schema::Register& target() const { return target_; }
  const HeldRows* rows_above() const;   // of the register above; null: there is none
  const HeldRows* rows_before() const;  // of the period before; null: nothing is held of it
  // Per row that of the same record in the period before, or -1; only where there is such a period.
  const std::vector<std::int32_t>& before() const;
  // Which rows belong to one of these firms, one of these towns.
  void mark_firms(const std::set<std::string>& firms, std::vector<std::uint8_t>& out) const;
  void mark_towns(const std::set<std::string>& towns, std::vector<std::uint8_t>& out) const;
  std::string firm_of(std::uint32_t row) const;  // "": not known
  std::string town_of(std::uint32_t row) const;

 private:
  // Per row of `keys` the row of `register_id`'s records of that key, or -1.
  std::shared_ptr<const std::vector<std::int32_t>> links(const std::string& field,
                                                         const listing::Column& keys,
                                                         const schema::Register& to) const;
  const std::vector<std::int32_t>& firm_rows() const;
  const listing::Column& firm_keys() const;
  const listing::Column* town_column(bool& is_linked) const;
  const HeldPart& part_of(const schema::Register& other) const;
  std::shared_ptr<const listing::Column> computed(int field) const;
  // The versions of all that computed fields rest on.
  void tell_versions(std::string& out) const;

  const Ground& ground_;
  Connection& connection_;
  const schema::Register& target_;
  const schema::Register* above_;
  HeldPart part_;
  Belonging belonging_;
  mutable std::map<listing::Operand, std::shared_ptr<const listing::Column>> columns_;
  mutable std::map<std::string, std::shared_ptr<const listing::Column>> others_;
  mutable std::map<std::string, HeldPart> parts_;
  mutable std::shared_ptr<const std::vector<std::int32_t>> above_rows_, firm_rows_, before_rows_;
  mutable std::unique_ptr<HeldRows> rows_above_, rows_before_;
  mutable bool has_looked_before_ = false;
};

}  // namespace tenglong::store
