#include <gtest/gtest.h>

#include <sstream>

#include "engine/feel/evaluate.h"
#include "engine/feel/type.h"
#include "tests/golden/golden.h"

namespace tenglong::feel {
namespace {

std::string value_of(const std::string& expression) {
  const NameSet names;
  const Parsed parsed = parse(expression, names);
  if (parsed.tree == nullptr)
    return "#error " + (parsed.diagnostics.empty() ? std::string{} : parsed.diagnostics[0].message.en);
  return evaluate(*parsed.tree, ContextEnvironment({})).value.to_feel();
}

TEST(Feel, GivesTheValuesOfTheTable) {
  std::istringstream in(golden::read("engine/feel/golden/values.tsv"));
  std::string out;
  for (std::string line; std::getline(in, line);) {
    const std::string expression = line.substr(0, line.find('\t'));
    out += expression + "\t" + value_of(expression) + "\n";
  }
  EXPECT_TRUE(golden::matches("engine/feel/golden/values.tsv", out));
}

TypeScope scope() {
  TypeScope names;
  names.add("实缴税收", Type::number(*quantity::Unit::parse("万元")));
  names.add("实缴税收元", Type::number(*quantity::Unit::parse("元")));
  names.add("用地面积", Type::number(*quantity::Unit::parse("亩")));
  names.add("亩均税收", Type::number(*quantity::Unit::parse("万元/亩")));
  names.add("规上", Type::of(Kind::Boolean));
  names.add("镇街", Type::of(Kind::String));
  names.add("营业", Type::number(*quantity::Unit::parse("万元")));
  names.add("营业 收入", Type::number(*quantity::Unit::parse("万元")));
  names.add("a-b", Type::number({}));
  return names;
}

TEST(Feel, ResolvesNamesLongestFirst) {
  const TypeScope names = scope();
  EXPECT_EQ(render_tree(*parse("营业  收入 + 营业", names).tree),
            "arithmetic +\n  name 营业 收入\n  name 营业\n");
  EXPECT_EQ(render_tree(*parse("a-b - 1", names).tree), "arithmetic -\n  name a-b\n  literal 1\n");
  EXPECT_EQ(references(*parse("企业.镇街 = \"x\" and 规上", NameSet({"企业", "规上"})).tree),
            (std::vector<std::vector<std::string>>{{"企业", "镇街"}, {"规上"}}));
}

std::string findings_of(const std::string& expression) {
  const TypeScope names = scope();
  const Origin origin{.file = "包.md", .line = 7, .column = 10, .clause = "二·P09"};
  Parsed parsed = parse(expression, names, origin);
  diagnostic::Diagnostics all = parsed.diagnostics;
  if (parsed.tree != nullptr) {
    Inferred inferred = infer(*parsed.tree, expression, names, origin);
    all.insert(all.end(), inferred.diagnostics.begin(), inferred.diagnostics.end());
    if (all.empty()) return "  " + to_string(inferred.type) + "\n";
  }
  const auto lines = [&](const std::string&, int line) {
    return line == 7 ? std::optional("formula: " + expression) : std::nullopt;
  };
  return diagnostic::render(all, lines, {}) +
         diagnostic::render(all, lines, {.language = text::Language::English});
}

TEST(Feel, TellsEveryMistakeWithItsPlaceAndMend) {
  const char* expressions[] = {
      "sum（实缴税收，用地面积）",
      "实缴税收 / 用地面职",
      "亩均税收 + 用地面积",
      "实缴税收 > 实缴税收元",
      "实缴税收 * 50%",
      "规上 && 规上",
      "实缴税收 == 3",
      "实缴税收 instance of nummber",
      "实缴税收 /",
      "规上 > 3",
      "镇街 * 2",
      "用地面积(年度: 2023)",
      "if 用地面积 then 1 else 2",
      "“金塘” = 镇街",
      "\"没有结束",
      "1E9999",
      "规上 and 用地面积",
      "用地面积 ** 0.5",
      "((((实缴税收",
      "实缴税收 / 用地面积",
      "亩均税收 > 5",
      "亩均税收 * 用地面积 + 实缴税收",
      "sum([实缴税收, 实缴税收])",
      "min([亩均税收, 8])",
      "亩均税收 in [5..8)",
  };
  std::string out;
  for (const char* expression : expressions)
    out += std::string("> ") + expression + "\n" + findings_of(expression) + "\n";
  const std::string deep = std::string(300, '(') + "1" + std::string(300, ')');
  out += "> 300 brackets\n" + parse(deep, NameSet{}).diagnostics.at(0).code + "\n";
  EXPECT_TRUE(golden::matches("engine/feel/golden/findings.txt", out));
}

TEST(Feel, KnowsTheKeysOfAParameter) {
  TypeScope names = scope();
  Type line = Type::of(Kind::Function, false);
  line.parameters = {"范围", "年度"};
  line.parameter_types = {std::make_shared<const Type>(Type::of(Kind::String)),
                          std::make_shared<const Type>(Type::number({}))};
  line.result = std::make_shared<const Type>(Type::number(*quantity::Unit::parse("万元/亩")));
  names.add("低效认定线", line);
  const std::string good = "亩均税收 <= 低效认定线(范围: \"园区外\", 年度: 2023)",
                    bad = "低效认定线(范围: \"园区外\", 年份: 2023)", short_one = "低效认定线(\"园区外\")";
  EXPECT_TRUE(infer(*parse(good, names).tree, good, names).diagnostics.empty());
  EXPECT_EQ(infer(*parse(bad, names).tree, bad, names).diagnostics.at(0).code, "E-FEEL-205");
  EXPECT_EQ(infer(*parse(bad, names).tree, bad, names).diagnostics.at(0).advice.zh, "是不是“年度”？");
  EXPECT_EQ(infer(*parse(short_one, names).tree, short_one, names).diagnostics.at(0).code, "E-FEEL-205");
}

TEST(Feel, ANullKeepsItsReasonAndPlace) {
  const std::string expression = "1 + 2 / 0";
  const Evaluation evaluation = evaluate(*parse(expression, NameSet{}).tree, ContextEnvironment({}));
  EXPECT_TRUE(evaluation.value.is_null());
  ASSERT_EQ(evaluation.findings.size(), 1u);
  EXPECT_EQ(evaluation.findings[0].message.zh, "除数是 0。");
  EXPECT_EQ(expression.substr(evaluation.findings[0].span.begin,
                              evaluation.findings[0].span.end - evaluation.findings[0].span.begin),
            "2 / 0");
}

TEST(Feel, TestsOfATableCell) {
  const auto passes = [](const char* cell, const Value& input) {
    const Parsed parsed = parse(cell, NameSet{}, {}, Grammar::UnaryTests);
    return evaluate_tests(*parsed.tree, input, ContextEnvironment({})).value.to_feel();
  };
  EXPECT_EQ(passes("-", 3), "true");
  EXPECT_EQ(passes("< 5", 3), "true");
  EXPECT_EQ(passes("[5..8)", 8), "false");
  EXPECT_EQ(passes("\"A\", \"B\"", "B"), "true");
  EXPECT_EQ(passes("not(\"A\", \"B\")", "C"), "true");
  EXPECT_EQ(passes("not(\"A\")", Value{}), "true");
  EXPECT_EQ(passes("? > 2 and ? < 5", 3), "true");
  EXPECT_EQ(passes("null", Value{}), "true");
  EXPECT_EQ(passes("< 5", Value{}), "null");
}

TEST(Feel, AVeryLongChainIsRefusedNotACrash) {
  std::string chain = "1";
  for (int i = 0; i < 200000; ++i) chain += "+1";
  const Parsed parsed = parse(chain, NameSet{});
  EXPECT_EQ(parsed.tree, nullptr);
  EXPECT_EQ(parsed.diagnostics.at(0).code, "E-FEEL-105");
}

TEST(Feel, TheBudgetEndsEndlessWork) {
  const Evaluation evaluation = evaluate(*parse("count(for i in 1..100000000 return i)", NameSet{}).tree,
                                         ContextEnvironment({}), {}, {.steps = 10000});
  EXPECT_TRUE(evaluation.value.is_null());
  EXPECT_NE(evaluation.findings.at(0).message.en.find("budget"), std::string::npos);
}

}  // namespace
}  // namespace tenglong::feel
