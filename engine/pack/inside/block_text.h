// The text of one block as it is read, with the bytes that each value takes, for whoever writes it anew.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/pack/inside/findings.h"
#include "engine/pack/inside/markdown.h"
#include "engine/pack/inside/yaml.h"
#include "engine/text/text.h"

namespace tenglong::pack {

class BlockText {
 public:
  explicit BlockText(const std::string& text);
  const Yaml& root() const { return root_; }
  const std::string& kind() const { return kind_; }
  std::size_t blocks() const { return blocks_; }
  const std::optional<Table>& table() const { return table_; }
  const diagnostic::Diagnostics& told() const { return findings_.all; }
  const std::string& bytes() const { return file_.text; }
  std::size_t closing_line() const { return static_cast<std::size_t>(fence_line_ + fence_lines_ + 1); }

  std::size_t line_begin(std::size_t line) const {
    return line - 1 < begins_.size() ? begins_[line - 1] : bytes().size();
  }
  std::string_view line(std::size_t at) const { return file_.line(static_cast<int>(at)); }
  std::size_t at(int line, int column) const {
    return line_begin(static_cast<std::size_t>(line)) +
           text::byte_of_column(file_.line(line), static_cast<std::size_t>(std::max(1, column)));
  }

 private:
  SourceFile file_;
  std::vector<std::size_t> begins_;
  Findings findings_;
  Yaml root_;
  std::string kind_;
  std::size_t blocks_ = 0;
  std::optional<Table> table_;
  int fence_line_ = 0;
  std::ptrdiff_t fence_lines_ = 0;
};

// Bytes of the text.
struct TextSpan {
  std::size_t from = 0, to = 0;
  char quote = 0;  // 0: plain; [: a list on one line
};

// Of the line that `from` stands in, before its line end.
std::size_t end_of_line(const std::string& text, std::size_t from);
// Past the bracket that closes the one at `open`; it may be on a later line.
std::optional<std::size_t> past_bracket(const std::string& text, std::size_t open);
// None if it is not written, stands on several lines, or is a map or a list of lines.
std::optional<TextSpan> span_of(const BlockText& text, const Yaml& node);
// A value as YAML wants it; quoted as before (`quote`), or where it must be.
std::string as_scalar(std::string_view value, char quote, bool is_in_flow);
// {a: b} or [a, b], not lines.
bool is_flow(const BlockText& text, const Yaml& node);

}  // namespace tenglong::pack
