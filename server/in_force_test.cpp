// Rules take force on their day, with nobody starting anything anew.
#include <gtest/gtest.h>

#include <thread>

#include "server/inside/test_district.h"

namespace tenglong::server {
namespace {

struct OfRules : testing::Test {
  TestDistrict at{"tenglong_in_force"};
  // Beside those in force: the same without the sample parameters, from the fifth of October on.
  std::string take_others_from_the_fifth() {
    std::vector<Dated> packs(2);
    packs[0].read = pack::read_pack(SOURCE_DIR "/packs/dinghai-2021", {SOURCE_DIR "/packs/sample-overlay"});
    packs[1].read = pack::read_pack(SOURCE_DIR "/packs/dinghai-2021");
    packs[1].from = calendar::Date{2023, 10, 5};
    packs[1].revision = "1";
    const std::string others = packs[1].read.pack->fingerprint;
    at.district->take(std::move(packs));
    return others;
  }
  void a_day_begins(calendar::Date day) { at.today = day.days(); }
  bool comes_to_be_of(calendar::Date day) {
    for (int looks = 0; looks < 6000; ++looks) {
      if (at.district->edition()->on == day) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
};

TEST_F(OfRules, TakeForceOnTheirDayByTheClockAlone) {
  const std::string before = at.district->pack().fingerprint, others = take_others_from_the_fifth();
  ASSERT_NE(before, others);
  EXPECT_EQ(at.district->pack().fingerprint, before) << "approved, and not yet in force";
  a_day_begins({2023, 10, 4});
  ASSERT_TRUE(comes_to_be_of({2023, 10, 4}));
  EXPECT_EQ(at.district->pack().fingerprint, before) << "the day before";
  a_day_begins({2023, 10, 5});
  ASSERT_TRUE(comes_to_be_of({2023, 10, 5}));
  EXPECT_EQ(at.district->pack().fingerprint, others);
}

// Whoever is served on that day is served by its rules, though one value alone is saved.
TEST_F(OfRules, AreThoseOfTheDayOnWhichAValueIsSaved) {
  const std::string others = take_others_from_the_fifth();
  const schema::Register& target = *at.read.pack->schema.find("enterprise_year");
  const column::Table& table = *at.district->edition()->snapshot->find(target.id);
  const registers::Batch batch{.register_id = target.id,
                               .provider = "区税务局",
                               .submitter = "test",
                               .received_at = "2023-10-05T09:00:00+08:00",
                               .source = registers::Source::Form};
  const auto writer = at.store->registers().write(batch);
  writer->add({.register_id = target.id,
               .record_key = table.key[0],
               .period = table.period[0],
               .batch = writer->batch(),
               .values = {{.field = target.field_index("tax_paid"), .value = quantity::Decimal(5)}}});
  writer->commit(batch);
  a_day_begins({2023, 10, 5});
  at.district->renew(writer->batch(), {{target.id, table.key[0]}});
  EXPECT_EQ(at.district->pack().fingerprint, others);
  EXPECT_EQ(at.district->edition()->on, (calendar::Date{2023, 10, 5}));
}

}  // namespace
}  // namespace tenglong::server
