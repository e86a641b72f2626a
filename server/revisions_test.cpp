// Rules over the wire: drafted, tried, sent, approved by another, and what they change.
#include <gtest/gtest.h>

#include "server/in_force.h"
#include "server/inside/sample_district.h"
#include "server/inside/test_client.h"

namespace tenglong::server {
namespace {

class Revisions : public testing::Test {
 protected:
  static void SetUpTestSuite() { sample_ = new SampleDistrict; }
  static void TearDownTestSuite() {
    delete sample_;
    sample_ = nullptr;
  }
  static SampleDistrict* sample_;
};
SampleDistrict* Revisions::sample_ = nullptr;

// The rules of next year: copied, changed in a form, held back while they are wrong, tried, sent, approved by
// another; the year before is judged as it was.
TEST_F(Revisions, AreDraftedByOneAndApprovedByAnother) {
  TestClient client(sample_->server->port());
  int key = 0;
  const auto send = [&](const char* method, const std::string& to, const std::string& body, const char* role,
                        const std::string& tag = "") {
    std::map<std::string, std::string> headers = {
        {"Idempotency-Key", "revise-" + std::to_string(1000 + ++key)}, {"X-Role", role}};
    if (!tag.empty()) headers["If-Match"] = tag;
    return client.ask(method, to, body, headers);
  };
  const std::string scheme = sample_->district->pack().schemes[0].id;
  const Received wrong = send("POST", "/api/revisions",
                              R"({"name":"","blocks":[{"kind":"register","id":"enterprise"}]})", "analyst");
  EXPECT_EQ(wrong.status, 422);
  for (const char* code : {"E-REVISION-101", "E-REVISION-102", "E-REVISION-105"})
    EXPECT_NE(wrong.body.find(code), std::string::npos) << code << wrong.body;
  const Received started =
      send("POST", "/api/revisions",
           R"({"name":"2023年度评价办法","blocks":[{"kind":"scheme","id":")" + scheme + R"("}]})", "analyst");
  ASSERT_EQ(started.status, 201) << started.body;
  const std::string path = "/api/revisions/" + read_json(started.body).value.text_of("id");
  std::string tag = started.headers.at("etag");
  const auto put_value = [&](const char* at, const char* value) {
    const Received got =
        send("PUT", path + "/blocks/scheme/" + scheme + "/value",
             std::string(R"({"path":")") + at + R"(","value":")" + value + R"("})", "analyst", tag);
    if (got.status == 200) tag = got.headers.at("etag");
    return got;
  };
  EXPECT_EQ(send("PUT", path + "/name", R"({"name":"别名"})", "analyst").status, 428);
  EXPECT_EQ(send("PUT", path + "/name", R"({"name":"别名"})", "analyst", "\"old\"").status, 412);
  EXPECT_EQ(send("PUT", path + "/name", R"({"name":"别名"})", "town", tag).status, 403);
  const Received short_of = put_value("/items/0/weight", "28");
  ASSERT_EQ(short_of.status, 200) << short_of.body;
  EXPECT_NE(short_of.body.find("W-PACK-210"), std::string::npos) << "the sum is told at once";
  EXPECT_NE(short_of.body.find(R"("sum":{"key":"weight","value":"98"})"), std::string::npos) << short_of.body;
  EXPECT_NE(short_of.body.find(R"("path":"/items/0/weight")"), std::string::npos);
  EXPECT_EQ(short_of.body.find(sample_->folder.string()), std::string::npos)
      << "where the data lies is private";
  const Received held = send("POST", path + "/send", "{}", "analyst", tag);
  EXPECT_EQ(held.status, 422);
  EXPECT_NE(held.body.find("W-PACK-210"), std::string::npos) << held.body;
  EXPECT_EQ(put_value("/none", "").status, 200);
  EXPECT_EQ(put_value("/id", "another").status, 422);
  ASSERT_EQ(put_value("/items/1/weight", "22").status, 200);
  ASSERT_EQ(put_value("/cuts/A", "10").status, 200);
  const Received tried = send("POST", path + "/trial", R"({"period":"2023"})", "analyst");
  ASSERT_EQ(tried.status, 200) << tried.body;
  EXPECT_NE(read_json(tried.body).value.find("movers_total")->text, "0") << "fewer at the top";
  const Received sent = send("POST", path + "/send", R"({"note":"请审"})", "analyst", tag);
  ASSERT_EQ(sent.status, 200) << sent.body;
  tag = sent.headers.at("etag");
  EXPECT_EQ(put_value("/cuts/A", "15").status, 422) << "what is sent stays as it is";
  const std::string approval = R"({"document":"样例文件〔2023〕3号","effective":"2023-01-01"})";
  EXPECT_EQ(send("POST", path + "/approve", approval, "analyst", tag).status, 403);
  const auto edition = sample_->district->edition();
  const std::string before = sample_->district->edition_of("2022")->fingerprint;
  const Received early =
      send("POST", path + "/approve", R"({"document":"","effective":"明年"})", "chief", tag);
  EXPECT_EQ(early.status, 422);
  EXPECT_NE(early.body.find("E-REVISION-111"), std::string::npos) << early.body;
  const Received approved = send("POST", path + "/approve", approval, "chief", tag);
  ASSERT_EQ(approved.status, 200) << approved.body;
  const auto after = sample_->district->edition();
  EXPECT_NE(after->fingerprint, edition->fingerprint);
  EXPECT_EQ(after->pack->scheme(scheme)->source, "样例文件〔2023〕3号");
  EXPECT_EQ(sample_->district->edition_of("2022")->fingerprint, before) << "the year before stays";
  const Received versions =
      client.ask("GET", "/api/pack/versions/results?period=2023", "", {{"X-Role", "chief"}});
  EXPECT_EQ(read_json(versions.body).value.find("versions")->items.size(), 2u) << versions.body;
  const std::string block = "/api/pack/blocks/scheme/" + scheme;
  EXPECT_NE(client.ask("GET", block, "", {{"X-Role", "town"}}).body.find("weight: 28"), std::string::npos);
  EXPECT_NE(client.ask("GET", block + "?period=2022", "", {{"X-Role", "town"}}).body.find("weight: 30"),
            std::string::npos)
      << "the old version stays readable";
  // Taken again from what is kept, as at the next start.
  sample_->district->take({{.read = sample_->district->options().read_pack({})}});
  EXPECT_EQ(sample_->district->in_force().size(), 1u);
  take_in_force(*sample_->district);
  EXPECT_EQ(sample_->district->edition()->fingerprint, after->fingerprint);
}

// A decision goes out as DMN, comes back changed, and what a pack has no word for is told at its cell.
TEST_F(Revisions, ADecisionIsChangedByItsModel) {
  TestClient client(sample_->server->port());
  int key = 0;
  const auto send = [&](const char* method, const std::string& to, const std::string& body, const char* role,
                        const std::string& tag = "") {
    std::map<std::string, std::string> headers = {
        {"Idempotency-Key", "model-" + std::to_string(1000 + ++key)}, {"X-Role", role}};
    if (!tag.empty()) headers["If-Match"] = tag;
    return client.ask(method, to, body, headers);
  };
  const Received started = send("POST", "/api/revisions",
                                R"({"name":"否决","blocks":[{"kind":"decision","id":"veto"},)"
                                R"({"kind":"parameter","id":")" +
                                    sample_->district->pack().parameters[0].id + R"("}]})",
                                "analyst");
  ASSERT_EQ(started.status, 201) << started.body;
  const std::string path = "/api/revisions/" + read_json(started.body).value.text_of("id");
  const std::string before = read_json(started.body).value.find("parts")->items[0].text_of("text");
  const std::string at = path + "/blocks/decision/veto/dmn";
  std::string tag = started.headers.at("etag");
  const Received got = client.ask("GET", at, "", {{"X-Role", "chief"}});
  ASSERT_EQ(got.status, 200) << got.body;
  EXPECT_EQ(got.headers.at("etag"), tag);
  const Json model = read_json(got.body).value;
  EXPECT_EQ(model.text_of("hit"), "collect_worst");
  EXPECT_EQ(model.text_of("shown_as"), "PRIORITY");
  EXPECT_NE(got.body.find(R"("has_twin":false)"), std::string::npos) << got.body;
  EXPECT_EQ(client.ask("GET", at, "", {{"X-Role", "town"}}).status, 403);
  EXPECT_EQ(client
                .ask("GET", path + "/blocks/parameter/" + sample_->district->pack().parameters[0].id + "/dmn",
                     "", {{"X-Role", "analyst"}})
                .status,
            404);
  const auto put = [&](const std::string& xml, const char* role = "analyst") {
    text::JsonWriter out;
    out.begin_object().member("dmn", xml).end_object();
    const Received answer = send("PUT", at, out.take(), role, tag);
    if (answer.status == 200) tag = answer.headers.at("etag");
    return answer;
  };
  const auto with = [](std::string text, const std::string& from, const std::string& to) {
    const std::size_t found = text.find(from);
    EXPECT_NE(found, std::string::npos) << from;
    return found == std::string::npos ? text : text.replace(found, from.size(), to);
  };
  const std::string xml = model.text_of("dmn");
  EXPECT_EQ(put(xml, "town").status, 403);
  const Received same = put(xml);
  ASSERT_EQ(same.status, 200) << same.body;
  EXPECT_EQ(read_json(same.body).value.find("parts")->items[0].text_of("text"), before);
  // One cell, by the model; the rest of the block as it was.
  const Received changed = put(with(xml, "<text>\"C\"</text>", "<text>\"D\"</text>"));
  ASSERT_EQ(changed.status, 200) << changed.body;
  const std::string after = read_json(changed.body).value.find("parts")->items[0].text_of("text");
  EXPECT_EQ(after, with(before, "\"C\"", "\"D\""));
  EXPECT_EQ(read_json(changed.body).value.find("findings")->items.size(), 0u) << changed.body;
  // A cell that is no FEEL is kept, and told at its place, as in a form.
  const Received wrong = put(with(xml, "<text>\"C\"</text>", "<text>\"C</text>"));
  ASSERT_EQ(wrong.status, 200) << wrong.body;
  EXPECT_NE(wrong.body.find(R"("path":"/table/0/8")"), std::string::npos) << wrong.body;
  // What the pack has no word for, all at once; nothing is kept of it.
  const Received refused = put(with(with(xml, ">重大安全责任事故</text>", ">没有这个</text>"),
                                    "hitPolicy=\"PRIORITY\"", "hitPolicy=\"FIRST\" aggregation=\"SUM\""));
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find(R"("pointer":"/inputs/0")"), std::string::npos) << refused.body;
  EXPECT_NE(refused.body.find(R"("pointer":"/hit")"), std::string::npos) << refused.body;
  const Received hostile = put("<!DOCTYPE d [<!ENTITY a \"b\">]><d>&a;</d>");
  EXPECT_EQ(hostile.status, 422);
  EXPECT_NE(hostile.body.find("E-DMN-102"), std::string::npos) << hostile.body;
  tag = "\"old\"";
  EXPECT_EQ(put(xml).status, 412);
}

}  // namespace
}  // namespace tenglong::server
