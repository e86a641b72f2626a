#include "server/http.h"

#include <signal.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <set>
#include <stdexcept>
#include <thread>

#include "server/inside/conn.h"
#include "server/inside/request_reader.h"
#include "server/inside/response.h"

namespace tenglong::server {

namespace {

// Bytes that a worker writes and a connection reads; the writer waits while too many lie here.
class Pipe final : public Sink, public std::enable_shared_from_this<Pipe> {
 public:
  Pipe(asio::any_io_executor executor, std::shared_ptr<asio::steady_timer> wakes)
      : executor_(std::move(executor)), wakes_(std::move(wakes)) {}
  bool write(std::string_view piece) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_left_ || bytes_.size() < kMost; });
    if (is_left_) return false;
    const bool was_empty = bytes_.empty();
    bytes_.append(piece);
    lock.unlock();
    if (was_empty) wake();
    return true;
  }
  void finish(bool whole) {
    {
      const std::lock_guard lock(mutex_);
      is_finished_ = true;
      is_whole_ = whole;
    }
    wake();
  }
  // Takes what lies here. True if no more will come.
  bool take(std::string& into) {
    const std::lock_guard lock(mutex_);
    into.clear();
    std::swap(into, bytes_);
    changed_.notify_all();
    return is_finished_;
  }
  bool is_whole() const {
    const std::lock_guard lock(mutex_);
    return is_whole_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    is_left_ = true;
    changed_.notify_all();
  }

 private:
  void wake() {
    asio::post(executor_, [wakes = wakes_] { wakes->cancel(); });
  }
  static constexpr std::size_t kMost = 256 << 10;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string bytes_;
  bool is_finished_ = false, is_whole_ = false, is_left_ = false;
  asio::any_io_executor executor_;
  std::shared_ptr<asio::steady_timer> wakes_;
};

// One thread with its connections.
struct Loop {
  asio::io_context io{1};
  std::set<std::shared_ptr<Conn>> conns = {};
  asio::steady_timer tick{io};
};

}  // namespace

struct HttpServer::Inside {
  Inside(Application& application_in, const Listening& listening_in)
      : application(application_in),
        listening(listening_in),
        limits(listening_in.limits),
        workers(listening_in.workers, listening_in.limits.longest_queue),
        writers(listening_in.writers, listening_in.limits.longest_queue) {
    if (!listening.tls_cert.empty() || !listening.tls_key.empty())
      tls = tls_context(listening.tls_cert, listening.tls_key);
    for (int i = 0; i < std::max(1, listening.threads); ++i) loops.push_back(std::make_unique<Loop>());
    acceptor = std::make_unique<tcp::acceptor>(loops[0]->io);
    open_port();
    char boot[16];
    std::snprintf(boot, sizeof boot, "%05llx-",
                  static_cast<unsigned long long>(
                      std::chrono::system_clock::now().time_since_epoch().count() / 1000000000) &
                      0xfffff);
    boot_mark = boot;
  }

  void open_port() {
    const int last = listening.or_next_free ? listening.port + 50 : listening.port;
    error_code error;
    const auto address = asio::ip::make_address(listening.address, error);
    if (error) throw std::runtime_error("no address " + listening.address);
    for (int port = listening.port; port <= last; ++port) {
      const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(port));
      acceptor->open(endpoint.protocol());
      acceptor->set_option(tcp::acceptor::reuse_address(true));
      acceptor->bind(endpoint, error);
      if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
      if (!error) return;
      acceptor->close();
    }
    throw std::runtime_error("no free port from " + std::to_string(listening.port) + " to " +
                             std::to_string(last) + ": " + error.message());
  }

  // Looks at the deadlines of a loop four times a second: one timer for all is cheaper than one each.
  void watch(Loop& loop) {
    loop.tick.expires_after(std::chrono::milliseconds(250));
    loop.tick.async_wait([this, &loop](error_code error) {
      if (error && !stopping) return;
      const auto now = Clock::now();
      const bool too_long = stopping && now > stop_by.load();
      for (const auto& conn : loop.conns) {
        if (too_long) {
          conn->close();
          if (conn->waits != nullptr) conn->waits->cancel();
        } else if (now > conn->deadline) {
          conn->is_late = true;
          conn->deadline = Clock::time_point::max();
          conn->cancel();
        }
      }
      if (!stopping || !loop.conns.empty()) watch(loop);
    });
  }

  void end_loop(Loop& loop) {
    for (const auto& conn : loop.conns) {
      if (conn->is_idle) conn->cancel();
      if (conn->waits != nullptr) conn->waits->cancel();
    }
    loop.tick.cancel();
  }

  void stop() {
    bool expected = false;
    if (!stopping.compare_exchange_strong(expected, true)) return;
    stop_by = Clock::now() + limits.stop_time;
    asio::post(loops[0]->io, [this] {
      error_code ignored;
      acceptor->close(ignored);
      if (signals != nullptr) signals->cancel(ignored);
    });
    for (const auto& loop : loops) asio::post(loop->io, [this, &loop = *loop] { end_loop(loop); });
  }

  asio::awaitable<void> accept_all() {
    for (std::size_t next = 0;; ++next) {
      Loop& loop = *loops[next % loops.size()];
      error_code error;
      tcp::socket socket =
          co_await acceptor->async_accept(loop.io, asio::redirect_error(asio::use_awaitable, error));
      if (stopping || !acceptor->is_open()) co_return;
      if (error) {
        // Out of file handles: give those that are open the time to end.
        asio::steady_timer pause(loops[0]->io, std::chrono::milliseconds(20));
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      if (++connection_count > limits.connections) {
        --connection_count;
        refuse(std::move(socket));
        continue;
      }
      auto conn = tls != nullptr ? tls->conn(std::move(socket)) : plain_conn(std::move(socket));
      asio::co_spawn(loop.io, whole_conversation(loop, std::move(conn)), asio::detached);
    }
  }

  // Too many connections: a plain word, without a conversation.
  void refuse(tcp::socket socket) {
    if (tls != nullptr) return;
    static constexpr std::string_view kFull =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: "
        "0\r\n\r\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(kFull), ignored);
  }

  asio::awaitable<void> whole_conversation(Loop& loop, std::shared_ptr<Conn> conn) {
    loop.conns.insert(conn);
    application.connections(connection_count);
    try {
      co_await converse(*conn, loop);
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "%s\n", failure.what());
    }
    conn->close();
    loop.conns.erase(conn);
    application.connections(--connection_count);
  }

  asio::awaitable<bool> more(Conn& conn, Inbox& inbox, error_code& error) {
    const std::size_t size = co_await conn.read_some(inbox.room(kPiece), error);
    inbox.came(size);
    co_return !error && size > 0;
  }

  enum class Read { Whole, Closed, Slow, Unreadable, TooLong, NoLength };

  static Read read_of(RequestReader::Step step) {
    return step == RequestReader::Step::Whole      ? Read::Whole
           : step == RequestReader::Step::TooLong  ? Read::TooLong
           : step == RequestReader::Step::NoLength ? Read::NoLength
                                                   : Read::Unreadable;
  }

  // A head of which a part has come.
  asio::awaitable<Read> read_head(Conn& conn, Inbox& inbox, RequestReader& reader) {
    conn.deadline = Clock::now() + limits.header_time;
    for (;;) {
      error_code error;
      const bool came = co_await more(conn, inbox, error);
      if (!came) co_return conn.is_late ? Read::Slow : Read::Closed;
      const RequestReader::Step step = reader.head(inbox);
      if (step != RequestReader::Step::More) co_return read_of(step);
    }
  }

  asio::awaitable<Read> read_body(Conn& conn, Inbox& inbox, RequestReader& reader, std::uint64_t most_bytes) {
    const auto end = Clock::now() + limits.whole_time;
    reader.admit_body(most_bytes);
    for (;;) {
      error_code error;
      const RequestReader::Step step = reader.body(inbox);
      if (step != RequestReader::Step::More) co_return read_of(step);
      conn.deadline = std::min(end, Clock::now() + limits.body_time);
      const bool came = co_await more(conn, inbox, error);
      if (!came) co_return conn.is_late ? Read::Slow : Read::Closed;
    }
  }

  // The body of a request that is refused: a short one is read to keep the connection, any other ends it.
  asio::awaitable<bool> pass_over_body(Conn& conn, Inbox& inbox, RequestReader& reader,
                                       const Request& request) {
    constexpr std::uint64_t kShort = 64 * 1024;
    if (reader.body_size() > kShort || !request.header("expect").empty()) co_return false;
    co_return co_await read_body(conn, inbox, reader, kShort) == Read::Whole;
  }

  static int status_of(Read read) {
    return read == Read::Slow ? 408 : read == Read::NoLength ? 411 : read == Read::TooLong ? 413 : 400;
  }

  std::string next_number() {
    constexpr std::size_t kDigits = 6;
    char text[24];
    const std::size_t size =
        static_cast<std::size_t>(std::to_chars(text, text + sizeof text, ++requests).ptr - text);
    std::string out = boot_mark;
    if (size < kDigits) out.append(kDigits - size, '0');
    return out.append(text, size);
  }

  asio::awaitable<void> converse(Conn& conn, Loop& loop) {
    error_code error;
    conn.deadline = Clock::now() + limits.header_time;
    conn.is_idle = false;
    co_await conn.open(error);
    if (error) co_return;
    const std::string peer = conn.peer();
    Inbox inbox;
    std::string out;
    Request request;
    request.peer = peer;
    auto now = Clock::now();
    for (bool goes_on = true; goes_on;) {
      RequestReader reader(limits.header_bytes);
      // What every request waits for and sends is here and not in a coroutine of its own: a frame less each.
      if (inbox.empty()) {
        conn.is_idle = true;
        conn.deadline = now + limits.idle_time;
        if (stopping) co_return;
        inbox.came(co_await conn.read_some(inbox.room(kPiece), error));
        if (error || inbox.empty()) co_return;
        conn.is_idle = false;
      }
      const RequestReader::Step first = reader.head(inbox);
      Read head = read_of(first);
      if (first == RequestReader::Step::More) head = co_await read_head(conn, inbox, reader);
      if (head == Read::Closed) co_return;
      const auto began = Clock::now();
      request.number = next_number();
      Admission admission;
      std::size_t held = 0;
      Answer answer{.content_type = {}};
      const bool is_new = reader.is_new();
      if (head != Read::Whole) {
        request = {.number = request.number, .peer = peer};
        answer = application.own_answer(request, head == Read::TooLong ? 431 : status_of(head));
        goes_on = false;
      } else {
        reader.take_head(request);
        request.is_secure = conn.is_secure();
        goes_on = reader.keeps_alive() && !stopping;
        admission = application.admit(request);
        const bool has_body = reader.has_body();
        if (admission.refused) {
          answer = std::move(*admission.refused);
          goes_on = goes_on && (!has_body || co_await pass_over_body(conn, inbox, reader, request));
        } else {
          if (has_body) {
            const std::uint64_t size = reader.body_size();
            if (size > admission.most_body_bytes || admission.most_body_bytes == 0) {
              answer = application.own_answer(request, 413);
              goes_on = false;
            } else if (bodies_held.fetch_add(size) + size > limits.most_body_bytes) {
              bodies_held -= size;
              answer = application.own_answer(request, 503);
              goes_on = false;
            } else {
              held = size;
              if (request.header("expect") == "100-continue") {
                static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
                co_await conn.write(asio::buffer(kGoOn), {}, error);
              }
              const Read body = co_await read_body(conn, inbox, reader, admission.most_body_bytes);
              if (body == Read::Closed) {
                bodies_held -= held;
                application.finished(request, admission.matched.get(),
                                     {.status = 499, .took = between(began, Clock::now())});
                co_return;
              }
              if (body == Read::Whole) {
                request.body = reader.take_body();
              } else {
                answer = application.own_answer(request, status_of(body));
                goes_on = false;
              }
            }
          }
          if (answer.status == 200) {
            if (!admission.on_worker)
              answer = application.answer(request, admission.matched);
            else
              co_await on_worker(conn, loop, request, admission, answer);
          }
        }
      }
      goes_on = goes_on && !stopping;
      std::size_t sent = 0;
      if (answer.feed != nullptr || answer.stream) {
        sent = co_await send_stream(conn, loop, request, answer, is_new, goes_on);
      } else {
        const asio::const_buffer body = write_answer(out, request, answer, goes_on);
        const std::size_t all = out.size() + body.size();
        sent = body.size() == 0 ? conn.write_now(asio::buffer(out)) : 0;
        if (sent < all) {
          conn.deadline = Clock::now() + limits.write_time + std::chrono::milliseconds(all / 100);
          co_await conn.write(asio::buffer(out) + sent, body, error);
          sent = error ? 0 : all;
        }
      }
      bodies_held -= held;
      now = Clock::now();
      application.finished(
          request, admission.matched.get(),
          {.status = answer.status, .bytes = sent, .took = between(began, now), .code = answer.code});
      if (sent == 0) co_return;
      std::string().swap(request.body);  // a large one is not kept until the next request
    }
    co_await linger(conn, inbox);
  }

  static std::chrono::microseconds between(Clock::time_point began, Clock::time_point ended) {
    return std::chrono::duration_cast<std::chrono::microseconds>(ended - began);
  }

  // The work goes on if the wait ends first; its answer is then nobody's.
  // What it has of the request is the worker's then: the body is moved, not copied.
  asio::awaitable<void> on_worker(Conn& conn, Loop& loop, Request& request, const Admission& admission,
                                  Answer& answer) {
    struct Pending {
      Request request;
      Answer answer;
      std::atomic<bool> is_done = false;
      std::shared_ptr<asio::steady_timer> wakes;
    };
    auto pending = std::make_shared<Pending>();
    std::string body = std::move(request.body);
    pending->request = request;
    pending->request.body = std::move(body);
    pending->wakes = std::make_shared<asio::steady_timer>(loop.io, limits.answer_time);
    conn.deadline = Clock::time_point::max();
    conn.waits = pending->wakes.get();
    const bool accepted = (admission.is_writing ? writers : workers)
                              .submit([this, pending, matched = admission.matched, &io = loop.io] {
                                pending->answer = application.answer(pending->request, matched);
                                pending->is_done = true;
                                asio::post(io, [pending] { pending->wakes->cancel(); });
                              });
    if (!accepted) {
      conn.waits = nullptr;
      answer = application.own_answer(request, 503);
      co_return;
    }
    const auto end = Clock::now() + limits.answer_time;
    error_code error;
    while (!pending->is_done && Clock::now() < end && !(stopping && Clock::now() > stop_by.load()))
      co_await pending->wakes->async_wait(asio::redirect_error(asio::use_awaitable, error));
    conn.waits = nullptr;
    if (pending->is_done)
      answer = std::move(pending->answer);
    else
      answer = application.own_answer(request, 504);
  }

  // The answer as it goes over the wire: its head, and its body with it if that is small; else what follows.
  static asio::const_buffer write_answer(std::string& out, const Request& request, const Answer& answer,
                                         bool goes_on) {
    const std::string& body = answer.shared != nullptr ? *answer.shared : answer.body;
    out.clear();
    const bool has_none = answer.status == 204 || answer.status == 304;
    write_head(out, answer, request, has_none ? Length::None : Length::Known, body.size(), goes_on);
    if (has_none || request.method == Method::Head) return {};
    if (body.size() > kPiece) return asio::buffer(body);
    out += body;
    return {};
  }

  asio::awaitable<std::size_t> send_stream(Conn& conn, Loop& loop, const Request& request, Answer& answer,
                                           bool is_new, bool& goes_on) {
    std::string out;
    goes_on = goes_on && is_new;
    write_head(out, answer, request, is_new ? Length::Chunked : Length::UntilClose, 0, goes_on);
    std::size_t sent = out.size();
    error_code error;
    conn.deadline = Clock::now() + limits.write_time;
    co_await conn.write(asio::buffer(out), {}, error);
    if (error) co_return 0;
    if (request.method == Method::Head) {
      goes_on = false;
      co_return sent;
    }
    const auto wakes = std::make_shared<asio::steady_timer>(loop.io);
    conn.waits = wakes.get();
    std::size_t body = 0;
    if (answer.feed != nullptr)
      body = co_await send_feed(conn, loop, request, *answer.feed, is_new, wakes);
    else
      body = co_await send_pipe(conn, loop, answer, is_new, wakes, goes_on);
    conn.waits = nullptr;
    if (answer.feed != nullptr) goes_on = false;
    co_return body == 0 ? 0 : sent + body;
  }

  asio::awaitable<bool> send_chunk(Conn& conn, const std::string& piece, bool is_new) {
    conn.deadline = Clock::now() + limits.write_time;
    error_code error;
    std::string out;
    if (is_new) {
      char size[20];
      std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
      out.reserve(piece.size() + 24);
      out += size;
      out += piece;
      out += "\r\n";
    }
    co_await conn.write(asio::buffer(is_new ? out : piece), {}, error);
    co_return !error;
  }

  asio::awaitable<std::size_t> send_pipe(Conn& conn, Loop& loop, const Answer& answer, bool is_new,
                                         std::shared_ptr<asio::steady_timer> wakes, bool& goes_on) {
    auto pipe = std::make_shared<Pipe>(loop.io.get_executor(), wakes);
    const auto end = Clock::now() + limits.whole_time;
    bool accepted = streams.submit([pipe, stream = answer.stream] {
      try {
        stream(*pipe);
        pipe->finish(true);
      } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        pipe->finish(false);
      }
    });
    std::size_t sent = 1;
    std::string piece;
    bool is_whole = false;
    while (accepted && Clock::now() < end && !(stopping && Clock::now() > stop_by.load())) {
      wakes->expires_after(std::chrono::seconds(1));
      const bool is_last = pipe->take(piece);
      if (!piece.empty()) {
        sent += piece.size();
        const bool went = co_await send_chunk(conn, piece, is_new);
        if (!went) {
          pipe->leave();
          co_return 0;
        }
        continue;
      }
      if (is_last) {
        is_whole = pipe->is_whole();
        break;
      }
      conn.deadline = Clock::time_point::max();
      error_code error;
      co_await wakes->async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
    pipe->leave();
    // Without its last chunk the other end knows that the file is not whole.
    if (!is_whole) {
      goes_on = false;
      co_return 0;
    }
    if (is_new) {
      error_code error;
      static constexpr std::string_view kEnd = "0\r\n\r\n";
      co_await conn.write(asio::buffer(kEnd), {}, error);
    }
    co_return sent;
  }

  asio::awaitable<std::size_t> send_feed(Conn& conn, Loop& loop, const Request& request, Feed& feed,
                                         bool is_new, std::shared_ptr<asio::steady_timer> wakes) {
    const auto end = Clock::now() + limits.whole_time;
    std::int64_t last = 0;
    const std::string_view seen = request.header("last-event-id");
    for (const char c : seen)
      if (c >= '0' && c <= '9' && last < 100000000000000) last = last * 10 + (c - '0');
    struct Watching {
      Feed& feed;
      std::int64_t number;
      ~Watching() { feed.forget(number); }
    } watching{feed, feed.watch([&io = loop.io, wakes] { asio::post(io, [wakes] { wakes->cancel(); }); })};
    std::size_t sent = 1;
    for (bool ended = false; !ended && !stopping && Clock::now() < end;) {
      wakes->expires_after(std::chrono::seconds(15));
      std::string piece = feed.take(last, ended);
      if (piece.empty() && !ended) {
        conn.deadline = Clock::time_point::max();
        error_code error;
        co_await wakes->async_wait(asio::redirect_error(asio::use_awaitable, error));
        // Nothing came for a while: a comment shows that this end still lives.
        if (!error) piece = ":\n\n";
      }
      if (piece.empty()) continue;
      sent += piece.size();
      const bool went = co_await send_chunk(conn, piece, is_new);
      if (!went) co_return 0;
    }
    if (is_new) {
      error_code error;
      static constexpr std::string_view kEnd = "0\r\n\r\n";
      co_await conn.write(asio::buffer(kEnd), {}, error);
    }
    co_return sent;
  }

  // The last answer must arrive although the other end may still be sending: read what comes, for a moment.
  asio::awaitable<void> linger(Conn& conn, Inbox& inbox) {
    conn.is_late = false;
    conn.deadline = Clock::now() + std::chrono::seconds(2);
    co_await conn.end_sending();
    error_code error;
    for (std::size_t read = 0; read < (256 << 10) && !error && !conn.is_late; read += inbox.size()) {
      inbox.clear();
      const bool came = co_await more(conn, inbox, error);
      if (!came) break;
    }
  }

  static constexpr std::size_t kPiece = 16 << 10;
  Application& application;
  Listening listening;
  Limits limits;
  std::unique_ptr<TlsContext> tls = {};
  std::vector<std::unique_ptr<Loop>> loops = {};
  std::unique_ptr<tcp::acceptor> acceptor = {};
  std::atomic<bool> stopping = false;
  std::atomic<Clock::time_point> stop_by = Clock::time_point::max();
  std::atomic<std::size_t> connection_count = 0, bodies_held = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::string boot_mark;
  std::unique_ptr<asio::signal_set> signals = {};
  // Last: what they still do ends before anything above goes away. Downloads have threads of their own, so
  // that a slow reader holds no worker.
  Workers streams{4, 64};
  Workers workers, writers;
};

HttpServer::HttpServer(Application& application, const Listening& listening)
    : inside_(std::make_unique<Inside>(application, listening)) {}
HttpServer::~HttpServer() = default;
int HttpServer::port() const { return inside_->acceptor->local_endpoint().port(); }
void HttpServer::stop() { inside_->stop(); }
const Workers& HttpServer::workers() const { return inside_->workers; }
const Workers& HttpServer::writers() const { return inside_->writers; }

void HttpServer::run(bool until_signalled) {
  Inside& in = *inside_;
  signal(SIGPIPE, SIG_IGN);
  if (until_signalled) {
    in.signals = std::make_unique<asio::signal_set>(in.loops[0]->io, SIGINT, SIGTERM);
    in.signals->async_wait([&](error_code error, int) {
      if (!error) in.stop();
    });
  }
  for (const auto& loop : in.loops) in.watch(*loop);
  asio::co_spawn(in.loops[0]->io, in.accept_all(), asio::detached);
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < in.loops.size(); ++i) threads.emplace_back([&, i] { in.loops[i]->io.run(); });
  in.loops[0]->io.run();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace tenglong::server
