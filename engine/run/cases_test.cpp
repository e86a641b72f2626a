// Every pack's own cases: enterprises on either side of every line, and exactly on it.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "engine/run/cases.h"
#include "engine/run/trial.h"

namespace tenglong::run {
namespace {

std::string words_of(const CaseOutcome& outcome) {
  std::string words = to_string(outcome.row->place) + " " + outcome.row->what;
  for (const CaseDifference& each : outcome.differences)
    words += "\n  " + each.output + "：应为 " + each.expected + "，得 " + each.actual;
  for (const std::string& each : outcome.problems) words += "\n  " + each;
  return words;
}

TEST(cases, of_every_pack_hold) {
  std::set<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(SOURCE_DIR "/packs"))
    if (std::filesystem::exists(entry.path() / "pack.md")) folders.insert(entry.path());
  std::size_t rows = 0;
  for (const std::filesystem::path& folder : folders) {
    const pack::ReadPack read = pack::read_pack(folder.string());
    if (!read.pack || read.pack->cases.empty()) continue;
    for (const CaseOutcome& outcome : run_cases(*read.pack)) {
      ++rows;
      EXPECT_TRUE(outcome.holds()) << words_of(outcome);
    }
  }
  EXPECT_GT(rows, 0u);
}

}  // namespace
}  // namespace tenglong::run
