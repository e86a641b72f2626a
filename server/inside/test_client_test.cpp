#include "server/inside/test_client.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "engine/text/text.h"

namespace tenglong::server {

TestClient::TestClient(int port) {
  socket_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval wait{20, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    close(socket_);
    socket_ = -1;
  }
}

TestClient::~TestClient() {
  if (socket_ >= 0) close(socket_);
}

bool TestClient::send(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t size = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) return false;
    sent += static_cast<std::size_t>(size);
  }
  return true;
}

bool TestClient::more() {
  char piece[16384];
  const ssize_t size = read(socket_, piece, sizeof piece);
  if (size <= 0) return false;
  inbox_.append(piece, static_cast<std::size_t>(size));
  return true;
}

std::string TestClient::receive_some() {
  if (inbox_.empty()) more();
  std::string out;
  std::swap(out, inbox_);
  return out;
}

Received TestClient::receive(bool has_body) {
  Received out;
  std::size_t end = 0;
  while ((end = inbox_.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return out;
  const std::string head = inbox_.substr(0, end);
  inbox_.erase(0, end + 4);
  out.status = std::atoi(head.substr(9, 3).c_str());
  for (std::size_t at = head.find("\r\n"); at != std::string::npos;) {
    const std::size_t next = head.find("\r\n", at + 2);
    const std::string line = head.substr(at + 2, next == std::string::npos ? next : next - at - 2);
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) {
      const std::string name = text::ascii_lower(line.substr(0, colon));
      out.headers[name] = line.substr(colon + 2);
      if (name == "set-cookie") out.cookies.push_back(line.substr(colon + 2));
    }
    at = next;
  }
  if (out.status == 100) return receive(has_body);
  if (!has_body || out.status == 204 || out.status == 304) {
    out.is_whole = true;
    return out;
  }
  if (out.headers["transfer-encoding"] == "chunked") {
    for (;;) {
      std::size_t line = 0;
      while ((line = inbox_.find("\r\n")) == std::string::npos)
        if (!more()) return out;
      const std::size_t size = std::strtoul(inbox_.c_str(), nullptr, 16);
      while (inbox_.size() < line + 2 + size + 2)
        if (!more()) return out;
      out.body += inbox_.substr(line + 2, size);
      inbox_.erase(0, line + 2 + size + 2);
      if (size == 0) break;
    }
  } else {
    const std::size_t size = std::strtoul(out.headers["content-length"].c_str(), nullptr, 10);
    while (inbox_.size() < size)
      if (!more()) return out;
    out.body = inbox_.substr(0, size);
    inbox_.erase(0, size);
  }
  out.is_whole = true;
  return out;
}

Received TestClient::ask(const std::string& method, const std::string& target, const std::string& body,
                         const std::map<std::string, std::string>& headers) {
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: test\r\n";
  std::map<std::string, std::string> all = always;
  for (const auto& [name, value] : headers) all[name] = value;
  if (!body.empty() && !all.contains("Content-Type")) all["Content-Type"] = "application/json";
  for (const auto& [name, value] : all) request += name + ": " + value + "\r\n";
  if (!body.empty() || method == "POST" || method == "PUT")
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  if (!send(request + "\r\n" + body)) return {};
  return receive(method != "HEAD");
}

}  // namespace tenglong::server
