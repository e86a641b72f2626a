// One JSON line a request, in the order they ended.
//
// In:    lines. Out: a file of at most `most_bytes`, then the next; the five before are kept. Never: a body,
// a query, a
//        cookie, a password; makes a request wait for the disk.
#pragma once
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "server/inside/line.h"

namespace tenglong::server {

class Log {
 public:
  // A file, "-" for standard error, "" for nowhere.
  explicit Log(std::string file, std::size_t most_bytes = std::size_t{64} << 20);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  bool is_kept() const { return !file_.empty(); }
  void add(std::string_view line);  // with its end

 private:
  void write_out();
  void open_next();
  std::string file_;
  std::size_t most_bytes_, written_ = 0;
  std::FILE* out_ = nullptr;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string waiting_;
  bool ending_ = false;
  bool is_plain_ = false;  // a pipe or a device is never put aside for the next
  std::thread thread_;
};

void put_now(Line& line);  // 2023-05-06T09:10:11.123+08:00

}  // namespace tenglong::server
