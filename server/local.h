// Who calls where nobody signs in: the operator of this machine, on this machine alone.
//
// Never: anybody from another address.
#pragma once
#include <vector>

#include "server/district.h"
#include "server/service.h"

namespace tenglong::server {

class LocalOperator final : public Callers {
 public:
  LocalOperator(const District& district, std::vector<std::string> roles);
  Caller caller(const Request& request) override;
  std::string forgery_word(const Request&) override { return {}; }

 private:
  Caller caller_;
};

}  // namespace tenglong::server
