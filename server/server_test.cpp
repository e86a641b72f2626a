#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "server/http.h"
#include "server/site.h"

namespace tenglong::server {
namespace {

TEST(Http, TargetsAreDecoded) {
  const Request request = parse_target("/enterprise/%E9%87%91?q=a+b%26c&grade=&x");
  EXPECT_EQ(request.path, "/enterprise/金");
  EXPECT_EQ(request.query.at("q"), "a b&c");
  EXPECT_EQ(request.query.at("grade"), "");
  EXPECT_EQ(request.query.at("x"), "");
  EXPECT_EQ(url_decoded("100%"), "100%");
  EXPECT_EQ(url_decoded("%zz"), "%zz");
}

// One request over a real socket; the whole answer.
std::string ask(int port, const std::string& request) {
  const int socket_number = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_number, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return "no connection";
  if (write(socket_number, request.data(), request.size()) < 0) return "not sent";
  std::string answer;
  char part[4096];
  for (ssize_t size = 0; (size = read(socket_number, part, sizeof part)) > 0;)
    answer.append(part, static_cast<std::size_t>(size));
  close(socket_number);
  return answer;
}

TEST(Http, AnswersRefusesAndEndsWhenTold) {
  std::atomic<int> port = 0;
  std::thread server([&] {
    serve(
        [](const Request& request) {
          if (request.path == "/bug") throw std::runtime_error("private detail");
          return Page{.content_type = "text/plain", .body = "at " + request.path};
        },
        {.port = 18321}, [&](int opened) { port = opened; });
  });
  while (port == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const std::string close_line = "\r\nHost: x\r\nConnection: close\r\n\r\n";
  EXPECT_NE(ask(port, "GET /a%20b HTTP/1.1" + close_line).find("at /a b"), std::string::npos);
  const std::string head = ask(port, "HEAD /a HTTP/1.1" + close_line);
  EXPECT_NE(head.find("200 OK"), std::string::npos);
  EXPECT_EQ(head.find("at /a"), std::string::npos);
  EXPECT_NE(ask(port, "POST /a HTTP/1.1" + close_line).find("405"), std::string::npos);
  EXPECT_NE(ask(port, "nonsense\r\n\r\n").find("400"), std::string::npos);
  EXPECT_NE(ask(port, "GET / HTTP/1.1\r\nX: " + std::string(40000, 'a') + "\r\n\r\n").find("431"),
            std::string::npos);
  const std::string broken = ask(port, "GET /bug HTTP/1.1" + close_line);
  EXPECT_NE(broken.find("500"), std::string::npos);
  EXPECT_EQ(broken.find("private detail"), std::string::npos);
  EXPECT_NE(head.find("Content-Security-Policy"), std::string::npos);
  kill(getpid(), SIGTERM);
  server.join();
}

TEST(Site, EveryPageIsWholeAndSafe) {
  pack::Pack pack;
  pack.head.name = "某区<script>alert(1)</script>";
  pack.clauses.push_back({.id = "二", .title = "目标 & \"引号\"", .summary = "<b>"});
  column::Snapshot snapshot;
  result::Result result;
  result.header.fingerprint = "0123456789abcdef";
  result.schemes.push_back({.scheme = "方案"});
  const Shown shown{
      .pack = &pack, .snapshot = &snapshot, .result = &result, .on = {2023, 12, 31}, .mark = "样例数据"};
  for (const char* path :
       {"/", "/enterprises", "/lists", "/targets", "/rules", "/nowhere", "/enterprise/none"}) {
    const Page page =
        answer(shown, {.path = path, .query = {{"q", "<i>\""}, {"page", "999999999999999999999"}}});
    EXPECT_EQ(page.body.find("<script"), std::string::npos) << path;
    EXPECT_EQ(page.body.find("<b>"), std::string::npos) << path;
    EXPECT_EQ(page.body.find("<i>"), std::string::npos) << path;
    EXPECT_EQ(page.body.find("http://"), std::string::npos) << path;
    EXPECT_EQ(page.body.find("https://"), std::string::npos) << path;
    EXPECT_NE(page.body.find("lang=\"zh-CN\""), std::string::npos) << path;
    EXPECT_NE(page.body.find("<h1>"), std::string::npos) << path;
    EXPECT_EQ(page.body.find("<h1>"), page.body.rfind("<h1>")) << path;
    EXPECT_NE(page.body.find("样例数据"), std::string::npos) << path;
  }
  EXPECT_EQ(answer(shown, {.path = "/nowhere"}).status, 404);
  EXPECT_EQ(answer(shown, {.path = "/enterprise/none"}).status, 404);
  EXPECT_EQ(answer(shown, {.path = "/health"}).body, "ok\n");
}

}  // namespace
}  // namespace tenglong::server
