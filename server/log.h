// One JSON line a request, in the order they ended.
//
// In:    lines. Out: a file of at most `most_bytes`, then the next; the five before are kept. Never: a body,
// a query, a
//        cookie, a password; makes a request wait for the disk.
#pragma once
#include <charconv>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

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

// A line as it is put together, without a call a piece: every request pays for its own.
class LogLine {
 public:
  LogLine() = default;
  LogLine(const LogLine&) = delete;
  LogLine& operator=(const LogLine&) = delete;
  void put(std::string_view piece) {
    if (piece.size() > static_cast<std::size_t>(end_ - at_)) grow(piece.size());
    std::memcpy(at_, piece.data(), piece.size());
    at_ += piece.size();
  }
  void put_number(std::uint64_t number) {
    if (end_ - at_ < 24) grow(24);
    at_ = std::to_chars(at_, end_, number).ptr;
  }
  void put_quoted(std::string_view text);  // as JSON
  void put_now();                          // 2023-05-06T09:10:11.123+08:00
  std::string_view text() const { return {from_, static_cast<std::size_t>(at_ - from_)}; }

 private:
  void grow(std::size_t more);
  char here_[1024];
  std::vector<char> longer_ = {};
  char *from_ = here_, *at_ = here_, *end_ = here_ + sizeof here_;
};

}  // namespace tenglong::server
