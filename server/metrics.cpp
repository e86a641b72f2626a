#include "server/metrics.h"

#include <algorithm>

namespace tenglong::server {

Metrics::Metrics(std::vector<std::string> routes) : routes_(std::move(routes)), counted_(routes_.size() + 1) {
  routes_.emplace_back("other");
}

void Metrics::count(std::size_t route, int status, std::chrono::microseconds took,
                    std::size_t bytes) noexcept {
  Counted& into = counted_[std::min(route, counted_.size() - 1)];
  const auto add = [](std::atomic<std::uint64_t>& to, std::uint64_t amount) {
    to.fetch_add(amount, std::memory_order_relaxed);
  };
  add(into.by_class[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))], 1);
  std::size_t bucket = 0;
  while (bucket < kEdges.size() && took.count() > kEdges[bucket]) ++bucket;
  add(into.buckets[bucket], 1);
  add(into.microseconds, static_cast<std::uint64_t>(took.count()));
  add(into.bytes, bytes);
}

std::string Metrics::text(const std::string& more) const {
  std::string out =
      "# HELP tenglong_requests_total Requests answered.\n# TYPE tenglong_requests_total counter\n";
  const auto each = [&](const auto& say) {
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      std::uint64_t all = 0;
      for (const auto& bucket : counted_[i].buckets) all += bucket;
      if (all > 0) say(counted_[i], "route=\"" + routes_[i] + "\"", all);
    }
  };
  each([&](const Counted& one, const std::string& label, std::uint64_t) {
    for (std::size_t kind = 1; kind < one.by_class.size(); ++kind)
      if (one.by_class[kind] > 0)
        out += "tenglong_requests_total{" + label + ",status=\"" + std::to_string(kind) + "xx\"} " +
               std::to_string(one.by_class[kind]) + "\n";
  });
  out +=
      "# HELP tenglong_request_seconds From head to last byte.\n# TYPE tenglong_request_seconds histogram\n";
  each([&](const Counted& one, const std::string& label, std::uint64_t all) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < kEdges.size(); ++i) {
      below += one.buckets[i];
      std::string edge = std::to_string(static_cast<double>(kEdges[i]) / 1e6);
      edge.erase(edge.find_last_not_of('0') + 1);
      if (edge.back() == '.') edge.pop_back();
      out += "tenglong_request_seconds_bucket{" + label + ",le=\"" + edge + "\"} " + std::to_string(below) +
             "\n";
    }
    out += "tenglong_request_seconds_bucket{" + label + ",le=\"+Inf\"} " + std::to_string(all) + "\n";
    out += "tenglong_request_seconds_sum{" + label + "} " +
           std::to_string(static_cast<double>(one.microseconds) / 1e6) + "\n";
    out += "tenglong_request_seconds_count{" + label + "} " + std::to_string(all) + "\n";
  });
  out += "# TYPE tenglong_answer_bytes_total counter\n";
  each([&](const Counted& one, const std::string& label, std::uint64_t) {
    out += "tenglong_answer_bytes_total{" + label + "} " + std::to_string(one.bytes) + "\n";
  });
  out += "# TYPE tenglong_connections gauge\ntenglong_connections " + std::to_string(connections) + "\n";
  return out + more;
}

}  // namespace tenglong::server
