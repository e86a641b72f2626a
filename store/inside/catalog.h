// What tables a database has, asked of the database itself: a table that a later step brings is copied and
// fingerprinted without being named anywhere.
#pragma once
#include <string>
#include <vector>

#include "engine/fingerprint/fingerprint.h"
#include "store/inside/db.h"

namespace tenglong::store {

struct Column {
  enum class Kind { Text, Number, Real, Bytes } kind = Kind::Text;
  std::string name;
};
struct Table {
  std::string name;
  std::vector<Column> columns = {};   // by name
  std::vector<std::string> key = {};  // the primary key, or the first unique index
};

// The tables that hold something of an area, by name. Those whose name begins with held_ are worked out from
// the others and left out.
std::vector<Table> tables_of(Connection& connection);

std::string select_all(const Table& table);  // of area $1, in the order of the key
// Adds a row of select_all() to a digest of the table.
void add_row(fingerprint::Digest& digest, const Table& table, const Query& row);

}  // namespace tenglong::store
