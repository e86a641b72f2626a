// Laws that hold for any expression. Expressions are made at random, well typed but for a null here and
// there, and are written out in more than one way.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "engine/feel/evaluate.h"

namespace tenglong::feel {
namespace {

// A piece of text with holes: "$ + $". `level` is how tightly it binds, `needs` how tightly each hole must.
struct Expression {
  int level = 11;
  std::vector<std::string> tokens = {};  // "$" is the next part
  std::vector<Expression> parts = {};
  std::vector<int> needs = {};
};

enum Level {
  kLoose = 1,
  kOr,
  kAnd,
  kCompare,
  kAdd,
  kMultiply,
  kPower,
  kNegate,
  kPostfix = 10,
  kPrimary = 11
};

Expression leaf(std::string text) { return {kPrimary, {std::move(text)}, {}, {}}; }

// The words of `pattern`, which are apart by blanks; a hole is "$" and a digit of its need in hexadecimal. _
// is a blank inside a name.
Expression make(int level, const std::string& pattern, std::vector<Expression> parts) {
  Expression out{level, {}, std::move(parts), {}};
  std::istringstream words(pattern);
  for (std::string word; words >> word;) {
    if (word[0] == '$' && word.size() == 2) {
      out.needs.push_back(word[1] <= '9' ? word[1] - '0' : word[1] - 'a' + 10);
      word = "$";
    }
    std::replace(word.begin(), word.end(), '_', ' ');
    out.tokens.push_back(word);
  }
  return out;
}

// As few brackets and blanks as the grammar needs; words keep a blank between them.
void write_plain(const Expression& e, std::string& out) {
  std::size_t next = 0;
  for (const std::string& token : e.tokens) {
    if (token == "$") {
      const Expression& part = e.parts[next];
      const bool bracketed = part.level < e.needs[next++];
      if (bracketed) out += "(";
      write_plain(part, out);
      if (bracketed) out += ")";
      continue;
    }
    const bool is_word = std::isalpha(static_cast<unsigned char>(token[0])) != 0;
    out += is_word && token.size() > 1 && !e.parts.empty() ? " " + token + " " : token;
  }
}

// With brackets, blanks and comments wherever they may stand.
void write_loose(const Expression& e, std::mt19937_64& random, std::string& out) {
  static const char* const kSpaces[] = {" ",           "  ",        "\n",     "\t",
                                        " /* a + */ ", " // b )\n", "\u3000", "\u00A0"};
  const auto space = [&] { return std::string(" ") + kSpaces[random() % std::size(kSpaces)]; };
  std::size_t next = 0;
  for (const std::string& token : e.tokens) {
    if (token != "$") {
      out += space() + token + space();
      continue;
    }
    const Expression& part = e.parts[next];
    int brackets = part.level < e.needs[next++] ? 1 : 0;
    if (random() % 3 == 0) brackets += static_cast<int>(random() % 3);
    for (int i = 0; i < brackets; ++i) out += "(" + space();
    write_loose(part, random, out);
    for (int i = 0; i < brackets; ++i) out += space() + ")";
  }
}

std::string plain(const Expression& e) {
  std::string out;
  write_plain(e, out);
  return out;
}

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}
  std::mt19937_64& random() { return random_; }
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  // A number name that may be used as well, as the variable of an iteration.
  std::vector<std::string> numbers = {"a", "b", "营业 收入", "c-d"};

  Expression number(int depth) {
    if (below(40) == 0) return leaf("null");
    if (depth <= 0) {
      if (below(2) == 0)
        return leaf(numbers[static_cast<std::size_t>(below(static_cast<int>(numbers.size())))]);
      static const char* const kNumbers[] = {"0",    "1",   "2",   "3",   "10",   "0.1",
                                             "0.25", "1.5", "100", "1E3", "99.99"};
      return leaf(kNumbers[below(std::size(kNumbers))]);
    }
    const int d = depth - 1;
    switch (below(18)) {
      case 0:
        return make(kAdd, "$5 + $6", {number(d), number(d)});
      case 1:
        return make(kAdd, "$5 - $6", {number(d), number(d)});
      case 2:
        return make(kMultiply, "$6 * $7", {number(d), number(d)});
      case 3:
        return make(kMultiply, "$6 / $7", {number(d), number(d)});
      case 4:
        return make(kPower, "$7 ** 2", {number(d)});
      case 5:
        return make(kNegate, "- $8", {number(d)});
      case 6:
        return make(kLoose, "if $1 then $1 else $1", {boolean(d), number(d), number(d)});
      case 7:
        return make(kPrimary, "sum ( $1 )", {list(d)});
      case 8:
        return make(kPrimary, "count ( $1 )", {list(d)});
      case 9:
        return make(kPrimary, "abs ( $1 )", {number(d)});
      case 10:
        return make(kPrimary, "decimal ( $1 , 2 )", {number(d)});
      case 11:
        return make(kPostfix, "$a [ 1 ]", {list(d)});
      case 12:
        return make(kPostfix, "{ k : $1 } . k", {number(d)});
      case 13:
        return make(kPostfix, "{ k : $1 , m : $1 } . m", {number(d), with("k", d)});
      case 14:
        return make(kPostfix, "( function ( v ) $1 ) ( $1 )", {with("v", d), number(d)});
      case 15:
        return make(kPrimary, "max ( $1 , $1 )", {number(d), number(d)});
      case 16:
        return make(kPrimary, "modulo ( $1 , 7 )", {number(d)});
      default:
        return make(kPrimary, "string_length ( $1 )", {string(d)});
    }
  }

  Expression boolean(int depth) {
    if (below(25) == 0) return leaf("null");
    if (depth <= 0) {
      static const char* const kBooleans[] = {"true", "false", "p", "q"};
      return leaf(kBooleans[below(4)]);
    }
    const int d = depth - 1;
    static const char* const kSigns[] = {"<", "<=", ">", ">=", "=", "!="};
    switch (below(11)) {
      case 0:
        return make(kAnd, "$3 and $4", {boolean(d), boolean(d)});
      case 1:
        return make(kOr, "$2 or $3", {boolean(d), boolean(d)});
      case 2:
        return make(kPrimary, "not ( $1 )", {boolean(d)});
      case 3:
        return make(kCompare, std::string("$5 ") + kSigns[below(6)] + " $5", {number(d), number(d)});
      case 4:
        return make(kCompare, "$5 between $5 and $5", {number(d), number(d), number(d)});
      case 5:
        return make(kCompare, "$5 in [ $5 .. $5 ]", {number(d), number(d), number(d)});
      case 6:
        return make(kLoose, "some i in $1 satisfies $1", {list(d), about("i", d)});
      case 7:
        return make(kLoose, "every i in $1 satisfies $1", {list(d), about("i", d)});
      case 8:
        return make(kPrimary, "list_contains ( $1 , $1 )", {list(d), number(d)});
      case 9:
        return make(kCompare, "$5 = $5", {string(d), string(d)});
      default:
        return make(kCompare, "$9 instance of number", {number(d)});
    }
  }

  Expression string(int depth) {
    if (below(30) == 0) return leaf("null");
    if (depth <= 0) {
      static const char* const kStrings[] = {"\"\"", "\"a\"", "\"金塘, 镇\"", "\"🐎x\"", "\"a\\\"b\\n\"", "s"};
      return leaf(kStrings[below(6)]);
    }
    const int d = depth - 1;
    switch (below(6)) {
      case 0:
        return make(kAdd, "$5 + $6", {string(d), string(d)});
      case 1:
        return make(kPrimary, "upper_case ( $1 )", {string(d)});
      case 2:
        return make(kPrimary, "substring ( $1 , 1 )", {string(d)});
      case 3:
        return make(kPrimary, "string ( $1 )", {number(d)});
      case 4:
        return make(kLoose, "if $1 then $1 else $1", {boolean(d), string(d), string(d)});
      default:
        return make(kPrimary, "string_join ( [ $1 , $1 ] , \"-\" )", {string(d), string(d)});
    }
  }

  // Of numbers.
  Expression list(int depth) {
    if (below(40) == 0) return leaf("null");
    if (depth <= 0) return below(2) == 0 ? leaf("L") : leaf("[1, 2.5, 2.5, -3]");
    const int d = depth - 1;
    switch (below(10)) {
      case 0:
        return make(kPrimary, "[ $1 , $1 , $1 ]", {number(d), number(d), number(d)});
      case 1:
        return make(kLoose, "for i in $1 return $1", {list(d), with("i", d)});
      case 2:
        return make(kPostfix, "$a [ $1 ]", {list(d), about("item", d)});
      case 3:
        return make(kPrimary, "concatenate ( $1 , $1 )", {list(d), list(d)});
      case 4:
        return make(kPrimary, "reverse ( $1 )", {list(d)});
      case 5:
        return make(kPrimary, "sort ( $1 , function ( x , y ) x > y )", {list(d)});
      case 6:
        return make(kPrimary, "distinct_values ( $1 )", {list(d)});
      case 7:
        return make(kPrimary, "append ( $1 , $1 )", {list(d), number(d)});
      case 8:
        return make(kLoose, "for i in 1 .. 3 return $1", {with("i", d)});
      default:
        return make(kPrimary, "flatten ( [ $1 , [ $1 ] ] )", {list(d), list(d)});
    }
  }

  Expression any(int depth) {
    switch (below(4)) {
      case 0:
        return number(depth);
      case 1:
        return boolean(depth);
      case 2:
        return string(depth);
      default:
        return list(depth);
    }
  }

  // A number or a condition in which one more name may occur.
  Expression with(const std::string& name, int depth) {
    numbers.push_back(name);
    Expression out = number(depth);
    numbers.pop_back();
    return out;
  }
  Expression about(const std::string& name, int depth) {
    static const char* const kSigns[] = {"<", "<=", ">", ">=", "=", "!="};
    return make(kCompare, name + std::string(" ") + kSigns[below(6)] + " $5", {number(std::min(depth, 1))});
  }

 private:
  std::mt19937_64 random_;
};

Maker some_maker() { return Maker(*rc::gen::arbitrary<std::uint64_t>()); }
int some_depth() { return *rc::gen::inRange(0, 6); }

// What the names of the expressions stand for.
Context some_names(Maker& maker) {
  const auto number = [&] { return Value(Decimal::scaled(maker.below(2000) - 1000, -maker.below(4))); };
  Context out;
  for (const char* name : {"a", "b", "营业 收入", "c-d"}) out.put(name, number());
  out.put("p", maker.below(2) == 0);
  out.put("q", maker.below(3) == 0 ? Value{} : Value(maker.below(2) == 0));
  out.put("s", maker.below(2) == 0 ? "岛,上" : "b🐎");
  List list;
  for (int i = maker.below(7); i > 0; --i) list.push_back(number());
  out.put("L", std::move(list));
  return out;
}

const NameSet& names() {
  static const NameSet set({"a", "b", "营业 收入", "c-d", "p", "q", "s", "L", "d"});
  return set;
}

Evaluation evaluated(const std::string& text, const Context& context, Budget budget = {}) {
  const Parsed parsed = parse(text, names());
  if (parsed.tree == nullptr) RC_FAIL("not parsed: " + text + "\n" + parsed.diagnostics.at(0).message.en);
  return evaluate(*parsed.tree, ContextEnvironment(context), {}, budget);
}

class Laws : public testing::Test {
 protected:
  Maker maker = Maker(0);
  Context context;
  void begin() {
    maker = some_maker();
    context = some_names(maker);
  }
  std::string value(const std::string& text) { return evaluated(text, context).value.to_feel(); }
  std::string number() { return "(" + plain(maker.number(some_depth())) + ")"; }
  std::string boolean() { return "(" + plain(maker.boolean(some_depth())) + ")"; }
  std::string string() { return "(" + plain(maker.string(some_depth())) + ")"; }
  std::string list() { return "(" + plain(maker.list(some_depth())) + ")"; }
  // Both texts have one value.
  void same(const std::string& left, const std::string& right) {
    const std::string x = value(left), y = value(right);
    if (x != y) RC_FAIL(left + "\n  = " + x + "\n" + right + "\n  = " + y);
  }
};

RC_GTEST_FIXTURE_PROP(Laws, BlanksCommentsAndBracketsChangeNothing, ()) {
  begin();
  const Expression e = maker.any(some_depth());
  std::string loose;
  write_loose(e, maker.random(), loose);
  same(plain(e), loose);
}

RC_GTEST_FIXTURE_PROP(Laws, TheSameTwiceWithTheSameReasons, ()) {
  begin();
  const std::string text = plain(maker.any(some_depth()));
  const Evaluation first = evaluated(text, context), second = evaluated(text, context);
  RC_ASSERT(first.value.to_feel() == second.value.to_feel());
  RC_ASSERT(first.findings.size() == second.findings.size());
  for (std::size_t i = 0; i < first.findings.size(); ++i)
    RC_ASSERT(first.findings[i].message.en == second.findings[i].message.en);
}

RC_GTEST_FIXTURE_PROP(Laws, ANullHasAReason, ()) {
  begin();
  const std::string text = plain(maker.number(some_depth()));
  const Evaluation done = evaluated(text, context);
  if (done.value.is_null() && text.find("null") == std::string::npos) RC_ASSERT(!done.findings.empty());
  for (const Finding& finding : done.findings)
    RC_ASSERT(finding.span.begin <= finding.span.end && finding.span.end <= text.size());
}

RC_GTEST_FIXTURE_PROP(Laws, AValueReadsBackFromItsText, ()) {
  begin();
  const std::string text = value(plain(maker.any(some_depth())));
  same(text, text);
}

RC_GTEST_FIXTURE_PROP(Laws, AFewStepsGiveTheValueOrNullAndSayWhy, ()) {
  begin();
  const std::string text = plain(maker.any(some_depth()));
  const std::string whole = value(text);
  const Evaluation cut = evaluated(text, context, {.steps = *rc::gen::inRange(0, 60)});
  if (cut.value.to_feel() == whole) return;
  RC_ASSERT(cut.value.is_null());
  bool told = false;
  for (const Finding& finding : cut.findings) told = told || finding.code == "E-FEEL-401";
  RC_ASSERT(told);
}

RC_GTEST_FIXTURE_PROP(Laws, AShallowLimitGivesTheValueOrNullAndSaysWhy, ()) {
  begin();
  const std::string text = plain(maker.any(some_depth()));
  const std::string whole = value(text);
  const Evaluation cut = evaluated(text, context, {.depth = *rc::gen::inRange(0, 6)});
  if (cut.value.to_feel() == whole) return;
  RC_ASSERT(cut.value.is_null());
  bool told = false;
  for (const Finding& finding : cut.findings) told = told || finding.code == "E-FEEL-402";
  RC_ASSERT(told);
}

RC_GTEST_FIXTURE_PROP(Laws, AndOrCommuteAndAssociate, ()) {
  begin();
  const std::string p = boolean(), q = boolean(), r = boolean();
  same(p + " and " + q, q + " and " + p);
  same(p + " or " + q, q + " or " + p);
  same("(" + p + " and " + q + ") and " + r, p + " and (" + q + " and " + r + ")");
  same(p + " and (" + q + " or " + r + ")", "(" + p + " and " + q + ") or (" + p + " and " + r + ")");
}

RC_GTEST_FIXTURE_PROP(Laws, NotTwiceIsNothingAndDeMorganHolds, ()) {
  begin();
  const std::string p = boolean(), q = boolean();
  same("not(not(" + p + "))", p);
  same("not(" + p + " and " + q + ")", "not(" + p + ") or not(" + q + ")");
  same("not(" + p + " or " + q + ")", "not(" + p + ") and not(" + q + ")");
}

RC_GTEST_FIXTURE_PROP(Laws, ComparisonsTurnRound, ()) {
  begin();
  const std::string x = number(), y = number();
  same(x + " < " + y, y + " > " + x);
  same(x + " <= " + y, y + " >= " + x);
  same(x + " = " + y, y + " = " + x);
  same(x + " != " + y, "not(" + x + " = " + y + ")");
  same(x + " < " + y, "not(" + x + " >= " + y + ")");
}

RC_GTEST_FIXTURE_PROP(Laws, BeingInARangeIsTwoComparisons, ()) {
  begin();
  const std::string x = number(), low = number(), high = number();
  if (value(low) == "null" || value(high) == "null") return;  // then null, whatever the other comparison says
  same(x + " between " + low + " and " + high, x + " >= " + low + " and " + x + " <= " + high);
  if (value(low + " <= " + high) != "true") return;  // else there is no such range
  same(x + " in [" + low + ".." + high + "]", x + " >= " + low + " and " + x + " <= " + high);
  same(x + " in (" + low + ".." + high + "]", x + " > " + low + " and " + x + " <= " + high);
  same(x + " in [" + low + ".." + high + ")", x + " >= " + low + " and " + x + " < " + high);
  same(x + " in ]" + low + ".." + high + "[", x + " > " + low + " and " + x + " < " + high);
}

RC_GTEST_FIXTURE_PROP(Laws, ArithmeticCommutes, ()) {
  begin();
  const std::string x = number(), y = number();
  same(x + " + " + y, y + " + " + x);
  same(x + " * " + y, y + " * " + x);
  same(x + " - " + y, x + " + -" + y);
  same("-(-" + x + ")", x);
  same(x + " ** 2", x + " * " + x);
  same("abs(-" + x + ")", "abs(" + x + ")");
}

RC_GTEST_FIXTURE_PROP(Laws, IfTakesItsBranch, ()) {
  begin();
  const std::string x = number(), y = number(), p = boolean();
  same("if true then " + x + " else " + y, x);
  same("if false then " + x + " else " + y, y);
  same("if null then " + x + " else " + y, y);
  same("if " + p + " then " + x + " else " + x, x);
  same("if " + p + " = true then " + x + " else " + y, "if " + p + " then " + x + " else " + y);
}

RC_GTEST_FIXTURE_PROP(Laws, NamingAValueIsWritingItOut, ()) {
  begin();
  const Expression named = maker.number(some_depth());
  maker.numbers.push_back("v1");
  Expression body = maker.number(some_depth());
  maker.numbers.pop_back();
  const std::string by_name = plain(body), by_value = plain(named);
  const std::function<void(Expression&)> inlined = [&](Expression& e) {
    if (e.parts.empty() && e.tokens == std::vector<std::string>{"v1"}) e = leaf("(" + by_value + ")");
    for (Expression& part : e.parts) inlined(part);
  };
  inlined(body);
  const std::string written_out = plain(body);
  same("{v1: " + by_value + ", r: " + by_name + "}.r", written_out);
  same("(function(v1) " + by_name + ")(" + by_value + ")", written_out);
  same("(for v1 in [" + by_value + "] return [" + by_name + "])[1][1]", "[" + written_out + "][1]");
}

RC_GTEST_FIXTURE_PROP(Laws, ListsTakenApartAndPutTogether, ()) {
  begin();
  const std::string l = list(), m = list();
  if (value(l) == "null" || value(m) == "null") return;
  const int size = std::stoi(value("count(" + l + ")"));
  same("reverse(reverse(" + l + "))", l);
  same("reverse(concatenate(" + l + ", " + m + "))", "concatenate(reverse(" + m + "), reverse(" + l + "))");
  same("count(concatenate(" + l + ", " + m + "))", "count(" + l + ") + count(" + m + ")");
  same("append(" + l + ", 5)", "concatenate(" + l + ", [5])");
  same("flatten([" + l + ", [" + m + "]])", "concatenate(" + l + ", " + m + ")");
  same("union(" + l + ", " + m + ")", "distinct values(concatenate(" + l + ", " + m + "))");
  same("distinct values(distinct values(" + l + "))", "distinct values(" + l + ")");
  same("remove(insert before(append(" + l + ", 1), 1, 7), 1)", "append(" + l + ", 1)");
  if (size < 2) return;
  const std::string k = std::to_string(1 + maker.below(size - 1));
  same("concatenate(sublist(" + l + ", 1, " + k + "), sublist(" + l + ", " + k + " + 1))", l);
  same(l + "[" + k + "]", l + "[" + k + " - " + std::to_string(size) + " - 1]");
  same(l + "[" + k + "]", "sublist(" + l + ", " + k + ", 1)[1]");
  same("reverse(" + l + ")[" + k + "]", l + "[-" + k + "]");
}

RC_GTEST_FIXTURE_PROP(Laws, SortingSorts, ()) {
  begin();
  const std::string l = list() + "[item != null]";
  const std::string up = "sort(" + l + ", function(x, y) x < y)";
  if (value(l) == "null") return;
  same("sort(" + l + ")", up);
  same("sort(reverse(" + l + "))", up);
  same("sort(" + up + ", function(x, y) x < y)", up);
  same("sort(" + l + ", function(x, y) x > y)", "reverse(" + up + ")");
  same("count(" + up + ")", "count(" + l + ")");
  same("if count(" + l + ") > 0 then min(" + l + ") else null",
       "if count(" + l + ") > 0 then " + up + "[1] else null");
  same("if count(" + l + ") > 0 then max(" + l + ") else null",
       "if count(" + l + ") > 0 then " + up + "[-1] else null");
  if (std::stoi(value("count(" + l + ")")) < 2) return;
  same("every i in 2..count(" + l + ") satisfies " + up + "[i - 1] <= " + up + "[i]", "true");
}

RC_GTEST_FIXTURE_PROP(Laws, IterationsAndFilters, ()) {
  begin();
  const std::string l = list();
  if (value(l) == "null") return;
  const std::string f = "(" + plain(maker.with("i", 2)) + ")", g = "(" + plain(maker.with("j", 2)) + ")";
  const std::string c = "(" + plain(maker.about("item", 1)) + ")",
                    d = "(" + plain(maker.about("item", 1)) + ")";
  same("for i in " + l + " return i", l);
  same("count(for i in " + l + " return " + f + ")", "count(" + l + ")");
  same("for j in (for i in " + l + " return " + f + ") return " + g,
       "for i in " + l + " return {j: " + f + ", r: " + g + "}.r");
  same(l + "[" + c + "][" + d + "]", l + "[" + c + " and " + d + "]");
  same("flatten(for i in " + l + " return if {item: i, r: " + c + "}.r then [i] else [])", l + "[" + c + "]");
  same("every item in " + l + " satisfies " + c, "not(some item in " + l + " satisfies not(" + c + "))");
  same("(some item in " + l + " satisfies " + c + ") = true",
       "count(" + l + "[" + c + "]) > 0 or (some item in " + l + " satisfies " + c + ") = true");
  same("for i in " + l + ", j in " + l + " return i",
       "flatten(for i in " + l + " return for j in " + l + " return i)");
  same("count(index of(" + l + ", 2.5))", "count(" + l + "[item = 2.5])");
  same("list contains(" + l + ", 2.5)", "count(" + l + "[item = 2.5]) > 0");
}

RC_GTEST_FIXTURE_PROP(Laws, AnExactSumHasNoOrder, ()) {
  begin();
  List values;
  for (int i = maker.below(30); i >= 0; --i)
    values.push_back(Decimal::scaled(*rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000), -4));
  List shuffled = values;
  std::shuffle(shuffled.begin(), shuffled.end(), maker.random());
  const std::string l = Value(values).to_feel(), m = Value(shuffled).to_feel();
  same("sum(" + l + ")", "sum(" + m + ")");
  same("mean(" + l + ")", "mean(" + m + ")");
  same("median(" + l + ")", "median(" + m + ")");
  same("mode(" + l + ")", "mode(" + m + ")");
  same("sum(" + l + ")", "mean(" + l + ") * 0 + sum(sort(" + m + "))");
}

RC_GTEST_FIXTURE_PROP(Laws, TextsTakenApartAndPutTogether, ()) {
  begin();
  const std::string s = string(), t = string();
  if (value(s) == "null" || value(t) == "null") return;
  const int size = std::stoi(value("string length(" + s + ")"));
  same("string length(" + s + " + " + t + ")", "string length(" + s + ") + string length(" + t + ")");
  same("starts with(" + s + " + " + t + ", " + s + ")", "true");
  same("ends with(" + s + " + " + t + ", " + t + ")", "true");
  same("contains(" + s + " + " + t + " + " + s + ", " + t + ")", "true");
  same("string join(split(" + s + ", \",\"), \",\")", s);
  same("string join(for i in 1..string length(" + s + " + \"x\") return substring(" + s + " + \"x\", i, 1))",
       s + " + \"x\"");
  same("upper case(upper case(" + s + "))", "upper case(" + s + ")");
  same("substring before(" + s + " + \"|\" + " + t + ", \"|\")", s);
  same("substring after(" + s + " + \"|\" + " + t + ", \"|\")", t);
  same("replace(" + s + ", \"a\", \"a\")", s);
  same("string(" + s + ")", s);
  if (size < 2) return;
  const std::string k = std::to_string(1 + maker.below(size - 1));
  same("substring(" + s + ", 1, " + k + ") + substring(" + s + ", " + k + " + 1)", s);
  same("substring(" + s + ", -" + k + ")",
       "substring(" + s + ", " + std::to_string(size) + " - " + k + " + 1)");
}

RC_GTEST_FIXTURE_PROP(Laws, ContextsKeepWhatIsPut, ()) {
  begin();
  const std::string x = number(), y = number();
  const std::string c = "{k: " + x + ", m: 1}";
  same("get value(" + c + ", \"k\")", x);
  same("context put(" + c + ", \"k\", " + y + ").k", y);
  same("context put(" + c + ", \"n\", " + y + ")", "context merge([" + c + ", {n: " + y + "}])");
  same("context(get entries(" + c + "))", c);
  same("context put({z: " + c + "}, [\"z\", \"k\"], " + y + ").z.k", y);
}

RC_GTEST_FIXTURE_PROP(Laws, DaysComeBack, ()) {
  begin();
  const auto day = [&] {
    return Value(Date::from_days(*rc::gen::inRange<std::int64_t>(-800'000, 100'000))).to_feel();
  };
  const std::string d = day(), e = day();
  const std::string n = "@\"P" + std::to_string(maker.below(5000)) + "D\"";
  same("(" + d + " + " + n + ") - " + d, n);
  same("(" + d + " - " + n + ") + " + n, d);
  same(d + " < " + e, e + " > " + d);
  same(d + " + (" + e + " - " + d + ")", e);
  same("date(" + d + ".year, " + d + ".month, " + d + ".day)", d);
  same("date(string(" + d + "))", d);
  same("years and months duration(" + d + ", " + e + ")", "-years and months duration(" + e + ", " + d + ")");
}

}  // namespace
}  // namespace tenglong::feel
