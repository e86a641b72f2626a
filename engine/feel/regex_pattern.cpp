// From XPath's regular expressions to ICU's: classes with subtraction, XML's \i \c \w \s, anchors and the dot
// as XPath means them; everything XPath refuses is refused.
#include <algorithm>
#include <array>
#include <vector>

#include "engine/feel/inside/regex.h"
#include "engine/text/text.h"

namespace tenglong::feel {

namespace {

constexpr std::string_view kXmlNameStart =
    ":A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D"
    "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\U00010000-\\U000EFFFF";
constexpr std::string_view kXmlNameRest = "\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040";

constexpr std::array<std::string_view, 37> kCategories = {
    "L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",  "Nd", "Nl",
    "No", "P",  "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z",  "Zs", "Zl", "Zp",
    "S",  "Sm", "Sc", "Sk", "So", "C",  "Cc", "Cf", "Co", "Cn", "LC"};

bool is_blank(char32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Without the white space that flag x ignores: all but that within classes.
std::u32string without_blanks(const std::u32string& pattern) {
  std::u32string out;
  int classes = 0;
  bool escaped = false;
  for (const char32_t c : pattern) {
    if (is_blank(c) && classes == 0) continue;
    out += c;
    if (escaped) {
      escaped = false;
      continue;
    }
    escaped = c == '\\';
    if (c == '[') ++classes;
    if (c == ']' && classes > 0) --classes;
  }
  return out;
}

std::string hexadecimal(char32_t c) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789ABCDEF"[c % 16]);
    c /= 16;
  } while (c > 0);
  return "\\x{" + digits + "}";
}

class Translation {
 public:
  Translation(std::u32string pattern, RegexFlags flags) : pattern_(std::move(pattern)), flags_(flags) {}

  std::optional<std::string> run() {
    alternatives(0);
    if (at_ < pattern_.size()) failed_ = true;  // an unmatched ")"
    return failed_ ? std::nullopt : std::optional(std::move(out_));
  }

 private:
  static constexpr int kDeepest = 100;

  char32_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : char32_t{0};
  }
  bool take(char32_t c) {
    if (at_ >= pattern_.size() || pattern_[at_] != c) return false;
    ++at_;
    return true;
  }

  void alternatives(int depth) {
    if (depth > kDeepest) failed_ = true;
    while (!failed_ && at_ < pattern_.size() && peek() != ')') {
      if (take('|')) {
        out_ += '|';
        continue;
      }
      piece(depth);
    }
  }

  void piece(int depth) {
    const char32_t c = pattern_[at_];
    switch (c) {
      case '^':
        ++at_;
        out_ += flags_.multi_line ? "(?:\\A|(?<=\\n)(?!\\z))" : "(?:\\A)";
        break;
      case '$':
        ++at_;
        out_ += flags_.multi_line ? "(?:(?=\\n)|(?<!\\n)\\z)" : "(?:\\z)";
        break;
      case '.':
        ++at_;
        out_ += flags_.dot_all ? "[\\s\\S]" : "[^\\n\\r]";
        break;
      case '(':
        group(depth);
        break;
      case '[':
        out_ += character_class(depth);
        break;
      case '\\':
        ++at_;
        escape();
        break;
      case '?':
      case '*':
      case '+':
      case '{':
      case '}':
      case ']':
        failed_ = true;  // nothing to repeat, or not escaped
        return;
      default:
        ++at_;
        out_ += hexadecimal(c);
    }
    if (!failed_) quantifier();
  }

  void group(int depth) {
    ++at_;
    bool captures = true;
    if (take('?')) {
      if (!take(':')) {
        failed_ = true;
        return;
      }
      captures = false;
    }
    int index = 0;
    if (captures) {
      index = ++groups_;
      closed_.push_back(false);
    }
    out_ += captures ? "(" : "(?:";
    alternatives(depth + 1);
    if (!take(')')) failed_ = true;
    out_ += ')';
    if (captures) closed_[static_cast<std::size_t>(index) - 1] = true;
  }

  void quantifier() {
    if (peek() == '?' || peek() == '*' || peek() == '+') {
      out_ += static_cast<char>(pattern_[at_++]);
    } else if (peek() == '{') {
      ++at_;
      const auto least = number();
      auto most = least;
      bool is_open = false;
      if (take(',')) {
        is_open = peek() == '}';
        most = is_open ? least : number();
      }
      if (!least || !most || *most < *least || !take('}')) {
        failed_ = true;
        return;
      }
      out_ += "{" + std::to_string(*least) + (is_open ? ",}" : "," + std::to_string(*most) + "}");
    } else {
      return;
    }
    if (take('?')) out_ += '?';
  }

  std::optional<int> number() {
    int out = 0;
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') {
      out = out * 10 + static_cast<int>(pattern_[at_++] - '0');
      if (out > 10000) return std::nullopt;
    }
    return at_ == begin ? std::nullopt : std::optional(out);
  }

  // What a class or a lone escape of several characters stands for, as the inside of an ICU set; "" if it is
  // none.
  std::string set_of_escape(char32_t c) {
    const auto both = std::string(kXmlNameStart) + std::string(kXmlNameRest);
    switch (c) {
      case 's':
        return "[\\u0020\\t\\n\\r]";
      case 'S':
        return "[^\\u0020\\t\\n\\r]";
      case 'd':
        return "[\\p{Nd}]";
      case 'D':
        return "[^\\p{Nd}]";
      case 'w':
        return "[^\\p{P}\\p{Z}\\p{C}]";
      case 'W':
        return "[\\p{P}\\p{Z}\\p{C}]";
      case 'i':
        return "[" + std::string(kXmlNameStart) + "]";
      case 'I':
        return "[^" + std::string(kXmlNameStart) + "]";
      case 'c':
        return "[" + both + "]";
      case 'C':
        return "[^" + both + "]";
      case 'p':
      case 'P':
        return property(c == 'P');
      default:
        return {};
    }
  }

  std::string property(bool negated) {
    if (!take('{')) {
      failed_ = true;
      return {};
    }
    std::string name;
    while (at_ < pattern_.size() && peek() != '}') {
      const char32_t c = pattern_[at_++];
      const bool is_plain =
          (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      if (!is_plain) failed_ = true;
      name += static_cast<char>(c);
    }
    if (!take('}')) failed_ = true;
    const bool is_block = name.rfind("Is", 0) == 0 && name.size() > 2;
    if (!is_block && std::find(kCategories.begin(), kCategories.end(), name) == kCategories.end())
      failed_ = true;
    if (is_block) name = "block=" + name.substr(2);
    return std::string(negated ? "[^" : "[") + "\\p{" + name + "}]";
  }

  static std::optional<char32_t> single_escape(char32_t c) {
    switch (c) {
      case 'n':
        return U'\n';
      case 'r':
        return U'\r';
      case 't':
        return U'\t';
      default:
        return std::u32string_view(U"\\|.?*+(){}-[]^$").find(c) != std::u32string_view::npos
                   ? std::optional(c)
                   : std::nullopt;
    }
  }

  // Behind the backslash, outside a class.
  void escape() {
    if (at_ >= pattern_.size()) {
      failed_ = true;
      return;
    }
    const char32_t c = pattern_[at_++];
    if (const auto one = single_escape(c)) {
      out_ += hexadecimal(*one);
    } else if (c >= '1' && c <= '9') {
      back_reference(static_cast<int>(c - '0'));
    } else {
      const std::string set = set_of_escape(c);
      if (set.empty()) failed_ = true;
      // Case is of no account to categories.
      out_ += flags_.ignore_case && (c == 'p' || c == 'P') ? "(?-i:" + set + ")" : set;
    }
  }

  // As many digits as still name a group; the group must be closed.
  void back_reference(int index) {
    while (peek() >= '0' && peek() <= '9' && index * 10 + static_cast<int>(peek() - '0') <= groups_)
      index = index * 10 + static_cast<int>(pattern_[at_++] - '0');
    if (index > groups_ || !closed_[static_cast<std::size_t>(index) - 1]) failed_ = true;
    out_ += "(?:\\" + std::to_string(index) + ")";
  }

  // From "[" to its "]".
  std::string character_class(int depth) {
    if (depth > kDeepest) failed_ = true;
    ++at_;
    const bool negated = take('^');
    std::string inside, removed;
    bool empty = true;
    while (!failed_ && at_ < pattern_.size() && peek() != ']') {
      if (peek() == '-' && peek(1) == '[') {
        if (empty) failed_ = true;
        ++at_;
        removed = character_class(depth + 1);
        if (peek() != ']') failed_ = true;  // a subtraction ends its class
        break;
      }
      std::string set;
      const auto first = class_character(set);
      empty = false;
      if (!first) {
        inside += set;
        continue;
      }
      const bool is_range = peek() == '-' && peek(1) != ']' && peek(1) != '[';
      if (!is_range) {
        inside += hexadecimal(*first);
        continue;
      }
      ++at_;
      const auto last = class_character(set);
      if (!last || *last < *first) failed_ = true;
      if (last) inside += hexadecimal(*first) + "-" + hexadecimal(*last);
    }
    if (!take(']') || empty) failed_ = true;
    const std::string own = (negated ? "[^" : "[") + inside + "]";
    return removed.empty() ? own : "[" + own + "--" + removed + "]";
  }

  // One character, or a set put into `set`.
  std::optional<char32_t> class_character(std::string& set) {
    if (at_ >= pattern_.size()) {
      failed_ = true;
      return std::nullopt;
    }
    const char32_t c = pattern_[at_++];
    if (c == '[') failed_ = true;  // must be escaped
    if (c != '\\') return c;
    if (at_ >= pattern_.size()) {
      failed_ = true;
      return std::nullopt;
    }
    const char32_t escaped = pattern_[at_++];
    if (const auto one = single_escape(escaped)) return one;
    set = set_of_escape(escaped);
    if (set.empty()) failed_ = true;
    return std::nullopt;
  }

  std::u32string pattern_;
  RegexFlags flags_;
  std::size_t at_ = 0;
  std::string out_;
  int groups_ = 0;
  std::vector<bool> closed_;
  bool failed_ = false;
};

}  // namespace

std::optional<RegexFlags> RegexFlags::parse(std::string_view text) {
  RegexFlags out;
  for (const char flag : text) switch (flag) {
      case 's':
        out.dot_all = true;
        break;
      case 'm':
        out.multi_line = true;
        break;
      case 'i':
        out.ignore_case = true;
        break;
      case 'x':
        out.ignore_blanks = true;
        break;
      case 'q':
        out.literal = true;
        break;
      default:
        return std::nullopt;
    }
  return out;
}

std::optional<std::string> to_icu_pattern(std::string_view xpath, RegexFlags flags) {
  std::u32string pattern;
  for (std::size_t at = 0; at < xpath.size();) pattern += text::next_code_point(xpath, at);
  if (flags.literal) {
    std::string out;
    for (const char32_t c : pattern) out += hexadecimal(c);
    return out;
  }
  if (flags.ignore_blanks) pattern = without_blanks(pattern);
  return Translation(std::move(pattern), flags).run();
}

}  // namespace tenglong::feel
