#include "server/json.h"

#include <algorithm>
#include <set>

#include "engine/text/text.h"

namespace tenglong::server {

const Json* Json::find(std::string_view name) const {
  for (const auto& [own, value] : members)
    if (own == name) return &value;
  return nullptr;
}

std::string Json::text_of(std::string_view name) const {
  const Json* value = find(name);
  return value != nullptr && value->kind == Kind::String ? value->text : std::string();
}

namespace {

struct Wrong {
  std::size_t at;
  text::Words words;
};

class Reader {
 public:
  Reader(std::string_view bytes, int most_depth) : bytes_(bytes), most_depth_(most_depth) {}

  Json whole() {
    blanks();
    Json out = value(0);
    blanks();
    if (at_ < bytes_.size()) fail("值的后面还有别的字符", "There is more after the value");
    return out;
  }

 private:
  [[noreturn]] void fail(const char* zh, const char* en) const { throw Wrong{at_, {zh, en}}; }
  char peek() const { return at_ < bytes_.size() ? bytes_[at_] : '\0'; }
  void blanks() {
    while (at_ < bytes_.size() &&
           (bytes_[at_] == ' ' || bytes_[at_] == '\n' || bytes_[at_] == '\r' || bytes_[at_] == '\t'))
      ++at_;
  }
  bool word(std::string_view expected) {
    if (bytes_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  Json value(int depth) {
    if (depth > most_depth_) fail("嵌套太深", "Nested too deeply");
    Json out;
    switch (peek()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        out.kind = Json::Kind::String;
        out.text = string();
        return out;
      default:
        break;
    }
    if (word("true") || word("false")) {
      out.kind = Json::Kind::Boolean;
      out.boolean = bytes_[at_ - 2] == 'u';
      return out;
    }
    if (word("null")) return out;
    return number();
  }

  Json number() {
    const std::size_t from = at_;
    const auto digits = [&] {
      const std::size_t first = at_;
      while (peek() >= '0' && peek() <= '9') ++at_;
      return at_ - first;
    };
    if (peek() == '-') ++at_;
    const std::size_t whole_from = at_;
    const std::size_t whole = digits();
    if (whole == 0) {
      at_ = from;
      fail("这里应是一个值", "A value is expected here");
    }
    if (whole > 1 && bytes_[whole_from] == '0') fail("数字前面多了 0", "A number may not begin with 0");
    if (peek() == '.') {
      ++at_;
      if (digits() == 0) fail("小数点后面没有数字", "No digit after the point");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (digits() == 0) fail("指数没有数字", "No digit in the exponent");
    }
    if (at_ - from > 64) fail("数字太长", "The number is too long");
    Json out;
    out.kind = Json::Kind::Number;
    out.text = bytes_.substr(from, at_ - from);
    return out;
  }

  unsigned four_hex() {
    unsigned out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) fail("\\u 后面应是四个十六进制数字", "Four hexadecimal digits must follow \\u");
      out = out * 16 + static_cast<unsigned>(digit);
    }
    return out;
  }

  std::string string() {
    std::string out;
    for (++at_;;) {
      if (at_ >= bytes_.size()) fail("字符串没有结束", "The string does not end");
      const char c = bytes_[at_];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20)
        fail("字符串里有未转义的控制字符", "A control character stands unescaped in a string");
      if (c != '\\') {
        out += c;
        ++at_;
        continue;
      }
      ++at_;
      const char mark = peek();
      constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
      if (const std::size_t found = kFrom.find(mark); mark != '\0' && found != std::string_view::npos) {
        out += kTo[found];
        ++at_;
        continue;
      }
      if (mark != 'u') fail("不认识的转义", "Unknown escape");
      ++at_;
      char32_t point = four_hex();
      if (point >= 0xD800 && point < 0xDC00 && word("\\u")) {
        const unsigned low = four_hex();
        if (low < 0xDC00 || low > 0xDFFF) fail("半个代理字符", "Half of a surrogate pair");
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      } else if (point >= 0xD800 && point <= 0xDFFF) {
        fail("半个代理字符", "Half of a surrogate pair");
      }
      text::append_code_point(out, point);
    }
    ++at_;
    return out;
  }

  Json object(int depth) {
    Json out;
    out.kind = Json::Kind::Object;
    std::set<std::string> seen;
    ++at_;
    blanks();
    if (peek() == '}') {
      ++at_;
      return out;
    }
    for (;;) {
      if (peek() != '"') fail("这里应是成员的名字，用双引号", "A member's name in double quotes is expected");
      const std::size_t name_at = at_;
      std::string name = string();
      if (!seen.insert(name).second) {
        at_ = name_at;
        fail("同一个成员写了两次", "The same member stands twice");
      }
      blanks();
      if (peek() != ':') fail("名字后面应是冒号", "A colon must follow the name");
      ++at_;
      blanks();
      out.members.emplace_back(std::move(name), value(depth + 1));
      blanks();
      if (peek() == '}') break;
      if (peek() != ',') fail("成员之间应是逗号", "A comma must stand between members");
      ++at_;
      blanks();
    }
    ++at_;
    return out;
  }

  Json array(int depth) {
    Json out;
    out.kind = Json::Kind::Array;
    ++at_;
    blanks();
    if (peek() == ']') {
      ++at_;
      return out;
    }
    for (;;) {
      out.items.push_back(value(depth + 1));
      blanks();
      if (peek() == ']') break;
      if (peek() != ',') fail("各项之间应是逗号", "A comma must stand between items");
      ++at_;
      blanks();
    }
    ++at_;
    return out;
  }

  std::string_view bytes_;
  int most_depth_;
  std::size_t at_ = 0;
};

}  // namespace

ReadJson read_json(std::string_view bytes, int most_depth) {
  ReadJson out;
  try {
    if (!text::is_utf8(bytes)) throw Wrong{0, {"不是 UTF-8", "Not UTF-8"}};
    out.value = Reader(bytes, most_depth).whole();
  } catch (const Wrong& wrong) {
    const std::string_view before = bytes.substr(0, wrong.at);
    const auto line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    diagnostic::Diagnostic told;
    told.code = "E-SERVER-201";
    told.place.file = "body";
    told.place.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    told.place.column = static_cast<int>(text::code_point_count(before.substr(line_start))) + 1;
    told.message = {"正文不是 JSON：" + wrong.words.zh + "。",
                    "The body is not JSON: " + wrong.words.en + "."};
    told.advice = {"改好后重发。", "Mend it and send it again."};
    out.diagnostics.push_back(std::move(told));
    out.value = {};
  }
  return out;
}

}  // namespace tenglong::server
