#include "engine/text/text.h"
#include "engine/text/shared.h"

#include <gtest/gtest.h>

#include "engine/text/ensure.h"
#include "engine/text/json_writer.h"

namespace tenglong::text {
namespace {

TEST(Ensure, SaysWhereAndWhat) {
#ifndef TENGLONG_DEBUG
  try {
    ensure(false, "one is two");
    FAIL() << "ensure(false) returned";
  } catch (const Bug& bug) {
    EXPECT_NE(std::string(bug.what()).find("text_test.cpp"), std::string::npos);
    EXPECT_NE(std::string(bug.what()).find("one is two"), std::string::npos);
  }
#endif
  EXPECT_NO_THROW(ensure(true, "one is one"));
}

struct Utf8Case {
  const char* what;
  std::string bytes;
  bool valid;
  std::size_t code_points;
};
const Utf8Case kUtf8[] = {
    {"empty", "", true, 0},
    {"ASCII", "abc", true, 3},
    {"Chinese", "亩均税收", true, 4},
    {"beyond the BMP", "𠮷野", true, 2},
    {"the last code point", "\xF4\x8F\xBF\xBF", true, 1},
    {"beyond the last", "\xF4\x90\x80\x80", false, 4},
    {"overlong slash", "\xC0\xAF", false, 2},
    {"overlong of three", "\xE0\x80\xAF", false, 3},
    {"a surrogate", "\xED\xA0\x80", false, 3},
    {"cut short", "\xE4\xBA", false, 2},
    {"GB18030 bytes", "\xC4\xB6", true,
     1},  // 亩 in GB is a legal two-byte sequence here: bytes alone cannot tell
    {"GB18030 bytes of two", "\xCB\xB0\xCA\xD5", false, 3},
    {"a lone continuation", "a\x80z", false, 3},
};
TEST(Utf8, KnowsWhatIsValidAndCountsCodePoints) {
  for (const Utf8Case& c : kUtf8) {
    EXPECT_EQ(is_utf8(c.bytes), c.valid) << c.what;
    EXPECT_EQ(code_point_count(c.bytes), c.code_points) << c.what;
  }
}

TEST(Utf8, ReadsBackWhatItWrites) {
  for (const char32_t c :
       {U'\0', U'a', U'\x7F', U'\x80', U'\x7FF', U'\x800', U'亩', U'\xFFFF', U'\U00010000', U'\U0010FFFF'}) {
    std::string bytes;
    append_code_point(bytes, c);
    std::size_t offset = 0;
    EXPECT_EQ(next_code_point(bytes, offset), c);
    EXPECT_EQ(offset, bytes.size());
  }
}

TEST(Utf8, ABrokenByteIsOneReplacement) {
  std::size_t offset = 0;
  const std::string_view bytes = "\xE4\xBAx";
  EXPECT_EQ(next_code_point(bytes, offset), U'\xFFFD');
  EXPECT_EQ(offset, 1u);
  EXPECT_EQ(next_code_point(bytes, offset), U'\xFFFD');
  EXPECT_EQ(next_code_point(bytes, offset), U'x');
}

TEST(Columns, CountCodePointsFromOne) {
  const std::string_view line = "用地=面积";
  EXPECT_EQ(column_of_byte(line, 0), 1u);
  EXPECT_EQ(column_of_byte(line, 6), 3u);
  EXPECT_EQ(column_of_byte(line, 7), 4u);
  EXPECT_EQ(column_of_byte(line, 99), 6u);
  EXPECT_EQ(byte_of_column(line, 1), 0u);
  EXPECT_EQ(byte_of_column(line, 4), 7u);
  EXPECT_EQ(byte_of_column(line, 99), line.size());
}

struct WidthCase {
  const char* what;
  const char* text;
  std::size_t cells;
};
const WidthCase kWidths[] = {
    {"ASCII", "abc", 3},
    {"Chinese", "亩均", 4},
    {"full-width mark", "：", 2},
    {"full-width digit", "１", 2},
    {"half-width katakana", "ｱ", 1},
    {"combining accent", "e\u0301", 1},
    {"ambiguous stays 1", "±", 1},
    {"beyond the BMP", "𠮷", 2},
    {"zero-width blank", "a\u200Bb", 2},
    {"broken byte", "\xFF", 1},
    {"m²", "m²", 2},
};
TEST(CellWidth, FollowsEastAsianWidth) {
  for (const WidthCase& c : kWidths) EXPECT_EQ(cell_width(c.text), c.cells) << c.what;
}

TEST(Pad, CountsCellsAndNeverCuts) {
  EXPECT_EQ(pad_right("亩", 4), "亩  ");
  EXPECT_EQ(pad_left("亩", 4), "  亩");
  EXPECT_EQ(pad_left("亩均税收", 4), "亩均税收");
}

TEST(HalfWidth, TurnsWhatPeopleTypeIntoAscii) {
  EXPECT_EQ(to_half_width("１２３，ＡＢＣ（）：　％"), "123,ABC(): %");
  EXPECT_EQ(to_half_width("亩、。"), "亩、。");
  EXPECT_EQ(ascii_form(U'，'), ',');
  EXPECT_EQ(ascii_form(U'“'), '"');
  EXPECT_EQ(ascii_form(U'×'), '*');
  EXPECT_EQ(ascii_form(U'亩'), 0);
}

TEST(Trim, KnowsWideBlanks) {
  EXPECT_EQ(trim("\u3000 亩 均\u00A0\t"), "亩 均");
  EXPECT_EQ(trim(" \u3000"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

TEST(AsciiCase, LeavesChineseAlone) {
  EXPECT_EQ(ascii_upper("kWh亩"), "KWH亩");
  EXPECT_EQ(ascii_lower("TCE亩"), "tce亩");
}

TEST(InLanguage, FallsBackToChinese) {
  EXPECT_EQ(in_language({"税", "tax"}, Language::English), "tax");
  EXPECT_EQ(in_language({"税", "tax"}, Language::Chinese), "税");
  EXPECT_EQ(in_language({"税", ""}, Language::English), "税");
}

struct NearestCase {
  const char* what;
  const char* word;
  const char* expected;
};
const NearestCase kNearest[] = {
    {"one letter off", "tax_per_nu", "tax_per_mu"},  {"two Chinese characters, one off", "税额", "税收"},
    {"one missing of four", "亩均税", "亩均税收"},   {"too far", "完全不同", ""},
    {"one character is never near", "税", ""},       {"nothing", "", ""},
    {"the first of equals", "亩均税捐", "亩均税收"},
};
TEST(Nearest, OffersWhatWasProbablyMeant) {
  const std::vector<std::string> words = {"tax_per_mu", "税收", "亩均税收", "亩均税额"};
  for (const NearestCase& c : kNearest) EXPECT_EQ(nearest(c.word, words), c.expected) << c.what;
}

TEST(JsonWriter, WritesInTheOrderItIsTold) {
  JsonWriter json;
  json.begin_object()
      .member("b", 1)
      .member("a", "亩\n\"\\\x01")
      .member("yes", true)
      .key("list")
      .begin_array();
  json.number("-12.50")
      .null()
      .boolean(false)
      .integer(INT64_MIN)
      .begin_object()
      .end_object()
      .begin_array()
      .end_array();
  json.end_array().end_object();
  EXPECT_EQ(json.text(),
            "{\"b\":1,\"a\":\"亩\\n\\\"\\\\\\u0001\",\"yes\":true,\"list\":[-12.50,null,false,-"
            "9223372036854775808,{},[]]}");
}

TEST(JsonWriter, BrokenBytesStillGiveJson) { EXPECT_EQ(json_quoted("a\xFFz"), "\"a\uFFFDz\""); }

#ifndef TENGLONG_DEBUG
TEST(JsonWriter, AnIllegalOrderIsABug) {
  EXPECT_THROW(JsonWriter().begin_object().end_array(), Bug);
  EXPECT_THROW(JsonWriter().begin_object().integer(1), Bug);
  EXPECT_THROW(JsonWriter().begin_array().key("a"), Bug);
  EXPECT_THROW(JsonWriter().begin_object().key("a").end_object(), Bug);
  EXPECT_THROW(JsonWriter().integer(1).integer(2), Bug);
  for (const char* number : {"", "-", "01", "1.", ".5", "1e", "NaN", "1 "})
    EXPECT_THROW(JsonWriter().number(number), Bug) << number;
  for (const char* number : {"0", "-0.5", "10", "1.50", "1e-7", "2E+3"})
    EXPECT_NO_THROW(JsonWriter().number(number)) << number;
}
#endif

TEST(shared, is_one_text_for_all_holders_and_equal_to_any_like_it) {
  const Shared one("整治提升"), same = one, like(std::string("整治提升")), other("鼓励"), none;
  EXPECT_TRUE(one.is_same(same));
  EXPECT_EQ(&one.str(), &same.str());
  EXPECT_FALSE(one.is_same(like));
  EXPECT_EQ(one, like);
  EXPECT_EQ(one, "整治提升");
  EXPECT_EQ(std::string("整治提升"), one);
  EXPECT_NE(one, other);
  EXPECT_EQ(one < other, one.str() < other.str());
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none, "");
  EXPECT_EQ(Shared(std::string()), none);
  EXPECT_EQ("因" + one + "。", "因整治提升。");
  Shared taken = one;
  taken = other;
  EXPECT_EQ(taken, "鼓励");
  EXPECT_EQ(one, "整治提升");
  const Shared moved = std::move(taken);
  EXPECT_EQ(moved, other);
}

TEST(sharing, gives_out_the_first_of_equal_texts) {
  Sharing sharing;
  const Shared first = sharing.of("A"), second = sharing.of(std::string("A")), other = sharing.of("B");
  EXPECT_TRUE(first.is_same(second));
  EXPECT_FALSE(first.is_same(other));
  EXPECT_TRUE(sharing.of("").empty());
}

}  // namespace
}  // namespace tenglong::text
