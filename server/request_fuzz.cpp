// Any bytes as the target, the cookies and the body of a request: read to the end, or refused; never a crash,
// never a member out of nowhere.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/json.h"
#include "server/message.h"
#include "server/shape.h"

namespace {
void require(bool claim) {
  if (!claim) std::abort();
}
}  // namespace

extern "C" const char* __asan_default_options() { return "quarantine_size_mb=8:malloc_context_size=8"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenglong::server;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t first = bytes.find('\n');
  const std::size_t second = first == std::string_view::npos ? first : bytes.find('\n', first + 1);
  Request request;
  read_target(bytes.substr(0, first), request);
  request.headers.push_back(
      {"cookie",
       std::string(first == std::string_view::npos ? "" : bytes.substr(first + 1, second - first - 1))});
  require(request.cookie("s").size() <= size);
  require(request.header("cookie").size() <= size);
  const ReadJson read =
      read_json(second == std::string_view::npos ? std::string_view() : bytes.substr(second + 1));
  static const Shape kShape =
      Shape::object("Any", {{"text", Shape::text(40, 1), ""},
                            {"count", Shape::count(), "", Presence::Optional},
                            {"list", Shape::list(Shape::choice({"a", "b"}), 5), "", Presence::Optional}});
  tenglong::diagnostic::Diagnostics told = read.diagnostics;
  if (told.empty()) kShape.check(read.value, "body", told);
  for (const auto& one : told)
    require(!one.code.empty() && !one.message.zh.empty() && !one.message.en.empty());
  return 0;
}
