#include <algorithm>
#include <cstring>

#include "bench/w1/w1.h"

namespace bench::w1 {
namespace {

struct Entry {
  std::uint64_t key;
  std::uint32_t row;
};

inline double clamped(double score, double weight) {
  score *= weight;
  return score < 0 ? 0 : score > 1.5 * weight ? 1.5 * weight : score;
}

void radix_sort(std::vector<Entry>& entries, std::vector<Entry>& other) {  // 6 passes of 11 bits
  other.resize(entries.size());
  static std::uint32_t count[6][2048];
  std::memset(count, 0, sizeof count);
  for (const Entry& each : entries)
    for (int pass = 0; pass < 6; ++pass) ++count[pass][each.key >> (11 * pass) & 2047];
  for (int pass = 0; pass < 6; ++pass) {
    std::uint32_t start = 0;
    bool one_digit = false;
    for (std::uint32_t& each : count[pass]) {
      one_digit = one_digit || each == entries.size();
      const std::uint32_t size = each;
      each = start;
      start += size;
    }
    if (one_digit) continue;
    for (const Entry& each : entries) other[count[pass][each.key >> (11 * pass) & 2047]++] = each;
    entries.swap(other);
  }
}

}  // namespace

void hand_written_loop(const District& d, Sort sort, LoopResult& out) {
  const std::size_t n = d.size();
  out.total.resize(n);
  out.rank.resize(n);
  out.grade.resize(n);
  const double* w = kWeights;
  for (std::size_t i = 0; i < n; ++i) {
    const double* b = &d.base[static_cast<std::size_t>(d.industry[i]) * kItems];
    out.total[i] =
        clamped(d.tax[i] / d.land[i] / b[0], w[0]) + clamped(d.added[i] / d.land[i] / b[1], w[1]) +
        clamped(d.added[i] / d.staff[i] / b[2], w[2]) + clamped(d.added[i] / d.energy[i] / b[3], w[3]) +
        clamped(d.research[i] / d.revenue[i] / b[4], w[4]) + clamped(d.revenue[i] / d.land[i] / b[5], w[5]);
  }
  static std::vector<Entry> entries, other;
  for (int scale = 0; scale < 2; ++scale) {
    entries.clear();
    for (std::size_t i = 0; i < n; ++i)
      if ((d.revenue[i] >= 2000) == (scale == 0)) {
        std::uint64_t bits;
        std::memcpy(&bits, &out.total[i], 8);
        const std::uint64_t sign = static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> 63);
        entries.push_back({~(bits ^ (sign | 0x8000000000000000ull)), static_cast<std::uint32_t>(i)});
      }
    if (sort == Sort::Radix)
      radix_sort(entries, other);
    else
      std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
    const auto size = static_cast<std::int64_t>(entries.size());
    std::int32_t rank = 0;
    for (std::int64_t at = 0; at < size; ++at) {
      if (at == 0 ||
          entries[static_cast<std::size_t>(at)].key != entries[static_cast<std::size_t>(at - 1)].key)
        rank = static_cast<std::int32_t>(at + 1);
      const std::uint32_t row = entries[static_cast<std::size_t>(at)].row;
      const std::int64_t share = static_cast<std::int64_t>(rank) * 100;
      out.rank[row] = rank;
      out.grade[row] = static_cast<std::uint8_t>(d.veto[row]          ? 3
                                                 : share <= 20 * size ? 0
                                                 : share <= 60 * size ? 1
                                                 : share <= 95 * size ? 2
                                                                      : 3);
    }
  }
  std::memset(&out.cells, 0, sizeof out.cells);
  for (std::size_t i = 0; i < n; ++i) {
    const int cell = d.town[i] * kGrades + out.grade[i];
    out.cells.sum[cell] += out.total[i];
    ++out.cells.count[cell];
  }
}

}  // namespace bench::w1
