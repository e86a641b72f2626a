#include <algorithm>
#include <array>

#include "engine/feel/inside/parser.h"
#include "engine/text/text.h"

namespace tenglong::feel {

namespace {

struct Interval {
  char32_t first, last;
};
constexpr Interval kNameStart[] = {{'?', '?'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
                                   {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
                                   {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
                                   {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
constexpr Interval kNamePart[] = {{'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};

template <std::size_t N>
bool within(const Interval (&intervals)[N], char32_t c) {
  return std::any_of(std::begin(intervals), std::end(intervals),
                     [c](const Interval& i) { return i.first <= c && c <= i.last; });
}

constexpr std::array<std::string_view, 20> kReserved = {
    "true",   "false", "null",  "and",       "or",      "if",       "then", "else",     "for",      "in",
    "return", "some",  "every", "satisfies", "between", "instance", "of",   "function", "external", "not"};

}  // namespace

bool is_name_symbol(char32_t c) {
  return c == '.' || c == '/' || c == '-' || c == 0x2019 || c == '\'' || c == '+' || c == '*';
}
bool is_space(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF;
}
bool is_name_start(char32_t c) { return !is_space(c) && within(kNameStart, c); }
bool is_name_part(char32_t c) { return is_name_start(c) || within(kNamePart, c); }

char32_t Parser::peek_code_point(std::size_t at, std::size_t& next) const {
  if (at >= source_.size()) {
    next = at;
    return 0;
  }
  next = at;
  return text::next_code_point(source_, next);
}

bool Parser::is_comment(std::size_t at) const {
  return source_.compare(at, 2, "//") == 0 || source_.compare(at, 2, "/*") == 0;
}

// Behind the comment that begins at `at`.
std::size_t Parser::skip_comment(std::size_t at) const {
  if (source_[at + 1] == '/') return std::min(source_.find('\n', at), source_.size());
  const std::size_t end = source_.find("*/", at + 2);
  return end == std::string::npos ? source_.size() : end + 2;
}

// White space and comments.
void Parser::skip_space() {
  while (at_ < source_.size()) {
    std::size_t next = at_;
    const char32_t c = peek_code_point(at_, next);
    if (is_space(c)) {
      at_ = next;
    } else if (is_comment(at_)) {
      at_ = skip_comment(at_);
    } else {
      return;
    }
  }
}

bool Parser::at_end() {
  skip_space();
  return at_ >= source_.size();
}

bool Parser::looking_at(std::string_view symbol) {
  skip_space();
  return std::string_view(source_).substr(at_, symbol.size()) == symbol;
}

bool Parser::take(std::string_view symbol) {
  if (!looking_at(symbol)) return false;
  at_ += symbol.size();
  return true;
}

bool Parser::looking_at_word(std::string_view word) {
  if (!looking_at(word)) return false;
  std::size_t next = 0;
  const char32_t after = peek_code_point(at_ + word.size(), next);
  return after == 0 || !is_name_part(after);
}

bool Parser::take_word(std::string_view word) {
  if (!looking_at_word(word)) return false;
  at_ += word.size();
  return true;
}

bool Parser::in_scope(std::string_view name) const {
  for (auto scope = locals_.rbegin(); scope != locals_.rend(); ++scope) {
    if (std::any_of(scope->names.begin(), scope->names.end(), [&](const Local& l) { return l.name == name; }))
      return true;
    if (scope->members != nullptr && scope->members->contains(name)) return true;
    if (scope->lenient && seen_keys_.contains(name)) return true;
  }
  return names_.contains(name) || is_builtin_name(name);
}

bool Parser::prefix_in_scope(std::string_view prefix) const {
  const auto begins = [&](std::string_view name) { return name.substr(0, prefix.size()) == prefix; };
  for (const LocalScope& scope : locals_) {
    if (std::any_of(scope.names.begin(), scope.names.end(), [&](const Local& l) { return begins(l.name); }))
      return true;
    if (scope.members != nullptr && scope.members->has_prefix(prefix)) return true;
    if (scope.lenient && seen_keys_.has_prefix(prefix)) return true;
  }
  return names_.has_prefix(prefix) || has_builtin_prefix(prefix);
}

// The longest name in scope that begins here; runs of white space count as one blank. `end` is where it ends.
std::optional<std::string> Parser::scoped_name(const Names* members_only, std::size_t& end) {
  skip_space();
  std::size_t at = at_;
  std::size_t next = at;
  if (!is_name_start(peek_code_point(at, next))) return std::nullopt;
  std::string text;
  std::optional<std::string> best;
  bool part_before = false;
  while (at < source_.size()) {
    const char32_t c = peek_code_point(at, next);
    if (is_space(c)) {
      std::size_t after = at;
      while (after < source_.size()) {
        std::size_t step = after;
        if (!is_space(peek_code_point(after, step))) break;
        after = step;
      }
      std::size_t step = after;
      const char32_t following = peek_code_point(after, step);
      if (!is_name_part(following) && !is_name_symbol(following)) break;
      text += ' ';
      at = after;
      part_before = false;
    } else if (is_name_part(c)) {
      text.append(source_, at, next - at);
      at = next;
      part_before = true;
    } else if (is_name_symbol(c)) {
      text.append(source_, at, next - at);
      at = next;
      part_before = false;
    } else {
      break;
    }
    // A name ends where a run of part characters ends.
    std::size_t step = at;
    const bool more = part_before && is_name_part(peek_code_point(at, step)) && at < source_.size();
    if (more) continue;
    const auto known = [&](std::string_view name) {
      return members_only != nullptr ? members_only->contains(name) : in_scope(name);
    };
    const auto begins = [&](std::string_view name) {
      return members_only != nullptr ? members_only->has_prefix(name) : prefix_in_scope(name);
    };
    if (part_before && known(text)) {
      best = text;
      end = at;
    }
    if (!begins(text)) break;
  }
  return best;
}

// One run of part characters: what an unknown name looks like.
std::optional<std::string> Parser::plain_name(std::size_t& end) {
  skip_space();
  std::size_t at = at_, next = at;
  if (!is_name_start(peek_code_point(at, next))) return std::nullopt;
  while (at < source_.size() && is_name_part(peek_code_point(at, next))) at = next;
  end = at;
  std::string text = source_.substr(at_, at - at_);
  if (std::find(kReserved.begin(), kReserved.end(), text) != kReserved.end()) return std::nullopt;
  return text;
}

// A name that ends before one of `ends`; runs of white space and comments inside it count as one blank.
std::optional<std::string> Parser::name_until(std::string_view ends) {
  skip_space();
  std::string name;
  std::size_t at = at_;
  bool blank = false;
  while (at < source_.size() && ends.find(source_[at]) == std::string_view::npos) {
    std::size_t next = at;
    const char32_t c = peek_code_point(at, next);
    if (is_comment(at)) {
      blank = !name.empty();
      next = skip_comment(at);
    } else if (is_space(c)) {
      blank = !name.empty();
    } else if (is_name_part(c) || is_name_symbol(c)) {
      if (blank) name += ' ';
      blank = false;
      name.append(source_, at, next - at);
    } else {
      return std::nullopt;
    }
    at = next;
  }
  std::size_t next = 0;
  if (at >= source_.size() || name.empty() || !is_name_start(text::next_code_point(name, next)))
    return std::nullopt;
  at_ = at;
  return name;
}

// A name followed by ":"; moves past the colon. For context entries and named arguments.
std::optional<std::string> Parser::key_before_colon() {
  auto key = name_until(":");
  if (key) ++at_;
  return key;
}

// Full-width punctuation outside strings and names in scope becomes ASCII of the same length, with a
// diagnostic each.
void Parser::mend_full_width() {
  std::vector<std::string> all_names;
  bool have_names = false;
  for (std::size_t at = 0; at < source_.size();) {
    if (source_[at] == '"') {
      for (++at; at < source_.size() && source_[at] != '"'; ++at)
        if (source_[at] == '\\') ++at;
      ++at;
      continue;
    }
    std::size_t next = at;
    const char32_t c = text::next_code_point(source_, next);
    const char ascii = c > 0x7F && !is_space(c) ? text::ascii_form(c) : 0;
    if (ascii != 0) {
      const std::string written = source_.substr(at, next - at);
      if (!have_names) all_names = names_.all();
      have_names = true;
      const bool is_in_a_name = std::any_of(all_names.begin(), all_names.end(), [&](const std::string& name) {
        return name.find(written) != std::string::npos;
      });
      if (!is_in_a_name) {
        fail(
            at, next, "E-FEEL-102",
            {"全角符号“" + written + "”在表达式里是名字的一部分，不是标点。",
             "The full-width character “" + written +
                 "” is part of a name in an expression, not punctuation."},
            {std::string("改成半角“") + ascii + "”。", std::string("Write the ASCII form “") + ascii + "”."});
        source_.replace(at, next - at, std::string(1, ascii) + std::string(next - at - 1, ' '));
        if (ascii == '"') {  // the text up to the closing quotation mark is a string
          std::size_t end = at + 1;
          while (end < source_.size()) {
            std::size_t step = end;
            const char32_t inside = text::next_code_point(source_, step);
            if (inside == '"' || text::ascii_form(inside) == '"') {
              source_.replace(end, step - end, "\"" + std::string(step - end - 1, ' '));
              next = end + 1;
              break;
            }
            end = step;
          }
        }
      }
    }
    at = next;
  }
}

}  // namespace tenglong::feel
