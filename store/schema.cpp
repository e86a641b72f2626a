#include "store/inside/schema.h"

#include <array>

#include "store/store.h"

namespace tenglong::store {

namespace {

// The area code leads every key (design: districts may share one database). A statement is one row of one
// sheet; its payload names fields by id, so that a changed pack still reads what was said before.
constexpr std::array kSteps = {
    R"sql(
create table setting (
  area text not null, name text not null, value text not null,
  primary key (area, name)
) without rowid;
create table batch (
  area text not null, id integer not null, register_id text not null, provider text not null, submitter text not null,
  received_at text not null, file_name text not null, file_fingerprint text not null, document text not null, mark text not null,
  rows_read integer not null, rows_accepted integer not null, rows_refused integer not null,
  primary key (area, id)
) without rowid;
create index batch_file on batch (area, register_id, provider, file_fingerprint);
create table statement (
  area text not null, register_id text not null, record_key text not null, period text not null, batch integer not null,
  sheet text not null, row integer not null, payload text not null
);
create index statement_record on statement (area, register_id, record_key, period, batch);
create table mapping (
  area text not null, provider text not null, register_id text not null, header_fingerprint text not null, columns text not null,
  primary key (area, provider, register_id, header_fingerprint)
) without rowid;
create table result (
  area text not null, fingerprint text not null, ordinal integer not null, period text not null, taken_at text not null, encoded blob not null,
  primary key (area, fingerprint)
);
create index result_by_period on result (area, period, ordinal);
)sql",
    // 留痕: docs/trail.md. Nothing is ever updated or deleted here; the triggers are for the honest mistake.
    R"sql(
create table trail_event (
  area text not null, number integer not null, encoded blob not null,
  primary key (area, number)
) without rowid;
create table trail_node (
  area text not null, level integer not null, position integer not null, hash blob not null,
  primary key (area, level, position)
) without rowid;
create table trail_head (
  area text not null, size integer not null, at text not null, key_id text not null, root blob not null, signature blob not null,
  public_key text not null,
  primary key (area, size, at)
) without rowid;
create trigger trail_event_stays before update on trail_event begin select raise(abort, 'the trail is only appended to'); end;
create trigger trail_event_is_kept before delete on trail_event begin select raise(abort, 'the trail is only appended to'); end;
)sql",
};

}  // namespace

int newest_schema() { return static_cast<int>(kSteps.size()); }

int schema_of(const Database& database) {
  Query query(database, "PRAGMA user_version");
  return query.step() ? static_cast<int>(query.number(0)) : 0;
}

void upgrade(const Database& database) {
  if (schema_of(database) > newest_schema())
    throw StoreFailure({"这个数据文件夹由更新版本的腾笼写成（第 " + std::to_string(schema_of(database)) +
                            " 步），本程序只认到第 " + std::to_string(newest_schema()) + " 步。请升级程序。",
                        "This data folder was written by a newer Tenglong. Upgrade the program."},
                       "schema is newer than the program");
  while (schema_of(database) < newest_schema()) {
    Transaction transaction(database);
    const int step = schema_of(database);  // again, inside: another program may have done it
    if (step < newest_schema()) {
      database.execute(kSteps[static_cast<std::size_t>(step)]);
      database.execute(("PRAGMA user_version=" + std::to_string(step + 1)).c_str());
    }
    transaction.commit();
  }
}

}  // namespace tenglong::store
