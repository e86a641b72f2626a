#include "server/inside/fetch.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <exception>
#include <optional>

namespace tenglong::server {

namespace {

namespace fetch_asio = boost::asio;
namespace fetch_http = boost::beast::http;
using FetchSocket = fetch_asio::ip::tcp::socket;

std::string request_text(const Fetch& asked, const WebAddress& at) {
  std::string out = (asked.form.empty() ? "GET " : "POST ") + at.target + " HTTP/1.1\r\nHost: " + at.host;
  if (at.port != (at.is_secure ? "443" : "80")) out += ":" + at.port;
  out += "\r\nAccept: application/json\r\nConnection: close\r\n";
  for (const Header& one : asked.headers) out += one.name + ": " + one.value + "\r\n";
  if (!asked.form.empty())
    out += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
           std::to_string(asked.form.size()) + "\r\n";
  return out + "\r\n" + asked.form;
}

template <typename Stream>
fetch_asio::awaitable<Fetched> fetch_over(Stream& stream, std::string text, std::size_t most_bytes) {
  co_await fetch_asio::async_write(stream, fetch_asio::buffer(text), fetch_asio::use_awaitable);
  fetch_http::response_parser<fetch_http::string_body> parser;
  parser.header_limit(32 << 10);
  parser.body_limit(most_bytes);
  parser.eager(true);
  std::string inbox;
  char piece[8192];
  while (!parser.is_done()) {
    boost::system::error_code error;
    if (!inbox.empty()) {
      const std::size_t used = parser.put(fetch_asio::buffer(inbox), error);
      inbox.erase(0, used);
      if (error && error != fetch_http::error::need_more) throw FetchFailed("answer: " + error.message());
      if (parser.is_done()) break;
      if (used > 0 && !inbox.empty()) continue;
    }
    boost::system::error_code ended;
    const std::size_t size = co_await stream.async_read_some(
        fetch_asio::buffer(piece), fetch_asio::redirect_error(fetch_asio::use_awaitable, ended));
    if (size == 0) {
      parser.put_eof(error);
      if (error || !parser.is_done()) throw FetchFailed("answer: ended early");
      break;
    }
    inbox.append(piece, size);
    if (inbox.size() > (64u << 10)) throw FetchFailed("answer: too long");
  }
  Fetched out{.status = static_cast<int>(parser.get().result_int()), .body = std::move(parser.get().body())};
  co_return out;
}

fetch_asio::awaitable<Fetched> fetch_from(const Fetch& asked, const WebAddress& at) {
  const auto executor = co_await fetch_asio::this_coro::executor;
  std::string host = at.host;
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  fetch_asio::ip::tcp::resolver resolver(executor);
  const auto places = co_await resolver.async_resolve(host, at.port, fetch_asio::use_awaitable);
  std::string text = request_text(asked, at);
  if (!at.is_secure) {
    FetchSocket socket(executor);
    co_await fetch_asio::async_connect(socket, places, fetch_asio::use_awaitable);
    Fetched plain = co_await fetch_over(socket, std::move(text), asked.most_bytes);
    co_return plain;
  }
  fetch_asio::ssl::context context(fetch_asio::ssl::context::tls_client);
  context.set_options(fetch_asio::ssl::context::default_workarounds | fetch_asio::ssl::context::no_tlsv1 |
                      fetch_asio::ssl::context::no_tlsv1_1);
  context.set_default_verify_paths();
  if (!asked.ca_file.empty()) context.load_verify_file(asked.ca_file);
  fetch_asio::ssl::stream<FetchSocket> stream(executor, context);
  stream.set_verify_mode(fetch_asio::ssl::verify_peer);
  stream.set_verify_callback(fetch_asio::ssl::host_name_verification(host));
  SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
  co_await fetch_asio::async_connect(stream.lowest_layer(), places, fetch_asio::use_awaitable);
  co_await stream.async_handshake(fetch_asio::ssl::stream_base::client, fetch_asio::use_awaitable);
  Fetched out = co_await fetch_over(stream, std::move(text), asked.most_bytes);
  co_return out;
}

}  // namespace

WebAddress read_web_address(const std::string& written) {
  WebAddress out;
  std::string_view rest = written;
  if (rest.rfind("https://", 0) == 0) {
    out.is_secure = true;
    rest.remove_prefix(8);
  } else if (rest.rfind("http://", 0) == 0) {
    rest.remove_prefix(7);
  } else {
    return {};
  }
  for (const char c : written)
    if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f) return {};
  const std::size_t slash = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view place = rest.substr(0, slash);
  out.target = std::string(rest.substr(slash));
  if (out.target.empty() || out.target.front() != '/') out.target.insert(0, "/");
  if (out.target.find('#') != std::string::npos || place.find('@') != std::string_view::npos) return {};
  out.port = out.is_secure ? "443" : "80";
  const std::size_t colon = place.rfind(':');
  const bool has_port = colon != std::string_view::npos && place.find(']', colon) == std::string_view::npos;
  if (has_port) {
    out.port = std::string(place.substr(colon + 1));
    place = place.substr(0, colon);
    if (out.port.empty() || out.port.size() > 5 ||
        out.port.find_first_not_of("0123456789") != std::string::npos)
      return {};
  }
  out.host = std::string(place);
  return out.host.empty() ? WebAddress{} : out;
}

Fetched fetch(const Fetch& asked) {
  const WebAddress at = read_web_address(asked.url);
  if (at.host.empty()) throw FetchFailed(asked.url + ": no address of the web");
  if (!at.is_secure && !at.is_here()) throw FetchFailed(asked.url + ": not over HTTPS");
  fetch_asio::io_context io{1};
  std::optional<Fetched> out;
  std::exception_ptr failed;
  fetch_asio::co_spawn(io, fetch_from(asked, at), [&](std::exception_ptr failure, Fetched got) {
    failed = failure;
    if (!failure) out = std::move(got);
  });
  io.run_for(asked.most_time);
  if (out) return *out;
  if (!failed) throw FetchFailed(asked.url + ": no answer in time");
  try {
    std::rethrow_exception(failed);
  } catch (const std::exception& failure) {
    throw FetchFailed(asked.url + ": " + failure.what());
  }
}

std::string url_encoded(std::string_view text) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

}  // namespace tenglong::server
