#include <gtest/gtest.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <future>
#include <thread>

#include "server/http.h"
#include "server/inside/publication.h"
#include "server/inside/request_reader.h"
#include "server/inside/test_client.h"
#include "server/json.h"
#include "server/problem.h"
#include "server/service.h"
#include "store/failure.h"

namespace tenglong::server {
namespace {

struct Nobody final : Callers {
  std::shared_ptr<const Caller> caller(const Request&) override { return std::make_shared<const Caller>(); }
  std::string forgery_word(const Request&) override { return {}; }
};

Shape note_shape() {
  return Shape::object("Note", {{"title", Shape::text(10, 1), ""},
                                {"amount", Shape::decimal(), ""},
                                {"tags", Shape::list(Shape::text(), 3), "", Presence::Optional}});
}

// A service of a few routes, served on a port of its own.
struct Served {
  explicit Served(Listening listening = {}) {
    Routes routes;
    const auto route = [&](Method method, const char* path, const char* id, Repeat repeat, Runs runs,
                           std::vector<Parameter> parameters, Input input, Output output, Handler handler) {
      routes.add({method, path, id, Summary("", ""), Right::everyone(), repeat, runs, std::move(parameters),
                  std::move(input), std::move(output), std::move(handler)});
    };
    route(Method::Get, "/api/here", "here", Repeat::Reads, Runs::Here, {}, Input::none(),
          Output::json(Shape::any()), [](const Call&) { return Answer{.body = "{\"here\":true}"}; });
    route(Method::Get, "/api/slow", "slow", Repeat::Reads, Runs::OnWorker, {}, Input::none(),
          Output::json(Shape::any()), [](const Call&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(60));
            return Answer{.body = "{}"};
          });
    route(
        Method::Get, "/api/names/{name}", "named", Repeat::Reads, Runs::OnWorker,
        {{"name", Shape::text(5), "", Presence::Required}, {"limit", Shape::integer(1, 100), ""}},
        Input::none(), Output::json(Shape::any()), [](const Call& call) {
          text::JsonWriter out;
          out.begin_object().member("name", call.path.at("name")).member("limit", call.number_or("limit", 7));
          return Answer{.body = out.end_object().take(), .headers = {{"ETag", "\"t1\""}}};
        });
    route(Method::Post, "/api/notes", "add_note", Repeat::Keyed, Runs::OnWorker, {},
          Input::of(note_shape(), 4096), Output::json(Shape::any(), 201), [this](const Call&) {
            return Answer{.status = 201, .body = "{\"number\":" + std::to_string(++notes) + "}"};
          });
    route(Method::Get, "/api/bug", "bug", Repeat::Reads, Runs::OnWorker, {}, Input::none(),
          Output::json(Shape::any()),
          [](const Call&) -> Answer { throw std::runtime_error("private detail"); });
    route(Method::Get, "/api/away", "away", Repeat::Reads, Runs::OnWorker, {}, Input::none(),
          Output::json(Shape::any()), [](const Call&) -> Answer {
            throw store::StoreFailure({"磁盘满了。", "The disk is full."}, "private detail");
          });
    route(Method::Post, "/api/slow-notes", "add_slowly", Repeat::Keyed, Runs::OnWorker, {},
          Input::of(Shape::object("Empty", {})), Output::json(Shape::any(), 201), [](const Call&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            return Answer{.status = 201, .body = "{}"};
          });
    route(Method::Post, "/api/held-notes", "add_held", Repeat::Keyed, Runs::OnWorker, {},
          Input::of(Shape::object("Held", {})), Output::json(Shape::any(), 201), [this](const Call&) {
            released.wait();
            return Answer{.status = 201, .body = "{}"};
          });
    route(Method::Get, "/api/long", "long", Repeat::Reads, Runs::OnWorker, {}, Input::none(),
          Output::file("text/plain"), [](const Call&) {
            return Answer{.content_type = "text/plain", .stream = [](Sink& sink) {
                            for (int i = 0; i < 2000 && sink.write(std::string(1000, 'x')); ++i) {
                            }
                          }};
          });
    route(Method::Get, "/api/events", "events", Repeat::Reads, Runs::Here, {}, Input::none(),
          Output::events(),
          [this](const Call&) { return Answer{.content_type = "text/event-stream", .feed = feed}; });
    service = std::make_unique<Service>(std::move(routes), nobody, *kept, assets, log);
    listening.port = 18400;
    server = std::make_unique<HttpServer>(*service, listening);
    thread = std::thread([this] { server->run(false); });
  }
  ~Served() {
    server->stop();
    thread.join();
  }
  int port() const { return server->port(); }

  Nobody nobody;
  std::unique_ptr<KeptAnswers> kept = kept_in_memory();
  Assets assets{""};
  Log log{""};
  std::atomic<int> notes = 0;
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::shared_ptr<Feed> feed = std::make_shared<Feed>();
  std::unique_ptr<Service> service;
  std::unique_ptr<HttpServer> server;
  std::thread thread;
};

TEST(Http, OneConnectionCarriesManyRequests) {
  Served served;
  TestClient client(served.port());
  for (int i = 0; i < 3; ++i) {
    const Received here = client.ask("GET", "/api/here");
    EXPECT_EQ(here.status, 200);
    EXPECT_EQ(here.body, "{\"here\":true}");
    EXPECT_FALSE(here.headers.at("x-request-number").empty());
    const Received named = client.ask("GET", "/api/names/%E9%87%91%E5%A1%98?limit=9");
    EXPECT_EQ(named.body, "{\"name\":\"金塘\",\"limit\":9}");
  }
  EXPECT_EQ(client.ask("HEAD", "/api/here").body, "");
  EXPECT_EQ(client.ask("GET", "/api/names/a", "", {{"If-None-Match", "\"t1\""}}).status, 304);
  // Two at once, answered in order.
  client.send("GET /api/slow HTTP/1.1\r\nHost: t\r\n\r\nGET /api/here HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(client.receive().body, "{}");
  EXPECT_EQ(client.receive().body, "{\"here\":true}");
}

TEST(Http, EveryAnswerBearsAPolicyWithoutUnsafeInlineOrEval) {
  Served served;
  TestClient client(served.port());
  for (const char* path : {"/api/here", "/api/nothing", "/api/bug", "/api/long", "/"}) {
    const Received got = client.ask("GET", path);
    ASSERT_TRUE(got.headers.contains("content-security-policy")) << path;
    const std::string& policy = got.headers.at("content-security-policy");
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos) << path;
    EXPECT_EQ(policy.find("unsafe-inline"), std::string::npos) << path;
    EXPECT_EQ(policy.find("unsafe-eval"), std::string::npos) << path;
    EXPECT_EQ(got.headers.at("x-content-type-options"), "nosniff") << path;
    const bool is_data = got.headers.at("content-type").starts_with("application/");
    EXPECT_EQ(policy.starts_with("default-src 'none'"), is_data) << path;
  }
}

TEST(Http, RefusalsAreProblemsWithEveryReason) {
  Served served;
  TestClient client(served.port());
  struct Row {
    const char* what;
    const char *method, *target, *body;
    int status;
    std::vector<const char*> said;
  };
  const Row rows[] = {
      {"no such address", "GET", "/api/nowhere", "", 404, {"E-SERVER-105"}},
      {"wrong method", "DELETE", "/api/here", "", 405, {"E-SERVER-106"}},
      {"every wrong parameter",
       "GET",
       "/api/names/toolong?limt=3&limit=0",
       "",
       400,
       {"E-SERVER-205", "E-SERVER-206", "limit”吗", "/name"}},
      {"a keyed request without its key", "POST", "/api/notes", "{}", 400, {"E-SERVER-401"}},
      {"something fails inside", "GET", "/api/bug", "", 500, {"E-SERVER-109"}},
      {"the database is away", "GET", "/api/away", "", 503, {"E-SERVER-111", "磁盘满了"}},
      {"a broken address", "GET", "/api/%zz", "", 400, {"E-SERVER-101"}},
  };
  for (const Row& row : rows) {
    TestClient own(served.port());
    const Received got = own.ask(row.method, row.target, row.body);
    EXPECT_EQ(got.status, row.status) << row.what;
    EXPECT_EQ(got.headers.at("content-type"), "application/problem+json") << row.what;
    for (const char* said : row.said)
      EXPECT_NE(got.body.find(said), std::string::npos) << row.what << got.body;
    EXPECT_NE(got.body.find(got.headers.at("x-request-number")), std::string::npos) << row.what;
    EXPECT_EQ(got.body.find("private detail"), std::string::npos) << row.what;
    diagnostic::Diagnostics told;
    problem_shape().check(read_json(got.body).value, "body", told);
    EXPECT_TRUE(told.empty()) << row.what << got.body;
  }
  const std::map<std::string, std::string> key{{"Idempotency-Key", "12345678"}};
  const Received wrong =
      client.ask("POST", "/api/notes", R"({"titl":"x","amount":12.5,"tags":["a","b",3,"d"]})", key);
  EXPECT_EQ(wrong.status, 422);
  for (const char* said :
       {"E-SERVER-202", "/title", "E-SERVER-203", "title”吗", "E-SERVER-204", "/amount", "/tags/2"})
    EXPECT_NE(wrong.body.find(said), std::string::npos) << said << wrong.body;
  const Received broken = client.ask("POST", "/api/notes", "{\"title\":\n \"x\",,}", key);
  EXPECT_NE(broken.body.find("E-SERVER-201"), std::string::npos);
  EXPECT_NE(broken.body.find("\"line\":2,\"column\":6"), std::string::npos) << broken.body;
  const Received xml = client.ask("POST", "/api/notes", "<a/>",
                                  {{"Idempotency-Key", "12345678"}, {"Content-Type", "text/xml"}});
  EXPECT_EQ(xml.status, 415);
  EXPECT_NE(xml.body.find("E-SERVER-107"), std::string::npos);
  EXPECT_EQ(served.notes, 0);
}

TEST(Http, TheSameKeyIsDoneOnce) {
  Served served;
  TestClient client(served.port());
  const std::string note = R"({"title":"a","amount":"1.50"})";
  const Received first = client.ask("POST", "/api/notes", note, {{"Idempotency-Key", "one-key-1"}});
  const Received again = client.ask("POST", "/api/notes", note, {{"Idempotency-Key", "one-key-1"}});
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(again.headers.at("idempotency-replayed"), "true");
  EXPECT_EQ(served.notes, 1);
  const Received other =
      client.ask("POST", "/api/notes", R"({"title":"b","amount":"1"})", {{"Idempotency-Key", "one-key-1"}});
  EXPECT_EQ(other.status, 422);
  EXPECT_NE(other.body.find("E-SERVER-402"), std::string::npos);
  // From a page of another origin.
  const Received forged =
      client.ask("POST", "/api/notes", note, {{"Idempotency-Key", "two-key-2"}, {"Origin", "http://evil"}});
  EXPECT_EQ(forged.status, 403);
  EXPECT_NE(forged.body.find("E-SERVER-304"), std::string::npos);
  EXPECT_EQ(served.notes, 1);
}

TEST(Http, LimitsOnSizesAndWaits) {
  Listening listening;
  listening.limits.header_time = std::chrono::milliseconds(300);
  listening.limits.body_time = std::chrono::milliseconds(300);
  listening.limits.idle_time = std::chrono::milliseconds(300);
  Served served(listening);
  {
    TestClient client(served.port());
    client.send("GET /api/here HTTP/1.1\r\nX: " + std::string(40000, 'a') + "\r\n\r\n");
    const Received got = client.receive();
    EXPECT_EQ(got.status, 431);
    EXPECT_NE(got.body.find("E-SERVER-102"), std::string::npos);
  }
  {
    TestClient client(served.port());
    client.send("nonsense\r\n\r\n");
    EXPECT_EQ(client.receive().status, 400);
  }
  {
    TestClient client(served.port());
    const Received got =
        client.ask("POST", "/api/notes", std::string(100000, 'a'), {{"Idempotency-Key", "12345678"}});
    EXPECT_EQ(got.status, 413);
    EXPECT_NE(got.body.find("E-SERVER-103"), std::string::npos);
  }
  {
    TestClient client(served.port());  // the head comes a letter at a time, slower than allowed
    client.send("GET /api/here HT");
    const Received got = client.receive();
    EXPECT_EQ(got.status, 408);
    EXPECT_NE(got.body.find("E-SERVER-104"), std::string::npos);
  }
  {
    TestClient client(served.port());  // the body stops half way
    client.send(
        "POST /api/notes HTTP/1.1\r\nHost: t\r\nIdempotency-Key: 12345678\r\nContent-Type: application/json"
        "\r\nContent-Length: 100\r\n\r\n{\"title\"");
    EXPECT_EQ(client.receive().status, 408);
  }
  {
    TestClient client(served.port());  // an idle connection is ended
    EXPECT_EQ(client.ask("GET", "/api/here").status, 200);
    EXPECT_EQ(client.receive_some(), "");
  }
  EXPECT_EQ(served.notes, 0);
}

// However its bytes come: a head of exactly the limit is read, one of a byte more is too long.
TEST(Http, AHeadIsAsLongAsItIsInWhateverPiecesItComes) {
  constexpr std::size_t kLimit = 1024;
  for (std::size_t size = kLimit - 5; size <= kLimit + 8; ++size) {
    std::string head = "GET /a HTTP/1.1\r\nHost: t\r\nX-Long: ";
    head.append(size - head.size() - 4, 'x').append("\r\n\r\n");
    ASSERT_EQ(head.size(), size);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, size}) {
      RequestReader reader(kLimit);
      Inbox inbox;
      RequestReader::Step step = reader.head(inbox);
      for (std::size_t at = 0; at < size && step == RequestReader::Step::More; at += piece) {
        const std::size_t count = std::min(piece, size - at);
        std::memcpy(inbox.room(count).data(), head.data() + at, count);
        inbox.came(count);
        step = reader.head(inbox);
      }
      EXPECT_EQ(step, size <= kLimit ? RequestReader::Step::Whole : RequestReader::Step::TooLong)
          << size << " bytes in pieces of " << piece;
    }
  }
}

TEST(Http, ABodyInChunksIsRefusedPlainlyAndTheServerStands) {
  Served served;
  for (const char* body : {"0\r\n\r\n", "0\r\nabcdds/0123 HT\r\n0\r\n\r\n"}) {
    TestClient client(served.port());
    client.send(std::string("POST /api/notes HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n") +
                body);
    const Received got = client.receive();
    EXPECT_EQ(got.status, 411);
    EXPECT_NE(got.body.find("E-SERVER-112"), std::string::npos) << got.body;
  }
  TestClient client(served.port());
  EXPECT_EQ(client.ask("GET", "/api/here").status, 200);
}

TEST(Http, TooManyAtOnceAreToldAndThenItRecovers) {
  Listening listening;
  listening.workers = 2;
  listening.limits.longest_queue = 4;
  Served served(listening);
  constexpr int kClients = 30;
  std::atomic<int> done = 0, shed = 0, other = 0;  // shed: E-SERVER-108
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i)
    clients.emplace_back([&] {
      TestClient client(served.port());
      for (int j = 0; j < 10; ++j) {
        const Received got = client.ask("GET", "/api/slow");
        if (got.status == 200)
          ++done;
        else if (got.status == 503 && got.headers.contains("retry-after"))
          ++shed;
        else
          ++other;
      }
    });
  for (std::thread& client : clients) client.join();
  EXPECT_GT(done, 0);
  EXPECT_GT(shed, 0);
  EXPECT_EQ(other, 0);
  TestClient client(served.port());
  EXPECT_EQ(client.ask("GET", "/api/slow").status, 200);
}

TEST(Http, AReadingDoesNotWaitBehindWritings) {
  Listening listening;
  listening.workers = listening.writers = 2;
  Served served(listening);
  std::atomic<int> written = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 6; ++i)
    writers.emplace_back([&, i] {
      TestClient own(served.port());
      written +=
          own.ask("POST", "/api/held-notes", "{}", {{"Idempotency-Key", "held-" + std::to_string(1000 + i)}})
              .status == 201;
    });
  while (served.server->writers().waiting() < 4) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  TestClient reader(served.port());
  EXPECT_EQ(reader.ask("GET", "/api/names/a").status, 200);
  EXPECT_EQ(written, 0);
  served.release.set_value();
  for (std::thread& each : writers) each.join();
  EXPECT_EQ(written, 6);
}

TEST(Http, StreamsAndEvents) {
  Served served;
  TestClient client(served.port());
  const Received got = client.ask("GET", "/api/long");
  EXPECT_TRUE(got.is_whole);
  EXPECT_EQ(got.body, std::string(2000000, 'x'));
  EXPECT_EQ(client.ask("GET", "/api/here").status, 200);
  {
    TestClient leaves(served.port());  // somebody goes away in the middle
    leaves.send("GET /api/long HTTP/1.1\r\nHost: t\r\n\r\n");
    leaves.receive_some();
  }
  served.feed->add("figure", "{\"n\":1}");
  TestClient listener(served.port());
  listener.send("GET /api/events HTTP/1.1\r\nHost: t\r\n\r\n");
  std::string heard;
  while (heard.find("{\"n\":1}") == std::string::npos) heard += listener.receive_some();
  served.feed->add("figure", "{\"n\":2}");
  while (heard.find("{\"n\":2}") == std::string::npos) heard += listener.receive_some();
  TestClient late(served.port());  // comes back after the first
  late.send("GET /api/events HTTP/1.1\r\nHost: t\r\nLast-Event-ID: 1\r\n\r\n");
  std::string rest;
  while (rest.find("{\"n\":2}") == std::string::npos) rest += late.receive_some();
  EXPECT_EQ(rest.find("{\"n\":1}"), std::string::npos);
  served.feed->end();
  while (heard.find("0\r\n\r\n") == std::string::npos) {
    const std::string more = listener.receive_some();
    if (more.empty()) break;
    heard += more;
  }
  EXPECT_NE(heard.find("0\r\n\r\n"), std::string::npos);
}

TEST(Http, TheSameSubmissionAtOnceAndOneThatTakesTooLong) {
  Listening listening;
  listening.limits.answer_time = std::chrono::milliseconds(100);
  Served served(listening);
  const std::map<std::string, std::string> key{{"Idempotency-Key", "12345678"}};
  Received first;
  std::thread other([&] {
    TestClient client(served.port());
    first = client.ask("POST", "/api/slow-notes", "{}", key);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  TestClient client(served.port());
  const Received again = client.ask("POST", "/api/slow-notes", "{}", key);
  other.join();
  EXPECT_EQ(again.status, 409);
  EXPECT_NE(again.body.find("E-SERVER-405"), std::string::npos);
  EXPECT_EQ(first.status, 504);
  EXPECT_NE(first.body.find("E-SERVER-110"), std::string::npos);
  // It was done all the same: the same key tells its answer.
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  EXPECT_EQ(client.ask("POST", "/api/slow-notes", "{}", key).status, 201);
}

TEST(Publication, WhatDoesNotBalanceIsNotPublished) {
  result::Result result;
  result.schemes.push_back({.scheme = "方案"});
  EXPECT_TRUE(balance_gate(result).empty());
  result.schemes[0].balance.failures = {"参评 3 ≠ 4"};
  ASSERT_EQ(balance_gate(result).size(), 1u);
  EXPECT_EQ(balance_gate(result)[0].code, "E-SERVER-406");
}

// A certificate of its own for a test: PEM files, gone with the folder.
struct OwnCertificate {
  OwnCertificate() {
    char name[] = "/tmp/tenglong_tls_XXXXXX";
    folder = mkdtemp(name);
    EVP_PKEY* const made = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, made);
    X509_sign(certificate, made, EVP_sha256());
    std::FILE* file = std::fopen(cert().c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    file = std::fopen(key().c_str(), "w");
    PEM_write_PrivateKey(file, made, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(made);
  }
  ~OwnCertificate() { std::filesystem::remove_all(folder); }
  std::string cert() const { return folder + "/cert.pem"; }
  std::string key() const { return folder + "/key.pem"; }
  std::string folder;
};

// What a client that wants at least this much and at most that much is answered; "" if they do not come
// together.
std::string over_tls(int port, int least, int most, const std::string& request) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, least);
  SSL_CTX_set_max_proto_version(context, most);
  SSL_CTX_set_security_level(context, 0);
  BIO* const line = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(line, ("127.0.0.1:" + std::to_string(port)).c_str());
  std::string out;
  if (BIO_do_connect(line) == 1 && BIO_do_handshake(line) == 1) {
    BIO_write(line, request.data(), static_cast<int>(request.size()));
    char piece[4096];
    for (int size = 0; (size = BIO_read(line, piece, sizeof piece)) > 0;)
      out.append(piece, static_cast<std::size_t>(size));
  }
  BIO_free_all(line);
  SSL_CTX_free(context);
  return out;
}

TEST(Http, TlsCarriesTheSameAnswersFromVersion12On) {
  const OwnCertificate own;
  Served served({.tls_cert = own.cert(), .tls_key = own.key()});
  const std::string ask = "GET /api/here HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const std::string got = over_tls(served.port(), version, version, ask);
    EXPECT_NE(got.find("{\"here\":true}"), std::string::npos) << got;
    EXPECT_NE(got.find("Strict-Transport-Security"), std::string::npos) << got;
  }
  EXPECT_EQ(over_tls(served.port(), TLS1_VERSION, TLS1_1_VERSION, ask), "");
  TestClient plain(served.port());  // who does not speak it is not answered, and holds nobody up
  plain.send(ask);
  EXPECT_EQ(plain.receive_some().find("HTTP/1.1 200"), std::string::npos);
  const std::string large = over_tls(served.port(), TLS1_3_VERSION, TLS1_3_VERSION,
                                     "GET /api/long HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  EXPECT_GT(large.size(), 2000u * 1000u);
  EXPECT_THROW(Served({.tls_cert = own.key(), .tls_key = own.cert()}), std::runtime_error);
}

TEST(Http, StopsWithinMomentsThoughConnectionsAreOpen) {
  auto served = std::make_unique<Served>();
  TestClient idle(served->port()), busy(served->port()), hears(served->port());
  EXPECT_EQ(idle.ask("GET", "/api/here").status, 200);
  hears.send("GET /api/events HTTP/1.1\r\nHost: t\r\n\r\n");
  hears.receive_some();
  busy.send("GET /api/slow HTTP/1.1\r\nHost: t\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const auto began = std::chrono::steady_clock::now();
  served.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(3));
  EXPECT_EQ(busy.receive().status, 200);  // what ran was finished
}

}  // namespace
}  // namespace tenglong::server
