// Which rows of a register a body chooses: by key, by the filter of its list, by that of a ranking or a 清单.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

struct Chosen {
  std::vector<std::string> keys = {};  // in the order of the list; only what the caller may see there
  std::optional<Answer> refused = {};  // a filter that cannot be read, a list that is not there
};
Chosen chosen_rows(District& district, const Call& call, const Edition& edition, const schema::Register& of,
                   const std::optional<calendar::Period>& period);
// The members of such a body, after these.
std::vector<Member> chosen_with(std::vector<Member> own);

}  // namespace tenglong::server
