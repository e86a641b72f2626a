// One value for many records as a job: what is asked, and what became of each; kept in the folder of data, so
// that it is there after a restart.
//
// Kept:  what is asked before it is answered for, each row as it is done, the end. One that was at work when
// the server went is interrupted, and tells of every row whether it was written: the registers say of the
// last. Previews write nothing and are not kept. The latest two hundred. Never: what the registers do not
// say.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/calendar/period.h"
#include "server/district.h"
#include "server/inside/job_log.h"
#include "server/inside/record_write.h"
#include "server/routes.h"

namespace tenglong::server {

struct BulkRow {
  std::string key = {}, title = {};
  WrittenRecord written = {};
  bool is_done = false;
};

struct BulkJob {
  std::string id = {}, account = {}, register_id = {}, field = {}, value = {}, reason = {}, began = {};
  std::optional<calendar::Period> period = {};
  std::string undoes = {};  // the job that it withdraws
  bool is_trial = false;
  std::string state = "running";  // running, done, failed, interrupted, undone
  std::vector<BulkRow> rows = {};
  std::size_t done = 0;
  // As whom it is done; of a job from before a restart, nobody.
  Caller caller = {};
  std::string request = {};  // its number
  std::shared_ptr<Feed> feed = std::make_shared<Feed>();
  std::shared_ptr<JobNote> note = {};

  std::int64_t count(WrittenRecord::What what) const;
};

class BulkFolder {
 public:
  explicit BulkFolder(District& district);
  // What is asked and how it stands, whole. Throws std::runtime_error if it cannot be written.
  void keep(const BulkJob& job) const;
  void keep_row(const BulkJob& job, const BulkRow& row) const;  // in the order of the rows
  void forget(const BulkJob& job) const;
  // Null: there is none, or it is somebody else's.
  std::shared_ptr<BulkJob> find(const std::string& account, const std::string& id) const;

 private:
  std::shared_ptr<BulkJob> read(const std::string& name) const;
  void settle(BulkJob& job) const;
  District& district_;
  std::string folder_;
};

}  // namespace tenglong::server
