// A PostgreSQL of the tests' own: a cluster in a temporary folder, reached by a socket there and by nothing
// else, started by the first who asks, ended with the program. It syncs nothing: what it keeps is thrown
// away.
//
// Never: a cluster of the system; a skipped test. If PostgreSQL cannot start, an exception says why.
#pragma once
#include <string>

namespace tenglong::postgres {

// The address of a new, empty database.
std::string new_database();

// A new database with what one of them has; nobody may be connected to that.
std::string copy_of(const std::string& address);
// Until nobody is connected to it: what a connection that was cut had begun is then over.
void wait_until_left(const std::string& address);

// For tests of failure: the server stops at once, as if killed, and starts again with what it had.
void stop();
void start();

}  // namespace tenglong::postgres
