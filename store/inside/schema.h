// The tables, by numbered steps; a data folder of any earlier step is brought up when it is opened.
#pragma once
#include "store/inside/sqlite.h"

namespace tenglong::store {

int newest_schema();
int schema_of(const Database& database);
// Runs the missing steps, each in one transaction. Throws StoreFailure if the folder is newer than this
// program.
void upgrade(const Database& database);

}  // namespace tenglong::store
