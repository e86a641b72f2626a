// Imports under way and done: one after another, each with its report as it grows.
//
// In:    a whole upload and what is known of it. Out: the report, as JSON, now and at every change.
// Order: as asked for; one at a time, so that two files never race for the same rows.
// Kept:  in a folder, a file each: after a restart the list and the reports are there, and one that was at
// work is interrupted, to be begun again. Never: forgets a report while it is among the latest; shows one to
// somebody else.
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

class JobNote;

struct ImportJob {
  std::string id = {}, account = {}, file = {}, provider = {};
  std::string state = "checking";  // checking, needs_mapping, done, refused, failed, interrupted
  intake::Progress progress = {};
  std::string asked_at = {};
  bool is_trial = false;
  // To do it once more with columns that somebody has decided.
  Upload upload = {};
  intake::Options options = {};
  trail::Author author = {};
  access::Scope scope = {};
  intake::Intake report = {};
  std::string kept_report = {};  // instead: what the report said before the server was started again
  std::string problems = {};     // the sender's own file with its column 问题; empty: none
  std::shared_ptr<Feed> feed = std::make_shared<Feed>();
  std::shared_ptr<JobNote> note = {};  // among the jobs, from the moment it waits
};

class Imports {
 public:
  // Reads what is kept in the folder.
  Imports(District& district, Uploads& uploads, std::string folder);
  // Nothing: too many are waiting.
  std::shared_ptr<ImportJob> begin(const Upload& upload, const Call& call, intake::Options options,
                                   bool is_trial);
  // The same file again, with these columns decided. False: it is at work or done, its file is gone, or too
  // many wait.
  bool again(const std::shared_ptr<ImportJob>& job, const Call& call,
             std::map<std::string, std::string> decided);
  std::shared_ptr<ImportJob> find(const std::string& account, const std::string& id) const;
  std::vector<std::shared_ptr<ImportJob>> of(const std::string& account) const;
  // The report as it stands; its lock is held while it is written.
  std::string report(const ImportJob& job) const;

 private:
  void work(const std::shared_ptr<ImportJob>& job);
  void keep(const ImportJob& job) const;  // mutex_ is held
  void forget(const ImportJob& job) const;
  std::string findings_of(const ImportJob& job) const;  // the members of the report that the file gave
  District& district_;
  Uploads& uploads_;
  std::string folder_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<ImportJob>> jobs_;
  Workers worker_{1, 32};
};

std::vector<Route> import_routes(District& district, Uploads& uploads, Imports& imports);

}  // namespace tenglong::server
