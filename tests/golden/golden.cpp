#include "tests/golden/golden.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace tenglong::golden {

namespace {

std::string in_source(const std::string& path) { return std::string(TENGLONG_SOURCE_DIR) + "/" + path; }

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

}  // namespace

std::string read(const std::string& path) {
  std::ifstream in(in_source(path), std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

testing::AssertionResult matches(const std::string& path, std::string_view actual) {
  const std::string expected = read(path);
  if (expected == actual) return testing::AssertionSuccess();
  const auto want = lines_of(expected), got = lines_of(actual);
  std::ostringstream difference;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < std::max(want.size(), got.size()) && shown < 12; ++i) {
    if (i < want.size() && i < got.size() && want[i] == got[i]) continue;
    if (i < want.size()) difference << i + 1 << " - " << want[i] << "\n";
    if (i < got.size()) difference << i + 1 << " + " << got[i] << "\n";
    ++shown;
  }
  if (std::getenv("ACCEPT") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(in_source(path)).parent_path());
    std::ofstream(in_source(path), std::ios::binary) << actual;
    return testing::AssertionSuccess() << "accepted " << path << "\n" << difference.str();
  }
  return testing::AssertionFailure() << path << " differs (./dev test <room> --accept after reading):\n" << difference.str();
}

}  // namespace tenglong::golden
