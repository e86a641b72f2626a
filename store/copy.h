// Everything of one area from one database to another, proved the same; and what a database holds, in figures
// that two of them can be compared by.
//
// In:    two places, as open_store() takes them. Out: every table's rows and fingerprint, the root of the
// trail. Order: tables by name; rows by primary key, columns by name: the same on both back ends. Never: half
// a copy, a copy over something, a moment of the source that never was.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/schema/schema.h"

namespace tenglong::store {

struct TableContent {
  std::string table;
  std::int64_t rows = 0;
  std::string fingerprint = {};  // SM3 over the rows
  friend bool operator==(const TableContent&, const TableContent&) = default;
};

struct Contents {
  std::string name;  // of the place, for people
  int schema_version = 0;
  std::vector<TableContent> tables = {};
  std::int64_t events = 0;
  std::string trail_root = {};
  std::string fingerprint() const;  // over all of the above but the name
};

Contents contents_of(const std::string& where, const std::string& area, const schema::Schema& schema);

struct Copy {
  diagnostic::Diagnostics refused = {};  // not empty: nothing was copied
  Contents contents = {};                // read back from the target before it was committed
};
Copy copy_area(const std::string& from, const std::string& to, const std::string& area,
               const schema::Schema& schema);

}  // namespace tenglong::store
