#include <algorithm>
#include <cstring>

#include "bench/w2/w2.h"

namespace bench::w2 {
namespace {

inline double clamped(double ratio, double weight) {
  const double score = ratio * weight;
  return score < 0 ? 0 : score > 1.5 * weight ? 1.5 * weight : score;
}

}  // namespace

HandWrittenLoop::HandWrittenLoop(const District& d, w1::Sort sort) : district_(d), sort_(sort) {
  const std::size_t n = d.size();
  ratio_.resize(kItems * n);
  for (std::size_t i = 0; i < n; ++i) {
    const double* b = &d.base[static_cast<std::size_t>(d.industry[i]) * kItems];
    ratio_[i] = d.tax[i] / d.land[i] / b[0];
    ratio_[n + i] = d.added[i] / d.land[i] / b[1];
    ratio_[2 * n + i] = d.added[i] / d.staff[i] / b[2];
    ratio_[3 * n + i] = d.added[i] / d.energy[i] / b[3];
    ratio_[4 * n + i] = d.research[i] / d.revenue[i] / b[4];
    ratio_[5 * n + i] = d.revenue[i] / d.land[i] / b[5];
  }
}

void HandWrittenLoop::radix_sort() {  // 6 passes of 11 bits
  other_.resize(entries_.size());
  static std::uint32_t count[6][2048];
  std::memset(count, 0, sizeof count);
  for (const Entry& each : entries_)
    for (int pass = 0; pass < 6; ++pass) ++count[pass][each.key >> (11 * pass) & 2047];
  for (int pass = 0; pass < 6; ++pass) {
    std::uint32_t start = 0;
    bool one_digit = false;
    for (std::uint32_t& each : count[pass]) {
      one_digit = one_digit || each == entries_.size();
      const std::uint32_t size = each;
      each = start;
      start += size;
    }
    if (one_digit) continue;
    for (const Entry& each : entries_) other_[count[pass][each.key >> (11 * pass) & 2047]++] = each;
    entries_.swap(other_);
  }
}

void HandWrittenLoop::run(const double* w, w1::LoopResult& out) {
  const District& d = district_;
  const std::size_t n = d.size();
  out.total.resize(n);
  out.rank.resize(n);
  out.grade.resize(n);
  const double* r = ratio_.data();
  for (std::size_t i = 0; i < n; ++i)
    out.total[i] = clamped(r[i], w[0]) + clamped(r[n + i], w[1]) + clamped(r[2 * n + i], w[2]) +
                   clamped(r[3 * n + i], w[3]) + clamped(r[4 * n + i], w[4]) + clamped(r[5 * n + i], w[5]);
  for (int scale = 0; scale < 2; ++scale) {
    entries_.clear();
    for (std::size_t i = 0; i < n; ++i)
      if ((d.revenue[i] >= 2000) == (scale == 0)) {
        std::uint64_t bits;
        std::memcpy(&bits, &out.total[i], 8);
        const std::uint64_t sign = static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> 63);
        entries_.push_back({~(bits ^ (sign | 0x8000000000000000ull)), static_cast<std::uint32_t>(i)});
      }
    if (sort_ == w1::Sort::Radix)
      radix_sort();
    else
      std::sort(entries_.begin(), entries_.end(),
                [](const Entry& a, const Entry& b) { return a.key < b.key; });
    const auto size = static_cast<std::int64_t>(entries_.size());
    std::int32_t rank = 0;
    for (std::int64_t at = 0; at < size; ++at) {
      if (at == 0 ||
          entries_[static_cast<std::size_t>(at)].key != entries_[static_cast<std::size_t>(at - 1)].key)
        rank = static_cast<std::int32_t>(at + 1);
      const std::uint32_t row = entries_[static_cast<std::size_t>(at)].row;
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
    const int cell = d.town[i] * w1::kGrades + out.grade[i];
    out.cells.sum[cell] += out.total[i];
    ++out.cells.count[cell];
  }
}

}  // namespace bench::w2
