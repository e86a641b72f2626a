// Goldens: every folder of golden/ is a small pack (pack/, beside it overlays and shared folders);
// expected.txt is what its author is told, in both languages. ACCEPT=1 rewrites them.
#include "engine/pack/pack.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/pack/contents.h"

namespace tenglong::pack {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

// Places in goldens are relative to the golden's own folder.
class InFolder {
 public:
  explicit InFolder(const fs::path& folder) : before_(fs::current_path()) { fs::current_path(folder); }
  ~InFolder() { fs::current_path(before_); }

 private:
  fs::path before_;
};

std::vector<std::string> overlays_here() {
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::directory_iterator("."))
    if (entry.is_directory() && entry.path().filename().string().starts_with("overlay"))
      found.push_back(entry.path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

// Feel's sentences are feel's to word; here only their code and place are held.
std::string told(ReadPack read) {
  for (diagnostic::Diagnostic& one : read.diagnostics)
    if (one.code.find("-FEEL-") != std::string::npos)
      one.message = {"（feel）", "(feel)"}, one.advice = {}, one.related.clear();
  std::string out = diagnostic::render(read.diagnostics, diagnostic::source_lines_from_disk(), {});
  out += "\n==== English ====\n" + diagnostic::render(read.diagnostics,
                                                      [](const std::string&, int) { return std::nullopt; },
                                                      {.language = text::Language::English});
  if (read.pack && !diagnostic::has_errors(read.diagnostics))
    out += "\n==== Contents ====\n" + render_contents(*read.pack) + "\n" +
           render_contents(*read.pack, text::Language::English) + "\n" + render_contents_json(*read.pack) +
           "\n";
  return out;
}

void compare(const std::string& actual, const fs::path& golden) {
  if (const char* accept = std::getenv("ACCEPT"); accept != nullptr && *accept == '1') {
    write(golden, actual);
    return;
  }
  const std::string expected = bytes_of(golden);
  if (actual == expected) return;
  const fs::path beside =
      fs::temp_directory_path() / ("pack_golden_" + golden.parent_path().filename().string() + ".txt");
  write(beside, actual);
  ADD_FAILURE() << "differs: diff " << golden << " " << beside;
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(ROOM_DIR "/golden"))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Goldens, EveryMistakeIsToldAtItsPlace) {
  const std::vector<std::string> names = golden_names();
  ASSERT_FALSE(names.empty());
  for (const std::string& name : names) {
    const fs::path folder = fs::path(ROOM_DIR "/golden") / name;
    const InFolder here(folder);
    compare(told(read_pack("pack", overlays_here())), folder / "expected.txt");
  }
}

std::set<std::string> codes_in(const std::string& text) {
  std::set<std::string> codes;
  for (std::size_t at = text.find("-PACK-"); at != std::string::npos; at = text.find("-PACK-", at + 1))
    if (at > 0 && (text[at - 1] == 'E' || text[at - 1] == 'W') && at + 9 <= text.size() &&
        std::isdigit(static_cast<unsigned char>(text[at + 6])))
      codes.insert(text.substr(at - 1, 10));
  return codes;
}

TEST(Codes, EveryCodeIsInAGoldenAndExplained) {
  std::set<std::string> raised, shown;
  for (const fs::directory_entry& entry : fs::directory_iterator(ROOM_DIR))
    if (entry.path().extension() == ".cpp" && !entry.path().filename().string().ends_with("_test.cpp"))
      raised.merge(codes_in(bytes_of(entry.path())));
  for (const std::string& name : golden_names())
    shown.merge(codes_in(bytes_of(fs::path(ROOM_DIR "/golden") / name / "expected.txt")));
  for (const char* file : {"/written_test.cpp", "/decision_text_test.cpp"})  // what a form is told
    shown.merge(codes_in(bytes_of(std::string(ROOM_DIR) + file)));
  const std::string explained = bytes_of(SOURCE_DIR "/docs/errors/pack.md");
  ASSERT_GT(raised.size(), 30u);
  for (const std::string& code : raised) {
    EXPECT_TRUE(shown.count(code) == 1) << code << " is in no golden";
    EXPECT_NE(explained.find("### " + code + " "), std::string::npos)
        << code << " is not explained in docs/errors/pack.md";
  }
}

const Pack& clean() {
  static const ReadPack read = [] {
    const InFolder here(ROOM_DIR "/golden/clean");
    return read_pack("pack");
  }();
  return *read.pack;
}

TEST(Pack, IndicatorsComeInTheOrderOfTheirNeeds) {
  std::string order;
  for (const Indicator& one : clean().indicators) order += one.name + " ";
  EXPECT_EQ(order, "亩均税收 低效 ") << "低效 is written first and needs 亩均税收";
}

TEST(Pack, LookupTellsAGapFromAValueFromNothing) {
  const Parameter& line = *clean().parameter("认定线");
  const calendar::Date on{2023, 12, 31};
  ASSERT_NE(lookup(line, {feel::Value("园区外"), feel::Value(2023)}, on), nullptr);
  EXPECT_EQ(lookup(line, {feel::Value("园区外"), feel::Value(2023)}, on)->value->to_feel(), "5");
  ASSERT_NE(lookup(line, {feel::Value("园区外"), feel::Value(2022)}, on), nullptr);
  EXPECT_FALSE(lookup(line, {feel::Value("园区外"), feel::Value(2022)}, on)->value.has_value())
      << "declared, unpublished";
  EXPECT_EQ(lookup(line, {feel::Value("园区内"), feel::Value(2023)}, on), nullptr) << "never declared";
}

TEST(Pack, DatedValuesHoldFromTheirDay) {
  Parameter line;
  line.rows = {{.from = calendar::Date{2021, 1, 1}, .value = feel::Value(3)},
               {.from = calendar::Date{2022, 7, 1}, .value = feel::Value(4)}};
  EXPECT_EQ(lookup(line, {}, {2020, 12, 31}), nullptr) << "before the first";
  EXPECT_EQ(lookup(line, {}, {2022, 6, 30})->value->to_feel(), "3") << "the day before";
  EXPECT_EQ(lookup(line, {}, {2022, 7, 1})->value->to_feel(), "4") << "the very day";
}

TEST(Pack, GapsNameTheirQuestionAndWhoIsAsked) {
  const std::vector<Gap> gaps = clean().gaps();
  ASSERT_EQ(gaps.size(), 5u);
  EXPECT_EQ(gaps[0].waiting, std::vector<std::string>{"indicator 低效"});
  EXPECT_EQ(gaps[0].row, "范围 \"园区外\"，年度 2022");
  EXPECT_EQ(gaps[0].clause, "二·P09");
  EXPECT_EQ(gaps[0].question, "Q01");
  EXPECT_EQ(gaps[0].asked_of, "区经信局");
}

// A folder of its own for each test, gone afterwards.
class Scratch {
 public:
  Scratch()
      : path_(fs::temp_directory_path() / ("tenglong_pack_" + std::to_string(::getpid()) + "_" +
                                           ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Scratch() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(Overlay, FillsTheGapAndMarksIt) {
  const Scratch scratch;
  fs::copy(ROOM_DIR "/golden/clean/pack", scratch.path() / "trial", fs::copy_options::recursive);
  write(scratch.path() / "sample" / "pack.md",
        "```yaml pack\nid: sample\nname: 样例\noverlays: trial\nmark: 样例参数（试）\n```\n\n```yaml "
        "fill\nparameter: 认定线\n```\n\n"
        "| 范围 | 年度 | 值 |\n|---|---|---|\n| \"园区外\" | 2022 | 4.5 |\n");
  const ReadPack plain = read_pack((scratch.path() / "trial").string());
  const ReadPack filled =
      read_pack((scratch.path() / "trial").string(), {(scratch.path() / "sample").string()});
  ASSERT_TRUE(filled.diagnostics.empty()) << told(filled);
  EXPECT_EQ(filled.pack->gaps().size(), 4u) << "the rows that the overlay says nothing of stay gaps";
  const ParameterRow& row =
      *lookup(*filled.pack->parameter("line"), {feel::Value("园区外"), feel::Value(2022)}, {2022, 12, 31});
  EXPECT_EQ(row.value->to_feel(), "4.5");
  EXPECT_EQ(row.mark, "样例参数（试）");
  EXPECT_NE(plain.pack->fingerprint, filled.pack->fingerprint);

  // What is published afterwards takes the sample's place, and no other published value's.
  for (const char* name : {"published", "again"})
    write(
        scratch.path() / name / "pack.md",
        "```yaml pack\nid: filled\nname: 补值\noverlays: trial\npublished: true\n```\n\n```yaml "
        "fill\nparameter: 认定线\n```\n\n"
        "| 范围 | 年度 | 值 | 出处 |\n|---|---|---|---|\n| \"园区外\" | 2022 | 5 | 样例文件〔2024〕1号 |\n");
  const auto overlay = [&](const char* name) { return (scratch.path() / name).string(); };
  const ReadPack published = read_pack(overlay("trial"), {overlay("sample"), overlay("published")});
  ASSERT_TRUE(published.diagnostics.empty()) << told(published);
  const ParameterRow& held =
      *lookup(*published.pack->parameter("line"), {feel::Value("园区外"), feel::Value(2022)}, {2022, 12, 31});
  EXPECT_EQ(held.value->to_feel(), "5");
  EXPECT_EQ(held.mark, "");
  const ReadPack twice =
      read_pack(overlay("trial"), {overlay("sample"), overlay("published"), overlay("again")});
  EXPECT_NE(told(twice).find("E-PACK-217"), std::string::npos) << told(twice);
}

// A later document says blocks anew: they stand in the place of the old ones, under the same clause.
TEST(Overlay, ARevisionTakesThePlaceOfBlocks) {
  const Scratch scratch;
  fs::copy(ROOM_DIR "/golden/clean/pack", scratch.path() / "trial", fs::copy_options::recursive);
  const auto overlay = [&](const char* name) { return (scratch.path() / name).string(); };
  const std::string head = "```yaml pack\nid: revision_1\nname: 修订\nrevises: trial\n```\n\n";
  write(scratch.path() / "revision" / "pack.md",
        head +
            "```yaml parameter\nid: line\nname: 认定线\nnumber: P09\nunit: 万元/亩\nkeys: [范围, "
            "年度]\nsource: "
            "样例文件〔2024〕1号\n```\n\n"
            "| 范围 | 年度 | 值 |\n|---|---|---|\n| \"园区外\" | 2022 | 4.5 |\n| \"园区外\" | 2023 | 6 |\n");
  write(scratch.path() / "filled" / "pack.md",
        "```yaml pack\nid: filled\nname: 补值\noverlays: trial\npublished: true\n```\n\n```yaml "
        "fill\nparameter: 认定线\n```\n\n"
        "| 范围 | 年度 | 值 | 出处 |\n|---|---|---|---|\n| \"园区外\" | 2022 | 5 | 样例文件〔2023〕1号 |\n");
  const ReadPack plain = read_pack(overlay("trial"));
  const ReadPack revised = read_pack(overlay("trial"), {overlay("filled"), overlay("revision")});
  ASSERT_FALSE(diagnostic::has_errors(revised.diagnostics)) << told(revised);
  const Parameter& line = *revised.pack->parameter("line");
  EXPECT_EQ(lookup(line, {feel::Value("园区外"), feel::Value(2023)}, {2023, 12, 31})->value->to_feel(), "6");
  EXPECT_EQ(lookup(line, {feel::Value("园区外"), feel::Value(2022)}, {2022, 12, 31})->value->to_feel(), "4.5")
      << "a later document, not what was filled before it";
  EXPECT_EQ(line.clause, plain.pack->parameter("line")->clause);
  EXPECT_EQ(revised.pack->parameters.size(), plain.pack->parameters.size());
  EXPECT_NE(revised.pack->fingerprint, plain.pack->fingerprint);

  write(scratch.path() / "wrong" / "pack.md",
        head +
            "```yaml parameter\nid: lime\nname: 界线\nsource: Q01\nvalue: 1\n```\n\n```yaml register\nid: "
            "enterprise\nname: 企业\n```\n");
  const std::string both = told(read_pack(overlay("trial"), {overlay("wrong")}));
  EXPECT_NE(both.find("E-PACK-126"), std::string::npos) << both;
  EXPECT_NE(both.find("E-PACK-119"), std::string::npos) << both;
}

TEST(Reading, LineEndsAndByteOrderMarksOfOtherEditorsChangeNothing) {
  const Scratch scratch;
  for (const char* name : {"pack.md", "02-规则.md"}) {
    std::string bytes = "\xEF\xBB\xBF";
    for (const char c : bytes_of(fs::path(ROOM_DIR "/golden/clean/pack") / name))
      bytes += c == '\n' ? std::string("\r\n") : std::string(1, c);
    write(scratch.path() / name, bytes);
  }
  const ReadPack read = read_pack(scratch.path().string());
  ASSERT_TRUE(read.diagnostics.empty()) << told(read);
  EXPECT_EQ(read.pack->indicators.size(), clean().indicators.size());
  EXPECT_EQ(read.pack->parameter("认定线")->rows.size(), 6u);
}

// Whatever an author leaves out or has not typed yet is told or accepted; nothing stops the reading of the
// rest.
TEST(Reading, APageWithAnyLineMissingOrCutIsStillRead) {
  const Scratch scratch;
  const std::string page = bytes_of(SOURCE_DIR "/docs/pack-language.md");
  std::vector<std::size_t> ends;
  for (std::size_t at = page.find('\n'); at != std::string::npos; at = page.find('\n', at + 1))
    ends.push_back(at + 1);
  ASSERT_GT(ends.size(), 300u);
  for (std::size_t line = 1; line < ends.size(); line += 5) {
    const std::size_t begin = ends[line - 1];
    const std::string without = page.substr(0, begin) + page.substr(ends[line]);
    const std::string cut = page.substr(0, begin + (ends[line] - begin) / 2);
    for (const std::string& bytes : {without, cut}) {
      write(scratch.path() / "pack.md", bytes);
      const ReadPack read = read_pack(scratch.path().string());
      for (const diagnostic::Diagnostic& one : read.diagnostics) {
        EXPECT_FALSE(one.message.zh.empty() || one.message.en.empty()) << one.code;
        EXPECT_FALSE(one.place.file.empty()) << one.code << " " << one.message.zh;
      }
    }
  }
}

TEST(Overlay, IsNoPackByItself) {
  const InFolder here(ROOM_DIR "/golden/overlay");
  const ReadPack read = read_pack("overlay-other");
  EXPECT_FALSE(read.pack.has_value());
  ASSERT_EQ(read.diagnostics.size(), 1u) << told(read);
  EXPECT_EQ(read.diagnostics[0].code, "E-PACK-121");
}

TEST(Pack, AFolderOfSharedTablesMayBeCheckedByItself) {
  const InFolder here(ROOM_DIR "/golden/overlay");
  const ReadPack read = read_pack("shared");
  EXPECT_TRUE(read.diagnostics.empty()) << told(read);
  EXPECT_EQ(read.pack->outside_clauses, std::vector<std::string>{"codes 评价等级"});
}

TEST(Fingerprint, DependsOnTextAndNamesAndNotOnWhereTheFolderLies) {
  const Scratch scratch;
  for (const char* place : {"a", "b", "c", "d"}) {
    fs::create_directories(scratch.path() / place);
    fs::copy(ROOM_DIR "/golden/clean/pack", scratch.path() / place / "pack", fs::copy_options::recursive);
  }
  write(scratch.path() / "c" / "pack" / "pack.md",
        bytes_of(scratch.path() / "c" / "pack" / "pack.md") + "\n");
  fs::rename(scratch.path() / "d" / "pack" / "02-规则.md", scratch.path() / "d" / "pack" / "03-规则.md");
  auto print = [&](const char* place) {
    return read_pack((scratch.path() / place / "pack").string()).pack->fingerprint;
  };
  EXPECT_EQ(print("a"), print("b"));
  EXPECT_EQ(print("a").size(), 64u);
  EXPECT_NE(print("a"), print("c")) << "one more line end";
  EXPECT_NE(print("a"), print("d")) << "another file name";
}

}  // namespace
}  // namespace tenglong::pack
