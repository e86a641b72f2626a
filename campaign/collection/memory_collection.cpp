#include "campaign/collection/memory_collection.h"

#include <algorithm>
#include <tuple>

#include "engine/text/ensure.h"

namespace tenglong::collection {

void MemoryCollection::keep(const Locked& locked) {
  locked_.push_back(locked);
  std::stable_sort(locked_.begin(), locked_.end(), [](const Locked& a, const Locked& b) {
    return std::tie(a.period, a.number) < std::tie(b.period, b.number);
  });
}

std::int64_t MemoryCollection::propose(const Correction& correction) {
  corrections_.push_back(correction);
  corrections_.back().number = static_cast<std::int64_t>(corrections_.size());
  return corrections_.back().number;
}

void MemoryCollection::reject(const Correction& correction) {
  corrections_.at(static_cast<std::size_t>(correction.number - 1)) = correction;
}

void MemoryCollection::withdraw(const Correction& correction) { reject(correction); }

bool MemoryCollection::approve(const Correction& correction, const registers::Batch& batch,
                               const registers::Statement& statement, const std::vector<Locked>& snapshots) {
  const auto writer = registers_.write(batch);
  if (writer->batch() != correction.batch) return false;
  writer->add(statement);
  writer->commit(batch);
  corrections_.at(static_cast<std::size_t>(correction.number - 1)) = correction;
  for (const Locked& each : snapshots) keep(each);
  return true;
}

bool MemoryCollection::keep(const Reminder& reminder) {
  for (const Reminder& each : reminders_)
    if (each.unit == reminder.unit && each.on == reminder.on) return false;
  reminders_.push_back(reminder);
  return true;
}

std::unique_ptr<registers::RegisterStore::Writer> WithOneMore::write(const registers::Batch&) {
  ensure(false, "what a register will be is not written");
  return nullptr;
}
void WithOneMore::remember(const registers::Mapping&) {
  ensure(false, "what a register will be is not written");
}

std::vector<registers::Batch> WithOneMore::batches() const {
  std::vector<registers::Batch> out = base_.batches();
  out.push_back(batch_);
  return out;
}

void WithOneMore::read(std::string_view register_id, std::optional<BatchId> through,
                       const std::function<void(registers::Statement&&)>& each) const {
  const bool is_seen = register_id == statement_.register_id && (!through || batch_.id <= *through);
  bool pending = is_seen;
  const auto give = [&] {
    pending = false;
    registers::Statement copy = statement_;
    copy.batch = batch_.id;
    each(std::move(copy));
  };
  base_.read(register_id, through, [&](registers::Statement&& said) {
    if (pending &&
        std::tie(statement_.record_key, statement_.period) < std::tie(said.record_key, said.period))
      give();
    each(std::move(said));
  });
  if (pending) give();
}

void WithOneMore::read_record(std::string_view register_id, std::string_view record_key,
                              std::optional<BatchId> through,
                              const std::function<void(registers::Statement&&)>& each) const {
  read(register_id, through, [&](registers::Statement&& said) {
    if (said.record_key == record_key) each(std::move(said));
  });
}

std::int64_t WithOneMore::statement_count(std::string_view register_id) const {
  return base_.statement_count(register_id) + (register_id == statement_.register_id ? 1 : 0);
}

}  // namespace tenglong::collection
