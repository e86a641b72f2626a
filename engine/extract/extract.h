// Records of a register as a file: exactly those that a filter names, and templates to fill in.
//
// In:    a register, a filter in FEEL over its fields, those of the record it belongs to (企业.镇街) and
// 年度. Out: .xlsx or
//        .csv whose headers this system reads back: importing what was exported changes nothing.
// Order: by key, then period. Cost: rows stream; memory is one row and, where the filter asks for them, the
// fields of
//        the records above.
// Never: a record of which the filter is not known (it is counted: unknown is not false); a formula; a code
// that a
//        spreadsheet program could take for a number.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/register/register.h"
#include "engine/schema/schema.h"

namespace tenglong::extract {

struct Query {
  std::string register_id = {};
  std::optional<calendar::Period> period = {};
  std::string where = {};                // FEEL; empty: all
  std::vector<std::string> fields = {};  // ids or names, in the order wanted; empty: all
  std::optional<registers::BatchId> through = {};
};

struct Format {
  std::string mark = {};   // 样例数据, 内部: a red line above the header
  std::string title = {};  // empty: the register's name and the period
};

struct Counts {
  std::int64_t written = 0;
  std::int64_t left_out = 0;  // the filter is false
  std::int64_t unknown = 0;   // the filter has no answer for want of a value
};

// Every 1,000 records read; false stops, and no file is left.
using Progress = std::function<bool(const Counts& so_far)>;

struct Extracted {
  Counts counts = {};
  bool stopped = false;
  diagnostic::Diagnostics diagnostics = {};  // E-EXTRACT-1xx: the query; nothing is written then
};

// `path` ends in .xlsx or .csv. Throws std::runtime_error if the disk fails; the file is then as it was.
Extracted extract_to_file(const schema::Schema& schema, const registers::RegisterStore& store,
                          const Query& query, const Format& format, const std::string& path,
                          const Progress& progress = {});

// An empty sheet to fill in: headers with units, drop-downs of codes, 是/否, a note on each column; with
// `store`, the keys that are known (the enterprises of the register above) stand in their column.
void write_template(const schema::Schema& schema, const schema::Register& target,
                    const registers::RegisterStore* store, const Format& format, const std::string& path);

}  // namespace tenglong::extract
