// The commands of 收数 and of identity; they wire themselves.
#pragma once
#include <functional>

#include "cli/inside/session.h"

namespace CLI {
class App;
}

namespace tenglong::cli {

// Makes of a command what the parser calls: with a session of its own, its exit kept.
using Wiring = std::function<std::function<void()>(std::function<Exit(Session&)>)>;

void add_collection_commands(CLI::App& app, const Common& common, const Wiring& with_session);
void add_correction_commands(CLI::App& app, const Common& common, const Wiring& with_session);
void add_identity_commands(CLI::App& app, const Common& common, const Wiring& with_session);

// Who does it and when, for what is kept.
std::string account_of(const std::string& by);
// The register by id or name, and the field of it; told on standard error if there is none.
const schema::Register* register_named(Session& session, const std::string& name);
int field_named(Session& session, const schema::Register& target, const std::string& name);
// "enterprise_year 91...": the key as typed, parts joined by / where there are several.
std::string key_typed(const schema::Register& target, const std::string& typed);

}  // namespace tenglong::cli
