// One record through the checks of its form, as one of many: said whether it was changed, and if not, why.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

enum class Keep { No, Yes };  // No: only asked whether it would be changed

struct WrittenRecord {
  enum class What { Changed, Same, Refused } what = What::Refused;
  std::int64_t receipt = 0;  // for 撤回; 0: nothing was written
  std::string from = {}, to = {};
  text::Words why = {}, cure = {};  // of what was refused
};

// The value of one field (body: values, reason), or the withdrawal of a receipt. Written, it is a statement
// and an event of its own; the district is not renewed.
WrittenRecord change_one(District& district, const Call& call, const schema::Register& of,
                         const std::string& key, const std::optional<calendar::Period>& period,
                         const std::string& what, Keep keep);
WrittenRecord undo_one(District& district, const Call& call, const schema::Register& of,
                       const std::string& key, const std::optional<calendar::Period>& period,
                       std::int64_t receipt, Keep keep);

// The keys that a list with this filter (where, q, town of the call) shows to the caller, in the order of the
// table; mistakes of the filter are told.
std::vector<std::string> listed_keys(const Edition& edition, const store::RecordStates& states,
                                     const Call& call, const schema::Register& target,
                                     const std::optional<calendar::Period>& period,
                                     diagnostic::Diagnostics& told);

}  // namespace tenglong::server
