// Registers as one scope sees them: statements about records that it may not see are not there, nor are
// values of fields above its level. What is worked out from such a view cannot tell what it does not hold.
#include <algorithm>
#include <unordered_map>

#include "store/inside/held_rows.h"
#include "store/inside/kept.h"
#include "store/inside/sight.h"

namespace tenglong::store {

namespace {

using access::Operation;
using access::Scope;
using registers::Batch;
using registers::BatchId;
using registers::Mapping;
using registers::Statement;

// A choice between rivals is for whoever may choose about that record and that unit's field; what it states
// is looked at one by one, and nothing is begun before all of it may be said.
class ChoiceWriter : public registers::RegisterStore::Writer {
 public:
  ChoiceWriter(const Ground& ground, registers::RegisterStore& all, const Lists& lists, const Scope& scope,
               Batch batch)
      : ground_(ground), all_(all), lists_(lists), scope_(scope), batch_(std::move(batch)) {}
  BatchId batch() const override { return writer_ ? writer_->batch() : BatchId{}; }
  void add(const Statement& statement) override {
    const auto object = lists_.object_of(statement.register_id, statement.record_key, statement.period);
    if (!object)
      deny(scope_, {.why = {"没有这条记录。", "There is no such record."}}, Operation::ChooseRival);
    const schema::Register* target = ground_.schema.find(statement.register_id);
    for (const registers::FieldValue& value : statement.values) {
      access::Object one = *object;
      one.department = target->fields[static_cast<std::size_t>(value.field)].provider;
      demand(scope_, Operation::ChooseRival, one);
    }
    statements_.push_back(statement);
  }
  void commit(const Batch& finished) override {
    writer_ = all_.write(batch_);
    for (const Statement& each : statements_) writer_->add(each);
    writer_->commit(finished);
  }

 private:
  const Ground& ground_;
  registers::RegisterStore& all_;
  const Lists& lists_;
  const Scope& scope_;
  Batch batch_;
  std::vector<Statement> statements_;
  std::unique_ptr<Writer> writer_;
};

class ScopedRegisters : public registers::RegisterStore {
 public:
  ScopedRegisters(const Ground& ground, registers::RegisterStore& all, const Lists& lists, const Scope& scope,
                  Operation operation)
      : ground_(ground), all_(all), lists_(lists), scope_(scope), operation_(operation) {}

  std::unique_ptr<Writer> write(const Batch& batch) override {
    // Corrections come in with their approval (CollectionStore).
    if (batch.source == registers::Source::Correction) demand(scope_, Operation::ApproveCorrection, {});
    if (batch.source == registers::Source::Choice)
      return std::make_unique<ChoiceWriter>(ground_, all_, lists_, scope_, batch);
    demand(scope_, Operation::ImportBatch, {.department = batch.provider, .meant_for = batch.provider});
    return all_.write(batch);
  }
  // Which files came is told to those inside, and to an outside unit of those meant for it. Who outside may
  // read records is told of the others only what their values stand on: which unit said it, and when.
  std::vector<Batch> batches() const override {
    bool reads = false;
    for (std::size_t state = 0; state < access::kStates; ++state)
      reads = reads || !scope_.rows(operation_, static_cast<access::State>(state)).is_empty();
    std::vector<Batch> out;
    for (Batch& each : all_.batches()) {
      const bool is_told =
          !scope_.is_outside() ||
          scope_.may(Operation::ReadReceipt, {.department = each.provider, .meant_for = each.provider})
              .allowed;
      if (is_told)
        out.push_back(std::move(each));
      else if (reads)
        out.push_back({.id = each.id,
                       .register_id = each.register_id,
                       .provider = each.provider,
                       .received_at = each.received_at,
                       .mark = each.mark,
                       .source = each.source,
                       .is_preliminary = each.is_preliminary});
    }
    return out;
  }
  std::optional<Batch> same_file(std::string_view register_id, std::string_view provider,
                                 std::string_view file_fingerprint) const override {
    return scope_.is_outside() && provider != scope_.account().unit
               ? std::nullopt
               : all_.same_file(register_id, provider, file_fingerprint);
  }
  void read(std::string_view register_id, std::optional<BatchId> through,
            const std::function<void(Statement&&)>& each) const override {
    const schema::Register* target = ground_.schema.find(register_id);
    if (target == nullptr) return;
    const Sight sight(ground_, *target, scope_, operation_);
    all_.read(register_id, through, [&](Statement&& statement) {
      if (sight.narrow(statement)) each(std::move(statement));
    });
  }
  void read_record(std::string_view register_id, std::string_view record_key, std::optional<BatchId> through,
                   const std::function<void(Statement&&)>& each) const override {
    const schema::Register* target = ground_.schema.find(register_id);
    if (target == nullptr) return;
    const Sight sight(ground_, *target, scope_, operation_);
    all_.read_record(register_id, record_key, through, [&](Statement&& statement) {
      if (sight.narrow(statement)) each(std::move(statement));
    });
  }
  std::int64_t statement_count(std::string_view register_id) const override {
    std::int64_t out = 0;
    read(register_id, std::nullopt, [&](Statement&&) { ++out; });
    return out;
  }
  std::optional<Mapping> mapping(std::string_view provider, std::string_view register_id,
                                 std::string_view header_fingerprint) const override {
    const std::string unit(provider);
    return scope_.may(Operation::ImportBatch, {.department = unit, .meant_for = unit}).allowed
               ? all_.mapping(provider, register_id, header_fingerprint)
               : std::nullopt;
  }
  void remember(const Mapping& mapping) override {
    demand(scope_, Operation::ImportBatch, {.department = mapping.provider, .meant_for = mapping.provider});
    all_.remember(mapping);
  }

 private:
  const Ground& ground_;
  registers::RegisterStore& all_;
  const Lists& lists_;
  Scope scope_;
  Operation operation_;
};

// A result ranks all firms of the district against each other, so it is for those who may see all of it.
class ScopedResults : public result::ResultStore {
 public:
  ScopedResults(const Ground& ground, result::ResultStore& all, const Scope& scope)
      : ground_(ground), all_(all), scope_(scope) {}
  void keep(const result::Result&, std::string_view) override {
    throw StoreFailure({"评价结果由评价本身保存。", "Results are kept by the evaluation itself."},
                       "keeping a result within a narrower scope", Trouble::Denied);
  }
  std::optional<result::Result> find(std::string_view fingerprint) const override {
    auto out = all_.find(fingerprint);
    return out && sees(out->header) ? std::move(out) : std::nullopt;
  }
  std::optional<result::Result> latest(const std::optional<calendar::Period>& period) const override {
    auto out = all_.latest(period);
    return out && sees(out->header) ? std::move(out) : std::nullopt;
  }
  std::vector<result::RunHeader> runs() const override {
    std::vector<result::RunHeader> out = all_.runs();
    std::erase_if(out, [&](const result::RunHeader& each) { return !sees(each); });
    return out;
  }

 private:
  // The state of a result is the least of the registers it may rest on.
  bool sees(const result::RunHeader& header) const {
    auto state = access::State::Published;
    const Db::Reader reader = ground_.db->reader();
    for (const schema::Register& each : ground_.schema.registers)
      if (each.period != schema::PeriodKey::None)
        state = std::min(state, kept_state(ground_, *reader, each.id, header.period.to_string()));
    return scope_.rows(Operation::ReadResult, state).everything;
  }
  const Ground& ground_;
  result::ResultStore& all_;
  Scope scope_;
};

}  // namespace

std::unique_ptr<result::ResultStore> make_scoped_results(const Ground& ground, result::ResultStore& all,
                                                         const Scope& scope) {
  return std::make_unique<ScopedResults>(ground, all, scope);
}

std::unique_ptr<registers::RegisterStore> make_scoped_registers(const Ground& ground,
                                                                registers::RegisterStore& all,
                                                                const Lists& lists, const Scope& scope,
                                                                Operation operation) {
  return std::make_unique<ScopedRegisters>(ground, all, lists, scope, operation);
}

}  // namespace tenglong::store
