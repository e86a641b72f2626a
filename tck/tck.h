// Runs test folders of the DMN Technology Compatibility Kit.
//
// In:    a folder of the kit's layout: <level>/<nnnn-name>/<name>.dmn and <name>-test-nn.xml; any folder
// above or
//        below works too. Out: one verdict a result node, in order of path, file and test.
// Equal: numbers are equal as decimals. Where a test writes a long fraction (eight digits after the point or
// more), ours
//        is equal once it is written with as many digits. Published runners allow 1e-8 everywhere: that is
//        told, and does not pass.
#pragma once
#include <string>
#include <vector>

namespace tenglong::tck {

enum class Verdict { Success, Error, Ignored };

struct Result {
  std::string level;      // compliance-level-3
  std::string directory;  // 0068-feel-equality
  std::string file;       // 0068-feel-equality-test-01
  std::string test;       // the case's id
  std::string node;       // the result node's name
  Verdict verdict = Verdict::Error;
  bool expects_value = false;   // else null is expected
  bool is_rounded = false;      // equal only in the digits that the test writes
  bool is_near = false;         // not equal, yet within the 1e-8 of published runners
  bool is_silent_null = false;  // an error was expected; null came without a reason
  std::string expected;         // FEEL
  std::string actual;
  std::string comment;  // why it is not a success
};

// Every test below `folder`. Throws std::runtime_error if the folder cannot be read.
std::vector<Result> run_folder(const std::string& folder);

// The kit's own result file: "dir","test","node","SUCCESS|ERROR|IGNORED","comment".
std::string as_csv(const std::vector<Result>& results);
// By directory: tests that expect a value, tests that expect null; then totals by level.
std::string as_table(const std::vector<Result>& results);

}  // namespace tenglong::tck
