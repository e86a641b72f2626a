// Ranks by radix sort on whole numbers: exact, and in time proportional to the rows.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <memory>

#include "engine/run/inside/scheme_run.h"

namespace tenglong::run {
namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

unsigned bits_for(std::uint64_t largest) { return static_cast<unsigned>(std::bit_width(largest)); }

using Words = std::unique_ptr<std::uint64_t[]>;
Words words_for(std::size_t count) { return std::make_unique_for_overwrite<std::uint64_t[]>(count); }

// Sorts by bits [low, high) of each word, least significant digit first.
void radix_sort(Words& words, std::size_t size, unsigned low, unsigned high) {
  if (high <= low || size == 0) return;
  const unsigned passes = (high - low + kDigitBits - 1) / kDigitBits;
  const unsigned bits = (high - low + passes - 1) / passes;
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  Words other = words_for(size);
  std::vector<std::array<std::uint32_t, kDigits>> counts(passes);
  for (auto& each : counts) each.fill(0);
  for (std::size_t i = 0; i < size; ++i)
    for (unsigned pass = 0; pass < passes; ++pass) ++counts[pass][words[i] >> (low + pass * bits) & mask];
  for (unsigned pass = 0; pass < passes; ++pass) {
    std::array<std::uint32_t, kDigits>& count = counts[pass];
    std::uint32_t start = 0;
    bool is_one_digit = false;
    for (std::uint32_t& each : count) {
      is_one_digit = is_one_digit || each == size;
      const std::uint32_t here = each;
      each = start;
      start += here;
    }
    if (is_one_digit) continue;
    const unsigned shift = low + pass * bits;
    const std::uint64_t* from = words.get();
    std::uint64_t* to = other.get();
    for (std::size_t i = 0; i < size; ++i) to[count[from[i] >> shift & mask]++] = from[i];
    words.swap(other);
  }
}

struct RankPlace {
  std::int32_t group;
  std::int64_t total;
  std::uint32_t row;
};

// Walks records in order of group and falling total; `same` tells whether two neighbours tie.
template <typename GroupOf, typename Same, typename RowOf>
void assign(std::size_t count, GroupOf group_of, Same same, RowOf row_of, pack::Scheme::Ties ties,
            std::vector<std::int32_t>& rank, std::vector<std::int64_t>& group_size) {
  std::size_t group_begin = 0;
  for (std::size_t first = 0; first < count;) {
    if (first > 0 && group_of(first) != group_of(first - 1)) group_begin = first;
    std::size_t last = first + 1;
    while (last < count && same(last - 1, last)) ++last;
    const std::size_t shared =
        ties == pack::Scheme::Ties::Better ? first - group_begin + 1 : last - group_begin;
    for (std::size_t i = first; i < last; ++i) rank[row_of(i)] = static_cast<std::int32_t>(shared);
    group_size[static_cast<std::size_t>(group_of(first))] = static_cast<std::int64_t>(last - group_begin);
    first = last;
  }
}

}  // namespace

void rank_within_groups(const std::vector<std::int64_t>& total, const std::vector<std::int32_t>& group,
                        std::size_t group_count, pack::Scheme::Ties ties, std::vector<std::int32_t>& rank,
                        std::vector<std::int64_t>& group_size) {
  rank.assign(total.size(), 0);
  group_size.assign(group_count, 0);
  std::int64_t least = std::numeric_limits<std::int64_t>::max(),
               most = std::numeric_limits<std::int64_t>::min();
  std::size_t ranked = 0;
  for (std::size_t i = 0; i < total.size(); ++i) {
    if (group[i] < 0) continue;
    ++ranked;
    least = std::min(least, total[i]);
    most = std::max(most, total[i]);
  }
  if (ranked == 0) return;
  const std::uint64_t spread = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  const unsigned row_bits = bits_for(total.size() - 1), total_bits = bits_for(spread);
  const unsigned group_bits = bits_for(group_count - 1);
  if (row_bits + total_bits + group_bits <= 64) {
    Words words = words_for(ranked);
    std::size_t next = 0;
    for (std::size_t i = 0; i < total.size(); ++i) {
      if (group[i] < 0) continue;
      const std::uint64_t below = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(total[i]);
      const std::uint64_t key =
          group_bits == 0 ? below : static_cast<std::uint64_t>(group[i]) << total_bits | below;
      words[next++] = key << row_bits | i;
    }
    radix_sort(words, ranked, row_bits, row_bits + total_bits + group_bits);
    const std::uint64_t row_mask = (std::uint64_t{1} << row_bits) - 1;
    const auto group_of = [&](std::size_t i) {
      return group_bits == 0 ? std::uint64_t{0} : words[i] >> row_bits >> total_bits;
    };
    assign(
        ranked, group_of,
        [&](std::size_t a, std::size_t b) { return words[a] >> row_bits == words[b] >> row_bits; },
        [&](std::size_t i) { return words[i] & row_mask; }, ties, rank, group_size);
    return;
  }
  std::vector<RankPlace> places;
  places.reserve(ranked);
  for (std::size_t i = 0; i < total.size(); ++i)
    if (group[i] >= 0) places.push_back({group[i], total[i], static_cast<std::uint32_t>(i)});
  std::sort(places.begin(), places.end(), [](const RankPlace& a, const RankPlace& b) {
    return a.group != b.group ? a.group < b.group : a.total != b.total ? a.total > b.total : a.row < b.row;
  });
  assign(
      places.size(), [&](std::size_t i) { return places[i].group; },
      [&](std::size_t a, std::size_t b) {
        return places[a].group == places[b].group && places[a].total == places[b].total;
      },
      [&](std::size_t i) { return places[i].row; }, ties, rank, group_size);
}

}  // namespace tenglong::run
