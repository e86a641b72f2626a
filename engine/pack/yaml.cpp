#include "engine/pack/inside/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "engine/text/text.h"

namespace tenglong::pack {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Marks of yaml-cpp are bytes of the block's text; places are code points of the file.
class Locator {
 public:
  Locator(const SourceFile& file, const Part& fence) : file_(file), fence_(fence) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= fence.text.size(); ++i)
      if (i == fence.text.size() || fence.text[i] == '\n') line_begins_.push_back(begin), begin = i + 1;
  }

  std::size_t offset(const YAML::Mark& mark) const {
    const auto line = static_cast<std::size_t>(mark.line < 0 ? 0 : mark.line);
    if (line >= line_begins_.size()) return fence_.text.size();
    return std::min(fence_.text.size(),
                    line_begins_[line] + static_cast<std::size_t>(mark.column < 0 ? 0 : mark.column));
  }

  diagnostic::Place place(std::size_t offset) const {
    std::size_t line = line_begins_.size() - 1;
    while (line > 0 && line_begins_[line] > offset) --line;
    const std::string_view rest = std::string_view(fence_.text).substr(line_begins_[line]);
    diagnostic::Place place;
    place.file = file_.path;
    place.line = fence_.line + 1 + static_cast<int>(line);
    place.column =
        fence_.fence_column - 1 + static_cast<int>(text::column_of_byte(rest, offset - line_begins_[line]));
    return place;
  }

  // Finds `scalar` in the block at or after `offset`, white space and line ends counting as equal.
  void locate_text(std::size_t offset, Yaml& node) const {
    const std::string& block = fence_.text;
    std::size_t start = offset;
    if (start < block.size() && (block[start] == '|' || block[start] == '>')) {
      while (start < block.size() && block[start] != '\n') ++start;
      while (start < block.size() && is_blank(block[start])) ++start;
    } else if (start < block.size() && node.is_quoted && (block[start] == '"' || block[start] == '\'')) {
      ++start;
    }
    const std::string_view scalar = text::trim(node.scalar);
    std::size_t at = start;
    std::size_t i = 0;
    while (i < scalar.size() && at < block.size()) {
      if (is_blank(scalar[i])) {
        if (!is_blank(block[at])) break;
        while (i < scalar.size() && is_blank(scalar[i])) ++i;
        while (at < block.size() && is_blank(block[at])) ++at;
      } else if (scalar[i] == block[at]) {
        ++i, ++at;
      } else if (is_blank(block[at]) && i > 0) {  // a folded line end between two Chinese characters
        ++at;
      } else {
        break;
      }
    }
    const diagnostic::Place first = place(start);
    node.text_line = first.line;
    node.text_column = first.column;
    const bool found = i == scalar.size();
    node.source_text = found ? block.substr(start, at - start) : std::string(scalar);
    if (found && node.source_text.find('\n') == std::string::npos) {
      node.place = first;
      node.place.end_column = first.column + static_cast<int>(text::code_point_count(node.source_text));
    }
  }

 private:
  const SourceFile& file_;
  const Part& fence_;
  std::vector<std::size_t> line_begins_;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Locator& locator, Findings& findings) : locator_(locator), findings_(findings) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    Yaml node;
    node.place = locator_.place(locator_.offset(mark));
    put(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Yaml node;
    node.place = locator_.place(locator_.offset(mark));
    findings_.add("E-PACK-102", node.place,
                  {"这里以 * 开头，YAML 把它当作别名。", "A value that begins with * is an alias to YAML."},
                  {"给整个值加上单引号。", "Put the whole value in single quotes."});
    put(std::move(node));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    Yaml node;
    node.kind = Yaml::Kind::Scalar;
    node.scalar = value;
    node.is_quoted = tag == "!";
    const std::size_t offset = locator_.offset(mark);
    node.place = locator_.place(offset);
    locator_.locate_text(offset, node);
    if (!node.is_quoted && (value == "~" || value.empty())) node.kind = Yaml::Kind::Null;
    put(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(Yaml::Kind::List, mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(Yaml::Kind::Map, mark);
  }
  void OnMapEnd() override { close(); }

  Yaml take() { return std::move(root_); }

 private:
  struct Frame {
    Yaml node;
    bool has_key = false;
    std::string key;
    diagnostic::Place key_place;
  };

  void open(Yaml::Kind kind, const YAML::Mark& mark) {
    Frame frame;
    frame.node.kind = kind;
    frame.node.place = locator_.place(locator_.offset(mark));
    stack_.push_back(std::move(frame));
  }
  void close() {
    Yaml node = std::move(stack_.back().node);
    stack_.pop_back();
    put(std::move(node));
  }
  void put(Yaml node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& top = stack_.back();
    if (top.node.kind == Yaml::Kind::List) {
      top.node.items.push_back(std::move(node));
    } else if (!top.has_key) {
      top.has_key = true;
      top.key = node.scalar;
      top.key_place = node.place;
    } else {
      top.node.entries.push_back({std::move(top.key), top.key_place, std::move(node)});
      top.has_key = false;
    }
  }

  const Locator& locator_;
  Findings& findings_;
  std::vector<Frame> stack_;
  Yaml root_;
};

text::Words explain(const std::string& message, std::string_view line) {
  const std::string_view value = text::trim(line.substr(
      std::min(line.size(), line.find(':') == std::string_view::npos ? line.size() : line.find(':') + 1)));
  if (!value.empty() && (value.find(": ") != std::string_view::npos ||
                         std::string_view("\"@%&!>|`*").find(value[0]) != std::string_view::npos))
    return {"值里有 “: ” 或以特殊符号开头时，用单引号把整个值括起来。",
            "Put the whole value in single quotes when it holds \": \" or begins with a special character."};
  if (line.find('\t') != std::string_view::npos)
    return {"缩进只用空格，不用制表符。", "Indent with blanks, not tabs."};
  if (text::to_half_width(line) != line && line.find("：") != std::string_view::npos)
    return {"键后面用半角冒号加一个空格。", "Use an ASCII colon and a blank after a key."};
  return {"检查这一行的缩进、冒号、括号和引号（解析器说：" + message + "）。",
          "Check indentation, colons, brackets and quotes of this line (the parser says: " + message + ")."};
}

}  // namespace

Yaml parse_yaml(const SourceFile& file, const Part& fence, Findings& findings) {
  const Locator locator(file, fence);
  TreeBuilder builder(locator, findings);
  std::istringstream in(fence.text);
  try {
    YAML::Parser parser(in);
    parser.HandleNextDocument(builder);
    TreeBuilder second(locator, findings);
    if (parser.HandleNextDocument(second))
      findings.add("E-PACK-102", {.file = file.path, .line = fence.line},
                   {"一块里有两份 YAML（--- 把它分开了），第二份不会被读。",
                    "This block holds two YAML documents (divided by ---); the second is not read."},
                   {"删去 ---，或分成两块。", "Remove ---, or make two blocks."});
  } catch (const YAML::Exception& broken) {
    const diagnostic::Place place = broken.mark.is_null()
                                        ? diagnostic::Place{.file = file.path, .line = fence.line}
                                        : locator.place(locator.offset(broken.mark));
    findings.add("E-PACK-102", place,
                 {"这一块不是合格的 YAML，未能读出。", "This block is not valid YAML and was not read."},
                 explain(broken.msg, file.line(place.line)));
    return {};
  }
  return builder.take();
}

}  // namespace tenglong::pack
