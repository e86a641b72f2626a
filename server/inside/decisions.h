// What the addresses of decisions about data share: who decides, and a refusal with its reasons.
#pragma once
#include "campaign/collection/collection.h"
#include "server/district.h"
#include "server/problem.h"
#include "server/routes.h"

namespace tenglong::server {

inline collection::Act act_of(District& district, const Call& call) {
  return {call.caller.account.id, district.options().now()};
}

template <class T>
Answer refused_decision(const collection::Decision<T>& decision, const char* code) {
  diagnostic::Diagnostics told;
  for (const collection::Reason& each : decision.refused_because)
    told.push_back({.code = code, .place = {.file = "body"}, .message = each.why, .advice = each.cure});
  return problem(409, {"不能办，原因如下。", "It cannot be done, for these reasons."}, told);
}

}  // namespace tenglong::server
