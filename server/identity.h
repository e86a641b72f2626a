// Who is at it: accounts with passwords and second factors, sessions, and what each may do.
//
// In:    requests with a session's cookie; names and passwords at the door. Out: callers with their scope.
// Order: a change of an account's roles, or its end, ends its sessions at once.
// Never: says which of name and password was wrong; keeps a token as it is; waits for the disk to know a
// caller.
#pragma once
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "campaign/access/accounts.h"
#include "server/district.h"
#include "server/inside/write.h"
#include "server/service.h"
#include "store/credentials.h"

namespace tenglong::server {

struct IdentityOptions {
  bool is_secure = false;            // TLS: the cookie is __Host-, Secure
  bool second_factor_wanted = true;  // of every account that is not outside; the sample district asks none
  std::int64_t idle_seconds = 30 * 60;
  std::int64_t longest_seconds = 12 * 3600;
  std::function<std::int64_t()> clock = {};  // seconds; empty: the machine's
};

struct SignIn {
  std::string account = {}, password = {}, code = {}, peer = {};
};
struct SignedIn {
  std::string token = {};  // empty: refused
  std::optional<Answer> refused = {};
};

enum class SecondFactor { Shown, NotShown };

class Identity final : public Callers {
 public:
  Identity(District& district, IdentityOptions options);
  ~Identity() override;

  std::shared_ptr<const Caller> caller(const Request& request) override;
  std::string forgery_word(const Request& request) override;
  std::string cookie_name() const;
  std::string cookie_line(const std::string& token) const;  // Set-Cookie; an empty token takes it away
  SessionState state_of(const Request& request, const Caller& caller) const;

  bool needs_set_up() const;
  SignedIn sign_in(const SignIn& asked, const std::string& request_number);
  // One who is known from elsewhere (OIDC): a session without password.
  // Where the second factor was not shown there, one is still due here.
  SignedIn admit(const std::string& account, SecondFactor factor, const std::string& request_number);
  // Another way in, by its name, for the page of the door.
  void show_at_the_door(text::Words way);
  void sign_out(const Request& request);
  // The secret of a new second factor, kept until its first code comes; that code makes it count and gives
  // the recovery codes. An empty list: the code is wrong.
  std::string new_second_factor(const Caller& caller);
  std::vector<std::string> confirm_second_factor(const Caller& caller, const std::string& code,
                                                 const std::string& request_number);
  // Other sessions end. Nothing: done.
  std::optional<Answer> change_password(const Caller& caller, const std::string& old_password,
                                        const std::string& password, const std::string& request_number);
  void end_all(const std::string& account);
  // Looks at the accounts again; ends the sessions of those whose rights changed. Runs every second by
  // itself, for changes that another program makes.
  void refresh();

  District& district() { return district_; }
  const IdentityOptions& options() const { return options_; }
  std::int64_t now() const;
  bool wants_second_factor(const access::Account& account) const;
  std::unique_ptr<store::Store> vault(trail::Author author) const;

 private:
  struct Known {
    access::KeptAccount account;
    access::Scope scope;
    calendar::Date on;
  };
  struct Live {
    std::string account;
    std::int64_t made_at = 0, seen_at = 0;
    bool is_complete = false, password_due = false;
    std::string secret = {};                    // of a second factor that is being made
    std::shared_ptr<const Caller> caller = {};  // as known at `caller_of`
    std::int64_t caller_of = -1;
  };
  struct Failures {
    int count = 0;
    std::int64_t until = 0;  // nothing is looked at before
  };
  std::string token_of(const Request& request) const;
  std::int64_t waits(const std::string& who);
  void failed(const std::string& who);
  SignedIn begin(const std::string& account, bool is_complete, bool password_due,
                 const std::string& request_number);

  District& district_;
  IdentityOptions options_;
  mutable std::mutex mutex_;
  std::map<std::string, Known> known_;
  std::int64_t known_at_ = 0;                      // grows when known_ changes
  std::map<std::string, Live, std::less<>> live_;  // by hashed token
  std::map<std::string, Failures> failures_;       // by account and by address
  std::string consents_mark_;
  std::optional<text::Words> other_way_;
  std::condition_variable ending_changed_;
  bool ending_ = false;
  std::thread watcher_;
};

// Accounts for trying the sample district, one a role, all with one password that no other district takes.
inline constexpr const char* kSamplePassword = "sample-district-2021";
struct SampleAccount {
  std::string id, role;
};
// Made where there are no accounts yet; those whose password is still that of the sample.
std::vector<SampleAccount> sample_accounts(District& district);

std::vector<Route> session_routes(Identity& identity);
std::vector<Route> account_routes(Identity& identity);

}  // namespace tenglong::server
