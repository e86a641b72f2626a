#include "tests/postgres/postgres.h"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tenglong::postgres {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kStartLimit = 30s;

std::string program(const std::string& name) {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none))
    if (const fs::path path = version.path() / "bin" / name; fs::exists(path)) found.push_back(path);
  if (found.empty()) throw std::runtime_error("there is no " + name + ": apt-get install postgresql-15");
  const auto fifteen = std::find_if(found.begin(), found.end(),
                                    [](const std::string& each) { return each.find("/15/") != each.npos; });
  return fifteen != found.end() ? *fifteen : found.back();
}

class Cluster {
 public:
  Cluster() {
    std::string pattern = (fs::temp_directory_path() / "tenglong-pg-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder for PostgreSQL");
    folder_ = pattern;
    // PostgreSQL refuses to run as root.
    if (geteuid() == 0) {
      const passwd* account = getpwnam("postgres");
      if (account == nullptr) account = getpwnam("nobody");
      if (account == nullptr) throw std::runtime_error("no account to run PostgreSQL as");
      user_ = account->pw_uid;
      group_ = account->pw_gid;
      if (chown(folder_.c_str(), user_, group_) != 0) throw std::runtime_error("cannot hand over " + folder_);
    }
    const pid_t made = run({program("initdb"), "-D", folder_ + "/data", "-E", "UTF8", "--locale=C.UTF-8",
                            "-A", "trust", "-U", "postgres", "--no-sync", "--no-instructions"});
    int status = 0;
    if (waitpid(made, &status, 0) != made || status != 0) fail("initdb failed");
    start();
  }
  ~Cluster() {
    end(SIGQUIT);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  void start() {
    server_ =
        run({program("postgres"), "-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses=", "-c",
             "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=64MB", "-c",
             "max_connections=60", "-c", "autovacuum=off", "-c", "max_wal_size=4GB"});
    const auto until = std::chrono::steady_clock::now() + kStartLimit;
    while (PQping(address("postgres").c_str()) != PQPING_OK) {
      if (std::chrono::steady_clock::now() > until) fail("PostgreSQL did not start");
      if (waitpid(server_, nullptr, WNOHANG) == server_) fail("PostgreSQL ended as it started");
      std::this_thread::sleep_for(10ms);
    }
  }
  void end(int signal_number) {
    if (server_ <= 0) return;
    kill(server_, signal_number);
    waitpid(server_, nullptr, 0);
    server_ = 0;
  }
  std::string address(const std::string& database) const {
    return "host=" + folder_ + " user=postgres dbname=" + database;
  }

 private:
  // As the account that may; its output goes to a file; it ends when we do.
  pid_t run(const std::vector<std::string>& words) {
    const pid_t parent = getpid(), child = fork();
    if (child != 0) return child;
    const int log = open((folder_ + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, 0);
    dup2(log, 1);
    dup2(log, 2);
    if (user_ != 0 && (setgroups(0, nullptr) != 0 || setgid(group_) != 0 || setuid(user_) != 0)) _exit(97);
    if (chdir(folder_.c_str()) != 0) _exit(98);
    setenv("LC_ALL", "C.UTF-8", 1);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (getppid() != parent) _exit(99);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  [[noreturn]] void fail(const std::string& what) const {
    std::ifstream log(folder_ + "/log");
    std::ostringstream text;
    text << log.rdbuf();
    throw std::runtime_error(what + ":\n" + text.str());
  }

  std::string folder_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  pid_t server_ = 0;
};

Cluster& cluster() {
  static Cluster one;
  return one;
}

}  // namespace

namespace {

std::string database_from(const std::string& model) {
  static int made = 0;
  const std::string name = "t" + std::to_string(++made);
  PGconn* connection = PQconnectdb(cluster().address("postgres").c_str());
  PGresult* result = PQexec(
      connection,
      ("create database " + name + " template " + model + " encoding 'UTF8' strategy file_copy").c_str());
  const bool is_made = PQresultStatus(result) == PGRES_COMMAND_OK;
  const std::string why = PQerrorMessage(connection);
  PQclear(result);
  PQfinish(connection);
  if (!is_made) throw std::runtime_error("no database for the test: " + why);
  return cluster().address(name);
}

std::string name_in(const std::string& address) { return address.substr(address.rfind('=') + 1); }

}  // namespace

std::string new_database() { return database_from("template0"); }
std::string copy_of(const std::string& address) {
  wait_until_left(address);
  return database_from(name_in(address));
}

void wait_until_left(const std::string& address) {
  PGconn* connection = PQconnectdb(cluster().address("postgres").c_str());
  const std::string count =
      "select count(*) from pg_stat_activity where datname = '" + name_in(address) + "'";
  const auto until = std::chrono::steady_clock::now() + kStartLimit;
  bool is_left = false;
  while (!is_left && std::chrono::steady_clock::now() < until) {
    PGresult* result = PQexec(connection, count.c_str());
    is_left = PQresultStatus(result) == PGRES_TUPLES_OK && std::string(PQgetvalue(result, 0, 0)) == "0";
    PQclear(result);
    if (!is_left) std::this_thread::sleep_for(2ms);
  }
  PQfinish(connection);
  if (!is_left) throw std::runtime_error("somebody stays connected to " + address);
}

void stop() { cluster().end(SIGQUIT); }
void start() { cluster().start(); }

}  // namespace tenglong::postgres
