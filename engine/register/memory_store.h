// Registers kept in memory: for a trial import without a data folder, policy cases, and tests.
//
// The same promises as the kept store: a batch is wholly there or not at all; reading is by key, period,
// arrival.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/register/register.h"

namespace tenglong::registers {

class MemoryStore : public RegisterStore {
 public:
  std::unique_ptr<Writer> write(const Batch& batch) override;
  std::optional<Batch> same_file(std::string_view register_id, std::string_view provider,
                                 std::string_view file_fingerprint) const override;
  std::vector<Batch> batches() const override { return batches_; }
  void read(std::string_view register_id, std::optional<BatchId> through,
            const std::function<void(Statement&&)>& each) const override;
  void read_record(std::string_view register_id, std::string_view record_key, std::optional<BatchId> through,
                   const std::function<void(Statement&&)>& each) const override;
  std::int64_t statement_count(std::string_view register_id) const override;
  std::optional<Mapping> mapping(std::string_view provider, std::string_view register_id,
                                 std::string_view header_fingerprint) const override;
  void remember(const Mapping& mapping) override;

 private:
  friend class MemoryWriter;
  std::vector<Batch> batches_;
  std::map<std::string, std::vector<Statement>, std::less<>> statements_;  // by register, as they arrived
  std::vector<Mapping> mappings_;
};

}  // namespace tenglong::registers
