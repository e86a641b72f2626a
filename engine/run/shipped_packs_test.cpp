// The law of run_laws_test.cpp on the policies that are shipped, over districts of random records of every
// register.
#include <gtest/gtest.h>

#include "engine/run/run.h"
#include "engine/run/trial.h"

namespace tenglong::run {
namespace {

using registers::Record;
using registers::Resolved;
using trial::Random;

Resolved random_cell(const pack::Pack& pack, const schema::Field& field, Random& random) {
  if (random.one_in(8))
    return {.state = random.one_in(4) ? quantity::State::Disputed : quantity::State::Missing};
  registers::Scalar value;
  switch (field.type) {
    case schema::FieldType::Number:
    case schema::FieldType::Money:
      value = quantity::Decimal::scaled(
          static_cast<std::int64_t>(random.below(20'000)) - (random.one_in(10) ? 10'000 : 0),
          -static_cast<int>(random.below(4)));
      break;
    case schema::FieldType::Boolean:
      value = random.one_in(3);
      break;
    case schema::FieldType::Date:
      value =
          calendar::Date{2018 + static_cast<int>(random.below(6)), 1 + static_cast<int>(random.below(12)), 1};
      break;
    default: {
      const schema::Codes* codes = field.codes.empty() ? nullptr : pack.schema.find_codes(field.codes);
      value = codes != nullptr && !codes->entries.empty()
                  ? codes->entries[random.below(codes->entries.size())].code
                  : std::string(1, static_cast<char>('A' + random.below(4)));
    }
  }
  return {.state = quantity::State::Known, .value = std::move(value)};
}

column::Snapshot district_of(const pack::Pack& pack, Random& random, std::size_t records_each) {
  std::vector<std::vector<Record>> all(pack.schema.registers.size());
  for (std::size_t r = 0; r < all.size(); ++r) {
    const schema::Register& target = pack.schema.registers[r];
    for (std::size_t i = 0; i < records_each; ++i)
      for (const int year : {2021, 2022, 2023}) {
        Record record{.key = "K" + std::to_string(i)};
        if (target.period == schema::PeriodKey::Year)
          record.period = calendar::Period::year(year);
        else if (target.period != schema::PeriodKey::None || year != 2021)
          continue;
        for (const schema::Field& field : target.fields)
          record.fields.push_back(random_cell(pack, field, random));
        all[r].push_back(std::move(record));
      }
  }
  return column::snapshot_of(pack.schema, std::move(all));
}

struct Shipped {
  const char* folder;
  std::vector<std::string> overlays;
};

TEST(shipped_packs, give_by_columns_what_the_interpreter_gives) {
  const std::string packs = SOURCE_DIR "/packs/";
  const Shipped kShipped[] = {
      {"huangyan-2021", {}},
      {"huangyan-2022", {}},
      {"dinghai-2021", {}},
      {"dinghai-2021", {packs + "sample-overlay"}},
  };
  std::size_t rated = 0;
  for (const Shipped& each : kShipped) {
    const pack::ReadPack read = pack::read_pack(packs + each.folder, each.overlays);
    ASSERT_TRUE(read.pack.has_value()) << each.folder;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      Random random(seed);
      const column::Snapshot snapshot = district_of(*read.pack, random, 60);
      for (const int year : {2022, 2023}) {
        const Options options{.period = calendar::Period::year(year),
                              .batch_rows = seed == 1 ? std::size_t{7} : 2048};
        const result::Result columns = run(*read.pack, snapshot, options);
        const result::Result expected = run_by_interpreter(*read.pack, snapshot, options);
        EXPECT_EQ(trial::first_difference(result::canonical(columns), result::canonical(expected)), "")
            << each.folder << " seed " << seed << " year " << year;
        for (const result::SchemeResult& scheme : columns.schemes)
          rated += static_cast<std::size_t>(scheme.balance.rated);
      }
    }
  }
  EXPECT_GT(rated, 100u);
}

}  // namespace
}  // namespace tenglong::run
