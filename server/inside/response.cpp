#include "server/inside/response.h"

#include <ctime>

#include "server/inside/line.h"

namespace tenglong::server {

namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return status < 500 ? "Refused" : "Internal Server Error";
  }
}

// Scripts and sheets come from here alone, and no element bears a style of its own but those that the DMN
// editor makes (its mark, which must stay as it is, and the ghost of what is dragged): these seven, by their
// hashes.
constexpr std::string_view kEveryPage =
    "\r\nContent-Security-Policy: default-src 'self'; script-src 'self'; style-src 'self'; "
    "style-src-attr 'unsafe-hashes' "
    "'sha256-r3vOsuepBDg6tz/cOusiNJ9Y4Lp9hGQTT7pzDks1Xxc=' "
    "'sha256-CA/eh4+2R0J7cEQ14gBMtx834RIOjzMUqCM+evtrkp4=' "
    "'sha256-ZG9bHUWWXDZyu7zfItuLwGK+cah/hweM0RfXpZpxZVM=' "
    "'sha256-JpvvTIK7ulxf/3oA+AUuVbO9Labs8npGWGm9X9nGIWw=' "
    "'sha256-9OIpRRx0bq4t4s2zyqbocMNwedniLDaxLB+FlLIjNgM=' "
    "'sha256-GAdrtwahSjGXI0UQQnfyEVtPn+wfgQxvyrjyQuByfuU=' "
    "'sha256-T+dPSjRVHalDc/mwQm0/E2bredKPUxLfYOuU3MOV1BE='; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY"
    "\r\nCross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin"
    "\r\nPermissions-Policy: camera=(self), geolocation=(self), microphone=()";
// Data is no page: it may load nothing, stand in no frame, and is read by this origin alone.
constexpr std::string_view kEveryData =
    "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'"
    "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer"
    "\r\nCross-Origin-Resource-Policy: same-origin";

bool is_data(const Answer& answer) {
  return answer.content_type == "application/json" || answer.content_type == "application/problem+json";
}

// The same for a whole second.
const std::string& date_line() {
  thread_local std::time_t of = 0;
  thread_local std::string line;
  const std::time_t now = std::time(nullptr);
  if (now != of) {
    of = now;
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[48];
    line.assign(text, std::strftime(text, sizeof text, "\r\nDate: %a, %d %b %Y %H:%M:%S GMT", &utc));
  }
  return line;
}

}  // namespace

void write_head(std::string& out, const Answer& answer, const Request& request, Length length,
                std::size_t body_size, bool keep_alive) {
  Line line;
  line.put("HTTP/1.1 ");
  line.put_number(static_cast<std::uint64_t>(answer.status));
  line.put(" ");
  line.put(reason_of(answer.status));
  line.put(date_line());
  if (length != Length::None) {
    line.put("\r\nContent-Type: ");
    line.put(answer.content_type);
  }
  if (length == Length::Known) {
    line.put("\r\nContent-Length: ");
    line.put_number(body_size);
  } else if (length == Length::Chunked) {
    line.put("\r\nTransfer-Encoding: chunked");
  }
  line.put("\r\nX-Request-Number: ");
  line.put(request.number);
  line.put(is_data(answer) ? kEveryData : kEveryPage);
  if (request.is_secure) line.put("\r\nStrict-Transport-Security: max-age=31536000");
  bool has_cache = false;
  for (const Header& header : answer.headers) {
    // A value that holds a line break would be another header.
    if (header.value.find_first_of("\r\n") != std::string::npos) continue;
    line.put("\r\n");
    line.put(header.name);
    line.put(": ");
    line.put(header.value);
    has_cache = has_cache || header.name == "Cache-Control";
  }
  if (!has_cache) line.put("\r\nCache-Control: no-store");
  line.put(keep_alive && length != Length::UntilClose ? "\r\nConnection: keep-alive\r\n\r\n"
                                                      : "\r\nConnection: close\r\n\r\n");
  out += line.text();
}

}  // namespace tenglong::server
