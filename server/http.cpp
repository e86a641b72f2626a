#include "server/http.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>

namespace tenglong::server {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr std::size_t kMostHeaderBytes = 16 << 10;
constexpr auto kDeadline = std::chrono::seconds(15);

const char* reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 431:
      return "Request Header Fields Too Large";
    default:
      return "Internal Server Error";
  }
}

std::string head_of(const Page& page, bool keep_alive) {
  return "HTTP/1.1 " + std::to_string(page.status) + " " + reason_of(page.status) +
         "\r\nContent-Type: " + page.content_type +
         "\r\nContent-Length: " + std::to_string(page.body.size()) +
         "\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
         "frame-ancestors 'none'"
         "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCache-Control: "
         "no-store\r\nConnection: " +
         (keep_alive ? "keep-alive" : "close") + "\r\n\r\n";
}

struct Server {
  const Handler& handler;
  std::set<std::shared_ptr<tcp::socket>> open = {};
};

// One connection: requests one after another, each wait under the deadline.
asio::awaitable<void> converse(std::shared_ptr<tcp::socket> socket, Server& server) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const auto arm = [&] {
    timer.expires_after(kDeadline);
    timer.async_wait([weak = std::weak_ptr<tcp::socket>(socket)](boost::system::error_code error) {
      if (error) return;
      if (const auto held = weak.lock()) {
        boost::system::error_code ignored;
        held->close(ignored);
      }
    });
  };
  std::string buffer;
  char chunk[4096];
  for (bool keep_alive = true; keep_alive;) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(kMostHeaderBytes);
    boost::system::error_code error;
    arm();
    while (!parser.is_header_done()) {
      if (!buffer.empty()) {
        const std::size_t used = parser.put(asio::buffer(buffer), error);
        buffer.erase(0, used);
        if (parser.is_header_done() || (error && error != http::error::need_more)) break;
      }
      auto token = asio::redirect_error(asio::use_awaitable, error);
      const std::size_t size = co_await socket->async_read_some(asio::buffer(chunk), std::move(token));
      if (error) co_return;
      buffer.append(chunk, size);
      error = {};
    }
    Page page;
    bool head_only = false;
    if (!parser.is_header_done()) {
      page = {.status = error == http::error::header_limit ? 431 : 400,
              .content_type = "text/plain; charset=utf-8",
              .body = "请求读不懂。\n"};
      keep_alive = false;
    } else {
      const auto& message = parser.get();
      head_only = message.method() == http::verb::head;
      keep_alive = message.keep_alive() && message.find(http::field::content_length) == message.end() &&
                   !message.chunked();
      if (message.method() != http::verb::get && !head_only) {
        page = {.status = 405, .content_type = "text/plain; charset=utf-8", .body = "这里只能看，不能改。\n"};
        keep_alive = false;
      } else {
        try {
          page = server.handler(parse_target({message.target().data(), message.target().size()}));
        } catch (const std::exception&) {
          page = {.status = 500,
                  .content_type = "text/plain; charset=utf-8",
                  .body = "这一页没有做出来，请查看运行窗口里的说明。\n"};
        }
      }
    }
    std::string answer = head_of(page, keep_alive);
    if (!head_only) answer += page.body;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await asio::async_write(*socket, asio::buffer(answer), std::move(token));
    if (error) co_return;
  }
  boost::system::error_code ignored;
  socket->shutdown(tcp::socket::shutdown_both, ignored);
}

asio::awaitable<void> one_connection(std::shared_ptr<tcp::socket> socket, Server& server) {
  server.open.insert(socket);
  co_await converse(socket, server);
  server.open.erase(socket);
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, Server& server) {
  for (;;) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    tcp::socket socket = co_await acceptor.async_accept(std::move(token));
    if (error == asio::error::operation_aborted || !acceptor.is_open()) co_return;
    if (error) continue;
    auto held = std::make_shared<tcp::socket>(std::move(socket));
    asio::co_spawn(acceptor.get_executor(), one_connection(held, server), asio::detached);
  }
}

void open_port(tcp::acceptor& acceptor, const Listening& listening) {
  const int last = listening.or_next_free ? listening.port + 50 : listening.port;
  for (int port = listening.port; port <= last; ++port) {
    boost::system::error_code error;
    acceptor.open(tcp::v4());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)}, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return;
    acceptor.close();
  }
  throw std::runtime_error("no free port from " + std::to_string(listening.port) + " to " +
                           std::to_string(last));
}

}  // namespace

void serve(const Handler& handler, const Listening& listening, const std::function<void(int port)>& started) {
  asio::io_context io(1);
  tcp::acceptor acceptor(io);
  open_port(acceptor, listening);
  Server server{handler};
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code, int) {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    for (const auto& socket : server.open) socket->close(ignored);
  });
  asio::co_spawn(io, accept_all(acceptor, server), asio::detached);
  started(acceptor.local_endpoint().port());
  io.run();
}

std::string url_decoded(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

Request parse_target(std::string_view target) {
  Request request;
  const std::size_t mark = target.find('?');
  request.path = url_decoded(target.substr(0, mark));
  std::string_view rest = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    request.query[url_decoded(pair.substr(0, equals))] =
        equals == std::string_view::npos ? "" : url_decoded(pair.substr(equals + 1));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return request;
}

}  // namespace tenglong::server
