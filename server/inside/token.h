// A signed token of an identity provider (JWS compact, RS256 or ES256), and the keys it may be signed with.
//
// In:    the token and the provider's key set, both as text from outside. Out: its claims, if one of the keys
// signed it. Never: an algorithm that the token alone names: the key decides what it is for.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "server/json.h"

namespace tenglong::server {

struct VerifiedToken {
  std::optional<Json> claims = {};  // none: refused
  std::string why = {};             // refused, for the log
};
VerifiedToken verify_token(std::string_view token, const Json& key_set);

std::optional<std::string> from_base64url(std::string_view text);  // without padding; nothing: not written so
std::string to_base64url(std::string_view bytes);
std::string sha256(std::string_view bytes);

}  // namespace tenglong::server
