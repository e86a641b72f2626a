// Every fenced example of docs/pack-language.md, read as one pack: the page itself is its pack.md, and each
// fence of kind `markdown` is a file under the name it bears. What the page shows must be clean.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/pack/inside/draft.h"
#include "engine/pack/inside/markdown.h"
#include "engine/pack/pack.h"

namespace tenglong::pack {
namespace {

namespace fs = std::filesystem;

std::string told(const ReadPack& read) {
  return diagnostic::render(read.diagnostics, diagnostic::source_lines_from_disk(), {});
}

class Language : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("tenglong_pack_language_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    const fs::path pack = root_ / "dinghai-2021";
    fs::create_directories(pack);
    std::ifstream in(SOURCE_DIR "/docs/pack-language.md", std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    std::ofstream(pack / "pack.md", std::ios::binary) << page;
    for (const Part& part : parse_markdown(make_source_file("page", "page", page))) {
      if (part.kind != PartKind::Fence) continue;
      ++fences_;
      if (part.fence_word.starts_with("yaml ")) continue;
      ASSERT_TRUE(part.fence_word.starts_with("markdown "))
          << "line " << part.line << ": a fence that no test reads";
      const fs::path file = pack / part.fence_word.substr(9);
      fs::create_directories(file.parent_path());
      std::ofstream(file, std::ios::binary) << part.text;
    }
  }
  void TearDown() override { fs::remove_all(root_); }
  std::string at(const char* folder) const { return (root_ / folder).string(); }

  fs::path root_;
  int fences_ = 0;
};

TEST_F(Language, EveryExampleOfThePageIsRead) {
  const ReadPack read = read_pack(at("dinghai-2021"));
  EXPECT_TRUE(read.diagnostics.empty()) << told(read);
  ASSERT_TRUE(read.pack.has_value());
  EXPECT_GT(fences_, 25);
  EXPECT_EQ(read.pack->gaps().size(), 4u) << "two lines, the fund's share and the town's task";
  EXPECT_EQ(read.pack->indicator("单位排放增加值")->to_unit.factor, (quantity::Rational{10'000, 1}))
      << "万元/吨 to 元/吨";
  const Indicator* rank = read.pack->indicator("亩均税收镇街名次");
  ASSERT_NE(rank, nullptr);
  EXPECT_EQ(rank->as, Indicator::As::Rank);
  EXPECT_EQ(rank->first, Indicator::First::Highest);
  EXPECT_EQ(rank->within, std::vector<std::string>{"企业.镇街"});
  EXPECT_EQ(read.pack->indicator("税收占行业比重")->to_unit.factor, (quantity::Rational{100, 1}))
      << "a part of one to %";
  EXPECT_EQ(read.pack->indicator("名下用地")->through, "user_code");
  EXPECT_EQ(read.pack->indicator("全年累计产值")->through, "") << "by of";
  EXPECT_EQ(read.pack->schema.find_codes("town")->recognise("金塘管委会")->code, "330902100");
  EXPECT_EQ(read.pack->clause("三(一)3")->carries_out, std::vector<std::string>{"parameter 区级任务数"});
  EXPECT_EQ(read.pack->clause("三(一)3")->summary, "年度提标，任务分解到镇街平台，盘活地块逐宗计。");
  EXPECT_EQ(read.pack->parameter("区级任务数")->clause, "三(一)3·P18");
}

// The words of a table cell that are keys: lower-case ASCII outside brackets and code.
std::set<std::string> keys_in(const std::string& cell) {
  std::set<std::string> keys;
  std::string word;
  int depth = 0;
  for (const char c : cell + " ") {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (depth == 0 && ((c >= 'a' && c <= 'z') || c == '_')) {
      word += c;
    } else if (!word.empty()) {
      keys.insert(word);
      word.clear();
    }
  }
  return keys;
}

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word + " ";
  return out;
}

TEST_F(Language, TheTableOfKeysIsWhatTheReaderKnows) {
  Draft draft;
  ASSERT_TRUE(read_draft(draft, at("dinghai-2021"), {at("sample")}));
  std::map<std::string, std::set<std::string>> told;
  const std::string page_path = at("dinghai-2021") + "/pack.md";
  std::ifstream in(page_path, std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  for (const Part& part : parse_markdown(make_source_file("page", "page", page))) {
    if (part.kind != PartKind::Table || part.table.header.empty() || part.table.header[0].text != "kind")
      continue;
    for (const std::vector<Cell>& row : part.table.rows) {
      const std::string first = row[0].text.substr(0, row[0].text.find('('));
      for (const std::string& kind : keys_in(first)) told[kind].merge(keys_in(row[1].text));
    }
  }
  ASSERT_GT(told.size(), 15u);
  for (const auto& [kind, keys] : draft.findings.known_keys) {
    if (kind == "cuts" || kind == "otherwise") continue;  // their keys are names
    EXPECT_EQ(joined(told[kind]), joined(keys)) << kind;
  }
}

TEST_F(Language, TheRevisionOfThePageIsRead) {
  const ReadPack read = read_pack(at("dinghai-2021"), {at("sample"), at("revision")});
  EXPECT_TRUE(read.diagnostics.empty()) << told(read);
  ASSERT_TRUE(read.pack.has_value());
  EXPECT_EQ(read.pack->parameter("规下排查用地门槛")->rows.at(0).value->to_feel(), "5");
}

TEST_F(Language, TheOverlayOfThePageFillsItsGaps) {
  const ReadPack read = read_pack(at("dinghai-2021"), {at("sample")});
  EXPECT_TRUE(read.diagnostics.empty()) << told(read);
  ASSERT_TRUE(read.pack.has_value());
  EXPECT_EQ(read.pack->gaps().size(), 1u) << "the fund's share stays open";
  EXPECT_EQ(read.pack->parameter("区级任务数")->rows.at(0).mark, "样例参数");
}

}  // namespace
}  // namespace tenglong::pack
