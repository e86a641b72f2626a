// What an expression is made of: literals, names, and the forms that begin with a word or a bracket.
#include <algorithm>
#include <cctype>

#include "engine/feel/evaluate.h"
#include "engine/feel/inside/parser.h"
#include "engine/feel/inside/temporal_arithmetic.h"
#include "engine/text/text.h"

namespace tenglong::feel {

namespace {
constexpr std::size_t kMostPrimaries = 200'000;
// Every byte begins one primary at most; what is above that is read again.
constexpr std::size_t kMostReadings = 4;
constexpr std::size_t kFewPrimaries = 400;
constexpr int kMostKeys = 5'000;           // in the context literals of one expression, repeated ones once
constexpr std::size_t kLongestWord = 200;  // of which a near spelling is looked for
}  // namespace

NodePtr Parser::primary() {
  skip_space();
  if (at_ >= source_.size()) return expected("一个值", "a value");
  // Closing a range with "[" may read a stretch twice; nested, that must not grow without bound.
  if (++primaries_ > std::min(kMostPrimaries, kFewPrimaries + kMostReadings * source_.size())) {
    too_complex(at_);
    return nullptr;
  }
  const std::size_t begin = at_;
  const char c = source_[at_];
  if ((c >= '0' && c <= '9') ||
      (c == '.' && at_ + 1 < source_.size() && source_[at_ + 1] >= '0' && source_[at_ + 1] <= '9'))
    return number();
  if (c == '"') return string_literal();
  if (c == '@') return at_literal();
  if (c == '[' || c == ']') return bracket();
  if (c == '(') return parenthesis();
  if (c == '{') return context_literal();
  // Names in scope come before keywords, so that a variable may be called `days in weekend`.
  std::size_t end = at_;
  if (const auto known = scoped_name(nullptr, end); known && *known != "not" && *known != "?") {
    at_ = end;
    return make(NodeKind::Name, begin, {}, *known);
  }
  if (take_word("true") || take_word("false") || take_word("null")) {
    auto node = make(NodeKind::Literal, begin);
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
  const bool lenient = names_.is_open() || std::any_of(locals_.begin(), locals_.end(),
                                                       [](const LocalScope& scope) { return scope.lenient; });
  if (!lenient && parsed_.diagnostics.size() < kMostDiagnostics) {
    std::vector<std::string> candidates = names_.all();
    for (const LocalScope& scope : locals_) {
      for (const Local& local : scope.names) candidates.push_back(local.name);
      if (scope.members == nullptr) continue;
      const std::vector<std::string> members = scope.members->all();
      candidates.insert(candidates.end(), members.begin(), members.end());
    }
    for (const BuiltinSignature& builtin : builtins()) candidates.push_back(builtin.name);
    const std::string near = plain->size() > kLongestWord ? std::string{} : text::nearest(*plain, candidates);
    fail(begin, end, "E-FEEL-104",
         {"这里没有叫“" + *plain + "”的字段、指标或参数。",
          "No field, indicator or parameter is called “" + *plain + "” here."},
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
  auto node = make(NodeKind::Literal, begin);
  if (!value)
    return fail(begin, at_, "E-FEEL-106",
                {"这个数超出 decimal128 的范围。", "This number is outside the range of decimal128."},
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
      if (at_ >= source_.size() || !std::isxdigit(static_cast<unsigned char>(source_[at_])))
        return std::nullopt;
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
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case '"':
      case '\\':
      case '\'':
        out += escape;
        break;
      case 'u':
      case 'U': {
        auto c = hexadecimal(escape == 'u' ? 4 : 6);
        if (c && *c >= 0xD800 && *c < 0xDC00 && source_.compare(at_, 2, "\\u") == 0) {
          at_ += 2;
          const auto low = hexadecimal(4);
          c = low && *low >= 0xDC00 && *low < 0xE000
                  ? std::optional(0x10000 + ((*c - 0xD800) << 10) + (*low - 0xDC00))
                  : std::nullopt;
        }
        if (!c || *c > 0x10FFFF) {
          fail(escaped_at, at_, "E-FEEL-107",
               {"“\\u”后面不是一个字符编号。", "“\\u” is not followed by a code point."},
               {"写成 \\uXXXX。", "Write \\uXXXX."});
          return std::nullopt;
        }
        text::append_code_point(out, *c);
        break;
      }
      default:
        out += '\\';
        out += escape;  // as in the TCK: an unknown escape stands for itself
    }
  }
  if (at_ >= source_.size()) {
    fail(begin, source_.size(), "E-FEEL-107",
         {"文字没有结束的引号。", "The string has no closing quotation mark."}, {"补上“\"”。", "Add “\"”."});
    return std::nullopt;
  }
  ++at_;
  return out;
}

NodePtr Parser::string_literal() {
  const std::size_t begin = at_;
  auto text = string_text();
  if (!text) return nullptr;
  auto node = make(NodeKind::Literal, begin);
  node->value = Value(std::move(*text));
  return node;
}

// @"2022-03-24": a temporal literal; text that is none of them is null.
NodePtr Parser::at_literal() {
  const std::size_t begin = at_++;
  skip_space();
  if (at_ >= source_.size() || source_[at_] != '"')
    return expected("引号里的日期或时间", "a quoted date or time");
  const auto text = string_text();
  if (!text) return nullptr;
  auto node = make(NodeKind::Literal, begin, {}, "@" + *text);
  if (const auto date = Date::parse(*text))
    node->value = *date;
  else if (const auto time = parse_time(*text))
    node->value = *time;
  else if (const auto date_time = parse_date_time(*text))
    node->value = *date_time;
  else if (const auto days = parse_days_duration(*text))
    node->value = *days;
  else if (const auto months = parse_months_duration(*text))
    node->value = *months;
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

namespace {
bool mentions_partial(const Node& node) {
  if (node.kind == NodeKind::Name && node.text == "partial") return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return mentions_partial(*child); });
}
}  // namespace

// for x in L, y in M return e ; some/every x in L satisfies c. A domain may be a..b.
NodePtr Parser::iteration(NodeKind kind) {
  const std::size_t begin = at_ - (kind == NodeKind::For ? 3 : kind == NodeKind::Some ? 4 : 5);
  std::vector<NodePtr> children;
  std::vector<std::string> variables;
  locals_.push_back({});
  const auto leave = [&](NodePtr result) {
    locals_.pop_back();
    return result;
  };
  do {
    const std::string variable = variable_name();
    if (variable.empty()) return leave(expected("变量名", "a variable name"));
    if (!take_word("in")) return leave(expected(" in", "“in”"));
    skip_space();
    const std::size_t domain_begin = at_;
    NodePtr domain = expression();
    if (domain == nullptr) return leave(nullptr);
    if (take("..")) {
      NodePtr end = additive();
      if (end == nullptr) return leave(nullptr);
      domain = make(NodeKind::RangeLiteral, domain_begin, {domain, end}, "..");
    }
    add_local({variable, members_of(*domain)});
    children.push_back(std::move(domain));
    variables.push_back(variable);
  } while (take(","));
  if (kind == NodeKind::For) locals_.back().names.push_back({"partial"});
  if (!take_word(kind == NodeKind::For ? "return" : "satisfies"))
    return leave(kind == NodeKind::For ? expected(" return", "“return”")
                                       : expected(" satisfies", "“satisfies”"));
  NodePtr body = expression();
  if (body == nullptr) return leave(nullptr);
  const bool mentions = kind == NodeKind::For && mentions_partial(*body);
  children.push_back(std::move(body));
  auto node = make(kind, begin, std::move(children));
  node->height += static_cast<int>(variables.size());  // each is a loop inside the one before
  if (node->height > kGreatestHeight) too_complex(begin);
  node->argument_names = std::move(variables);
  node->mentions = mentions;
  return leave(node);
}

// The name of a loop's variable runs to the word "in".
std::string Parser::variable_name() {
  skip_space();
  std::string variable;
  while (at_ < source_.size() && !(looking_at_word("in") && !variable.empty())) {
    std::size_t next = at_, at = at_;
    if (!variable.empty() && is_space(static_cast<unsigned char>(source_[at_ - 1]))) variable += ' ';
    for (char32_t c = peek_code_point(at, next);
         at < source_.size() && !is_comment(at) && (is_name_part(c) || is_name_symbol(c));
         c = peek_code_point(at, next))
      at = next;
    if (at == at_) break;
    variable.append(source_, at_, at - at_);
    at_ = at;
  }
  return variable;
}

NodePtr Parser::function_literal() {
  const std::size_t begin = at_ - 8;
  if (!take("(")) return expected("左括号“(”", "“(”");
  LocalScope scope;
  std::vector<std::string> names, written_types;
  std::vector<DeclaredTypePtr> types;
  if (!looking_at(")")) do {
      const Mark before = mark();
      std::optional<std::string> parameter = key_before_colon();
      DeclaredTypePtr type;
      std::string written;
      if (parameter) {
        skip_space();
        const std::size_t type_begin = at_;
        type = declared_type();
        if (type == nullptr) return nullptr;
        written = written_from(type_begin);
      } else {
        reset(before);
        parameter = name_until(",)");
        if (!parameter) {
          skip_space();
          return expected("参数名", "a parameter name");
        }
      }
      scope.names.push_back({*parameter, type == nullptr ? nullptr : members_of(*type)});
      names.push_back(*parameter);
      written_types.push_back(std::move(written));
      types.push_back(std::move(type));
    } while (take(","));
  if (!take(")")) return expected("右括号“)”", "“)”");
  const bool external = take_word("external");
  locals_.push_back(std::move(scope));
  NodePtr body = expression();
  locals_.pop_back();
  if (body == nullptr) return nullptr;
  auto node = make(NodeKind::FunctionLiteral, begin, {body});
  node->argument_names = std::move(names);
  node->parameter_types = std::move(written_types);
  if (std::any_of(types.begin(), types.end(), [](const DeclaredTypePtr& type) { return type != nullptr; }))
    node->types = std::move(types);
  node->value = Value(external);
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
  if (close != ']' && close != ')' && close != '[')
    return expected("区间的右括号", "the closing bracket of the range");
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
  std::vector<std::string> keys;
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
      // A function may call itself by the name of its entry.
      const bool is_function = looking_at_word("function");
      if (is_function) add_local({*key});
      NodePtr value = expression();
      if (value == nullptr) return leave(nullptr);
      if (is_function && value->kind == NodeKind::FunctionLiteral) {
        auto named = std::make_shared<Node>(*value);
        named->text = *key;
        value = std::move(named);
      }
      if (is_function) locals_.back().names.pop_back();
      add_local({*key, members_of(*value)});
      values.push_back(std::move(value));
      if (!seen_keys_.contains(*key)) {
        if (++seen_key_count_ > kMostKeys) too_complex(at_);
        seen_keys_.add(*key);
      }
      keys.push_back(std::move(*key));
    } while (take(","));
  if (!take("}")) return leave(expected("右花括号“}”", "“}”"));
  auto node = make(NodeKind::ContextLiteral, begin, std::move(values));
  node->argument_names = std::move(keys);
  return leave(node);
}

}  // namespace tenglong::feel
