// Files that come in pieces, and go on where they stopped.
//
// In:    a name and a size, then pieces with their place. Out: how much is safely here; at last the whole
// file. Order: pieces may come again; none may leave a hole. Never: says that a piece is here before the disk
// has it.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace tenglong::server {

struct Upload {
  std::string id = {}, name = {}, account = {};
  std::int64_t size = 0, received = 0;
  bool is_whole() const { return received == size; }
};

// "bytes 0-8388607/20000000"; -1 throughout: not written so.
struct ContentRange {
  std::int64_t from = -1, to = -1, size = -1;
};
ContentRange content_range_of(std::string_view written);

class Uploads {
 public:
  static constexpr std::int64_t kPiece = 8 << 20;
  static constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;

  explicit Uploads(std::string folder);
  Upload begin(const std::string& account, const std::string& name, std::int64_t size);
  // Of this account only; nothing if there is none.
  std::optional<Upload> find(const std::string& account, const std::string& id) const;
  // Nothing: it would leave a hole, or goes beyond the end.
  std::optional<Upload> put(const Upload& upload, std::int64_t from, std::string_view piece);
  void remove(const Upload& upload);
  // Under its own name, in a folder of its own.
  std::string path(const Upload& upload) const;
  void remove_older_than(std::int64_t seconds);

 private:
  void keep(const Upload& upload) const;
  std::string folder_;
  mutable std::mutex mutex_;
};

}  // namespace tenglong::server
