#include "server/inside/job_log.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "engine/text/json_writer.h"
#include "server/json.h"

namespace tenglong::server {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostJobs = 100;

std::string job_folder(const District& district) { return district.options().folder + "/jobs"; }

// By name the oldest first.
std::vector<fs::path> job_files(const std::string& folder) {
  std::vector<fs::path> out;
  std::error_code none;
  for (const fs::directory_entry& each : fs::directory_iterator(folder, none))
    if (each.path().extension() == ".json") out.push_back(each.path());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

JobNote::JobNote(const District& district, std::string kind, std::string who, std::string what, Begins begins)
    : district_(district) {
  static std::atomic<int> count{0};
  line_.kind = std::move(kind);
  line_.who = std::move(who);
  line_.what = std::move(what);
  if (begins == Begins::InTurn) line_.state = "waiting";
  line_.began = district.options().now();
  const std::string folder = job_folder(district);
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  std::string name = line_.began;
  std::replace(name.begin(), name.end(), ':', '-');
  path_ = folder + "/" + name + "_" + std::to_string(getpid()) + "_" + std::to_string(++count) + ".json";
  keep();
  std::vector<fs::path> all = job_files(folder);
  for (std::size_t i = 0; i + kMostJobs < all.size(); ++i) fs::remove(all[i], ignored);
}

JobNote::~JobNote() {
  if (!is_ended_) end(false, {"中途出错，原因在日志里。", "It failed on the way; the log says why."});
}

void JobNote::start() {
  line_.state = "running";
  line_.began = district_.options().now();
  keep();
}

void JobNote::drop() {
  is_ended_ = true;
  std::error_code ignored;
  fs::remove(path_, ignored);
}

void JobNote::tell(text::Words said) {
  line_.said = std::move(said);
  keep();
}

void JobNote::end(bool is_done, text::Words said) {
  is_ended_ = true;
  line_.state = is_done ? "done" : "failed";
  line_.ended = district_.options().now();
  line_.said = std::move(said);
  keep();
}

void JobNote::keep() const {
  text::JsonWriter out;
  out.begin_object().member("kind", line_.kind).member("who", line_.who).member("what", line_.what);
  out.member("began", line_.began).member("ended", line_.ended).member("state", line_.state);
  out.member("bulk", line_.bulk).member("refused", line_.refused);
  out.member("process", std::to_string(getpid())).member("zh", line_.said.zh).member("en", line_.said.en);
  out.end_object();
  // A note that cannot be written stops no work.
  std::ofstream(path_ + ".new", std::ios::binary) << out.text();
  std::error_code ignored;
  fs::rename(path_ + ".new", path_, ignored);
}

std::vector<JobLine> jobs_in(const District& district) {
  std::vector<JobLine> out;
  std::map<std::string, std::int64_t> waiting;
  for (const fs::path& file : job_files(job_folder(district))) {
    std::ifstream in(file, std::ios::binary);
    const Json kept = read_json(std::string(std::istreambuf_iterator<char>(in), {})).value;
    JobLine line{.kind = kept.text_of("kind"),
                 .who = kept.text_of("who"),
                 .what = kept.text_of("what"),
                 .began = kept.text_of("began"),
                 .ended = kept.text_of("ended"),
                 .state = kept.text_of("state"),
                 .said = {kept.text_of("zh"), kept.text_of("en")},
                 .bulk = kept.text_of("bulk")};
    if (line.kind.empty()) continue;
    if (const Json* refused = kept.find("refused")) line.refused = std::stoll(refused->text);
    if (line.ended.empty() && kept.text_of("process") != std::to_string(getpid())) line.state = "interrupted";
    if (line.state == "waiting") line.place = ++waiting[line.kind];
    out.push_back(std::move(line));
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace tenglong::server
