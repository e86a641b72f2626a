#include "engine/pack/inside/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "engine/text/text.h"

namespace tenglong::pack {
namespace {

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeParser {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};

// cmark's own columns of table cells are those of the unescaped text, so a row is cut again at the pipes of
// its line.
std::vector<Cell> cut_row(std::string_view line, int line_number) {
  std::vector<Cell> cells;
  std::size_t begin = 0;
  while (begin < line.size() && (line[begin] == ' ' || line[begin] == '\t')) ++begin;
  if (begin < line.size() && line[begin] == '|') ++begin;
  auto add = [&](std::size_t from, std::size_t to) {
    std::string_view raw = line.substr(from, to - from);
    const std::string_view inner = text::trim(raw);
    std::size_t start = inner.empty() ? from : static_cast<std::size_t>(inner.data() - line.data());
    std::string_view content = inner;
    if (content.size() >= 2 && content.front() == '`' && content.back() == '`' &&
        content.find('`', 1) == content.size() - 1) {
      content = content.substr(1, content.size() - 2);
      ++start;
    }
    Cell cell;
    for (std::size_t i = 0; i < content.size(); ++i) {
      if (content[i] == '\\' && i + 1 < content.size() && content[i + 1] == '|') continue;
      cell.text += content[i];
    }
    cell.line = line_number;
    cell.column = static_cast<int>(text::column_of_byte(line, start));
    const std::size_t stop = inner.empty() ? to : start + content.size();
    cell.end_column = static_cast<int>(text::column_of_byte(line, stop));
    cells.push_back(std::move(cell));
  };
  std::size_t from = begin;
  for (std::size_t i = begin; i <= line.size(); ++i) {
    if (i == line.size()) {
      if (!text::trim(line.substr(from)).empty()) add(from, i);
    } else if (line[i] == '|' && (i == begin || line[i - 1] != '\\')) {
      add(from, i);
      from = i + 1;
    }
  }
  return cells;
}

std::string plain_text(cmark_node* node) {
  std::string out;
  std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> walk(cmark_iter_new(node), cmark_iter_free);
  for (cmark_event_type event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(walk.get())) {
    if (event != CMARK_EVENT_ENTER) continue;
    cmark_node* inner = cmark_iter_get_node(walk.get());
    const cmark_node_type type = cmark_node_get_type(inner);
    if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) {
      if (const char* literal = cmark_node_get_literal(inner)) out += literal;
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
      out += ' ';
    }
  }
  return out;
}

std::string lines_between(const SourceFile& file, int first, int last) {
  std::string out;
  for (int line = first; line <= last; ++line) {
    if (line > first) out += '\n';
    out += file.line(line);
  }
  return out;
}

bool is_fenced(cmark_node* node) {
  int length = 0, offset = 0;
  char mark = 0;
  return cmark_node_get_fenced(node, &length, &offset, &mark) != 0;
}

Part make_fence(const SourceFile& file, cmark_node* node) {
  Part part;
  part.kind = PartKind::Fence;
  part.line = cmark_node_get_start_line(node);
  const char* info = cmark_node_get_fence_info(node);
  part.fence_word = std::string(text::trim(info != nullptr ? info : ""));
  const char* literal = cmark_node_get_literal(node);
  part.text = literal != nullptr ? literal : "";
  const std::string_view opening = file.line(part.line);
  const std::size_t mark = opening.find_first_of("`~");
  part.fence_column =
      mark == std::string_view::npos ? 1 : static_cast<int>(text::column_of_byte(opening, mark));
  return part;
}

// Blocks hidden in lists and quotations are found too, so that they can be reported instead of silently
// unread.
void add_nested_fences(const SourceFile& file, cmark_node* node, std::vector<Part>& parts) {
  std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> walk(cmark_iter_new(node), cmark_iter_free);
  for (cmark_event_type event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(walk.get())) {
    cmark_node* inner = cmark_iter_get_node(walk.get());
    if (event != CMARK_EVENT_ENTER || cmark_node_get_type(inner) != CMARK_NODE_CODE_BLOCK) continue;
    Part part = make_fence(file, inner);
    part.is_nested = true;
    parts.push_back(std::move(part));
  }
}

}  // namespace

std::string_view SourceFile::line(int line) const {
  if (line < 1 || static_cast<std::size_t>(line) > lines.size()) return {};
  return lines[static_cast<std::size_t>(line) - 1];
}

SourceFile make_source_file(std::string path, std::string name, std::string bytes) {
  SourceFile file{.path = std::move(path), .name = std::move(name), .text = std::move(bytes), .lines = {}};
  std::string_view rest = file.text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    file.lines.emplace_back(line);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return file;
}

std::vector<Part> parse_markdown(const SourceFile& file) {
  cmark_gfm_core_extensions_ensure_registered();
  const std::unique_ptr<cmark_parser, FreeParser> parser(cmark_parser_new(CMARK_OPT_DEFAULT));
  cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension("table"));
  std::string_view bytes = file.text;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  cmark_parser_feed(parser.get(), bytes.data(), bytes.size());
  const std::unique_ptr<cmark_node, FreeNode> document(cmark_parser_finish(parser.get()));

  std::vector<Part> parts;
  for (cmark_node* node = cmark_node_first_child(document.get()); node != nullptr;
       node = cmark_node_next(node)) {
    const cmark_node_type type = cmark_node_get_type(node);
    const int line = cmark_node_get_start_line(node);
    Part part;
    part.line = line;
    if (type == CMARK_NODE_HEADING) {
      part.kind = PartKind::Heading;
      part.text = plain_text(node);
    } else if (type == CMARK_NODE_CODE_BLOCK && is_fenced(node)) {
      part = make_fence(file, node);
    } else if (std::strcmp(cmark_node_get_type_string(node), "table") == 0) {
      part.kind = PartKind::Table;
      part.table.line = line;
      for (cmark_node* row = cmark_node_first_child(node); row != nullptr; row = cmark_node_next(row)) {
        const int row_line = cmark_node_get_start_line(row);
        std::vector<Cell> cells = cut_row(file.line(row_line), row_line);
        if (cmark_gfm_extensions_get_table_row_is_header(row) != 0)
          part.table.header = std::move(cells);
        else
          part.table.rows.push_back(std::move(cells));
      }
    } else {
      part.text = lines_between(file, line, std::max(line, cmark_node_get_end_line(node)));
      if (type != CMARK_NODE_PARAGRAPH) add_nested_fences(file, node, parts);
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace tenglong::pack
