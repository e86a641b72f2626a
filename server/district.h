// One district as it stands: its pack, its store, and the edition that every answer of a moment rests on.
//
// In:    a pack, a store, a day. Out: editions: a snapshot with the result of a run over it, never changed
// once made. Order: renew() makes the next edition; answers begun on the one before end on it. Never: a
// number of its own: runs, explanations and trials are the engine's.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "campaign/access/access.h"
#include "campaign/view/view.h"
#include "engine/column/column.h"
#include "engine/explain/explain.h"
#include "engine/pack/pack.h"
#include "engine/result/result.h"
#include "engine/run/row.h"
#include "engine/simulate/simulation.h"
#include "server/message.h"
#include "store/store.h"

namespace tenglong::server {

struct Edition {
  const pack::Pack* pack = nullptr;
  std::shared_ptr<const column::Snapshot> snapshot = {};
  std::optional<calendar::Period> period = {};  // none: no yearly data yet
  result::Result result = {};
  result::Result previous = {};
  calendar::Date on = {};                      // the day that targets are judged
  std::string mark = {};                       // 样例数据、样例参数
  std::string tag = {};                        // changes with everything that an answer may rest on
  access::State state = access::State::Draft;  // of the results: published or not
  view::Naming naming() const { return {pack, snapshot.get()}; }

  // Warm and shared; one at a time.
  struct Warm {
    std::mutex mutex;
    std::unique_ptr<run::RowReader> reader;
    std::unique_ptr<simulate::Simulation> simulation;
    explain::SourceOf source_of;
  };
  std::shared_ptr<Warm> warm = std::make_shared<Warm>();
};

struct DistrictOptions {
  std::optional<calendar::Period> period = {};  // else the latest year that has data
  std::string folder = {};                      // for uploads, exports in the making, the log
  std::string data = {};                        // where the store is: a folder, or the address of a database
  std::function<calendar::Date()> today;
  std::function<std::string()> now;  // 2023-05-06T09:10:11+08:00
  int threads = 1;                   // of a run
  // The pack as this district reads it, with these overlays besides its own.
  std::function<pack::ReadPack(const std::vector<std::string>&)> read_pack = {};
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
  void renew();
  // The same pack with other values of its parameters; its registers and rights are as they were. Answers
  // begun on the one before end on it.
  void take(pack::ReadPack pack);
  const pack::Pack& pack() const { return *pack_.load(); }
  const access::Policy& policy() const { return policy_; }
  store::Store& store() { return store_; }
  const DistrictOptions& options() const { return options_; }
  const std::shared_ptr<Feed>& news() const { return news_; }  // a new edition, a lock, a publication
  std::vector<std::string> years() const;

 private:
  std::shared_ptr<const Edition> make(std::shared_ptr<const column::Snapshot> snapshot,
                                      std::optional<calendar::Period> period);
  std::atomic<const pack::Pack*> pack_;
  std::vector<std::unique_ptr<const pack::ReadPack>> taken_;  // those before too: editions speak of them
  store::Store& store_;
  DistrictOptions options_;
  access::Policy policy_;
  std::shared_ptr<Feed> news_ = std::make_shared<Feed>();
  mutable std::mutex mutex_;
  std::mutex making_;
  std::shared_ptr<const Edition> now_;
  std::vector<std::pair<std::string, std::shared_ptr<const Edition>>> others_;
};

// What access is asked about a row of a register.
access::Object object_of(const Edition& edition, std::string_view register_id, std::size_t row,
                         access::State state);
// The title of a row, its town by name.
std::string published_setting(const std::string& period);

}  // namespace tenglong::server
