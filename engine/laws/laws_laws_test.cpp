// Findings equal what looking at every pair of records and at every single day gives.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include "engine/feel/type.h"
#include "engine/laws/laws.h"

namespace tenglong::laws {
namespace {

using quantity::Decimal;
using quantity::State;
using registers::Record;
using registers::Resolved;
using schema::Field;
using schema::FieldType;

constexpr int kDays = 40;
Date day(int n) { return Date{2022, 1, 1}.plus_days(n); }

feel::NodePtr parsed(const std::string& text, const feel::Names& names) {
  const feel::Parsed read = feel::parse(text, names);
  EXPECT_TRUE(read.tree) << text;
  return read.tree;
}

// Parcels, their uses by spans, and facts of years; every choice that the pack leaves is drawn.
struct District {
  schema::Schema schema;
  std::vector<Record> parcels, uses, years;
  column::Snapshot snapshot;
};

enum { kCode, kDeed, kArea, kNote };          // of a parcel
enum { kParcel, kUser, kFrom, kTo, kShare };  // of a use
enum { kLicence, kAmount };                   // of a year

District random_district(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  District d;
  schema::Register parcel{.id = "parcel", .name = "宗地", .key = {"code"}};
  parcel.fields = {{.id = "code", .name = "编号", .type = FieldType::Text},
                   {.id = "deed", .name = "权证号", .type = FieldType::Text},
                   {.id = "area", .name = "宗地面积", .type = FieldType::Number},
                   {.id = "note", .name = "说明", .type = FieldType::Text}};
  parcel.fields[kDeed].unique = schema::Unique::InRegister;
  feel::NameSet names({"权证号", "宗地面积", "用地占用", "分摊面积"});
  parcel.fields[kNote].required_when.text = "宗地面积 > 5";
  parcel.fields[kNote].required_when.tree = parsed("宗地面积 > 5", names);
  schema::Law law{.name = "分摊不超过宗地", .source_text = "sum(用地占用.分摊面积) <= 宗地面积"};
  feel::TypeScope scope;
  scope.add("宗地面积", feel::Type::number({}));
  feel::Type use_type = feel::Type::of(feel::Kind::Context);
  use_type.members.emplace_back("分摊面积", std::make_shared<const feel::Type>(feel::Type::number({})));
  scope.add("用地占用", feel::Type::list_of(use_type));
  law.tree = parsed(law.source_text, scope);
  law.over = "parcel_use";
  law.through = "parcel";
  law.on_any_date = true;
  parcel.laws = {law};
  schema::Register use{.id = "parcel_use", .name = "用地占用", .key = {"parcel", "user", "from"}};
  use.fields = {{.id = "parcel", .name = "宗地编号", .type = FieldType::Reference, .to = "parcel"},
                {.id = "user", .name = "使用企业", .type = FieldType::Text},
                {.id = "from", .name = "起用日期", .type = FieldType::Date},
                {.id = "to", .name = "止用日期", .type = FieldType::Date},
                {.id = "share", .name = "分摊面积", .type = FieldType::Number}};
  use.span = schema::Span{
      .from = "from", .to = "to", .includes_last_day = below(2) == 0, .may_overlap = below(4) == 0};
  schema::Register year{
      .id = "parcel_year", .name = "宗地年度", .of = "parcel", .period = schema::PeriodKey::Year};
  year.fields = {{.id = "licence", .name = "许可证号", .type = FieldType::Text},
                 {.id = "amount", .name = "金额", .type = FieldType::Number, .required = true}};
  year.fields[kLicence].unique = below(2) == 0 ? schema::Unique::InRegister : schema::Unique::InPeriod;
  d.schema.registers = {use, parcel, year};

  const auto known = [](registers::Scalar value) {
    return Resolved{.state = State::Known, .value = std::move(value)};
  };
  const auto maybe = [&](registers::Scalar value) {
    const int chance = below(12);
    return chance == 0   ? Resolved{}
           : chance == 1 ? Resolved{.state = State::Disputed, .value = value}
                         : known(std::move(value));
  };
  const int parcels = 1 + below(4);
  for (int i = 0; i < parcels; ++i) {
    const std::string code = "P" + std::to_string(i);
    d.parcels.push_back({.key = code});
    d.parcels.back().fields = {known(code), maybe("D" + std::to_string(below(3))), maybe(Decimal(below(10))),
                               maybe(std::string("有"))};
    for (int y = 2021; y < 2024; ++y)
      if (below(3) != 0) {
        d.years.push_back({.key = code, .period = calendar::Period::year(y)});
        d.years.back().fields = {maybe("L" + std::to_string(below(4))), maybe(Decimal(below(9)))};
      }
  }
  std::set<std::string> keys;
  for (int i = below(14); i > 0; --i) {
    const std::string code = "P" + std::to_string(below(parcels + 1)), user = "U" + std::to_string(below(2));
    const Date from = day(below(kDays - 10));
    const std::string key = code + '\x1F' + user + '\x1F' + from.to_string();
    if (!keys.insert(key).second) continue;
    d.uses.push_back({.key = key});
    d.uses.back().fields = {known(code), known(user), below(15) == 0 ? Resolved{} : known(from),
                            below(3) == 0 ? Resolved{} : known(from.plus_days(below(12) - 1)),
                            maybe(Decimal::scaled(below(60), -1))};
  }
  d.snapshot = column::snapshot_of(d.schema, {d.uses, d.parcels, d.years});
  return d;
}

using Told = std::set<std::tuple<std::string, int, std::size_t, int>>;

// By looking at every pair of rows and every day.
Told by_brute_force(const District& d, std::set<std::pair<std::size_t, int>>& broken_days,
                    std::set<std::pair<std::size_t, int>>& unknown_days) {
  Told told;
  const column::Table &uses = d.snapshot.tables[0], &parcels = d.snapshot.tables[1],
                      &years = d.snapshot.tables[2];
  const auto value = [](const column::Table& table, std::size_t field, std::size_t row) {
    return column::value_of(table, field, row);
  };
  const auto has = [&](const column::Table& table, const std::string& key) {
    for (std::size_t row = 0; row < table.size(); ++row)
      if (table.key[row] == key) return true;
    return false;
  };
  for (std::size_t a = 0; a < parcels.size(); ++a) {
    const auto deed = value(parcels, kDeed, a);
    for (std::size_t b = 0; b < a; ++b)
      if (!deed.is_null() && value(parcels, kDeed, b).to_text() == deed.to_text())
        told.insert({"E-LAWS-103", 1, a, kDeed});
    const auto area = value(parcels, kArea, a);
    const State note = column::state_of(parcels, kNote, a);
    if (!area.is_null() && area.number() > Decimal(5) && note != State::Known && note != State::Disputed)
      told.insert({"E-LAWS-102", 1, a, kNote});
  }
  const bool by_period = d.schema.registers[2].fields[kLicence].unique == schema::Unique::InPeriod;
  for (std::size_t a = 0; a < years.size(); ++a) {
    const State amount = column::state_of(years, kAmount, a);
    if (amount != State::Known && amount != State::Disputed) told.insert({"E-LAWS-101", 2, a, kAmount});
    const auto licence = value(years, kLicence, a);
    // The first bearer of a number is right; those that come after it are told.
    for (std::size_t b = 0; b < a && !licence.is_null(); ++b) {
      if (value(years, kLicence, b).to_text() != licence.to_text()) continue;
      if (by_period && years.period[a] != years.period[b]) continue;
      if (years.key[a] != years.key[b]) told.insert({"E-LAWS-103", 2, a, kLicence});
      break;
    }
  }
  const schema::Span& span = *d.schema.registers[0].span;
  const auto holds = [&](std::size_t row, Date on) {
    const auto from = value(uses, kFrom, row), to = value(uses, kTo, row);
    if (from.is_null() || on < from.date()) return false;
    return to.is_null() || (span.includes_last_day ? on <= to.date() : on < to.date());
  };
  const auto one = [&](std::size_t row) {  // what may have one span at a time
    return value(uses, kParcel, row).to_text() + "/" + value(uses, kUser, row).to_text();
  };
  for (std::size_t a = 0; a < uses.size(); ++a) {
    if (!has(parcels, value(uses, kParcel, a).to_text())) told.insert({"E-LAWS-104", 0, a, kParcel});
    const auto from = value(uses, kFrom, a);
    if (from.is_null()) continue;
    bool ever = false;
    for (int n = 0; n <= kDays + 20; ++n) ever = ever || holds(a, day(n));
    if (!ever) told.insert({"E-LAWS-106", 0, a, kTo});
    if (span.may_overlap || !ever) continue;
    for (std::size_t b = 0; b < uses.size(); ++b) {
      if (a == b || one(a) != one(b) || value(uses, kFrom, b).is_null()) continue;
      const bool b_first = value(uses, kFrom, b).date() < from.date() ||
                           (value(uses, kFrom, b).date() == from.date() && b < a);
      if (b_first && holds(b, from.date())) told.insert({"E-LAWS-105", 0, a, kFrom});
    }
  }
  for (std::size_t p = 0; p < parcels.size(); ++p)
    for (int n = 0; n <= kDays + 20; ++n) {
      Decimal sum(0);
      bool known = true, any = false;
      for (std::size_t u = 0; u < uses.size(); ++u) {
        if (value(uses, kParcel, u).to_text() != parcels.key[p] || !holds(u, day(n))) continue;
        any = true;
        const auto share = value(uses, kShare, u);
        if (share.is_null())
          known = false;
        else
          sum = sum + share.number();
      }
      const auto area = value(parcels, kArea, p);
      if (!any) continue;
      if (!known || area.is_null())
        unknown_days.insert({p, n});
      else if (sum > area.number())
        broken_days.insert({p, n});
    }
  return told;
}

RC_GTEST_PROP(Laws, FindingsEqualLookingAtEveryPairAndEveryDay, (std::uint32_t seed)) {
  const District d = random_district(seed);
  std::set<std::pair<std::size_t, int>> broken, unknown, broken_told, unknown_told;
  const Told expected = by_brute_force(d, broken, unknown);
  Told told;
  const Checked checked = check(d.schema, d.snapshot);
  for (const Finding& finding : checked.findings) {
    if (finding.law < 0) {
      told.insert({finding.code, finding.subject.register_index, finding.subject.row, finding.field});
      continue;
    }
    if (!finding.from) continue;  // a use without its first day: told, on no day
    for (int n = 0; n <= kDays + 20; ++n)
      if (*finding.from <= day(n) && (!finding.until || day(n) <= *finding.until))
        (finding.code == "E-LAWS-108" ? broken_told : unknown_told).insert({finding.subject.row, n});
  }
  RC_ASSERT(told == expected);
  RC_ASSERT(broken_told == broken);
  RC_ASSERT(unknown_told == unknown);
}

}  // namespace
}  // namespace tenglong::laws
