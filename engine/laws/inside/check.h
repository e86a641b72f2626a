// One register being checked: its table, and where findings go.
#pragma once
#include <string>

#include "engine/column/record_view.h"
#include "engine/laws/laws.h"

namespace tenglong::laws {

struct Subjects {
  const schema::Schema& schema;
  const column::Snapshot& snapshot;
  const Options& options;
  int index;  // of the register
  Checked& out;

  const schema::Register& target() const { return schema.registers[static_cast<std::size_t>(index)]; }
  const column::Table& table() const { return snapshot.tables[static_cast<std::size_t>(index)]; }
  Finding& add(std::string code, std::size_t row, int field, text::Words message, text::Words advice) const;
};

// “宗地 P1（2023 年）”: a record as people name it.
std::string named(const schema::Register& target, const column::Table& table, std::size_t row);

// The first row whose key is not less; rows stand by key.
std::size_t first_row(const column::Table& table, std::string_view key);

void check_values(const Subjects& subjects);  // required, references, codes
void check_unique(const Subjects& subjects);
void check_spans(const Subjects& subjects);
void check_laws(const Subjects& subjects);

}  // namespace tenglong::laws
