#include <algorithm>
#include <cctype>

#include "engine/feel/inside/parser.h"
#include "engine/feel/inside/temporal_arithmetic.h"
#include "engine/text/text.h"

namespace tenglong::feel {

namespace {
constexpr std::size_t kMostLocals = 2'000;
constexpr int kGreatestDepth = 200;
constexpr std::size_t kGreatestSource = 1 << 20;

struct Mistake {
  const char* written;
  text::Words advice;
};
// What people bring along from other languages and from the blackboard.
const Mistake kMistakes[] = {
    {"%",
     {"百分数写成小数或除以 100；单位写在 unit 里。",
      "Write a fraction or divide by 100; the unit belongs in `unit`."}},
    {"‰", {"千分数写成小数或除以 1000。", "Write a fraction or divide by 1000."}},
    {"^", {"乘方写作 **。", "A power is written **."}},
    {"²", {"平方写作 ** 2。", "A square is written ** 2."}},
    {"³", {"立方写作 ** 3。", "A cube is written ** 3."}},
    {"&&", {"“且”写作 and。", "Write `and`."}},
    {"&", {"“且”写作 and；连接文字用 +。", "Write `and`; texts are joined by +."}},
    {"||", {"“或”写作 or。", "Write `or`."}},
    {"|", {"“或”写作 or。", "Write `or`."}},
    {"==", {"相等写作 =。", "Equality is written =."}},
    {"<>", {"不等写作 !=。", "Inequality is written !=."}},
    {"!", {"“非”写作 not(…)。", "Negation is written not(…)."}},
    {";", {"参数之间用逗号“,”。", "Arguments are separated by “,”."}},
    {"'", {"文字用双引号“\"”。", "Texts stand in double quotation marks."}},
    {"`", {"文字用双引号“\"”。", "Texts stand in double quotation marks."}},
    {"$", {"删去它，或改用 FEEL 的写法。", "Remove it or use FEEL's form."}},
    {"#", {"删去它，或改用 FEEL 的写法。", "Remove it or use FEEL's form."}},
    {"~", {"删去它，或改用 FEEL 的写法。", "Remove it or use FEEL's form."}},
};
}  // namespace

Parser::Parser(std::string_view source, const Names& names, const Origin& origin)
    : source_(source), names_(names), origin_(origin) {
  parsed_.source = std::string(source);
}

std::shared_ptr<Node> Parser::make(NodeKind kind, std::size_t begin, std::vector<NodePtr> children,
                                   std::string text) {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  std::size_t end = at_;
  while (end > begin && (source_[end - 1] == ' ' || source_[end - 1] == '\n' || source_[end - 1] == '\t'))
    --end;
  node->span = {begin, end};
  for (const NodePtr& child : children)
    if (child != nullptr) node->height = std::max(node->height, child->height + 1);
  node->children = std::move(children);
  node->text = std::move(text);
  if (node->height > kGreatestHeight) too_complex(begin);  // a chain of operators is as deep as it is long
  return node;
}

void Parser::reset(const Mark& mark) {
  if (gave_up_) return;
  at_ = mark.at;
  parsed_.diagnostics.resize(mark.diagnostics);
  failed_ = mark.failed;
}

NodePtr Parser::fail(std::size_t begin, std::size_t end, std::string code, text::Words message,
                     text::Words advice) {
  failed_ = true;
  if (parsed_.diagnostics.size() >= kMostDiagnostics && code != "E-FEEL-105") return nullptr;
  diagnostic::Diagnostic d{.code = std::move(code)};
  d.place =
      place_of(origin_, parsed_.source, {begin, std::max(end, begin + (begin < source_.size() ? 1 : 0))});
  d.clause = origin_.clause;
  d.message = std::move(message);
  d.advice = std::move(advice);
  parsed_.diagnostics.push_back(std::move(d));
  return nullptr;
}

NodePtr Parser::expected(const char* zh, const char* en) {
  skip_space();
  if (at_ >= source_.size())
    return fail(at_, at_, "E-FEEL-101",
                {std::string("表达式在这里断了，缺") + zh + "。",
                 std::string("The expression ends here; ") + en + " is missing."},
                {"补全表达式。", "Complete the expression."});
  std::size_t next = at_;
  peek_code_point(at_, next);
  const std::string found = source_.substr(at_, next - at_);
  for (const Mistake& mistake : kMistakes) {
    const std::string_view written = mistake.written;
    if (std::string_view(source_).substr(at_, written.size()) == written)
      return fail(at_, at_ + written.size(), "E-FEEL-103",
                  {"“" + std::string(written) + "”不是表达式里的符号。",
                   "“" + std::string(written) + "” has no meaning in an expression."},
                  mistake.advice);
  }
  return fail(at_, next, "E-FEEL-101",
              {"这里缺" + std::string(zh) + "，却是“" + found + "”。",
               "Expected " + std::string(en) + " here, found “" + found + "”."},
              {"检查前面的括号、逗号和运算符。", "Check the brackets, commas and operators before it."});
}

void Parser::add_local(Local local) {
  std::size_t count = 0;
  for (const LocalScope& scope : locals_) count += scope.names.size();
  if (count >= kMostLocals) too_complex(at_);
  locals_.back().names.push_back(std::move(local));
}

void Parser::too_complex(std::size_t begin) {
  if (gave_up_) return;
  gave_up_ = true;
  fail(begin, begin + 1, "E-FEEL-105", {"表达式太复杂。", "The expression is too complex."},
       {"拆成几个指标。", "Split it into several indicators."});
  at_ = source_.size();
}

bool Parser::too_deep() {
  if (depth_ <= kGreatestDepth) return false;
  gave_up_ = true;
  fail(at_, at_ + 1, "E-FEEL-105",
       {"表达式嵌套超过 200 层。", "The expression is nested more than 200 levels deep."},
       {"拆成几个指标。", "Split it into several indicators."});
  at_ = source_.size();
  return true;
}

Parsed Parser::run(Grammar grammar) {
  if (source_.size() > kGreatestSource) {
    fail(0, 1, "E-FEEL-105", {"表达式超过 1 MiB。", "The expression is longer than 1 MiB."},
         {"拆成几个指标。", "Split it into several indicators."});
    return std::move(parsed_);
  }
  mend_full_width();
  failed_ = false;
  NodePtr tree = grammar == Grammar::UnaryTests ? unary_tests() : expression();
  if (!failed_ && !at_end()) expected("运算符或结尾", "an operator or the end");
  if (parsed_.diagnostics.empty()) parsed_.tree = std::move(tree);
  return std::move(parsed_);
}

NodePtr Parser::expression() {
  ++depth_;
  NodePtr out = too_deep() ? nullptr : disjunction();
  --depth_;
  return out;
}

NodePtr Parser::disjunction() {
  skip_space();
  const std::size_t begin = at_;
  NodePtr left = conjunction();
  while (left != nullptr && take_word("or")) {
    NodePtr right = conjunction();
    if (right == nullptr) return nullptr;
    left = make(NodeKind::Or, begin, {left, right});
  }
  return left;
}

NodePtr Parser::conjunction() {
  skip_space();
  const std::size_t begin = at_;
  NodePtr left = comparison();
  while (left != nullptr && take_word("and")) {
    NodePtr right = comparison();
    if (right == nullptr) return nullptr;
    left = make(NodeKind::And, begin, {left, right});
  }
  return left;
}

NodePtr Parser::comparison() {
  skip_space();
  const std::size_t begin = at_;
  NodePtr left = additive();
  if (left == nullptr) return nullptr;
  if (looking_at("==") || looking_at("<>")) return expected("运算符", "an operator");
  for (const char* sign : {"<=", ">=", "!=", "<", ">", "="})
    if (take(sign)) {
      NodePtr right = additive();
      return right == nullptr ? nullptr : make(NodeKind::Comparison, begin, {left, right}, sign);
    }
  if (take_word("between")) {
    NodePtr low = additive();
    if (low == nullptr) return nullptr;
    if (!take_word("and")) return expected(" and", "“and”");
    NodePtr high = additive();
    return high == nullptr ? nullptr : make(NodeKind::Between, begin, {left, low, high});
  }
  if (take_word("in")) return in_tests(left);
  return left;
}

NodePtr Parser::in_tests(NodePtr left) {
  const std::size_t begin = left->span.begin;
  skip_space();
  // "(" begins a range, one expression, or several tests; read once, decided by what follows the first.
  if (take("(")) {
    const std::size_t open_at = at_ - 1;
    std::vector<NodePtr> children = {left};
    do {
      NodePtr one = test();
      if (one == nullptr) return nullptr;
      if (children.size() == 1 && one->kind == NodeKind::TestExpression && take("..")) {
        NodePtr range = range_to(open_at, '(', one->children[0]);
        if (range == nullptr) return nullptr;
        return make(NodeKind::In, begin, {left, test_of(open_at, range)});
      }
      children.push_back(std::move(one));
    } while (take(","));
    if (!take(")")) return expected("右括号“)”", "“)”");
    return make(NodeKind::In, begin, std::move(children));
  }
  NodePtr one = test(TestExtent::Operand);
  return one == nullptr ? nullptr : make(NodeKind::In, begin, {left, one});
}

NodePtr Parser::additive() {
  skip_space();
  const std::size_t begin = at_;
  NodePtr left = multiplicative();
  while (left != nullptr && (looking_at("+") || looking_at("-"))) {
    const std::string sign(1, source_[at_++]);
    NodePtr right = multiplicative();
    if (right == nullptr) return nullptr;
    left = make(NodeKind::Arithmetic, begin, {left, right}, sign);
  }
  return left;
}

NodePtr Parser::multiplicative() {
  skip_space();
  const std::size_t begin = at_;
  NodePtr left = power();
  while (left != nullptr && ((looking_at("*") && !looking_at("**")) || looking_at("/"))) {
    const std::string sign(1, source_[at_++]);
    NodePtr right = power();
    if (right == nullptr) return nullptr;
    left = make(NodeKind::Arithmetic, begin, {left, right}, sign);
  }
  return left;
}

NodePtr Parser::power() {
  skip_space();
  const std::size_t begin = at_;
  NodePtr left = unary();
  while (left != nullptr && take("**")) {
    NodePtr right = unary();
    if (right == nullptr) return nullptr;
    left = make(NodeKind::Arithmetic, begin, {left, right}, "**");
  }
  return left;
}

NodePtr Parser::unary() {
  skip_space();
  const std::size_t begin = at_;
  if (!take("-")) return postfix();
  ++depth_;
  NodePtr inner = too_deep() ? nullptr : unary();
  --depth_;
  return inner == nullptr ? nullptr : make(NodeKind::Negate, begin, {inner});
}

NodePtr Parser::postfix() {
  skip_space();
  const std::size_t begin = at_;
  NodePtr left = primary();
  while (left != nullptr) {
    if (looking_at(".") && !looking_at("..")) {
      take(".");
      skip_space();
      std::size_t end = at_;
      const Names* members = members_of(*left);
      static const NameSet properties({"time offset", "start included", "end included"});
      std::optional<std::string> member;
      if (members != nullptr) member = scoped_name(members, end);
      if (!member) {
        std::size_t property_end = at_;
        const auto property = scoped_name(&properties, property_end);
        member = scoped_name(&seen_keys_, end);
        if (property && (!member || property_end > end)) member = property, end = property_end;
      }
      if (!member) {
        std::size_t plain_end = at_;
        member = plain_name(plain_end);
        if (!member && at_ < source_.size()) {  // a keyword may be a member
          std::size_t at = at_, next = at;
          while (at < source_.size() && is_name_part(peek_code_point(at, next))) at = next;
          if (at > at_) member = source_.substr(at_, at - at_), plain_end = at;
        }
        if (!member) return expected("成员名", "a member name");
        end = plain_end;
        if (members != nullptr && !members->is_open()) {
          const std::string near = text::nearest(*member, members->all());
          return fail(at_, end, "E-FEEL-104",
                      {"“" + left->text + "”里没有“" + *member + "”。",
                       "“" + left->text + "” has no member “" + *member + "”."},
                      near.empty()
                          ? text::Words{"查对台账的字段名。", "Check the field names of the register."}
                          : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"});
        }
      }
      at_ = end;
      left = make(NodeKind::Path, begin, {left}, *member);
    } else if (looking_at("[")) {
      if (range_end_) {
        // The upper end of ]a..b[ : a filter only if it reads as one. What did not may have been long, so
        // after some of these the bracket just closes the range.
        constexpr int kMostFailedTrials = 32;
        if (failed_trials_ >= kMostFailedTrials) return left;
        const Mark before = mark();
        NodePtr filtered = filter(left);
        if (filtered == nullptr || failed_) {
          ++failed_trials_;
          reset(before);
          return left;
        }
        left = filtered;
      } else {
        left = filter(left);
      }
    } else if (looking_at("(")) {
      left = call(left);
    } else if (looking_at_word("instance")) {
      take_word("instance");
      if (!take_word("of")) return expected(" of", "“of”");
      skip_space();
      const std::size_t type_begin = at_;
      DeclaredTypePtr type = declared_type();
      if (type == nullptr) return nullptr;
      auto node = make(NodeKind::InstanceOf, begin, {left}, written_from(type_begin));
      node->types = {std::move(type)};
      left = std::move(node);
    } else {
      break;
    }
  }
  return left;
}

NodePtr Parser::filter(NodePtr filtered) {
  const std::size_t begin = filtered->span.begin;
  take("[");
  // Members are names inside, the item itself is `item`. Where they are not known, any name may be one.
  const Names* members = members_of(*filtered);
  const bool holds_literals =
      filtered->kind == NodeKind::ListLiteral &&
      std::all_of(filtered->children.begin(), filtered->children.end(),
                  [](const NodePtr& child) { return child->kind == NodeKind::Literal; });
  LocalScope scope{.names = {{"item", members}},
                   .lenient = members == nullptr ? !holds_literals : members->is_open(),
                   .members = members};
  locals_.push_back(std::move(scope));
  const bool outer = range_end_;
  range_end_ = false;
  NodePtr condition = expression();
  range_end_ = outer;
  locals_.pop_back();
  if (condition == nullptr) return nullptr;
  if (!take("]")) return expected("右方括号“]”", "“]”");
  return make(NodeKind::Filter, begin, {filtered, condition});
}

NodePtr Parser::call(NodePtr callee) {
  const std::size_t begin = callee->span.begin;
  take("(");
  const bool outer = range_end_;
  range_end_ = false;
  std::vector<NodePtr> children = {callee};
  std::vector<std::string> names;
  if (!looking_at(")")) do {
      const Mark before = mark();
      std::optional<std::string> parameter = key_before_colon();
      if (!parameter) reset(before);
      if (parameter ? names.size() != children.size() - 1 : !names.empty())
        return fail(before.at, at_, "E-FEEL-101",
                    {"按名字和按位置的参数不能混用。", "Named and positional arguments cannot be mixed."},
                    {"每个参数都写名字，或都不写。", "Name every argument or none."});
      if (parameter) names.push_back(*parameter);
      NodePtr argument = expression();
      if (argument == nullptr) return nullptr;
      children.push_back(std::move(argument));
    } while (take(","));
  range_end_ = outer;
  if (!take(")")) return expected("右括号“)”", "“)”");
  auto node = make(NodeKind::Call, begin, std::move(children));
  node->argument_names = std::move(names);
  return node;
}

NodePtr Parser::unary_tests() {
  skip_space();
  const std::size_t begin = at_;
  if (take("-")) {
    if (at_end()) return make(NodeKind::TestAny, begin);
    at_ = begin;
  }
  if (looking_at_word("not")) {
    const Mark before = mark();
    take_word("not");
    if (take("(")) {
      NodePtr inside = test_list(NodeKind::TestNot, begin);
      if (inside != nullptr && !failed_ && take(")") && at_end()) return inside;
    }
    reset(before);
  }
  return test_list(NodeKind::TestList, begin);
}

NodePtr Parser::test_list(NodeKind kind, std::size_t begin) {
  std::vector<NodePtr> children;
  do {
    NodePtr one = test();
    if (one == nullptr) return nullptr;
    children.push_back(std::move(one));
  } while (take(","));
  return make(kind, begin, std::move(children));
}

namespace {
bool mentions_wildcard(const Node& node) {
  if (node.kind == NodeKind::Wildcard || (node.kind == NodeKind::TestExpression && node.mentions))
    return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return mentions_wildcard(*child); });
}
}  // namespace

NodePtr Parser::test_of(std::size_t begin, NodePtr inner) {
  const bool mentions = mentions_wildcard(*inner);
  auto node = make(NodeKind::TestExpression, begin, {std::move(inner)});
  node->mentions = mentions;
  return node;
}

NodePtr Parser::test(TestExtent extent) {
  skip_space();
  const std::size_t begin = at_;
  for (const char* sign : {"<=", ">=", "!=", "<", ">", "="})
    if (take(sign)) {
      NodePtr end = additive();
      return end == nullptr ? nullptr : make(NodeKind::TestCompare, begin, {end}, sign);
    }
  NodePtr inner = extent == TestExtent::Whole ? expression() : additive();
  return inner == nullptr ? nullptr : test_of(begin, inner);
}

}  // namespace tenglong::feel
