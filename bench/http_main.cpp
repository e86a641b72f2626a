// A small JSON answer through the whole server (routing, caller, checks, security headers, counting, a log
// line) against the bare Asio and parser skeleton, one server thread each, 64 connections, in one run, by
// turns.
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "bench/http/skeleton.h"
#include "server/service.h"

namespace {

using namespace tenglong;
using Clock = std::chrono::steady_clock;

constexpr int kConnections = 64;
const std::string kBody = "{\"product\":\"tenglong\",\"period\":\"2023\",\"is_published\":false}";
const std::string kRequest =
    "GET /api/small HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nCookie: "
    "tenglong_session=0123456789abcdef\r\n\r\n";

// Requests answered in `time`: each connection sends the next when its answer is whole.
double requests_per_second(int port, std::chrono::milliseconds time) {
  const int poll = epoll_create1(0);
  struct Client {
    int socket;
    std::string inbox;
  };
  std::vector<Client> clients(kConnections);
  for (int i = 0; i < kConnections; ++i) {
    Client& client = clients[static_cast<std::size_t>(i)];
    client.socket = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(client.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(1);
    epoll_event event{.events = EPOLLIN, .data = {.u32 = static_cast<std::uint32_t>(i)}};
    epoll_ctl(poll, EPOLL_CTL_ADD, client.socket, &event);
    if (write(client.socket, kRequest.data(), kRequest.size()) < 0) std::exit(1);
  }
  long answered = 0;
  char piece[16384];
  const auto began = Clock::now(), end = began + time;
  while (Clock::now() < end) {
    epoll_event events[kConnections];
    const int count = epoll_wait(poll, events, kConnections, 100);
    for (int i = 0; i < count; ++i) {
      Client& client = clients[events[i].data.u32];
      const ssize_t size = read(client.socket, piece, sizeof piece);
      if (size <= 0) std::exit(1);
      client.inbox.append(piece, static_cast<std::size_t>(size));
      const std::size_t head = client.inbox.find("\r\n\r\n");
      if (head == std::string::npos || client.inbox.size() < head + 4 + kBody.size()) continue;
      client.inbox.clear();
      ++answered;
      if (write(client.socket, kRequest.data(), kRequest.size()) < 0) std::exit(1);
    }
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  for (const Client& client : clients) close(client.socket);
  close(poll);
  return static_cast<double>(answered) / seconds;
}

struct Nobody final : server::Callers {
  std::shared_ptr<const server::Caller> caller(const server::Request&) override { return nobody; }
  std::shared_ptr<const server::Caller> nobody = std::make_shared<server::Caller>();
  std::string forgery_word(const server::Request&) override { return {}; }
};

}  // namespace

int main() {
  server::Routes routes;
  routes.add({server::Method::Get,
              "/api/small",
              "small",
              server::Summary("小", "small"),
              server::Right::everyone(),
              server::Repeat::Reads,
              server::Runs::Here,
              {},
              server::Input::none(),
              server::Output::json(server::Shape::any()),
              [](const server::Call&) { return server::Answer{.body = kBody}; }});
  Nobody nobody;
  const auto kept = server::kept_in_memory();
  const server::Assets assets("");
  char folder[] = "/tmp/tenglong_http_XXXXXX";
  if (mkdtemp(folder) == nullptr) return 1;
  server::Log log(std::string(folder) + "/requests.jsonl");
  server::Service service(std::move(routes), nobody, *kept, assets, log);
  server::HttpServer whole(service, {.port = 18700});
  bench::Skeleton skeleton(kBody);
  std::thread whole_thread([&] { whole.run(false); }), skeleton_thread([&] { skeleton.run(); });
  std::vector<double> ratios, wholes, bares;
  constexpr int kTurns = 25;  // short ones: a machine that others use changes its pace between two
  for (int turn = 0; turn < kTurns; ++turn) {
    const double bare = requests_per_second(skeleton.port(), std::chrono::milliseconds(300));
    const double ours = requests_per_second(whole.port(), std::chrono::milliseconds(300));
    ratios.push_back(ours / bare);
    wholes.push_back(ours);
    bares.push_back(bare);
  }
  skeleton.stop();
  whole.stop();
  whole_thread.join();
  skeleton_thread.join();
  const auto median = [](std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  };
  std::printf("skeleton %.0f requests/s, whole server %.0f requests/s, ratio %.3f (bar 0.80)\n",
              median(bares), median(wholes), median(ratios));
  return median(ratios) >= 0.8 ? 0 : 1;
}
