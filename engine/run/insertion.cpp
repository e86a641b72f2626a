#include "engine/run/inside/insertion.h"

#include <algorithm>

namespace tenglong::run {

bool stands_before(const SchemeColumns& columns, std::size_t a, std::size_t b) {
  if (columns.group[a] != columns.group[b]) return columns.group[a] < columns.group[b];
  return columns.total[a] != columns.total[b] ? columns.total[a] > columns.total[b] : a < b;
}

// The order without those that are replaced, and they where they now belong.
void rank_by_insertion(const std::vector<std::uint32_t>& before, std::vector<std::size_t> replaced,
                       pack::Ties ties, SchemeColumns& out) {
  std::vector<std::uint8_t> is_replaced(out.rows.size(), 0);
  for (const std::size_t i : replaced) is_replaced[i] = 1;
  std::erase_if(replaced, [&](std::size_t i) { return out.group[i] < 0; });
  std::sort(replaced.begin(), replaced.end(),
            [&](std::size_t a, std::size_t b) { return stands_before(out, a, b); });
  std::vector<std::uint32_t> now;
  now.reserve(before.size() + replaced.size());
  std::size_t next = 0;
  for (const std::uint32_t i : before) {
    if (is_replaced[i] != 0) continue;
    while (next < replaced.size() && stands_before(out, replaced[next], i))
      now.push_back(static_cast<std::uint32_t>(replaced[next++]));
    now.push_back(i);
  }
  while (next < replaced.size()) now.push_back(static_cast<std::uint32_t>(replaced[next++]));
  const bool better = ties == pack::Ties::Better;
  std::size_t group_begin = 0;
  for (std::size_t first = 0; first < now.size();) {
    if (first > 0 && out.group[now[first]] != out.group[now[first - 1]]) group_begin = first;
    std::size_t last = first + 1;
    while (last < now.size() && out.group[now[last]] == out.group[now[first]] &&
           out.total[now[last]] == out.total[now[first]])
      ++last;
    const auto rank = static_cast<std::int32_t>(better ? first - group_begin + 1 : last - group_begin);
    for (std::size_t at = first; at < last; ++at) out.rank[now[at]] = rank;
    first = last;
  }
}

}  // namespace tenglong::run
