#include "server/inside/request_reader.h"

#include <algorithm>
#include <cstring>

namespace tenglong::server {

namespace {

namespace http = boost::beast::http;

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::Get;
    case http::verb::head:
      return Method::Head;
    case http::verb::post:
      return Method::Post;
    case http::verb::put:
      return Method::Put;
    case http::verb::patch:
      return Method::Patch;
    case http::verb::delete_:
      return Method::Delete;
    default:
      return Method::Other;
  }
}

}  // namespace

boost::asio::mutable_buffer Inbox::room(std::size_t size) {
  if (from_ > 0) {
    std::memmove(room_.get(), room_.get() + from_, to_ - from_);
    to_ -= from_;
    from_ = 0;
  }
  if (capacity_ - to_ < size) {
    const std::size_t wanted = std::max(to_ + size, capacity_ * 2);
    std::unique_ptr<char[]> larger = std::make_unique_for_overwrite<char[]>(wanted);
    if (to_ > 0) std::memcpy(larger.get(), room_.get(), to_);
    room_ = std::move(larger);
    capacity_ = wanted;
  }
  return {room_.get() + to_, size};
}

RequestReader::RequestReader(std::size_t header_bytes) : header_bytes_(header_bytes) {
  parser_.header_limit(static_cast<std::uint32_t>(header_bytes));
  parser_.body_limit(boost::none);
  parser_.eager(false);
}

RequestReader::Step RequestReader::head(Inbox& inbox) {
  if (inbox.empty()) return Step::More;
  boost::system::error_code error;
  const std::size_t size = parser_.put(inbox.rest(), error);
  head_size_ += size;
  inbox.used(size);
  if (parser_.is_header_done()) {
    // The parser's own limit is not exact where a head comes at once.
    if (head_size_ > header_bytes_) return Step::TooLong;
    // No browser sends a body in chunks, and the parser ends the program at some that are broken
    // (RFC 9110 section 15.5.12 lets a server ask for the length).
    return parser_.chunked() ? Step::NoLength : Step::Whole;
  }
  if (error && error != http::error::need_more)
    return error == http::error::header_limit ? Step::TooLong : Step::Unreadable;
  return inbox.size() > header_bytes_ ? Step::TooLong : Step::More;
}

void RequestReader::take_head(Request& into) const {
  const auto& message = parser_.get();
  into.method = method_of(message.method());
  const auto target = message.target();
  into.query.clear();
  read_target({target.data(), target.size()}, into);
  std::size_t count = 0;
  for (const auto& field : message) {
    const auto name = field.name_string();
    Header& one = count < into.headers.size() ? into.headers[count] : into.headers.emplace_back();
    ++count;
    one.name.assign(name.data(), name.size());
    for (char& c : one.name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    one.value.assign(field.value().data(), field.value().size());
  }
  into.headers.resize(count);
}

void RequestReader::admit_body(std::uint64_t most_bytes) {
  parser_.body_limit(most_bytes);
  parser_.eager(true);
}

RequestReader::Step RequestReader::body(Inbox& inbox) {
  if (inbox.empty()) return parser_.is_done() ? Step::Whole : Step::More;
  boost::system::error_code error;
  inbox.used(parser_.put(inbox.rest(), error));
  if (parser_.is_done()) return Step::Whole;
  if (error && error != http::error::need_more)
    return error == http::error::body_limit ? Step::TooLong : Step::Unreadable;
  return Step::More;
}

}  // namespace tenglong::server
