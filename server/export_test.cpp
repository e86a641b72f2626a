// What is exported and taken in again is what was there: known, 缺报, 不适用, in dispute, never said.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/intake/intake.h"
#include "engine/register/memory_store.h"
#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"
#include "tests/postgres/postgres.h"

namespace tenglong::server {
namespace {

using quantity::State;

// By key, period and field: the state and the value; nothing where nobody said anything. A value in dispute
// is no statement of a file.
std::map<std::string, std::string> said_in(const registers::RegisterStore& store,
                                           const schema::Register& target) {
  std::map<std::string, std::string> out;
  registers::read_records(store, target, {}, [&](registers::Record&& record) {
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      const registers::Resolved& value = record.fields[i];
      if (target.fields[i].is_computed() || value.origin.batch.value == 0 || value.state == State::Disputed)
        continue;
      out[record.key + " " + (record.period ? record.period->to_string() : "") + " " + target.fields[i].id] =
          std::string(quantity::to_code(value.state)) + " " +
          (value.state == State::Known ? registers::to_text(value.value) : "");
    }
  });
  return out;
}

class ExportTest : public testing::TestWithParam<std::tuple<const char*, const char*>> {};
INSTANTIATE_TEST_SUITE_P(
    On, ExportTest, testing::Combine(testing::Values("sqlite", "postgres"), testing::Values("csv", "xlsx")),
    [](const auto& each) { return std::string(std::get<0>(each.param)) + "_" + std::get<1>(each.param); });

TEST_P(ExportTest, TakenInAgainChangesNothing) {
  const auto [backend, format] = GetParam();
  SampleDistrict at(std::string_view(backend) == "postgres" ? postgres::new_database() : std::string());
  const schema::Schema& schema = at.read.pack->schema;
  // Every state in every kind of field, some of it said twice.
  for (const char* id : {"enterprise", "enterprise_year", "parcel"}) {
    const schema::Register& target = *schema.find(id);
    std::vector<registers::Record> some;
    registers::read_records(at.store->registers(), target, {}, [&](registers::Record&& record) {
      if (some.size() < 12) some.push_back(std::move(record));
    });
    for (const char* provider : {"专班", "别处"}) {
      const registers::Batch batch{.register_id = id, .provider = provider};
      const auto writer = at.store->registers().write(batch);
      for (std::size_t r = 0; r < some.size(); ++r) {
        registers::Statement said{.register_id = id, .record_key = some[r].key, .period = some[r].period};
        for (std::size_t f = 0; f < target.fields.size(); ++f) {
          const schema::Field& field = target.fields[f];
          const bool is_key = std::find(target.key.begin(), target.key.end(), field.id) != target.key.end();
          if (is_key || field.is_computed() || field.required || (r + f) % 4 == 3) continue;
          const State state = (r + f) % 4 == 0 ? State::Missing : State::NotApplicable;
          if ((r + f) % 4 < 2)
            said.values.push_back({.field = static_cast<int>(f), .state = state, .value = {}, .cell = {}});
        }
        writer->add(said);
      }
      writer->commit(batch);
    }
  }
  at.district->renew();
  TestClient client(at.server->port());
  client.always["X-Role"] = "analyst";
  std::set<std::string> states;
  for (const char* id : {"enterprise", "enterprise_year", "parcel"}) {
    const schema::Register& target = *schema.find(id);
    std::map<std::string, std::string> before = said_in(at.store->registers(), target);
    for (const auto& [place, value] : before) states.insert(value.substr(0, value.find(' ')));
    registers::MemoryStore second;
    std::set<std::string> periods = {""};
    if (target.period != schema::PeriodKey::None)
      for (const auto& period : at.district->edition()->snapshot->find(id)->period.distinct())
        periods.insert(period->to_string());
    for (const std::string& period : periods) {
      if (period.empty() != (target.period == schema::PeriodKey::None)) continue;
      const Received file =
          client.ask("GET", std::string("/api/registers/") + id + "/export?format=" + format +
                                (period.empty() ? "" : "&period=" + period));
      ASSERT_EQ(file.status, 200);
      const intake::Intake again =
          intake::import_bytes(target.name + period + "." + format, file.body, schema, second,
                               {.provider = "专班", .register_id = id, .accept_unusual = true});
      for (const diagnostic::Diagnostic& one : again.diagnostics)
        EXPECT_NE(one.severity, diagnostic::Severity::Error) << one.code << " " << one.message.zh;
    }
    const std::map<std::string, std::string> after = said_in(second, target);
    int told = 0;
    for (const auto& [place, value] : before) {
      const auto found = after.find(place);
      if ((found == after.end() || found->second != value) && ++told < 10)
        ADD_FAILURE() << place << ": " << value << " became "
                      << (found == after.end() ? "nothing" : found->second);
    }
    for (const auto& [place, value] : after)
      if (!before.contains(place) && ++told < 10) ADD_FAILURE() << place << ": nothing became " << value;
  }
  EXPECT_EQ(states, (std::set<std::string>{"known", "missing", "not_applicable"}));
}

}  // namespace
}  // namespace tenglong::server
