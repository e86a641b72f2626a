// A small HTTP/1.1 server on 127.0.0.1: one thread, GET and HEAD, a deadline on every wait, a limit on every
// size.
//
// In:    a handler from request to page. Out: pages until SIGINT or SIGTERM, then a graceful end.
// Never: listens beyond this machine; reads a body; waits without a deadline.
#pragma once
#include <functional>
#include <map>
#include <string>

namespace tenglong::server {

struct Request {
  std::string path;                          // decoded: /enterprise/91330902...
  std::map<std::string, std::string> query;  // decoded
};
struct Page {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
};
using Handler = std::function<Page(const Request&)>;

struct Listening {
  int port = 8020;
  bool or_next_free = true;  // up to 50 ports further
};
// Blocks. `started` hears the port. Throws std::runtime_error if no port is free.
void serve(const Handler& handler, const Listening& listening, const std::function<void(int port)>& started);

// "a%20b" -> "a b"; broken escapes stay as they are.
std::string url_decoded(std::string_view text);
Request parse_target(std::string_view target);

}  // namespace tenglong::server
