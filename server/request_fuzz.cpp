// What comes in over a connection, through the functions of the server without its sockets: heads and bodies
// in pieces of any size, addresses, queries, cookies, ranges of uploads, JSON. The pieces make no difference;
// whatever comes is answered; a refusal is a problem that can be read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "server/inside/request_reader.h"
#include "server/inside/response.h"
#include "server/inside/write.h"
#include "server/service.h"
#include "server/uploads.h"

namespace {

using namespace tenglong;
using namespace tenglong::server;

void require(bool claim) {
  if (!claim) std::abort();
}

// Whoever sends the cookie is signed in, and may do nothing that needs a right.
struct ByCookie final : Callers {
  std::shared_ptr<const Caller> caller(const Request& request) override {
    Caller out;
    const std::string_view cookie = request.cookie("tenglong_session");
    require(cookie.find(';') == std::string_view::npos);
    out.is_signed_in = !cookie.empty();
    out.is_complete = cookie != "half";
    out.account.id = "a";
    return std::make_shared<const Caller>(std::move(out));
  }
  std::string forgery_word(const Request& request) override {
    return request.cookie("tenglong_session") == "word" ? "w" : "";
  }
};

Answer echo(const Call& call) {
  text::JsonWriter out;
  out.begin_object().member("path", call.request.path).key("said").begin_array();
  for (const auto& [name, value] : call.query) out.string(name + "=" + value);
  for (const auto& [name, value] : call.path) out.string(name + "=" + value);
  if (const Json* list = call.body.find("exceptions"))
    for (const Json& one : list->items) out.string(one.text_of("reason"));
  out.end_array().end_object();
  return {.body = out.take()};
}

Answer take_piece(const Call& call) {
  const ContentRange range = content_range_of(call.request.header("content-range"));
  require((range.size == -1) == (range.from == -1) && (range.size == -1) == (range.to == -1));
  return {.status = range.size == -1 ? 416 : 204};
}

Routes table() {
  Routes out;
  const auto add = [&](Method method, const char* path, const char* id, Right right, Repeat repeat,
                       std::vector<Parameter> parameters, Input input, Output output, Handler handler) {
    out.add({method, path, id, Summary("一个地址", "an address"), std::move(right), repeat, Runs::Here,
             std::move(parameters), std::move(input), std::move(output), std::move(handler)});
  };
  const Shape any = Shape::any();
  add(Method::Get, "/api/list", "list", Right::everyone(), Repeat::Reads,
      {page_parameter(),
       size_parameter(),
       {"q", Shape::text(20), ""},
       {"on", Shape::date(), ""},
       {"least", Shape::decimal(), ""},
       {"sort", Shape::choice({"key", "-key"}), ""}},
      Input::none(), Output::json(any), echo);
  add(Method::Get, "/api/registers/{register}/records/{key}", "record", Right::signed_in(), Repeat::Reads,
      {in_path("register", ""), in_path("key", "", 300)}, Input::none(), Output::json(any), echo);
  const Shape exception = Shape::object("Exception", {{"item", Shape::text(20, 1), ""},
                                                      {"reason", Shape::text(2000), "", Presence::Optional},
                                                      {"is_it", Shape::boolean(), "", Presence::Optional}});
  add(Method::Post, "/api/lock", "lock", Right::at_the_door(), Repeat::Keyed, {},
      Input::of(Shape::object("Lock", {{"exceptions", Shape::list(exception, 5), ""},
                                       {"values", Shape::map(Shape::text(10)), "", Presence::Optional}}),
                4096),
      Output::json(any), echo);
  add(Method::Put, "/api/uploads/{upload}", "piece", Right::everyone(), Repeat::Same,
      {in_path("upload", "", 40)}, Input::bytes(2048), Output::nothing(), take_piece);
  return out;
}

struct Heard {
  int status = 0;
  std::string path = {}, body = {};
  friend bool operator==(const Heard&, const Heard&) = default;
};

// A conversation as http.cpp leads it, from bytes that lie here already.
class Conversation {
 public:
  Conversation(Service& service, std::string_view bytes, std::size_t piece)
      : service_(service), bytes_(bytes), piece_(piece) {}

  // Without the refusal of bytes that cannot be read, which ends it: whether it is seen before the other end
  // leaves goes with the pieces.
  std::vector<Heard> heard() {
    while (goes_on_ && out_.size() < 50 && one()) {
    }
    if (is_unreadable_) out_.pop_back();
    return std::move(out_);
  }

 private:
  bool more() {
    if (at_ >= bytes_.size()) return false;
    const std::size_t size = std::min(piece_, bytes_.size() - at_);
    std::memcpy(inbox_.room(size).data(), bytes_.data() + at_, size);
    inbox_.came(size);
    at_ += piece_;
    return true;
  }
  bool one() {
    constexpr std::size_t kHeaderBytes = 1024;
    RequestReader reader(kHeaderBytes);
    Request request;
    request.number = "n-000001";
    RequestReader::Step step;
    while ((step = reader.head(inbox_)) == RequestReader::Step::More)
      if (!more()) return false;
    if (step != RequestReader::Step::Whole) {
      goes_on_ = false;
      is_unreadable_ = true;
      return said(request, service_.own_answer(request, step == RequestReader::Step::TooLong    ? 431
                                                        : step == RequestReader::Step::NoLength ? 411
                                                                                                : 400));
    }
    reader.take_head(request);
    for (const Header& header : request.headers) {
      for (const char c : header.name) require(c < 'A' || c > 'Z');
      require(header.value.find('\n') == std::string::npos && header.value.find('\r') == std::string::npos);
    }
    goes_on_ = reader.keeps_alive();
    Admission admission = service_.admit(request);
    if (admission.refused) {
      goes_on_ = goes_on_ && !reader.has_body();
      return said(request, *admission.refused);
    }
    if (reader.has_body()) {
      const std::uint64_t size = reader.body_size();
      if (size > admission.most_body_bytes || admission.most_body_bytes == 0) {
        goes_on_ = false;
        return said(request, service_.own_answer(request, 413));
      }
      reader.admit_body(admission.most_body_bytes);
      while ((step = reader.body(inbox_)) == RequestReader::Step::More)
        if (!more()) return false;
      if (step != RequestReader::Step::Whole) {
        goes_on_ = false;
        is_unreadable_ = true;
        return said(request, service_.own_answer(request, step == RequestReader::Step::TooLong ? 413 : 400));
      }
      request.body = reader.take_body();
      require(request.body.size() <= admission.most_body_bytes);
    }
    return said(request, service_.answer(request, admission.matched));
  }
  bool said(const Request& request, const Answer& answer) {
    require(answer.status >= 200 && answer.status < 500);
    const std::string body = answer.shared != nullptr ? *answer.shared : answer.body;
    if (answer.content_type == "application/problem+json" || answer.content_type == "application/json")
      require(body.empty() || read_json(body).diagnostics.empty());
    std::string head;
    write_head(head, answer, request, Length::Known, body.size(), goes_on_);
    // One head and no more, whatever was asked for.
    require(head.find("\r\n\r\n") == head.size() - 4);
    out_.push_back({answer.status, request.path, body});
    return true;
  }

  Service& service_;
  std::string_view bytes_;
  std::size_t piece_, at_ = 0;
  Inbox inbox_;
  bool goes_on_ = true, is_unreadable_ = false;
  std::vector<Heard> out_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 8192) return 0;
  static const Assets assets("");
  static Log log("");
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  ByCookie callers;
  std::vector<Heard> before;
  // The first byte says how long a piece is; a second conversation has it all at once.
  for (const std::size_t piece : {std::size_t{1} + data[0] % 97, bytes.size() + 1}) {
    const auto kept = kept_in_memory(100);
    Service service(table(), callers, *kept, assets, log);
    const std::vector<Heard> heard = Conversation(service, bytes, piece).heard();
    if (piece <= bytes.size())
      before = heard;
    else if (1 + data[0] % 97 <= static_cast<int>(bytes.size()))
      require(before == heard);
  }
  return 0;
}
