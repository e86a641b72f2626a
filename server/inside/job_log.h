// What the server did or is doing that takes time, by kind: backups, drills, many records at once, imports.
//
// Kept: a file each in the folder of data, the latest hundred; after a restart they are there, and one that
// was at work was interrupted. Never: what the data says.
#pragma once
#include <string>
#include <vector>

#include "engine/text/text.h"
#include "server/district.h"

namespace tenglong::server {

struct JobLine {
  std::string kind = {};  // backup, drill, bulk, import
  std::string who = {}, what = {}, began = {}, ended = {};
  std::string state = "running";  // running, done, failed, interrupted
  text::Words said = {};
};

// One job from its beginning; unless end() was called it failed.
class JobNote {
 public:
  JobNote(const District& district, std::string kind, std::string who, std::string what);
  ~JobNote();
  JobNote(const JobNote&) = delete;
  JobNote& operator=(const JobNote&) = delete;
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
