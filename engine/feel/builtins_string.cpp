#include <unicode/locid.h>
#include <unicode/regex.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "engine/feel/inside/builtins.h"
#include "engine/feel/inside/interpreter.h"
#include "engine/text/text.h"

namespace tenglong::feel {

namespace {

icu::UnicodeString utf16(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

bool two_strings(const List& a) { return a[0].kind() == Kind::String && a[1].kind() == Kind::String; }

Value not_strings(Call& call, const char* name, const List& a) {
  return wrong_argument(call, name, a[0].kind() != Kind::String ? a[0] : a[1], "文字", "strings");
}

// A compiled pattern, or nothing and a finding. Matching is bounded in time by ICU's own step limit.
std::unique_ptr<icu::RegexMatcher> matcher(Call& call, const std::string& pattern, const Value& flags,
                                           const icu::UnicodeString& input) {
  std::uint32_t bits = 0;
  bool ignore_blanks = false, literal = false;
  if (!flags.is_null()) {
    if (flags.kind() != Kind::String) {
      call.null("flags 应为文字。", "The flags must be a string.");
      return nullptr;
    }
    for (const char flag : flags.string()) switch (flag) {
        case 's':
          bits |= UREGEX_DOTALL;
          break;
        case 'm':
          bits |= UREGEX_MULTILINE;
          break;
        case 'i':
          bits |= UREGEX_CASE_INSENSITIVE;
          break;
        case 'x':
          ignore_blanks = true;
          break;
        case 'q':
          literal = true;
          break;
        default:
          call.null(std::string("没有标志“") + flag + "”。", std::string("There is no flag “") + flag + "”.");
          return nullptr;
      }
  }
  const auto translated = literal ? std::optional(pattern) : to_icu_pattern(pattern, ignore_blanks);
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::RegexMatcher> out;
  if (translated)
    out = std::make_unique<icu::RegexMatcher>(
        utf16(*translated), bits | (literal ? static_cast<std::uint32_t>(UREGEX_LITERAL) : 0u), error);
  if (!translated || U_FAILURE(error)) {
    call.null("“" + pattern + "”不是正则表达式。", "“" + pattern + "” is not a regular expression.");
    return nullptr;
  }
  out->setTimeLimit(2000, error);
  out->reset(input);
  return out;
}

// XPath replacement ($1, \$ and \\ only) to ICU's; nullopt if it is not one.
std::optional<std::string> to_icu_replacement(std::string_view written, std::int32_t groups) {
  std::string out;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '\\') {
      if (i + 1 >= written.size() || (written[i + 1] != '$' && written[i + 1] != '\\')) return std::nullopt;
      out += written.substr(i++, 2);
    } else if (written[i] == '$') {
      std::size_t end = i + 1;
      std::int32_t group = 0;
      while (end < written.size() && written[end] >= '0' && written[end] <= '9') {
        const std::int32_t longer = group * 10 + (written[end] - '0');
        if (end > i + 1 && longer > groups) break;
        group = longer;
        ++end;
      }
      if (end == i + 1) return std::nullopt;
      if (group <= groups) out += "${" + std::string("") + std::to_string(group) + "}";
      i = end - 1;
    } else {
      out += written[i];
    }
  }
  return out;
}

}  // namespace

Value string_function(Call&, const List& a) { return a[0].is_null() ? Value{} : Value(a[0].to_text()); }

Value string_length(Call& call, const List& a) {
  if (a[0].kind() != Kind::String) return wrong_argument(call, "string length", a[0], "文字", "a string");
  return Decimal(static_cast<std::int64_t>(text::code_point_count(a[0].string())));
}

Value substring_function(Call& call, const List& a) {
  if (a[0].kind() != Kind::String) return wrong_argument(call, "substring", a[0], "文字", "a string");
  if (a[1].kind() != Kind::Number || (a.size() == 3 && a[2].kind() != Kind::Number))
    return wrong_argument(call, "substring", a[1].kind() != Kind::Number ? a[1] : a[2], "整数位置",
                          "integer positions");
  const std::string& whole = a[0].string();
  const auto size = static_cast<std::int64_t>(text::code_point_count(whole));
  const auto start = a[1].number().rounded(0, quantity::RoundingMode::Down).to_integer().value_or(0);
  if (start == 0 || start > size || start < -size)
    return call.null("起始位置超出文字。", "The start position is outside the string.");
  const std::int64_t begin = start > 0 ? start - 1 : size + start;
  std::int64_t length = size - begin;
  if (a.size() == 3) {
    const auto wanted = a[2].number().rounded(0, quantity::RoundingMode::Down).to_integer().value_or(0);
    if (wanted < 1) return call.null("长度应大于 0。", "The length must be above 0.");
    length = std::min(length, wanted);
  }
  const std::size_t from = text::byte_of_column(whole, static_cast<std::size_t>(begin) + 1);
  const std::size_t to = text::byte_of_column(whole, static_cast<std::size_t>(begin + length) + 1);
  return whole.substr(from, to - from);
}

Value upper_case(Call& call, const List& a) {
  if (a[0].kind() != Kind::String) return wrong_argument(call, "upper case", a[0], "文字", "a string");
  return utf8(utf16(a[0].string()).toUpper(icu::Locale::getRoot()));
}

Value lower_case(Call& call, const List& a) {
  if (a[0].kind() != Kind::String) return wrong_argument(call, "lower case", a[0], "文字", "a string");
  return utf8(utf16(a[0].string()).toLower(icu::Locale::getRoot()));
}

Value substring_before(Call& call, const List& a) {
  if (!two_strings(a)) return not_strings(call, "substring before", a);
  const std::size_t at = a[0].string().find(a[1].string());
  return at == std::string::npos ? std::string{} : a[0].string().substr(0, at);
}

Value substring_after(Call& call, const List& a) {
  if (!two_strings(a)) return not_strings(call, "substring after", a);
  const std::size_t at = a[0].string().find(a[1].string());
  return at == std::string::npos ? std::string{} : a[0].string().substr(at + a[1].string().size());
}

Value contains_function(Call& call, const List& a) {
  if (!two_strings(a)) return not_strings(call, "contains", a);
  return a[0].string().find(a[1].string()) != std::string::npos;
}

Value starts_with(Call& call, const List& a) {
  if (!two_strings(a)) return not_strings(call, "starts with", a);
  return a[0].string().rfind(a[1].string(), 0) == 0;
}

Value ends_with(Call& call, const List& a) {
  if (!two_strings(a)) return not_strings(call, "ends with", a);
  const std::string &whole = a[0].string(), &end = a[1].string();
  return whole.size() >= end.size() && whole.compare(whole.size() - end.size(), end.size(), end) == 0;
}

Value matches_function(Call& call, const List& a) {
  if (!two_strings(a)) return not_strings(call, "matches", a);
  const icu::UnicodeString input = utf16(a[0].string());
  const auto found = matcher(call, a[1].string(), argument(a, 2), input);
  return found ? Value(static_cast<bool>(found->find())) : Value{};
}

Value replace_function(Call& call, const List& a) {
  if (!two_strings(a) || a[2].kind() != Kind::String)
    return wrong_argument(call, "replace",
                          !two_strings(a) ? (a[0].kind() != Kind::String ? a[0] : a[1]) : a[2], "文字",
                          "strings");
  const icu::UnicodeString input = utf16(a[0].string());
  const auto found = matcher(call, a[1].string(), argument(a, 3), input);
  if (!found) return {};
  const bool literal =
      argument(a, 3).kind() == Kind::String && argument(a, 3).string().find('q') != std::string::npos;
  UErrorCode error = U_ZERO_ERROR;
  std::string out;
  std::int32_t last = 0;
  const std::int32_t groups = found->groupCount();
  const auto replacement =
      literal ? std::optional<std::string>(a[2].string()) : to_icu_replacement(a[2].string(), groups);
  if (!replacement)
    return call.null("替换文字里的“$”或“\\”用法不对。", "“$” or “\\” is misused in the replacement.");
  while (found->find() && U_SUCCESS(error)) {
    out += utf8(input.tempSubStringBetween(last, found->start(error)));
    for (std::size_t i = 0; i < replacement->size(); ++i) {
      if (!literal && (*replacement)[i] == '\\') {
        out += (*replacement)[++i];
      } else if (!literal && (*replacement)[i] == '$' && i + 1 < replacement->size() &&
                 (*replacement)[i + 1] == '{') {
        const std::size_t close = replacement->find('}', i);
        out += utf8(found->group(std::stoi(replacement->substr(i + 2, close - i - 2)), error));
        i = close;
      } else {
        out += (*replacement)[i];
      }
    }
    last = found->end(error);
    if (!call.spend()) return {};
  }
  if (U_FAILURE(error)) return call.null("替换没有完成。", "The replacement could not be completed.");
  return out + utf8(input.tempSubString(last));
}

Value split_function(Call& call, const List& a) {
  if (!two_strings(a)) return not_strings(call, "split", a);
  const icu::UnicodeString input = utf16(a[0].string());
  const auto found = matcher(call, a[1].string(), {}, input);
  if (!found) return {};
  UErrorCode error = U_ZERO_ERROR;
  List out;
  std::int32_t last = 0;
  while (found->find() && U_SUCCESS(error)) {
    if (found->end(error) == found->start(error))
      return call.null("分隔符匹配了空文字。", "The delimiter matches an empty string.");
    out.push_back(utf8(input.tempSubStringBetween(last, found->start(error))));
    last = found->end(error);
  }
  out.push_back(utf8(input.tempSubString(last)));
  return out;
}

Value string_join(Call& call, const List& a) {
  if (a[0].is_null() || (a.size() == 2 && !a[1].is_null() && a[1].kind() != Kind::String))
    return wrong_argument(call, "string join", a[0].is_null() ? a[0] : a[1], "文字的列表和分隔符",
                          "a list of strings and a delimiter");
  const std::string delimiter = a.size() == 2 && a[1].kind() == Kind::String ? a[1].string() : "";
  std::string out;
  bool first = true;
  for (const Value& item : as_list(a[0])) {
    if (item.is_null()) continue;
    if (item.kind() != Kind::String)
      return wrong_argument(call, "string join", item, "文字的列表", "a list of strings");
    if (!first) out += delimiter;
    out += item.string();
    first = false;
  }
  return out;
}

// Differences that matter: class subtraction [A-Z-[OI]] is [A-Z--[OI]] in ICU; \i \c \I \C are XML names;
// `x` ignores blanks but not inside classes; ICU takes more escapes than XPath, which must be refused.
std::optional<std::string> to_icu_pattern(std::string_view xpath, bool ignore_blanks) {
  std::string out;
  int class_depth = 0;
  for (std::size_t i = 0; i < xpath.size(); ++i) {
    const char c = xpath[i];
    if (c == '\\') {
      if (i + 1 >= xpath.size()) return std::nullopt;
      const char escape = xpath[++i];
      constexpr std::string_view kKnown = "nrt\\|.?*+(){}-[]^$sSdDwWiIcCpP123456789";
      if (kKnown.find(escape) == std::string_view::npos) return std::nullopt;
      switch (escape) {
        case 'i':
          out += class_depth > 0 ? "_:A-Za-z\\u00C0-\\uFFFD" : "[_:A-Za-z\\u00C0-\\uFFFD]";
          break;
        case 'I':
          out += "[^_:A-Za-z\\u00C0-\\uFFFD]";
          break;
        case 'c':
          out += class_depth > 0 ? "-._:A-Za-z0-9\\u00B7-\\uFFFD" : "[\\-._:A-Za-z0-9\\u00B7-\\uFFFD]";
          break;
        case 'C':
          out += "[^\\-._:A-Za-z0-9\\u00B7-\\uFFFD]";
          break;
        case 'p':
        case 'P': {
          const std::size_t close = xpath.find('}', i);
          if (i + 1 >= xpath.size() || xpath[i + 1] != '{' || close == std::string_view::npos)
            return std::nullopt;
          std::string name(xpath.substr(i + 2, close - i - 2));
          if (name.rfind("Is", 0) == 0) name = "InBlock:" + name.substr(2);
          if (name.rfind("InBlock:", 0) == 0) name = "block=" + name.substr(8);
          out += std::string("\\") + escape + "{" + name + "}";
          i = close;
          break;
        }
        default:
          out += std::string("\\") + escape;
      }
      continue;
    }
    if (c == '[') {
      if (class_depth > 0 && !out.empty() && out.back() == '-')
        out += "-[";  // subtraction
      else if (class_depth > 0)
        return std::nullopt;  // XPath has no union of classes
      else
        out += '[';
      ++class_depth;
      if (i + 1 < xpath.size() && xpath[i + 1] == '^') out += xpath[++i];
      continue;
    }
    if (c == ']' && class_depth > 0) {
      --class_depth;
      out += ']';
      continue;
    }
    if (class_depth > 0 && c == '&') {
      out += "\\&";
      continue;
    }
    if (class_depth == 0 && ignore_blanks && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    if (class_depth == 0 && c == '(' && i + 1 < xpath.size() && xpath[i + 1] == '?' &&
        (i + 2 >= xpath.size() || xpath[i + 2] != ':'))
      return std::nullopt;
    out += c;
  }
  return class_depth == 0 ? std::optional(out) : std::nullopt;
}

}  // namespace tenglong::feel
