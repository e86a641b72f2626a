// One district as it stands: its pack, its store, and the edition that every answer of a moment rests on.
//
// In:    a pack, a store, a day. Out: editions: a snapshot with the result of a run over it, never changed
// once made. Order: renew() waits until the next edition is there; answers begun on the one before end on it,
// and readers have the one before until then. What one writer waits for is made for all that wait.
// Cost:  a few records stated anew: what they reach is worked out again; else the whole.
// Never: a number of its own: runs, explanations and trials are the engine's; a reader that waits for a
// writer.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "campaign/access/access.h"
#include "campaign/view/view.h"
#include "engine/column/column.h"
#include "engine/explain/explain.h"
#include "engine/pack/pack.h"
#include "engine/result/result.h"
#include "engine/run/row.h"
#include "engine/simulate/resident.h"
#include "engine/simulate/simulation.h"
#include "server/message.h"
#include "store/store.h"

namespace tenglong::server {

class ColumnFacts;
class RowFacts;

struct Edition {
  const pack::Pack* pack = nullptr;
  std::shared_ptr<const column::Snapshot> snapshot = {};
  std::optional<calendar::Period> period = {};  // none: no yearly data yet
  std::shared_ptr<const result::Result> result = std::make_shared<const result::Result>();
  // Of the year before only the targets: what trends are held against.
  std::shared_ptr<const result::Result> previous = result;
  // Of the result and of the snapshot. Empty while they are being worked out beside the answers: of a large
  // district they take seconds, and nothing but a publication asks for them.
  std::string fingerprint = {}, snapshot_fingerprint = {};
  registers::BatchId change = {};  // the last one in it
  calendar::Date on = {};          // the day that targets are judged
  std::string mark = {};           // 样例数据、样例参数
  std::string tag = {};            // changes with everything that an answer may rest on
  bool is_published = false;       // this result, and no other
  view::Naming naming() const { return {pack, snapshot.get()}; }

  // Warm and shared; reader and simulation one at a time.
  struct Warm {
    std::mutex mutex;
    std::unique_ptr<run::RowReader> reader;
    std::unique_ptr<simulate::Simulation> simulation;
    explain::SourceOf source_of;
    std::shared_ptr<ColumnFacts> facts;  // common to editions
    std::shared_ptr<RowFacts> rows;
    // Of what-ifs; many may ask it at once.
    std::mutex resident_mutex;
    std::shared_ptr<const simulate::Resident> resident;
    // What the firms of a scheme's worst grade hold of each measure, by scheme.
    std::mutex held_mutex;
    std::map<std::string, std::vector<quantity::Decimal>> held;
    // Targets of other years over this snapshot, by year, once they were asked for.
    std::mutex targets_mutex;
    std::map<std::string, std::shared_ptr<const result::Result>> targets;
    std::shared_ptr<const Edition> until_then;  // whose resident answers while this one is made; or null
  };
  std::shared_ptr<Warm> warm = std::make_shared<Warm>();
};

// A record recomputed exactly, for its reasons. One at a time; the first of an edition makes what all share,
// which a settled edition has.
run::RowView read_row(const Edition& edition, const std::string& register_id, std::size_t row);
// The edition that what-ifs of this one are asked of: the one before, while the base of this is being made.
std::shared_ptr<const Edition> what_if_edition(const std::shared_ptr<const Edition>& edition);
// The base of what-ifs of an edition, made when first asked for.
const simulate::Resident& resident_of(const Edition& edition);

struct DistrictOptions {
  std::optional<calendar::Period> period = {};  // else the latest year that has data
  std::string folder = {};                      // for uploads, exports in the making, the log
  std::string data = {};                        // where the store is: a folder, or the address of a database
  std::function<calendar::Date()> today;
  std::function<std::string()> now;  // 2023-05-06T09:10:11+08:00
  int threads = 1;                   // of a run
  // How often it looks whether a new day has begun: rules take force on their day, paces are of today.
  std::chrono::milliseconds looks_every = std::chrono::seconds(30);
  // The pack as this district reads it, with these overlays besides its own.
  std::function<pack::ReadPack(const std::vector<std::string>&)> read_pack = {};
};

// A pack from a day on. The first holds from always: the pack as it came, with what was filled; each of the
// others is the one before with one revision more.
struct Dated {
  std::optional<calendar::Date> from = {};
  std::string revision = {};              // its id; "" for the pack as it came
  std::vector<std::string> folders = {};  // of the overlays, beside the district's own
  pack::ReadPack read = {};
};

class District {
 public:
  // Throws std::runtime_error if the rights of the pack cannot be compiled: a pack with an operation without
  // a line does not serve.
  District(const pack::Pack& pack, store::Store& store, DistrictOptions options);
  ~District();
  std::shared_ptr<const Edition> edition();
  // Of another year with data; kept while few.
  std::shared_ptr<const Edition> edition_of(
      const std::string& period);  // "": the present one; null: no such year
  // The figures of the targets in a year with data, over the snapshot of this edition; nothing else of that
  // year is worked out. Null: no such year.
  std::shared_ptr<const result::Result> targets_of(const Edition& edition, const std::string& period) const;
  // The next edition: of everything, or where only these records were stated anew.
  void renew();
  void renew(registers::BatchId batch, std::vector<column::RecordName> stated);
  // What was published has changed, and no value.
  void renew_state();
  // With its fingerprints; waits for them.
  std::shared_ptr<const Edition> sealed_edition_of(const std::string& period);
  // The same pack with other values and rules; its registers and rights are as they were. Answers begun on
  // the one before end on it. Readable packs only, the first from always, the others by rising days.
  void take(std::vector<Dated> packs);
  // Held by whoever changes what is filled and revised (what takes force rests on both), or confirms, locks
  // and corrects what was collected: each decision is worked out from all that came before it.
  enum class Decides { Rules, Collected };
  std::mutex& one_at_a_time(Decides what) { return deciding_[static_cast<std::size_t>(what)]; }
  const pack::Pack& pack() const { return *pack_.load(); }  // in force today
  const pack::Pack& pack_on(calendar::Date day) const;      // in force on that day
  struct InForce {
    std::optional<calendar::Date> from = {};
    std::string revision = {};
    const pack::Pack* pack = nullptr;
    std::vector<std::string> folders = {};
  };
  std::vector<InForce> in_force() const;  // all of them, as taken
  const access::Policy& policy() const { return policy_; }
  store::Store& store() { return store_; }
  const DistrictOptions& options() const { return options_; }
  const std::shared_ptr<Feed>& news() const { return news_; }  // a new edition, a lock, a publication
  std::vector<std::string> years() const;

 private:
  struct Wish {
    bool everything = false;
    std::set<registers::BatchId> batches = {};
    std::vector<column::RecordName> stated = {};  // in them
  };
  struct Other {
    std::mutex mutex;
    std::shared_ptr<const Edition> edition;  // null: being made
  };
  enum class Keep { No, Yes };  // its result in the store
  enum class Seal { IfSmall, Yes };
  const pack::Pack& pack_of(const std::optional<calendar::Period>& period) const;
  void ask(Wish wish);
  void make_on();    // the thread of the maker
  void settle_on();  // the thread that does what nobody waits for
  bool is_of_today() const { return made_on_ == options_.today().days(); }
  void make_next(const Wish& wish);
  void make_all();
  bool make_by_correction(const Wish& wish);
  std::shared_ptr<Edition> begun(std::shared_ptr<const column::Snapshot> snapshot,
                                 std::optional<calendar::Period> period) const;
  std::shared_ptr<const Edition> whole(std::shared_ptr<const column::Snapshot> snapshot,
                                       std::optional<calendar::Period> period, Seal seal);
  std::shared_ptr<const Edition> corrected(const Edition& before, const column::Retaken& retaken,
                                           std::shared_ptr<const column::Snapshot> snapshot) const;
  std::shared_ptr<const Edition> sealed(const Edition& open, Keep keep) const;
  void finish(Edition& edition) const;  // state, mark and tag
  void publish(std::shared_ptr<const Edition> edition);
  void settle();

  std::atomic<const pack::Pack*> pack_;
  std::atomic<std::int64_t> made_on_ = 0;  // the day on which everything was last made, as days()
  std::vector<std::unique_ptr<const pack::ReadPack>> taken_;  // those before too: editions speak of them
  std::vector<InForce> in_force_;
  store::Store& store_;
  DistrictOptions options_;
  access::Policy policy_;
  std::shared_ptr<Feed> news_ = std::make_shared<Feed>();
  std::shared_ptr<ColumnFacts> facts_;
  mutable std::mutex mutex_;  // of the pointers; held for a moment
  std::shared_ptr<const Edition> now_;
  std::map<std::string, std::shared_ptr<Other>> others_;  // by period

  std::mutex asking_;
  std::condition_variable asked_, made_, settling_;
  Wish wish_;
  std::int64_t asked_count_ = 0, made_count_ = 0;
  std::map<std::int64_t, std::exception_ptr> failures_;  // by the last wish that failed
  bool is_settling_ = false, ending_ = false;
  std::array<std::mutex, 2> deciding_;  // by Decides
  std::mutex making_;                   // one edition after another
  std::thread maker_, settler_;
};

// What a filter or a right reads of a row: a field of its own or of the record above, the year, the key.
feel::Value operand_of(const Edition& edition, const schema::Register& target, std::size_t row,
                       const listing::Operand& operand);
// What access is asked about a row of a register; it must not outlive the edition.
access::Object object_of(const Edition& edition, std::string_view register_id, std::size_t row,
                         access::State state);
// How far a result is: 已公布 if it is what was published; else as its data, at most 已锁定.
access::State state_of_result(const Edition& edition, const store::RecordStates& states);
std::string published_setting(const std::string& period);

}  // namespace tenglong::server
