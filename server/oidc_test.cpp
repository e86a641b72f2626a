// Signing in through an identity provider: a small one of our own answers over HTTPS on this machine, as it
// should and in every way that it should not.
#include "server/oidc.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "server/inside/fetch.h"
#include "server/inside/test_client.h"
#include "server/inside/token.h"
#include "server/passwords.h"

namespace tenglong::server {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1'700'000'000;

std::string number_text(const BIGNUM* number, std::size_t size = 0) {
  std::string out(size == 0 ? static_cast<std::size_t>(BN_num_bytes(number)) : size, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
  return to_base64url(out);
}

// A key of the provider's, and how it is shown.
struct SigningKey {
  EVP_PKEY* key;
  std::string algorithm, name;
  SigningKey(const char* algorithm_in, const char* name_in)
      : key(std::string(algorithm_in) == "RS256" ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256")),
        algorithm(algorithm_in),
        name(name_in) {}
  ~SigningKey() { EVP_PKEY_free(key); }
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  std::string shown() const {
    const auto number = [&](const char* what, std::size_t size = 0) {
      BIGNUM* held = nullptr;
      EVP_PKEY_get_bn_param(key, what, &held);
      const std::string out = number_text(held, size);
      BN_free(held);
      return out;
    };
    if (algorithm == "RS256")
      return R"({"kty":"RSA","use":"sig","kid":")" + name + R"(","n":")" + number("n") + R"(","e":")" +
             number("e") + "\"}";
    return R"({"kty":"EC","crv":"P-256","kid":")" + name + R"(","x":")" + number("qx", 32) + R"(","y":")" +
           number("qy", 32) + "\"}";
  }
  std::string sign(const std::string& said) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(said.data());
    EVP_DigestSign(context, nullptr, &size, bytes, said.size());
    std::string out(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size, bytes, said.size());
    out.resize(size);
    EVP_MD_CTX_free(context);
    if (algorithm == "RS256") return out;
    const auto* at = reinterpret_cast<const unsigned char*>(out.data());
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(out.size()));
    std::string raw(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), reinterpret_cast<unsigned char*>(raw.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
    ECDSA_SIG_free(pair);
    return raw;
  }
};

std::string token_of(const SigningKey& key, const std::string& claims, std::string head = "") {
  if (head.empty()) head = R"({"alg":")" + key.algorithm + R"(","kid":")" + key.name + "\"}";
  const std::string said = to_base64url(head) + "." + to_base64url(claims);
  return said + "." + to_base64url(key.sign(said));
}

// A certificate for localhost that signs itself.
void write_certificate(const fs::path& cert, const fs::path& key_file, const char* host) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* made = X509_new();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
  X509_gmtime_adj(X509_getm_notBefore(made), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made), 24 * 3600);
  X509_set_pubkey(made, key);
  X509_NAME* name = X509_get_subject_name(made);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(host), -1, -1,
                             0);
  X509_set_issuer_name(made, name);
  const std::string names = std::string("DNS:") + host;
  for (const auto& [kind, value] : {std::pair(NID_subject_alt_name, names.c_str()),
                                    std::pair(NID_basic_constraints, "critical,CA:TRUE")}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
    X509_add_ext(made, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(made, key, EVP_sha256());
  std::FILE* out = std::fopen(cert.c_str(), "w");
  PEM_write_X509(out, made);
  std::fclose(out);
  out = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
  X509_free(made);
  EVP_PKEY_free(key);
}

std::string form_value(const std::string& form, const std::string& name) {
  Request read;
  read_target("/?" + form, read);
  for (const auto& [key, value] : read.query)
    if (key == name) return value;
  return {};
}

// The provider: one process of its own would be no different on the wire.
class Provider final : public Application {
 public:
  explicit Provider(const fs::path& folder) : cert(folder / "provider.pem") {
    write_certificate(cert, folder / "provider.key", "localhost");
    server = std::make_unique<HttpServer>(
        *this,
        Listening{.port = 18650, .tls_cert = cert.string(), .tls_key = (folder / "provider.key").string()});
    issuer = "https://localhost:" + std::to_string(server->port());
    thread = std::thread([this] { server->run(false); });
  }
  ~Provider() override {
    server->stop();
    thread.join();
  }
  Admission admit(Request&) override { return {.refused = {}, .most_body_bytes = 16384, .on_worker = true}; }
  Answer answer(const Request& request, const std::shared_ptr<const void>&) override {
    ++asked;
    if (request.path == "/.well-known/openid-configuration")
      return {.body = R"({"issuer":")" + (calls_itself.empty() ? issuer : calls_itself) +
                      R"(","authorization_endpoint":")" + issuer + R"(/authorize","token_endpoint":")" +
                      issuer + R"(/token","jwks_uri":")" + issuer + R"(/keys"})"};
    if (request.path == "/keys") return {.body = "{\"keys\":[" + rsa.shown() + "," + ec.shown() + "]}"};
    if (request.path == "/token") {
      // What was promised at the beginning is what comes now.
      if (form_value(request.body, "code") != "the-code" ||
          to_base64url(sha256(form_value(request.body, "code_verifier"))) != challenge ||
          form_value(request.body, "client_secret") != "hush")
        return {.status = 400, .body = "{\"error\":\"invalid_grant\"}"};
      return {.body = R"({"token_type":"Bearer","access_token":"x","id_token":")" + token() + "\"}"};
    }
    return {.status = 404, .body = "{}"};
  }
  Answer own_answer(const Request&, int status) override { return {.status = status}; }
  void finished(const Request&, const void*, const Done&) noexcept override {}
  void connections(std::size_t) noexcept override {}

  std::string claims(const std::string& account) const {
    return R"({"iss":")" + issuer + R"(","sub":"17","aud":"tenglong","exp":)" + std::to_string(kNow + 300) +
           R"(,"iat":)" + std::to_string(kNow) + R"(,"nonce":")" + nonce +
           R"(","amr":["pwd","hwk"],"preferred_username":")" + account + "\"}";
  }

  fs::path cert;
  std::string issuer, calls_itself, challenge, nonce;
  SigningKey rsa{"RS256", "r1"}, ec{"ES256", "e1"};
  std::function<std::string()> token;
  std::atomic<int> asked = 0;
  std::unique_ptr<HttpServer> server;
  std::thread thread;
};

struct OidcDoor {
  OidcDoor() : folder(fs::temp_directory_path() / ("tenglong_oidc_" + std::to_string(getpid()))) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    provider = std::make_unique<Provider>(folder);
    read = pack::read_pack(SOURCE_DIR "/packs/dinghai-2021", {SOURCE_DIR "/packs/sample-overlay"});
    store = store::open_store(folder.string(), read.pack->head.area, read.pack->schema,
                              access::Scope::whole_district("operator"));
    store->act_as({.account = "test"});
    DistrictOptions options;
    options.folder = folder.string();
    options.today = [] { return calendar::Date{2023, 10, 1}; };
    options.now = [] { return std::string("2023-10-01T09:00:00+08:00"); };
    district = std::make_unique<District>(*read.pack, *store, std::move(options));
    identity = std::make_unique<Identity>(*district, IdentityOptions{.clock = [this] { return now.load(); }});
    const fs::path file = folder / "oidc.json";
    std::ofstream(file)
        << R"({"issuer":")" << provider->issuer
        << R"(","client_id":"tenglong","client_secret":"hush","address":"http://127.0.0.1:18600",)"
        << R"("second_factor":{"amr":["hwk"]},"label":{"zh":"用政务网证书登录","en":"By card"},)"
        << R"("ca_file":")" << provider->cert.string() << "\"}";
    const ReadOidcSettings settings = read_oidc_settings(file.string());
    EXPECT_TRUE(settings.diagnostics.empty())
        << (settings.diagnostics.empty() ? "" : settings.diagnostics[0].message.en);
    oidc = std::make_shared<Oidc>(*identity, *settings.settings);
    Routes routes;
    routes.add(session_routes(*identity));
    routes.add(oidc_routes(oidc));
    service = std::make_unique<Service>(std::move(routes), *identity, *kept, assets, log);
    server = std::make_unique<HttpServer>(*service, Listening{.port = 18600});
    thread = std::thread([this] { server->run(false); });
    access::KeptAccount account;
    account.id = account.name = "wanghong";
    account.roles = {"analyst"};
    store->accounts().keep({account});
    identity->refresh();
    provider->token = [this] { return token_of(provider->rsa, provider->claims("wanghong")); };
  }
  ~OidcDoor() {
    server->stop();
    thread.join();
    server.reset();
    service.reset();
    oidc.reset();
    identity.reset();
    district.reset();
    store.reset();
    provider.reset();
    fs::remove_all(folder);
  }

  // Goes there; what a browser would keep is in the client.
  std::string begin(TestClient& client) {
    const Received gone = client.ask("GET", "/api/session/oidc");
    EXPECT_EQ(gone.status, 303) << gone.body;
    EXPECT_EQ(gone.cookies.size(), 1u);
    if (gone.cookies.empty()) return {};
    EXPECT_NE(gone.cookies[0].find("HttpOnly; SameSite=Lax"), std::string::npos);
    client.always["Cookie"] = gone.cookies[0].substr(0, gone.cookies[0].find(';'));
    const std::string& where = gone.headers.at("location");
    EXPECT_EQ(where.rfind(provider->issuer + "/authorize?", 0), 0u) << where;
    const std::string query = where.substr(where.find('?') + 1);
    EXPECT_EQ(form_value(query, "response_type"), "code");
    EXPECT_EQ(form_value(query, "code_challenge_method"), "S256");
    EXPECT_EQ(form_value(query, "redirect_uri"), "http://127.0.0.1:18600/api/session/oidc/callback");
    provider->challenge = form_value(query, "code_challenge");
    provider->nonce = form_value(query, "nonce");
    return form_value(query, "state");
  }
  Received end(TestClient& client, const std::string& state, const std::string& more = "") {
    return client.ask("GET",
                      "/api/session/oidc/callback?code=the-code&session_state=x&state=" + state + more);
  }
  // Whether somebody is in: the cookie of the answer opens the session.
  std::string account_in(const Received& got) {
    for (const std::string& cookie : got.cookies) {
      if (cookie.rfind("tenglong_session=", 0) != 0) continue;
      TestClient client(server->port());
      client.always["Cookie"] = cookie.substr(0, cookie.find(';'));
      const Json session = read_json(client.ask("GET", "/api/session").body).value;
      return session.text_of("account") +
             (session.find("second_factor_due")->boolean ? ", a second factor is due" : "");
    }
    return {};
  }

  std::atomic<std::int64_t> now = kNow;
  fs::path folder;
  std::unique_ptr<Provider> provider;
  pack::ReadPack read;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<District> district;
  std::unique_ptr<Identity> identity;
  std::shared_ptr<Oidc> oidc;
  std::unique_ptr<KeptAnswers> kept = kept_in_memory();
  Assets assets{""};
  Log log{""};
  std::unique_ptr<Service> service;
  std::unique_ptr<HttpServer> server;
  std::thread thread;
};

// A refusal without what differs from one to the next.
std::string plain(const Received& got) {
  std::string where = got.headers.count("location") != 0 ? got.headers.at("location") : std::string();
  where = where.substr(0, where.find("&request="));
  std::string cookies;
  for (const std::string& each : got.cookies) cookies += each + "\n";
  return std::to_string(got.status) + " " + where + "\n" + cookies + got.body;
}

TEST(Oidc, WhoTheProviderKnowsComesInWithoutAPhone) {
  OidcDoor door;
  EXPECT_EQ(door.provider->asked, 0);  // nothing is asked before somebody wants in
  TestClient client(door.server->port());
  const Json session = read_json(client.ask("GET", "/api/session").body).value;
  EXPECT_EQ(session.find("other_way")->text_of("zh"), "用政务网证书登录");
  for (const SigningKey* key : {&door.provider->rsa, &door.provider->ec}) {
    door.provider->token = [&door, key] { return token_of(*key, door.provider->claims("wanghong")); };
    TestClient browser(door.server->port());
    const std::string state = door.begin(browser);
    const Received in = door.end(browser, state, "&iss=" + url_encoded(door.provider->issuer));
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(in.headers.at("location"), "/");
    EXPECT_EQ(door.account_in(in), "wanghong") << key->algorithm;
  }
}

TEST(Oidc, ASecondFactorThatWasNotShownThereIsDueHere) {
  OidcDoor door;
  door.provider->token = [&] {
    std::string claims = door.provider->claims("wanghong");
    claims.replace(claims.find("\"hwk\""), 5, "\"otp\"");  // not one that the settings name
    return token_of(door.provider->rsa, claims);
  };
  TestClient browser(door.server->port());
  EXPECT_EQ(door.account_in(door.end(browser, door.begin(browser))), "wanghong, a second factor is due");
  // Whoever has one here shows it here.
  door.store->credentials().keep({.account = "wanghong", .second_factor = new_secret()}, "set_second_factor");
  TestClient again(door.server->port());
  EXPECT_EQ(door.account_in(door.end(again, door.begin(again))), "");
}

TEST(Oidc, WhateverIsWrongTheAnswerIsTheSame) {
  OidcDoor door;
  Provider& provider = *door.provider;
  const SigningKey stranger("RS256", "r1");
  const auto with = [&](const std::string& from, const std::string& to) {
    return [&provider, from, to] {
      std::string claims = provider.claims("wanghong");
      const std::size_t at = claims.find(from);
      EXPECT_NE(at, std::string::npos) << from;
      claims.replace(at, from.size(), to);
      return token_of(provider.rsa, claims);
    };
  };
  struct Row {
    const char* what;
    std::function<std::string()> token;
  };
  const Row rows[] = {
      {"no algorithm",
       [&] {
         const std::string claims = provider.claims("wanghong");
         return to_base64url(R"({"alg":"none"})") + "." + to_base64url(claims) + ".";
       }},
      {"a secret of both, made of the public key",
       [&] { return token_of(provider.rsa, provider.claims("wanghong"), R"({"alg":"HS256","kid":"r1"})"); }},
      {"another's key", [&] { return token_of(stranger, provider.claims("wanghong")); }},
      {"one kind of key said to be another",
       [&] { return token_of(provider.ec, provider.claims("wanghong"), R"({"alg":"RS256","kid":"e1"})"); }},
      {"changed after it was signed",
       [&] {
         std::string token = token_of(provider.rsa, provider.claims("wanghong"));
         const std::size_t dot = token.find('.');
         return token.substr(0, dot + 1) + to_base64url(provider.claims("zhangwei")) +
                token.substr(token.rfind('.'));
       }},
      {"what is critical and not known",
       [&] {
         return token_of(provider.rsa, provider.claims("wanghong"),
                         R"({"alg":"RS256","kid":"r1","crit":["x"],"x":1})");
       }},
      {"two parts", [&] { return std::string("a.b"); }},
      {"another issuer", with(provider.issuer, "https://elsewhere.example")},
      {"for another client", with("\"aud\":\"tenglong\"", "\"aud\":\"another\"")},
      {"for several, meant for another",
       with("\"aud\":\"tenglong\"", R"("aud":["tenglong","another"],"azp":"another")")},
      {"of another sign-in", with("\"nonce\":\"", "\"nonce\":\"x")},
      {"ended", with(std::to_string(kNow + 300), std::to_string(kNow - 61))},
      {"without an end", with("\"exp\":", "\"no_exp\":")},
      {"issued long ago", with("\"iat\":" + std::to_string(kNow), "\"iat\":" + std::to_string(kNow - 5000))},
      {"not yet", with("\"sub\":\"17\"", "\"sub\":\"17\",\"nbf\":" + std::to_string(kNow + 3600))},
      {"nobody's", with("\"sub\":\"17\",", "")},
      {"an account that is not here", with("wanghong", "stranger")},
      {"no account at all", with("preferred_username", "preferred_nickname")},
  };
  std::string refusal;
  const auto expect_refused = [&](const char* what, const Received& got) {
    EXPECT_EQ(door.account_in(got), "") << what;
    if (refusal.empty()) refusal = plain(got);  // E-SERVER-313 in the log
    EXPECT_EQ(plain(got), refusal) << what;
    EXPECT_EQ(got.status, 303) << what;
  };
  for (const Row& row : rows) {
    provider.token = row.token;
    TestClient browser(door.server->port());
    expect_refused(row.what, door.end(browser, door.begin(browser)));
  }
  provider.token = [&] { return token_of(provider.rsa, provider.claims("wanghong")); };
  {
    TestClient browser(door.server->port());
    const std::string state = door.begin(browser);
    EXPECT_EQ(door.account_in(door.end(browser, state)), "wanghong");
    expect_refused("the same state again", door.end(browser, state));
    expect_refused("a state of nobody", door.end(browser, "x"));
    TestClient other(door.server->port());
    expect_refused("another browser", door.end(other, door.begin(browser)));
    expect_refused("another provider",
                   door.end(browser, door.begin(browser), "&iss=https%3A%2F%2Felsewhere"));
    expect_refused("the provider refuses", door.end(browser, door.begin(browser), "&error=access_denied"));
    const std::string late = door.begin(browser);
    door.now += 601;
    expect_refused("too late", door.end(browser, late));
    door.now = kNow;
    const std::string other_code = door.begin(browser);
    provider.challenge = "another";
    expect_refused("another's code", door.end(browser, other_code));
    const std::string renamed = door.begin(browser);
    provider.calls_itself = "https://elsewhere.example";
    expect_refused("a provider of another name", door.end(browser, renamed));
    const Received silent = browser.ask("GET", "/api/session/oidc");
    EXPECT_EQ(silent.status, 502);
    EXPECT_NE(silent.body.find("E-SERVER-314"), std::string::npos);
    provider.calls_itself.clear();
  }
  EXPECT_EQ(door.store->accounts().accounts().size(), 1u);  // none was made
}

TEST(Oidc, OnlyACertificateThatIsTrustedAndOfThatName) {
  OidcDoor door;
  const std::string url = door.provider->issuer + "/keys";
  EXPECT_EQ(fetch({.url = url, .ca_file = door.provider->cert.string()}).status, 200);
  EXPECT_THROW(fetch({.url = url}), FetchFailed);
  const std::string by_number =
      "https://127.0.0.1:" + std::to_string(door.provider->server->port()) + "/keys";
  EXPECT_THROW(fetch({.url = by_number, .ca_file = door.provider->cert.string()}), FetchFailed);
  EXPECT_THROW(fetch({.url = "http://example.org/"}), FetchFailed);  // not over HTTPS: nobody is asked
  EXPECT_THROW(fetch({.url = url, .ca_file = door.provider->cert.string(), .most_bytes = 10}), FetchFailed);
}

TEST(Oidc, MistakesInTheSettingsAreToldAtOnce) {
  const fs::path file = fs::temp_directory_path() / ("tenglong_oidc_" + std::to_string(getpid()) + ".json");
  EXPECT_FALSE(read_oidc_settings(file.string()).settings);
  EXPECT_TRUE(read_oidc_settings(file.string()).diagnostics.empty());
  std::ofstream(file)
      << R"({"issuer":"http://id.example.org","client_id":"t","address":"tenglong","scope":"profile",)"
      << R"("ca_file":"/nowhere.pem"})";
  const ReadOidcSettings wrong = read_oidc_settings(file.string());
  EXPECT_FALSE(wrong.settings);
  EXPECT_EQ(wrong.diagnostics.size(), 4u);
  for (const diagnostic::Diagnostic& one : wrong.diagnostics) EXPECT_EQ(one.code, "E-SERVER-312");
  std::ofstream(file) << R"({"issuer":"https://id.example.org","client":"t"})";
  EXPECT_GE(read_oidc_settings(file.string()).diagnostics.size(), 2u);
  fs::remove(file);
}

}  // namespace
}  // namespace tenglong::server
