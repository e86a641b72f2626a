// HTTP/1.1 over TCP or TLS: connections kept alive, a deadline on every wait, a limit on every size.
//
// In:    an application that admits and answers requests. Out: answers, in the order of the requests.
// Order: one connection is one conversation on one thread; what blocks runs on workers.
// Never: waits without a deadline; holds more of bodies than `most_body_bytes` at once; reads a body nobody
// admitted. Ends: on SIGINT, SIGTERM or stop(): takes no new connection, closes the idle ones, finishes what
// runs.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/message.h"
#include "server/workers.h"

namespace tenglong::server {

struct Limits {
  std::size_t header_bytes = 16 << 10;
  std::size_t most_body_bytes = std::size_t{128} << 20;  // of all bodies being read
  std::size_t connections = 2000;
  std::size_t longest_queue = 128;
  std::chrono::milliseconds header_time{10000};   // from its first byte to its end
  std::chrono::milliseconds body_time{20000};     // between two pieces of it
  std::chrono::milliseconds whole_time{600000};   // of a body, of a stream
  std::chrono::milliseconds idle_time{60000};     // between two requests
  std::chrono::milliseconds answer_time{120000};  // of the work
  std::chrono::milliseconds write_time{30000};    // of one piece of an answer
  std::chrono::milliseconds stop_time{10000};     // for what runs when told to end
};

struct Listening {
  std::string address = "127.0.0.1";
  int port = 8020;
  bool or_next_free = true;  // up to 50 ports further
  int threads = 1;           // for connections
  int workers = 4;           // for what blocks
  int writers = 8;           // for what changes something: each may wait for all that rests on it
  std::string tls_cert = {}, tls_key = {};  // PEM files; both or none
  Limits limits = {};
};

// What the application says once the head of a request is there.
struct Admission {
  std::optional<Answer> refused = {};
  std::size_t most_body_bytes = 0;
  bool on_worker = false;
  bool is_writing = false;                   // then on one of the writers: readings do not wait behind it
  std::shared_ptr<const void> matched = {};  // the application's own: handed back to answer()
};

struct Done {
  int status = 0;
  std::size_t bytes = 0;
  std::chrono::microseconds took{0};
  std::string_view code = {};
};

class Application {
 public:
  virtual ~Application() = default;
  virtual Admission admit(Request& request) = 0;
  virtual Answer answer(const Request& request, const std::shared_ptr<const void>& matched) = 0;
  // What the server itself must say: 400 unreadable, 408 slow, 411 without length, 413, 431, 503 full, 504
  // too long.
  virtual Answer own_answer(const Request& request, int status) = 0;
  virtual void finished(const Request& request, const void* matched, const Done& done) noexcept = 0;
  virtual void connections(std::size_t now) noexcept = 0;
};

class HttpServer {
 public:
  // Throws std::runtime_error if no port is free or the certificate cannot be read.
  HttpServer(Application& application, const Listening& listening);
  ~HttpServer();
  int port() const;
  void run(bool until_signalled = true);  // blocks
  void stop();                            // from any thread
  const Workers& workers() const;
  const Workers& writers() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace tenglong::server
