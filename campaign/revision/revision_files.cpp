// Revisions as folders beside the data: what the reader of packs reads, and people can.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "campaign/revision/revision.h"

namespace tenglong::revision {

namespace {

namespace fs = std::filesystem;

std::string bytes_of_file(const fs::path& path) {
  std::ostringstream out;
  if (std::ifstream in(path, std::ios::binary); in) out << in.rdbuf();
  return out.str();
}

}  // namespace

std::string keep_files(const std::string& folder, const Revision& revision, const std::string& pack_id) {
  const fs::path place = fs::path(folder) / kFolder / ("revision-" + revision.id);
  fs::create_directories(place);
  std::set<std::string> names;
  for (const auto& [name, text] : files_of(revision, pack_id)) {
    names.insert(name);
    if (bytes_of_file(place / name) == text) continue;
    const fs::path next = place / (name + ".next");
    std::ofstream(next, std::ios::binary) << text;
    fs::rename(next, place / name);
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(place))
    if (names.count(entry.path().filename().string()) == 0) fs::remove_all(entry.path());
  return place.string();
}

std::string filled_with(const std::string& folder, std::string_view id) {
  return folder + "/" + kFolder + "/with-" + std::string(id);
}

std::vector<Kept> approved_in(const std::string& folder, const std::string& pack_id) {
  struct Found {
    Kept kept;
    int number = 0;
  };
  std::vector<Found> found;
  std::error_code failed;
  const fs::path all = fs::path(folder) / kFolder;
  if (!fs::is_directory(all, failed)) return {};
  for (const fs::directory_entry& entry : fs::directory_iterator(all)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("revision-")) continue;
    std::ifstream in(entry.path() / "pack.md", std::ios::binary);
    std::optional<calendar::Date> from;
    bool is_of_pack = false;
    for (std::string line; std::getline(in, line);) {
      if (line == "revises: " + pack_id) is_of_pack = true;
      if (line.starts_with("valid_from: ")) from = calendar::Date::parse(line.substr(12));
    }
    if (is_of_pack && from)
      found.push_back({{name.substr(9), entry.path().string(), *from}, std::atoi(name.c_str() + 9)});
  }
  // Of those that hold from one day, the later approved has the greater number or was approved on top of it.
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return a.kept.from == b.kept.from ? a.number < b.number : a.kept.from < b.kept.from;
  });
  std::vector<Kept> out;
  for (Found& one : found) out.push_back(std::move(one.kept));
  return out;
}

}  // namespace tenglong::revision
