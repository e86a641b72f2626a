// What a batch is fingerprinted by (docs/trail.md): its statements in the order they were added, then its own
// line.
#pragma once
#include <string>
#include <string_view>

#include "engine/fingerprint/fingerprint.h"
#include "engine/register/register.h"

namespace tenglong::store {

class BatchDigest {
 public:
  void add(std::string_view register_id, std::string_view record_key, std::string_view period,
           std::string_view sheet, std::int64_t row, std::string_view payload, std::string_view effective);
  // Source, finality and reason count where they say something: what was written before they were kept still
  // agrees.
  std::string finish(const registers::Batch& batch);

 private:
  fingerprint::Digest digest_;
};

}  // namespace tenglong::store
