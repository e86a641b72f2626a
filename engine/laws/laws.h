// 规矩: whether what the registers hold keeps what the pack says of them.
//
// In:    the schema and a snapshot. Out: every finding with its record, field and, for spans, its days.
// Order: by register, then record, then field or law as the pack has them; not changed by threads.
// Never: repairs; takes what is not known for kept or for broken; reads a clock (the caller says the day).
// Cost:  linear in rows, n log n in spans; a law over spans costs the product of the spans of one record and
// those in force with them.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/column/column.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/register/spans.h"
#include "engine/schema/schema.h"

namespace tenglong::laws {

using calendar::Date;

struct Subject {
  int register_index = -1;  // into Schema::registers
  std::size_t row = 0;      // of the snapshot's table
  friend auto operator<=>(const Subject&, const Subject&) = default;
};

struct Finding {
  std::string code = {};  // E-LAWS-106; see docs/errors
  diagnostic::Severity severity = diagnostic::Severity::Error;
  Subject subject = {};
  int field = -1;                  // index into Register::fields; -1: the record
  int law = -1;                    // index into Register::laws; -1: no law
  std::optional<Date> from = {};   // first and last day on which it is so
  std::optional<Date> until = {};  // none: from then on
  text::Words message = {};
  text::Words advice = {};
  std::vector<Subject> others = {};  // the records that take part
};

struct Options {
  std::set<std::string> registers = {};  // ids; empty: all
  std::optional<Date> today = {};  // for codes of records that have no date of their own; none: not asked
};

struct Checked {
  std::vector<Finding> findings = {};
  std::int64_t records = 0;    // looked at
  std::int64_t law_cases = 0;  // a law on a record, or on one stretch of days of one
  std::int64_t unknown = 0;    // of these, not known
};
Checked check(const schema::Schema& schema, const column::Snapshot& snapshot, const Options& options = {});

// The days of one record of a span register; nullopt if its first day is not known.
using registers::Days;
std::optional<Days> days_of(const schema::Register& target, const column::Table& table, std::size_t row);
// Rows of a span register that hold on a day, in order.
std::vector<std::size_t> in_force(const schema::Register& target, const column::Table& table, Date on);

// Rows of `law.over` that belong to each row of the law's register, in order: index = row.
std::vector<std::vector<std::size_t>> related_rows(const schema::Schema& schema,
                                                   const column::Snapshot& snapshot,
                                                   const schema::Register& target, const schema::Law& law);

}  // namespace tenglong::laws
