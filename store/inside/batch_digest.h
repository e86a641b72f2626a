// What a batch is fingerprinted by (docs/trail.md): its statements in the order they were added, then its own
// line.
#pragma once
#include <string>
#include <string_view>

#include "engine/fingerprint/fingerprint.h"
#include "engine/register/register.h"

namespace tenglong::store {

// Counts where it says something: what was written before there was such a thing still agrees.
struct Provenance {
  std::string source = "file";
  bool is_preliminary = false;
  std::string reason = {};
  friend bool operator==(const Provenance&, const Provenance&) = default;
};

class BatchDigest {
 public:
  void add(std::string_view register_id, std::string_view record_key, std::string_view period,
           std::string_view sheet, std::int64_t row, std::string_view payload, std::string_view effective);
  std::string finish(const registers::Batch& batch, const Provenance& provenance);

 private:
  fingerprint::Digest digest_;
};

}  // namespace tenglong::store
