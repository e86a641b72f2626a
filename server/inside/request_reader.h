// A request out of bytes as they come: the head, then, once it was admitted, the body. No socket.
//
// In:    bytes in pieces of any size. Out: what was found. Never: keeps more of a head than `header_bytes`,
// or of a body than was admitted; loses what came behind a request: the next one may be there already.
#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "server/message.h"

namespace tenglong::server {

// What has come and is not yet read. Its room stays from request to request and is never filled with zeros.
class Inbox {
 public:
  bool empty() const { return from_ == to_; }
  std::size_t size() const { return to_ - from_; }
  boost::asio::const_buffer rest() const { return {room_.get() + from_, size()}; }
  void used(std::size_t size) {
    from_ += size;
    if (from_ == to_) clear();
  }
  void clear() { from_ = to_ = 0; }
  // Where the next `size` bytes may be put; then came() says how many were. May move what is not yet read.
  boost::asio::mutable_buffer room(std::size_t size);
  void came(std::size_t size) { to_ += size; }

 private:
  std::unique_ptr<char[]> room_ = {};
  std::size_t capacity_ = 0, from_ = 0, to_ = 0;
};

class RequestReader {
 public:
  enum class Step { More, Whole, Unreadable, TooLong, NoLength };

  explicit RequestReader(std::size_t header_bytes);
  // Reads on in the inbox: the head.
  Step head(Inbox& inbox);
  bool is_new() const { return parser_.get().version() == 11; }  // HTTP/1.1
  bool keeps_alive() const { return parser_.keep_alive(); }
  bool has_body() const { return body_size() > 0; }  // one in chunks is NoLength
  std::uint64_t body_size() const {
    return parser_.content_length_remaining().value_or(0);
  }  // 0: none is told
  // All of the head; what `into` held of an earlier one is overwritten, its memory used again.
  void take_head(Request& into) const;
  // Then the body, up to a limit.
  void admit_body(std::uint64_t most_bytes);
  Step body(Inbox& inbox);
  std::string take_body() { return std::move(parser_.get().body()); }

 private:
  std::size_t header_bytes_, head_size_ = 0;
  boost::beast::http::request_parser<boost::beast::http::string_body> parser_;
};

}  // namespace tenglong::server
