#include "server/oidc.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/inside/fetch.h"
#include "server/inside/token.h"
#include "server/inside/write.h"
#include "server/passwords.h"

namespace tenglong::server {

namespace {

constexpr std::int64_t kLongest = 600;  // seconds from the beginning to the end
constexpr std::size_t kMostBegun = 2000;
constexpr std::int64_t kClocksApart = 60;
constexpr int kMostTalks = 2;

void tell_setting(diagnostic::Diagnostics& told, const std::string& file, const std::string& name,
                  text::Words message, text::Words advice) {
  told.push_back({.code = "E-SERVER-312",
                  .place = {.file = file, .cell = name.empty() ? std::string() : "/" + name},
                  .message = std::move(message),
                  .advice = std::move(advice)});
}

std::vector<std::string> texts_in(const Json* list) {
  std::vector<std::string> out;
  if (list == nullptr) return out;
  if (list->kind == Json::Kind::String) out.push_back(list->text);
  for (const Json& one : list->items)
    if (one.kind == Json::Kind::String) out.push_back(one.text);
  return out;
}

// A time in seconds; nothing: none is written.
std::optional<std::int64_t> seconds_in(const Json& claims, const char* name) {
  const Json* written = claims.find(name);
  if (written == nullptr || written->kind != Json::Kind::Number) return std::nullopt;
  const auto number = quantity::Decimal::parse(written->text);
  if (!number) return std::nullopt;
  const double seconds = number->to_double();
  if (!(seconds > 0 && seconds < 1e12)) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

bool shares_one(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& one) { return std::find(b.begin(), b.end(), one) != b.end(); });
}

class Talk {
 public:
  explicit Talk(std::function<void()> end) : end_(std::move(end)) {}
  ~Talk() { end_(); }
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

 private:
  std::function<void()> end_;
};

Answer sent_to(const std::string& where) {
  return {.status = 303, .content_type = "", .headers = {{"Location", where}, {"Cache-Control", "no-store"}}};
}

}  // namespace

ReadOidcSettings read_oidc_settings(const std::string& file) {
  ReadOidcSettings out;
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return out;
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  ReadJson read = read_json(bytes);
  for (diagnostic::Diagnostic& one : read.diagnostics) {
    one.place.file = file;
    out.diagnostics.push_back(std::move(one));
  }
  if (!out.diagnostics.empty()) return out;
  const Shape texts = Shape::list(Shape::text(200, 1), 50);
  const Shape shape = Shape::object(
      "OidcSettings",
      {{"issuer", Shape::text(300, 1), ""},
       {"client_id", Shape::text(200, 1), ""},
       {"client_secret", Shape::text(500), "", Presence::Optional},
       {"address", Shape::text(300, 1), ""},
       {"scope", Shape::text(300, 6), "", Presence::Optional},
       {"account_claim", Shape::text(100, 1), "", Presence::Optional},
       {"second_factor",
        Shape::object("OidcSecondFactor",
                      {{"acr", texts, "", Presence::Optional}, {"amr", texts, "", Presence::Optional}}),
        "", Presence::Optional},
       {"label", Shape::object("OidcLabel", {{"zh", Shape::text(60, 1), ""}, {"en", Shape::text(60, 1), ""}}),
        "", Presence::Optional},
       {"ca_file", Shape::text(500), "", Presence::Optional}});
  shape.check(read.value, "body", out.diagnostics);
  for (diagnostic::Diagnostic& one : out.diagnostics) one.place.file = file;
  if (!out.diagnostics.empty()) return out;
  OidcSettings settings;
  const auto take = [&](const char* name, std::string& into) {
    if (read.value.find(name) != nullptr) into = read.value.text_of(name);
  };
  take("issuer", settings.issuer);
  take("client_id", settings.client);
  take("client_secret", settings.secret);
  take("address", settings.address);
  take("scope", settings.scope);
  take("account_claim", settings.claim);
  take("ca_file", settings.ca_file);
  while (!settings.address.empty() && settings.address.back() == '/') settings.address.pop_back();
  if (const Json* factor = read.value.find("second_factor")) {
    settings.second_factor_acr = texts_in(factor->find("acr"));
    settings.second_factor_amr = texts_in(factor->find("amr"));
  }
  if (const Json* label = read.value.find("label"))
    settings.label = {label->text_of("zh"), label->text_of("en")};
  for (const auto& [name, written] : {std::pair<const char*, const std::string&>("issuer", settings.issuer),
                                      {"address", settings.address}}) {
    const WebAddress at = read_web_address(written);
    if (at.host.empty() || (!at.is_secure && !at.is_here()))
      tell_setting(
          out.diagnostics, file, name,
          {"“" + written + "”不是可用的 https 地址。", "“" + written + "” is no address over HTTPS."},
          {"写成 https://…；http:// 只限本机。", "Write https://…; http:// is for this machine alone."});
  }
  const auto scopes = text::split(settings.scope, ' ');
  if (std::find(scopes.begin(), scopes.end(), "openid") == scopes.end())
    tell_setting(out.diagnostics, file, "scope", {"范围里没有 openid。", "openid is not among the scopes."},
                 {"加上 openid。", "Add openid."});
  if (!settings.ca_file.empty() && !std::filesystem::exists(settings.ca_file, none))
    tell_setting(out.diagnostics, file, "ca_file",
                 {"没有“" + settings.ca_file + "”这个文件。", "There is no file “" + settings.ca_file + "”."},
                 {"写 PEM 证书文件的完整路径。", "Write the whole path of a PEM file."});
  if (out.diagnostics.empty()) out.settings = std::move(settings);
  return out;
}

Oidc::Oidc(Identity& identity, OidcSettings settings) : identity_(identity), settings_(std::move(settings)) {
  identity_.show_at_the_door(settings_.label);
}

std::string Oidc::cookie_name() const {
  return identity_.options().is_secure ? "__Host-tenglong_oidc" : "tenglong_oidc";
}
std::string Oidc::cookie_line(const std::string& value) const {
  return cookie_name() + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" +
         (identity_.options().is_secure ? "; Secure" : "") +
         "; Max-Age=" + std::to_string(value.empty() ? 0 : kLongest);
}
std::string Oidc::callback() const { return settings_.address + "/api/session/oidc/callback"; }

Oidc::Provider Oidc::provider() const {
  std::string where = settings_.issuer;
  if (where.back() == '/') where.pop_back();
  const Fetched got =
      fetch({.url = where + "/.well-known/openid-configuration", .ca_file = settings_.ca_file});
  const ReadJson read = read_json(got.body);
  if (got.status != 200 || !read.diagnostics.empty())
    throw FetchFailed("the provider does not describe itself");
  if (read.value.text_of("issuer") != settings_.issuer)
    throw FetchFailed("the provider calls itself " + read.value.text_of("issuer"));
  Provider out{read.value.text_of("authorization_endpoint"), read.value.text_of("token_endpoint"),
               read.value.text_of("jwks_uri")};
  for (const std::string& each : {out.authorization, out.token, out.keys}) {
    const WebAddress at = read_web_address(each);
    if (at.host.empty() || (!at.is_secure && !at.is_here()))
      throw FetchFailed("the provider names an address that is none: " + each);
  }
  return out;
}

std::optional<Answer> Oidc::too_many_talks() {
  const std::lock_guard lock(mutex_);
  if (talks_ < kMostTalks) {
    ++talks_;
    return std::nullopt;
  }
  Answer out = problem(503, "E-SERVER-108",
                       {"眼下请求太多，没有受理。", "Too many requests at once; this was not taken."},
                       {"过一两秒再试。", "Try again in a second or two."});
  out.headers.push_back({"Retry-After", "2"});
  return out;
}

void Oidc::end_talk() {
  const std::lock_guard lock(mutex_);
  --talks_;
}

Answer Oidc::begin(const Request&) {
  if (auto busy = too_many_talks()) return *busy;
  const Talk talk([this] { end_talk(); });
  const Provider at = provider();
  const std::string state = random_token(), browser = random_token();
  Begun begun{.browser = hash_of_token(browser),
              .nonce = random_token(),
              .verifier = random_token(),
              .at = identity_.now()};
  std::string where = at.authorization;
  where += where.find('?') == std::string::npos ? '?' : '&';
  where += "response_type=code&client_id=" + url_encoded(settings_.client) +
           "&redirect_uri=" + url_encoded(callback()) + "&scope=" + url_encoded(settings_.scope) +
           "&state=" + state + "&nonce=" + begun.nonce +
           "&code_challenge=" + to_base64url(sha256(begun.verifier)) + "&code_challenge_method=S256";
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(begun_, [&](const auto& one) { return begun.at - one.second.at > kLongest; });
    while (begun_.size() >= kMostBegun)
      begun_.erase(std::min_element(begun_.begin(), begun_.end(),
                                    [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
    begun_[hash_of_token(state)] = std::move(begun);
  }
  Answer out = sent_to(where);
  out.headers.push_back({"Set-Cookie", cookie_line(browser)});
  return out;
}

std::string Oidc::id_token(const Provider& provider, const std::string& code,
                           const std::string& verifier) const {
  Fetch asked{.url = provider.token, .ca_file = settings_.ca_file};
  asked.form = "grant_type=authorization_code&code=" + url_encoded(code) +
               "&redirect_uri=" + url_encoded(callback()) + "&code_verifier=" + url_encoded(verifier) +
               "&client_id=" + url_encoded(settings_.client);
  if (!settings_.secret.empty()) asked.form += "&client_secret=" + url_encoded(settings_.secret);
  const Fetched got = fetch(asked);
  const ReadJson read = read_json(got.body);
  if (got.status != 200 || !read.diagnostics.empty())
    throw FetchFailed("the provider gives no token: " + std::to_string(got.status));
  return read.value.text_of("id_token");
}

std::string Oidc::wrong_in(const Json& claims, const Begun& begun) const {
  if (claims.text_of("iss") != settings_.issuer) return "issuer " + claims.text_of("iss");
  const auto audience = texts_in(claims.find("aud"));
  if (std::find(audience.begin(), audience.end(), settings_.client) == audience.end()) return "audience";
  const std::string for_whom = claims.text_of("azp");
  if ((audience.size() > 1 || !for_whom.empty()) && for_whom != settings_.client) return "azp " + for_whom;
  const std::int64_t now = identity_.now();
  const auto ends = seconds_in(claims, "exp"), issued = seconds_in(claims, "iat");
  if (!ends || *ends + kClocksApart < now) return "it has ended";
  if (!issued || *issued > now + kClocksApart || *issued + kLongest + kClocksApart < now)
    return "it was not issued now";
  if (const auto from = seconds_in(claims, "nbf"); from && *from > now + kClocksApart) return "not yet";
  if (claims.text_of("nonce") != begun.nonce) return "nonce";
  if (claims.text_of("sub").empty()) return "no subject";
  // A mail address that the provider has not proved is anybody's.
  if (settings_.claim == "email") {
    const Json* proved = claims.find("email_verified");
    if (proved == nullptr || proved->kind != Json::Kind::Boolean || !proved->boolean)
      return "the mail address is not verified";
  }
  return {};
}

bool Oidc::has_second_factor(const Json& claims) const {
  return shares_one(settings_.second_factor_acr, {claims.text_of("acr")}) ||
         shares_one(settings_.second_factor_amr, texts_in(claims.find("amr")));
}

// Whatever is wrong, the answer is one and the same; the log knows why.
Answer Oidc::end(const Call& call) {
  const auto refused = [&](const std::string& why) {
    std::fprintf(stderr, "%s sign-in through the provider: %s\n", call.request.number.c_str(), why.c_str());
    Answer out = sent_to("/sign-in?refused=oidc&request=" + url_encoded(call.request.number));
    out.headers.push_back({"Set-Cookie", cookie_line("")});
    out.code = "E-SERVER-313";
    return out;
  };
  if (auto busy = too_many_talks()) return *busy;
  const Talk talk([this] { end_talk(); });
  std::optional<Begun> begun;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = begun_.find(hash_of_token(call.query_or("state", ""))); found != begun_.end()) {
      begun = std::move(found->second);
      begun_.erase(found);
    }
  }
  const std::string browser(call.request.cookie(cookie_name()));
  if (!begun) return refused("nothing was begun with this state");
  if (identity_.now() - begun->at > kLongest) return refused("it took too long");
  if (browser.empty() || hash_of_token(browser) != begun->browser) return refused("begun in another browser");
  if (const std::string iss = call.query_or("iss", settings_.issuer); iss != settings_.issuer)
    return refused("it comes from " + iss);
  if (!call.query_or("error", "").empty()) return refused("the provider says " + call.query_or("error", ""));
  std::string account;
  bool has_factor = false;
  try {
    const Provider at = provider();
    const std::string token = id_token(at, call.query_or("code", ""), begun->verifier);
    const Fetched keys = fetch({.url = at.keys, .ca_file = settings_.ca_file});
    const ReadJson key_set = read_json(keys.body);
    if (keys.status != 200 || !key_set.diagnostics.empty()) return refused("the provider shows no keys");
    const VerifiedToken verified = verify_token(token, key_set.value);
    if (!verified.claims) return refused(verified.why);
    if (const std::string wrong = wrong_in(*verified.claims, *begun); !wrong.empty()) return refused(wrong);
    account = verified.claims->text_of(settings_.claim);
    has_factor = has_second_factor(*verified.claims);
  } catch (const FetchFailed& failed) {
    return refused(failed.what());
  }
  if (account.empty()) return refused("it names no account in " + settings_.claim);
  const SignedIn signed_in = identity_.admit(
      account, has_factor ? SecondFactor::Shown : SecondFactor::NotShown, call.request.number);
  if (signed_in.refused) return refused("no way in for the account " + account);
  Answer out = sent_to("/");
  out.headers.push_back({"Set-Cookie", identity_.cookie_line(signed_in.token)});
  out.headers.push_back({"Set-Cookie", cookie_line("")});
  return out;
}

std::vector<Route> oidc_routes(std::shared_ptr<Oidc> oidc) {
  std::vector<Route> out;
  out.push_back({Method::Get,
                 "/api/session/oidc",
                 "begin_oidc",
                 Summary("去统一身份认证登录", "Go and sign in at the identity provider"),
                 Right::everyone(),
                 Repeat::Reads,
                 Runs::OnWorker,
                 {},
                 Input::none(),
                 Output::elsewhere(),
                 [oidc](const Call& call) {
                   if (oidc == nullptr) return not_there();
                   try {
                     return oidc->begin(call.request);
                   } catch (const FetchFailed& failed) {
                     std::fprintf(stderr, "%s %s\n", call.request.number.c_str(), failed.what());
                     return problem(502, "E-SERVER-314",
                                    {"统一身份认证没有应答。", "The identity provider does not answer."},
                                    {"稍后再试，或用账号和口令登录。",
                                     "Try again later, or sign in with account and password."});
                   }
                 }});
  std::vector<Parameter> parameters;
  // Whatever providers are known to send along; what is not read here says nothing.
  for (const char* name : {"code", "state", "iss", "error", "error_description", "error_uri", "session_state",
                           "scope", "authuser", "prompt", "hd"})
    parameters.push_back({name, Shape::text(4000), "as the provider sends it"});
  out.push_back({Method::Get, "/api/session/oidc/callback", "end_oidc",
                 Summary("从统一身份认证回来", "Back from the identity provider"), Right::everyone(),
                 Repeat::Reads, Runs::OnWorker, std::move(parameters), Input::none(), Output::elsewhere(),
                 [oidc](const Call& call) { return oidc == nullptr ? not_there() : oidc->end(call); }});
  return out;
}

}  // namespace tenglong::server
