// What is known of an expression before any data: kind, unit, whether it can be null, and what is warned of.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "engine/feel/evaluate.h"
#include "engine/feel/inside/builtin_types.h"
#include "engine/feel/type.h"
#include "tests/golden/golden.h"

namespace tenglong::feel {
namespace {

quantity::Unit unit(const char* name) { return *quantity::Unit::parse(name); }

TypeScope scope() {
  TypeScope names;
  names.add("实缴税收", Type::number(unit("万元")));
  names.add("实缴税收元", Type::number(unit("元")));
  names.add("用地面积", Type::number(unit("亩")));
  names.add("年度", Type::number({}, false));
  names.add("规上", Type::of(Kind::Boolean));
  names.add("镇街", Type::of(Kind::String));
  names.add("各年税收", Type::list_of(Type::number(unit("万元"))));
  Type firm = Type::of(Kind::Context);
  firm.members.emplace_back("镇街", std::make_shared<const Type>(Type::of(Kind::String)));
  firm.members.emplace_back("税收", std::make_shared<const Type>(Type::number(unit("万元"))));
  names.add("企业", firm);
  names.add("各企业", Type::list_of(firm));
  return names;
}

TEST(Infer, KnowsWhatCanBeNullAndWarnsWhereThatIsLost) {
  const char* expressions[] = {
      "年度",
      "用地面积",
      "用地面积 = null",
      "规上 = true",
      "镇街 = \"金塘\"",
      "年度 > 2021",
      "用地面积 > 3",
      "实缴税收 / 2",
      "实缴税收 / 用地面积",
      "年度 between 2021 and 2023",
      "用地面积 between 3 and 5",
      "镇街 in (\"金塘\", \"白泉\")",
      "用地面积 in [3..5]",
      "not(规上)",
      "not(规上 = true)",
      "count(各年税收)",
      "sum(各年税收)",
      "if 规上 then 1 else 2",
      "if 规上 = true then 1 else 2",
      "if 用地面积 > 3 then \"大\" else \"小\"",
      "if 用地面积 != null and 用地面积 > 3 then \"大\" else \"小\"",
      "if 用地面积 = null then 0 else 用地面积 + 1",
      "if 用地面积 = null or 用地面积 < 3 then 0 else 用地面积",
      "if not(用地面积 = null) then 用地面积 else 0",
      "if 企业.税收 != null then 企业.税收 else 0",
      "if 用地面积 > 3 or 规上 then 1 else 2",
      "各企业[税收 > 5]",
      "各企业[税收 != null and 税收 > 5]",
      "各企业[item.镇街 = \"金塘\"]",
      "for 年度 in [1..3] return 年度",
      "for 用地面积 in 各年税收 return 用地面积",
      "function(镇街) 镇街",
      "{镇街: 镇街}",
      "{镇街: \"金塘\"}",
      "some sum in [1, 2] satisfies sum > 1",
      "实缴税收 + 实缴税收元",
      "if 用地面积 > 3 then 实缴税收 else 实缴税收元",
      "实缴税收 in [1..实缴税收元]",
      "abs(实缴税收) + 1",
      "round half up(实缴税收 / 用地面积, 2)",
      "max([实缴税收, 实缴税收元])",
      "modulo(用地面积, 实缴税收)",
      "string length(镇街)",
      "contains(\"金塘\", \"金\")",
  };
  const TypeScope names = scope();
  std::string out;
  for (const char* expression : expressions) {
    const Parsed parsed = parse(expression, names, {.file = "包.md", .line = 7});
    ASSERT_TRUE(parsed.tree) << expression;
    const Inferred inferred = infer(*parsed.tree, expression, names, {.file = "包.md", .line = 7});
    out += std::string("> ") + expression + "\n  " + to_string(inferred.type) +
           (inferred.type.nullable ? "，可空" : "") + "\n" +
           diagnostic::render(inferred.diagnostics,
                              [&](const std::string&, int) { return std::optional(std::string(expression)); },
                              {});
  }
  EXPECT_TRUE(golden::matches("engine/feel/golden/inferred.txt", out));
}

TEST(Infer, EveryBuiltinHasItsType) {
  for (const BuiltinSignature& each : builtins())
    EXPECT_NE(find_builtin_type(each.name), nullptr) << each.name << " has no row in builtin_types.cpp";
}

// Whatever is inferred must hold for what is then computed.
TEST(Infer, IsTrueOfEveryExpressionOfTheVectors) {
  std::size_t checked = 0, known = 0;
  for (const char* file : {"engine/feel/golden/values.tsv", "engine/feel/vectors/numbers.tsv",
                           "engine/feel/vectors/temporal.tsv"}) {
    std::istringstream in(golden::read(file));
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line.front() == '#') continue;
      const std::string expression = line.substr(0, line.find('\t'));
      const Parsed parsed = parse(expression, NameSet{});
      if (!parsed.tree) continue;
      const Type type = infer(*parsed.tree, expression, TypeScope{}).type;
      const Evaluation evaluation = evaluate(*parsed.tree, ContextEnvironment({}));
      const Value& value = evaluation.value;
      // A number beyond 10^6144 is null too; no type says so.
      if (value.is_null() && !evaluation.findings.empty() &&
          evaluation.findings[0].message.en.find("range") != std::string::npos)
        continue;
      ++checked;
      if (value.is_null()) {
        EXPECT_TRUE(type.nullable || !type.kind) << expression << " is null, inferred " << to_string(type);
      } else if (type.kind) {
        ++known;
        EXPECT_EQ(*type.kind, value.kind()) << expression << " inferred " << to_string(type);
      }
    }
  }
  EXPECT_GT(checked, 10'000u);
  EXPECT_GT(known, 8'000u);
}

}  // namespace
}  // namespace tenglong::feel
