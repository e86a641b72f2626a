// A report of 400,000 x 30 cells (or as many rows as the command line says) through the command that an
// officer uses: every check there is, into SQLite, with the sender's copy beside it; held against the bar of
// 60 s and 512 MiB on two cores. Beside it the reader alone and the checks alone, so that one sees where the
// time goes. Each runs in a process of its own, so that every peak is its own.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "bench/intake/made_files.h"
#include "engine/sheet/sheet.h"

namespace {

using namespace tenglong;

constexpr double kMostSeconds = 60;
constexpr long kMostMib = 512;

class CountingSink final : public sheet::RowSink {
 public:
  long cells = 0;
  bool row(int, std::span<const sheet::Cell> row_cells) override {
    cells += static_cast<long>(row_cells.size());
    return true;
  }
};

struct Measured {
  double seconds = 0, processor_seconds = 0;
  long peak_mib = 0;
  int status = -1;
};
// In a child: what it leaves in memory is not the next one's.
Measured measured(const std::function<int()>& work) {
  std::fflush(stdout);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const int status = work();
    std::fflush(stdout);
    _exit(status);
  }
  int status = -1;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child) return {};
  const auto seconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
          seconds_of(used.ru_utime) + seconds_of(used.ru_stime), used.ru_maxrss / 1024,
          WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}
void print(const char* what, const Measured& one, int expected_status) {
  std::printf("%-42s %6.2f s, processor %6.2f s, peak %ld MiB%s\n", what, one.seconds, one.processor_seconds,
              one.peak_mib, one.status == expected_status ? "" : "  FAILED");
}

// The command beside this program.
std::string tenglong_program() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "tenglong").string();
}
int run(const std::vector<std::string>& words, const std::string& said) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  if (!std::freopen(said.c_str(), "w", stdout) || !std::freopen((said + ".log").c_str(), "w", stderr))
    return 99;
  execv(arguments[0], arguments.data());
  return 99;
}

// "E-INTAKE-201" and its like, each once.
std::set<std::string> kinds_in(const std::string& path) {
  std::set<std::string> kinds;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);)
    for (std::size_t at = line.find("-INTAKE-"); at != std::string::npos; at = line.find("-INTAKE-", at + 1))
      if (at > 0 && at + 11 <= line.size()) kinds.insert(line.substr(at - 1, 12));
  return kinds;
}
std::string last_line(const std::string& path) {
  std::string last;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) last = line;
  return last;
}

}  // namespace

int main(int count, char** words) {
  const int rows = count > 1 ? std::atoi(words[1]) : 400'000;
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("bench_intake-" + std::to_string(getpid()))).string();
  const std::string packs = folder + "/packs", report = folder + "/年报.xlsx";
  std::filesystem::create_directories(packs + "/intake");
  std::filesystem::create_directory_symlink(std::string(SOURCE_DIR) + "/packs/standard", packs + "/standard");
  std::filesystem::copy_file(std::string(SOURCE_DIR) + "/bench/intake/pack.md", packs + "/intake/pack.md");
  const std::vector<std::string> common = {tenglong_program(), "import", "--pack",
                                           packs + "/intake",  "--data", folder + "/data"};
  const auto import = [&](std::vector<std::string> more, const std::string& said) {
    std::vector<std::string> all = common;
    all.insert(all.end(), more.begin(), more.end());
    return measured([&] { return run(all, folder + "/" + said); });
  };

  measured([&] { return bench::write_firms(folder + "/企业.xlsx", rows), 0; });
  measured([&] { return bench::write_rival(folder + "/税收.csv", rows), 0; });
  print("write the report", measured([&] { return bench::write_report(report, rows), 0; }), 0);
  std::printf("%d x 30, %.0f MiB packed\n", rows,
              static_cast<double>(std::filesystem::file_size(report)) / 1048576);
  print("import of the firms", import({"--provider", "区统计局", folder + "/企业.xlsx"}, "firms.txt"), 0);
  print("import of what another provider said",
        import({"--provider", "区税务局", folder + "/税收.csv"}, "rival.txt"), 0);
  print("bare reader", measured([&] {
          const sheet::Opened opened = sheet::open(report);
          CountingSink sink;
          if (opened.workbook) opened.workbook->read(0, sink);
          return sink.cells > 0 ? 0 : 1;
        }),
        0);
  // With a mistake in it the command ends with 1.
  print("tenglong import --dry-run", import({"--provider", "区统计局", "--dry-run", report}, "dry.txt"), 1);
  const Measured whole =
      import({"--provider", "区统计局", "--problems", folder + "/problems", report}, "out.txt");
  print("tenglong import --problems", whole, 1);
  std::set<std::string> kinds = kinds_in(folder + "/out.txt");
  kinds.merge(kinds_in(folder + "/out.txt.log"));
  std::printf("  %s\n  %zu kinds of findings:", last_line(folder + "/out.txt").c_str(), kinds.size());
  for (const std::string& kind : kinds) std::printf(" %s", kind.c_str());
  const bool is_held = whole.status == 1 && whole.seconds <= kMostSeconds && whole.peak_mib <= kMostMib;
  std::printf("\nbar %.0f s, %ld MiB: %s\n", kMostSeconds, kMostMib, is_held ? "held" : "NOT held");
  std::filesystem::remove_all(folder);
  return is_held ? 0 : 1;
}
