// Literals, if, for, some, every, functions, lists, ranges, contexts and types: what stands at the leaves.
#include <algorithm>
#include <cctype>

#include "engine/feel/inside/parser.h"
#include "engine/feel/inside/temporal_arithmetic.h"
#include "engine/text/text.h"

namespace tenglong::feel {

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
  auto node = std::make_shared<Node>(*make(NodeKind::Literal, begin));
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
  auto node = std::make_shared<Node>(*make(NodeKind::Literal, begin, {}, "@" + *text));
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
      if (!variable.empty() && name_begin < at_ && is_space(static_cast<unsigned char>(source_[at_ - 1])))
        variable += ' ';
      std::size_t at = at_;
      while (at < source_.size() &&
             (is_name_part(peek_code_point(at, next)) || is_name_symbol(peek_code_point(at, next))))
        at = next;
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

// A type as written: number, list<date>, function<number>->string, context<a: number>, an item definition's
// name.
std::string Parser::type_text() {
  skip_space();
  for (const char* name : {"days and time duration", "day and time duration", "years and months duration",
                           "year and month duration", "date and time"})
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
      if (const auto key = key_before_colon())
        out += *key + ": ";
      else
        reset(before);
      const std::string inner = type_text();
      if (inner.empty()) break;
      out += inner;
      if (take(","))
        out += ", ";
      else
        break;
    }
    if (!take(">")) expected("右尖括号“>”", "“>”");
    out += ">";
  }
  if (take("->")) out += "->" + type_text();
  return out;
}

}  // namespace tenglong::feel
