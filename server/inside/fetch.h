// Asks another server, over HTTPS, and waits for its answer.
//
// In:    an address, a form to post or nothing. Out: status and body. Over plain HTTP only within this
// machine. Never: longer than `most_time` in all; more than `most_bytes`; follows a redirect; trusts a
// certificate that this machine (or `ca_file`) does not, or one of another name. Fails: FetchFailed, with
// what went wrong for the log.
#pragma once
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "server/message.h"

namespace tenglong::server {

struct WebAddress {
  bool is_secure = false;
  std::string host = {}, port = {}, target = {};  // target: path and query, at least "/"
  bool is_here() const { return host == "localhost" || host == "127.0.0.1" || host == "[::1]"; }
};
// Nothing (an empty host): not an address of the web.
WebAddress read_web_address(const std::string& written);

struct Fetch {
  std::string url = {};
  std::string form = {};  // posted as application/x-www-form-urlencoded; empty: GET
  std::vector<Header> headers = {};
  std::string ca_file = {};  // PEM, besides those of the machine
  std::chrono::milliseconds most_time{8000};
  std::size_t most_bytes = 256 << 10;
};
struct Fetched {
  int status = 0;
  std::string body = {};
};
struct FetchFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};
Fetched fetch(const Fetch& asked);

std::string url_encoded(std::string_view text);

}  // namespace tenglong::server
