// W1: 100,000 firms; six ratios against a base by industry, clamped scores, rank in scale class, grade,
// roll-up by town. The data are made here (splitmix64), the same on every machine; every number has at most 4
// decimals.
#pragma once
#include <cstdint>
#include <vector>

namespace bench::w1 {

constexpr int kItems = 6;
constexpr int kIndustries = 31;
constexpr int kTowns = 14;
constexpr int kGrades = 4;
constexpr double kWeights[kItems] = {30, 20, 15, 15, 10, 10};

struct District {
  std::vector<double> tax, added, land, staff, energy, research, revenue;
  std::vector<std::int32_t> industry, town;
  std::vector<std::uint8_t> veto;
  std::vector<double> base;  // industry * kItems + item
  std::size_t size() const { return tax.size(); }
};

struct Cells {  // town * kGrades + grade
  double sum[kTowns * kGrades];
  std::int64_t count[kTowns * kGrades];
};

struct LoopResult {
  std::vector<double> total;
  std::vector<std::int32_t> rank;
  std::vector<std::uint8_t> grade;
  Cells cells;
};

enum class Sort { Comparison, Radix };

District make_district(std::size_t firms);
// Few distinct values: one significant digit each, ties everywhere.
void make_one_digit(District& district);
// What a careful programmer would write by hand: plain loops over columns of doubles, one thread.
void hand_written_loop(const District& district, Sort sort, LoopResult& out);

}  // namespace bench::w1
