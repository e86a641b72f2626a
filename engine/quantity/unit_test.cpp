#include "engine/quantity/unit.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/quantity/state.h"

namespace tenglong::quantity {
namespace {

using namespace literals;

struct ConversionCase {
  const char* what;
  const char* from;
  const char* to;
  const char* value;
  const char* expected;  // nullptr: other dimension
  Exactness exactness;
};
const ConversionCase kConversions[] = {
    {"万元 to 元", "万元", "元", "1.2345", "12345", Exactness::Exact},
    {"元 to 万元", "元", "万元", "12345", "1.2345", Exactness::Exact},
    {"亿元 to 万元", "亿元", "万元", "3", "30000", Exactness::Exact},
    {"平方米 to 亩 is exact: x 0.0015", "平方米", "亩", "39414", "59.121", Exactness::Exact},
    {"亩 to 平方米 rounds once to 34 digits", "亩", "平方米", "1", "666.6666666666666666666666666666667",
     Exactness::RoundedOnce},
    {"1 公顷 = 15 亩", "公顷", "亩", "1", "15", Exactness::Exact},
    {"元/平方米 to 万元/亩", "元/平方米", "万元/亩", "180", "12", Exactness::RoundedOnce},
    {"万元/亩 to 元/平方米", "万元/亩", "元/平方米", "12", "180", Exactness::Exact},
    {"万千瓦时 to 千瓦时", "万千瓦时", "kWh", "1.5", "15000", Exactness::Exact},
    {"a percent is a hundredth", "%", "比值", "1.5", "0.015", Exactness::Exact},
    {"tce has aliases", "tce", "吨标准煤", "7", "7", Exactness::Exact},
    {"吨标准煤/万元 to kgce/元", "吨标准煤/万元", "kgce/元", "0.52", "0.052", Exactness::Exact},
    {"a million tons", "万吨", "千克", "1", "10000000", Exactness::Exact},
    {"平方公里 to 亩", "平方公里", "亩", "1", "1500", Exactness::Exact},
    {"per mille", "‰", "%", "5", "0.5", Exactness::Exact},
    {"百分点 is 个百分点", "百分点", "个百分点", "0.5", "0.5", Exactness::Exact},
    {"full-width unit", "万元／亩", "元/亩", "1", "10000", Exactness::Exact},
    {"台（套）", "台（套）", "台", "3", "3", Exactness::Exact},
    {"zero stays zero", "亩", "平方米", "0", "0", Exactness::RoundedOnce},
    {"a negative value", "亩", "平方米", "-3", "-2000", Exactness::RoundedOnce},
    {"months are not years", "月", "年", "12", nullptr, Exactness::Exact},
    {"months are not days", "月", "天", "1", nullptr, Exactness::Exact},
    {"人 are not 名", "人", "名", "1", nullptr, Exactness::Exact},
    {"money is not land", "万元", "亩", "1", nullptr, Exactness::Exact},
    {"a percentage point is not a percent", "个百分点", "%", "1", nullptr, Exactness::Exact},
    {"家 are not 台", "家", "台", "1", nullptr, Exactness::Exact},
    {"tons are not tons of coal", "吨", "吨标准煤", "1", nullptr, Exactness::Exact},
    {"yuan are not dollars", "亿元", "亿美元", "1", nullptr, Exactness::Exact},
};

TEST(Unit, ConvertsByExactRationals) {
  for (const ConversionCase& c : kConversions) {
    const auto from = Unit::parse(c.from), to = Unit::parse(c.to);
    ASSERT_TRUE(from && to) << c.what;
    const auto by = conversion(*from, *to);
    ASSERT_EQ(by.has_value(), c.expected != nullptr) << c.what;
    if (!by) continue;
    EXPECT_EQ(by->exactness, c.exactness) << c.what;
    EXPECT_EQ(convert(*Decimal::parse(c.value), *by)->to_string(), c.expected) << c.what;
  }
}

TEST(Unit, AFullCoefficientStillRoundsOnce) {
  // 34 digits x 2000 / 3: multiplying first would round twice.
  const auto by = conversion(*Unit::parse("亩"), *Unit::parse("平方米"));
  const Decimal value = "1234567890123456789012345678901234"_decimal;
  EXPECT_EQ(convert(value, *by)->to_string(), "823045260082304526008230452600822700");
}

TEST(Unit, ADroppedZeroIsNotMistakenForExactness) {
  // 34 digits x 2000 has 37; rounded first it would be 10^37, look short and lose the 2000.
  const auto by = conversion(*Unit::parse("亩"), *Unit::parse("平方米"));
  EXPECT_EQ(convert("5000000000000000000000000000000001"_decimal, *by)->to_string(),
            "3333333333333333333333333333333334000");
}

TEST(Unit, WhatDoesNotFitHasNoUnitInsteadOfAWrongOne) {
  const Unit yi = *Unit::parse("亿元");
  EXPECT_TRUE(product(yi, yi));
  EXPECT_FALSE(product(*product(yi, yi), yi));
  EXPECT_FALSE(Unit::parse("亿元·亿元·亿元"));
  EXPECT_FALSE(yi.power(3));
  std::string long_one = "家";
  for (int i = 0; i < 300; ++i) long_one += "·家";
  EXPECT_FALSE(Unit::parse(long_one));
  EXPECT_EQ(quotient(*Unit::parse("吨标准煤"), *Unit::parse("万元"))->name(), "吨标准煤/万元");
}

TEST(Unit, EveryWordOfTheTableIsAUnitAndNoWordStandsTwice) {
  std::vector<std::string> words = Unit::known_words();
  for (const std::string& word : words) EXPECT_TRUE(Unit::parse(word)) << word;
  std::sort(words.begin(), words.end());
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
}

TEST(State, TheWorstOfTheOperandsHolds) {
  EXPECT_EQ(worst(State::Known, State::Known), State::Known);
  EXPECT_EQ(worst(State::NotApplicable, State::Missing), State::Missing);
  EXPECT_EQ(worst(State::Disputed, State::Missing), State::Disputed);
  EXPECT_STREQ(to_code(State::NotApplicable), "not_applicable");
  EXPECT_STREQ(to_chinese(State::Disputed), "存疑");
  EXPECT_STREQ(to_chinese(State::Known), "");
}

TEST(Unit, ReadsQuotientsAndProducts) {
  EXPECT_TRUE(Unit::parse("万元/亩"));
  EXPECT_TRUE(Unit::parse("元／千瓦时"));
  EXPECT_TRUE(*Unit::parse("万元/(人·年)") == *Unit::parse("万元/人/年"));
  EXPECT_TRUE(*Unit::parse("亩") * *Unit::parse("万元/亩") == *Unit::parse("万元"));
  EXPECT_TRUE((*Unit::parse("万元") / *Unit::parse("万元")).is_bare());
  EXPECT_FALSE(Unit::parse("万圆"));
  EXPECT_FALSE(Unit::parse("万元/"));
  EXPECT_TRUE(Unit::parse("")->is_bare());
  EXPECT_FALSE(Unit::parse("%")->is_bare());
}

TEST(Unit, NamesItsDimensionForMessages) {
  EXPECT_EQ(Unit::parse("万元/亩")->dimension_name(), "金额/面积");
  EXPECT_EQ(Unit::parse("%")->dimension_name(), "无量纲");
  EXPECT_EQ((*Unit::parse("万元") / *Unit::parse("亩")).name(), "万元/亩");
}

}  // namespace
}  // namespace tenglong::quantity
