#include "engine/pack/written.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

#include "engine/pack/inside/block_text.h"
#include "engine/text/text.h"

namespace tenglong::pack {
namespace {

// Keys that may be there and are offered where they are not; docs/pack-language.md has all of them.
struct Offered {
  const char* kind;
  const char* list;  // "" for the block itself
  std::vector<std::string> keys;
};
const std::vector<Offered>& offered() {
  static const std::vector<Offered> all = {
      {"scheme", "", {"weights_total", "item_floor", "item_cap", "adjust", "veto", "protect", "note"}},
      {"scheme", "items", {"base", "missing"}},
      {"indicator", "", {"not_applicable_if", "note"}},
      {"collection", "items", {"fields", "remind", "where"}},
      {"target", "", {"note"}},
      {"parameter", "", {"note"}},
      {"decision", "", {"note"}},
      {"roster", "", {"note"}}};
  return all;
}
std::vector<std::string> offered_at(std::string_view kind, std::string_view list) {
  for (const Offered& one : offered())
    if (kind == one.kind && list == one.list) return one.keys;
  return {};
}
// What others call a block by, or what its table hangs on.
bool is_named_elsewhere(std::string_view kind, std::string_view key) {
  for (const char* each : {"id", "name", "of", "over", "number", "keys", "type", "unit", "codes"})
    if (key == each) return true;
  return kind == "decision" && (key == "inputs" || key == "hit" || key.starts_with("output"));
}

constexpr std::string_view kBetweenWords = "、";

std::string as_list(std::string_view value) {
  std::string out = "[";
  while (!value.empty()) {
    const std::size_t next = value.find(kBetweenWords);
    const std::string_view word = text::trim(value.substr(0, next));
    if (!word.empty()) out += (out.size() > 1 ? ", " : "") + as_scalar(word, 0, true);
    value = next == std::string_view::npos ? std::string_view() : value.substr(next + kBetweenWords.size());
  }
  return out + "]";
}

bool is_list_of_words(const Yaml& node) {
  return node.kind == Yaml::Kind::List &&
         std::all_of(node.items.begin(), node.items.end(), [](const Yaml& item) {
           return item.kind == Yaml::Kind::Scalar && item.scalar.find(kBetweenWords) == std::string::npos;
         });
}
bool is_list_of_maps(const Yaml& node) {
  return node.kind == Yaml::Kind::List && !node.items.empty() &&
         std::all_of(node.items.begin(), node.items.end(),
                     [](const Yaml& item) { return item.kind == Yaml::Kind::Map; });
}

std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}
std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> out;
  for (const std::string_view step : text::split(path.empty() ? path : path.substr(1), '/')) {
    std::string plain;
    for (std::size_t i = 0; i < step.size(); ++i)
      if (step[i] == '~' && i + 1 < step.size())
        plain += step[++i] == '1' ? '/' : '~';
      else
        plain += step[i];
    out.push_back(std::move(plain));
  }
  return out;
}

std::optional<std::size_t> index_of_step(std::string_view step) {
  std::size_t out = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), out);
  if (error != std::errc() || end != step.data() + step.size()) return std::nullopt;
  return out;
}

Slot slot_of(const BlockText& text, const Yaml& node, std::string path, std::string key) {
  Slot out{.path = std::move(path), .key = std::move(key), .place = node.place};
  if (node.kind == Yaml::Kind::List) {
    for (const Yaml& item : node.items) out.value += (out.value.empty() ? "" : "、") + item.scalar;
  } else {
    out.value = node.scalar;
  }
  out.is_fixed = !span_of(text, node);
  if (out.value.find('\n') != std::string::npos) out.is_fixed = true;
  return out;
}

// The values of a map, those of maps inside it with both keys.
void add_slots(const BlockText& text, const Yaml& map, const std::string& path, const std::string& before,
               std::vector<Slot>& out) {
  for (const YamlEntry& entry : map.entries) {
    const std::string here = path + "/" + escaped(entry.key);
    const std::string key = before + entry.key;
    if (entry.value.kind == Yaml::Kind::Map)
      add_slots(text, entry.value, here, key + ".", out);
    else if (entry.value.kind == Yaml::Kind::Scalar || is_list_of_words(entry.value))
      out.push_back(slot_of(text, entry.value, here, key));
  }
}

SlotGrid grid_of_list(const BlockText& text, const std::string& key, const Yaml& list) {
  SlotGrid out{.path = "/" + escaped(key), .key = key};
  std::vector<std::vector<Slot>> found;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    std::vector<Slot> row;
    add_slots(text, list.items[i], out.path + "/" + std::to_string(i), "", row);
    for (const Slot& slot : row)
      if (std::find(out.columns.begin(), out.columns.end(), slot.key) == out.columns.end())
        out.columns.push_back(slot.key);
    found.push_back(std::move(row));
  }
  for (const std::string& more : offered_at(text.kind(), key))
    if (std::find(out.columns.begin(), out.columns.end(), more) == out.columns.end())
      out.columns.push_back(more);
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::vector<Slot> row;
    for (const std::string& column : out.columns) {
      const auto at = std::find_if(found[i].begin(), found[i].end(),
                                   [&](const Slot& slot) { return slot.key == column; });
      if (at != found[i].end()) {
        row.push_back(*at);
        continue;
      }
      Slot empty{.path = out.path + "/" + std::to_string(i) + "/" + escaped(column),
                 .key = column,
                 .is_written = false};
      empty.is_fixed = column.find('.') != std::string::npos;
      row.push_back(std::move(empty));
    }
    out.rows.push_back(std::move(row));
  }
  out.has_rows_of_lines =
      list.place.line > 0 && text.bytes()[text.at(list.place.line, list.place.column)] == '-';
  return out;
}

Slot slot_of_cell(const Cell& cell, std::size_t row, std::size_t column, const std::string& key) {
  return {.path = "/table/" + std::to_string(row) + "/" + std::to_string(column),
          .key = key,
          .value = cell.text,
          .place = {.line = cell.line, .column = cell.column, .end_column = cell.end_column}};
}

SlotGrid grid_of_table(const Table& table) {
  SlotGrid out{.path = "/table", .key = "table"};
  for (const Cell& cell : table.header) out.columns.push_back(cell.text);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<Slot> row;
    for (std::size_t c = 0; c < table.rows[r].size() && c < out.columns.size(); ++c)
      row.push_back(slot_of_cell(table.rows[r][c], r, c, out.columns[c]));
    out.rows.push_back(std::move(row));
  }
  return out;
}

Rewritten refused(text::Words message, text::Words advice) {
  Rewritten out;
  out.refused_because.push_back(
      {.code = "E-PACK-127", .message = std::move(message), .advice = std::move(advice)});
  return out;
}
Rewritten only_in_text() {
  return refused({"这一处在表单里改不了。", "A form cannot change this."},
                 {"到原文里改。", "Change it in the text."});
}

Rewritten spliced(const BlockText& text, std::size_t from, std::size_t to, std::string_view by) {
  return {.text = text.bytes().substr(0, from) + std::string(by) + text.bytes().substr(to)};
}

Rewritten with_cell(const BlockText& text, const std::vector<std::string>& steps, std::string_view value) {
  if (!text.table() || steps.size() != 3) return only_in_text();
  const auto row = index_of_step(steps[1]), column = index_of_step(steps[2]);
  if (!row || !column || *row >= text.table()->rows.size() || *column >= text.table()->rows[*row].size())
    return only_in_text();
  if (value.find('`') != std::string_view::npos)
    return refused({"表格里写不了反引号。", "A table holds no backquote here."},
                   {"去掉反引号。", "Leave it out."});
  const Cell& cell = text.table()->rows[*row][*column];
  std::string written;
  for (const char c : value) written += c == '|' ? "\\|" : std::string(1, c);
  const std::size_t from = text.at(cell.line, cell.column);
  const std::size_t to = text.at(cell.line, cell.end_column);
  if (cell.text.empty()) return spliced(text, from, to, written.empty() ? " " : " " + written + " ");
  return spliced(text, from, to, written);
}

bool is_key(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// A key that is not there yet.
Rewritten with_key(const BlockText& text, const Yaml& map, const std::string& key, std::string_view value,
                   bool is_root) {
  const std::string& bytes = text.bytes();
  const bool is_words = value.find(kBetweenWords) != std::string_view::npos;
  if (is_root) {
    const std::size_t end = text.line_begin(text.closing_line());
    return spliced(
        text, end, end,
        key + ": " + (is_words && key != "note" ? as_list(value) : as_scalar(value, 0, false)) + "\n");
  }
  if (is_flow(text, map)) {
    const auto past = past_bracket(bytes, text.at(map.place.line, map.place.column));
    if (!past) return only_in_text();
    std::size_t last = *past - 1;
    while (last > 0 && (bytes[last - 1] == ' ' || bytes[last - 1] == '\n')) --last;
    const std::string written = key + ": " + (is_words ? as_list(value) : as_scalar(value, 0, true));
    const char before = bytes[last - 1];
    return spliced(text, last, last, (before == '{' ? "" : before == ',' ? " " : ", ") + written);
  }
  if (map.entries.empty() || !span_of(text, map.entries.front().value)) return only_in_text();
  const YamlEntry& first = map.entries.front();
  const std::size_t end =
      end_of_line(bytes, text.at(first.value.place.line, std::max(1, first.value.place.column)));
  return spliced(text, end, end,
                 "\n" + std::string(static_cast<std::size_t>(first.key_place.column - 1), ' ') + key + ": " +
                     (is_words ? as_list(value) : as_scalar(value, 0, false)));
}

// A key taken away with its value; what stands beside it stays.
Rewritten without_key(const BlockText& text, const Yaml& map, const YamlEntry& entry, const TextSpan& span) {
  const std::string& bytes = text.bytes();
  const std::size_t key = text.at(entry.key_place.line, entry.key_place.column);
  if (is_flow(text, map)) {
    std::size_t from = key, to = span.to;
    while (from > 0 && bytes[from - 1] == ' ') --from;
    if (from > 0 && bytes[from - 1] == ',') return spliced(text, from - 1, to, "");
    while (to < bytes.size() && (bytes[to] == ' ' || bytes[to] == ',')) ++to;
    return spliced(text, key, to, "");
  }
  const auto line = static_cast<std::size_t>(entry.key_place.line);
  if (!text::trim(std::string_view(bytes).substr(text.line_begin(line), key - text.line_begin(line))).empty())
    return only_in_text();  // the first key of `- key: value`
  return spliced(text, text.line_begin(line), text.line_begin(line + 1), "");
}

const SlotGrid* grid_at(const Outline& outline, std::string_view path) {
  for (const SlotGrid& one : outline.grids)
    if (one.path == path) return &one;
  return nullptr;
}

// The lines of one row, from the first to behind the last.
std::optional<std::pair<std::size_t, std::size_t>> lines_of_row(const BlockText& text, const SlotGrid& grid,
                                                                std::size_t row) {
  if (!grid.has_rows_of_lines || row >= grid.rows.size()) return std::nullopt;
  if (grid.path == "/table") {
    if (grid.rows[row].empty()) return std::nullopt;
    const auto line = static_cast<std::size_t>(grid.rows[row].front().place.line);
    return std::pair(line, line + 1);
  }
  const Yaml* list = nullptr;
  for (const YamlEntry& entry : text.root().entries)
    if ("/" + escaped(entry.key) == grid.path) list = &entry.value;
  if (list == nullptr || row >= list->items.size()) return std::nullopt;
  const auto first = static_cast<std::size_t>(list->items[row].place.line);
  const std::size_t dash = text.line(first).find_first_not_of(' ');
  if (dash == std::string_view::npos || text.line(first)[dash] != '-') return std::nullopt;
  std::size_t end = first + 1;
  while (end < text.closing_line()) {
    const std::size_t begins = text.line(end).find_first_not_of(' ');
    if (begins == std::string_view::npos || begins <= dash) break;
    ++end;
  }
  return std::pair(first, end);
}

}  // namespace

Outline outline_of(const std::string& written) {
  const BlockText text(written);
  Outline out{.kind = text.kind(), .blocks = text.blocks(), .told = text.told()};
  if (text.root().kind != Yaml::Kind::Map) return out;
  for (const YamlEntry& entry : text.root().entries) {
    if (entry.key == "id") out.id = entry.value.scalar;
    if (entry.key == "name") out.name = entry.value.scalar;
    if (is_list_of_maps(entry.value)) {
      out.grids.push_back(grid_of_list(text, entry.key, entry.value));
      continue;
    }
    const std::size_t before = out.fields.size();
    const std::string path = "/" + escaped(entry.key);
    if (entry.value.kind == Yaml::Kind::Map)
      add_slots(text, entry.value, path, entry.key + ".", out.fields);
    else if (entry.value.kind == Yaml::Kind::Scalar || is_list_of_words(entry.value))
      out.fields.push_back(slot_of(text, entry.value, path, entry.key));
    for (std::size_t i = before; i < out.fields.size(); ++i)
      if (is_named_elsewhere(out.kind, entry.key)) out.fields[i].is_fixed = true;
  }
  for (const std::string& more : offered_at(out.kind, ""))
    if (std::none_of(text.root().entries.begin(), text.root().entries.end(),
                     [&](const YamlEntry& entry) { return entry.key == more; }))
      out.fields.push_back({.path = "/" + more, .key = more, .is_written = false});
  if (text.table()) out.grids.push_back(grid_of_table(*text.table()));
  return out;
}

Rewritten with_value(const std::string& written, std::string_view path, std::string_view value) {
  const BlockText text(written);
  if (std::any_of(value.begin(), value.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }))
    return refused({"值里有换行或看不见的字符。", "The value holds a line break or an invisible character."},
                   {"写成一行。", "Write one line."});
  value = text::trim(value);
  const std::vector<std::string> steps = steps_of(path);
  if (!path.starts_with('/') || text.root().kind != Yaml::Kind::Map) return only_in_text();
  if (steps.front() == "table") return with_cell(text, steps, value);
  if (is_named_elsewhere(text.kind(), steps.front())) return only_in_text();
  const Yaml* node = &text.root();
  const Yaml* map = nullptr;
  const YamlEntry* held = nullptr;
  bool is_in_flow = false;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    is_in_flow = is_in_flow || (i > 0 && is_flow(text, *node));
    if (node->kind == Yaml::Kind::List) {
      const auto at = index_of_step(steps[i]);
      if (!at || *at >= node->items.size()) return only_in_text();
      node = &node->items[*at];
      continue;
    }
    if (node->kind != Yaml::Kind::Map) return only_in_text();
    map = node;
    const auto entry = std::find_if(node->entries.begin(), node->entries.end(),
                                    [&](const YamlEntry& one) { return one.key == steps[i]; });
    if (entry == node->entries.end()) {
      if (i + 1 != steps.size() || !is_key(steps[i])) return only_in_text();
      if (value.empty()) return {.text = written};
      return with_key(text, *map, steps[i], value, i == 0);
    }
    held = &*entry;
    node = &entry->value;
  }
  const auto span = span_of(text, *node);
  if (!span || map == nullptr || held == nullptr || &held->value != node) return only_in_text();
  if (node->kind == Yaml::Kind::List && !is_list_of_words(*node)) return only_in_text();
  if (node->kind == Yaml::Kind::List) {
    if (slot_of(text, *node, "", "").value == value) return {.text = written};
    return spliced(text, span->from, span->to, as_list(value));
  }
  if (value.empty()) return without_key(text, *map, *held, *span);
  if (node->scalar == value) return {.text = written};
  return spliced(text, span->from, span->to, as_scalar(value, span->quote, is_in_flow));
}

Rewritten with_row_after(const std::string& written, std::string_view path, std::size_t row) {
  const BlockText text(written);
  const Outline outline = outline_of(written);
  const SlotGrid* grid = grid_at(outline, path);
  const auto lines = grid == nullptr ? std::nullopt : lines_of_row(text, *grid, row);
  if (!lines) return only_in_text();
  const std::size_t from = text.line_begin(lines->first), to = text.line_begin(lines->second);
  std::string copy = written.substr(from, to - from);
  const bool ends_its_line = copy.ends_with('\n');
  return spliced(text, to, to, ends_its_line ? copy : "\n" + copy);
}

Rewritten without_row(const std::string& written, std::string_view path, std::size_t row) {
  const BlockText text(written);
  const Outline outline = outline_of(written);
  const SlotGrid* grid = grid_at(outline, path);
  const auto lines = grid == nullptr ? std::nullopt : lines_of_row(text, *grid, row);
  if (!lines) return only_in_text();
  if (grid->rows.size() == 1)
    return refused({"这是最后一行，不能删。", "This is the last row and stays."},
                   {"改它的值，或到原文里删去整块。", "Change its values, or the text."});
  return spliced(text, text.line_begin(lines->first), text.line_begin(lines->second), "");
}

std::string written_at(const diagnostic::Place& place) {
  std::ifstream in(place.file, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  const auto is_fence = [&](std::size_t at) { return lines[at].rfind("```", 0) == 0; };
  if (place.line < 1 || static_cast<std::size_t>(place.line) > lines.size()) return {};
  std::size_t from = static_cast<std::size_t>(place.line) - 1;
  while (from > 0 && !is_fence(from)) --from;
  std::size_t to = from + 1;
  while (to < lines.size() && !is_fence(to)) ++to;
  if (to < lines.size()) ++to;
  std::size_t table = to;
  while (table < lines.size() && text::trim(lines[table]).empty()) ++table;
  if (table < lines.size() && lines[table].rfind("|", 0) == 0) {
    to = table;
    while (to < lines.size() && lines[to].rfind("|", 0) == 0) ++to;
  }
  std::string out;
  for (std::size_t i = from; i < to; ++i) out += lines[i] + "\n";
  return out;
}

}  // namespace tenglong::pack
