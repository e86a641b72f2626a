// Compares what a stage printed with the file that a person has read and accepted.
//
// ACCEPT=1 in the environment rewrites the file. Otherwise a difference fails the test, shows the lines that
// differ and leaves the actual text under the build folder, as golden-actual/<path>.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tenglong::golden {

// `path` is relative to the source tree: "engine/pack/golden/two_names.txt".
testing::AssertionResult matches(const std::string& path, std::string_view actual);
// The bytes of a file of the source tree; empty if there is none.
std::string read(const std::string& path);
// What goes from `expected` to `actual`, line by line: "12 - gone", "12 + come". Lines are found again after
// an insertion.
std::string line_difference(std::string_view expected, std::string_view actual);

}  // namespace tenglong::golden
