// Records of a register as a file, row by row as a list gives them, and templates to fill in.
//
// In:    fields of a register and rows of cells. Out: .xlsx or .csv whose headers this system reads back:
// importing what was exported changes nothing.
// Order: as the rows come. Cost: memory is one row.
// Never: a formula; a code that a spreadsheet program could take for a number; half a file; a column that
// reads back though it is computed, or though not all of it may be seen.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/calendar/period.h"
#include "engine/register/register.h"
#include "engine/schema/schema.h"

namespace tenglong::extract {

struct Format {
  std::string mark = {};   // 样例数据, 内部: a red line above the header
  std::string title = {};  // empty: the register's name and the period
};

struct FileColumn {
  const schema::Field* field = nullptr;
  bool reads_back = true;  // else its header says 只读, and an import leaves it out
};
// The fields by id or name, the register's own keys first; none: all of them. A name that is no field stands
// as it is.
std::vector<std::string> with_keys(const schema::Register& target, const std::vector<std::string>& wanted);

struct FileCell {
  quantity::State state = quantity::State::Missing;
  registers::Scalar value = {};
  bool is_said = false;     // by somebody, be it that there is nothing
  bool is_covered = false;  // not for who asks: `value` is what shows of it, if anything does
};

bool is_file_name(const std::string& path);  // it ends in .xlsx or .csv
// A file that is there whole or not at all. Throws std::runtime_error if the disk fails.
class TableFile {
 public:
  TableFile(const schema::Schema& schema, const schema::Register& target,
            const std::vector<FileColumn>& columns, const std::optional<calendar::Period>& period,
            const Format& format, const std::string& path);
  ~TableFile();
  TableFile(const TableFile&) = delete;
  TableFile& operator=(const TableFile&) = delete;
  // Cells as `columns`.
  void row(const std::string& key, const std::optional<calendar::Period>& period,
           std::span<const FileCell> cells);
  void finish();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

// An empty sheet to fill in: headers with units, drop-downs of codes, 是/否, a note on each column; with
// `store`, the keys that are known (the enterprises of the register above) stand in their column.
void write_template(const schema::Schema& schema, const schema::Register& target,
                    const registers::RegisterStore* store, const Format& format, const std::string& path);

}  // namespace tenglong::extract
