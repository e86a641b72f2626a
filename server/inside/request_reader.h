// A request out of bytes as they come: the head, then, once it was admitted, the body. No socket.
//
// In:    bytes in pieces of any size. Out: what was found. Never: keeps more of a head than `header_bytes`,
// or of a body than was admitted; loses what came behind a request: the next one may be there already.
#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <string>

#include "server/message.h"

namespace tenglong::server {

// What has come and is not yet read.
struct Inbox {
  std::string bytes = {};
  std::size_t from = 0;
  bool empty() const { return from == bytes.size(); }
  std::size_t size() const { return bytes.size() - from; }
  boost::asio::const_buffer rest() const { return {bytes.data() + from, bytes.size() - from}; }
  void used(std::size_t size) {
    from += size;
    if (from == bytes.size()) bytes.clear(), from = 0;
  }
  void make_room() {
    if (from > 0) bytes.erase(0, from), from = 0;
  }
};

class RequestReader {
 public:
  enum class Step { More, Whole, Unreadable, TooLong };

  explicit RequestReader(std::size_t header_bytes);
  // Reads on in the inbox: the head.
  Step head(Inbox& inbox);
  bool is_new() const { return parser_.get().version() == 11; }  // HTTP/1.1
  bool keeps_alive() const { return parser_.keep_alive(); }
  bool is_chunked() const { return parser_.chunked(); }
  bool has_body() const { return is_chunked() || body_size() > 0; }
  std::uint64_t body_size() const {
    return parser_.content_length_remaining().value_or(0);
  }  // 0: none is told
  void take_head(Request& into) const;
  // Then the body, up to a limit.
  void admit_body(std::uint64_t most_bytes);
  Step body(Inbox& inbox);
  std::string take_body() { return std::move(parser_.get().body()); }

 private:
  std::size_t header_bytes_;
  boost::beast::http::request_parser<boost::beast::http::string_body> parser_;
};

}  // namespace tenglong::server
