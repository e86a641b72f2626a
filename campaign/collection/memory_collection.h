// What was done with the items, kept in memory: for tests and trials without a data folder.
//
// The same promises as the kept store: an approved correction, its batch and its snapshots come together.
#pragma once
#include <vector>

#include "campaign/collection/collection.h"

namespace tenglong::collection {

class MemoryCollection : public CollectionStore {
 public:
  // Batches of approved corrections go into these registers, which must outlive it.
  explicit MemoryCollection(registers::RegisterStore& registers) : registers_(registers) {}
  std::vector<Confirmation> confirmations() const override { return confirmations_; }
  void keep(const Confirmation& confirmation) override { confirmations_.push_back(confirmation); }
  std::vector<Locked> locked() const override { return locked_; }
  void keep(const Locked& locked) override;
  std::vector<Correction> corrections() const override { return corrections_; }
  std::int64_t propose(const Correction& correction) override;
  void reject(const Correction& correction) override;
  void withdraw(const Correction& correction) override;
  bool approve(const Correction& correction, const registers::Batch& batch,
               const registers::Statement& statement, const std::vector<Locked>& snapshots) override;
  std::vector<Reminder> reminders() const override { return reminders_; }
  bool keep(const Reminder& reminder) override;

 private:
  registers::RegisterStore& registers_;
  std::vector<Confirmation> confirmations_;
  std::vector<Locked> locked_;
  std::vector<Correction> corrections_;
  std::vector<Reminder> reminders_;
};

// The registers with one batch more than they have: what they will be once it is in.
class WithOneMore : public registers::RegisterStore {
 public:
  WithOneMore(const registers::RegisterStore& base, registers::Batch batch, registers::Statement statement)
      : base_(base), batch_(std::move(batch)), statement_(std::move(statement)) {}
  std::unique_ptr<Writer> write(const registers::Batch&) override;
  std::optional<registers::Batch> same_file(std::string_view register_id, std::string_view provider,
                                            std::string_view file_fingerprint) const override {
    return base_.same_file(register_id, provider, file_fingerprint);
  }
  std::vector<registers::Batch> batches() const override;
  void read(std::string_view register_id, std::optional<BatchId> through,
            const std::function<void(registers::Statement&&)>& each) const override;
  void read_record(std::string_view register_id, std::string_view record_key, std::optional<BatchId> through,
                   const std::function<void(registers::Statement&&)>& each) const override;
  std::int64_t statement_count(std::string_view register_id) const override;
  std::optional<registers::Mapping> mapping(std::string_view provider, std::string_view register_id,
                                            std::string_view header_fingerprint) const override {
    return base_.mapping(provider, register_id, header_fingerprint);
  }
  void remember(const registers::Mapping&) override;

 private:
  const registers::RegisterStore& base_;
  registers::Batch batch_;
  registers::Statement statement_;
};

}  // namespace tenglong::collection
