#include "tests/faults/fault_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>

namespace tenglong::faults {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSector = 512;

FaultDisk* disk = nullptr;
sqlite3_vfs* below = nullptr;

std::uint64_t next_random(std::uint64_t& state) {  // splitmix64: the same on every machine
  std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

// SQLite's file, with ours in front of it.
struct File {
  sqlite3_file base;
  std::string* path;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return of(file)->real(); }

int code_of(FaultDisk::Verdict verdict) {
  switch (verdict) {
    case FaultDisk::Verdict::Full:
      return SQLITE_FULL;
    case FaultDisk::Verdict::SyncError:
      return SQLITE_IOERR_FSYNC;
    case FaultDisk::Verdict::ReadError:
      return SQLITE_IOERR_READ;
    default:
      return SQLITE_IOERR_WRITE;
  }
}

int close_file(sqlite3_file* file) {
  const int code = real(file)->pMethods ? real(file)->pMethods->xClose(real(file)) : SQLITE_OK;
  delete of(file)->path;
  return code;
}
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  if (const auto verdict = disk->at_read(); verdict != FaultDisk::Verdict::Go) return code_of(verdict);
  return real(file)->pMethods->xRead(real(file), to, size, offset);
}
int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  const auto verdict = disk->at_write(false);
  if (verdict != FaultDisk::Verdict::Go && verdict != FaultDisk::Verdict::Half) return code_of(verdict);
  const int written = verdict == FaultDisk::Verdict::Half ? size / 2 : size;
  const int code = real(file)->pMethods->xWrite(real(file), from, written, offset);
  if (code == SQLITE_OK) disk->wrote(*of(file)->path, offset, from, written);
  return verdict == FaultDisk::Verdict::Half ? SQLITE_IOERR_WRITE : code;
}
int cut_file(sqlite3_file* file, sqlite3_int64 size) {
  const auto verdict = disk->at_write(false);
  if (verdict != FaultDisk::Verdict::Go) return code_of(verdict);
  const int code = real(file)->pMethods->xTruncate(real(file), size);
  if (code == SQLITE_OK) disk->cut(*of(file)->path, size);
  return code;
}
int sync_file(sqlite3_file* file, int flags) {
  const auto verdict = disk->at_write(true);
  if (verdict != FaultDisk::Verdict::Go) return code_of(verdict);
  const int code = real(file)->pMethods->xSync(real(file), flags);
  if (code == SQLITE_OK) disk->synced(*of(file)->path);
  return code;
}
int size_of(sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); }
int lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int unlock(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int is_reserved(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
int control(sqlite3_file* f, int op, void* a) { return real(f)->pMethods->xFileControl(real(f), op, a); }
int sector_size(sqlite3_file*) { return static_cast<int>(kSector); }
// No promise of the disk below is believed: neither safe appending nor whole sectors under a power cut.
int characteristics(sqlite3_file*) { return 0; }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}
void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

const sqlite3_io_methods kMethods = {
    2,        close_file,  read_file,   write_file, cut_file,    sync_file,       size_of,
    lock,     unlock,      is_reserved, control,    sector_size, characteristics, shm_map,
    shm_lock, shm_barrier, shm_unmap,   nullptr,    nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
  std::memset(file, 0, sizeof(File));
  const int code = below->xOpen(below, name, real(file), flags, out);
  if (code != SQLITE_OK) return code;
  of(file)->path = new std::string(name == nullptr ? "" : name);
  of(file)->base.pMethods = &kMethods;
  return code;
}
int remove_file(sqlite3_vfs*, const char* name, int sync_folder) {
  const auto verdict = disk->at_write(false);
  if (verdict != FaultDisk::Verdict::Go)
    return verdict == FaultDisk::Verdict::Dead ? SQLITE_IOERR_DELETE : code_of(verdict);
  const int code = below->xDelete(below, name, sync_folder);
  if (code == SQLITE_OK) disk->removed(name, sync_folder != 0);
  return code;
}

sqlite3_vfs layer;

std::string read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

const char* to_code(Fault fault) {
  switch (fault) {
    case Fault::None:
      return "none";
    case Fault::Kill:
      return "kill";
    case Fault::Full:
      return "full";
    case Fault::WriteError:
      return "write_error";
    case Fault::ShortWrite:
      return "short_write";
    case Fault::SyncFails:
      return "sync_fails";
    case Fault::ReadError:
      return "read_error";
  }
  return "";
}

FaultDisk::FaultDisk(fs::path folder) : folder_(std::move(folder)) {
  for (const auto& entry : fs::directory_iterator(folder_))
    if (entry.is_regular_file() && entry.path().extension() != ".db-shm")
      files_[entry.path().string()] = {true, read_whole(entry.path()), {}};
  below = sqlite3_vfs_find("unix");
  layer = *below;
  layer.zName = "faults";
  layer.szOsFile = static_cast<int>(sizeof(File)) + below->szOsFile;
  layer.xOpen = open_file;
  layer.xDelete = remove_file;
  disk = this;
  sqlite3_vfs_register(&layer, 1);
}

FaultDisk::~FaultDisk() {
  sqlite3_vfs_unregister(&layer);
  sqlite3_vfs_register(below, 1);
  disk = nullptr;
}

void FaultDisk::fail_at(Fault fault, int point) {
  fault_ = fault;
  point_ = point;
  writes_ = reads_ = 0;
  syncs_.clear();
  has_struck_ = false;
}
void FaultDisk::mend() {
  fault_ = Fault::None;
  is_full_ = false;
}
bool FaultDisk::is_sync(int point) const { return syncs_[static_cast<std::size_t>(point) - 1]; }

FaultDisk::Verdict FaultDisk::at_write(bool is_sync) {
  if (is_dead_) return Verdict::Dead;
  ++writes_;
  syncs_.push_back(is_sync);
  if (is_full_) return is_sync ? Verdict::Go : Verdict::Full;
  if (fault_ == Fault::None || fault_ == Fault::ReadError || writes_ != point_) return Verdict::Go;
  has_struck_ = true;
  switch (fault_) {
    case Fault::Kill:
      is_dead_ = true;
      return Verdict::Dead;
    case Fault::Full:
      is_full_ = true;
      return is_sync ? Verdict::Go : Verdict::Full;
    case Fault::SyncFails:
      return is_sync ? Verdict::SyncError : Verdict::Go;
    case Fault::ShortWrite:
      return is_sync ? Verdict::SyncError : Verdict::Half;
    default:
      return is_sync ? Verdict::SyncError : Verdict::WriteError;
  }
}
FaultDisk::Verdict FaultDisk::at_read() {
  if (is_dead_) return Verdict::ReadError;
  ++reads_;
  if (fault_ != Fault::ReadError || reads_ != point_) return Verdict::Go;
  has_struck_ = true;
  return Verdict::ReadError;
}

void FaultDisk::wrote(const std::string& path, std::int64_t offset, const void* bytes, int size) {
  files_[path].pending.push_back(
      {Pending::Kind::Write, offset,
       std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size))});
}
void FaultDisk::cut(const std::string& path, std::int64_t size) {
  files_[path].pending.push_back({Pending::Kind::Cut, size, {}});
}
void FaultDisk::removed(const std::string& path, bool is_synced) {
  Model& model = files_[path];
  model.pending.push_back({Pending::Kind::Remove, 0, {}});
  if (is_synced) model = {};
}
void FaultDisk::synced(const std::string& path) {
  Model& model = files_[path];
  for (const Pending& each : model.pending) apply(model, each);
  model.pending.clear();
  model.exists = true;
}

void FaultDisk::apply(Model& model, const Pending& pending) {
  switch (pending.kind) {
    case Pending::Kind::Write: {
      const auto end = static_cast<std::size_t>(pending.offset) + pending.bytes.size();
      if (model.durable.size() < end) model.durable.resize(end, '\0');
      std::copy(pending.bytes.begin(), pending.bytes.end(),
                model.durable.begin() + static_cast<std::ptrdiff_t>(pending.offset));
      model.exists = true;
      break;
    }
    case Pending::Kind::Cut:
      model.durable.resize(static_cast<std::size_t>(pending.offset), '\0');
      break;
    case Pending::Kind::Remove:
      model.durable.clear();
      model.exists = false;
  }
}

void FaultDisk::write_image(const fs::path& to, Survives survives, std::uint64_t seed) const {
  fs::create_directories(to);
  for (const auto& [path, model] : files_) {
    Model found = model;
    for (const Pending& each : model.pending) {
      if (survives == Survives::Everything) {
        apply(found, each);
      } else if (survives == Survives::Torn) {
        const std::uint64_t luck = next_random(seed) % 3;
        if (luck == 0) continue;
        if (luck == 1 || each.kind != Pending::Kind::Write) {
          apply(found, each);
          continue;
        }
        for (std::size_t at = 0; at < each.bytes.size(); at += kSector)
          if (next_random(seed) % 2 == 0)
            apply(found, {Pending::Kind::Write, each.offset + static_cast<std::int64_t>(at),
                          each.bytes.substr(at, kSector)});
      }
    }
    if (!found.exists) continue;
    std::ofstream out(to / fs::path(path).filename(), std::ios::binary);
    out.write(found.durable.data(), static_cast<std::streamsize>(found.durable.size()));
  }
}

}  // namespace tenglong::faults
