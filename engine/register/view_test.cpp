// Which statement holds when there are days, moments, preliminary figures and rulings.
#include <gtest/gtest.h>

#include "engine/register/memory_store.h"
#include "engine/register/register.h"

namespace tenglong::registers {
namespace {

constexpr const char* kTax = "区税务局";
constexpr const char* kStatistics = "区统计局";
constexpr const char* kMarket = "区市场监管局";

schema::Register enterprise() {
  schema::Register out{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  out.fields = {{.id = "name", .name = "企业名称", .type = schema::FieldType::Text, .provider = kMarket},
                {.id = "town", .name = "镇街", .type = schema::FieldType::Text}};
  return out;
}
schema::Register enterprise_month() {
  schema::Register out{.id = "enterprise_month",
                       .name = "企业月度",
                       .key = {"credit_code"},
                       .period = schema::PeriodKey::Month};
  out.fields = {{.id = "output", .name = "产值", .type = schema::FieldType::Text, .provider = kStatistics},
                {.id = "power", .name = "用电量", .type = schema::FieldType::Text}};
  return out;
}

struct Said {
  const char* provider;
  int field;
  const char* value;  // nullptr: 缺报
  const char* received;
  const char* effective = "";
  Source source = Source::File;
  bool is_preliminary = false;
};
struct ViewCase {
  const char* what;
  bool is_monthly;
  std::vector<Said> said;  // a batch each
  const char* as_of;
  const char* known_on;
  int field;
  // value or 缺报 / 无, 存疑 behind it when disputed; rivals after |; <value when it replaced a preliminary
  // one
  const char* expected;
};

Statement statement_of(const Said& said, const schema::Register& target) {
  Statement out{.register_id = target.id, .record_key = "A", .sheet = "表", .row = 3};
  if (target.period != schema::PeriodKey::None) out.period = Period::month(2023, 5);
  if (*said.effective) out.effective = Date::parse(said.effective);
  FieldValue value{.field = said.field, .cell = "C3"};
  if (said.value)
    value.value = std::string(said.value);
  else
    value.state = State::Missing;
  out.values.push_back(value);
  return out;
}

std::string shown(const MemoryStore& store, const schema::Register& target, const View& view, int field) {
  const std::vector<Record> records = read_record(store, target, "A", view);
  if (records.empty()) return "无";
  const Resolved& held = records[0].fields.at(static_cast<std::size_t>(field));
  std::string out = to_text(held.value);
  if (held.state == State::Missing) out += "缺报";
  if (held.state == State::Disputed) out += "存疑";
  if (held.is_preliminary) out += "快报";
  if (held.preliminary) out += "<" + to_text(held.preliminary->value);
  for (const Resolved::Rival& rival : held.rivals) out += "|" + to_text(rival.value);
  if (held.ruling.value) out += " 据" + std::to_string(held.ruling.value);
  return out;
}

const std::vector<Said> kRenamed = {
    {kMarket, 0, "旧名", "2022-01-10T09:00:00+08:00"},
    {kMarket, 0, "新名", "2023-03-01T09:00:00+08:00", "2022-05-01"},
};

const ViewCase kCases[] = {
    {"before the renaming took effect", false, kRenamed, "2022-04-30", "", 0, "旧名"},
    {"on its day", false, kRenamed, "2022-05-01", "", 0, "新名"},
    {"on its day, as it was known before it was told", false, kRenamed, "2022-05-01", "2023-02-28", 0,
     "旧名"},
    {"a day that is said knows all of that day", false, kRenamed, "2022-05-01", "2023-03-01", 0, "新名"},
    {"a moment before the batch", false, kRenamed, "", "2023-03-01T08:59:59+08:00", 0, "旧名"},
    {"before anything was received", false, kRenamed, "", "2021-12-31", 0, "无"},
    {"history loaded after the present name does not rename back",
     false,
     {{kMarket, 0, "今名", "2023-03-01", "2022-05-01"}, {kMarket, 0, "曾用名", "2023-06-01", "2019-01-01"}},
     "",
     "",
     0,
     "今名"},
    {"the same history, looked at in 2020",
     false,
     {{kMarket, 0, "今名", "2023-03-01", "2022-05-01"}, {kMarket, 0, "曾用名", "2023-06-01", "2019-01-01"}},
     "2020-06-01",
     "",
     0,
     "曾用名"},
    {"before the first dated name nothing is known",
     false,
     {{kMarket, 0, "今名", "2023-03-01", "2022-05-01"}},
     "2021-01-01",
     "",
     0,
     "缺报"},
    {"a later list without dates holds from its receipt",
     false,
     {{kMarket, 0, "甲", "2022-01-10"}, {kMarket, 0, "乙", "2023-01-10"}},
     "2022-12-31",
     "",
     0,
     "甲"},
    {"a fact of a month is that month's, whatever day is asked",
     true,
     {{kStatistics, 0, "5", "2023-06-10"}, {kStatistics, 0, "6", "2023-08-10"}},
     "2023-05-31",
     "",
     0,
     "6"},
    {"the final figure replaces the preliminary one, and the difference stays visible",
     true,
     {{kStatistics, 0, "5", "2023-06-05", "", Source::File, true}, {kStatistics, 0, "6", "2023-06-20"}},
     "",
     "",
     0,
     "6<5"},
    {"until then the preliminary one holds, and says so",
     true,
     {{kStatistics, 0, "5", "2023-06-05", "", Source::File, true}, {kStatistics, 0, "6", "2023-06-20"}},
     "",
     "2023-06-19",
     0,
     "5快报"},
    {"a preliminary figure that comes late replaces nothing",
     true,
     {{kStatistics, 0, "6", "2023-06-20"}, {kStatistics, 0, "5", "2023-06-21", "", Source::File, true}},
     "",
     "",
     0,
     "6"},
    {"of two providers the final figure has no preliminary rival",
     true,
     {{kTax, 1, "5", "2023-06-05", "", Source::File, true}, {kStatistics, 1, "6", "2023-06-20"}},
     "",
     "",
     1,
     "6"},
    {"two preliminary figures differ",
     true,
     {{kTax, 1, "5", "2023-06-05", "", Source::File, true},
      {kStatistics, 1, "6", "2023-06-05", "", Source::File, true}},
     "",
     "",
     1,
     "5存疑快报|6"},
    {"a choice settles two that differ",
     true,
     {{kTax, 1, "5", "2023-06-05"},
      {kStatistics, 1, "6", "2023-06-06"},
      {"专班", 1, "6", "2023-06-07", "", Source::Choice}},
     "",
     "",
     1,
     "6|5 据3"},
    {"before it was made they differ",
     true,
     {{kTax, 1, "5", "2023-06-05"},
      {kStatistics, 1, "6", "2023-06-06"},
      {"专班", 1, "6", "2023-06-07", "", Source::Choice}},
     "",
     "2023-06-06",
     1,
     "5存疑|6"},
    {"the same value sent again does not reopen the choice",
     true,
     {{kTax, 1, "5", "2023-06-05"},
      {kStatistics, 1, "6", "2023-06-06"},
      {"专班", 1, "6", "2023-06-07", "", Source::Choice},
      {kTax, 1, "5", "2023-06-08"}},
     "",
     "",
     1,
     "6|5 据3"},
    {"a new value reopens it",
     true,
     {{kTax, 1, "5", "2023-06-05"},
      {kStatistics, 1, "6", "2023-06-06"},
      {"专班", 1, "6", "2023-06-07", "", Source::Choice},
      {kTax, 1, "7", "2023-06-08"}},
     "",
     "",
     1,
     "6存疑|7 据3"},
    {"who agreed with the choice and leaves it again reopens it",
     true,
     {{kTax, 1, "5", "2023-06-05"},
      {kStatistics, 1, "6", "2023-06-06"},
      {"专班", 1, "6", "2023-06-07", "", Source::Choice},
      {kTax, 1, "6", "2023-06-08"},
      {kTax, 1, "5", "2023-06-09"}},
     "",
     "",
     1,
     "6存疑|5 据3"},
    {"a correction beats the field's own provider",
     true,
     {{kStatistics, 0, "5", "2023-06-05"}, {"更正单1", 0, "8", "2023-06-07", "", Source::Correction}},
     "",
     "",
     0,
     "8|5 据2"},
    {"a correction may take a value back",
     true,
     {{kStatistics, 0, "5", "2023-06-05"}, {"更正单1", 0, nullptr, "2023-06-07", "", Source::Correction}},
     "",
     "",
     0,
     "缺报|5 据2"},
    {"the latest correction holds",
     true,
     {{kStatistics, 0, "5", "2023-06-05"},
      {"更正单1", 0, "8", "2023-06-07", "", Source::Correction},
      {"更正单2", 0, "9", "2023-06-08", "", Source::Correction}},
     "",
     "",
     0,
     "9|5 据3"},
    {"what takes effect after a ruling replaces it",
     false,
     {{kMarket, 0, "甲", "2022-01-10"},
      {"更正单1", 0, "乙", "2022-02-01", "", Source::Correction},
      {kMarket, 0, "丙", "2023-05-01", "2023-04-01"}},
     "",
     "",
     0,
     "丙"},
    {"and does not while it has not",
     false,
     {{kMarket, 0, "甲", "2022-01-10"},
      {"更正单1", 0, "乙", "2022-02-01", "", Source::Correction},
      {kMarket, 0, "丙", "2023-05-01", "2023-04-01"}},
     "2023-03-31",
     "",
     0,
     "乙|甲 据2"},
};

TEST(View, WhichStatementHoldsThen) {
  for (const ViewCase& c : kCases) {
    SCOPED_TRACE(c.what);
    const schema::Register target = c.is_monthly ? enterprise_month() : enterprise();
    MemoryStore store;
    for (const Said& said : c.said) {
      const Batch batch{.register_id = target.id,
                        .provider = said.provider,
                        .received_at = said.received,
                        .source = said.source,
                        .is_preliminary = said.is_preliminary};
      const auto writer = store.write(batch);
      writer->add(statement_of(said, target));
      writer->commit(batch);
    }
    View view;
    if (*c.as_of) view.as_of = Date::parse(c.as_of);
    if (*c.known_on) view.known_on = calendar::Moment::parse_through(c.known_on);
    EXPECT_EQ(shown(store, target, view, c.field), c.expected);
  }
}

TEST(View, SourcesHaveOneSpelling) {
  for (const Source each :
       {Source::File, Source::Form, Source::Api, Source::Correction, Source::RollUp, Source::Choice}) {
    EXPECT_EQ(source_of(to_text(each)), each);
    EXPECT_FALSE(name_of(each).empty());
  }
  EXPECT_EQ(source_of("fax"), std::nullopt);
}

}  // namespace
}  // namespace tenglong::registers
