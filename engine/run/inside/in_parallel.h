// Jobs shared among a few threads.
//
// In:    how many threads, how many jobs, what to do. Out: every job done once; the first exception, by job
// number. Order: jobs are taken as threads become free, so a job writes only where no other does; then
// nothing depends on the number of threads. One thread, or one job: no thread is started.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace tenglong::run {

inline int workers_for(int threads, std::size_t jobs) {
  return std::max(1, static_cast<int>(std::min(static_cast<std::size_t>(std::max(1, threads)), jobs)));
}

// work(worker, job): `worker` below workers_for(), for what a thread keeps to itself.
template <typename Work>
void in_parallel(int threads, std::size_t jobs, Work work) {
  const int workers = workers_for(threads, jobs);
  if (workers == 1) {
    for (std::size_t job = 0; job < jobs; ++job) work(0, job);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::mutex failing;
  std::size_t failed_at = std::numeric_limits<std::size_t>::max();
  std::exception_ptr failure;
  const auto take = [&](int worker) {
    for (std::size_t job = next++; job < jobs; job = next++) {
      try {
        work(worker, job);
      } catch (...) {
        const std::lock_guard<std::mutex> hold(failing);
        if (job < failed_at) {
          failed_at = job;
          failure = std::current_exception();
        }
      }
    }
  };
  std::vector<std::thread> others;
  for (int worker = 1; worker < workers; ++worker) others.emplace_back(take, worker);
  take(0);
  for (std::thread& each : others) each.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tenglong::run
