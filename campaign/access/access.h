// Who may see and do what: the tables of rights of a pack, compiled once; default deny.
//
// In:    the `access` blocks of a pack, an account, what is asked of what. Out: yes, or no with the reason;
// which rows; up to
//        which fields; which small counts stay hidden.
// Order: none: lines only grant, so their order means nothing.
// Never: grants what no line says; keeps who is asking (a Scope is a value that is handed on); tells an
// outsider whether
//        something is there.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/listing/filter.h"
#include "engine/pack/pack.h"
#include "engine/schema/schema.h"

namespace tenglong::access {

using schema::Sensitivity;

// Everything that can be done. An operation that is not here does not exist; one without a line refuses the
// pack.
enum class Operation {
  ReadRecord,
  SearchRecord,
  CountRecord,
  ExportRecord,
  ViewMap,
  ReadHistory,
  OpenFile,
  ImportBatch,
  ConfirmItem,
  ChooseRival,
  LockYear,
  ProposeCorrection,
  ApproveCorrection,
  ReadResult,
  ExplainResult,
  TryScheme,
  SaveSimulation,
  PublishResult,
  Appeal,
  EditPack,
  ApprovePack,
  FillGap,
  ApproveGap,
  ReadReceipt,
  SendReceipt,
  GiveConsent,
  WithdrawConsent,
  ManageAccount,
  GrantRole,
  ReadTrail,
  VerifyTrail,
  Backup,
  RemoveFile,
  Restore,
};
inline constexpr std::size_t kOperations = static_cast<std::size_t>(Operation::Restore) + 1;
struct OperationInfo {
  Operation operation;
  const char* id;  // read_record
  const char* zh;  // 看台账
  bool reads;      // else it changes something
};
const std::array<OperationInfo, kOperations>& operations();
const OperationInfo& info(Operation operation);

// How the one who asks stands to what is asked about.
enum class Relation { OwnFirm, OwnTown, OwnDepartment, OwnBatch, Consented, District };
inline constexpr std::size_t kRelations = 6;
inline constexpr const char* kRelationNames[kRelations] = {"本企业",     "本镇街",     "本部门",
                                                           "本单位来件", "已授权企业", "全区"};

enum class State { Draft, Confirmed, Locked, Published };
inline constexpr std::size_t kStates = 4;
inline constexpr const char* kStateNames[kStates] = {"草稿", "已确认", "已锁定", "已公布"};

struct Account {
  std::string id = {}, unit = {};
  std::vector<std::string> roles = {};  // ids
  std::set<std::string> towns = {};     // own town and those of the park it runs
  std::set<std::string> firms = {};     // an enterprise contact's own
};

// A firm lets an outside unit see it, from a day until a day, unless withdrawn before.
struct Consent {
  std::string firm = {}, unit = {};
  calendar::Date from = {};
  std::optional<calendar::Date> to = {}, withdrawn = {};
};

// What is asked about. Empty: it has none.
struct Object {
  std::string firm = {}, town = {};
  std::string department = {};  // the unit whose data it is
  std::string meant_for = {};   // batches and receipts: the unit they are for or came from
  State state = State::Draft;
  // Who did what must be done by another (提更正单 before 批更正单). Empty where such a thing was done by
  // nobody known: the second is then refused.
  std::string done_by = {};
  // Records: of which register, and its values by operand of that register, for lines with a condition.
  // Without them a condition is not known, and what is not known grants nothing.
  std::string register_id = {};
  std::function<feel::Value(const listing::Operand&)> value_of = {};
};

struct Answer {
  bool allowed = false;
  Sensitivity level = Sensitivity::Public;  // up to which fields
  text::Words why = {};
};

// Which rows may be listed, as data that a store turns into a condition: any of these sets, or all. Who did
// what before (Object::done_by) is asked of each by itself.
struct RowSets {
  bool everything = false;
  std::set<std::string> firms = {}, towns = {}, departments = {}, meant_for = {};
  bool is_empty() const {
    return !everything && firms.empty() && towns.empty() && departments.empty() && meant_for.empty();
  }
  bool admits(const Object& object) const;
};
struct RowFilter : RowSets {
  // And those of one register for which a condition is true.
  struct Conditional : RowSets {
    std::string register_id = {};
    std::shared_ptr<const listing::Filter> condition = {};
  };
  std::vector<Conditional> conditional = {};
  bool is_empty() const { return RowSets::is_empty() && conditional.empty(); }
  bool admits(const Object& object) const;
};

// Whether every row of `listed` is one of `seen`, as far as the sets say so.
bool reaches_as_far(const RowFilter& seen, const RowFilter& listed);

class Policy;

// One account on one day. A value: every read and write takes it as an argument. Its Policy must outlive it
// and stay where it is.
// A line of the table of rights and what it says of a question.
struct Reason {
  diagnostic::Place place = {};
  text::Words says = {};
};

class Scope {
 public:
  // The machine's own operator, and evaluation itself: everything, as this account.
  static Scope whole_district(std::string account);
  Answer may(Operation operation, const Object& object) const;
  // The lines that grant it; if none does, those that would in another relation or state, and whose roles
  // may.
  std::vector<Reason> reasons(Operation operation, const Object& object) const;
  RowFilter rows(Operation operation, State state) const;
  // The rows among those whose fields of this level may be seen.
  RowFilter rows_at(Operation operation, State state, Sensitivity level) const;
  bool is_outside() const { return is_outside_; }
  bool is_whole_district() const { return is_whole_; }
  std::int64_t small_count() const;
  // A value above the level as far as the pack lets it show: 9133••••••••••791B; nothing: wholly hidden.
  std::optional<std::string> masked(std::string_view field_id, std::string_view text) const;
  bool masks(std::string_view field_id) const;  // some values of it may show so
  // "Not there" and "not yours" are the same answer to those outside.
  text::Words refusal(const Answer& answer) const;
  const Account& account() const { return account_; }

 private:
  friend class Policy;
  std::array<bool, kRelations> stands(const Object& object) const;
  const Policy* policy_ = nullptr;
  Account account_;
  std::set<std::string> consented_;
  std::vector<std::size_t> roles_;
  std::vector<std::shared_ptr<const listing::Filter>>
      conditions_;  // as Policy::conditional_; null: not its roles'
  bool is_outside_ = false;
  bool is_whole_ = false;
};

struct MatrixRow {
  std::string role;
  Operation operation;
  Relation relation;
  State state;
  std::optional<Sensitivity> level;  // nothing: denied
};

class Policy {
 public:
  // E-ACCESS-1xx: unknown words, operations without a line, needless lines, roles that must be apart.
  static Policy compile(const pack::Pack& pack, diagnostic::Diagnostics& diagnostics);

  // Unknown roles and roles that must be apart are told (E-ACCESS-201, 202); such an account may do nothing.
  Scope scope_of(const Account& account, const std::vector<Consent>& consents, calendar::Date today,
                 diagnostic::Diagnostics* diagnostics = nullptr) const;
  std::int64_t small_count() const { return small_count_; }
  // Every role × operation × relation × state.
  std::vector<MatrixRow> matrix() const;
  std::vector<std::string> roles() const;  // ids
  std::vector<std::string> role_names() const;
  std::optional<std::string> role_of(std::string_view name) const;  // id, by name or id
  // True if whoever did `first` may not do `second` to the same thing.
  bool is_separate(Operation first, Operation second) const;

 private:
  friend class Scope;
  struct Role {
    std::string id, name;
    bool is_outside = false;
    // Granted level + 1; 0: denied.
    std::array<std::array<std::array<std::uint8_t, kStates>, kRelations>, kOperations> grants{};
  };
  // A line with a condition, which is read anew for each day: it may ask what day it is.
  struct Conditional {
    std::vector<std::size_t> roles, operations, relations, states;
    std::size_t level = 0;
    const schema::Register* of = nullptr;
    std::string text;
    feel::Origin origin;
  };
  // Every line as it stands, for whoever asks why.
  struct Line {
    std::vector<std::size_t> roles, operations, relations, states;
    std::size_t level = 0;
    diagnostic::Place place = {};
    std::string condition = {};
  };
  std::vector<Role> roles_;
  std::vector<Line> lines_;
  std::vector<Conditional> conditional_;
  void add_conditional(const pack::Pack& pack, const pack::AccessLine& line, Conditional conditional,
                       diagnostic::Diagnostics& diagnostics);
  void add_mask(const pack::Pack& pack, const pack::AccessMask& mask, diagnostic::Diagnostics& diagnostics);
  const schema::Schema* schema_ = nullptr;  // of the pack, which must outlive this
  std::vector<std::vector<std::string>> apart_;
  std::set<std::pair<Operation, Operation>> separate_;
  struct Mask {
    std::size_t first = 0, last = 0;  // characters that show
  };
  std::map<std::string, Mask, std::less<>> masks_;  // by field
  std::int64_t small_count_ = 0;
};

// Counts as they may be shown: those from 1 up to below `least` are hidden, and as many more as it takes that
// no hidden one follows from the shown totals. `counts` is a table; the total of each row and column is shown
// beside it, of a single row or column only the one along it. Bounds that come of counts never being negative
// are not looked at.
std::vector<std::vector<std::optional<std::int64_t>>> suppressed(
    const std::vector<std::vector<std::int64_t>>& counts, std::int64_t least);

}  // namespace tenglong::access
