#include <algorithm>

#include "campaign/view/view.h"

namespace tenglong::view {

namespace {

std::string heading(const Column& column, Language language) {
  const std::string& label = in_language(column.label, language);
  return column.unit.empty() ? label : label + "（" + column.unit + "）";
}

// A Markdown cell must not end the cell or the row.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|')
      out += "\\|";
    else if (c == '\n')
      out += ' ';
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string render_terminal(const Table& table, Language language, std::size_t most_rows) {
  std::string out = in_language(table.title, language) + "\n";
  if (!table.sentence.empty()) out += in_language(table.sentence, language) + "\n";
  const std::size_t shown = std::min(most_rows, table.rows.size());
  std::vector<std::size_t> width(table.columns.size());
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    width[c] = text::cell_width(heading(table.columns[c], language));
    for (std::size_t r = 0; r < shown; ++r) width[c] = std::max(width[c], text::cell_width(table.rows[r][c]));
    if (!table.totals.empty()) width[c] = std::max(width[c], text::cell_width(table.totals[c]));
  }
  const auto line = [&](const auto& cell_of) {
    std::string text_line;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (c > 0) text_line += "  ";
      const std::string cell = cell_of(c);
      text_line += table.columns[c].align == Align::Right ? text::pad_left(cell, width[c])
                                                          : text::pad_right(cell, width[c]);
    }
    while (!text_line.empty() && text_line.back() == ' ') text_line.pop_back();
    out += text_line + "\n";
  };
  std::size_t full = table.columns.empty() ? 0 : 2 * (table.columns.size() - 1);
  for (const std::size_t w : width) full += w;
  if (!table.columns.empty()) {
    line([&](std::size_t c) { return heading(table.columns[c], language); });
    out += std::string(full, '-') + "\n";
    for (std::size_t r = 0; r < shown; ++r) line([&](std::size_t c) { return table.rows[r][c]; });
    if (!table.totals.empty()) {
      out += std::string(full, '-') + "\n";
      line([&](std::size_t c) { return table.totals[c]; });
    }
  }
  if (shown < table.rows.size())
    out += language == Language::English ? "... " + std::to_string(table.rows.size() - shown) + " more rows\n"
                                         : "……另有 " + std::to_string(table.rows.size() - shown) + " 行\n";
  for (const Words& note : table.notes)
    out += (language == Language::English ? "Note: " : "注：") + in_language(note, language) + "\n";
  return out;
}

std::string render_markdown(const Table& table, Language language) {
  std::string out = "## " + in_language(table.title, language) + "\n\n";
  if (!table.sentence.empty()) out += in_language(table.sentence, language) + "\n\n";
  if (!table.columns.empty()) {
    std::string rule = "|";
    out += "|";
    for (const Column& column : table.columns) {
      out += " " + escaped(heading(column, language)) + " |";
      rule += column.align == Align::Right ? "---:|" : "---|";
    }
    out += "\n" + rule + "\n";
    const auto row_of = [&](const std::vector<std::string>& cells) {
      out += "|";
      for (const std::string& cell : cells) out += " " + escaped(cell) + " |";
      out += "\n";
    };
    for (const auto& row : table.rows) row_of(row);
    if (!table.totals.empty()) row_of(table.totals);
    out += "\n";
  }
  for (const Words& note : table.notes)
    out += (language == Language::English ? "Note: " : "注：") + in_language(note, language) + "\n\n";
  return out;
}

}  // namespace tenglong::view
