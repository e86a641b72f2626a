// The bars of the server on a real `tenglong serve`: lists of 50 of 200,000 firms within a scope at 50
// requests a second (30 ms p99), the simulator's figures (100 ms p99), and five times more than it can do:
// what it does not take it says so at once, within 10 s it is as before, and nothing it acknowledged is lost.
//
// bench_load [firms] [folder] [port]: the folder keeps the sample district for the next time. The last lines
// are the bars: what was seen, and how it stands to the bar.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

extern char** environ;

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

int port_of_server = 18170;
constexpr const char* kPassword = "sample-district-2021";

struct Got {
  int status = 0;  // 0: no answer
  std::string head = {}, body = {};
  std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }
  std::string member(const std::string& name) const {
    const std::size_t at = body.find("\"" + name + "\":\"");
    if (at == std::string::npos) return {};
    const std::size_t from = at + name.size() + 4;
    return body.substr(from, body.find('"', from) - from);
  }
};

// One connection, one request at a time.
class Client {
 public:
  ~Client() { leave(); }
  Got ask(const std::string& method, const std::string& target, const std::string& body = "",
          const std::string& headers = "") {
    for (int attempt = 0; attempt < 2; ++attempt) {
      if (socket_ < 0 && !connect_now()) return {};
      std::string text = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + always + headers;
      if (!body.empty())
        text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
      text += "\r\n" + body;
      if (send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size())) {
        Got got = receive();
        if (got.status != 0) return got;
      }
      leave();
    }
    return {};
  }
  bool sign_in(const std::string& account) {
    const Got got =
        ask("POST", "/api/session", "{\"account\":\"" + account + "\",\"password\":\"" + kPassword + "\"}");
    const std::string cookie = got.header("Set-Cookie");
    always = "Cookie: " + cookie.substr(0, cookie.find(';')) +
             "\r\nX-CSRF-Token: " + got.member("csrf_token") + "\r\n";
    return got.status == 200;
  }
  std::string always = {};

 private:
  bool connect_now() {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_of_server));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = 130, .tv_usec = 0};
    const int yes = 1;
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return true;
    leave();
    return false;
  }
  void leave() {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
  }
  Got receive() {
    Got got;
    std::string in;
    char piece[65536];
    std::size_t end = std::string::npos, size = 0;
    for (;;) {
      if (end == std::string::npos && (end = in.find("\r\n\r\n")) != std::string::npos) {
        got.head = in.substr(0, end + 2);
        const std::string length = got.header("Content-Length");
        size = length.empty() ? 0 : static_cast<std::size_t>(std::atoll(length.c_str()));
      }
      if (end != std::string::npos && in.size() >= end + 4 + size) break;
      const ssize_t came = recv(socket_, piece, sizeof piece, 0);
      if (came <= 0) return {};
      in.append(piece, static_cast<std::size_t>(came));
    }
    got.status = std::atoi(in.c_str() + 9);
    got.body = in.substr(end + 4, size);
    if (got.header("Connection") == "close") leave();
    return got;
  }
  int socket_ = -1;
};

struct Times {
  std::vector<double> all = {};
  double at(double share) {
    if (all.empty()) return 0;
    std::sort(all.begin(), all.end());
    return all[std::min(all.size() - 1, static_cast<std::size_t>(share * static_cast<double>(all.size())))];
  }
};
int failed = 0;
struct Bar {
  std::string what;
  double seen, bar;
  const char* unit;
};
std::vector<Bar> bars;
void hold(const char* what, double seen, double bar, const char* unit) {
  bars.push_back({what, seen, bar, unit});
  failed += seen <= bar ? 0 : 1;
}
void print(const char* what, Times times, double bar) {
  const double p99 = times.at(0.99);
  std::printf("%-58s n %5zu  p50 %7.1f  p99 %7.1f  max %7.1f ms", what, times.all.size(), times.at(0.5), p99,
              times.at(1));
  if (bar > 0) {
    std::printf("  bar %.0f: %s", bar, p99 <= bar ? "held" : "NOT held");
    hold(what, p99, bar, "ms p99");
  }
  std::printf("\n");
  std::fflush(stdout);
}
void claim(const char* what, bool holds) {
  std::printf("%-58s %s\n", what, holds ? "held" : "NOT held");
  std::fflush(stdout);
  failed += holds ? 0 : 1;
}

// So many requests a second, whether answers come or not; each time counts from when it was due.
Times at_rate(double per_second, double seconds, std::size_t connections, const std::string& headers,
              const std::function<std::string(std::size_t)>& target) {
  const auto begin = Clock::now();
  const auto count = static_cast<std::size_t>(per_second * seconds);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  Times out;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < connections; ++i)
    threads.emplace_back([&] {
      Client client;
      client.always = headers;
      for (std::size_t at; (at = next++) < count;) {
        const auto due = begin + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(static_cast<double>(at) / per_second));
        std::this_thread::sleep_until(due);
        const Got got = client.ask("GET", target(at));
        const double took = Milliseconds(Clock::now() - due).count();
        const std::lock_guard lock(mutex);
        out.all.push_back(got.status == 200 ? took : 1e6);
      }
    });
  for (std::thread& thread : threads) thread.join();
  return out;
}

pid_t start(const std::vector<std::string>& words, const char* log) {
  std::vector<char*> arguments;
  for (const std::string& each : words) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  pid_t child = 0;
  if (posix_spawn(&child, arguments[0], &files, nullptr, arguments.data(), environ) != 0) child = 0;
  posix_spawn_file_actions_destroy(&files);
  return child;
}

std::vector<std::string> keys_in(const std::string& body) {
  std::vector<std::string> out;
  for (std::size_t at = 0; (at = body.find("{\"key\":\"", at)) != std::string::npos;) {
    at += 8;
    out.push_back(body.substr(at, body.find('"', at) - at));
  }
  return out;
}

// In the memory of the machine, and the most that it was.
std::size_t most_resident_mib(pid_t process) {
  std::FILE* in = std::fopen(("/proc/" + std::to_string(process) + "/status").c_str(), "r");
  char line[256];
  unsigned long kib = 0;
  while (in != nullptr && std::fgets(line, sizeof line, in) != nullptr)
    if (std::sscanf(line, "VmHWM: %lu", &kib) == 1) break;
  if (in != nullptr) std::fclose(in);
  return kib >> 10;
}
std::size_t resident_mib(pid_t process) {
  std::FILE* in = std::fopen(("/proc/" + std::to_string(process) + "/statm").c_str(), "r");
  unsigned long whole = 0, resident = 0;
  if (in == nullptr || std::fscanf(in, "%lu %lu", &whole, &resident) != 2) resident = 0;
  if (in != nullptr) std::fclose(in);
  return resident * static_cast<unsigned long>(sysconf(_SC_PAGESIZE)) >> 20;
}

const std::string kFirms = "/api/registers/enterprise/records?size=50&page=";
const std::string kYears =
    "/api/registers/enterprise_year/records?size=50&columns=tax_paid,value_added,main_revenue";

void lists(const std::string& town, const std::string& analyst) {
  const auto page = [](std::size_t i) { return std::to_string(1 + i * 7 % 60); };
  print("list of 50 firms, one town, 50 a second",
        at_rate(50, 20, 16, town, [&](std::size_t i) { return kFirms + page(i); }), 30);
  print("list of 50 firms, the district, 50 a second",
        at_rate(50, 20, 16, analyst, [&](std::size_t i) { return kFirms + page(i); }), 30);
  print("years of one town, falling by tax, 50 a second",
        at_rate(50, 20, 16, town, [&](std::size_t i) { return kYears + "&sort=-tax_paid&page=" + page(i); }),
        30);
  print("years of the district, filtered and sorted",
        at_rate(50, 20, 16, analyst,
                [&](std::size_t i) {
                  return kYears + "&sort=-tax_paid&where=%E5%AE%9E%E7%BC%B4%E7%A8%8E%E6%94%B6%20%3E%20" +
                         std::to_string(50 + i % 40 * 10) + "&page=1";
                }),
        30);
}

void slider(Client& analyst, const std::string& label) {
  const std::string base = analyst.ask("GET", "/api/simulator").body;
  const std::size_t items = base.find("\"items\":[{\"id\":\"");
  const std::string what = base.substr(items + 16, base.find('"', items + 16) - items - 16);
  const auto ask = [&](int i) {
    return analyst.ask(
        "POST", "/api/simulator",
        "{\"set\":[{\"what\":\"" + what + "\",\"value\":\"" + std::to_string(10 + i % 25) + "\"}]}");
  };
  ask(0);  // the first one makes the base
  Times out;
  for (int i = 0; i < 200; ++i) {
    const auto begin = Clock::now();
    const Got got = ask(i);
    out.all.push_back(got.status == 200 ? Milliseconds(Clock::now() - begin).count() : 1e6);
  }
  print(label.c_str(), out, 100);
}

struct Written {
  std::string key, value;
};

// A value of one record, as a page saves it. What was acknowledged is told.
struct Saved {
  int status = 0;
  bool is_plain = true;  // refused with a problem that says when to come again
};
Saved save(Client& client, const std::string& key, const std::string& value, const std::string& once) {
  const std::string at = "/api/registers/enterprise_year/records/" + key;
  const auto of = [](const Got& got) {
    return Saved{got.status, got.status != 503 || (!got.header("Retry-After").empty() &&
                                                   got.body.find("E-SERVER-108") != std::string::npos)};
  };
  const Got read = client.ask("GET", at);
  if (read.status != 200) return of(read);
  return of(client.ask("PATCH", at, "{\"values\":{\"value_added\":\"" + value + "\"},\"reason\":\"样例\"}",
                       "If-Match: " + read.header("ETag") + "\r\nIdempotency-Key: bench-" + once + "\r\n"));
}

void writes(Client& officer, const std::vector<std::string>& keys) {
  Times out;
  const int begin_at = 300 + getpid() % 5000;  // not what another run left there
  for (int i = 0; i < 20; ++i) {
    const auto begin = Clock::now();
    const Saved saved = save(officer, keys[static_cast<std::size_t>(i)], std::to_string(begin_at + i),
                             "alone-" + std::to_string(i) + "-" + std::to_string(getpid()));
    out.all.push_back(saved.status == 200 ? Milliseconds(Clock::now() - begin).count() : 1e6);
  }
  print("a value saved, its edition made (read and change)", out, 0);
}

void overload(const std::string& analyst, Client& officer, const std::vector<std::string>& keys) {
  // What it can do: as many as answer one after the other on 16 connections.
  std::atomic<long> done = 0;
  std::atomic<bool> ends = false;
  const std::string target = kFirms + "3";
  {
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i)
      threads.emplace_back([&] {
        Client client;
        client.always = analyst;
        while (!ends)
          if (client.ask("GET", target).status == 200) ++done;
      });
    std::this_thread::sleep_for(std::chrono::seconds(5));
    ends = true;
    for (std::thread& thread : threads) thread.join();
  }
  const double capacity = static_cast<double>(done) / 5;
  const double rate = 5 * capacity;
  std::printf("capacity %.0f lists a second; now %.0f a second for 10 s, saves among them\n", capacity, rate);
  std::map<int, long> statuses;
  long unclear = 0;
  std::vector<Written> acknowledged;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  const auto begin = Clock::now();
  const auto count = static_cast<std::size_t>(rate * 10);
  std::vector<std::thread> threads;
  for (int i = 0; i < 400; ++i)
    threads.emplace_back([&] {
      Client client;
      client.always = analyst;
      for (std::size_t at; (at = next++) < count;) {
        std::this_thread::sleep_until(begin +
                                      std::chrono::duration_cast<Clock::duration>(
                                          std::chrono::duration<double>(static_cast<double>(at) / rate)));
        if (Clock::now() - begin > std::chrono::seconds(12)) break;
        const Got got = client.ask("GET", target);
        const std::lock_guard lock(mutex);
        ++statuses[got.status];
        if (got.status == 503 &&
            (got.header("Retry-After").empty() || got.body.find("E-SERVER-108") == std::string::npos))
          ++unclear;
      }
    });
  // Each writer has records of its own, so that the last of its values is known.
  constexpr std::size_t kWriters = 12, kBegin = 20;
  const std::size_t each_has = (keys.size() - kBegin) / kWriters;
  for (std::size_t w = 0; w < kWriters && each_has > 0; ++w)
    threads.emplace_back([&, w] {
      Client client;
      client.always = officer.always;
      for (std::size_t i = 0; Clock::now() - begin < std::chrono::seconds(10); ++i) {
        const std::string& key = keys[kBegin + w * each_has + i % each_has];
        const std::string value = std::to_string(10000 + static_cast<std::size_t>(getpid()) % 5000 + i);
        const Saved saved =
            save(client, key, value,
                 "load-" + std::to_string(w) + "-" + std::to_string(i) + "-" + std::to_string(getpid()));
        const std::lock_guard lock(mutex);
        if (saved.status == 200) acknowledged.push_back({key, value});
        if (!saved.is_plain) ++unclear;
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::printf("  answered %ld, not taken %ld, no answer %ld; %zu saves acknowledged\n", statuses[200],
              statuses[503], statuses[0], acknowledged.size());
  claim("what is not taken is told plainly, and nothing else",
        unclear == 0 && statuses[503] > 0 && statuses[0] == 0 && statuses.size() <= 3);
  const auto over = Clock::now();
  int in_a_row = 0;
  Client client;
  client.always = analyst;
  while (in_a_row < 20 && Clock::now() - over < std::chrono::seconds(60)) {
    const auto from = Clock::now();
    const bool is_well =
        client.ask("GET", target).status == 200 && Clock::now() - from < std::chrono::milliseconds(100);
    in_a_row = is_well ? in_a_row + 1 : 0;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - over).count();
  std::printf("  as before after %.1f s\n", seconds);
  claim("as before within 10 s", in_a_row == 20 && seconds <= 10);
  std::map<std::string, std::string> last;
  for (const Written& each : acknowledged) last[each.key] = each.value;
  long lost = 0;
  for (const auto& [key, value] : last) {
    const std::string body = client.ask("GET", "/api/registers/enterprise_year/records/" + key).body;
    if (body.find("\"" + value + "\"") == std::string::npos) ++lost;
  }
  claim("nothing acknowledged is lost", lost == 0 && !acknowledged.empty());
}

}  // namespace

int main(int count, char** arguments) {
  const std::string firms = count > 1 ? arguments[1] : "200000";
  const std::string folder = count > 2 ? arguments[2] : "build/bench/district-" + firms;
  const std::string program = (fs::path(arguments[0]).parent_path() / "tenglong").string();
  const std::string packs = std::string(SOURCE_DIR) + "/packs/";
  const std::vector<std::string> district = {
      "--pack", packs + "dinghai-2021", "--overlay", packs + "sample-overlay", "--data", folder};
  const std::string log = folder + ".log";
  if (count > 3) port_of_server = std::atoi(arguments[3]);
  fs::create_directories(fs::path(folder).parent_path());
  if (!fs::exists(folder + "/tenglong.db")) {
    std::printf("the sample district of %s firms is made in %s\n", firms.c_str(), folder.c_str());
    std::fflush(stdout);
    std::vector<std::string> words = {program, "district"};
    words.insert(words.end(), district.begin(), district.end());
    words.insert(words.end(), {"--firms", firms, "--quiet"});
    int status = 0;
    waitpid(start(words, log.c_str()), &status, 0);
    if (status != 0) {
      std::printf("it was not made; see %s\n", log.c_str());
      return 1;
    }
  }
  std::vector<std::string> words = {program, "serve"};
  words.insert(words.end(), district.begin(), district.end());
  words.insert(words.end(), {"--port", std::to_string(port_of_server)});
  const auto begin = Clock::now();
  const pid_t server = start(words, log.c_str());
  Client officer, analyst, town;
  bool is_there = false;
  for (int i = 0; i < 6000 && !is_there; ++i) {
    is_there = analyst.ask("GET", "/health").status == 200;
    if (!is_there) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  std::printf("serves after %.1f s, %zu MiB\n", std::chrono::duration<double>(Clock::now() - begin).count(),
              resident_mib(server));
  if (!is_there || !analyst.sign_in("analyst") || !town.sign_in("town") || !officer.sign_in("department")) {
    std::printf("nobody can sign in; see %s\n", log.c_str());
    kill(server, SIGTERM);
    return 1;
  }
  std::vector<std::string> keys;
  for (int page = 1; page <= 3; ++page)
    for (std::string& key : keys_in(
             analyst
                 .ask("GET", "/api/registers/enterprise_year/records?size=200&page=" + std::to_string(page))
                 .body))
      keys.push_back(std::move(key));
  lists(town.always, analyst.always);
  slider(analyst, "slider to figures");
  constexpr double kMostMib = 512;
  hold("memory, lists and what-ifs asked", static_cast<double>(resident_mib(server)), kMostMib, "MiB");
  std::printf("%zu MiB\n", resident_mib(server));
  if (keys.size() > 40) {
    writes(officer, keys);
    slider(analyst, "slider to figures, after saves");
    overload(analyst.always, officer, keys);
  }
  std::printf("%zu MiB after saves and overload, at most %zu MiB\n", resident_mib(server),
              most_resident_mib(server));
  // What they took is given back in the rest after them.
  std::this_thread::sleep_for(std::chrono::seconds(20));
  hold("memory, 20 s after saves and overload", static_cast<double>(resident_mib(server)), kMostMib, "MiB");
  std::printf("%zu MiB 20 s later\n", resident_mib(server));
  kill(server, SIGTERM);
  int status = 0;
  waitpid(server, &status, 0);
  claim("SIGTERM ends it", WIFEXITED(status) && WEXITSTATUS(status) == 0);
  double load[1] = {0};
  getloadavg(load, 1);
  std::printf("bars (load average %.1f)\n", load[0]);
  for (const Bar& each : bars)
    std::printf("  %-56s bar %4.0f %-6s  seen %7.1f  ratio %.2f  %s\n", each.what.c_str(), each.bar,
                each.unit, each.seen, each.seen / each.bar, each.seen <= each.bar ? "held" : "NOT held");
  return failed == 0 ? 0 : 1;
}
