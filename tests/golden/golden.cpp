#include "tests/golden/golden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace tenglong::golden {

namespace {

constexpr std::size_t kMostShown = 40;       // lines of a difference
constexpr std::size_t kMostCompared = 2000;  // lines on a side; the table below is their product

std::string in_source(const std::string& path) { return std::string(TENGLONG_SOURCE_DIR) + "/" + path; }

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

void write(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

bool accepts() {
  const char* accept = std::getenv("ACCEPT");
  return accept != nullptr && std::string_view(accept) == "1";
}

}  // namespace

std::string read(const std::string& path) {
  std::ifstream in(in_source(path), std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string line_difference(std::string_view expected, std::string_view actual) {
  const auto want = lines_of(expected), got = lines_of(actual);
  std::size_t begin = 0;
  while (begin < want.size() && begin < got.size() && want[begin] == got[begin]) ++begin;
  const std::size_t rows = std::min(want.size() - begin, kMostCompared);
  const std::size_t columns = std::min(got.size() - begin, kMostCompared);
  // common[i][j]: the longest common subsequence of the lines from begin + i and begin + j on.
  std::vector<std::vector<unsigned>> common(rows + 1, std::vector<unsigned>(columns + 1, 0));
  for (std::size_t i = rows; i-- > 0;)
    for (std::size_t j = columns; j-- > 0;)
      common[i][j] = want[begin + i] == got[begin + j] ? common[i + 1][j + 1] + 1
                                                       : std::max(common[i + 1][j], common[i][j + 1]);
  std::ostringstream out;
  std::size_t shown = 0;
  for (std::size_t i = 0, j = 0; i < rows || j < columns;) {
    if (i < rows && j < columns && want[begin + i] == got[begin + j]) {
      ++i, ++j;
      continue;
    }
    if (++shown > kMostShown) return out.str() + "...\n";
    if (i < rows && (j == columns || common[i + 1][j] >= common[i][j + 1]))
      out << begin + i + 1 << " - " << want[begin + i] << "\n", ++i;
    else
      out << begin + j + 1 << " + " << got[begin + j] << "\n", ++j;
  }
  if (shown == 0) out << "the lines are the same; the end of the text or a line end differs\n";
  return out.str();
}

testing::AssertionResult matches(const std::string& path, std::string_view actual) {
  const std::string expected = read(path);
  if (expected == actual) return testing::AssertionSuccess();
  const std::string difference = line_difference(expected, actual);
  if (accepts()) {
    write(in_source(path), actual);
    return testing::AssertionSuccess() << "accepted " << path << "\n" << difference;
  }
  const std::string beside = std::string(TENGLONG_BUILD_DIR) + "/golden-actual/" + path;
  write(beside, actual);
  return testing::AssertionFailure() << path << " differs from " << beside
                                     << " (after reading: ./dev test <room> --accept):\n"
                                     << difference;
}

}  // namespace tenglong::golden
