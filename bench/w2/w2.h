// W2: 10,000 firms of W1 under 1,000 weight vectors, the whole of W1 each time, cells reduced to one check
// number.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/w1/w1.h"
#include "engine/column/column.h"
#include "engine/pack/pack.h"

namespace bench::w2 {

using w1::District;
using w1::kItems;

// kItems weights a vector, each with one decimal: those of W1 times 0.5 to 1.5. Made here, the same
// everywhere.
std::vector<double> weight_vectors(std::size_t count);

// What a careful programmer would write by hand: ratios once, then per vector plain loops and a sort. One
// thread.
class HandWrittenLoop {
 public:
  HandWrittenLoop(const District& district, w1::Sort sort);
  void run(const double* weights, w1::LoopResult& out);

 private:
  struct Entry {
    std::uint64_t key;
    std::uint32_t row;
  };
  void radix_sort();
  const District& district_;
  w1::Sort sort_;
  std::vector<double> ratio_;
  std::vector<Entry> entries_, other_;
};

// A table of the pack's register `firm` (bench/w1/pack).
tenglong::column::Snapshot columns_of(const tenglong::pack::Pack& pack, const District& district);
tenglong::pack::Pack read_pack(const char* folder);
// The pack of W1 with blocks added.
tenglong::pack::Pack read_pack_with(const std::string& blocks);

// Runs `works` by turns, nine times each; seconds of the middle run of each. Cores::One: held to one core.
enum class Cores { One, All };
std::vector<double> median_seconds(const std::vector<std::function<void()>>& works, Cores cores);

}  // namespace bench::w2
