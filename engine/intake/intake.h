// From a sender's workbook to statements: which column is which field, what each cell means, and every
// mistake at once.
//
// In:    a file, the registers of the pack, what the store already holds, who sent it.
// Out:   statements in the store, the mapping that was used, findings by sheet and cell.
// Order: sheets as in the file; findings by place; statements by row. The order of rows changes no value.
// Cost:  every sheet is read once, parsed on one thread and judged on another; memory is 40 bytes a row and
// about 8 a number (texts: their bytes), plus the findings, of which 64 MiB are told in full; never the
// workbook. 400,000 x 30 through the command, into SQLite and with the sender's copy: about 40 s on two cores
// and 400 MiB, of which the index of 200,000 firms is 130 (bench_intake).
// Never: writes part of a file: right rows go in together, wrong rows stay out, and the same file twice is
// the same file once. Never corrects a value that could mean two things; never reads a clock.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/identity/identity.h"
#include "engine/register/register.h"
#include "engine/schema/schema.h"

namespace tenglong::intake {

// A year that is locked: what is wrong in it goes by a correction.
struct ClosedPeriod {
  calendar::Period period = {};
  std::string since = {};  // 2024-05-01
};
// How far an import is, told every few thousand rows.
struct Progress {
  enum class Stage { Reading, Checking, Storing };
  Stage stage = Stage::Reading;
  std::string sheet = {};
  std::int64_t rows = 0;           // of this stage
  std::int64_t rows_expected = 0;  // 0: nobody can say
  std::int64_t findings = 0;       // listed or not
};
// False: stop; nothing is written then.
using Watch = std::function<bool(const Progress&)>;

struct Options {
  std::string provider = {};                    // 区税务局
  std::string submitter = {};                   // who handed the file in
  std::string received_at = {};                 // 2023-05-06T09:10:11+08:00
  std::string document = {};                    // 文号; needed for results of years before the system
  std::string mark = {};                        // 样例数据
  std::optional<std::string> register_id = {};  // instead of choosing by the header
  std::optional<calendar::Period> period = {};  // instead of the title, the sheet's or the file's name
  // Somebody has checked the amounts that look a thousand times too large; rows that are in stay.
  bool accept_unusual = false;
  bool is_preliminary = false;                   // 快报数: gives way to the final figure
  std::optional<calendar::Date> effective = {};  // from when the values hold in the world
  std::vector<ClosedPeriod> closed = {};         // rows of these periods are refused
  // Who an unknown code or a name may be; decided ones are followed. Asked for when the first row needs it:
  // making it reads every enterprise. It must live as long as the import.
  std::function<const identity::Index*()> enterprises = {};
  const schema::NameRules* names = nullptr;  // by which names are compared; null: by none
  // What happened to enterprises: a row of one that was no more when its period began is told.
  std::vector<identity::Event> events = {};
  // In a sheet with names and no codes: a row goes in without asking if exactly one candidate has at least
  // this score; nothing: NameRules::sure.
  std::optional<int> sure_name = {};
  // What findings, periods and batches call a file that lies under another name; empty: its own.
  std::string shown_name = {};
  // What somebody decided of columns, by header or letter: a field's name or id, "" = not read. Remembered.
  std::map<std::string, std::string> decided = {};
  // import_file: where the sender's copy with the column 问题 goes, if anything is wrong; empty: nowhere. It
  // is written beside the store.
  std::string copy_to = {};
  // Only the headers: which column is which field, and what is new since the last template.
  bool preview = false;
  // Everything but writing: the report is what the import would say, and nothing is kept.
  bool trial = false;
  // Where a header is only near to a field's name, somebody says what it is before a row is read: the sheets
  // are reported as by `preview`, with `waits_for_columns`.
  bool ask_near = false;
  Watch watch = {};
};

struct ColumnMatch {
  enum class How { Name, Alias, Remembered, Near, Ignored };
  int column = 0;            // from 1
  std::string letter = {};   // "C"
  std::string label = {};    // as printed: 税收/实缴税金（万元）
  std::string field = {};    // field id; "" if the column is not read; "period" for the column of the period
  std::string unit = {};     // as the header says; "" = the field's
  How how = How::Ignored;    // Near: `offered` is only offered, the column is not read
  std::string offered = {};  // name of the field that a near spelling probably means
};
const char* to_code(ColumnMatch::How how);  // "name" "alias" ...

// How the header of a sheet differs from the one that the same provider sent last.
struct HeaderChange {
  enum class Kind { Added, Gone, Renamed, Moved, UnitChanged };
  Kind kind = Kind::Added;
  std::string was = {}, is = {};     // labels as printed
  std::string was_at = {}, at = {};  // letters
  std::string field = {};            // id; "" if the column is not read
  std::string was_unit = {}, unit = {};
  bool is_unit_stated = false;  // this header says so; else the field's own unit is taken
};
const char* to_code(HeaderChange::Kind kind);  // "added" "gone" ...

struct SheetIntake {
  std::string sheet = {};
  std::string register_id = {};  // "" if no register fits
  int header_row = 0;            // the last of them
  std::vector<ColumnMatch> columns = {};
  std::vector<HeaderChange> changes = {};       // empty too if this header, or none, was sent before
  std::optional<calendar::Period> period = {};  // nothing if it stands in a column, or none is needed
  std::int64_t rows_read = 0;                   // rows of data: no totals, no notes
  std::int64_t accepted = 0;                    // written as new statements
  std::int64_t unchanged = 0;                   // the same provider already said the same
  std::int64_t refused = 0;
};

struct Intake {
  std::vector<SheetIntake> sheets = {};
  diagnostic::Diagnostics diagnostics = {};
  bool already_imported = false;   // this file is in; nothing was written
  bool stored = false;             // at least one statement was written
  bool stopped = false;            // Options::watch said so; nothing was written
  bool waits_for_columns = false;  // Options::ask_near; nothing was read
  bool has_copy = false;           // the file of Options::copy_to is there
  // Sheet, then row, then what is wrong with it, for the 问题 column of the sender's copy.
  std::map<std::string, std::map<int, std::string>> problems_by_row = {};
};

// The 问题 column tells every mistake of a row until all rows together have this many bytes; from there on a
// row tells its first one and how many more there are.
inline constexpr std::size_t kRemarkBytes = 64 << 20;

// At most this many findings of one kind are listed per column; the rest are counted in one more. The 问题
// column has all of them.
inline constexpr int kListedPerColumn = 200;

// The file is read as it lies on the disk. All or nothing makes an import resumable: one that was cut off has
// written nothing, and the same call does it again; one that was finished is recognised by its fingerprint.
Intake import_file(const std::string& path, const schema::Schema& schema, registers::RegisterStore& store,
                   const Options& options);
// The bytes of an upload; `file_name` is what findings and batches call it.
Intake import_bytes(const std::string& file_name, std::string bytes, const schema::Schema& schema,
                    registers::RegisterStore& store, const Options& options);

}  // namespace tenglong::intake
