// One connection, TCP or TLS alike, so that the conversation is compiled once.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace tenglong::server {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;

class Conn {
 public:
  virtual ~Conn() = default;
  virtual asio::awaitable<void> open(error_code& error) = 0;  // TLS: the handshake
  virtual asio::awaitable<std::size_t> read_some(asio::mutable_buffer into, error_code& error) = 0;
  // As much as goes without waiting: nothing where that cannot be known. An error shows at the next write.
  virtual std::size_t write_now(asio::const_buffer) { return 0; }
  // Both, wholly.
  virtual asio::awaitable<void> write(asio::const_buffer first, asio::const_buffer second,
                                      error_code& error) = 0;
  virtual asio::awaitable<void> end_sending() = 0;
  virtual void cancel() = 0;  // what is waited for ends with an error
  virtual void close() = 0;
  virtual bool is_secure() const = 0;
  virtual std::string peer() const = 0;

  // Kept by the conversation, looked at by the loop: after the deadline what is waited for is cancelled.
  Clock::time_point deadline = Clock::time_point::max();
  bool is_late = false;
  bool is_idle = true;                  // between two requests
  asio::steady_timer* waits = nullptr;  // for a worker or an event
};

std::shared_ptr<Conn> plain_conn(tcp::socket socket);

// Certificate and key for every TLS connection of a server.
class TlsContext {
 public:
  virtual ~TlsContext() = default;
  virtual std::shared_ptr<Conn> conn(tcp::socket socket) = 0;
};
// Throws std::runtime_error with what is wrong with the files.
std::unique_ptr<TlsContext> tls_context(const std::string& cert, const std::string& key);

}  // namespace tenglong::server
