#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bench/w2/w2.h"

namespace bench::w2 {

using namespace tenglong;

std::vector<double> weight_vectors(std::size_t count) {
  std::uint64_t state = 2;
  std::vector<double> all;
  for (std::size_t i = 0; i < count * kItems; ++i) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ull);  // splitmix64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    z ^= z >> 31;
    const double share = 0.5 + static_cast<double>(z >> 11) * 0x1p-53;
    all.push_back(std::round(w1::kWeights[i % kItems] * share * 10) / 10);
  }
  return all;
}

column::Snapshot columns_of(const pack::Pack& pack, const District& d) {
  const std::size_t n = d.size();
  std::vector<std::vector<registers::Record>> records(pack.schema.registers.size());
  std::size_t at = 0;
  while (pack.schema.registers[at].id != "firm") ++at;
  const auto known = [](registers::Scalar value) {
    return registers::Resolved{.state = quantity::State::Known, .value = std::move(value)};
  };
  const auto number = [&](double value) { return known(quantity::Decimal::from_double_shortest(value)); };
  records[at].reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    char key[32];
    std::snprintf(key, sizeof key, "%07zu", i);
    registers::Record record{.key = key};
    record.fields = {known(std::string(key)),
                     number(d.tax[i]),
                     number(d.added[i]),
                     number(d.land[i]),
                     number(d.staff[i]),
                     number(d.energy[i]),
                     number(d.research[i]),
                     number(d.revenue[i]),
                     known(std::to_string(d.industry[i])),
                     known(std::to_string(d.town[i])),
                     known(d.veto[i] != 0)};
    records[at].push_back(std::move(record));
  }
  return column::snapshot_of(pack.schema, std::move(records));
}

pack::Pack read_pack(const char* folder) {
  pack::ReadPack read = pack::read_pack(folder);
  if (!read.pack || diagnostic::has_errors(read.diagnostics)) {
    for (const diagnostic::Diagnostic& each : read.diagnostics)
      std::printf("%s %s %s\n", to_string(each.place).c_str(), each.code.c_str(), each.message.zh.c_str());
    std::exit(1);
  }
  return std::move(*read.pack);
}

pack::Pack read_pack_with(const std::string& blocks) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tenglong-bench-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::filesystem::copy(SOURCE_DIR "/bench/w1/pack", folder, std::filesystem::copy_options::recursive);
  std::ofstream(folder / "more.md") << blocks;
  pack::Pack pack = read_pack(folder.c_str());
  std::filesystem::remove_all(folder);
  return pack;
}

std::vector<double> median_seconds(const std::vector<std::function<void()>>& works, Cores cores) {
  constexpr int kRuns = 9;
  cpu_set_t all, one;
  sched_getaffinity(0, sizeof all, &all);
  CPU_ZERO(&one);
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &all)) {
      CPU_SET(core, &one);
      break;
    }
  if (cores == Cores::One) sched_setaffinity(0, sizeof one, &one);
  std::vector<std::vector<double>> seconds(works.size());
  for (int run = 0; run < kRuns; ++run)
    for (std::size_t i = 0; i < works.size(); ++i) {
      const auto begin = std::chrono::steady_clock::now();
      works[i]();
      seconds[i].push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
  sched_setaffinity(0, sizeof all, &all);
  std::vector<double> medians;
  for (std::vector<double>& each : seconds) {
    std::sort(each.begin(), each.end());
    medians.push_back(each[each.size() / 2]);
  }
  return medians;
}

}  // namespace bench::w2
