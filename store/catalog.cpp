#include "store/inside/catalog.h"

#include <algorithm>
#include <bit>

#include "engine/text/ensure.h"

namespace tenglong::store {

namespace {

std::vector<std::string> names(Connection& connection, const char* sql, const std::string& of = {}) {
  std::vector<std::string> out;
  Query query(connection, sql);
  if (!of.empty()) query.bind(1, of);
  while (query.step()) out.emplace_back(query.text(0));
  return out;
}

Column::Kind kind_of(std::string type) {
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::tolower(c); });
  if (type == "text") return Column::Kind::Text;
  if (type == "integer" || type == "bigint") return Column::Kind::Number;
  if (type == "real" || type == "double precision") return Column::Kind::Real;
  ensure(type == "blob" || type == "bytea",
         "columns are text, integer (bigint), real (double precision) or blob (bytea)");
  return Column::Kind::Bytes;
}

Table describe(Connection& connection, const std::string& name) {
  const bool is_sqlite = connection.backend() == Backend::Sqlite;
  Table out{name};
  Query columns(connection,
                is_sqlite
                    ? "select name, type from pragma_table_info($1)"
                    : "select attname::text, format_type(atttypid, null) from pg_attribute where attrelid = "
                      "to_regclass($1) and attnum > 0 and not attisdropped");
  columns.bind(1, name);
  while (columns.step())
    out.columns.push_back({kind_of(std::string(columns.text(1))), std::string(columns.text(0))});
  std::sort(out.columns.begin(), out.columns.end(),
            [](const Column& a, const Column& b) { return a.name < b.name; });
  if (is_sqlite) {
    out.key = names(connection, "select name from pragma_table_info($1) where pk > 0 order by pk", name);
    if (out.key.empty())
      out.key = names(connection,
                      "select part.name from pragma_index_info((select name from pragma_index_list($1) where "
                      "\"unique\" = 1 order by seq limit 1)) part order by part.seqno",
                      name);
  } else {
    out.key =
        names(connection,
              "select attname::text from pg_index cross join unnest(indkey) with ordinality as part(number, "
              "place) join pg_attribute on attrelid = indrelid and attnum = part.number where indrelid = "
              "to_regclass($1) and indisprimary order by place",
              name);
  }
  return out;
}

std::string comma_list(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& each : words) out += (out.empty() ? "" : ", ") + each;
  return out;
}

}  // namespace

std::vector<Table> tables_of(Connection& connection) {
  std::vector<Table> out;
  for (const std::string& name :
       names(connection,
             connection.backend() == Backend::Sqlite
                 ? "select name from sqlite_schema where type = 'table' order by name"
                 : "select relname::text collate \"C\" from pg_class where relkind in ('r', 'p') and "
                   "relnamespace = current_schema()::regnamespace order by 1")) {
    if (name.starts_with("sqlite_") || name.starts_with("held_") || name == "schema_step") continue;
    Table table = describe(connection, name);
    ensure(!table.key.empty() && table.key[0] == "area", "every table is keyed by area first");
    out.push_back(std::move(table));
  }
  return out;
}

std::string select_all(const Table& table) {
  std::vector<std::string> columns;
  for (const Column& each : table.columns) columns.push_back(each.name);
  return "select " + comma_list(columns) + " from " + table.name + " where area = $1 order by " +
         comma_list(table.key);
}

void add_row(fingerprint::Digest& digest, const Table& table, const Query& row) {
  for (int i = 0; i < static_cast<int>(table.columns.size()); ++i) {
    if (row.is_null(i)) {
      digest.bytes("0");
      continue;
    }
    digest.bytes("1");
    switch (table.columns[static_cast<std::size_t>(i)].kind) {
      case Column::Kind::Number:
        digest.number(row.number(i));
        break;
      case Column::Kind::Real:
        digest.number(std::bit_cast<std::int64_t>(row.real(i)));
        break;
      case Column::Kind::Text:
      case Column::Kind::Bytes:
        digest.field(row.text(i));
    }
  }
}

}  // namespace tenglong::store
