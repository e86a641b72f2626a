#include "store/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "engine/fingerprint/fingerprint.h"
#include "engine/text/text.h"
#include "store/failure.h"

namespace tenglong::store {

namespace fs = std::filesystem;

namespace {

constexpr const char* kManifest = "清单.txt";
constexpr const char* kFile = "tenglong.db";
constexpr const char* kFirstLine = "TENGLONG-BACKUP 1";

diagnostic::Diagnostic finding(const char* code, const std::string& place, text::Words message,
                               text::Words advice) {
  return {.code = code, .place = {.file = place}, .message = std::move(message), .advice = std::move(advice)};
}

std::string sm3_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  fingerprint::Digest digest;
  std::string buffer(1 << 20, '\0');
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0)
    digest.bytes({buffer.data(), static_cast<std::size_t>(in.gcount())});
  return digest.hex();
}

std::string render(const Manifest& manifest) {
  std::string out = std::string(kFirstLine) + "\narea " + manifest.area + "\nat " + manifest.at + "\nfrom " +
                    manifest.taken_from + "\nschema " + std::to_string(manifest.contents.schema_version) +
                    "\ntrail " + std::to_string(manifest.contents.events) + " " +
                    manifest.contents.trail_root + "\n";
  for (const TableContent& each : manifest.contents.tables)
    out += "table " + each.table + " " + std::to_string(each.rows) + " " + each.fingerprint + "\n";
  out += "file " + std::string(kFile) + " " + std::to_string(manifest.file_bytes) + " " +
         manifest.file_fingerprint + "\n";
  return out + "sm3 " + fingerprint::of_bytes(out) + "\n";
}

std::int64_t number_of(std::string_view digits) {
  std::int64_t out = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

// False: not a manifest, or not as it was written.
bool parse(const std::string& bytes, Manifest& out) {
  const std::size_t last = bytes.rfind("sm3 ");
  if (bytes.rfind(kFirstLine, 0) != 0 || last == std::string::npos) return false;
  if (bytes.substr(last) != "sm3 " + fingerprint::of_bytes(bytes.substr(0, last)) + "\n") return false;
  for (const std::string_view line : text::split(bytes, '\n')) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, blank), rest = line.substr(blank + 1);
    const auto words = text::split(rest, ' ');
    if (name == "area") out.area = rest;
    if (name == "at") out.at = rest;
    if (name == "from") out.taken_from = rest;
    if (name == "schema") out.contents.schema_version = static_cast<int>(number_of(rest));
    if (name == "trail" && words.size() == 2) {
      out.contents.events = number_of(words[0]);
      out.contents.trail_root = words[1];
    }
    if (name == "table" && words.size() == 3)
      out.contents.tables.push_back({std::string(words[0]), number_of(words[1]), std::string(words[2])});
    if (name == "file" && words.size() == 3) {
      out.file_bytes = number_of(words[1]);
      out.file_fingerprint = words[2];
    }
  }
  return !out.file_fingerprint.empty();
}

std::string read_manifest(const fs::path& backup, Manifest& out) {
  std::ifstream in(backup / kManifest, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return parse(bytes, out) ? "" : (backup / kManifest).string();
}

void sync_path(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!done)
    throw StoreFailure(
        {"备份没有写稳：" + path.string() + "。以前的备份都在；检查磁盘后再备份。",
         "The backup was not confirmed by the disk: " + path.string() + ". Earlier backups are untouched."},
        "fsync of a backup failed", Trouble::Other);
}

void write_whole(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  if (!out)
    throw StoreFailure(
        {"磁盘写不下备份，没有留下半个；以前的备份都在。腾出空间后再试。",
         "The disk has no room for the backup; none was left in part and earlier ones are untouched."},
        "writing " + path.string() + " failed", Trouble::Full);
  sync_path(path);
}

// As a name that sorts by time and that any file system takes.
std::string name_of(std::string at) {
  std::replace(at.begin(), at.end(), ':', '-');
  return at;
}

// Removes what it holds unless told to keep it.
class Scratch {
 public:
  explicit Scratch(fs::path folder) : folder_(std::move(folder)) {}
  ~Scratch() {
    std::error_code ignored;
    if (!kept_) fs::remove_all(folder_, ignored);
  }
  void keep() { kept_ = true; }

 private:
  fs::path folder_;
  bool kept_ = false;
};

std::vector<fs::path> folders_of_backups(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / kManifest)) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Backup back_up(const std::string& from, const std::string& to_folder, const std::string& area,
               const schema::Schema& schema, const std::string& at, int keep) {
  Backup out;
  const fs::path folder = fs::path(to_folder) / name_of(at),
                 unfinished = fs::path(to_folder) / ("." + name_of(at));
  if (fs::exists(folder)) {
    out.refused.push_back(finding("E-STORE-111", folder.string(),
                                  {"这个时刻的备份已经有了。", "There is a backup of this moment already."},
                                  {"一秒钟以后再备份。", "Back up again a second later."}));
    return out;
  }
  std::error_code error;
  fs::create_directories(unfinished, error);
  if (error)
    throw StoreFailure(
        {"无法建立备份文件夹 " + to_folder + "。检查上级文件夹的写权限。",
         "Cannot make the folder for backups " + to_folder + ". Check the permissions above it."},
        error.message(), Trouble::ReadOnly);
  // What a killed backup left is nobody's after a day.
  for (const auto& entry : fs::directory_iterator(to_folder))
    if (entry.path().filename().string().rfind(".20", 0) == 0 &&
        fs::file_time_type::clock::now() - entry.last_write_time() > std::chrono::hours(24))
      fs::remove_all(entry.path(), error);
  Scratch scratch(unfinished);
  Copy copy = copy_area(from, unfinished.string(), area, schema);
  if (!copy.refused.empty()) {
    out.refused = std::move(copy.refused);
    return out;
  }
  out.manifest = {.area = area, .at = at, .taken_from = from, .contents = std::move(copy.contents)};
  sync_path(unfinished / kFile);
  // Read back from the disk, not from what was meant to be written.
  out.manifest.file_bytes = static_cast<std::int64_t>(fs::file_size(unfinished / kFile));
  out.manifest.file_fingerprint = sm3_of_file(unfinished / kFile);
  write_whole(unfinished / kManifest, render(out.manifest));
  fs::rename(unfinished, folder);
  scratch.keep();
  sync_path(to_folder);
  out.folder = folder.string();

  std::vector<fs::path> all = folders_of_backups(to_folder);
  while (keep > 0 && static_cast<int>(all.size()) > keep && all.front() != folder) {
    fs::remove_all(all.front(), error);
    if (!error) out.removed.push_back(all.front().string());
    all.erase(all.begin());
  }
  return out;
}

std::vector<std::pair<std::string, Manifest>> backups_in(const std::string& folder) {
  std::vector<std::pair<std::string, Manifest>> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    Manifest manifest;
    if (read_manifest(entry.path(), manifest).empty())
      out.emplace_back(entry.path().filename().string(), std::move(manifest));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  return out;
}

ReadBackup check_backup(const std::string& backup, const schema::Schema& schema, const std::string& scratch) {
  ReadBackup out;
  if (const std::string broken = read_manifest(backup, out.manifest); !broken.empty()) {
    out.differences.push_back(finding(
        "E-STORE-112", broken, {"没有完好的备份清单。", "There is no intact manifest of a backup here."},
        {"--from 写一个备份的文件夹；清单被改过的备份不能用。",
         "Name the folder of one backup; one whose manifest was changed cannot be used."}));
    return out;
  }
  const fs::path file = fs::path(backup) / kFile;
  std::error_code error;
  const auto bytes = fs::file_size(file, error);
  if (error || static_cast<std::int64_t>(bytes) != out.manifest.file_bytes ||
      sm3_of_file(file) != out.manifest.file_fingerprint) {
    out.differences.push_back(
        finding("E-STORE-113", file.string(),
                {"备份文件与清单不符，被改过或损坏了。",
                 "The file of the backup differs from its manifest: changed or damaged."},
                {"换一个更早或更晚的备份。", "Take an earlier or later backup."}));
    return out;
  }
  // A copy: opening brings an older schema up, and a backup is never written to.
  const Scratch gone(scratch);
  fs::create_directories(scratch);
  fs::copy_file(file, fs::path(scratch) / kFile);
  const Contents found = contents_of(scratch, out.manifest.area, schema);
  const bool is_same_step = found.schema_version == out.manifest.contents.schema_version;
  for (const TableContent& written : out.manifest.contents.tables) {
    const auto now = std::find_if(found.tables.begin(), found.tables.end(),
                                  [&](const TableContent& each) { return each.table == written.table; });
    if (now == found.tables.end() || now->rows != written.rows ||
        (is_same_step && now->fingerprint != written.fingerprint))
      out.differences.push_back(
          finding("E-STORE-114", file.string() + "!" + written.table,
                  {"这张表与清单不符：清单 " + std::to_string(written.rows) + " 行，现有 " +
                       std::to_string(now == found.tables.end() ? 0 : now->rows) + " 行。",
                   "This table differs from the manifest."},
                  {"换一个备份。", "Take another backup."}));
  }
  if (found.events != out.manifest.contents.events || found.trail_root != out.manifest.contents.trail_root)
    out.differences.push_back(
        finding("E-STORE-115", file.string(), {"留痕与清单不符。", "The trail differs from the manifest."},
                {"用 tenglong-verify 找出是哪一条。", "tenglong-verify names the event."}));
  return out;
}

Copy restore(const std::string& backup, const std::string& to, const schema::Schema& schema,
             const std::string& scratch) {
  ReadBackup read = check_backup(backup, schema, scratch + "-check");
  if (!read.differences.empty()) return {.refused = std::move(read.differences)};
  const Scratch gone(scratch);
  fs::create_directories(scratch);
  fs::copy_file(fs::path(backup) / kFile, fs::path(scratch) / kFile);
  return copy_area(scratch, to, read.manifest.area, schema);
}

}  // namespace tenglong::store
