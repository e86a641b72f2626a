#include "engine/pack/inside/block_text.h"

#include <algorithm>

namespace tenglong::pack {

BlockText::BlockText(const std::string& text) : file_(make_source_file("block", "block", text)) {
  begins_.push_back(0);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') begins_.push_back(i + 1);
  const std::vector<Part> parts = parse_markdown(file_);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kind != PartKind::Fence || !parts[i].fence_word.starts_with("yaml ")) continue;
    if (++blocks_ > 1) continue;
    kind_ = std::string(text::trim(parts[i].fence_word.substr(5)));
    fence_line_ = parts[i].line;
    root_ = parse_yaml(file_, parts[i], findings_);
    fence_lines_ = std::count(parts[i].text.begin(), parts[i].text.end(), '\n');
    if (i + 1 < parts.size() && parts[i + 1].kind == PartKind::Table) table_ = parts[i + 1].table;
  }
}

namespace {

// Past the closing quote; none if it is on another line.
std::optional<std::size_t> past_quote(const std::string& text, std::size_t open) {
  const char quote = text[open];
  for (std::size_t i = open + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 >= text.size() || text[i + 1] != '\'') return i + 1;
      ++i;
    }
  }
  return std::nullopt;
}

bool must_be_quoted(std::string_view value, bool is_in_flow) {
  if (value.empty() || value == "~" || value == "null") return true;
  if (text::trim(value) != value) return true;
  if (std::string_view("[]{},#&*!|>'\"%@`").find(value.front()) != std::string_view::npos) return true;
  if (std::string_view("-?:").find(value.front()) != std::string_view::npos &&
      (value.size() == 1 || value[1] == ' '))
    return true;
  if (value.find(": ") != std::string_view::npos || value.find(" #") != std::string_view::npos ||
      value.back() == ':')
    return true;
  return is_in_flow && value.find_first_of(",[]{}") != std::string_view::npos;
}

}  // namespace

std::size_t end_of_line(const std::string& text, std::size_t from) {
  const std::size_t found = text.find('\n', from);
  const std::size_t end = found == std::string::npos ? text.size() : found;
  return end > from && text[end - 1] == '\r' ? end - 1 : end;
}

std::optional<std::size_t> past_bracket(const std::string& text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    const bool begins = i == open || std::string_view(" ,[{:\n").find(text[i - 1]) != std::string_view::npos;
    if ((c == '\'' || c == '"') && begins) {
      const auto past = past_quote(text, i);
      if (!past) return std::nullopt;
      i = *past - 1;
    } else if (c == '#' && text[i - 1] == ' ') {
      i = end_of_line(text, i);
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      if (--depth == 0) return i + 1;
    }
  }
  return std::nullopt;
}

std::optional<TextSpan> span_of(const BlockText& text, const Yaml& node) {
  const std::string& bytes = text.bytes();
  if (node.place.line == 0) return std::nullopt;
  const std::size_t begin = text.at(node.place.line, node.place.column);
  if (begin >= bytes.size()) return std::nullopt;
  if (node.kind == Yaml::Kind::List) {
    if (bytes[begin] != '[') return std::nullopt;
    const auto end = past_bracket(bytes, begin);
    if (!end || *end > end_of_line(bytes, begin)) return std::nullopt;
    return TextSpan{begin, *end, '['};
  }
  if (node.kind != Yaml::Kind::Scalar) return std::nullopt;
  if (!node.is_quoted)
    return node.place.end_column == 0
               ? std::nullopt
               : std::optional(TextSpan{begin, text.at(node.place.line, node.place.end_column), 0});
  const std::size_t open = node.place.end_column == 0 ? begin : begin - 1;
  if (bytes[open] != '\'' && bytes[open] != '"') return std::nullopt;  // | or >
  const auto end = past_quote(bytes, open);
  return end ? std::optional(TextSpan{open, *end, bytes[open]}) : std::nullopt;
}

std::string as_scalar(std::string_view value, char quote, bool is_in_flow) {
  if (quote == 0 && !must_be_quoted(value, is_in_flow)) return std::string(value);
  std::string out;
  for (const char c : value) {
    if (quote == '"' && (c == '"' || c == '\\')) out += '\\';
    if (quote != '"' && c == '\'') out += '\'';
    out += c;
  }
  const char mark = quote == '"' ? '"' : '\'';
  return mark + out + mark;
}

bool is_flow(const BlockText& text, const Yaml& node) {
  if (node.place.line == 0) return false;
  const std::size_t begin = text.at(node.place.line, node.place.column);
  return begin < text.bytes().size() && (text.bytes()[begin] == '{' || text.bytes()[begin] == '[');
}

}  // namespace tenglong::pack
