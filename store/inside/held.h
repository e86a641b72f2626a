// The values that hold now, kept in columns beside the statements they come from, in the same transaction.
//
// In:    what a batch touched. Out: columns by register, period and field, as lists read them.
// Order: a record keeps its place; new ones come behind, those of one batch by their keys.
// Never: a value that reading the statements again would not give (store rebuild-held proves it).
// Cost:  memory of one segment of all fields; a single correction writes one segment of each field it
// changes.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/listing/segment.h"
#include "engine/register/register.h"
#include "store/inside/change.h"

namespace tenglong::store {

// The field under which the record keys stand.
inline constexpr const char* kKeyField = "#key";

// What one batch says something about; kept while it is written. Beyond so many records it is looked up
// instead.
class Touched {
 public:
  void add(const std::string& period, const std::string& record_key);
  const std::set<std::string>& periods() const { return periods_; }  // always all of them
  bool is_complete() const { return is_complete_; }
  const std::set<std::pair<std::string, std::string>>& records() const { return records_; }  // period, key

 private:
  std::set<std::pair<std::string, std::string>> records_;
  std::set<std::string> periods_;
  bool is_complete_ = true;
};

// Inside the transaction that wrote the batch, after its statements. The periods of which it changed a value;
// where nothing is held yet, all that it touched.
std::set<std::string> hold_batch(const Ground& ground, Connection& connection, const schema::Register& target,
                                 registers::BatchId batch, const Touched& touched);

// All columns of the register from its statements, if they are not of this shape already; `always`: also if
// they are. True if they were made.
enum class Rebuild { IfShapeDiffers, Always };
bool rebuild_held(const Ground& ground, const schema::Register& target, Rebuild when);
// Whether they were made for the register as it is now.
bool is_held(const Ground& ground, Connection& connection, const schema::Register& target);
// One text of all that is held: what two ways of making it are compared by.
std::string held_digest(const Ground& ground, Connection& connection, const schema::Register& target);

struct HeldPart {
  std::string period;
  std::size_t row_count = 0;
  std::int64_t version = 0;
};
std::vector<HeldPart> held_parts(const Ground& ground, Connection& connection,
                                 const std::string& register_id);

// Columns that were read, as long as nothing newer is there and memory allows; for all threads of a program.
class HeldCache {
 public:
  explicit HeldCache(std::size_t most_bytes = std::size_t{96} << 20) : most_bytes_(most_bytes) {}
  struct Key {
    std::string register_id, period, field;
    std::int64_t version = 0, other_version = 0;  // links rest on two registers
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  template <typename T>
  std::shared_ptr<const T> find(const Key& key) {
    return std::static_pointer_cast<const T>(find_any(key));
  }
  void keep(const Key& key, std::shared_ptr<const void> what, std::size_t bytes);

 private:
  std::shared_ptr<const void> find_any(const Key& key);
  struct Kept {
    std::shared_ptr<const void> what;
    std::size_t bytes = 0;
    std::uint64_t used = 0;
  };
  std::mutex mutex_;
  std::map<Key, Kept> kept_;
  std::size_t most_bytes_, bytes_ = 0;
  std::uint64_t uses_ = 0;
};

// What is told where a column cannot be read.
StoreFailure damaged_column(const std::string& register_id, const std::string& field);
std::shared_ptr<const listing::Column> held_column(const Ground& ground, Connection& connection,
                                                   const std::string& register_id, const HeldPart& part,
                                                   const std::string& field, listing::CellKind kind);

}  // namespace tenglong::store
