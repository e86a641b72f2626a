#include "bench/http/skeleton.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace tenglong::bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

struct Skeleton::Inside {
  asio::io_context io{1};
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  std::string body;

  asio::awaitable<void> converse(tcp::socket socket) {
    error_code error;
    socket.set_option(tcp::no_delay(true), error);
    std::string inbox, out;
    char piece[16384];
    for (;;) {
      http::request_parser<http::empty_body> parser;
      while (!parser.is_done()) {
        if (!inbox.empty()) {
          inbox.erase(0, parser.put(asio::buffer(inbox), error));
          if (parser.is_done()) break;
          if (error && error != http::error::need_more) co_return;
        }
        const std::size_t size = co_await socket.async_read_some(
            asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
        inbox.append(piece, size);
      }
      out = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body;
      co_await asio::async_write(socket, asio::buffer(out), asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
    }
  }
  asio::awaitable<void> accept_all() {
    for (;;) {
      error_code error;
      tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      asio::co_spawn(io, converse(std::move(socket)), asio::detached);
    }
  }
};

Skeleton::Skeleton(std::string body) : inside_(std::make_unique<Inside>()) {
  inside_->body = std::move(body);
}
Skeleton::~Skeleton() = default;
int Skeleton::port() const { return inside_->acceptor.local_endpoint().port(); }
void Skeleton::run() {
  asio::co_spawn(inside_->io, inside_->accept_all(), asio::detached);
  inside_->io.run();
}
void Skeleton::stop() { inside_->io.stop(); }

}  // namespace tenglong::bench
