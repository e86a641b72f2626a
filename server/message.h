// One request and its answer as plain values: what handlers see of HTTP.
//
// In:    a request wholly read, within its limits. Out: an answer: a text, a shared text, a stream or a feed.
// Never: a socket, a thread, a parser.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenglong::server {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Other };
const char* to_text(Method method);

struct Header {
  std::string name, value;  // of a request: the name in lower case
};

struct Request {
  std::string number = {};  // of this request: in every answer and every line of the log
  Method method = Method::Get;
  std::string path = {};                                        // decoded: /api/registers/enterprise
  std::vector<std::pair<std::string, std::string>> query = {};  // decoded, in order
  std::vector<Header> headers = {};
  std::string body = {};
  std::string peer = {};   // address of the other end
  bool is_secure = false;  // came over TLS
  bool is_whole = true;    // path and query could be decoded as UTF-8

  std::string_view header(std::string_view lower_case_name) const;  // "" if absent
  std::string_view cookie(std::string_view name) const;             // "" if absent
};

// "a%20b" -> "a b". A broken escape, or bytes that are not UTF-8, make the request not whole.
bool url_decoded(std::string_view text, bool plus_is_blank, std::string& out);
void read_target(std::string_view target, Request& into);

// Where a stream is written, piece by piece, by a worker. Waits while the other end is slow.
class Sink {
 public:
  virtual ~Sink() = default;
  // False: nobody reads any more; stop.
  virtual bool write(std::string_view piece) = 0;
};

// Events for everybody who listens, kept from a number on so that one who comes back misses none.
class Feed {
 public:
  explicit Feed(std::size_t kept = 256) : most_(kept) {}
  void add(std::string_view event, std::string_view data);
  void end();
  // Those after `last`; moves `last` on. `ended` once all were given and no more will come.
  std::string take(std::int64_t& last, bool& ended) const;
  // Called at every change from the thread that made it; returns its number for forget().
  std::int64_t watch(std::function<void()> wake);
  void forget(std::int64_t watcher);

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> events_;  // as they go over the wire
  std::int64_t first_ = 1;
  bool ended_ = false;
  std::size_t most_;
  std::int64_t next_watcher_ = 1;
  std::vector<std::pair<std::int64_t, std::function<void()>>> watchers_;
};

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<Header> headers = {};
  std::shared_ptr<const std::string> shared = {};  // instead of body: sent without a copy
  std::function<void(Sink&)> stream = {};          // instead of body: on a worker, chunked
  std::shared_ptr<Feed> feed = {};                 // instead of body: text/event-stream
  std::string code = {};                           // E-SERVER-303, for the log
};

}  // namespace tenglong::server
