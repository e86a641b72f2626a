#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "server/inside/conn.h"

namespace tenglong::server {

namespace {

class Plain final : public Conn {
 public:
  explicit Plain(tcp::socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
  }
  asio::awaitable<void> open(error_code&) override { co_return; }
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into, error_code& error) override {
    return socket_.async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
  }
  std::size_t write_now(asio::const_buffer bytes) override {
    error_code would_wait;
    return socket_.write_some(asio::buffer(bytes), would_wait);
  }
  asio::awaitable<void> write(asio::const_buffer first, asio::const_buffer second,
                              error_code& error) override {
    const std::array<asio::const_buffer, 2> both{first, second};
    co_await asio::async_write(socket_, both, asio::redirect_error(asio::use_awaitable, error));
  }
  asio::awaitable<void> end_sending() override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
  }
  void cancel() override {
    error_code ignored;
    socket_.cancel(ignored);
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }
  bool is_secure() const override { return false; }
  std::string peer() const override {
    error_code error;
    const auto endpoint = socket_.remote_endpoint(error);
    return error ? std::string() : endpoint.address().to_string();
  }

 private:
  tcp::socket socket_;
};

}  // namespace

std::shared_ptr<Conn> plain_conn(tcp::socket socket) { return std::make_shared<Plain>(std::move(socket)); }

}  // namespace tenglong::server
