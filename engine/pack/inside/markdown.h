// A Markdown file cut into the parts a pack cares about, each with its line.
//
// In:    the text of one file. Out: headings, prose, fenced blocks and tables in the order of the file.
// Never: interprets a cell or a block; follows Markdown inside a cell (a `*` in a formula is not emphasis).
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tenglong::pack {

struct SourceFile {
  std::string path;  // as places print it
  std::string name;  // relative to its folder, for the fingerprint
  std::string text;
  std::vector<std::string> lines;  // without line ends

  // The text of line `line` (from 1), empty beyond the end.
  std::string_view line(int line) const;
};
SourceFile make_source_file(std::string path, std::string name, std::string text);

// A cell of a table: the characters between two pipes, trimmed; `\|` is a pipe, a code span is its content.
struct Cell {
  std::string text = {};
  int line = 0;
  int column = 0;  // of the first character of the text; of the gap between the pipes when empty
  int end_column = 0;
};

struct Table {
  int line = 0;  // of the header
  std::vector<Cell> header = {};
  std::vector<std::vector<Cell>> rows = {};
};

enum class PartKind { Heading, Prose, Fence, Table };

struct Part {
  PartKind kind = PartKind::Prose;
  int line = 0;
  std::string text = {};        // heading: its text; prose: Markdown as written; fence: its content
  std::string fence_word = {};  // fence: the info string
  int fence_column = 1;    // fence: where it begins; its content is shifted by the same number of characters
  bool is_nested = false;  // inside a list or a quotation
  Table table = {};
};

std::vector<Part> parse_markdown(const SourceFile& file);

}  // namespace tenglong::pack
