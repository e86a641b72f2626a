#include "server/inside/request_reader.h"

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

RequestReader::RequestReader(std::size_t header_bytes) : header_bytes_(header_bytes) {
  parser_.header_limit(static_cast<std::uint32_t>(header_bytes));
  parser_.body_limit(boost::none);
  parser_.eager(false);
}

RequestReader::Step RequestReader::head(Inbox& inbox) {
  if (inbox.empty()) return Step::More;
  boost::system::error_code error;
  inbox.used(parser_.put(inbox.rest(), error));
  if (parser_.is_header_done()) return Step::Whole;
  if (error && error != http::error::need_more)
    return error == http::error::header_limit ? Step::TooLong : Step::Unreadable;
  return inbox.size() > header_bytes_ ? Step::TooLong : Step::More;
}

void RequestReader::take_head(Request& into) const {
  const auto& message = parser_.get();
  into.method = method_of(message.method());
  const auto target = message.target();
  read_target({target.data(), target.size()}, into);
  for (const auto& field : message) {
    const auto name = field.name_string();
    Header& one = into.headers.emplace_back();
    one.name.reserve(name.size());
    for (const char c : name) one.name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    one.value.assign(field.value().data(), field.value().size());
  }
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
