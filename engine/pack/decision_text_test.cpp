// The table of a decision written anew: what stays keeps its bytes, what changes reads back.
#include "engine/pack/decision_text.h"

#include <gtest/gtest.h>

#include <functional>

namespace tenglong::pack {
namespace {

const char* const kBlock =
    "```yaml decision\n"
    "id: limit   # 年年一样\n"
    "name: 限评\n"
    "of: enterprise_year\n"
    "hit: C#\n"
    "inputs: [事故,  '税收 + 1']\n"
    "output: {name: 最高可评, type: code, codes: grade}\n"
    "otherwise: 'D'\n"
    "source: 缺省，待确认\n"
    "note: 不动\n"
    "```\n"
    "\n"
    "| 说明 | 事故 | 税收+1 |最高可评|\n"
    "|:--|---|---|---|\n"
    "| 甲\\|乙 | `true` | - |\"C\"|\n"
    "| - |  | < 5 | \"D\" |\n";

struct Edited {
  const char* what;
  std::function<void(DecisionText&)> edit;
  const char* before;
  const char* after;
};
const Edited kEdits[] = {
    {"nothing", [](DecisionText&) {}, "年年一样", "年年一样"},
    {"a cell", [](DecisionText& t) { t.rows[1].inputs[1] = "< 6"; }, "| < 5 |", "| < 6 |"},
    {"a cell in code", [](DecisionText& t) { t.rows[0].inputs[0] = "false"; }, "`true`", "`false`"},
    {"a blank cell", [](DecisionText& t) { t.rows[1].inputs[0] = "true"; }, "| - |  |", "| - | true |"},
    {"a cell that ends in a backslash", [](DecisionText& t) { t.rows[0].outputs[0] = "\\"; }, "|\"C\"|",
     "|\\ |"},
    {"a note with a bar", [](DecisionText& t) { t.rows[1].note = "丙|丁"; }, "| - |  |", "| 丙\\|丁 |  |"},
    {"a row taken away", [](DecisionText& t) { t.rows.pop_back(); }, "| - |  | < 5 | \"D\" |\n", ""},
    {"every row taken away", [](DecisionText& t) { t.rows.clear(); },
     "| 甲\\|乙 | `true` | - |\"C\"|\n| - |  | < 5 | \"D\" |\n", ""},
    {"a row added",
     [](DecisionText& t) {
       t.rows.push_back({{"-", "1|2"}, {""}, ""});
     },
     "| < 5 | \"D\" |\n", "| < 5 | \"D\" |\n| - | - | 1\\|2 | |\n"},
    {"rows changed about", [](DecisionText& t) { std::swap(t.rows[0], t.rows[1]); },
     "| 甲\\|乙 | `true` | - |\"C\"|\n| - |  | < 5 | \"D\" |\n",
     "| - |  | < 5 | \"D\" |\n| 甲\\|乙 | `true` | - |\"C\"|\n"},
    {"another hit", [](DecisionText& t) { t.hit = "first"; }, "hit: C#", "hit: first"},
};

TEST(DecisionTexts, OneChangeIsOneChange) {
  const DecisionText now = decision_text_of(kBlock);
  ASSERT_TRUE(now.told.empty()) << now.told.front().message.en;
  EXPECT_EQ(now.hit, "collect_count");
  EXPECT_EQ(now.outputs[0].otherwise, "\"D\"");
  EXPECT_EQ(now.rows[0].note, "甲|乙");
  EXPECT_EQ(now.rows[1].inputs[0], "-");
  for (const Edited& one : kEdits) {
    std::string expected = kBlock;
    const std::size_t at = expected.find(one.before);
    ASSERT_NE(at, std::string::npos) << one.what;
    expected.replace(at, std::string(one.before).size(), one.after);
    DecisionText wanted = now;
    one.edit(wanted);
    const Rewritten done = with_decision_text(kBlock, wanted);
    ASSERT_TRUE(done.is_done()) << one.what << done.refused_because.front().message.en;
    EXPECT_EQ(done.text, expected) << one.what;
  }
}

TEST(DecisionTexts, ColumnsAreWrittenInBothPlaces) {
  DecisionText wanted = decision_text_of(kBlock);
  wanted.inputs[0] = "企业.行业, 甲";
  wanted.outputs[0].name = "结论";
  Rewritten done = with_decision_text(kBlock, wanted);
  ASSERT_TRUE(done.is_done());
  EXPECT_NE(done.text.find("inputs: ['企业.行业, 甲',  '税收 + 1']"), std::string::npos) << done.text;
  EXPECT_NE(done.text.find("output: {name: 结论, type: code"), std::string::npos) << done.text;
  EXPECT_NE(done.text.find("| 说明 | 企业.行业, 甲 | 税收+1 |结论|\n|:--|"), std::string::npos) << done.text;

  wanted = decision_text_of(kBlock);
  wanted.inputs = {"税收 + 1", "新字段", "事故"};
  for (DecisionText::Row& row : wanted.rows) row.inputs = {row.inputs[1], "-", row.inputs[0]};
  done = with_decision_text(kBlock, wanted);
  ASSERT_TRUE(done.is_done());
  EXPECT_NE(done.text.find("inputs: ['税收 + 1', 新字段, 事故]\n"), std::string::npos) << done.text;
  EXPECT_NE(done.text.find("| 税收 + 1 | 新字段 | 事故 | 最高可评 | 说明 |\n|---|---|---|---|---|\n"
                           "| - | - | true | \"C\" | 甲\\|乙 |\n| < 5 | - | - | \"D\" | - |\n"),
            std::string::npos)
      << done.text;

  const std::string lines =
      "```yaml decision\nid: a\nhit: first\ninputs:\n  - 甲  # 第一\n  - '乙'\noutput: 丙\n```\n\n"
      "| 甲 | 乙 | 丙 |\n|---|---|---|\n| 1 | 2 | 3 |";
  wanted = decision_text_of(lines);
  ASSERT_TRUE(wanted.told.empty());
  wanted.inputs = {"丁", "甲"};
  wanted.rows = {{{"4", "1"}, {"3"}, "注"}};
  done = with_decision_text(lines, wanted);
  ASSERT_TRUE(done.is_done());
  EXPECT_EQ(done.text,
            "```yaml decision\nid: a\nhit: first\ninputs:\n  - 丁\n  - 甲  # 第一\noutput: 丙\n```\n\n"
            "| 丁 | 甲 | 丙 | 说明 |\n|---|---|---|---|\n| 4 | 1 | 3 | 注 |");
}

TEST(DecisionTexts, WhatCannotBeWrittenIsToldAtItsCellAllAtOnce) {
  DecisionText wanted = decision_text_of(kBlock);
  wanted.rows[0].inputs[1] = "`x`";
  wanted.rows[1].outputs[0] = "\"a\nb\"";
  wanted.rows[1].note = "甲`";
  wanted.inputs[1] = "";
  const Rewritten done = with_decision_text(kBlock, wanted);
  std::string told;
  for (const auto& each : done.refused_because) told += each.code + " " + each.place.cell + "\n";
  EXPECT_EQ(told,
            "E-PACK-127 /inputs/1\nE-PACK-127 /rows/0/inputs/1\nE-PACK-127 /rows/1/outputs/0\n"
            "E-PACK-127 /rows/1/note\n");
  EXPECT_TRUE(done.text.empty());
}

struct Broken {
  const char* what;
  const char* before;
  const char* after;
};
const Broken kBroken[] = {
    {"no hit", "hit: C#\n", ""},
    {"no inputs", "inputs: [事故,  '税收 + 1']\n", ""},
    {"no output", "output: {name: 最高可评, type: code, codes: grade}\n", ""},
    {"another kind", "yaml decision", "yaml roster"},
    {"a column too many", "| 说明 |", "| 说名 |"},
    {"a cell too few", "|\"C\"|\n", "|\n"},
    {"no table", "|:--|---|---|---|\n", ""},
};
TEST(DecisionTexts, AnUnsoundTableIsTold) {
  for (const Broken& one : kBroken) {
    std::string block = kBlock;
    block.replace(block.find(one.before), std::string(one.before).size(), one.after);
    const DecisionText text = decision_text_of(block);
    ASSERT_FALSE(text.told.empty()) << one.what;
    EXPECT_EQ(text.told.front().code, "E-PACK-128") << one.what;
    EXPECT_TRUE(text.rows.empty());
    EXPECT_FALSE(with_decision_text(block, decision_text_of(kBlock)).is_done()) << one.what;
  }
}

}  // namespace
}  // namespace tenglong::pack
