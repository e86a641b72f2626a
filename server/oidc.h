// Signing in through an identity provider that people already have (OpenID Connect, authorization code with
// PKCE). Whoever has no phone shows a card or a key there, and needs no one-time code here.
//
// In:    a file of settings beside the district. Out: the address to go to; then, when the browser comes
// back, the local account that the provider speaks of, and whether a second factor was shown there. Order:
// nothing is asked of the provider before somebody signs in. Each beginning ends once, in ten minutes, in the
// browser it began in. Never: makes an account; believes a token whose signature, issuer, audience, time or
// nonce is not right; tells the one who asks which of them it was.
#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "server/identity.h"

namespace tenglong::server {

struct OidcSettings {
  std::string issuer = {};   // https://id.example.gov.cn/realms/district
  std::string client = {};   // as the provider knows this system
  std::string secret = {};   // empty: a client without one
  std::string address = {};  // under which people open this system: https://tenglong.example.gov.cn
  std::string scope = "openid profile";
  std::string claim = "preferred_username";  // that bears the local account's id
  // Values of `acr`, or of which one is in `amr`, that mean a second factor was shown.
  std::vector<std::string> second_factor_acr = {}, second_factor_amr = {};
  text::Words label = {"用统一身份认证登录", "Sign in through the identity provider"};
  std::string ca_file = {};  // PEM, of a provider whose certificate this machine does not know
};
struct ReadOidcSettings {
  std::optional<OidcSettings> settings = {};  // none: no file, or mistakes are told (E-SERVER-312)
  diagnostic::Diagnostics diagnostics = {};
};
// `<folder>/oidc.json`; see server/README.md.
ReadOidcSettings read_oidc_settings(const std::string& file);

class Oidc {
 public:
  Oidc(Identity& identity, OidcSettings settings);
  Answer begin(const Request& request);
  Answer end(const Call& call);
  const OidcSettings& settings() const { return settings_; }

 private:
  struct Begun {
    std::string browser = {};  // the hash of its cookie
    std::string nonce = {}, verifier = {};
    std::int64_t at = 0;
  };
  struct Provider {
    std::string authorization = {}, token = {}, keys = {};
  };
  Provider provider() const;  // asks it; throws FetchFailed
  std::string cookie_name() const;
  std::string cookie_line(const std::string& value) const;
  std::string callback() const;
  std::optional<Answer> too_many_talks();  // else one more is counted
  void end_talk();
  std::string id_token(const Provider& provider, const std::string& code, const std::string& verifier) const;
  // Why not; empty: it is right.
  std::string wrong_in(const Json& claims, const Begun& begun) const;
  bool has_second_factor(const Json& claims) const;

  Identity& identity_;
  OidcSettings settings_;
  std::mutex mutex_;
  std::map<std::string, Begun> begun_;  // by state
  int talks_ = 0;                       // with the provider: a slow one must not hold every worker
};

// Without settings the addresses answer that there is nothing.
std::vector<Route> oidc_routes(std::shared_ptr<Oidc> oidc);

}  // namespace tenglong::server
