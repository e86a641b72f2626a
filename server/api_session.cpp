#include <algorithm>

#include "server/identity.h"
#include "server/inside/write.h"
#include "server/passwords.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;

Answer answer_with(Identity& identity, const Call& call, const SignedIn& signed_in) {
  if (signed_in.refused) return *signed_in.refused;
  // The answer is for the new session: read as its own page would.
  Request as_new = call.request;
  std::erase_if(as_new.headers, [](const Header& header) { return header.name == "cookie"; });
  as_new.headers.push_back({"cookie", identity.cookie_name() + "=" + signed_in.token});
  const std::shared_ptr<const Caller> known = identity.caller(as_new);
  const Caller& caller = *known;
  Answer out = session_answer(identity.district(), caller, identity.state_of(as_new, caller));
  out.headers.push_back({"Set-Cookie", identity.cookie_line(signed_in.token)});
  return out;
}

std::vector<std::string> texts_of(const Json& body, const char* name) {
  std::vector<std::string> out;
  if (const Json* list = body.find(name))
    for (const Json& item : list->items) out.push_back(item.text);
  return out;
}

void tell_set_up(diagnostic::Diagnostics& told, const std::string& pointer, text::Words message,
                 text::Words advice = {}) {
  told.push_back({.code = "E-SERVER-310",
                  .place = {.file = "body", .cell = pointer},
                  .message = std::move(message),
                  .advice = std::move(advice)});
}

// The first run: three administrators, three people, each with one of the rights that must be apart.
Answer set_up(Identity& identity, const Call& call) {
  if (!identity.needs_set_up())
    return problem(409, "E-SERVER-310", {"已经有账号，不能再初始化。", "There are accounts already."},
                   {"登录后在“系统”里管理账号。", "Sign in and manage accounts there."});
  const bool is_local = (call.request.peer == "127.0.0.1" || call.request.peer == "::1") &&
                        call.request.header("x-forwarded-for").empty();
  if (!is_local)
    return problem(403, "E-SERVER-310",
                   {"初始化要在服务器本机上做。", "The first set-up is done on the server itself."},
                   {"在服务器上打开 127.0.0.1 的地址。", "Open the address of 127.0.0.1 there."});
  diagnostic::Diagnostics told;
  std::vector<access::KeptAccount> accounts;
  const Json& asked = *call.body.find("accounts");
  for (std::size_t i = 0; i < asked.items.size(); ++i) {
    access::KeptAccount account;
    account.id = asked.items[i].text_of("account");
    account.name = asked.items[i].text_of("name");
    account.roles = {asked.items[i].text_of("role")};
    for (diagnostic::Diagnostic& one :
         check_password(asked.items[i].text_of("password"), account.id, account.name)) {
      one.place.cell = "/accounts/" + std::to_string(i) + one.place.cell;
      told.push_back(std::move(one));
    }
    for (const access::KeptAccount& other : accounts)
      if (other.id == account.id)
        tell_set_up(told, "/accounts/" + std::to_string(i) + "/account",
                    {"这个账号写了两次。", "This account stands twice."});
    accounts.push_back(std::move(account));
  }
  for (const Operation needed : {Operation::ManageAccount, Operation::GrantRole, Operation::ReadTrail}) {
    std::size_t holders = 0;
    for (const access::KeptAccount& account : accounts)
      if (may_ever(identity.district().policy().scope_of(account, {}, identity.district().options().today()),
                   needed))
        ++holders;
    if (holders != 1)
      tell_set_up(told, "/accounts",
                  {std::string("要有而且只有一个人能“") + access::info(needed).zh + "”。",
                   std::string("Exactly one of them must be able to “") + access::info(needed).id + "”."},
                  {"三个账号分别是系统管理员、安全保密管理员、安全审计员。",
                   "The three are the system, the security and the audit administrator."});
  }
  if (!told.empty()) return problem(422, {"初始化的内容里有要改的。", "The set-up is to be mended."}, told);
  const auto store = identity.vault({.account = "set-up", .request = call.request.number});
  store->accounts().keep(accounts);
  for (std::size_t i = 0; i < accounts.size(); ++i)
    store->credentials().keep(
        {.account = accounts[i].id, .password = hash_password(asked.items[i].text_of("password"))},
        "change_password");
  identity.refresh();
  return {.status = 204};
}

void write_account(JsonWriter& out, Identity& identity, const access::KeptAccount& account) {
  const auto credential = identity.district().store().credentials().credential(account.id);
  out.begin_object()
      .member("account", account.id)
      .member("name", account.name)
      .member("unit", account.unit)
      .key("roles");
  write_list(out, account.roles);
  out.key("towns");
  write_list(out, {account.towns.begin(), account.towns.end()});
  out.key("firms");
  write_list(out, {account.firms.begin(), account.firms.end()});
  out.member("is_disabled", account.is_disabled)
      .member("has_password", credential && !credential->password.empty());
  out.member("has_second_factor", credential && !credential->second_factor.empty());
  out.member("reset_asked_by", credential ? credential->reset_asked_by : std::string());
  out.end_object();
}

std::string tag_of(Identity& identity, const access::KeptAccount& account) {
  JsonWriter out;
  write_account(out, identity, account);
  return "\"" + hash_of_token(out.text()).substr(0, 20) + "\"";
}

Answer account_answer(Identity& identity, const access::KeptAccount& account, int status) {
  JsonWriter out;
  write_account(out, identity, account);
  return {.status = status, .body = out.take(), .headers = {{"ETag", tag_of(identity, account)}}};
}

// What is new or changed goes through the rule that accounts are kept by one and roles granted by another.
Answer keep_account(Identity& identity, const Call& call, const std::optional<access::KeptAccount>& before,
                    access::KeptAccount after, int status) {
  diagnostic::Diagnostics told;
  access::check_changes(call.caller.scope, before ? std::vector{*before} : std::vector<access::KeptAccount>{},
                        {after}, told);
  identity.district().policy().scope_of(after, {}, identity.district().options().today(), &told);
  for (diagnostic::Diagnostic& one : told)
    if (one.place.file.empty()) one.place = {.file = "body", .cell = "/roles"};
  if (diagnostic::has_errors(told))
    return problem(403, {"这样改不行。", "It cannot be changed like this."}, told);
  const auto store = identity.vault(author_of(call));
  store->accounts().keep({after});
  identity.refresh();
  return account_answer(identity, after, status);
}

Answer change_account(Identity& identity, const Call& call) {
  const auto before = identity.district().store().accounts().account(call.path.at("account"));
  if (!before) return not_there();
  const std::string_view wanted = call.request.header("if-match");
  if (wanted.empty())
    return problem(428, "E-SERVER-403",
                   {"缺少 If-Match：不知道是在哪一版上改的。",
                    "If-Match is missing: which version was edited is not known."},
                   {"先读出账号，带上它的 ETag。", "Read the account and send its ETag."});
  if (wanted != tag_of(identity, *before)) {
    JsonWriter current;
    write_account(current, identity, *before);
    return conflict({"这个账号刚被别人改过。", "Somebody else has just changed this account."},
                    current.text(), call.request.body);
  }
  access::KeptAccount after = *before;
  const auto text = [&](const char* name, std::string& into) {
    if (call.body.find(name) != nullptr) into = call.body.text_of(name);
  };
  text("name", after.name);
  text("unit", after.unit);
  if (call.body.find("roles") != nullptr) after.roles = texts_of(call.body, "roles");
  const auto set = [&](const char* name, std::set<std::string>& into) {
    if (call.body.find(name) == nullptr) return;
    const auto list = texts_of(call.body, name);
    into = {list.begin(), list.end()};
  };
  set("towns", after.towns);
  set("firms", after.firms);
  if (const Json* disabled = call.body.find("is_disabled")) after.is_disabled = disabled->boolean;
  return keep_account(identity, call, before, std::move(after), 200);
}

Answer reset_second_factor(Identity& identity, const Call& call) {
  const std::string& id = call.path.at("account");
  const auto store = identity.vault(author_of(call));
  auto credential = store->credentials().credential(id);
  if (!credential || credential->second_factor.empty()) return not_there();
  JsonWriter out;
  if (id == call.caller.account.id)
    return problem(403, "E-SERVER-302",
                   {"自己的第二因素要由别人重设。", "Others must reset one's own second factor."},
                   {"请另外两名管理员办理。", "Ask two other administrators."});
  if (credential->reset_asked_by.empty() || credential->reset_asked_by == call.caller.account.id) {
    credential->reset_asked_by = call.caller.account.id;
    store->credentials().keep(*credential, "ask_second_factor_reset");
    out.begin_object().member("done", false).key("words");
    write_words(out, {"已记下，还要另一名管理员同意。", "Noted; a second administrator must agree."});
    out.end_object();
    return json(out);
  }
  credential->second_factor.clear();
  credential->recovery.clear();
  credential->last_step = 0;
  credential->reset_asked_by.clear();
  store->credentials().keep(*credential, "reset_second_factor");
  identity.end_all(id);
  out.begin_object().member("done", true).key("words");
  write_words(out, {"已重设，此人下次登录时重新绑定。", "Reset; a new one is made at the next sign-in."});
  out.end_object();
  return json(out);
}

Answer give_password(Identity& identity, const Call& call) {
  const auto account = identity.district().store().accounts().account(call.path.at("account"));
  if (!account) return not_there();
  const std::string password = call.body.text_of("password");
  if (const auto told = check_password(password, account->id, account->name); !told.empty())
    return problem(422, {"这个口令不能用。", "This password cannot be used."}, told);
  const auto store = identity.vault(author_of(call));
  auto credential =
      store->credentials().credential(account->id).value_or(store::Credential{.account = account->id});
  credential.password = hash_password(password);
  credential.must_change = true;
  store->credentials().keep(credential, "give_password");
  identity.end_all(account->id);
  return {.status = 204};
}

}  // namespace

std::vector<Route> session_routes(Identity& identity) {
  std::vector<Route> out;
  out.push_back({Method::Get,
                 "/api/session",
                 "get_session",
                 Summary("谁在用", "Who is signed in"),
                 Right::everyone(),
                 Repeat::Reads,
                 Runs::Here,
                 {},
                 Input::none(),
                 Output::json(session_shape()),
                 [&](const Call& call) {
                   return session_answer(identity.district(), call.caller,
                                         identity.state_of(call.request, call.caller));
                 }});
  out.push_back({Method::Post,
                 "/api/session",
                 "sign_in",
                 Summary("登录", "Sign in"),
                 Right::everyone(),
                 Repeat::Same,
                 Runs::OnWorker,
                 {},
                 Input::of(Shape::object("SignIn", {{"account", Shape::text(60, 1), ""},
                                                    {"password", Shape::text(400, 1), ""},
                                                    {"code", Shape::text(20), "one-time or recovery code",
                                                     Presence::Optional}}),
                           4096),
                 Output::json(session_shape()),
                 [&](const Call& call) {
                   return answer_with(identity, call,
                                      identity.sign_in({.account = call.body.text_of("account"),
                                                        .password = call.body.text_of("password"),
                                                        .code = call.body.text_of("code"),
                                                        .peer = call.request.peer},
                                                       call.request.number));
                 }});
  out.push_back({Method::Post,
                 "/api/session/end",
                 "sign_out",
                 Summary("退出", "Sign out"),
                 Right::at_the_door(),
                 Repeat::Same,
                 Runs::OnWorker,
                 {},
                 Input::none(),
                 Output::nothing(),
                 [&](const Call& call) {
                   identity.sign_out(call.request);
                   return Answer{.status = 204, .headers = {{"Set-Cookie", identity.cookie_line("")}}};
                 }});
  out.push_back({Method::Post,
                 "/api/session/password",
                 "change_password",
                 Summary("改自己的口令", "Change one's password"),
                 Right::at_the_door(),
                 Repeat::Same,
                 Runs::OnWorker,
                 {},
                 Input::of(Shape::object("PasswordChange", {{"old", Shape::text(400, 1), ""},
                                                            {"password", Shape::text(400, 1), ""}}),
                           4096),
                 Output::nothing(),
                 [&](const Call& call) {
                   const auto refused =
                       identity.change_password(call.caller, call.body.text_of("old"),
                                                call.body.text_of("password"), call.request.number);
                   return refused ? *refused : Answer{.status = 204};
                 }});
  out.push_back({Method::Post,
                 "/api/session/second-factor",
                 "new_second_factor",
                 Summary("绑定第二因素：取密钥", "A secret for an authenticator"),
                 Right::at_the_door(),
                 Repeat::Same,
                 Runs::OnWorker,
                 {},
                 Input::none(),
                 Output::json(Shape::object("SecondFactor", {{"secret", Shape::text(), "base32"},
                                                             {"uri", Shape::text(), "otpauth://"}})),
                 [&](const Call& call) {
                   const std::string secret = identity.new_second_factor(call.caller);
                   JsonWriter json_out;
                   json_out.begin_object()
                       .member("secret", secret)
                       .member("uri", authenticator_uri(secret, call.caller.account.id, "Tenglong"))
                       .end_object();
                   return json(json_out);
                 }});
  out.push_back(
      {Method::Post,
       "/api/session/second-factor/confirm",
       "confirm_second_factor",
       Summary("绑定第二因素：输入第一个码", "The first code makes it count"),
       Right::at_the_door(),
       Repeat::Same,
       Runs::OnWorker,
       {},
       Input::of(Shape::object("CodeConfirmation", {{"code", Shape::text(20, 1), ""}}), 1024),
       Output::json(Shape::object("RecoveryCodes", {{"codes", Shape::list(Shape::text()), "shown once"}})),
       [&](const Call& call) {
         const auto codes =
             identity.confirm_second_factor(call.caller, call.body.text_of("code"), call.request.number);
         if (codes.empty())
           return problem(
               422, "E-SERVER-307",
               {"验证码不对，或者已经绑定过。", "The code is wrong, or there is a second factor already."},
               {"看看设备的时间是否准确，再输入新的码。",
                "Check the clock of the device and enter a new code."});
         JsonWriter json_out;
         json_out.begin_object().key("codes");
         write_list(json_out, codes);
         json_out.end_object();
         return json(json_out);
       }});
  const Shape person = Shape::object("SetUpAccount", {{"account", Shape::text(60, 1), ""},
                                                      {"name", Shape::text(60, 1), ""},
                                                      {"role", Shape::text(60, 1), "id"},
                                                      {"password", Shape::text(400, 1), ""}});
  out.push_back({Method::Post,
                 "/api/set-up",
                 "set_up",
                 Summary("初始化：三员", "First run: the three administrators"),
                 Right::everyone(),
                 Repeat::Same,
                 Runs::OnWorker,
                 {},
                 Input::of(Shape::object("SetUp", {{"accounts", Shape::list(person, 3), ""}}), 16384),
                 Output::nothing(),
                 [&](const Call& call) { return set_up(identity, call); }});
  return out;
}

std::vector<Route> account_routes(Identity& identity) {
  const Right keepers = Right::any_of({Operation::ManageAccount, Operation::GrantRole});
  const Shape account =
      Shape::object("Account", {{"account", Shape::text(), ""},
                                {"name", Shape::text(), ""},
                                {"unit", Shape::text(), ""},
                                {"roles", Shape::list(Shape::text()), ""},
                                {"towns", Shape::list(Shape::text()), ""},
                                {"firms", Shape::list(Shape::text()), ""},
                                {"is_disabled", Shape::boolean(), ""},
                                {"has_password", Shape::boolean(), ""},
                                {"has_second_factor", Shape::boolean(), ""},
                                {"reset_asked_by", Shape::text(), "the first of two administrators"}});
  std::vector<Route> out;
  out.push_back(reading(
      "/api/accounts", "list_accounts", Summary("账号", "Accounts"), keepers, {},
      Shape::object("Accounts", {{"accounts", Shape::list(account), ""},
                                 {"roles", Shape::list(Shape::text()), "that the rights of the pack know"}}),
      [&](const Call&) {
        JsonWriter json_out;
        json_out.begin_object().key("accounts").begin_array();
        for (const access::KeptAccount& one : identity.district().store().accounts().accounts())
          write_account(json_out, identity, one);
        json_out.end_array().key("roles");
        write_list(json_out, identity.district().policy().roles());
        json_out.end_object();
        return json(json_out);
      }));
  out.push_back(reading("/api/accounts/{account}", "get_account", Summary("一个账号", "One account"), keepers,
                        {in_path("account", "id", 60)}, account, [&](const Call& call) {
                          const auto found =
                              identity.district().store().accounts().account(call.path.at("account"));
                          return found ? account_answer(identity, *found, 200) : not_there();
                        }));
  const std::vector<Member> changes = {
      {"name", Shape::text(60), "", Presence::Optional},
      {"unit", Shape::text(60), "", Presence::Optional},
      {"roles", Shape::list(Shape::text(60), 20), "by who grants roles", Presence::Optional},
      {"towns", Shape::list(Shape::text(20), 200), "", Presence::Optional},
      {"firms", Shape::list(Shape::text(40), 200), "", Presence::Optional},
      {"is_disabled", Shape::boolean(), "", Presence::Optional}};
  std::vector<Member> whole = changes;
  whole.push_back({"account", Shape::text(60, 1), "id"});
  out.push_back({Method::Post,
                 "/api/accounts",
                 "add_account",
                 Summary("新账号", "A new account"),
                 Operation::ManageAccount,
                 Repeat::Keyed,
                 Runs::OnWorker,
                 {},
                 Input::of(Shape::object("NewAccount", whole), 65536),
                 Output::json(account, 201),
                 [&](const Call& call) {
                   access::KeptAccount after;
                   after.id = call.body.text_of("account");
                   if (identity.district().store().accounts().account(after.id))
                     return problem(409, "E-SERVER-310", {"已经有这个账号。", "There is such an account."},
                                    {"换一个名字。", "Choose another name."});
                   after.name = call.body.text_of("name");
                   after.unit = call.body.text_of("unit");
                   after.roles = texts_of(call.body, "roles");
                   for (const std::string& one : texts_of(call.body, "towns")) after.towns.insert(one);
                   for (const std::string& one : texts_of(call.body, "firms")) after.firms.insert(one);
                   return keep_account(identity, call, std::nullopt, std::move(after), 201);
                 }});
  out.push_back({Method::Patch,
                 "/api/accounts/{account}",
                 "change_account",
                 Summary("改账号", "Change an account"),
                 keepers,
                 Repeat::Same,
                 Runs::OnWorker,
                 {in_path("account", "id", 60)},
                 Input::of(Shape::object("AccountChange", changes), 65536),
                 Output::json(account),
                 [&](const Call& call) { return change_account(identity, call); }});
  out.push_back({Method::Put,
                 "/api/accounts/{account}/password",
                 "give_password",
                 Summary("给一个临时口令", "A password to be changed at sign-in"),
                 Operation::ManageAccount,
                 Repeat::Same,
                 Runs::OnWorker,
                 {in_path("account", "id", 60)},
                 Input::of(Shape::object("GivenPassword", {{"password", Shape::text(400, 1), ""}}), 4096),
                 Output::nothing(),
                 [&](const Call& call) { return give_password(identity, call); }});
  out.push_back({Method::Post,
                 "/api/accounts/{account}/second-factor/reset",
                 "reset_second_factor",
                 Summary("重设第二因素，要两名管理员", "Reset a second factor: two administrators"),
                 keepers,
                 Repeat::Same,
                 Runs::OnWorker,
                 {in_path("account", "id", 60)},
                 Input::none(),
                 Output::json(Shape::object("ResetStep",
                                            {{"done", Shape::boolean(), ""}, {"words", words_shape(), ""}})),
                 [&](const Call& call) { return reset_second_factor(identity, call); }});
  return out;
}

}  // namespace tenglong::server
