// The trail in SQLite, and what each kind of object is fingerprinted by (docs/trail.md).
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/trail/trail.h"
#include "engine/fingerprint/fingerprint.h"
#include "store/inside/sqlite.h"

namespace tenglong::store {

// The content of a batch: its statements in the order they were added, then its own line.
class BatchDigest {
 public:
  void add(std::string_view register_id, std::string_view record_key, std::string_view period,
           std::string_view sheet, std::int64_t row, std::string_view payload);
  std::string finish(const std::vector<std::string>& texts, const std::vector<std::int64_t>& numbers);

 private:
  fingerprint::Digest digest_;
};

class SqliteTrail : public trail::TrailStore {
 public:
  SqliteTrail(const Database& database, const std::string& area) : database_(database), area_(area) {}

  // Inside a transaction that the caller has open.
  void append(std::string operation, std::string kind, std::string object, std::string after,
              std::vector<std::pair<std::string, std::string>> details);
  void act_as(trail::Author author) { author_ = std::move(author); }

  std::int64_t size() const override;
  trail::Hash node(int level, std::int64_t index) const override;
  void read(std::int64_t from, std::int64_t to,
            const std::function<void(std::int64_t number, std::string_view encoded)>& each) const override;
  void keep_head(const trail::SignedHead& head) override;
  std::vector<trail::SignedHead> heads() const override;

  // A folder from before there was a trail: one event for everything that stands in it.
  void adopt();

 private:
  const Database& database_;
  const std::string& area_;
  trail::Author author_;
};

}  // namespace tenglong::store
