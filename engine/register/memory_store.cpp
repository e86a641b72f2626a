#include "engine/register/memory_store.h"

#include <algorithm>
#include <tuple>

#include "engine/text/ensure.h"

namespace tenglong::registers {

class MemoryWriter : public RegisterStore::Writer {
 public:
  MemoryWriter(MemoryStore& store, BatchId id) : store_(store), id_(id) {}
  BatchId batch() const override { return id_; }
  void add(const Statement& statement) override {
    statements_.push_back(statement);
    statements_.back().batch = id_;
  }
  void commit(const Batch& finished) override {
    ensure(!committed_, "a batch is committed once");
    committed_ = true;
    Batch kept = finished;
    kept.id = id_;
    store_.batches_.push_back(std::move(kept));
    for (Statement& statement : statements_)
      store_.statements_[statement.register_id].push_back(std::move(statement));
  }

 private:
  MemoryStore& store_;
  BatchId id_;
  std::vector<Statement> statements_;
  bool committed_ = false;
};

std::unique_ptr<RegisterStore::Writer> MemoryStore::write(const Batch&) {
  std::int64_t last = 0;
  for (const Batch& batch : batches_) last = std::max(last, batch.id.value);
  return std::make_unique<MemoryWriter>(*this, BatchId{last + 1});
}

std::optional<Batch> MemoryStore::same_file(std::string_view register_id, std::string_view provider,
                                            std::string_view file_fingerprint) const {
  for (const Batch& batch : batches_)
    if (batch.register_id == register_id && batch.provider == provider &&
        batch.file_fingerprint == file_fingerprint)
      return batch;
  return std::nullopt;
}

void MemoryStore::read(std::string_view register_id, std::optional<BatchId> through,
                       const std::function<void(Statement&&)>& each) const {
  const auto found = statements_.find(register_id);
  if (found == statements_.end()) return;
  std::vector<const Statement*> ordered;
  for (const Statement& statement : found->second)
    if (!through || statement.batch <= *through) ordered.push_back(&statement);
  std::stable_sort(ordered.begin(), ordered.end(), [](const Statement* a, const Statement* b) {
    return std::tie(a->record_key, a->period, a->batch) < std::tie(b->record_key, b->period, b->batch);
  });
  for (const Statement* statement : ordered) each(Statement(*statement));
}

void MemoryStore::read_record(std::string_view register_id, std::string_view record_key,
                              std::optional<BatchId> through,
                              const std::function<void(Statement&&)>& each) const {
  read(register_id, through, [&](Statement&& statement) {
    if (statement.record_key == record_key) each(std::move(statement));
  });
}

std::int64_t MemoryStore::statement_count(std::string_view register_id) const {
  const auto found = statements_.find(register_id);
  return found == statements_.end() ? 0 : static_cast<std::int64_t>(found->second.size());
}

std::optional<Mapping> MemoryStore::mapping(std::string_view provider, std::string_view register_id,
                                            std::string_view header_fingerprint) const {
  for (const Mapping& mapping : mappings_)
    if (mapping.provider == provider && mapping.register_id == register_id &&
        mapping.header_fingerprint == header_fingerprint)
      return mapping;
  return std::nullopt;
}

void MemoryStore::remember(const Mapping& mapping) {
  for (Mapping& kept : mappings_)
    if (kept.provider == mapping.provider && kept.register_id == mapping.register_id &&
        kept.header_fingerprint == mapping.header_fingerprint) {
      kept = mapping;
      return;
    }
  mappings_.push_back(mapping);
}

}  // namespace tenglong::registers
