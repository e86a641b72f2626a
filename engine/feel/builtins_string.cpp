#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "engine/feel/inside/builtins.h"
#include "engine/feel/inside/regex.h"
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

// A compiled pattern, or nothing and a finding.
std::shared_ptr<const Regex> pattern_of(Call& call, const std::string& pattern, const Value& flags) {
  if (!flags.is_null() && flags.kind() != Kind::String) {
    call.null("flags 应为文字。", "The flags must be a string.");
    return nullptr;
  }
  const auto parsed = RegexFlags::parse(flags.is_null() ? std::string_view{} : flags.string());
  if (!parsed) {
    call.null("标志只有 s、m、i、x、q，没有“" + flags.string() + "”。",
              "The flags are s, m, i, x and q, not “" + flags.string() + "”.");
    return nullptr;
  }
  auto out = Regex::compile(pattern, *parsed);
  if (out == nullptr)
    call.null("“" + pattern + "”不是正则表达式。", "“" + pattern + "” is not a regular expression.");
  return out;
}

Value took_too_long(Call& call) {
  return call.null("正则表达式在这段文字上太慢，已停下。",
                   "The regular expression took too long on this text and was ended.");
}

// XPath's replacement taken apart: text, and $N for a group, 0 the whole match. Only $ and \ may follow a
// backslash.
struct ReplacementPart {
  std::string text;
  int group = -1;
};
std::optional<std::vector<ReplacementPart>> replacement_parts(std::string_view written, int groups) {
  std::vector<ReplacementPart> out;
  const auto add = [&](char c) {
    if (out.empty() || out.back().group >= 0) out.emplace_back();
    out.back().text += c;
  };
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '\\') {
      if (i + 1 >= written.size() || (written[i + 1] != '$' && written[i + 1] != '\\')) return std::nullopt;
      add(written[++i]);
    } else if (written[i] == '$') {
      std::size_t end = i + 1;
      int group = 0;
      while (end < written.size() && written[end] >= '0' && written[end] <= '9') {
        const int longer = group * 10 + (written[end] - '0');
        if (end > i + 1 && longer > groups) break;
        group = longer;
        ++end;
      }
      if (end == i + 1) return std::nullopt;
      if (group <= groups) out.push_back({{}, group});
      i = end - 1;
    } else {
      add(written[i]);
    }
  }
  return out;
}

}  // namespace

Value string_function(Call& call, const List& a) {
  if (a[0].is_null() || !call.spend(a[0].weight())) return {};
  return a[0].to_text();
}

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
  const auto regex = pattern_of(call, a[1].string(), argument(a, 2));
  if (regex == nullptr) return {};
  Regex::Search search(*regex, a[0].string());
  const bool found = search.next();
  return search.gave_up() ? took_too_long(call) : Value(found);
}

Value replace_function(Call& call, const List& a) {
  for (std::size_t i = 0; i < 3; ++i)
    if (a[i].kind() != Kind::String) return wrong_argument(call, "replace", a[i], "文字", "strings");
  const Value& flags = argument(a, 3);
  const auto regex = pattern_of(call, a[1].string(), flags);
  if (regex == nullptr) return {};
  if (regex->matches_empty())
    return call.null("“" + a[1].string() + "”能匹配空文字，无从替换。",
                     "“" + a[1].string() + "” matches the empty string; there is nothing to replace.");
  const bool literal = flags.kind() == Kind::String && flags.string().find('q') != std::string::npos;
  const auto parts = literal ? std::optional(std::vector<ReplacementPart>{{a[2].string(), -1}})
                             : replacement_parts(a[2].string(), regex->group_count());
  if (!parts)
    return call.null(
        "替换文字里的“$”或“\\”用法不对：$ 后面写组号，\\ 后面写 $ 或 \\。",
        "“$” or “\\” is misused in the replacement: a group's number follows $, and $ or \\ follows \\.");
  Regex::Search search(*regex, a[0].string());
  std::string out;
  while (search.next()) {
    const std::size_t begin = out.size();
    out += search.before();
    for (const ReplacementPart& part : *parts) out += part.group < 0 ? part.text : search.group(part.group);
    if (!call.spend(1 + (out.size() - begin) / 16)) return {};
  }
  if (search.gave_up()) return took_too_long(call);
  return out + search.before();
}

Value split_function(Call& call, const List& a) {
  if (!two_strings(a)) return not_strings(call, "split", a);
  const auto regex = pattern_of(call, a[1].string(), {});
  if (regex == nullptr) return {};
  if (regex->matches_empty())
    return call.null("分隔符“" + a[1].string() + "”能匹配空文字。",
                     "The delimiter “" + a[1].string() + "” matches the empty string.");
  Regex::Search search(*regex, a[0].string());
  List out;
  while (search.next()) {
    if (!call.spend()) return {};
    out.push_back(search.before());
  }
  if (search.gave_up()) return took_too_long(call);
  out.push_back(search.before());
  return Value(std::move(out));
}

Value string_join(Call& call, const List& a) {
  if (a[0].is_null() || (a.size() == 2 && !a[1].is_null() && a[1].kind() != Kind::String))
    return wrong_argument(call, "string join", a[0].is_null() ? a[0] : a[1], "文字的列表和分隔符",
                          "a list of strings and a delimiter");
  const std::string delimiter = a.size() == 2 && a[1].kind() == Kind::String ? a[1].string() : "";
  std::string out;
  bool first = true;
  for (const Value& item : items_of(a[0])) {
    if (item.is_null()) continue;
    if (item.kind() != Kind::String)
      return wrong_argument(call, "string join", item, "文字的列表", "a list of strings");
    if (!first) out += delimiter;
    out += item.string();
    if (!call.spend((delimiter.size() + item.string().size()) / 16)) return {};
    first = false;
  }
  return out;
}

}  // namespace tenglong::feel
