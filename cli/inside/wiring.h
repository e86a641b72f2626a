// Groups of commands that wire themselves, so that the program's main file stays one page.
#pragma once
#include <functional>

#include "cli/inside/session.h"

namespace CLI {
class App;
}

namespace tenglong::cli {

using Command = std::function<Exit(Session&)>;
// Makes of a command what the parser calls: with a session of its own, its exit kept.
using WithSession = std::function<std::function<void()>(Command)>;

void add_list_commands(CLI::App& app, const Common& common, const WithSession& with_session);
void add_account_commands(CLI::App& app, const Common& common, const WithSession& with_session);

}  // namespace tenglong::cli
