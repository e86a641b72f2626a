// An edition that followed from the one before, record by record, is the edition made anew.
#include "server/district.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "engine/run/run.h"
#include "server/inside/rows.h"
#include "server/inside/test_district.h"
#include "server/inside/write.h"

namespace tenglong::server {
namespace {

class Edits {
 public:
  Edits(TestDistrict& at, std::uint32_t seed) : at_(at), random_(seed) {}
  std::size_t below(std::size_t bound) { return random_() % bound; }

  // A value of some record, said anew by the provider of its field; now and then of a record that was not
  // there.
  std::pair<registers::BatchId, column::RecordName> one() {
    const schema::Schema& schema = at_.read.pack->schema;
    const auto edition = at_.district->edition();
    for (;;) {
      const std::size_t index = below(schema.registers.size());
      const schema::Register& target = schema.registers[index];
      const column::Table& table = edition->snapshot->tables[index];
      if (table.size() == 0) continue;
      const std::size_t row = below(table.size());
      std::string key = table.key[row];
      std::optional<calendar::Period> period = table.period[row];
      if (target.period == schema::PeriodKey::Year && below(6) == 0) period = period->previous();
      const std::size_t field = below(target.fields.size());
      const schema::Field& said = target.fields[field];
      if (said.is_computed() || std::find(target.key.begin(), target.key.end(), said.id) != target.key.end())
        continue;
      registers::FieldValue value{.field = static_cast<int>(field)};
      switch (said.type) {
        case schema::FieldType::Number:
        case schema::FieldType::Money:
          value.value = quantity::Decimal::scaled(static_cast<std::int64_t>(below(500'000)) + 1, -2);
          break;
        case schema::FieldType::Boolean:
          value.value = below(2) == 0;
          break;
        case schema::FieldType::Date:
          value.value = calendar::Date::from_days(18'000 + static_cast<std::int64_t>(below(1500)));
          break;
        case schema::FieldType::Text:
          value.value = "改" + std::to_string(below(1000));
          break;
        default: {
          // A value that some other record has.
          const auto* texts = std::get_if<column::TextColumn>(&table.columns[field]);
          if (texts == nullptr || texts->is_list || texts->dictionary.empty()) continue;
          value.value = texts->dictionary[below(texts->dictionary.size())];
        }
      }
      if (below(8) == 0) {
        value.state = quantity::State::Missing;
        value.value = {};
      }
      const registers::Batch batch{.register_id = target.id,
                                   .provider = said.provider.empty() ? "专班" : said.provider,
                                   .submitter = "a",
                                   .received_at = "2023-10-01T09:00:00+08:00",
                                   .source = registers::Source::Form};
      const auto writer = at_.store->registers().write(batch);
      writer->add({.register_id = target.id,
                   .record_key = key,
                   .period = period,
                   .batch = writer->batch(),
                   .values = {value}});
      writer->commit(batch);
      return {writer->batch(), {target.id, key}};
    }
  }

 private:
  TestDistrict& at_;
  std::mt19937 random_;
};

void expect_as_made_anew(TestDistrict& at, const Edition& edition) {
  const pack::Pack& pack = *at.read.pack;
  const column::Snapshot snapshot = column::take_snapshot(pack.schema, at.store->registers());
  EXPECT_EQ(edition.snapshot_fingerprint, snapshot.fingerprint);
  EXPECT_EQ(edition.change, snapshot.through);
  ASSERT_TRUE(edition.period);
  EXPECT_EQ(edition.fingerprint, run::run(pack, snapshot, {.period = *edition.period}).header.fingerprint);
  const result::Result previous = run::run(pack, snapshot, {.period = edition.period->previous()});
  // Of the year before the targets are held, and nothing else.
  result::Result targets = {.header = previous.header, .targets = previous.targets};
  for (const result::Refusal& refusal : previous.refusals)
    if (refusal.kind == "target") targets.refusals.push_back(refusal);
  EXPECT_EQ(result::fingerprint_of(previous.header, *edition.previous), result::fingerprint_of(targets));
}

TEST(District, EditsMakeTheEditionThatAFullRunMakes) {
  TestDistrict at("tenglong_edits");
  Edits edits(at, 2021);
  at.district->edition_of("2022");  // another year is held too
  for (int round = 0; round < 12; ++round) {
    std::set<registers::BatchId> batches;
    std::vector<std::thread> writers;
    // Some at once, as several people save.
    std::vector<std::pair<registers::BatchId, column::RecordName>> said;
    for (std::size_t i = 1 + edits.below(3); i > 0; --i) said.push_back(edits.one());
    for (const auto& [batch, name] : said)
      writers.emplace_back([&at, batch = batch, name = name] { at.district->renew(batch, {name}); });
    for (std::thread& each : writers) each.join();
    expect_as_made_anew(at, *at.district->edition());
    const auto other = at.district->sealed_edition_of("2022");
    ASSERT_NE(other, nullptr);
    expect_as_made_anew(at, *other);
  }
}

// What came in by another way is seen with the next edit, although nobody said what it touched.
TEST(District, AnEditBesideAnImportIsMadeWhole) {
  TestDistrict at("tenglong_beside");
  Edits edits(at, 7);
  edits.one();
  const auto [batch, name] = edits.one();
  at.district->renew(batch, {name});
  expect_as_made_anew(at, *at.district->edition());
}

TEST(District, AReaderHasAnEditionWhileTheNextIsMade) {
  TestDistrict at("tenglong_reader");
  Edits edits(at, 11);
  std::atomic<bool> ends = false;
  std::atomic<int> read = 0;
  std::thread reader([&] {
    registers::BatchId last;
    while (!ends) {
      const auto edition = at.district->edition();
      EXPECT_FALSE(edition->change < last);  // never back
      last = edition->change;
      EXPECT_EQ(edition->snapshot->through, edition->change);
      ++read;
    }
  });
  for (int i = 0; i < 5; ++i) {
    const auto [batch, name] = edits.one();
    at.district->renew(batch, {name});
    EXPECT_FALSE(at.district->edition()->change < batch);  // whoever wrote sees it
  }
  ends = true;
  reader.join();
  EXPECT_GT(read, 5);
}

TEST(District, WhatIfsAreThoseOfTheWholeRun) {
  TestDistrict at("tenglong_what_if");
  const auto edition = at.district->edition();
  const pack::Scheme& scheme = edition->pack->schemes.front();
  const auto read = simulate::read_override(scheme.name + "." + scheme.items[0].indicator + ".权重=1",
                                            *edition->pack, *edition->snapshot, *edition->period);
  ASSERT_TRUE(read.override);
  const simulate::Comparison by_columns = resident_of(*edition).with({*read.override}).comparison;
  simulate::Simulation whole(*edition->pack, *edition->snapshot, {.period = *edition->period});
  const simulate::Comparison by_run = whole.compare_with({*read.override});
  ASSERT_EQ(by_columns.schemes.size(), by_run.schemes.size());
  for (std::size_t i = 0; i < by_run.schemes.size(); ++i) {
    EXPECT_EQ(by_columns.schemes[i].transitions, by_run.schemes[i].transitions);
    EXPECT_EQ(by_columns.schemes[i].movers.size(), by_run.schemes[i].movers.size());
  }
}

// Lists go by towns and columns; what they show is what asking row by row shows.
TEST(Rows, WhoseTheyAreIsWhatObjectsSay) {
  TestDistrict at("tenglong_whose");
  const auto edition = at.district->edition();
  for (const schema::Register& target : edition->pack->schema.registers) {
    const column::Table& table = *edition->snapshot->find(target.id);
    const Whose whose(*edition, target.id);
    const view::ReachedTexts titles = edition->naming().titles(target.id);
    for (std::size_t row = 0; row < table.size(); ++row) {
      const access::Object object = object_of(*edition, target.id, row, access::State::Draft);
      ASSERT_EQ(whose.town_code(whose.town(row)), object.town) << target.id << " " << row;
      ASSERT_EQ(whose.firm(row), object.firm) << target.id << " " << row;
      const std::int32_t title = titles.code(row);
      ASSERT_EQ(title < 0 ? std::string() : titles.texts->dictionary[static_cast<std::size_t>(title)],
                edition->naming().title(target.id, row));
    }
  }
}

TEST(Rows, SumsAreExact) {
  using namespace quantity::literals;
  column::NumberColumn numbers;
  quantity::ExactSum exact;
  std::mt19937 random(3);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < 5000; ++row) {
    if (random() % 9 == 0) {
      numbers.append(quantity::State::Missing);
    } else {
      const auto number =
          quantity::Decimal::scaled(static_cast<std::int64_t>(random() % 2'000'000'000) - 1'000'000'000,
                                    -static_cast<int>(random() % 7));
      numbers.append(number);
      exact.add(number);
    }
    rows.push_back(row);
  }
  for (const bool has_long : {false, true}) {
    if (has_long) {
      const auto number = "12345678901234567.891"_decimal;
      numbers.append(number);
      exact.add(number);
      rows.push_back(5000);
    }
    ColumnFacts facts;
    column::Common<column::Column> columns;
    columns.push_back(numbers);
    const ColumnFacts::Sum sum =
        facts.sum({columns, 0}, std::make_shared<const std::vector<std::uint32_t>>(rows));
    EXPECT_EQ(*sum.total, *exact.result());
  }
}

}  // namespace
}  // namespace tenglong::server
