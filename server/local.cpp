#include "server/local.h"

namespace tenglong::server {

LocalOperator::LocalOperator(const District& district, std::vector<std::string> roles) {
  caller_.is_signed_in = true;
  caller_.account.id = "local";
  caller_.account.roles = std::move(roles);
  caller_.scope = district.policy().scope_of(caller_.account, {}, district.options().today());
}

Caller LocalOperator::caller(const Request& request) {
  return request.peer == "127.0.0.1" || request.peer == "::1" ? caller_ : Caller{};
}

}  // namespace tenglong::server
