#include <zip.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "campaign/document/inside/docx_parts.h"
#include "campaign/document/paper.h"
#include "engine/text/ensure.h"

namespace tenglong::document {
namespace {

constexpr int kInnerWidth = 8844;  // of an A4 page between its margins, in twentieths of a point

std::string paragraph(const char* style, std::string_view text) {
  return std::string("<w:p><w:pPr><w:pStyle w:val=\"") + style +
         "\"/></w:pPr><w:r><w:t xml:space=\"preserve\">" + xml_text(text) + "</w:t></w:r></w:p>";
}

std::vector<int> widths_of(const Table& table) {
  int shares = 0;
  for (const Column& column : table.columns) shares += column.share;
  std::vector<int> out;
  for (const Column& column : table.columns) out.push_back(kInnerWidth * column.share / shares);
  return out;
}

std::string cell(int width, const std::string& content) {
  return "<w:tc><w:tcPr><w:tcW w:w=\"" + std::to_string(width) +
         "\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>" + content + "</w:tc>";
}

std::string rows_of(const Table& table) {
  ensure(!table.columns.empty(), "a table has columns");
  const std::vector<int> widths = widths_of(table);
  std::string out =
      "<w:tbl><w:tblPr><w:tblW w:w=\"" + std::to_string(kInnerWidth) + "\" w:type=\"dxa\"/><w:tblBorders>";
  for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"})
    out += std::string("<w:") + side + " w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>";
  out +=
      "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"57\" w:type=\"dxa\"/>"
      "<w:right w:w=\"57\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>";
  for (const int width : widths) out += "<w:gridCol w:w=\"" + std::to_string(width) + "\"/>";
  out += "</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>";
  for (std::size_t i = 0; i < widths.size(); ++i)
    out += cell(widths[i], paragraph("PTableHead", table.columns[i].head));
  out += "</w:tr>";
  for (const std::vector<std::string>& row : table.rows) {
    ensure(row.size() == widths.size(), "a row has a text for each column");
    out += "<w:tr><w:trPr><w:cantSplit/></w:trPr>";
    for (std::size_t i = 0; i < widths.size(); ++i)
      out += cell(widths[i],
                  paragraph(table.columns[i].align == Align::Right ? "PTableFigure" : "PTableText", row[i]));
    out += "</w:tr>";
  }
  return out + "</w:tbl>";
}

std::string body_of(const Paper& paper) {
  std::string out =
      R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w=")" +
      std::string(kWord) +
      R"(" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>)";
  out += paragraph("Title", paper.title);
  for (const std::string& each : paper.opening) out += paragraph("BodyText", each);
  for (const Section& section : paper.sections) {
    out += paragraph("Heading1", section.title);
    for (const std::string& each : section.paragraphs) out += paragraph("BodyText", each);
    if (section.table) out += rows_of(*section.table);
  }
  if (!paper.closing.empty()) out += paragraph("PNote", paper.closing);
  out += "<w:sectPr>";
  if (!paper.header.empty()) out += R"(<w:headerReference w:type="default" r:id="rIdHeader"/>)";
  // A4; margins of GB/T 9704: 37, 26, 35, 28 mm.
  out +=
      R"(<w:footerReference w:type="default" r:id="rIdFooter"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>)";
  return out;
}

using Part = std::pair<std::string, std::string>;

// Parts are stored with one date, so that the same paper is the same bytes.
std::string zipped(const std::vector<Part>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> memory(
      zip_source_buffer_create(nullptr, 0, 0, &error), zip_source_free);
  if (!memory) throw std::runtime_error("no memory for a package");
  zip_source_keep(memory.get());
  zip_t* zip = zip_open_from_source(memory.get(), ZIP_TRUNCATE, &error);
  if (zip == nullptr) {
    zip_source_free(memory.get());
    throw std::runtime_error("no package can be made");
  }
  constexpr time_t kOneDate = 315619200;  // 1980-01-02, in any time zone a day that packages know
  for (const auto& [name, bytes] : parts) {
    zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
    const zip_int64_t at = source == nullptr ? -1 : zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (at < 0 || zip_file_set_mtime(zip, static_cast<zip_uint64_t>(at), kOneDate, 0) != 0) {
      if (at < 0 && source != nullptr) zip_source_free(source);
      zip_discard(zip);
      throw std::runtime_error("a part cannot be added to a package");
    }
  }
  if (zip_close(zip) != 0) {
    zip_discard(zip);
    throw std::runtime_error("a package cannot be written");
  }
  if (zip_source_open(memory.get()) != 0) throw std::runtime_error("a package cannot be read back");
  zip_source_seek(memory.get(), 0, SEEK_END);
  std::string out(static_cast<std::size_t>(zip_source_tell(memory.get())), '\0');
  zip_source_seek(memory.get(), 0, SEEK_SET);
  const zip_int64_t read = zip_source_read(memory.get(), out.data(), out.size());
  zip_source_close(memory.get());
  if (read != static_cast<zip_int64_t>(out.size())) throw std::runtime_error("a package cannot be read back");
  return out;
}

}  // namespace

std::string to_docx(const Paper& paper) {
  const bool has_header = !paper.header.empty();
  std::vector<Part> parts = {
      {"[Content_Types].xml", content_types(has_header)},
      {"_rels/.rels", package_relations()},
      {"word/document.xml", body_of(paper)},
      {"word/_rels/document.xml.rels", document_relations(has_header)},
      {"word/styles.xml", styles()},
      {"word/fontTable.xml", font_table()},
      {"word/footer.xml", footer(paper.footer)},
      {"docProps/core.xml",
       core_properties(paper.title, paper.language == text::Language::English ? "en" : "zh-CN")}};
  if (has_header) parts.emplace_back("word/header.xml", header(paper.header));
  return zipped(parts);
}

std::string shown(quantity::Decimal value, std::optional<int> places) {
  std::string digits = places ? value.to_fixed(*places) : value.to_string();
  const bool is_negative = digits[0] == '-' && digits.find_first_of("123456789") != std::string::npos;
  if (digits[0] == '-') digits.erase(0, 1);
  for (std::size_t at = std::min(digits.find('.'), digits.size()); at > 3;) digits.insert(at -= 3, ",");
  return (is_negative ? "−" : "") + digits;
}

}  // namespace tenglong::document
