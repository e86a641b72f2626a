// How every workload here is timed: on one core, the middle of nine.
#pragma once
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace bench {

constexpr int kRuns = 9;

// The process stays on the core it is on; false where the system does not allow it. Threads made afterwards
// stay too.
inline bool pin_to_a_core() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  const int here = sched_getcpu();
  if (here < 0) return false;
  CPU_SET(static_cast<std::size_t>(here), &cores);
  return sched_setaffinity(0, sizeof cores, &cores) == 0;
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

inline double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline double median_seconds(const std::function<void()>& work, int runs = kRuns) {
  std::vector<double> seconds;
  for (int run = 0; run < runs; ++run) seconds.push_back(seconds_of(work));
  return median(std::move(seconds));
}

// Two workloads taken in turn, so that what disturbs the machine disturbs both: medians of each.
inline std::pair<double, double> medians_in_turn(const std::function<void()>& a,
                                                 const std::function<void()>& b) {
  std::vector<double> of_a, of_b;
  for (int run = 0; run < kRuns; ++run) {
    of_a.push_back(seconds_of(a));
    of_b.push_back(seconds_of(b));
  }
  return {median(std::move(of_a)), median(std::move(of_b))};
}

}  // namespace bench
