#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

#include "server/inside/conn.h"

namespace tenglong::server {

namespace {

class Tls final : public Conn {
 public:
  Tls(tcp::socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {
    error_code ignored;
    stream_.next_layer().set_option(tcp::no_delay(true), ignored);
  }
  asio::awaitable<void> open(error_code& error) override {
    co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                     asio::redirect_error(asio::use_awaitable, error));
  }
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into, error_code& error) override {
    const std::size_t size =
        co_await stream_.async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
    co_return size;
  }
  asio::awaitable<void> write(asio::const_buffer first, asio::const_buffer second,
                              error_code& error) override {
    // TLS sends one record a buffer: a small body travels with its head.
    if (first.size() + second.size() <= kOneRecord && second.size() > 0) {
      joined_.assign(static_cast<const char*>(first.data()), first.size());
      joined_.append(static_cast<const char*>(second.data()), second.size());
      co_await asio::async_write(stream_, asio::buffer(joined_),
                                 asio::redirect_error(asio::use_awaitable, error));
      co_return;
    }
    co_await asio::async_write(stream_, asio::buffer(first),
                               asio::redirect_error(asio::use_awaitable, error));
    if (!error && second.size() > 0)
      co_await asio::async_write(stream_, asio::buffer(second),
                                 asio::redirect_error(asio::use_awaitable, error));
  }
  asio::awaitable<void> end_sending() override {
    error_code ignored;
    co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
  }
  void cancel() override {
    error_code ignored;
    stream_.next_layer().cancel(ignored);
  }
  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }
  bool is_secure() const override { return true; }
  std::string peer() const override {
    error_code error;
    const auto endpoint = stream_.lowest_layer().remote_endpoint(error);
    return error ? std::string() : endpoint.address().to_string();
  }

 private:
  static constexpr std::size_t kOneRecord = 16 << 10;
  asio::ssl::stream<tcp::socket> stream_;
  std::string joined_;
};

class Context final : public TlsContext {
 public:
  Context(const std::string& cert, const std::string& key) : context_(asio::ssl::context::tls_server) {
    error_code error;
    context_.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                         asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression);
    context_.use_certificate_chain_file(cert, error);
    if (error) throw std::runtime_error(cert + ": " + error.message());
    context_.use_private_key_file(key, asio::ssl::context::pem, error);
    if (error) throw std::runtime_error(key + ": " + error.message());
  }
  std::shared_ptr<Conn> conn(tcp::socket socket) override {
    return std::make_shared<Tls>(std::move(socket), context_);
  }

 private:
  asio::ssl::context context_;
};

}  // namespace

std::unique_ptr<TlsContext> tls_context(const std::string& cert, const std::string& key) {
  return std::make_unique<Context>(cert, key);
}

}  // namespace tenglong::server
