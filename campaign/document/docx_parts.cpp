#include "campaign/document/inside/docx_parts.h"

#include "engine/text/text.h"

namespace tenglong::document {
namespace {

constexpr const char* kHead = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
)";
constexpr const char* kRelations = "http://schemas.openxmlformats.org/package/2006/relationships";
constexpr const char* kOffice = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

std::string word_part(const char* element, const std::string& content) {
  return std::string(kHead) + "<w:" + element + " xmlns:w=\"" + kWord + "\">" + content + "</w:" + element +
         ">";
}

std::string fonts(const char* chinese) {
  return std::string(
             R"(<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman")") +
         " w:eastAsia=\"" + chinese + "\"/>";
}

// `half_points`: of the letters. `paragraph`: properties of paragraphs, in the order of the schema.
std::string style(const char* id, const char* name, const char* chinese, int half_points,
                  const std::string& paragraph, const char* letters = "") {
  const std::string size = std::to_string(half_points);
  return std::string("<w:style w:type=\"paragraph\" w:customStyle=\"") + (id[0] == 'P' ? "1" : "0") +
         "\" w:styleId=\"" + id + "\"><w:name w:val=\"" + name +
         "\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>" + paragraph + "</w:pPr><w:rPr>" +
         fonts(chinese) + letters + "<w:sz w:val=\"" + size + "\"/><w:szCs w:val=\"" + size +
         "\"/></w:rPr></w:style>";
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = text::next_code_point(text, at);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\n' || c == '\t' || c == '\r')
      out += ' ';
    else if (c >= ' ' && c != 0x7F && c != 0xFFFE && c != 0xFFFF)
      text::append_code_point(out, c);
  }
  return out;
}

std::string content_types(bool has_header) {
  const auto part = [](const char* name, const char* kind) {
    return std::string("<Override PartName=\"/word/") + name +
           ".xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml." + kind +
           "+xml\"/>";
  };
  return std::string(kHead) +
         "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
         "<Default Extension=\"rels\" "
         "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
         "<Default Extension=\"xml\" ContentType=\"application/xml\"/>" +
         part("document", "document.main") + part("styles", "styles") + part("fontTable", "fontTable") +
         part("footer", "footer") + (has_header ? part("header", "header") : "") +
         "<Override PartName=\"/docProps/core.xml\" "
         "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";
}

std::string package_relations() {
  return std::string(kHead) + "<Relationships xmlns=\"" + kRelations +
         "\"><Relationship Id=\"rId1\" Type=\"" + kOffice +
         "/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" "
         "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" "
         "Target=\"docProps/core.xml\"/></Relationships>";
}

std::string document_relations(bool has_header) {
  const auto relation = [](const char* id, const char* kind, const char* target) {
    return std::string("<Relationship Id=\"") + id + "\" Type=\"" + kOffice + "/" + kind + "\" Target=\"" +
           target + "\"/>";
  };
  return std::string(kHead) + "<Relationships xmlns=\"" + kRelations + "\">" +
         relation("rIdStyles", "styles", "styles.xml") + relation("rIdFonts", "fontTable", "fontTable.xml") +
         relation("rIdFooter", "footer", "footer.xml") +
         (has_header ? relation("rIdHeader", "header", "header.xml") : "") + "</Relationships>";
}

// GB/T 9704: title 2 号小标宋, heads 3 号黑体, body 3 号仿宋, lines of 28 points; tables smaller.
std::string styles() {
  const std::string lines = R"(<w:spacing w:line="560" w:lineRule="exact"/>)";
  return word_part(
      "styles",
      "<w:docDefaults><w:rPrDefault><w:rPr>" + fonts("仿宋") +
          R"(<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>)" +
          R"(<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:jc w:val="both"/></w:pPr></w:style>)" +
          style(
              "Title", "Title", "方正小标宋简体", 44,
              R"(<w:keepNext/><w:spacing w:after="320" w:line="640" w:lineRule="exact"/><w:jc w:val="center"/>)") +
          style("Heading1", "heading 1", "黑体", 32,
                "<w:keepNext/>" + lines +
                    R"(<w:ind w:firstLineChars="200" w:firstLine="640"/><w:outlineLvl w:val="0"/>)") +
          style("BodyText", "Body Text", "仿宋", 32,
                lines + R"(<w:ind w:firstLineChars="200" w:firstLine="640"/>)") +
          style("PTableHead", "Table Head", "黑体", 21, R"(<w:jc w:val="center"/>)") +
          style("PTableText", "Table Text", "仿宋", 21, R"(<w:jc w:val="left"/>)") +
          style("PTableFigure", "Table Figure", "仿宋", 21, R"(<w:jc w:val="right"/>)") +
          style("PNote", "Note", "仿宋", 21, R"(<w:spacing w:before="240"/>)") +
          style("Header", "header", "黑体", 28, R"(<w:jc w:val="right"/>)") +
          style("Footer", "footer", "仿宋", 18, R"(<w:jc w:val="center"/>)"));
}

std::string font_table() {
  const auto font = [](const char* name, const char* otherwise) {
    return std::string("<w:font w:name=\"") + name + "\"><w:altName w:val=\"" + otherwise +
           "\"/><w:charset w:val=\"86\"/></w:font>";
  };
  return word_part("fonts", font("仿宋", "仿宋_GB2312") + font("黑体", "SimHei") +
                                font("方正小标宋简体", "方正小标宋_GBK"));
}

std::string header(std::string_view text) {
  return word_part("hdr", R"(<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t xml:space="preserve">)" +
                              xml_text(text) + "</w:t></w:r></w:p>");
}

std::string footer(std::string_view text) {
  const std::string begin = R"(<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>)";
  const auto run = [](const std::string& content) {
    return R"(<w:r><w:t xml:space="preserve">)" + content + "</w:t></w:r>";
  };
  return word_part("ftr", begin + run("— ") +
                              R"(<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>)" +
                              run(" —") + "</w:p>" + begin + run(xml_text(text)) + "</w:p>");
}

std::string core_properties(std::string_view title, std::string_view language) {
  return std::string(kHead) +
         "<cp:coreProperties "
         "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
         "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>" +
         xml_text(title) + "</dc:title><dc:language>" + std::string(language) +
         "</dc:language></cp:coreProperties>";
}

}  // namespace tenglong::document
