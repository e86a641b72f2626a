// Between a program and the PostgreSQL of the tests: passes on what each says, until told to fail. The road
// fails, not the server: it goes on with what it heard.
//
// Points are what the client sends, counted from arm(). Never: a connection of its own to anywhere else.
#pragma once
#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tenglong::postgres {

enum class Break {
  None,
  Before,  // what was sent at the point does not arrive, nor anything after
  After,   // it arrives, and its answer does not
  Silence  // it arrives; nothing comes back and nothing is closed
};

class Relay {
 public:
  explicit Relay(const std::string& address);  // of a database of new_database()
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  std::string address() const;  // of the same database, through here
  void arm(Break how, int point);
  void slow(std::chrono::milliseconds each_way) { delay_ = each_way; }
  int points() const { return points_; }
  bool has_struck() const { return has_struck_; }

 private:
  void accept_all();
  void pass(int client, int server);

  std::filesystem::path folder_;
  std::string server_, rest_;  // the server's folder, and what follows it in the address
  int listening_ = -1;
  std::atomic<bool> ends_ = false, has_struck_ = false;
  std::atomic<int> points_ = 0, at_ = 0;
  std::atomic<Break> how_ = Break::None;
  std::atomic<std::chrono::milliseconds> delay_{std::chrono::milliseconds(0)};
  std::mutex mutex_;
  std::vector<std::thread> passing_;
  std::thread accepting_;
};

}  // namespace tenglong::postgres
