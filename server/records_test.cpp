// Records over the wire: what is exported is what is listed; a record as it was, and as it was known.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

struct OfRecords : testing::Test {
  SampleDistrict at;
};

// What is exported is the list: its rows, its order, its columns, and no more than who asks may see.
TEST_F(OfRecords, AnExportIsTheList) {
  TestClient client(at.server->port());
  const auto lines_of = [](const std::string& csv) {
    std::vector<std::string> out;
    for (std::size_t from = 3; from < csv.size();) {
      const std::size_t end = csv.find("\r\n", from);
      out.push_back(csv.substr(from, end - from));
      from = end + 2;
    }
    return out;
  };
  struct Row {
    const char *what, *role, *about, *query;
    const char* header;
  };
  const Row kRows[] = {
      {"sorted", "analyst", "enterprise_year", "sort=-tax_paid&columns=tax_paid,land_used",
       "统一社会信用代码,年度,实缴税收（万元）,用地面积（亩）"},
      {"filtered", "analyst", "enterprise_year", "where=%E8%A7%84%E4%B8%8A&sort=land_used&columns=land_used",
       "统一社会信用代码,年度,用地面积（亩）"},
      {"computed", "analyst", "parcel", "sort=-land_unit_price&columns=land_unit_price",
       "宗地编号,出让单价（万元/亩）（只读）"},
      {"a town", "analyst", "enterprise_year",
       "columns=tax_paid&town=", "统一社会信用代码,年度,实缴税收（万元）"},
      {"its own town", "town", "enterprise_year", "columns=tax_paid",
       "统一社会信用代码,年度,实缴税收（万元）"},
      {"a department", "department", "enterprise_year", "columns=tax_paid,value_added",
       "统一社会信用代码,年度,实缴税收（万元）,工业增加值（万元）（只读）"},
  };
  for (const Row& row : kRows) {
    client.always["X-Role"] = row.role;
    const std::string query =
        std::string(row.query) + (std::string(row.query).ends_with("town=") ? at.callers->town : "");
    const std::string about = std::string("/api/registers/") + row.about;
    const Json list = read_json(client.ask("GET", about + "/records?size=500&" + query).body).value;
    const Received got = client.ask("GET", about + "/export?format=csv&" + query);
    ASSERT_EQ(got.status, 200) << row.what << got.body;
    const std::vector<std::string> lines = lines_of(got.body);
    ASSERT_FALSE(lines.empty()) << row.what;
    EXPECT_EQ(lines[0], row.header) << row.what;
    const std::vector<Json>& rows = list.find("rows")->items;
    ASSERT_EQ(lines.size(), rows.size() + 1) << row.what;
    ASSERT_GT(rows.size(), 1u) << row.what;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_TRUE(lines[i + 1].starts_with(rows[i].text_of("key"))) << row.what << i << lines[i + 1];
      std::size_t from = lines[i + 1].size();
      for (auto cell = rows[i].find("cells")->members.rbegin(); cell != rows[i].find("cells")->members.rend();
           ++cell) {
        if (std::find(lines[0].begin(), lines[0].end(), ',') == lines[0].end() || from == 0) break;
        const std::size_t comma = lines[i + 1].rfind(',', from - 1);
        const std::string written = lines[i + 1].substr(comma + 1, from - comma - 1);
        const std::string state = cell->second.text_of("state");
        const Json* figure = cell->second.find("figure");
        EXPECT_EQ(written, state == "hidden"    ? "—"
                           : state == "missing" ? ""
                           : figure != nullptr && figure->find("value") != nullptr
                               ? figure->find("value")->text
                               : cell->second.text_of("text"))
            << row.what << lines[i + 1];
        from = comma;
      }
    }
  }
  client.always["X-Role"] = "outside_unit";
  EXPECT_EQ(client.ask("GET", "/api/registers/enterprise_year/export").status, 404);
}

// What is known now, what was known then, what held on a day: asked of the same page.
TEST_F(OfRecords, ARecordIsSeenAsItWasAndAsItWasKnown) {
  TestClient client(at.server->port());
  client.always["X-Role"] = "analyst";
  const std::string path = "/api/registers/enterprise_year/records/" + at.callers->firm;
  const auto states = [&](const std::string& query) {
    std::map<std::string, std::string> out;
    const Received got = client.ask("GET", path + query);
    EXPECT_EQ(got.status, 200) << got.body;
    const Json page = read_json(got.body).value;
    for (const Json& field : page.find("fields")->items)
      out[field.text_of("id")] =
          field.find("cell")->text_of("state") + " " + field.find("cell")->text_of("text");
    return out;
  };
  const auto now = states("");
  ASSERT_TRUE(now.at("tax_paid").starts_with("known "));
  for (const auto& [id, said] : states("?known_on=2000-01-01"))
    EXPECT_TRUE(said.starts_with("missing")) << id;
  for (const auto& [id, said] : states("?known_on=2999-12-31&as_of=2999-12-31"))
    EXPECT_EQ(said, now.at(id)) << id;
  EXPECT_EQ(client.ask("GET", path + "?as_of=gestern").status, 400);
}

}  // namespace
}  // namespace tenglong::server
