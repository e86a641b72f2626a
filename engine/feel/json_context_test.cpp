#include <gtest/gtest.h>

#include <sstream>

#include "engine/feel/evaluate.h"
#include "engine/feel/json_context.h"
#include "tests/golden/golden.h"

namespace tenglong::feel {
namespace {

// The value of an expression over the names, its unit behind it.
std::string with_unit(const std::string& json, const std::string& expression) {
  const JsonContext given = read_json_context(json, "数据.json");
  if (!given.diagnostics.empty()) return given.diagnostics[0].code;
  const Parsed parsed = parse(expression, given.types);
  if (parsed.tree == nullptr) return parsed.diagnostics.at(0).code;
  const Evaluation done = evaluate(*parsed.tree, ContextEnvironment(given.values));
  const std::string unit = infer(*parsed.tree, expression, given.types).type.unit.name();
  return done.value.to_feel() + (unit.empty() ? "" : " " + unit);
}

struct ContextCase {
  const char* what;
  const char* json;
  const char* expression;
  const char* expected;
};

const ContextCase kCases[] = {
    {"a number is an exact decimal", R"j({"a": 0.1})j", "a * 3 = 0.3", "true"},
    {"34 digits are kept", R"j({"a": 1.234567890123456789012345678901234})j", "a",
     "1.234567890123456789012345678901234"},
    {"trailing zeros do not count", R"j({"a": 1000000000000000000000000000000000000000})j", "a",
     "1000000000000000000000000000000000000000"},
    {"an exponent", R"j({"a": -1.5e-3})j", "a", "-0.0015"},
    {"a string that looks like a date is a string", R"j({"a": "date:2023-01-01"})j", "a",
     "\"date:2023-01-01\""},
    {"nor is 2023-01-01 one", R"j({"a": "2023-01-01"})j", "a instance of date", "false"},
    {"a date is written in FEEL", R"j({"a": {"@": "date(\"2023-01-01\")"}})j", "a + duration(\"P1D\")",
     "@\"2023-01-02\""},
    {"so is a duration", R"j({"a": {"@": "@\"P1Y2M\""}})j", "a.months", "2"},
    {"a number with a unit",
     R"j({"税收": {"value": 120, "unit": "万元"}, "面积": {"value": 10, "unit": "亩"}})j", "税收 / 面积",
     "12 万元/亩"},
    {"the unit may stand first", R"j({"税收": {"unit": "万元", "value": 120}})j", "税收", "120 万元"},
    {"a missing number has its unit", R"j({"税收": {"value": null, "unit": "万元"}})j", "税收", "null 万元"},
    {"a list with a unit", R"j({"税收": {"value": [1, 2.5], "unit": "万元"}})j", "sum(税收)", "3.5 万元"},
    {"a list of numbers with units", R"j({"L": [{"value": 1, "unit": "亩"}, {"value": 2, "unit": "亩"}]})j",
     "max(L)", "2 亩"},
    {"a name with blanks", R"j({"营业 收入": 3})j", "营业  收入 + 1", "4"},
    {"members of members", R"j({"企业": {"所在 镇街": {"名称": "金塘"}}})j", "企业.所在 镇街.名称",
     "\"金塘\""},
    {"a list of contexts", R"j({"L": [{"a": 1}, {"a": 2}]})j", "L[a > 1].a", "[2]"},
    {"escapes and surrogates", R"j({"a": "\"\\\/\n\u91D1\ud83d\udc0e"})j", "string length(a)", "6"},
    {"half a surrogate", R"j({"a": "\ud83d"})j", "string length(a)", "1"},
    {"truth and nothing", R"j( {"p" : true , "q":false,"r":null} )j", "[p, q, r]", "[true, false, null]"},
    {"no names at all", "{}", "1 + 1", "2"},
    {"a byte order mark", "\xEF\xBB\xBF{\"a\": 1}", "a", "1"},
};

TEST(JsonContext, GivesNamesTheirValuesAndUnits) {
  for (const ContextCase& one : kCases)
    EXPECT_EQ(with_unit(one.json, one.expression), one.expected) << one.what;
}

TEST(JsonContext, TellsWhatIsWrongByLineAndColumn) {
  const char* texts[] = {
      "",
      "[1, 2]",
      "{\"@\": \"1\"}",
      "{\n  \"实缴税收\": 120,\n  \"用地面积\" 10\n}",
      "{\"a\": 1,}",
      "{\"a\": 1 \"b\": 2}",
      "{'a': 1}",
      "{\"a\": 01}",
      "{\"a\": .5}",
      "{\"a\": 1.}",
      "{\"a\": 1e}",
      "{\"a\": NaN}",
      "{\"a\": \"没有结束}",
      "{\"a\": \"换\n行\"}",
      "{\"a\": \"\\x\"}",
      "{\"a\": \"\\u12g4\"}",
      "{\"a\": 1} {",
      "{\"a\": [1, 2}",
      "{\n  \"a\": 1.2345678901234567890123456789012345678,\n  \"b\": 1e9999,\n  \"a\": 2\n}",
      "{\n  \"a\": {\"@\": 5},\n  \"b\": {\"@\": \"date(\"},\n  \"c\": {\"@\": "
      "\"date(\\\"2023-02-30\\\")\"}\n}",
      "{\n  \"税收\": {\"value\": 1, \"unit\": \"万园\"},\n  \"镇街\": {\"value\": \"金塘\", \"unit\": "
      "\"亩\"}\n}",
  };
  std::string out;
  for (const std::string text : texts) {
    const auto line_of = [&](const std::string&, int line) -> std::optional<std::string> {
      std::istringstream in(text);
      std::string found;
      for (int i = 0; i < line; ++i)
        if (!std::getline(in, found)) return std::nullopt;
      return found;
    };
    const JsonContext given = read_json_context(text, "数据.json");
    out += "> " + text + "\n" + diagnostic::render(given.diagnostics, line_of, {}) +
           diagnostic::render(given.diagnostics, line_of, {.language = text::Language::English}) + "\n";
    EXPECT_FALSE(given.diagnostics.empty()) << text;
  }
  const std::string deep(1000, '[');
  out += "> 1,000 brackets\n" +
         to_string(read_json_context("{\"a\": " + deep, "数据.json").diagnostics.at(0).place) + "\n";
  EXPECT_TRUE(golden::matches("engine/feel/golden/json_context.txt", out));
}

}  // namespace
}  // namespace tenglong::feel
