// Passwords, one-time codes and chance: what proves somebody is who they say.
//
// Cost:  hash and verify take tens of milliseconds and 19 MiB each, on purpose: never on the thread of a
// connection. Never: keeps or logs a password.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::server {

std::string random_token();                         // 256 bits, URL-safe
std::string hash_of_token(std::string_view token);  // SM3: a token of 256 bits needs no salt

std::string hash_password(const std::string& password);  // argon2id
bool is_password(const std::string& hash, const std::string& password);
// As much work as is_password(), for accounts that are not there.
void spend_as_much(const std::string& password);

// What is wrong with a new password (E-SERVER-308), all of it. Long ones without other rules; none that a
// list of patterns or the account's own words make guessable.
diagnostic::Diagnostics check_password(std::string_view password, std::string_view account,
                                       std::string_view name);

// RFC 6238: six digits, thirty seconds, SHA-1, as every authenticator has it.
std::string new_secret();  // base32
std::string code_at(std::string_view secret, std::int64_t step);
// The step that the code is of, one step of drift either way, later than `last_step`; nothing if it is none.
std::optional<std::int64_t> step_of_code(std::string_view secret, std::string_view code, std::int64_t now,
                                         std::int64_t last_step);
std::string authenticator_uri(std::string_view secret, std::string_view account, std::string_view issuer);
std::vector<std::string> new_recovery_codes();  // ten, xxxx-xxxx-xxxx

}  // namespace tenglong::server
