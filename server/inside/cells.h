// Cells of records as the pages read them.
#pragma once
#include <string>

#include "campaign/access/access.h"
#include "engine/column/column.h"
#include "engine/text/json_writer.h"
#include "server/district.h"
#include "server/shape.h"

namespace tenglong::server {

// A value in words: a code by its name, 是 and 否, a file by its name.
std::string shown(const Edition& edition, const schema::Field& field, const std::string& written);
// How much of a cell somebody sees: all, what a mask of the rights leaves, or that it is hidden.
struct Cover {
  bool is_covered = false;
  std::string mask = {};  // "": nothing shows
};
Cover cover_of(const access::Scope& scope, const schema::Field& field, bool is_seen, quantity::State state,
               const std::string& written);
// `written`: the value as its text, where the state is Known. `files`: of an attachment it is told whether
// the file itself was handed in.
void write_cell(text::JsonWriter& out, const Edition& edition, const schema::Field& field,
                const std::string& written, quantity::State state, const Cover& cover,
                const std::string& period, const store::Store* files = nullptr);
Shape cell_shape();
std::string text_of_cell(const column::Table& table, std::size_t field, std::size_t row);

}  // namespace tenglong::server
