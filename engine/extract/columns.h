// Which columns a register has in a file, and how its values stand in them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/extract/extract.h"
#include "engine/register/register.h"
#include "engine/schema/schema.h"
#include "engine/sheet/writer.h"

namespace tenglong::extract {

struct Column {
  enum class What { Key, Period, Field } what = What::Field;
  const schema::Field* field = nullptr;  // of the register, or for keys of the register it belongs to
  int index = -1;                        // Field: into Register::fields; Key: the part of the record key
  const schema::Codes* codes = nullptr;
  std::string header = {};
  bool reads_back = true;
};

// The key of the record above first, then the period, then the fields that are not computed.
std::vector<Column> columns_of(const schema::Schema& schema, const schema::Register& target);
sheet::OutColumn layout(const Column& column);
// One field, computed or not; its header says 只读 where it does not read back.
Column column_of(const schema::Schema& schema, const schema::Register& target, const schema::Field& field,
                 bool reads_back);
// Of a column of a key or a period.
sheet::OutCell leading_cell(const Column& column, const std::string& key,
                            const std::optional<calendar::Period>& period);
sheet::OutCell cell_of(const Column& column, const FileCell& cell);

// The code table of a field: its own, or for an area that of its level. Null if it has none.
const schema::Codes* codes_of(const schema::Schema& schema, const schema::Field& field);

}  // namespace tenglong::extract
