#include <algorithm>
#include <cctype>

#include "engine/feel/inside/parser.h"
#include "engine/feel/inside/temporal_arithmetic.h"
#include "engine/text/text.h"

namespace tenglong::feel {

namespace {
constexpr int kGreatestDepth = 200;
constexpr std::size_t kGreatestSource = 1 << 20;
constexpr int kMostPrimaries = 200'000;
}  // namespace

Parser::Parser(std::string_view source, const Names& names, const Origin& origin) : source_(source), names_(names), origin_(origin) {
  parsed_.source = std::string(source);
}

NodePtr Parser::make(NodeKind kind, std::size_t begin, std::vector<NodePtr> children, std::string text) const {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  std::size_t end = at_;
  while (end > begin && (source_[end - 1] == ' ' || source_[end - 1] == '\n' || source_[end - 1] == '\t')) --end;
  node->span = {begin, end};
  node->children = std::move(children);
  node->text = std::move(text);
  return node;
}

void Parser::reset(const Mark& mark) {
  at_ = mark.at;
  parsed_.diagnostics.resize(mark.diagnostics);
  failed_ = mark.failed;
}

NodePtr Parser::fail(std::size_t begin, std::size_t end, std::string code, text::Words message, text::Words advice) {
  failed_ = true;
  diagnostic::Diagnostic d{.code = std::move(code)};
  d.place = place_of(origin_, parsed_.source, {begin, std::max(end, begin + (begin < source_.size() ? 1 : 0))});
  d.clause = origin_.clause;
  d.message = std::move(message);
  d.advice = std::move(advice);
  parsed_.diagnostics.push_back(std::move(d));
  return nullptr;
}

NodePtr Parser::expected(const char* zh, const char* en) {
  skip_space();
  if (at_ >= source_.size())
    return fail(at_, at_, "E-FEEL-101", {std::string("表达式在这里断了，缺") + zh + "。", std::string("The expression ends here; ") + en + " is missing."},
                {"补全表达式。", "Complete the expression."});
  std::size_t next = at_;
  const char32_t c = peek_code_point(at_, next);
  const std::string found = source_.substr(at_, next - at_);
  if (c == '%' || c == '&' || c == 0xB2 || c == 0x2030 || c == '$' || c == '#' || c == '^' || c == '~' || c == '!' || c == ';')
    return fail(at_, next, "E-FEEL-103", {"“" + found + "”不是表达式里的符号。", "“" + found + "” has no meaning in an expression."},
                {c == '%' ? "百分数写成小数或除以 100；单位写在 unit 里。" : c == '^' ? "乘方写作 **。" : "删去它，或改用 FEEL 的写法。",
                 c == '%' ? "Write a fraction or divide by 100; the unit belongs in `unit`." : "Remove it or use FEEL's form."});
  return fail(at_, next, "E-FEEL-101", {"这里缺" + std::string(zh) + "，却是“" + found + "”。", "Expected " + std::string(en) + " here, found “" + found + "”."},
              {"检查前面的括号、逗号和运算符。", "Check the brackets, commas and operators before it."});
}

bool Parser::too_deep() {
  if (depth_ <= kGreatestDepth) return false;
  fail(at_, at_ + 1, "E-FEEL-105", {"表达式嵌套超过 200 层。", "The expression is nested more than 200 levels deep."},
       {"拆成几个指标。", "Split it into several indicators."});
  at_ = source_.size();
  return true;
}

Parsed Parser::run(Grammar grammar) {
  if (source_.size() > kGreatestSource) {
    fail(0, 1, "E-FEEL-105", {"表达式超过 1 MiB。", "The expression is longer than 1 MiB."}, {"拆成几个指标。", "Split it into several indicators."});
    return std::move(parsed_);
  }
  mend_full_width();
  const bool mended = failed_;
  failed_ = false;
  NodePtr tree = grammar == Grammar::UnaryTests ? unary_tests() : expression();
  if (!failed_ && !at_end()) expected("运算符或结尾", "an operator or the end");
  if (!failed_ && !mended) parsed_.tree = std::move(tree);
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
        auto only = std::make_shared<Node>(*make(NodeKind::TestExpression, open_at, {range}));
        return make(NodeKind::In, begin, {left, only});
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
      const Names* members = left->kind == NodeKind::Name ? names_.members(left->text) : nullptr;
      NameSet seen(seen_keys_);
      for (const char* property : {"time offset", "start included", "end included"}) seen.add(property);
      std::optional<std::string> member;
      if (members != nullptr) member = scoped_name(members, end);
      if (!member) member = scoped_name(&seen, end);
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
        if (members != nullptr) {
          const std::string near = text::nearest(*member, members->all());
          return fail(at_, end, "E-FEEL-104", {"“" + left->text + "”里没有“" + *member + "”。", "“" + left->text + "” has no member “" + *member + "”."},
                      near.empty() ? text::Words{"查对台账的字段名。", "Check the field names of the register."}
                                   : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"});
        }
      }
      at_ = end;
      left = make(NodeKind::Path, begin, {left}, *member);
    } else if (looking_at("[")) {
      if (range_end_) {
        // The upper end of ]a..b[ : a filter only if it reads as one.
        const Mark before = mark();
        NodePtr filtered = filter(left);
        if (filtered == nullptr || failed_) {
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
      left = make(NodeKind::InstanceOf, begin, {left}, type_text());
    } else {
      break;
    }
  }
  return left;
}

NodePtr Parser::filter(NodePtr filtered) {
  const std::size_t begin = filtered->span.begin;
  take("[");
  LocalScope scope{.names = {"item"}, .lenient = true};
  if (filtered->kind == NodeKind::Name) scope.members = names_.members(filtered->text);
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
        return fail(before.at, at_, "E-FEEL-101", {"按名字和按位置的参数不能混用。", "Named and positional arguments cannot be mixed."},
                    {"每个参数都写名字，或都不写。", "Name every argument or none."});
      if (parameter) names.push_back(*parameter);
      NodePtr argument = expression();
      if (argument == nullptr) return nullptr;
      children.push_back(std::move(argument));
    } while (take(","));
  range_end_ = outer;
  if (!take(")")) return expected("右括号“)”", "“)”");
  auto node = std::make_shared<Node>(*make(NodeKind::Call, begin, std::move(children)));
  node->argument_names = std::move(names);
  return node;
}

NodePtr Parser::primary() {
  skip_space();
  if (at_ >= source_.size()) return expected("一个值", "a value");
  // Closing a range with "[" may read a stretch twice; nested, that must not grow without bound.
  if (++primaries_ > kMostPrimaries) {
    fail(at_, at_ + 1, "E-FEEL-105", {"表达式太复杂。", "The expression is too complex."}, {"拆成几个指标。", "Split it into several indicators."});
    at_ = source_.size();
    return nullptr;
  }
  const std::size_t begin = at_;
  const char c = source_[at_];
  if ((c >= '0' && c <= '9') || (c == '.' && at_ + 1 < source_.size() && source_[at_ + 1] >= '0' && source_[at_ + 1] <= '9')) return number();
  if (c == '"') return string_literal();
  if (c == '@') return at_literal();
  if (c == '[' || c == ']') return bracket();
  if (c == '(') return parenthesis();
  if (c == '{') return context_literal();
  // Names in scope come before keywords, so that a variable may be called `days in weekend`.
  std::size_t end = at_;
  if (const auto known = scoped_name(nullptr, end);
      known && *known != "not" && *known != "?") {
    at_ = end;
    return make(NodeKind::Name, begin, {}, *known);
  }
  if (take_word("true") || take_word("false") || take_word("null")) {
    auto node = std::make_shared<Node>(*make(NodeKind::Literal, begin));
    const std::string word = source_.substr(begin, at_ - begin);
    node->value = word == "null" ? Value{} : Value(word == "true");
    return node;
  }
  if (take_word("if")) return if_expression();
  if (take_word("for")) return iteration(NodeKind::For);
  if (take_word("some")) return iteration(NodeKind::Some);
  if (take_word("every")) return iteration(NodeKind::Every);
  if (take_word("function")) return function_literal();
  if (take_word("not")) return make(NodeKind::Name, begin, {}, "not");
  if (take_word("?")) return make(NodeKind::Wildcard, begin);
  return name();
}

NodePtr Parser::name() {
  const std::size_t begin = at_;
  std::size_t end = at_;
  const auto plain = plain_name(end);
  if (!plain) return expected("一个值", "a value");
  at_ = end;
  const bool lenient = std::any_of(locals_.begin(), locals_.end(), [](const LocalScope& scope) { return scope.lenient; });
  if (!lenient) {
    std::vector<std::string> candidates = names_.all();
    for (const LocalScope& scope : locals_) candidates.insert(candidates.end(), scope.names.begin(), scope.names.end());
    const std::string near = text::nearest(*plain, candidates);
    fail(begin, end, "E-FEEL-104", {"这里没有叫“" + *plain + "”的字段、指标或参数。", "No field, indicator or parameter is called “" + *plain + "” here."},
         near.empty() ? text::Words{"查对名称，或先定义它。", "Check the name or define it first."}
                      : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"});
    failed_ = false;  // go on, so that every unknown name is told at once; the tree is withheld at the end
  }
  return make(NodeKind::Name, begin, {}, *plain);
}

NodePtr Parser::number() {
  const std::size_t begin = at_;
  const auto digits = [&] {
    while (at_ < source_.size() && source_[at_] >= '0' && source_[at_] <= '9') ++at_;
  };
  digits();
  if (at_ + 1 < source_.size() && source_[at_] == '.' && source_[at_ + 1] >= '0' && source_[at_ + 1] <= '9') {
    ++at_;
    digits();
  }
  if (at_ < source_.size() && (source_[at_] == 'e' || source_[at_] == 'E')) {
    std::size_t after = at_ + 1;
    if (after < source_.size() && (source_[after] == '+' || source_[after] == '-')) ++after;
    if (after < source_.size() && source_[after] >= '0' && source_[after] <= '9') {
      at_ = after;
      digits();
    }
  }
  const auto value = Decimal::parse(std::string_view(source_).substr(begin, at_ - begin));
  auto node = std::make_shared<Node>(*make(NodeKind::Literal, begin));
  if (!value)
    return fail(begin, at_, "E-FEEL-106", {"这个数超出 decimal128 的范围。", "This number is outside the range of decimal128."},
                {"检查指数。", "Check the exponent."});
  node->value = *value;
  return node;
}

std::optional<std::string> Parser::string_text() {
  const std::size_t begin = at_++;
  std::string out;
  const auto hexadecimal = [&](int count) -> std::optional<char32_t> {
    char32_t c = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      if (at_ >= source_.size() || !std::isxdigit(static_cast<unsigned char>(source_[at_]))) return std::nullopt;
      const char h = source_[at_];
      c = c * 16 + static_cast<char32_t>(h <= '9' ? h - '0' : (h | 32) - 'a' + 10);
    }
    return c;
  };
  while (at_ < source_.size() && source_[at_] != '"') {
    if (source_[at_] != '\\' || at_ + 1 >= source_.size()) {
      out += source_[at_++];
      continue;
    }
    const char escape = source_[at_ + 1];
    const std::size_t escaped_at = at_;
    at_ += 2;
    switch (escape) {
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case '"': case '\\': case '\'': out += escape; break;
      case 'u': case 'U': {
        auto c = hexadecimal(escape == 'u' ? 4 : 6);
        if (c && *c >= 0xD800 && *c < 0xDC00 && source_.compare(at_, 2, "\\u") == 0) {
          at_ += 2;
          const auto low = hexadecimal(4);
          c = low && *low >= 0xDC00 && *low < 0xE000 ? std::optional(0x10000 + ((*c - 0xD800) << 10) + (*low - 0xDC00)) : std::nullopt;
        }
        if (!c || *c > 0x10FFFF) {
          fail(escaped_at, at_, "E-FEEL-107", {"“\\u”后面不是一个字符编号。", "“\\u” is not followed by a code point."}, {"写成 \\uXXXX。", "Write \\uXXXX."});
          return std::nullopt;
        }
        text::append_code_point(out, *c);
        break;
      }
      default: out += '\\'; out += escape;  // as in the TCK: an unknown escape stands for itself
    }
  }
  if (at_ >= source_.size()) {
    fail(begin, source_.size(), "E-FEEL-107", {"文字没有结束的引号。", "The string has no closing quotation mark."}, {"补上“\"”。", "Add “\"”."});
    return std::nullopt;
  }
  ++at_;
  return out;
}

NodePtr Parser::string_literal() {
  const std::size_t begin = at_;
  auto text = string_text();
  if (!text) return nullptr;
  auto node = std::make_shared<Node>(*make(NodeKind::Literal, begin));
  node->value = Value(std::move(*text));
  return node;
}

// @"2022-03-24": a temporal literal; text that is none of them is null.
NodePtr Parser::at_literal() {
  const std::size_t begin = at_++;
  skip_space();
  if (at_ >= source_.size() || source_[at_] != '"') return expected("引号里的日期或时间", "a quoted date or time");
  const auto text = string_text();
  if (!text) return nullptr;
  auto node = std::make_shared<Node>(*make(NodeKind::Literal, begin, {}, "@" + *text));
  if (const auto date = Date::parse(*text)) node->value = *date;
  else if (const auto time = parse_time(*text)) node->value = *time;
  else if (const auto date_time = parse_date_time(*text)) node->value = *date_time;
  else if (const auto days = parse_days_duration(*text)) node->value = *days;
  else if (const auto months = parse_months_duration(*text)) node->value = *months;
  return node;
}

NodePtr Parser::if_expression() {
  const std::size_t begin = at_ - 2;
  NodePtr condition = expression();
  if (condition == nullptr) return nullptr;
  if (!take_word("then")) return expected(" then", "“then”");
  NodePtr yes = expression();
  if (yes == nullptr) return nullptr;
  if (!take_word("else")) return expected(" else", "“else”");
  NodePtr no = expression();
  return no == nullptr ? nullptr : make(NodeKind::If, begin, {condition, yes, no});
}

// for x in L, y in M return e ; some/every x in L satisfies c. A domain may be a..b.
NodePtr Parser::iteration(NodeKind kind) {
  const std::size_t begin = at_ - (kind == NodeKind::For ? 3 : kind == NodeKind::Some ? 4 : 5);
  std::vector<NodePtr> children;
  std::vector<std::string> variables;
  locals_.push_back({});
  NodePtr body;
  do {
    skip_space();
    // A variable's name runs to the word "in".
    const std::size_t name_begin = at_;
    std::string variable;
    while (at_ < source_.size() && !(looking_at_word("in") && !variable.empty())) {
      std::size_t next = at_;
      const char32_t c = peek_code_point(at_, next);
      if (!is_name_part(c) && !is_name_symbol(c)) break;
      if (!variable.empty() && name_begin < at_ && is_space(static_cast<unsigned char>(source_[at_ - 1]))) variable += ' ';
      std::size_t at = at_;
      while (at < source_.size() && (is_name_part(peek_code_point(at, next)) || is_name_symbol(peek_code_point(at, next)))) at = next;
      variable.append(source_, at_, at - at_);
      at_ = at;
    }
    if (variable.empty()) return locals_.pop_back(), expected("变量名", "a variable name");
    if (!take_word("in")) return locals_.pop_back(), expected(" in", "“in”");
    skip_space();
    const std::size_t domain_begin = at_;
    NodePtr domain = expression();
    if (domain == nullptr) return locals_.pop_back(), nullptr;
    if (take("..")) {
      NodePtr end = additive();
      if (end == nullptr) return locals_.pop_back(), nullptr;
      domain = make(NodeKind::RangeLiteral, domain_begin, {domain, end}, "..");
    }
    children.push_back(std::move(domain));
    variables.push_back(variable);
    locals_.back().names.push_back(variable);
  } while (take(","));
  if (kind == NodeKind::For) locals_.back().names.push_back("partial");
  if (!take_word(kind == NodeKind::For ? "return" : "satisfies")) {
    locals_.pop_back();
    return kind == NodeKind::For ? expected(" return", "“return”") : expected(" satisfies", "“satisfies”");
  }
  body = expression();
  locals_.pop_back();
  if (body == nullptr) return nullptr;
  children.push_back(std::move(body));
  auto node = std::make_shared<Node>(*make(kind, begin, std::move(children)));
  node->argument_names = std::move(variables);
  return node;
}

NodePtr Parser::function_literal() {
  const std::size_t begin = at_ - 8;
  if (!take("(")) return expected("左括号“(”", "“(”");
  auto node = std::make_shared<Node>();
  LocalScope scope;
  if (!looking_at(")")) do {
      const Mark before = mark();
      std::optional<std::string> parameter = key_before_colon();
      std::string type;
      if (parameter) {
        type = type_text();
      } else {
        reset(before);
        skip_space();
        std::string written;
        while (at_ < source_.size() && source_[at_] != ',' && source_[at_] != ')') written += source_[at_++];
        const std::string trimmed(text::trim(written));
        if (trimmed.empty()) return expected("参数名", "a parameter name");
        parameter = trimmed;
      }
      scope.names.push_back(*parameter);
      node->argument_names.push_back(*parameter);
      node->parameter_types.push_back(type);
    } while (take(","));
  if (!take(")")) return expected("右括号“)”", "“)”");
  const bool external = take_word("external");
  locals_.push_back(std::move(scope));
  NodePtr body = expression();
  locals_.pop_back();
  if (body == nullptr) return nullptr;
  const NodePtr placed = make(NodeKind::FunctionLiteral, begin, {body}, external ? "external" : "");
  node->kind = placed->kind;
  node->span = placed->span;
  node->children = placed->children;
  node->text = placed->text;
  return node;
}

// The rest of a range after its "..".
NodePtr Parser::range_to(std::size_t begin, char open, NodePtr low) {
  const bool outer = range_end_;
  range_end_ = true;
  NodePtr high = additive();
  range_end_ = outer;
  if (high == nullptr) return nullptr;
  skip_space();
  const char close = at_ < source_.size() ? source_[at_] : '\0';
  if (close != ']' && close != ')' && close != '[') return expected("区间的右括号", "the closing bracket of the range");
  ++at_;
  const std::string brackets = std::string(1, open == '[' ? '[' : '(') + (close == ']' ? ']' : ')');
  return make(NodeKind::RangeLiteral, begin, {low, high}, brackets);
}

// A list or a range: decided by what follows the first item.
NodePtr Parser::bracket() {
  const std::size_t begin = at_;
  const char open = source_[at_++];
  const bool outer = range_end_;
  range_end_ = false;
  std::vector<NodePtr> items;
  if (open == ']' || !looking_at("]")) do {
      NodePtr item = expression();
      if (item == nullptr) return nullptr;
      if (items.empty() && take("..")) {
        range_end_ = outer;
        return range_to(begin, open, std::move(item));
      }
      items.push_back(std::move(item));
    } while (open == '[' && take(","));
  range_end_ = outer;
  if (open == ']') return expected("区间的“..”", "the “..” of a range");
  if (!take("]")) return expected("右方括号“]”", "“]”");
  return make(NodeKind::ListLiteral, begin, std::move(items));
}

NodePtr Parser::parenthesis() {
  const std::size_t begin = at_++;
  for (const char* sign : {"<=", ">=", "!=", "<", ">", "="})
    if (take(sign)) {
      NodePtr end = additive();
      if (end == nullptr) return nullptr;
      if (!take(")")) return expected("右括号“)”", "“)”");
      return make(NodeKind::RangeLiteral, begin, {end}, sign);
    }
  const bool outer = range_end_;
  range_end_ = false;
  NodePtr inner = expression();
  range_end_ = outer;
  if (inner == nullptr) return nullptr;
  if (take("..")) return range_to(begin, '(', std::move(inner));
  if (!take(")")) return expected("右括号“)”", "“)”");
  auto node = std::make_shared<Node>(*inner);
  node->span = {begin, at_};
  return node;
}

NodePtr Parser::context_literal() {
  const std::size_t begin = at_++;
  locals_.push_back({});
  auto node = std::make_shared<Node>();
  std::vector<NodePtr> values;
  const auto leave = [&](NodePtr result) {
    locals_.pop_back();
    return result;
  };
  if (!looking_at("}")) do {
      skip_space();
      std::optional<std::string> key;
      if (at_ < source_.size() && source_[at_] == '"') {
        key = string_text();
        if (!key) return leave(nullptr);
        if (!take(":")) return leave(expected("冒号“:”", "“:”"));
      } else {
        key = key_before_colon();
        if (!key) return leave(expected("名称和冒号", "a name and “:”"));
      }
      NodePtr value = expression();
      if (value == nullptr) return leave(nullptr);
      values.push_back(std::move(value));
      locals_.back().names.push_back(*key);
      seen_keys_.push_back(*key);
      node->argument_names.push_back(std::move(*key));
    } while (take(","));
  if (!take("}")) return leave(expected("右花括号“}”", "“}”"));
  const NodePtr placed = make(NodeKind::ContextLiteral, begin, std::move(values));
  node->kind = placed->kind;
  node->span = placed->span;
  node->children = placed->children;
  return leave(node);
}

// A type as written: number, list<date>, function<number>->string, context<a: number>, an item definition's name.
std::string Parser::type_text() {
  skip_space();
  for (const char* name : {"days and time duration", "day and time duration", "years and months duration", "year and month duration", "date and time"})
    if (take_word(name)) return name;
  std::size_t end = at_;
  if (!plain_name(end)) {
    if (!take_word("function") && !take_word("null")) return {};
    end = at_;
  }
  std::string out = source_.substr(at_, end - at_);
  if (end == at_) out = "function";
  at_ = end;
  while (take(".")) {
    if (!plain_name(end)) break;
    out += "." + source_.substr(at_, end - at_);
    at_ = end;
  }
  if (take("<")) {
    out += "<";
    while (!at_end() && !looking_at(">")) {
      const Mark before = mark();
      if (const auto key = key_before_colon()) out += *key + ": ";
      else reset(before);
      const std::string inner = type_text();
      if (inner.empty()) break;
      out += inner;
      if (take(",")) out += ", ";
      else break;
    }
    if (!take(">")) expected("右尖括号“>”", "“>”");
    out += ">";
  }
  if (take("->")) out += "->" + type_text();
  return out;
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

NodePtr Parser::test(TestExtent extent) {
  skip_space();
  const std::size_t begin = at_;
  for (const char* sign : {"<=", ">=", "!=", "<", ">", "="})
    if (take(sign)) {
      NodePtr end = additive();
      return end == nullptr ? nullptr : make(NodeKind::TestCompare, begin, {end}, sign);
    }
  NodePtr inner = extent == TestExtent::Whole ? expression() : additive();
  return inner == nullptr ? nullptr : make(NodeKind::TestExpression, begin, {inner});
}

}  // namespace tenglong::feel
