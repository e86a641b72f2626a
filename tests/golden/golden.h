// Compares what a stage printed with the file that a person has read and accepted.
//
// ACCEPT=1 in the environment rewrites the file; otherwise a difference fails the test and shows the first lines that differ.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tenglong::golden {

// `path` is relative to the source tree: "engine/pack/golden/two_names.txt".
testing::AssertionResult matches(const std::string& path, std::string_view actual);
// The bytes of a file of the source tree.
std::string read(const std::string& path);

}  // namespace tenglong::golden
