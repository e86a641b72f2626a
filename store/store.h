// Everything kept, in a data folder or in a PostgreSQL database: registers with their statements, header
// mappings, results of runs, the trail.
//
// In:    a folder, made if it does not exist, or the address of a database. Out: the stores that the rooms
// above declared; they may be called by several threads at a time, writers one after another.
// Order: as those declare. A batch or a result is acknowledged only after the disk has it.
// Never: half a batch; a schema newer than this program (it refuses and says so).
// Fails: StoreFailure with a sentence for people; the detail is for the log.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/access/accounts.h"
#include "campaign/trail/trail.h"
#include "engine/meter/meter.h"
#include "engine/register/carried_store.h"
#include "engine/register/register.h"
#include "engine/result/result.h"
#include "engine/schema/attachment.h"
#include "engine/schema/schema.h"
#include "store/credentials.h"
#include "store/failure.h"
#include "store/list.h"

namespace tenglong::collection {
class CollectionStore;
}
namespace tenglong::identity {
class IdentityStore;
}

namespace tenglong::store {

struct Size {
  std::int64_t batches = 0;
  std::int64_t statements = 0;
  std::int64_t results = 0;
  std::int64_t bytes = 0;
  int schema_version = 0;
};

inline constexpr std::size_t kMostFileBytes = std::size_t{64} << 20;
struct OpenedFile {
  schema::Attachment what = {};
  std::optional<std::string> content = {};  // nothing: it was named, and never handed in
};

struct UnnamedFile {
  std::string fingerprint;
  std::int64_t size = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  // As far as the scope of this store reaches: what it may not see is not there.
  virtual registers::RegisterStore& registers() = 0;
  virtual std::unique_ptr<registers::RegisterStore> registers_for(access::Operation operation) = 0;
  virtual result::ResultStore& results() = 0;
  virtual collection::CollectionStore& collection() = 0;
  virtual identity::IdentityStore& identity() = 0;
  virtual Lists& lists() = 0;
  virtual access::AccountStore& accounts() = 0;
  // For whoever lets people in: within the scope of the whole district alone.
  virtual Credentials& credentials() = 0;
  virtual meter::MeterStore& meters() = 0;
  // A file that records may name (附件): what a field of theirs says about it. The same content is kept once.
  // Throws StoreFailure for a name without letters or content above kMostFileBytes.
  virtual schema::Attachment keep_file(std::string_view name, std::string_view content) = 0;
  // Whether content of this fingerprint was handed in; who asks has been told the fingerprint by a record.
  virtual bool has_file(std::string_view fingerprint) const = 0;
  // What was handed in and no statement of any time names, nor a correction: by fingerprint.
  virtual std::vector<UnnamedFile> unnamed_files() const = 0;
  // Takes the content of such a file away (清附件), in one event: the trail keeps its fingerprint. False: it
  // is not kept, or something names it.
  virtual bool remove_file(std::string_view fingerprint) = 0;
  // The file that a field of a record names, for who may open it (打开附件). Nothing: there is no such record
  // or field, it names none, or that is not for them to see.
  virtual std::optional<OpenedFile> open_file(const std::string& register_id, const std::string& record_key,
                                              const std::optional<calendar::Period>& period,
                                              const std::string& field) = 0;
  // Small settings of the folder: the sample's seed, the pack it was made with.
  virtual std::optional<std::string> setting(std::string_view name) const = 0;
  // Under 改规则; what begins with kSimulationSetting, under 存试算.
  virtual void set(std::string_view name, std::string_view value) = 0;
  // Those whose name begins so and that say something, by name: (name, value).
  virtual std::vector<std::pair<std::string, std::string>> settings(std::string_view beginning) const = 0;
  virtual Size size() const = 0;
  virtual std::string name() const = 0;  // for people: where it is, without a password

  // Every operation that changes something leaves one event, in its own transaction, done by this author.
  virtual void act_as(trail::Author author) = 0;
  // The same store for another author and scope at the same time: one for each request of a server.
  virtual std::unique_ptr<Store> as(trail::Author author, access::Scope scope) const = 0;
  virtual const access::Scope& scope() const = 0;
  virtual trail::TrailStore& trail() = 0;
};

// `where`: a folder, or postgresql://host/database, or "host=... dbname=...". `area` is the code of the
// district (330902): it leads every key, so that districts can share one database. `schema` names the fields
// of statements; it must outlive the store. Data of fields it no longer has stays, unread.
// Nothing is read or written but within a scope: that of the machine's operator and of evaluation itself is
// access::Scope::whole_district().
std::unique_ptr<Store> open_store(const std::string& where, const std::string& area,
                                  const schema::Schema& schema, access::Scope scope);
// The versions of the schema under which the statements were made, the present last; nullopt if none is
// remembered (the first batch notes it). `open_store` reads older statements through them, and refuses a
// schema that tenglong migrate has not been asked about.
inline constexpr const char* kHistorySetting = "schema.history";
std::optional<std::vector<registers::SchemaVersion>> kept_history(const std::string& where,
                                                                  const std::string& area);
// published/2023: the fingerprint of the result that was published.
inline constexpr const char* kPublishedSetting = "published/";
// simulation/<id>: a what-if that somebody saved under a name; empty once it was deleted.
inline constexpr const char* kSimulationSetting = "simulation/";
bool is_database_address(const std::string& where);

}  // namespace tenglong::store
