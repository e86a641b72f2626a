// What the server did or is doing that takes time, by kind: backups, drills, many records at once, imports.
//
// Kept: a file each in the folder of data, the latest hundred; after a restart they are there, and one that
// was at work or waited was interrupted. Never: what the data says.
#pragma once
#include <string>
#include <vector>

#include "engine/text/text.h"
#include "server/district.h"

namespace tenglong::server {

struct JobLine {
  std::string kind = {};  // backup, drill, bulk, import
  std::string who = {}, what = {}, began = {}, ended = {};
  std::string state = "running";  // waiting, running, done, failed, interrupted
  text::Words said = {};
  std::string bulk = {};     // id of many records at once: whoever did it can read its rows
  std::int64_t refused = 0;  // of them
  std::int64_t place = 0;    // waiting: which of its kind comes next, from 1
};

// One job from its beginning; unless end() was called it failed.
class JobNote {
 public:
  enum class Begins { Now, InTurn };
  JobNote(const District& district, std::string kind, std::string who, std::string what,
          Begins begins = Begins::Now);
  ~JobNote();
  JobNote(const JobNote&) = delete;
  JobNote& operator=(const JobNote&) = delete;
  void start();  // its turn has come
  void drop();   // it was not taken: as if it had not been asked for
  void of_bulk(std::string id) { line_.bulk = std::move(id); }
  void refuse(std::int64_t rows) { line_.refused = rows; }
  void tell(text::Words said);  // how far it is; kept like the result
  void end(bool is_done, text::Words said);

 private:
  void keep() const;
  const District& district_;
  std::string path_;
  JobLine line_;
  bool is_ended_ = false;
};

std::vector<JobLine> jobs_in(const District& district);  // latest first

}  // namespace tenglong::server
