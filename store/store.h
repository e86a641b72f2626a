// Everything kept, in one data folder: registers with their statements, header mappings, results of runs.
//
// In:    a folder; it is made if it does not exist. Out: the stores that the rooms above declared.
// Order: as those declare. A batch or a result is acknowledged only after the disk has it.
// Never: half a batch; a schema newer than this program (it refuses and says so).
// Fails: StoreFailure with a sentence for people; the detail is for the log.
#pragma once
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "campaign/trail/trail.h"
#include "engine/register/register.h"
#include "engine/result/result.h"
#include "engine/schema/schema.h"
#include "engine/text/text.h"

namespace tenglong::store {

struct StoreFailure : std::runtime_error {
  StoreFailure(text::Words sentence, const std::string& detail)
      : std::runtime_error(detail), message(std::move(sentence)) {}
  text::Words message;  // for the person; what() is for the log
};

struct Size {
  std::int64_t batches = 0;
  std::int64_t statements = 0;
  std::int64_t results = 0;
  std::int64_t bytes = 0;
  int schema_version = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual registers::RegisterStore& registers() = 0;
  virtual result::ResultStore& results() = 0;
  // Small settings of the folder: the sample's seed, the pack it was made with.
  virtual std::optional<std::string> setting(std::string_view name) const = 0;
  virtual void set(std::string_view name, std::string_view value) = 0;
  virtual Size size() const = 0;

  // Every operation that changes something leaves one event, in its own transaction, done by this author.
  virtual void act_as(trail::Author author) = 0;
  virtual trail::TrailStore& trail() = 0;
};

// `area` is the code of the district (330902): it leads every key, so that districts can share one database
// later. `schema` names the fields of statements; it must outlive the store. Data of fields it no longer has
// stays, unread.
std::unique_ptr<Store> open_store(const std::string& folder, const std::string& area,
                                  const schema::Schema& schema);

}  // namespace tenglong::store
