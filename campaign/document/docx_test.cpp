#include <expat.h>
#include <gtest/gtest.h>
#include <zip.h>

#include <map>

#include "campaign/document/paper.h"

namespace tenglong::document {
namespace {

using quantity::Decimal;

Paper a_paper() {
  return {.title = "定海区“腾笼换鸟”：目标进度通报",
          .opening = {"截至 2023-12-31，69 项。"},
          .sections = {{.title = "一、总体",
                        .paragraphs = {},
                        .table = Table{{{"章", 3}, {"项数", 1, Align::Right}},
                                       {{"三(一) 淘汰落后", "11"}, {"<&>", "−1.50"}}}},
                       {.title = "二、落后",
                        .paragraphs = {"没有落后的。",
                                       "a\x01"
                                       "b\nc"}}},
          .closing = "差目标值是差额占目标值的百分比。",
          .header = "样例数据",
          .footer = "快照 0123abcd"};
}

std::map<std::string, std::string> parts_of(std::string package) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* memory = zip_source_buffer_create(package.data(), package.size(), 0, &error);
  zip_t* zip = zip_open_from_source(memory, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  std::map<std::string, std::string> parts;
  if (zip == nullptr) return parts;
  for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); ++i) {
    zip_stat_t stat;
    zip_stat_index(zip, static_cast<zip_uint64_t>(i), 0, &stat);
    std::string bytes(stat.size, '\0');
    zip_file_t* file = zip_fopen_index(zip, static_cast<zip_uint64_t>(i), 0);
    zip_fread(file, bytes.data(), bytes.size());
    zip_fclose(file);
    parts[stat.name] = std::move(bytes);
  }
  zip_close(zip);
  return parts;
}

bool is_well_formed(const std::string& xml) {
  XML_Parser parser = XML_ParserCreate(nullptr);
  const bool is = XML_Parse(parser, xml.data(), static_cast<int>(xml.size()), 1) == XML_STATUS_OK;
  XML_ParserFree(parser);
  return is;
}

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++count;
  return count;
}

TEST(Document, IsAPackageWhosePartsAreXmlAndAreAllNamed) {
  const auto parts = parts_of(to_docx(a_paper()));
  ASSERT_EQ(parts.size(), 9u);
  for (const auto& [name, bytes] : parts) EXPECT_TRUE(is_well_formed(bytes)) << name << "\n" << bytes;
  const std::string& types = parts.at("[Content_Types].xml");
  for (const auto& [name, bytes] : parts)
    if (name.find(".rels") == std::string::npos && name[0] != '[')
      EXPECT_NE(types.find("\"/" + name + "\""), std::string::npos) << name;
}

TEST(Document, SaysEveryWordOnceInItsOrder) {
  const Paper paper = a_paper();
  const auto parts = parts_of(to_docx(paper));
  const std::string& body = parts.at("word/document.xml");
  std::size_t at = 0;
  for (const char* words :
       {"目标进度通报", "截至 2023-12-31，69 项。", "一、总体", ">章<", ">项数<", "三(一) 淘汰落后", ">11<",
        ">&lt;&amp;&gt;<", "−1.50", "二、落后", "没有落后的。", ">ab c<", "差目标值是差额"}) {
    const std::size_t found = body.find(words, at);
    EXPECT_NE(found, std::string::npos) << words;
    EXPECT_EQ(count_of(body, words), 1u) << words;
    at = found;
  }
  EXPECT_NE(parts.at("word/header.xml").find("样例数据"), std::string::npos);
  EXPECT_NE(parts.at("word/footer.xml").find("快照 0123abcd"), std::string::npos);
  EXPECT_NE(parts.at("word/footer.xml").find(" PAGE "), std::string::npos);
}

TEST(Document, PrintsOnA4WithTheHeadRowOnEveryPageAndNoRowCut) {
  const std::string body = parts_of(to_docx(a_paper())).at("word/document.xml");
  EXPECT_NE(body.find("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"), std::string::npos);
  EXPECT_EQ(count_of(body, "<w:tblHeader/>"), 1u);
  EXPECT_EQ(count_of(body, "<w:cantSplit/>"), count_of(body, "<w:tr>"));
}

TEST(Document, TheSamePaperIsTheSameBytes) { EXPECT_EQ(to_docx(a_paper()), to_docx(a_paper())); }

TEST(Document, WithoutAMarkThereIsNoHeader) {
  Paper paper = a_paper();
  paper.header = {};
  const auto parts = parts_of(to_docx(paper));
  EXPECT_EQ(parts.count("word/header.xml"), 0u);
  EXPECT_EQ(parts.at("word/document.xml").find("rIdHeader"), std::string::npos);
}

struct ShownCase {
  const char* number;
  std::optional<int> places;
  const char* shown;
};

TEST(Document, ShowsNumbersAsPeopleReadThem) {
  const ShownCase cases[] = {{"1234567.5", std::nullopt, "1,234,567.5"},
                             {"1234567.505", 2, "1,234,567.51"},
                             {"-1000", 2, "−1,000.00"},
                             {"-0.004", 2, "0.00"},
                             {"999.995", 2, "1,000.00"},
                             {"12", 2, "12.00"},
                             {"100", std::nullopt, "100"},
                             {"0", std::nullopt, "0"}};
  for (const ShownCase& c : cases) EXPECT_EQ(shown(*Decimal::parse(c.number), c.places), c.shown) << c.number;
}

}  // namespace
}  // namespace tenglong::document
