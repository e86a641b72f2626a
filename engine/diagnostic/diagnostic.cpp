#include "engine/diagnostic/diagnostic.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <memory>
#include <tuple>

#include "engine/text/json_writer.h"

namespace tenglong::diagnostic {

namespace {

// "C17" -> row 17, column 3; a whole row "17" -> row 17, column 0.
std::pair<int, int> row_and_column(const std::string& cell) {
  int column = 0;
  std::size_t at = 0;
  while (at < cell.size() && cell[at] >= 'A' && cell[at] <= 'Z')
    column = column * 26 + (cell[at++] - 'A' + 1);
  int row = 0;
  std::from_chars(cell.data() + at, cell.data() + cell.size(), row);
  return {row, column};
}

const char* severity_word(Severity severity, Language language) {
  const bool english = language == Language::English;
  switch (severity) {
    case Severity::Error:
      return english ? "error" : "错误";
    case Severity::Warning:
      return english ? "warning" : "注意";
    case Severity::Note:
      return english ? "note" : "说明";
  }
  return "";
}

const char* severity_code(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Note:
      return "note";
  }
  return "";
}

// The source line, indented, and carets as wide as the characters above them.
std::string underlined(const std::string& line, int column, int end_column) {
  constexpr std::string_view kIndent = "        ";
  const std::size_t begin = text::byte_of_column(line, static_cast<std::size_t>(column));
  const std::size_t end =
      end_column > column ? text::byte_of_column(line, static_cast<std::size_t>(end_column)) : begin;
  // A tab, an escape or a control character would move the terminal's cursor and the caret with it.
  std::string shown;
  for (const char c : line) shown += (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) ? ' ' : c;
  const std::string_view view(shown);
  const std::size_t before = text::cell_width(view.substr(0, begin));
  const std::size_t marked = std::max<std::size_t>(1, text::cell_width(view.substr(begin, end - begin)));
  return std::string(kIndent) + shown + "\n" + std::string(kIndent) + std::string(before, ' ') +
         std::string(marked, '^') + "\n";
}

void write_place(text::JsonWriter& json, const Place& place) {
  json.begin_object().member("file", place.file);
  if (place.line > 0) json.member("line", place.line);
  if (place.column > 0) json.member("column", place.column);
  if (place.end_column > 0) json.member("end_column", place.end_column);
  if (!place.sheet.empty()) json.member("sheet", place.sheet);
  if (!place.cell.empty()) json.member("cell", place.cell);
  json.end_object();
}

}  // namespace

std::string to_string(const Place& place) {
  std::string out = place.file;
  if (!place.sheet.empty()) out += "!" + place.sheet;
  if (!place.cell.empty()) out += "!" + place.cell;
  if (place.line > 0) {
    out += ":" + std::to_string(place.line);
    if (place.column > 0) out += ":" + std::to_string(place.column);
  }
  return out;
}

bool has_errors(const Diagnostics& diagnostics) { return count(diagnostics, Severity::Error) > 0; }

std::size_t count(const Diagnostics& diagnostics, Severity severity) {
  return static_cast<std::size_t>(std::count_if(diagnostics.begin(), diagnostics.end(),
                                                [&](const Diagnostic& d) { return d.severity == severity; }));
}

void sort_by_place(Diagnostics& diagnostics) {
  const auto key = [](const Diagnostic& d) {
    const auto [row, column] = row_and_column(d.place.cell);
    return std::make_tuple(std::cref(d.place.file), std::cref(d.place.sheet), d.place.line, row,
                           d.place.column, column);
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
}

std::string render(Diagnostics diagnostics, const SourceLine& source_line, const RenderOptions& options) {
  sort_by_place(diagnostics);
  const bool english = options.language == Language::English;
  std::string out;
  for (const Diagnostic& d : diagnostics) {
    std::string head = severity_word(d.severity, options.language) + std::string(" ") + d.code;
    if (options.colour) {
      const char* colour = d.severity == Severity::Error     ? "\033[1;31m"
                           : d.severity == Severity::Warning ? "\033[1;33m"
                                                             : "\033[1m";
      head = colour + head + "\033[0m";
    }
    const std::string place = to_string(d.place);
    out += (place.empty() ? "" : place + ": ") + head;
    if (!d.clause.empty()) out += english ? " [" + d.clause + "]" : "［" + d.clause + "］";
    out += " " + in_language(d.message, options.language) + "\n";
    if (d.place.line > 0 && d.place.column > 0 && source_line)
      if (const auto line = source_line(d.place.file, d.place.line))
        out += underlined(*line, d.place.column, d.place.end_column);
    for (const Related& related : d.related)
      out += "    " + to_string(related.place) + ": " + in_language(related.message, options.language) + "\n";
    if (!d.advice.empty())
      out += (english ? "    advice: " : "    建议：") + in_language(d.advice, options.language) + "\n";
  }
  return out;
}

std::string render_json(Diagnostics diagnostics, Language language) {
  sort_by_place(diagnostics);
  text::JsonWriter json;
  json.begin_object().key("diagnostics").begin_array();
  for (const Diagnostic& d : diagnostics) {
    json.begin_object().member("code", d.code).member("severity", severity_code(d.severity)).key("place");
    write_place(json, d.place);
    if (!d.clause.empty()) json.member("clause", d.clause);
    json.member("message", in_language(d.message, language));
    if (!d.advice.empty()) json.member("advice", in_language(d.advice, language));
    if (!d.related.empty()) {
      json.key("related").begin_array();
      for (const Related& related : d.related) {
        json.begin_object().key("place");
        write_place(json, related.place);
        json.member("message", in_language(related.message, language)).end_object();
      }
      json.end_array();
    }
    json.end_object();
  }
  return json.end_array().end_object().take();
}

SourceLine source_lines_from_disk() {
  auto files = std::make_shared<std::map<std::string, std::vector<std::string>>>();
  return [files](const std::string& file, int line) -> std::optional<std::string> {
    auto found = files->find(file);
    if (found == files->end()) {
      std::vector<std::string> lines;
      std::ifstream in(file, std::ios::binary);
      for (std::string text_line; std::getline(in, text_line);) {
        if (!text_line.empty() && text_line.back() == '\r') text_line.pop_back();
        if (lines.empty() && text_line.starts_with("\xEF\xBB\xBF"))
          text_line.erase(0, 3);  // no column counts the mark
        lines.push_back(std::move(text_line));
      }
      found = files->emplace(file, std::move(lines)).first;
    }
    if (line < 1 || static_cast<std::size_t>(line) > found->second.size()) return std::nullopt;
    return found->second[static_cast<std::size_t>(line) - 1];
  };
}

}  // namespace tenglong::diagnostic
