#include "engine/quantity/unit.h"

#include <gtest/gtest.h>

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
    {"亩 to 平方米 rounds once to 34 digits", "亩", "平方米", "1", "666.6666666666666666666666666666667", Exactness::RoundedOnce},
    {"1 公顷 = 15 亩", "公顷", "亩", "1", "15", Exactness::Exact},
    {"元/平方米 to 万元/亩", "元/平方米", "万元/亩", "180", "12", Exactness::RoundedOnce},
    {"万元/亩 to 元/平方米", "万元/亩", "元/平方米", "12", "180", Exactness::Exact},
    {"万千瓦时 to 千瓦时", "万千瓦时", "kWh", "1.5", "15000", Exactness::Exact},
    {"a percent is a hundredth", "%", "比值", "1.5", "0.015", Exactness::Exact},
    {"tce has aliases", "tce", "吨标准煤", "7", "7", Exactness::Exact},
    {"吨标准煤/万元 to kgce/元", "吨标准煤/万元", "kgce/元", "0.52", "0.052", Exactness::Exact},
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
