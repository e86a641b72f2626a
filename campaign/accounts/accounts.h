// A workbook of accounts: who, of which unit, with which roles, for which towns and firms.
//
// In:    a table with the headers 账号 姓名 单位 角色 镇街 企业 停用, several names in a cell parted by 、.
// Out:   accounts in the order of the rows, or every mistake at its cell (E-ACCOUNT-1xx, E-ACCESS-202).
// Never: passwords; half a workbook.
#pragma once
#include <string>
#include <vector>

#include "campaign/access/accounts.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/schema/schema.h"

namespace tenglong::accounts {

struct Read {
  std::vector<access::KeptAccount> accounts = {};  // none if there is an error
  diagnostic::Diagnostics diagnostics = {};
};
Read read_accounts(const std::string& path, const access::Policy& policy, const schema::Schema& schema,
                   calendar::Date today);

// The empty sheet, or with the accounts that there are.
void write_accounts(const std::string& path, const access::Policy& policy,
                    const std::vector<access::KeptAccount>& accounts);

}  // namespace tenglong::accounts
