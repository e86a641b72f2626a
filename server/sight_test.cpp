// Rights over the wire: relation × state. A role that may read in one relation and one state reads over every
// road where both hold, and over none where one does not.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

using access::Operation;
using access::Relation;
using access::State;

std::string role_id(std::size_t relation, std::size_t state) {
  return "r" + std::to_string(relation) + "s" + std::to_string(state);
}

// One role for each relation and state; whatever nobody is to do is the last one's.
pack::Access one_role_a_cell() {
  pack::Access out;
  const auto add = [&](const std::string& role, const std::vector<std::string>& operations,
                       const std::string& relation, const std::vector<std::string>& states) {
    out.roles.push_back({.id = role, .name = role});
    pack::AccessLine line;
    line.roles = {{.text = role}};
    for (const std::string& each : operations) line.operations.push_back({.text = each});
    line.relations = {{.text = relation}};
    for (const std::string& each : states) line.states.push_back({.text = each});
    line.level = {.text = "敏感"};
    out.lines.push_back(line);
  };
  std::vector<std::string> reads, all;
  for (const access::OperationInfo& each : access::operations()) {
    all.push_back(each.zh);
    if (each.reads) reads.push_back(each.zh);
  }
  for (std::size_t relation = 0; relation < access::kRelations; ++relation)
    for (std::size_t state = 0; state < access::kStates; ++state)
      add(role_id(relation, state), reads, access::kRelationNames[relation], {access::kStateNames[state]});
  add("rest", all, access::kRelationNames[5], {});
  return out;
}

struct WireMatrix : testing::Test {
  void SetUp() override {
    const auto edition = at.district->edition();
    const column::Table& years = *edition->snapshot->find("enterprise_year");
    for (std::size_t row = 0; row < years.size(); ++row) {
      if (years.period[row] != edition->period) continue;
      const std::string town = edition->naming().town("enterprise_year", row);
      if (town == at.callers->town && years.key[row] != at.callers->firm) mate = years.key[row];
      if (town != at.callers->town) stranger = years.key[row];
    }
    pack = *at.read.pack;
    pack.access = {one_role_a_cell()};
    diagnostic::Diagnostics told;
    policy = access::Policy::compile(pack, told);
    ASSERT_FALSE(diagnostic::has_errors(told)) << told[0].message.zh;
    at.callers->other_policy = &policy;
    at.callers->consents = {{.firm = stranger, .unit = at.callers->unit, .from = {2020, 1, 1}}};
  }
  void set_state(State state) {
    const auto edition = at.district->sealed_edition_of("");
    for (const schema::Register& each : pack.schema.registers) {
      at.store->lists().mark(each.id, each.period == schema::PeriodKey::None ? std::nullopt : edition->period,
                             state);
      for (const auto& period : edition->snapshot->find(each.id)->period.distinct())
        at.store->lists().mark(each.id, period, state);
    }
    at.store->set(published_setting(edition->period->to_string()),
                  state == State::Published ? edition->fingerprint : "");
    at.district->renew_state();
  }
  // `provides`: the unit of who asks states a field of it.
  bool stands(Relation relation, const std::string& firm, bool provides) const {
    switch (relation) {
      case Relation::OwnFirm:
        return firm == at.callers->firm;
      case Relation::OwnTown:
        return firm != stranger;
      case Relation::OwnDepartment:
        return provides;
      case Relation::OwnBatch:
        return false;
      case Relation::Consented:
        return firm == stranger;
      case Relation::District:
        return true;
    }
    return false;
  }

  SampleDistrict at;
  std::string mate, stranger;
  pack::Pack pack;
  access::Policy policy;
};

TEST_F(WireMatrix, ReadsWhereRelationAndStateHoldAndNowhereElse) {
  TestClient client(at.server->port());
  const std::string year = at.district->edition()->period->to_string();
  const std::string list = "/api/registers/enterprise_year/records";
  int asked = 0;
  for (std::size_t is = 0; is < access::kStates; ++is) {
    set_state(static_cast<State>(is));
    for (std::size_t relation = 0; relation < access::kRelations; ++relation)
      for (std::size_t state = 0; state < access::kStates; ++state) {
        client.always["X-Role"] = role_id(relation, state);
        const auto expects = [&](const std::string& firm, bool provides) {
          return state == is && stands(static_cast<Relation>(relation), firm, provides);
        };
        const auto where = [&](const std::string& road, const std::string& firm) {
          return road + " " + access::kRelationNames[relation] + " " + access::kStateNames[state] +
                 " while " + access::kStateNames[is] + " " + firm;
        };
        const std::string all = client.ask("GET", list + "?size=500&columns=tax_paid").body;
        const Received file = client.ask("GET", "/api/registers/enterprise_year/export?format=csv");
        for (const std::string& firm : {at.callers->firm, mate, stranger}) {
          const bool of_year = expects(firm, true), of_firm = expects(firm, false);
          EXPECT_EQ(all.find(firm) != std::string::npos, of_year) << where("list", firm);
          EXPECT_EQ(file.status == 200 && file.body.find(firm) != std::string::npos, of_year)
              << where("export", firm) << file.body.substr(0, 300);
          EXPECT_EQ(client.ask("GET", list + "/" + firm).status, of_year ? 200 : 404)
              << where("record", firm);
          EXPECT_EQ(client.ask("GET", list + "/" + firm + "/history").status, of_year ? 200 : 404)
              << where("history", firm);
          EXPECT_EQ(client.ask("GET", "/api/search?q=" + firm).body.find(firm) != std::string::npos, of_firm)
              << where("search", firm);
          // A result is nobody's data: whose relation is by department, has none, and only what was reported.
          const Received page = client.ask("GET", "/api/enterprises/" + firm);
          EXPECT_EQ(page.status, of_year ? 200 : 404) << where("enterprise", firm);
          if (page.status == 200) {
            const Json told = read_json(page.body).value;
            EXPECT_EQ(told.find("is_open")->boolean, of_firm) << where("enterprise", firm);
            EXPECT_TRUE(of_firm || told.find("results")->items.empty()) << where("enterprise", firm);
          }
          asked += 6;
        }
        std::int64_t listed = 0;
        const Json registers = read_json(client.ask("GET", "/api/registers").body).value;
        if (const Json* found = registers.find("registers"))
          for (const Json& each : found->items)
            if (each.text_of("id") == "enterprise_year" && each.find("count") != nullptr)
              listed = std::stoll(each.find("count")->text);
        if (state != is) {
          EXPECT_EQ(listed, 0) << where("count", "");
        }
        if (state == is && static_cast<Relation>(relation) == Relation::OwnFirm) {
          EXPECT_GT(listed, 0) << "a firm counts its own years";
        }
      }
  }
  EXPECT_EQ(asked, 4 * 24 * 18);
}

// What is unchanged for who could see it is not "unchanged" for who no longer may.
TEST_F(WireMatrix, ATagEndsWithTheSight) {
  TestClient client(at.server->port());
  client.always["X-Role"] = role_id(4, 0);
  set_state(State::Draft);
  const std::string list = "/api/registers/enterprise_year/records?columns=tax_paid";
  const Received seen = client.ask("GET", list);
  ASSERT_NE(seen.body.find(stranger), std::string::npos);
  const std::string tag = seen.headers.at("etag");
  EXPECT_EQ(client.ask("GET", list, "", {{"If-None-Match", tag}}).status, 304);
  at.callers->consents[0].withdrawn = at.district->options().today();
  EXPECT_NE(client.ask("GET", list, "", {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(client.ask("GET", list).body.find(stranger), std::string::npos);
}

}  // namespace
}  // namespace tenglong::server
