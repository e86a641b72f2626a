// Accounts and consents as they are kept. Passwords and sessions are none of this.
//
// Order: accounts by id; consents as they were given. Never: half a workbook of accounts.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/access/access.h"

namespace tenglong::access {

struct KeptAccount : Account {
  std::string name = {};  // of the person, or of the desk
  bool is_disabled = false;
  friend bool operator==(const KeptAccount& a, const KeptAccount& b) {
    return a.id == b.id && a.unit == b.unit && a.roles == b.roles && a.towns == b.towns &&
           a.firms == b.firms && a.name == b.name && a.is_disabled == b.is_disabled;
  }
};

// store/ keeps it.
class AccountStore {
 public:
  virtual ~AccountStore() = default;
  virtual std::vector<KeptAccount> accounts() const = 0;
  virtual std::optional<KeptAccount> account(std::string_view id) const = 0;
  // All of them or none; an account of the same id is replaced.
  virtual void keep(const std::vector<KeptAccount>& accounts) = 0;
  virtual std::vector<Consent> consents() const = 0;
  virtual void give(const Consent& consent) = 0;
  // Ends every consent of the firm for the unit from this day on; how many it ended.
  virtual int withdraw(std::string_view firm, std::string_view unit, calendar::Date on) = 0;
};

// The scope of a kept account; one that is not there or disabled may do nothing (E-ACCESS-204).
Scope scope_of(const Policy& policy, const AccountStore& store, std::string_view id, calendar::Date today,
               diagnostic::Diagnostics& diagnostics);

// What who asks may not do with these changes: accounts are kept by one, roles granted by another (管账号,
// 授予角色). E-ACCESS-203, one a change.
void check_changes(const Scope& scope, const std::vector<KeptAccount>& before,
                   const std::vector<KeptAccount>& after, diagnostic::Diagnostics& diagnostics);

}  // namespace tenglong::access
