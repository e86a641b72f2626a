#include "engine/sample/sample.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/schema/credit_code.h"

namespace tenglong::sample {
namespace {

Place a_place() {
  return {
      "330902",
      {{"330902100", "金塘镇", "金塘"}, {"330902104", "白泉镇", "白泉"}, {"330902002", "昌国街道", "昌国"}},
      {"定海工业园区"}};
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(Sample, TheSameSeedGivesTheSameFiles) {
  const Options options{.firms = 40, .seed = 9};
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tenglong-sample-" + std::to_string(getpid()));
  const District one = make_district(a_place(), options), two = make_district(a_place(), options);
  const auto first = write_workbooks(one, options, (folder / "1").string()),
             second = write_workbooks(two, options, (folder / "2").string());
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i)
    EXPECT_EQ(bytes_of(first[i].path), bytes_of(second[i].path)) << first[i].path;
  for (const File& file : first)
    EXPECT_NE(file.path.find("样例数据"), std::string::npos) << "every file says what it is";
  std::filesystem::remove_all(folder);
}

TEST(Sample, AnotherSeedGivesAnotherDistrict) {
  const District one = make_district(a_place(), {.firms = 50, .seed = 1}),
                 two = make_district(a_place(), {.firms = 50, .seed = 2});
  bool differs = false;
  for (std::size_t i = 0; i < one.enterprises.size(); ++i)
    differs = differs || one.enterprises[i].land != two.enterprises[i].land;
  EXPECT_TRUE(differs);
}

TEST(Sample, CodesAreValidNamesAreMadeUpAndBothAreUnique) {
  const District district = make_district(a_place(), {.firms = 500});
  std::set<std::string> codes, names;
  for (const Enterprise& enterprise : district.enterprises) {
    EXPECT_EQ(schema::read_credit_code(enterprise.credit_code).fault, schema::CreditCodeFault::None)
        << enterprise.credit_code;
    EXPECT_EQ(enterprise.name.rfind("样例", 0), 0u) << enterprise.name;
    codes.insert(enterprise.credit_code);
    names.insert(enterprise.name);
  }
  EXPECT_EQ(codes.size(), 500u);
  EXPECT_EQ(names.size(), 500u);
}

// CB-25: the plan's goals of 2023 are 12 and 50 万元/亩; the district stands near them, with a share below 5.
TEST(Sample, StandsNearThePlan) {
  const District district = make_district(a_place(), {});
  double tax = 0, added = 0, land = 0;
  int low = 0, due = 0;
  for (const Enterprise& enterprise : district.enterprises) {
    const Year& last = enterprise.years.back();
    if (!enterprise.above_scale || last.year != 2023) continue;
    tax += static_cast<double>(last.tax) / 10000;
    added += static_cast<double>(last.value_added) / 10000;
    land += static_cast<double>(enterprise.land) / 100;
    low += last.tax * 100 <= enterprise.land * 50000;
    ++due;
  }
  EXPECT_GT(tax / land, 9);
  EXPECT_LT(tax / land, 15);
  EXPECT_GT(added / land, 40);
  EXPECT_LT(added / land, 65);
  EXPECT_GT(low, due / 10);
  EXPECT_LT(low, due / 2);
  EXPECT_GT(due, 300);
}

}  // namespace
}  // namespace tenglong::sample
