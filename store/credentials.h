// What proves who somebody is: password hashes, second factors, sessions, and what was answered to keyed
// requests.
//
// In:    hashes only. Out: the same. Order: none.
// Never: a password, a session's token or a recovery code as it is typed.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenglong::store {

struct Credential {
  std::string account = {};
  std::string password = {};               // argon2id, with its salt and cost; empty: signs in elsewhere only
  std::string second_factor = {};          // secret of the one-time codes; empty: none yet
  std::int64_t last_step = 0;              // of a one-time code: the same code is not taken twice
  std::vector<std::string> recovery = {};  // hashes of those not used
  std::string reset_asked_by = {};         // the first of the two administrators that a reset needs
  bool must_change = false;                // the password was given by another
};

struct Session {
  std::string token = {};  // hashed
  std::string account = {};
  std::int64_t made_at = 0;  // seconds
  bool is_complete = false;  // the second factor too
};

struct KeptReply {
  std::string digest = {};  // of the request
  std::int64_t status = 0;
  std::string content_type = {}, body = {};
};

class Credentials {
 public:
  virtual ~Credentials() = default;
  virtual std::optional<Credential> credential(std::string_view account) const = 0;
  // `operation`: what the trail calls it: change_password, set_second_factor ...
  virtual void keep(const Credential& credential, std::string_view operation) = 0;
  virtual std::vector<Session> sessions() const = 0;
  virtual void begin(const Session& session) = 0;
  virtual void end(std::string_view token) = 0;
  // Of one account; how many there were.
  virtual int end_all(std::string_view account) = 0;
  // The first answer to a key stays; those older than a day go.
  virtual std::optional<KeptReply> reply(std::string_view account, std::string_view key) const = 0;
  virtual void keep_reply(std::string_view account, std::string_view key, const KeptReply& reply,
                          std::int64_t now) = 0;
};

}  // namespace tenglong::store
