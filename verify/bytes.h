// Hashes, bytes and signatures, as docs/trail.md has them.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenglong_verify {

using Hash = std::array<unsigned char, 32>;

class Sm3 {
 public:
  Sm3();
  ~Sm3();
  Sm3(const Sm3&) = delete;
  Sm3& operator=(const Sm3&) = delete;
  Sm3& raw(std::string_view bytes);
  Sm3& counted(std::string_view bytes);  // length in 8 bytes, least first, then the bytes
  Sm3& number(std::int64_t value);       // 8 bytes, least first
  Hash finish();

 private:
  void* context_;
};
Hash sm3(std::string_view bytes);
Hash leaf_of(std::string_view event);
Hash join(const Hash& left, const Hash& right);
std::string hex(std::string_view bytes);
std::string hex(const Hash& hash);
std::optional<std::string> unhex(std::string_view text);

struct Event {
  std::int64_t number = 0;
  std::array<std::string, 11> texts =
      {};  // area at account unit on_behalf_of request operation kind object before after
  std::map<std::string, std::string> details = {};
  const std::string& area() const { return texts[0]; }
  const std::string& operation() const { return texts[6]; }
  const std::string& kind() const { return texts[7]; }
  const std::string& object() const { return texts[8]; }
  const std::string& after() const { return texts[10]; }
};
// Nothing, and where it breaks, if the bytes are not exactly those of one event.
std::optional<Event> read_event(std::string_view bytes, std::size_t& broken_at);

struct Head {
  std::int64_t size = 0;
  Hash root = {};
  std::string area = {}, at = {}, key_id = {};
};
std::optional<Head> read_head(std::string_view bytes);
std::string head_bytes(const Head& head);
bool is_signed(std::string_view bytes, std::string_view signature, const std::string& public_pem);
bool is_canonical_key(const std::string& public_pem);  // exactly as OpenSSL writes this key
// Written as OpenSSL writes it, with nothing before or after.
bool is_plain_key(const std::string& public_pem);
std::string key_id_of(const std::string& public_pem);  // "" if it is no key

// Grows leaf by leaf from the whole subtrees that came before.
class Tree {
 public:
  struct Peak {
    int level;
    Hash hash;
  };
  void begin_with(std::vector<Peak> peaks, std::int64_t size);
  void add(const Hash& leaf);
  std::int64_t size() const { return size_; }
  Hash root() const;
  // The nodes that the last add() completed, lowest first.
  const std::vector<std::pair<int, Hash>>& completed() const { return completed_; }

 private:
  std::vector<Peak> peaks_;
  std::vector<std::pair<int, Hash>> completed_;
  std::int64_t size_ = 0;
};

}  // namespace tenglong_verify
