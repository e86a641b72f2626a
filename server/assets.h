// The web application, from memory: every file read once, compressed once.
//
// In:    the folder that the web build leaves (web/dist). Out: an answer for a path; the index for paths of
// the application's own screens. Without the folder: a plain page that says so. Never: a path outside the
// folder; a file that came after the start.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "server/message.h"

namespace tenglong::server {

class Assets {
 public:
  explicit Assets(const std::string& folder);
  Answer answer(const Request& request) const;
  bool is_there() const { return !files_.empty(); }

 private:
  struct File {
    std::string content_type, tag;
    bool is_immutable = false;
    std::shared_ptr<const std::string> plain, gzip, brotli;  // the last two null where they gain nothing
  };
  std::map<std::string, File, std::less<>> files_;  // by path: /assets/index-4f3a.js
};

}  // namespace tenglong::server
