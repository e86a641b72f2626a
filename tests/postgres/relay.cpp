#include "tests/postgres/relay.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <stdexcept>

namespace tenglong::postgres {

namespace {

namespace fs = std::filesystem;

sockaddr_un socket_in(const std::string& folder) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  const std::string path = folder + "/.s.PGSQL.5432";
  if (path.size() >= sizeof out.sun_path) throw std::runtime_error("a socket's path is too long: " + path);
  path.copy(out.sun_path, path.size());
  return out;
}

bool send_all(int to, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(to, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

Relay::Relay(const std::string& address) {
  const std::size_t end = address.find(' ');
  server_ = address.substr(5, end - 5);  // after "host="
  rest_ = address.substr(end);
  std::string pattern = (fs::temp_directory_path() / "tenglong-relay-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder for a socket");
  folder_ = pattern;
  const sockaddr_un here = socket_in(pattern);
  listening_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listening_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
      listen(listening_, 16) != 0)
    throw std::runtime_error("no socket for the relay");
  accepting_ = std::thread([this] { accept_all(); });
}

Relay::~Relay() {
  ends_ = true;
  accepting_.join();
  for (std::thread& each : passing_) each.join();
  close(listening_);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string Relay::address() const { return "host=" + folder_.string() + rest_; }

void Relay::arm(Break how, int point) {
  how_ = how;
  at_ = point;
  points_ = 0;
  has_struck_ = false;
}

void Relay::accept_all() {
  while (!ends_) {
    pollfd waiting{listening_, POLLIN, 0};
    if (poll(&waiting, 1, 20) <= 0) continue;
    const int client = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    const sockaddr_un there = socket_in(server_);
    const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if ((has_struck_ && how_ != Break::Silence) ||
        connect(server, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) {
      close(client);
      close(server);
      continue;
    }
    const std::lock_guard hold(mutex_);
    passing_.emplace_back([this, client, server] { pass(client, server); });
  }
}

void Relay::pass(int client, int server) {
  char buffer[1 << 16];
  bool is_silent = false;
  while (!ends_) {
    pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (poll(both, 2, 20) <= 0) continue;
    if (both[0].revents != 0) {
      const ssize_t size = recv(client, buffer, sizeof buffer, 0);
      if (size <= 0) break;
      std::this_thread::sleep_for(delay_.load());
      const bool strikes = how_ != Break::None && ++points_ == at_;
      if (how_ == Break::None) ++points_;
      if (strikes) has_struck_ = true;
      if (strikes && how_ == Break::Before) break;
      if (!send_all(server, buffer, static_cast<std::size_t>(size))) break;
      if (strikes && how_ == Break::After) {
        // The server has it and answers to nobody: wait for the answer, and keep it.
        pollfd answer{server, POLLIN, 0};
        poll(&answer, 1, 2000);
        break;
      }
      is_silent = is_silent || strikes;
    }
    if (both[1].revents != 0 && !is_silent) {
      const ssize_t size = recv(server, buffer, sizeof buffer, 0);
      if (size <= 0) break;
      std::this_thread::sleep_for(delay_.load());
      if (!send_all(client, buffer, static_cast<std::size_t>(size))) break;
    } else if (both[1].revents != 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  close(client);
  close(server);
}

}  // namespace tenglong::postgres
