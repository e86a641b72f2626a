#include "campaign/access/accounts.h"

#include <algorithm>

namespace tenglong::access {

Scope scope_of(const Policy& policy, const AccountStore& store, std::string_view id, calendar::Date today,
               diagnostic::Diagnostics& diagnostics) {
  const std::optional<KeptAccount> account = store.account(id);
  if (account && !account->is_disabled)
    return policy.scope_of(*account, store.consents(), today, &diagnostics);
  diagnostics.push_back(
      {.code = "E-ACCESS-204",
       .message = {account ? "账号“" + std::string(id) + "”已停用。" : "没有账号“" + std::string(id) + "”。",
                   account ? "The account “" + std::string(id) + "” is disabled."
                           : "There is no account “" + std::string(id) + "”."},
       .advice = {"用 tenglong accounts show 查账号；停用的由系统管理员恢复。",
                  "See tenglong accounts show; an administrator can enable it again."}});
  return policy.scope_of({.id = std::string(id)}, {}, today);
}

void check_changes(const Scope& scope, const std::vector<KeptAccount>& before,
                   const std::vector<KeptAccount>& after, diagnostic::Diagnostics& diagnostics) {
  const auto refuse = [&](const KeptAccount& account, const Answer& answer, const char* zh, const char* en) {
    diagnostics.push_back({.code = "E-ACCESS-203",
                           .message = {"账号“" + account.id + "”：" + scope.refusal(answer).zh,
                                       "Account “" + account.id + "”: " + scope.refusal(answer).en},
                           .advice = {zh, en}});
  };
  const Answer manage = scope.may(Operation::ManageAccount, {}), grant = scope.may(Operation::GrantRole, {});
  for (const KeptAccount& account : after) {
    const auto found = std::find_if(before.begin(), before.end(),
                                    [&](const KeptAccount& each) { return each.id == account.id; });
    const bool is_new = found == before.end();
    if (!is_new && *found == account) continue;
    const std::vector<std::string> roles_before = is_new ? std::vector<std::string>{} : found->roles;
    KeptAccount with_roles_before = account;
    with_roles_before.roles = roles_before;
    const bool changes_account = is_new || !(*found == with_roles_before);
    if (changes_account && !manage.allowed)
      refuse(account, manage, "账号由有“管账号”的人建立和修改。", "Whoever may manage accounts can do it.");
    if (account.roles != roles_before && !grant.allowed)
      refuse(account, grant, "先不写角色；角色由有“授予角色”的另一个人授予。",
             "Leave the roles out; another who may grant roles grants them.");
  }
}

}  // namespace tenglong::access
