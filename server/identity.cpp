#include "server/identity.h"

#include <algorithm>
#include <chrono>

#include "engine/fingerprint/fingerprint.h"
#include "server/passwords.h"

namespace tenglong::server {

namespace {

constexpr const char* kCookie = "tenglong_session";

std::string consents_mark(const std::vector<access::Consent>& consents) {
  fingerprint::Digest digest;
  for (const access::Consent& one : consents) {
    digest.field(one.firm).field(one.unit).field(one.from.to_string());
    digest.field(one.to ? one.to->to_string() : "").field(one.withdrawn ? one.withdrawn->to_string() : "");
  }
  return digest.hex();
}

Answer wrong_word() {
  return problem(
      401, "E-SERVER-307",
      {"账号或口令不对，或者还要验证码。", "The account or password is wrong, or a code is needed."},
      {"核对后再试；忘记口令由系统管理员重设。",
       "Check and try again; an administrator can reset a forgotten password."});
}

}  // namespace

Identity::Identity(District& district, IdentityOptions options)
    : district_(district), options_(std::move(options)) {
  refresh();
  for (const store::Session& one : district_.store().credentials().sessions())
    live_[one.token] = {
        .account = one.account, .made_at = one.made_at, .seen_at = now(), .is_complete = one.is_complete};
  watcher_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!ending_changed_.wait_for(lock, std::chrono::seconds(1), [&] { return ending_; })) {
      lock.unlock();
      try {
        refresh();
      } catch (const std::exception&) {
        // The store is away for a moment; what is known holds until it is back.
      }
      lock.lock();
    }
  });
}

Identity::~Identity() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ending_changed_.notify_all();
  watcher_.join();
}

std::int64_t Identity::now() const {
  if (options_.clock) return options_.clock();
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool Identity::wants_second_factor(const access::Account& account) const {
  if (!options_.second_factor_wanted) return false;
  const access::Scope scope = district_.policy().scope_of(account, {}, district_.options().today());
  return !scope.is_outside();
}

void Identity::refresh() {
  const std::vector<access::KeptAccount> accounts = district_.store().accounts().accounts();
  const std::vector<access::Consent> consents = district_.store().accounts().consents();
  const calendar::Date today = district_.options().today();
  const std::string mark = consents_mark(consents);
  std::vector<std::string> changed;
  {
    const std::lock_guard lock(mutex_);
    std::map<std::string, Known> next;
    for (const access::KeptAccount& account : accounts) {
      if (account.is_disabled) continue;
      const auto before = known_.find(account.id);
      if (before != known_.end() && before->second.account == account && before->second.on == today &&
          mark == consents_mark_) {
        next.insert(*before);
        continue;
      }
      // Another name or unit is the same person; other rights are not.
      if (before != known_.end() &&
          (before->second.account.roles != account.roles || before->second.account.towns != account.towns ||
           before->second.account.firms != account.firms || before->second.account.unit != account.unit))
        changed.push_back(account.id);
      next[account.id] = {account, district_.policy().scope_of(account, consents, today), today};
    }
    for (const auto& [id, known] : known_)
      if (!next.contains(id)) changed.push_back(id);
    known_ = std::move(next);
    ++known_at_;
    consents_mark_ = mark;
    const std::int64_t at = now();
    std::erase_if(live_, [&](const auto& one) {
      return std::find(changed.begin(), changed.end(), one.second.account) != changed.end() ||
             at - one.second.made_at > options_.longest_seconds ||
             at - one.second.seen_at > options_.idle_seconds;
    });
    std::erase_if(failures_, [&](const auto& one) { return one.second.until + 3600 < at; });
  }
  for (const std::string& id : changed) district_.store().credentials().end_all(id);
}

// Passwords and sessions are within no account's scope: the door itself works on them, under the name of who
// did it.
std::unique_ptr<store::Store> Identity::vault(trail::Author author) const {
  access::Scope scope = access::Scope::whole_district(author.account);
  return district_.store().as(std::move(author), std::move(scope));
}

std::string Identity::cookie_name() const {
  return options_.is_secure ? std::string("__Host-") + kCookie : kCookie;
}

std::string Identity::cookie_line(const std::string& token) const {
  return cookie_name() + "=" + token + "; Path=/; HttpOnly; SameSite=Lax" +
         (options_.is_secure ? "; Secure" : "") + (token.empty() ? "; Max-Age=0" : "");
}

std::string Identity::token_of(const Request& request) const {
  return std::string(request.cookie(cookie_name()));
}

std::shared_ptr<const Caller> Identity::caller(const Request& request) {
  static const auto nobody = std::make_shared<const Caller>();
  const std::string token = token_of(request);
  if (token.empty()) return nobody;
  const std::string hashed = hash_of_token(token);
  const std::int64_t at = now();
  const std::lock_guard lock(mutex_);
  const auto live = live_.find(hashed);
  if (live == live_.end()) return nobody;
  Live& session = live->second;
  if (at - session.made_at > options_.longest_seconds || at - session.seen_at > options_.idle_seconds)
    return nobody;
  const auto known = known_.find(session.account);
  if (known == known_.end()) return nobody;
  session.seen_at = at;
  if (session.caller_of == known_at_ && session.caller->is_complete == session.is_complete)
    return session.caller;
  Caller out;
  out.is_signed_in = true;
  out.session = hashed;
  out.account = known->second.account;
  // Without the second factor somebody may make one, and nothing else.
  out.is_complete = session.is_complete;
  if (session.is_complete) out.scope = known->second.scope;
  session.caller = std::make_shared<const Caller>(std::move(out));
  session.caller_of = known_at_;
  return session.caller;
}

std::string Identity::forgery_word(const Request& request) {
  const std::string token = token_of(request);
  if (token.empty()) return {};
  {
    const std::lock_guard lock(mutex_);
    if (!live_.contains(hash_of_token(token))) return {};
  }
  return fingerprint::of_bytes("forgery " + token).substr(0, 40);
}

SessionState Identity::state_of(const Request& request, const Caller& caller) const {
  SessionState out;
  out.needs_set_up = needs_set_up();
  {
    const std::lock_guard lock(mutex_);
    out.other_way = other_way_;
  }
  if (!caller.is_signed_in) return out;
  const std::string token = token_of(request);
  out.csrf_token = fingerprint::of_bytes("forgery " + token).substr(0, 40);
  const std::lock_guard lock(mutex_);
  if (const auto known = known_.find(caller.account.id); known != known_.end())
    out.name = known->second.account.name;
  if (const auto live = live_.find(hash_of_token(token)); live != live_.end()) {
    out.password_due = live->second.password_due;
    out.second_factor_due = !live->second.is_complete && !live->second.password_due;
  }
  return out;
}

bool Identity::needs_set_up() const {
  const std::lock_guard lock(mutex_);
  return known_.empty();
}

// Each failure in a row doubles the wait, from the third on, up to a quarter of an hour.
std::int64_t Identity::waits(const std::string& who) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(who);
  return found == failures_.end() ? 0 : std::max<std::int64_t>(0, found->second.until - now());
}

void Identity::failed(const std::string& who) {
  const std::lock_guard lock(mutex_);
  constexpr std::size_t kMostKept = 100000;
  if (failures_.size() >= kMostKept) failures_.clear();
  Failures& one = failures_[who];
  ++one.count;
  // A whole office may come from one address.
  const int free = who.rfind("peer ", 0) == 0 ? 30 : 3;
  one.until = now();
  if (one.count >= free)
    one.until += std::min<std::int64_t>(900, std::int64_t{1} << std::min(one.count - free, 10));
}

SignedIn Identity::begin(const std::string& account, bool is_complete, bool password_due,
                         const std::string& request_number) {
  SignedIn out;
  out.token = random_token();
  const store::Session session{
      .token = hash_of_token(out.token), .account = account, .made_at = now(), .is_complete = is_complete};
  vault({.account = account, .request = request_number})->credentials().begin(session);
  const std::lock_guard lock(mutex_);
  live_[session.token] = {.account = account,
                          .made_at = session.made_at,
                          .seen_at = session.made_at,
                          .is_complete = is_complete,
                          .password_due = password_due};
  failures_.erase("account " + account);
  return out;
}

SignedIn Identity::sign_in(const SignIn& asked, const std::string& request_number) {
  SignedIn out;
  const std::string by_account = "account " + asked.account, by_peer = "peer " + asked.peer;
  if (const std::int64_t wait = std::max(waits(by_account), waits(by_peer)); wait > 0) {
    Answer refused = problem(429, "E-SERVER-309",
                             {"试错次数太多，请过 " + std::to_string(wait) + " 秒再试。",
                              "Too many attempts; try again in " + std::to_string(wait) + " seconds."});
    refused.headers.push_back({"Retry-After", std::to_string(wait)});
    out.refused = std::move(refused);
    return out;
  }
  refresh();
  std::optional<access::KeptAccount> account;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(asked.account); found != known_.end()) account = found->second.account;
  }
  std::optional<store::Credential> credential;
  if (account) credential = district_.store().credentials().credential(asked.account);
  bool is_right = false;
  if (credential && !credential->password.empty())
    is_right = is_password(credential->password, asked.password);
  else
    spend_as_much(asked.password);
  bool is_complete = true;
  if (is_right && !credential->second_factor.empty()) {
    const auto step = step_of_code(credential->second_factor, asked.code, now(), credential->last_step);
    const auto recovery =
        std::find(credential->recovery.begin(), credential->recovery.end(), hash_of_token(asked.code));
    if (step) {
      credential->last_step = *step;
      vault({.account = asked.account, .request = request_number})
          ->credentials()
          .keep(*credential, "use_code");
    } else if (!asked.code.empty() && recovery != credential->recovery.end()) {
      credential->recovery.erase(recovery);
      vault({.account = asked.account, .request = request_number})
          ->credentials()
          .keep(*credential, "use_recovery_code");
    } else {
      is_right = false;
    }
  } else if (is_right && wants_second_factor(*account)) {
    is_complete = false;
  }
  if (!is_right) {
    failed(by_account);
    failed(by_peer);
    out.refused = wrong_word();
    return out;
  }
  return begin(asked.account, is_complete && !credential->must_change, credential->must_change,
               request_number);
}

SignedIn Identity::admit(const std::string& account, SecondFactor factor, const std::string& request_number) {
  refresh();
  std::optional<access::KeptAccount> known;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(account); found != known_.end()) known = found->second.account;
  }
  if (!known) return {.refused = wrong_word()};
  if (factor == SecondFactor::Shown || !wants_second_factor(*known))
    return begin(account, true, false, request_number);
  // Whoever has one here must show it here, with the password; whoever has none makes one now.
  const auto credential = district_.store().credentials().credential(account);
  if (credential && !credential->second_factor.empty()) return {.refused = wrong_word()};
  return begin(account, false, false, request_number);
}

void Identity::show_at_the_door(text::Words way) {
  const std::lock_guard lock(mutex_);
  other_way_ = std::move(way);
}

void Identity::sign_out(const Request& request) {
  const std::string hashed = hash_of_token(token_of(request));
  {
    const std::lock_guard lock(mutex_);
    live_.erase(hashed);
  }
  district_.store().credentials().end(hashed);
}

std::string Identity::new_second_factor(const Caller& caller) {
  const std::string secret = new_secret();
  const std::lock_guard lock(mutex_);
  if (const auto live = live_.find(caller.session); live != live_.end()) live->second.secret = secret;
  return secret;
}

std::vector<std::string> Identity::confirm_second_factor(const Caller& caller, const std::string& code,
                                                         const std::string& request_number) {
  std::string secret;
  {
    const std::lock_guard lock(mutex_);
    if (const auto live = live_.find(caller.session); live != live_.end()) secret = live->second.secret;
  }
  const auto step = step_of_code(secret, code, now(), 0);
  if (!step) return {};
  const auto store = vault({.account = caller.account.id, .request = request_number});
  auto credential = store->credentials()
                        .credential(caller.account.id)
                        .value_or(store::Credential{.account = caller.account.id});
  // One who has a second factor already shows it at the door; to replace it is for the administrators.
  if (!credential.second_factor.empty()) return {};
  const std::vector<std::string> codes = new_recovery_codes();
  credential.second_factor = secret;
  credential.last_step = *step;
  credential.recovery.clear();
  for (const std::string& one : codes) credential.recovery.push_back(hash_of_token(one));
  store->credentials().keep(credential, "set_second_factor");
  const std::lock_guard lock(mutex_);
  if (const auto live = live_.find(caller.session); live != live_.end()) {
    live->second.secret.clear();
    live->second.is_complete = !live->second.password_due;
  }
  return codes;
}

std::optional<Answer> Identity::change_password(const Caller& caller, const std::string& old_password,
                                                const std::string& password,
                                                const std::string& request_number) {
  const std::string by_account = "account " + caller.account.id;
  if (const std::int64_t wait = waits(by_account); wait > 0)
    return problem(429, "E-SERVER-309",
                   {"试错次数太多，请过 " + std::to_string(wait) + " 秒再试。",
                    "Too many attempts; try again in " + std::to_string(wait) + " seconds."});
  const auto store = vault({.account = caller.account.id, .request = request_number});
  auto credential = store->credentials().credential(caller.account.id);
  if (!credential || !is_password(credential->password, old_password)) {
    failed(by_account);
    return problem(401, "E-SERVER-307", {"原来的口令不对。", "The old password is wrong."});
  }
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(caller.account.id); known != known_.end())
      name = known->second.account.name;
  }
  diagnostic::Diagnostics told = check_password(password, caller.account.id, name);
  if (password == old_password)
    told.push_back({.code = "E-SERVER-308",
                    .place = {.file = "body", .cell = "/password"},
                    .message = {"新口令与原来的相同。", "The new password is the old one."}});
  if (!told.empty()) return problem(422, {"这个口令不能用。", "This password cannot be used."}, told);
  credential->password = hash_password(password);
  credential->must_change = false;
  store->credentials().keep(*credential, "change_password");
  const bool has_factor = !credential->second_factor.empty() || !wants_second_factor(caller.account);
  const std::lock_guard lock(mutex_);
  std::erase_if(live_, [&](const auto& one) {
    return one.second.account == caller.account.id && one.first != caller.session;
  });
  if (const auto live = live_.find(caller.session); live != live_.end()) {
    live->second.password_due = false;
    live->second.is_complete = has_factor;
  }
  return std::nullopt;
}

void Identity::end_all(const std::string& account) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(live_, [&](const auto& one) { return one.second.account == account; });
  }
  district_.store().credentials().end_all(account);
}

std::vector<SampleAccount> sample_accounts(District& district) {
  std::vector<SampleAccount> out;
  std::vector<access::KeptAccount> accounts;
  const pack::Pack& pack = district.pack();
  const auto edition = district.edition();
  std::map<std::string, int> providers;
  for (const schema::Register& target : pack.schema.registers)
    for (const schema::Field& field : target.fields)
      if (!field.provider.empty()) ++providers[field.provider];
  std::string provider;
  for (const auto& [name, count] : providers)
    if (provider.empty() || count > providers[provider]) provider = name;
  std::string firm, town;
  for (const result::SchemeResult& scheme : edition->result->schemes)
    for (const result::Outcome& outcome : scheme.outcomes)
      if (firm.empty() && outcome.standing == result::Standing::Rated) {
        firm = outcome.key;
        town = edition->naming().town(pack.scheme(scheme.scheme)->of, outcome.row);
      }
  for (const pack::Access& block : pack.access)
    for (const pack::AccessRole& role : block.roles) {
      access::KeptAccount account;
      account.id = role.id;
      account.name = "样例" + role.name;
      account.roles = {role.id};
      // What the relations of the rights need: each role has one of each, so that it sees what it may.
      account.unit = role.is_outside ? "样例外单位" : provider;
      if (!town.empty()) account.towns = {town};
      if (!firm.empty()) account.firms = {firm};
      accounts.push_back(account);
      out.push_back({role.id, role.name});
    }
  store::Store& store = district.store();
  // Those that somebody has changed stay as they are.
  if (!store.accounts().accounts().empty()) {
    std::erase_if(out, [&](const SampleAccount& one) {
      const auto credential = store.credentials().credential(one.id);
      return !credential || !is_password(credential->password, kSamplePassword);
    });
    return out;
  }
  store.accounts().keep(accounts);
  const std::string hash = hash_password(kSamplePassword);
  for (const access::KeptAccount& account : accounts)
    store.credentials().keep({.account = account.id, .password = hash}, "change_password");
  return out;
}

}  // namespace tenglong::server
