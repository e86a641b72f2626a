// Masks over the wire: of a value above the level of who asks, the same ends show on every road, and nothing
// else does: not by a sum, a filter, an order, or by being found.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "server/inside/cells.h"
#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

std::string escaped_of(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text)
    out += std::string("%") + kHex[static_cast<unsigned char>(c) >> 4] +
           kHex[static_cast<unsigned char>(c) & 15];
  return out;
}

TEST(Masks, ShowTheSameEndsOnEveryRoad) {
  SampleDistrict at;
  pack::Pack pack = *at.read.pack;
  ASSERT_FALSE(pack.access.empty());
  std::set<std::string> masked;
  for (const schema::Register& target : pack.schema.registers)
    for (const schema::Field& field : target.fields)
      if (field.sensitivity != schema::Sensitivity::Public && masked.insert(field.id).second)
        pack.access[0].masks.push_back({.field = {field.id, {}},
                                        .first = quantity::Decimal(1),
                                        .last = quantity::Decimal(schema::is_number(field.type) ? 0 : 1)});
  diagnostic::Diagnostics told;
  const access::Policy policy = access::Policy::compile(pack, told);
  ASSERT_FALSE(diagnostic::has_errors(told)) << told[0].message.zh;
  at.callers->other_policy = &policy;
  const auto edition = at.district->edition();
  TestClient client(at.server->port());
  std::map<std::string, int> shown;  // masked cells by role
  for (const std::string& role : policy.roles()) {
    client.always["X-Role"] = role;
    const access::Scope scope =
        policy.scope_of(at.callers->account(role), {}, at.district->options().today());
    for (const char* id : {"enterprise", "enterprise_year", "parcel"}) {
      const schema::Register& target = *pack.schema.find(id);
      const column::Table& table = *edition->snapshot->find(id);
      const std::string road = std::string("/api/registers/") + id;
      const Received list = client.ask("GET", road + "/records?size=40");
      if (list.status != 200) continue;
      const Json seen = read_json(list.body).value;
      for (std::size_t f = 0; f < target.fields.size(); ++f) {
        const schema::Field& field = target.fields[f];
        const std::string what = role + " " + id + "." + field.id;
        int covered = 0;
        std::map<std::string, std::string> texts;  // by key
        for (const Json& row : seen.find("rows")->items) {
          const Json& cell = *row.find("cells")->find(field.id);
          if (cell.text_of("state") != "hidden") continue;
          ++covered;
          const std::string key = row.text_of("key");
          const auto period = calendar::Period::parse(row.text_of("period"));
          const std::int32_t place = table.find(key, period);
          ASSERT_GE(place, 0) << what;
          const std::string value = text_of_cell(table, f, static_cast<std::size_t>(place));
          const std::string ends = value.empty() ? "—" : scope.masked(field.id, value).value_or("—");
          EXPECT_EQ(cell.text_of("text"), ends) << what << " " << key;
          EXPECT_EQ(cell.find("masked") != nullptr, ends != "—") << what;
          EXPECT_EQ(cell.find("figure"), nullptr) << what;
          texts[key] = ends;
          if (ends == "—") continue;
          ++shown[role];
          if (texts.size() > 3) continue;
          const std::string page =
              client.ask("GET", road + "/records/" + escaped_of(key) + "?period=" + row.text_of("period"))
                  .body;
          const Json record = read_json(page).value;
          for (const Json& one : record.find("fields")->items) {
            if (one.text_of("id") == field.id) {
              EXPECT_EQ(one.find("cell")->text_of("text"), ends) << what << " " << key;
            }
          }
          if (value.size() > 5 && key.find(value) == std::string::npos) {  // short ones are in many keys
            EXPECT_EQ(client.ask("GET", "/api/search?q=" + escaped_of(value)).body.find(key),
                      std::string::npos)
                << what;
          }
        }
        if (covered == 0) continue;
        EXPECT_EQ(client.ask("GET", road + "/records?sort=" + field.id).status, 400) << what;
        if (schema::is_number(field.type)) {
          const Json* sum = seen.find("sums")->find(field.id);
          ASSERT_NE(sum, nullptr) << what;
          EXPECT_EQ(sum->text_of("state"), "hidden") << what;
          EXPECT_EQ(sum->find("value"), nullptr) << what;
          EXPECT_NE(sum->find("reason"), nullptr) << what;
        }
        const Received file = client.ask("GET", road + "/export?format=csv&columns=" + field.id);
        if (file.status != 200) continue;
        for (const std::string_view line : text::split(file.body, '\n')) {
          const std::string_view key = line.substr(0, line.find(','));
          const auto found = texts.find(std::string(key));
          if (found == texts.end() || target.period != schema::PeriodKey::None) continue;
          std::string_view last = line.substr(line.rfind(',') + 1);
          if (last.ends_with('\r')) last.remove_suffix(1);
          EXPECT_EQ(last, found->second) << what;
        }
      }
    }
  }
  for (const auto& [role, count] : shown) std::printf("  %s: %d masked cells\n", role.c_str(), count);
  EXPECT_GT(shown["leader"], 0);
  EXPECT_GT(shown["department"], 0);
  EXPECT_EQ(shown["analyst"], 0);
}

}  // namespace
}  // namespace tenglong::server
