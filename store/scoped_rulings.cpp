// What is done to the district's data, and by whom, as one scope may see and do it: confirmations, locks,
// corrections, reminders, who enterprises are, readings of meters, accounts. What it may not see is not
// there; what it may not do is refused before anything is written. Who did it is whoever asks, whatever name
// is given.
#include <algorithm>

#include "campaign/collection/collection.h"
#include "engine/identity/identity.h"
#include "engine/text/ensure.h"
#include "store/inside/kept.h"
#include "store/inside/sight.h"

namespace tenglong::store {

using access::Object;
using access::Operation;
using access::Scope;
using access::State;
using collection::Confirmation;
using collection::Correction;
using collection::Locked;
using collection::Reminder;

void deny(const Scope& scope, const access::Answer& answer, Operation operation) {
  throw StoreFailure(scope.refusal(answer),
                     std::string(access::info(operation).id) + " is denied to " + scope.account().id,
                     Trouble::Denied);
}
void demand(const Scope& scope, Operation operation, const Object& object) {
  const access::Answer answer = scope.may(operation, object);
  if (!answer.allowed) deny(scope, answer, operation);
}

namespace {

// Whether it may be done to anything at all.
bool reaches_anything(const Scope& scope, std::initializer_list<Operation> operations) {
  return std::any_of(operations.begin(), operations.end(), [&](Operation operation) {
    for (std::size_t state = 0; state < access::kStates; ++state)
      if (!scope.rows(operation, static_cast<State>(state)).is_empty()) return true;
    return false;
  });
}

Object of_unit(const std::string& unit, State state = State::Draft) {
  return {.department = unit, .meant_for = unit, .state = state};
}

class ScopedCollection : public collection::CollectionStore {
 public:
  ScopedCollection(const Ground& ground, CollectionStore& all, const Lists& lists, const Scope& scope)
      : ground_(ground), all_(all), lists_(lists), scope_(scope) {}

  std::vector<Confirmation> confirmations() const override {
    std::vector<Confirmation> out = all_.confirmations();
    const Db::Reader reader = ground_.db->reader();
    std::erase_if(out, [&](const Confirmation& each) { return !sees(*reader, each.item); });
    return out;
  }
  void keep(const Confirmation& one) override {
    demand(scope_, Operation::ConfirmItem, object_of(*ground_.db->reader(), one.item));
    Confirmation mine = one;
    mine.by = scope_.account().id;
    all_.keep(mine);
  }
  // That a year is locked is told to all who have to do with its records; its exceptions as far as their
  // items are.
  std::vector<Locked> locked() const override {
    if (!reaches_anything(scope_, {Operation::ReadRecord, Operation::ImportBatch, Operation::ConfirmItem,
                                   Operation::ChooseRival, Operation::LockYear, Operation::ProposeCorrection,
                                   Operation::ApproveCorrection}))
      return {};
    std::vector<Locked> out = all_.locked();
    const Db::Reader reader = ground_.db->reader();
    for (Locked& each : out)
      std::erase_if(each.exceptions,
                    [&](const collection::Exception& one) { return !sees(*reader, one.item); });
    return out;
  }
  void keep(const Locked& locked) override {
    demand(scope_, Operation::LockYear,
           {.state = kept_states(ground_, *ground_.db->reader()).least(ground_.schema, locked.period)});
    Locked mine = locked;
    mine.by = scope_.account().id;
    all_.keep(mine);
  }
  std::vector<Correction> corrections() const override {
    std::vector<Correction> out = all_.corrections();
    std::erase_if(out, [&](const Correction& each) {
      const auto object = object_of(each);
      return !object || (!scope_.may(Operation::ProposeCorrection, *object).allowed &&
                         !scope_.may(Operation::ApproveCorrection, *object).allowed);
    });
    return out;
  }
  std::int64_t propose(const Correction& one) override {
    demand_of(Operation::ProposeCorrection, one);
    Correction mine = one;
    mine.proposed_by = scope_.account().id;
    return all_.propose(mine);
  }
  void reject(const Correction& one) override {
    demand_of(Operation::ApproveCorrection, kept(one));
    all_.reject(decided_here(one));
  }
  void withdraw(const Correction& one) override {
    const Correction proposed = kept(one);
    demand_of(Operation::ProposeCorrection, {.register_id = proposed.register_id,
                                             .record_key = proposed.record_key,
                                             .period = proposed.period,
                                             .field = proposed.field});
    if (proposed.proposed_by != scope_.account().id)
      deny(scope_, {.why = {"更正单由提出的人撤回。", "Who proposed it withdraws it."}},
           Operation::ProposeCorrection);
    all_.withdraw(decided_here(one));
  }
  bool approve(const Correction& one, const registers::Batch& batch, const registers::Statement& statement,
               const std::vector<Locked>& snapshots) override {
    const Correction proposed = kept(one);
    demand_of(Operation::ApproveCorrection, proposed);
    const schema::Register* target = ground_.schema.find(proposed.register_id);
    ensure(target != nullptr && statement.register_id == proposed.register_id &&
               statement.record_key == proposed.record_key && statement.period == proposed.period &&
               statement.values.size() == 1 &&
               statement.values[0].field == target->field_index(proposed.field),
           "what is approved states what was proposed");
    registers::Batch mine = batch;
    mine.submitter = scope_.account().id;
    std::vector<Locked> next = snapshots;
    for (Locked& each : next) each.by = scope_.account().id;
    return all_.approve(decided_here(one), mine, statement, next);
  }
  std::vector<Reminder> reminders() const override {
    std::vector<Reminder> out = all_.reminders();
    std::erase_if(out, [&](const Reminder& each) {
      const Object object = of_unit(each.unit);
      return !scope_.may(Operation::ReadReceipt, object).allowed &&
             !scope_.may(Operation::SendReceipt, object).allowed;
    });
    return out;
  }
  bool keep(const Reminder& reminder) override {
    demand(scope_, Operation::SendReceipt, of_unit(reminder.unit));
    Reminder mine = reminder;
    mine.by = scope_.account().id;
    return all_.keep(mine);
  }

 private:
  Object object_of(Connection& connection, const collection::Item& item) const {
    Object out =
        of_unit(item.provider, kept_state(ground_, connection, item.register_id, item.period.to_string()));
    out.register_id = item.register_id;
    return out;
  }
  bool sees(Connection& connection, const collection::Item& item) const {
    const Object object = object_of(connection, item);
    return scope_.may(Operation::ConfirmItem, object).allowed ||
           scope_.may(Operation::ImportBatch, object).allowed ||
           scope_.may(Operation::ReadRecord, object).allowed;
  }
  // The record it is about, as data of the unit that provides the field.
  std::optional<Object> object_of(const Correction& one) const {
    auto out = lists_.object_of(one.register_id, one.record_key, one.period);
    if (!out) return std::nullopt;
    const schema::Register* target = ground_.schema.find(one.register_id);
    if (const schema::Field* field = target->find(one.field)) out->department = field->provider;
    out->done_by = one.proposed_by;
    return out;
  }
  void demand_of(Operation operation, const Correction& one) const {
    const auto object = object_of(one);
    if (!object) deny(scope_, {.why = {"没有这条记录。", "There is no such record."}}, operation);
    demand(scope_, operation, *object);
  }
  Correction decided_here(Correction one) const {
    one.decided_by = scope_.account().id;
    return one;
  }
  // As it was proposed: whoever decides is not asked who proposed it.
  Correction kept(const Correction& one) const {
    for (Correction& each : all_.corrections())
      if (each.number == one.number) return std::move(each);
    deny(scope_, {.why = {"没有这张更正单。", "There is no such correction."}}, Operation::ApproveCorrection);
  }

  const Ground& ground_;
  CollectionStore& all_;
  const Lists& lists_;
  Scope scope_;
};

// The register of enterprises; null: the pack has none.
const schema::Register* register_of_firms(const schema::Schema& schema) {
  for (const schema::Register& each : schema.registers)
    if (each.period == schema::PeriodKey::None && belonging_of(schema, each).firm_register == &each)
      return &each;
  return nullptr;
}

// Enterprises as access asks about them, many at a time.
class Firms {
 public:
  Firms(const Ground& ground, const Scope& scope, Operation operation)
      : scope_(scope), operation_(operation) {
    if (const schema::Register* target = register_of_firms(ground.schema))
      sight_.emplace(ground, *target, scope_, operation);
  }
  bool may(const std::string& firm, schema::Sensitivity level) const {
    const auto known = sight_ ? sight_->object_of(firm, "") : std::nullopt;
    const access::Answer answer = scope_.may(operation_, known ? *known : Object{.firm = firm});
    return answer.allowed && answer.level >= level;
  }

 private:
  const Scope& scope_;
  Operation operation_;
  std::optional<Sight> sight_;
};

class ScopedIdentity : public identity::IdentityStore {
 public:
  ScopedIdentity(const Ground& ground, IdentityStore& all, const Scope& scope)
      : ground_(ground), all_(all), scope_(scope) {}
  std::vector<identity::Event> events() const override {
    const Firms firms(ground_, scope_, Operation::ReadHistory);
    std::vector<identity::Event> out = all_.events();
    std::erase_if(out, [&](const identity::Event& each) {
      const auto is_seen = [&](const std::string& code) {
        return firms.may(code, schema::Sensitivity::Public);
      };
      return std::none_of(each.from.begin(), each.from.end(), is_seen) &&
             std::none_of(each.to.begin(), each.to.end(), is_seen);
    });
    return out;
  }
  std::vector<identity::Decision> decisions() const override {
    const Firms firms(ground_, scope_, Operation::ReadHistory);
    std::vector<identity::Decision> out = all_.decisions();
    std::erase_if(out, [&](const identity::Decision& each) {
      return !firms.may(each.enterprise, schema::Sensitivity::Public);
    });
    return out;
  }
  // Who an enterprise is, is a choice between what several say.
  std::int64_t add(const identity::Event& event) override {
    std::vector<std::string> codes = event.from;
    codes.insert(codes.end(), event.to.begin(), event.to.end());
    demand_of(codes);
    identity::Event mine = event;
    mine.by = scope_.account().id;
    return all_.add(mine);
  }
  void decide(const identity::Decision& decision) override {
    demand_of({decision.enterprise});
    identity::Decision mine = decision;
    mine.by = scope_.account().id;
    all_.decide(mine);
  }

 private:
  void demand_of(const std::vector<std::string>& codes) const {
    const Firms firms(ground_, scope_, Operation::ChooseRival);
    for (const std::string& each : codes)
      if (!firms.may(each, schema::Sensitivity::Public))
        demand(scope_, Operation::ChooseRival, {.firm = each});
    if (codes.empty()) demand(scope_, Operation::ChooseRival, {});
  }
  const Ground& ground_;
  IdentityStore& all_;
  Scope scope_;
};

// Readings say what an enterprise used, day by day: they are as sensitive as anything is.
class ScopedMeters : public meter::MeterStore {
 public:
  ScopedMeters(const Ground& ground, MeterStore& all, const Scope& scope)
      : ground_(ground), all_(all), scope_(scope) {}
  std::unique_ptr<Writer> write(const std::string& kind, const std::string& file_name,
                                const std::string& file_fingerprint) override {
    demand(scope_, Operation::ImportBatch, of_unit(scope_.account().unit));
    return all_.write(kind, file_name, file_fingerprint);
  }
  meter::Tally tally(const std::string& kind, const calendar::Period& period,
                     int within_hours) const override {
    if (!reaches_anything(scope_, {Operation::ReadRecord}))
      deny(scope_, scope_.may(Operation::ReadRecord, {}), Operation::ReadRecord);
    meter::Tally out = all_.tally(kind, period, within_hours);
    const Firms firms(ground_, scope_, Operation::ReadRecord);
    const auto is_hidden = [&](const auto& each) {
      return !firms.may(each.record_key, schema::Sensitivity::Sensitive);
    };
    std::erase_if(out.sums, is_hidden);
    std::erase_if(out.troubles, is_hidden);
    return out;
  }

 private:
  const Ground& ground_;
  MeterStore& all_;
  Scope scope_;
};

class ScopedAccounts : public access::AccountStore {
 public:
  ScopedAccounts(AccountStore& all, const Scope& scope) : all_(all), scope_(scope) {}
  std::vector<access::KeptAccount> accounts() const override {
    std::vector<access::KeptAccount> out = all_.accounts();
    std::erase_if(out, [&](const access::KeptAccount& each) { return !sees(each.id); });
    return out;
  }
  std::optional<access::KeptAccount> account(std::string_view id) const override {
    return sees(id) ? all_.account(id) : std::nullopt;
  }
  void keep(const std::vector<access::KeptAccount>& accounts) override {
    diagnostic::Diagnostics told;
    access::check_changes(scope_, all_.accounts(), accounts, told);
    if (told.empty()) return all_.keep(accounts);
    std::string detail;
    for (const diagnostic::Diagnostic& each : told) detail += each.message.en + " ";
    throw StoreFailure(told[0].message, "accounts: " + detail, Trouble::Denied);
  }
  std::vector<access::Consent> consents() const override {
    std::vector<access::Consent> out = all_.consents();
    std::erase_if(out, [&](const access::Consent& each) {
      return each.unit != scope_.account().unit && !scope_.account().firms.contains(each.firm) &&
             !keeps_accounts();
    });
    return out;
  }
  void give(const access::Consent& consent) override {
    demand(scope_, Operation::GiveConsent, {.firm = consent.firm});
    all_.give(consent);
  }
  int withdraw(std::string_view firm, std::string_view unit, calendar::Date on) override {
    demand(scope_, Operation::WithdrawConsent, {.firm = std::string(firm)});
    return all_.withdraw(firm, unit, on);
  }

 private:
  bool keeps_accounts() const {
    return scope_.may(Operation::ManageAccount, {}).allowed || scope_.may(Operation::GrantRole, {}).allowed;
  }
  bool sees(std::string_view id) const { return id == scope_.account().id || keeps_accounts(); }
  AccountStore& all_;
  Scope scope_;
};

class ScopedLists : public Lists {
 public:
  ScopedLists(const Ground& ground, Lists& all, const Scope& scope)
      : ground_(ground), all_(all), scope_(scope) {}
  Listed list(const ListQuery& query, const Scope& scope) const override { return all_.list(query, scope); }
  Listed each(const ListQuery& query, const Scope& scope, RowTaker& taker) const override {
    return all_.each(query, scope, taker);
  }
  std::vector<Found> search(const std::string& words, std::size_t most, const Scope& scope) const override {
    return all_.search(words, most, scope);
  }
  // Of a record to which nothing may be done, not even that it is there is said.
  std::optional<Object> object_of(const std::string& register_id, const std::string& key,
                                  const std::optional<calendar::Period>& period) const override {
    auto out = all_.object_of(register_id, key, period);
    if (!out) return std::nullopt;
    for (const schema::Field& field : ground_.schema.find(register_id)->fields) {
      Object object = *out;
      object.department = object.meant_for = field.provider;
      for (const access::OperationInfo& each : access::operations())
        if (scope_.may(each.operation, object).allowed) return out;
    }
    return std::nullopt;
  }
  State state_of(const std::string& register_id,
                 const std::optional<calendar::Period>& period) const override {
    return all_.state_of(register_id, period);
  }
  RecordStates states() const override { return all_.states(); }
  void mark(const std::string& register_id, const std::optional<calendar::Period>& period,
            State state) override {
    const Operation operation = state == State::Published ? Operation::PublishResult
                                : state == State::Locked  ? Operation::LockYear
                                                          : Operation::ConfirmItem;
    demand(scope_, operation, {.state = all_.state_of(register_id, period)});
    all_.mark(register_id, period, state);
  }
  std::vector<Rebuilt> rebuild() override {
    demand(scope_, Operation::Restore, {});
    return all_.rebuild();
  }

 private:
  const Ground& ground_;
  Lists& all_;
  Scope scope_;
};

}  // namespace

std::unique_ptr<collection::CollectionStore> make_scoped_collection(const Ground& ground,
                                                                    collection::CollectionStore& all,
                                                                    const Lists& lists, const Scope& scope) {
  return std::make_unique<ScopedCollection>(ground, all, lists, scope);
}
std::unique_ptr<identity::IdentityStore> make_scoped_identity(const Ground& ground,
                                                              identity::IdentityStore& all,
                                                              const Scope& scope) {
  return std::make_unique<ScopedIdentity>(ground, all, scope);
}
std::unique_ptr<meter::MeterStore> make_scoped_meters(const Ground& ground, meter::MeterStore& all,
                                                      const Scope& scope) {
  return std::make_unique<ScopedMeters>(ground, all, scope);
}
std::unique_ptr<access::AccountStore> make_scoped_accounts(access::AccountStore& all, const Scope& scope) {
  return std::make_unique<ScopedAccounts>(all, scope);
}
std::unique_ptr<Lists> make_scoped_lists(const Ground& ground, Lists& all, const Scope& scope) {
  return std::make_unique<ScopedLists>(ground, all, scope);
}

}  // namespace tenglong::store
