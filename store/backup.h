// Backups: everything of an area at one moment, proved the same, in a folder of its own with a manifest.
//
// In:    a store, while others write to it; a folder for backups. Out: <folder>/<time>/ with tenglong.db and
// 清单.txt, there whole or not at all.
// Order: backups are named by the time they are told, and sort by it.
// Never: touches an earlier backup before the new one is read back; removes the last good one; restores over
// something, or from a backup that differs from its manifest by a byte.
// Fails: StoreFailure; what was there before is then still there.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/schema/schema.h"
#include "store/copy.h"

namespace tenglong::store {

struct Manifest {
  std::string area = {};
  std::string at = {};          // 2023-05-06T09:10:11+08:00
  std::string taken_from = {};  // for people
  Contents contents = {};
  std::int64_t file_bytes = 0;
  std::string file_fingerprint = {};  // SM3 of tenglong.db
};

struct Backup {
  diagnostic::Diagnostics refused = {};  // not empty: nothing was written
  std::string folder = {};
  Manifest manifest = {};
  std::vector<std::string> removed = {};  // older ones, beyond `keep`
};
// `keep`: how many to leave, this one included; 0: all of them.
Backup back_up(const std::string& from, const std::string& to_folder, const std::string& area,
               const schema::Schema& schema, const std::string& at, int keep);

// The backups in a folder that have an intact manifest, newest first: folder name and manifest, which alone
// is read.
std::vector<std::pair<std::string, Manifest>> backups_in(const std::string& folder);

struct ReadBackup {
  diagnostic::Diagnostics differences = {};  // E-STORE-11x: each with the file or table
  Manifest manifest = {};
};
// Reads every byte: the file against the manifest, then every table and the trail. `scratch` is an empty
// folder, gone afterwards.
ReadBackup check_backup(const std::string& backup, const schema::Schema& schema, const std::string& scratch);

// Into an empty place. What differs is told, and nothing is written then.
Copy restore(const std::string& backup, const std::string& to, const schema::Schema& schema,
             const std::string& scratch);

}  // namespace tenglong::store
