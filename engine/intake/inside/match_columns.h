// Which column of a table is which field, of which register, for which period.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/intake/inside/findings.h"
#include "engine/intake/intake.h"
#include "engine/quantity/unit.h"
#include "engine/sheet/table.h"

namespace tenglong::intake {

inline constexpr const char* kPeriodColumn = "period";

struct MappedColumn {
  int column = 0;
  const schema::Field* field = nullptr;
  int own_index = -1;  // index into Register::fields; -1: a key field of the register it belongs to
  int key_index = -1;  // position in the key; -1: not of the key
  // In a sheet without the key: what tells whom a row is about. -1: nothing; 0: the name; from 1 on: that one
  // of NameRules::near_fields.
  int tells_who = -1;
  std::optional<quantity::Unit> unit = {};
};

struct Layout {
  const schema::Register* target = nullptr;
  std::vector<const schema::Field*> key = {};
  std::vector<MappedColumn> columns = {};  // by rising column
  int period_column = 0;                   // 0: none
  std::optional<calendar::Period> period = {};
  int document_column = 0;
  bool is_by_name = false;  // the key is found by the name
};

// The key of a register: its own, or that of the register it belongs to.
std::vector<const schema::Field*> key_fields(const schema::Schema& schema, const schema::Register& target);
bool fits(const calendar::Period& period, schema::PeriodKey key);
// "2023年税收情况表" -> 2023, if it is of the kind the register wants.
std::optional<calendar::Period> period_in(std::string_view text, schema::PeriodKey key);
// Half-width, lower-case, without blanks, brackets and marks such as *.
std::string plain_label(std::string_view label);
std::string header_fingerprint(const sheet::Table& table);

// Fills `report`; nothing if the sheet cannot be read, and `findings` says why.
std::optional<Layout> match_columns(const sheet::Table& table, const std::string& sheet_name,
                                    const std::string& file_name, const schema::Schema& schema,
                                    const registers::RegisterStore& store, const Options& options,
                                    SheetIntake& report, Findings& findings);

}  // namespace tenglong::intake
