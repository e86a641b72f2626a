#include "store/inside/steps.h"

namespace tenglong::store {

namespace {

const Step* const kSchemaSteps[] = {&kFirstTables,      &kTrailTables, &kSources,
                                    &kCollection,       &kHeldTables,  &kAccountTables,
                                    &kCredentialTables, &kMeters,      &kFiles};

void note_step(Connection& connection, int step) {
  const std::string number = std::to_string(step);
  if (connection.backend() == Backend::Sqlite)
    connection.execute("PRAGMA user_version=" + number);
  else
    connection.execute(
        "create table if not exists schema_step (step bigint primary key); "
        "insert into schema_step values (" +
        number + ")");
}

}  // namespace

int newest_schema() { return static_cast<int>(std::size(kSchemaSteps)); }

int schema_of(Connection& connection) {
  const bool is_sqlite = connection.backend() == Backend::Sqlite;
  if (!is_sqlite && !connection.has_table("schema_step")) return 0;
  Query query(connection,
              is_sqlite ? "PRAGMA user_version" : "select coalesce(max(step), 0) from schema_step");
  return query.step() ? static_cast<int>(query.number(0)) : 0;
}

void run_step(Connection& connection, int step) {
  const Step& next = *kSchemaSteps[step - 1];
  connection.execute(connection.backend() == Backend::Sqlite ? next.sqlite : next.postgres);
  note_step(connection, step);
}

void upgrade(Db& db) {
  const int found = schema_of(*db.reader());
  if (found > newest_schema())
    throw StoreFailure({db.name() + " 由更新版本的腾笼写成（第 " + std::to_string(found) +
                            " 步），本程序只认到第 " + std::to_string(newest_schema()) + " 步。请升级程序。",
                        db.name() + " was written by a newer Tenglong. Upgrade the program."},
                       "schema is newer than the program", Trouble::Newer);
  for (int step = found; step < newest_schema();) {
    Transaction transaction(db, "");
    step = schema_of(transaction.connection());  // again, inside: another program may have done it
    if (step < newest_schema()) run_step(transaction.connection(), ++step);
    transaction.commit();
  }
}

}  // namespace tenglong::store
