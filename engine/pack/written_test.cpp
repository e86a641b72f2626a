// A form writes the text: what it changes reads back, and nothing else of the block moves.
#include "engine/pack/written.h"

#include <gtest/gtest.h>

#include "engine/pack/pack.h"

namespace tenglong::pack {
namespace {

const char* const kScheme =
    "```yaml scheme\n"
    "id: trial   # 年年一样\n"
    "name: 试评\n"
    "of: enterprise_year\n"
    "due: 规上\n"
    "items:\n"
    "  - {indicator: 亩均税收, weight: 30, base: 24.097}   # 黄岩的基准\n"
    "  # 这一项连年不变\n"
    "  - {indicator: '亩均增加值', weight: 70, base: \"136.16\", missing: group_mean}\n"
    "item_cap: 1.5 * 权重\n"
    "cuts: {A: 20, B: 65, C: 95, D: 100}\n"
    "adjust: [加分项, 扣分项]\n"
    "rounding: {places: 6, mode: half_up}\n"
    "source: 缺省，待确认\n"
    "note: |\n"
    "  两行\n"
    "  说明\n"
    "```\n";
const char* const kTable =
    "```yaml parameter\n"
    "id: line\n"
    "name: 认定线\n"
    "keys: [范围]\n"
    "source: Q01\n"
    "```\n"
    "\n"
    "| 范围 | 值 | 说明 |\n"
    "|---|---|---|\n"
    "| \"园区外\" | 5 | 甲\\|乙 |\n"
    "| \"园区内\" | `> 8` | |\n";

struct Change {
  const char* what;
  const char* text;
  const char* path;
  const char* value;
  const char* before;  // what is written now, and what will be in its place
  const char* after;
};
const Change kChanges[] = {
    {"a weight", kScheme, "/items/0/weight", "35", "weight: 30, base: 24", "weight: 35, base: 24"},
    {"in single quotes", kScheme, "/items/1/base", "上期.均值", "\"136.16\"", "\"上期.均值\""},
    {"a value that flow must quote", kScheme, "/items/0/base", "min(甲, 乙)", "24.097}", "'min(甲, 乙)'}"},
    {"a cut", kScheme, "/cuts/B", "70", "B: 65", "B: 70"},
    {"a test of the score", kScheme, "/cuts/A", ">= 90", "A: 20", "A: '>= 90'"},
    {"a list of words", kScheme, "/adjust", "加分项、安全、a, b", "[加分项, 扣分项]",
     "[加分项, 安全, 'a, b']"},
    {"a key that was not there", kScheme, "/items/0/missing", "group_mean", "base: 24.097}",
     "base: 24.097, missing: group_mean}"},
    {"a key of the block that was not there", kScheme, "/veto", "一票否决", "  说明\n```",
     "  说明\nveto: 一票否决\n```"},
    {"a key taken away", kScheme, "/items/1/missing", "", ", missing: group_mean}", "}"},
    {"the first key of a map taken away", kScheme, "/cuts/A", "", "{A: 20, B", "{B"},
    {"a line taken away", kScheme, "/item_cap", "", "item_cap: 1.5 * 权重\n", ""},
    {"a colon and a blank", kScheme, "/source", "甲: 乙", "缺省，待确认", "'甲: 乙'"},
    {"a comment sign", kScheme, "/due", "规上 #1", "due: 规上", "due: '规上 #1'"},
    {"a cell", kTable, "/table/0/1", "6", "| 5 |", "| 6 |"},
    {"a cell in code", kTable, "/table/1/1", "> 9", "`> 8`", "`> 9`"},
    {"a bar in a cell", kTable, "/table/0/2", "丙|丁", "甲\\|乙", "丙\\|丁"},
    {"an empty cell", kTable, "/table/1/2", "注", "`> 8` | |", "`> 8` | 注 |"},
};

TEST(Written, OneChangeIsOneChange) {
  for (const Change& one : kChanges) {
    std::string expected = one.text;
    const std::size_t at = expected.find(one.before);
    ASSERT_NE(at, std::string::npos) << one.what;
    expected.replace(at, std::string(one.before).size(), one.after);
    const Rewritten done = with_value(one.text, one.path, one.value);
    ASSERT_TRUE(done.is_done()) << one.what << done.refused_because.front().message.en;
    EXPECT_EQ(done.text, expected) << one.what;
  }
}

TEST(Written, WhatAFormCannotChangeIsSaid) {
  for (const auto& [what, text, path, value] :
       {std::tuple("a value on several lines", kScheme, "/note", "一行"),
        std::tuple("a name that others use", kScheme, "/name", "别名"),
        std::tuple("a line break", kScheme, "/due", "规上\n规下"),
        std::tuple("no such item", kScheme, "/items/9/weight", "1"),
        std::tuple("no such row", kTable, "/table/7/1", "1"),
        std::tuple("a backquote in a cell", kTable, "/table/0/1", "`5`"),
        std::tuple("no path", kTable, "", "1"), std::tuple("a key of two lines", kScheme, "/a\nb", "1"),
        std::tuple("no such map", kScheme, "/none/of", "1")}) {
    const Rewritten done = with_value(text, path, value);
    ASSERT_EQ(done.refused_because.size(), 1u) << what;
    EXPECT_EQ(done.refused_because.front().code, "E-PACK-127") << what;
    EXPECT_FALSE(done.refused_because.front().advice.zh.empty()) << what;
  }
}

TEST(Written, RowsComeAndGoWholeAndAlone) {
  const Rewritten more = with_row_after(kScheme, "/items", 0);
  ASSERT_TRUE(more.is_done());
  const Outline grown = outline_of(more.text);
  ASSERT_EQ(grown.grids.at(0).rows.size(), 3u);
  EXPECT_EQ(grown.grids.at(0).rows[1][0].value, "亩均税收");
  EXPECT_EQ(without_row(more.text, "/items", 1).text, kScheme);
  EXPECT_EQ(without_row(with_row_after(kTable, "/table", 1).text, "/table", 2).text, kTable);
  EXPECT_FALSE(without_row(without_row(kTable, "/table", 0).text, "/table", 0).is_done())
      << "the last row stays";
  EXPECT_FALSE(with_row_after(kTable, "/items", 0).is_done());
}

// Of every block of the shipped packs: writing a value back changes nothing; writing another changes its
// place alone, and it reads back.
TEST(WrittenLaws, EveryValueOfEveryPackWritesItselfBack) {
  std::size_t slots = 0;
  const auto hold = [&](const Block& block) {
    const std::string text = written_at(block.place);
    const Outline outline = outline_of(text);
    ASSERT_TRUE(outline.told.empty()) << block.id;
    EXPECT_EQ(outline.id, block.id);
    std::vector<Slot> all = outline.fields;
    for (const SlotGrid& grid : outline.grids)
      for (const std::vector<Slot>& row : grid.rows) all.insert(all.end(), row.begin(), row.end());
    const auto value_at = [](const std::string& of, const std::string& path) {
      const Outline again = outline_of(of);
      for (const Slot& slot : again.fields)
        if (slot.path == path) return slot.value;
      for (const SlotGrid& grid : again.grids)
        for (const std::vector<Slot>& row : grid.rows)
          for (const Slot& slot : row)
            if (slot.path == path) return slot.value;
      return std::string("nothing");
    };
    for (const Slot& slot : all) {
      if (slot.is_fixed || !slot.is_written) continue;
      ++slots;
      EXPECT_EQ(with_value(text, slot.path, slot.value).text, text) << block.id << slot.path;
      const std::string other = "甲: [乙, 丙] #'丁'";
      const Rewritten done = with_value(text, slot.path, other);
      ASSERT_TRUE(done.is_done()) << block.id << slot.path;
      EXPECT_EQ(value_at(done.text, slot.path), other) << block.id << slot.path << done.text;
      std::size_t same = 0;
      while (same < text.size() && text[same] == done.text[same]) ++same;
      std::size_t tail = 0;
      while (tail < text.size() - same && tail < done.text.size() - same &&
             text[text.size() - 1 - tail] == done.text[done.text.size() - 1 - tail])
        ++tail;
      EXPECT_LE(text.size() - same - tail, slot.value.size() + 24) << block.id << slot.path;
      EXPECT_EQ(with_value(done.text, slot.path, slot.value).is_done(), true);
      EXPECT_EQ(value_at(with_value(done.text, slot.path, slot.value).text, slot.path), slot.value);
    }
  };
  for (const char* name : {"dinghai-2021", "huangyan-2021", "huangyan-2022"}) {
    const ReadPack read = read_pack(std::string(SOURCE_DIR "/packs/") + name);
    ASSERT_TRUE(read.pack.has_value());
    for (const auto& one : read.pack->schemes) hold(one);
    for (const auto& one : read.pack->parameters) hold(one);
    for (const auto& one : read.pack->decisions) hold(one);
    for (const auto& one : read.pack->targets) hold(one);
    for (const auto& one : read.pack->collections) hold(one);
    for (const auto& one : read.pack->rosters) hold(one);
  }
  EXPECT_GT(slots, 800u);
}

}  // namespace
}  // namespace tenglong::pack
