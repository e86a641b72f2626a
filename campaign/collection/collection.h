// 收数: what is due and has come, confirmed by who gave it, locked for a year, corrected only in the open.
//
// In:    the pack's `collection` blocks, a snapshot, what was done before, who does what and on which day.
// Out:   the present state of every item; what is late; the next thing to keep, or every reason against it.
// Order: items by register, period, provider, field. The same input, the same answer.
// Never: reads a clock or a store; changes a locked year: a correction is a new batch beside it and makes a
//        new snapshot, and the old one stays readable.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/column/column.h"
#include "engine/pack/pack.h"
#include "engine/register/register.h"
#include "engine/text/text.h"

namespace tenglong::collection {

using calendar::Date;
using calendar::Period;
using quantity::State;
using registers::BatchId;

// Why something may not be done, and what to do about it.
struct Reason {
  text::Words why, cure;
};
template <class T>
struct Decision {
  std::optional<T> granted = {};
  std::vector<Reason> refused_because = {};
};

// One field of one register in one period, as one unit provides it.
struct Item {
  std::string register_id;
  Period period = {};
  std::string field;  // id
  std::string provider;
  friend auto operator<=>(const Item&, const Item&) = default;
};
std::string to_text(const Item& item);  // enterprise_year/2023/tax_paid/区税务局
std::optional<Item> item_of(std::string_view text);

// A provider has looked at what is there, and stands by it or takes it back.
enum class Verdict { Confirmed, Returned };
struct Confirmation {
  Item item = {};
  Verdict verdict = Verdict::Confirmed;
  std::string reason = {};       // of a return
  std::string fingerprint = {};  // of the values it was said about: others, and it no longer holds
  std::int64_t records = 0;
  std::string by = {}, at = {};
  bool is_last = false;  // with it every item of its register and period stands confirmed
};

enum class ItemState { NotArrived, Arrived, Questioned, Returned, Confirmed, Locked };
text::Words name_of(ItemState state);  // 未到 已到 有疑 已退回 已确认 已锁定

struct Present {
  Item item = {};
  std::string name = {};         // of the field
  std::string responsible = {};  // who asks for it
  Date due = {};
  std::vector<int> remind = {};
  std::int64_t expected = 0, known = 0, not_applicable = 0, missing = 0, disputed = 0;
  std::int64_t reported() const { return expected - missing; }  // of those due
  // Sent of records of which it is not due.
  std::int64_t besides() const { return known + not_applicable + disputed - reported(); }
  std::int64_t undetermined = 0;  // records of which it cannot be told yet whether it is due
  std::vector<std::string> missing_keys = {};
  std::string fingerprint = {};
  ItemState state = ItemState::NotArrived;
  bool has_changed = false;  // it was confirmed, and other values have come since
  std::optional<Confirmation> last = {};
};

// A snapshot of a year that is locked. Number 1 is the lock; each correction makes the next.
struct Exception {
  Item item = {};
  std::string reason = {}, accepted_by = {};
};
struct Locked {
  Period period = {};
  int number = 1;
  BatchId through = {};
  std::vector<BatchId> also = {};  // corrections after it
  std::string fingerprint = {};    // of the snapshot
  std::vector<Exception> exceptions = {};
  std::int64_t correction = 0;  // that made it; 0: the lock
  std::string by = {}, at = {};
};
registers::View view_of(const Locked& locked);
// The latest snapshot of the lock that holds this period; nullptr if it is open.
const Locked* lock_of(const std::vector<Locked>& locked, const Period& period);
const Locked* lock_of(std::vector<Locked>&& locked, const Period& period) = delete;  // it would be gone

enum class Stage { Proposed, Approved, Rejected, Withdrawn };
text::Words name_of(Stage stage);
const char* code_of(Stage stage);  // proposed, approved, rejected, withdrawn: as kept and as told
Stage stage_of(std::string_view code);
// 更正单: one value of a locked year.
struct Correction {
  std::int64_t number = 0;  // given by the store, from 1
  std::string register_id, record_key;
  Period period = {};
  std::string field;                         // id
  registers::FieldValue from = {}, to = {};  // without a cell
  std::string reason = {}, evidence = {};
  std::vector<std::string> impact = {};  // what it moves, a line each, as the proposer saw it
  Stage stage = Stage::Proposed;
  std::string proposed_by = {}, proposed_at = {};
  std::string decided_by = {}, decided_at = {}, why = {};
  BatchId batch = {};  // once approved
};

// 催报函: one for a unit and a day.
struct Reminder {
  std::string unit = {};
  Date on = {};
  std::string text = {};
  std::string by = {}, at = {};
};

// What this room needs kept. store/ keeps it: each operation is one transaction and one event of the trail.
class CollectionStore {
 public:
  virtual ~CollectionStore() = default;
  virtual std::vector<Confirmation> confirmations() const = 0;  // as they were given
  virtual void keep(const Confirmation& confirmation) = 0;
  virtual std::vector<Locked> locked() const = 0;  // by period, then number
  virtual void keep(const Locked& locked) = 0;
  virtual std::vector<Correction> corrections() const = 0;  // by number
  virtual std::int64_t propose(const Correction& correction) = 0;
  virtual void reject(const Correction& correction) = 0;
  virtual void withdraw(const Correction& correction) = 0;
  // The decided correction, its batch and the snapshots that it makes, together or not at all. False, and
  // nothing is kept, if another batch has come since and taken the number `correction.batch`.
  virtual bool approve(const Correction& correction, const registers::Batch& batch,
                       const registers::Statement& statement, const std::vector<Locked>& snapshots) = 0;
  virtual std::vector<Reminder> reminders() const = 0;
  virtual bool keep(const Reminder& reminder) = 0;  // false if the unit has had one on that day
};

struct Done {
  std::vector<Confirmation> confirmations = {};
  std::vector<Locked> locked = {};
};

// Whether an enterprise was there in a period at all; nothing: every record of the register was.
using WasThere = std::function<bool(std::string_view key, const Period& period)>;

// Every item of the pack whose period lies in this one.
std::vector<Present> survey(const pack::Pack& pack, const column::Snapshot& snapshot, const Period& within,
                            const Done& done, const WasThere& was_there = {});

struct Act {
  std::string by = {}, at = {};  // account; moment
};

// `items`: all of the period, this one among them.
Decision<Confirmation> confirm(const Present& present, const std::vector<Present>& items, Verdict verdict,
                               const std::string& reason, const Act& act);
// Every item confirmed, or its exception listed and accepted by name.
Decision<Locked> lock(const Period& period, const std::vector<Present>& items,
                      const std::vector<Exception>& exceptions, const column::Snapshot& snapshot,
                      const std::vector<Locked>& locked, const Act& act);

// What somebody writes as a value of a field: a number in its unit, a code or its name, 是/否, a date, 缺报,
// 不适用.
Decision<registers::FieldValue> read_value(const schema::Schema& schema, const schema::Register& target,
                                           int field, std::string_view written);

// `now`: the value in the latest snapshot of the lock.
Decision<Correction> propose(const Correction& wished, const registers::Resolved* now,
                             const schema::Register& target, const std::vector<Locked>& locked,
                             const std::vector<Correction>& others, const Act& act);
// By another person than the proposer, on the value as it was proposed.
Decision<Correction> decide(const Correction& correction, Stage to, const std::string& why,
                            const registers::Resolved* now, const Act& act);
// By whoever proposed it, while nobody has decided.
Decision<Correction> withdraw(const Correction& correction, const Act& act);
registers::Batch batch_of(const Correction& approved);
registers::Statement statement_of(const Correction& approved, const schema::Register& target);
// The next number of every locked year that can see the value: its own, and later ones (as 上期). Their
// fingerprints are the caller's to take.
std::vector<Locked> snapshots_after(const Correction& approved, const std::vector<Locked>& locked);

// A rival that was chosen, as a batch of its own.
struct Choice {
  std::string register_id, record_key;
  std::optional<Period> period = {};
  int field = -1;
  registers::FieldValue value = {};
  std::string reason = {};
};
// `among`: the resolved field. Refused without a reason, without rivals, or for a value nobody gave.
Decision<Choice> choose(const Choice& wished, const registers::Resolved& among,
                        const std::vector<Locked>& locked, const Act& act);
std::pair<registers::Batch, registers::Statement> batch_of(const Choice& choice, const Act& act);

// What a unit owes on a day, and the letter that asks for it.
struct Owed {
  Present item = {};
  std::int64_t days_late = 0;  // 0: due today; below 0: a reminder day before it
};
struct Arrears {
  std::string unit = {};
  std::vector<Owed> owed = {};
};
// Late items of each unit, and those whose reminder day this is; units and items in order.
std::vector<Arrears> overdue(const std::vector<Present>& items, Date on);
// `name_of_record`: how a record is called in the letter.
Reminder letter_to(
    const Arrears& arrears, Date on, const schema::Schema& schema,
    const std::function<std::string(std::string_view register_id, std::string_view key)>& name_of_record);

}  // namespace tenglong::collection
