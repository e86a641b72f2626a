// Signing in over the wire: passwords, second factors, sessions, forgery, administrators.
#include "server/identity.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "server/inside/test_client.h"
#include "server/passwords.h"

namespace tenglong::server {
namespace {

namespace fs = std::filesystem;

const char* const kGood = "orange-boat7 quiet Lantern";
const char* const kOther = "seven heavy doors of jade";

struct Door {
  explicit Door(bool second_factor = true)
      : folder(fs::temp_directory_path() / ("tenglong_door_" + std::to_string(getpid()))) {
    fs::remove_all(folder);
    read = pack::read_pack(SOURCE_DIR "/packs/dinghai-2021", {SOURCE_DIR "/packs/sample-overlay"});
    open(second_factor);
  }
  ~Door() {
    close();
    fs::remove_all(folder);
  }
  void open(bool second_factor) {
    store = store::open_store(folder.string(), read.pack->head.area, read.pack->schema,
                              access::Scope::whole_district("operator"));
    store->act_as({.account = "test"});
    district = std::make_unique<District>(
        *read.pack, *store,
        DistrictOptions{.folder = folder.string(),
                        .today =
                            [] {
                              return calendar::Date{2023, 10, 1};
                            },
                        .now = [] { return std::string("2023-10-01T09:00:00+08:00"); }});
    identity = std::make_unique<Identity>(*district, IdentityOptions{.second_factor_wanted = second_factor,
                                                                     .clock = [this] { return now.load(); }});
    Routes routes;
    routes.add(session_routes(*identity));
    routes.add(account_routes(*identity));
    service = std::make_unique<Service>(std::move(routes), *identity, *kept, assets, log);
    server = std::make_unique<HttpServer>(*service, Listening{.port = 18600});
    thread = std::thread([this] { server->run(false); });
  }
  void close() {
    server->stop();
    thread.join();
    server.reset();
    service.reset();
    identity.reset();
    district.reset();
    store.reset();
  }
  void add(const std::string& id, std::vector<std::string> roles, const std::string& password) {
    access::KeptAccount account;
    account.id = id;
    account.name = id;
    account.roles = std::move(roles);
    store->accounts().keep({account});
    store->credentials().keep({.account = id, .password = hash_password(password)}, "change_password");
    identity->refresh();
  }
  Received sign_in(TestClient& client, const std::string& account, const std::string& password,
                   const std::string& code = "") {
    Received got = client.ask(
        "POST", "/api/session",
        "{\"account\":\"" + account + "\",\"password\":\"" + password + "\",\"code\":\"" + code + "\"}");
    if (got.status == 200 && !got.cookies.empty()) {
      client.always["Cookie"] = got.cookies[0].substr(0, got.cookies[0].find(';'));
      client.always["X-CSRF-Token"] = read_json(got.body).value.text_of("csrf_token");
    }
    return got;
  }

  std::atomic<std::int64_t> now = 1'700'000'000;
  fs::path folder;
  pack::ReadPack read;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<District> district;
  std::unique_ptr<Identity> identity;
  std::unique_ptr<KeptAnswers> kept = kept_in_memory();
  Assets assets{""};
  Log log{""};
  std::unique_ptr<Service> service;
  std::unique_ptr<HttpServer> server;
  std::thread thread;
};

bool says(const Received& got, const char* text) { return got.body.find(text) != std::string::npos; }

TEST(Passwords, GuessableOnesAreRefused) {
  struct Row {
    const char* what;
    const char* password;
    bool is_good;
  };
  const Row rows[] = {
      {"a few unrelated words", kGood, true},
      {"Chinese words", "清晨的渡轮载着三只空箱子过海", true},
      {"short", "Tr0ub4dor&3", false},
      {"one letter", "aaaaaaaaaaaaaaaaaaaa", false},
      {"a run", "abcdefghijklmnopqrst", false},
      {"a known word, twice", "passwordpassword", false},
      {"the account and a year", "wanghong2021wanghong", false},
      {"that of the sample district", kSamplePassword, false},
      {"a keyboard row", "1qaz2wsx1qaz2wsx", false},
  };
  for (const Row& row : rows) {
    const auto told = check_password(row.password, "wanghong", "王红");
    EXPECT_EQ(told.empty(), row.is_good) << row.what;
    if (!told.empty()) {
      EXPECT_EQ(told[0].code, "E-SERVER-308");
    }
  }
  const std::string hash = hash_password(kGood);
  EXPECT_TRUE(is_password(hash, kGood));
  EXPECT_FALSE(is_password(hash, std::string(kGood) + "."));
}

TEST(Passwords, CodesAreThoseOfRfc6238) {
  // Appendix B, SHA-1, the secret "12345678901234567890"; six digits of its eight.
  const std::string secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  EXPECT_EQ(code_at(secret, 59 / 30), "287082");
  EXPECT_EQ(code_at(secret, 1111111109 / 30), "081804");
  EXPECT_EQ(code_at(secret, 20000000000 / 30), "353130");
  EXPECT_EQ(step_of_code(secret, "081804", 1111111109 + 30, 0), 1111111109 / 30);
  EXPECT_EQ(step_of_code(secret, "081804", 1111111109, 1111111109 / 30), std::nullopt);  // not twice
  EXPECT_EQ(step_of_code(secret, "081804", 1111111109 + 90, 0), std::nullopt);           // too late
}

TEST(SignIn, TheFirstRunMakesThreeSeparateAdministrators) {
  Door door;
  TestClient client(door.server->port());
  EXPECT_TRUE(says(client.ask("GET", "/api/session"), "\"needs_set_up\":true"));
  const auto person = [](const char* account, const char* role, const std::string& password) {
    return std::string("{\"account\":\"") + account + "\",\"name\":\"" + account + "\",\"role\":\"" + role +
           "\",\"password\":\"" + password + "\"}";
  };
  const Received wrong =
      client.ask("POST", "/api/set-up",
                 "{\"accounts\":[" + person("a", "system_admin", "short") + "," +
                     person("b", "system_admin", kGood) + "," + person("a", "auditor", kGood) + "]}");
  EXPECT_EQ(wrong.status, 422);
  for (const char* said :
       {"E-SERVER-308", "/accounts/0/password", "/accounts/2/account", "E-SERVER-310", "授予角色"})
    EXPECT_TRUE(says(wrong, said)) << said << wrong.body;
  const std::string right = "{\"accounts\":[" + person("a", "system_admin", kGood) + "," +
                            person("b", "security_admin", kOther) + "," + person("c", "auditor", kGood) +
                            "]}";
  EXPECT_EQ(client.ask("POST", "/api/set-up", right).status, 204);
  EXPECT_EQ(client.ask("POST", "/api/set-up", right).status, 409);
  const Received in = door.sign_in(client, "a", kGood);
  EXPECT_EQ(in.status, 200);
  EXPECT_TRUE(says(in, "\"second_factor_due\":true"));
  EXPECT_TRUE(says(in, "\"operations\":[]"));  // nothing before the second factor
  EXPECT_TRUE(says(client.ask("GET", "/api/accounts"), "E-SERVER-311"));
}

TEST(SignIn, TheSecondFactorAndItsResetByTwo) {
  Door door;
  door.add("a", {"system_admin"}, kGood);
  door.add("b", {"security_admin"}, kOther);
  const auto with_factor = [&](TestClient& client, const char* account, const char* password) {
    EXPECT_EQ(door.sign_in(client, account, password).status, 200);
    const Json made = read_json(client.ask("POST", "/api/session/second-factor").body).value;
    EXPECT_EQ(client.ask("POST", "/api/session/second-factor/confirm", "{\"code\":\"000000x\"}").status, 422);
    const Received codes =
        client.ask("POST", "/api/session/second-factor/confirm",
                   "{\"code\":\"" + code_at(made.text_of("secret"), door.now / 30) + "\"}");
    EXPECT_EQ(codes.status, 200) << codes.body;
    return std::pair(made.text_of("secret"), read_json(codes.body).value.find("codes")->items[0].text);
  };
  TestClient a(door.server->port()), b(door.server->port());
  const auto [secret, recovery] = with_factor(a, "a", kGood);
  with_factor(b, "b", kOther);
  EXPECT_EQ(a.ask("GET", "/api/accounts").status, 200);
  // At the door: without, with a wrong one, with the one just used, with a new one, with a recovery code
  // once.
  TestClient again(door.server->port());
  EXPECT_EQ(door.sign_in(again, "a", kGood).status, 401);
  EXPECT_EQ(door.sign_in(again, "a", kGood, code_at(secret, door.now / 30)).status, 401);
  door.now += 60;
  EXPECT_EQ(door.sign_in(again, "a", kGood, code_at(secret, door.now / 30)).status, 200);
  EXPECT_EQ(door.sign_in(again, "a", kGood, recovery).status, 200);
  EXPECT_EQ(door.sign_in(again, "a", kGood, recovery).status, 401);
  door.add("d", {"analyst"}, kGood);
  TestClient d(door.server->port());
  with_factor(d, "d", kGood);
  EXPECT_TRUE(says(a.ask("POST", "/api/accounts/d/second-factor/reset"), "\"done\":false"));
  EXPECT_TRUE(says(a.ask("POST", "/api/accounts/d/second-factor/reset"),
                   "\"done\":false"));  // not the same one twice
  EXPECT_TRUE(says(b.ask("POST", "/api/accounts/d/second-factor/reset"), "\"done\":true"));
  EXPECT_EQ(d.ask("POST", "/api/session/second-factor").status, 401);  // its sessions ended
  EXPECT_EQ(door.sign_in(d, "d", kGood).status, 200);
}

TEST(SignIn, GuessesAreSlowedDownAndTellNothing) {
  Door door(false);
  door.add("a", {"analyst"}, kGood);
  TestClient client(door.server->port());
  const auto without_number = [](const Received& got) {
    return got.body.substr(0, got.body.find("\"request\""));
  };
  const Received wrong = door.sign_in(client, "a", "wrong"), nobody = door.sign_in(client, "nobody", "wrong");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_TRUE(says(wrong, "E-SERVER-307"));
  EXPECT_EQ(without_number(wrong), without_number(nobody));
  for (int i = 0; i < 2; ++i) door.sign_in(client, "a", "wrong");
  const Received slowed = door.sign_in(client, "a", kGood);
  EXPECT_EQ(slowed.status, 429);
  EXPECT_TRUE(says(slowed, "E-SERVER-309"));
  door.now += 2000;
  EXPECT_EQ(door.sign_in(client, "a", kGood).status, 200);
}

TEST(SignIn, SessionsEndWhenTheyMust) {
  Door door(false);
  door.add("a", {"system_admin"}, kGood);
  door.add("b", {"security_admin"}, kOther);
  door.add("d", {"analyst"}, kGood);
  TestClient a(door.server->port()), b(door.server->port()), d(door.server->port());
  EXPECT_EQ(door.sign_in(a, "a", kGood).status, 200);
  const std::string cookie = a.always["Cookie"];
  EXPECT_EQ(door.sign_in(b, "b", kOther).status, 200);
  EXPECT_EQ(door.sign_in(d, "d", kGood).status, 200);
  // From another page, and without the word of the session.
  EXPECT_EQ(d.ask("POST", "/api/session/second-factor", "", {{"X-CSRF-Token", "x"}}).status, 403);
  EXPECT_EQ(d.ask("POST", "/api/session/second-factor", "", {{"Origin", "http://evil"}}).status, 403);
  EXPECT_EQ(d.ask("POST", "/api/session/second-factor").status, 200);
  // Roles are granted by one administrator, accounts kept by the other; the change ends the sessions at once.
  const Received account = a.ask("GET", "/api/accounts/d");
  EXPECT_EQ(a.ask("PATCH", "/api/accounts/d", "{\"roles\":[\"leader\"]}").status, 428);
  const std::map<std::string, std::string> match{{"If-Match", account.headers.at("etag")}};
  EXPECT_EQ(a.ask("PATCH", "/api/accounts/d", "{\"roles\":[\"leader\"]}", match).status, 403);
  EXPECT_EQ(b.ask("PATCH", "/api/accounts/d", "{\"roles\":[\"leader\"]}", match).status, 200);
  EXPECT_EQ(d.ask("POST", "/api/session/second-factor").status, 401);
  const Received late = b.ask("PATCH", "/api/accounts/d", "{\"roles\":[\"analyst\"]}", match);
  EXPECT_EQ(late.status, 412);
  EXPECT_TRUE(says(late, "E-SERVER-404"));
  EXPECT_TRUE(says(late, "\"current\":{\"account\":\"d\""));
  EXPECT_TRUE(says(b.ask("PATCH", "/api/accounts/d", "{\"roles\":[\"analyst\"]}"), "E-SERVER-403"));
  // A given password must be changed before anything else.
  EXPECT_EQ(a.ask("PUT", "/api/accounts/d/password", std::string("{\"password\":\"") + kOther + "\"}").status,
            204);
  const Received given = door.sign_in(d, "d", kOther);
  EXPECT_TRUE(says(given, "\"operations\":[]")) << given.body;
  EXPECT_EQ(d.ask("POST", "/api/session/password",
                  std::string("{\"old\":\"") + kOther + "\",\"password\":\"short\"}")
                .status,
            422);
  EXPECT_EQ(d.ask("POST", "/api/session/password",
                  std::string("{\"old\":\"") + kOther + "\",\"password\":\"" + kGood + "\"}")
                .status,
            204);
  EXPECT_FALSE(says(d.ask("GET", "/api/session"), "\"operations\":[]"));
  // Signing in again makes another session; the old one is not that of the new.
  EXPECT_EQ(door.sign_in(a, "a", kGood).status, 200);
  EXPECT_NE(a.always["Cookie"], cookie);
  // A restart keeps sessions; idle and long ones end; signing out ends one.
  door.close();
  door.open(false);
  TestClient back(door.server->port());
  back.always = a.always;
  EXPECT_EQ(back.ask("GET", "/api/accounts").status, 200);
  door.now += 31 * 60;
  EXPECT_EQ(back.ask("GET", "/api/accounts").status, 401);
  EXPECT_EQ(door.sign_in(back, "a", kGood).status, 200);
  for (int i = 0; i < 25; ++i) {
    door.now += 29 * 60;
    back.ask("GET", "/api/session");
  }
  EXPECT_EQ(back.ask("GET", "/api/accounts").status, 401);
  EXPECT_EQ(door.sign_in(back, "a", kGood).status, 200);
  const Received out = back.ask("POST", "/api/session/end");
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(back.ask("GET", "/api/accounts").status, 401);
}

}  // namespace
}  // namespace tenglong::server
