// The row of one enterprise in the registers of results.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

struct EnterpriseRow {
  std::int32_t row = -1;  // -1: there is none in the period of the edition
  const column::Table* table = nullptr;
};
EnterpriseRow enterprise_row(const Edition& edition, const std::string& register_id, const std::string& key);
// Whether there is one and the caller may do this with it.
bool may_see(const Edition& edition, const Caller& caller, access::Operation operation, access::State state,
             const std::string& register_id, std::int32_t row);

}  // namespace tenglong::server
