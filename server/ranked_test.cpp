// Rankings and 清单 as lists, over the wire: ordered by any column, what is not known last either way;
// filtered; written as files that hold exactly what the list shows; nobody sees another's rows by any of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

class RankedLists : public testing::Test {
 protected:
  RankedLists() : client(sample.server->port()) {
    client.always["X-Role"] = "analyst";
    scheme = "/api/results/schemes/" + sample.district->pack().schemes[1].id;
    roster = "/api/results/rosters/" + sample.district->pack().rosters[0].id;
  }
  Json ask(const std::string& target) {
    const Received got = client.ask("GET", target);
    EXPECT_EQ(got.status, 200) << target << "\n" << got.body;
    return read_json(got.body).value;
  }
  static const std::vector<Json>& rows(const Json& list) { return list.find("rows")->items; }
  static std::vector<std::string> keys(const Json& list) {
    std::vector<std::string> out;
    for (const Json& row : rows(list)) out.push_back(row.text_of("key"));
    return out;
  }
  // A cell as what it is ordered by: a number if it is one.
  static std::optional<quantity::Decimal> number(const Json& row, const std::string& column) {
    const Json* figure = row.find("cells")->find(column)->find("figure");
    const Json* value = figure == nullptr ? nullptr : figure->find("value");
    return value == nullptr ? std::nullopt : quantity::Decimal::parse(value->text);
  }
  static std::string shown(const Json& row, const std::string& column) {
    return row.find("cells")->find(column)->find("text")->text_of("zh");
  }
  SampleDistrict sample;
  TestClient client;
  std::string scheme, roster;
};

TEST_F(RankedLists, ARankingOpensByPlaceAndThoseWithoutOneComeLast) {
  const Json list = ask(scheme + "?size=500");
  ASSERT_GT(rows(list).size(), 20u);
  std::int64_t before = 0;
  bool has_ended = false, has_none = false;
  for (const Json& row : rows(list)) {
    const std::int64_t rank = std::stoll(row.find("rank")->text);
    if (rank == 0) {
      has_ended = has_none = true;
      continue;
    }
    EXPECT_FALSE(has_ended) << "one with a place behind one without";
    EXPECT_GE(rank, before);
    before = rank;
  }
  EXPECT_TRUE(has_none) << "the sample has enterprises that are not rated";
  EXPECT_NE(list.find("sentence")->text_of("zh").find("A 档 "), std::string::npos);
}

TEST_F(RankedLists, EveryColumnOrdersUpAndDown) {
  for (const std::string& path : {scheme, roster + "?place=all"}) {
    const std::string more = path + (path == scheme ? "?" : "&") + "size=500&columns=";
    std::string all;
    const Json columns = ask(more.substr(0, more.size() - 9));
    for (const Json& column : columns.find("columns")->items)
      all += (all.empty() ? "" : ",") + column.text_of("id");
    for (const Json& column : columns.find("columns")->items) {
      const std::string id = column.text_of("id");
      EXPECT_TRUE(column.find("is_sortable")->boolean) << id;
      const Json up = ask(more + all + "&sort=" + id), down = ask(more + all + "&sort=-" + id);
      ASSERT_EQ(keys(up).size(), keys(down).size()) << id;
      const auto same = [](std::vector<std::string> a, std::vector<std::string> b) {
        std::sort(a.begin(), a.end());
        std::sort(b.begin(), b.end());
        return a == b;
      };
      EXPECT_TRUE(same(keys(up), keys(down))) << id;
      for (const bool falls : {false, true}) {
        const Json& list = falls ? down : up;
        bool has_ended = false;
        std::optional<quantity::Decimal> before;
        for (const Json& row : rows(list)) {
          if (column.text_of("kind") != "number") continue;
          const auto now = number(row, id);
          if (!now) {
            has_ended = true;
            continue;
          }
          EXPECT_FALSE(has_ended) << id << ": what is not known comes last, up or down";
          if (before) EXPECT_FALSE(falls ? *before < *now : *now < *before) << id;
          before = now;
        }
      }
    }
  }
}

TEST_F(RankedLists, FiltersKeepWhatTheySay) {
  const Json all = ask(scheme + "?size=500");
  const std::string town = all.find("towns")->items.at(0).text_of("code");
  const std::string industry = all.find("industries")->items.at(0).text_of("code");
  const std::string industry_name = all.find("industries")->items.at(0).text_of("name");
  const auto expect = [&](const std::string& query, const std::function<bool(const Json&)>& fits) {
    std::vector<std::string> wanted;
    for (const Json& row : rows(all))
      if (fits(row)) wanted.push_back(row.text_of("key"));
    const Json list = ask(scheme + "?size=500&" + query);
    EXPECT_EQ(keys(list), wanted) << query;
    EXPECT_EQ(list.find("total")->text, std::to_string(wanted.size())) << query;
    EXPECT_FALSE(wanted.empty()) << query << ": the sample has some";
  };
  expect("town=" + town, [&](const Json& row) { return row.text_of("town") == town; });
  expect("industry=" + industry, [&](const Json& row) { return row.text_of("industry") == industry_name; });
  expect("grade=C,D",
         [](const Json& row) { return row.text_of("grade") == "C" || row.text_of("grade") == "D"; });
  const auto total = [](const Json& row) { return number(row, "total"); };
  // Exactly on the line: a total is at least itself and not below itself.
  const std::string line = total(rows(all).at(7))->to_string();
  const quantity::Decimal at = *quantity::Decimal::parse(line);
  expect("total_from=" + line, [&](const Json& row) { return total(row) && !(*total(row) < at); });
  expect("total_below=" + line, [&](const Json& row) { return total(row) && *total(row) < at; });
  expect("standing=exempt", [](const Json& row) { return row.text_of("standing") == "exempt"; });
  EXPECT_EQ(client.ask("GET", scheme + "?total_from=many").status, 400);
  const Received wrong = client.ask("GET", scheme + "?sort=totl");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(wrong.body.find("E-SERVER-207"), std::string::npos);
  EXPECT_NE(wrong.body.find("“total”吗"), std::string::npos) << wrong.body;
}

TEST_F(RankedLists, AFileHoldsWhatTheListShows) {
  const std::string query = "?grade=C,D&sort=-total&columns=name,total,grade";
  const Json list = ask(scheme + query + "&size=500");
  std::string expected = "\xEF\xBB\xBF名称,总分（分）,等级\r\n";
  for (const Json& row : rows(list))
    expected +=
        shown(row, "name") + "," + number(row, "total")->to_string() + "," + shown(row, "grade") + "\r\n";
  EXPECT_EQ(client.ask("GET", scheme + "/export" + query + "&format=csv").body, expected);
  EXPECT_EQ(client.ask("GET", scheme + "/export" + query).body.substr(0, 2), "PK");
  EXPECT_EQ(client.ask("GET", roster + "/export?place=all").body.substr(0, 2), "PK");
}

TEST_F(RankedLists, AListSaysWhyInWordsWithTheFigures) {
  for (const char* place : {"listed", "not_listed"}) {
    const Json list = ask(roster + "?size=3&place=" + place);
    ASSERT_FALSE(rows(list).empty()) << place;
    for (const Json& row : rows(list)) {
      const std::string why = shown(row, "why");
      EXPECT_EQ(why.find("条件不成立：") == 0, std::string(place) == "not_listed") << why;
      EXPECT_NE(why.find("亩均税收 "), std::string::npos) << why;
      EXPECT_NE(why.find("万元/亩"), std::string::npos) << why;
      EXPECT_EQ(number(row, "tax_per_mu").has_value(), true) << "an indicator that the pack asks for";
    }
  }
}

TEST_F(RankedLists, ATownSeesAndTakesItsOwnRowsOnly) {
  client.always["X-Role"] = "town";
  const Json list = ask(scheme + "?size=500");
  std::set<std::string> towns;
  for (const Json& row : rows(list)) towns.insert(row.text_of("town"));
  EXPECT_EQ(towns, std::set<std::string>{sample.callers->town});
  EXPECT_EQ(list.find("towns")->items.size(), 1u) << "not even the names of other choices";
  EXPECT_EQ(rows(ask(scheme + "?size=500&town=330902999")).size(), 0u);
  const Received file = client.ask("GET", scheme + "/export?format=csv&columns=code");
  if (file.status == 200)
    EXPECT_EQ(std::count(file.body.begin(), file.body.end(), '\n'),
              static_cast<std::ptrdiff_t>(rows(list).size() + 1));
}

}  // namespace
}  // namespace tenglong::server
