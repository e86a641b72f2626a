// What the server does, counted: Prometheus text at /metrics.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace tenglong::server {

class Metrics {
 public:
  explicit Metrics(std::vector<std::string> routes);  // their names; one more is kept for all else
  void count(std::size_t route, int status, std::chrono::microseconds took, std::size_t bytes) noexcept;
  std::size_t other() const { return routes_.size() - 1; }
  std::atomic<std::int64_t> connections = 0;
  // `more`: lines of whoever knows more (queue, store).
  std::string text(const std::string& more) const;

 private:
  static constexpr std::array<std::int64_t, 12> kEdges = {
      1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 2500000, 10000000, 60000000};
  struct Counted {
    std::array<std::atomic<std::uint64_t>, 6> by_class{};  // 1xx .. 5xx
    std::array<std::atomic<std::uint64_t>, 13> buckets{};
    std::atomic<std::uint64_t> microseconds = 0, bytes = 0;
  };
  std::vector<std::string> routes_;
  std::vector<Counted> counted_;
};

}  // namespace tenglong::server
