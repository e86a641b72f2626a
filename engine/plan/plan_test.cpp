#include "engine/plan/plan.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tenglong::plan {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// The printed plan of golden/<name>/pack.md, as `tenglong inspect plan` shows it. ACCEPT=1 rewrites the
// golden.
TEST(plan, goldens) {
  std::size_t goldens = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ROOM_DIR "/golden")) {
    ++goldens;
    const pack::ReadPack read = pack::read_pack(entry.path().string());
    ASSERT_TRUE(read.pack.has_value()) << entry.path();
    std::string mistakes;
    for (const diagnostic::Diagnostic& each : read.diagnostics)
      if (each.severity == diagnostic::Severity::Error)
        mistakes += to_string(each.place) + " " + each.message.zh + "\n";
    ASSERT_EQ(mistakes, "");
    const Plan plan = lower(*read.pack, calendar::Period::year(2022));
    const std::string actual = render(plan, *read.pack);
    const std::filesystem::path expected = entry.path() / "expected.txt";
    if (std::getenv("ACCEPT") != nullptr) std::ofstream(expected) << actual;
    EXPECT_EQ(actual, text_of(expected)) << expected << " (ACCEPT=1 rewrites it)";
  }
  EXPECT_GT(goldens, 0u);
}

// In the shipped packs nothing on the way of a scheme or roster is left to the interpreter unnoticed: the
// list is here.
TEST(plan, of_shipped_packs_leaves_only_what_is_listed_to_the_interpreter) {
  std::string left;
  for (const char* name : {"dinghai-2021", "huangyan-2021", "huangyan-2022"}) {
    const pack::ReadPack read = pack::read_pack(std::string(SOURCE_DIR "/packs/") + name);
    if (!read.pack) continue;
    const Plan plan = lower(*read.pack, calendar::Period::year(2022));
    for (const SchemePlan& scheme : plan.schemes)
      if (!scheme.left_to_interpreter.empty())
        left +=
            std::string(name) + " scheme " + scheme.scheme->name + ": " + scheme.left_to_interpreter + "\n";
    for (const RosterPlan& roster : plan.rosters)
      if (!roster.left_to_interpreter.empty())
        left +=
            std::string(name) + " roster " + roster.roster->name + ": " + roster.left_to_interpreter + "\n";
    for (const pack::Indicator& each : read.pack->indicators) {
      if (each.stands_among())
        if (const std::string why = lower_standing(*read.pack, each, plan.period).left_to_interpreter;
            !why.empty())
          left += std::string(name) + " among " + each.name + ": " + why + "\n";
      if (each.over.empty() && each.related.empty()) continue;
      const Over over = over_of(each, plan.period);
      const std::string why = lower_population(*read.pack, over, over.period).left_to_interpreter();
      if (!why.empty()) left += std::string(name) + " over " + each.name + ": " + why + "\n";
    }
    for (const pack::Target& each : read.pack->targets) {
      if (each.over.empty() || !each.formula.present()) continue;
      const Over over = over_of(each, plan.period);
      const std::string why =
          lower_population(*read.pack, over, calendar::Period::year(2022)).left_to_interpreter();
      if (!why.empty()) left += std::string(name) + " target " + each.id + ": " + why + "\n";
    }
    std::istringstream lines(render(plan, *read.pack));
    for (std::string line; std::getline(lines, line);)
      if (line.find("interpret:") != std::string::npos)
        left += std::string(name) + " " + line.substr(line.find(' ') + 1) + "\n";
  }
  const std::filesystem::path expected = ROOM_DIR "/left_to_interpreter.txt";
  if (std::getenv("ACCEPT") != nullptr) std::ofstream(expected) << left;
  EXPECT_EQ(left, text_of(expected)) << expected << " (ACCEPT=1 rewrites it)";
}

}  // namespace
}  // namespace tenglong::plan
