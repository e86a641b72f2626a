#include "server/service.h"

#include <algorithm>
#include <cstdio>
#include <deque>

#include "engine/fingerprint/fingerprint.h"
#include "engine/text/ensure.h"
#include "server/problem.h"
#include "store/store.h"

namespace tenglong::server {

namespace {

using diagnostic::Diagnostic;
using diagnostic::Diagnostics;

class InMemory final : public KeptAnswers {
 public:
  explicit InMemory(std::size_t most) : most_(most) {}
  std::optional<KeptAnswer> find(const std::string& account, const std::string& key) override {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find({account, key});
    return found == kept_.end() ? std::nullopt : std::optional(found->second);
  }
  void keep(const std::string& account, const std::string& key, const KeptAnswer& answer) override {
    const std::lock_guard lock(mutex_);
    if (!kept_.emplace(std::pair(account, key), answer).second) return;
    order_.emplace_back(account, key);
    if (order_.size() <= most_) return;
    kept_.erase(order_.front());
    order_.pop_front();
  }

 private:
  std::size_t most_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, KeptAnswer> kept_;
  std::deque<std::pair<std::string, std::string>> order_;
};

// A page of another origin that makes this browser send something is refused.
bool is_from_elsewhere(const Request& request) {
  const std::string_view site = request.header("sec-fetch-site");
  if (site == "cross-site" || site == "same-site") return true;
  const std::string_view origin = request.header("origin"), host = request.header("host");
  if (origin.empty()) return false;
  const std::size_t from = origin.find("://");
  return from == std::string_view::npos || origin.substr(from + 3) != host;
}

void tell_parameter(Diagnostics& told, const char* code, std::string_view name, text::Words message,
                    text::Words advice = {}) {
  Diagnostic one;
  one.code = code;
  one.place.file = "query";
  one.place.cell = "/" + std::string(name);
  one.message = std::move(message);
  one.advice = std::move(advice);
  told.push_back(std::move(one));
}

Diagnostics check_parameters(const Route& route, const Request& request,
                             const std::map<std::string, std::string>& path,
                             std::map<std::string, std::string>& query) {
  Diagnostics told;
  std::vector<std::string> names;
  for (const Parameter& parameter : route.parameters)
    if (const auto found = path.find(parameter.name); found != path.end())
      parameter.shape.check_text(found->second, "path", parameter.name, told);
    else
      names.emplace_back(parameter.name);
  for (const auto& [name, value] : request.query) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string near = text::nearest(name, names);
      tell_parameter(told, "E-SERVER-206", name,
                     {"这个地址没有参数“" + name + "”。", "This address has no parameter “" + name + "”."},
                     near.empty() ? text::Words{"删去它。", "Leave it out."}
                                  : text::Words{"是“" + near + "”吗？", "Did you mean “" + near + "”?"});
    } else if (!query.emplace(name, value).second) {
      tell_parameter(told, "E-SERVER-206", name,
                     {"参数“" + name + "”写了两次。", "The parameter “" + name + "” stands twice."});
    }
  }
  for (const Parameter& parameter : route.parameters) {
    if (path.contains(parameter.name)) continue;
    const auto found = query.find(parameter.name);
    if (found != query.end())
      parameter.shape.check_text(found->second, "query", parameter.name, told);
    else if (parameter.presence == Presence::Required)
      tell_parameter(told, "E-SERVER-202", parameter.name,
                     {std::string("缺少“") + parameter.name + "”。",
                      std::string("“") + parameter.name + "” is missing."});
  }
  return told;
}

Answer refused_input(const Diagnostics& told, int status = 400) {
  return problem(status,
                 {"请求里有 " + std::to_string(told.size()) + " 处要改。",
                  std::to_string(told.size()) + " things in the request are to be mended."},
                 told);
}

void say_request(Answer& answer, const std::string& number) {
  if (answer.content_type != "application/problem+json") return;
  const std::size_t at = answer.body.find(kRequestMark);
  if (at != std::string::npos) answer.body.replace(at, std::string_view(kRequestMark).size(), number);
}

}  // namespace

bool may_ever(const access::Scope& scope, access::Operation operation) {
  for (std::size_t state = 0; state < access::kStates; ++state)
    if (!scope.rows(operation, static_cast<access::State>(state)).is_empty()) return true;
  return false;
}

std::unique_ptr<KeptAnswers> kept_in_memory(std::size_t most) { return std::make_unique<InMemory>(most); }

namespace {

class InStore final : public KeptAnswers {
 public:
  InStore(store::Store& store, std::function<std::int64_t()> seconds)
      : store_(store), seconds_(std::move(seconds)) {}
  std::optional<KeptAnswer> find(const std::string& account, const std::string& key) override {
    const auto found = store_.credentials().reply(account, key);
    if (!found) return std::nullopt;
    return KeptAnswer{found->digest, static_cast<int>(found->status), found->content_type, found->body};
  }
  void keep(const std::string& account, const std::string& key, const KeptAnswer& answer) override {
    store_.credentials().keep_reply(account, key,
                                    {.digest = answer.digest,
                                     .status = answer.status,
                                     .content_type = answer.content_type,
                                     .body = answer.body},
                                    seconds_());
  }

 private:
  store::Store& store_;
  std::function<std::int64_t()> seconds_;
};

}  // namespace

std::unique_ptr<KeptAnswers> kept_in_store(store::Store& store, std::function<std::int64_t()> seconds) {
  return std::make_unique<InStore>(store, std::move(seconds));
}

struct Service::Matched {
  const Route* route = nullptr;
  std::size_t index = 0;
  std::map<std::string, std::string> path, query;
  std::shared_ptr<const Caller> caller;  // null until it was asked
};

Service::Service(Routes routes, Callers& callers, KeptAnswers& kept, const Assets& assets, Log& log)
    : routes_(std::move(routes)), callers_(callers), kept_(kept), assets_(assets), log_(log), metrics_([&] {
        std::vector<std::string> names;
        for (const Route& route : routes_.all()) names.emplace_back(route.id);
        return names;
      }()) {}

Admission Service::admit(Request& request) {
  Admission out;
  const auto refuse = [&](Answer answer) {
    say_request(answer, request.number);
    out.refused = std::move(answer);
  };
  if (!request.is_whole) {
    refuse(problem(400, "E-SERVER-101", {"地址读不懂。", "The address cannot be read."},
                   {"地址要按 UTF-8 编码。", "Encode it as UTF-8."}));
    return out;
  }
  auto made = std::make_shared<Matched>();
  Matched* const matched = made.get();
  matched->index = metrics_.other();
  out.matched = std::move(made);
  Routes::Match found = routes_.find(request.method, request.path);
  const bool is_api = request.path.rfind("/api/", 0) == 0 || request.path == "/api";
  if (found.route == nullptr && found.others.empty() && !is_api &&
      (request.method == Method::Get || request.method == Method::Head)) {
    out.refused = assets_.answer(request);
    return out;
  }
  if (found.route == nullptr && found.others.empty()) {
    refuse(problem(404, "E-SERVER-105", {"没有这个地址。", "There is no such address."},
                   {"全部地址列在 /api/openapi.json。", "All addresses are in /api/openapi.json."}));
    return out;
  }
  if (found.route == nullptr) {
    std::string allow;
    for (const Method method : found.others)
      allow += (allow.empty() ? "" : ", ") + std::string(to_text(method));
    Answer answer =
        problem(405, "E-SERVER-106", {"这个地址不接受这种方法。", "This address does not take this method."},
                {"可用：" + allow + "。", "It takes: " + allow + "."});
    answer.headers.push_back({"Allow", allow});
    refuse(std::move(answer));
    return out;
  }
  const Route& route = *found.route;
  matched->route = &route;
  matched->index = static_cast<std::size_t>(&route - routes_.all().data());
  matched->path = std::move(found.path);
  matched->caller = callers_.caller(request);
  if (route.right.needs_session() && !matched->caller->is_signed_in) {
    refuse(problem(
        401, "E-SERVER-301",
        {"还没有登录，或登录已经到期。", "Nobody is signed in, or the session has ended."},
        {"请登录后再试；没有存的内容仍在页面上。", "Sign in and try again; what was typed is still there."}));
    return out;
  }
  if (route.right.needs_whole_session() && !matched->caller->is_complete) {
    refuse(problem(403, "E-SERVER-311",
                   {"登录还差一步：先绑定第二因素，或改掉别人给的口令。",
                    "One step of signing in is due: a second factor, or a password of one's own."},
                   {"在登录页做完这一步。", "Finish it on the sign-in page."}));
    return out;
  }
  const std::vector<access::Operation>& operations = route.right.operations();
  if (!operations.empty() && std::none_of(operations.begin(), operations.end(), [&](access::Operation each) {
        return may_ever(matched->caller->scope, each);
      })) {
    if (matched->caller->scope.is_outside()) {
      refuse(not_there());
    } else {
      const access::OperationInfo& info = access::info(operations.front());
      refuse(problem(
          403, "E-SERVER-302",
          {std::string("当前账号不能“") + info.zh + "”。",
           std::string("This account may not do “") + info.id + "”."},
          {"需要时请有授权权的管理员授予角色。", "An administrator who grants roles can give the right."}));
    }
    return out;
  }
  if (!route.changes_nothing()) {
    const std::string word = callers_.forgery_word(request);
    if (is_from_elsewhere(request) || (!word.empty() && request.header("x-csrf-token") != word)) {
      refuse(problem(403, "E-SERVER-304",
                     {"这次提交不是从本系统的页面发出的。", "This was not sent from a page of this system."},
                     {"刷新页面再提交。", "Reload the page and send it again."}));
      return out;
    }
    if (route.repeat == Repeat::Keyed) {
      const std::size_t size = request.header("idempotency-key").size();
      if (size < 8 || size > 100) {
        refuse(problem(400, "E-SERVER-401",
                       {"缺少 Idempotency-Key（8 到 100 个字符）。",
                        "Idempotency-Key (8 to 100 characters) is missing."},
                       {"每次提交用新的随机键；重发同一次提交用原来的键。",
                        "A new random key for every submission; the same key when one is sent again."}));
        return out;
      }
    }
  }
  const Diagnostics told = check_parameters(route, request, matched->path, matched->query);
  if (!told.empty()) {
    refuse(refused_input(told));
    return out;
  }
  const std::string_view type = request.header("content-type");
  if (!route.input.json.empty() && type.rfind("application/json", 0) != 0) {
    refuse(
        problem(415, "E-SERVER-107", {"正文要用 application/json。", "The body must be application/json."}));
    return out;
  }
  out.most_body_bytes = route.input.most_bytes;
  out.on_worker = route.runs == Runs::OnWorker;
  out.is_writing = !route.changes_nothing();
  return out;
}

Answer Service::answer(const Request& request, const std::shared_ptr<const void>& matched) {
  Answer out;
  text::Words sentence;
  std::string detail;
  int status = 0;
  const char* code = "";
  try {
    out = handled(request, *static_cast<const Matched*>(matched.get()));
    say_request(out, request.number);
    return out;
  } catch (const store::StoreFailure& failure) {
    status = 503;
    code = "E-SERVER-111";
    sentence = failure.message;
    detail = failure.what();
  } catch (const std::exception& failure) {
    status = 500;
    code = "E-SERVER-109";
    sentence = {"这一步没有做成，原因已记在日志里。", "This did not succeed; the reason is in the log."};
    detail = failure.what();
  }
  std::fprintf(stderr, "%s %s\n", request.number.c_str(), detail.c_str());
  out = problem(status, code, sentence,
                {"把请求号 " + request.number + " 告诉管理员。",
                 "Tell the administrator the number " + request.number + "."});
  say_request(out, request.number);
  return out;
}

Answer Service::handled(const Request& request, const Matched& matched) {
  const Route& route = *matched.route;
  Json body;
  if (!route.input.json.empty()) {
    ReadJson read = read_json(request.body);
    if (!read.diagnostics.empty()) return refused_input(read.diagnostics);
    Diagnostics told;
    route.input.json[0].check(read.value, "body", told);
    if (!told.empty()) return refused_input(told, 422);
    body = std::move(read.value);
  }
  const Call call{request, matched.path, matched.query, body, *matched.caller};
  Answer out = route.repeat == Repeat::Keyed ? once(request, matched, call) : route.handler(call);
  // A reading that is unchanged need not travel again.
  if (route.changes_nothing() && out.status == 200)
    for (const Header& header : out.headers)
      if (header.name == "ETag" &&
          request.header("if-none-match").find(header.value) != std::string_view::npos) {
        out.status = 304;
        out.body.clear();
        out.shared = nullptr;
        out.stream = nullptr;
      }
  return out;
}

Answer Service::once(const Request& request, const Matched& matched, const Call& call) {
  const std::pair<std::string, std::string> key{matched.caller->account.id,
                                                std::string(request.header("idempotency-key"))};
  fingerprint::Digest digest;
  digest.field(to_text(request.method)).field(request.path).field(request.body);
  const std::string of_request = digest.hex();
  struct Running {
    Service& service;
    const std::pair<std::string, std::string>& key;
    bool is_first;
    ~Running() {
      const std::lock_guard lock(service.running_mutex_);
      if (is_first) service.running_.erase(key);
    }
  } running{*this, key, false};
  {
    const std::lock_guard lock(running_mutex_);
    running.is_first = running_.insert(key).second;
  }
  if (!running.is_first) {
    Answer out =
        problem(409, "E-SERVER-405", {"同一次提交正在办理。", "The same submission is being worked on."},
                {"稍后用同一个键再问结果。", "Ask again with the same key in a moment."});
    out.headers.push_back({"Retry-After", "2"});
    return out;
  }
  if (const auto kept = kept_.find(key.first, key.second)) {
    if (kept->digest != of_request)
      return problem(
          422, "E-SERVER-402",
          {"这个 Idempotency-Key 已用于另一次提交。", "This Idempotency-Key was used for another request."},
          {"换一个新的键。", "Use a new key."});
    Answer out;
    out.status = kept->status;
    out.content_type = kept->content_type;
    out.body = kept->body;
    out.headers.push_back({"Idempotency-Replayed", "true"});
    return out;
  }
  Answer out = matched.route->handler(call);
  if (out.status < 500 && out.shared == nullptr && !out.stream && out.feed == nullptr)
    kept_.keep(key.first, key.second, {of_request, out.status, out.content_type, out.body});
  return out;
}

Answer Service::own_answer(const Request& request, int status) {
  Answer out;
  switch (status) {
    case 408:
      out = problem(408, "E-SERVER-104", {"等请求等得太久。", "The request came too slowly."},
                    {"检查网络后重发。", "Check the network and send it again."});
      break;
    case 411:
      out =
          problem(411, "E-SERVER-112",
                  {"正文分段发来，没有说长度。", "The body comes in chunks, without its length."},
                  {"带 Content-Length 重发；curl 用 --data-binary 或 -T 文件名。",
                   "Send it again with Content-Length; with curl: --data-binary, or -T and a file's name."});
      break;
    case 413:
      out = problem(413, "E-SERVER-103",
                    {"正文太大，或这里不收正文。", "The body is too large, or none is taken here."},
                    {"大文件用 /api/uploads 分块上传。", "Large files go in pieces through /api/uploads."});
      break;
    case 431:
      out = problem(431, "E-SERVER-102", {"请求头太长。", "The head of the request is too long."},
                    {"清除本站的 cookie 后再试。", "Clear the cookies of this site and try again."});
      break;
    case 503:
      out = problem(503, "E-SERVER-108",
                    {"眼下请求太多，没有受理。", "Too many requests at once; this was not taken."},
                    {"过一两秒再试；没有存的内容仍在页面上。",
                     "Try again in a second or two; what was typed is still there."});
      out.headers.push_back({"Retry-After", "1"});
      break;
    case 504:
      out = problem(
          504, "E-SERVER-110", {"这一步太久，没有等到结果。", "This took too long; there is no result yet."},
          {"先查看结果是否已在，再决定是否重做。", "See whether the result is there before doing it again."});
      break;
    default:
      out = problem(400, "E-SERVER-101", {"请求读不懂。", "The request cannot be read."});
  }
  say_request(out, request.number);
  return out;
}

void Service::connections(std::size_t now) noexcept { metrics_.connections = static_cast<std::int64_t>(now); }

void Service::finished(const Request& request, const void* given, const Done& done) noexcept {
  const auto* matched = static_cast<const Matched*>(given);
  metrics_.count(matched != nullptr ? matched->index : metrics_.other(), done.status, done.took, done.bytes);
  if (!log_.is_kept()) return;
  try {
    Line line;
    line.put("{\"at\":\"");
    put_now(line);
    line.put("\",\"request\":\"");
    line.put(request.number);
    line.put("\",\"method\":\"");
    line.put(to_text(request.method));
    line.put("\",\"path\":");
    line.put_quoted(request.path);
    line.put(",\"route\":\"");
    if (matched != nullptr && matched->route != nullptr) line.put(matched->route->id);
    line.put("\",\"status\":");
    line.put_number(static_cast<std::uint64_t>(done.status));
    if (!done.code.empty()) {
      line.put(",\"code\":\"");
      line.put(done.code);
      line.put("\"");
    }
    line.put(",\"bytes\":");
    line.put_number(done.bytes);
    line.put(",\"took_us\":");
    line.put_number(static_cast<std::uint64_t>(std::max<std::int64_t>(0, done.took.count())));
    if (matched != nullptr && matched->caller != nullptr && matched->caller->is_signed_in) {
      line.put(",\"account\":");
      line.put_quoted(matched->caller->account.id);
    }
    line.put(",\"peer\":\"");
    line.put(request.peer);
    line.put("\"");
    if (const std::string_view parent = request.header("traceparent");
        !parent.empty() && parent.size() < 100) {
      line.put(",\"traceparent\":");
      line.put_quoted(parent);
    }
    line.put("}\n");
    log_.add(line.text());
  } catch (const std::exception&) {
    // Without memory for a line there is none; the answer has gone.
  }
}

}  // namespace tenglong::server
