// What the trail says of itself at one moment, signed: SM2 with SM3 (GB/T 32918), the default identity of
// GM/T 0009.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "campaign/trail/tree.h"

namespace tenglong::trail {

struct Head {
  std::string area = {};
  std::int64_t size = 0;
  Hash root = {};
  std::string at = {};
  std::string key_id = {};  // SM3 of the public key's DER, first 16 letters
};
// "TLH1", size (8 bytes, big-endian), the root, then area, at, key id, each with its length (4 bytes).
std::string encode(const Head& head);

// A key pair of SM2. The private key stays in its file; keys are PEM.
struct Key {
  std::string private_pem = {};
  std::string public_pem = {};
  std::string id = {};
};
Key make_key();
std::optional<Key> read_key(const std::string& private_pem);

std::string sign(const Head& head, const Key& key);  // DER; not the same twice
bool is_signed_by(const Head& head, std::string_view signature, const std::string& public_pem);

}  // namespace tenglong::trail
