// The application's own table over a small sample district: every address answers in its declared shape,
// nobody sees more than the rights say, and no call of any kind breaks it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "engine/intake/intake.h"
#include "engine/sample/sample.h"
#include "server/api.h"
#include "server/imports.h"
#include "server/in_force.h"
#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"
#include "server/service.h"

namespace tenglong::server {
namespace {

class Api : public testing::Test {
 protected:
  static void SetUpTestSuite() { sample_ = new SampleDistrict; }
  static void TearDownTestSuite() {
    delete sample_;
    sample_ = nullptr;
  }
  static SampleDistrict* sample_;

  // Values that stand for the names of addresses: some that are there, and some that are not.
  static std::string value_for(const std::string& name, bool is_there) {
    const pack::Pack& pack = sample_->district->pack();
    if (!is_there) return "nothing";
    if (name == "kind") return "scheme";
    if (name == "id") return pack.schemes[0].id;
    if (name == "codes") return "grade";
    if (name == "register") return "enterprise_year";
    if (name == "key" || name == "code") return sample_->callers->firm;
    if (name == "scheme") return pack.schemes[0].id;
    if (name == "roster") return pack.rosters[0].id;
    if (name == "block") return pack.schemes[0].id;
    if (name == "revision") return revision();
    if (name == "bulk") return bulk();
    if (name == "notice") return notice();
    return "x";
  }
  // A draft of the first scheme and the first decision, started once.
  static std::string revision() {
    static const std::string id = [] {
      TestClient client(sample_->server->port());
      client.always["X-Role"] = "analyst";
      const Received got = client.ask(
          "POST", "/api/revisions",
          R"({"name":"试","blocks":[{"kind":"scheme","id":")" + sample_->district->pack().schemes[0].id +
              R"("},{"kind":"decision","id":")" + sample_->district->pack().decisions[0].id + R"("}]})",
          {{"Idempotency-Key", "revision-for-addresses"}});
      return read_json(got.body).value.text_of("id");
    }();
    return id;
  }
  // A notice about one enterprise to its contact, sent once.
  static std::string notice() {
    static const std::string number = [] {
      access::KeptAccount contact;
      contact.id = "contact";
      contact.roles = {"enterprise"};
      contact.firms = {sample_->callers->firm};
      sample_->store->accounts().keep({contact});
      TestClient client(sample_->server->port());
      client.always["X-Role"] = "analyst";
      const Received got = client.ask(
          "POST", "/api/registers/enterprise/notices",
          R"({"text":"试","to":"firms","trial":false,"keys":[")" + sample_->callers->firm + R"("]})",
          {{"Idempotency-Key", "notice-for-addresses"}});
      return read_json(got.body).value.text_of("number");
    }();
    return number;
  }
  // A preview of one change, asked for once.
  static std::string bulk() {
    static const std::string id = [] {
      TestClient client(sample_->server->port());
      client.always["X-Role"] = "analyst";
      const Received got = client.ask("POST", "/api/registers/enterprise/bulk",
                                      R"({"field":"registered_on","value":"去年","trial":true,"keys":[")" +
                                          sample_->callers->firm + R"("]})",
                                      {{"Idempotency-Key", "bulk-for-addresses"}});
      return read_json(got.body).value.text_of("id");
    }();
    return id;
  }
  static std::string address(const Route& route, bool is_there) {
    std::string out = route.path;
    for (std::size_t at = 0; (at = out.find('{')) != std::string::npos;) {
      const std::size_t end = out.find('}', at);
      std::string value = value_for(out.substr(at + 1, end - at - 1), is_there);
      if (is_there && std::string(route.path) == "/api/targets/{id}") value = "P10";
      if (is_there && std::string(route.path).ends_with("/dmn")) {
        if (value == "scheme") value = "decision";
        if (value == sample_->district->pack().schemes[0].id)
          value = sample_->district->pack().decisions[0].id;
      }
      out.replace(at, end - at + 1, value);
    }
    return out;
  }
  static diagnostic::Diagnostics wrong_in(const Route& route, const Received& got) {
    diagnostic::Diagnostics told;
    if (got.status >= 400) {
      problem_shape().check(read_json(got.body).value, "body", told);
    } else if (!route.output.shape().empty() && got.status != 304) {
      ReadJson read = read_json(got.body);
      told = read.diagnostics;
      route.output.shape()[0].check(read.value, "body", told);
    }
    return told;
  }
};
SampleDistrict* Api::sample_ = nullptr;

TEST_F(Api, EveryReadingAnswersInItsDeclaredShape) {
  TestClient client(sample_->server->port());
  client.always["X-Role"] = "analyst";
  int answered = 0;
  for (const Route& route : sample_->service->routes().all()) {
    if (route.method != Method::Get || route.output.media_type() == "text/event-stream") continue;
    // Files that nobody has sent are not there.
    const std::string path = route.path;
    if (path.find("{upload}") != std::string::npos || path.find("{import}") != std::string::npos ||
        path.find("/files/{field}") != std::string::npos)
      continue;
    // Whoever may read the business may not read the trail or the machine, and the other way round.
    for (const char* role : {"security_admin", "system_admin", "auditor", "analyst"}) {
      const access::Scope scope =
          sample_->district->policy().scope_of(sample_->callers->account(role), {}, {2023, 10, 1});
      const auto& asked = route.right.operations();
      if (asked.empty() || std::any_of(asked.begin(), asked.end(),
                                       [&](access::Operation one) { return may_ever(scope, one); }))
        client.always["X-Role"] = role;
    }
    const std::map<std::string, std::string> questions = {
        {"/api/search", "?q=a"},
        {"/api/corrections/impact",
         "?register=enterprise_year&period=2023&field=tax_paid&value=5&key=" + sample_->callers->firm}};
    const auto question = questions.find(path);
    const Received got =
        client.ask("GET", address(route, true) + (question == questions.end() ? "" : question->second));
    EXPECT_EQ(got.status, 200) << route.path << " " << got.body.substr(0, 600);
    const auto told = wrong_in(route, got);
    EXPECT_TRUE(told.empty()) << route.path << " "
                              << (told.empty() ? "" : told[0].place.cell + told[0].message.en);
    if (std::string(route.path).find("codes") == std::string::npos &&
        route.output.media_type() == "application/json" && route.right.needs_session()) {
      EXPECT_EQ(client.ask("GET", address(route, true), "", {{"X-Role", ""}}).status, 401) << route.path;
      ++answered;
    }
  }
  EXPECT_GT(answered, 10);
}

TEST_F(Api, AFileIsOpenedByWhoMay) {
  TestClient client(sample_->server->port());
  client.always["X-Role"] = "analyst";
  const Json list = read_json(client.ask("GET", "/api/registers/parcel/records?size=1").body).value;
  const Json& row = list.find("rows")->items.at(0);
  const Json* file = row.find("cells")->find("deed_file")->find("file");
  ASSERT_NE(file, nullptr);
  const std::string name = file->text_of("name"), content = name.substr(0, name.size() - 4);
  const std::string address = "/api/registers/parcel/records/" + row.text_of("key") + "/files/deed_file";
  const Received named = client.ask("GET", address);
  EXPECT_EQ(named.status, 404);
  EXPECT_NE(
      client.ask("GET", "/api/registers/parcel/records/" + row.text_of("key")).body.find("\"is_here\":false"),
      std::string::npos);
  EXPECT_NE(named.body.find("E-SERVER-507"), std::string::npos) << "named, and never handed in";
  ASSERT_EQ(schema::to_text(sample_->district->store().keep_file(name, content)), file->text_of("value"));
  EXPECT_NE(
      client.ask("GET", "/api/registers/parcel/records/" + row.text_of("key")).body.find("\"is_here\":true"),
      std::string::npos);
  const Received opened = client.ask("GET", address);
  EXPECT_EQ(opened.status, 200);
  EXPECT_EQ(opened.body, content);
  // Handed in over the wire; beyond the limit it is refused.
  const auto hand_in = [&](const std::string& bytes, const std::string& key) {
    const std::string size = std::to_string(bytes.size());
    const std::string upload =
        read_json(client
                      .ask("POST", "/api/uploads", R"({"name":"图.pdf","size":)" + size + "}",
                           {{"Idempotency-Key", key + "-begin"}})
                      .body)
            .value.text_of("upload");
    for (std::size_t from = 0; from < bytes.size(); from += Uploads::kPiece) {
      const std::string piece = bytes.substr(from, Uploads::kPiece);
      client.ask("PUT", "/api/uploads/" + upload, piece,
                 {{"Content-Range", "bytes " + std::to_string(from) + "-" +
                                        std::to_string(from + piece.size() - 1) + "/" + size},
                  {"Content-Type", "application/octet-stream"}});
    }
    return client.ask("POST", "/api/files", R"({"upload":")" + upload + "\"}",
                      {{"Idempotency-Key", key + "-hand-in"}});
  };
  const Received kept = hand_in("一张图", "file-01");
  EXPECT_EQ(kept.status, 201) << kept.body;
  EXPECT_NE(kept.body.find("/9/图.pdf"), std::string::npos) << kept.body;
  const Received large = hand_in(std::string(store::kMostFileBytes + 1, 'x'), "file-02");
  EXPECT_EQ(large.status, 413);
  EXPECT_NE(large.body.find("E-SERVER-506"), std::string::npos);
  client.always["X-Role"] = "bank";
  const Received denied = client.ask("GET", address);
  EXPECT_EQ(denied.status, 404);
  EXPECT_EQ(denied.body.find("E-SERVER-507"), std::string::npos);
}

TEST_F(Api, ListsFilterSortAndPage) {
  TestClient client(sample_->server->port());
  client.always["X-Role"] = "analyst";
  const Json all =
      read_json(client.ask("GET", "/api/registers/enterprise_year/records?size=5&sort=-tax_paid").body).value;
  EXPECT_EQ(all.find("rows")->items.size(), 5u);
  const Json some = read_json(client
                                  .ask("GET",
                                       "/api/registers/enterprise_year/"
                                       "records?where=%E5%AE%9E%E7%BC%B4%E7%A8%8E%E6%94%B6%20%3E%20100")
                                  .body)
                        .value;
  EXPECT_LT(std::stoll(some.find("total")->text), std::stoll(all.find("total")->text));
  const Received wrong =
      client.ask("GET", "/api/registers/enterprise_year/records?sort=taxpaid&where=1%20%2B");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(wrong.body.find("E-SERVER-207"), std::string::npos);
  EXPECT_NE(wrong.body.find("E-FEEL"), std::string::npos);
  const Received nothing = client.ask("GET", "/api/results?period=1999");
  EXPECT_NE(nothing.body.find("E-SERVER-306"), std::string::npos);
}

// What is hidden in the rows is not told by their order, their number or their sum.
TEST_F(Api, WhatADepartmentDoesNotSeeItDoesNotSortBy) {
  TestClient client(sample_->server->port());
  client.always["X-Role"] = "department";  // of the tax bureau
  const std::string list = "/api/registers/enterprise_year/records?size=3&columns=tax_paid,value_added";
  const Json seen = read_json(client.ask("GET", list).body).value;
  const Json& cells = *seen.find("rows")->items[0].find("cells");
  ASSERT_NE(cells.find("tax_paid")->text_of("state"), "hidden");
  ASSERT_EQ(cells.find("value_added")->text_of("state"), "hidden");
  EXPECT_NE(seen.find("sums")->find("tax_paid"), nullptr);
  EXPECT_EQ(seen.find("sums")->find("value_added"), nullptr);
  EXPECT_EQ(client.ask("GET", list + "&sort=-tax_paid").status, 200);
  EXPECT_EQ(client.ask("GET", list + "&sort=-value_added").status, 400);
  EXPECT_EQ(client.ask("GET", list + "&where=%E5%B7%A5%E4%B8%9A%E5%A2%9E%E5%8A%A0%E5%80%BC%20%3E%205").status,
            400);
}

TEST_F(Api, NotThereAndNotYoursAreTheSameAnswer) {
  TestClient client(sample_->server->port());
  const auto edition = sample_->district->edition();
  std::string other;
  const column::Keys& keys = edition->snapshot->find("enterprise")->key;
  for (std::size_t row = 0; row < keys.size(); ++row)
    if (keys[row] != sample_->callers->firm) other = keys[row];
  const auto without_number = [](Received got) {
    const std::size_t at = got.body.find("\"request\":");
    return std::to_string(got.status) + got.body.substr(0, at);
  };
  int compared = 0;
  for (const char* role : {"enterprise", "outside_unit"})
    for (const char* path : {"/api/enterprises/", "/api/registers/enterprise_year/records/",
                             "/api/registers/enterprise/records/"}) {
      client.always["X-Role"] = role;
      const std::string yours = without_number(client.ask("GET", path + other));
      EXPECT_EQ(yours, without_number(client.ask("GET", std::string(path) + "000000000000000000")))
          << role << path;
      EXPECT_EQ(yours.substr(0, 3), "404");
      ++compared;
    }
  EXPECT_EQ(compared, 6);
  client.always["X-Role"] = "system_admin";
  const Received admin = client.ask("GET", "/api/results");
  EXPECT_EQ(admin.status, 403);
  EXPECT_NE(admin.body.find("E-SERVER-302"), std::string::npos);
  client.always.erase("X-Role");
  EXPECT_NE(client.ask("GET", "/api/pack").body.find("E-SERVER-301"), std::string::npos);
  client.always["X-Role"] = "enterprise";
  EXPECT_NE(client.ask("GET", "/api/enterprises/x").body.find("E-SERVER-303"), std::string::npos);
}

// An edit is a statement: it is seen, a stale one meets both texts, a withdrawal brings back what stood
// before.
TEST_F(Api, RecordsAreChangedAndNoEditIsLost) {
  TestClient client(sample_->server->port());
  client.always["X-Role"] = "analyst";
  const std::string path = "/api/registers/enterprise_year/records/" + sample_->callers->firm;
  const Received before = client.ask("GET", path);
  ASSERT_EQ(before.status, 200) << before.body;
  const auto patch = [&](const std::string& body, const std::string& tag, const char* key) {
    std::map<std::string, std::string> headers{{"Idempotency-Key", key}};
    if (!tag.empty()) headers["If-Match"] = tag;
    return client.ask("PATCH", path, body, headers);
  };
  const std::string tag = before.headers.at("etag");
  EXPECT_NE(patch(R"({"values":{"tax_paid":"77"}})", "", "change-000").body.find("E-SERVER-403"),
            std::string::npos);
  const Received wrong = patch(R"({"values":{"tax_paid":"很多","nothing":"1"}})", tag, "change-001");
  EXPECT_EQ(wrong.status, 422);
  for (const char* said : {"E-SERVER-505", "/values/tax_paid", "/values/nothing"})
    EXPECT_NE(wrong.body.find(said), std::string::npos) << wrong.body;
  const Received done = patch(R"({"values":{"tax_paid":"77.5"}})", tag, "change-002");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_NE(done.body.find("\"to\":\"77.5\""), std::string::npos) << done.body;
  EXPECT_NE(client.ask("GET", path).body.find("77.5"), std::string::npos);
  EXPECT_EQ(patch(R"({"values":{"tax_paid":"77.5"}})", tag, "change-002").headers.at("idempotency-replayed"),
            "true");
  const Received late = patch(R"({"values":{"tax_paid":"78"}})", tag, "change-003");
  EXPECT_EQ(late.status, 412);
  EXPECT_NE(late.body.find("\"sent\":{\"values\""), std::string::npos) << late.body;
  EXPECT_NE(late.body.find("77.5"), std::string::npos);
  const std::string receipt = read_json(done.body).value.text_of("receipt");
  const Received undone = client.ask("POST", path + "/undo", "{\"receipt\":\"" + receipt + "\"}",
                                     {{"Idempotency-Key", "change-004"}});
  EXPECT_EQ(undone.status, 200) << undone.body;
  EXPECT_NE(client
                .ask("POST", path + "/undo", "{\"receipt\":\"" + receipt + "\"}",
                     {{"Idempotency-Key", "change-005"}})
                .body.find("E-SERVER-410"),
            std::string::npos);
  const Received again = client.ask(
      "POST", "/api/registers/enterprise_year/records",
      "{\"key\":{\"credit_code\":\"" + sample_->callers->firm + "\"},\"values\":{\"tax_paid\":\"1\"}}",
      {{"Idempotency-Key", "change-006"}});
  EXPECT_NE(again.body.find("E-SERVER-409"), std::string::npos) << again.body;
  EXPECT_NE(client.ask("GET", path + "/history").body.find("77.5"), std::string::npos);
  // Why somebody changed it is kept with it.
  const Received said = patch(R"({"values":{"tax_paid":"79"},"reason":"少记一笔"})",
                              client.ask("GET", path).headers.at("etag"), "change-007");
  ASSERT_EQ(said.status, 200) << said.body;
  EXPECT_NE(client.ask("GET", path + "/history").body.find("少记一笔"), std::string::npos);
  // What this saving makes required is told at its field, and nothing is kept.
  const Received half =
      client.ask("POST", "/api/registers/parcel/records",
                 R"({"key":{"parcel_code":"试-1"},"values":{"deed_number":"浙（2023）定海区不动产权第1号"}})",
                 {{"Idempotency-Key", "change-008"}});
  EXPECT_EQ(half.status, 422) << half.body;
  EXPECT_NE(half.body.find("/values/deed_file"), std::string::npos) << half.body;
}

// A file comes in pieces, is read, and its report names what is wrong at its cells.
TEST_F(Api, FilesComeInAndAreReported) {
  TestClient client(sample_->server->port());
  client.always["X-Role"] = "analyst";
  const std::string bytes =
      "统一社会信用代码,实缴税收（万元）\n" + sample_->callers->firm + ",很多\n91330902XXXXXXXXXX,1\n";
  const Json made =
      read_json(client
                    .ask("POST", "/api/uploads",
                         "{\"name\":\"税收 2023.csv\",\"size\":" + std::to_string(bytes.size()) + "}",
                         {{"Idempotency-Key", "upload-0001"}})
                    .body)
          .value;
  const std::string upload = "/api/uploads/" + made.text_of("upload");
  const std::string body =
      "{\"upload\":\"" + made.text_of("upload") +
      "\",\"provider\":\"区税务局\",\"register\":\"enterprise_year\",\"period\":\"2023\"}";
  EXPECT_NE(client.ask("POST", "/api/imports", body, {{"Idempotency-Key", "import-0001"}})
                .body.find("E-SERVER-502"),
            std::string::npos);
  const auto put = [&](const std::string& range) {
    return client.ask("PUT", upload, bytes,
                      {{"Content-Range", range}, {"Content-Type", "application/octet-stream"}});
  };
  EXPECT_NE(put("bytes 5-9/99").body.find("E-SERVER-501"), std::string::npos);
  EXPECT_EQ(put("bytes 0-" + std::to_string(bytes.size() - 1) + "/" + std::to_string(bytes.size())).status,
            200);
  const Received wrong = client.ask(
      "POST", "/api/imports",
      "{\"upload\":\"" + made.text_of("upload") + "\",\"provider\":\"区税务局\",\"period\":\"去年\"}",
      {{"Idempotency-Key", "import-0002"}});
  EXPECT_NE(wrong.body.find("E-SERVER-503"), std::string::npos) << wrong.body;
  const Received begun = client.ask("POST", "/api/imports", body, {{"Idempotency-Key", "import-0003"}});
  ASSERT_EQ(begun.status, 202) << begun.body;
  const std::string import = "/api/imports/" + read_json(begun.body).value.text_of("import");
  Received report;
  for (int i = 0; i < 200; ++i) {
    report = client.ask("GET", import);
    if (report.body.find("\"state\":\"checking\"") == std::string::npos) break;
    usleep(20000);
  }
  EXPECT_EQ(report.body.find("\"state\":\"failed\""), std::string::npos) << report.body;
  EXPECT_NE(report.body.find("税收 2023.csv"), std::string::npos) << report.body;
  EXPECT_NE(report.body.find("finding_groups"), std::string::npos);
  EXPECT_NE(client.ask("GET", import + "/problems").body.find("问题"), std::string::npos);
  // Another's import is not there.
  EXPECT_EQ(client.ask("GET", import, "", {{"X-Role", "town"}}).status, 404);
  Received mapped;
  for (int i = 0; i < 2; ++i) {  // the second time it is at work, or done
    mapped = client.ask("POST", import + "/mapping", "{\"columns\":[]}",
                        {{"Idempotency-Key", "import-001" + std::to_string(i)}});
  }
  EXPECT_NE(mapped.body.find("E-SERVER-504"), std::string::npos) << mapped.body;
}

TEST_F(Api, ItemsRivalsCorrectionsAndSearch) {
  TestClient client(sample_->server->port());
  client.always["X-Role"] = "analyst";
  const Received items = client.ask("GET", "/api/items?period=2023");
  ASSERT_EQ(items.status, 200) << items.body;
  const Json read = read_json(items.body).value;
  ASSERT_FALSE(read.find("items")->items.empty());
  // What is not locked is not corrected but changed: every reason is told.
  const Received refused =
      client.ask("POST", "/api/corrections",
                 "{\"register\":\"enterprise_year\",\"key\":\"" + sample_->callers->firm +
                     "\",\"period\":\"2023\",\"field\":\"tax_paid\",\"value\":\"5\","
                     "\"reason\":\"x\"}",
                 {{"Idempotency-Key", "correct-001"}});
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_NE(refused.body.find("E-SERVER-407"), std::string::npos) << refused.body;
  // A year that is locked is corrected by two, with what it moves.
  std::string exceptions;
  const Json past = read_json(client.ask("GET", "/api/items?period=2022").body).value;
  for (const Json& item : past.find("items")->items)
    exceptions +=
        (exceptions.empty() ? "" : ",") + ("{\"item\":\"" + item.text_of("id") + "\",\"reason\":\"样例\"}");
  std::string locker, proposer, approver;
  for (const std::string& role : sample_->district->policy().roles()) {
    const access::Scope scope =
        sample_->district->policy().scope_of(sample_->callers->account(role), {}, {2023, 10, 1});
    if (may_ever(scope, access::Operation::LockYear)) locker = role;
    if (may_ever(scope, access::Operation::ProposeCorrection) && role == "analyst") proposer = role;
    if (role != "analyst" && scope.may(access::Operation::ApproveCorrection, {.done_by = "analyst"}).allowed)
      approver = role;
  }
  const Received lock = client.ask("POST", "/api/periods/2022/lock", "{\"exceptions\":[" + exceptions + "]}",
                                   {{"Idempotency-Key", "lock-00001"}, {"X-Role", locker}});
  ASSERT_EQ(lock.status, 201) << locker << lock.body;
  const std::string record = "/api/registers/enterprise_year/records/" + sample_->callers->firm;
  const Received now = client.ask("GET", record + "?period=2022");
  EXPECT_NE(client
                .ask("PATCH", record, R"({"period":"2022","values":{"tax_paid":"5"}})",
                     {{"Idempotency-Key", "locked-001"}, {"If-Match", now.headers.at("etag")}})
                .body.find("E-SERVER-408"),
            std::string::npos);
  // What it would move is seen before it is proposed, and proposes nothing.
  const std::string question =
      "/api/corrections/impact?register=enterprise_year&period=2022&key=" + sample_->callers->firm +
      "&field=tax_paid&value=";
  const Received seen = client.ask("GET", question + "5", {}, {{"X-Role", proposer}});
  EXPECT_EQ(seen.status, 200) << seen.body;
  EXPECT_NE(seen.body.find("\"is_locked\":true"), std::string::npos) << seen.body;
  EXPECT_NE(client.ask("GET", question + "many", {}, {{"X-Role", proposer}}).body.find("E-SERVER-505"),
            std::string::npos);
  EXPECT_EQ(client.ask("GET", "/api/corrections").body.find("tax_paid"), std::string::npos);
  const Received proposed =
      client.ask("POST", "/api/corrections",
                 "{\"register\":\"enterprise_year\",\"key\":\"" + sample_->callers->firm +
                     "\",\"period\":\"2022\",\"field\":\"tax_paid\",\"value\":\"5\","
                     "\"reason\":\"漏了一张票\",\"evidence\":\"票据\"}",
                 {{"Idempotency-Key", "correct-003"}, {"X-Role", proposer}});
  ASSERT_EQ(proposed.status, 201) << proposer << proposed.body;
  EXPECT_FALSE(read_json(proposed.body).value.find("impact")->items.empty());
  // Taken back by whoever proposed it; then the same value may be proposed again.
  const std::string first = "/api/corrections/" + read_json(proposed.body).value.text_of("id");
  EXPECT_NE(
      client.ask("POST", first + "/withdraw", "{}", {{"Idempotency-Key", "withdraw-1"}, {"X-Role", approver}})
          .status,
      200);
  const Received withdrawn = client.ask("POST", first + "/withdraw", "{}",
                                        {{"Idempotency-Key", "withdraw-2"}, {"X-Role", proposer}});
  ASSERT_EQ(withdrawn.status, 200) << withdrawn.body;
  EXPECT_EQ(read_json(withdrawn.body).value.text_of("stage"), "withdrawn");
  EXPECT_EQ(
      client.ask("POST", first + "/approve", "{}", {{"Idempotency-Key", "withdraw-3"}, {"X-Role", approver}})
          .status,
      409);
  const Received again = client.ask("POST", "/api/corrections",
                                    "{\"register\":\"enterprise_year\",\"key\":\"" + sample_->callers->firm +
                                        "\",\"period\":\"2022\",\"field\":\"tax_paid\",\"value\":\"5\","
                                        "\"reason\":\"漏了一张票\",\"evidence\":\"票据\"}",
                                    {{"Idempotency-Key", "withdraw-4"}, {"X-Role", proposer}});
  ASSERT_EQ(again.status, 201) << again.body;
  const std::string approval = "/api/corrections/" + read_json(again.body).value.text_of("id") + "/approve";
  EXPECT_GE(
      client.ask("POST", approval, "{}", {{"Idempotency-Key", "correct-004"}, {"X-Role", proposer}}).status,
      403);
  const Received approved =
      client.ask("POST", approval, "{}", {{"Idempotency-Key", "correct-005"}, {"X-Role", approver}});
  EXPECT_EQ(approved.status, 200) << approver << approved.body;
  EXPECT_EQ(client.ask("GET", "/api/search?q=" + sample_->callers->firm).body.find("\"groups\":[]"),
            std::string::npos);
}

// As many of a kind as were asked for, and whether there are more.
TEST_F(Api, ASearchSaysWhetherThereAreMore) {
  const auto enterprises = [](const char* most) {
    TestClient client(sample_->server->port());
    client.always["X-Role"] = "analyst";
    const Json found = read_json(client.ask("GET", std::string("/api/search?q=yl") + most).body).value;
    EXPECT_EQ(found.find("groups")->items.at(0).text_of("kind"), "enterprise")
        << "whatever else is called so";
    for (const Json& group : found.find("groups")->items)
      if (group.text_of("kind") == "enterprise")
        return std::pair(group.find("items")->items.size(), group.find("has_more")->boolean);
    return std::pair(std::size_t{0}, false);
  };
  EXPECT_EQ(enterprises("&most=3"), std::pair(std::size_t{3}, true));
  EXPECT_EQ(enterprises(""), std::pair(std::size_t{10}, true));
  const auto [all, has_more] = enterprises("&most=200");
  EXPECT_GT(all, 10u);
  EXPECT_FALSE(has_more);
  EXPECT_EQ(enterprises(("&most=" + std::to_string(all)).c_str()), std::pair(all, false));
}

// A value that nobody published: entered by one, read by the pack's reader, approved by another; then rules
// rest on it.
TEST_F(Api, AGapIsFilledByTwo) {
  TestClient client(sample_->server->port());
  client.always["X-Role"] = "analyst";
  Json gap;  // a number
  const Json listed = read_json(client.ask("GET", "/api/pack/gaps").body).value;
  for (const Json& one : listed.find("gaps")->items)
    if (sample_->district->pack().parameter(one.text_of("parameter"))->type.kind == feel::Kind::Number)
      gap = one;
  const std::string path = "/api/pack/gaps/" + gap.text_of("id");
  ASSERT_EQ(gap.text_of("state"), "open");
  const auto send = [&](const std::string& to, const std::string& body, const char* key, const char* role) {
    return client.ask("POST", to, body, {{"Idempotency-Key", key}, {"X-Role", role}});
  };
  const Received wrong =
      send(path, R"({"value":"很多","document":"定政发〔2024〕1号","effective":"2024-02-01"})", "gap-00001",
           "analyst");
  EXPECT_EQ(wrong.status, 422) << wrong.body;
  EXPECT_NE(wrong.body.find("/value"), std::string::npos) << wrong.body;
  const Received entered =
      send(path, R"({"value":"3.5","document":"定政发〔2024〕1号","effective":"2024-02-01"})", "gap-00002",
           "analyst");
  ASSERT_EQ(entered.status, 201) << entered.body;
  EXPECT_EQ(send(path + "/approve", "{}", "gap-00003", "analyst").status, 403);
  const std::string before = sample_->district->pack().fingerprint;
  const Received approved = send(path + "/approve", "{}", "gap-00004", "chief");
  ASSERT_EQ(approved.status, 200) << approved.body;
  EXPECT_EQ(read_json(approved.body).value.text_of("state"), "filled");
  EXPECT_NE(sample_->district->pack().fingerprint, before);
  EXPECT_EQ(sample_->district->edition()->pack, &sample_->district->pack());
  EXPECT_EQ(send(path + "/approve", "{}", "gap-00005", "chief").status, 409);
}

// Made while others write, listed, and proved; one that was touched is found.
TEST_F(Api, BackupsAreMadeAndProved) {
  TestClient client(sample_->server->port());
  client.always["X-Role"] = "system_admin";
  const Received made = client.ask("POST", "/api/system/backups", "{}", {{"Idempotency-Key", "backup-0001"}});
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string name = read_json(made.body).value.text_of("name");
  const Received listed = client.ask("GET", "/api/system");
  EXPECT_NE(listed.body.find(name), std::string::npos) << listed.body;
  const std::string path = "/api/system/backups/" + name + "/drill";
  const Received proved = client.ask("POST", path, "{}", {{"Idempotency-Key", "backup-0002"}});
  ASSERT_EQ(proved.status, 200) << proved.body;
  EXPECT_NE(proved.body.find("\"holds\":true"), std::string::npos) << proved.body;
  std::ofstream(sample_->folder / "backups" / name / "tenglong.db", std::ios::app) << "x";
  const Received touched = client.ask("POST", path, "{}", {{"Idempotency-Key", "backup-0003"}});
  EXPECT_NE(touched.body.find("E-STORE-113"), std::string::npos) << touched.body;
  EXPECT_EQ(client
                .ask("POST", "/api/system/backups", "{}",
                     {{"Idempotency-Key", "backup-0004"}, {"X-Role", "analyst"}})
                .status,
            403);
}

// Runs last of the small ones: a publication is seen by those who wait for it.
TEST_F(Api, WhatIsPublishedIsSeenByThoseItIsFor) {
  TestClient client(sample_->server->port());
  const std::string own = "/api/enterprises/" + sample_->callers->firm;
  const auto is_open = [&] {
    const Received got = client.ask("GET", own, "", {{"X-Role", "enterprise"}});
    EXPECT_EQ(got.status, 200) << "what was reported of it is its own";
    const Json told = read_json(got.body).value;
    EXPECT_EQ(told.find("results")->items.empty(), !told.find("is_open")->boolean);
    return told.find("is_open")->boolean;
  };
  EXPECT_FALSE(is_open());
  client.always["X-Role"] = "chief";
  const Received stale = client.ask("POST", "/api/results/publication",
                                    R"({"period":"2023","fingerprint":")" + std::string(64, '0') + "\"}",
                                    {{"Idempotency-Key", "publish-1"}});
  EXPECT_EQ(stale.status, 409);
  EXPECT_NE(stale.body.find("E-SERVER-404"), std::string::npos) << stale.body;
  const std::string fingerprint = sample_->district->edition()->fingerprint;
  const Received done = client.ask("POST", "/api/results/publication",
                                   R"({"period":"2023","fingerprint":")" + fingerprint + "\"}",
                                   {{"Idempotency-Key", "publish-2"}});
  EXPECT_EQ(done.status, 201) << done.body;
  EXPECT_TRUE(is_open());
  EXPECT_NE(client.ask("GET", "/api/results").body.find("\"is_published\":true"), std::string::npos);
}

// Every role, every address, something that is there and something that is not: what comes back is what the
// rights say, and no row of another town or firm is in it.
TEST_F(Api, TheMatrixOverTheWire) {
  int cells = 0;
  const auto edition = sample_->district->edition();
  std::vector<std::string> foreign;
  for (std::size_t row = 0; row < edition->snapshot->find("enterprise")->size(); ++row)
    if (edition->naming().town("enterprise", row) != sample_->callers->town)
      foreign.push_back(edition->snapshot->find("enterprise")->key[row]);
  ASSERT_FALSE(foreign.empty());
  for (const std::string& role : sample_->district->policy().roles()) {
    const access::Scope scope =
        sample_->district->policy().scope_of(sample_->callers->account(role), {}, {2023, 10, 1});
    for (const Route& route : sample_->service->routes().all()) {
      if (route.output.media_type() == "text/event-stream") continue;
      for (const bool is_there : {true, false}) {
        ++cells;
        TestClient client(sample_->server->port());
        client.always["X-Role"] = role;
        const Received got =
            client.ask(to_text(route.method), address(route, is_there), route.input.json.empty() ? "" : "{}",
                       {{"Idempotency-Key", "matrix" + std::to_string(cells) + "0"}});
        EXPECT_LT(got.status, 500) << role << " " << route.path;
        if (!route.right.operations().empty()) {
          bool may = false;
          for (const access::Operation operation : route.right.operations())
            may = may || may_ever(scope, operation);
          if (!may) {
            EXPECT_EQ(got.status, scope.is_outside() ? 404 : 403) << role << " " << route.path;
          }
        }
        if (role == "town" || role == "enterprise") {
          for (const std::string& key : foreign)
            EXPECT_EQ(got.body.find(key), std::string::npos)
                << role << " sees " << key << " at " << route.path;
        }
      }
    }
  }
  std::printf("%d cells of the matrix over the wire\n", cells);
  EXPECT_GT(cells, 300);
}

// Random calls made from the table itself, right and wrong, in any order: nothing breaks, and every answer is
// of its declared shape.
TEST_F(Api, RandomCallsNeverBreakIt) {
  const int count = std::getenv("TENGLONG_LONG") != nullptr ? 100000 : 5000;
  std::mt19937 random(20211);
  const auto chance = [&](int of) { return static_cast<int>(random() % static_cast<unsigned>(of)); };
  const auto& routes = sample_->service->routes().all();
  const auto& roles = sample_->district->policy().roles();
  const std::vector<std::string> words = {
      "",    "1",    "-1",    "50",     "2022", "2023",    "P10",    "nothing", "%E5%AE%9E",
      "%FF", "true", "total", "-total", "A",    "1%20%2B", "listed", "x%2Fy",   "99999999999999999999"};
  std::map<int, int> statuses;
  auto client = std::make_unique<TestClient>(sample_->server->port());
  for (int i = 0; i < count; ++i) {
    const Route& route = routes[static_cast<std::size_t>(chance(static_cast<int>(routes.size())))];
    if (route.output.media_type() == "text/event-stream") continue;
    if (std::string(route.path).find("/export") != std::string::npos && chance(10) > 0) continue;
    if (std::string(route.path).find("/rise") != std::string::npos && chance(10) > 0) continue;
    std::string target = address(route, chance(4) > 0);
    std::string separator = "?";
    for (const Parameter& parameter : route.parameters)
      if (chance(3) == 0 &&
          std::string(route.path).find(std::string("{") + parameter.name) == std::string::npos) {
        target += separator + parameter.name + "=" +
                  words[static_cast<std::size_t>(chance(static_cast<int>(words.size())))];
        separator = "&";
      }
    std::string body;
    if (!route.input.json.empty()) {
      const char* bodies[] = {"{}",
                              "{\"set\":[]}",
                              "{\"set\":[{\"what\":\"x\",\"value\":\"1\"}],\"sequence\":3}",
                              "[",
                              "{\"variants\":[]}",
                              "{\"variants\":[{\"name\":\"a\",\"set\":[]}]}",
                              "null",
                              "{\"period\":\"2023\",\"fingerprint\":\"\"}"};
      body = bodies[chance(8)];
    }
    const Method method = chance(30) == 0 ? Method::Delete : route.method;
    const Received got = client->ask(
        to_text(method), target, body,
        {{"X-Role",
          chance(20) == 0 ? "" : roles[static_cast<std::size_t>(chance(static_cast<int>(roles.size())))]},
         {"Idempotency-Key", "random" + std::to_string(chance(50)) + "key"}});
    ++statuses[got.status];
    ASSERT_LT(got.status, 500) << to_text(method) << " " << target << " " << body << got.body;
    ASSERT_GE(got.status, 200) << to_text(method) << " " << target << " " << body;
    if (method == route.method) {
      const auto told = wrong_in(route, got);
      ASSERT_TRUE(told.empty()) << target << " " << told[0].place.cell << told[0].message.en
                                << got.body.substr(0, 400);
    }
    if (got.headers.at("connection") == "close")
      client = std::make_unique<TestClient>(sample_->server->port());
  }
  for (const auto& [status, times] : statuses) std::printf("%d: %d\n", status, times);
}

}  // namespace
}  // namespace tenglong::server
