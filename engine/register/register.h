// 台账: what providers said, each value with its origin, and which of several statements holds.
//
// In:    statements, as intake makes them. Out: records: one value or one reason for its absence per field.
// Order: records by key, then period; statements by arrival. Never changed by threads or by the order of
//        files of one day that do not contradict each other.
// Never: overwrites: a correction, or the choice of a rival, is a new statement. Never touches a disk:
//        RegisterStore says what must be kept.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/calendar/moment.h"
#include "engine/calendar/period.h"
#include "engine/quantity/decimal.h"
#include "engine/quantity/state.h"
#include "engine/schema/schema.h"
#include "engine/text/text.h"

namespace tenglong::registers {

using calendar::Date;
using calendar::Period;
using quantity::Decimal;
using quantity::State;

// Numbers are in the field's unit; codes, areas, units and references are their codes.
using Scalar = std::variant<std::monostate, bool, Decimal, std::string, Date>;
std::string to_text(
    const Scalar& value);  // canonical: "true", "12.5", "2023-01-01", the text itself, "" for nothing

struct BatchId {
  std::int64_t value = 0;
  friend auto operator<=>(const BatchId&, const BatchId&) = default;
};

// How a batch came in. Choice and Correction are rulings: they are heard above the providers, and carry a
// reason.
enum class Source : std::uint8_t { File, Form, Api, Correction, RollUp, Choice };
std::string_view to_text(Source source);  // file, form, api, correction, roll_up, choice
std::optional<Source> source_of(std::string_view text);
text::Words name_of(Source source);
inline bool is_ruling(Source source) { return source == Source::Correction || source == Source::Choice; }

// One file (or form) as it was received.
struct Batch {
  BatchId id = {};
  std::string register_id;
  std::string provider;  // 区税务局
  std::string submitter;
  std::string received_at;  // 2023-05-06T09:10:11+08:00, given by the caller
  std::string file_name;
  std::string file_fingerprint;
  std::string document;  // 文号, for external results
  std::string mark;      // 样例数据
  std::int64_t rows_read = 0, rows_accepted = 0, rows_refused = 0;
  Source source = Source::File;
  bool is_preliminary = false;  // 快报数、初步数: replaced by the final figure, never its rival
  std::string reason = {};      // of a ruling or of what was entered by hand: why this value
};

// Batches by their number.
class Batches {
 public:
  Batches() = default;
  explicit Batches(std::vector<Batch> batches);
  const Batch& at(BatchId id) const;  // a batch of nobody, if there is none
  const std::vector<Batch>& all() const { return batches_; }

 private:
  std::vector<Batch> batches_;  // by rising id
};

// Which statements are looked at; each limit narrows, and none is all there is.
struct View {
  std::optional<Date> as_of = {};                 // the world on this day: what takes effect later is not yet
  std::optional<calendar::Moment> known_on = {};  // what had been received by then
  std::optional<BatchId> through = {};            // a snapshot's high-water mark
  std::vector<BatchId> also = {};                 // and these after it: corrections of a locked year; rising
};
// Up to which batch a store has to read for the view.
std::optional<BatchId> last_of(const View& view);
// Whether a batch had arrived. One whose time of receipt is not written was always known.
bool in_view(const Batch& batch, const View& view);

struct FieldValue {
  int field = -1;  // index into Register::fields
  State state =
      State::Known;  // Known with a value; Missing or NotApplicable as the sender wrote it (缺报, 不适用)
  Scalar value = {};
  std::string cell = {};  // C17
};

// All that one row of one sheet says about one record (and period).
struct Statement {
  std::string register_id;
  std::string record_key;  // values of the key fields joined with U+001F
  std::optional<Period> period = {};
  BatchId batch = {};
  std::string sheet;
  std::int64_t row = 0;
  std::vector<FieldValue> values = {};  // by rising field index
  std::optional<Date> effective = {};   // from when it holds in the world (改名自 2022-05-01)
};

// Where the value that holds came from, and the ones that lost.
struct Origin {
  BatchId batch = {};
  std::string sheet;
  std::int64_t row = 0;
  std::string cell;
};
struct Resolved {
  State state = State::Missing;
  Scalar value = {};
  Origin origin = {};
  struct Rival {
    Scalar value = {};
    Origin origin = {};
  };
  std::vector<Rival> rivals = {};  // differing values of other providers
  BatchId ruling = {};             // the choice or correction by which this value holds; 0: none was needed
  bool is_preliminary = false;
  std::optional<Rival> preliminary = {};  // what the same provider had reported before the final figure
};
struct Record {
  std::string key;
  std::optional<Period> period = {};
  std::vector<Resolved> fields = {};  // as Register::fields
};

// Which statement holds, field by field, of one record's statements; those outside the view are passed over.
//
// The field's own provider beats others; others that differ make the field Disputed. Of one provider the
// latest wins, except that a preliminary figure never replaces a final one, and that in a register without
// periods a value holds from its day (`effective`, else the day of receipt) until the next: who sends an old
// name after the new one does not rename the enterprise back. What was never dated and came first holds from
// the beginning.
// A ruling (choice, correction) settles what had been said before it. Who says something new afterwards, and
// not the same, reopens the question: the field is Disputed until somebody rules again; only what takes
// effect after the ruling replaces it.
Record resolve(const schema::Register& target, std::vector<Statement> statements, const Batches& batches,
               const View& view = {});

// A remembered header mapping of one provider for one register.
struct Mapping {
  std::string provider;
  std::string register_id;
  std::string header_fingerprint;  // SM3 of the header labels in order
  struct Column {
    int column = 0;  // from 1
    std::string label;
    std::string field;  // field id; "" = deliberately ignored
    std::string unit;   // as read from the header; "" = the field's
  };
  std::vector<Column> columns = {};
};

// What this room needs kept. store/ keeps it. A batch is wholly there or not at all.
class RegisterStore {
 public:
  virtual ~RegisterStore() = default;

  // All or nothing: begins a batch; statements go in; commit() makes them visible. Destroyed uncommitted:
  // nothing happened.
  class Writer {
   public:
    virtual ~Writer() = default;
    virtual BatchId batch() const = 0;
    virtual void add(const Statement& statement) = 0;
    virtual void commit(const Batch& finished) = 0;
  };
  virtual std::unique_ptr<Writer> write(const Batch& batch) = 0;
  // A batch of the same register, provider and file fingerprint that is already in.
  virtual std::optional<Batch> same_file(std::string_view register_id, std::string_view provider,
                                         std::string_view file_fingerprint) const = 0;
  virtual std::vector<Batch> batches() const = 0;
  // By record key, then period, then arrival. `through`: only batches up to this one (a snapshot's high-water
  // mark).
  virtual void read(std::string_view register_id, std::optional<BatchId> through,
                    const std::function<void(Statement&&)>& each) const = 0;
  // The statements of one record in all its periods, by period, then arrival.
  virtual void read_record(std::string_view register_id, std::string_view record_key,
                           std::optional<BatchId> through,
                           const std::function<void(Statement&&)>& each) const = 0;
  virtual std::int64_t statement_count(std::string_view register_id) const = 0;

  virtual std::optional<Mapping> mapping(std::string_view provider, std::string_view register_id,
                                         std::string_view header_fingerprint) const = 0;
  virtual void remember(const Mapping& mapping) = 0;
};

// Resolved records of a register, in order, streaming. A record of which nothing is in view is not there.
void read_records(const RegisterStore& store, const schema::Register& target, const View& view,
                  const std::function<void(Record&&)>& each);
// One record in all its periods.
std::vector<Record> read_record(const RegisterStore& store, const schema::Register& target,
                                std::string_view record_key, const View& view);

}  // namespace tenglong::registers
