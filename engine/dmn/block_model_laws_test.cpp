// A decision of a pack goes out as a DMN model and comes back: untouched it is the same text, changed it is
// what was changed, and the model answers as its table does.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "engine/dmn/block_model.h"
#include "engine/dmn/program.h"

namespace tenglong::dmn {
namespace {

namespace fs = std::filesystem;
using pack::DecisionText;

const pack::Pack& dinghai() {
  static const pack::ReadPack read = pack::read_pack(SOURCE_DIR "/packs/dinghai-2021");
  return *read.pack;
}

std::string told_in(const Diagnostics& told) {
  std::string out;
  for (const auto& each : told) out += each.code + " " + each.place.cell + " " + each.message.zh + "\n";
  return out;
}

TEST(BlockModels, EveryDecisionOfEveryPackComesBackAsItWas) {
  std::size_t decisions = 0;
  for (const fs::directory_entry& folder : fs::directory_iterator(SOURCE_DIR "/packs")) {
    if (!fs::exists(folder.path() / "pack.md")) continue;
    const pack::ReadPack read = pack::read_pack(folder.path().string());
    if (!read.pack) continue;
    for (const pack::Decision& each : read.pack->decisions) {
      ++decisions;
      const std::string block = pack::written_at(each.place);
      const BlockModel model = model_of(block, *read.pack);
      ASSERT_TRUE(model.told.empty()) << each.id << told_in(model.told);
      const pack::Rewritten back = block_with(block, model.xml, *read.pack);
      ASSERT_TRUE(back.is_done()) << each.id << told_in(back.refused_because);
      EXPECT_EQ(back.text, block) << each.id;
      Diagnostics diagnostics;
      auto parsed = read_model(model.xml, "t.dmn", diagnostics);
      ASSERT_TRUE(parsed) << told_in(diagnostics);
      Program::compile({*parsed}, diagnostics);
      EXPECT_TRUE(diagnostics.empty()) << told_in(diagnostics);
    }
  }
  EXPECT_GE(decisions, 3u);
}

const std::vector<std::string> kInputs = {
    "企业.行业", "小升规", "用地面积", "实缴税收 + 用地面积 / 2", "年度", "重大项目建设期", "企业.镇街"};
const std::vector<std::string> kCells = {"-",         "true",     "< 5",      "[1..9)", "\"甲|乙\"",
                                         "not(3, 4)", "\"<&>'\"", "\"\\\\\"", "null",   "\"\\\"\""};
const std::vector<std::string> kNotes = {"", "说明", "甲|乙 & <丙>", "a  b", "“引号”\\"};
const std::vector<std::string> kHits = {"unique",        "any",         "first",        "priority",
                                        "collect",       "collect_sum", "collect_min",  "collect_max",
                                        "collect_count", "rule_order",  "output_order", "collect_worst",
                                        "collect_best"};

template <typename T>
T one_of(const std::vector<T>& all) {
  return *rc::gen::elementOf(all);
}

// Hit, columns and rows at will, over the same outputs.
DecisionText any_table(std::size_t outputs) {
  DecisionText out{.id = "limit", .name = "限评", .of = "enterprise_year", .hit = one_of(kHits)};
  std::vector<std::string> inputs = kInputs;
  const auto count = *rc::gen::inRange<std::size_t>(1, 5);
  while (out.inputs.size() < count) {
    const auto at = *rc::gen::inRange<std::size_t>(0, inputs.size());
    out.inputs.push_back(inputs[at]);
    inputs.erase(inputs.begin() + static_cast<std::ptrdiff_t>(at));
  }
  for (std::size_t i = 0; i < outputs; ++i)
    out.outputs.push_back({.name = "结论" + std::string(1, static_cast<char>('a' + i)),
                           .type = i == 0 ? "code" : "number",
                           .codes = i == 0 ? "grade" : ""});
  const auto rows = *rc::gen::inRange<std::size_t>(0, 6);
  for (std::size_t r = 0; r < rows; ++r) {
    DecisionText::Row row;
    for (std::size_t i = 0; i < out.inputs.size(); ++i) row.inputs.push_back(one_of(kCells));
    for (std::size_t i = 0; i < outputs; ++i) row.outputs.push_back(one_of(kCells));
    row.note = one_of(kNotes);
    out.rows.push_back(row);
  }
  return out;
}

// The same table as different hands would write it.
std::string written_somehow(const DecisionText& table) {
  static const std::map<std::string, std::string> kShort = {
      {"unique", "U"}, {"first", "F"}, {"collect_sum", "C+"}};
  const auto chance = [] { return *rc::gen::arbitrary<bool>(); };
  std::string hit = table.hit;
  if (const auto found = kShort.find(hit); found != kShort.end() && chance()) hit = found->second;
  const std::string end = chance() ? "\n" : "\r\n";
  std::string out =
      "```yaml decision" + end + "id: limit" + end + "name: 限评" + end + "of: enterprise_year" + end;
  out += (chance() ? "hit: " : "hit:   ") + hit + end;
  if (table.inputs.size() == 1 && chance()) {
    out += "inputs: " + table.inputs[0] + end;
  } else if (chance()) {
    out += "inputs: [";
    for (std::size_t i = 0; i < table.inputs.size(); ++i)
      out += (i == 0     ? ""
              : chance() ? ", "
                         : ",  ") +
             (chance() ? "'" + table.inputs[i] + "'" : table.inputs[i]);
    out += "]" + end;
  } else {
    out += "inputs:" + end;
    for (const std::string& each : table.inputs) out += "  - " + each + (chance() ? "  # 这一列" : "") + end;
  }
  const auto output = [](const DecisionText::Output& each) {
    return "{name: " + each.name + ", type: " + each.type +
           (each.codes.empty() ? "" : ", codes: " + each.codes) + "}";
  };
  if (table.outputs.size() == 1) {
    out += "output: " + output(table.outputs[0]) + end;
  } else {
    out += "outputs:" + end;
    for (const DecisionText::Output& each : table.outputs) out += "  - " + output(each) + end;
  }
  if (table.outputs.size() == 1 && chance())
    out += std::string("otherwise: ") + (chance() ? "'\"D\"'" : "\"D\"") + end;
  out += "source: 缺省，待确认" + end + "note: 不动" + end + "```" + end + end;
  const bool has_notes = chance() || std::any_of(table.rows.begin(), table.rows.end(),
                                                 [](const auto& row) { return !row.note.empty(); });
  const bool is_note_first = has_notes && chance();
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string row = "|";
    for (const std::string& each : cells) {
      const std::string blank = chance() ? " " : "  ";
      const bool is_code = chance() && !each.empty() && each.find('\\') == std::string::npos;
      row += blank;
      if (is_code) row += "`";
      for (const char c : each) row += c == '|' ? "\\|" : std::string(1, c);
      if (is_code) row += "`";
      row += blank + "|";
    }
    return row + end;
  };
  const auto cells = [&](std::vector<std::string> all, const std::string& note) {
    if (has_notes) all.insert(is_note_first ? all.begin() : all.end(), note);
    return all;
  };
  std::vector<std::string> head = table.inputs;
  for (const DecisionText::Output& each : table.outputs) head.push_back(each.name);
  std::string names = "|", rule = "|";
  for (const std::string& each : cells(head, "说明")) {
    names += " " + each + " |";
    rule += chance() ? "---|" : ":--|";
  }
  out += names + end + rule + end;
  for (const DecisionText::Row& row : table.rows) {
    std::vector<std::string> all;
    for (const std::string& each : row.inputs) all.push_back(each == "-" && chance() ? "" : each);
    all.insert(all.end(), row.outputs.begin(), row.outputs.end());
    out += line(cells(all, row.note.empty() && chance() ? "-" : row.note));
  }
  if (chance()) out.resize(out.size() - end.size());
  return out;
}

void expect_same(const DecisionText& a, const DecisionText& b) {
  RC_ASSERT(a.hit == b.hit);
  RC_ASSERT(a.inputs == b.inputs);
  RC_ASSERT(a.rows.size() == b.rows.size());
  for (std::size_t r = 0; r < a.rows.size(); ++r) {
    RC_ASSERT(a.rows[r].inputs == b.rows[r].inputs);
    RC_ASSERT(a.rows[r].outputs == b.rows[r].outputs);
    RC_ASSERT(a.rows[r].note == b.rows[r].note);
  }
}

RC_GTEST_PROP(BlockModelLaws, UntouchedItIsTheSameText, ()) {
  const std::string block = written_somehow(any_table(*rc::gen::inRange<std::size_t>(1, 3)));
  const BlockModel model = model_of(block, dinghai());
  if (!model.told.empty()) RC_FAIL(block + told_in(model.told));
  const pack::Rewritten back = block_with(block, model.xml, dinghai());
  if (!back.is_done()) RC_FAIL(block + told_in(back.refused_because));
  RC_ASSERT(back.text == block);
}

// One block, and the model of another table with the same outputs: what comes back is the other table.
RC_GTEST_PROP(BlockModelLaws, WhatWasChangedIsWhatIsWritten, ()) {
  const auto outputs = *rc::gen::inRange<std::size_t>(1, 3);
  const std::string block = written_somehow(any_table(outputs));
  DecisionText wanted = pack::decision_text_of(block);
  const DecisionText other = any_table(outputs);
  wanted.inputs = other.inputs;
  wanted.rows = other.rows;
  const pack::Rewritten changed = pack::with_decision_text(block, wanted);
  if (!changed.is_done()) RC_FAIL(block + told_in(changed.refused_because));
  const BlockModel model = model_of(changed.text, dinghai());
  if (!model.told.empty()) RC_FAIL(changed.text + told_in(model.told));
  const pack::Rewritten back = block_with(block, model.xml, dinghai());
  if (!back.is_done()) RC_FAIL(block + told_in(back.refused_because));
  RC_ASSERT(back.text == changed.text);
  expect_same(pack::decision_text_of(back.text), wanted);
  // The keys that no editor shows stand where they stood.
  for (const char* line : {"id: limit", "of: enterprise_year", "source: 缺省，待确认", "note: 不动"})
    RC_ASSERT(back.text.find(line) != std::string::npos);
  RC_ASSERT(back.text.substr(0, back.text.find("hit:")) == block.substr(0, block.find("hit:")));
}

// A piece of the model replaced; with what is told.
struct Mistake {
  const char* what;
  const char* before;
  const char* after;
  const char* told;
};
const char* const kLimit =
    "```yaml decision\nid: limit\nname: 限评\nof: enterprise_year\nhit: collect_worst\ninputs: [小升规, "
    "用地面积]\n"
    "output: {name: 最高可评, type: code, codes: grade}\nsource: 缺省，待确认\n```\n\n"
    "| 小升规 | 用地面积 | 最高可评 | 说明 |\n|---|---|---|---|\n| true | - | \"C\" | 甲 |\n| - | < 5 | "
    "\"D\" | 乙 |\n";
const Mistake kMistakes[] = {
    {"another language", "<inputEntry id=\"rule_2_input_2\">",
     "<inputEntry id=\"x\" expressionLanguage=\"juel\">", "E-DMN-208 /rows/1/inputs/1"},
    {"a remark", "<outputEntry id=\"rule_1_output_1\">",
     "<outputEntry id=\"x\"><description>注</description>", "E-DMN-402 /rows/0/outputs/0"},
    {"an aggregation that means nothing", "hitPolicy=\"PRIORITY\"",
     "hitPolicy=\"UNIQUE\" aggregation=\"SUM\"", "E-DMN-402 /hit"},
    {"a policy that is none", "hitPolicy=\"PRIORITY\"", "hitPolicy=\"BEST\"", "E-DMN-210 /hit"},
    {"an input that is no field", ">用地面积</text>", ">用地面子</text>", "E-DMN-403 /inputs/1"},
    {"an input without expression", ">用地面积</text>", "></text>", "E-PACK-127 /inputs/1"},
    {"a label of its own", "label=\"用地面积\"", "label=\"面积\"", "E-DMN-402 /inputs/1"},
    {"another type", "id=\"input_expression_2\" typeRef=\"number\"", "id=\"x\" typeRef=\"string\"",
     "E-DMN-402 /inputs/1"},
    {"values of an input", "</input>", "<inputValues><text>1, 2</text></inputValues></input>",
     "E-DMN-402 /inputs/0"},
    {"other values", "\"D\", \"C\"", "\"D\", \"Z\"", "E-DMN-402 /outputs/0"},
    {"a default", "</output>", "<defaultOutputEntry><text>1</text></defaultOutputEntry></output>",
     "E-DMN-402 /outputs/0"},
    {"one output more", "<annotation ", "<output label=\"又一列\"></output><annotation ",
     "E-PACK-127 /outputs"},
    {"another name", "<decision id=\"limit\" name=\"限评\"", "<decision id=\"limit\" name=\"限\"",
     "E-DMN-402 /name"},
    {"another id", "<decision id=\"limit\"", "<decision id=\"other\"", "E-DMN-402 /id"},
    {"a backquote", ">甲</text>", ">`甲</text>", "E-PACK-127 /rows/0/note"},
    {"a cell too few",
     "<outputEntry id=\"rule_2_output_1\">\n          <text>\"D\"</text>\n        </outputEntry>", "",
     "E-DMN-209 /rows/1"},
    {"no table", "<decisionTable", "<other", "E-DMN-101 /dmn"},
    {"a DTD", "<definitions", "<!DOCTYPE d [<!ENTITY a \"b\">]><definitions", "E-DMN-102 /dmn"},
    {"two decisions", "</definitions>", "<decision id=\"x\" name=\"x\"></decision></definitions>",
     "E-DMN-402 /dmn"},
};

TEST(BlockModels, WhatAPackHasNoWordForIsToldAtItsPlaceAndNothingIsWritten) {
  const std::string xml = model_of(kLimit, dinghai()).xml;
  for (const Mistake& one : kMistakes) {
    std::string with = xml;
    const std::size_t at = with.find(one.before);
    ASSERT_NE(at, std::string::npos) << one.what << "\n" << xml;
    with.replace(at, std::string(one.before).size(), one.after);
    const pack::Rewritten back = block_with(kLimit, with, dinghai());
    ASSERT_FALSE(back.is_done()) << one.what << back.text;
    const std::string told = told_in(back.refused_because);
    EXPECT_NE(told.find(one.told), std::string::npos) << one.what << "\n" << told;
    EXPECT_TRUE(back.text.empty());
  }
  std::string several = xml;
  for (const auto& [before, after] :
       std::vector<std::pair<std::string, std::string>>{{">用地面积</text>", ">用地面子</text>"},
                                                        {">甲</text>", ">`</text>"},
                                                        {"name=\"限评\">", "name=\"限\">"}})
    several.replace(several.find(before), before.size(), after);
  const std::string told = told_in(block_with(kLimit, several, dinghai()).refused_because);
  for (const char* each : {"E-DMN-402 /name", "E-DMN-403 /inputs/1", "E-PACK-127 /rows/0/note"})
    EXPECT_NE(told.find(each), std::string::npos) << told;
}

TEST(BlockModels, WhatTheStandardLacksIsShownByItsNearestAndKept) {
  BlockModel model = model_of(kLimit, dinghai());
  EXPECT_FALSE(model.has_twin);
  EXPECT_EQ(model.shown_as, HitPolicy::Priority);
  EXPECT_NE(model.xml.find("<text>\"D\", \"C\", \"B\", \"A\"</text>"), std::string::npos) << model.xml;
  model.xml.replace(model.xml.find("\"PRIORITY\""), 10, "\"COLLECT\" aggregation=\"COUNT\"");
  EXPECT_NE(block_with(kLimit, model.xml, dinghai()).text.find("hit: collect_count\n"), std::string::npos);
  const BlockModel broken = model_of(
      "```yaml decision\nid: limit\nhit: worst\ninputs: [小升规]\noutput: 甲\n```\n\n"
      "| 小升规 | 甲 |\n|---|---|\n",
      dinghai());
  ASSERT_EQ(broken.told.size(), 1u);
  EXPECT_EQ(broken.told[0].code, "E-DMN-401");
}

TEST(BlockModels, ALineBreakInACellIsABlankAndInATextItsEscape) {
  std::string xml = model_of(kLimit, dinghai()).xml;
  xml.replace(xml.find("&lt; 5"), 6, "&lt;\n 5, \"甲\n乙\"");
  const pack::Rewritten back = block_with(kLimit, xml, dinghai());
  ASSERT_TRUE(back.is_done()) << told_in(back.refused_because);
  EXPECT_NE(back.text.find("| - | <  5, \"甲\\n乙\" | \"D\" | 乙 |"), std::string::npos) << back.text;
}

TEST(BlockModels, ANoteInTheDescriptionOfARuleIsItsNote) {
  std::string xml = model_of(kLimit, dinghai()).xml;
  const std::size_t from = xml.find("<annotationEntry>"), to = xml.find("</annotationEntry>") + 18;
  xml.replace(from, to - from, "<description>别处写的</description>");
  EXPECT_NE(block_with(kLimit, xml, dinghai()).text.find("| true | - | \"C\" | 别处写的 |"),
            std::string::npos);
}

TEST(BlockModels, WhatIsTooLargeIsRefusedAndWhatIsToldIsBounded) {
  const std::string xml = model_of(kLimit, dinghai()).xml;
  const auto times = [](std::size_t count, const std::string& text) {
    std::string out;
    while (count-- > 0) out += text;
    return out;
  };
  std::string wide = xml;
  wide.insert(wide.find("<output "),
              times(200, "<input><inputExpression><text>x</text></inputExpression></input>"));
  EXPECT_EQ(told_in(block_with(kLimit, wide, dinghai()).refused_because).substr(0, 14), "E-DMN-103 /dmn");
  const std::string rule =
      "<rule><inputEntry><text>`</text></inputEntry><inputEntry><text>`</text></inputEntry>"
      "<outputEntry><text>`</text></outputEntry></rule>";
  std::string long_one = xml, wrong = xml;
  long_one.insert(long_one.find("</decisionTable>"), times(5'000, rule));
  EXPECT_EQ(told_in(block_with(kLimit, long_one, dinghai()).refused_because).substr(0, 14), "E-DMN-103 /dmn");
  wrong.insert(wrong.find("</decisionTable>"), times(1'000, rule));
  EXPECT_EQ(block_with(kLimit, wrong, dinghai()).refused_because.size(), 201u);
}

// 一票否决 and 保护清单 by their model: the worst of all that hold, the first that holds, else the default.
TEST(BlockModels, TheModelAnswersAsTheTable) {
  struct Asked {
    const char* decision;
    const char* inputs;
    const char* answer;
  };
  const Asked kAsked[] = {
      {"limit", "{小升规: true, 用地面积: 9}", "\"C\""},
      {"limit", "{小升规: true, 用地面积: 4}", "\"D\""},
      {"limit", "{小升规: false, 用地面积: 9}", "null"},
      {"protection", "{小升规: true, 重大项目建设期: false}", "\"C\""},
      {"protection", "{小升规: false, 重大项目建设期: false}", "\"D\""},
      {"key_sector", "{企业: {行业: \"3731\"}}", "\"船舶\""},
      {"key_sector", "{企业: {行业: \"0111\"}}", "\"其他\""},
  };
  for (const Asked& one : kAsked) {
    std::string block = kLimit;
    for (const pack::Decision& each : dinghai().decisions)
      if (each.id == one.decision) block = pack::written_at(each.place);
    Diagnostics diagnostics;
    auto model = read_model(model_of(block, dinghai()).xml, "t.dmn", diagnostics);
    ASSERT_TRUE(model);
    const std::string name = model->elements.back().name;
    const auto program = Program::compile({std::move(*model)}, diagnostics);
    ASSERT_TRUE(diagnostics.empty()) << told_in(diagnostics);
    const feel::Parsed given = feel::parse(one.inputs, feel::NameSet{});
    const feel::Value inputs = feel::evaluate(*given.tree, feel::ContextEnvironment({})).value;
    EXPECT_EQ(program->ask(name, inputs.context()).value.to_feel(), one.answer) << one.decision << one.inputs;
  }
}

}  // namespace
}  // namespace tenglong::dmn
