// Statements of earlier schemas, read as if they had been stated under the present one. Nothing that is kept
// is written anew.
//
// In:    a store whose field indexes are those of `as_kept()`, and the versions of the schema with the last
// batch written under each. Out: the same store for the present schema: renamed registers and fields under
// their new ids, numbers in their new units, what no longer exists passed over.
// Order: as RegisterStore. Cost: a look-up a value; a register that was renamed is held in memory once while
// it is read, for its older statements.
// Never: a value that does not fit its new type: it is passed over, as if not stated.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/register/register.h"
#include "engine/schema/difference.h"

namespace tenglong::registers {

struct SchemaVersion {
  BatchId through = {};  // the last batch stated under it; of the present one: none, every later batch
  schema::Schema schema = {};
};

// As text, for a setting of the store; nullopt if it is no such text.
std::string to_text(const std::vector<SchemaVersion>& history);
std::optional<std::vector<SchemaVersion>> read_history(std::string_view text);

// Every register and field under which something may be kept: the union of all versions.
schema::Schema as_kept(const std::vector<SchemaVersion>& history, const schema::Schema& now);

// A value under its new field; nullopt if it does not fit.
std::optional<Scalar> carried(const Scalar& value, const schema::Carrying::Field& how,
                              const schema::Field& field, const schema::Schema& now);

// One statement at a time, for who reads them elsewhere. `now` must outlive it.
class Carrier {
 public:
  Carrier(const std::vector<SchemaVersion>& history, const schema::Schema& now);
  const schema::Schema& kept_schema() const { return kept_schema_; }  // as_kept()
  // The ids under which statements of a register may be kept; its own first.
  std::vector<std::string> kept_ids(std::string_view register_id) const;
  // The same with the batches that were stated so: those after the one up to the other. In order of batches.
  struct Kept {
    std::string id;
    BatchId after = {}, through = {INT64_MAX};
    bool operator==(const Kept&) const = default;
  };
  std::vector<Kept> kept_as(std::string_view register_id) const;
  // What an id is now called where no batch says when it was written: as the last version that had it says.
  // Nothing: it is gone. Among several that lead to one register, that of the later version counts.
  struct Led {
    std::string register_id, field_id;
    std::size_t version = 0;
  };
  std::optional<Led> led(std::string_view register_id, std::string_view field_id = {}) const;
  // From the fields of kept_schema() to those of the present register; false if it is of no such register.
  bool carry(Statement& statement, std::string_view register_id) const;
  const schema::Carrying& version_of(BatchId batch) const;
  const std::vector<schema::Carrying>& versions() const { return carrying_; }

 private:
  const schema::Schema& now_;
  schema::Schema kept_schema_;
  std::vector<BatchId> through_;
  std::vector<schema::Carrying> carrying_;  // of each version, the present last
};

// `kept` speaks as_kept(history, now). `now` must outlive the store.
std::unique_ptr<RegisterStore> carried_store(std::unique_ptr<RegisterStore> kept,
                                             const std::vector<SchemaVersion>& history,
                                             const schema::Schema& now);

}  // namespace tenglong::registers
