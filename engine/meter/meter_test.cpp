#include "engine/meter/meter.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tenglong::meter {
namespace {

class MeterTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }
  ReadReadings read(const std::string& text, const char* unit = "千瓦时", const char* also = "兆瓦时") {
    std::ofstream(file_) << text;
    readings_.clear();
    const DialUnits units{*quantity::Unit::parse(unit), {*quantity::Unit::parse(also)}};
    return read_readings(file_, units, [&](const Reading& each) { readings_.push_back(each); });
  }
  static std::string codes(const diagnostic::Diagnostics& diagnostics) {
    std::string out;
    for (const auto& each : diagnostics) out += each.code + "@" + each.place.cell + " ";
    return out;
  }
  std::string file_ =
      std::filesystem::temp_directory_path() / ("tenglong-meter-" + std::to_string(getpid()) + ".csv");
  std::vector<Reading> readings_;
};

TEST_F(MeterTest, ReadsWhatIsOnTheSheet) {
  const ReadReadings read_file = read(
      "2023年抄表记录\n"
      "表号,社会信用代码,抄表时间,示数,倍率,启停\n"
      "001,91330902684307791B,2023-05-01 00:00:00,12.5,80,\n"
      "002,91330902684307791B,2023年5月1日,0.0001,,启用\n");
  EXPECT_TRUE(read_file.diagnostics.empty()) << codes(read_file.diagnostics);
  ASSERT_EQ(readings_.size(), 2u);
  EXPECT_EQ(readings_[0].meter, "001");
  EXPECT_EQ(readings_[0].at, "2023-05-01T00:00:00");
  EXPECT_EQ(readings_[0].dial, 125'000);
  EXPECT_EQ(readings_[0].multiplier, 80);
  EXPECT_EQ(readings_[1].at, "2023-05-01T00:00:00");
  EXPECT_EQ(readings_[1].dial, 1);
  EXPECT_EQ(readings_[1].event, Event::Start);
}

TEST_F(MeterTest, EveryMistakeIsToldAtItsCell) {
  const ReadReadings read_file = read(
      "表号,统一社会信用代码,抄表时间,示数,倍率,启停\n"
      ",9133,昨天,-1,0.5,坏了\n"
      "001,91330902684307791B,2023-05-01,1.23456,,\n");
  EXPECT_EQ(codes(read_file.diagnostics),
            "E-METER-102@A2 E-METER-103@B2 E-METER-104@C2 E-METER-105@D2 E-METER-106@E2 E-METER-107@F2 "
            "E-METER-105@D3 ");
  EXPECT_EQ(read_file.wrong, 2);
  EXPECT_TRUE(readings_.empty());
  EXPECT_EQ(codes(read("表号,示数\n1,2\n").diagnostics), "E-METER-101@ ");
}

struct UnitCase {
  const char* what;
  const char *unit, *also;  // of the kind
  const char *header, *said, *dial;
  const char* told;
  std::int64_t kept;  // in ten-thousandths of the kind's unit
};
TEST_F(MeterTest, AReadingIsInTheUnitOfItsKindOrConvertedExactlyOrRefusedAtItsCell) {
  const UnitCase kCases[] = {
      {"says nothing", "千瓦时", "兆瓦时", "示数", "", "12.5", "", 125'000},
      {"says the same", "千瓦时", "兆瓦时", "示数", "kWh", "12.5", "", 125'000},
      {"another in its column", "千瓦时", "兆瓦时", "示数", "兆瓦时", "1.25", "", 12'500'000},
      {"another in the header", "千瓦时", "兆瓦时", "示数（兆瓦时）", "", "1.25", "", 12'500'000},
      {"the column goes before the header", "千瓦时", "兆瓦时", "示数（兆瓦时）", "千瓦时", "1.25", "",
       12'500},
      {"one that the pack does not name", "千瓦时", "兆瓦时", "示数", "万千瓦时", "1", "E-METER-110@E2 ", 0},
      {"another kind of thing", "千瓦时", "兆瓦时", "示数", "立方米", "1", "E-METER-110@E2 ", 0},
      {"no unit at all", "千瓦时", "兆瓦时", "示数", "个儿", "1", "E-METER-110@E2 ", 0},
      {"a wrong header", "千瓦时", "兆瓦时", "示数（立方米）", "", "1", "E-METER-110@D1 ", 0},
      {"not even", "兆瓦时", "千瓦时", "示数", "千瓦时", "1.25", "E-METER-111@D2 ", 0},
      {"gas by volume", "立方米", "万立方米", "示数", "万立方米", "0.5", "", 50'000'000},
      {"heat by weight", "吨", "千克", "示数", "千克", "250", "", 2'500}};
  for (const UnitCase& c : kCases) {
    const ReadReadings done = read(std::string("表号,统一社会信用代码,抄表时间,") + c.header +
                                       ",单位\n001,"
                                       "91330902684307791B,2023-05-01," +
                                       c.dial + "," + c.said + "\n",
                                   c.unit, c.also);
    EXPECT_EQ(codes(done.diagnostics), c.told) << c.what;
    ASSERT_EQ(readings_.size(), *c.told == 0 ? 1u : 0u) << c.what;
    EXPECT_EQ(done.wrong, *c.told == 0 ? 0 : 1) << c.what;
    if (*c.told == 0) {
      EXPECT_EQ(readings_[0].dial, c.kept) << c.what;
    }
  }
}

TEST_F(MeterTest, SumsBecomeStatementsInTheFieldsUnitAndTroublesAreTold) {
  schema::Schema schema;
  schema::Register year{.id = "enterprise_year", .key = {"credit_code"}, .period = schema::PeriodKey::Year};
  year.fields = {{.id = "electricity",
                  .name = "用电量",
                  .type = schema::FieldType::Number,
                  .unit = *quantity::Unit::parse("万千瓦时")}};
  schema.registers = {year};
  pack::Rollup rollup;
  rollup.id = "electricity_of_year";
  rollup.of = "enterprise_year";
  rollup.field = "electricity";
  rollup.meter = "电";
  rollup.unit = *quantity::Unit::parse("千瓦时");
  rollup.provider = "供电公司";
  rollup.within_hours = 24;
  rollup.to_field = *quantity::conversion(rollup.unit, schema.registers[0].fields[0].unit);
  Tally tally{.sums = {{"A", 123'456'789, 2}}};
  for (int i = 0; i <= static_cast<int>(Trouble::Multiplier); ++i)
    tally.troubles.push_back({"m", "B", "2023-05-01T00:00:00", static_cast<Trouble>(i)});
  const RolledUp out = roll_up(rollup, schema, calendar::Period::year(2023), tally);
  ASSERT_EQ(out.statements.size(), 1u);
  EXPECT_EQ(std::get<quantity::Decimal>(out.statements[0].values[0].value),
            *quantity::Decimal::parse("1.23456789"));
  EXPECT_EQ(out.batch.source, registers::Source::RollUp);
  EXPECT_EQ(out.batch.reason,
            "electricity_of_year：表类 电，2023-01-01T00:00:00 至 2024-01-01T00:00:00，宽限 24 小时");
  EXPECT_EQ(
      codes(out.diagnostics),
      "W-METER-201@m W-METER-202@m W-METER-203@m W-METER-204@m W-METER-205@m W-METER-206@m W-METER-207@m ");
}

}  // namespace
}  // namespace tenglong::meter
