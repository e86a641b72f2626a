#include "engine/fingerprint/fingerprint.h"

#include <gtest/gtest.h>

#include "engine/text/ensure.h"

namespace tenglong::fingerprint {
namespace {

// GB/T 32905-2016, appendix A.
TEST(Digest, EqualsTheExamplesOfTheStandard) {
  EXPECT_EQ(of_bytes("abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string sixteen_times;
  for (int i = 0; i < 16; ++i) sixteen_times += "abcd";
  EXPECT_EQ(of_bytes(sixteen_times), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(Digest, BytesMayComeInPieces) {
  EXPECT_EQ(Digest().bytes("a").bytes("").bytes("bc").hex(), of_bytes("abc"));
}

TEST(Digest, FieldsKnowWhereTheyEnd) {
  EXPECT_NE(Digest().field("ab").field("c").hex(), Digest().field("a").field("bc").hex());
  EXPECT_NE(Digest().field("").hex(), Digest().hex());
}

TEST(Digest, LengthsAndNumbersAreEightBytesLittleEndian) {
  EXPECT_EQ(Digest().field("ab").hex(), of_bytes(std::string("\2\0\0\0\0\0\0\0ab", 10)));
  EXPECT_EQ(Digest().number(0x0102030405060708).hex(), of_bytes("\x8\x7\x6\x5\x4\x3\x2\x1"));
  EXPECT_EQ(Digest().number(-2).hex(), of_bytes("\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
}

TEST(Digest, MovesWithWhatItHasRead) {
  Digest first;
  first.bytes("ab");
  Digest second = std::move(first);
  EXPECT_EQ(second.bytes("c").hex(), of_bytes("abc"));
}

#ifndef TENGLONG_DEBUG
TEST(Digest, EndsOnce) {
  Digest digest;
  digest.hex();
  EXPECT_THROW(digest.hex(), Bug);
  EXPECT_THROW(digest.bytes("a"), Bug);
}
#endif

TEST(ShortForm, IsTheFirstTwelveDigits) { EXPECT_EQ(short_form(of_bytes("abc")), "66c7f0f462ee"); }

}  // namespace
}  // namespace tenglong::fingerprint
