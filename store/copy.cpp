#include "store/copy.h"

#include <filesystem>

#include "store/inside/catalog.h"
#include "store/inside/change.h"
#include "store/inside/steps.h"

namespace tenglong::store {

namespace {

// Opened and brought up as open_store() does.
Ground open_ground(const std::string& where, const std::string& area, const schema::Schema& schema) {
  Ground out{open_db(where), area, schema};
  upgrade(*out.db);
  return out;
}

Contents contents_in(Connection& connection, const std::string& name, const std::string& area) {
  Contents out{.name = name, .schema_version = schema_of(connection)};
  for (const Table& table : tables_of(connection)) {
    TableContent content{table.name};
    fingerprint::Digest digest;
    Query rows(connection, select_all(table), Rows::Streamed);
    rows.bind(1, area);
    for (; rows.step(); ++content.rows) add_row(digest, table, rows);
    content.fingerprint = digest.hex();
    out.tables.push_back(std::move(content));
  }
  out.events = size_in(connection, area);
  out.trail_root = trail::to_hex(root_in(connection, area));
  return out;
}

// Copies a table; what was read, as the source had it.
TableContent copy_table(Connection& from, Connection& to, const Table& table, const std::string& area) {
  TableContent out{table.name};
  fingerprint::Digest digest;
  std::vector<std::string> columns;
  for (const Column& each : table.columns) columns.push_back(each.name);
  Query rows(from, select_all(table), Rows::Streamed);
  rows.bind(1, area);
  const std::unique_ptr<Load> load = to.load(table.name, columns);
  for (; rows.step(); ++out.rows) {
    add_row(digest, table, rows);
    for (int i = 0; i < static_cast<int>(table.columns.size()); ++i) {
      if (rows.is_null(i)) {
        load->null();
        continue;
      }
      switch (table.columns[static_cast<std::size_t>(i)].kind) {
        case Column::Kind::Number:
          load->number(rows.number(i));
          break;
        case Column::Kind::Real:
          load->real(rows.real(i));
          break;
        case Column::Kind::Text:
          load->text(rows.text(i));
          break;
        case Column::Kind::Bytes:
          load->bytes(rows.text(i));
      }
    }
    load->end_row();
  }
  load->finish();
  out.fingerprint = digest.hex();
  return out;
}

diagnostic::Diagnostic refusal(const char* code, const std::string& place, text::Words message,
                               text::Words advice) {
  return {.code = code, .place = {.file = place}, .message = std::move(message), .advice = std::move(advice)};
}

}  // namespace

std::string Contents::fingerprint() const {
  fingerprint::Digest digest;
  digest.number(schema_version);
  for (const TableContent& each : tables) digest.field(each.table).number(each.rows).field(each.fingerprint);
  digest.number(events).field(trail_root);
  return digest.hex();
}

Contents contents_of(const std::string& where, const std::string& area, const schema::Schema& schema) {
  const Ground ground = open_ground(where, area, schema);
  adopt(ground);
  const Db::Reader reader = ground.db->snapshot();
  return contents_in(*reader, ground.db->name(), area);
}

Copy copy_area(const std::string& from, const std::string& to, const std::string& area,
               const schema::Schema& schema) {
  Copy out;
  const Ground source = open_ground(from, area, schema), target = open_ground(to, area, schema);
  adopt(source);
  std::error_code ignored;
  if (source.db->name() == target.db->name() ||
      std::filesystem::equivalent(source.db->name(), target.db->name(), ignored)) {
    out.refused.push_back(refusal("E-STORE-102", source.db->name(),
                                  {"来处与去处是同一个地方。", "Source and target are the same place."},
                                  {"--to 写另一个数据文件夹或数据库。", "Name another place with --to."}));
    return out;
  }
  const Db::Reader reader = source.db->snapshot();
  Transaction transaction(*target.db, area);
  Connection& writer = transaction.connection();
  const std::vector<Table> tables = tables_of(*reader);
  for (const Table& table : tables) {
    Query found(writer, "select count(*) from " + table.name + " where area = $1");
    found.bind(1, area).step();
    if (found.number(0) == 0) continue;
    out.refused.push_back(
        refusal("E-STORE-101", target.db->name(),
                {"去处已有本区划的内容：" + table.name + " " + std::to_string(found.number(0)) + " 行。",
                 "The target already holds something of this area: " + table.name + ", " +
                     std::to_string(found.number(0)) + " rows."},
                {"换一个空的数据文件夹，或新建一个数据库。", "Take an empty folder or a new database."}));
  }
  if (!out.refused.empty()) return out;

  std::vector<TableContent> read;
  for (const Table& table : tables) read.push_back(copy_table(*reader, writer, table, area));
  const std::string root = trail::to_hex(root_in(*reader, area));
  out.contents = contents_in(writer, target.db->name(), area);
  if (out.contents.tables != read || out.contents.trail_root != root)
    throw StoreFailure({"复制后核对不符，已全部撤回，去处仍是空的。用 tenglong-verify 核对来处。",
                        "The copy is not the same as its source and was taken back. Check the source with "
                        "tenglong-verify."},
                       "fingerprints differ after the copy", Trouble::Damaged);
  transaction.commit();
  return out;
}

}  // namespace tenglong::store
