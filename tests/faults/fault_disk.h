// A disk that fails where it is told to, under SQLite: a layer over its own file system, for the tests.
//
// In:    a folder to watch; which write, sync or read shall fail, and how. Out: how many of them there were;
// the folder as a machine that lost its power at that moment could find it.
// Model: what was synced is there. What was written and not synced is there, or not, or in part: whole
// sectors of 512 bytes, in any order. A file that was removed without a sync of its folder may be there
// again. Never: in a program that people run.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tenglong::faults {

enum class Fault {
  None,
  Kill,        // the power goes before this write
  Full,        // no room from this write on, until mended
  WriteError,  // this write fails, and says so
  ShortWrite,  // half of this write is done, and it says so
  SyncFails,   // this sync fails once; the next would not
  ReadError,   // this read fails once
};
const char* to_code(Fault fault);

// What of the unsynced survives the power cut.
enum class Survives { Nothing, Everything, Torn };

class FaultDisk {
 public:
  // What stands in `folder` now is on the disk. One at a time in a program; SQLite's default until it goes.
  explicit FaultDisk(std::filesystem::path folder);
  ~FaultDisk();
  FaultDisk(const FaultDisk&) = delete;
  FaultDisk& operator=(const FaultDisk&) = delete;

  // `point`: from 1 among the writes, truncations, removals and syncs since now; of reads for ReadError.
  void fail_at(Fault fault, int point);
  void mend();  // from now on everything works again, but the dead stay dead
  int write_points() const { return writes_; }
  int read_points() const { return reads_; }
  bool is_sync(int point) const;  // of those counted
  bool has_struck() const { return has_struck_; }

  void write_image(const std::filesystem::path& to, Survives survives, std::uint64_t seed) const;

  // For the layer itself.
  enum class Verdict { Go, Full, WriteError, Half, SyncError, ReadError, Dead };
  Verdict at_write(bool is_sync);
  Verdict at_read();
  void wrote(const std::string& path, std::int64_t offset, const void* bytes, int size);
  void cut(const std::string& path, std::int64_t size);
  void removed(const std::string& path, bool is_synced);
  void synced(const std::string& path);

 private:
  struct Pending {
    enum class Kind { Write, Cut, Remove } kind = Kind::Write;
    std::int64_t offset = 0;
    std::string bytes = {};
  };
  struct Model {
    bool exists = false;
    std::string durable = {};
    std::vector<Pending> pending = {};
  };
  static void apply(Model& model, const Pending& pending);

  std::filesystem::path folder_;
  std::map<std::string, Model> files_;
  std::vector<bool> syncs_;
  Fault fault_ = Fault::None;
  int point_ = 0, writes_ = 0, reads_ = 0;
  bool has_struck_ = false, is_dead_ = false, is_full_ = false;
};

}  // namespace tenglong::faults
