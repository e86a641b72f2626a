#include "engine/sheet/inside/csv_workbook.h"
#include "engine/sheet/inside/sheet_rows.h"
#include "engine/sheet/writer.h"

namespace tenglong::sheet {
namespace {

void append_field(std::string& out, std::string_view text, OutCell::Kind kind) {
  // A program runs what begins like a formula, also from a file of plain text.
  const bool may_run = kind == OutCell::Kind::Text && may_be_run(text) && !is_stored_number(text);
  // ; and tabs are quoted too, so that no program takes them for separators.
  if (text.find_first_of(",;\t\"\r\n") == std::string_view::npos) {
    if (may_run) out += '\'';
    out += text;
    return;
  }
  out += '"';
  if (may_run) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

CsvWriter::CsvWriter(std::span<const OutColumn> columns) : out_("\xEF\xBB\xBF") {
  std::vector<OutCell> header;
  for (const OutColumn& column : columns) {
    std::string label;
    for (const std::string& level : column.header) label += (label.empty() ? "" : "/") + level;
    header.push_back(OutCell::of_text(std::move(label)));
  }
  if (!header.empty()) row(header);
}

void CsvWriter::row(std::span<const OutCell> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out_ += ',';
    const OutCell& cell = cells[i];
    append_field(out_, cell.kind == OutCell::Kind::Date ? cell.date.to_string() : cell.text, cell.kind);
  }
  out_ += "\r\n";
}

}  // namespace tenglong::sheet
