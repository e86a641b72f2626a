// with_postgres COMMAND...: runs it with TENGLONG_TEST_DATABASE set to the address of a new, empty database
// of a PostgreSQL that ends with it. For the cases, which are shell scripts.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "tests/postgres/postgres.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("with_postgres COMMAND...\n", stderr);
    return 2;
  }
  try {
    setenv("TENGLONG_TEST_DATABASE", tenglong::postgres::new_database().c_str(), 1);
    const pid_t child = fork();
    if (child == 0) {
      execvp(argv[1], argv + 1);
      _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
