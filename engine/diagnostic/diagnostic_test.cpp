#include "engine/diagnostic/diagnostic.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "tests/golden/golden.h"

namespace tenglong::diagnostic {
namespace {

// A made-up pack of two lines and a made-up workbook; the codes belong to no room, so that lint counts none
// of them as tested.
std::optional<std::string> line_of(const std::string& file, int line) {
  if (file != "packs/example/02-实施目标.md") return std::nullopt;
  if (line == 14) return "formula: 实缴税收 / 用地面积";
  if (line == 20) return "\tunit: 万圆/亩";
  return std::nullopt;
}

Diagnostics examples() {
  const std::string file = "packs/example/02-实施目标.md";
  return {
      {"W-EXAMPLE-104",
       Severity::Warning,
       {.file = "税务.xlsx", .sheet = "2023年", .cell = "C17"},
       "",
       {"用地面积是 39414，多半是平方米，这一列是亩。",
        "Land is 39414, probably square metres; this column is in mu."},
       {"除以 666.67，或在表头写明单位。", "Divide by 666.67, or name the unit in the header."}},
      {"E-EXAMPLE-210",
       Severity::Error,
       {.file = file, .line = 20, .column = 8, .end_column = 10},
       "二·P09",
       {"没有“万圆”这个单位。", "There is no unit 万圆."},
       {"是不是“万元”？", "Did you mean 万元?"}},
      {"E-EXAMPLE-203",
       Severity::Error,
       {.file = file, .line = 14, .column = 17, .end_column = 21},
       "二·P09",
       {"除数“用地面积”可以为 0，条文没有写为 0 时怎么办。",
        "The divisor 用地面积 may be 0, and the clause does not say what holds then."},
       {"补写“用地面积为 0 时不适用”，或在 questions 立一问。",
        "Write what holds when it is 0, or open a question."},
       {{{.file = file, .line = 3, .column = 1}, {"“用地面积”在这里定义。", "用地面积 is defined here."}}}},
      {"N-EXAMPLE-001", Severity::Note, {.file = file}, "", {"共 2 条。", "2 clauses."}, {}},
      {"W-EXAMPLE-105",
       Severity::Warning,
       {.file = "税务.xlsx", .sheet = "2023年", .cell = "9"},
       "",
       {"整行是空的。", "The row is empty."},
       {}},
      {"W-EXAMPLE-106",
       Severity::Warning,
       {.file = "税务.xlsx", .sheet = "2023年", .cell = "AA17"},
       "",
       {"多出一列。", "One column too many."},
       {}},
  };
}

TEST(Render, ShowsPlaceLineCaretAndAdvice) {
  EXPECT_TRUE(golden::matches("engine/diagnostic/golden/chinese.txt", render(examples(), line_of, {})));
}

TEST(Render, SpeaksEnglishOnRequest) {
  EXPECT_TRUE(golden::matches("engine/diagnostic/golden/english.txt",
                              render(examples(), line_of, {.language = Language::English})));
}

TEST(Render, ColourIsOffUnlessAsked) {
  EXPECT_EQ(render(examples(), line_of, {}).find('\033'), std::string::npos);
  EXPECT_NE(render(examples(), line_of, {.colour = true}).find("\033[1;31m错误 E-EXAMPLE-203\033[0m"),
            std::string::npos);
}

TEST(RenderJson, IsTheSameAsData) {
  EXPECT_TRUE(golden::matches("engine/diagnostic/golden/chinese.json",
                              render_json(examples(), Language::Chinese) + "\n"));
  EXPECT_EQ(render_json({}, Language::Chinese), R"({"diagnostics":[]})");
}

TEST(Render, ControlCharactersOfTheFileNeverReachTheTerminal) {
  const Diagnostics one = {{"E-EXAMPLE-203",
                            Severity::Error,
                            {.file = "a", .line = 1, .column = 2, .end_column = 3},
                            "",
                            {"错", "wrong"},
                            {}}};
  const auto line = [](const std::string&, int) { return std::optional<std::string>("\033税\tx"); };
  EXPECT_EQ(render(one, line, {}), "a:1:2: 错误 E-EXAMPLE-203 错\n         税 x\n         ^^\n");
}

TEST(Sort, ByPlaceAndStable) {
  Diagnostics found = examples();
  found.push_back(found[4]);
  found.back().code = "second";
  sort_by_place(found);
  std::string order;
  for (const Diagnostic& d : found) order += to_string(d.place) + " " + d.code + "\n";
  EXPECT_EQ(order,
            "packs/example/02-实施目标.md N-EXAMPLE-001\n"
            "packs/example/02-实施目标.md:14:17 E-EXAMPLE-203\n"
            "packs/example/02-实施目标.md:20:8 E-EXAMPLE-210\n"
            "税务.xlsx!2023年!9 W-EXAMPLE-105\n"
            "税务.xlsx!2023年!9 second\n"
            "税务.xlsx!2023年!C17 W-EXAMPLE-104\n"
            "税务.xlsx!2023年!AA17 W-EXAMPLE-106\n");
}

TEST(Count, BySeverity) {
  EXPECT_TRUE(has_errors(examples()));
  EXPECT_EQ(count(examples(), Severity::Error), 2u);
  EXPECT_EQ(count(examples(), Severity::Warning), 3u);
  EXPECT_FALSE(has_errors({}));
}

TEST(SourceLines, DropTheByteOrderMarkAndCarriageReturns) {
  const std::string file = testing::TempDir() + "diagnostic_source_lines.md";
  std::ofstream(file, std::ios::binary) << "\xEF\xBB\xBF# 一\r\n二\n";
  const SourceLine lines = source_lines_from_disk();
  EXPECT_EQ(lines(file, 1), "# 一");
  EXPECT_EQ(lines(file, 2), "二");
  EXPECT_FALSE(lines(file, 3));
  EXPECT_FALSE(lines(file, 0));
  EXPECT_FALSE(lines("no such file", 1));
  std::remove(file.c_str());
}

TEST(Golden, ADifferenceIsShownByLine) {
  EXPECT_EQ(golden::line_difference("a\nb\nc\n", "a\nx\nb\nc\n"), "2 + x\n");
  EXPECT_EQ(golden::line_difference("a\nb\n", "a\nc\n"), "2 - b\n2 + c\n");
  EXPECT_EQ(golden::line_difference("a\n", "a"),
            "the lines are the same; the end of the text or a line end differs\n");
}

}  // namespace
}  // namespace tenglong::diagnostic
