// What a model says, what is told of its mistakes, and what boxed expressions mean beyond the standard's own
// tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/dmn/pack_blocks.h"
#include "engine/dmn/program.h"
#include "tests/golden/golden.h"

namespace tenglong::dmn {
namespace {

namespace fs = std::filesystem;
using feel::Value;

std::string contents(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

std::string model_with(const std::string& body) {
  return "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' namespace='urn:t' name='t'>" +
         body + "</definitions>";
}

std::shared_ptr<const Program> compiled(const std::string& body, const std::string& imported = "") {
  Diagnostics diagnostics;
  std::vector<Model> models;
  for (const std::string& each : {model_with(body), imported})
    if (!each.empty())
      if (auto model = read_model(each, "t.dmn", diagnostics)) models.push_back(std::move(*model));
  auto out = models.empty() ? nullptr : Program::compile(std::move(models), diagnostics);
  for (const auto& each : diagnostics) ADD_FAILURE() << each.code << " " << each.message.en;
  return out;
}

feel::Context given(const std::string& text) {
  const feel::Parsed parsed = feel::parse(text, feel::NameSet{});
  EXPECT_TRUE(parsed.tree) << text;
  return feel::evaluate(*parsed.tree, feel::ContextEnvironment({})).value.context();
}

std::string asked(const Program& program, std::string_view name, const std::string& inputs = "{}") {
  return program.ask(name, given(inputs)).value.to_feel();
}

TEST(DmnMistakes, AreToldAllAtOnceAtTheirPlace) {
  std::vector<fs::path> files;
  for (const auto& each : fs::directory_iterator(std::string(ROOM_DIR) + "/golden"))
    if (each.path().extension() == ".dmn") files.push_back(each.path());
  std::sort(files.begin(), files.end());
  std::string told;
  for (const fs::path& each : files) {
    Diagnostics diagnostics;
    if (auto model = read_model(contents(each), each.filename().string(), diagnostics)) {
      std::vector<Model> models;
      models.push_back(std::move(*model));
      Program::compile(std::move(models), diagnostics)->check_tables(diagnostics);
    }
    for (const text::Language language : {text::Language::Chinese, text::Language::English})
      told += diagnostic::render(diagnostics, [](const std::string&, int) { return std::nullopt; },
                                 {.language = language});
    told += "\n";
  }
  EXPECT_TRUE(golden::matches("engine/dmn/golden/findings.txt", told));
}

// A table of two rules that overlap between 10 and 20, under each hit policy.
std::string table(const std::string& attributes, const std::string& rules,
                  const std::string& output = "<output/>") {
  return "<inputData id='i' name='得分'><variable name='得分' typeRef='number'/></inputData>"
         "<decision id='d' name='档次'><informationRequirement><requiredInput "
         "href='#i'/></informationRequirement>"
         "<decisionTable " +
         attributes +
         "><input><inputExpression typeRef='number'><text>得分</text>"
         "</inputExpression></input>" +
         output + rules + "</decisionTable></decision>";
}
std::string rule(const std::string& test, const std::string& output) {
  return "<rule><inputEntry><text>" + test + "</text></inputEntry><outputEntry><text>" + output +
         "</text></outputEntry></rule>";
}

TEST(DmnTables, HitPolicies) {
  const std::string rules = rule("[0..20]", "3") + rule("[10..30]", "5") + rule("[15..16]", "3");
  const std::string listed = "<output><outputValues><text>5, 3</text></outputValues></output>";
  const struct {
    const char* what;
    const char* attributes;
    bool is_listed;
    const char* at_5;
    const char* at_12;
    const char* at_15;
    const char* at_99;
  } kRows[] = {
      {"unique", "hitPolicy='UNIQUE'", false, "3", "null", "null", "null"},
      {"unique is what is not said", "", false, "3", "null", "null", "null"},
      {"any", "hitPolicy='ANY'", false, "3", "null", "null", "null"},
      {"first", "hitPolicy='FIRST'", false, "3", "3", "3", "null"},
      {"priority", "hitPolicy='PRIORITY'", true, "3", "5", "5", "null"},
      {"rule order", "hitPolicy='RULE ORDER'", false, "[3]", "[3, 5]", "[3, 5, 3]", "null"},
      {"output order", "hitPolicy='OUTPUT ORDER'", true, "[3]", "[5, 3]", "[5, 3, 3]", "null"},
      {"collect", "hitPolicy='COLLECT'", false, "[3]", "[3, 5]", "[3, 5, 3]", "[]"},
      {"sum", "hitPolicy='COLLECT' aggregation='SUM'", false, "3", "8", "11", "null"},
      {"min", "hitPolicy='COLLECT' aggregation='MIN'", false, "3", "3", "3", "null"},
      {"max", "hitPolicy='COLLECT' aggregation='MAX'", false, "3", "5", "5", "null"},
      {"count", "hitPolicy='COLLECT' aggregation='COUNT'", false, "1", "2", "3", "0"},
  };
  for (const auto& row : kRows) {
    const auto program = compiled(table(row.attributes, rules, row.is_listed ? listed : "<output/>"));
    EXPECT_EQ(asked(*program, "档次", "{得分: 5}"), row.at_5) << row.what;
    EXPECT_EQ(asked(*program, "档次", "{得分: 12}"), row.at_12) << row.what;
    EXPECT_EQ(asked(*program, "档次", "{得分: 15}"), row.at_15) << row.what;
    EXPECT_EQ(asked(*program, "档次", "{得分: 99}"), row.at_99) << row.what;
  }
}

TEST(DmnTables, ADefaultStandsWhereNoRuleApplies) {
  const auto program =
      compiled(table("hitPolicy='UNIQUE'", rule("&gt;= 60", "\"A\""),
                     "<output><defaultOutputEntry><text>\"D\"</text></defaultOutputEntry></output>"));
  EXPECT_EQ(asked(*program, "档次", "{得分: 60}"), "\"A\"");
  EXPECT_EQ(asked(*program, "档次", "{得分: 59.9999999999999999999999999999999999}"), "\"A\"")
      << "rounds to 60 at 34 digits";
  EXPECT_EQ(asked(*program, "档次", "{得分: 59.99999999999999999999999999999999}"), "\"D\"");
  EXPECT_EQ(asked(*program, "档次", "{得分: null}"), "\"D\"");
}

TEST(DmnTables, SeveralOutputsMakeAContextAndAggregateByColumn) {
  const std::string outputs = "<output name='加分' typeRef='number'/><output name='项数' typeRef='number'/>";
  const std::string rules =
      "<rule><inputEntry><text>&gt; 1</text></inputEntry><outputEntry><text>2</text></outputEntry>"
      "<outputEntry><text>1</text></outputEntry></rule>"
      "<rule><inputEntry><text>&gt; 2</text></inputEntry><outputEntry><text>0.5</text></outputEntry>"
      "<outputEntry><text>1</text></outputEntry></rule>";
  EXPECT_EQ(
      asked(*compiled(table("hitPolicy='COLLECT' aggregation='SUM'", rules, outputs)), "档次", "{得分: 3}"),
      "{加分: 2.5, 项数: 2}");
  EXPECT_EQ(asked(*compiled(table("hitPolicy='FIRST'", rules, outputs)), "档次", "{得分: 3}"),
            "{加分: 2, 项数: 1}");
}

TEST(DmnTables, AnInputOutsideItsAllowedValuesIsNullWithItsReason) {
  const auto program = compiled(
      "<inputData id='i' name='等级'><variable name='等级' typeRef='string'/></inputData>"
      "<decision id='d' name='电价'><informationRequirement><requiredInput "
      "href='#i'/></informationRequirement>"
      "<decisionTable><input><inputExpression><text>等级</text></inputExpression>"
      "<inputValues><text>\"A\",\"B\"</text></inputValues></input><output/>" +
      rule("-", "1") + "</decisionTable></decision>");
  EXPECT_EQ(asked(*program, "电价", "{等级: \"A\"}"), "1");
  const Outcome outcome = program->ask("电价", given("{等级: \"E\"}"));
  EXPECT_TRUE(outcome.value.is_null());
  ASSERT_EQ(outcome.told.size(), 1u);
  EXPECT_EQ(outcome.told[0].message.zh, "输入不在这一列允许的值之中。");
}

TEST(DmnModels, AnImportedModelIsReachedByItsName) {
  const std::string lines =
      "<definitions xmlns='https://www.omg.org/spec/DMN/20211108/MODEL/' namespace='urn:lines' name='l'>"
      "<itemDefinition "
      "name='t分'><typeRef>number</typeRef><allowedValues><text>[0..100]</text></allowedValues>"
      "</itemDefinition>"
      "<decision id='a' name='及格 线'><variable name='及格 线' "
      "typeRef='t分'/><literalExpression><text>60</text>"
      "</literalExpression></decision></definitions>";
  const auto program = compiled(
      "<import name='线' namespace='urn:lines' importType='https://www.omg.org/spec/DMN/20211108/MODEL/'/>"
      "<inputData id='i' name='得分'><variable name='得分' typeRef='线.t分'/></inputData>"
      "<decision id='d' name='及格'><informationRequirement><requiredInput "
      "href='#i'/></informationRequirement>"
      "<informationRequirement><requiredDecision href='urn:lines#a'/></informationRequirement>"
      "<literalExpression><text>得分 &gt;= 线.及格 线</text></literalExpression></decision>",
      lines);
  EXPECT_EQ(asked(*program, "及格", "{得分: 60}"), "true");
  EXPECT_EQ(asked(*program, "及格", "{得分: 101}"), "null") << "not an allowed value of the imported type";
}

TEST(DmnModels, FunctionsOfAContextMayCallThemselves) {
  const auto program = compiled(
      "<decision id='d' name='阶乘'><context><contextEntry><variable name='f'/><functionDefinition>"
      "<formalParameter name='n'/><literalExpression><text>if n = 0 then 1 else n * f(n - "
      "1)</text></literalExpression>"
      "</functionDefinition></contextEntry><contextEntry><literalExpression><text>f(20)</text></"
      "literalExpression>"
      "</contextEntry></context></decision>");
  EXPECT_EQ(asked(*program, "阶乘"), "2432902008176640000");
}

TEST(DmnModels, EndlessWorkEndsAndSaysSo) {
  const std::string forever =
      "<businessKnowledgeModel id='b' name='绕'><encapsulatedLogic><formalParameter name='n'/>"
      "<conditional><if><literalExpression><text>true</text></literalExpression></"
      "if><then><literalExpression>"
      "<text>绕(n + "
      "1)</text></literalExpression></then><else><literalExpression><text>0</text></literalExpression>"
      "</else></conditional></encapsulatedLogic></businessKnowledgeModel>"
      "<decision id='d' name='甲'><knowledgeRequirement><requiredKnowledge href='#b'/></knowledgeRequirement>"
      "<literalExpression><text>绕(1)</text></literalExpression></decision>";
  const Outcome outcome = compiled(forever)->ask("甲", {});
  EXPECT_TRUE(outcome.value.is_null());
  EXPECT_FALSE(outcome.told.empty());

  std::string chain =
      "<decision id='d0' name='d0'><literalExpression><text>1</text></literalExpression></decision>";
  for (int i = 1; i < 400; ++i) {
    const std::string n = std::to_string(i), before = std::to_string(i - 1);
    chain += "<decision id='d" + n + "' name='d" + n +
             "'><informationRequirement><requiredDecision href='#d" + before +
             "'/></informationRequirement><literalExpression><text>d" + before +
             " + 1</text></literalExpression></decision>";
  }
  const auto program = compiled(chain);
  EXPECT_EQ(asked(*program, "d150"), "151");
  EXPECT_EQ(asked(*program, "d399"), "null");
}

TEST(DmnModels, QuestionsNameWhatTheyNeed) {
  const auto program = compiled(
      "<inputData id='i' name='税收'/><inputData id='j' name='面积'/>"
      "<decision id='a' name='亩均'><informationRequirement><requiredInput "
      "href='#i'/></informationRequirement>"
      "<informationRequirement><requiredInput href='#j'/></informationRequirement>"
      "<literalExpression><text>税收 / 面积</text></literalExpression></decision>"
      "<decision id='b' name='达标'><informationRequirement><requiredDecision "
      "href='#a'/></informationRequirement>"
      "<literalExpression><text>亩均 &gt;= 5</text></literalExpression></decision>"
      "<decisionService id='s' name='判'><outputDecision href='#b'/><inputDecision "
      "href='#a'/></decisionService>");
  std::string told;
  for (const Question& each : program->questions()) {
    told += each.name + ":";
    for (const std::string& input : each.inputs) told += " " + input;
    told += "\n";
  }
  EXPECT_EQ(told, "亩均: 税收 面积\n达标: 税收 面积\n判: 亩均\n");
  EXPECT_EQ(asked(*program, "达标", "{税收: 10, 面积: 2}"), "true");
  EXPECT_EQ(asked(*program, "判", "{亩均: 4.99}"), "false");
  EXPECT_EQ(asked(*program, "没有的"), "null");
}

TEST(DmnBlocks, AModelBecomesReadableMarkdownAndSaysWhatIsLeftOut) {
  Diagnostics diagnostics;
  const auto model = read_model(
      contents(std::string(SOURCE_DIR) + "/tck/cases/compliance-level-3/0004-lending/0004-lending.dmn"),
      "0004-lending.dmn", diagnostics);
  ASSERT_TRUE(model);
  const PackBlocks blocks = as_pack_blocks(*model, diagnostics);
  EXPECT_EQ(blocks.registers, 1);
  EXPECT_EQ(blocks.decisions, 4);
  EXPECT_TRUE(golden::matches("engine/dmn/golden/lending.md", blocks.markdown));
  std::string told;
  for (const auto& each : diagnostics) told += each.code + " " + each.message.zh + "\n";
  EXPECT_TRUE(golden::matches("engine/dmn/golden/lending_left_out.txt", told));
}

TEST(DmnModels, OlderVersionsAreRead) {
  for (const char* space :
       {"http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/"}) {
    Diagnostics diagnostics;
    const auto model =
        read_model("<d:definitions xmlns:d='" + std::string(space) +
                       "' namespace='urn:t' name='t'>"
                       "<d:decision id='a' "
                       "name='甲'><d:literalExpression><d:text>1</d:text></d:literalExpression></d:decision>"
                       "</d:definitions>",
                   "t.dmn", diagnostics);
    ASSERT_TRUE(model) << space;
    EXPECT_EQ(model->elements.size(), 1u);
  }
}

}  // namespace
}  // namespace tenglong::dmn
