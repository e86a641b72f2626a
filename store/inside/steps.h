// The tables, by numbered steps; what an earlier program wrote is brought up when it is opened.
//
// A step is one entry: what it brings, and its SQL for each back end, of one shape. To add one: a file in
// store/steps/ that defines a Step, its declaration here, its line at the end of the table in steps.cpp. A
// step that has been released is never changed. On PostgreSQL the area leads every primary key, no key points
// from one area to another, and every text is `text collate "C"`, so that both sort alike.
#pragma once
#include "store/inside/db.h"

namespace tenglong::store {

struct Step {
  const char* what;
  const char* sqlite;
  const char* postgres;
};

extern const Step kFirstTables;  // settings, batches, statements, mappings, results
extern const Step kTrailTables;
extern const Step kCollection;  // what was confirmed, locked, corrected; who enterprises are
extern const Step kSources;     // where a batch came from, whether it is preliminary, from when a value holds
extern const Step kMeters;
extern const Step kFiles;

extern const Step kHeldTables;  // the values that hold now, in columns
extern const Step kAccountTables;
extern const Step kCredentialTables;  // what proves who somebody is, sessions, answers to keyed requests

int newest_schema();
int schema_of(Connection& connection);
// One step, from 1, inside the transaction that is open.
void run_step(Connection& connection, int step);
// Runs the missing steps, each in one transaction. Throws StoreFailure if this was written by a newer
// program.
void upgrade(Db& db);

}  // namespace tenglong::store
