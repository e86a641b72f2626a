// Threads for work that blocks: databases, files, hashing, evaluation.
//
// In:    jobs. Out: each done once, in order of arrival. Never: a queue without an end: when it is full, a
// job is refused
//        at once and the one who asked is told to come again.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tenglong::server {

class Workers {
 public:
  Workers(int threads, std::size_t longest_queue);
  ~Workers();  // finishes what was accepted
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  bool submit(std::function<void()> job);  // false: full
  std::size_t waiting() const;
  std::size_t working() const;

 private:
  void work();
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::size_t longest_, working_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tenglong::server
