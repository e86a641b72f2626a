// Imports under way and done: one after another, each with its report as it grows.
//
// In:    a whole upload and what is known of it. Out: the report, as JSON, now and at every change.
// Order: as asked for; one at a time, so that two files never race for the same rows.
// Never: forgets a report while it is among the latest; shows one to somebody else.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/intake/intake.h"
#include "server/district.h"
#include "server/routes.h"
#include "server/uploads.h"
#include "server/workers.h"

namespace tenglong::server {

struct ImportJob {
  std::string id = {}, account = {}, file = {}, provider = {};
  std::string state = "checking";  // checking, needs_mapping, done, refused, failed
  intake::Progress progress = {};
  std::string asked_at = {};
  bool is_trial = false;
  // To do it once more with columns that somebody has decided.
  Upload upload = {};
  intake::Options options = {};
  trail::Author author = {};
  access::Scope scope = {};
  intake::Intake report = {};
  std::string problems = {};  // the sender's own file with its column 问题; empty: none
  std::shared_ptr<Feed> feed = std::make_shared<Feed>();
};

class Imports {
 public:
  Imports(District& district, Uploads& uploads) : district_(district), uploads_(uploads) {}
  // Nothing: too many are waiting.
  std::shared_ptr<ImportJob> begin(const Upload& upload, const Call& call, intake::Options options,
                                   bool is_trial);
  // The same file again, with these columns decided. False: it is at work, its file is gone, or too many
  // wait.
  bool again(const std::shared_ptr<ImportJob>& job, std::map<std::string, std::string> decided);
  std::shared_ptr<ImportJob> find(const std::string& account, const std::string& id) const;
  std::vector<std::shared_ptr<ImportJob>> of(const std::string& account) const;
  // The report as it stands; its lock is held while it is written.
  std::string report(const ImportJob& job) const;

 private:
  void work(const std::shared_ptr<ImportJob>& job);
  District& district_;
  Uploads& uploads_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<ImportJob>> jobs_;
  Workers worker_{1, 32};
};

std::vector<Route> import_routes(District& district, Uploads& uploads, Imports& imports);

}  // namespace tenglong::server
